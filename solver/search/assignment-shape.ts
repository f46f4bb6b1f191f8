import type { DenseWorker, Row, Shape } from '../assignment/shape.ts'
import { curveCost } from '../problem/load.ts'
import { type AddRow, addDuoRows, addLevelRows, addNobody } from './assignment-rows.ts'
import { type BoundPrices, GRAIN } from './bound.ts'
import type { Settled } from './compact.ts'
import { Draft } from './draft.ts'
import type { Candidate, Instance, InstanceWorker, Item } from './instance.ts'
import type { Goal } from './price-relaxation.ts'

/** An instance as a shape, and the way back. */
export interface InstanceShape {
  shape: Shape
  /** By job: its items. Seats that must go to one worker are one job. */
  itemsOf: number[][]
  /** The allocation of an assignment (option by job); null when it breaks something that the shape leaves out. */
  draftOf: (assignment: Int32Array) => Draft | null
  /** The prices (of jobs, then of rows) as those of the instance. They prove the bound, or nearly: see `shapeOfInstance`. */
  boundPricesOf: (prices: Float64Array) => BoundPrices
  /** Prices of the items of the instance, shared rows and levels, in units, as those of jobs and rows. */
  pricesOf: (of: { items: number[]; shared: number[]; levels: number[] }) => Float64Array
  /** The option of a worker and an item; -1 where there is none. */
  optionOf: (worker: number, item: number) => number
  /** Option by job of an allocation; -1 where it has none. */
  assignmentOf: (draft: Draft) => Int32Array
}

/** Where an option may be used: with anything, with nothing but emergencies, with nothing but what stays. */
const ANYTHING = 0
const URGENT = 1
const STAYS = 2

interface Pair {
  job: number
  hours: number
  value: number
  leastRise: number
  /** ANYTHING, URGENT or STAYS. */
  only: number
  /** How much of each counter of the worker it uses. */
  uses: Map<number, number>
  shared: number[]
}

/**
 * The instance in typed arrays. Left out, so that the bound may be a little high: seats of a group of which some may stay
 * without a worker, and more than the first heavy case costing more than its share. What is left out is judged again on the way back.
 *
 * "Nobody" is the last worker, for the cases that need not be placed; the levels settled before are rows over its options.
 */
