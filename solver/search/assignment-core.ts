import { penalties } from '../assignment/branch.ts'
import { Knapsacks } from '../assignment/knapsack.ts'
import { solveWithHighs } from '../engines/highs.ts'
import { curveCost, exactCost } from '../problem/load.ts'
import { pairLimit } from './assignment-bound.ts'
import type { InstanceShape } from './assignment-shape.ts'
import { compactModel } from './compact.ts'
import type { Deadline } from './deadline.ts'
import { Draft } from './draft.ts'
import { type Instance, onlyPairs } from './instance.ts'
import type { Stage } from './price-relaxation.ts'
import { keepsSettled, ladderOfStage, worthOf } from './search.ts'

/** Options per job in the core. */
const coreWidth = 4
/** Nodes times columns: a node of a large model takes longer. Half a minute or so. */
const work = 4e6
/** Of which the core gets so much. */
const coreShare = 0.1

/** An allocation, what it is worth and a proven bound, in the units of the goal. */
interface Known {
  draft: Draft
  value: number
  bound: number
}

/** The best known, or a better one. */
export interface CoreAnswer extends Known {
  nodes: number
}

/**
 * The compact model in an instance with large bundles, over what the prices leave: first the few options per job that cost the bound
 * least (the core, where the best allocation nearly always is), then all that a better one could have. It is for where prices
 * alone come to little: rows that tie workers together, as when not everything can be placed.
 */
export async function solveCore(
  stage: Stage,
  { shape, optionOf }: InstanceShape,
  prices: Float64Array,
  known: Known,
  deadline: Deadline,
): Promise<CoreAnswer> {
  const penalty = new Float64Array(shape.job.length)
  const status = new Int8Array(shape.job.length)
  const top = penalties(shape, new Knapsacks(shape, { cells: 0 }), prices, status, penalty)

  const among = (keep: (option: number) => boolean) => (worker: number, item: number) => {
    const option = optionOf(worker, item)
    return option >= 0 && keep(option)
  }
  const inCore = cheapest(shape.optionsOf, penalty)
  const core = await solveModel(
    stage,
    among(option => inCore[option] === 1),
    known,
    deadline,
    {
      effort: coreShare * work,
      share: 1 / 6,
    },
  )
  // The bound of a part of the options says nothing of the others.
  const best = { ...core, bound: known.bound }
  if (deadline.shouldStop()) return best
  // An option that takes the bound under the next better value is in no better allocation.
  const least = stage.ladder ? stage.ladder.above(best.value) : best.value + shape.grid
  const left = penalty.reduce((sum, one) => sum + (top - one >= least ? 1 : 0), 0)
  if (left > pairLimit) return best
  const rest = await solveModel(
    stage,
    among(option => top - penalty[option]! >= least),
    best,
    deadline,
    {
      effort: work,
      share: 1 / 2,
    },
  )
  return { ...rest, nodes: core.nodes + rest.nodes }
}

/** The same over all pairs, without prices: for questions whose answer is yes or no. */
export function solveWhole(stage: Stage, known: Known, deadline: Deadline): Promise<CoreAnswer> {
  return solveModel(stage, () => true, known, deadline, { effort: work, share: 0.8 })
}

/** The compact model over some pairs and those of the best allocation known; the bound holds for those. */
async function solveModel(
  stage: Stage,
  keep: (worker: number, item: number) => boolean,
  known: Known,
  deadline: Deadline,
  { effort, share }: { effort: number; share: number },
): Promise<CoreAnswer> {
  const { instance, goal, settled } = stage
  const { workerOf } = known.draft
  const part = onlyPairs(instance, (worker, item) => workerOf[item] === worker || keep(worker, item))
  const weights = goal ?? instance.units.map(() => 0)
  const { model, read, write } = compactModel(part, { weights, values: goal === null }, settled)
  const found = await solveWithHighs(model, {
    nodes: Math.ceil(effort / Math.max(1, model.columns.length)),
    timeLimitMs: deadline.remaining() * share,
    absoluteGap: 0.9,
    shouldStop: deadline.shouldStop,
    start: write(known.draft),
  })
  if (found.late) deadline.cut()
  let { draft, value } = known
  const answer = found.values.length > 0 ? read(found.values) : null
  const other = answer && Draft.from(instance, answer.workerOf)
  if (other && keepsSettled(stage, other) && worthOf(stage, other) > value) {
    draft = other
    value = worthOf(stage, other)
  }
  const bound = ladderOfStage(stage).below(found.bound + (goal ? 0 : roundedAway(instance)) + 1e-4)
  return { draft, value, bound: Math.max(value, Math.min(known.bound, bound)), nodes: found.nodes }
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
function roundedAway({ workers }: Instance): number {
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
