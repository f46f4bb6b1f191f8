import type { Choice, WaitTask } from '../../server/contract/choices.ts'
import type { Relaxations } from '../../server/contract/scenarios.ts'
import { dayWithYear, percent } from '../base/format.ts'
import { i18n } from '../text/index.ts'

export type { WaitTask }
export const WAIT_TASKS: readonly WaitTask[] = [
  'requestData',
  'findRoom',
  'findCompetence',
  'askOtherTeam',
  'consult',
]

/** What is likely to help a case that nobody was found for, from what it lacked and what is unknown of it. */
export function likelyTasks(
  lacks: readonly Relaxations['blocked'][number]['lacks'][],
  missing: readonly string[],
): WaitTask[] {
  const tasks: WaitTask[] = []
  if (missing.length > 0) tasks.push('requestData')
  if (lacks.includes('room')) tasks.push('findRoom')
  if (lacks.includes('skill')) tasks.push('findCompetence')
  return tasks
}

/** How long an exclusion holds, in words. */
export function lastsText({ lasts, untilOn }: Pick<Choice, 'lasts' | 'untilOn'>): string {
  const { t } = i18n.global
  return untilOn
    ? t('review.lasts.saysUntil', { day: dayWithYear(untilOn) })
    : t(`review.lasts.says.${lasts ?? 'round'}`)
}

/** When a case that waits is looked at again and what is done meanwhile, in words. */
export function waitText({ reviewOn, tasks }: Pick<Choice, 'reviewOn' | 'tasks'>): string {
  const { t } = i18n.global
  const said = [
    reviewOn && t('review.wait.says', { day: dayWithYear(reviewOn) }),
    tasks.length > 0 &&
      t('review.wait.saysTasks', { tasks: tasks.map(task => t(`review.wait.task.${task}`)).join(', ') }),
  ]
  return said.filter(Boolean).join(' ')
}

/** What a second pair of eyes said of load above the hard limit, in words; empty: it is not above. */
export function approvalText({ approval }: Pick<Choice, 'approval'>): string {
  if (!approval) return ''
  const { t } = i18n.global
  const { state, by, reasonText, upTo, figure } = approval
  const facts = {
    by: by ?? t('rounds.unknownPerson'),
    reason: reasonText ?? '–',
    upTo: upTo === null ? '' : percent(upTo, 1),
    figure: figure === null ? '' : percent(figure, 1),
  }
  const plain = state === 'approved' && upTo === null ? 'approvedPlain' : state
  return t(`settling.approval.said.${plain}`, facts)
}
