import { LinearProgram } from '../engines/highs.ts'
import type { Column } from '../engines/model.ts'
import { type Alike, alike } from './alike.ts'
import type { Dual } from './dual.ts'
import type { Knapsacks } from './knapsack.ts'
import type { Shape } from './shape.ts'

/** Prices for new columns lie this far towards the best ones known, so that they do not jump about; 0 is the plain program. */
const shares = [0.7, 0.3, 0]
/** Prices are multiples of 1/64 and all values are whole, so the bound is computed without rounding. */
const grain = 64
const roundLimit = 300
/** Cells of tables, about a second; large bundles take many rounds, and there branch and bound does more. */
const cellLimit = 3e8
/** The bound is taken for the optimum of the linear program when it is this near, in units. */
const near = 0.25

export interface ColumnLimits {
  /** Stop when the bound is at most this. */
  enough: number
  deadline: { shouldStop: () => boolean; remaining: () => number }
  /** Options by job of an assignment known: it makes the first columns. */
  start: Int32Array
}

/**
 * The lowest Lagrangian bound there is (see dual.ts), by columns: a linear program over bundles of the workers, priced by their
 * knapsacks. Where a walk goes round in circles, as with many equal jobs or with rows over several workers, this ends.
 *
 *   maximise  Σ_b value_b x_b + Σ_leave value x        value_b: of its options, less the rise
 *   Σ_{b of workers that are alike} x_b ≤ how many they are
 *   Σ_b (jobs of b in the class) x_b + Σ_leave x = how many jobs the class has
 *   Σ_b weight_rb x_b + Σ_leave weight_r x ≤ limit_r
 */
export async function columnPrices(
  shape: Shape,
  knapsacks: Knapsacks,
  from: Float64Array,
  { enough, deadline, start }: ColumnLimits,
): Promise<Pick<Dual, 'prices' | 'bound'>> {
  const { jobs, rows } = shape
  const status = new Int8Array(shape.job.length)
  const master = new Bundles(shape, alike(shape))
  const cells = () => knapsacks.work.cells
  /** Bound at some prices, with what each worker would take. */
  const priceAt = (prices: Float64Array, duals: Float64Array | null): { bound: number; fresh: Column[] } => {
    const fresh: Column[] = []
    let bound = 0
    for (let j = 0; j < jobs; j++) bound += prices[j]!
    rows.forEach((row, r) => {
      bound += prices[jobs + r]! * row.limit
    })
    for (let worker = 0; worker < shape.workers.length; worker++) {
      const count = master.alikeTo(worker)
      if (count === 0) continue
      bound += count * knapsacks.best(worker, prices, status)
      if (duals === null || worker === shape.workers.length - 1) continue
      const column = master.column(worker, knapsacks.bundle.subarray(0, knapsacks.size))
      if (column && master.gain(column, duals) > 1e-6 && master.isNew(column)) fresh.push(column)
    }
    return { bound, fresh }
  }
  const best = { prices: from.slice(), bound: priceAt(from, null).bound }
  const program = await LinearProgram.open(master.rows, [])
  try {
    program.add(
      master.first,
      master.first.map(() => jobs),
    )
    program.add(master.columnsOf(start))
    let at = 0
    for (let round = 0; round < roundLimit && cells() < cellLimit && !deadline.shouldStop(); round++) {
      const answer = program.solve(deadline.remaining(), round > 0)
      if (!answer) break
      const duals = master.prices(answer.duals)
      let fresh: Column[] = []
      for (; at < shares.length; at++) {
        const prices = mixed(best.prices, duals, shares[at]!, jobs)
        const priced = priceAt(prices, answer.duals)
        if (priced.bound < best.bound) Object.assign(best, { bound: priced.bound, prices })
        fresh = priced.fresh
        if (fresh.length > 0 || deadline.shouldStop()) break
      }
      if (fresh.length === 0 || best.bound <= enough || best.bound - answer.objective < near) break
      program.add(fresh)
    }
  } finally {
    program.dispose()
  }
  return best
}

/** Between two sets of prices: `share` of the first, the rest of the second; on the grain, those of rows at least 0. */
function mixed(one: Float64Array, other: Float64Array, share: number, jobs: number): Float64Array {
  return one.map((price, index) => {
    const value = Math.round((share * price + (1 - share) * other[index]!) * grain) / grain
    return index < jobs ? value : Math.max(0, value)
  })
}

