import type { Room } from './candidates.ts'
import { compactModel, type Settled } from './compact.ts'
import { Draft, placedWeight } from './draft.ts'
import { solveWithHighs } from './engines/highs.ts'
import { polish } from './greedy.ts'
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

/** More pairs than this: no integer model for placement, only the simple bound (see docs/performance.md). */
const pairLimit = 12_000
const nodeLimit = 20_000

/**
 * Levels 1 and 2, strictly one after the other:
 *
 *   most emergencies placed, then most days waited among them;
 *   most high-urgency cases placed, then most days waited among them;
 *   most normal cases placed, then most days waited among them.
 *
 * A step that places every case that can be placed at all is proven by that alone; the others go to HiGHS.
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
    const inClass = room.units.map(unit => unit.case.urgency === urgency)
    for (const measure of ['placed', 'waitingDays'] as const) {
      const weights = room.units.map((unit, index) =>
        inClass[index] ? (measure === 'placed' ? 1 : unit.case.waitingDays) : 0,
      )
      await settleStep(room, placement, urgency, measure, weights, watch)
    }
    if (inClass.every((one, unit) => !one || placement.draft.placed(unit))) {
      inClass.forEach((one, unit) => {
        if (one) placement.mustPlace[unit] = true
      })
    }
  }
  return placement
}

async function settleStep(
  room: Room,
  placement: Placement,
  urgency: Urgency,
  measure: PlacementStep['measure'],
  weights: number[],
  watch: Watch,
): Promise<void> {
  let value = placedWeight(placement.draft, weights)
  let bound = weights.reduce((sum, weight) => sum + weight, 0)
  const pairs = room.workers.reduce((sum, worker) => sum + worker.candidates.length, 0)
  if (value < bound && pairs <= pairLimit && !watch.shouldStop()) {
    const { model, read } = compactModel(room, { weights, values: false }, placement.settled)
    const answer = await solveWithHighs(model, {
      nodes: nodeLimit,
      timeLimitMs: watch.remaining() / 2,
      absoluteGap: 0.9,
    })
    placement.nodes += answer.nodes
    placement.usedHighs = true
    const draft = answer.values.length > 0 ? read(answer.values) : null
    const kept =
      draft !== null && placement.settled.every(level => placedWeight(draft, level.weights) >= level.least)
    if (kept && placedWeight(draft, weights) > value) {
      polish(draft, 4)
      placement.draft = draft
      value = placedWeight(draft, weights)
    }
    if (Number.isFinite(answer.bound)) {
      bound = Math.max(value, Math.min(bound, Math.floor(answer.bound + 1e-6)))
    }
  }
  placement.settled.push({ weights, least: value })
  placement.steps.push({ urgency, measure, value, bound })
  watch.report(measure === 'placed' ? `placed.${urgency}` : `waitingDays.${urgency}`, value, bound)
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
  const { model, read } = compactModel(room, { weights: room.units.map(() => 0), values: false }, settled)
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining() / 4,
    absoluteGap: 0.9,
  })
  const draft = answer.values.length > 0 ? read(answer.values) : null
  if (draft && kept(draft)) return { draft, certain: true }
  return { draft: null, certain: answer.status === 'infeasible' }
}
