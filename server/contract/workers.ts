import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { PreferenceKind, PreferenceValue, Seat } from '../../solver/problem/problem.ts'
import {
  CaseNumber,
  Code,
  Day,
  Hours,
  Id,
  LoadStatus,
  Moment,
  Name,
  nullable,
  object,
  Percentage,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { staffParams } from './params.ts'
import { perPhase } from './phase-order.ts'
import { newNumber } from './typed.ts'

/** How norm hours come about: (contract - reductions - long absence - duties) x case-time share x ramp-up = norm. */
export const NormCalculation = object({
  contractHours: Hours,
  reductionHours: Hours,
  absenceHours: Hours,
  dutyHours: Hours,
  caseTimeShare: Type.Number(),
  rampUpShare: Type.Number(),
  normHours: Hours,
})

export const WorkerLoad = object({
  on: Day,
  norm: NormCalculation,
  hoursInUse: Type.Number(),
  hoursByPhase: object(perPhase(() => Type.Number())),
  /** hoursInUse / normHours as a fraction with six decimals; null when there is no norm ("geen caseload"). */
  workload: nullable(Type.Number()),
  status: LoadStatus,
  families: Type.Integer(),
  children: Type.Integer(),
  heavyCases: Type.Integer(),
  newLastFourWeeks: Type.Integer(),
})
export type WorkerLoad = Static<typeof WorkerLoad>

const Registration = oneOf('registered', 'in_training')

export const WorkerRow = object({
  staffNumber: StaffNumber,
  name: Type.String(),
  teamId: Id,
  team: Type.String(),
  contractHours: Hours,
  registration: Registration,
  /** Of the whole person today, without any cause. */
  availability: oneOf('available', 'away', 'notYet', 'left', 'noCaseload'),
  awayUntil: nullable(Day),
  competences: Type.Array(Code),
  load: WorkerLoad,
})
export type WorkerRow = Static<typeof WorkerRow>

export const WorkerInput = object({
  name: Name,
  teamId: Id,
  contractHours: Hours,
  dutyHours: Hours,
  registration: Registration,
  registrationFrom: nullable(Day),
  registrationUntil: nullable(Day),
  baseMunicipality: nullable(Code),
  employedFrom: Day,
  employedUntil: nullable(Day),
  competences: Type.Array(
    object({ competence: Code, level: Type.Integer({ minimum: 1, maximum: 5 }), expiresOn: nullable(Day) }),
    { maxItems: 100 },
  ),
  reductions: Type.Array(
    object({ reason: Code, percentage: Percentage, validFrom: Day, validUntil: nullable(Day) }),
    { maxItems: 50 },
  ),
  /** How much and when, never why. */
  absences: Type.Array(object({ percentage: Percentage, validFrom: Day, validUntil: nullable(Day) }), {
    maxItems: 100,
  }),
})
export type WorkerInput = Static<typeof WorkerInput>
export const NewWorker = object({ staffNumber: newNumber('staffNumber'), ...WorkerInput.properties })

export const PreferenceEntry = object({
  kind: PreferenceKind,
  /** Code of the measure, factor or municipality; 'heavy' for heavy cases. */
  code: Code,
  value: PreferenceValue,
  validUntil: nullable(Day),
})
/** How often "rather not" may be chosen, unless the rulebook says otherwise (`wishBudget`). */
export const RATHER_NOT_BUDGET = 3
export const Preferences = object({
  preferences: Type.Array(PreferenceEntry, { maxItems: 100 }),
  /** Who guides me in learning cases; left out: as it is. */
  mentor: Type.Optional(nullable(StaffNumber)),
})

export const WorkerDetail = object({
  ...WorkerRow.properties,
  dutyHours: Hours,
  registrationFrom: nullable(Day),
  registrationUntil: nullable(Day),
  baseMunicipality: nullable(Code),
  employedFrom: Day,
  employedUntil: nullable(Day),
  competenceLevels: WorkerInput.properties.competences,
  reductions: WorkerInput.properties.reductions,
  absences: WorkerInput.properties.absences,
  /** null for readers who may not see them. */
  preferences: nullable(Type.Array(PreferenceEntry)),
  /** Who guides this worker in learning cases. */
  mentor: nullable(WorkerName),
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: oneOf('primary', 'second', 'cover'),
      measures: Type.Array(Code),
      phase: nullable(Type.String()),
      children: nullable(Type.Integer()),
      hours: Type.Number(),
      heavy: Type.Boolean(),
      startsOn: Day,
      endsOn: nullable(Day),
    }),
  ),
  /** Decisions that gave this worker a seat, newest first. */
  decisions: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      kind: Type.String(),
      startsOn: nullable(Day),
      decidedBy: nullable(Type.String()),
      decidedAt: Moment,
      reasonCode: nullable(Code),
      roundId: nullable(Id),
    }),
  ),
  version: Version,
})
export type WorkerDetail = Static<typeof WorkerDetail>

export const WorkerQuery = object({
  team: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
  on: Type.Optional(Day),
})

const People = Type.Array(StaffNumber, { minItems: 2 })

/** The load of a team on a date; the totals are of the rows shown. */
export const Workload = object({
  on: Day,
  band: object({ low: Type.Number(), high: Type.Number(), hardLimit: Type.Number() }),
  rulebookVersion: Type.Integer(),
  workers: Type.Array(WorkerRow),
  /** What several of these workers carry together, so that sums of any of the rows count it once: see `totalsOf`. */
  shared: object({
    families: Type.Array(People),
    cases: Type.Array(object({ staffNumbers: People, children: Type.Integer(), heavy: Type.Boolean() })),
    /** A case that is new in the last four weeks to all of these. */
    new: Type.Array(People),
  }),
  totals: object({
    normHours: Type.Number(),
    hoursInUse: Type.Number(),
    workload: nullable(Type.Number()),
    families: Type.Integer(),
    children: Type.Integer(),
    heavyCases: Type.Integer(),
    newLastFourWeeks: Type.Integer(),
    statuses: object({
      room: Type.Integer(),
      onNorm: Type.Integer(),
      aboveNorm: Type.Integer(),
      farAboveNorm: Type.Integer(),
      noCaseload: Type.Integer(),
    }),
  }),
})
export type Workload = Static<typeof Workload>

export const workerEndpoints = {
  'GET /workers': {
    summary: 'Workers in scope with their load on a date',
    tag: 'workers',
    query: WorkerQuery,
    reply: Workload,
    may: 'workload.read',
  },
  'POST /workers': {
    summary: 'Enter a worker',
    tag: 'workers',
    body: NewWorker,
    reply: WorkerDetail,
    may: 'worker.write',
    once: true,
    status: 201,
  },
  'GET /workers/:staffNumber': {
    summary: 'One worker: norm, load, cases; workers see themselves',
    tag: 'workers',
    params: staffParams,
    query: object({ on: Type.Optional(Day) }),
    reply: WorkerDetail,
    may: 'worker.read',
  },
  'PUT /workers/:staffNumber': {
    summary: 'Change a worker',
    tag: 'workers',
    params: staffParams,
    body: WorkerInput,
    reply: WorkerDetail,
    may: 'worker.write',
    ifMatch: true,
  },
  'PUT /workers/:staffNumber/preferences': {
    summary: 'State my own preferences',
    tag: 'workers',
    params: staffParams,
    body: Preferences,
    reply: WorkerDetail,
    may: 'preference.writeOwn',
    ifMatch: true,
  },
} as const satisfies Record<string, Endpoint>
