import { hoursLimit, NEW_CASES, type Room, type RoomWorker, riseOf } from './candidates.ts'
import { curveCost } from './load.ts'

/** What one worker gets together, and what that is worth: points less the rise of the cost, in units. */
export interface Bundle {
  worker: number
  items: number[]
  value: number
}

export interface Prices {
  /** Per item: what covering it is charged. */
  items: Float64Array
  /** Per group, at least 0: charged once to a bundle that has a primary seat of the group. */
  groups: Float64Array
  /** Per row over pairs of several workers, at least 0. */
  shared: Float64Array
}

export interface BestBundle {
  items: readonly number[]
  /** Reduced value; 0 for no bundle at all, which every worker may have. */
  reduced: number
  /** At least the reduced value of every bundle of this worker, also when the search was cut short. */
  bound: number
}

/** Prices are multiples of this and all values are whole, so bounds are computed without rounding. */
export const priceGrain = 1 / 64

/** Pricing gives up on a worker after this many steps; its bound then is the relaxed one, still valid. */
const stepLimit = 200_000
const NO_ITEMS: readonly number[] = []
const NOTHING = { complete: true, relaxed: 0 }
/** Costs are remembered by hours up to so many hundredths above what the worker has. */
const tableLimit = 20_000

/** The candidates of one worker side by side, as the search reads them. */
interface Shelf {
  worker: RoomWorker
  /** How many items one bundle can have. */
  slots: number
  item: Int32Array
  unit: Int32Array
  group: Int32Array
  heavy: Uint8Array
  hours: Float64Array
  limit: Float64Array
  points: Float64Array
  leastRise: Float64Array
  counts: (readonly number[])[]
  shared: (readonly number[])[]
  hasShared: boolean
  /** Rise of the cost by hours above the base; NaN until asked for. */
  rises: Float64Array
}

/**
 * Finds bundles by their reduced value at given prices.
 *
 * The reduced value of a bundle B is sum over B of (points - prices) - rise(B) - prices of the groups it touches. Where
 * `values` is off only the prices count (the levels about which cases are placed). Rises are at least the sum of
 * `leastRise` and group prices are not negative, so adding a set S of items adds at most the sum of
 * max(0, net - leastRise) over S; and every part of an allowed bundle is allowed. Both make the search prune safely.
 */
export class Pricer {
  private readonly room: Room
  private readonly values: boolean
  private readonly shelves: Shelf[]
  private net = new Float64Array(0)
  private gain = new Float64Array(0)
  private order: Int32Array = new Int32Array(0)
  private sums = new Float64Array(0)

  constructor(room: Room, values: boolean) {
    this.room = room
    this.values = values
    this.shelves = room.workers.map(worker => shelve(room, worker, values))
    const widest = this.shelves.reduce((most, shelf) => Math.max(most, shelf.item.length), 0)
    this.net = new Float64Array(widest)
    this.gain = new Float64Array(widest)
    this.order = new Int32Array(widest)
    this.sums = new Float64Array(widest + 1)
  }

  /** The best bundle of a worker at these prices. */
  best(worker: number, prices: Prices): BestBundle {
    let best = 0
    let items: readonly number[] = NO_ITEMS
    // Values are whole and prices on a grain, so what is better is better by a grain at least.
    const { complete, relaxed } = this.walk(
      worker,
      prices,
      true,
      () => best + priceGrain,
      (bundle, reduced) => {
        if (reduced > best) {
          best = reduced
          items = bundle.slice()
        }
      },
    )
    return { items, reduced: best, bound: complete ? best : Math.max(best, relaxed) }
  }

  /**
   * Every bundle of a worker with reduced value >= `least`, where values do not count only those to which nothing can be added;
   * null when there are more than `most` or it takes too long.
   */
  within(worker: number, prices: Prices, least: number, most: number): Bundle[] | null {
    const bundles: Bundle[] = []
    let tooMany = false
    const { complete } = this.walk(
      worker,
      prices,
      false,
      () => (tooMany ? Number.POSITIVE_INFINITY : least),
      items => {
        if (!this.values && this.canGrow(worker, items)) return
        if (bundles.length >= most) tooMany = true
        else bundles.push(this.bundle(worker, items))
      },
    )
    return complete && !tooMany ? bundles : null
  }

