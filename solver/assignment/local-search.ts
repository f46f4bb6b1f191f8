import { randomSource } from './random.ts'
import type { Shape } from './shape.ts'

export interface SearchLimits {
  /** Moves. */
  moves: number
  /** Stop at a value of at least this. */
  enough: number
  seed: number
  shouldStop: () => boolean
}

/**
 * Local search over whole assignments: tabu search with moves and swaps.
 *
 * Hours above a limit are allowed at a price per step, which rises while the assignment is over a limit and falls while
 * it is not, so the walk crosses from one side to the other. Counters and rows are kept always.
 */
export class Search {
  /** Option by job of the best assignment that keeps every limit; `bestValue` is -Infinity without one. */
  readonly best: Int32Array
  bestValue = Number.NEGATIVE_INFINITY
  private readonly shape: Shape
  private readonly current: Int32Array
  private readonly hours: Float64Array
  private readonly limits: Float64Array
  private readonly fine: Float64Array
  private readonly counts: Int32Array[]
  private readonly kindCounts: Int32Array[]
  private readonly rowUse: Float64Array
  private readonly simple: boolean

  constructor(shape: Shape) {
    this.shape = shape
    this.best = new Int32Array(shape.jobs).fill(-1)
    this.current = new Int32Array(shape.jobs).fill(-1)
    this.hours = new Float64Array(shape.workers.length)
    this.limits = new Float64Array(shape.workers.length)
    this.fine = new Float64Array(shape.workers.length)
    this.counts = shape.workers.map(one => new Int32Array(one.caps.length))
    this.kindCounts = shape.workers.map(one => new Int32Array(one.kinds.length))
    this.rowUse = new Float64Array(shape.rows.length)
    this.simple =
      shape.rows.length === 0 && shape.workers.every(one => one.caps.length === 0 && one.modes.length === 1)
  }

  /** Takes over an assignment if it is whole, keeps every limit, and is the best so far. */
  offer(assignment: Int32Array): boolean {
    this.load(assignment)
    return this.keep()
  }

  /** Searches from an assignment (-1: not decided yet) over the options given per job. */
  run(from: Int32Array, optionsOf: readonly Int32Array[], limits: SearchLimits): void {
    const { shape, current, hours } = this
    const { jobs, value, worker: workerOf, hours: hoursOf } = shape
    const next = randomSource(limits.seed)
    this.load(from)
    this.complete(optionsOf)
    const spread = Math.max(1, ...value) / Math.max(1, ...hoursOf)
    this.fine.fill(Math.max(1, spread))
    this.keep()
    const tabuUntil = new Int32Array(shape.job.length)
    const optionOf = new Map<number, number>()
    for (let option = 0; option < shape.job.length; option++) {
      optionOf.set(shape.job[option]! * shape.workers.length + workerOf[option]!, option)
    }
    const leave = new Float64Array(jobs)
    const holders: number[][] = shape.workers.map(() => [])
    const usable = new Uint8Array(shape.job.length)
    for (const options of optionsOf) for (const option of options) usable[option] = 1
    for (let move = 1; move <= limits.moves; move++) {
      if (this.bestValue >= limits.enough || ((move & 63) === 0 && limits.shouldStop())) return
      for (const list of holders) list.length = 0
      for (let j = 0; j < jobs; j++) {
        const option = current[j]!
        const w = workerOf[option]!
        holders[w]!.push(j)
        leave[j] = this.cost(w, hours[w]!, this.limits[w]!) - this.leaving(w, option) - value[option]!
      }
      let bestGain = Number.NEGATIVE_INFINITY
      let bestFrom = -1
      let bestTo = -1
      let bestSwap = -1
      let bestSwapTo = -1
      let ties = 1
      const excess = this.excess()
      const now = this.score()
      for (let j = 0; j < jobs; j++) {
        const option = current[j]!
        const a = workerOf[option]!
        for (const to of optionsOf[j]!) {
          if (to === option) continue
          const b = workerOf[to]!
          const tabu = tabuUntil[to]! > move
          if (this.mayMove(option, to)) {
            const gain =
              leave[j]! + value[to]! + this.cost(b, hours[b]!, this.limits[b]!) - this.joining(b, to)
            if (gain > bestGain || (gain === bestGain && next() * ++ties < 1)) {
              if (!tabu || (excess === 0 && now + gain > this.bestValue)) {
                if (gain > bestGain) ties = 1
                bestGain = gain
                bestFrom = option
                bestTo = to
                bestSwap = -1
              }
            }
          }
          const list = holders[b]!
          for (let i = 0; i < list.length; i++) {
            const k = list[i]!
            if (k === j) continue
            const back = optionOf.get(k * shape.workers.length + a)
            if (back === undefined || usable[back] === 0 || (k < j && optionsOf[k]!.includes(back))) continue
            const other = current[k]!
            if (tabu && tabuUntil[back]! > move) continue
            if (!this.simple && !this.maySwap(option, to, other, back)) continue
            const gain =
              value[to]! +
              value[back]! -
              value[option]! -
              value[other]! +
              this.cost(a, hours[a]!, this.limits[a]!) -
              this.trading(a, option, back) +
              this.cost(b, hours[b]!, this.limits[b]!) -
              this.trading(b, other, to)
            if (gain > bestGain || (gain === bestGain && next() * ++ties < 1)) {
              if (gain > bestGain) ties = 1
              bestGain = gain
              bestFrom = option
              bestTo = to
              bestSwap = other
              bestSwapTo = back
            }
          }
        }
      }
      if (bestFrom < 0) return
      const tenure = 5 + Math.floor(next() * (5 + Math.sqrt(jobs)))
      this.remove(bestFrom)
      tabuUntil[bestFrom] = move + tenure
      if (bestSwap >= 0) {
        this.remove(bestSwap)
        tabuUntil[bestSwap] = move + tenure
        this.add(bestSwapTo)
      }
      this.add(bestTo)
      this.keep()
      for (let w = 0; w < this.fine.length; w++) {
        const over = hours[w]! - this.limits[w]!
        this.fine[w] = Math.min(1e9, Math.max(spread / 16, this.fine[w]! * (over > 0 ? 1.08 : 0.985)))
      }
    }
  }

