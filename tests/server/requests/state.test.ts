import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, isoDay, overlaps } from '../../../server/contract/days.ts'
import { lastDayOf } from '../../../server/requests/state.ts'

test.each([
  ['2026-03-15', 9, '2026-12-14'],
  ['2026-12-01', 9, '2027-08-31'],
  ['2026-01-31', 1, '2026-02-28'],
  ['2028-01-31', 1, '2028-02-29'],
  ['2026-01-01', 12, '2026-12-31'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2026-12-31', 2, '2027-02-28'],
])('from %s, %d months end on %s', (from, months, last) => {
  expect(lastDayOf(from, months)).toBe(last)
})

const day = fc.integer({ min: 20000, max: 21500 }).map(isoDay)
const period = fc
  .tuple(day, fc.option(day))
  .map(([a, b]) =>
    b === null ? { validFrom: a, validUntil: null } : { validFrom: a < b ? a : b, validUntil: a < b ? b : a },
  )

test('two periods overlap when they have a day in common, both ends included, whichever comes first', () => {
  const days = (one: { validFrom: string; validUntil: string | null }) => {
    const found = new Set<string>()
    const end = one.validUntil ?? '2029-01-01'
    for (let day = one.validFrom; day <= end; day = addDays(day, 1)) found.add(day)
    return found
  }
  fc.assert(
    fc.property(period, period, (a, b) => {
      const theirs = days(b)
      const common = [...days(a)].some(one => theirs.has(one))
      expect(overlaps(a, b)).toBe(common)
      expect(overlaps(b, a)).toBe(common)
    }),
  )
})
