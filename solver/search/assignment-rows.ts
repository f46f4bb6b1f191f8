import type { DenseWorker } from '../assignment/shape.ts'
import type { Settled } from './compact.ts'
import type { Instance } from './instance.ts'

/** Options to leave a job, for cases that need not be placed. */
export function addNobody(
  instance: Instance,
  mustPlace: readonly boolean[],
  itemsOf: readonly number[][],
  arrays: Record<'job' | 'worker' | 'value' | 'hours' | 'kind' | 'leastRise', number[]>,
): DenseWorker {
  const first = arrays.job.length
  itemsOf.forEach((items, job) => {
    if (mustPlace[instance.items[items[0]!]!.unit]) return
    arrays.job.push(job)
    arrays.worker.push(instance.workers.length)
    for (const key of ['value', 'hours', 'kind', 'leastRise'] as const) arrays[key].push(0)
  })
  return {
    first,
    last: arrays.job.length,
    modes: [{ capacity: 0, kinds: Uint8Array.of(1) }],
    width: 1,
    caps: new Int32Array(0),
    kinds: [new Int32Array(0)],
    rise: null,
  }
}

/** Returns the row's index; -1 when it has no options and is left out. */
export type AddRow = (options: number[], weights: number[], limit: number) => number

/** Two rows that keep the second seat of a duo empty when the first is, and the other way round. */
export interface Tie {
  /** Job of the second seat. */
  job: number
  /** Weighs the leaving of the first seat 1 and of the second -1; the row after it the other way round. */
  row: number
}

/** The seats of a duo go to different workers; both or none is filled. */
export function addDuoRows(
  instance: Instance,
  jobOf: Int32Array,
  optionAt: ReadonlyMap<number, number>,
  jobs: number,
  addRow: AddRow,
): Tie[] {
  const ties: Tie[] = []
  for (const { items } of instance.units) {
    if (items.length < 2) continue
    const [a, b] = items.map(item => jobOf[item]!) as [number, number]
    for (let worker = 0; worker < instance.workers.length; worker++) {
      const pair = [optionAt.get(worker * jobs + a), optionAt.get(worker * jobs + b)]
      if (pair[0] !== undefined && pair[1] !== undefined) addRow([pair[0], pair[1]], [1, 1], 1)
    }
    const left = [
      optionAt.get(instance.workers.length * jobs + a),
      optionAt.get(instance.workers.length * jobs + b),
    ]
    if (left[0] === undefined || left[1] === undefined) continue
    ties.push({ job: b, row: addRow([left[0], left[1]], [1, -1], 0) })
    addRow([left[0], left[1]], [-1, 1], 0)
  }
  return ties
}

/** A settled level: what may be left at most, Σ weight of the units left <= all − least. Returns the row of each. */
export function addLevelRows(
  instance: Instance,
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
  jobOf: Int32Array,
  nobody: DenseWorker,
  job: readonly number[],
  addRow: AddRow,
): number[] {
  const leaves = new Map<number, number>()
  for (let option = nobody.first; option < nobody.last; option++) leaves.set(job[option]!, option)
  return settled.map(({ weights, least }) => {
    const options: number[] = []
    const amounts: number[] = []
    let limit = -least
    instance.units.forEach((unit, index) => {
      limit += weights[index]!
      const leave = leaves.get(jobOf[unit.items[0]!]!)
      if (mustPlace[index] || !weights[index] || leave === undefined) return
      options.push(leave)
      amounts.push(weights[index]!)
    })
    return addRow(options, amounts, limit)
  })
}