  /** Whether something can be added to this bundle. */
  private canGrow(index: number, items: readonly number[]): boolean {
    const { worker, slots, item, unit, hours, limit, counts } = this.shelves[index]!
    if (items.length >= slots) return false
    const left = worker.limits.slice()
    let total = worker.baseHours
    let most = Number.POSITIVE_INFINITY
    const units: number[] = []
    for (const one of items) {
      const k = worker.byItem[one]!
      total += hours[k]!
      most = Math.min(most, limit[k]!)
      units.push(unit[k]!)
      for (const counter of counts[k]!) left[counter]!--
    }
    for (let k = 0; k < item.length; k++) {
      if (units.includes(unit[k]!) || total + hours[k]! > Math.min(most, limit[k]!)) continue
      if (counts[k]!.every(counter => left[counter]! > 0)) return true
    }
    return false
  }

  /** A bundle with its value; 0 where values do not count. The items must be candidates of the worker. */
  bundle(worker: number, items: readonly number[]): Bundle {
    return { worker, items: [...items], value: this.values ? bundleValue(this.room, worker, items) : 0 }
  }

  /**
   * Walks through the bundles of one worker that the rules allow together, best items first. `visit` gets the items of every
   * non-empty bundle with reduced value >= `floor()`; `floor` may rise during the walk.
   */
  private walk(
    index: number,
    prices: Prices,
    bestOnly: boolean,
    floor: () => number,
    visit: (items: readonly number[], reduced: number) => void,
  ): { complete: boolean; relaxed: number } {
    const shelf = this.shelves[index]!
    const { worker, slots, item, unit, group, heavy, hours, limit, points, leastRise, counts, shared } = shelf
    const { hasShared } = shelf
    const { net, gain, order, sums } = this
    const size = item.length
    if (size === 0 || slots === 0) return NOTHING
    const start = floor()
    for (let k = 0; k < size; k++) {
      let own = points[k]! - prices.items[item[k]!]!
      if (hasShared) for (const row of shared[k]!) own -= prices.shared[row]!
      net[k] = own
      gain[k] = own - leastRise[k]!
    }
    const most = mostTogether(gain, size, slots - 1)
    let options = 0
    for (let k = 0; k < size; k++) {
      // What adds nothing is in no best bundle.
      if (gain[k]! + most < start || (bestOnly && gain[k]! <= 0)) continue
      // Kept sorted by gain, then by item, as it grows.
      let at = options++
      while (at > 0 && gain[order[at - 1]!]! < gain[k]!) {
        order[at] = order[at - 1]!
        at--
      }
      order[at] = k
    }
    if (options === 0) return NOTHING
    sums[0] = 0
    for (let k = 0; k < options; k++) sums[k + 1] = sums[k]! + Math.max(0, gain[order[k]!]!)
    const ahead = (from: number, free: number) => sums[Math.min(options, from + free)]! - sums[from]!

    const chosen: number[] = []
    const units: number[] = []
    const groups: number[] = []
    const left = worker.limits.slice()
    let steps = 0
    const descend = (from: number, sum: number, total: number, heavies: number, most: number): boolean => {
      const free = slots - chosen.length
      if (free === 0) return true
      const reducedNow = sum - this.rise(shelf, total, heavies)
      for (let position = from; position < options; position++) {
        if (++steps > stepLimit) return false
        const k = order[position]!
        if (reducedNow + gain[k]! + ahead(position + 1, free - 1) < floor()) return true
        const newMost = Math.min(most, limit[k]!)
        const newTotal = total + hours[k]!
        if (newTotal > newMost || units.includes(unit[k]!)) continue
        const used = counts[k]!
        if (used.some(counter => left[counter] === 0)) continue
        const newGroup = group[k]! >= 0 && !groups.includes(group[k]!)
        const newSum = sum + net[k]! - (newGroup ? prices.groups[group[k]!]! : 0)
        chosen.push(item[k]!)
        units.push(unit[k]!)
        if (newGroup) groups.push(group[k]!)
        for (const counter of used) left[counter]!--
        const newHeavies = heavies + heavy[k]!
        const reduced = newSum - this.rise(shelf, newTotal, newHeavies)
        if (reduced >= floor()) visit(chosen, reduced)
        const complete = descend(position + 1, newSum, newTotal, newHeavies, newMost)
        for (const counter of used) left[counter]!++
        chosen.pop()
        units.pop()
        if (newGroup) groups.pop()
        if (!complete) return false
      }
      return true
    }
    const complete = descend(0, 0, worker.baseHours, 0, Number.POSITIVE_INFINITY)
    return { complete, relaxed: ahead(0, slots) }
  }

