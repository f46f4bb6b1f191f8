import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { RuleCode, Seat, Urgency } from '../../solver/problem/problem.ts'
import { CaseRow } from './cases.ts'
import {
  CaseNumber,
  Day,
  Hours,
  Id,
  LoadStatus,
  Moment,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { CSV, type Endpoint, LIST_BODY } from './endpoint.ts'
import { freeText } from './typed.ts'

const Text = freeText(1000)
export const NoteOutcome = oneOf('agreed', 'changed', 'waits', 'later')
export const NoteInput = object({
  outcome: nullable(NoteOutcome),
  motive: nullable(Text),
  dissent: nullable(Text),
})
export type NoteInput = Static<typeof NoteInput>
/** Version 0: nothing was noted yet. */
const NoteVersion = Type.Integer({ minimum: 0, maximum: 2147483647 })
export const MeetingNote = object({
  ...NoteInput.properties,
  by: nullable(Type.String()),
  at: nullable(Moment),
  version: NoteVersion,
})
export type MeetingNote = Static<typeof MeetingNote>

const Person = object({ userId: Id, name: Type.String() })
export const MeetingState = oneOf('none', 'open', 'closed')

/** The agenda and who is there. Nothing about workers but their names. */
export const Meeting = object({
  roundId: Id,
  roundStatus: oneOf('open', 'settled', 'cancelled'),
  startOn: Day,
  teams: Type.Array(Type.String()),
  state: MeetingState,
  openedBy: nullable(Type.String()),
  openedAt: nullable(Moment),
  closedAt: nullable(Moment),
  /** Of the meeting; 0 while there is none. */
  version: NoteVersion,
  /** Who may be marked as present: the intake team and leads of the round. */
  people: Type.Array(Person),
  present: Type.Array(Id),
  firstLook: Type.Boolean(),
  /** Whether the meeting is recorded: who is there, what is decided, and who sees it otherwise. */
  minutes: Type.Boolean(),
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      urgency: Urgency,
      /** Somebody wants to talk about it; these come first. */
      discuss: Type.Boolean(),
      outcome: nullable(NoteOutcome),
      revealed: Type.Boolean(),
    }),
  ),
})
export type Meeting = Static<typeof Meeting>

export const FirstLookInput = object({ hours: nullable(Hours), staffNumber: nullable(StaffNumber) })
export type FirstLookInput = Static<typeof FirstLookInput>
const Look = object({ by: Type.String(), hours: nullable(Type.Number()), worker: nullable(WorkerName) })

const LoadPoint = object({ workload: nullable(Type.Number()), status: LoadStatus })

/** One case on the shared screen: no wishes, no absence, no points of persons; candidates by name. */
export const MeetingCase = object({
  case: CaseRow,
  /** The hours of the rulebook; null while a first look hides them. */
  hours: nullable(Type.Number()),
  seats: Type.Array(
    object({
      seat: Seat,
      suggested: nullable(WorkerName),
      worker: nullable(WorkerName),
      waits: Type.Boolean(),
      deviates: Type.Boolean(),
      before: nullable(LoadPoint),
      after: nullable(LoadPoint),
      sentence: nullable(Type.String()),
    }),
  ),
  candidates: Type.Array(
    object({
      worker: WorkerName,
      before: LoadPoint,
      /** null while a first look hides the hours of the case. */
      after: nullable(LoadPoint),
      allowed: Type.Boolean(),
      /** Where not: the rules that people can set aside with a motive, when nothing else stands in the way. */
      setAside: Type.Array(RuleCode),
      broken: Type.Array(Type.String()),
    }),
  ),
  firstLook: nullable(
    object({
      revealed: Type.Boolean(),
      mine: nullable(FirstLookInput),
      stated: Type.Integer(),
      /** null until revealed. */
      looks: nullable(Type.Array(Look)),
      agreement: nullable(
        object({
          withSuggestion: Type.Integer(),
          candidates: Type.Integer(),
          lowest: nullable(Type.Number()),
          highest: nullable(Type.Number()),
        }),
      ),
    }),
  ),
  note: MeetingNote,
  /** Since the calculation: what changed in the inputs, and the choices that people made. Loads are those of today. */
  since: object({ changes: Type.Integer(), choices: Type.Integer() }),
  /** The tables of today do not allow the suggestion any more. */
  lapsed: Type.Boolean(),
  roundVersion: Version,
})
export type MeetingCase = Static<typeof MeetingCase>

