import { expect, test } from 'vitest'
import { weekOf } from '../../../server/reports/attendance.ts'

const MONDAY = '2026-11-30'
const EMPLOYED = { validFrom: '2020-01-01', validUntil: null }
const away = (validFrom: string, validUntil: string | null, percentage = 100) => ({
  validFrom,
  validUntil,
  percentage,
})
const week = (...absences: ReturnType<typeof away>[]) => weekOf({ employed: EMPLOYED, absences }, MONDAY)

test('somebody is there all week, partly or not at all, by working days alone', () => {
  expect(week()).toEqual({ state: 'here', away: [] })
  expect(week(away('2026-12-05', '2026-12-06'))).toEqual({ state: 'here', away: [] })
  expect(week(away('2026-11-02', null))).toEqual({
    state: 'away',
    away: [{ from: '2026-11-30', until: '2026-12-04', percentage: 100 }],
  })
  expect(week(away('2026-11-28', '2026-12-02'))).toEqual({
    state: 'partly',
    away: [{ from: '2026-11-30', until: '2026-12-02', percentage: 100 }],
  })
  expect(week(away('2026-12-01', '2026-12-01'), away('2026-12-04', '2026-12-20'))).toEqual({
    state: 'partly',
    away: [
      { from: '2026-12-01', until: '2026-12-01', percentage: 100 },
      { from: '2026-12-04', until: '2026-12-04', percentage: 100 },
    ],
  })
})

test('parts of the working time that coincide add up, to a whole day at most', () => {
  expect(week(away('2026-11-01', null, 40), away('2026-12-02', '2026-12-03', 80))).toEqual({
    state: 'partly',
    away: [
      { from: '2026-11-30', until: '2026-12-01', percentage: 40 },
      { from: '2026-12-02', until: '2026-12-03', percentage: 100 },
      { from: '2026-12-04', until: '2026-12-04', percentage: 40 },
    ],
  })
  expect(week(away('2026-11-01', null, 60), away('2026-11-01', null, 60)).state).toBe('away')
})

test('who starts or leaves in the week is there for part of it, and not employed before and after', () => {
  const employed = { validFrom: '2026-12-02', validUntil: '2026-12-09' }
  expect(weekOf({ employed, absences: [] }, '2026-11-23').state).toBe('notEmployed')
  expect(weekOf({ employed, absences: [] }, MONDAY)).toEqual({ state: 'partly', away: [] })
  expect(weekOf({ employed, absences: [away('2026-01-01', null)] }, MONDAY).state).toBe('away')
  expect(weekOf({ employed, absences: [] }, '2026-12-07').state).toBe('partly')
  expect(weekOf({ employed, absences: [] }, '2026-12-14').state).toBe('notEmployed')
})
