import { expect, test } from 'vitest'
import { gapOf, measureOf, secondsOf } from '../../web/runs/run-progress.ts'

test('every level has its measure', () => {
  expect(measureOf('placed.emergency')).toBe('cases')
  expect(measureOf('waitingDays.overdue')).toBe('days')
  expect(measureOf('leavers')).toBe('seats')
  expect(measureOf('highestLoad')).toBe('load')
  expect(measureOf('pointsMinusLoad')).toBe('points')
  expect(measureOf('front')).toBe('answers')
})

test('a gap is a share of the best value, and is only spoken of where it says something', () => {
  expect(gapOf({ level: 'pointsMinusLoad', value: 200, bound: 210 })).toBe(0.05)
  expect(gapOf({ level: 'pointsMinusLoad', value: -200, bound: -190 })).toBe(0.05)
  expect(gapOf({ level: 'pointsMinusLoad', value: 0.2, bound: 0.4 })).toBeCloseTo(0.2)
  expect(gapOf({ level: 'pointsMinusLoad', value: 200, bound: null })).toBeNull()
  expect(gapOf({ level: 'placed.normal', value: 3, bound: 4 })).toBeNull()
})

test('time goes on from what the server said, whatever the clocks say', () => {
  const startedAt = '2026-11-22T12:00:00.000Z'
  const now = Date.parse(startedAt) + 90_000
  expect(secondsOf({ startedAt }, { seconds: 3, at: now - 500 }, now)).toBe(3.5)
  expect(secondsOf({ startedAt }, { seconds: 3, at: now + 500 }, now)).toBe(3)
  expect(secondsOf({ startedAt }, null, now)).toBe(90)
  expect(secondsOf({ startedAt }, null, now - 200_000)).toBe(0)
  expect(secondsOf({ startedAt: null }, null, now)).toBe(0)
})
