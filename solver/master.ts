import type { Bundle } from './bundles.ts'
import type { Room } from './candidates.ts'
import type { Settled } from './compact.ts'
import { Draft } from './draft.ts'
import type { LinearModel } from './engines/model.ts'

/**
 * The master: at most one bundle per worker, every case covered.
 *
 *   maximise  sum_b value[b] x[b]
 *   sum over bundles of worker w of x[b] <= 1                       (none: the worker gets nothing)
 *   sum over bundles with item i of x[b] = y[unit of i]             for a unit that must be placed: = 1
 *   sum over bundles with a primary seat of group g of x[b] <= 1
 *   sum_b (pairs of b in shared row r) x[b] <= limit_r
 *   sum_u weight[u] y[u] >= least                                   for every level settled before
 *   x, y in {0,1}
 *
 * Everything that is limited per worker (hours, new and heavy cases, two seats of one duo, the load cost however bent)
 * lives inside the bundle, so the relaxation is nearly whole.
 */
export function masterModel(
  room: Room,
  bundles: readonly Bundle[],
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
): { model: LinearModel; read: (values: readonly number[]) => Draft | null } {
  const model: LinearModel = { objective: [], columns: [], rows: [] }
  const perWorker = new Map<number, number[]>()
  const perItem: number[][] = room.items.map(() => [])
  const perGroup: number[][] = Array.from({ length: room.groupCount }, () => [])
  const perShared: Map<number, number>[] = room.shared.map(() => new Map())
  bundles.forEach((bundle, b) => {
    model.objective.push(bundle.value)
    // The worker's row keeps x at or under 1, so the column needs no bound of its own.
    model.columns.push({ integer: true, upper: Number.POSITIVE_INFINITY })
    perWorker.set(bundle.worker, [...(perWorker.get(bundle.worker) ?? []), b])
    const groups = new Set<number>()
    const { candidates, byItem } = room.workers[bundle.worker]!
    for (const item of bundle.items) {
      for (const row of candidates[byItem[item]!]!.shared) {
        perShared[row]!.set(b, (perShared[row]!.get(b) ?? 0) + 1)
      }
      perItem[item]!.push(b)
      if (room.items[item]!.group >= 0) groups.add(room.items[item]!.group)
    }
    for (const group of groups) perGroup[group]!.push(b)
  })
  const y = room.units.map((_, unit) => {
    if (mustPlace[unit]) return -1
    model.objective.push(0)
    model.columns.push({ integer: true, upper: 1 })
    return model.columns.length - 1
  })
  const minus = Number.NEGATIVE_INFINITY
  const ones = (columns: readonly number[]) => columns.map(() => 1)
  for (const columns of perWorker.values())
    model.rows.push({ min: minus, max: 1, columns, values: ones(columns) })
  perItem.forEach((columns, item) => {
    const unit = y[room.items[item]!.unit]!
    if (unit < 0) model.rows.push({ min: 1, max: 1, columns, values: ones(columns) })
    else model.rows.push({ min: 0, max: 0, columns: [...columns, unit], values: [...ones(columns), -1] })
  })
  for (const columns of perGroup) {
    if (columns.length > 1) model.rows.push({ min: minus, max: 1, columns, values: ones(columns) })
  }
  perShared.forEach((uses, row) => {
    if (uses.size === 0) return
    const { limit } = room.shared[row]!
    model.rows.push({ min: minus, max: limit, columns: [...uses.keys()], values: [...uses.values()] })
  })
  for (const level of settled) {
    const units = room.units.flatMap((_, unit) => (level.weights[unit] && y[unit]! >= 0 ? [unit] : []))
    if (units.length === 0) continue
    model.rows.push({
      min: level.least,
      max: Number.POSITIVE_INFINITY,
      columns: units.map(unit => y[unit]!),
      values: units.map(unit => level.weights[unit]!),
    })
  }
  return { model, read: values => readBundles(room, bundles, values) }
}

function readBundles(room: Room, bundles: readonly Bundle[], values: readonly number[]): Draft | null {
  const draft = new Draft(room)
  for (let b = 0; b < bundles.length; b++) {
    if (values[b]! < 0.5) continue
    const { worker, items } = bundles[b]!
    for (const item of items) {
      if (!draft.fits(worker, item)) return null
      draft.put(worker, item)
    }
  }
  draft.dropIncomplete()
  return draft
}
