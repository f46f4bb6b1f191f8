import { useI18n } from 'vue-i18n'
import { lengthInDays, type Span } from '../../server/contract/days.ts'
import { dayWithYear } from '../base/format.ts'

/** When something is, in words: a day, a period, or several periods that were asked for as one. */
export function usePeriodWords() {
  const { t } = useI18n()

  function when(spans: readonly Span[]): string {
    const [first, last] = [spans[0]!, spans.at(-1)!]
    const from = dayWithYear(first.validFrom)
    if (last.validUntil === null) return t('own.openPeriod', { from })
    const until = dayWithYear(last.validUntil)
    if (spans.length > 1) return t('own.times', { n: spans.length, from, until })
    return first.validFrom === last.validUntil ? from : t('own.period', { from, until })
  }
  return { when }
}

/** Whole days in all of them; null when one goes on. */
export function lengthOf(spans: readonly Span[]): number | null {
  return spans.reduce<number | null>(
    (sum, { validFrom, validUntil }) =>
      sum === null || validUntil === null ? null : sum + lengthInDays(validFrom, validUntil),
    0,
  )
}
