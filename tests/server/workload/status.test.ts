import fc from 'fast-check'
import { expect, test } from 'vitest'
import { statusOf, workloadOf } from '../../../server/workload/load.ts'
import { availabilityOn } from '../../../server/workload/rows.ts'

const band = { bandLow: 0.9, bandHigh: 1.1, hardLimit: 1.2 }

test.each([
  [0, 'room'],
  [8.99, 'room'],
  [9, 'onNorm'],
  [11, 'onNorm'],
  [11.01, 'aboveNorm'],
  [12, 'aboveNorm'],
  [12.01, 'farAboveNorm'],
])('%f hours on a norm of 10 is %s', (hours, status) => {
  expect(statusOf(band, 10, hours)).toBe(status)
})

test('it is judged on the percentage that the screen shows', () => {
  // 28.51 / 25.92 = 109.99 %, 28.52 / 25.92 = 110.03 %: both are shown as 110.0 %.
  expect(statusOf(band, 25.92, 28.52)).toBe('onNorm')
  expect(statusOf(band, 25.92, 28.53)).toBe('aboveNorm')
})

test('without a norm there is no percentage', () => {
  expect(workloadOf(0, 12)).toBeNull()
  expect(statusOf(band, 0, 12)).toBe('noCaseload')
  expect(workloadOf(25.92, 26.28)).toBe(1.013889)
})

test('the status always agrees with the shown percentage', () => {
  const cents = (max: number) => fc.integer({ min: 1, max }).map(n => n / 100)
  fc.assert(
    fc.property(cents(6000), cents(9000), (norm, hours) => {
      const shown = Number(((Math.round(hours * 100) / Math.round(norm * 100)) * 100).toFixed(1))
      // toFixed rounds halves by their binary value; leave exact halves out.
      fc.pre(Math.abs(((hours * 1000) / norm) % 1) - 0.5 !== 0)
      const status = statusOf(band, norm, hours)
      if (shown < 90) expect(status).toBe('room')
      else if (shown > 120) expect(status).toBe('farAboveNorm')
      else expect(status).toBe(shown > 110 ? 'aboveNorm' : 'onNorm')
    }),
    { numRuns: 3000 },
  )
})

test('availability says whether and until when, never why', () => {
  const worker = { employedFrom: '2026-01-01', employedUntil: '2026-12-31', absences: [] }
  expect(availabilityOn('2025-12-31', worker, 25)).toEqual({ availability: 'notYet', awayUntil: null })
  expect(availabilityOn('2027-01-01', worker, 25)).toEqual({ availability: 'left', awayUntil: null })
  expect(availabilityOn('2026-06-01', worker, 0)).toEqual({ availability: 'noCaseload', awayUntil: null })
  expect(availabilityOn('2026-06-01', worker, 25)).toEqual({ availability: 'available', awayUntil: null })
  const away = (percentage: number, until: string | null) =>
    availabilityOn('2026-06-01', { ...worker, absences: [{ percentage, from: '2026-06-01', until }] }, 25)
  expect(away(100, '2026-06-14')).toEqual({ availability: 'away', awayUntil: '2026-06-14' })
  expect(away(100, null)).toEqual({ availability: 'away', awayUntil: null })
  expect(away(20, '2026-06-14').availability).toBe('available')
})