export function shapeOfInstance(
  instance: Instance,
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
  goal: Goal = null,
): InstanceShape {
  const { itemsOf, jobOf } = jobsOf(instance, mustPlace)
  const jobs = itemsOf.length
  const arrays = {
    job: [] as number[],
    worker: [] as number[],
    value: [] as number[],
    hours: [] as number[],
    kind: [] as number[],
    leastRise: [] as number[],
  }
  const sharedRows: { options: number[]; weights: number[] }[] = instance.shared.map(() => ({
    options: [],
    weights: [],
  }))
  const workers: DenseWorker[] = instance.workers.map((worker, index) => {
    const pairs = itemsOf.flatMap((items, job) => pairOf(instance, worker, items, job, goal) ?? [])
    const first = arrays.job.length
    const step = pairs.reduce((divisor, pair) => gcd(divisor, pair.hours), 0) || 1
    const tight = tightCounters(worker, pairs)
    const kinds = new Map<string, { index: number; only: number; uses: Int32Array }>()
    for (const pair of pairs) {
      const uses = tight.flatMap((counter, k) => (pair.uses.has(counter) ? [k, pair.uses.get(counter)!] : []))
      const key = `${pair.only}:${uses.join()}`
      const kind = kinds.get(key) ?? { index: kinds.size, only: pair.only, uses: Int32Array.from(uses) }
      kinds.set(key, kind)
      const option = arrays.job.length
      arrays.job.push(pair.job)
      arrays.worker.push(index)
      arrays.value.push(pair.value)
      arrays.hours.push(pair.hours / step)
      arrays.kind.push(kind.index)
      arrays.leastRise.push(pair.leastRise)
      for (const row of new Set(pair.shared)) {
        sharedRows[row]!.options.push(option)
        sharedRows[row]!.weights.push(pair.shared.filter(one => one === row).length)
      }
    }
    const list = [...kinds.values()]
    const modes = modesOf(worker, pairs, step).map(({ capacity, only }) => ({
      capacity,
      kinds: Uint8Array.from(list, kind => (kind.only >= only ? 1 : 0)),
    }))
    const width = Math.max(...modes.map(one => one.capacity)) + 1
    return {
      first,
      last: arrays.job.length,
      modes,
      width,
      caps: Int32Array.from(tight, counter => worker.limits[counter]!),
      kinds: list.map(kind => kind.uses),
      rise: goal ? null : riseTable(worker, width, step),
    }
  })
  const nobody = addNobody(instance, mustPlace, itemsOf, arrays)
  workers.push(nobody)
  const { job, worker } = arrays
  const optionsOf: number[][] = itemsOf.map(() => [])
  const optionAt = new Map<number, number>()
  job.forEach((one, option) => {
    optionsOf[one]!.push(option)
    optionAt.set(worker[option]! * jobs + one, option)
  })
  const rows: Row[] = []
  const addRow: AddRow = (options, weights, limit) => {
    if (options.length === 0) return -1
    return rows.push({ options: Int32Array.from(options), weights: Float64Array.from(weights), limit }) - 1
  }
  const sharedAt = sharedRows.map((row, index) =>
    addRow(row.options, row.weights, instance.shared[index]!.limit),
  )
  const ties = addDuoRows(instance, jobOf, optionAt, jobs, addRow)
  const levelsAt = addLevelRows(instance, mustPlace, settled, jobOf, nobody, job, addRow)

  const rowsOf: number[][] = job.map(() => [])
  rows.forEach((row, r) => {
    row.options.forEach((option, k) => {
      rowsOf[option]!.push(r, row.weights[k]!)
    })
  })
  const shape: Shape = {
    jobs,
    workers,
    job: Int32Array.from(job),
    worker: Int32Array.from(worker),
    value: Float64Array.from(arrays.value),
    hours: Int32Array.from(arrays.hours),
    kind: Int32Array.from(arrays.kind),
    leastRise: Float64Array.from(arrays.leastRise),
    optionsOf: optionsOf.map(one => Int32Array.from(one)),
    rows,
    rowsOf: rowsOf.map(one => Float64Array.from(one)),
    grid: 1,
  }
  shape.grid = gridOf(shape)
  return {
    shape,
    itemsOf,
    draftOf: assignment => {
      const draft = new Draft(instance)
      for (let j = 0; j < jobs; j++) {
        const index = shape.worker[assignment[j]!]!
        if (index === instance.workers.length) continue
        for (const item of itemsOf[j]!) {
          if (!draft.fits(index, item)) return null
          draft.assign(index, item)
        }
      }
      return instance.units.every(
        (unit, index) => draft.placed(index) || unit.items.every(item => draft.workerOf[item]! < 0),
      )
        ? draft
        : null
    },
    boundPricesOf: prices => {
      const grains = (index: number) => Math.round(prices[index]! * GRAIN)
      const ofRow = (row: number) => (row < 0 ? 0 : grains(jobs + row))
      // Seats that are one job: all of its price on the first. What placing is worth is the unit's, not the pair's.
      const items = instance.items.map((_, item) => {
        const own = itemsOf[jobOf[item]!]!
        return own[0] === item ? grains(jobOf[item]!) - GRAIN * weightOf(instance, own, goal) : 0
      })
      const groups = Array.from({ length: instance.groupCount }, () => 0)
      return { items, groups, shared: sharedAt.map(ofRow), levels: levelsAt.map(ofRow) }
    },
    pricesOf: of => {
      const prices = new Float64Array(jobs + rows.length)
      const price = (index: number, units: number) => {
        if (index >= 0) prices[index] = Math.round(units * GRAIN) / GRAIN
      }
      itemsOf.forEach((items, j) => {
        const sum = items.reduce((total, item) => total + of.items[item]!, 0)
        price(j, sum + weightOf(instance, items, goal))
      })
      of.shared.forEach((one, row) => {
        if (sharedAt[row]! >= 0) price(jobs + sharedAt[row]!, Math.max(0, one))
      })
      of.levels.forEach((one, level) => {
        if (levelsAt[level]! >= 0) price(jobs + levelsAt[level]!, Math.max(0, one))
      })
      // A duo is left as a whole: what leaving both seats would save stands with the first.
      for (const { job: second, row } of ties) {
        price(jobs + row, Math.max(0, prices[second]!))
        price(jobs + row + 1, Math.max(0, -prices[second]!))
      }
      return prices
    },
    optionOf: (worker, item) => optionAt.get(worker * jobs + jobOf[item]!) ?? -1,
    assignmentOf: draft =>
      Int32Array.from(itemsOf, (items, j) => {
        const index = draft.workerOf[items[0]!]!
        const one = items.every(item => draft.workerOf[item] === index)
        return (
          (one ? optionAt.get((index < 0 ? instance.workers.length : index) * jobs + j) : undefined) ?? -1
        )
      }),
  }
}

/** One job per item, but one for all seats of a group whose cases must all be placed. */
function jobsOf(
  instance: Instance,
  mustPlace: readonly boolean[],
): { itemsOf: number[][]; jobOf: Int32Array } {
  const whole = new Uint8Array(instance.groupCount).fill(1)
  for (const { group, unit } of instance.items) if (group >= 0 && !mustPlace[unit]) whole[group] = 0
  const itemsOf: number[][] = []
  const jobOf = new Int32Array(instance.items.length)
  const jobOfGroup = new Map<number, number>()
  instance.items.forEach(({ group }, item) => {
    const merged = group >= 0 && whole[group] === 1
    const job = merged ? (jobOfGroup.get(group) ?? itemsOf.length) : itemsOf.length
    if (merged) jobOfGroup.set(group, job)
    if (job === itemsOf.length) itemsOf.push([])
    itemsOf[job]!.push(item)
    jobOf[item] = job
  })
  return { itemsOf, jobOf }
}

