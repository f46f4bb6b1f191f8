import {
  BellRing,
  CalendarClock,
  CircleAlert,
  ClipboardPen,
  Inbox,
  MailQuestion,
  Milestone,
  ShieldCheck,
  Siren,
  UserPlus,
  Weight,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import type { Counts } from '../../server/contract/messages.ts'
import type { Action } from '../../server/contract/permissions.ts'
import type { RoundStep, Today } from '../../server/contract/today.ts'
import { type PageName, toPage } from '../base/pages.ts'

/** Something that asks attention: so many of it, on a page that shows the same number. */
export interface TodayTask {
  /** Names its texts: `today.<key>` and `today.<key>Note`. */
  key: string
  icon: Component
  count: number
  to: RouteLocationRaw
  tone: '' | 'over' | 'warn'
}

type Asked = Pick<Counts, 'approvals' | 'requests' | 'estimates' | 'signals' | 'phases'>

/** What asks attention, the most pressing first: what is late, what others wait for me for, and then what there is to do. */
export function tasksOf({ waiting }: Pick<Today, 'waiting'>, asked: Asked): TodayTask[] {
  const intake = (query: Record<string, string>) => toPage('intake', { query })
  const list: (Omit<TodayTask, 'count'> & { count: number | null })[] = [
    {
      key: 'overdue',
      icon: CircleAlert,
      tone: 'over',
      count: waiting.overdue,
      to: intake({ termijn: 'overdue' }),
    },
    {
      key: 'emergencies',
      icon: Siren,
      tone: 'over',
      count: waiting.emergencies,
      to: intake({ spoed: 'emergency' }),
    },
    { key: 'approvals', icon: ShieldCheck, tone: 'warn', count: asked.approvals, to: toPage('approvals') },
    { key: 'requests', icon: MailQuestion, tone: 'warn', count: asked.requests, to: toPage('requests') },
    { key: 'estimates', icon: Weight, tone: 'warn', count: asked.estimates, to: toPage('estimates') },
    { key: 'waiting', icon: Inbox, tone: '', count: waiting.cases, to: toPage('intake') },
    {
      key: 'dueSoon',
      icon: CalendarClock,
      tone: 'warn',
      count: waiting.dueSoon,
      to: intake({ termijn: 'soon' }),
    },
    {
      key: 'incomplete',
      icon: ClipboardPen,
      tone: '',
      count: waiting.incomplete,
      to: intake({ gegevens: 'missing' }),
    },
    {
      key: 'secondOpen',
      icon: UserPlus,
      tone: '',
      count: waiting.secondOpen,
      to: intake({ status: 'second_open' }),
    },
    { key: 'signals', icon: BellRing, tone: '', count: asked.signals, to: toPage('signals') },
    { key: 'phases', icon: Milestone, tone: '', count: asked.phases, to: toPage('phases') },
  ]
  return list.flatMap(({ count, ...task }) => (count ? [{ ...task, count }] : []))
}

export interface NextAction {
  step: RoundStep | 'compose'
  roundId: number | null
  to: RouteLocationRaw
}

/** The one thing to do next: the step of the newest open round, else composing one; null when there is nothing of the kind for this reader. */
export function nextActionOf(
  { openRounds, waiting }: Pick<Today, 'openRounds' | 'waiting'>,
  may: (action: Action) => boolean,
): NextAction | null {
  const round = openRounds[0]
  if (round) {
    // Whoever may not settle looks at where the answers stand.
    const step = round.next === 'settle' && !may('round.settle') ? 'answers' : round.next
    return { step, roundId: round.id, to: toPage(PAGES[step], { params: { id: round.id } }) }
  }
  if (waiting.cases === 0 || !may('round.compose')) return null
  return { step: 'compose', roundId: null, to: toPage('composeRound') }
}

const PAGES: Record<RoundStep, PageName> = {
  calculate: 'review',
  wait: 'review',
  review: 'review',
  answers: 'answers',
  settle: 'settle',
}
