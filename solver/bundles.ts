import type { Candidate, Room, RoomWorker } from './candidates.ts'
import { loadCost } from './load.ts'

/** What one worker gets together, and what that is worth: points less the rise of the load cost, in units. */
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

/** The rise of load cost for one worker, remembered by hours: pricing asks for the same few values again and again. */
const costs = new WeakMap<RoomWorker, Map<number, number>>()

export function riseOf(room: Room, worker: RoomWorker, hours: number): number {
  let known = costs.get(worker)
  if (!known) {
    known = new Map()
    costs.set(worker, known)
  }
  let rise = known.get(hours)
  if (rise === undefined) {
    rise = loadCost(room.policy, worker.norm, hours) - worker.baseCost
    known.set(hours, rise)
  }
  return rise
}

/**
 * Walks through the bundles of one worker that the rules allow together, best items first.
 *
 * The reduced value of a bundle B is sum over B of (points - price) - rise(hours of B) - prices of the groups it touches.
 * Load cost is convex and group prices are not negative, so adding a set S of items adds at most the sum of
 * max(0, net - firstRise) over S; and every part of an allowed bundle is allowed. Both make the walk prune safely.
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
    const net = candidate.points - prices.items[candidate.item]!
    // Rounding of the cost can break convexity by one unit at most; one unit of slack keeps the bound safe.
    const most = net - candidate.firstRise + 1
    if (most > 0) positive += most
    options.push({ candidate, net, most })
  }
  if (worker.newRoom === 0 || options.length === 0) return { complete: true, relaxed: 0 }
  options = options.filter(option => option.most + positive - Math.max(0, option.most) >= start)
  options.sort((a, b) => b.most - a.most || a.candidate.item - b.candidate.item)
  const sums = new Float64Array(options.length + 1)
  for (let k = 0; k < options.length; k++) sums[k + 1] = sums[k]! + Math.max(0, options[k]!.most)
  const ahead = (from: number, slots: number) => sums[Math.min(options.length, from + slots)]! - sums[from]!

  const chosen: Candidate[] = []
  const groups: number[] = []
  let steps = 0
  const descend = (from: number, net: number, hours: number, heavy: number, calm: boolean): boolean => {
    const slots = worker.newRoom - chosen.length
    if (slots === 0) return true
    const reducedNow = net - riseOf(room, worker, hours)
    for (let k = from; k < options.length; k++) {
      if (++steps > stepLimit) return false
      const { candidate, net: own, most } = options[k]!
      if (reducedNow + most + ahead(k + 1, slots - 1) < floor()) return true
      const item = room.items[candidate.item]!
      if (item.heavy && heavy >= worker.heavyRoom) continue
      const calmToo = calm || !item.emergency
      const total = hours + candidate.hours
      if (total > (calmToo ? worker.bandLimit : worker.hardLimit)) continue
      if (chosen.some(other => room.items[other.item]!.unit === item.unit)) continue
      const newGroup = item.group >= 0 && !groups.includes(item.group)
      const sum = net + own - (newGroup ? prices.groups[item.group]! : 0)
      chosen.push(candidate)
      if (newGroup) groups.push(item.group)
      const reduced = sum - riseOf(room, worker, total)
      if (reduced >= floor()) visit(chosen, reduced)
      const complete = descend(k + 1, sum, total, heavy + (item.heavy ? 1 : 0), calmToo)
      chosen.pop()
      if (newGroup) groups.pop()
      if (!complete) return false
    }
    return true
  }
  const complete = descend(0, 0, worker.baseHours, 0, false)
  return { complete, relaxed: ahead(0, worker.newRoom) }
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
  for (const item of items) {
    const candidate = worker.candidates[worker.byItem[item]!]!
    points += candidate.points
    hours += candidate.hours
  }
  return { worker: index, items: [...items], value: points - riseOf(room, worker, hours) }
}
