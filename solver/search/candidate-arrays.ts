import { curveCost } from '../problem/load.ts'
import { hoursLimit, type Instance, type InstanceWorker, NEW_CASES } from './instance.ts'

/** Costs are remembered by hours up to so many hundredths above what the worker has. */
const tableLimit = 20_000

/** The candidates of all workers side by side, worker after worker in the order of `Instance.workers`, as pricing reads them. */
export interface CandidateArrays {
  /** Where the candidates of each worker begin; the last one is where all end. */
  first: Int32Array
  /** By worker: how many items one bundle can have. */
  slots: Int32Array
  /** By worker: whether any candidate uses a row over several workers. */
  hasShared: Uint8Array
  item: Int32Array
  unit: Int32Array
  group: Int32Array
  heavy: Uint8Array
  hours: Float64Array
  limit: Float64Array
  points: Float64Array
  leastRise: Float64Array
  counts: (readonly number[])[]
  shared: (readonly number[])[]
  /** By worker, once asked for: the rise of the cost by hours above the base, NaN where it was not asked for. */
  rises: (Float64Array | undefined)[]
}

// An instance never changes once it is built, and every level prices it anew.
const known = new WeakMap<Instance, CandidateArrays>()

export function candidateArraysOf(instance: Instance): CandidateArrays {
  let arrays = known.get(instance)
  if (!arrays) {
    arrays = arrange(instance)
    known.set(instance, arrays)
  }
  return arrays
}

function arrange(instance: Instance): CandidateArrays {
  const { items, workers } = instance
  const first = new Int32Array(workers.length + 1)
  workers.forEach((worker, index) => {
    first[index + 1] = first[index]! + worker.candidates.length
  })
  const size = first[workers.length]!
  const made: CandidateArrays = {
    first,
    slots: Int32Array.from(workers, slotsOf),
    hasShared: Uint8Array.from(workers, ({ candidates }) =>
      candidates.some(one => one.shared.length > 0) ? 1 : 0,
    ),
    item: new Int32Array(size),
    unit: new Int32Array(size),
    group: new Int32Array(size),
    heavy: new Uint8Array(size),
    hours: new Float64Array(size),
    limit: new Float64Array(size),
    points: new Float64Array(size),
    leastRise: new Float64Array(size),
    counts: [],
    shared: [],
    rises: workers.map(() => undefined),
  }
  let at = 0
  for (const worker of workers) {
    for (const candidate of worker.candidates) {
      const item = items[candidate.item]!
      made.item[at] = candidate.item
      made.unit[at] = item.unit
      made.group[at] = item.group
      made.heavy[at] = item.heavy ? 1 : 0
      made.hours[at] = candidate.hours
      made.limit[at] = hoursLimit(worker, item, candidate)
      made.points[at] = candidate.points
      made.leastRise[at] = candidate.leastRise
      made.counts.push(candidate.counts)
      made.shared.push(candidate.shared)
      at++
    }
  }
  return made
}

/** Everything but what stays is a new case, and new cases are limited. */
function slotsOf({ candidates, limits }: InstanceWorker): number {
  const fresh = candidates.every(one => !one.stays)
  return fresh ? Math.min(candidates.length, limits[NEW_CASES]!) : candidates.length
}

/** The rise of a worker's cost by these hours (hundredths) above the base, heavy cases apart; in units. */
export function hoursRise(
  arrays: CandidateArrays,
  worker: InstanceWorker,
  index: number,
  above: number,
): number {
  let table = arrays.rises[index]
  if (!table) {
    table = tableOf(arrays, worker, index)
    arrays.rises[index] = table
  }
  if (above >= table.length) return curveCost(worker.curve, worker.baseHours + above) - worker.baseCost
  let rise = table[above]!
  if (Number.isNaN(rise)) {
    rise = curveCost(worker.curve, worker.baseHours + above) - worker.baseCost
    table[above] = rise
  }
  return rise
}

function tableOf(
  { first, hours, limit }: CandidateArrays,
  worker: InstanceWorker,
  index: number,
): Float64Array {
  let all = 0
  let highest = 0
  for (let k = first[index]!; k < first[index + 1]!; k++) {
    all += hours[k]!
    highest = Math.max(highest, limit[k]!)
  }
  const most = Math.min(all, highest - worker.baseHours)
  return new Float64Array(Math.max(0, Math.min(tableLimit, most + 1))).fill(Number.NaN)
}
