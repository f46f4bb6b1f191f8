import { type Candidate, hoursLimit, NEW_CASES, type Room, riseOf } from './candidates.ts'

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

/** Pricing gives up on a worker after this many steps; its bound then is the relaxed one, still valid. */
const stepLimit = 200_000

interface Option {
  candidate: Candidate
  /** Points less price. */
  net: number
  /** `net` less the least load cost: the most this item can add to any bundle. */
  most: number
}

/**
 * Walks through the bundles of one worker that the rules allow together, best items first.
 *
 * The reduced value of a bundle B is sum over B of (points - prices) - rise(B) - prices of the groups it touches.
 * Rises are at least the sum of `leastRise` and group prices are not negative, so adding a set S of items adds at most the
 * sum of max(0, net - leastRise) over S; and every part of an allowed bundle is allowed. Both make the walk prune safely.
 *
 * `visit` gets every non-empty bundle with reduced value >= `floor()`; `floor` may rise during the walk.
 * Returns false when the step limit ended the walk.
 */
function walk(
  room: Room,
  index: number,
  prices: Prices,
  floor: () => number,
  visit: (items: readonly Candidate[], reduced: number) => void,
): { complete: boolean; relaxed: number } {
  const worker = room.workers[index]!
  const start = floor()
  let options: Option[] = []
  let positive = 0
  for (const candidate of worker.candidates) {
    let net = candidate.points - prices.items[candidate.item]!
    for (const row of candidate.shared) net -= prices.shared[row]!
    const most = net - candidate.leastRise
    if (most > 0) positive += most
    options.push({ candidate, net, most })
  }
  if (options.length === 0) return { complete: true, relaxed: 0 }
  // Everything but what stays is a new case, and new cases are limited.
  const most = worker.candidates.some(one => one.stays) ? options.length : worker.limits[NEW_CASES]!
  if (most === 0) return { complete: true, relaxed: 0 }
  options = options.filter(option => option.most + positive - Math.max(0, option.most) >= start)
  options.sort((a, b) => b.most - a.most || a.candidate.item - b.candidate.item)
  const sums = new Float64Array(options.length + 1)
  for (let k = 0; k < options.length; k++) sums[k + 1] = sums[k]! + Math.max(0, options[k]!.most)
  const ahead = (from: number, slots: number) => sums[Math.min(options.length, from + slots)]! - sums[from]!

  const chosen: Candidate[] = []
  const groups: number[] = []
  let steps = 0
  const left = [...worker.limits]
  const descend = (from: number, net: number, hours: number, heavy: number, limit: number): boolean => {
    const slots = most - chosen.length
    if (slots === 0) return true
    const reducedNow = net - riseOf(worker, hours, heavy)
    for (let k = from; k < options.length; k++) {
      if (++steps > stepLimit) return false
      const { candidate, net: own, most: gain } = options[k]!
      if (reducedNow + gain + ahead(k + 1, slots - 1) < floor()) return true
      const item = room.items[candidate.item]!
      if (candidate.counts.some(counter => left[counter] === 0)) continue
      const newLimit = Math.min(limit, hoursLimit(worker, item, candidate))
      const total = hours + candidate.hours
      if (total > newLimit) continue
      if (chosen.some(other => room.items[other.item]!.unit === item.unit)) continue
      const newGroup = item.group >= 0 && !groups.includes(item.group)
      const sum = net + own - (newGroup ? prices.groups[item.group]! : 0)
      chosen.push(candidate)
      if (newGroup) groups.push(item.group)
      for (const counter of candidate.counts) left[counter]!--
      const heavyToo = heavy + (item.heavy ? 1 : 0)
      const reduced = sum - riseOf(worker, total, heavyToo)
      if (reduced >= floor()) visit(chosen, reduced)
      const complete = descend(k + 1, sum, total, heavyToo, newLimit)
      for (const counter of candidate.counts) left[counter]!++
      chosen.pop()
      if (newGroup) groups.pop()
      if (!complete) return false
    }
    return true
  }
  const complete = descend(0, 0, worker.baseHours, 0, Number.POSITIVE_INFINITY)
  return { complete, relaxed: ahead(0, most) }
}

/** The best bundle of a worker at these prices (none: reduced value 0), and a bound that holds even when cut short. */
export function bestBundle(
  room: Room,
  index: number,
  prices: Prices,
): { items: number[]; reduced: number; bound: number } {
  let best = 0
  let items: number[] = []
  const { complete, relaxed } = walk(
    room,
    index,
    prices,
    () => best,
    (bundle, reduced) => {
      if (reduced > best) {
        best = reduced
        items = bundle.map(one => one.item)
      }
    },
  )
  return { items, reduced: best, bound: complete ? best : Math.max(best, relaxed) }
}

/** Every bundle of a worker with reduced value >= `least`; null when there are more than `most` or it takes too long. */
export function bundlesWithin(
  room: Room,
  index: number,
  prices: Prices,
  least: number,
  most: number,
): Bundle[] | null {
  const bundles: Bundle[] = []
  let tooMany = false
  const { complete } = walk(
    room,
    index,
    prices,
    () => (tooMany ? Number.POSITIVE_INFINITY : least),
    bundle => {
      if (bundles.length >= most) tooMany = true
      else
        bundles.push(
          makeBundle(
            room,
            index,
            bundle.map(one => one.item),
          ),
        )
    },
  )
  return complete && !tooMany ? bundles : null
}

/** A bundle with its value. The items must be candidates of the worker. */
export function makeBundle(room: Room, index: number, items: readonly number[]): Bundle {
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
  return { worker: index, items: [...items], value: points - riseOf(worker, hours, heavy) }
}
