import type { LinearModel } from '../engines/model.ts'
import { Draft } from './draft.ts'
import { type Candidate, type Instance, type InstanceWorker, type Item, riseOf } from './instance.ts'

/** "At least this much of the weights is placed": what the levels above have settled. Weights are by unit. */
export interface Settled {
  weights: number[]
  least: number
}

export interface CompactModel {
  model: LinearModel
  /** The allocation of an engine's values; null when they are none. */
  read: (values: readonly number[]) => Draft | null
  /** The columns of pairs and units with their values in an allocation: a start for an engine. */
  write: (draft: Draft) => { columns: number[]; values: number[] }
  /** Where rows stand in the model: by item, by shared row and by settled level; -1 for one that is left out. */
  rowsOf: { items: number[]; shared: number[]; levels: number[] }
}

/**
 * The compact model: one column per pair.
 *
 *   x[i,w] in {0,1}   item i goes to worker w
 *   y[u]   in {0,1}   unit (case) u is placed
 *   f[w]   in {0,1}   worker w gets a case that is not there already
 *   z[w]   in {0,1}   worker w gets such a case that is no emergency
 *   t[g,w] in {0,1}   worker w has the primary seats of group g
 *   q[w,k] >= 0       hours of worker w in the k-th piece of the load cost (only when values count)
 *
 *   sum_w x[i,w] = y[u]                               every item of a placed unit, and no half duo
 *   sum_i h[i,w] x[i,w] <= band_w, hard_w or more, by f and z (see addHours)
 *   sum over i that use counter c of x[i,w] <= limit_w,c,  both seats of one duo: x + x <= 1
 *   x[i,w] <= t[g,w],  sum_w t[g,w] <= 1
 *   sum over pairs that name shared row r of x[i,w] <= limit_r
 *   sum_u weight[u] y[u] >= least                      for every level settled before
 *
 * Its relaxation is weak where load cost counts, so it serves the levels about which cases are placed, and as an
 * independent yardstick for the bundles in tests and in the benchmark.
 */
export function compactModel(
  instance: Instance,
  goal: { weights: readonly number[]; values: boolean },
  settled: readonly Settled[],
): CompactModel {
  const model: LinearModel = { objective: [], columns: [], rows: [] }
  const column = (objective: number, integer = true, upper = 1): number => {
    model.objective.push(objective)
    model.columns.push({ integer, upper })
    return model.columns.length - 1
  }
  const row = (min: number, max: number, entries: [number, number][]): number =>
    model.rows.push({ min, max, columns: entries.map(one => one[0]), values: entries.map(one => one[1]) }) - 1
  const y = instance.units.map((_, unit) => column(goal.weights[unit]!))
  const covers: [number, number][][] = instance.items.map(item => [[y[item.unit]!, -1]])
  const holders: [number, number][][] = Array.from({ length: instance.groupCount }, () => [])
  const pairs: { item: number; worker: number; column: number }[] = []

  const sharers: [number, number][][] = instance.shared.map(() => [])

  instance.workers.forEach((worker, index) => {
    if (worker.candidates.length === 0) return
    const xs = worker.candidates.map(candidate => {
      const x = column(goal.values ? candidate.points : 0)
      pairs.push({ item: candidate.item, worker: index, column: x })
      covers[candidate.item]!.push([x, 1])
      return { x, candidate, item: instance.items[candidate.item]! }
    })
    addHours(worker, xs, column, row)
    worker.limits.forEach((limit, counter) => {
      const counted = xs.filter(one => one.candidate.counts.includes(counter))
      if (counted.length > limit) row(minus, limit, ones(counted))
    })
    for (const one of xs) for (const shared of one.candidate.shared) sharers[shared]!.push([one.x, 1])
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
    if (goal.values) addLoadCost(worker, xs, column, row)
  })
  const items = covers.map(entries => row(0, 0, entries))
  holders.forEach(entries => {
    if (entries.length > 1) row(minus, 1, entries)
  })
  const shared = sharers.map((entries, index) => {
    const { limit } = instance.shared[index]!
    return entries.length > limit ? row(minus, limit, entries) : -1
  })
  const levels = settled.map(level => {
    const entries = y.flatMap((one, unit): [number, number][] =>
      level.weights[unit] ? [[one, level.weights[unit]!]] : [],
    )
    return entries.length > 0 ? row(level.least, Number.POSITIVE_INFINITY, entries) : -1
  })
  return {
    model,
    read: values => readPairs(instance, pairs, values),
    write: draft => ({
      columns: [...y, ...pairs.map(pair => pair.column)],
      values: [
        ...instance.units.map((_, unit) => (draft.placed(unit) ? 1 : 0)),
        ...pairs.map(({ item, worker }) => (draft.workerOf[item] === worker ? 1 : 0)),
      ],
    }),
    rowsOf: { items, shared, levels },
  }
}

