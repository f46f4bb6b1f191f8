import { expect, test } from 'vitest'
import { differencesOf, type ShownEstimate } from '../../../server/estimates/differences.ts'

const estimate = (hours: number, given: Partial<ShownEstimate> = {}): ShownEstimate => ({
  estimateId: 1,
  caseId: 1,
  userId: 1,
  hours,
  tableHours: 4,
  measures: ['OTS'],
  phase: 'begin',
  factors: [],
  ...given,
})

/** Estimates of as many cases, by three people in turn. */
const ofCases = (hours: readonly number[], given: Partial<ShownEstimate> = {}) =>
  hours.map((one, index) => estimate(one, { estimateId: index, caseId: index, userId: index % 3, ...given }))

test('four cases say nothing, five do; and two people say something about themselves only', () => {
  expect(differencesOf(ofCases([5, 5, 5, 5])).rows).toEqual([])
  expect(differencesOf(ofCases([5, 5, 5, 5, 5])).rows.map(one => `${one.kind} ${one.code}`)).toEqual([
    'measure OTS',
    'phase begin',
  ])
  expect(
    differencesOf(ofCases([5, 5, 5, 5, 5]).map(one => ({ ...one, userId: one.userId % 2 }))).rows,
  ).toEqual([])
  // Nine estimates of one case are still one case.
  expect(differencesOf(ofCases([5, 5, 5, 5, 5, 5, 5, 5, 5], { caseId: 1 })).rows).toEqual([])
})

test('systematic is a tenth on average, with three in four on one side', () => {
  const row = (hours: number[]) => differencesOf(ofCases(hours)).rows[0]!
  expect(row([4.4, 4.4, 4.4, 4.4])).toBeUndefined()
  expect(row([4.4, 4.4, 4.4, 4.4, 4.4])).toMatchObject({ difference: 0.1, systematic: true })
  expect(row([4.39, 4.39, 4.39, 4.39, 4.39])).toMatchObject({ systematic: false })
  // One outlier does not make a pattern.
  expect(row([12, 4, 4, 3.9, 3.9])).toMatchObject({ higher: 1, lower: 2, systematic: false })
  expect(row([3, 3, 3, 3, 4.2])).toMatchObject({ difference: -0.19, lower: 4, systematic: true })
})

test('an estimate counts once for each of its features, and a case once however many estimated it', () => {
  const all = [1, 2, 3, 4, 5, 6].map(n =>
    estimate(5, {
      estimateId: n,
      caseId: n < 3 ? 1 : n,
      userId: n % 3,
      measures: ['OTS', 'OTS'],
      factors: ['UHP'],
    }),
  )
  const { rows, cases, estimates } = differencesOf(all)
  expect({ cases, estimates }).toEqual({ cases: 5, estimates: 6 })
  expect(rows.map(one => [one.code, one.estimates, one.cases, one.people])).toEqual([
    ['UHP', 6, 5, 3],
    ['OTS', 6, 5, 3],
    ['begin', 6, 5, 3],
  ])
})

test('a table of nothing gives no percentage', () => {
  const rows = differencesOf(ofCases([1, 2, 3, 4, 5], { tableHours: 0 })).rows
  expect(rows[0]).toMatchObject({ difference: 0, systematic: false })
})
