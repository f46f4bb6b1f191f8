import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { goesBefore, goingOf } from '../../solver/rules/leaving.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

const policy = aPolicy({ leaving: { withinDays: 90, awayFromDays: 28, fewest: true } })
const problem = aProblem({ startOn: '2026-12-01', policy })

describe('who goes', () => {
  test('leaves within the horizon: the first day without them', () => {
    const going = (employedUntil: string | null) => goingOf(problem, aWorker('M1', { employedUntil }))
    expect(going('2026-12-04')).toEqual({ on: '2026-12-05', why: 'leaves' })
    expect(going('2027-02-28')).toEqual({ on: '2027-03-01', why: 'leaves' })
    expect(going('2027-03-01')).toBeNull()
    expect(going('2026-11-30')).toBeNull()
    // Written by who means that it never ends: the day after it has five figures for its year.
    expect(going('9999-12-31')).toBeNull()
    expect(going(null)).toBeNull()
  })

  test('begins an absence that is long enough; the first of several days counts', () => {
    const going = (away: { from: string; until: string | null }[], employedUntil: string | null = null) =>
      goingOf(problem, aWorker('M1', { away, employedUntil }))
    expect(going([{ from: '2026-12-02', until: '2026-12-29' }])).toEqual({ on: '2026-12-02', why: 'away' })
    expect(going([{ from: '2026-12-02', until: '2026-12-28' }])).toBeNull()
    expect(going([{ from: '2027-01-01', until: null }], '2026-12-20')).toEqual({
      on: '2026-12-21',
      why: 'leaves',
    })
    expect(going([{ from: '2026-11-01', until: '2026-12-30' }])).toBeNull()
  })

  test('counts only for a case that is expected to be open still, and not for who has it already', () => {
    const worker = aWorker('M1', { employedUntil: '2026-12-20' })
    const counts = (changes: Parameters<typeof aCase>[1]) =>
      goesBefore(problem, aCase('Z1', changes), 'primary', worker) !== null
    expect(counts({})).toBe(true)
    expect(counts({ expectedUntil: '2026-12-21' })).toBe(true)
    expect(counts({ expectedUntil: '2026-12-20' })).toBe(false)
    expect(counts({ current: { primary: 'M1' } })).toBe(false)
    expect(counts({ current: { primary: 'M2' } })).toBe(true)
  })

  test('says nothing where the policy does not ask', () => {
    expect(goingOf(aProblem(), aWorker('M1', { employedUntil: '2026-12-04' }))).toBeNull()
  })
})

test('a day that does not exist is refused', () => {
  const judged = validateProblem(aProblem({ cases: [aCase('Z1', { expectedUntil: '2026-02-31' })] }))
  expect(judged).toMatchObject({ errors: [{ path: '/cases/0/expectedUntil' }] })
})

describe('the level', () => {
  const leaver = aWorker('M1', { hoursInUse: 5, employedUntil: '2026-12-04' })
  const stays = aWorker('M2', { hoursInUse: 18 })
  const given = async (changes: Partial<typeof problem>) => {
    const asked = { ...problem, workers: [leaver, stays], ...changes }
    const proposal = await solve(asked)
    expect(checkProposal(asked, proposal)).toEqual([])
    expect(proposal.status).toBe('optimal')
    return {
      workers: proposal.lines.map(line => line.workerId),
      level: proposal.levels.find(one => one.level === 'leavers'),
    }
  }

  test('comes before points: who stays gets it, however little the leaver has', async () => {
    expect(await given({})).toEqual({ workers: ['M2'], level: { level: 'leavers', value: 0, bound: 0 } })
    for (const leaving of [undefined, { withinDays: 90, awayFromDays: 28 }]) {
      const { workers, level } = await given({ policy: aPolicy(leaving && { leaving }) })
      expect({ workers, level }).toEqual({ workers: ['M1'], level: undefined })
    }
  })

  test('comes after placing: better with who leaves than waiting', async () => {
    const full = aWorker('M2', { hoursInUse: 27 })
    const { workers, level } = await given({ workers: [leaver, full] })
    expect(workers).toEqual(['M1'])
    expect(level).toMatchObject({ value: 1, bound: 1 })
  })

  test('comes before the highest load, which then is that of who stays', async () => {
    const equal = aPolicy({ lowestMaximumFirst: true, leaving: problem.policy.leaving! })
    expect(await given({ policy: equal })).toEqual({
      workers: ['M2'],
      level: { level: 'leavers', value: 0, bound: 0 },
    })
  })

  test('leaves a case that ends before that to whom it suits best', async () => {
    const { workers, level } = await given({ cases: [aCase('Z1', { expectedUntil: '2026-12-04' })] })
    expect(workers).toEqual(['M1'])
    expect(level).toMatchObject({ value: 0, bound: 0 })
  })

  test('counts a lock of people, which stays; who keeps a case is not counted', async () => {
    const locks = [
      {
        caseId: 'Z1',
        seat: 'primary' as const,
        workerId: 'M1',
        unregisteredException: false,
        aboveLimit: false,
        setAside: [],
      },
    ]
    expect((await given({ locks })).level).toMatchObject({ value: 1, bound: 1 })
    const cases = [aCase('Z1', { current: { primary: 'M1' }, movable: true })]
    expect(await given({ cases })).toMatchObject({ workers: ['M1'], level: { value: 0 } })
  })

  test('a proposal that counts another number is not sound', async () => {
    const proposal = await solve({ ...problem, workers: [leaver, stays] })
    for (const one of proposal.levels) if (one.level === 'leavers') one.value = 1
    const codes = checkProposal({ ...problem, workers: [leaver, stays] }, proposal).map(one => one.code)
    expect(codes).toContain('level')
  })
})
