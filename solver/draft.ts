import type { Candidate, Room } from './candidates.ts'
import { loadCost } from './load.ts'

/** An allocation under construction: who has which item, with every per-worker limit kept up to date. */
export class Draft {
  readonly room: Room
  /** Worker index by item; -1 when nobody has it. */
  readonly workerOf: Int32Array
  private readonly hours: Float64Array
  private readonly count: Int32Array
  private readonly heavy: Int32Array
  private readonly calm: Int32Array
  private readonly groupWorker: Int32Array
  private readonly groupCount: Int32Array

  constructor(room: Room) {
    this.room = room
    this.workerOf = new Int32Array(room.items.length).fill(-1)
    this.hours = Float64Array.from(room.workers, one => one.baseHours)
    this.count = new Int32Array(room.workers.length)
    this.heavy = new Int32Array(room.workers.length)
    this.calm = new Int32Array(room.workers.length)
    this.groupWorker = new Int32Array(room.groupCount).fill(-1)
    this.groupCount = new Int32Array(room.groupCount)
  }

  /** The same allocation in another room over the same items; items that no longer fit are left out. */
  static from(room: Room, workerOf: Int32Array): Draft {
    const draft = new Draft(room)
    for (let item = 0; item < workerOf.length; item++) {
      const worker = workerOf[item]!
      if (worker >= 0 && draft.fits(worker, item)) draft.put(worker, item)
    }
    draft.dropIncomplete()
    return draft
  }

  /** The pair's candidate, or undefined when the rules forbid it. */
  candidate(worker: number, item: number): Candidate | undefined {
    const one = this.room.workers[worker]!
    const index = one.byItem[item]!
    return index < 0 ? undefined : one.candidates[index]
  }

  /** Whether this worker can take this item on top of what the draft gives now. */
  fits(worker: number, item: number): boolean {
    const candidate = this.candidate(worker, item)
    if (!candidate || this.workerOf[item]! >= 0) return false
    const one = this.room.workers[worker]!
    const { group, heavy, emergency, unit } = this.room.items[item]!
    const limit = emergency && this.calm[worker]! === 0 ? one.hardLimit : one.bandLimit
    if (this.hours[worker]! + candidate.hours > limit) return false
    if (this.count[worker]! >= one.newRoom) return false
    if (heavy && this.heavy[worker]! >= one.heavyRoom) return false
    if (group >= 0 && this.groupCount[group]! > 0 && this.groupWorker[group] !== worker) return false
    for (const other of this.room.units[unit]!.items) {
      if (other !== item && this.workerOf[other] === worker) return false
    }
    return true
  }

  put(worker: number, item: number): void {
    const { group, heavy, emergency } = this.room.items[item]!
    this.workerOf[item] = worker
    this.hours[worker]! += this.candidate(worker, item)!.hours
    this.count[worker]!++
    if (heavy) this.heavy[worker]!++
    if (!emergency) this.calm[worker]!++
    if (group >= 0) {
      this.groupWorker[group] = worker
      this.groupCount[group]!++
    }
  }

  take(item: number): void {
    const worker = this.workerOf[item]!
    const { group, heavy, emergency } = this.room.items[item]!
    this.hours[worker]! -= this.candidate(worker, item)!.hours
    this.count[worker]!--
    if (heavy) this.heavy[worker]!--
    if (!emergency) this.calm[worker]!--
    if (group >= 0) this.groupCount[group]!--
    this.workerOf[item] = -1
  }

  /** Value (units) that this item adds for this worker now: points less the rise of the load cost. */
  gain(worker: number, item: number): number {
    const candidate = this.candidate(worker, item)!
    const { policy, workers } = this.room
    const { norm } = workers[worker]!
    const now = this.hours[worker]!
    return candidate.points - loadCost(policy, norm, now + candidate.hours) + loadCost(policy, norm, now)
  }

  placed(unit: number): boolean {
    return this.room.units[unit]!.items.every(item => this.workerOf[item]! >= 0)
  }

  /** Takes back half-filled duos. */
  dropIncomplete(): void {
    this.room.units.forEach((unit, index) => {
      if (this.placed(index)) return
      for (const item of unit.items) if (this.workerOf[item]! >= 0) this.take(item)
    })
  }

  /** Points less load cost of everything the draft gives, in units. */
  value(): number {
    let value = 0
    this.workerOf.forEach((worker, item) => {
      if (worker >= 0) value += this.candidate(worker, item)!.points
    })
    this.room.workers.forEach((one, worker) => {
      value -= loadCost(this.room.policy, one.norm, this.hours[worker]!) - one.baseCost
    })
    return value
  }

  /** Highest load among those who get something, in hundredths of a percent, rounded up. */
  highestLoad(): number {
    let highest = 0
    this.room.workers.forEach((one, worker) => {
      if (this.count[worker]! === 0) return
      highest = Math.max(highest, Math.ceil((this.hours[worker]! * 10000) / one.norm))
    })
    return highest
  }

  hoursOf(worker: number): number {
    return this.hours[worker]!
  }
}

/** Sum of the weights of the units that are placed. */
export function placedWeight(draft: Draft, weights: ArrayLike<number>): number {
  let sum = 0
  for (let unit = 0; unit < draft.room.units.length; unit++) if (draft.placed(unit)) sum += weights[unit]!
  return sum
}
