import { blockedSentence } from '../../solver/explain/explain.ts'
import { hundredths, seatsOf, shareOfNorm } from '../../solver/problem/load.ts'
import type { Problem, ProblemCase, RuleCode, Seat } from '../../solver/problem/problem.ts'
import { broken } from '../../solver/rules/broken.ts'
import { onDuty } from '../../solver/rules/pair-rules.ts'
import { rules } from '../../solver/rules/rules.ts'
import type { Preflight } from '../contract/rounds.ts'
import type { BuiltProblem } from '../draft/problem-of.ts'
import { type Asked, metInOrder } from '../workload/met.ts'

/**
 * The check before the run: who may have each case on its own, what stops everybody where nobody may, and whether the
 * demand fits into the room of those who may have these cases. Nothing is solved: a case with candidates may still find them needed elsewhere.
 */
export function preflight(
  { problem, weights, caseIds }: Pick<BuiltProblem, 'problem' | 'weights' | 'caseIds'>,
  locale: 'nl' | 'en',
): Preflight {
  const { policy, workers } = problem
  const away = new Set(
    workers.filter(worker => onDuty({ problem, worker, stays: false }) !== null).map(worker => worker.id),
  )
  const room = workers.map(worker => {
    if (away.has(worker.id)) return 0
    const top = shareOfNorm(policy.bandHigh, hundredths(worker.normHours))
    return Math.max(0, top - hundredths(worker.hoursInUse))
  })
  let demand = 0
  let blockedHours = 0
  const asked: Asked[] = []
  const stops = workers.map(() => new Map<RuleCode, number>())
  const cases = problem.cases.map(theCase => {
    const seats = seatsOf(theCase).map(seat => {
      const { eligible, stopped } = candidatesFor(problem, theCase, seat, stops)
      const hours = hundredths((seat === 'primary' ? theCase.hours.primary : theCase.hours.second) ?? 0)
      return { seat, hours, eligible, stopped }
    })
    // A duo needs somebody for each of its seats: what counts is the seat that fewest may have.
    const [scarce] = [...seats].sort((a, b) => a.eligible.length - b.eligible.length)
    const { eligible, seat, stopped } = scarce!
    const hours = seats.reduce((sum, one) => sum + one.hours, 0)
    demand += hours
    if (eligible.length === 0) blockedHours += hours
    else asked.push(...seats.map(one => ({ hours: one.hours, people: one.eligible })))
    return {
      caseNumber: theCase.id,
      eligibleWorkers: eligible.length,
      seat: theCase.duo ? seat : null,
      blocked: eligible.length === 0 ? sentences(stopped, locale) : [],
      missing: weights.get(caseIds.get(theCase.id) ?? 0)?.missing ?? [],
    }
  })
  const met = metInOrder(asked, room)
  const useful = new Set(asked.flatMap(one => one.people))
  const roomOf = (test: (index: number) => boolean) =>
    room.reduce((sum, hours, index) => sum + (test(index) ? hours : 0), 0)
  return {
    demandHours: demand / 100,
    blockedHours: blockedHours / 100,
    unmetHours: asked.reduce((sum, one, index) => sum + one.hours - met[index]!, 0) / 100,
    roomHours: roomOf(index => useful.has(index)) / 100,
    workersWithRoom: room.filter((hours, index) => hours > 0 && useful.has(index)).length,
    roomElsewhere: elsewhere(
      room.flatMap((hours, index) => {
        const rule = hours > 0 && !useful.has(index) ? mostly(stops[index]!) : null
        return rule === null ? [] : [{ rule, hours }]
      }),
      locale,
    ),
    cases,
    workersWithoutPreferences: workers.filter(worker => worker.preferences.length === 0).length,
    workersAway: away.size,
  }
}

/** Who may have this seat on its own, by place, and what stops the others; what stops each is added to `stops`. */
function candidatesFor(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  stops: readonly Map<RuleCode, number>[],
) {
  const eligible: number[] = []
  const stopped = new Map<RuleCode, number>()
  problem.workers.forEach((worker, index) => {
    const breaches = broken(problem, theCase, seat, worker, [])
    if (breaches.length === 0) eligible.push(index)
    for (const { rule } of breaches) {
      for (const count of [stopped, stops[index]!]) count.set(rule, (count.get(rule) ?? 0) + 1)
    }
  })
  return { eligible, stopped }
}

/** What stops people, most people first. */
function sentences(stopped: ReadonlyMap<RuleCode, number>, locale: 'nl' | 'en') {
  return [...stopped]
    .sort(byCount)
    .map(([rule, count]) => ({ rule, workers: count, message: blockedSentence(rule, count)[locale] }))
}

const byCount = ([a, most]: [RuleCode, number], [b, other]: [RuleCode, number]) =>
  other - most || order(a) - order(b)

/** What stops somebody at most of the seats. */
function mostly(stopped: ReadonlyMap<RuleCode, number>): RuleCode | null {
  return [...stopped].sort(byCount)[0]?.[0] ?? null
}

/** Room of people who may have none of these cases, by what stops them: most hours first. */
function elsewhere(
  people: readonly { rule: RuleCode; hours: number }[],
  locale: 'nl' | 'en',
): Preflight['roomElsewhere'] {
  return [...new Set(people.map(one => one.rule))]
    .map(rule => {
      const those = people.filter(one => one.rule === rule)
      const hours = those.reduce((sum, one) => sum + one.hours, 0) / 100
      return { rule, hours, workers: those.length, message: blockedSentence(rule, those.length)[locale] }
    })
    .sort((a, b) => b.hours - a.hours || order(a.rule) - order(b.rule))
}

function order(rule: RuleCode): number {
  return rules.findIndex(one => one.code === rule)
}
