import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
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
  Percentage,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { NormCalculation } from './workers.ts'

export const RequestKind = oneOf('absence', 'reduction', 'correction', 'weight')
export const RequestStatus = oneOf('open', 'granted', 'declined', 'withdrawn')
/** What of the own record a correction is about. */
export const CorrectionSubject = oneOf(
  'contractHours',
  'dutyHours',
  'reductions',
  'absences',
  'competences',
  'registration',
  'baseMunicipality',
  'cases',
  'other',
)
export type CorrectionSubject = Static<typeof CorrectionSubject>

/** Both days belong to it. */
const RequestPeriod = object({ validFrom: Day, validUntil: Day })

/** Leave or absence (how much and when, never why), or a reduction for a reason of the catalogue. */
export const AvailabilityEntry = object({
  kind: oneOf('absence', 'reduction'),
  /** Of a reduction; null for an absence. */
  reason: nullable(Code),
  percentage: Percentage,
  validFrom: Day,
  validUntil: nullable(Day),
  /** Of an absence in several periods, in order: validFrom and validUntil are the first and the last day of all. */
  periods: Type.Optional(Type.Array(RequestPeriod, { minItems: 2, maxItems: 400 })),
})
export type AvailabilityEntry = Static<typeof AvailabilityEntry>
export const AvailabilityInput = object({
  entries: Type.Array(AvailabilityEntry, { minItems: 1, maxItems: 60 }),
})

/** What entries would do, each beside what holds already and the entries before it. */
export const AvailabilityEffect = object({
  entries: Type.Array(
    object({
      on: Day,
      normBefore: Type.Number(),
      normAfter: Type.Number(),
      hoursInUse: Type.Number(),
      /** No case can start with me during it. */
      blocksStart: Type.Boolean(),
      /** Seats of mine that are to start inside the period. */
      startsInside: Type.Integer(),
    }),
  ),
})
export type AvailabilityEffect = Static<typeof AvailabilityEffect>

export const OwnRequest = object({
  id: Id,
  kind: RequestKind,
  status: RequestStatus,
  reason: nullable(Code),
  percentage: nullable(Type.Number()),
  validFrom: nullable(Day),
  validUntil: nullable(Day),
  /** Of leave in several periods. */
  periods: nullable(Type.Array(RequestPeriod)),
  subject: nullable(Type.String()),
  caseNumber: nullable(CaseNumber),
  hours: nullable(Type.Number()),
  text: nullable(Type.String()),
  answer: nullable(Type.String()),
  answeredBy: nullable(Type.String()),
  answeredAt: nullable(Moment),
  createdAt: Moment,
  version: Version,
})
export type OwnRequest = Static<typeof OwnRequest>

/** What holds for me: hours, reductions, absences, and what I asked. */
export const Availability = object({
  staffNumber: StaffNumber,
  /** A lead answers what I enter; otherwise it holds at once. */
  approval: Type.Boolean(),
  norm: NormCalculation,
  contractHours: Hours,
  dutyHours: Hours,
  employedFrom: Day,
  employedUntil: nullable(Day),
  reductions: Type.Array(
    object({ reason: Code, percentage: Percentage, validFrom: Day, validUntil: nullable(Day) }),
  ),
  absences: Type.Array(object({ percentage: Percentage, validFrom: Day, validUntil: nullable(Day) })),
  requests: Type.Array(OwnRequest),
})
export type Availability = Static<typeof Availability>

export const TeamRequest = object({
  ...OwnRequest.properties,
  worker: WorkerName,
  teamId: Id,
  team: Type.String(),
  /** What the rulebook's table says now, of the case in a weight request. */
  tableHours: nullable(Type.Number()),
  /** Whether this reader may answer it. */
  mayAnswer: Type.Boolean(),
})
export type TeamRequest = Static<typeof TeamRequest>

