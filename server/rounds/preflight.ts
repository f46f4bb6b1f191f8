import { blockedSentence } from '../../solver/explain.ts'
import { hundredths, seatsOf, shareOfNorm } from '../../solver/load.ts'
import { onDuty } from '../../solver/pair-rules.ts'
import type { Problem, ProblemCase, RuleCode, Seat } from '../../solver/problem.ts'
import { broken, rules } from '../../solver/rules.ts'
import type { Preflight } from '../contract/rounds.ts'
import type { BuiltProblem } from './problem-of.ts'

/**
 * The check before the run: who may have each case on its own, what stops everybody where nobody may, and whether the
 * demand fits into the room. Nothing is solved: a case with candidates may still find them needed elsewhere.
 */
export function preflight(
  { problem, weights, caseIds }: Pick<BuiltProblem, 'problem' | 'weights' | 'caseIds'>,
  locale: 'nl' | 'en',
): Preflight {
  const { policy, workers } = problem
  const away = new Set(
    workers.filter(worker => onDuty({ problem, worker, stays: false }) !== null).map(worker => worker.id),
  )
  const room = workers.reduce((sum, worker) => {
    if (away.has(worker.id)) return sum
    const top = shareOfNorm(policy.bandHigh, hundredths(worker.normHours))
    return sum + Math.max(0, top - hundredths(worker.hoursInUse))
  }, 0)
  let demand = 0
  const cases = problem.cases.map(theCase => {
    const weight = weights.get(caseIds.get(theCase.id) ?? 0)
    demand += hundredths(weight?.total ?? 0)
    // A duo needs somebody for each of its seats: what counts is the seat that fewest may have.
    const [scarce] = seatsOf(theCase)
      .map(seat => ({ seat, ...candidatesFor(problem, theCase, seat) }))
      .sort((a, b) => a.eligible - b.eligible)
    const { eligible, seat, stopped } = scarce!
    const blocked = [...stopped]
      .sort(([a, most], [b, other]) => other - most || order(a) - order(b))
      .map(([rule, count]) => ({ rule, workers: count, message: blockedSentence(rule, count)[locale] }))
    return {
      caseNumber: theCase.id,
      eligibleWorkers: eligible,
      seat: theCase.duo ? seat : null,
      blocked: eligible === 0 ? blocked : [],
      missing: weight?.missing ?? [],
    }
  })
  return {
    demandHours: demand / 100,
    roomHours: room / 100,
    cases,
    workersWithoutPreferences: workers.filter(worker => worker.preferences.length === 0).length,
    workersAway: away.size,
  }
}

/** Who may have this seat on its own, and what stops the others. */
function candidatesFor(problem: Problem, theCase: ProblemCase, seat: Seat) {
  let eligible = 0
  const stopped = new Map<RuleCode, number>()
  for (const worker of problem.workers) {
    const breaches = broken(problem, theCase, seat, worker, [])
    if (breaches.length === 0) eligible++
    for (const { rule } of breaches) stopped.set(rule, (stopped.get(rule) ?? 0) + 1)
  }
  return { eligible, stopped }
}

function order(rule: RuleCode): number {
  return rules.findIndex(one => one.code === rule)
}
