import { compare } from './canonical.ts'
import { holdsSeat, lockFor, lookup, type TakenSeat } from './lookup.ts'
import type { BrokenRule, Lock, Problem, RuleCode } from './problem.ts'
import { broken } from './rules.ts'

export interface HeldLocks {
  held: Lock[]
  /** Locks that break a rule they do not set aside. Their case is not placed. */
  refused: { lock: Lock; broken: BrokenRule[] }[]
}

/** Rules about what adds up. */
const cumulative: readonly RuleCode[] = [
  'hardLimit',
  'newPerWeek',
  'newPerMonth',
  'openPerNew',
  'heavyCases',
  'kindCap',
  'ratherNot',
  'mentor',
]

/**
 * Splits the locks into those that hold and those that break a rule which they do not set aside.
 *
 * Rules about what adds up are tested one lock after the other, in order of case and seat, over the locks that do not set that
 * rule aside: each excess needs its own decision. What somebody holds already counts, unless people locked it elsewhere.
 */
export function judgeLocks(problem: Problem): HeldLocks {
  const { cases, workers } = lookup(problem)
  const refused = new Map<Lock, BrokenRule[]>()
  const sorted = [...problem.locks].sort((a, b) =>
    a.caseId === b.caseId ? compare(a.seat, b.seat) : compare(a.caseId, b.caseId),
  )
  for (const lock of sorted) {
    const worker = workers.get(lock.workerId)!
    const breaches = broken(
      problem,
      cases.get(lock.caseId)!,
      lock.seat,
      worker,
      keptSeats(problem, worker.id),
    )
    if (breaches.length > 0) refused.set(lock, breaches)
  }
  for (const rule of cumulative) {
    const before = new Map<string, TakenSeat[]>()
    for (const lock of sorted) {
      const theCase = cases.get(lock.caseId)!
      if (refused.has(lock) || holdsSeat(theCase, lock.seat, lock.workerId)) continue
      if (rule === 'hardLimit' ? lock.aboveLimit : lock.setAside.includes(rule)) continue
      const worker = workers.get(lock.workerId)!
      const whose = rule === 'mentor' ? (worker.mentor ?? worker.id) : worker.id
      const taken = before.get(whose) ?? []
      const kept = rule === 'hardLimit' ? keptSeats(problem, worker.id) : []
      const breach = broken(problem, theCase, lock.seat, worker, [...kept, ...taken]).find(
        one => one.rule === rule,
      )
      if (breach) refused.set(lock, [breach])
      else before.set(whose, [...taken, lock])
    }
  }
  return {
    held: sorted.filter(lock => !refused.has(lock)),
    refused: [...refused].map(([lock, rulesBroken]) => ({ lock, broken: rulesBroken })),
  }
}

/** The seats that a worker holds and that nobody locked for somebody else. */
function keptSeats(problem: Problem, workerId: string): TakenSeat[] {
  return (lookup(problem).held.get(workerId) ?? []).flatMap(({ case: one, seat }) => {
    const lock = lockFor(problem, one.id, seat)
    return lock && lock.workerId !== workerId ? [] : [{ caseId: one.id, seat, workerId }]
  })
}
