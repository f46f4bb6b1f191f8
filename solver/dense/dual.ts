import type { Knapsacks } from './knapsack.ts'
import type { Shape, Status } from './shape.ts'

/** Prices are multiples of 1/64 and all values are whole, so the bound is computed without rounding. */
const grain = 64

export interface Dual {
  /** One per job, then one per row (at least 0). */
  prices: Float64Array
  /** Proven: nothing that keeps `status` is worth more. -Infinity when nothing keeps it. */
  bound: number
  /** By worker: the best bundle at the prices. */
  bests: Float64Array
  /** By option: how often it was in the bundles lately, 0..1; close to the fractions of the relaxation. */
  share: Float64Array
}

export interface DualOptions {
  steps: number
  /** Stop when the bound is at most this. */
  enough: number
  /** Step length over (bound − enough) / slope². */
  pace: number
  /** Steps without gain before the pace halves. */
  patience: number
  shouldStop: () => boolean
  /** Called now and then with the shares; returns the new `enough`. */
  onShare?: (share: Float64Array, step: number) => number
}

/**
 * Makes the Lagrangian bound small: cover rows of jobs and the other rows are priced, what is left is a knapsack per worker.
 *
 *   L(u, p) = Σ_w best_w(u, p) + Σ_j u_j + Σ_r p_r limit_r,       u free, p ≥ 0
 *
 * is at least the value of every allocation. The walk is the volume algorithm (Barahona and Anbil 2000): it moves from the
 * best prices known along the slope of an average of the bundles seen, and that average tends to the fractional optimum.
 */
export function descend(
  shape: Shape,
  knapsacks: Knapsacks,
  status: Status,
  from: Float64Array,
  start: Float64Array | null,
  options: DualOptions,
): Dual {
  const { jobs, rows } = shape
  const size = jobs + rows.length
  const best: Dual = {
    prices: from.slice(),
    bound: Number.POSITIVE_INFINITY,
    bests: new Float64Array(shape.workers.length),
    share: start ? start.slice() : new Float64Array(shape.job.length),
  }
  const prices = from.slice()
  const bests = new Float64Array(shape.workers.length)
  const slope = new Float64Array(size)
  const average = new Float64Array(size)
  const chosen: number[] = []
  let { enough, pace } = options
  let largest = 0.1
  let idle = 0
  let started = start !== null
  if (start) slopeOf(shape, start, average)
  for (let step = 0; step < options.steps; step++) {
    let bound = 0
    chosen.length = 0
    for (let j = 0; j < jobs; j++) {
      bound += prices[j]!
      slope[j] = 1
    }
    rows.forEach((row, r) => {
      bound += prices[jobs + r]! * row.limit
      slope[jobs + r] = row.limit
    })
    for (let worker = 0; worker < shape.workers.length; worker++) {
      bests[worker] = knapsacks.best(worker, prices, status)
      bound += bests[worker]!
      for (let k = 0; k < knapsacks.size; k++) {
        const option = knapsacks.bundle[k]!
        chosen.push(option)
        slope[shape.job[option]!]! -= 1
        const inRows = shape.rowsOf[option]!
        for (let i = 0; i < inRows.length; i += 2) slope[jobs + inRows[i]!]! -= inRows[i + 1]!
      }
    }
    if (bound === Number.NEGATIVE_INFINITY) return { ...best, bound }

    // The average of the bundles, leaning so far to the new ones that its slope becomes small.
    let along = 0
    let across = 0
    for (let i = 0; i < size; i++) {
      const difference = slope[i]! - average[i]!
      along -= average[i]! * difference
      across += difference * difference
    }
    const lean = started
      ? Math.min(largest, Math.max(largest / 10, across > 0 ? along / across : largest))
      : 1
    started = true
    const { share } = best
    for (let option = 0; option < share.length; option++) share[option]! *= 1 - lean
    for (const option of chosen) share[option]! += lean
    for (let i = 0; i < size; i++) average[i] = average[i]! * (1 - lean) + slope[i]! * lean

    if (bound < best.bound) {
      let agree = 0
      for (let i = 0; i < size; i++) agree += average[i]! * slope[i]!
      if (best.bound < Number.POSITIVE_INFINITY) pace = Math.min(2, pace * (agree >= 0 ? 1.1 : 1.02))
      if (bound < best.bound - Math.max(0.25, (best.bound - enough) * 0.002)) idle = 0
      best.bound = bound
      best.prices.set(prices)
      best.bests.set(bests)
    } else idle++
    if (idle >= options.patience) {
      idle = 0
      pace *= 0.66
      largest = Math.max(0.005, largest * 0.8)
    }
    if (options.onShare && step % 16 === 15) enough = Math.max(enough, options.onShare(share, step))
    if (best.bound <= enough || pace < 1e-3 || options.shouldStop()) break

    let norm = 0
    for (let i = 0; i < size; i++) {
      if (i >= jobs && best.prices[i] === 0 && average[i]! > 0) continue
      norm += average[i]! * average[i]!
    }
    if (norm < 1e-12) break
    const length = (pace * Math.max(shape.grid, best.bound - enough)) / norm
    for (let i = 0; i < size; i++) {
      const price = Math.round((best.prices[i]! - length * average[i]!) * grain) / grain
      prices[i] = i >= jobs ? Math.max(0, price) : price
    }
  }
  return best
}

function slopeOf(shape: Shape, share: Float64Array, slope: Float64Array): void {
  slope.fill(1, 0, shape.jobs)
  shape.rows.forEach((row, r) => {
    slope[shape.jobs + r] = row.limit
  })
  for (let option = 0; option < share.length; option++) {
    if (share[option] === 0) continue
    slope[shape.job[option]!]! -= share[option]!
    const inRows = shape.rowsOf[option]!
    for (let i = 0; i < inRows.length; i += 2)
      slope[shape.jobs + inRows[i]!]! -= inRows[i + 1]! * share[option]!
  }
}

/** A little under what the second-best worker would gain: where most prices end. */
export function startPrices(shape: Shape): Float64Array {
  const prices = new Float64Array(shape.jobs + shape.rows.length)
  shape.optionsOf.forEach((options, job) => {
    const gains = [...options]
      .map(option => shape.value[option]! - shape.leastRise[option]!)
      .sort((a, b) => b - a)
    prices[job] = gains[1] ?? gains[0] ?? 0
  })
  return prices
}
