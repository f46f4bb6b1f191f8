import { type Bundle, bestBundle, makeBundle, type Prices } from './bundles.ts'
import type { Room } from './candidates.ts'
import type { Settled } from './compact.ts'

/** Prices are multiples of 1/64 and all values are whole, so the bound is computed without rounding. */
const grain = 64

export interface Dual {
  prices: Prices
  /** Proven upper bound on the value (units) of every allocation that keeps the settled levels. */
  bound: number
  /** Reduced value of each worker's best bundle at these prices. */
  bests: Float64Array
  /** Different bundles that were best for somebody on the way; good columns for a first master. */
  bundles: Bundle[]
}

/**
 * Bounds the value by pricing the cover rows of the master (see master.ts).
 *
 * For any prices u of items (free sign), m >= 0 of groups, q >= 0 of shared rows and s >= 0 of settled levels,
 *
 *   L(u,m,q,s) = sum_w max_B [value(B) - sum_{i in B} u_i - sum_{g touched} m_g - sum_{rows used} q_r]
 *            + sum_unit  c_unit            if the unit must be placed, else max(0, c_unit)
 *            + sum_g m_g + sum_r q_r limit_r - sum_k s_k least_k,       c_unit = sum_{i in unit} u_i + sum_k s_k weight_k[unit]
 *
 * is at least the value of every allocation. A subgradient walk (Polyak steps towards `incumbent`) makes it small. Units
 * that must be placed are those of settled levels in which every unit is placed; their levels need no price.
 */
export function lagrange(
  room: Room,
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
  incumbent: number,
  options: { iterations: number; shouldStop: () => boolean; onBundles?: (bundles: number[][]) => number },
): Dual {
  const items = room.items.length
  const prices: Prices = {
    items: startPrices(room),
    groups: new Float64Array(room.groupCount),
    shared: new Float64Array(room.shared.length),
  }
  const levels = settled.filter(level =>
    room.units.some((_, unit) => !mustPlace[unit] && level.weights[unit]),
  )
  const scales = levels.map(
    level => 1 / Math.max(...level.weights.map((weight, unit) => (mustPlace[unit] ? 0 : weight))),
  )
  const levelPrices = new Float64Array(levels.length)
  const best: Dual = {
    prices: copyOf(prices),
    bound: Number.POSITIVE_INFINITY,
    bests: new Float64Array(room.workers.length),
    bundles: [],
  }
  const seen = new Map<string, Bundle>()
  const slope = new Float64Array(items)
  const groupSlope = new Float64Array(room.groupCount)
  const sharedSlope = new Float64Array(room.shared.length)
  let target = incumbent
  let step = 1.2
  let sinceBetter = 0
  for (let iteration = 0; iteration < options.iterations && !options.shouldStop(); iteration++) {
    slope.fill(0)
    groupSlope.fill(0)
    room.shared.forEach((row, index) => {
      sharedSlope[index] = row.limit
    })
    let bound = 0
    const bests = new Float64Array(room.workers.length)
    const chosen: number[][] = []
    for (let worker = 0; worker < room.workers.length; worker++) {
      const answer = bestBundle(room, worker, prices)
      bests[worker] = answer.bound
      bound += answer.bound
      chosen.push(answer.items)
      if (answer.items.length === 0) continue
      const key = `${worker}:${answer.items.join()}`
      if (!seen.has(key)) seen.set(key, makeBundle(room, worker, answer.items))
      const groups = new Set<number>()
      const { candidates, byItem } = room.workers[worker]!
      for (const item of answer.items) {
        slope[item]!--
        for (const row of candidates[byItem[item]!]!.shared) sharedSlope[row]!--
        if (room.items[item]!.group >= 0) groups.add(room.items[item]!.group)
      }
      for (const group of groups) groupSlope[group]!--
    }
    const levelSlope = levels.map(level => -level.least)
    room.units.forEach((unit, index) => {
      let charge = 0
      for (const item of unit.items) charge += prices.items[item]!
      levels.forEach((level, k) => {
        charge += levelPrices[k]! * level.weights[index]!
      })
      if (!mustPlace[index] && charge <= 0) return
      bound += charge
      for (const item of unit.items) slope[item]!++
      levels.forEach((level, k) => {
        levelSlope[k]! += level.weights[index]!
      })
    })
    for (let group = 0; group < room.groupCount; group++) {
      bound += prices.groups[group]!
      groupSlope[group]!++
      // A row with room to spare at price 0 asks for nothing.
      if (prices.groups[group] === 0 && groupSlope[group]! > 0) groupSlope[group] = 0
    }
    for (let row = 0; row < room.shared.length; row++) {
      bound += prices.shared[row]! * room.shared[row]!.limit
      if (prices.shared[row] === 0 && sharedSlope[row]! > 0) sharedSlope[row] = 0
    }
    levels.forEach((level, k) => {
      bound -= levelPrices[k]! * level.least
      if (levelPrices[k] === 0 && levelSlope[k]! > 0) levelSlope[k] = 0
    })

    if (bound < best.bound - 1e-9) {
      if (bound < best.bound - 0.5) sinceBetter = 0
      best.bound = bound
      best.bests = bests
      best.prices = copyOf(prices)
    } else if (++sinceBetter >= 6) {
      step /= 2
      sinceBetter = 0
    }
    if (options.onBundles && iteration % 8 === 7) target = Math.max(target, options.onBundles(chosen))
    if (Math.floor(best.bound) <= target || step < 0.004) break

    let norm = 0
    for (const one of slope) norm += one * one
    for (const one of groupSlope) norm += one * one
    for (const one of sharedSlope) norm += one * one
    levelSlope.forEach((one, k) => {
      norm += one * one * scales[k]! * scales[k]!
    })
    if (norm === 0) break
    const length = (step * Math.max(1, bound - target)) / norm
    for (let item = 0; item < items; item++)
      prices.items[item] = onGrain(prices.items[item]! - length * slope[item]!)
    for (let group = 0; group < room.groupCount; group++) {
      prices.groups[group] = Math.max(0, onGrain(prices.groups[group]! - length * groupSlope[group]!))
    }
    for (let row = 0; row < room.shared.length; row++) {
      prices.shared[row] = Math.max(0, onGrain(prices.shared[row]! - length * sharedSlope[row]!))
    }
    levelSlope.forEach((one, k) => {
      levelPrices[k] = Math.max(0, onGrain(levelPrices[k]! - length * one * scales[k]! * scales[k]!))
    })
  }
  best.bundles = [...seen.values()]
  return best
}

function copyOf({ items, groups, shared }: Prices): Prices {
  return { items: items.slice(), groups: groups.slice(), shared: shared.slice() }
}

function onGrain(price: number): number {
  return Math.round(price * grain) / grain
}

/** A little under what the second-best worker would gain: where most prices end. */
function startPrices(room: Room): Float64Array {
  const first = new Float64Array(room.items.length).fill(Number.NEGATIVE_INFINITY)
  const second = new Float64Array(room.items.length).fill(Number.NEGATIVE_INFINITY)
  for (const worker of room.workers) {
    for (const candidate of worker.candidates) {
      const gain = candidate.points - candidate.leastRise
      if (gain > first[candidate.item]!) {
        second[candidate.item] = first[candidate.item]!
        first[candidate.item] = gain
      } else if (gain > second[candidate.item]!) second[candidate.item] = gain
    }
  }
  return second.map((gain, item) =>
    Number.isFinite(gain) ? gain : Number.isFinite(first[item]!) ? first[item]! : 0,
  )
}
