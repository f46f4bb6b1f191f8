import { Draft } from './draft.ts'
import type { Instance } from './instance.ts'

/** Units by class, then longest waiting; equal ones in the order of the seed. */
export function unitsInOrder(instance: Instance): number[] {
  return instance.units
    .map((_, index) => index)
    .sort((a, b) => {
      const one = instance.units[a]!
      const other = instance.units[b]!
      return one.rank - other.rank || other.case.waitingDays - one.case.waitingDays || a - b
    })
}

/**
 * One case after the other, each to the worker for whom it adds most now. The yardstick that the optimum must beat, the
 * first incumbent, and the last resort when no engine gives an answer that passes the check.
 */
export function greedy(instance: Instance): Draft {
  const draft = new Draft(instance)
  // There is room for these next to what everybody holds.
  for (const { caseId, seat, workerId } of instance.locks.completed) {
    const item = instance.items.findIndex(one => one.case.id === caseId && one.seat === seat)
    const worker = instance.workers.findIndex(one => one.worker.id === workerId)
    if (item >= 0 && draft.fits(worker, item)) draft.assign(worker, item)
  }
  // Staying is always possible while nothing is added, so that comes first.
  instance.workers.forEach((one, worker) => {
    for (const { item, stays } of one.candidates)
      if (stays && draft.fits(worker, item)) draft.assign(worker, item)
  })
  for (const unit of unitsInOrder(instance)) placeBest(draft, unit)
  return draft
}

/** Places a whole unit where it adds most now; false (and nothing changed) when it does not fit. */
export function placeBest(draft: Draft, unit: number): boolean {
  return placeItems(draft, draft.instance.units[unit]!.items, 0)
}

function placeItems(draft: Draft, items: readonly number[], position: number): boolean {
  const item = items[position]
  if (item === undefined) return true
  if (draft.workerOf[item]! >= 0) return placeItems(draft, items, position + 1)
  const best = bestTaker(draft, item)
  if (best < 0) return false
  draft.assign(best, item)
  if (placeItems(draft, items, position + 1)) return true
  draft.unassign(item)
  // Somebody else in this seat may leave room in the next.
  for (const worker of workersByGain(draft, item)) {
    if (worker === best) continue
    draft.assign(worker, item)
    if (placeItems(draft, items, position + 1)) return true
    draft.unassign(item)
  }
  return false
}

/** The worker for whom this item adds most now, of equals the first; -1 when it fits nobody. */
function bestTaker(draft: Draft, item: number): number {
  const { workers, most, top } = takersOf(draft.instance)[item]!
  let best = -1
  let bestGain = Number.NEGATIVE_INFINITY
  const look = (at: number) => {
    const worker = workers[at]!
    if (!draft.fits(worker, item)) return
    const gain = draft.gain(worker, item)
    if (gain < bestGain || (gain === bestGain && worker > best)) return
    best = worker
    bestGain = gain
  }
  if (top >= 0) look(top)
  for (let at = 0; at < workers.length; at++) if (most[at]! >= bestGain && at !== top) look(at)
  return best
}

function workersByGain(draft: Draft, item: number): number[] {
  const options: { worker: number; gain: number }[] = []
  for (const worker of takersOf(draft.instance)[item]!.workers) {
    if (draft.fits(worker, item)) options.push({ worker, gain: draft.gain(worker, item) })
  }
  return options.sort((a, b) => b.gain - a.gain || a.worker - b.worker).map(option => option.worker)
}

/** Who may take an item, and the most that each pair can add to any allocation. */
export interface Takers {
  /** By index, ascending. */
  workers: Int32Array
  most: Float64Array
  /** Where `most` is highest; -1 without takers. */
  top: number
}

// An instance never changes once it is built, and every draft of it asks the same.
const takers = new WeakMap<Instance, Takers[]>()

export function takersOf(instance: Instance): Takers[] {
  let known = takers.get(instance)
  if (!known) {
    const workers = instance.items.map((): number[] => [])
    const most = instance.items.map((): number[] => [])
    instance.workers.forEach(({ candidates }, index) => {
      for (const { item, points, leastRise } of candidates) {
        workers[item]!.push(index)
        most[item]!.push(points - leastRise)
      }
    })
    known = instance.items.map((_, item) => {
      const own = Float64Array.from(most[item]!)
      const top = own.reduce((best, one, at) => (best < 0 || one > own[best]! ? at : best), -1)
      return { workers: Int32Array.from(workers[item]!), most: own, top }
    })
    takers.set(instance, known)
  }
  return known
}

/** So many pairs are looked at to squeeze in what is left, the same on every machine: in a large instance with too little room it never ends. */
const squeezeLimit = 2_000_000
const NEVER = () => false

