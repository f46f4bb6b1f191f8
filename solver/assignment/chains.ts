import type { Work } from './knapsack.ts'
import type { Shape } from './shape.ts'

/** So many options per job are looked at, cheapest first. */
const listLength = 10
/** How many ways on are tried at each step of a chain, best first; as many steps as there are numbers. */
const breadth = [12, 8, 5, 3, 2]
/** Cells of tables that one step of a chain is counted as. */
const cellsPerStep = 100

/**
 * Ejection chains: a job moves to another worker, who passes one on, and so on, until one fits without that or goes to the worker
 * with whom it began.
 *
 * With a rate μ_w per step of hours and u_j = max_o (value_o − μ_w hours_o), the value of a whole assignment is a constant less
 *
 *   Σ_o loss_o + Σ_w slack_w(hours of w),   loss_o = u_j − value_o + μ_w hours_o,
 *                                           slack_w(h) = max_h' (μ_w h' − rise_w(h')) − (μ_w h − rise_w(h)),
 *
 * none of which is below 0. So a chain is only followed while what it took away is more than what it added.
 */
export class Chains {
  private readonly shape: Shape
  private readonly work: Work
  private readonly rates: Float64Array
  private readonly loss: Float64Array
  private readonly lists: Int32Array[]
  private readonly most: Float64Array
  private readonly hours: Float64Array
  private readonly counts: Int32Array[]
  private readonly kindCounts: Int32Array[]
  private readonly held: number[][]
  private readonly visited: Uint8Array
  private readonly chain: number[] = []
  private current: Int32Array

  constructor(shape: Shape, rates: Float64Array, work: Work) {
    const { job, value, hours, worker, workers, optionsOf } = shape
    this.shape = shape
    this.work = work
    this.rates = rates
    this.loss = Float64Array.from(
      job,
      (_, option) => rates[worker[option]!]! * hours[option]! - value[option]!,
    )
    for (const options of optionsOf) {
      const least = options.reduce(
        (min, option) => Math.min(min, this.loss[option]!),
        Number.POSITIVE_INFINITY,
      )
      for (const option of options) this.loss[option]! -= least
    }
    this.lists = optionsOf
      .map(options =>
        [...options].sort((a, b) => this.loss[a]! - this.loss[b]! || a - b).slice(0, listLength),
      )
      .map(list => Int32Array.from(list))
    this.most = Float64Array.from(workers, ({ width, rise }, w) => {
      let most = 0
      for (let h = 0; h < width; h++) most = Math.max(most, rates[w]! * h - (rise?.[h] ?? 0))
      return most
    })
    this.hours = new Float64Array(workers.length)
    this.counts = workers.map(one => new Int32Array(one.caps.length))
    this.kindCounts = workers.map(one => new Int32Array(one.kinds.length))
    this.held = workers.map(() => [])
    this.visited = new Uint8Array(workers.length)
    this.current = new Int32Array(0)
  }

  /** Follows chains from a whole assignment that fits until none gains anything; changes it in place. */
  improve(assignment: Int32Array, shouldStop: () => boolean): void {
    const { shape, held } = this
    this.current = assignment
    this.hours.fill(0)
    for (const list of [...this.counts, ...this.kindCounts]) list.fill(0)
    for (const list of held) list.length = 0
    for (const option of assignment) this.put(option)
    const waiting = new Uint8Array(shape.workers.length).fill(1)
    const queue = Array.from(waiting.keys())
    for (let worker = queue.pop(); worker !== undefined && !shouldStop(); worker = queue.pop()) {
      waiting[worker] = 0
      for (let at = 0; at < held[worker]!.length; at++) {
        if (!this.follow(held[worker]![at]!)) continue
        for (const option of this.chain) {
          const w = shape.worker[option]!
          if (waiting[w] === 0) queue.push(w)
          waiting[w] = 1
        }
        at = -1
      }
    }
  }

  /** Looks for a chain that begins with the job of this option, and makes it; `chain` holds its options, left and taken. */
  private follow(first: number): boolean {
    this.chain.length = 0
    const start = this.shape.worker[first]!
    const gain = this.loss[first]! + this.slack(start, this.hours[start]!)
    return this.step(first, gain, first, 0) && this.make()
  }

