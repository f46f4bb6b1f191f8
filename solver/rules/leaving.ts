import { addDays, lengthInDays } from '../problem/days.ts'
import type { Policy, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import { type Going, holdsSeat, lookup, type TakenSeat } from './lookup.ts'

/** When this worker leaves or begins a long absence within the horizon of the policy; null: not, or the policy does not ask. */
export function goingOf(problem: Problem, worker: ProblemWorker): Going | null {
  if (!problem.policy.leaving) return null
  const { going } = lookup(problem)
  let known = going.get(worker)
  if (known === undefined) {
    known = firstDayWithout(problem, worker, problem.policy.leaving)
    going.set(worker, known)
  }
  return known
}

function firstDayWithout(
  { startOn }: Problem,
  worker: ProblemWorker,
  leaving: NonNullable<Policy['leaving']>,
): Going | null {
  const last = addDays(startOn, leaving.withinDays)
  const going: Going[] = worker.away
    .filter(
      ({ from, until }) =>
        from > startOn && (until === null || lengthInDays(from, until) >= leaving.awayFromDays),
    )
    .map(({ from }) => ({ on: from, why: 'away' }))
  // Text compares only within years of four figures, and the day after the last of those is written with five.
  const { employedUntil } = worker
  if (employedUntil !== null && employedUntil >= startOn && employedUntil < last)
    going.push({ on: addDays(employedUntil, 1), why: 'leaves' })
  return going
    .filter(({ on }) => on <= last)
    .reduce<Going | null>((first, one) => (first && first.on < one.on ? first : one), null)
}

/** Who goes before the case is expected to end, if this worker would get this seat anew; null: it does not count. */
export function goesBefore(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  going: Going | null = goingOf(problem, worker),
): Going | null {
  if (!going || holdsSeat(theCase, seat, worker.id)) return null
  const { expectedUntil } = theCase
  return expectedUntil && expectedUntil < going.on ? null : going
}

/** Whether this seat counts for the level: its worker leaves or goes away before the case is expected to end. */
export function isLeaver(problem: Problem, { caseId, seat, workerId }: TakenSeat): boolean {
  const { cases, workers } = lookup(problem)
  return goesBefore(problem, cases.get(caseId)!, seat, workers.get(workerId)!) !== null
}
