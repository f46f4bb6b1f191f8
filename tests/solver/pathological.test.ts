import { describe, expect, test } from 'vitest'
import { startThread } from '../../server/event-loop/solver-thread.ts'
import { checkProposal } from '../../solver/check/check.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { validateProblem, validateProposal } from '../../solver/problem/validate.ts'
import { isPlaced } from '../../solver/search/proposal.ts'
import { solve } from '../../solver/solve.ts'
import { brokenProblems, manyAlike, meanProblems } from '../support/pathological.ts'

/** Solves in a thread of its own, as a server does: whatever happens there, this comes back. */
async function solveApart(
  problem: Problem,
  timeLimitMs: number,
): Promise<{ proposal: Proposal; ms: number }> {
  const started = performance.now()
  const result = await startThread({ problem, limits: { timeLimitMs } }).result
  if (result.kind !== 'proposal') throw new Error(`No proposal: ${JSON.stringify(result).slice(0, 300)}`)
  return { proposal: result.proposal, ms: performance.now() - started }
}

const placedOf = (problem: Problem, proposal: Proposal) =>
  problem.cases.filter(one => isPlaced(proposal.lines, one.id)).length

describe('mean but allowed', () => {
  test.each(meanProblems())('$name', { timeout: 60_000 }, async ({ problem, placed }) => {
    expect(validateProblem(problem)).toHaveProperty('problem')
    const { proposal, ms } = await solveApart(problem, 20_000)
    expect(checkProposal(problem, proposal)).toEqual([])
    // What comes out can be read in again.
    expect(validateProposal(JSON.parse(JSON.stringify(proposal)))).toHaveProperty('proposal')
    // One second for the thread to be ended from outside, and a busy machine.
    expect(ms).toBeLessThan(20_000 + 1000 + 10_000)
    if (placed !== undefined) {
      expect(proposal.endedBy).not.toBe('clock')
      expect(placedOf(problem, proposal)).toBe(placed)
    }
  })

  test.each([
    [2000, 200],
    [200, 3000],
  ])(
    '%d cases all alike, %d workers: an answer when the time is up',
    { timeout: 120_000 },
    async (cases, workers) => {
      const problem = manyAlike(cases, workers)
      expect(validateProblem(problem)).toHaveProperty('problem')
      const limit = 12_000
      const { proposal, ms } = await solveApart(problem, limit)
      expect(checkProposal(problem, proposal)).toEqual([])
      expect(placedOf(problem, proposal)).toBe(Math.min(cases, 2 * workers))
      expect(ms).toBeLessThan(limit + 1000 + 10_000)
    },
  )
})

describe('no problem at all', () => {
  test.each(brokenProblems())('$name is refused, and the field is named', ({ json, path }) => {
    const judged = validateProblem(json)
    expect('errors' in judged && judged.errors.map(one => one.path)).toContain(path)
  })

  test('what contradicts itself is not solved by any other door either', async () => {
    for (const { json, path } of brokenProblems()) {
      if (!path.endsWith('/id') && !path.startsWith('/locks')) continue
      await expect(solve(json as Problem)).rejects.toThrow(path)
      await expect(solveApart(json as Problem, 1000)).rejects.toThrow(path)
    }
  })
})
