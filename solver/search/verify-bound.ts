import { ladderOf } from '../problem/ladder.ts'
import type { CaseClass, Problem, Proposal } from '../problem/problem.ts'
import { isLeaver } from '../rules/leaving.ts'
import { type BoundPrices, bundleWorth, type Demands, derivedBound, GRAIN } from './bound.ts'
import { nothingAbove } from './bound-search.ts'
import { buildInstance, type Instance, withHighestLoad, withLeavers } from './instance.ts'
import { classGoal, fixedDuos } from './placement.ts'

/** How far the bound on the last level could be derived again, given the levels before it. */
export interface BoundReport {
  /**
   * prices: they prove the reported bound by themselves; search: together with a search through everything that they leave;
   * weaker: they prove only `bound`; wrong: there is something better than the reported bound; none: too large to derive.
   */
  how: 'prices' | 'search' | 'weaker' | 'wrong' | 'none'
  /** In points, comparable with the level's value and bound; null when none could be derived. */
  bound: number | null
}

/** An allocation of its instance: what the engines decided, with the demands that any rival to it has to keep. */
export interface Standing {
  instance: Instance
  demands: Demands
  /** Items by worker index. */
  bundles: number[][]
  /** Units: of what the engines placed, without the locks. */
  value: number
}

/**
 * The proposal as its engine saw it: the instance, in which nobody ends above the highest load reached when that is a level
 * of its own, and per placement step the weight that it places. Throws when a line is no pair of the instance.
 */
export function standingOf(problem: Problem, proposal: Proposal): Standing {
  const built = buildInstance(problem)
  const leavers = proposal.levels.find(one => one.level === 'leavers')
  const fixed = built.locks.held.filter(lock => isLeaver(problem, lock)).length
  const whole = leavers ? withLeavers(built, leavers.value - fixed) : built
  const highest = proposal.levels.find(one => one.level === 'highestLoad')
  const instance = highest ? withHighestLoad(whole, Math.round(highest.value * 10000)) : whole
  const indexOf = new Map(instance.workers.map((one, index) => [one.worker.id, index]))
  const itemOf = new Map(instance.items.map((one, index) => [`${one.seat} ${one.case.id}`, index]))
  const bundles: number[][] = instance.workers.map(() => [])
  const taken = instance.items.map(() => false)
  for (const line of proposal.lines) {
    const item = itemOf.get(`${line.seat} ${line.caseId}`)
    if (item === undefined || line.workerId === null) continue
    const worker = indexOf.get(line.workerId)
    if (worker === undefined || instance.workers[worker]!.byItem[item]! < 0)
      throw new Error(`${line.caseId}, ${line.seat}: ${line.workerId} may not have this seat in the round.`)
    bundles[worker]!.push(item)
    taken[item] = true
  }
  const placed = instance.units.map(unit => unit.items.every(item => taken[item]))
  const { settled, mustPlace } = fixedDuos(instance)
  for (const step of proposal.levels.flatMap(level => level.steps ?? [])) {
    const inClass = instance.units.map(unit => instance.classes[unit.rank] === step.urgency)
    const weights = instance.units.map((unit, index) =>
      !inClass[index] ? 0 : step.measure === 'placed' ? 1 : unit.case.waitingDays,
    )
    const least = weights.reduce((sum, weight, unit) => sum + (placed[unit] ? weight : 0), 0)
    settled.push({ weights, least })
    if (inClass.every((one, unit) => !one || placed[unit]))
      for (const [unit, one] of inClass.entries()) if (one) mustPlace[unit] = true
  }
  const value = bundles.reduce((sum, items, worker) => sum + bundleWorth(instance, worker, items), 0)
  return { instance, demands: { mustPlace, settled }, bundles, value }
}

/** Derives the bound on the last level again from prices; see bound.ts. */
export function verifyBound(problem: Problem, proposal: Proposal, boundPrices: BoundPrices): BoundReport {
  const standing = standingOf(problem, proposal)
  const last = proposal.levels.at(-1)!
  // What locks are worth is in the level, not in what was bounded.
  const fixed = Math.round(last.value * 100) - standing.value
  const derived = derivedBound(standing.instance, standing.demands, boundPrices)
  if (derived === null) return { how: 'none', bound: null }
  const units = Number(derived / BigInt(GRAIN)) - (derived % BigInt(GRAIN) < 0n ? 1 : 0)
  const reported = Math.round(last.bound * 100)
  const bound = (units + fixed) / 100
  if (units + fixed <= reported) return { how: 'prices', bound }
  const proven = nothingAbove(standing.instance, standing.demands, boundPrices, reported - fixed)
  if (proven === null) return { how: 'weaker', bound }
  return proven ? { how: 'search', bound: last.bound } : { how: 'wrong', bound }
}

/** How far the bounds on both steps of a class of cases could be derived again; `bound` counts W per case and one per day. */
export interface PlacingReport extends BoundReport {
  urgency: CaseClass
}

/**
 * Derives the bounds of the placement steps again, class by class, from the prices that the proposal has for them. A class
 * that is placed whole needs none, and one that the time ended has none.
 */
export function verifyPlacing(problem: Problem, proposal: Proposal): PlacingReport[] {
  const steps = proposal.levels.flatMap(level => level.steps ?? [])
  return (proposal.certificate?.placing ?? []).map(({ urgency, ...boundPrices }): PlacingReport => {
    const { instance, demands } = standingOf(problem, { ...proposal, levels: withoutHighest(proposal) })
    const fixed = fixedDuos(instance)
    // Duos that people began to fill are settled before the first step.
    const index = steps.findIndex(one => one.urgency === urgency)
    const at = index + fixed.settled.length
    const step = steps[index]!
    const [first, next] = [demands.settled[at], demands.settled[at + 1]]
    const goal = first && next ? classGoal(first.weights, next.weights) : null
    if (!first || !next || !goal) return { urgency, how: 'none', bound: null }
    const before = instance.classes.indexOf(urgency)
    const earlier: Demands = {
      mustPlace: demands.mustPlace.map(
        (must, unit) => must && (instance.units[unit]!.rank < before || fixed.mustPlace[unit]!),
      ),
      settled: demands.settled.slice(0, at),
      goal,
    }
    const derived = derivedBound(instance, earlier, boundPrices)
    if (derived === null) return { urgency, how: 'none', bound: null }
    const whole = Number(derived / BigInt(GRAIN)) - (derived % BigInt(GRAIN) < 0n ? 1 : 0)
    // What the steps report above their values, counted as the goal counts.
    const weight = next.weights.reduce((sum, one) => sum + one, 0) + 1
    const days = next.weights.filter((_, unit) => instance.units[unit]!.rank === before)
    const bound = step.measure === 'placed' ? ladderOf(days, weight).below(whole) : whole
    const open = (one: (typeof steps)[number]) => one.bound - one.value
    const isOpen = open(step) > 0
    const reported =
      weight * (first.least + open(step)) + (isOpen ? weight - 1 : next.least + open(steps[index + 1]!))
    if (bound <= reported) return { urgency, how: 'prices', bound }
    const proven = nothingAbove(instance, earlier, boundPrices, reported)
    return { urgency, how: proven === null ? 'weaker' : proven ? 'search' : 'wrong', bound }
  })
}

/** Placing is settled before the levels about who leaves and the highest load, in the instance as it is. */
function withoutHighest({ levels }: Proposal): Proposal['levels'] {
  return levels.filter(one => one.level !== 'highestLoad' && one.level !== 'leavers')
}
