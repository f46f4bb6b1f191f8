import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LEAST_PEOPLE, quartersOf } from '../../../server/own/quarters.ts'

test('fewer than five people are not shown', () => {
  expect(quartersOf([0.8, 0.9, 1, 1.1], 0.8)).toBeNull()
  expect(quartersOf([0.8, 0.9, 1, 1.1, 1.2], 0.8)).toEqual({
    people: 5,
    low: 0.9,
    middle: 1,
    high: 1.1,
    quarter: 1,
  })
})

test.each([
  [0.9, 1],
  [0.91, 2],
  [1, 2],
  [1.01, 3],
  [1.1, 3],
  [1.11, 4],
])('a load of %d is in quarter %d; an end belongs to the lower one', (own, quarter) => {
  expect(quartersOf([1.2, 0.8, 1.1, 0.9, 1], own)?.quarter).toBe(quarter)
})

test('who has no norm has no place', () => {
  expect(quartersOf([0.8, 0.9, 1, 1.1, 1.2], null)?.quarter).toBeNull()
})

test('a quarter, half and three quarters of the people are at or below the quartiles, whatever the loads', () => {
  const loads = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: LEAST_PEOPLE, maxLength: 40 })
  fc.assert(
    fc.property(loads, whole => {
      const list = whole.map(one => one / 1000)
      const found = quartersOf(list, list[0]!)!
      const below = (limit: number) => list.filter(one => one <= limit + 1e-6).length / list.length
      expect(found.low).toBeLessThanOrEqual(found.middle)
      expect(found.middle).toBeLessThanOrEqual(found.high)
      expect(below(found.low)).toBeGreaterThanOrEqual(0.25 - 1e-9)
      expect(below(found.middle)).toBeGreaterThanOrEqual(0.5 - 1e-9)
      expect(below(found.high)).toBeGreaterThanOrEqual(0.75 - 1e-9)
    }),
  )
})
