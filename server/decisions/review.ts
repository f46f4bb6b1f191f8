import { hundredths } from '../../solver/problem/load.ts'
import type { CriterionCode, Policy, Problem, Seat } from '../../solver/problem/problem.ts'
import { contributions } from '../../solver/rules/criteria.ts'
import type { DecisionReview } from '../contract/decisions.ts'

/**
 * When people are told that they may have stopped looking for themselves, and when a pattern in what they choose may be worth a
 * look at the rulebook. Engineering choices, shown on the screen.
 */
export const thresholds: DecisionReview['thresholds'] = {
  fastSeats: 20,
  fastShare: 0.95,
  fastMinutes: 1,
  alwaysSeats: 40,
  alwaysShare: 0.98,
  patternSeats: 5,
  patternShare: 2 / 3,
}

export interface SettledRound {
  /** Between the first proposal and the settlement. */
  minutes: number
  cases: number
}

export interface DecidedSeat {
  kind: 'agreed' | 'deviation' | 'waiting'
  proposed: boolean
  reasonCode: string | null
}

/** A seat that went to somebody else than proposed, with the Problem that the proposal came from. */
export interface Departure {
  problem: Problem
  caseId: string
  seat: Seat
  proposed: string
  chosen: string
}

type Counts = Omit<DecisionReview, 'from' | 'until' | 'thresholds'>
type Compared = DecisionReview['criteria'][number]

/** What the decisions say together. `weights` are those of the rulebook of today. */
export function reviewOf(
  rounds: readonly SettledRound[],
  decided: readonly DecidedSeat[],
  departures: readonly Departure[],
  weights: Policy['criteria'],
): Counts {
  const about = decided.filter(one => one.proposed)
  const of = (kind: DecidedSeat['kind']) => about.filter(one => one.kind === kind)
  const followed = of('agreed').length
  const minutesPerCase = median(rounds.map(one => one.minutes / Math.max(1, one.cases)))
  const { compared, criteria } = compare(departures, weights)
  return {
    rounds: rounds.length,
    seats: about.length,
    followed,
    otherWorker: of('deviation').length,
    leftWaiting: of('waiting').length,
    filled: decided.filter(one => !one.proposed && one.kind !== 'waiting').length,
    minutesPerCase: minutesPerCase === null ? null : Math.round(minutesPerCase * 10) / 10,
    remark: remarkOf(about.length, followed, minutesPerCase),
    reasons: countReasons(of('deviation')),
    compared,
    criteria,
  }
}

function remarkOf(seats: number, followed: number, minutes: number | null): Counts['remark'] {
  const share = seats === 0 ? 0 : followed / seats
  const { fastSeats, fastShare, fastMinutes, alwaysSeats, alwaysShare } = thresholds
  if (seats >= fastSeats && share >= fastShare && minutes !== null && minutes < fastMinutes) return 'fast'
  return seats >= alwaysSeats && share >= alwaysShare ? 'always' : null
}

function countReasons(deviations: readonly DecidedSeat[]): Counts['reasons'] {
  const counts = new Map<string | null, number>()
  for (const { reasonCode } of deviations) counts.set(reasonCode, (counts.get(reasonCode) ?? 0) + 1)
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || ((a.code ?? '') < (b.code ?? '') ? -1 : 1))
}

/** Per criterion: how often the chosen worker scored higher, as high or lower than the proposed one, on the case in question. */
function compare(
  departures: readonly Departure[],
  weights: Policy['criteria'],
): Pick<Counts, 'compared' | 'criteria'> {
  const signs = new Map<Compared['criterion'], number[]>()
  let compared = 0
  for (const { problem, caseId, seat, proposed, chosen } of departures) {
    const theCase = problem.cases.find(one => one.id === caseId)
    const [one, other] = [proposed, chosen].map(id => problem.workers.find(worker => worker.id === id))
    if (!theCase || !one || !other) continue
    compared++
    const before = contributions(problem, theCase, one, seat)
    const after = contributions(problem, theCase, other, seat)
    const note = (criterion: Compared['criterion'], sign: number) =>
      signs.set(criterion, [...(signs.get(criterion) ?? []), sign])
    before.forEach(({ criterion, value }, index) => {
      note(criterion, Math.sign(after[index]!.value - value))
    })
    note('room', Math.sign(loadOf(one) - loadOf(other)))
  }
  const criteria = [...signs].map(([criterion, list]): Compared => {
    const count = (sign: number) => list.filter(each => each === sign).length
    const [higher, equal, lower] = [count(1), count(0), count(-1)]
    const most = Math.max(higher, lower)
    const isPattern = compared >= thresholds.patternSeats && most >= compared * thresholds.patternShare
    return {
      criterion,
      weight: criterion === 'room' ? null : (weights[criterion as CriterionCode] ?? null),
      higher,
      equal,
      lower,
      pattern: !isPattern ? null : higher > lower ? 'higher' : 'lower',
    }
  })
  return { compared, criteria }
}

function loadOf({ normHours, hoursInUse }: Problem['workers'][number]): number {
  return normHours > 0 ? hundredths(hoursInUse) / hundredths(normHours) : Number.POSITIVE_INFINITY
}

function median(list: readonly number[]): number | null {
  if (list.length === 0) return null
  const sorted = [...list].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
