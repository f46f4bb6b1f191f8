import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MIN_FOR_QUARTILES, MIN_PEOPLE, placeAmong } from '../../../server/own/quarters.ts'

const FIVE = [1.2, 0.8, 1.1, 0.9, 1]

test('fewer than five people are not shown', () => {
  expect(placeAmong([0.8, 0.9, 1, 1.1], 0.8)).toBeNull()
})

test.each([
  [0.8, 'lower'],
  [0.94, 'lower'],
  [0.95, 'around'],
  [1, 'around'],
  [1.05, 'around'],
  [1.06, 'higher'],
])('among five people a load of %d is told as %s, and no figure of anybody', (own, half) => {
  expect(placeAmong(FIVE, own)).toEqual({ people: 5, half, quartiles: null })
})

test.each([
  [0.9, 1],
  [0.91, 2],
  [1, 2],
  [1.01, 3],
  [1.1, 3],
  [1.11, 4],
])('among eight a load of %d is in quarter %d; an end belongs to the lower one', (own, quarter) => {
  const eight = [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2]
  expect(placeAmong(eight, own)?.quartiles).toEqual({ low: 0.9, middle: 1, high: 1.1, quarter })
})

test('who has no norm has no place', () => {
  expect(placeAmong(FIVE, null)?.half).toBeNull()
  expect(placeAmong([...FIVE, ...FIVE], null)?.quartiles?.quarter).toBeNull()
})

const loads = (minLength: number) =>
  fc
    .array(fc.integer({ min: 0, max: 2000 }), { minLength, maxLength: 40 })
    .map(whole => whole.map(one => one / 1000))

test('a quarter, half and three quarters of the people are at or below the quartiles, but for the rounding', () => {
  fc.assert(
    fc.property(loads(MIN_FOR_QUARTILES), list => {
      const { low, middle, high } = placeAmong(list, list[0]!)!.quartiles!
      const below = (limit: number) => list.filter(one => one <= limit + 0.0251).length / list.length
      expect(low).toBeLessThanOrEqual(middle)
      expect(middle).toBeLessThanOrEqual(high)
      expect(below(low)).toBeGreaterThanOrEqual(0.25 - 1e-9)
      expect(below(middle)).toBeGreaterThanOrEqual(0.5 - 1e-9)
      expect(below(high)).toBeGreaterThanOrEqual(0.75 - 1e-9)
    }),
  )
})

test('what is shown holds for several loads of anybody: no figure is that of one person', () => {
  fc.assert(
    fc.property(loads(MIN_PEOPLE), list => {
      const { quartiles } = placeAmong(list, null)!
      if (list.length < MIN_FOR_QUARTILES) expect(quartiles).toBeNull()
      else
        for (const one of [quartiles!.low, quartiles!.middle, quartiles!.high])
          expect(Math.abs(one * 20 - Math.round(one * 20))).toBeLessThan(1e-9)
    }),
  )
})
