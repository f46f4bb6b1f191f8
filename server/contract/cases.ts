import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CompetenceNeed, Phase, Seat, Urgency } from '../../solver/problem/problem.ts'
import {
  CaseNumber,
  Code,
  Day,
  Hours,
  Id,
  Moment,
  Motive,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { Explanation } from './explanations.ts'
import { caseParams } from './params.ts'
import { newNumber, searchText } from './typed.ts'

/** An open case is in exactly one of the first four. `later`: somebody has it from a day to come. */
export const CaseStatus = oneOf('waiting', 'in_round', 'later', 'allocated', 'closed')

/** A sum of named parts: they add up to `total`, the hours per week of all seats without travel. */
export const CaseWeight = object({
  total: Hours,
  primary: Hours,
  second: nullable(Hours),
  heavy: Type.Boolean(),
  /** An input is unknown; `missing` names the fields and the total counts a careful default for them. */
  provisional: Type.Boolean(),
  missing: Type.Array(Type.String()),
  parts: Type.Array(
    object({
      kind: oneOf('base', 'concurrent', 'children', 'factor', 'duo', 'override', 'dormant'),
      /** In the reader's language, for instance "OTS, beginfase" or "2 kinderen extra (+70 %)". */
      label: Type.String(),
      hours: Type.Number(),
    }),
  ),
  /** Set by people instead of the table. `second`: of the second seat of a pair; null: the rulebook divides them. */
  override: nullable(object({ hours: Hours, reason: Type.String(), second: nullable(Hours) })),
  rulebookVersion: Type.Integer(),
})
export type CaseWeight = Static<typeof CaseWeight>

/** First contact within five working days, plan of action within six weeks of receipt. */
export const CaseTerm = object({
  dueOn: Day,
  workingDaysLeft: Type.Integer(),
  state: oneOf('onTime', 'soon', 'today', 'overdue'),
})

export const CaseRow = object({
  caseNumber: CaseNumber,
  familyNumber: nullable(Type.String()),
  teamId: Id,
  team: Type.String(),
  measures: Type.Array(Code),
  phase: nullable(Phase),
  children: nullable(Type.Integer()),
  factors: Type.Array(Code),
  urgency: Urgency,
  receivedOn: Day,
  waitingDays: Type.Integer(),
  municipality: nullable(Code),
  competences: Type.Array(CompetenceNeed),
  hours: Hours,
  /** Of those: what nobody has yet. */
  openHours: Hours,
  heavy: Type.Boolean(),
  duo: Type.Boolean(),
  provisional: Type.Boolean(),
  /** Fields without which no fair proposal is possible. */
  missing: Type.Array(Type.String()),
  formerWorkers: Type.Array(WorkerName),
  status: CaseStatus,
  /** A pair whose first seat is taken and whose second is not: Instroom still looks for somebody. */
  secondOpen: Type.Boolean(),
  primary: nullable(WorkerName),
  second: nullable(WorkerName),
  /** First day of the first seat that stands, gone by or to come. */
  primaryFrom: nullable(Day),
  roundId: nullable(Id),
  /** Left waiting by the team: when the case is looked at again, and whether that day has come. null in a round, or allocated. */
  review: nullable(object({ on: Day, due: Type.Boolean() })),
  /** Until somebody says that it was made; null too where it is not watched. */
  firstContact: nullable(CaseTerm),
  version: Version,
})
export type CaseRow = Static<typeof CaseRow>

/** Whether a new round can take it: nobody has it, or the second seat of its duo, and no round is busy with it. */
export function canJoinRound(row: Pick<CaseRow, 'status' | 'secondOpen' | 'roundId'>): boolean {
  return row.roundId === null && (row.status === 'waiting' || row.secondOpen)
}

export const CaseQuery = object({
  status: Type.Optional(Type.String({ maxLength: 60 })),
  team: Type.Optional(Type.Integer({ minimum: 1, maximum: 2147483647 })),
  /** `next` of the page before; without it the first. */
  after: Type.Optional(CaseNumber),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
})

export const CaseList = object({
  cases: Type.Array(CaseRow),
  /** Families and children are both counted, always, over the whole list and not only this page. */
  families: Type.Integer(),
  children: Type.Integer(),
  /** Where the next page begins (`after`); null: this was the last. */
  next: nullable(CaseNumber),
})

const SortKey = oneOf('case', 'urgency', 'received', 'status', 'team', 'worker')
export const CaseSort = object({ by: SortKey, down: Type.Boolean() })
export type CaseSort = Static<typeof CaseSort>
/** How cases can be asked for: by where they stand, or as a duo that misses its second worker. */
export const CaseListing = oneOf('waiting', 'in_round', 'second_open', 'later', 'allocated', 'closed')

/** A part of all cases, closed ones too. What somebody looks for is in the body: it may be a name. */
export const CaseSearch = object({
  /** In case and family numbers and in the names and numbers of who has the case; '' is all. */
  text: searchText(),
  /** Empty: wherever they stand. */
  statuses: Type.Array(CaseListing, { maxItems: 6, uniqueItems: true }),
  team: nullable(Id),
  measure: nullable(Code),
  sort: CaseSort,
  /** The place in the list of the first one to read, from 0. */
  from: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  limit: Type.Integer({ minimum: 1, maximum: 200 }),
})
export type CaseSearch = Static<typeof CaseSearch>
export const FoundCases = object({
  cases: Type.Array(CaseRow),
  /** On all pages. */
  total: Type.Integer(),
  families: Type.Integer(),
  children: Type.Integer(),
})
export type FoundCases = Static<typeof FoundCases>

export const CaseDetail = object({
  ...CaseRow.properties,
  measureDates: Type.Array(object({ measure: Code, startOn: Day, endOn: nullable(Day) })),
  /** Ways of working that the case asks for. */
  methods: Type.Array(Code),
  duoNeeded: Type.Boolean(),
  weight: CaseWeight,
  planOfAction: nullable(CaseTerm),
  /** The days on which people said it was done. */
  contactMadeOn: nullable(Day),
  planMadeOn: nullable(Day),
  /** Whether the reader may say on which day: who has the case today, and its team. */
  mayRecordTerms: Type.Boolean(),
  /** Those that hold first; `reason` and the reason of the end are null for readers without that right. */
  exclusions: Type.Array(
    object({
      worker: WorkerName,
      reason: nullable(Type.String()),
      untilOn: nullable(Day),
      /** proposed: a choice in the open round, which holds from its settlement on. */
      state: oneOf('proposed', 'holds', 'past', 'ended'),
      by: nullable(Type.String()),
      at: nullable(Moment),
      roundId: nullable(Id),
      ended: nullable(object({ by: nullable(Type.String()), at: Moment, reason: nullable(Type.String()) })),
    }),
  ),
  /** What has to be done before a case that waits is looked at again, with who does it. */
  tasks: Type.Array(object({ task: Code, assignedTo: nullable(Type.String()), resolved: Type.Boolean() })),
  allocations: Type.Array(
    object({
      id: Id,
      seat: oneOf('primary', 'second', 'cover'),
      worker: WorkerName,
      startsOn: Day,
      endsOn: nullable(Day),
      hours: Type.Number(),
    }),
  ),
  decisions: Type.Array(
    object({
      id: Id,
      kind: Type.String(),
      seat: Seat,
      worker: nullable(WorkerName),
      proposed: nullable(WorkerName),
      reasonCode: nullable(Code),
      reasonText: nullable(Type.String()),
      decidedBy: nullable(Type.String()),
      decidedAt: Moment,
      roundId: nullable(Id),
    }),
  ),
  /** Other cases of the same family. */
  relatives: Type.Array(
    object({ caseNumber: CaseNumber, status: CaseStatus, primary: nullable(WorkerName) }),
  ),
})
export type CaseDetail = Static<typeof CaseDetail>

export const CaseInput = object({
  teamId: Id,
  familyNumber: nullable(newNumber('familyNumber')),
  measures: Type.Array(object({ measure: Code, startOn: Day, endOn: nullable(Day) }), { maxItems: 10 }),
  phase: nullable(Phase),
  children: nullable(Type.Integer({ minimum: 0, maximum: 30 })),
  factors: Type.Array(Code, { maxItems: 30 }),
  /** Left out: they stay as they are. */
  methods: Type.Optional(Type.Array(Code, { maxItems: 20 })),
  urgency: Urgency,
  receivedOn: Day,
  municipality: nullable(Code),
  competences: Type.Array(CompetenceNeed, { maxItems: 20 }),
  duoNeeded: Type.Boolean(),
  formerWorkers: Type.Array(StaffNumber, { maxItems: 20 }),
})
export type CaseInput = Static<typeof CaseInput>

export const NewCase = object({ caseNumber: newNumber('caseNumber'), ...CaseInput.properties })
export const NumberCorrection = object({ caseNumber: newNumber('caseNumber') })
export const WeightOverride = object({
  hours: nullable(Hours),
  reason: nullable(Motive),
  /** Of these hours, those of the second seat of a pair; null or left out: the rulebook divides them. */
  second: Type.Optional(nullable(Hours)),
})
export const Exclusion = object({ staffNumber: StaffNumber, reason: Motive, untilOn: nullable(Day) })
/** The first contact was made, or the plan of action is there, on this day. */
export const TermMet = object({
  term: oneOf('firstContact', 'plan'),
  metOn: Day,
})
export const Closure = object({ closedOn: Day })

/** What people give along when they choose a worker; which of these are needed follows from the broken rules. */
export const Motivation = {
  reasonCode: nullable(Code),
  reasonText: nullable(Motive),
  /** The "tenzij" reason for a worker in training. */
  unregisteredReason: nullable(Motive),
  /** Rules set aside with this motive; see the rule list of the explanation. */
  setAside: Type.Array(Code, { maxItems: 10 }),
  acceptsExcess: Type.Boolean(),
}
export const OutsideAllocation = object({
  kind: oneOf('emergency', 'tailored'),
  seat: Seat,
  staffNumber: StaffNumber,
  startOn: Day,
  ...Motivation,
})

export const caseEndpoints = {
  'GET /cases': {
    summary: 'Cases in scope',
    tag: 'cases',
    query: CaseQuery,
    reply: CaseList,
    may: 'case.read',
  },
  'POST /cases/search': {
    summary: 'Cases in scope by what is looked for, wherever they stand, in pages; nothing is kept',
    tag: 'cases',
    body: CaseSearch,
    reply: FoundCases,
    may: 'case.read',
  },
  'POST /cases': {
    summary: 'Enter a case',
    tag: 'cases',
    body: NewCase,
    reply: CaseDetail,
    may: 'case.write',
    once: true,
    status: 201,
  },
  'GET /cases/:caseNumber': {
    summary: 'One case, with its weight and history; the opening is logged',
    tag: 'cases',
    params: caseParams,
    reply: CaseDetail,
    may: 'case.read',
  },
  'PUT /cases/:caseNumber': {
    summary: 'Change a case',
    tag: 'cases',
    params: caseParams,
    body: CaseInput,
    reply: CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'PUT /cases/:caseNumber/number': {
    summary:
      'Correct a case number that was entered wrong; the old one is shown nowhere any more and is free again',
    tag: 'cases',
    params: caseParams,
    body: NumberCorrection,
    reply: CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'PUT /cases/:caseNumber/weight': {
    summary: 'Set the weight by hand with a reason, or return to the table',
    tag: 'cases',
    params: caseParams,
    body: WeightOverride,
    reply: CaseDetail,
    may: 'case.write',
    ifMatch: true,
  },
  'POST /cases/:caseNumber/exclusions': {
    summary: 'Exclude a worker with a hidden reason',
    tag: 'cases',
    params: caseParams,
    body: Exclusion,
    reply: CaseDetail,
    may: 'case.exclude',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /cases/:caseNumber/exclusions/:staffNumber/ending': {
    summary: 'End an exclusion before its last day; it stays on record',
    tag: 'cases',
    params: object({ caseNumber: CaseNumber, staffNumber: StaffNumber }),
    body: object({ reason: Motive }),
    reply: CaseDetail,
    may: 'case.exclude',
    once: true,
    ifMatch: true,
  },
  'POST /cases/:caseNumber/closure': {
    summary: 'Close a case and free its seats',
    tag: 'cases',
    params: caseParams,
    body: Closure,
    reply: CaseDetail,
    may: 'case.write',
    once: true,
    ifMatch: true,
  },
  'GET /cases/:caseNumber/candidates': {
    summary: 'Who may and should get this one case, outside a round',
    tag: 'cases',
    params: caseParams,
    query: object({ startOn: Type.Optional(Day), seat: Type.Optional(Seat) }),
    reply: Explanation,
    may: 'case.allocate',
  },
  'POST /cases/:caseNumber/allocations': {
    summary: 'Allocate one urgent or tailored case outside a round',
    tag: 'cases',
    params: caseParams,
    body: OutsideAllocation,
    reply: CaseDetail,
    may: 'case.allocate',
    once: true,
    ifMatch: true,
    status: 201,
  },
  'POST /cases/:caseNumber/allocations/asking': {
    summary: 'Ask somebody with the right to allocate a case above the hard limit',
    tag: 'cases',
    params: caseParams,
    body: OutsideAllocation,
    reply: object({ id: Id }),
    may: 'case.allocate',
    once: true,
    ifMatch: true,
    status: 201,
  },
} as const satisfies Record<string, Endpoint>
