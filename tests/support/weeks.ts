import type { ProblemCase } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aPolicy, aProblem, aWorker, randomSource } from './problems.ts'

export interface Simulated {
  arrived: number
  placed: number
  /** Days, over all cases: until they were placed, or until the last round for those that still wait. */
  longestWait: number
}

/**
 * Weekly rounds of a team whose room is nearly used up by cases of high urgency: five workers who can take one each, about
 * five cases a week, one in eight of them of normal urgency. Workers end as much as they take on.
 */
export async function simulateWeeks(options: {
  weeks: number
  overdueAfterDays?: number
}): Promise<Simulated> {
  const { weeks, overdueAfterDays } = options
  const next = randomSource(20_261_122)
  const policy = aPolicy({ newPerWeek: 1, ...(overdueAfterDays === undefined ? {} : { overdueAfterDays }) })
  const workers = ['M1', 'M2', 'M3', 'M4', 'M5'].map((id, k) => aWorker(id, { hoursInUse: 14 + k }))
  const result: Simulated = { arrived: 0, placed: 0, longestWait: 0 }
  let waiting: ProblemCase[] = []
  for (let week = 0; week < weeks; week++) {
    waiting = waiting.map(one => ({ ...one, waitingDays: one.waitingDays + 7 }))
    const count = 4 + Math.floor(next() * 3)
    for (let k = 0; k < count; k++) {
      waiting.push(
        aCase(`Z${++result.arrived}`, {
          urgency: result.arrived % 8 === 0 ? 'normal' : 'high',
          waitingDays: Math.floor(next() * 7),
          hours: { primary: 2 + Math.floor(next() * 9) / 4 },
        }),
      )
    }
    const proposal = await solve(aProblem({ seed: week, policy, cases: waiting, workers }))
    const open = new Set(proposal.lines.filter(line => line.workerId === null).map(line => line.caseId))
    for (const one of waiting) result.longestWait = Math.max(result.longestWait, one.waitingDays)
    result.placed += waiting.length - open.size
    waiting = waiting.filter(one => open.has(one.id))
  }
  return result
}