/** What this worker and this job make together; null when the rules forbid one of its items. */
function pairOf(
  instance: Instance,
  worker: InstanceWorker,
  items: readonly number[],
  job: number,
  goal: Goal,
): Pair | null {
  const pair: Pair = { job, hours: 0, value: 0, leastRise: 0, only: STAYS, uses: new Map(), shared: [] }
  const perHeavy = heavyRate(worker)
  for (const item of items) {
    const index = worker.byItem[item]!
    if (index < 0) return null
    const candidate = worker.candidates[index]!
    const { heavy } = instance.items[item]!
    pair.hours += candidate.hours
    pair.value += candidate.points - (heavy ? perHeavy : 0)
    pair.leastRise += candidate.leastRise - (heavy ? worker.heavyRise[1]! : 0)
    pair.only = Math.min(pair.only, onlyWith(instance.items[item]!, candidate))
    for (const counter of candidate.counts) pair.uses.set(counter, (pair.uses.get(counter) ?? 0) + 1)
    pair.shared.push(...candidate.shared)
  }
  if (goal) return { ...pair, value: weightOf(instance, items, goal), leastRise: 0 }
  return pair
}

/** What the units whose first seat is among these items are worth, where only placing counts. */
function weightOf(instance: Instance, items: readonly number[], goal: Goal): number {
  if (!goal) return 0
  return items.reduce((sum, item) => {
    const { unit } = instance.items[item]!
    return sum + (instance.units[unit]!.items[0] === item ? goal[unit]! : 0)
  }, 0)
}

function onlyWith(item: Item, candidate: Candidate): number {
  return candidate.stays ? STAYS : item.emergency ? URGENT : ANYTHING
}

/** The least that a heavy case costs on average, in whole units: n of them never cost less than n times this. */
function heavyRate(worker: InstanceWorker): number {
  return Math.max(0, Math.floor(Math.min(...worker.heavyRise.slice(1).map((rise, k) => rise / (k + 1)))))
}

/** Counters that this worker's pairs can exceed within the hours: the smallest pairs show how many fit. */
function tightCounters(worker: InstanceWorker, pairs: readonly Pair[]): number[] {
  return worker.limits.flatMap((limit, counter) => {
    const users = pairs.filter(pair => pair.uses.has(counter)).sort((a, b) => a.hours - b.hours)
    const room = Math.max(
      ...users.map(pair => (pair.only === ANYTHING ? worker.bandLimit : worker.hardLimit)),
    )
    let hours = worker.baseHours
    let most = 0
    for (const pair of users) {
      hours += pair.hours
      if (hours > room) break
      most += pair.uses.get(counter)!
    }
    return most > limit ? [counter] : []
  })
}

/** The hours that fit on top of what the worker has, by what else there is; only modes that allow something more. */
function modesOf(
  worker: InstanceWorker,
  pairs: readonly Pair[],
  step: number,
): { capacity: number; only: number }[] {
  const most = (only: number) =>
    pairs.reduce((sum, pair) => sum + (pair.only >= only ? pair.hours : 0), 0) / step
  const fits = (limit: number, only: number) =>
    Math.min(most(only), Math.floor((limit - worker.baseHours) / step))
  const modes: { capacity: number; only: number }[] = []
  for (const [only, limit] of [
    [ANYTHING, worker.bandLimit],
    [URGENT, worker.hardLimit],
    [STAYS, worker.stayLimit],
  ] as const) {
    const capacity = fits(limit, only)
    if (capacity >= 0 && modes.every(mode => mode.capacity < capacity)) modes.push({ capacity, only })
  }
  return modes.length > 0 ? modes : [{ capacity: 0, only: STAYS + 1 }]
}

/** Cost by steps of hours on top of what the worker has; null when nothing costs anything. */
function riseTable(worker: InstanceWorker, width: number, step: number): Float64Array | null {
  const rise = new Float64Array(width)
  for (let h = 0; h < width; h++)
    rise[h] = curveCost(worker.curve, worker.baseHours + h * step) - worker.baseCost
  return rise.some(one => one !== 0) ? rise : null
}

/** The greatest number of units that divides every value and every cost, at least 1. */
function gridOf(shape: Shape): number {
  let grid = 0
  for (const value of shape.value) grid = gcd(grid, Math.abs(value))
  for (const { rise } of shape.workers) if (rise) for (const one of rise) grid = gcd(grid, Math.abs(one))
  return Math.max(1, grid)
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
