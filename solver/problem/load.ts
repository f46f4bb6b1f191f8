import type { CaseKind, Policy, ProblemCase, ProblemWorker, Seat } from './problem.ts'

/**
 * Load in exact arithmetic. Hours are whole hundredths, value is whole hundredths of a point ("units"), so sums and
 * comparisons are exact in double precision and the same on every machine.
 */

/** Hours as whole hundredths. */
export function hundredths(hours: number): number {
  return Math.round(hours * 100)
}

/** Whole units (hundredths of a point) as points. */
export function asPoints(units: number): number {
  return Math.round(units) / 100
}

/** A fraction of the norm in whole hundredths of an hour, rounded down: 1.1 of 25.00 h is 2750. */
export function shareOfNorm(fraction: number, norm: number): number {
  return Math.floor((Math.round(fraction * 10000) * norm) / 10000)
}

/** Where the hard limit is tested: the day (null: the start date), what is in use then, its norm and the most, all in hundredths. */
export interface LimitPoint {
  on: string | null
  hours: number
  norm: number
  most: number
  fraction: number
}

/**
 * The start date, and every later day on which a decided seat of this worker begins. What this Problem gives comes on top of
 * the hours of each of them.
 */
export function limitPoints(policy: Policy, worker: ProblemWorker): LimitPoint[] {
  const norm = hundredths(worker.normHours)
  const most = shareOfNorm(policy.hardLimit, norm)
  const first = { on: null, hours: hundredths(worker.hoursInUse), norm, most, fraction: policy.hardLimit }
  return [
    first,
    ...(worker.ahead ?? []).map(({ on, hours, normHours, hardLimit: fraction = policy.hardLimit }) => ({
      on,
      hours: hundredths(hours),
      norm: hundredths(normHours),
      most: shareOfNorm(fraction, hundredths(normHours)),
      fraction,
    })),
  ]
}

/** The most hours (hundredths) with which this worker may end on the start date, so that no later day is above the limit. */
export function mostHours(policy: Policy, worker: ProblemWorker): number {
  const inUse = hundredths(worker.hoursInUse)
  return Math.min(...limitPoints(policy, worker).map(({ hours, most }) => most - hours + inUse))
}

/**
 * Price of load for a worker with `norm` and `hours` in use (both in hundredths of an hour), in units.
 *
 * The hours between two thresholds t_k = from_k x norm cost rate_k points each; above the last threshold the last rate
 * holds. Rates rise, so the price is convex: the same case costs more for a worker who already carries more.
 */
export function loadCost(policy: Policy, norm: number, hours: number): number {
  let cost = 0
  for (let index = 0; index < policy.loadCost.length; index++) {
    const step = policy.loadCost[index]!
    const from = Math.round(step.from * norm)
    if (hours <= from) break
    const next = policy.loadCost[index + 1]
    const until = next ? Math.min(hours, Math.round(next.from * norm)) : hours
    cost += Math.round(step.pointsPerHour * 100) * (until - from)
  }
  return Math.round(cost / 100)
}

/**
 * The price of load of one worker, ready to be asked often. Piece k lies between `from[k]` and `from[k + 1]` (hundredths of an
 * hour); `rate[k]` is in units per hour, `before[k]` is the cost in hundredths of a unit up to `from[k]`.
 */
export interface Curve {
  from: number[]
  rate: number[]
  before: number[]
  convex: boolean
}

export function curveOf(policy: Policy, norm: number): Curve {
  const from = policy.loadCost.map(step => Math.round(step.from * norm))
  const rate = policy.loadCost.map(step => Math.round(step.pointsPerHour * 100))
  const before = [0]
  for (let k = 1; k < from.length; k++) before.push(before[k - 1]! + rate[k - 1]! * (from[k]! - from[k - 1]!))
  return { from, rate, before, convex: rate.every((one, k) => k === 0 || one >= rate[k - 1]!) }
}

