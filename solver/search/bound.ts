import type { Policy } from '../problem/problem.ts'
import type { Settled } from './compact.ts'
import type { Instance, InstanceWorker } from './instance.ts'

/**
 * Derives a bound on the value again from prices alone. Prices are what a solver found by long search; that they prove a
 * bound is simple arithmetic, done here in whole numbers and with another method (states of hours and counters instead of
 * a walk with pruning). Who may have what, and what a pair is worth, is the Instance's; check.ts judges that.
 */

/** One unit (hundredth of a point) is so many grains; prices are whole grains. */
export const GRAIN = 64

/** Whole grains, in the order of the instance: of items (any sign), and at least 0 of groups, shared rows and levels. */
export interface BoundPrices {
  items: number[]
  groups: number[]
  shared: number[]
  /** In the order of the settled levels that the bound was derived with; missing ones are 0. */
  levels: number[]
}

/**
 * The prices, in whole grains, that a relaxation ended with. `rows` are the settled levels that its level prices belong
 * to, out of all that were settled.
 */
export function boundPricesOf(
  prices: { items: Float64Array; groups: Float64Array; shared: Float64Array; levels: Float64Array },
  rows: readonly Settled[],
  settled: readonly Settled[],
): BoundPrices {
  const grains = (list: Float64Array) => Array.from(list, price => Math.round(price * GRAIN))
  const ofRows = grains(prices.levels)
  return {
    items: grains(prices.items),
    groups: grains(prices.groups),
    shared: grains(prices.shared),
    levels: settled.map(level => ofRows[rows.indexOf(level)] ?? 0),
  }
}

/** What every allocation that the bound speaks of keeps. */
export interface Demands {
  mustPlace: readonly boolean[]
  settled: readonly Settled[]
  /** Where only placing counts: by unit what placing it is worth, in units. Points and costs are then worth nothing. */
  goal?: readonly number[]
}

/** A worker with more states than this is not priced: then there is no derived bound. */
const stateLimit = 400_000

/**
 * The bound in grains that the prices prove (see lagrange.ts for the formula), exactly; null when a worker has too many
 * states. Throws when the prices are no prices of this instance.
 */
export function derivedBound(instance: Instance, demands: Demands, boundPrices: BoundPrices): bigint | null {
  assertPrices(instance, demands, boundPrices)
  let bound = 0n
  for (const worker of instance.workers) {
    const best = bestReduced(instance, worker, boundPrices, demands.goal !== undefined)
    if (best === null) return null
    bound += BigInt(best)
  }
  instance.units.forEach((_, unit) => {
    const charge = chargeOf(instance, demands, boundPrices, unit)
    if (demands.mustPlace[unit] || charge > 0n) bound += charge
  })
  for (const price of boundPrices.groups) bound += BigInt(price)
  boundPrices.shared.forEach((price, row) => {
    bound += BigInt(price) * BigInt(instance.shared[row]!.limit)
  })
  boundPrices.levels.forEach((price, level) => {
    bound -= BigInt(price) * BigInt(demands.settled[level]!.least)
  })
  return bound
}

/** What placing a unit is charged, what it is worth by itself, all its seats and the levels that it counts for, in grains. */
export function chargeOf(
  instance: Instance,
  { settled, goal }: Demands,
  boundPrices: BoundPrices,
  unit: number,
): bigint {
  let charge = BigInt(GRAIN * (goal?.[unit] ?? 0))
  for (const item of instance.units[unit]!.items) charge += BigInt(boundPrices.items[item]!)
  boundPrices.levels.forEach((price, level) => {
    if (price !== 0) charge += BigInt(price) * BigInt(settled[level]!.weights[unit]!)
  })
  return charge
}

function assertPrices(instance: Instance, demands: Demands, boundPrices: BoundPrices): void {
  const { items, groups, shared, levels } = boundPrices
  const wrong = (what: string) => {
    throw new Error(
      `These are no prices of this round: ${what}. Maybe they belong to another problem or version?`,
    )
  }
  if (items.length !== instance.items.length) wrong(`${items.length} for ${instance.items.length} seats`)
  if (groups.length !== instance.groupCount) wrong(`${groups.length} for ${instance.groupCount} groups`)
  if (shared.length !== instance.shared.length)
    wrong(`${shared.length} for ${instance.shared.length} shared rows`)
  if (levels.length > demands.settled.length) wrong(`${levels.length} for ${demands.settled.length} levels`)
  for (const price of [...items, ...groups, ...shared, ...levels])
    if (!Number.isSafeInteger(price)) wrong(`${price} is not whole`)
  for (const price of [...groups, ...shared, ...levels]) if (price < 0) wrong(`${price} is under 0`)
}

