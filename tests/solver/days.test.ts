import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  covers,
  dayNumber,
  isoWeek,
  lengthInDays,
  weekdayOf,
  weeksOf,
} from '../../solver/problem/days.ts'

describe('days', () => {
  test('nights in which the clock changes are nights like all others', () => {
    // 28 March and 25 October 2027.
    expect(addDays('2027-03-27', 1)).toBe('2027-03-28')
    expect(addDays('2027-03-28', 1)).toBe('2027-03-29')
    expect(addDays('2027-10-31', 1)).toBe('2027-11-01')
    expect(lengthInDays('2027-03-27', '2027-03-29')).toBe(3)
    expect(lengthInDays('2027-10-30', '2027-11-01')).toBe(3)
  })
  test('years end and begin', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addMonths('2026-12', 1)).toBe('2027-01')
    expect(addMonths('2027-01', -1)).toBe('2026-12')
    expect(lengthInDays('2026-12-21', '2027-01-03')).toBe(14)
  })
  test('weeks are those of ISO, also week 53', () => {
    expect(isoWeek('2026-12-31')).toBe(53)
    expect(isoWeek('2027-01-03')).toBe(53)
    expect(isoWeek('2027-01-04')).toBe(1)
    expect(isoWeek('2024-12-30')).toBe(1)
    expect(weekdayOf(dayNumber('2026-11-24'))).toBe(2)
  })
  test('a month has every one of its days once, in weeks from Monday', () => {
    for (let month = '2026-01'; month < '2029-01'; month = addMonths(month, 1)) {
      const weeks = weeksOf(month)
      const days = weeks.flat()
      expect(new Set(days).size).toBe(days.length)
      expect(weeks.every(week => week.length === 7 && weekdayOf(dayNumber(week[0]!)) === 1)).toBe(true)
      const own = days.filter(day => day.startsWith(month))
      expect(own[0]).toBe(`${month}-01`)
      expect(addDays(own.at(-1)!, 1)).toBe(`${addMonths(month, 1)}-01`)
    }
  })
  test('both ends of a span belong to it', () => {
    const span = { validFrom: '2026-12-21', validUntil: '2027-01-03' }
    expect(['2026-12-20', '2026-12-21', '2027-01-03', '2027-01-04'].map(day => covers(span, day))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(covers({ validFrom: '2026-12-21', validUntil: null }, '2099-01-01')).toBe(true)
  })
})
