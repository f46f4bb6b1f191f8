import { addDays, lengthInDays, type Span } from '../../server/contract/days.ts'
import type { Days } from './read.ts'

/** What is left of periods without the days that are there already, and how many days those are. */
export function withoutHeld(
  periods: readonly Days[],
  held: readonly Span[],
): { periods: Days[]; left: number } {
  let rest: Days[] = [...periods]
  for (const one of held) {
    rest = rest.flatMap(period => {
      const until = one.validUntil
      if (one.validFrom > period.validUntil || (until !== null && until < period.validFrom)) return [period]
      return [
        ...(one.validFrom > period.validFrom
          ? [{ validFrom: period.validFrom, validUntil: addDays(one.validFrom, -1) }]
          : []),
        ...(until !== null && until < period.validUntil
          ? [{ validFrom: addDays(until, 1), validUntil: period.validUntil }]
          : []),
      ]
    })
  }
  return { periods: rest, left: daysIn(periods) - daysIn(rest) }
}

/** Whole days, both ends included. */
export const daysIn = (periods: readonly Days[]) =>
  periods.reduce((sum, one) => sum + lengthInDays(one.validFrom, one.validUntil), 0)
