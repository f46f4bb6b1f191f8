import type { Shape } from './shape.ts'

/** Jobs and workers that nothing tells apart, each under the number of the first of its kind. */
export interface Alike {
  /** By job: the first job that every worker may have on the same terms. */
  jobs: Int32Array
  /** By worker: the first worker with the same jobs, on the same terms and within the same limits. */
  workers: Int32Array
}

/**
 * Equal jobs can have one price and equal workers one knapsack: the bound is convex in the prices, so the mean of prices that differ
 * for equals is no worse. A job or worker in a row of its own is equal to no other.
 */
export function alike(shape: Shape): Alike {
  const { value, hours, kind, leastRise, rowsOf, job: jobOf, worker: workerOf } = shape
  const terms = (option: number) =>
    `${value[option]},${hours[option]},${kind[option]},${leastRise[option]},${rowsOf[option]!.join(' ')}`
  const jobs = firsts(shape.optionsOf, options =>
    Array.from(options, option => `${workerOf[option]}:${terms(option)}`).join(';'),
  )
  const workers = firsts(shape.workers, ({ first, last, modes, caps, kinds, rise }) => {
    const own: string[] = []
    for (let option = first; option < last; option++) own.push(`${jobOf[option]}:${terms(option)}`)
    const limits = [
      modes.map(mode => `${mode.capacity} ${mode.kinds.join()}`).join('|'),
      caps.join(),
      kinds.map(one => one.join()).join('|'),
      rise === null ? '' : rise.join(),
    ]
    return [...limits, own.join(';')].join('/')
  })
  return { jobs, workers }
}

function firsts<T>(list: readonly T[], nameOf: (one: T) => string): Int32Array {
  const known = new Map<string, number>()
  return Int32Array.from(list, (one, index) => {
    const name = nameOf(one)
    const first = known.get(name)
    if (first !== undefined) return first
    known.set(name, index)
    return index
  })
}
