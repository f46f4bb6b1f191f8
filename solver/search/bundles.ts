import { Ahead } from './ahead.ts'
import { type CandidateArrays, candidateArraysOf, hoursRise } from './candidate-arrays.ts'
import { type Instance, riseOf } from './instance.ts'

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
/** From so many steps on, a table of what can still be added is worth making. */
const plainLimit = 2000
const NO_ITEMS: readonly number[] = []
const NOTHING = { complete: true, relaxed: 0 }

/**
 * Finds bundles by their reduced value at given prices.
 *
 * The reduced value of a bundle B is sum over B of (points - prices) - rise(B) - prices of the groups it touches. Where
 * `values` is off only the prices count (the levels about which cases are placed). Rises are at least the sum of
 * `leastRise` and group prices are not negative, so adding a set S of items adds at most the sum of
 * max(0, net - leastRise) over S; and every part of an allowed bundle is allowed. Both make the search prune safely.
 */
export class Pricer {
  private readonly instance: Instance
  private readonly values: boolean
  private readonly arrays: CandidateArrays
  /** Points and least rises of all candidates, 0 where values do not count. */
  private readonly points: Float64Array
  private readonly leastRise: Float64Array
  private readonly net: Float64Array
  private readonly gain: Float64Array
  private readonly order: Int32Array
  private readonly sums: Float64Array
  private readonly ahead = new Ahead()
  private readonly pieces: { count: number; adds: Float64Array; hours: Float64Array }