export const Minutes = object({
  roundId: Id,
  startOn: Day,
  teams: Type.Array(Type.String()),
  /** Settled: the decisions as they are; else the draft as it stands, marked as a draft. */
  final: Type.Boolean(),
  openedAt: Moment,
  closedAt: nullable(Moment),
  settledAt: nullable(Moment),
  settledBy: nullable(Type.String()),
  present: Type.Array(Type.String()),
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      seats: Type.Array(
        object({
          seat: Seat,
          suggested: nullable(WorkerName),
          worker: nullable(WorkerName),
          deviates: Type.Boolean(),
          reasonCode: nullable(Type.String()),
          reasonText: nullable(Type.String()),
          decidedBy: nullable(Type.String()),
          answer: nullable(Type.String()),
        }),
      ),
      /** The team has still to give its own view; the draft for it is not told. */
      unseen: Type.Boolean(),
      outcome: nullable(NoteOutcome),
      motive: nullable(Type.String()),
      dissent: nullable(Type.String()),
      firstLook: nullable(object({ stated: Type.Integer(), withSuggestion: Type.Integer() })),
    }),
  ),
})
export type Minutes = Static<typeof Minutes>

const idParams = object({ id: Id })
const caseParams = object({ id: Id, caseNumber: CaseNumber })

export const meetingEndpoints = {
  'GET /rounds/:id/meeting': {
    summary: 'The meeting about a round: agenda and who is there',
    tag: 'rounds',
    params: idParams,
    reply: Meeting,
    may: 'round.read',
  },
  'POST /rounds/:id/meeting': {
    summary: 'Open the meeting about a round',
    tag: 'rounds',
    params: idParams,
    reply: Meeting,
    may: 'round.choose',
    once: true,
    status: 201,
  },
  'PUT /rounds/:id/meeting/people': {
    summary: 'Who is at the meeting',
    tag: 'rounds',
    params: idParams,
    body: object({ userIds: Type.Array(Id, { maxItems: 100, uniqueItems: true }) }),
    reply: Meeting,
    may: 'round.choose',
    ifMatch: true,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/meeting/cases/:caseNumber': {
    summary: 'One case on the shared screen',
    tag: 'rounds',
    params: caseParams,
    query: object({ seat: Type.Optional(Seat) }),
    reply: MeetingCase,
    may: 'round.read',
  },
  'PUT /rounds/:id/meeting/cases/:caseNumber/note': {
    summary: 'What was decided about a case, why, and who saw it otherwise',
    tag: 'rounds',
    params: caseParams,
    body: NoteInput,
    reply: MeetingNote,
    may: 'round.choose',
    ifMatch: true,
    bodyLimit: LIST_BODY,
  },
  'PUT /rounds/:id/meeting/cases/:caseNumber/first-look': {
    summary: 'State my own view of a case before the suggestion shows',
    tag: 'rounds',
    params: caseParams,
    body: FirstLookInput,
    reply: MeetingCase,
    may: 'round.choose',
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/meeting/cases/:caseNumber/reveal': {
    summary: 'Show everybody’s view and the suggestion',
    tag: 'rounds',
    params: caseParams,
    reply: MeetingCase,
    may: 'round.choose',
    once: true,
  },
  'POST /rounds/:id/meeting/closing': {
    summary:
      'Close the meeting; its notes do not change until it is opened again. Cases that were not talked about are said to be',
    tag: 'rounds',
    params: idParams,
    body: object({ undiscussed: Type.Boolean() }),
    reply: Meeting,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/meeting/reopening': {
    summary: 'Open a meeting again that was closed, while the round is open',
    tag: 'rounds',
    params: idParams,
    reply: Meeting,
    may: 'round.choose',
    once: true,
    ifMatch: true,
  },
  'GET /rounds/:id/minutes': {
    summary: 'The minutes: each case, choice, reason, deviation and who decided',
    tag: 'rounds',
    params: idParams,
    reply: Minutes,
    may: 'round.read',
  },
  'GET /rounds/:id/minutes/csv': {
    summary: 'The minutes as CSV',
    tag: 'rounds',
    params: idParams,
    reply: Type.String(),
    may: 'round.read',
    file: { name: { nl: 'verslag-ronde-:id', en: 'minutes-round-:id' }, type: CSV },
  },
  'PUT /rounds/:id/presence': {
    summary: 'I am looking at this round; gives who else is',
    tag: 'rounds',
    params: idParams,
    body: object({ caseNumber: nullable(CaseNumber) }),
    reply: Type.Array(object({ name: Type.String(), caseNumber: nullable(CaseNumber) })),
    may: 'round.read',
    bodyLimit: LIST_BODY,
  },
} as const satisfies Record<string, Endpoint>