/** Cost in hundredths of a unit, not rounded. */
export function exactCost({ from, rate, before }: Curve, hours: number): number {
  for (let k = from.length - 1; k >= 0; k--) {
    if (hours > from[k]!) return before[k]! + rate[k]! * (hours - from[k]!)
  }
  return 0
}

/** The same as `loadCost`, in units. */
export function curveCost(curve: Curve, hours: number): number {
  return Math.round(exactCost(curve, hours) / 100)
}

/**
 * The least that `hours` more can cost on top of any load from `low` to `high` (hundredths), in whole units.
 *
 * It adds up: with e_i the exact rises on the way, sum floor(e_i) is a whole number of at most E = sum e_i, and the rise of
 * the rounded cost is a whole number above E - 1, so at least that sum.
 */
export function leastRise(curve: Curve, hours: number, low: number, high: number): number {
  const rise = (at: number) => exactCost(curve, at + hours) - exactCost(curve, at)
  let least = rise(low)
  if (!curve.convex && high > low) {
    least = Math.min(least, rise(high))
    for (const threshold of curve.from) {
      for (const at of [threshold, threshold - hours]) {
        if (at > low && at < high) least = Math.min(least, rise(at))
      }
    }
  }
  return Math.floor(least / 100)
}

/** Hours as a share of the norm (both in hundredths) in hundredths of a percent, rounded up: the grid of every level about load. */
export function inBasisPoints(hours: number, norm: number): number {
  return Math.ceil((hours * 10000) / norm)
}

/** Loads above this count as this, so that sums of squares stay whole numbers: 10,000 % in hundredths of a percent. */
const highestSquared = 1_000_000

/** What a load adds to the level "even loads": its square, in whole hundredths of a percent; nothing without a norm. */
export function squareOfLoad(hours: number, norm: number): number {
  return norm > 0 ? Math.min(highestSquared, inBasisPoints(hours, norm)) ** 2 : 0
}

/** A cap for a full-time worker, scaled to the contract: rounded up, never under one. */
export function scaledCap(cap: number, contractHours: number, fullTimeHours: number): number {
  return Math.max(1, Math.ceil((cap * hundredths(contractHours)) / hundredths(fullTimeHours)))
}

/** Whether a case is of a kind whose number is capped. */
export function isOfKind(theCase: ProblemCase, { kind, code }: { kind: CaseKind; code: string }): boolean {
  return (kind === 'measure' ? theCase.measures : theCase.factors).includes(code)
}

/** One-way travel in minutes; null when the municipality or the time is unknown. */
export function travelMinutes(theCase: ProblemCase, worker: ProblemWorker): number | null {
  if (theCase.municipality === null) return null
  return Object.hasOwn(worker.travelMinutes, theCase.municipality)
    ? worker.travelMinutes[theCase.municipality]!
    : null
}

/** Hours (hundredths) that a seat costs this worker: the seat's own hours, and the rulebook's extra for long travel. */
export function seatHours(policy: Policy, theCase: ProblemCase, seat: Seat, worker: ProblemWorker): number {
  const own = hundredths(seat === 'primary' ? theCase.hours.primary : (theCase.hours.second ?? 0))
  const minutes = travelMinutes(theCase, worker)
  return own + (minutes !== null && minutes > policy.travel.overMinutes ? hundredths(policy.travel.hours) : 0)
}

/** Heavy: the hours of the whole case, both seats, reach the rulebook's threshold. */
export function isHeavy(policy: Policy, theCase: ProblemCase): boolean {
  const total = hundredths(theCase.hours.primary) + hundredths(theCase.hours.second ?? 0)
  return total >= hundredths(policy.heavyFromHours)
}

/** The seats that are asked: of a duo both, or the one that nobody has yet. */
export function seatsOf({ duo, taken }: ProblemCase): Seat[] {
  if (!duo) return ['primary']
  return (['primary', 'second'] as const).filter(seat => seat !== taken?.seat)
}
