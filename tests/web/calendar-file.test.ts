import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayNumber, isoDay, weekdayOf } from '../../solver/problem/days.ts'
import { daysIn, withoutHeld } from '../../web/calendar-file/held.ts'
import { type CalendarReading, readCalendar } from '../../web/calendar-file/read.ts'

const FROM = '2026-11-24'
const UNTIL = '2028-05-31'

const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//NL', ...lines, 'END:VCALENDAR'].join('\r\n')
const event = (...lines: string[]) => named(lines.join(''), ...lines)
const named = (uid: string, ...lines: string[]) =>
  ['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20261101T000000Z', ...lines, 'END:VEVENT'].join('\r\n')

function reading(text: string, options: { me?: string; enough?: () => boolean } = {}): CalendarReading {
  const found = readCalendar(text, { from: FROM, until: UNTIL, me: '', enough: () => false, ...options })
  if (found === null) throw new Error('not a calendar')
  return found
}
/** Every day that is found, one period per line: `2027-03-01` or `2027-03-01..2027-03-05`. */
const read = (...lines: string[]) => periods(reading(calendar(...lines)))
const periods = (found: CalendarReading) =>
  found.entries.flatMap(entry =>
    entry.periods.map(one =>
      one.validFrom === one.validUntil ? one.validFrom : `${one.validFrom}..${one.validUntil}`,
    ),
  )
const day = (text: string) => `DTSTART;VALUE=DATE:${text}`

describe('whole days', () => {
  test('the end of the file is the day after, ours is the last day', () => {
    expect(read(event(day('20261221'), 'DTEND;VALUE=DATE:20270104', 'SUMMARY:Kerst'))).toEqual([
      '2026-12-21..2027-01-03',
    ])
    expect(read(event(day('20270505'), 'SUMMARY:Vrij'))).toEqual(['2027-05-05'])
    expect(read(event(day('20270505'), 'DTEND;VALUE=DATE:20270505'))).toEqual(['2027-05-05'])
  })
  test('an end may be a duration, and a day may stand there without saying that it is one', () => {
    expect(read(event(day('20270505'), 'DURATION:P1W'))).toEqual(['2027-05-05..2027-05-11'])
    expect(read(event('DTSTART:20270505', 'DTEND:20270507'))).toEqual(['2027-05-05..2027-05-06'])
    expect(read(event('DTSTART;TZID=Europe/Amsterdam:20270505T000000', 'DURATION:PT24H'))).toEqual([
      '2027-05-05',
    ])
  })
  test('midnights here are days here, over a year end and a night of 23 hours', () => {
    expect(read(event('DTSTART:20261230T230000Z', 'DTEND:20270101T230000Z'))).toEqual([
      '2026-12-31..2027-01-01',
    ])
    expect(read(event('DTSTART:20270327T230000Z', 'DTEND:20270328T220000Z'))).toEqual(['2027-03-28'])
  })
  test('midnights of UTC are the days that they name', () => {
    const marked = event(
      'DTSTART:20270802T000000Z',
      'DTEND:20270807T000000Z',
      'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
    )
    expect(read(marked)).toEqual(['2027-08-02..2027-08-06'])
    expect(read(event('DTSTART:20270802T000000Z', 'DTEND:20270803T000000Z'))).toEqual(['2027-08-02'])
  })
  test('midnights of a zone are the days of that zone, by any name', () => {
    for (const zone of [
      'Europe/Amsterdam',
      'W. Europe Standard Time',
      'America/New_York',
      '"(UTC+01:00) Amsterdam, Bern: Rome"',
    ]) {
      expect(
        read(event(`DTSTART;TZID=${zone}:20270802T000000`, `DTEND;TZID=${zone}:20270804T000000`)),
      ).toEqual(['2027-08-02..2027-08-03'])
    }
  })
  test('whole days that a colleague far away wrote in UTC are the nearest days', () => {
    const far = event(
      'DTSTART:20270801T210000Z',
      'DTEND:20270802T210000Z',
      'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
    )
    expect(read(far)).toEqual(['2027-08-02'])
  })
  test('a part of a day is no leave, and is counted', () => {
    const found = reading(calendar(event('DTSTART:20270310T080000Z', 'DTEND:20270310T160000Z')))
    expect([found.entries, found.parts]).toEqual([[], 1])
  })
  test('of a time from an hour to an hour, days count of which at least the half is taken', () => {
    const from = (start: string, end: string) =>
      read(event(`DTSTART;TZID=Europe/Amsterdam:${start}`, `DTEND;TZID=Europe/Amsterdam:${end}`))
    expect(from('20270802T090000', '20270806T170000')).toEqual(['2027-08-02..2027-08-06'])
    expect(from('20270806T170000', '20270809T090000')).toEqual(['2027-08-07..2027-08-08'])
    expect(from('20270806T000000', '20270806T235900')).toEqual(['2027-08-06'])
  })
})

