import type { BrokenRule } from '../../solver/problem/problem.ts'
import { seatKey } from './draft-view.ts'
import { judgeDraft, unreckoned } from './judge-choices.ts'
import { changesBetween } from './stale.ts'
import type { RoundState } from './state.ts'

/** How many sentences there are about what changed since the newest calculation, and how many choices it did not know. */
export function sinceRun({ round, proposal, now, standing, objected }: RoundState): {
  changes: number
  choices: number
} {
  if (round.status !== 'open') return { changes: 0, choices: 0 }
  if (!proposal) return { changes: 0, choices: standing.length }
  return {
    changes: changesBetween(proposal.problem, now.problem, id => id).length,
    choices: unreckoned(proposal.problem, standing, objected),
  }
}

/**
 * Seats of an open round that were proposed and that the tables of today do not allow any more, with the rules that say so, as
 * the check before settling judges them.
 */
export function seatsThatLapsed({ round, shown, seats, reckoned }: RoundState): Map<string, BrokenRule[]> {
  if (round.status !== 'open') return new Map()
  return new Map(
    judgeDraft(shown, seats, reckoned)
      .filter(one => one.drafted.choice === null && one.open.length > 0)
      .map(one => [seatKey(one.drafted.case.id, one.drafted.seat), one.open]),
  )
}
