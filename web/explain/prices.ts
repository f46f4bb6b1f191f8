import { useI18n } from 'vue-i18n'
import type { WorkerName } from '../../server/contract/common.ts'
import type { Move } from '../../server/contract/scenarios.ts'

/** Moves of alternatives and scenarios, in words. */
export function useWords() {
  const { t } = useI18n()

  const nameOf = (worker: WorkerName | null) => worker?.name ?? t('rounds.bar.nobody')
  const moveText = (move: Move) =>
    t('rounds.whyNot.moved', { caseNumber: move.caseNumber, from: nameOf(move.from), to: nameOf(move.to) })

  return { moveText }
}
