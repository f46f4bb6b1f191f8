import { type Ladder, ladderOf } from '../problem/ladder.ts'
import type { CaseClass } from '../problem/problem.ts'
import type { BoundPrices } from './bound.ts'
import type { Settled } from './compact.ts'
import type { Deadline } from './deadline.ts'
import { Draft, placedWeight, totalWeight } from './draft.ts'
import { polish, squeezeIn } from './greedy.ts'
import type { Instance } from './instance.ts'
import { maximise } from './value.ts'

/** One strict step about which cases are placed. */
export interface PlacementStep {
  urgency: CaseClass
  measure: 'placed' | 'waitingDays'
  value: number
  bound: number
}

export interface Placement {
  draft: Draft
  settled: Settled[]
  /** Units of a class in which every unit is placed. */
  mustPlace: boolean[]
  steps: PlacementStep[]
  nodes: number
  engines: Set<string>
  /** Prices that prove bounds on both steps of a class together, with the weights of `classGoal`. */
  classBounds: { urgency: CaseClass; boundPrices: BoundPrices }[]
}

/** A weighted sum of cases and days stays under this, so that an engine can tell two answers apart. */
const sumLimit = 1_000_000

/**
 * The levels about which cases are placed, strictly one after the other, class by class:
 *
 *   existing cases that take part;
 *   most emergencies placed, then most days waited among them;
 *   most days waited among overdue cases, then most of them placed;
 *   most high-urgency cases placed, then most days waited among them;
 *   most normal cases placed, then most days waited among them.
 *
 * A step that places every case that can be placed at all is proven by that alone.
 */
export async function settlePlacement(
  instance: Instance,
  start: Draft,
  deadline: Deadline,
): Promise<Placement> {
  const { settled, mustPlace } = fixedDuos(instance)
  const placement: Placement = {
    draft: start,
    settled,
    mustPlace,
    steps: [],
    nodes: 0,
    engines: new Set(),
    classBounds: [],
  }
  for (const [rank, urgency] of instance.classes.entries()) {
    const inClass = instance.units.map(unit => unit.rank === rank)
    await settleClass(instance, placement, urgency, inClass, deadline)
    if (inClass.every((one, unit) => !one || placement.draft.placed(unit))) {
      inClass.forEach((one, unit) => {
        if (one) placement.mustPlace[unit] = true
      })
    }
  }
  return placement
}

/**
 * The duos with one seat held by a lock, which are completed before anything else is given, as the first settled level; there is
 * a way to do that (see `judgeLocks`).
 */
export function fixedDuos(instance: Instance): Pick<Placement, 'settled' | 'mustPlace'> {
  const fixed = new Set(instance.locks.completed.map(one => one.caseId))
  const mustPlace = instance.units.map(unit => fixed.has(unit.case.id))
  if (fixed.size === 0) return { settled: [], mustPlace }
  return { settled: [{ weights: mustPlace.map(Number), least: fixed.size }], mustPlace }
}

/**
 * One class, two strict steps: n, the cases placed, then d, the days they waited; for overdue cases d, then n. With W above
 * the sum of all days, W n + d puts n strictly first; W stays small enough that the engine can tell answers apart, else the
 * steps are solved one after the other.
 */