/** What a worker may still get, with its value at the prices in grains. */
export interface Choice {
  item: number
  hours: number
  net: number
  heavy: boolean
  counts: readonly number[]
  /** Which of the three limits on hours it brings along: 1 stays, 2 emergency, 4 anything else. */
  kind: number
  unit: number
  group: number
}

/** Everything about a bundle that later choices depend on. */
interface State {
  hours: number
  heavy: number
  kinds: number
  used: readonly number[]
  net: number
}

/**
 * The highest reduced value of a worker's bundles in grains, the empty one (0) included: all sets that the limits allow,
 * with sets that leave the same hours and counters taken together. Null when there are too many.
 */
export function bestReduced(
  instance: Instance,
  worker: InstanceWorker,
  boundPrices: BoundPrices,
  placing = false,
): number | null {
  const choices = choicesOf(instance, worker, boundPrices, 0, placing)
  // Counters that cannot bind are left out of the state.
  const binding = worker.limits.flatMap((limit, counter) =>
    choices.filter(one => one.counts.includes(counter)).length > limit ? [counter] : [],
  )
  let states = new Map<string, State>()
  const start: State = { hours: worker.baseHours, heavy: 0, kinds: 0, used: binding.map(() => 0), net: 0 }
  states.set(keyOf(start), start)
  for (const { group, units } of blocksOf(choices)) {
    // Inside a block: without, and with, a primary seat of its group. The group is charged once.
    let without = states
    let touched = new Map<string, State>()
    for (const choicesOfUnit of units) {
      const nextWithout = new Map(without)
      const nextTouched = new Map(touched)
      for (const choice of choicesOfUnit) {
        const inGroup = choice.group >= 0
        for (const state of without.values()) {
          const more = added(worker, binding, state, choice)
          if (!more) continue
          if (inGroup) keep(nextTouched, { ...more, net: more.net - boundPrices.groups[group]! })
          else keep(nextWithout, more)
        }
        for (const state of touched.values()) {
          const more = added(worker, binding, state, choice)
          if (more) keep(nextTouched, more)
        }
      }
      without = nextWithout
      touched = nextTouched
      if (without.size + touched.size > stateLimit) return null
    }
    states = without
    for (const state of touched.values()) keep(states, state)
  }
  let best = 0
  for (const state of states.values())
    best = Math.max(
      best,
      state.net - (placing ? 0 : GRAIN * rise(instance.policy, worker, state.hours, state.heavy)),
    )
  if (!Number.isSafeInteger(best)) throw new Error(`${best} grains is too large to count exactly.`)
  return best
}

/** What can be in a bundle that is at most `slack` grains worse than the best. */
export function choicesOf(
  instance: Instance,
  worker: InstanceWorker,
  boundPrices: BoundPrices,
  slack: number,
  placing: boolean,
): Choice[] {
  return worker.candidates.flatMap((candidate): Choice[] => {
    const item = instance.items[candidate.item]!
    let net = (placing ? 0 : GRAIN * candidate.points) - boundPrices.items[candidate.item]!
    for (const row of candidate.shared) net -= boundPrices.shared[row]!
    // What never earns back the least it costs makes a bundle worse by so much.
    if (
      placing
        ? net < -slack || (net === 0 && slack === 0)
        : tooDear(instance, worker, candidate.hours, net, slack)
    )
      return []
    const kind = candidate.stays ? 1 : item.emergency ? 2 : 4
    const { unit, group, heavy } = item
    return [
      {
        item: candidate.item,
        hours: candidate.hours,
        net,
        heavy,
        counts: candidate.counts,
        kind,
        unit,
        group,
      },
    ]
  })
}

function tooDear(
  instance: Instance,
  worker: InstanceWorker,
  hours: number,
  net: number,
  slack: number,
): boolean {
  return net - GRAIN * leastCost(instance.policy, worker, hours) < -slack
}

