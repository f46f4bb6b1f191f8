import type { Column, LinearModel, Row } from '../engines/model.ts'
import type { Bundle } from './bundles.ts'
import { Draft } from './draft.ts'
import { type DualPrices, openLevels, type Stage, zeroPrices } from './price-relaxation.ts'

/**
 * The rows of the master over bundles: at most one bundle per worker, every case covered.
 *
 *   maximise  sum_b value[b] x[b] + sum_u goal[u] y[u]
 *   sum over bundles of worker w of x[b] <= 1                       (none: the worker gets nothing)
 *   sum over bundles with item i of x[b] = y[unit of i]             for a unit that must be placed: = 1
 *   sum over bundles with a primary seat of group g of x[b] <= 1
 *   sum_b uses[b,r] x[b] <= limit[r]                                for every row r over pairs of several workers
 *   sum_u weight[u] y[u] >= least                                   for every level settled before
 *   x, y in {0,1}
 *
 * Where only placing counts, "=" for a seat is ">=": somebody can always be relieved of a seat that two would have, so only
 * bundles to which nothing can be added are needed, but for what uses a row over several workers.
 *
 * Everything that is limited per worker (hours, new and heavy cases, two seats of one duo, the load cost however bent)
 * lives inside the bundle, so the relaxation is nearly whole.
 */
export class Master {
  readonly stage: Stage
  /** Lower and upper limit of each row. */
  readonly rows: { min: number; max: number }[] = []
  /** The columns that stand before the bundles: y of every unit that may stay unplaced. */
  readonly first: Column[] = []
  private readonly workerRow: Int32Array
  private readonly itemRow: number
  private readonly groupRow: number
  private readonly sharedRow: number
  private readonly levelRow: number

  constructor(stage: Stage) {
    this.stage = stage
    const { instance, goal, mustPlace } = stage
    const row = (min: number, max: number) => this.rows.push({ min, max }) - 1
    const minus = Number.NEGATIVE_INFINITY
    this.workerRow = Int32Array.from(instance.workers, one =>
      one.candidates.length > 0 ? row(minus, 1) : -1,
    )
    this.itemRow = this.rows.length
    for (const item of instance.items) {
      const least = mustPlace[item.unit] ? 1 : 0
      row(least, goal ? Number.POSITIVE_INFINITY : least)
    }
    this.groupRow = this.rows.length
    for (let group = 0; group < instance.groupCount; group++) row(minus, 1)
    this.sharedRow = this.rows.length
    for (const { limit } of instance.shared) row(minus, limit)
    this.levelRow = this.rows.length
    const levels = openLevels(stage)
    // What must be placed has no column, so it is taken off what the level asks.
    for (const { weights, least } of levels) {
      const given = weights.reduce((sum, weight, unit) => sum + (mustPlace[unit] ? weight : 0), 0)
      row(least - given, Number.POSITIVE_INFINITY)
    }
    const wanted = new Set(instance.workers.flatMap(one => one.candidates.map(({ item }) => item)))
    instance.units.forEach((unit, index) => {
      if (mustPlace[index] || unit.items.some(item => !wanted.has(item))) return
      const weighty = levels.flatMap((level, k) => (level.weights[index] ? [k] : []))
      this.first.push({
        cost: goal?.[index] ?? 0,
        rows: [...unit.items.map(item => this.itemRow + item), ...weighty.map(k => this.levelRow + k)],
        values: [...unit.items.map(() => -1), ...weighty.map(k => levels[k]!.weights[index]!)],
      })
    })
  }

  column(bundle: Bundle): Column {
    const { items, workers } = this.stage.instance
    const { candidates, byItem } = workers[bundle.worker]!
    const rows = [this.workerRow[bundle.worker]!]
    const values = [1]
    const add = (row: number, once: boolean) => {
      const at = rows.indexOf(row)
      if (at < 0) {
        rows.push(row)
        values.push(1)
      } else if (!once) values[at]!++
    }
    for (const item of bundle.items) {
      add(this.itemRow + item, true)
      if (items[item]!.group >= 0) add(this.groupRow + items[item]!.group, true)
      for (const shared of candidates[byItem[item]!]!.shared) add(this.sharedRow + shared, false)
    }
    return { cost: bundle.value, rows, values }
  }

  /** The prices of the rows from their duals in the linear relaxation. */
  prices(duals: ArrayLike<number>): DualPrices {
    const prices = zeroPrices(this.stage.instance, this.rows.length - this.levelRow)
    const take = (part: Float64Array, first: number, sign: 1 | -1) => {
      for (let k = 0; k < part.length; k++) part[k] = sign * duals[first + k]!
    }
    take(prices.items, this.itemRow, 1)
    take(prices.groups, this.groupRow, 1)
    take(prices.shared, this.sharedRow, 1)
    take(prices.levels, this.levelRow, -1)
    return prices
  }

  /** Price of each worker's row: 0 for a worker without candidates. */
  workerPrices(duals: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.workerRow, row => (row < 0 ? 0 : duals[row]!))
  }

  /** The integer master over these bundles. */
  model(bundles: readonly Bundle[]): LinearModel {
    const rows = this.rows.map(({ min, max }): Row => ({ min, max, columns: [], values: [] }))
    const model: LinearModel = { objective: [], columns: [], rows }
    const add = (column: Column, upper: number) => {
      const index = model.objective.push(column.cost) - 1
      model.columns.push({ integer: true, upper })
      column.rows.forEach((row, k) => {
        rows[row]!.columns.push(index)
        rows[row]!.values.push(column.values[k]!)
      })
    }
    for (const column of this.first) add(column, 1)
    // The worker's row keeps x at or under 1, so the column needs no bound of its own.
    for (const bundle of bundles) add(this.column(bundle), Number.POSITIVE_INFINITY)
    return { ...model, rows: rows.filter(row => row.columns.length > 0 || row.min > 0 || row.max < 0) }
  }

  /** The allocation of an integer answer; null when it does not fit after all. */
  read(bundles: readonly Bundle[], values: readonly number[]): Draft | null {
    const draft = new Draft(this.stage.instance)
    for (let b = 0; b < bundles.length; b++) {
      if (values[this.first.length + b]! < 0.5) continue
      const { worker, items } = bundles[b]!
      for (const item of inFittingOrder(draft, worker, items)) {
        if (this.stage.goal && draft.workerOf[item]! >= 0) continue
        if (!draft.fits(worker, item)) return null
        draft.assign(worker, item)
      }
    }
    draft.dropIncomplete()
    return draft
  }
}

/** The items of each worker, in order. */
export function bundlesOf(draft: Draft): number[][] {
  const items: number[][] = draft.instance.workers.map(() => [])
  draft.workerOf.forEach((worker, item) => {
    if (worker >= 0) items[worker]!.push(item)
  })
  return items
}

/** What stays first: alone it fits always, and what comes after is tested with everything that is there. */
function inFittingOrder(draft: Draft, worker: number, items: readonly number[]): number[] {
  return [...items].sort(
    (a, b) => Number(draft.candidate(worker, b)?.stays) - Number(draft.candidate(worker, a)?.stays),
  )
}
