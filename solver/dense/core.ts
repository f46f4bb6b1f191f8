import { onlyPairs, type Room } from '../candidates.ts'
import { compactModel } from '../compact.ts'
import { Draft } from '../draft.ts'
import { solveWithHighs } from '../engines/highs.ts'
import { curveCost, exactCost } from '../load.ts'
import type { Stage } from '../relaxation.ts'
import { keepsSettled, worthOf } from '../search.ts'
import type { Watch } from '../watch.ts'
import { penalties } from './branch.ts'
import type { RoomShape } from './from-room.ts'
import { Knapsacks } from './knapsack.ts'

/** Options per job in the core. */
const coreWidth = 4
/** Nodes times columns: a node of a large model takes longer. Half a minute or so. */
const work = 4e6
/** Of which the core gets so much. */
const coreShare = 0.1

export interface CoreAnswer {
  /** The best known, or a better one. */
  draft: Draft
  value: number
  /** Proven. */
  bound: number
  nodes: number
}

/**
 * The compact model in a room with large bundles, over what the prices leave: first the few options per job that cost the bound
 * least (the core, where the best allocation nearly always is), then all that a better one could have. It is for where prices
 * alone come to little: rows that tie workers together, as when not everything can be placed.
 *
 * `known`: an allocation, what it is worth and a bound, in the units of the goal.
 */
export async function solveCore(
  stage: Stage,
  { shape, optionOf }: RoomShape,
  prices: Float64Array,
  known: { draft: Draft; value: number; bound: number },
  watch: Watch,
): Promise<CoreAnswer> {
  const { room, goal, settled } = stage
  const answer: CoreAnswer = { ...known, nodes: 0 }
  const weights = goal ?? room.units.map(() => 0)
  const penalty = new Float64Array(shape.job.length)
  const status = new Int8Array(shape.job.length)
  const top = penalties(shape, new Knapsacks(shape, { cells: 0 }), prices, status, penalty)

  /** Solves over some of the options; the bound holds for those alone. */
  const solve = async (keep: (option: number) => boolean, effort: number, share: number): Promise<number> => {
    const { workerOf } = answer.draft
    const part = onlyPairs(room, (worker, item) => {
      const option = optionOf(worker, item)
      return workerOf[item] === worker || (option >= 0 && keep(option))
    })
    const { model, read, write } = compactModel(part, { weights, values: goal === null }, settled)
    const found = await solveWithHighs(model, {
      nodes: Math.ceil(effort / model.columns.length),
      timeLimitMs: watch.remaining() * share,
      absoluteGap: 0.9,
      shouldStop: watch.shouldStop,
      start: write(answer.draft),
    })
    answer.nodes += found.nodes
    if (found.late) watch.cut()
    const draft = found.values.length > 0 ? read(found.values) : null
    if (draft && keepsSettled(stage, draft) && worthOf(stage, draft) > answer.value) {
      answer.draft = Draft.from(room, draft.workerOf)
      answer.value = worthOf(stage, answer.draft)
    }
    return found.bound
  }

  const core = cheapest(shape.optionsOf, penalty)
  await solve(option => core[option] === 1, coreShare * work, 1 / 6)
  if (watch.shouldStop()) return answer
  // An option that takes the bound under the next better value is in no better allocation.
  const least = answer.value + shape.grid
  const found = await solve(option => top - penalty[option]! >= least, work, 1 / 2)
  const bound = Math.floor(found + (goal ? 0 : roundedAway(room)) + 1e-4)
  answer.bound = Math.max(answer.value, Math.min(answer.bound, bound))
  return answer
}

/** Marks the options of each job that cost the bound least. */
function cheapest(optionsOf: readonly Int32Array[], penalty: Float64Array): Uint8Array {
  const marks = new Uint8Array(penalty.length)
  for (const options of optionsOf) {
    const order = [...options].sort((a, b) => penalty[a]! - penalty[b]! || a - b)
    for (const option of order.slice(0, coreWidth)) marks[option] = 1
  }
  return marks
}

/** By how much rounding the load cost to whole units can make an allocation worth more than the model counts, in units. */
function roundedAway({ workers }: Room): number {
  return workers.reduce((sum, { curve, baseHours, baseCost, candidates }) => {
    const highest = candidates.reduce((hours, one) => hours + one.hours, baseHours)
    const before = exactCost(curve, baseHours)
    let most = 0
    for (let hours = baseHours; hours <= highest; hours++) {
      const rise = (exactCost(curve, hours) - before) / 100
      most = Math.max(most, rise - (curveCost(curve, hours) - baseCost))
    }
    return sum + most
  }, 0)
}
