import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  covers,
  dayNumber,
  daysBetween,
  everySo,
  firstOfMonth,
  isDay,
  isoDay,
  isoWeek,
  lengthInDays,
  mondayOf,
  nextMonday,
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
    expect(addMonths('2026-12-01', 1)).toBe('2027-01-01')
    expect(addMonths('2027-01-01', -1)).toBe('2026-12-01')
    expect(lengthInDays('2026-12-21', '2027-01-03')).toBe(14)
  })
  test('a month that is too short ends on its last day, in leap years too', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2028-01-31', 1)).toBe('2028-02-29')
    expect(addMonths('2028-02-29', 12)).toBe('2029-02-28')
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2100-02-28', 1)).toBe('2100-03-01')
  })
  test('weeks are those of ISO, also week 53', () => {
    expect(isoWeek('2026-12-31')).toBe(53)
    expect(isoWeek('2027-01-03')).toBe(53)
    expect(isoWeek('2027-01-04')).toBe(1)
    expect(isoWeek('2024-12-30')).toBe(1)
    expect(weekdayOf('2026-11-24')).toBe(2)
    expect(mondayOf('2026-12-01')).toBe('2026-11-30')
    expect(mondayOf('2026-11-30')).toBe('2026-11-30')
    expect(mondayOf('2027-01-03')).toBe('2026-12-28')
  })
  test('a round starts on the first Monday after today, over months and years', () => {
    expect(nextMonday('2026-11-22')).toBe('2026-11-23')
    expect(nextMonday('2026-11-23')).toBe('2026-11-30')
    expect(nextMonday('2026-12-31')).toBe('2027-01-04')
  })
  test('a month has every one of its days once, in weeks from Monday', () => {
    for (let first = '2026-01-01'; first < '2029-01-01'; first = addMonths(first, 1)) {
      const month = first.slice(0, 7)
      const weeks = weeksOf(`${month}-15`)
      const days = weeks.flat()
      expect(new Set(days).size).toBe(days.length)
      expect(weeks.every(week => week.length === 7 && weekdayOf(week[0]!) === 1)).toBe(true)
      const own = days.filter(day => day.startsWith(month))
      expect(own[0]).toBe(first)
      expect(addDays(own.at(-1)!, 1)).toBe(addMonths(first, 1))
      expect(own.every(day => firstOfMonth(day) === first)).toBe(true)
      // No week that has none of its days.
      expect(weeks.every(week => week.some(day => day.startsWith(month)))).toBe(true)
    }
  })
  test('days at even distances, the last one only when it is one of them', () => {
    expect(everySo('2026-12-28', '2027-01-11', 7)).toEqual(['2026-12-28', '2027-01-04', '2027-01-11'])
    expect(everySo('2026-12-28', '2027-01-10', 7)).toEqual(['2026-12-28', '2027-01-04'])
    expect(everySo('2026-12-28', '2026-12-27', 1)).toEqual([])
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
  test('what is no day of the calendar is refused, and never taken for the day after it', () => {
    const odd = ['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '2026-11-00', '2026-11-31']
    for (const text of [...odd, '', '2026-11', '2026-11-2', '20261124', '2026-11-24T00:00', 'morgen']) {
      expect([text, isDay(text)]).toEqual([text, false])
      expect(() => addDays(text, 1)).toThrow(RangeError)
    }
    expect(isDay('2028-02-29')).toBe(true)
    // After the last year of four figures one can count, but nobody can enter such a day.
    expect(addDays(addDays('9999-12-31', 1), -1)).toBe('9999-12-31')
    expect(isDay(addDays('9999-12-31', 1))).toBe(false)
  })
})

/** The same, counted in milliseconds on the clock of UTC, which has no night of 23 or 25 hours. */
describe('days as the milliseconds of UTC count them', () => {
  const MS = 86_400_000
  const at = (iso: string) => Date.parse(`${iso}T00:00:00Z`)
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const day = fc.integer({ min: at('1900-01-01') / MS, max: at('2200-12-31') / MS }).map(n => iso(n * MS))
  const some = fc.integer({ min: -20_000, max: 20_000 })

  test('later, earlier and between', () => {
    fc.assert(
      fc.property(day, day, some, (a, b, count) => {
        expect(addDays(a, count)).toBe(iso(at(a) + count * MS))
        expect(addDays(addDays(a, count), -count)).toBe(a)
        expect(daysBetween(a, b)).toBe((at(b) - at(a)) / MS)
        expect(addDays(a, daysBetween(a, b))).toBe(b)
        expect([isoDay(dayNumber(a)), dayNumber(a)]).toEqual([a, at(a) / MS])
        expect(isDay(a)).toBe(true)
      }),
    )
  })
  test('weekdays, Mondays and week numbers', () => {
    const weekOf = (one: string) => {
      const thursday = at(one) + (4 - (new Date(at(one)).getUTCDay() || 7)) * MS
      const year = new Date(thursday).getUTCFullYear()
      return Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * MS)) + 1
    }
    const check = (one: string) => {
      const weekday = new Date(at(one)).getUTCDay() || 7
      expect([one, weekdayOf(one), isoWeek(one)]).toEqual([one, weekday, weekOf(one)])
      expect(mondayOf(one)).toBe(iso(at(one) - (weekday - 1) * MS))
      expect(nextMonday(one)).toBe(iso(at(one) + (8 - weekday) * MS))
    }
    fc.assert(fc.property(day, check))
    for (let year = 2020; year <= 2060; year++)
      everySo(`${year}-12-25`, `${year + 1}-01-07`, 1).forEach(check)
  })
  test('months', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -600, max: 600 }), (one, months) => {
        const [year = 0, month = 1, date = 1] = one.split('-').map(Number)
        const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
        expect(addMonths(one, months)).toBe(iso(Date.UTC(year, month - 1 + months, Math.min(date, last))))
      }),
    )
  })
  test('more days than are kept', () => {
    const first = dayNumber('1900-01-01')
    for (let n = first; n < first + 60_000; n += 1) {
      if (dayNumber(isoDay(n)) !== n) expect(isoDay(n)).toBe(iso(n * MS))
    }
    expect(isoDay(first)).toBe('1900-01-01')
  })
})
