import { type Layers, layersOf, raise, raiseAndNote } from './layers.ts'
import type { DenseWorker, Shape, Status } from './shape.ts'

/** How much was done, in cells of tables: a limit on it ends a run at the same point on every machine. */
export interface Work {
  cells: number
}

/** Counters that would make more layers are left out, which can only raise the bound. */
const layerLimit = 40

/**
 * The best bundle of one worker at given prices: a knapsack by hours (and counters), solved by dynamic programming.
 *
 *   best(w) = max over modes and bundles B of Σ_{o in B} (value_o − price of its job − prices of its rows) − rise_w(hours of B)
 *
 * f[h] is the most that fits within h steps of hours, so load cost that never falls is charged at the end, however bent.
 * Only options that can add something (net above the least rise) take part. Every number is a multiple of 1/64 unit
 * well below 2^53 / 64, so nothing is rounded.
 */
export class Knapsacks {
  /** The bundle found by `best`: options, of which `size` count. */
  readonly bundle: Int32Array
  size = 0
  /** By option, after `marginals`: the best bundle that has it, and the best that has it not. */
  readonly withIt: Float64Array
  readonly withoutIt: Float64Array
  private readonly shape: Shape
  readonly work: Work
  private readonly layers: Layers[]
  /** The same without counters. */
  private readonly flat: Layers[]
  private readonly use: Int32Array
  private table = new Float64Array(0)
  private taken = new Uint8Array(0)
  private readonly open: Int32Array
  /** By place in `open`: the most hours that this option and those before it can take. */
  private readonly reach: Int32Array
  /** By worker: the options, shortest first. */
  private readonly byHours: Int32Array[]
  private readonly net: Float64Array
  private count = 0
  private base = 0
  private baseHours = 0
  private baseLayer = 0

  constructor(shape: Shape, work: Work) {
    this.shape = shape
    this.work = work
    const options = shape.job.length
    const most = Math.max(0, ...shape.workers.map(one => one.last - one.first))
    this.bundle = new Int32Array(most)
    this.open = new Int32Array(most)
    this.reach = new Int32Array(most)
    this.byHours = shape.workers.map(({ first, last }) =>
      Int32Array.from({ length: last - first }, (_, k) => first + k).sort(
        (a, b) => shape.hours[a]! - shape.hours[b]! || a - b,
      ),
    )
    this.net = new Float64Array(options)
    this.withIt = new Float64Array(options)
    this.withoutIt = new Float64Array(options)
    this.layers = shape.workers.map(worker => layersOf(worker, layerLimit))
    this.flat = shape.workers.map(worker => layersOf(worker, 1))
    this.use = new Int32Array(Math.max(0, ...shape.workers.map(one => one.caps.length)))
  }

  /** Value less price of an option at the prices of the last call for its worker. */
  netOf(option: number): number {
    return this.net[option]!
  }

  /** The best bundle's value; -Infinity when what is taken does not fit together. */
  best(index: number, prices: Float64Array, status: Status): number {
    const worker = this.shape.workers[index]!
    const layers = this.layers[index]!
    this.findNets(worker, prices)
    if (layers.count > 1) {
      // Often nobody would take more than the counters allow anyway; then the small table is enough.
      const free = this.bestOf(index, this.flat[index]!, status)
      if (this.keepsCaps(worker)) return free
    }
    return this.bestOf(index, layers, status)
  }

  private bestOf(index: number, layers: Layers, status: Status): number {
    const worker = this.shape.workers[index]!
    let best = Number.NEGATIVE_INFINITY
    this.size = 0
    for (let mode = 0; mode < worker.modes.length; mode++) {
      if (!this.gather(index, layers, mode, status)) continue
      const width = worker.modes[mode]!.capacity - this.baseHours + 1
      const states = width * layers.count
      if (this.table.length < states) this.table = new Float64Array(states * 2)
      if (this.taken.length < states * this.count) this.taken = new Uint8Array(states * this.count * 2)
      if (layers.count === 1) this.fill(width)
      else this.fillLayers(layers, width, states)
      const { table } = this
      const top = (layers.count - 1 - this.baseLayer) * width
      let found = Number.NEGATIVE_INFINITY
      let end = 0
      if (worker.rise === null) {
        end = width - 1
        found = table[top + end]!
      } else {
        for (let h = 0; h < width; h++) {
          const value = table[top + h]! - worker.rise[this.baseHours + h]!
          if (value > found) {
            found = value
            end = h
          }
        }
      }
      found += this.base
      if (found <= best) continue
      best = found
      this.readBundle(layers, worker, status, states, width, end)
    }
    return best
  }

