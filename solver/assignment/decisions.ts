import type { Shape, Status } from './shape.ts'

/**
 * What is decided about options so far, with what follows from it, and a way back.
 *
 * Follows: the other options of a job that is given; options that no longer fit their worker's hours or counters or a
 * row; the last option that a job has left.
 */
export class Decisions {
  readonly status: Status
  /** Options left open per job; 0 when the job is given. */
  readonly left: Int32Array
  /** Jobs without a decision. */
  open: number
  private readonly shape: Shape
  private readonly trail: number[] = []
  private readonly room: Float64Array
  /** Room in each row if all its open options of negative weight were taken. */
  private readonly rowRoom: Float64Array
  private readonly counts: Int32Array[]
  private readonly queue: number[] = []

  constructor(shape: Shape) {
    this.shape = shape
    this.status = new Int8Array(shape.job.length)
    this.left = Int32Array.from(shape.optionsOf, one => one.length)
    this.open = shape.jobs
    this.room = Float64Array.from(shape.workers, one => one.width - 1)
    this.rowRoom = Float64Array.from(
      shape.rows,
      one => one.limit - one.weights.reduce((sum, weight) => sum + Math.min(0, weight), 0),
    )
    this.counts = shape.workers.map(one => one.caps.slice())
  }

  /** A point to go back to. */
  mark(): number {
    return this.trail.length
  }

  /** Gives a job its option; false when something then cannot be. The caller goes back to its mark. */
  take(option: number): boolean {
    if (this.status[option] === 1) return true
    if (this.status[option] === -1) return false
    this.queue.push(option)
    return this.follow()
  }

  /** Rules an option out; false when a job then has none. */
  ban(option: number): boolean {
    if (this.status[option] !== 0) return this.status[option] === -1
    return this.drop(option) && this.follow()
  }

  backTo(mark: number): void {
    const { shape, status, left } = this
    this.queue.length = 0
    while (this.trail.length > mark) {
      const option = this.trail.pop()!
      const job = shape.job[option]!
      if (status[option] === 1) {
        this.count(option, -1)
        this.open++
      } else this.countOut(option, -1)
      left[job]!++
      status[option] = 0
    }
  }

  /** Option by job; -1 where open. */
  assignment(): Int32Array {
    const given = new Int32Array(this.shape.jobs).fill(-1)
    for (let option = 0; option < this.status.length; option++) {
      if (this.status[option] === 1) given[this.shape.job[option]!] = option
    }
    return given
  }

  private drop(option: number): boolean {
    const job = this.shape.job[option]!
    this.status[option] = -1
    this.trail.push(option)
    this.left[job]!--
    if (!this.countOut(option, 1) || this.left[job] === 0) return false
    if (this.left[job] === 1) {
      for (const other of this.shape.optionsOf[job]!) {
        if (this.status[other] === 0) this.queue.push(other)
        else if (this.status[other] === 1) return true
      }
    }
    return true
  }

  private follow(): boolean {
    const { shape, status, queue } = this
    while (queue.length > 0) {
      const option = queue.pop()!
      if (status[option] === 1) continue
      if (status[option] === -1) return false
      status[option] = 1
      this.trail.push(option)
      const job = shape.job[option]!
      this.left[job]!--
      this.open--
      this.count(option, 1)
      if (!this.holds(option)) return false
      for (const other of shape.optionsOf[job]!) {
        if (status[other] !== 0) continue
        status[other] = -1
        this.trail.push(other)
        this.left[job]!--
        if (!this.countOut(other, 1)) return false
      }
      if (!this.squeeze(option)) return false
    }
    return true
  }

  /** Rules out what no longer fits now that this option is taken. */
  private squeeze(taken: number): boolean {
    const { shape, status } = this
    const w = shape.worker[taken]!
    const worker = shape.workers[w]!
    for (let option = worker.first; option < worker.last; option++) {
      if (status[option] !== 0) continue
      const full =
        shape.hours[option]! > this.room[w]! || !this.hasRoom(w, worker.kinds[shape.kind[option]!]!)
      if (full && !this.drop(option)) return false
    }
    const rows = shape.rowsOf[taken]!
    for (let i = 0; i < rows.length; i += 2) {
      const { options, weights } = shape.rows[rows[i]!]!
      for (let k = 0; k < options.length; k++) {
        const tooMuch = weights[k]! > this.rowRoom[rows[i]!]!
        if (tooMuch && status[options[k]!] === 0 && !this.drop(options[k]!)) return false
      }
    }
    return true
  }

  private holds(option: number): boolean {
    const { shape } = this
    const w = shape.worker[option]!
    if (this.room[w]! < 0 || this.counts[w]!.some(count => count < 0)) return false
    const rows = shape.rowsOf[option]!
    for (let i = 0; i < rows.length; i += 2) if (this.rowRoom[rows[i]!]! < 0) return false
    return true
  }

  private hasRoom(w: number, uses: Int32Array): boolean {
    for (let i = 0; i < uses.length; i += 2) if (this.counts[w]![uses[i]!]! < uses[i + 1]!) return false
    return true
  }

  private count(option: number, by: number): void {
    const { shape } = this
    const w = shape.worker[option]!
    this.room[w]! -= by * shape.hours[option]!
    const uses = shape.workers[w]!.kinds[shape.kind[option]!]!
    for (let i = 0; i < uses.length; i += 2) this.counts[w]![uses[i]!]! -= by * uses[i + 1]!
    const rows = shape.rowsOf[option]!
    for (let i = 0; i < rows.length; i += 2) this.rowRoom[rows[i]!]! -= by * Math.max(0, rows[i + 1]!)
  }

  /** Counts that an option is out, or open again: what a negative weight would have made room for. */
  private countOut(option: number, by: number): boolean {
    const rows = this.shape.rowsOf[option]!
    let fits = true
    for (let i = 0; i < rows.length; i += 2) {
      this.rowRoom[rows[i]!]! += by * Math.min(0, rows[i + 1]!)
      if (this.rowRoom[rows[i]!]! < 0) fits = false
    }
    return fits
  }
}