describe('a series', () => {
  test('comes back each time, without the times that were dropped, as one entry', () => {
    const found = reading(
      calendar(event(day('20270301'), 'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;VALUE=DATE:20270308')),
    )
    expect(found.entries).toHaveLength(1)
    expect(periods(found)).toEqual(['2027-03-01', '2027-03-15', '2027-03-22'])
  })
  test('days that follow each other are one period', () => {
    expect(read(event(day('20270301'), 'RRULE:FREQ=DAILY;COUNT=5'))).toEqual(['2027-03-01..2027-03-05'])
  })
  test('a time that was cancelled is no time', () => {
    const found = reading(
      calendar(
        named('c', day('20270201'), 'RRULE:FREQ=WEEKLY;COUNT=3'),
        named('c', day('20270208'), 'RECURRENCE-ID;VALUE=DATE:20270208', 'STATUS:CANCELLED'),
      ),
    )
    expect(periods(found)).toEqual(['2027-02-01', '2027-02-15'])
    expect(found.cancelled).toBe(1)
  })
  test('a time that was moved changes its own series only', () => {
    const found = reading(
      calendar(
        named('one', day('20270503'), 'RRULE:FREQ=WEEKLY;COUNT=3', 'SUMMARY:Een'),
        named('two', day('20270510'), 'RRULE:FREQ=WEEKLY;COUNT=2', 'SUMMARY:Twee'),
        named('two', day('20270527'), 'RECURRENCE-ID;VALUE=DATE:20270510', 'SUMMARY:Twee'),
      ),
    )
    expect(found.entries.map(one => [one.title, one.periods.map(({ validFrom }) => validFrom)])).toEqual([
      ['Een', ['2027-05-03', '2027-05-10', '2027-05-17']],
      ['Twee', ['2027-05-17', '2027-05-27']],
    ])
  })
  test('a time that was moved from outside the window into it counts, and the other way round not', () => {
    expect(
      read(
        named('m', day('20281002'), 'RRULE:FREQ=WEEKLY;COUNT=2'),
        named('m', day('20280501'), 'RECURRENCE-ID;VALUE=DATE:20281009'),
      ),
    ).toEqual(['2028-05-01'])
    expect(
      read(
        named('m', day('20270503'), 'RRULE:FREQ=WEEKLY;COUNT=2'),
        named('m', day('20290101'), 'RECURRENCE-ID;VALUE=DATE:20270510'),
      ),
    ).toEqual(['2027-05-03'])
  })
  test('from a changed time on, later times follow the change', () => {
    expect(
      read(
        named('f', day('20270503'), 'RRULE:FREQ=WEEKLY;COUNT=4'),
        named(
          'f',
          day('20270518'),
          'DTEND;VALUE=DATE:20270520',
          'RECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20270517',
        ),
      ),
    ).toEqual(['2027-05-03', '2027-05-10', '2027-05-18..2027-05-19', '2027-05-25..2027-05-26'])
  })
  test('what is dropped or moved may be named in another zone or form than the series', () => {
    const zoned = [
      'DTSTART;TZID=Europe/Amsterdam:20270705T000000',
      'DTEND;TZID=Europe/Amsterdam:20270706T000000',
    ]
    expect(read(event(...zoned, 'RRULE:FREQ=WEEKLY;COUNT=3', 'EXDATE:20270711T220000Z'))).toEqual([
      '2027-07-05',
      '2027-07-19',
    ])
    expect(
      read(
        event(
          day('20270705'),
          'RRULE:FREQ=WEEKLY;COUNT=3',
          'EXDATE;TZID=W. Europe Standard Time:20270712T000000',
        ),
      ),
    ).toEqual(['2027-07-05', '2027-07-19'])
    expect(
      read(
        named('z', 'DTSTART:20270704T220000Z', 'DTEND:20270705T220000Z', 'RRULE:FREQ=WEEKLY;COUNT=3'),
        named('z', day('20270714'), 'RECURRENCE-ID;TZID=Europe/Amsterdam:20270712T000000'),
      ),
    ).toEqual(['2027-07-05', '2027-07-14', '2027-07-19'])
  })
  test('ends on its last day, however that end is written', () => {
    const rule = (until: string, ...start: string[]) =>
      read(event(...start, `RRULE:FREQ=WEEKLY;UNTIL=${until}`)).at(-1)
    const zoned = [
      'DTSTART;TZID=Europe/Amsterdam:20270104T000000',
      'DTEND;TZID=Europe/Amsterdam:20270105T000000',
    ]
    expect(rule('20270118', day('20270104'))).toBe('2027-01-18')
    expect(rule('20270118T225959Z', day('20270104'))).toBe('2027-01-18')
    expect(rule('20270117T230000Z', day('20270104'))).toBe('2027-01-18')
    expect(rule('20270117T230000Z', ...zoned)).toBe('2027-01-18')
    expect(rule('20270118T000000', ...zoned)).toBe('2027-01-18')
    expect(rule('20270117T225959Z', ...zoned)).toBe('2027-01-11')
  })
  test('names its weekdays as they are here, also when it is written in UTC', () => {
    const monday = event(
      'DTSTART:20270103T230000Z',
      'DTEND:20270104T230000Z',
      'RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO',
    )
    const sunday = event(
      'DTSTART:20270103T230000Z',
      'DTEND:20270104T230000Z',
      'RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=SU',
    )
    expect(read(monday)).toEqual(['2027-01-04', '2027-01-11'])
    expect(read(sunday)).toEqual(['2027-01-04', '2027-01-11'])
  })
  test('may be a list of dates, may have two rules, and may leave out by a rule', () => {
    expect(read(event(day('20270104'), 'RDATE;VALUE=DATE:20270201,20270301'))).toEqual([
      '2027-01-04',
      '2027-02-01',
      '2027-03-01',
    ])
    expect(
      read(
        event(
          day('20270104'),
          'RRULE:FREQ=WEEKLY;COUNT=2',
          'RRULE:FREQ=YEARLY;COUNT=2;BYMONTH=1;BYMONTHDAY=4',
        ),
      ),
    ).toEqual(['2027-01-04', '2027-01-11', '2028-01-04'])
    expect(
      read(event(day('20270104'), 'RRULE:FREQ=WEEKLY;COUNT=3', 'EXRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=9')),
    ).toEqual(['2027-01-11'])
  })
  test('that began long ago or goes on for ever is followed as far as is asked', () => {
    expect(read(event(day('19700105'), 'RRULE:FREQ=WEEKLY')).length).toBe(79)
    expect(read(event(day('16010101'), 'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3'))).toEqual([
      '2027-03-28',
      '2028-03-26',
    ])
  })

  /** Whether a day fits a rule, counted day by day from its meaning; the rules drawn have one reading only. */
  interface Rule {
    freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
    interval: number
    count: number | null
    weekdays: number[]
    monthDays: number[]
    months: number[]
  }
  const NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
  const rules: fc.Arbitrary<Rule> = fc.record({
    freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 5 }),
    count: fc.option(fc.integer({ min: 1, max: 60 })),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
    monthDays: fc.uniqueArray(fc.constantFrom(1, 2, 13, 28, 29, 30, 31, -1, -2), { maxLength: 3 }),
    months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  })
  function counted(start: number, rule: Rule): string[] {
    const of = (day: number) => isoDay(day).split('-').map(Number) as [number, number, number]
    const [year0, month0, day0] = of(start)
    const monday = (day: number) => day + 1 - weekdayOf(isoDay(day))
    const found: number[] = []
    for (let day = start; day <= dayNumber(UNTIL); day++) {
      const [year, month, date] = of(day)
      const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
      const step = {
        DAILY: day - start,
        WEEKLY: (monday(day) - monday(start)) / 7,
        MONTHLY: (year - year0) * 12 + month - month0,
        YEARLY: year - year0,
      }[rule.freq]
      const monthDays = rule.freq === 'WEEKLY' ? [] : rule.monthDays
      const weekdays =
        rule.weekdays.length === 0 && rule.freq === 'WEEKLY' ? [weekdayOf(isoDay(start))] : rule.weekdays
      const bare = weekdays.length === 0 && monthDays.length === 0
      // Without days, a month or a year repeats on the day of its first time.
      const fits =
        step % rule.interval === 0 &&
        (rule.months.length === 0 || rule.months.includes(month)) &&
        (weekdays.length === 0 || weekdays.includes(weekdayOf(isoDay(day)))) &&
        (monthDays.length === 0 || monthDays.some(one => one === date || one === date - length - 1)) &&
        (!bare || rule.freq === 'DAILY' || date === day0) &&
        (!bare || rule.freq !== 'YEARLY' || rule.months.length > 0 || month === month0)
      if (day === start || fits) found.push(day)
    }
    return found
      .slice(0, rule.count ?? undefined)
      .filter(day => day >= dayNumber(FROM))
      .map(isoDay)
  }
  test('comes to the days that counting day by day comes to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: dayNumber('2025-01-01'), max: dayNumber('2027-12-31') }),
        rules,
        (start, rule) => {
          const text = [
            `FREQ=${rule.freq};INTERVAL=${rule.interval}`,
            rule.count === null ? '' : `;COUNT=${rule.count}`,
            rule.weekdays.length ? `;BYDAY=${rule.weekdays.map(one => NAMES[one - 1])}` : '',
            rule.monthDays.length && rule.freq !== 'WEEKLY' ? `;BYMONTHDAY=${rule.monthDays}` : '',
            rule.months.length ? `;BYMONTH=${rule.months}` : '',
          ].join('')
          const found = reading(calendar(event(day(isoDay(start).replaceAll('-', '')), `RRULE:${text}`)))
          const days = found.entries.flatMap(entry =>
            entry.periods.flatMap(one =>
              Array.from({ length: daysIn([one]) }, (_, index) => isoDay(dayNumber(one.validFrom) + index)),
            ),
          )
          expect({ text, days, odd: found.odd }).toEqual({ text, days: counted(start, rule), odd: [] })
        },
      ),
      { numRuns: 300, seed: 3 },
    )
  })
})

