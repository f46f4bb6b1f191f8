import { type Static, type TObject, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Urgency } from '../../solver/problem/problem.ts'
import { Attendance, AttendanceQuery } from './attendance.ts'
import { CaseTerm } from './cases.ts'
import { CaseNumber, Code, Day, each, Id, LoadStatus, nullable, object, StaffNumber } from './common.ts'
import { CSV, XLSX } from './endpoint.ts'
import type { Action } from './permissions.ts'
import { perPhase } from './phase-order.ts'
import { URGENCIES } from './urgencies.ts'

/** Hours are per week, loads fractions of the norm with six decimals; null where there is no norm. */
const Load = nullable(Type.Number())
const Count = Type.Integer({ minimum: 0 })
const Band = object({ low: Type.Number(), high: Type.Number(), hardLimit: Type.Number() })

/** Left out: every team in scope. */
export const TeamQuery = object({ team: Type.Optional(Id) })
/** The weeks that a report looks back. */
export const PeriodQuery = object({
  ...TeamQuery.properties,
  weeks: Type.Optional(Type.Integer({ minimum: 4, maximum: 104 })),
})

/** One week as it was: the state on `day`, and what came and went in the seven days up to it. */
export const PastWeek = object({
  day: Day,
  normHours: Type.Number(),
  hours: object(perPhase(() => Type.Number())),
  workload: Load,
  workers: Count,
  aboveNorm: Count,
})

/**
 * One week to come. `hours` is what is to be expected when as many cases come as in the weeks looked back on, with the
 * range that holds it four times out of five; `known` is without any new case.
 */
export const ComingWeek = object({
  day: Day,
  normHours: Type.Number(),
  hours: Type.Number(),
  workload: Load,
  low: Load,
  high: Load,
  known: Load,
})

/** A thing that is already known to change the room: dates and hours, never why. */
export const Turn = object({
  day: Day,
  kind: oneOf(
    'reductionEnds',
    'reductionStarts',
    'absenceEnds',
    'absenceStarts',
    'workerStarts',
    'workerLeaves',
    'rulebook',
    'hoursChange',
  ),
  staffNumber: nullable(StaffNumber),
  name: nullable(Type.String()),
})

/** What an expectation rests on: how often cases moved on, and what came in. */
export const Basis = object({
  /** Weeks of history there are, at most a year. */
  weeks: Count,
  /** Changes of phase and endings that were counted. */
  moves: Count,
  inflowHours: Type.Number(),
  inflowWeeks: Count,
  /** Whether that says anything about what is to come; where not, nothing is expected. */
  enough: Type.Boolean(),
  least: object({ weeks: Count, moves: Count }),
})

export const Trend = object({
  on: Day,
  band: Band,
  past: Type.Array(PastWeek),
  coming: Type.Array(ComingWeek),
  turns: Type.Array(Turn),
  basis: Basis,
})
export type Trend = Static<typeof Trend>

export const WorkerTrend = object({
  on: Day,
  band: Band,
  past: Type.Array(object({ day: Day, normHours: Type.Number(), hoursInUse: Type.Number(), workload: Load })),
  coming: Type.Array(ComingWeek),
  turns: Type.Array(Turn),
  basis: Basis,
})
export type WorkerTrend = Static<typeof WorkerTrend>

/** The kinds of work of a team: who has what, and who got what in the last twelve months. Never an order of people. */
export const FairnessRow = object({
  staffNumber: StaffNumber,
  name: Type.String(),
  teamId: Id,
  team: Type.String(),
  workload: Load,
  status: LoadStatus,
  fte: Type.Number(),
  /** Cases that run, per measure of `types`, in that order. */
  running: Type.Array(Count),
  newCases: Count,
  heavyCases: Count,
  /** Heavy cases in twelve months per full-time worker; null without contract hours. */
  heavyPerFte: nullable(Type.Number()),
  /** Of the new cases: how many met a wish, and how many went against a "rather not". */
  wishes: object({ stated: Count, met: Count, against: Count }),
})
const Spread = object({
  highest: Load,
  upperQuartile: Load,
  median: Load,
  lowerQuartile: Load,
  lowest: Load,
})
export const Fairness = object({
  on: Day,
  since: Day,
  band: Band,
  heavyFromHours: Type.Number(),
  types: Type.Array(Code),
  workers: Type.Array(FairnessRow),
  spread: Spread,
  /** Other teams, as a whole: null for a team with fewer than five people, in which a figure would be somebody's. */
  otherTeams: Type.Array(
    object({
      team: Type.String(),
      figures: nullable(object({ workers: Count, heavyPerFte: Type.Number(), spread: Spread })),
    }),
  ),
})
export type Fairness = Static<typeof Fairness>

