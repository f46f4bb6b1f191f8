import type { Shape } from './shape.ts'

/** A part of a shape: some workers, and the jobs that they have in an assignment. */
export interface Part {
  shape: Shape
  /** By option of the part: the option of the whole. */
  optionOf: Int32Array
  /** By job of the part: the job of the whole. */
  jobOf: Int32Array
}

/** The jobs that `workers` have in `assignment`, to be dealt out again among these workers; all else stays as it is. */
export function partOf(shape: Shape, assignment: Int32Array, workers: readonly number[]): Part {
  const isIn = new Uint8Array(shape.workers.length)
  for (const worker of workers) isIn[worker] = 1
  const newJob = new Int32Array(shape.jobs).fill(-1)
  const jobOf: number[] = []
  assignment.forEach((option, job) => {
    if (!isIn[shape.worker[option]!]) return
    newJob[job] = jobOf.length
    jobOf.push(job)
  })
  const options: number[] = []
  const optionsOf: number[][] = jobOf.map(() => [])
  const owner: number[] = []
  const parts = workers.map((worker, index) => {
    const one = shape.workers[worker]!
    const first = options.length
    for (let option = one.first; option < one.last; option++) {
      const job = newJob[shape.job[option]!]!
      if (job < 0) continue
      optionsOf[job]!.push(options.length)
      options.push(option)
      owner.push(index)
    }
    return { ...one, first, last: options.length }
  })
  const newOption = new Map(options.map((option, index) => [option, index]))
  // What the rest of the assignment uses of a row is gone.
  const rows = shape.rows.map(row => {
    let limit = row.limit
    const inside: number[] = []
    const weights: number[] = []
    row.options.forEach((option, k) => {
      const index = newOption.get(option)
      if (index !== undefined) {
        inside.push(index)
        weights.push(row.weights[k]!)
      } else if (assignment[shape.job[option]!] === option) limit -= row.weights[k]!
    })
    return { options: Int32Array.from(inside), weights: Float64Array.from(weights), limit }
  })
  return {
    optionOf: Int32Array.from(options),
    jobOf: Int32Array.from(jobOf),
    shape: {
      jobs: jobOf.length,
      workers: parts,
      job: Int32Array.from(options, option => newJob[shape.job[option]!]!),
      worker: Int32Array.from(owner),
      value: Float64Array.from(options, option => shape.value[option]!),
      hours: Int32Array.from(options, option => shape.hours[option]!),
      kind: Int32Array.from(options, option => shape.kind[option]!),
      leastRise: Float64Array.from(options, option => shape.leastRise[option]!),
      optionsOf: optionsOf.map(one => Int32Array.from(one)),
      rows,
      rowsOf: options.map(option => shape.rowsOf[option]!),
      grid: shape.grid,
    },
  }
}
