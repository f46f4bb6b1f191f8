import { LinearProgram } from '../engines/highs.ts'
import type { Bundle } from './bundles.ts'
import type { Deadline } from './deadline.ts'
import type { Master } from './master.ts'
import { mixPrices, type Priced, type PriceRelaxation } from './price-relaxation.ts'

/** Prices for new columns lie this far towards the best ones known, so that they do not jump about; 0 is the plain LP. */
const shares = [0.7, 0.3, 0]
const roundLimit = 200
/** The bound is taken for the optimum of the linear program when it is this near, in units. */
const near = 0.25

export interface Columns {
  /** Where the bound was lowest. */
  best: Priced
  /** Every bundle that the linear program has. */
  bundles: Bundle[]
  /** How much of each bundle its optimum takes, 0 to 1; empty when there is none. */
  taken: number[]
}

/**
 * Column generation: the linear relaxation of the master over all bundles, without listing them. Its optimum over the
 * bundles known prices the rows; a bundle worth more than its price is added; without one the optimum is that over all.
 *
 * The bundles given must hold an allocation that keeps what is settled. `enough` says when a bound is low enough.
 */
export async function generateColumns(
  relaxation: PriceRelaxation,
  master: Master,
  bundles: readonly Bundle[],
  start: Priced,
  enough: (bound: number) => boolean,
  deadline: Deadline,
): Promise<Columns> {
  const pool = [...bundles]
  const known = new Set(pool.map(keyOf))
  let best = start
  let taken: number[] = []
  const program = await LinearProgram.open(master.rows, master.first)
  try {
    program.add(pool.map(bundle => master.column(bundle)))
    let from = 0
    for (let round = 0; round < roundLimit && !deadline.shouldStop(); round++) {
      const answer = program.solve(deadline.remaining(), round > 0)
      if (!answer) break
      taken = [...answer.values.subarray(master.first.length)]
      const prices = master.prices(answer.duals)
      const workers = master.workerPrices(answer.duals)
      const fresh: Bundle[] = []
      for (let at = from; at < shares.length && fresh.length === 0; at++) {
        const priced = relaxation.at(mixPrices(best.prices, prices, shares[at]!))
        if (priced.bound < best.bound) best = priced
        priced.chosen.forEach((items, worker) => {
          if (items.length === 0) return
          const bundle = relaxation.pricer.bundle(worker, items)
          if (relaxation.reduced(bundle, prices) <= workers[worker]! + 1e-6 || known.has(keyOf(bundle)))
            return
          known.add(keyOf(bundle))
          fresh.push(bundle)
        })
        from = at
        if (deadline.shouldStop()) break
      }
      if (fresh.length === 0 || enough(best.bound) || best.bound - answer.objective < near) break
      pool.push(...fresh)
      program.add(fresh.map(bundle => master.column(bundle)))
    }
  } finally {
    program.dispose()
  }
  return { best, bundles: pool, taken }
}

function keyOf({ worker, items }: Bundle): string {
  return `${worker}:${items.length > 1 ? [...items].sort((a, b) => a - b).join() : items[0]}`
}