describe('what is likely to be leave', () => {
  const doubt = (...lines: string[]) =>
    reading(calendar(event(day('20270601'), ...lines)), { me: 'Ik@voorbeeld.nl' }).entries.map(
      one => one.doubt,
    )
  test.each([
    [['X-MICROSOFT-CDO-BUSYSTATUS:OOF'], null],
    [['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'], null],
    [['X-MICROSOFT-CDO-BUSYSTATUS:BUSY'], null],
    [['TRANSP:TRANSPARENT'], 'free'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:FREE'], 'free'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'], 'elsewhere'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'], 'tentative'],
    [['STATUS:TENTATIVE'], 'tentative'],
    [
      [
        'ATTENDEE;CN=Ik;PARTSTAT=DECLINED:mailto:ik@voorbeeld.nl',
        'ATTENDEE;PARTSTAT=ACCEPTED:mailto:jij@voorbeeld.nl',
      ],
      'declined',
    ],
    [
      [
        'ATTENDEE;PARTSTAT=DECLINED:mailto:jij@voorbeeld.nl',
        'ATTENDEE;PARTSTAT=ACCEPTED:mailto:ik@voorbeeld.nl',
      ],
      null,
    ],
    [['ATTENDEE;PARTSTAT=DECLINED:mailto:anders@voorbeeld.nl'], 'declined'],
  ])('%j', (lines, expected) => {
    expect(doubt(...lines)).toEqual([expected])
  })
  test('what was cancelled is no entry, and is counted', () => {
    const one = reading(calendar(event(day('20270601'), 'STATUS:CANCELLED')))
    expect([one.entries, one.cancelled]).toEqual([[], 1])
    const all = reading(calendar('METHOD:CANCEL', event(day('20270601'))))
    expect([all.entries, all.cancelled]).toEqual([[], 1])
  })
})

