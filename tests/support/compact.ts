import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { EngineAnswer, LinearModel } from '../../solver/engines/model.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { compactModel } from '../../solver/search/compact.ts'
import { Draft } from '../../solver/search/draft.ts'
import { buildInstance, type Instance, withHighestLoad, withLeavers } from '../../solver/search/instance.ts'
import { fixedDuos } from '../../solver/search/placement.ts'
import { makeLines } from '../../solver/search/proposal.ts'
import { type Levels, levelsOf } from './oracle.ts'

/** An engine with its limits; `last` is true for the model of the last level. */
export type Engine = (model: LinearModel, last: boolean) => Promise<EngineAnswer> | EngineAnswer

export const highsEngine: Engine = model =>
  solveWithHighs(model, { nodes: 1_000_000, timeLimitMs: 60_000, absoluteGap: 0.9 })

export interface CompactRun {
  /** optimal: the engine says so of every model. */
  status: EngineAnswer['status']
  /** The levels of the allocation, locks included; null without one. Where the engine stopped before the last level: of the best that it had there. */
  levels: Levels | null
  /** Value (units) of what is proposed, without that of locks, and the engine's bound on it. */
  value: number
  bound: number
}

const none: Omit<CompactRun, 'status'> = { levels: null, value: 0, bound: Number.POSITIVE_INFINITY }

/**
 * The compact model alone, one strict level after the other: no bundles, no prices, no greedy start. In the placement
 * levels number and days are one objective, or two models when they are `apart`. Stops at the first model without a
 * proven answer.
 */
export async function runCompact(problem: Problem, engine: Engine, apart = false): Promise<CompactRun> {
  const whole = buildInstance(problem)
  const { settled } = fixedDuos(whole)
  const ask = async (instance: Instance, weights: readonly number[], values: boolean) => {
    const { model, read } = compactModel(instance, { weights, values }, settled)
    const answer = await engine(model, values)
    const draft = answer.values.length > 0 ? read(answer.values) : new Draft(instance)
    const reached = answer.values.reduce((sum, value, column) => sum + value * model.objective[column]!, 0)
    return {
      ...answer,
      status: draft ? answer.status : ('failed' as const),
      draft,
      reached: Math.round(reached),
    }
  }
  const levelsAt = (draft: Draft) => levelsOf(problem, makeLines(whole, draft).lines)
  for (const weights of placementWeights(whole, apart)) {
    const { status, reached, draft } = await ask(whole, weights, false)
    if (status !== 'optimal')
      return { ...none, status, ...(status === 'limit' && draft && { levels: levelsAt(draft) }) }
    settled.push({ weights, least: reached })
  }
  const noWeights = whole.units.map(() => 0)
  let instance = whole
  if (problem.policy.leaving?.fewest) {
    // One seat more at a time until it can be done: another way than the solver's halves.
    let most = 0
    for (;;) {
      const { status, draft } = await ask(withLeavers(whole, most), noWeights, false)
      if (status === 'optimal' && draft) break
      if (status !== 'infeasible') return { ...none, status }
      most++
    }
    instance = withLeavers(whole, most)
  }
  const before = instance
  if (problem.policy.lowestMaximumFirst) {
    let low = new Draft(whole).highestLoad()
    let high = Number.POSITIVE_INFINITY
    while (low < high) {
      const middle = Number.isFinite(high) ? Math.floor((low + high) / 2) : 100_000
      const { status, draft } = await ask(withHighestLoad(before, middle), noWeights, false)
      if (status === 'optimal' && draft) high = draft.highestLoad()
      else if (status === 'infeasible') low = middle + 1
      else return { ...none, status }
    }
    instance = withHighestLoad(before, high)
  }
  const { status, draft, bound } = await ask(instance, noWeights, true)
  if (!draft || (status !== 'optimal' && status !== 'limit')) return { ...none, status }
  // The model's objective leaves out the cost of the hours already in use.
  const paid = instance.workers.reduce((sum, one) => sum + (one.candidates.length > 0 ? one.baseCost : 0), 0)
  return { status, levels: levelsAt(draft), value: draft.value(), bound: bound + paid }
}

/**
 * Weights by unit of each placement level, class by class. With W above the sum of the second measure, W first + second
 * puts the first strictly first: the number placed, for overdue cases the days waited.
 */
function placementWeights(instance: Instance, apart: boolean): number[][] {
  return instance.classes.flatMap((name, rank) => {
    const ones = instance.units.map(unit => (unit.rank === rank ? 1 : 0))
    const days = instance.units.map((unit, index) => ones[index]! * unit.case.waitingDays)
    const [first, second] = name === 'overdue' ? [days, ones] : [ones, days]
    if (apart) return [first, second]
    const weight = second.reduce((sum, one) => sum + one, 0) + 1
    return [second.map((one, index) => one + weight * first[index]!)]
  })
}

/** The best levels by the compact model; null when the engine gives up. Throws when it says that there are none. */
export async function compactLevels(problem: Problem, engine: Engine = highsEngine): Promise<Levels | null> {
  const run = await runCompact(problem, engine, true)
  if (run.status === 'infeasible')
    throw new Error('The engine says that no allocation keeps the settled levels.')
  return run.status === 'optimal' ? run.levels : null
}
