import { useI18n } from 'vue-i18n'
import type { WorkerName } from '../server/contract/common.ts'
import type { Move, Price } from '../server/contract/scenarios.ts'
import { signed } from './format.ts'

/** Prices and moves of alternatives and scenarios, in words. */
export function useWords() {
  const { t } = useI18n()

  /** What it costs or brings, the strict levels first: a case that waits is said before any points. */
  function priceText(price: Pick<Price, 'emergencies' | 'placed' | 'points'>): string {
    const parts: string[] = []
    const { emergencies, placed, points } = price
    if (emergencies < 0) parts.push(t('review.prices.emergenciesLess', -emergencies))
    if (emergencies > 0) parts.push(t('review.prices.emergenciesMore', emergencies))
    if (placed < 0) parts.push(t('review.prices.placedLess', -placed))
    if (placed > 0) parts.push(t('review.prices.placedMore', placed))
    parts.push(points === 0 ? t('review.prices.same') : t('review.prices.points', { points: signed(points) }))
    return parts.join(', ')
  }
  const nameOf = (worker: WorkerName | null) => worker?.name ?? t('rounds.bar.nobody')
  const moveText = (move: Move) =>
    t('rounds.whyNot.moved', { caseNumber: move.caseNumber, from: nameOf(move.from), to: nameOf(move.to) })

  return { priceText, moveText }
}
