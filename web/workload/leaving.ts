import type { Trend } from '../../server/contract/reports.ts'
import { dayWithYear, percent } from '../base/format.ts'
import { i18n } from '../text/index.ts'

/** The first day without each worker who leaves, by staff number, from what is known to change. */
export function leaveDays(turns: Trend['turns']): Map<string, string> {
  return new Map(
    turns.flatMap((turn): [string, string][] =>
      turn.kind === 'workerLeaves' && turn.staffNumber !== null ? [[turn.staffNumber, turn.day]] : [],
    ),
  )
}

/** A load on a day in words. Whoever has left by then is "uit dienst vanaf" a day: more is said than that there is no norm. */
export function loadOn(
  workload: number | null,
  { on, left, digits = 1 }: { on: string; left: string | undefined; digits?: number },
): string {
  if (workload !== null) return percent(workload, digits)
  const { t } = i18n.global
  return left !== undefined && left <= on
    ? t('shell.load.leftFrom', { day: dayWithYear(left) })
    : t('shell.load.noCaseload')
}
