import { expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { validateProposal } from '../../solver/problem/validate.ts'
import { solve } from '../../solver/solve.ts'
import { extremeProblem, messyProblem } from '../support/messy.ts'
import { bruteForce, levelsOfProposal } from '../support/oracle.ts'
import { faultsOf, type StressTally } from '../support/stress.ts'

test('rounds in which everything comes together, ended in every way', { timeout: 240_000 }, async () => {
  const tally: StressTally = { runs: 0, optimal: 0, byClock: 0, byPerson: 0, derived: 0 }
  for (let seed = 1; seed <= 20; seed++) {
    const problem = messyProblem(seed, { cases: 30, workers: 12 })
    expect(await faultsOf(problem, seed, 1200, tally), `seed ${seed}`).toEqual([])
  }
  expect(tally.runs).toBeGreaterThan(110)
  expect(tally.optimal).toBeGreaterThan(50)
  expect(tally.byPerson).toBeGreaterThan(5)
  expect(tally.derived).toBeGreaterThan(80)
})

test('the smallest and largest numbers, against every allocation there is', {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const problem = extremeProblem(seed)
    const proposal = await solve(problem)
    const where = `seed ${seed}`
    expect(checkProposal(problem, proposal), where).toEqual([])
    expect(validateProposal(JSON.parse(JSON.stringify(proposal))), where).toHaveProperty('proposal')
    expect([proposal.status, ...levelsOfProposal(problem, proposal)], where).toEqual([
      'optimal',
      ...bruteForce(problem),
    ])
  }
})