  /** Fills the table of a worker without counters; only hours that the options so far can reach are looked at. */
  private fill(width: number): void {
    const { table, taken, open, net, reach } = this
    let far = 0
    table[0] = 0
    for (let k = 0; k < this.count; k++) {
      const hours = this.shape.hours[open[k]!]!
      const worth = net[open[k]!]!
      const row = k * width
      const near = far
      if (hours < width) {
        far = Math.min(width - 1, near + hours)
        const flat = table[near]!
        for (let h = far; h > near; h--) {
          const value = h >= hours ? table[h - hours]! + worth : flat
          table[h] = value > flat ? value : flat
          taken[row + h] = value > flat ? 1 : 0
        }
        for (let h = near; h >= hours; h--) {
          const value = table[h - hours]! + worth
          if (value > table[h]!) {
            table[h] = value
            taken[row + h] = 1
          } else taken[row + h] = 0
        }
        taken.fill(0, row, row + Math.min(hours, near + 1))
      } else taken.fill(0, row, row + far + 1)
      reach[k] = far
      this.work.cells += far + 1
    }
    if (far < width - 1) table.fill(table[far]!, far + 1, width)
    this.work.cells += 16
  }

  private fillLayers(layers: Layers, width: number, states: number): void {
    const { table, taken } = this
    this.work.cells += states * (this.count + 1)
    table.fill(0, 0, states)
    taken.fill(0, 0, states * this.count)
    for (let k = 0; k < this.count; k++) {
      const option = this.open[k]!
      const kind = layers.kinds[this.shape.kind[option]!]!
      raiseAndNote(table, taken, k * states, width, this.net[option]!, this.shape.hours[option]!, kind)
      this.reach[k] = width - 1
    }
  }

  /** Whether the bundle found keeps all counters. */
  private keepsCaps(worker: DenseWorker): boolean {
    this.use.fill(0)
    for (let k = 0; k < this.size; k++) {
      const uses = worker.kinds[this.shape.kind[this.bundle[k]!]!]!
      for (let i = 0; i < uses.length; i += 2) {
        this.use[uses[i]!]! += uses[i + 1]!
        if (this.use[uses[i]!]! > worker.caps[uses[i]!]!) return false
      }
    }
    return true
  }

  /** By option of this worker: `withIt` and `withoutIt`. Returns the best bundle's value. */
  marginals(index: number, prices: Float64Array, status: Status): number {
    const worker = this.shape.workers[index]!
    const layers = this.layers[index]!
    this.findNets(worker, prices)
    this.withIt.fill(Number.NEGATIVE_INFINITY, worker.first, worker.last)
    this.withoutIt.fill(Number.NEGATIVE_INFINITY, worker.first, worker.last)
    let best = Number.NEGATIVE_INFINITY
    for (let mode = 0; mode < worker.modes.length; mode++) {
      if (!this.gather(index, layers, mode, status)) continue
      best = Math.max(best, this.marginalsOf(worker, layers, mode, status))
    }
    return best
  }

  private readBundle(
    layers: Layers,
    worker: DenseWorker,
    status: Status,
    states: number,
    width: number,
    end: number,
  ): void {
    const { shape, taken, open, bundle } = this
    this.size = 0
    for (let option = worker.first; option < worker.last; option++) {
      if (status[option] === 1) bundle[this.size++] = option
    }
    let layer = layers.count - 1 - this.baseLayer
    let h = end
    for (let k = this.count - 1; k >= 0; k--) {
      h = Math.min(h, this.reach[k]!)
      if (taken[k * states + layer * width + h] === 0) continue
      const option = open[k]!
      bundle[this.size++] = option
      h -= shape.hours[option]!
      layer -= layers.kinds[shape.kind[option]!]!.up
    }
  }

