import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { tradeOff } from '../../solver/explain/trade-off.ts'
import { worthOf } from '../../solver/explain/worth.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { bruteForce, pointsOf } from '../support/oracle.ts'
import { randomProblem } from '../support/problems.ts'

/** The same question, asked of every allocation there is: points alone, under a cap on the highest load. */
function mostPoints(problem: Problem, cap: number): number[] {
  const { policy } = problem
  const limit = Math.min(policy.hardLimit, cap / 10_000)
  const { heavyCost: _, ...rest } = policy
  return bruteForce({
    ...problem,
    policy: {
      ...rest,
      loadCost: [{ from: 0, pointsPerHour: 0 }],
      lowestMaximumFirst: false,
      hardLimit: limit,
      bandHigh: Math.min(policy.bandHigh, limit),
      bandLow: 0,
    },
  })
}

describe('the front of fit against highest load', () => {
  test('against every allocation there is: each point is on it, and it goes from end to end', async () => {
    let several = 0
    for (let seed = 1; seed <= Number(process.env.SOLVER_SEEDS ?? 8); seed++) {
      const problem = { ...randomProblem(seed + 7000, { cases: 5, workers: 4, rules: 0.4 }), locks: [] }
      const front = await tradeOff(problem, { points: 8, timeLimitMs: 60_000 })
      const where = `seed ${seed}`
      expect(front.complete, where).toBe(true)
      const best = bruteForce({ ...problem, policy: { ...problem.policy, lowestMaximumFirst: false } })
      if (front.points.length > 2) several++
      front.points.forEach((point, k) => {
        expect(checkProposal(problem, point.proposal), where).toEqual([])
        expect(point.proven, where).toBe(true)
        const before = front.points[k - 1]
        if (before) {
          expect(point.highest, where).toBeGreaterThan(before.highest)
          expect(point.points, where).toBeGreaterThan(before.points)
        }
        // As much placed as can be, the most points at this load, and fewer at any lower one.
        const worth = worthOf(problem, point.proposal)
        expect(worth.placed, where).toBe(best[0]! + best[2]! + best[5]! + best[6]! + best[8]!)
        expect(pointsOf(problem, mostPoints(problem, point.highest)), where).toBe(
          Math.round(point.points * 100),
        )
        const under = mostPoints(problem, point.highest - 1)
        const placing = problem.policy.leaving?.fewest ? 11 : 10
        const samePlaced = under.slice(0, placing).every((value, step) => value === best[step])
        if (samePlaced && worth.placed > 0)
          expect(pointsOf(problem, under), where).toBeLessThan(Math.round(point.points * 100))
      })
      if (front.points.length === 0) continue
      const ends = [front.points[0]!, front.points.at(-1)!]
      expect(ends[0]!.names).toContain('equal')
      expect(ends[1]!.names).toContain('preference')
      expect(front.points.filter(one => one.names.includes('balanced'))).toHaveLength(1)
      expect(Math.round(ends[1]!.points * 100), where).toBe(pointsOf(problem, mostPoints(problem, 100_000)))
    }
    expect(several).toBeGreaterThan(0)
  })

  test('clamps: nobody above a load, and no fewer points', async () => {
    let seed = 7200
    let problem = randomProblem(seed, { cases: 8, workers: 8 })
    let whole = await tradeOff(problem, { points: 9, timeLimitMs: 60_000 })
    while (whole.points.length < 4) {
      problem = { ...randomProblem(++seed, { cases: 8, workers: 8 }), locks: [] }
      whole = await tradeOff(problem, { points: 9, timeLimitMs: 60_000 })
    }
    const middle = whole.points[1]!
    const low = await tradeOff(problem, { points: 9, highestAtMost: middle.highest, timeLimitMs: 60_000 })
    expect(low.points.at(-1)).toMatchObject({ highest: middle.highest, points: middle.points })
    const high = await tradeOff(problem, { points: 9, pointsAtLeast: middle.points, timeLimitMs: 60_000 })
    expect(high.points[0]!.points).toBeGreaterThanOrEqual(middle.points)
  })

  test('what is fixed by people stays where it is, at every point', async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const problem = randomProblem(seed + 7100, { cases: 6, workers: 5 })
      const front = await tradeOff(problem, { points: 5, timeLimitMs: 60_000 })
      for (const point of front.points) {
        expect(checkProposal(problem, point.proposal), `seed ${seed}`).toEqual([])
      }
    }
  })

  test('a clock that is up says so', async () => {
    const problem = randomProblem(7004, { cases: 8, workers: 8 })
    expect((await tradeOff(problem, { points: 9, timeLimitMs: 1 })).complete).toBe(false)
  })
})
