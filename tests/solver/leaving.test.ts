import { describe, expect, test } from 'vitest'
import { goesBefore, goingOf } from '../../solver/leaving.ts'
import { validateProblem } from '../../solver/validate.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

const policy = aPolicy({ leaving: { withinDays: 90, awayFromDays: 28 } })
const problem = aProblem({ startOn: '2026-12-01', policy })

describe('who goes', () => {
  test('leaves within the horizon: the first day without them', () => {
    const going = (employedUntil: string | null) => goingOf(problem, aWorker('M1', { employedUntil }))
    expect(going('2026-12-04')).toEqual({ on: '2026-12-05', why: 'leaves' })
    expect(going('2027-02-28')).toEqual({ on: '2027-03-01', why: 'leaves' })
    expect(going('2027-03-01')).toBeNull()
    expect(going('2026-11-30')).toBeNull()
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