  private load(assignment: Int32Array): void {
    this.hours.fill(0)
    this.rowUse.fill(0)
    for (const list of this.counts) list.fill(0)
    for (const list of this.kindCounts) list.fill(0)
    this.current.fill(-1)
    for (let w = 0; w < this.limits.length; w++) this.limits[w] = this.limitWith(w, -1, -1)
    for (const option of assignment) if (option >= 0) this.add(option)
  }

  /** Gives every job that is nobody's yet the option that costs least now. */
  private complete(optionsOf: readonly Int32Array[]): void {
    const { shape, current, hours } = this
    this.fine.fill(1e6)
    for (let j = 0; j < shape.jobs; j++) {
      if (current[j]! >= 0) continue
      let best = Number.NEGATIVE_INFINITY
      let chosen = -1
      for (const option of optionsOf[j]!) {
        const w = shape.worker[option]!
        const gain = shape.value[option]! + this.cost(w, hours[w]!, this.limits[w]!) - this.joining(w, option)
        if (gain > best) {
          best = gain
          chosen = option
        }
      }
      if (chosen >= 0) this.add(chosen)
    }
  }

  private add(option: number): void {
    const { shape } = this
    const w = shape.worker[option]!
    this.current[shape.job[option]!] = option
    this.hours[w]! += shape.hours[option]!
    this.count(option, 1)
    this.limits[w] = this.limitWith(w, -1, -1)
  }

  private remove(option: number): void {
    const { shape } = this
    const w = shape.worker[option]!
    this.hours[w]! -= shape.hours[option]!
    this.count(option, -1)
    this.limits[w] = this.limitWith(w, -1, -1)
  }

  private count(option: number, by: number): void {
    const { shape } = this
    const w = shape.worker[option]!
    const kind = shape.kind[option]!
    this.kindCounts[w]![kind]! += by
    const uses = shape.workers[w]!.kinds[kind]!
    for (let i = 0; i < uses.length; i += 2) this.counts[w]![uses[i]!]! += by * uses[i + 1]!
    const rows = shape.rowsOf[option]!
    for (let i = 0; i < rows.length; i += 2) this.rowUse[rows[i]!]! += by * rows[i + 1]!
  }

