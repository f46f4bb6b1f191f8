import { describe, expect, test } from 'vitest'
import { solve } from '../../solver/solve.ts'
import { validateProblem } from '../../solver/validate.ts'
import { bruteForce, levelsOfProposal } from '../support/oracle.ts'
import { randomProblem, randomSource } from '../support/problems.ts'

/** 2,000 small problems; set SOLVER_SEEDS to try more, SOLVER_FIRST to start elsewhere. */
const count = Number(process.env.SOLVER_SEEDS ?? 2000)
const first = Number(process.env.SOLVER_FIRST ?? 1)

describe('against every allocation there is', () => {
  test(`${count} small random problems with all rules mixed`, { timeout: 120_000 }, async () => {
    for (let seed = first; seed < first + count; seed++) {
      const next = randomSource(seed * 7919)
      const problem = randomProblem(seed, {
        cases: 1 + Math.floor(next() * 5),
        workers: 1 + Math.floor(next() * 4),
        tight: next() < 0.5,
        rules: next() * 1.5,
      })
      expect(validateProblem(problem), `seed ${seed}`).toHaveProperty('problem')
      const proposal = await solve(problem)
      expect(levelsOfProposal(problem, proposal), `seed ${seed}`).toEqual(bruteForce(problem))
      expect(proposal.status, `seed ${seed}`).toBe('optimal')
    }
  })
})