  private rise(shelf: Shelf, total: number, heavies: number): number {
    if (!this.values) return 0
    const { rises, worker } = shelf
    const at = total - worker.baseHours
    if (at >= rises.length) return riseOf(worker, total, heavies)
    let rise = rises[at]!
    if (Number.isNaN(rise)) {
      rise = curveCost(worker.curve, total) - worker.baseCost
      rises[at] = rise
    }
    return heavies === 0 ? rise : rise + riseOf(worker, worker.baseHours, heavies)
  }
}

/** The sum of the `count` largest of the first `size` gains, those that are positive. */
function mostTogether(gain: Float64Array, size: number, count: number): number {
  let sum = 0
  if (count >= size || count > 4) {
    for (let k = 0; k < size; k++) if (gain[k]! > 0) sum += gain[k]!
    return sum
  }
  const top = [0, 0, 0, 0]
  for (let k = 0; k < size; k++) {
    let one = gain[k]!
    for (let at = 0; at < count && one > 0; at++) {
      if (one <= top[at]!) continue
      const less = top[at]!
      top[at] = one
      one = less
    }
  }
  for (const one of top) sum += one
  return sum
}

function shelve(room: Room, worker: RoomWorker, values: boolean): Shelf {
  const { candidates } = worker
  const numbers = (of: (index: number) => number) => Float64Array.from(candidates, (_, index) => of(index))
  const whole = (of: (item: Room['items'][number]) => number) =>
    Int32Array.from(candidates, one => of(room.items[one.item]!))
  const limit = numbers(k => hoursLimit(worker, room.items[candidates[k]!.item]!, candidates[k]!))
  const all = candidates.reduce((sum, one) => sum + one.hours, worker.baseHours)
  const highest = Math.min(
    all,
    limit.reduce((most, one) => Math.max(most, one), 0),
  )
  // Everything but what stays is a new case, and new cases are limited.
  const fresh = candidates.every(one => !one.stays)
  return {
    worker,
    slots: fresh ? Math.min(candidates.length, worker.limits[NEW_CASES]!) : candidates.length,
    item: Int32Array.from(candidates, one => one.item),
    unit: whole(item => item.unit),
    group: whole(item => item.group),
    heavy: Uint8Array.from(candidates, one => (room.items[one.item]!.heavy ? 1 : 0)),
    hours: numbers(k => candidates[k]!.hours),
    limit,
    points: numbers(k => (values ? candidates[k]!.points : 0)),
    leastRise: numbers(k => (values ? candidates[k]!.leastRise : 0)),
    counts: candidates.map(one => one.counts),
    shared: candidates.map(one => one.shared),
    hasShared: candidates.some(one => one.shared.length > 0),
    rises: new Float64Array(Math.max(0, Math.min(tableLimit, highest - worker.baseHours + 1))).fill(
      Number.NaN,
    ),
  }
}

/** Points less the rise of the cost, in units. The items must be candidates of the worker. */
export function bundleValue(room: Room, index: number, items: readonly number[]): number {
  const worker = room.workers[index]!
  let points = 0
  let hours = worker.baseHours
  let heavy = 0
  for (const item of items) {
    const candidate = worker.candidates[worker.byItem[item]!]!
    points += candidate.points
    hours += candidate.hours
    if (room.items[item]!.heavy) heavy++
  }
  return points - riseOf(worker, hours, heavy)
}
