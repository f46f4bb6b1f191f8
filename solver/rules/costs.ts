import { hundredths, loadCost } from '../problem/load.ts'
import type { Policy, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import { lookup } from './lookup.ts'

/** What an allocation costs, in units (hundredths of a point). */

/**
 * Price of this many heavy cases for one worker. Each heavy case above `from` costs that step's points, as far as the next
 * step; `from` scales with the contract, rounded up. Points rise, so heavy cases spread.
 */
export function heavyCost(policy: Policy, worker: ProblemWorker, count: number): number {
  const steps = policy.heavyCost ?? []
  const from = (k: number) =>
    Math.ceil((steps[k]!.from * hundredths(worker.contractHours)) / hundredths(policy.fullTimeHours))
  let cost = 0
  steps.forEach((step, k) => {
    const until = k + 1 < steps.length ? Math.min(count, from(k + 1)) : count
    cost += Math.round(step.points * 100) * Math.max(0, until - from(k))
  })
  return cost
}

/** Price of what one worker carries: hours (hundredths) and heavy cases. */
export function workloadCost(policy: Policy, worker: ProblemWorker, hours: number, heavy: number): number {
  return loadCost(policy, hundredths(worker.normHours), hours) + heavyCost(policy, worker, heavy)
}

/**
 * What it costs that this worker gets this seat, whoever gets the others: `change` when the earlier answer gave it to somebody
 * else, `move` when somebody else holds it now.
 */
export function pairCost(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
): { change: number; move: number } {
  const { earlier } = problem
  const before = earlier && lookup(problem).earlier.get(`${seat} ${theCase.id}`)
  const holder = theCase.current?.[seat]
  return {
    change: before === undefined || before === worker.id ? 0 : Math.round((earlier?.changeCost ?? 0) * 100),
    move: holder === undefined || holder === worker.id ? 0 : Math.round((problem.policy.moveCost ?? 0) * 100),
  }
}