export const FlowWeek = object({
  /** The last day of the seven. */
  day: Day,
  received: Count,
  receivedChildren: Count,
  allocated: Count,
  allocatedHours: Type.Number(),
  closed: Count,
  closedHours: Type.Number(),
  /** Cases that had nobody at the end of the week. */
  waiting: Count,
})
const Waited = object({
  cases: Count,
  medianDays: nullable(Type.Number()),
  /** Nine of ten waited no longer than this. */
  longDays: nullable(Type.Number()),
  withinFirstContact: Count,
  withinPlan: Count,
})
/** `pastPlan` are past the first contact too. */
const Waiting = object({
  cases: Count,
  pastFirstContact: Count,
  pastPlan: Count,
  longestDays: nullable(Count),
})
/** More than this is no list to work through; `waiting.pastFirstContact` counts them all. */
export const MAX_OVERDUE = 200
export const Flow = object({
  on: Day,
  since: Day,
  weeks: Type.Array(FlowWeek),
  /** Of the cases that somebody got in these weeks: from receipt to the first day with a worker. */
  waited: object({ all: Waited, ...each(URGENCIES, () => Waited) }),
  /** Of the cases that have nobody today. */
  waiting: Waiting,
  /** The same of each team, in order of name. */
  teams: Type.Array(object({ team: Type.String(), waited: Waited, waiting: Waiting })),
  /** Cases that have nobody today and are past a term, of the teams whose cases may be read: longest waiting first. */
  overdue: Type.Array(
    object({
      caseNumber: CaseNumber,
      team: Type.String(),
      urgency: Urgency,
      receivedOn: Day,
      waitingDays: Count,
      firstContact: CaseTerm,
      plan: CaseTerm,
    }),
    { maxItems: MAX_OVERDUE },
  ),
})
export type Flow = Static<typeof Flow>

/** What waits and asks a competence, against the room of those who have it. */
export const Demand = object({
  on: Day,
  /** Norm hours of a full-time worker without reductions. */
  fullTimeNorm: Type.Number(),
  competences: Type.Array(
    object({
      competence: Code,
      level: Type.Integer(),
      cases: Count,
      hours: Type.Number(),
      workers: Count,
      roomHours: Type.Number(),
      /** What nobody has room for when everything that waits is served from the same room: most urgent first, then longest waiting. */
      unmetHours: Type.Number(),
      longestDays: Count,
    }),
  ),
  /** `unmetForCompetences`: of the seats that ask a competence, each once. */
  total: object({
    cases: Count,
    hours: Type.Number(),
    roomHours: Type.Number(),
    unmetHours: Type.Number(),
    unmetForCompetences: Type.Number(),
  }),
})
export type Demand = Static<typeof Demand>

const WorkloadQuery = object({ ...TeamQuery.properties, on: Type.Optional(Day) })
const WorkerDayQuery = object({ on: Type.Optional(Day) })

/** A report as a file: the same figures, scope and right as the report on screen. */
function file<Query extends TObject, May extends Action, Kind extends typeof CSV | typeof XLSX>(
  summary: string,
  query: Query,
  may: May,
  name: { nl: string; en: string },
  type: Kind,
) {
  return { summary, tag: 'records', query, reply: Type.Unknown(), may, file: { name, type } } as const
}
const staffParams = object({ staffNumber: StaffNumber })

