import { solveDense } from '../assignment/solve-assignment.ts'
import { boundDense, type DenseBound, pairLimit } from './assignment-bound.ts'
import { type CoreAnswer, solveCore, solveWhole } from './assignment-core.ts'
import { shapeOfInstance } from './assignment-shape.ts'
import type { Deadline } from './deadline.ts'
import type { Draft } from './draft.ts'
import type { Instance } from './instance.ts'
import type { Stage } from './price-relaxation.ts'
import { keepsSettled, type ValueResult, worthOf } from './search.ts'

/** Cells of tables; some ten seconds. */
const cellLimit = 4e9
/** From so many seats per worker the dense path is the better one (measured, docs/performance.md). */
const denseFrom = 2.5

/**
 * Whether what one worker gets is so large that bundles can no longer be listed: the seats to fill per worker who may
 * get any, and the seats that fit a worker at all, are both above the threshold.
 */
export function isDense(instance: Instance): boolean {
  const people = instance.workers.filter(worker => worker.candidates.length > 0)
  // Too few seats for it, or nobody: what fits need not be counted.
  const seats = new Set(people.flatMap(one => one.candidates.map(({ item }) => item))).size
  if (seats <= denseFrom * people.length) return false
  const fitting = people.reduce((sum, worker) => {
    const stays = worker.candidates.filter(one => one.stays).length
    const hours = worker.candidates.filter(one => !one.stays).map(one => one.hours)
    let left = worker.hardLimit - worker.baseHours
    let fresh = 0
    for (const one of hours.sort((a, b) => a - b)) {
      left -= one
      if (left < 0 || fresh >= worker.limits[0]!) break
      fresh++
    }
    return sum + Math.max(stays, fresh)
  }, 0)
  return fitting > denseFrom * people.length
}

/**
 * The best allocation of one level in an instance with large bundles (see assignment/solve-assignment.ts), as high as the settled levels allow. `start`
 * keeps what is settled. Value and bound in the units of the goal; the bound is proven.
 */
export async function maximiseDense(
  stage: Stage,
  start: Draft,
  deadline: Deadline,
  before: DenseBound | null = null,
  cells = cellLimit,
): Promise<ValueResult> {
  const { instance, goal, mustPlace, settled, target } = stage
  const shaped = shapeOfInstance(instance, mustPlace, settled, goal)
  const { shape, draftOf, assignmentOf, boundPricesOf } = shaped
  // Where rows tie workers together, prices that know nothing of them begin far off, and end far off.
  const tied = shape.rows.length > 0
  const first = {
    draft: start,
    value: worthOf(stage, start),
    bound: before?.bound ?? Number.POSITIVE_INFINITY,
  }
  const result: ValueResult = {
    ...first,
    bundles: 0,
    nodes: 0,
    engines: new Set(),
    boundPrices: null,
    boundOfPrices: Number.POSITIVE_INFINITY,
  }
  const isEnough = () =>
    result.bound <= result.value ||
    (target !== undefined && (result.value >= target || result.bound < target))
  const report = () => {
    const units = goal ? 1 : 100
    deadline.report(
      goal ? 'goal' : 'pointsMinusLoad',
      result.value / units,
      result.bound / units,
      result.draft,
    )
  }
  const search = (prices: Float64Array | null, most: number): Float64Array => {
    const found = solveDense(shape, assignmentOf(result.draft), {
      cells: most,
      ...(stage.ladder ? { ladder: stage.ladder } : {}),
      ...(prices ? { prices } : {}),
      shouldStop: () => deadline.shouldStop() || isEnough(),
      report: (_, bound) => {
        result.bound = Math.max(result.value, Math.min(result.bound, bound))
        report()
      },
      judge: assignment => {
        const draft = draftOf(assignment)
        if (!draft || !keepsSettled(stage, draft)) return null
        const worth = worthOf(stage, draft)
        if (worth > result.value) {
          result.draft = draft
          result.value = worth
        }
        return worth
      },
    })
    if (found.nodes > 0) result.engines.add('branch and bound')
    result.nodes += found.nodes
    result.bound = Math.max(result.value, Math.min(result.bound, found.bound))
    if (found.bound < result.boundOfPrices) {
      result.boundOfPrices = found.bound
      result.boundPrices = boundPricesOf(found.prices)
    }
    return found.prices
  }
  const take = ({ draft, value, bound, nodes }: CoreAnswer) => {
    Object.assign(result, { draft, value, bound, nodes: result.nodes + nodes })
    result.engines.add('HiGHS')
    report()
  }
  const isDone = () => isEnough() || deadline.shouldStop()
  const fits = shape.job.length <= pairLimit
  if (target !== undefined && fits) {
    take(await solveWhole(stage, result, deadline))
    if (isDone()) return result
  }
  const priced = before ?? (await boundDense(stage, result.draft, deadline, shaped))
  if (priced) {
    const { bound, boundOfPrices, boundPrices } = priced
    Object.assign(result, {
      bound: Math.max(result.value, Math.min(result.bound, bound)),
      boundOfPrices,
      boundPrices,
    })
    report()
    if (isDone()) return result
  }
  const after = search(priced?.prices ?? null, tied ? cells / 8 : cells)
  if (!tied || target !== undefined || isDone()) return result
  take(await solveCore(stage, shaped, after, result, deadline))
  if (!isDone()) search(after, cells / 2)
  return result
}
