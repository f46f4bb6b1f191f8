import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, daysBetween, everySo, holidaysOf, weekdayOf } from '../../../server/contract/days.ts'
import { firstContact, planOfAction } from '../../../server/weighing/terms.ts'

test.each([
  // Easter Monday, King's Day, Liberation Day in lustrum years, Ascension, Whit Monday.
  [2024, ['2024-01-01', '2024-04-01', '2024-04-27', '2024-05-09', '2024-05-20', '2024-12-25', '2024-12-26']],
  // The 27th of April 2025 was a Sunday; 2025 was a lustrum year.
  [
    2025,
    [
      '2025-01-01',
      '2025-04-21',
      '2025-04-26',
      '2025-05-05',
      '2025-05-29',
      '2025-06-09',
      '2025-12-25',
      '2025-12-26',
    ],
  ],
  [2026, ['2026-01-01', '2026-04-06', '2026-04-27', '2026-05-14', '2026-05-25', '2026-12-25', '2026-12-26']],
  [2027, ['2027-01-01', '2027-03-29', '2027-04-27', '2027-05-06', '2027-05-17', '2027-12-25', '2027-12-26']],
  [2028, ['2028-01-01', '2028-04-17', '2028-04-27', '2028-05-25', '2028-06-05', '2028-12-25', '2028-12-26']],
  [2029, ['2029-01-01', '2029-04-02', '2029-04-27', '2029-05-10', '2029-05-21', '2029-12-25', '2029-12-26']],
  [
    2030,
    [
      '2030-01-01',
      '2030-04-22',
      '2030-04-27',
      '2030-05-05',
      '2030-05-30',
      '2030-06-10',
      '2030-12-25',
      '2030-12-26',
    ],
  ],
])('days off in %i', (year, days) => {
  expect(holidaysOf(year).sort()).toEqual(days)
})

test('Easter Monday of every year from 2020 to 2040', () => {
  const known = [
    ...['2020-04-13', '2021-04-05', '2022-04-18', '2023-04-10', '2024-04-01', '2025-04-21', '2026-04-06'],
    ...['2027-03-29', '2028-04-17', '2029-04-02', '2030-04-22', '2031-04-14', '2032-03-29', '2033-04-18'],
    ...['2034-04-10', '2035-03-26', '2036-04-14', '2037-04-06', '2038-04-26', '2039-04-11', '2040-04-02'],
  ]
  expect(known.map((_, index) => holidaysOf(2020 + index)[1])).toEqual(known)
  for (const day of known) {
    const off = holidaysOf(Number(day.slice(0, 4)))
    // Ascension Day is a Thursday, Whit Monday seven weeks after.
    expect(off).toEqual(expect.arrayContaining([addDays(day, 38), addDays(day, 49)]))
    expect([weekdayOf(day), weekdayOf(addDays(day, 38))]).toEqual([1, 4])
  }
})

test.each([
  ['a Monday', '2026-11-23', '2026-11-30'],
  ['a Friday', '2026-11-20', '2026-11-27'],
  ['a Saturday counts from Monday', '2026-11-21', '2026-11-27'],
  ['a Sunday counts from Monday', '2026-11-22', '2026-11-27'],
  // Thursday 24 Dec, Christmas Friday and Saturday, Friday 1 January off.
  ['over the turn of the year', '2026-12-23', '2026-12-31'],
  ['over Christmas and New Year', '2026-12-24', '2027-01-04'],
  ['over Easter', '2026-04-02', '2026-04-10'],
  ['over Kingsday on Saturday because the 27th is Sunday', '2025-04-22', '2025-04-29'],
  ['Ascension', '2026-05-12', '2026-05-20'],
])('first contact: received on %s', (_, receivedOn, dueOn) => {
  expect(firstContact(receivedOn, receivedOn).dueOn).toBe(dueOn)
})

test('states of the first contact around its day', () => {
  const states = ['2026-11-23', '2026-11-25', '2026-11-26', '2026-11-29', '2026-11-30', '2026-12-01'].map(
    today => {
      const { state, workingDaysLeft } = firstContact('2026-11-23', today)
      return [state, workingDaysLeft]
    },
  )
  expect(states).toEqual([
    ['onTime', 5],
    ['onTime', 3],
    ['soon', 2],
    ['soon', 1],
    ['today', 0],
    ['overdue', -1],
  ])
})

test('the plan of action is due six weeks after receipt, on the day itself', () => {
  expect(planOfAction('2026-11-20', '2026-11-24')).toMatchObject({ dueOn: '2027-01-01', state: 'onTime' })
  expect(planOfAction('2026-11-20', '2026-12-28')).toMatchObject({ state: 'soon' })
  expect(planOfAction('2026-11-20', '2027-01-02')).toMatchObject({ state: 'overdue' })
})

test('a term is always five working days away, and a later receipt never comes due earlier', () => {
  const day = fc.integer({ min: 0, max: 365 * 6 }).map(offset => addDays('2025-01-01', offset))
  fc.assert(
    fc.property(day, day, (a, b) => {
      const [first, second] = a <= b ? [a, b] : [b, a]
      expect(firstContact(first, first).workingDaysLeft).toBe(5)
      expect(firstContact(first, first).dueOn <= firstContact(second, second).dueOn).toBe(true)
      const span = daysBetween(first, firstContact(first, first).dueOn)
      expect(span).toBeGreaterThanOrEqual(5)
      expect(span).toBeLessThanOrEqual(12)
    }),
  )
})

test('days left agree with counting them one by one, years apart too', () => {
  const day = fc.integer({ min: 0, max: 365 * 6 }).map(offset => addDays('2025-01-01', offset))
  fc.assert(
    fc.property(day, day, (received, today) => {
      const term = firstContact(received, today)
      const off = [2025, 2026, 2027, 2028, 2029, 2030, 2031].flatMap(holidaysOf)
      const [first, last] = [today, term.dueOn].sort() as [string, string]
      const between = everySo(addDays(first, 1), last, 1)
      const count = between.filter(one => weekdayOf(one) < 6 && !off.includes(one)).length
      expect(term.workingDaysLeft).toBe(today <= term.dueOn ? count : 0 - count)
    }),
    { numRuns: 300 },
  )
})
