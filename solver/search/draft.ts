import { inBasisPoints, squareOfLoad } from '../problem/load.ts'
import { type Candidate, type Instance, riseOf } from './instance.ts'

const NONE: readonly number[] = []

/** An allocation under construction: who has which item, with every limit kept up to date. */
export class Draft {
  readonly instance: Instance
  /** Worker index by item; -1 when nobody has it. */
  readonly workerOf: Int32Array
  /** Items by worker, in no order that matters. */
  private readonly held: number[][]
  /** By worker: hours in all, items, and of those the ones that do not stay, that are calm, and that are heavy. */
  private readonly hours: Float64Array
  private readonly count: Int32Array
  private readonly fresh: Int32Array
  private readonly calm: Int32Array
  private readonly heavy: Int32Array
  /** By counter (see `InstanceWorker.firstCounter`) and by shared row. */
  private readonly used: Int32Array
  private readonly sharedUsed: Int32Array
  private readonly groupWorker: Int32Array
  private readonly groupCount: Int32Array

  constructor(instance: Instance) {
    this.instance = instance
    this.workerOf = new Int32Array(instance.items.length).fill(-1)
    this.held = instance.workers.map(() => [])
    this.hours = Float64Array.from(instance.workers, one => one.baseHours)
    this.count = new Int32Array(instance.workers.length)
    this.fresh = new Int32Array(instance.workers.length)
    this.calm = new Int32Array(instance.workers.length)
    this.heavy = new Int32Array(instance.workers.length)
    this.used = new Int32Array(instance.counterCount)
    this.sharedUsed = new Int32Array(instance.shared.length)
    this.groupWorker = new Int32Array(instance.groupCount).fill(-1)
    this.groupCount = new Int32Array(instance.groupCount)
  }

  /** The same allocation in another instance over the same items; items that no longer fit are left out. */
  static from(instance: Instance, workerOf: Int32Array): Draft {
    const draft = new Draft(instance)
    for (let item = 0; item < workerOf.length; item++) {
      const worker = workerOf[item]!
      if (worker >= 0 && draft.fits(worker, item)) draft.assign(worker, item)
    }
    draft.dropIncomplete()
    return draft
  }

  /** The pair's candidate, or undefined when the rules forbid it. */
  candidate(worker: number, item: number): Candidate | undefined {
    const one = this.instance.workers[worker]!
    const index = one.byItem[item]!
    return index < 0 ? undefined : one.candidates[index]
  }

  /** Whether this worker can take this item on top of what the draft gives now. */
  fits(worker: number, item: number): boolean {
    const candidate = this.candidate(worker, item)
    if (!candidate || this.workerOf[item]! >= 0) return false
    const one = this.instance.workers[worker]!
    const { group, emergency, unit } = this.instance.items[item]!
    const { stays } = candidate
    const limit =
      stays && this.fresh[worker] === 0
        ? one.stayLimit
        : (stays || emergency) && this.calm[worker] === 0
          ? one.hardLimit
          : one.bandLimit
    if (this.hours[worker]! + candidate.hours > limit) return false
    for (const counter of candidate.counts) {
      if (this.used[one.firstCounter + counter]! >= one.limits[counter]!) return false
    }
    for (const row of candidate.shared) {
      if (this.sharedUsed[row]! >= this.instance.shared[row]!.limit) return false
    }
    if (group >= 0 && this.groupCount[group]! > 0 && this.groupWorker[group] !== worker) return false
    for (const other of this.instance.units[unit]!.items) {
      if (other !== item && this.workerOf[other] === worker) return false
    }
    return true
  }

  assign(worker: number, item: number): void {
    this.workerOf[item] = worker
    this.held[worker]!.push(item)
    const { group } = this.instance.items[item]!
    if (group >= 0) this.groupWorker[group] = worker
    this.tally(worker, item, 1)
  }

  unassign(item: number): void {
    const held = this.held[this.workerOf[item]!]!
    held[held.indexOf(item)] = held.at(-1)!
    held.pop()
    this.tally(this.workerOf[item]!, item, -1)
    this.workerOf[item] = -1
  }