  constructor(instance: Instance, values: boolean) {
    this.instance = instance
    this.values = values
    this.arrays = candidateArraysOf(instance)
    const { points, leastRise } = this.arrays
    const size = points.length
    this.points = values ? points : new Float64Array(size)
    this.leastRise = values ? leastRise : this.points
    this.net = new Float64Array(size)
    this.gain = new Float64Array(size)
    const widest = instance.workers.reduce((most, { candidates }) => Math.max(most, candidates.length), 0)
    this.order = new Int32Array(widest)
    this.sums = new Float64Array(widest + 1)
    this.pieces = { count: 0, adds: new Float64Array(widest), hours: new Float64Array(widest) }
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
   * Every bundle of a worker with reduced value >= `least`, where values do not count only those that cannot grow (see `canGrow`);
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
      () => {
        bundles.length = 0
        tooMany = false
      },
    )
    return complete && !tooMany ? bundles : null
  }

  /**
   * Whether something can be added to this bundle that uses no row over several workers more than it does already: of what does,
   * another worker may need that row, so then the smaller bundle has to stand beside the larger.
   */
  private canGrow(index: number, items: readonly number[]): boolean {
    const { first, slots, unit, group, hours, limit, counts, shared } = this.arrays
    const worker = this.instance.workers[index]!
    if (items.length >= slots[index]!) return false
    const left = worker.limits.slice()
    let total = worker.baseHours
    let most = Number.POSITIVE_INFINITY
    const units: number[] = []
    const groups: number[] = []
    for (const one of items) {
      const k = first[index]! + worker.byItem[one]!
      total += hours[k]!
      most = Math.min(most, limit[k]!)
      units.push(unit[k]!)
      groups.push(group[k]!)
      for (const counter of counts[k]!) left[counter]!--
    }
    for (let k = first[index]!; k < first[index + 1]!; k++) {
      if (units.includes(unit[k]!) || total + hours[k]! > Math.min(most, limit[k]!)) continue
      if (shared[k]!.length > 0 || (group[k]! >= 0 && !groups.includes(group[k]!))) continue
      if (counts[k]!.every(counter => left[counter]! > 0)) return true
    }
    return false
  }

  /** A bundle with its value; 0 where values do not count. The items must be candidates of the worker. */
  bundle(worker: number, items: readonly number[]): Bundle {
    return { worker, items: [...items], value: this.values ? bundleValue(this.instance, worker, items) : 0 }
  }

  /**
   * Walks through the bundles of one worker that the rules allow together, best items first. `visit` gets the items of every
   * non-empty bundle with reduced value >= `floor()`; `floor` may rise during the walk. A walk that takes long begins again with a
   * table of what can still be added; `restarted` says so.
   */
  private walk(
    index: number,
    prices: Prices,
    bestOnly: boolean,
    floor: () => number,
    visit: (items: readonly number[], reduced: number) => void,
    restarted: () => void = () => {},
  ): { complete: boolean; relaxed: number } {
    const { item, unit, group, heavy, hours, limit, counts } = this.arrays
    const worker = this.instance.workers[index]!
    const slots = this.arrays.slots[index]!
    const { net, gain, order, sums } = this
    if (slots === 0) return NOTHING
    const options = bestOnly
      ? this.orderGaining(index, prices)
      : this.orderNear(index, prices, floor(), slots - 1)
    if (options === 0) return NOTHING
    sums[0] = 0
    for (let k = 0; k < options; k++) sums[k + 1] = sums[k]! + Math.max(0, gain[order[k]!]!)
    const relaxed = (from: number, free: number) => sums[Math.min(options, from + free)]! - sums[from]!
    let looksAhead = false
    let limitOfSteps = plainLimit
    const couldAdd = (from: number, free: number, total: number, most: number): number => {
      const hoursLeft = Math.min(most, highest) - total
      if (!this.values) return this.ahead.most(from, free, hoursLeft)
      const now = this.rise(index, total, 0)
      return this.ahead.mostLess(from, free, hoursLeft, more => this.rise(index, total + more, 0) - now)
    }
    let highest = 0

    const chosen: number[] = []
    const units: number[] = []
    const groups: number[] = []
    const left = worker.limits.slice()
    let steps = 0
    const descend = (from: number, sum: number, total: number, heavies: number, most: number): boolean => {
      const free = slots - chosen.length
      if (free === 0) return true
      const reducedNow = sum - this.rise(index, total, heavies)
      for (let position = from; position < options; position++) {
        if (++steps > limitOfSteps) return false
        const k = order[position]!
        if (reducedNow + gain[k]! + relaxed(position + 1, free - 1) < floor()) return true
        if (looksAhead && reducedNow + couldAdd(position, free, total, most) < floor()) return true
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
        const reduced = newSum - this.rise(index, newTotal, newHeavies)
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
    const start = () => descend(0, 0, worker.baseHours, 0, Number.POSITIVE_INFINITY)
    let complete = start()
    if (!complete) {
      for (let position = 0; position < options; position++)
        highest = Math.max(highest, limit[order[position]!]!)
      looksAhead = this.lookAhead(index, options, slots, highest - worker.baseHours)
      limitOfSteps = stepLimit
      steps = 0
      restarted()
      complete = start()
    }
    const most = looksAhead
      ? Math.min(relaxed(0, slots), couldAdd(0, slots, worker.baseHours, highest))
      : relaxed(0, slots)
    return { complete, relaxed: most }
  }

  /** Makes the table of what the options, in their order, can still add; false when it would be too large. */
  private lookAhead(index: number, options: number, slots: number, room: number): boolean {
    const { pieces, order, net } = this
    const { heavy, hours } = this.arrays
    const { heavyRise } = this.instance.workers[index]!
    const firstHeavy = this.values ? heavyRise[1]! : 0
    pieces.count = options
    for (let position = 0; position < options; position++) {
      const k = order[position]!
      // Prices rise, so every heavy case costs at least what the first one does.
      pieces.adds[position] = net[k]! - (heavy[k] ? firstHeavy : 0)
      pieces.hours[position] = hours[k]!
    }
    return this.ahead.prepare(pieces, slots, room)
  }

  /** Puts what gains at these prices in order, the most first; what adds nothing is in no best bundle. Gives how many. */
  private orderGaining(index: number, prices: Prices): number {
    const { first, item, hasShared } = this.arrays
    const { points, leastRise } = this
    const shares = hasShared[index] === 1
    let options = 0
    for (let k = first[index]!; k < first[index + 1]!; k++) {
      // Nearly all end here: what others pay for an item is more than most workers gain by it.
      if (points[k]! - prices.items[item[k]!]! <= leastRise[k]!) continue
      this.weigh(k, prices, shares)
      if (this.gain[k]! > 0) options = this.insert(k, options)
    }
    return options
  }

  /** The same for all that may be in a bundle of `least` or more together with at most `others` of the others. */
  private orderNear(index: number, prices: Prices, least: number, others: number): number {
    const { first, hasShared } = this.arrays
    const from = first[index]!
    const until = first[index + 1]!
    for (let k = from; k < until; k++) this.weigh(k, prices, hasShared[index] === 1)
    const most = mostTogether(this.gain, from, until, others)
    let options = 0
    for (let k = from; k < until; k++) if (this.gain[k]! + most >= least) options = this.insert(k, options)
    return options
  }

  /** What a candidate adds at these prices: net of them, and at most once the cost has risen. */
  private weigh(k: number, prices: Prices, shares: boolean): void {
    let own = this.points[k]! - prices.items[this.arrays.item[k]!]!
    if (shares) for (const row of this.arrays.shared[k]!) own -= prices.shared[row]!
    this.net[k] = own
    this.gain[k] = own - this.leastRise[k]!
  }

  /** Keeps the first `count` of the order sorted by gain, then by item. */
  private insert(k: number, count: number): number {
    const { order, gain } = this
    let at = count
    while (at > 0 && gain[order[at - 1]!]! < gain[k]!) {
      order[at] = order[at - 1]!
      at--
    }
    order[at] = k
    return count + 1
  }

  private rise(index: number, total: number, heavies: number): number {
    if (!this.values) return 0
    const worker = this.instance.workers[index]!
    const rise = hoursRise(this.arrays, worker, index, total - worker.baseHours)
    return heavies === 0 ? rise : rise + riseOf(worker, worker.baseHours, heavies)
  }
}

/** The sum of the `count` largest of the gains from `from` up to `until`, those that are positive. */
function mostTogether(gain: Float64Array, from: number, until: number, count: number): number {
  let sum = 0
  if (count >= until - from || count > 4) {
    for (let k = from; k < until; k++) if (gain[k]! > 0) sum += gain[k]!
    return sum
  }
  const top = [0, 0, 0, 0]
  for (let k = from; k < until; k++) {
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

/** Points less the rise of the cost, in units. The items must be candidates of the worker. */
export function bundleValue(instance: Instance, index: number, items: readonly number[]): number {
  const worker = instance.workers[index]!
  let points = 0
  let hours = worker.baseHours
  let heavy = 0
  for (const item of items) {
    const candidate = worker.candidates[worker.byItem[item]!]!
    points += candidate.points
    hours += candidate.hours
    if (instance.items[item]!.heavy) heavy++
  }
  return points - riseOf(worker, hours, heavy)
}
