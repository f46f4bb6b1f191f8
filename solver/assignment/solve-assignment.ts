import type { Ladder } from '../problem/ladder.ts'
import { branch, penalties, worth } from './branch.ts'
import { Chains } from './chains.ts'
import { descend, startPrices } from './dual.ts'
import { dive, reshuffle } from './improve.ts'
import { Knapsacks, type Work } from './knapsack.ts'
import { Search } from './local-search.ts'
import { randomSource } from './random.ts'
import type { Shape } from './shape.ts'

/** Cells of the first turn of branch and bound and of dealing parts out again; every next turn has twice as many. */
const slice = 1e8

export interface DenseLimits {
  /** Cells of tables: the work limit, the same on every machine. About 300 million take a second. */
  cells: number
  shouldStop: () => boolean
  report: (value: number, bound: number) => void
  /** The value (units) of a whole assignment, or null when it breaks something that the shape leaves out. */
  judge?: (assignment: Int32Array) => number | null
  /** The values that there can be; absent: multiples of the grid. */
  ladder?: Ladder
  /** Prices known from elsewhere, of jobs and then of rows, to begin with if they are better. */
  prices?: Float64Array
}

export interface DenseResult {
  /** Option by job; null when no assignment was found. */
  best: Int32Array | null
  /** -Infinity without an assignment. */
  value: number
  /** Proven. -Infinity when it is proven that no assignment exists. */
  bound: number
  /** Of jobs, then of rows: where the walk ended. Branch and bound may have gone below the bound that they prove. */
  prices: Float64Array
  nodes: number
}

/**
 * The best assignment of a shape with a proven bound: prices, local search, branch and bound on small gaps, a dive, parts
 * dealt out again, and branch and bound with what is left of the work. `start` (option by job, -1 where open) may be empty.
 */
