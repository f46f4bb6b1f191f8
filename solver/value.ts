import { type Bundle, bundlesWithin } from './bundles.ts'
import type { Room } from './candidates.ts'
import { compactModel, type Settled } from './compact.ts'
import { Draft, placedWeight } from './draft.ts'
import { solveWithHighs } from './engines/highs.ts'
import { solveWithJslp } from './engines/jslp.ts'
import type { EngineAnswer, LinearModel } from './engines/model.ts'
import { polish, squeezeIn } from './greedy.ts'
import { type Dual, lagrange } from './lagrange.ts'
import { masterModel } from './master.ts'
import type { Watch } from './watch.ts'

/** Up to so many bundles javascript-lp-solver is the faster engine; beyond it HiGHS (measured, docs/performance.md). */
const jslpLimit = 400
/** More bundles than this within the gap are not listed. */
const listLimit = 12_000
const nodeLimit = 50_000
/** javascript-lp-solver has only a clock; past this it is not believed and HiGHS takes over. */
const jslpTimeMs = 1500

export interface ValueResult {
  draft: Draft
  value: number
  bound: number
  bundles: number
  nodes: number
  engines: Set<string>
}

/**
 * Level 3: points less load cost, as high as the settled levels allow.
 *
 * 1. Lagrangian walk: a proven bound, prices, and bundles; every few steps its bundles are rounded to an allocation.
 * 2. A master over the bundles seen gives a better allocation.
 * 3. Every bundle whose reduced value is within (bound - best allocation) of its worker's best is listed: an allocation
 *    better than the best known can use no other. The master over those is exact: what it finds is optimal, and when it
 *    finds nothing better the best known is.
 */
export async function maximiseValue(
  room: Room,
  mustPlace: readonly boolean[],
  settled: readonly Settled[],
  start: Draft,
  watch: Watch,
): Promise<ValueResult> {
  const result: ValueResult = {
    draft: start,
    value: start.value(),
    bound: Number.POSITIVE_INFINITY,
    bundles: 0,
    nodes: 0,
    engines: new Set(),
  }
  const offer = (draft: Draft | null): void => {
    if (!draft || settled.some(level => placedWeight(draft, level.weights) < level.least)) return
    const value = draft.value()
    if (value <= result.value) return
    result.draft = draft
    result.value = value
  }
  const pairs = room.workers.reduce((sum, worker) => sum + worker.candidates.length, 0)
  const dual = lagrange(room, mustPlace, settled, result.value, {
    iterations: pairs > 20_000 ? 120 : 250,
    shouldStop: watch.shouldStop,
    onBundles: chosen => {
      offer(roundBundles(room, chosen, pairs > 20_000 ? 1 : 3))
      return result.value
    },
  })
  result.bound = Math.max(result.value, Math.floor(dual.bound))
  result.bundles = dual.bundles.length
  watch.report('pointsMinusLoad', result.value / 100, result.bound / 100)

  for (let attempt = 0; attempt < 2 && result.bound > result.value && !watch.shouldStop(); attempt++) {
    const listed = listWithinGap(room, dual, result.bound - result.value - 1)
    if (listed && (attempt > 0 || listed.length <= 3 * jslpLimit)) {
      result.bundles = Math.max(result.bundles, listed.length)
      const { model, read } = masterModel(room, listed, mustPlace, settled)
      const answer = await solveMaster(model, listed.length, result, watch)
      if (answer.values.length > 0) offer(read(answer.values))
      if (answer.status === 'infeasible') result.bound = result.value
      if (answer.status === 'optimal') result.bound = Math.max(result.value, Math.floor(answer.bound + 0.01))
      if (answer.status === 'optimal' || answer.status === 'infeasible') break
    } else if (attempt === 0) {
      const { model, read } = masterModel(room, dual.bundles, mustPlace, settled)
      const answer = await solveMaster(model, dual.bundles.length, result, watch)
      const draft = answer.values.length > 0 ? read(answer.values) : null
      if (draft) polish(draft, 3)
      offer(draft)
    }
    watch.report('pointsMinusLoad', result.value / 100, result.bound / 100)
  }
  if (result.bound > result.value && pairs <= 6000 && !watch.shouldStop()) {
    await solveCompact(room, settled, result, offer, watch)
  }
  watch.report('pointsMinusLoad', result.value / 100, result.bound / 100)
  return result
}

async function solveMaster(
  model: LinearModel,
  bundles: number,
  result: ValueResult,
  watch: Watch,
): Promise<EngineAnswer> {
  if (bundles <= jslpLimit) {
    const answer = solveWithJslp(model, Math.min(jslpTimeMs, watch.remaining()))
    if (answer.status === 'optimal' || answer.status === 'infeasible') {
      result.engines.add('javascript-lp-solver')
      return answer
    }
  }
  result.engines.add('HiGHS')
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining() / 2,
    absoluteGap: 0.9,
  })
  result.nodes += answer.nodes
  return answer
}

/** Last try for a proof in a small room: the compact model. */
async function solveCompact(
  room: Room,
  settled: readonly Settled[],
  result: ValueResult,
  offer: (draft: Draft | null) => void,
  watch: Watch,
): Promise<void> {
  const { model, read } = compactModel(room, { weights: room.units.map(() => 0), values: true }, settled)
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining(),
    absoluteGap: 0.9,
  })
  result.engines.add('HiGHS')
  result.nodes += answer.nodes
  if (answer.values.length > 0) offer(read(answer.values))
  // The model's objective leaves out the cost of the hours already in use.
  const before = room.workers.reduce((sum, one) => sum + (one.candidates.length > 0 ? one.baseCost : 0), 0)
  if (Number.isFinite(answer.bound)) {
    result.bound = Math.max(result.value, Math.min(result.bound, Math.floor(answer.bound + before + 0.5)))
  }
}

/** All bundles that an allocation better than the best known may use; null when there are too many. */
function listWithinGap(room: Room, dual: Dual, gap: number): Bundle[] | null {
  const all: Bundle[] = []
  for (let worker = 0; worker < room.workers.length; worker++) {
    const least = dual.bests[worker]! - gap
    const some = bundlesWithin(room, worker, dual.prices, least, listLimit - all.length)
    if (!some) return null
    all.push(...some)
  }
  return all
}

/** An allocation from bundles that may overlap: each item to the worker for whom it adds most, then fill and polish. */
function roundBundles(room: Room, chosen: readonly (readonly number[])[], passes: number): Draft {
  const wanted = room.items.map((): number[] => [])
  chosen.forEach((items, worker) => {
    for (const item of items) wanted[item]!.push(worker)
  })
  const draft = new Draft(room)
  wanted.forEach((workers, item) => {
    let best = -1
    let bestGain = Number.NEGATIVE_INFINITY
    for (const worker of workers) {
      if (!draft.fits(worker, item)) continue
      const gain = draft.gain(worker, item)
      if (gain > bestGain) {
        best = worker
        bestGain = gain
      }
    }
    if (best >= 0) draft.put(best, item)
  })
  squeezeIn(draft)
  draft.dropIncomplete()
  polish(draft, passes)
  return draft
}
