import { columnPrices } from '../assignment/columns.ts'
import { startPrices } from '../assignment/dual.ts'
import { Knapsacks } from '../assignment/knapsack.ts'
import { relaxedDuals } from '../engines/highs.ts'
import { type InstanceShape, shapeOfInstance } from './assignment-shape.ts'
import type { BoundPrices } from './bound.ts'
import { compactModel } from './compact.ts'
import type { Deadline } from './deadline.ts'
import type { Draft } from './draft.ts'
import type { Stage } from './price-relaxation.ts'
import { ladderOfStage, worthOf } from './search.ts'

/** More pairs than this make a compact model that the engine does not stop in time. */
export const pairLimit = 30_000

export interface DenseBound {
  /** On the goal of the stage, no lower than what its draft is worth. */
  bound: number
  /** What the prices prove by themselves, and those prices. */
  boundOfPrices: number
  boundPrices: BoundPrices
  /** The same, of jobs and then of rows. */
  prices: Float64Array
}

/**
 * The lowest bound that prices prove in an instance with large bundles; often it is what the draft reaches already. Null where the draft
 * is no assignment of the shape (a family over several workers).
 */
export async function boundDense(
  stage: Stage,
  draft: Draft,
  deadline: Deadline,
  shaped: InstanceShape = shapeOfInstance(stage.instance, stage.mustPlace, stage.settled, stage.goal),
): Promise<DenseBound | null> {
  const { shape, assignmentOf, boundPricesOf } = shaped
  const start = assignmentOf(draft)
  if (start.includes(-1)) return null
  const value = worthOf(stage, draft)
  const ladder = ladderOfStage(stage)
  const next = stage.ladder ? ladder.above(value) : value + shape.grid
  // Where rows tie workers together, prices that know nothing of them begin far off.
  const tied = shape.rows.length > 0 && shape.job.length <= pairLimit
  const from = (tied ? await relaxedPrices(stage, shaped, deadline) : null) ?? startPrices(shape).prices
  const knapsacks = new Knapsacks(shape, { cells: 0 })
  const { prices, bound } = await columnPrices(shape, knapsacks, from, {
    enough: next - 1 / 64,
    start,
    deadline,
  })
  const reached = bound < next ? value : ladder.below(bound)
  return { bound: Math.max(value, reached), boundOfPrices: bound, boundPrices: boundPricesOf(prices), prices }
}

/** Prices from the linear relaxation of the compact model; null without one. */
async function relaxedPrices(
  { instance, goal, settled }: Stage,
  { pricesOf }: InstanceShape,
  deadline: Deadline,
): Promise<Float64Array | null> {
  const weights = goal ?? instance.units.map(() => 0)
  const { model, rowsOf } = compactModel(instance, { weights, values: goal === null }, settled)
  const duals = await relaxedDuals(model, deadline.remaining())
  if (!duals) return null
  const of = (sign: 1 | -1) => (row: number) => (row < 0 ? 0 : sign * duals[row]!)
  return pricesOf({
    items: rowsOf.items.map(of(1)),
    shared: rowsOf.shared.map(of(1)),
    levels: rowsOf.levels.map(of(-1)),
  })
}