export const reportEndpoints = {
  'GET /reports/attendance': {
    summary: 'Who of the team is there, week by week; never why somebody is not',
    tag: 'records',
    query: AttendanceQuery,
    reply: Attendance,
    may: 'workload.read',
  },
  'GET /reports/trend': {
    summary: 'Load of the team week by week as it was, and what is to be expected',
    tag: 'records',
    query: TeamQuery,
    reply: Trend,
    may: 'workload.read',
  },
  'GET /reports/fairness': {
    summary: 'How work and wishes are shared in the own teams; other teams only as a whole',
    tag: 'records',
    query: TeamQuery,
    reply: Fairness,
    may: 'fairness.read',
  },
  'GET /reports/flow': {
    summary: 'What came in, was allocated and was closed per week, and how long cases waited',
    tag: 'records',
    query: PeriodQuery,
    reply: Flow,
    may: 'workload.read',
  },
  'GET /reports/demand': {
    summary: 'Hours that wait per competence, against the room of those who have it',
    tag: 'records',
    query: TeamQuery,
    reply: Demand,
    may: 'workload.read',
  },
  'GET /workers/:staffNumber/trend': {
    summary: 'Load of one worker week by week as it was, and what is to be expected',
    tag: 'workers',
    params: staffParams,
    reply: WorkerTrend,
    may: 'worker.read',
  },
  'GET /exports/workload': file(
    'The load of workers on a day, for a spreadsheet',
    WorkloadQuery,
    'workload.read',
    { nl: 'werklast', en: 'workload' },
    CSV,
  ),
  'GET /exports/workload/xlsx': file(
    'The load of workers on a day, as a workbook',
    WorkloadQuery,
    'workload.read',
    { nl: 'werklast', en: 'workload' },
    XLSX,
  ),
  'GET /exports/trend': file(
    'The load of the team per week, for a spreadsheet',
    TeamQuery,
    'workload.read',
    { nl: 'verloop', en: 'trend' },
    CSV,
  ),
  'GET /exports/trend/xlsx': file(
    'The load of the team per week, as a workbook',
    TeamQuery,
    'workload.read',
    { nl: 'verloop', en: 'trend' },
    XLSX,
  ),
  'GET /exports/fairness': file(
    'How work and wishes are shared, for a spreadsheet',
    TeamQuery,
    'fairness.read',
    { nl: 'eerlijkheid', en: 'fairness' },
    CSV,
  ),
  'GET /exports/fairness/xlsx': file(
    'How work and wishes are shared, as a workbook',
    TeamQuery,
    'fairness.read',
    { nl: 'eerlijkheid', en: 'fairness' },
    XLSX,
  ),
  'GET /exports/flow': file(
    'What came in and went out per week, for a spreadsheet',
    PeriodQuery,
    'workload.read',
    { nl: 'stroom', en: 'flow' },
    CSV,
  ),
  'GET /exports/flow/xlsx': file(
    'What came in and went out per week, as a workbook',
    PeriodQuery,
    'workload.read',
    { nl: 'stroom', en: 'flow' },
    XLSX,
  ),
  'GET /exports/demand': file(
    'Hours that wait per competence, for a spreadsheet',
    TeamQuery,
    'workload.read',
    { nl: 'vraag', en: 'demand' },
    CSV,
  ),
  'GET /exports/demand/xlsx': file(
    'Hours that wait per competence, as a workbook',
    TeamQuery,
    'workload.read',
    { nl: 'vraag', en: 'demand' },
    XLSX,
  ),
  'GET /exports/signals': file(
    'Signals of the team, for a spreadsheet',
    TeamQuery,
    'signal.handle',
    { nl: 'signalen', en: 'signals' },
    CSV,
  ),
  'GET /exports/signals/xlsx': file(
    'Signals of the team, as a workbook',
    TeamQuery,
    'signal.handle',
    { nl: 'signalen', en: 'signals' },
    XLSX,
  ),
  'GET /exports/workers/:staffNumber': {
    ...file(
      'The load and cases of one worker, for a spreadsheet',
      WorkerDayQuery,
      'worker.read',
      { nl: 'werklast-:staffNumber', en: 'workload-:staffNumber' },
      CSV,
    ),
    params: staffParams,
  },
  'GET /exports/workers/:staffNumber/xlsx': {
    ...file(
      'The load and cases of one worker, as a workbook',
      WorkerDayQuery,
      'worker.read',
      { nl: 'werklast-:staffNumber', en: 'workload-:staffNumber' },
      XLSX,
    ),
    params: staffParams,
  },
} as const
