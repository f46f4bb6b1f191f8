import type { RoundDetail } from '../../server/contract/rounds.ts'
import { hours } from '../base/format.ts'
import { i18n } from '../text/index.ts'

/** What earlier open rounds give somebody in draft, in words: one line per round, or for all that the reader may not read. */
export function elsewhereTexts({ elsewhere }: Pick<RoundDetail, 'elsewhere'>, staffNumber: string): string[] {
  const { t } = i18n.global
  return elsewhere
    .filter(one => one.worker.staffNumber === staffNumber)
    .map(({ roundId, begun, hours: amount }) =>
      t(`rounds.elsewhere.${begun ? 'counted' : 'later'}`, {
        hours: hours(amount),
        where: roundId === null ? t('rounds.elsewhere.other') : t('rounds.elsewhere.round', { id: roundId }),
      }),
    )
}
