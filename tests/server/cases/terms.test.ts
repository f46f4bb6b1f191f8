import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysBetween, firstContact, holidaysOf, planOfAction } from '../../../server/weighing/terms.ts'

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
  const day = fc
    .integer({ min: 0, max: 365 * 6 })
    .map(offset => new Date(Date.UTC(2025, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10))
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
  const day = fc.integer({ min: 0, max: 365 * 6 }).map(offset => Date.UTC(2025, 0, 1) + offset * 86_400_000)
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  fc.assert(
    fc.property(day, day, (received, today) => {
      const term = firstContact(iso(received), iso(today))
      const off = [2025, 2026, 2027, 2028, 2029, 2030, 2031].flatMap(holidaysOf)
      const due = Date.parse(term.dueOn)
      let count = 0
      for (let at = Math.min(today, due) + 86_400_000; at <= Math.max(today, due); at += 86_400_000) {
        if (![0, 6].includes(new Date(at).getUTCDay()) && !off.includes(iso(at))) count++
      }
      expect(term.workingDaysLeft).toBe(today <= due ? count : 0 - count)
    }),
    { numRuns: 300 },
  )
})
