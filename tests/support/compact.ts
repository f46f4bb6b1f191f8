import { furnish } from '../../solver/candidates.ts'
import { compactModel, type Settled } from '../../solver/compact.ts'
import { Draft } from '../../solver/draft.ts'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { Problem } from '../../solver/problem.ts'

/**
 * The optimum level by level from the compact model and HiGHS alone: no bundles, no prices, no greedy start.
 * Emergencies, their days, high, their days, normal, their days, value in hundredths of a point. Locks are not counted.
 */
export async function compactOptimum(problem: Problem): Promise<number[]> {
  const room = furnish(problem)
  const settled: Settled[] = []
  const levels: number[] = []
  const limits = { nodes: 1_000_000, timeLimitMs: 60_000, absoluteGap: 0.9 }
  for (const urgency of ['emergency', 'high', 'normal']) {
    for (const days of [false, true]) {
      const weights = room.units.map(unit =>
        unit.case.urgency !== urgency ? 0 : days ? unit.case.waitingDays : 1,
      )
      const { model } = compactModel(room, { weights, values: false }, settled)
      const answer = await solveWithHighs(model, limits)
      if (answer.status !== 'optimal') throw new Error(`HiGHS: ${answer.status}`)
      const least = Math.round(
        answer.values.reduce((sum, value, column) => sum + value * model.objective[column]!, 0),
      )
      settled.push({ weights, least })
      levels.push(least)
    }
  }
  const { model, read } = compactModel(room, { weights: room.units.map(() => 0), values: true }, settled)
  const answer = await solveWithHighs(model, limits)
  const draft = answer.values.length > 0 ? read(answer.values) : new Draft(room)
  if (answer.status !== 'optimal' || !draft) throw new Error(`HiGHS: ${answer.status}`)
  levels.push(draft.value())
  return levels
}