  /** Hours that the worker may have with one option of kind `minus` less and one of kind `plus` more (-1: none). */
  private limitWith(w: number, minus: number, plus: number): number {
    const { modes } = this.shape.workers[w]!
    if (modes.length === 1) return modes[0]!.capacity
    const counts = this.kindCounts[w]!
    let limit = -1
    for (const mode of modes) {
      if (mode.capacity <= limit) continue
      let fits = true
      for (let kind = 0; kind < counts.length && fits; kind++) {
        const have = counts[kind]! - (kind === minus ? 1 : 0) + (kind === plus ? 1 : 0)
        fits = have === 0 || mode.kinds[kind] === 1
      }
      if (fits) limit = mode.capacity
    }
    return limit
  }

  private cost(w: number, hours: number, limit: number): number {
    const { rise, width } = this.shape.workers[w]!
    const over = hours > limit ? (hours - limit) * this.fine[w]! : 0
    return rise === null ? over : over + rise[Math.min(hours, width - 1)]!
  }

  private leaving(w: number, option: number): number {
    const left = this.hours[w]! - this.shape.hours[option]!
    return this.cost(w, left, this.simple ? this.limits[w]! : this.limitWith(w, this.shape.kind[option]!, -1))
  }

  private joining(w: number, option: number): number {
    const more = this.hours[w]! + this.shape.hours[option]!
    return this.cost(w, more, this.simple ? this.limits[w]! : this.limitWith(w, -1, this.shape.kind[option]!))
  }

  private trading(w: number, out: number, into: number): number {
    const { hours, kind } = this.shape
    const then = this.hours[w]! - hours[out]! + hours[into]!
    return this.cost(w, then, this.simple ? this.limits[w]! : this.limitWith(w, kind[out]!, kind[into]!))
  }

  private mayMove(out: number, into: number): boolean {
    if (this.simple) return true
    return this.tryOut([out], [into])
  }

  private maySwap(a: number, b: number, c: number, d: number): boolean {
    return this.tryOut([a, c], [b, d])
  }

  /** Whether counters and rows are kept after this change, or at least get no worse. */
  private tryOut(out: readonly number[], into: readonly number[]): boolean {
    const { shape } = this
    for (const option of out) this.count(option, -1)
    for (const option of into) this.count(option, 1)
    let fits = true
    for (const option of into) {
      const w = shape.worker[option]!
      const { caps, kinds } = shape.workers[w]!
      const uses = kinds[shape.kind[option]!]!
      for (let i = 0; i < uses.length; i += 2) {
        if (this.counts[w]![uses[i]!]! > caps[uses[i]!]!) fits = false
      }
      const rows = shape.rowsOf[option]!
      for (let i = 0; i < rows.length; i += 2) {
        if (this.rowUse[rows[i]!]! > shape.rows[rows[i]!]!.limit) fits = false
      }
    }
    for (const option of into) this.count(option, -1)
    for (const option of out) this.count(option, 1)
    return fits
  }

  /** Steps of hours above the limits. */
  private excess(): number {
    let excess = 0
    for (let w = 0; w < this.hours.length; w++) excess += Math.max(0, this.hours[w]! - this.limits[w]!)
    return excess
  }

  /** Value less cost, without the price of hours above a limit. */
  private score(): number {
    const { shape, current, hours } = this
    let score = 0
    for (let j = 0; j < current.length; j++) score += shape.value[current[j]!]!
    shape.workers.forEach((one, w) => {
      if (one.rise !== null) score -= one.rise[Math.min(hours[w]!, one.width - 1)]!
    })
    return score
  }

  /** Remembers the assignment when it keeps every limit and is the best so far. */
  private keep(): boolean {
    const { shape, current } = this
    if (current.includes(-1) || this.excess() > 0) return false
    const score = this.score()
    if (score <= this.bestValue) return false
    for (let w = 0; w < shape.workers.length; w++) {
      const { caps } = shape.workers[w]!
      for (let counter = 0; counter < caps.length; counter++) {
        if (this.counts[w]![counter]! > caps[counter]!) return false
      }
    }
    for (let r = 0; r < shape.rows.length; r++) if (this.rowUse[r]! > shape.rows[r]!.limit) return false
    this.best.set(current)
    this.bestValue = score
    return true
  }
}
