import type { Candidate, Room, RoomWorker } from './candidates.ts'
import { compactModel, type Settled } from './compact.ts'
import { Draft, placedWeight } from './draft.ts'
import { solveWithHighs } from './engines/highs.ts'
import { placeBest, polish } from './greedy.ts'
import type { Urgency } from './problem.ts'
import type { Watch } from './watch.ts'

/** One strict step about which cases are placed. */
export interface PlacementStep {
  urgency: Urgency
  measure: 'placed' | 'waitingDays'
  value: number
  bound: number
}

export interface Placement {
  draft: Draft
  settled: Settled[]
  /** Units of a class in which every unit is placed. */
  mustPlace: boolean[]
  steps: PlacementStep[]
  nodes: number
  usedHighs: boolean
}

/** More pairs than this in the core: no integer model for placement, only the simple bound. */
const pairLimit = 12_000
const nodeLimit = 20_000

/**
 * Levels 1 and 2, strictly one after the other:
 *
 *   most emergencies placed, then most days waited among them;
 *   most high-urgency cases placed, then most days waited among them;
 *   most normal cases placed, then most days waited among them.
 *
 * A step that places every case that can be placed at all is proven by that alone; for the others HiGHS looks at the
 * core, the cases that may be in each other's way (see `withoutEasy`).
 */
export async function settlePlacement(room: Room, start: Draft, watch: Watch): Promise<Placement> {
  const placement: Placement = {
    draft: start,
    settled: [],
    mustPlace: room.units.map(() => false),
    steps: [],
    nodes: 0,
    usedHighs: false,
  }
  for (const urgency of ['emergency', 'high', 'normal'] as const) {
    const rank = room.classes.indexOf(urgency)
    const inClass = room.units.map(unit => unit.rank === rank)
    await settleClass(room, placement, urgency, inClass, watch)
    if (inClass.every((one, unit) => !one || placement.draft.placed(unit))) {
      inClass.forEach((one, unit) => {
        if (one) placement.mustPlace[unit] = true
      })
    }
  }
  return placement
}

/**
 * One class, two strict steps: n, the cases placed, then d, the days they waited. With W above the sum of all days,
 * W n + d puts n strictly first; W stays small enough that the engine can tell answers apart, else the steps are solved
 * one after the other.
 */
async function settleClass(
  room: Room,
  placement: Placement,
  urgency: Urgency,
  inClass: readonly boolean[],
  watch: Watch,
): Promise<void> {
  const ones = inClass.map(one => (one ? 1 : 0))
  const days = room.units.map((unit, index) => (inClass[index] ? unit.case.waitingDays : 0))
  const cases = sum(ones)
  const allDays = sum(days)
  const weight = allDays + 1
  const bounds = { placed: cases, days: allDays }
  if (placedWeight(placement.draft, ones) < cases) {
    if (weight * cases + allDays < 1_000_000) {
      const both = days.map((one, unit) => one + weight * ones[unit]!)
      const bound = await improve(room, placement, both, watch)
      bounds.placed = Math.floor(bound / weight)
      // Only when no more cases can be placed does what is left of the bound speak about days.
      if (bounds.placed === placedWeight(placement.draft, ones)) bounds.days = bound % weight
    } else {
      bounds.placed = await improve(room, placement, ones, watch)
      placement.settled.push({ weights: ones, least: placedWeight(placement.draft, ones) })
      bounds.days = await improve(room, placement, days, watch)
      placement.settled.pop()
    }
  }
  for (const [measure, weights, bound] of [
    ['placed', ones, bounds.placed],
    ['waitingDays', days, bounds.days],
  ] as const) {
    const value = placedWeight(placement.draft, weights)
    placement.settled.push({ weights: [...weights], least: value })
    placement.steps.push({ urgency, measure, value, bound })
    watch.report(`${measure}.${urgency}`, value, bound)
  }
}

/** Places more weight if that can be done without breaking what is settled; returns a proven bound on the weight. */
async function improve(room: Room, placement: Placement, weights: number[], watch: Watch): Promise<number> {
  const value = placedWeight(placement.draft, weights)
  const most = sum(weights)
  if (value === most || watch.shouldStop()) return most
  const core = withoutEasy(room)
  const easy = easyWeight(core, weights)
  if (core.pairs > pairLimit) return most
  const { model, read } = compactModel(core.room, { weights, values: false }, inCore(core, placement.settled))
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining() / 2,
    absoluteGap: 0.9,
  })
  placement.nodes += answer.nodes
  placement.usedHighs = true
  const draft = answer.values.length > 0 ? addEasy(room, core, read(answer.values)) : null
  const kept =
    draft !== null && placement.settled.every(level => placedWeight(draft, level.weights) >= level.least)
  if (kept && placedWeight(draft, weights) > value) {
    polish(draft, 4)
    placement.draft = draft
  }
  if (!Number.isFinite(answer.bound)) return most
  return Math.max(
    placedWeight(placement.draft, weights),
    Math.min(most, easy + Math.floor(answer.bound + 1e-4)),
  )
}

