import type { Urgency } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { Flow } from '../contract/reports.ts'
import { URGENCIES } from '../contract/urgencies.ts'
import type { BothLanguages } from '../http/call.ts'
import type { Sheet } from '../tables/spreadsheet.ts'
import { column, dayColumn, sheet } from './sheets.ts'

/** Inflow and outflow per week, with the terms and the cases that are past one as tables of their own. */
export function flowSheet(flow: Flow, locale: Locale): Sheet {
  return { ...weeksSheet(flow, locale), more: [termsSheet(flow, locale), overdueSheet(flow, locale)] }
}

const ALL: BothLanguages = { nl: 'alle', en: 'all' }
const URGENCY: Record<Urgency, BothLanguages> = {
  emergency: { nl: 'spoed', en: 'emergency' },
  high: { nl: 'hoog', en: 'high' },
  normal: { nl: 'gewoon', en: 'normal' },
}

/** The terms by urgency and by team; what waits today is known per team only. */
function termsSheet(flow: Flow, locale: Locale): Sheet {
  type Row = {
    urgency: BothLanguages
    team: string
    waited: Flow['waited']['all']
    waiting: Flow['waiting'] | null
  }
  const everything = { urgency: ALL, team: ALL[locale], waited: flow.waited.all, waiting: flow.waiting }
  const byUrgency = URGENCIES.map(urgency => ({
    urgency: URGENCY[urgency],
    team: ALL[locale],
    waited: flow.waited[urgency],
    waiting: null,
  }))
  return sheet<Row>(
    { nl: 'Wachttijden en termijnen', en: 'Waiting times and deadlines' },
    [
      column('team', 'team', row => row.team),
      column('urgentie', 'urgency', (row, language) => row.urgency[language]),
      column('zaken', 'cases', row => row.waited.cases),
      column('midden in dagen', 'median days', row => row.waited.medianDays),
      column('negen van tien in dagen', 'nine of ten in days', row => row.waited.longDays),
      column('binnen 5 werkdagen', 'within 5 working days', row => row.waited.withinFirstContact),
      column('binnen 6 weken', 'within 6 weeks', row => row.waited.withinPlan),
      column('wachtend vandaag', 'waiting today', row => row.waiting?.cases ?? null),
      column('over 5 werkdagen', 'past 5 working days', row => row.waiting?.pastFirstContact ?? null),
      column('over 6 weken', 'past 6 weeks', row => row.waiting?.pastPlan ?? null),
    ],
    [everything, ...byUrgency, ...flow.teams.map(one => ({ urgency: ALL, ...one }))],
    locale,
  )
}

function overdueSheet(flow: Flow, locale: Locale): Sheet {
  return sheet<Flow['overdue'][number]>(
    { nl: 'Over de termijn', en: 'Overdue' },
    [
      column('zaaknummer', 'case number', row => row.caseNumber),
      column('team', 'team', row => row.team),
      column('urgentie', 'urgency', (row, language) => URGENCY[row.urgency][language]),
      dayColumn('ontvangen', 'received', row => row.receivedOn),
      column('dagen', 'days', row => row.waitingDays),
      dayColumn('eerste contact voor', 'first contact by', row => row.firstContact.dueOn),
      dayColumn('plan van aanpak voor', 'plan of action by', row => row.plan.dueOn),
    ],
    flow.overdue,
    locale,
  )
}

function weeksSheet(flow: Flow, locale: Locale): Sheet {
  return sheet<Flow['weeks'][number]>(
    { nl: 'Instroom en uitstroom', en: 'Inflow and outflow' },
    [
      dayColumn('week tot en met', 'week until', row => row.day),
      column('ontvangen', 'received', row => row.received),
      column('kinderen', 'children', row => row.receivedChildren),
      column('toegedeeld', 'allocated', row => row.allocated),
      column('uren toegedeeld', 'hours allocated', row => row.allocatedHours),
      column('afgesloten', 'closed', row => row.closed),
      column('uren vrij', 'hours freed', row => row.closedHours),
      column('wachtend', 'waiting', row => row.waiting),
    ],
    flow.weeks,
    locale,
  )
}
