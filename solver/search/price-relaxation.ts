import type { Ladder } from '../problem/ladder.ts'
import { type Bundle, Pricer, type Prices, priceGrain } from './bundles.ts'
import type { Settled } from './compact.ts'
import type { Instance } from './instance.ts'

/** What a level maximises: the weights of the units placed, or (null) points less the rise of the cost. */
export type Goal = readonly number[] | null

/** One level to solve: its goal, and what the levels before it have settled. */
export interface Stage {
  instance: Instance
  goal: Goal
  /** Units that must be placed: those of settled classes in which every unit is placed. Their levels need no row. */
  mustPlace: readonly boolean[]
  settled: readonly Settled[]
  /** Enough: the search ends once this is reached, or proven out of reach. */
  target?: number
  /** Some units of a larger stage. */
  isPart?: true
  /** The values that the goal can have; absent: any whole one. */
  ladder?: Ladder
}

/** Prices of every row of the master. */
export interface DualPrices extends Prices {
  /** Per settled level that needs a row (see `openLevels`), at least 0. */
  levels: Float64Array
}

export interface Priced {
  /** Proven upper bound on the goal (units) of every allocation that keeps what is settled. */
  bound: number
  prices: DualPrices
  /** Reduced value of each worker's best bundle, at least 0. */
  bests: Float64Array
  /** The items of those bundles, by worker; empty for none. */
  chosen: (readonly number[])[]
  /** Units that the relaxation places at these prices. */
  taken: boolean[]
}

/**
 * The Lagrangian relaxation of a stage: every row of the master that ties workers together gets a price.
 *
 * For any prices u of items (free sign), m >= 0 of groups, q >= 0 of shared rows and s >= 0 of settled levels,
 *
 *   L(u,m,q,s) = sum_w max_B [value(B) - sum_{i in B} u_i - sum_{g touched} m_g - sum_{rows used} q_r]
 *              + sum_unit  c_unit      if the unit must be placed, else max(0, c_unit)
 *              + sum_g m_g + sum_r q_r limit_r - sum_k s_k least_k,
 *   c_unit     = goal_unit + sum_{i in unit} u_i + sum_k s_k weight_k[unit]
 *
 * is at least the goal of every allocation that keeps the settled levels.
 */
export class PriceRelaxation {
  readonly stage: Stage
  readonly pricer: Pricer
  /** Settled levels that a row has to keep: those with a unit that may stay unplaced. */
  readonly levels: readonly Settled[]

  constructor(stage: Stage) {
    this.stage = stage
    this.pricer = new Pricer(stage.instance, stage.goal === null)
    this.levels = openLevels(stage)
  }

  at(wanted: DualPrices): Priced {
    const { instance, goal, mustPlace } = this.stage
    const prices = onGrain(wanted, goal !== null)
    const bests = new Float64Array(instance.workers.length)
    const chosen: (readonly number[])[] = []
    let bound = 0
    for (let worker = 0; worker < instance.workers.length; worker++) {
      const best = this.pricer.best(worker, prices)
      bests[worker] = best.bound
      bound += best.bound
      chosen.push(best.items)
    }
    const taken = instance.units.map((unit, index) => {
      let charge = goal?.[index] ?? 0
      for (const item of unit.items) charge += prices.items[item]!
      this.levels.forEach((level, k) => {
        charge += prices.levels[k]! * level.weights[index]!
      })
      if (!mustPlace[index] && charge <= 0) return false
      bound += charge
      return true
    })
    for (const price of prices.groups) bound += price
    prices.shared.forEach((price, row) => {
      bound += price * instance.shared[row]!.limit
    })
    this.levels.forEach((level, k) => {
      bound -= prices.levels[k]! * level.least
    })
    return { bound, prices, bests, chosen, taken }
  }

  /** Reduced value of a bundle at these prices. */
  reduced(bundle: Bundle, prices: Prices): number {
    const { items, workers } = this.stage.instance
    const { candidates, byItem } = workers[bundle.worker]!
    let value = bundle.value
    const groups: number[] = []
    for (const item of bundle.items) {
      value -= prices.items[item]!
      for (const row of candidates[byItem[item]!]!.shared) value -= prices.shared[row]!
      const { group } = items[item]!
      if (group < 0 || groups.includes(group)) continue
      groups.push(group)
      value -= prices.groups[group]!
    }
    return value
  }
}

/** All bundles whose reduced value is within `margin` of their worker's best; null when there are too many. */
export function listWithin(
  relaxation: PriceRelaxation,
  { prices, bests }: Priced,
  margin: number,
  most: number,
): Bundle[] | null {
  const all: Bundle[] = []
  for (let worker = 0; worker < bests.length; worker++) {
    const some = relaxation.pricer.within(worker, prices, bests[worker]! - margin, most - all.length)
    if (!some) return null
    all.push(...some)
  }
  return all
}

export function openLevels({ instance, mustPlace, settled }: Stage): Settled[] {
  return settled.filter(level => instance.units.some((_, unit) => !mustPlace[unit] && level.weights[unit]))
}

export function zeroPrices(instance: Instance, levels: number): DualPrices {
  return {
    items: new Float64Array(instance.items.length),
    groups: new Float64Array(instance.groupCount),
    shared: new Float64Array(instance.shared.length),
    levels: new Float64Array(levels),
  }
}

/** Between two sets of prices: `share` of the first, the rest of the second. */
export function mixPrices(one: DualPrices, other: DualPrices, share: number): DualPrices {
  const mix = (a: Float64Array, b: Float64Array) => a.map((price, k) => share * price + (1 - share) * b[k]!)
  return {
    items: mix(one.items, other.items),
    groups: mix(one.groups, other.groups),
    shared: mix(one.shared, other.shared),
    levels: mix(one.levels, other.levels),
  }
}

/** Where only placing counts, the row of a seat is ">=" and its price at most 0 (see master.ts). */
function onGrain(prices: DualPrices, placing: boolean): DualPrices {
  const round = (price: number) => Math.round(price / priceGrain) * priceGrain
  const positive = (price: number) => Math.max(0, round(price))
  return {
    items: prices.items.map(price => (placing ? Math.min(0, round(price)) : round(price))),
    groups: prices.groups.map(positive),
    shared: prices.shared.map(positive),
    levels: prices.levels.map(positive),
  }
}
