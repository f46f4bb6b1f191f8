import { expect, test } from 'vitest'
import type { Proposal } from '../../solver/problem/problem.ts'
import { verifyPlacing } from '../../solver/search/verify-bound.ts'
import { solve } from '../../solver/solve.ts'
import { randomProblem } from '../support/problems.ts'

/** The proposal as if less than it reaches could be reached in this class. */
function lowered(proposal: Proposal, urgency: string): Proposal {
  return {
    ...proposal,
    levels: proposal.levels.map(level => ({
      ...level,
      ...(level.steps && {
        steps: level.steps.map(step =>
          step.urgency === urgency ? { ...step, bound: step.value - 1 } : step,
        ),
      }),
    })),
  }
}

test('bounds on placing are derived again from prices, and one that is too low is seen', {
  timeout: 120_000,
}, async () => {
  const count = { prices: 0, search: 0, weaker: 0, wrong: 0, none: 0 }
  const whenLow = { prices: 0, search: 0, weaker: 0, wrong: 0, none: 0 }
  for (let seed = 1; seed <= 100; seed++) {
    const problem = randomProblem(seed * 37, { cases: 6 + (seed % 9), workers: 3 + (seed % 7), tight: true })
    const proposal = await solve(problem)
    for (const { urgency, how } of verifyPlacing(problem, proposal)) {
      count[how]++
      const report = verifyPlacing(problem, lowered(proposal, urgency)).find(one => one.urgency === urgency)
      whenLow[report!.how]++
    }
  }
  expect(count).toMatchObject({ weaker: 0, wrong: 0, none: 0 })
  expect(whenLow).toMatchObject({ prices: 0, search: 0, weaker: 0, none: 0 })
  expect(count.prices).toBeGreaterThan(50)
})