async function settleClass(
  instance: Instance,
  placement: Placement,
  urgency: CaseClass,
  inClass: readonly boolean[],
  deadline: Deadline,
): Promise<void> {
  const ones = inClass.map(one => (one ? 1 : 0))
  const days = instance.units.map((unit, index) => (inClass[index] ? unit.case.waitingDays : 0))
  const steps = [
    { measure: 'placed' as const, weights: ones, bound: totalWeight(ones) },
    { measure: 'waitingDays' as const, weights: days, bound: totalWeight(days) },
  ]
  if (urgency === 'overdue') steps.reverse()
  const [first, next] = steps as [(typeof steps)[0], (typeof steps)[0]]
  const level = ({ measure }: typeof first) => `${measure}.${urgency}`
  /** Tells how far a search is in the measure of one step, of which its units hold so many each. */
  const telling = (step: typeof first, units = 1): Deadline => ({
    ...deadline,
    report: (_, value, bound, best) =>
      deadline.report(
        level(step),
        Math.floor(value / units),
        Math.min(step.bound, Math.floor(bound / units)),
        best,
      ),
  })
  deadline.report(level(first), placedWeight(placement.draft, first.weights), first.bound, placement.draft)
  if (placedWeight(placement.draft, first.weights) < first.bound) {
    const weight = next.bound + 1
    const both = classGoal(first.weights, next.weights)
    if (both) {
      const days = first.measure === 'placed' ? next.weights.filter((_, unit) => inClass[unit]) : null
      const ladder = days ? ladderOf(days, weight) : undefined
      const { bound, boundPrices } = await improve(instance, placement, both, telling(first, weight), ladder)
      if (boundPrices) placement.classBounds.push({ urgency, boundPrices })
      first.bound = Math.floor(bound / weight)
      // Only when the first step is proven does what is left of the bound speak about the second.
      if (first.bound === placedWeight(placement.draft, first.weights)) next.bound = bound % weight
    } else {
      first.bound = (await improve(instance, placement, first.weights, telling(first))).bound
      const least = placedWeight(placement.draft, first.weights)
      placement.settled.push({ weights: first.weights, least })
      next.bound = (await improve(instance, placement, next.weights, telling(next))).bound
      placement.settled.pop()
    }
  }
  for (const { measure, weights, bound } of steps) {
    const value = placedWeight(placement.draft, weights)
    placement.settled.push({ weights: [...weights], least: value })
    placement.steps.push({ urgency, measure, value, bound })
    deadline.report(`${measure}.${urgency}`, value, bound, placement.draft)
  }
}

/**
 * Two strict steps as one goal by unit: W times the first plus the next, W above all of the next together; null where that sum
 * grows too large to tell answers apart.
 */
export function classGoal(first: readonly number[], next: readonly number[]): number[] | null {
  const most = totalWeight(next)
  if ((most + 1) * totalWeight(first) + most >= sumLimit) return null
  return next.map((one, unit) => one + (most + 1) * first[unit]!)
}

/** Places more weight if that can be done without breaking what is settled; returns a proven bound on the weight. */
async function improve(
  instance: Instance,
  placement: Placement,
  weights: number[],
  deadline: Deadline,
  ladder?: Ladder,
): Promise<{ bound: number; boundPrices: BoundPrices | null }> {
  const value = placedWeight(placement.draft, weights)
  const most = totalWeight(weights)
  if (value === most || deadline.shouldStop()) return { bound: most, boundPrices: null }
  const { mustPlace, settled } = placement
  const stage = { instance, goal: weights, mustPlace, settled, ...(ladder ? { ladder } : {}) }
  const found = await maximise(stage, placement.draft, deadline)
  placement.nodes += found.nodes
  for (const engine of found.engines) placement.engines.add(engine)
  if (found.value > value) {
    placement.draft = Draft.from(instance, found.draft.workerOf)
    squeezeIn(placement.draft, deadline.shouldStop)
    polish(placement.draft, 4, deadline.shouldStop)
  }
  const bound = Math.max(placedWeight(placement.draft, weights), Math.min(most, found.bound))
  return { bound, boundPrices: found.boundPrices }
}

/** Whether some allocation of this instance keeps the settled levels; not certain when a limit ended the search. */
export async function canKeep(
  instance: Instance,
  settled: readonly Settled[],
  hint: Draft,
  deadline: Deadline,
): Promise<{ draft: Draft | null; certain: boolean }> {
  let draft = Draft.from(instance, hint.workerOf)
  squeezeIn(draft, deadline.shouldStop)
  const mustPlace = instance.units.map(() => false)
  for (let k = 0; k < settled.length; k++) {
    const { weights, least } = settled[k]!
    if (placedWeight(draft, weights) < least) {
      const stage = { instance, goal: weights, mustPlace, settled: settled.slice(0, k), target: least }
      const found = await maximise(stage, draft, deadline)
      if (found.value < least) return { draft: null, certain: found.bound < least }
      draft = found.draft
    }
    if (totalWeight(weights) > least) continue
    weights.forEach((weight, unit) => {
      if (weight > 0) mustPlace[unit] = true
    })
  }
  return { draft, certain: true }
}
