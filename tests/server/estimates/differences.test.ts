import { expect, test } from 'vitest'
import { differencesOf, type ShownEstimate } from '../../../server/estimates/differences.ts'

const estimate = (hours: number, given: Partial<ShownEstimate> = {}): ShownEstimate => ({
  estimateId: 1,
  hours,
  tableHours: 4,
  measures: ['OTS'],
  phase: 'begin',
  factors: [],
  ...given,
})

test('four estimates say nothing, five do', () => {
  const four = [5, 5, 5, 5].map(hours => estimate(hours))
  expect(differencesOf(four).rows).toEqual([])
  expect(differencesOf([...four, estimate(5)]).rows.map(one => `${one.kind} ${one.code}`)).toEqual([
    'measure OTS',
    'phase begin',
  ])
})

test('systematic is a tenth on average, with three in four on one side', () => {
  const row = (hours: number[]) => differencesOf(hours.map(one => estimate(one))).rows[0]!
  expect(row([4.4, 4.4, 4.4, 4.4])).toBeUndefined()
  expect(row([4.4, 4.4, 4.4, 4.4, 4.4])).toMatchObject({ difference: 0.1, systematic: true })
  expect(row([4.39, 4.39, 4.39, 4.39, 4.39])).toMatchObject({ systematic: false })
  // One outlier does not make a pattern.
  expect(row([12, 4, 4, 3.9, 3.9])).toMatchObject({ higher: 1, lower: 2, systematic: false })
  expect(row([3, 3, 3, 3, 4.2])).toMatchObject({ difference: -0.19, lower: 4, systematic: true })
})

test('an estimate counts once for each of its features, and a case once however many estimated it', () => {
  const all = [1, 2, 3, 4, 5, 6].map(n =>
    estimate(5, { estimateId: n < 4 ? 1 : 2, measures: ['OTS', 'OTS'], factors: ['UHP'] }),
  )
  const { rows, cases, estimates } = differencesOf(all)
  expect({ cases, estimates }).toEqual({ cases: 2, estimates: 6 })
  expect(rows.map(one => [one.code, one.estimates, one.cases])).toEqual([
    ['UHP', 6, 2],
    ['OTS', 6, 2],
    ['begin', 6, 2],
  ])
})

test('a table of nothing gives no percentage', () => {
  const rows = differencesOf([1, 2, 3, 4, 5].map(hours => estimate(hours, { tableHours: 0 }))).rows
  expect(rows[0]).toMatchObject({ difference: 0, systematic: false })
})