/** Units with a seat in one group stand together, so that only inside a block it matters whether the group was charged. */
function blocksOf(choices: readonly Choice[]): { group: number; units: Choice[][] }[] {
  const groupOfUnit = new Map<number, number>()
  for (const one of choices) if (one.group >= 0) groupOfUnit.set(one.unit, one.group)
  const blocks = new Map<string, { group: number; units: Map<number, Choice[]> }>()
  for (const one of choices) {
    const group = groupOfUnit.get(one.unit) ?? -1
    const key = group >= 0 ? `group ${group}` : `unit ${one.unit}`
    const block = blocks.get(key) ?? { group, units: new Map<number, Choice[]>() }
    blocks.set(key, block)
    block.units.set(one.unit, [...(block.units.get(one.unit) ?? []), one])
  }
  return [...blocks.values()].map(({ group, units }) => ({ group, units: [...units.values()] }))
}

/** The state with one more choice; null where a limit stands in the way. */
function added(
  worker: InstanceWorker,
  binding: readonly number[],
  state: State,
  choice: Choice,
): State | null {
  const hours = state.hours + choice.hours
  const kinds = state.kinds | choice.kind
  if (hours > hoursAllowed(worker, kinds)) return null
  const used = state.used.map((count, k) => count + (choice.counts.includes(binding[k]!) ? 1 : 0))
  if (used.some((count, k) => count > worker.limits[binding[k]!]!)) return null
  return { hours, kinds, used, heavy: state.heavy + (choice.heavy ? 1 : 0), net: state.net + choice.net }
}

/** The lowest of the limits that come with these kinds of choices. */
export function hoursAllowed(worker: InstanceWorker, kinds: number): number {
  return Math.min(
    (kinds & 1) !== 0 ? worker.stayLimit : Number.POSITIVE_INFINITY,
    (kinds & 2) !== 0 ? worker.hardLimit : Number.POSITIVE_INFINITY,
    (kinds & 4) !== 0 ? worker.bandLimit : Number.POSITIVE_INFINITY,
  )
}

function keyOf(state: State): string {
  return `${state.hours} ${state.heavy} ${state.kinds} ${state.used.join()}`
}

function keep(states: Map<string, State>, state: State): void {
  const key = keyOf(state)
  const known = states.get(key)
  if (!known || known.net < state.net) states.set(key, state)
}

/** Points less the rise of the cost, in units, of what a worker gets together. */
export function bundleWorth(instance: Instance, index: number, items: readonly number[]): number {
  const worker = instance.workers[index]!
  let points = 0
  let hours = worker.baseHours
  let heavy = 0
  for (const item of items) {
    const candidate = worker.candidates[worker.byItem[item]!]!
    points += candidate.points
    hours += candidate.hours
    if (instance.items[item]!.heavy) heavy++
  }
  return points - rise(instance.policy, worker, hours, heavy)
}

/** Units by which these hours and heavy cases lift the cost of the worker. */
export function rise(policy: Policy, worker: InstanceWorker, hours: number, heavy: number): number {
  const { heavyRise } = worker
  const last = heavyRise.length - 1
  const step = last > 0 ? heavyRise[last]! - heavyRise[last - 1]! : 0
  const forHeavy = heavyRise[Math.min(heavy, last)]! + Math.max(0, heavy - last) * step
  return cost(policy, worker.norm, hours) - cost(policy, worker.norm, worker.baseHours) + forHeavy
}

/** Load cost in units, as a sum of bends: beyond each threshold every hour costs the change of the rate more. */
function cost(policy: Policy, norm: number, hours: number): number {
  let before = 0
  let sum = 0
  for (const step of policy.loadCost) {
    const rate = Math.round(step.pointsPerHour * 100)
    sum += (rate - before) * Math.max(0, hours - Math.round(step.from * norm))
    before = rate
  }
  return Math.floor((sum + 50) / 100)
}

/** No load makes these hours cheaper, in units: the lowest rate from the worker's hours on, less one for rounding. */
export function leastCost({ loadCost }: Policy, worker: InstanceWorker, hours: number): number {
  const rates = loadCost.map(step => Math.round(step.pointsPerHour * 100))
  const from = loadCost.map(step => Math.round(step.from * worker.norm))
  const ahead = rates.filter((_, k) => (from[k + 1] ?? Number.POSITIVE_INFINITY) > worker.baseHours)
  const lowest = worker.baseHours < from[0]! ? 0 : Math.min(...ahead)
  return Math.floor((lowest * hours) / 100) - 1
}
