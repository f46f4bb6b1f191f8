import type { Room } from './candidates.ts'
import { Draft } from './draft.ts'
import type { LinearModel } from './engines/model.ts'

/** "At least this much of the weights is placed": what the levels above have settled. Weights are by unit. */
export interface Settled {
  weights: number[]
  least: number
}

/**
 * The compact model: one column per pair.
 *
 *   x[i,w] in {0,1}   item i goes to worker w
 *   y[u]   in {0,1}   unit (case) u is placed
 *   z[w]   in {0,1}   worker w gets a case that is no emergency
 *   t[g,w] in {0,1}   worker w has the primary seats of group g
 *   q[w,k] >= 0       hours of worker w in the k-th piece of the load cost (only when values count)
 *
 *   sum_w x[i,w] = y[u]                               every item of a placed unit, and no half duo
 *   sum_i h[i,w] x[i,w] <= hard_w - (hard_w - band_w) z[w],   x[i,w] <= z[w] for i no emergency
 *   sum_i x[i,w] <= new_w,  sum over heavy i <= heavy_w,  both seats of one duo: x + x <= 1
 *   x[i,w] <= t[g,w],  sum_w t[g,w] <= 1
 *   sum_u weight[u] y[u] >= least                      for every level settled before
 *
 * Its relaxation is weak where load cost counts, so it serves the levels about which cases are placed, and as an
 * independent yardstick for the bundles in tests and in the benchmark.
 */
export function compactModel(
  room: Room,
  goal: { weights: readonly number[]; values: boolean },
  settled: readonly Settled[],
): { model: LinearModel; read: (values: readonly number[]) => Draft | null } {
  const model: LinearModel = { objective: [], columns: [], rows: [] }
  const column = (objective: number, integer = true, upper = 1): number => {
    model.objective.push(objective)
    model.columns.push({ integer, upper })
    return model.columns.length - 1
  }
  const row = (min: number, max: number, entries: [number, number][]): void => {
    model.rows.push({ min, max, columns: entries.map(one => one[0]), values: entries.map(one => one[1]) })
  }
  const minus = Number.NEGATIVE_INFINITY

  const y = room.units.map((_, unit) => column(goal.weights[unit]!))
  const covers: [number, number][][] = room.items.map(item => [[y[item.unit]!, -1]])
  const holders: [number, number][][] = Array.from({ length: room.groupCount }, () => [])
  const pairs: { item: number; worker: number; column: number }[] = []

  room.workers.forEach((worker, index) => {
    if (worker.candidates.length === 0) return
    const xs = worker.candidates.map(candidate => {
      const x = column(goal.values ? candidate.points : 0)
      pairs.push({ item: candidate.item, worker: index, column: x })
      covers[candidate.item]!.push([x, 1])
      return { x, candidate, item: room.items[candidate.item]! }
    })
    const calm = xs.filter(one => !one.item.emergency)
    const mixed = calm.length > 0 && calm.length < xs.length && worker.hardLimit > worker.bandLimit
    const limit = calm.length === 0 || mixed ? worker.hardLimit : worker.bandLimit
    const hours: [number, number][] = xs.map(one => [one.x, one.candidate.hours])
    if (mixed) {
      const z = column(0)
      for (const one of calm)
        row(minus, 0, [
          [one.x, 1],
          [z, -1],
        ])
      hours.push([z, worker.hardLimit - worker.bandLimit])
    }
    row(minus, limit - worker.baseHours, hours)
    if (xs.length > worker.newRoom)
      row(
        minus,
        worker.newRoom,
        xs.map(one => [one.x, 1]),
      )
    const heavy = xs.filter(one => one.item.heavy)
    if (heavy.length > worker.heavyRoom)
      row(
        minus,
        worker.heavyRoom,
        heavy.map(one => [one.x, 1]),
      )
    const seats = new Map<number, number>()
    const groups = new Map<number, number>()
    for (const one of xs) {
      const other = seats.get(one.item.unit)
      if (other !== undefined)
        row(minus, 1, [
          [other, 1],
          [one.x, 1],
        ])
      seats.set(one.item.unit, one.x)
      if (one.item.group < 0) continue
      let t = groups.get(one.item.group)
      if (t === undefined) {
        t = column(0)
        groups.set(one.item.group, t)
        holders[one.item.group]!.push([t, 1])
      }
      row(minus, 0, [
        [one.x, 1],
        [t, -1],
      ])
    }
    if (goal.values) addLoadCost(room, index, xs, column, row)
  })
  covers.forEach(entries => {
    row(0, 0, entries)
  })
  holders.forEach(entries => {
    if (entries.length > 1) row(minus, 1, entries)
  })
  for (const level of settled) {
    const entries = y.flatMap((one, unit): [number, number][] =>
      level.weights[unit] ? [[one, level.weights[unit]!]] : [],
    )
    if (entries.length > 0) row(level.least, Number.POSITIVE_INFINITY, entries)
  }
  return { model, read: values => readPairs(room, pairs, values) }
}

function addLoadCost(
  room: Room,
  index: number,
  xs: readonly { x: number; candidate: { hours: number } }[],
  column: (objective: number, integer?: boolean, upper?: number) => number,
  row: (min: number, max: number, entries: [number, number][]) => void,
): void {
  const worker = room.workers[index]!
  const steps = [{ from: 0, pointsPerHour: 0 }, ...room.policy.loadCost]
  const entries: [number, number][] = xs.map(one => [one.x, -one.candidate.hours])
  steps.forEach((step, k) => {
    const from = Math.max(worker.baseHours, Math.round(step.from * worker.norm))
    const next = steps[k + 1]
    const until = next ? Math.round(next.from * worker.norm) : Number.POSITIVE_INFINITY
    if (until > from) entries.push([column(-step.pointsPerHour, false, until - from), 1])
  })
  row(0, 0, entries)
}

/** Rebuilds the allocation from the pairs; null when the engine's values are no allocation. */
function readPairs(
  room: Room,
  pairs: readonly { item: number; worker: number; column: number }[],
  values: readonly number[],
): Draft | null {
  const draft = new Draft(room)
  for (const { item, worker, column } of pairs) {
    if (values[column]! < 0.5) continue
    if (!draft.fits(worker, item)) return null
    draft.put(worker, item)
  }
  draft.dropIncomplete()
  return draft
}
