import { expect, test } from 'vitest'
import { hours, percent, points, pointsBetween, signed } from '../../web/base/format.ts'

test('points and hours are shown to the hundredth in which they are counted, so that a difference on screen is the difference of what stands there', () => {
  expect([points(15.15), points(11.1), points(4.05)]).toEqual(['15,15', '11,1', '4,05'])
  expect([signed(3.25), signed(-3.45), signed(0)]).toEqual(['+3,25', '−3,45', '0'])
  expect([points(12), points(-13.3), hours(15.15), hours(4)]).toEqual(['12', '−13,3', '15,15', '4,0'])
})

test('percentage points are those between the percentages that are shown', () => {
  expect([percent(0.9006, 1), percent(0.9384, 1)]).toEqual(['90,1\u00a0%', '93,8\u00a0%'])
  expect(pointsBetween(0.9006, 0.9384)).toBe(3.7)
  expect(pointsBetween(0.9384, 0.9006)).toBe(-3.7)
  expect(pointsBetween(null, 0.5)).toBe(50)
})
