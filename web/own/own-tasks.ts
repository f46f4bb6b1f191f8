import {
  ArrowLeftRight,
  ListChecks,
  MailCheck,
  MailQuestion,
  MessageCircleQuestion,
  Milestone,
  Scale,
  SlidersHorizontal,
} from '@lucide/vue'
import type { Component } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RouteLocationRaw } from 'vue-router'
import { addDays } from '../../server/contract/days.ts'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import type { OwnRequest } from '../../server/contract/requests.ts'
import { dayOn } from '../base/format.ts'
import { useSession } from '../base/session.ts'
import { spansOf } from './own.ts'
import { usePeriodWords } from './period-words.ts'

/** How long an answer stays among what asks attention. */
const ANSWER_DAYS = 14
const WISH_DAYS = 30

export interface Task {
  key: string
  icon: Component
  text: string
  note: string
  to: RouteLocationRaw
  link: string
  /** As the one thing to do first. */
  action?: string
}

type Reply<Name extends keyof Endpoints> = Endpoints[Name]['reply']
/** What is known of one worker, as far as it may ask something of them. */
export interface OwnAsked {
  proposals: Reply<'GET /mine/proposals'>['proposals']
  swaps: Reply<'GET /mine/proposals'>['swaps']
  estimates: Reply<'GET /estimates'>
  phases: Reply<'GET /phases'>['proposals']
  pulses: Reply<'GET /pulses'>
  requests: OwnRequest[]
  wishes: Reply<'GET /mine/wishes'>
}

/** What is asked of a worker and what was answered, the most pressing first. */
export function useOwnTasks(): (own: OwnAsked) => Task[] {
  const { t } = useI18n()
  const session = useSession()
  const words = usePeriodWords()
  const subjectOf = (one: OwnRequest) => {
    const period = one.validFrom === null ? '' : words.when(spansOf(one))
    return t(`own.subject.${one.kind}`, {
      period,
      what: t(`own.correction.subjects.${one.subject ?? 'other'}`).toLocaleLowerCase(),
      caseNumber: one.caseNumber,
    })
  }

  function tasksOf(own: OwnAsked): Task[] {
    const list: Task[] = []
    const unanswered = own.proposals.filter(one => one.open && one.answer === null)
    if (unanswered.length > 0) {
      const until = unanswered.map(one => one.answerUntil).sort()[0]!
      list.push({
        key: 'proposals',
        icon: ListChecks,
        text: t('own.tasks.proposals', { n: unanswered.length }, unanswered.length),
        note: t('own.tasks.proposalsNote', { day: dayOn(until) }),
        to: { name: 'myProposals' },
        link: t('own.tasks.toProposals'),
        action: t('own.tasks.first.proposals', { n: unanswered.length }, unanswered.length),
      })
    }
    if (own.swaps.length > 0) {
      list.push({
        key: 'swaps',
        icon: ArrowLeftRight,
        text: t('own.tasks.swaps', { n: own.swaps.length }, own.swaps.length),
        note: t('own.tasks.swapsNote'),
        to: { name: 'myProposals' },
        link: t('own.tasks.toProposals'),
        action: t('own.tasks.first.swaps'),
      })
    }
    for (const one of own.estimates) {
      if (!one.iAmAsked || one.mine !== null || one.status !== 'open') continue
      list.push({
        key: `estimate ${one.id}`,
        icon: Scale,
        text: t('own.tasks.estimate', { caseNumber: one.caseNumber }),
        note: t('own.tasks.estimateNote'),
        to: { name: 'estimate', params: { id: one.id } },
        link: t('own.tasks.toEstimate'),
        action: t('own.tasks.estimate', { caseNumber: one.caseNumber }),
      })
    }
    if (own.phases.length > 0) {
      list.push({
        key: 'phases',
        icon: Milestone,
        text: t('phases.tasks.due', { n: own.phases.length }, own.phases.length),
        note: t('phases.tasks.note'),
        to: { name: 'phases' },
        link: t('phases.tasks.link'),
        action: t('own.tasks.first.phases', { n: own.phases.length }, own.phases.length),
      })
    }
    if (own.pulses.length > 0) {
      const until = own.pulses.map(one => one.closesAt).sort()[0]!
      list.push({
        key: 'pulses',
        icon: MessageCircleQuestion,
        text: t('own.tasks.pulses', { n: own.pulses.length }, own.pulses.length),
        note: t('own.tasks.pulsesNote', { day: dayOn(until) }),
        to: { name: 'pulse' },
        link: t('own.tasks.toPulses'),
      })
    }
    const since = addDays(session.today, -ANSWER_DAYS)
    for (const one of own.requests) {
      if (one.answeredBy === null || (one.answeredAt ?? '').slice(0, 10) < since) continue
      list.push({
        key: `answer ${one.id}`,
        icon: MailCheck,
        text: t('own.tasks.answered', { subject: subjectOf(one) }),
        note: one.answer ?? t(`requests.statuses.${one.status}`),
        to: { name: 'myHistory', query: { soort: 'answer' } },
        link: t('own.tasks.toAnswer'),
      })
    }
    const open = own.requests.filter(one => one.status === 'open').length
    if (open > 0) {
      list.push({
        key: 'open',
        icon: MailQuestion,
        text: t('own.tasks.open', { n: open }, open),
        note: t('own.tasks.openNote'),
        to: { name: 'myHistory', query: { soort: 'request' } },
        link: t('own.tasks.toAnswer'),
      })
    }
    const soon = addDays(session.today, WISH_DAYS)
    const ending = own.wishes.preferences.filter(one => one.validUntil !== null && one.validUntil <= soon)
    const over = ending.filter(one => one.validUntil! < session.today).length
    if (ending.length > 0) {
      const text =
        over > 0
          ? t('own.tasks.expired', { n: over }, over)
          : t('own.tasks.expiring', { n: ending.length }, ending.length)
      list.push({
        key: 'wishes',
        icon: SlidersHorizontal,
        text,
        note: t('own.tasks.wishesNote'),
        to: { name: 'myPreferences' },
        link: t('own.tasks.toWishes'),
      })
    }
    return list
  }
  return tasksOf
}
