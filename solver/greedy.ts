import type { Room } from './candidates.ts'
import { Draft } from './draft.ts'

/** Units by class, then longest waiting; equal ones in the order of the seed. */
export function unitsInOrder(room: Room): number[] {
  return room.units
    .map((_, index) => index)
    .sort((a, b) => {
      const one = room.units[a]!
      const other = room.units[b]!
      return one.rank - other.rank || other.case.waitingDays - one.case.waitingDays || a - b
    })
}

/**
 * One case after the other, each to the worker for whom it adds most now. The yardstick that the optimum must beat, the
 * first incumbent, and the last resort when no engine gives an answer that passes the check.
 */
export function greedy(room: Room): Draft {
  const draft = new Draft(room)
  // Staying is always possible while nothing is added, so that comes first.
  room.workers.forEach((one, worker) => {
    for (const { item, stays } of one.candidates)
      if (stays && draft.fits(worker, item)) draft.put(worker, item)
  })
  for (const unit of unitsInOrder(room)) placeBest(draft, unit)
  return draft
}

/** Places a whole unit where it adds most now; false (and nothing changed) when it does not fit. */
export function placeBest(draft: Draft, unit: number): boolean {
  return placeItems(draft, draft.room.units[unit]!.items, 0)
}

function placeItems(draft: Draft, items: readonly number[], position: number): boolean {
  const item = items[position]
  if (item === undefined) return true
  if (draft.workerOf[item]! >= 0) return placeItems(draft, items, position + 1)
  for (const worker of workersByGain(draft, item)) {
    draft.put(worker, item)
    if (placeItems(draft, items, position + 1)) return true
    draft.take(item)
  }
  return false
}

function workersByGain(draft: Draft, item: number): number[] {
  const options: { worker: number; gain: number }[] = []
  for (const worker of takersOf(draft.room)[item]!) {
    if (draft.fits(worker, item)) options.push({ worker, gain: draft.gain(worker, item) })
  }
  return options.sort((a, b) => b.gain - a.gain || a.worker - b.worker).map(option => option.worker)
}

// A room never changes once it is furnished, and every draft in it asks the same.
const takers = new WeakMap<Room, number[][]>()

/** The workers whom the rules allow to take each item, by index. */
function takersOf(room: Room): number[][] {
  let known = takers.get(room)
  if (!known) {
    known = room.items.map(() => [])
    room.workers.forEach((worker, index) => {
      for (const { item } of worker.candidates) known![item]!.push(index)
    })
    takers.set(room, known)
  }
  return known
}

/** Tries to place what is left by moving one other item out of the way. Never unplaces a case. */
export function squeezeIn(draft: Draft): void {
  for (const unit of unitsInOrder(draft.room)) {
    if (draft.placed(unit) || placeBest(draft, unit)) continue
    for (const item of draft.room.units[unit]!.items) {
      if (draft.workerOf[item]! < 0 && !squeezeItem(draft, item)) break
    }
    if (!draft.placed(unit)) draft.dropIncomplete()
  }
}

function squeezeItem(draft: Draft, item: number): boolean {
  const best = workersByGain(draft, item)[0]
  if (best !== undefined) {
    draft.put(best, item)
    return true
  }
  for (const worker of takersOf(draft.room)[item]!) {
    for (const other of draft.itemsOf(worker)) {
      draft.take(other)
      if (draft.fits(worker, item)) {
        draft.put(worker, item)
        const next = workersByGain(draft, other)[0]
        if (next !== undefined) {
          draft.put(next, other)
          return true
        }
        draft.take(item)
      }
      draft.put(worker, other)
    }
  }
  return false
}

/**
 * Moves and swaps items while the value rises; which cases are placed does not change. What a pair can add at most (`atMost`)
 * is known beforehand, so most moves and swaps need no look.
 */
export function polish(draft: Draft, passes: number): void {
  const takers = takersOf(draft.room)
  const worth = new Float64Array(takers.length)
  const weigh = (worker: number) => {
    for (const item of draft.itemsOf(worker)) worth[item] = draft.worth(item)
  }
  for (let worker = 0; worker < draft.room.workers.length; worker++) weigh(worker)
  for (let pass = 0; pass < passes; pass++) {
    let better = false
    for (let item = 0; item < takers.length; item++) {
      const from = draft.workerOf[item]!
      if (from < 0) continue
      draft.take(item)
      let best = from
      let bestGain = draft.gain(from, item)
      for (const worker of takers[item]!) {
        if (worker === from || atMost(draft, worker, item) <= bestGain || !draft.fits(worker, item)) continue
        const gain = draft.gain(worker, item)
        if (gain > bestGain) {
          best = worker
          bestGain = gain
        }
      }
      draft.put(best, item)
      if (best !== from) {
        better = true
        weigh(from)
        weigh(best)
      }
      for (const worker of takers[item]!) {
        const own = draft.workerOf[item]!
        if (worker === own) continue
        const most = atMost(draft, worker, item) - worth[item]!
        for (const other of draft.itemsOf(worker)) {
          if (most + atMost(draft, own, other) <= worth[other]! || !swapIfBetter(draft, item, other)) continue
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
  draft.take(item)
  const stayA = draft.gain(a, item)
  draft.take(other)
  const stayB = draft.gain(b, other)
  if (draft.fits(a, other) && draft.fits(b, item)) {
    const gains = draft.gain(a, other) + draft.gain(b, item)
    if (gains > stayA + stayB) {
      draft.put(a, other)
      if (draft.fits(b, item)) {
        draft.put(b, item)
        return true
      }
      draft.take(other)
    }
  }
  draft.put(b, other)
  draft.put(a, item)
  return false
}
