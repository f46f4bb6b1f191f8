import type { Bundle } from './bundles.ts'
import type { Instance } from './instance.ts'
import { type DualPrices, type Priced, type PriceRelaxation, zeroPrices } from './price-relaxation.ts'

export interface Walk {
  /** Where the bound was lowest. */
  best: Priced
  /** Different bundles that were best for somebody in the later steps; good columns for a first master. */
  bundles: Bundle[]
}

/** A step this small does not get anywhere. */
const shortest = 0.004

/**
 * A subgradient walk over the prices (Polyak steps towards the best known value, halved when the bound does not fall).
 * `onBundles` may round the bundles of a step to an allocation; it returns the best value known.
 */
export function lagrange(
  relaxation: PriceRelaxation,
  incumbent: number,
  options: {
    steps: number
    shouldStop: () => boolean
    onBundles?: (bundles: readonly (readonly number[])[]) => number
  },
): Walk {
  const { instance, goal } = relaxation.stage
  const { levels } = relaxation
  const scales = levels.map(level => {
    const most = level.weights.reduce((max, weight) => Math.max(max, weight), 1)
    return 1 / (most * most)
  })
  let prices = goal === null ? startPrices(instance, levels.length) : zeroPrices(instance, levels.length)
  let best = relaxation.at(prices)
  let priced = best
  const seen = new Map<string, Bundle>()
  let target = incumbent
  let step = 1.2
  let sinceBetter = 0
  for (let count = 0; count < options.steps && !options.shouldStop(); count++) {
    if (count > 0) priced = relaxation.at(prices)
    if (step < 1 || count * 2 > options.steps) keep(relaxation, priced, seen)
    if (priced.bound < best.bound - 1e-9) {
      if (priced.bound < best.bound - 0.5) sinceBetter = 0
      best = priced
    } else if (++sinceBetter >= 6) {
      step /= 2
      sinceBetter = 0
    }
    if (options.onBundles && count % 8 === 7) target = Math.max(target, options.onBundles(priced.chosen))
    if (Math.floor(best.bound) <= target || step < shortest) break
    const slope = slopeAt(relaxation, priced)
    let norm = 0
    for (const part of [slope.items, slope.groups, slope.shared]) for (const one of part) norm += one * one
    slope.levels.forEach((one, k) => {
      norm += one * one * scales[k]!
    })
    if (norm === 0) break
    const length = (step * Math.max(1, priced.bound - target)) / norm
    const from = priced.prices
    prices = {
      items: from.items.map((price, k) => price - length * slope.items[k]!),
      groups: from.groups.map((price, k) => price - length * slope.groups[k]!),
      shared: from.shared.map((price, k) => price - length * slope.shared[k]!),
      levels: from.levels.map((price, k) => price - length * slope.levels[k]! * scales[k]!),
    }
  }
  return { best, bundles: [...seen.values()] }
}

function keep(relaxation: PriceRelaxation, priced: Priced, seen: Map<string, Bundle>): void {
  priced.chosen.forEach((items, worker) => {
    if (items.length === 0) return
    const key = `${worker}:${items.join()}`
    if (!seen.has(key)) seen.set(key, relaxation.pricer.bundle(worker, items))
  })
}

/** How far the relaxed answer is from keeping each row. A row with room to spare at price 0 asks for nothing. */
function slopeAt({ stage, levels }: PriceRelaxation, { chosen, taken, prices }: Priced): DualPrices {
  const { instance } = stage
  const slope = zeroPrices(instance, levels.length)
  slope.groups.fill(1)
  instance.shared.forEach((row, index) => {
    slope.shared[index] = row.limit
  })
  chosen.forEach((items, worker) => {
    if (items.length === 0) return
    const { candidates, byItem } = instance.workers[worker]!
    const groups: number[] = []
    for (const item of items) {
      slope.items[item]!--
      for (const row of candidates[byItem[item]!]!.shared) slope.shared[row]!--
      const { group } = instance.items[item]!
      if (group < 0 || groups.includes(group)) continue
      groups.push(group)
      slope.groups[group]!--
    }
  })
  levels.forEach((level, k) => {
    slope.levels[k] = -level.least
  })
  taken.forEach((isTaken, unit) => {
    if (!isTaken) return
    for (const item of instance.units[unit]!.items) slope.items[item]!++
    levels.forEach((level, k) => {
      slope.levels[k]! += level.weights[unit]!
    })
  })
  for (const part of ['groups', 'shared', 'levels'] as const) {
    slope[part].forEach((one, k) => {
      if (prices[part][k] === 0 && one > 0) slope[part][k] = 0
    })
  }
  return slope
}

/** A little under what the second-best worker would gain: where most prices end. */
function startPrices(instance: Instance, levels: number): DualPrices {
  const first = new Float64Array(instance.items.length).fill(Number.NEGATIVE_INFINITY)
  const second = new Float64Array(instance.items.length).fill(Number.NEGATIVE_INFINITY)
  for (const worker of instance.workers) {
    for (const candidate of worker.candidates) {
      const gain = candidate.points - candidate.leastRise
      if (gain > first[candidate.item]!) {
        second[candidate.item] = first[candidate.item]!
        first[candidate.item] = gain
      } else if (gain > second[candidate.item]!) second[candidate.item] = gain
    }
  }
  const prices = zeroPrices(instance, levels)
  prices.items.forEach((_, item) => {
    const gain = Number.isFinite(second[item]!) ? second[item]! : first[item]!
    if (Number.isFinite(gain)) prices.items[item] = gain
  })
  return prices
}
