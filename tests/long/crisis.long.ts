import { expect, test } from 'vitest'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import { solve } from '../../solver/solve.ts'
import { compactLevels, runCompact } from '../support/compact.ts'
import { crisisRound } from '../support/crisis.ts'
import { compareWith } from '../support/differential.ts'
import { compareLevels, levelsOfProposal } from '../support/oracle.ts'

test('100 crisis rounds, the compact model in HiGHS level by level', async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const problem = crisisRound(16 + (seed % 5) * 6, 6 + (seed % 4), seed)
    const outcome = await compareWith(problem, compactLevels)
    expect(outcome, `seed ${seed}`).toBeTypeOf('string')
    expect(outcome, `seed ${seed}`).not.toBe('behind')
  }
})

/** What each may take: the solver first, then the rival as long as that took and half as long again. */
const MAX_MS = 40_000

test.each([60, 100])(
  '%i cases on 14 people with caps of one to four: every emergency, and no level worse than the compact model in the same time',
  async cases => {
    for (let seed = 1; seed <= 8; seed++) {
      const problem = crisisRound(cases, 14, seed)
      const where = `seed ${seed}, at most ${problem.policy.newPerWeek} new`
      const began = performance.now()
      const proposal = await solve(problem, { timeLimitMs: MAX_MS })
      const took = performance.now() - began
      const alone = { ...problem, cases: problem.cases.filter(one => one.urgency === 'emergency') }
      const emergencies = await solve(alone, { timeLimitMs: MAX_MS })
      expect(emergencies.status, where).toBe('optimal')
      expect(proposal.levels[0]!.steps, where).toEqual(emergencies.levels[0]!.steps)
      const until = performance.now() + Math.max(2000, 1.5 * took)
      const left = () => Math.max(1, until - performance.now())
      const rival = await runCompact(problem, model =>
        solveWithHighs(model, { nodes: 10_000_000, timeLimitMs: left(), absoluteGap: 0.9 }),
      )
      const own = levelsOfProposal(problem, proposal)
      if (rival.levels)
        expect(
          compareLevels(own, rival.levels),
          `${where}: ${own} against ${rival.levels}`,
        ).toBeGreaterThanOrEqual(0)
      console.log(`${cases} x 14, ${where}: ${proposal.status}, rival ${rival.status}`)
    }
  },
)