/** The rows of the program, and bundles as its columns. */
class Bundles {
  readonly rows: { min: number; max: number }[] = []
  /** What leaves a job to nobody, by option of the last worker. */
  readonly first: Column[]
  private readonly shape: Shape
  private readonly groups: Alike
  /** Of the first job and worker of each class; -1 for the others. */
  private readonly jobRow: Int32Array
  private readonly workerRow: Int32Array
  private readonly sharedRow: number
  private readonly workerCount: Int32Array
  private readonly known = new Set<string>()

  constructor(shape: Shape, groups: Alike) {
    this.shape = shape
    this.groups = groups
    const people = shape.workers.length - 1
    const jobCount = countOf(groups.jobs)
    this.workerCount = countOf(groups.workers)
    this.workerRow = new Int32Array(people + 1).fill(-1)
    this.jobRow = new Int32Array(shape.jobs).fill(-1)
    for (let w = 0; w < people; w++) {
      if (this.workerCount[w]! > 0)
        this.workerRow[w] = this.rows.push({ min: Number.NEGATIVE_INFINITY, max: this.workerCount[w]! }) - 1
    }
    for (let j = 0; j < shape.jobs; j++) {
      if (jobCount[j]! > 0) this.jobRow[j] = this.rows.push({ min: jobCount[j]!, max: jobCount[j]! }) - 1
    }
    this.sharedRow = this.rows.length
    for (const { limit } of shape.rows) this.rows.push({ min: Number.NEGATIVE_INFINITY, max: limit })
    const { first, last } = shape.workers[people]!
    const leaves = new Map<string, Column>()
    for (let option = first; option < last; option++) {
      const column = this.column(people, [option])
      if (column) leaves.set(keyOf(column), column)
    }
    this.first = [...leaves.values()]
  }

  /** How many workers are like this one, if it is the first of them; else 0. */
  alikeTo(worker: number): number {
    return this.workerCount[worker]!
  }

  /** A bundle as a column; null for one of nothing. */
  column(worker: number, options: ArrayLike<number>): Column | null {
    const { shape, groups } = this
    if (options.length === 0) return null
    const uses = new Map<number, number>()
    const use = (row: number, by: number) => uses.set(row, (uses.get(row) ?? 0) + by)
    let value = 0
    let hours = 0
    for (let i = 0; i < options.length; i++) {
      const option = options[i]!
      value += shape.value[option]!
      hours += shape.hours[option]!
      use(this.jobRow[groups.jobs[shape.job[option]!]!]!, 1)
      const inRows = shape.rowsOf[option]!
      for (let k = 0; k < inRows.length; k += 2) use(this.sharedRow + inRows[k]!, inRows[k + 1]!)
    }
    const { rise } = shape.workers[worker]!
    if (rise) value -= rise[hours]!
    const row = this.workerRow[groups.workers[worker]!]!
    if (row >= 0) use(row, 1)
    const entries = [...uses].filter(([, by]) => by !== 0).sort(([a], [b]) => a - b)
    return { cost: value, rows: entries.map(one => one[0]), values: entries.map(one => one[1]) }
  }

  /** The bundles of an assignment (option by job). */
  columnsOf(assignment: Int32Array): Column[] {
    const held = this.shape.workers.map((): number[] => [])
    for (const option of assignment) if (option >= 0) held[this.shape.worker[option]!]!.push(option)
    held.pop()
    return held.flatMap((options, worker) => {
      const column = this.column(worker, options)
      return column && this.isNew(column) ? [column] : []
    })
  }

  isNew(column: Column): boolean {
    const key = keyOf(column)
    if (this.known.has(key)) return false
    this.known.add(key)
    return true
  }

  /** What a column adds at these duals. */
  gain({ cost, rows, values }: Column, duals: Float64Array): number {
    return rows.reduce((sum, row, k) => sum - duals[row]! * values[k]!, cost)
  }

  /** The duals as prices of jobs and then of rows. */
  prices(duals: Float64Array): Float64Array {
    const { shape, groups } = this
    const prices = new Float64Array(shape.jobs + shape.rows.length)
    for (let j = 0; j < shape.jobs; j++) prices[j] = duals[this.jobRow[groups.jobs[j]!]!]!
    shape.rows.forEach((_, r) => {
      prices[shape.jobs + r] = duals[this.sharedRow + r]!
    })
    return prices
  }
}

function countOf(classes: Int32Array): Int32Array {
  const count = new Int32Array(classes.length)
  for (const first of classes) count[first]!++
  return count
}

function keyOf({ cost, rows, values }: Column): string {
  return `${cost}:${rows.join()}:${values.join()}`
}