  private tally(worker: number, item: number, sign: 1 | -1): void {
    const { group, heavy, emergency } = this.instance.items[item]!
    const { hours, counts, stays, shared } = this.candidate(worker, item)!
    this.hours[worker]! += sign * hours
    this.count[worker]! += sign
    if (heavy) this.heavy[worker]! += sign
    if (!stays) {
      this.fresh[worker]! += sign
      if (!emergency) this.calm[worker]! += sign
    }
    const first = this.instance.workers[worker]!.firstCounter
    for (const counter of counts) this.used[first + counter]! += sign
    for (const row of shared) this.sharedUsed[row]! += sign
    if (group >= 0) this.groupCount[group]! += sign
  }

  /** Value (units) that this item adds for this worker now: points less the rise of the cost. */
  gain(worker: number, item: number): number {
    const candidate = this.candidate(worker, item)!
    const one = this.instance.workers[worker]!
    const hours = this.hours[worker]!
    const heavy = this.heavy[worker]!
    const then = riseOf(one, hours + candidate.hours, heavy + (this.instance.items[item]!.heavy ? 1 : 0))
    return candidate.points - then + riseOf(one, hours, heavy)
  }

  /** Value (units) that an item that somebody has adds for them now. */
  worth(item: number): number {
    const worker = this.workerOf[item]!
    const one = this.instance.workers[worker]!
    const { points, hours } = this.candidate(worker, item)!
    const all = this.hours[worker]!
    const heavy = this.heavy[worker]!
    const without = riseOf(one, all - hours, heavy - (this.instance.items[item]!.heavy ? 1 : 0))
    return points - riseOf(one, all, heavy) + without
  }

  placed(unit: number): boolean {
    return this.instance.units[unit]!.items.every(item => this.workerOf[item]! >= 0)
  }

  /** Takes back half-filled duos; true when there were any. */
  dropIncomplete(): boolean {
    let any = false
    this.instance.units.forEach((unit, index) => {
      if (this.placed(index)) return
      for (const item of unit.items) {
        if (this.workerOf[item]! < 0) continue
        this.unassign(item)
        any = true
      }
    })
    return any
  }

  /** Points less the rise of the cost of everything the draft gives, in units. */
  value(): number {
    let value = 0
    this.workerOf.forEach((worker, item) => {
      if (worker >= 0) value += this.candidate(worker, item)!.points
    })
    this.instance.workers.forEach((one, worker) => {
      value -= riseOf(one, this.hours[worker]!, this.heavy[worker]!)
    })
    return value
  }

  /**
   * Highest load among those who get something that is new to them, in hundredths of a percent, rounded up. By the first
   * meaning: among those who get or keep something that people did not fix.
   */
  highestLoad(): number {
    let highest = 0
    const some = this.instance.countsStaying ? this.count : this.fresh
    this.instance.workers.forEach((one, worker) => {
      // Without norm hours there is no percentage; such a worker only keeps what is there.
      if ((some[worker]! === 0 && !one.lockedNew) || one.norm === 0) return
      highest = Math.max(highest, inBasisPoints(this.hours[worker]!, one.norm))
    })
    return highest
  }

  /** The sum of squares of the loads of everybody, as the level "even loads" counts it. */
  evenLoads(): number {
    return this.instance.workers.reduce(
      (sum, one, worker) => sum + squareOfLoad(this.hours[worker]!, one.norm),
      0,
    )
  }

  /** Seats with people who leave or go away before their case is expected to end. */
  leavers(): number {
    let count = 0
    this.workerOf.forEach((worker, item) => {
      if (worker >= 0 && this.candidate(worker, item)!.goes) count++
    })
    return count
  }

  /** What a worker has now; a copy. */
  itemsOf(worker: number): readonly number[] {
    const held = this.held[worker]!
    return held.length === 0 ? NONE : held.slice()
  }

  /** Whether the draft gives this worker nothing. */
  isFree(worker: number): boolean {
    return this.count[worker] === 0
  }

  hoursOf(worker: number): number {
    return this.hours[worker]!
  }
}

/** Sum of the weights of the units that are placed. */
export function placedWeight(draft: Draft, weights: ArrayLike<number>): number {
  let sum = 0
  for (let unit = 0; unit < draft.instance.units.length; unit++) if (draft.placed(unit)) sum += weights[unit]!
  return sum
}

/** Sum of the weights of all units. */
export function totalWeight(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0)
}
