import { describe, expect, test } from 'vitest'
import { solve } from '../../solver/solve.ts'
import { alikeRound, crisisRound } from '../support/crisis.ts'
import { levelsOfProposal } from '../support/oracle.ts'

/** Far from every work limit, and with a clock that no busy machine reaches. */
const limits = { timeLimitMs: 600_000 }
const wide = { timeout: 600_000 }

describe('a crisis: far more cases than there is room for', () => {
  test(
    '60 cases, 14 people, three new cases each: no emergency is lost to a less urgent case, proven',
    wide,
    async () => {
      const problem = crisisRound(60, 14, 2)
      const proposal = await solve(problem, limits)
      expect(proposal.status).toBe('optimal')
      const alone = { ...problem, cases: problem.cases.filter(one => one.urgency === 'emergency') }
      const emergencies = await solve(alone, limits)
      expect(emergencies.status).toBe('optimal')
      expect(levelsOfProposal(problem, proposal).slice(0, 4)).toEqual(
        levelsOfProposal(alone, emergencies).slice(0, 4),
      )
    },
  )
})

describe('equal cases and equal people', () => {
  const rounds: {
    name: string
    cases: number
    workers: number
    given: Parameters<typeof alikeRound>[2]
    placed: number
  }[] = [
    { name: 'a cap of three', cases: 13, workers: 4, given: { cap: 3, hours: 3 }, placed: 12 },
    { name: 'one case too many', cases: 16, workers: 5, given: { cap: 3, hours: 3 }, placed: 15 },
    { name: 'a cap of two', cases: 36, workers: 17, given: { cap: 2, hours: 3 }, placed: 34 },
    { name: 'most cannot be placed', cases: 300, workers: 30, given: { cap: 3, hours: 3 }, placed: 90 },
    {
      name: 'hours that leave a rest',
      cases: 40,
      workers: 10,
      given: { cap: 20, hours: 3, inUse: 17, days: 40 },
      placed: 30,
    },
    {
      name: 'a rate of load',
      cases: 100,
      workers: 12,
      given: { cap: 20, hours: 1.5, inUse: 10 },
      placed: 100,
    },
    {
      name: 'a rate of load, all waiting differently',
      cases: 100,
      workers: 12,
      given: { cap: 20, hours: 1.5, inUse: 10, days: 100 },
      placed: 100,
    },
    {
      name: 'a thousand on a hundred who may have eight',
      cases: 1000,
      workers: 100,
      given: { cap: 8, hours: 1.5, inUse: 10, days: 30 },
      placed: 800,
    },
  ]
  test.each(rounds)(
    '$name: $cases cases, $workers people, proven without branching',
    wide,
    async ({ cases, workers, given, placed }) => {
      const proposal = await solve(alikeRound(cases, workers, given), limits)
      expect(proposal.status).toBe('optimal')
      expect(proposal.levels[1]).toMatchObject({ level: 'placed', value: placed, bound: placed })
      expect(proposal.nodes).toBeLessThan(50)
    },
  )
})