export function solveDense(shape: Shape, start: Int32Array, limits: DenseLimits): DenseResult {
  const work: Work = { cells: 0 }
  const stop = () => work.cells >= limits.cells || limits.shouldStop()
  const knapsacks = new Knapsacks(shape, work)
  const status = new Int8Array(shape.job.length)
  const result: DenseResult = {
    best: null,
    value: Number.NEGATIVE_INFINITY,
    bound: Number.POSITIVE_INFINITY,
    prices: new Float64Array(shape.jobs + shape.rows.length),
    nodes: 0,
  }
  const ladder = limits.ladder ?? {
    below: bound => Math.floor(bound / shape.grid) * shape.grid,
    above: value => value + shape.grid,
  }
  /** A bound this low leaves nothing better. */
  const enoughFor = (value: number) => (Number.isFinite(value) ? ladder.above(value) - 1 / 64 : value)
  const lower = (bound: number): void => {
    result.bound = Math.max(result.value, Math.min(result.bound, ladder.below(bound)))
    limits.report(result.value, result.bound)
  }
  const judge = limits.judge ?? (assignment => worth(shape, assignment))
  const offer = (assignment: Int32Array): boolean => {
    const value = judge(assignment)
    if (value === null || value <= result.value) return false
    result.best = Int32Array.from(assignment)
    result.value = value
    limits.report(result.value, result.bound)
    return true
  }
  const search = new Search(shape)
  /** Offers a whole assignment, and what chains make of it. */
  const polish = (assignment: Int32Array): void => {
    offer(assignment)
    const better = Int32Array.from(assignment)
    chains.improve(better, stop)
    offer(better)
  }
  if (shape.optionsOf.some(options => options.length === 0))
    return { ...result, bound: Number.NEGATIVE_INFINITY }
  if (!start.includes(-1) && search.offer(start)) offer(start)

  // Prices, and a first assignment near them.
  const { prices, rates } = startPrices(shape)
  const chains = new Chains(shape, rates, work)
  const walk = {
    enough: Number.NEGATIVE_INFINITY,
    reach: 0,
    patience: 1,
    pace: 1,
    steps: 1,
    shouldStop: stop,
  }
  let first = descend(shape, knapsacks, status, { prices }, walk)
  if (limits.prices) {
    const given = descend(shape, knapsacks, status, { prices: limits.prices }, walk)
    if (given.bound < first.bound) first = given
  }
  if (first.bound === Number.NEGATIVE_INFINITY) return { ...result, bound: first.bound }
  const reach = Math.max(shape.grid, Math.abs(first.bound) * 0.01)
  let root = first
  const tighten = (steps: number, pace: number, patience: number): void => {
    const enough = enoughFor(result.value)
    // The first prices know no rows. Where those bind, the bound begins far off, and small aims would never get there.
    const aim = Number.isFinite(result.value) ? Math.max(reach, (root.bound - result.value) / 2) : reach
    const tighter = descend(shape, knapsacks, status, root, {
      ...walk,
      enough,
      reach: aim,
      pace,
      patience,
      steps,
    })
    if (tighter.bound < root.bound) root = tighter
    result.prices = root.prices
    lower(root.bound)
    penalties(shape, knapsacks, root.prices, status, penalty)
  }
  const penalty = new Float64Array(shape.job.length)
  tighten(300, 1.5, 10)
  if (result.bound <= result.value) return result
  const lists = shortLists(shape, penalty, start, 5)
  const look = (from: Int32Array, moves: number, seed: number): void => {
    search.run(from, lists, { moves, enough: result.bound, seed, shouldStop: stop })
    if (search.bestValue > result.value) polish(search.best)
  }
  look(
    Int32Array.from(lists, options => options[0]!),
    200,
    1,
  )
  if (!start.includes(-1)) look(start, 200, 1)
  if (result.bound > result.value) tighten(800, 1, 20)
  if (result.bound <= result.value) return result

  // Small gaps close here.
  const prove = (nodes: number, cells: number): void => {
    const until = work.cells + cells
    const shouldStop = () => work.cells >= until || stop()
    const found = branch(shape, knapsacks, root, result.value, {
      nodes,
      steps: 10,
      shouldStop,
      judge,
      enoughFor,
    })
    result.nodes += found.nodes
    if (found.best) offer(found.best)
    lower(found.bound)
  }
  prove(200 + 2 * shape.jobs, slice)
  if (result.bound <= result.value) return result

  // Better assignments: one dive, then parts dealt out again, and in between branch and bound with ever more work.
  const next = randomSource(1)
  let noise = 0
  const diveFrom = (share: number): Int32Array => {
    const dived = dive(
      shape,
      knapsacks,
      root,
      Math.max(shape.grid, reach * share),
      stop,
      () => noise * next(),
    )
    if (dived.includes(-1)) look(dived, 300, 2)
    else polish(dived)
    noise = 0.1
    return dived
  }
  let dived = diveFrom(0.02)
  // Few options left per job: branch and bound is likely to finish.
  const isNarrow = () => {
    const open = penalty.reduce((sum, one) => sum + (root.bound - one > enoughFor(result.value) ? 1 : 0), 0)
    return open < 3 * shape.jobs
  }
  let size = 24
  let gap = result.bound - result.value
  for (let cells = slice, seed = 1; result.bound > result.value && !stop(); cells *= 2, seed++) {
    if (result.best) {
      const assignment = Int32Array.from(result.best)
      const until = work.cells + cells
      size = reshuffle(shape, root, penalty, assignment, work, {
        size,
        enough: result.bound,
        seed,
        shouldStop: () => work.cells >= until || stop(),
        offer: () => {
          const better = offer(assignment)
          if (better) chains.improve(assignment, stop)
          return offer(assignment) || better
        },
      })
      if (result.bound > result.value && !stop()) dived = diveFrom(0.01 + 0.03 * next())
    } else {
      look(dived, 300 * seed, 2 + seed)
      if (!result.best) dived = diveFrom(0.1 * next())
    }
    // A walk is worth its time when the aim has come much closer.
    if (result.bound - result.value < 0.6 * gap) {
      tighten(400, 1, 20)
      gap = result.bound - result.value
    }
    if (result.bound > result.value) prove(1_000_000, isNarrow() ? cells : cells / 5)
  }
  return result
}

/** Per job its options by how little they cost the bound, and the one it starts with. */
function shortLists(shape: Shape, penalty: Float64Array, start: Int32Array, length: number): Int32Array[] {
  return shape.optionsOf.map((options, job) => {
    const list = [...options].sort((a, b) => penalty[a]! - penalty[b]! || a - b).slice(0, length)
    if (start[job]! >= 0 && !list.includes(start[job]!)) list.push(start[job]!)
    return Int32Array.from(list)
  })
}
