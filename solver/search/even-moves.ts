import { squareOfLoad } from '../problem/load.ts'
import type { Draft } from './draft.ts'
import { takersOf } from './greedy.ts'

/** So many pairs are looked at, in so many rounds: the same on every machine. */
const lookLimit = 1_000_000
const passLimit = 20

/**
 * Moves and swaps items while the loads get more even. Nothing before that changes: the same cases are placed, and each step leaves
 * the value as it is. So what began with more value ends with more, as early answers need it.
 */
export function levelOut(draft: Draft): void {
  const looks = { left: lookLimit }
  for (let pass = 0; pass < passLimit && looks.left > 0; pass++) {
    let better = false
    for (let item = 0; item < draft.workerOf.length && looks.left > 0; item++) {
      if (draft.workerOf[item]! < 0) continue
      if (moveOne(draft, item, looks) || swapOne(draft, item, looks)) better = true
    }
    if (!better) return
  }
}

function moveOne(draft: Draft, item: number, looks: { left: number }): boolean {
  const from = draft.workerOf[item]!
  const { workers, most } = takersOf(draft.instance)[item]!
  const worth = draft.worth(item)
  draft.unassign(item)
  let best = from
  let bestSquares = 0
  for (let at = 0; at < workers.length; at++) {
    const to = workers[at]!
    if (to === from || most[at]! < worth) continue
    looks.left--
    if (!draft.fits(to, item)) continue
    if (draft.gain(to, item) !== worth) continue
    const squares = lifted(draft, to, item) - lifted(draft, from, item)
    if (squares >= bestSquares) continue
    best = to
    bestSquares = squares
  }
  draft.assign(best, item)
  return best !== from
}

/** By how much this item lifts the square of this worker, who has not got it. */
function lifted(draft: Draft, worker: number, item: number): number {
  const { norm } = draft.instance.workers[worker]!
  const hours = draft.hoursOf(worker)
  return squareOfLoad(hours + draft.candidate(worker, item)!.hours, norm) - squareOfLoad(hours, norm)
}

function swapOne(draft: Draft, item: number, looks: { left: number }): boolean {
  const from = draft.workerOf[item]!
  const { workers, most } = takersOf(draft.instance)[item]!
  for (let at = 0; at < workers.length; at++) {
    const to = workers[at]!
    if (to === from || draft.isFree(to)) continue
    for (const other of draft.itemsOf(to)) {
      const back = draft.candidate(from, other)
      if (!back) continue
      looks.left--
      if (most[at]! + back.points - back.leastRise < draft.worth(item) + draft.worth(other)) continue
      if (tradeIfEven(draft, item, other)) return true
    }
  }
  return false
}

function tradeIfEven(draft: Draft, item: number, other: number): boolean {
  const a = draft.workerOf[item]!
  const b = draft.workerOf[other]!
  const squares = () => squareAt(draft, a) + squareAt(draft, b)
  const before = squares()
  draft.unassign(item)
  let value = 0 - draft.gain(a, item)
  draft.unassign(other)
  value -= draft.gain(b, other)
  if (draft.fits(a, other)) {
    value += draft.gain(a, other)
    draft.assign(a, other)
    if (draft.fits(b, item)) {
      value += draft.gain(b, item)
      draft.assign(b, item)
      if (value === 0 && squares() < before) return true
      draft.unassign(item)
    }
    draft.unassign(other)
  }
  draft.assign(b, other)
  draft.assign(a, item)
  return false
}

function squareAt(draft: Draft, worker: number): number {
  return squareOfLoad(draft.hoursOf(worker), draft.instance.workers[worker]!.norm)
}
