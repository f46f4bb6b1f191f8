import { furnish, type Room, withHighestLoad } from '../../solver/candidates.ts'
import { compactModel, type Settled } from '../../solver/compact.ts'
import { Draft } from '../../solver/draft.ts'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { EngineAnswer, LinearModel } from '../../solver/engines/model.ts'
import type { Problem } from '../../solver/problem.ts'
import { makeLines } from '../../solver/proposal.ts'
import { type Levels, levelsOf } from './oracle.ts'

export type Engine = (model: LinearModel) => Promise<EngineAnswer> | EngineAnswer

/** The engine had no proven answer to one of the models. */
export class NoAnswer extends Error {}

export const highsEngine: Engine = model =>
  solveWithHighs(model, { nodes: 1_000_000, timeLimitMs: 60_000, absoluteGap: 0.9 })

/**
 * The best levels from the compact model alone, one level after the other, one measure at a time: no bundles, no prices,
 * no greedy start. The levels are counted from the allocation as those of any other are, locks included.
 * Throws NoAnswer when the engine gives up.
 */
export async function compactLevels(problem: Problem, engine: Engine = highsEngine): Promise<Levels> {
  const furnished = furnish(problem)
  const settled: Settled[] = []
  const best = async (room: Room, weights: readonly number[], values: boolean) => {
    const { model, read } = compactModel(room, { weights, values }, settled)
    const answer = await engine(model)
    if (answer.status === 'infeasible') return null
    if (answer.status !== 'optimal') throw new NoAnswer(answer.status)
    const reached = answer.values.reduce((sum, value, column) => sum + value * model.objective[column]!, 0)
    const draft = answer.values.length > 0 ? read(answer.values) : new Draft(room)
    if (!draft) throw new NoAnswer('no allocation')
    return { reached: Math.round(reached), draft }
  }
  for (const urgency of ['emergency', 'high', 'normal']) {
    for (const days of [false, true]) {
      const weights = furnished.units.map(unit =>
        unit.case.urgency !== urgency ? 0 : days ? unit.case.waitingDays : 1,
      )
      const answer = await best(furnished, weights, false)
      if (!answer) throw new Error('No allocation keeps the settled levels.')
      settled.push({ weights, least: answer.reached })
    }
  }
  const none = furnished.units.map(() => 0)
  let room = furnished
  if (problem.policy.lowestMaximumFirst) {
    let high = (await best(room, none, false))!.draft.highestLoad()
    let low = 0
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const answer = await best(withHighestLoad(furnished, middle), none, false)
      if (answer) high = answer.draft.highestLoad()
      else low = middle + 1
    }
    room = withHighestLoad(furnished, high)
  }
  const answer = await best(room, none, true)
  if (!answer) throw new Error('No allocation keeps the settled levels.')
  return levelsOf(problem, makeLines(furnished, answer.draft).lines)
}