  /** One mode's share of `marginals`: best ways to the left of an option joined with the best ways to its right. */
  private marginalsOf(worker: DenseWorker, layers: Layers, mode: number, status: Status): number {
    const { shape, open, net, withIt, withoutIt, base } = this
    const width = worker.modes[mode]!.capacity - this.baseHours + 1
    const states = width * layers.count
    const size = states * (this.count + 2)
    if (this.table.length < size) this.table = new Float64Array(size * 2)
    const { table } = this
    this.work.cells += 4 * states * (this.count + 1)
    const top = layers.count - 1 - this.baseLayer
    // Rows 0..count: the most from the first k open options. The last row: the most from the rest, cost included.
    table.fill(0, 0, states)
    for (let k = 0; k < this.count; k++) {
      const row = k * states
      table.copyWithin(row + states, row, row + states)
      raise(
        table,
        row + states,
        width,
        net[open[k]!]!,
        shape.hours[open[k]!]!,
        layers.kinds[shape.kind[open[k]!]!]!,
      )
    }
    const rest = (this.count + 1) * states
    for (let layer = 0; layer < layers.count; layer++) {
      for (let left = 0; left < width; left++) {
        const used = this.baseHours + width - 1 - left
        table[rest + layer * width + left] = worker.rise === null ? 0 : -worker.rise[used]!
      }
    }
    for (let k = this.count - 1; k >= 0; k--) {
      const option = open[k]!
      const hours = shape.hours[option]!
      const kind = layers.kinds[shape.kind[option]!]!
      const row = k * states
      let without = Number.NEGATIVE_INFINITY
      let with_ = Number.NEGATIVE_INFINITY
      for (let layer = 0; layer < layers.count; layer++) {
        if (!layers.within[layer * layers.count + top]) continue
        const a = row + layer * width
        const b = rest + (top - layer) * width + width - 1
        for (let h = 0; h < width; h++) {
          const value = table[a + h]! + table[b - h]!
          if (value > without) without = value
        }
      }
      for (let i = 0; i < kind.into.length; i++) {
        const layer = kind.into[i]!
        if (!layers.within[layer * layers.count + top]) continue
        const a = row + (layer - kind.up) * width
        const b = rest + (top - layer) * width + width - 1 - hours
        for (let h = 0; h < width - hours; h++) {
          const value = table[a + h]! + table[b - h]!
          if (value > with_) with_ = value
        }
      }
      withIt[option] = Math.max(withIt[option]!, base + net[option]! + with_)
      withoutIt[option] = Math.max(withoutIt[option]!, base + without)
      raise(table, rest, width, net[option]!, hours, kind)
    }
    const best = base + table[rest + top * width + width - 1]!
    const { kinds } = worker.modes[mode]!
    const isOpen = new Set(open.subarray(0, this.count))
    for (let option = worker.first; option < worker.last; option++) {
      if (isOpen.has(option)) continue
      if (status[option] === 1) withIt[option] = Math.max(withIt[option]!, best)
      else withoutIt[option] = Math.max(withoutIt[option]!, best)
      const { up, into } = layers.kinds[shape.kind[option]!]!
      if (status[option] !== 0 || !kinds[shape.kind[option]!] || shape.hours[option]! >= width) continue
      if (!into.some(layer => layer === top)) continue
      const value = base + net[option]! + table[rest + (top - up) * width + width - 1 - shape.hours[option]!]!
      withIt[option] = Math.max(withIt[option]!, value)
    }
    return best
  }

  private findNets(worker: DenseWorker, prices: Float64Array): void {
    const { shape, net } = this
    const { rowsOf } = shape
    for (let option = worker.first; option < worker.last; option++) {
      let one = shape.value[option]! - prices[shape.job[option]!]!
      const rows = rowsOf[option]!
      for (let k = 0; k < rows.length; k += 2) one -= prices[shape.jobs + rows[k]!]! * rows[k + 1]!
      net[option] = one
    }
  }

  /** Collects the options that can add something, and what is taken already; false when that does not fit the mode. */
  private gather(index: number, layers: Layers, mode: number, status: Status): boolean {
    const { shape, open, net } = this
    const { capacity, kinds } = shape.workers[index]!.modes[mode]!
    this.count = 0
    this.base = 0
    this.baseHours = 0
    this.baseLayer = 0
    for (const option of this.byHours[index]!) {
      const kind = shape.kind[option]!
      if (status[option] === 0) {
        if (kinds[kind] && net[option]! > shape.leastRise[option]!) open[this.count++] = option
      } else if (status[option] === 1) {
        if (!kinds[kind]) return false
        this.base += net[option]!
        this.baseHours += shape.hours[option]!
        this.baseLayer += layers.kinds[kind]!.up
        if (!layers.kinds[kind]!.into.includes(this.baseLayer)) return false
      }
    }
    return this.baseHours <= capacity
  }
}
