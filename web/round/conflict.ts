import type { Choice, ChoiceInput } from '../../server/contract/choices.ts'

/** What colleagues did about the same seat while somebody was deciding about it. */
export interface Clash {
  mine: ChoiceInput
  /** Made since, newest last. */
  theirs: Choice[]
  /** Taken back since, and not replaced: who did that is not known here. */
  gone: Choice[]
}

/**
 * What changed about the seat of this choice between the choices that its maker saw and those that stand now; null: nothing
 * that touches it. A wait is for every seat of its case, an exclusion for one worker of it.
 */
export function clashOf(mine: ChoiceInput, seen: readonly Choice[], now: readonly Choice[]): Clash | null {
  const known = new Set(seen.map(one => one.id))
  const standing = new Set(now.map(one => one.id))
  const theirs = now.filter(one => !known.has(one.id) && touches(one, mine))
  const gone = theirs.length > 0 ? [] : seen.filter(one => !standing.has(one.id) && touches(one, mine))
  return theirs.length + gone.length > 0 ? { mine, theirs, gone } : null
}

function touches(choice: Choice, mine: ChoiceInput): boolean {
  if (choice.caseNumber !== mine.caseNumber) return false
  if (choice.kind === 'exclude' || mine.kind === 'exclude')
    return (choice.worker?.staffNumber ?? null) === mine.staffNumber
  return choice.kind === 'wait' || mine.kind === 'wait' || choice.seat === mine.seat
}