describe('a file', () => {
  test('may hold several calendars; the same UID in two of them is two appointments', () => {
    const text = [
      calendar(named('1', day('20270208'), 'SUMMARY:Hier')),
      calendar(named('1', day('20270215'), 'SUMMARY:Daar')),
    ].join('\r\n')
    expect(periods(reading(text))).toEqual(['2027-02-08', '2027-02-15'])
  })
  test('the same days under the same name in two calendars are told once', () => {
    const one = calendar(named('1', day('20270208'), 'SUMMARY:Vrij'))
    expect(periods(reading(`${one}\r\n${one}`))).toEqual(['2027-02-08'])
  })
  test('of what was sent again the newest counts', () => {
    expect(
      read(named('1', day('20270208'), 'SEQUENCE:0'), named('1', day('20270210'), 'SEQUENCE:1')),
    ).toEqual(['2027-02-10'])
  })
  test('lines may be folded, end in any way, and begin with a mark; titles are unescaped', () => {
    const text = `\uFEFF${calendar(event(day('2027\r\n 0601'), 'SUMMARY:Vrij\\, met \r\n Sanne\\nen Jan')).replaceAll('\r\n', '\n')}`
    expect(reading(text).entries).toEqual([
      {
        title: 'Vrij, met Sanne en Jan',
        periods: [{ validFrom: '2027-06-01', validUntil: '2027-06-01' }],
        doubt: null,
      },
    ])
  })
  test('what stands inside an appointment is not the appointment', () => {
    const alarm = ['BEGIN:VALARM', 'DURATION:PT15M', 'SUMMARY:Let op', 'END:VALARM']
    expect(reading(calendar(event(...alarm, day('20270601'), 'SUMMARY:Vrij'))).entries[0]!.title).toBe('Vrij')
  })
  test.each([
    ['a start that is missing', ['SUMMARY:Raar'], 'noStart'],
    ['a day that does not exist', [day('20270230'), 'SUMMARY:Raar'], 'noTime'],
    ['an end before its start', [day('20270602'), 'DTEND;VALUE=DATE:20270601', 'SUMMARY:Raar'], 'ends'],
    ['a rule that says nothing', [day('20270602'), 'RRULE:FREQ=SOMETIMES', 'SUMMARY:Raar'], 'rule'],
    ['a rule by the second', [day('20270602'), 'RRULE:FREQ=SECONDLY', 'SUMMARY:Raar'], 'rule'],
    ['a 32nd of the month', [day('20270602'), 'RRULE:FREQ=MONTHLY;BYMONTHDAY=32', 'SUMMARY:Raar'], 'rule'],
    ['a first Friday of the week', [day('20270602'), 'RRULE:FREQ=WEEKLY;BYDAY=1FR', 'SUMMARY:Raar'], 'rule'],
  ])('%s costs that appointment only, by name', (_, lines, why) => {
    const found = reading(
      calendar(event(day('20270601'), 'SUMMARY:Goed'), event(...lines), event(day('20270701'))),
    )
    expect(periods(found)).toEqual(['2027-06-01', '2027-07-01'])
    expect(found.odd).toEqual([{ title: 'Raar', line: 10, why }])
  })
  test('a file that breaks off keeps what was whole', () => {
    const text = calendar(event(day('20270601')), event(day('20270701'), 'SUMMARY:Half'))
    const found = reading(text.slice(0, text.indexOf('END:VEVENT', text.indexOf('Half'))))
    expect(periods(found)).toEqual(['2027-06-01'])
    expect(found.odd.map(one => [one.title, one.why])).toEqual([['Half', 'cutOff']])
  })
  test('a rule that no day fits comes to its first day, at once', () => {
    for (const often of ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']) {
      const rule = often === 'WEEKLY' ? 'BYMONTH=2;BYDAY=MO;COUNT=0' : 'BYMONTH=2;BYMONTHDAY=30'
      expect(read(event(day('20270104'), `RRULE:FREQ=${often};${rule}`)).length).toBeLessThan(2)
    }
  })
  test('what is too much is cut, and how much is said', () => {
    const many = Array.from({ length: 350 }, (_, index) =>
      event(day(isoDay(dayNumber('2026-12-01') + index).replaceAll('-', ''))),
    )
    const found = reading(calendar(...many))
    expect([found.entries.length, found.cut]).toEqual([300, { events: 0, entries: 50 }])
    let asked = 0
    const stopped = reading(calendar(...many), { enough: () => asked++ === 20 })
    expect([stopped.entries.length, stopped.cut]).toEqual([20, { events: 330, entries: 0 }])
  })
  test.each(['', 'no calendar', '<html>', 'BEGIN:VCARD\r\nEND:VCARD'])('%j is none', text => {
    expect(readCalendar(text, { from: FROM, until: UNTIL, me: '', enough: () => false })).toBeNull()
  })
  test('any text is read to an end', () => {
    const line = fc.constantFrom(
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
      'BEGIN:VEVENT',
      'END:VEVENT',
      'BEGIN:VALARM',
      'END:VALARM',
      day('20270601'),
      'DTSTART:20270601T080000Z',
      'DTEND:20270531T080000Z',
      'RRULE:FREQ=DAILY',
      'RRULE:FREQ=WEEKLY;UNTIL=1',
      'RECURRENCE-ID:20270603',
      'EXDATE:,',
      'UID:1',
      'DURATION:P',
      ' x',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), lines => {
        readCalendar(lines.join('\n'), { from: FROM, until: UNTIL, me: '', enough: () => false })
      }),
      { numRuns: 500, seed: 5 },
    )
  })
})

describe('days that are there already', () => {
  const span = (validFrom: string, validUntil: string) => ({ validFrom, validUntil })
  test('are left out, and counted', () => {
    expect(
      withoutHeld(
        [span('2027-03-01', '2027-03-10'), span('2027-04-01', '2027-04-01')],
        [span('2027-03-03', '2027-03-04'), span('2027-03-10', '2027-05-01')],
      ),
    ).toEqual({ periods: [span('2027-03-01', '2027-03-02'), span('2027-03-05', '2027-03-09')], left: 4 })
    expect(
      withoutHeld([span('2027-03-01', '2027-03-02')], [{ validFrom: '2027-01-01', validUntil: null }]),
    ).toEqual({ periods: [], left: 2 })
    expect(withoutHeld([span('2027-03-01', '2027-03-02')], [])).toEqual({
      periods: [span('2027-03-01', '2027-03-02')],
      left: 0,
    })
  })
})