/** Tries to place what is left by moving one other item out of the way. Never unplaces a case. */
export function squeezeIn(draft: Draft, shouldStop: () => boolean = NEVER): void {
  /** Items that have nowhere else to go; as long as nothing is freed, they stay so. */
  const stuck = new Set<number>()
  const looks = { left: squeezeLimit }
  for (const unit of unitsInOrder(draft.instance)) {
    if (looks.left < 0 || shouldStop()) return
    if (draft.placed(unit) || placeBest(draft, unit)) continue
    for (const item of draft.instance.units[unit]!.items) {
      if (draft.workerOf[item]! < 0 && !squeezeItem(draft, item, stuck, looks)) break
    }
    if (!draft.placed(unit) && draft.dropIncomplete()) stuck.clear()
  }
}

function squeezeItem(draft: Draft, item: number, stuck: Set<number>, looks: { left: number }): boolean {
  const best = bestTaker(draft, item)
  if (best >= 0) {
    draft.assign(best, item)
    return true
  }
  for (const worker of takersOf(draft.instance)[item]!.workers) {
    for (const other of draft.itemsOf(worker)) {
      if (stuck.has(other)) continue
      if (looks.left < 0) return false
      draft.unassign(other)
      if (!fitsBeside(draft, other, worker, looks)) stuck.add(other)
      else if (draft.fits(worker, item)) {
        draft.assign(worker, item)
        const next = bestTaker(draft, other)
        if (next >= 0) {
          draft.assign(next, other)
          stuck.clear()
          return true
        }
        draft.unassign(item)
      }
      draft.assign(worker, other)
    }
  }
  return false
}

/** Whether anybody but this worker can take the item now. */
function fitsBeside(draft: Draft, item: number, worker: number, looks: { left: number }): boolean {
  return takersOf(draft.instance)[item]!.workers.some(other => {
    looks.left--
    return other !== worker && draft.fits(other, item)
  })
}

/**
 * Moves and swaps items while the value rises; which cases are placed does not change. What a pair can add at most (`atMost`)
 * is known beforehand, so most moves and swaps need no look.
 */
export function polish(draft: Draft, passes: number, shouldStop: () => boolean = NEVER): void {
  const takers = takersOf(draft.instance)
  const worth = new Float64Array(takers.length)
  const weigh = (worker: number) => {
    for (const item of draft.itemsOf(worker)) worth[item] = draft.worth(item)
  }
  for (let worker = 0; worker < draft.instance.workers.length; worker++) weigh(worker)
  for (let pass = 0; pass < passes; pass++) {
    let better = false
    for (let item = 0; item < takers.length; item++) {
      const from = draft.workerOf[item]!
      if (from < 0) continue
      if (shouldStop()) return
      draft.unassign(item)
      let best = from
      let bestGain = draft.gain(from, item)
      const { workers, most } = takers[item]!
      for (let at = 0; at < workers.length; at++) {
        if (most[at]! <= bestGain) continue
        const worker = workers[at]!
        if (worker === from || !draft.fits(worker, item)) continue
        const gain = draft.gain(worker, item)
        if (gain > bestGain) {
          best = worker
          bestGain = gain
        }
      }
      draft.assign(best, item)
      if (best !== from) {
        better = true
        weigh(from)
        weigh(best)
      }
      for (let at = 0; at < workers.length; at++) {
        const worker = workers[at]!
        const own = draft.workerOf[item]!
        if (worker === own || draft.isFree(worker)) continue
        const gain = most[at]! - worth[item]!
        for (const other of draft.itemsOf(worker)) {
          if (gain + atMost(draft, own, other) <= worth[other]! || !swapIfBetter(draft, item, other)) continue
          better = true
          weigh(own)
          weigh(worker)
          break
        }
      }
    }
    if (!better) return
  }
}

/** The most that this pair can add to any allocation; nothing where the rules forbid it. */
function atMost(draft: Draft, worker: number, item: number): number {
  const candidate = draft.candidate(worker, item)
  return candidate ? candidate.points - candidate.leastRise : Number.NEGATIVE_INFINITY
}

function swapIfBetter(draft: Draft, item: number, other: number): boolean {
  const a = draft.workerOf[item]!
  const b = draft.workerOf[other]!
  if (b < 0 || a === b || !draft.candidate(a, other) || !draft.candidate(b, item)) return false
  draft.unassign(item)
  const stayA = draft.gain(a, item)
  draft.unassign(other)
  const stayB = draft.gain(b, other)
  if (draft.fits(a, other) && draft.fits(b, item)) {
    const gains = draft.gain(a, other) + draft.gain(b, item)
    if (gains > stayA + stayB) {
      draft.assign(a, other)
      if (draft.fits(b, item)) {
        draft.assign(b, item)
        return true
      }
      draft.unassign(other)
    }
  }
  draft.assign(b, other)
  draft.assign(a, item)
  return false
}