interface Core {
  /** The room with the easy units' candidates left out. */
  room: Room
  /** Units that can always be placed, in the order in which they were set apart. */
  easy: number[]
  pairs: number
}

/**
 * Sets apart the units that can be placed whatever happens to the rest, so that only the scarce ones are left to decide.
 *
 * With R items left, an item without group is easy when keeping it from every worker who may take it needs at least R
 * other items (see `blockers`): the R - 1 others cannot, so it can be placed after them. Setting it apart leaves fewer
 * items, and so on. Placing the easy units in reverse order undoes it.
 */
function withoutEasy(room: Room): Core {
  const options = new Int32Array(room.items.length)
  for (const worker of room.workers) {
    for (const candidate of worker.candidates) options[candidate.item]! += blockers(room, worker, candidate)
  }
  const isEasy = room.units.map(() => false)
  const easy: number[] = []
  let left = room.items.length
  for (let again = true; again; ) {
    again = false
    room.units.forEach((unit, index) => {
      const free = unit.items.every(item => room.items[item]!.group < 0 && options[item]! >= left)
      if (isEasy[index] || !free) return
      isEasy[index] = true
      easy.push(index)
      left -= unit.items.length
      again = true
    })
  }
  let pairs = 0
  const workers = room.workers.map(worker => {
    const candidates = worker.candidates.filter(one => !isEasy[room.items[one.item]!.unit])
    pairs += candidates.length
    const byItem = new Int32Array(room.items.length).fill(-1)
    candidates.forEach((candidate, position) => {
      byItem[candidate.item] = position
    })
    return { ...worker, candidates, byItem }
  })
  return { room: { ...room, workers }, easy, pairs }
}

/** The fewest other items on this worker that could keep the candidate from fitting; 0 when they may be elsewhere. */
function blockers(room: Room, worker: RoomWorker, candidate: Candidate): number {
  const item = room.items[candidate.item]!
  // A row over several workers may be filled by somebody else's item: then nothing can be said.
  if (candidate.shared.length > 0) return 0
  if (room.units[item.unit]!.items.length > 1) return 1
  let most = worker.candidates.length
  for (const counter of candidate.counts) most = Math.min(most, worker.limits[counter]!)
  const hours = worker.candidates
    .filter(other => other !== candidate)
    .map(other => other.hours)
    .sort((a, b) => b - a)
  // An emergency may go above the band only while nothing else is given; the band is the safe limit here.
  let total = worker.baseHours + candidate.hours
  for (let count = 0; count < Math.min(most, hours.length); count++) {
    total += hours[count]!
    if (total > worker.bandLimit) {
      most = count + 1
      break
    }
  }
  return Math.max(1, most)
}

function easyWeight(core: Core, weights: readonly number[]): number {
  return core.easy.reduce((total, unit) => total + weights[unit]!, 0)
}

/** What the settled levels ask of the core: the easy units' share is sure. */
function inCore(core: Core, settled: readonly Settled[]): Settled[] {
  return settled.map(level => ({
    weights: level.weights.map((weight, unit) => (core.easy.includes(unit) ? 0 : weight)),
    least: level.least - easyWeight(core, level.weights),
  }))
}

function addEasy(room: Room, core: Core, found: Draft | null): Draft | null {
  if (!found) return null
  const draft = Draft.from(room, found.workerOf)
  for (const unit of [...core.easy].reverse()) placeBest(draft, unit)
  return draft
}

function sum(list: readonly number[]): number {
  return list.reduce((total, one) => total + one, 0)
}

/** Whether some allocation in this room keeps the settled levels; undefined when the limits ended the search. */
export async function canKeep(
  room: Room,
  settled: readonly Settled[],
  hint: Draft,
  watch: Watch,
): Promise<{ draft: Draft | null; certain: boolean }> {
  const kept = (draft: Draft) => settled.every(level => placedWeight(draft, level.weights) >= level.least)
  const same = Draft.from(room, hint.workerOf)
  if (kept(same)) return { draft: same, certain: true }
  const core = withoutEasy(room)
  const goal = { weights: room.units.map(() => 0), values: false }
  const { model, read } = compactModel(core.room, goal, inCore(core, settled))
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining() / 4,
    absoluteGap: 0.9,
  })
  const draft = answer.values.length > 0 ? addEasy(room, core, read(answer.values)) : null
  if (draft && kept(draft)) return { draft, certain: true }
  return { draft: null, certain: answer.status === 'infeasible' }
}