  /** The job of `out` needs another worker; `gain` is what the chain has gained so far, the hole that it began with aside. */
  private step(out: number, gain: number, first: number, level: number): boolean {
    const { shape, loss, hours, held, visited, chain } = this
    const start = shape.worker[first]!
    const hole = this.slack(start, hours[start]! - shape.hours[first]!)
    const ways: { gain: number; into: number; next: number }[] = []
    this.work.cells += cellsPerStep
    for (const into of this.lists[shape.job[out]!]!) {
      const left = gain - loss[into]!
      if (left <= 0) break
      const worker = shape.worker[into]!
      if (worker === shape.worker[out]) continue
      if (worker === start) {
        const h = hours[start]! - shape.hours[first]! + shape.hours[into]!
        if (left - this.slack(start, h) <= margin || !this.fits(start, first, into)) continue
        chain.push(out, into)
        return true
      }
      if (visited[worker] === 1) continue
      const before = left + this.slack(worker, hours[worker]!)
      const after = hours[worker]! + shape.hours[into]!
      if (before - this.slack(worker, after) - hole > margin && this.fits(worker, -1, into)) {
        chain.push(out, into)
        return true
      }
      if (level + 1 === breadth.length) continue
      for (const next of held[worker]!) {
        const more = before + loss[next]! - this.slack(worker, after - shape.hours[next]!)
        if (more > 0 && this.fits(worker, next, into)) ways.push({ gain: more, into, next })
      }
    }
    ways.sort((a, b) => b.gain - a.gain || a.next - b.next)
    for (const { gain: more, into, next } of ways.slice(0, breadth[level]!)) {
      const worker = shape.worker[into]!
      visited[worker] = 1
      chain.push(out, into)
      const found = this.step(next, more, first, level + 1)
      visited[worker] = 0
      if (found) return true
      chain.length -= 2
    }
    return false
  }

  /** Makes the chain, unless a row over several workers then has too much. */
  private make(): boolean {
    const { shape, chain } = this
    const uses = new Map<number, number>()
    for (const [place, option] of chain.entries()) {
      const rows = shape.rowsOf[option]!
      for (let i = 0; i < rows.length; i += 2)
        uses.set(rows[i]!, (uses.get(rows[i]!) ?? 0) + (place % 2 === 0 ? -1 : 1) * rows[i + 1]!)
    }
    for (const [row, more] of uses) {
      if (more > 0 && this.usedOf(row) + more > shape.rows[row]!.limit) return false
    }
    for (let k = 0; k < chain.length; k += 2) this.take(chain[k]!)
    for (let k = 1; k < chain.length; k += 2) this.put(chain[k]!)
    return true
  }

  private usedOf(row: number): number {
    const { options, weights } = this.shape.rows[row]!
    return options.reduce(
      (sum, option, k) => sum + (this.current[this.shape.job[option]!] === option ? weights[k]! : 0),
      0,
    )
  }

  /** What these hours of a worker lose against the hours that would be best at the rate. */
  private slack(worker: number, hours: number): number {
    const { rise, width } = this.shape.workers[worker]!
    if (hours >= width) return Number.POSITIVE_INFINITY
    return this.most[worker]! - this.rates[worker]! * hours + (rise?.[hours] ?? 0)
  }

  /** Whether a worker may have one option less (-1: none) and one more. */
  private fits(worker: number, out: number, into: number): boolean {
    const { shape } = this
    const { modes, caps, kinds } = shape.workers[worker]!
    const hours = this.hours[worker]! + shape.hours[into]! - (out < 0 ? 0 : shape.hours[out]!)
    const kind = shape.kind[into]!
    const without = out < 0 ? -1 : shape.kind[out]!
    if (without !== kind && caps.length > 0) {
      const used = this.counts[worker]!
      const less = without < 0 ? [] : kinds[without]!
      const uses = kinds[kind]!
      for (let i = 0; i < uses.length; i += 2) {
        let count = used[uses[i]!]! + uses[i + 1]!
        for (let k = 0; k < less.length; k += 2) if (less[k] === uses[i]) count -= less[k + 1]!
        if (count > caps[uses[i]!]!) return false
      }
    }
    const have = this.kindCounts[worker]!
    return modes.some(
      mode =>
        hours <= mode.capacity &&
        mode.kinds[kind] === 1 &&
        (modes.length === 1 ||
          have.every((count, one) => count - (one === without ? 1 : 0) <= 0 || mode.kinds[one] === 1)),
    )
  }

  private put(option: number): void {
    const { shape } = this
    this.current[shape.job[option]!] = option
    this.held[shape.worker[option]!]!.push(option)
    this.count(option, 1)
  }

  private take(option: number): void {
    const list = this.held[this.shape.worker[option]!]!
    list.splice(list.indexOf(option), 1)
    this.count(option, -1)
  }

  private count(option: number, by: number): void {
    const { shape } = this
    const w = shape.worker[option]!
    this.hours[w]! += by * shape.hours[option]!
    this.kindCounts[w]![shape.kind[option]!]! += by
    const uses = shape.workers[w]!.kinds[shape.kind[option]!]!
    for (let i = 0; i < uses.length; i += 2) this.counts[w]![uses[i]!]! += by * uses[i + 1]!
  }
}

/** Gains smaller than this are rounding. */
const margin = 1e-6
