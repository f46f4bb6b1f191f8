import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'
import type { AgreedSeat, Agreement, DraftLine } from '../../server/contract/rounds.ts'
import { ApiError, call } from '../base/api.ts'
import { connected, onAgreement } from '../base/live.ts'
import { useLoaded } from '../base/load.ts'
import { i18n } from '../text/index.ts'
import type { DraftCase } from './draft.ts'

/** Who gets which seat of a case: a mark of agreement holds for this outcome and no other. */
export const outcomeOf = (lines: readonly DraftLine[]): AgreedSeat[] =>
  lines.map(line => ({
    seat: line.seat,
    waits: line.waits,
    staffNumber: line.waits ? null : (line.worker?.staffNumber ?? null),
  }))

const asText = (seats: readonly AgreedSeat[]) =>
  seats
    .map(one => `${one.seat}:${one.waits ? 'waits' : (one.staffNumber ?? '-')}`)
    .sort()
    .join(' ')

/** `lapsed`: agreed with before, but the case has another outcome now. */
export function reviewState(
  agreed: readonly AgreedSeat[] | undefined,
  one: DraftCase,
): 'reviewed' | 'lapsed' | 'open' {
  if (agreed === undefined) return 'open'
  return asText(agreed) === asText(outcomeOf(one.lines)) ? 'reviewed' : 'lapsed'
}

/** The marks with this case agreed with, or not any more. */
export function withAgreement(marks: readonly Agreement[], one: DraftCase, on: boolean): Agreement[] {
  const { caseNumber } = one.case
  const others = marks.filter(mark => mark.caseNumber !== caseNumber)
  return on ? [...others, { caseNumber, seats: outcomeOf(one.lines) }] : others
}

/**
 * What this person agreed with in this round, on every device, and what that says of the cases on screen. A mark shows at
 * once; when the server does not keep it, it goes again and `refusal` says why.
 */
export function useMarks(roundId: string, cases: Ref<readonly DraftCase[]>) {
  const params = { id: Number(roundId) }
  const kept = useLoaded(() => call('GET /rounds/:id/agreements', { params }))
  onScopeDispose(onAgreement(id => void (id === params.id && kept.reload())))
  // What another device marked while nothing could be heard here.
  watch(connected, now => void (now && kept.reload()))
  const refusal = ref<string | null>(null)
  /** Counts up with every mark that is set or taken back here. */
  const marked = ref(0)
  /** Marks that were set one after another are kept in that order. */
  let queue = Promise.resolve()
  let waiting = 0

  const states = computed(() => {
    const agreed = new Map(kept.data.value?.map(one => [one.caseNumber, one.seats]))
    return new Map(
      cases.value.map(one => [one.case.caseNumber, reviewState(agreed.get(one.case.caseNumber), one)]),
    )
  })
  const reviewedCount = computed(() => [...states.value.values()].filter(one => one === 'reviewed').length)

  function review(one: DraftCase, on: boolean): Promise<void> {
    refusal.value = null
    kept.take(withAgreement(kept.data.value ?? [], one, on))
    const { caseNumber } = one.case
    const seats = on ? outcomeOf(one.lines) : []
    waiting++
    marked.value++
    queue = queue.then(async () => {
      try {
        const answer = await call('PUT /rounds/:id/cases/:caseNumber/agreement', {
          params: { ...params, caseNumber },
          body: { seats },
        })
        if (--waiting === 0) kept.take(answer)
      } catch (reason) {
        waiting--
        refusal.value = reason instanceof ApiError ? reason.message : i18n.global.t('shell.unreachable')
        await kept.reload()
      }
    })
    return queue
  }

  return { states, reviewedCount, marked, refusal, review }
}
