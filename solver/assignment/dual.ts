import type { Knapsacks } from './knapsack.ts'
import type { DenseWorker, Shape, Status } from './shape.ts'

/** Prices are multiples of 1/64 and all values are whole, so the bound is computed without rounding. */
const grain = 64
/** How much of the last direction is kept: without it the walk zigzags. */
const momentum = 0.7
/** How much the newest bundles weigh in the shares. */
const lean = 0.04

export interface Dual {
  /** One per job, then one per row (at least 0). */
  prices: Float64Array
  /** Proven: nothing that keeps `status` is worth more. -Infinity when nothing keeps it. */
  bound: number
  /** By option: how often it was in the bundles lately, 0..1; close to the fractions of the relaxation. */
  share: Float64Array
  /** Steps walked. */
  steps: number
}

export interface Walk {
  steps: number
  /** Stop when the bound is at most this. */
  enough: number
  /** Aim at most so far under the best bound; a better value may be far from what can be reached. */
  reach: number
  /** Step length over (bound − aim) / slope². */
  pace: number
  /** Steps without gain before the pace falls. */
  patience: number
  shouldStop: () => boolean
}

/**
 * Makes the Lagrangian bound small: cover rows of jobs and the other rows are priced, what is left is a knapsack per worker.
 *
 *   L(u, p) = Σ_w best_w(u, p) + Σ_j u_j + Σ_r p_r limit_r,       u free, p ≥ 0
 *
 * is at least the value of every allocation. A subgradient walk with momentum and Polyak steps towards an
 * aim; without gain for a while it goes back to the best prices with a shorter pace.
 */
export function descend(
  shape: Shape,
  knapsacks: Knapsacks,
  status: Status,
  from: Pick<Dual, 'prices'> & Partial<Dual>,
  walk: Walk,
): Dual {
  const { jobs, rows } = shape
  const size = jobs + rows.length
  const share = from.share ? from.share.slice() : new Float64Array(shape.job.length)
  const best: Dual = { prices: from.prices.slice(), bound: Number.POSITIVE_INFINITY, share, steps: 0 }
  const prices = from.prices.slice()
  const slope = new Float64Array(size)
  const direction = new Float64Array(size)
  let pace = walk.pace
  let idle = 0
  while (best.steps < walk.steps) {
    best.steps++
    let bound = 0
    for (let j = 0; j < jobs; j++) {
      bound += prices[j]!
      slope[j] = 1
    }
    rows.forEach((row, r) => {
      bound += prices[jobs + r]! * row.limit
      slope[jobs + r] = row.limit
    })
    for (let option = 0; option < share.length; option++) share[option]! *= 1 - lean
    for (let worker = 0; worker < shape.workers.length; worker++) {
      bound += knapsacks.best(worker, prices, status)
      for (let k = 0; k < knapsacks.size; k++) {
        const option = knapsacks.bundle[k]!
        share[option]! += lean
        slope[shape.job[option]!]! -= 1
        const inRows = shape.rowsOf[option]!
        for (let i = 0; i < inRows.length; i += 2) slope[jobs + inRows[i]!]! -= inRows[i + 1]!
      }
    }
    idle++
    if (bound < best.bound) {
      if (
        bound <
        best.bound - Math.max(shape.grid / 128, Math.min(walk.reach, best.bound - walk.enough) * 0.001)
      )
        idle = 0
      best.bound = bound
      best.prices.set(prices)
    }
    if (best.bound <= walk.enough || walk.shouldStop()) break
    if (idle >= walk.patience) {
      idle = 0
      pace *= 0.6
      if (pace < 2e-3) break
      prices.set(best.prices)
      direction.fill(0)
    }
    let norm = 0
    for (let i = 0; i < size; i++) {
      const along = slope[i]! + momentum * direction[i]!
      // A row with room to spare at price 0 asks for nothing.
      direction[i] = i >= jobs && prices[i] === 0 && along > 0 ? 0 : along
      norm += direction[i]! * direction[i]!
    }
    if (norm === 0) break
    const length =
      (pace * Math.max(shape.grid / 2, bound - Math.max(walk.enough, best.bound - walk.reach))) / norm
    for (let i = 0; i < size; i++) {
      const price = Math.round((prices[i]! - length * direction[i]!) * grain) / grain
      prices[i] = i >= jobs ? Math.max(0, price) : price
    }
  }
  return best
}

/**
 * Prices to start from: those of the relaxation in which a case may be split. Its dual needs one price per worker's hour,
 *
 *   Σ_j max_o (value_o − μ_w hours_o) + Σ_w max_h (μ_w h − rise_w(h)),        μ ≥ 0
 *
 * so a step costs one look at every option. `rates`: μ by worker.
 */
export function startPrices(shape: Shape): { prices: Float64Array; rates: Float64Array } {
  const { workers, optionsOf, value, hours, worker: workerOf } = shape
  const rates = new Float64Array(workers.length)
  const prices = new Float64Array(shape.jobs + shape.rows.length)
  const slope = new Float64Array(workers.length)
  const gains = new Float64Array(shape.jobs)
  const bestRates = new Float64Array(workers.length)
  let best = Number.POSITIVE_INFINITY
  // How far under the best bound the next steps aim.
  let aim = 0
  let idle = 0
  for (let step = 0; step < 400; step++) {
    let bound = 0
    workers.forEach((worker, w) => {
      const { most, at } = worthOf(worker, rates[w]!)
      bound += most
      slope[w] = at
    })
    for (let j = 0; j < shape.jobs; j++) {
      let most = Number.NEGATIVE_INFINITY
      let taken = -1
      for (const option of optionsOf[j]!) {
        const gain = value[option]! - rates[workerOf[option]!]! * hours[option]!
        if (gain > most) {
          most = gain
          taken = option
        }
      }
      if (taken < 0) continue
      gains[j] = most
      bound += most
      slope[workerOf[taken]!]! -= hours[taken]!
    }
    if (step === 0) aim = Math.abs(bound) * 0.05
    idle++
    if (bound < best) {
      if (bound < best - aim * 0.1) idle = 0
      best = bound
      prices.set(gains)
      bestRates.set(rates)
    }
    if (idle >= 8) {
      idle = 0
      aim /= 2
      rates.set(bestRates)
      if (aim < shape.grid / 8) break
    }
    let norm = 0
    for (let w = 0; w < slope.length; w++) {
      if (rates[w] === 0 && slope[w]! > 0) slope[w] = 0
      norm += slope[w]! * slope[w]!
    }
    if (norm === 0) break
    const length = (bound - best + aim) / norm
    for (let w = 0; w < slope.length; w++) rates[w] = Math.max(0, rates[w]! - length * slope[w]!)
  }
  return { prices: prices.map(price => Math.round(price * grain) / grain), rates: bestRates }
}

/** max over h of rate · h − rise(h), and where. */
function worthOf(worker: DenseWorker, rate: number): { most: number; at: number } {
  const { rise, width } = worker
  if (rise === null) return { most: rate * (width - 1), at: width - 1 }
  let most = -rise[0]!
  let at = 0
  for (let h = 1; h < width; h++) {
    const worth = rate * h - rise[h]!
    if (worth > most) {
      most = worth
      at = h
    }
  }
  return { most, at }
}
