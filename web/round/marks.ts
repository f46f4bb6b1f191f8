import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import type { DraftLine } from '../../server/contract/rounds.ts'
import type { DraftCase } from './draft.ts'

/** What one person agreed with while going through a round; kept on this device, per round and person. */
export interface Marks {
  /** Case number to the outcome that was agreed with. */
  reviewed: Record<string, string>
}

const NONE: Marks = { reviewed: {} }

/** Who gets which seat of a case, in one text: a mark of agreement holds for this outcome and no other. */
export const outcomeOf = (lines: readonly DraftLine[]) =>
  lines
    .map(line => `${line.seat}:${line.waits ? 'waits' : (line.worker?.staffNumber ?? '-')}`)
    .sort()
    .join(' ')

/** `lapsed`: agreed with before, but the case has another outcome now. */
export function reviewState(marks: Marks, one: DraftCase): 'reviewed' | 'lapsed' | 'open' {
  const agreed = marks.reviewed[one.case.caseNumber]
  if (agreed === undefined) return 'open'
  return agreed === outcomeOf(one.lines) ? 'reviewed' : 'lapsed'
}

export function withReviewed(marks: Marks, one: DraftCase, on: boolean): Marks {
  const reviewed = { ...marks.reviewed }
  if (on) reviewed[one.case.caseNumber] = outcomeOf(one.lines)
  else delete reviewed[one.case.caseNumber]
  return { ...marks, reviewed }
}

/** The marks of this person in this round, and what they say of the cases on screen. */
export function useMarks(roundId: string, userId: number, cases: Ref<readonly DraftCase[]>) {
  const stored = useLocalStorage<Marks>(`instroom-marks-${userId}-${roundId}`, NONE, {
    mergeDefaults: true,
    listenToStorageChanges: true,
  })
  const states = computed(
    () => new Map(cases.value.map(one => [one.case.caseNumber, reviewState(stored.value, one)])),
  )
  const reviewedCount = computed(() => [...states.value.values()].filter(one => one === 'reviewed').length)
  return {
    states,
    reviewedCount,
    review: (one: DraftCase, on: boolean) => {
      stored.value = withReviewed(stored.value, one, on)
    },
  }
}