export const TeamApproval = object({
  teamId: Id,
  team: Type.String(),
  approval: Type.Boolean(),
  version: Version,
})
/** A place in the list of requests: the last one that was read, and in which half. */
const RequestPlace = Type.String({ pattern: '^(open|settled):[0-9]{1,9}$', maxLength: 20 })
export const RequestQuery = object({
  kind: Type.Optional(RequestKind),
  after: Type.Optional(RequestPlace),
  /** 100 unless said otherwise. */
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})
export const TeamRequests = object({
  teams: Type.Array(TeamApproval),
  /** Open ones first, oldest first; then those answered or withdrawn, newest first. */
  requests: Type.Array(TeamRequest),
  /** What to ask for as `after` to read on; null when this is the end. */
  next: nullable(RequestPlace),
  /** Of this kind, on all pages. */
  counts: object({ open: Type.Integer(), settled: Type.Integer() }),
})
export type TeamRequests = Static<typeof TeamRequests>

export const RequestAnswer = object({
  outcome: oneOf('granted', 'declined'),
  /** Needed with "declined", and for a correction or a weight. */
  text: nullable(Motive),
  /** For a weight: set it by hand to these hours; null leaves it as it is. */
  hours: nullable(Hours),
})

const idParams = object({ id: Id })

export const requestEndpoints = {
  'GET /mine/availability': {
    summary: 'My hours, reductions and absences, and what I asked',
    tag: 'workers',
    reply: Availability,
    may: 'own.work',
  },
  'POST /mine/availability/preview': {
    summary: 'What leave or a reduction would do to my room; nothing is kept',
    tag: 'workers',
    body: AvailabilityInput,
    reply: AvailabilityEffect,
    may: 'own.work',
  },
  'POST /mine/availability': {
    summary: 'Ask for, or enter, leave and reductions',
    tag: 'workers',
    body: AvailabilityInput,
    reply: Availability,
    may: 'own.work',
    once: true,
    status: 201,
  },
  'GET /mine/requests': {
    summary: 'Everything I asked, newest first',
    tag: 'workers',
    reply: Type.Array(OwnRequest),
    may: 'own.work',
  },
  'POST /mine/corrections': {
    summary: 'Ask to correct something in my own record',
    tag: 'workers',
    body: object({ subject: CorrectionSubject, text: Motive }),
    reply: OwnRequest,
    may: 'own.work',
    once: true,
    status: 201,
  },
  'POST /mine/disputes': {
    summary: 'Dispute the weight of a case of mine',
    tag: 'workers',
    body: object({ caseNumber: CaseNumber, hours: nullable(Hours), text: Motive }),
    reply: OwnRequest,
    may: 'own.work',
    once: true,
    status: 201,
  },
  'POST /mine/requests/:id/withdrawal': {
    summary: 'Withdraw a request, or leave that has not begun',
    tag: 'workers',
    params: idParams,
    reply: OwnRequest,
    may: 'own.work',
    once: true,
    ifMatch: true,
  },
  'GET /requests': {
    summary: 'What workers of my teams asked, in pages',
    tag: 'workers',
    query: RequestQuery,
    reply: TeamRequests,
    may: 'request.read',
  },
  'POST /requests/:id/preview': {
    summary: 'What granting a request for leave or a reduction would do; nothing is kept',
    tag: 'workers',
    params: idParams,
    reply: AvailabilityEffect,
    may: 'request.decide',
  },
  'POST /requests/:id/answer': {
    summary: 'Answer a request; granted leave and reductions hold from then on',
    tag: 'workers',
    params: idParams,
    body: RequestAnswer,
    reply: TeamRequest,
    may: 'request.read',
    once: true,
    ifMatch: true,
  },
  'PUT /teams/:id/availability': {
    summary: 'Choose whether leave and reductions need an answer in this team',
    tag: 'workers',
    params: idParams,
    body: object({ approval: Type.Boolean() }),
    reply: TeamApproval,
    may: 'request.decide',
    once: true,
    ifMatch: true,
  },
} as const
