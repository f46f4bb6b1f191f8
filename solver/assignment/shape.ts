/**
 * What the dense path works on: generalised assignment with a load cost per worker, in typed arrays.
 *
 *   maximise   Σ_o value_o x_o − Σ_w rise_w(hours of w)
 *   Σ_{o of job j} x_o = 1                         for every job
 *   the options of worker w fit a knapsack of w    for every worker (hours, counters, modes)
 *   Σ_o weight_ro x_o ≤ limit_r                    for every row r
 *   x ∈ {0, 1}
 *
 * A job is what goes to one worker as a whole. An option is one allowed pair of a job and a worker; the options of one
 * worker stand together. "Nobody" is a worker like the others, for jobs that may be left.
 */
export interface Shape {
  jobs: number
  workers: DenseWorker[]
  /** By option. */
  job: Int32Array
  worker: Int32Array
  /** Units. */
  value: Float64Array
  /** Whole steps of hours (the worker's own step). */
  hours: Int32Array
  /** Which kind of its worker the option is: what it counts for, and where it may be used. */
  kind: Int32Array
  /** The least that the option raises its worker's cost, whatever else the worker gets. */
  leastRise: Float64Array
  /** Options of job j. */
  optionsOf: Int32Array[]
  rows: Row[]
  /** By option: pairs of a row and the weight in it, one after the other. */
  rowsOf: Float64Array[]
  /** All values and costs are multiples of this many units, so a bound may be rounded down to one. */
  grid: number
}

export interface Row {
  options: Int32Array
  /** By position in `options`. */
  weights: Float64Array
  limit: number
}

export interface DenseWorker {
  /** Options first..last-1 are this worker's. */
  first: number
  last: number
  /**
   * What the worker may get at most, in steps of hours: a bundle has to fit one of the modes, and uses only kinds of
   * that mode. (Only emergencies: up to the hard limit. Only what the worker has already: no limit.)
   */
  modes: { capacity: number; kinds: Uint8Array }[]
  /** Steps of hours that any mode can reach, plus one. */
  width: number
  /** Most options per counter. */
  caps: Int32Array
  /** By kind: pairs of a counter and how much of it an option of this kind uses, one after the other. */
  kinds: Int32Array[]
  /** By hours (steps): cost over what it is now. Never falls. Null when nothing costs anything. */
  rise: Float64Array | null
}

/** What is decided about options: 0 open, 1 taken, -1 ruled out. */
export type Status = Int8Array
