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
} from '../../web/calendar.ts'
import { periodsIn } from '../../web/calendar-file.ts'

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

const calendar = (...events: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//NL', ...events, 'END:VCALENDAR'].join('\r\n')
const event = (...lines: string[]) =>
  ['BEGIN:VEVENT', `UID:${lines.join('')}`, 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'].join('\r\n')
const read = (...events: string[]) =>
  periodsIn(calendar(...events), '2026-11-24', '2028-05-31').map(one => [one.validFrom, one.validUntil])

describe('a calendar file', () => {
  test('whole days: the end of the file is the day after, ours is the last day', () => {
    expect(read(event('DTSTART;VALUE=DATE:20261221', 'DTEND;VALUE=DATE:20270104', 'SUMMARY:Kerst'))).toEqual([
      ['2026-12-21', '2027-01-03'],
    ])
    expect(read(event('DTSTART;VALUE=DATE:20270505', 'SUMMARY:Vrij'))).toEqual([['2027-05-05', '2027-05-05']])
  })
  test('moments are days in the Netherlands, over a year end and a night of 23 hours', () => {
    expect(read(event('DTSTART:20261230T230000Z', 'DTEND:20270101T230000Z'))).toEqual([
      ['2026-12-31', '2027-01-01'],
    ])
    expect(read(event('DTSTART:20270327T230000Z', 'DTEND:20270328T220000Z'))).toEqual([
      ['2027-03-28', '2027-03-28'],
    ])
  })
  test('a part of a day is no leave', () => {
    expect(read(event('DTSTART:20270310T080000Z', 'DTEND:20270310T160000Z'))).toEqual([])
  })
  test('what repeats comes back each time, without the times that were dropped', () => {
    expect(
      read(
        event(
          'DTSTART;VALUE=DATE:20270301',
          'DTEND;VALUE=DATE:20270302',
          'RRULE:FREQ=WEEKLY;COUNT=4',
          'EXDATE;VALUE=DATE:20270308',
        ),
      ),
    ).toEqual([
      ['2027-03-01', '2027-03-01'],
      ['2027-03-15', '2027-03-15'],
      ['2027-03-22', '2027-03-22'],
    ])
  })
  test('what is over, cancelled or far away is left out; what repeats for ever ends', () => {
    expect(
      read(
        event('DTSTART;VALUE=DATE:20261101', 'DTEND;VALUE=DATE:20261123'),
        event('DTSTART;VALUE=DATE:20270601', 'STATUS:CANCELLED'),
        event('DTSTART;VALUE=DATE:20290101'),
      ),
    ).toEqual([])
    expect(read(event('DTSTART;VALUE=DATE:20270104', 'RRULE:FREQ=YEARLY')).length).toBe(2)
  })
  test('free time is not likely to be leave; out of office is', () => {
    const [free, out] = periodsIn(
      calendar(
        event('DTSTART;VALUE=DATE:20270601', 'TRANSP:TRANSPARENT'),
        event('DTSTART;VALUE=DATE:20270602', 'TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'),
      ),
      '2026-11-24',
      '2028-05-31',
    )
    expect([free!.likely, out!.likely]).toEqual([false, true])
  })
  test.each(['', 'no calendar', '<html>', 'BEGIN:VCARD\r\nEND:VCARD'])('%j is refused', text => {
    expect(() => periodsIn(text, '2026-11-24', '2028-05-31')).toThrow()
  })
})