interface Pair {
  x: number
  candidate: Candidate
  item: Item
}
type AddColumn = (objective: number, integer?: boolean, upper?: number) => number
type AddRow = (min: number, max: number, entries: [number, number][]) => number

const minus = Number.NEGATIVE_INFINITY
const ones = (pairs: readonly Pair[]): [number, number][] => pairs.map(one => [one.x, 1])

/**
 * The limits on hours: one for what only stays, one for emergencies, one for anything else. A case that is not of the gentler
 * kind switches the next limit on:
 *
 *   sum_i h[i] x[i] <= top - (top - hard) f - (hard - band) z,   x[i] <= f unless i stays,   x[i] <= z unless calm
 */
function addHours(worker: InstanceWorker, xs: readonly Pair[], column: AddColumn, row: AddRow): void {
  const hours: [number, number][] = xs.map(one => [one.x, one.candidate.hours])
  const fresh = xs.filter(one => !one.candidate.stays)
  const calm = fresh.filter(one => !one.item.emergency)
  const all = xs.reduce((sum, one) => sum + one.candidate.hours, worker.baseHours)
  const top = Math.max(worker.hardLimit, Math.min(worker.stayLimit, all))
  const start =
    calm.length === xs.length ? worker.bandLimit : fresh.length === xs.length ? worker.hardLimit : top
  let limit = start
  for (const [some, to] of [
    [fresh, worker.hardLimit],
    [calm, worker.bandLimit],
  ] as const) {
    if (some.length === 0 || to >= limit) continue
    const on = column(0)
    for (const one of some)
      row(minus, 0, [
        [one.x, 1],
        [on, -1],
      ])
    hours.push([on, limit - to])
    limit = to
  }
  row(minus, start - worker.baseHours, hours)
}

/**
 * The hours of worker w in pieces, each at its own rate, and the heavy cases one by one. Rising rates fill the pieces in order by
 * themselves. Where a rate falls, a switch o[k] opens piece k only when the one before is full:
 *
 *   q[k] <= length_k o[k],   q[k-1] >= length_(k-1) o[k]
 */
function addLoadCost(worker: InstanceWorker, xs: readonly Pair[], column: AddColumn, row: AddRow): void {
  const { curve, baseHours } = worker
  const all = xs.reduce((sum, one) => sum + one.candidate.hours, baseHours)
  const entries: [number, number][] = xs.map(one => [one.x, -one.candidate.hours])
  let before: { column: number; length: number } | null = null
  for (let k = -1; k < curve.from.length; k++) {
    const from = Math.max(baseHours, k < 0 ? 0 : curve.from[k]!)
    const until = k + 1 < curve.from.length ? curve.from[k + 1]! : Math.max(from + 1, all)
    if (until <= from) continue
    const length = until - from
    const q = column(k < 0 ? 0 : -curve.rate[k]! / 100, false, length)
    entries.push([q, 1])
    if (before && !curve.convex) {
      const open = column(0)
      row(minus, 0, [
        [q, 1],
        [open, -length],
      ])
      row(0, Number.POSITIVE_INFINITY, [
        [before.column, 1],
        [open, -before.length],
      ])
    }
    before = { column: q, length }
  }
  row(0, 0, entries)
  const heavy = xs.filter(one => one.item.heavy)
  if (heavy.length === 0 || worker.heavyRise.every(one => one === 0)) return
  const count: [number, number][] = heavy.map(one => [one.x, -1])
  for (let more = 1; more <= heavy.length; more++) {
    count.push([column(riseOf(worker, baseHours, more - 1) - riseOf(worker, baseHours, more), false), 1])
  }
  row(0, 0, count)
}

/** Rebuilds the allocation from the pairs; null when the engine's values are no allocation. */
function readPairs(
  instance: Instance,
  pairs: readonly { item: number; worker: number; column: number }[],
  values: readonly number[],
): Draft | null {
  const draft = new Draft(instance)
  for (const { item, worker, column } of pairs) {
    if (values[column]! < 0.5) continue
    if (!draft.fits(worker, item)) return null
    draft.assign(worker, item)
  }
  draft.dropIncomplete()
  return draft
}
