import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Day, Id, Moment, Motive, nullable, object } from './common.ts'

export const SignalKind = oneOf(
  'longAboveNorm',
  'reductionEnds',
  'caseWithoutOwner',
  'objectionOpen',
  'requestOpen',
  'oldData',
  'workerLeaves',
  'caseReview',
  'taskOpen',
  'phaseDue',
  'dormantReview',
  'dormantAsked',
  'termOverdue',
  'secondOpen',
  'holderAway',
)
export type SignalKind = Static<typeof SignalKind>

/** Which signal: the same thing happening again has another mark. */
export const SignalKey = {
  kind: SignalKind,
  subject: Type.String({ minLength: 1, maxLength: 80, pattern: '^[A-Za-z0-9_.:-]+$' }),
  mark: Type.String({ maxLength: 80, pattern: '^[A-Za-z0-9_.:-]*$' }),
}

export const Signal = object({
  ...SignalKey,
  teamId: Id,
  team: Type.String(),
  /** What is the matter, in the reader's language. */
  sentence: Type.String(),
  /** Since or by which day. */
  day: nullable(Day),
  /** Where to look: a worker, a case or a round. */
  about: object({
    kind: oneOf('worker', 'case', 'round', 'requests', 'phases'),
    id: Type.String(),
    name: Type.String(),
  }),
  /** About cases, so for the intake team too; the others are about people. */
  ofCase: Type.Boolean(),
  state: oneOf('open', 'snoozed', 'resolved'),
  /** Not shown before this day. */
  hiddenUntil: nullable(Day),
  assignedTo: nullable(object({ id: Id, name: Type.String() })),
  note: nullable(Type.String()),
  handledBy: nullable(Type.String()),
  handledAt: nullable(Moment),
  /** 0: nobody did anything about it yet. */
  version: Type.Integer({ minimum: 0 }),
})
export type Signal = Static<typeof Signal>

export const SignalQuery = object({
  team: Type.Optional(Id),
  kind: Type.Optional(SignalKind),
  /** Left out: all. `mine` are open and given to the reader; `hidden` are put off or resolved. */
  show: Type.Optional(oneOf('open', 'mine', 'hidden')),
  /** The place in the list of the first one to read, from 0. */
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  /** 100 unless said otherwise. */
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})

export const SignalList = object({
  on: Day,
  signals: Type.Array(Signal),
  /** What to ask for as `from` to read on; null when this is the end. */
  next: nullable(Type.Integer({ minimum: 1 })),
  /** Of these teams, whatever kind, on all pages. */
  counts: object({ open: Type.Integer(), hidden: Type.Integer() }),
  /** Who can be asked to look at one: in `teamIds` at every kind, in `caseTeamIds` only at what is about cases. */
  people: Type.Array(
    object({ id: Id, name: Type.String(), teamIds: Type.Array(Id), caseTeamIds: Type.Array(Id) }),
  ),
  /** What the list looks at, so that an empty one can be trusted. */
  terms: object({
    aboveNormWeeks: Type.Integer(),
    reductionDays: Type.Integer(),
    leaveDays: Type.Integer(),
    awayDays: Type.Integer(),
    oldDays: Type.Integer(),
    resolvedDays: Type.Integer(),
  }),
})
export type SignalList = Static<typeof SignalList>

export const SignalHandling = object({
  ...SignalKey,
  outcome: oneOf('assigned', 'snoozed', 'resolved'),
  assignedTo: nullable(Id),
  /** With `snoozed`: the day on which it shows again. */
  until: nullable(Day),
  note: nullable(Motive),
})
export type SignalHandling = Static<typeof SignalHandling>

export const signalEndpoints = {
  'GET /signals': {
    summary: 'What asks attention today: of cases for intake and lead, of people for the lead',
    tag: 'records',
    query: SignalQuery,
    reply: SignalList,
    may: 'signal.handle',
  },
  'POST /signals/handling': {
    summary: 'Give a signal to somebody, postpone it, or say that it is resolved',
    tag: 'records',
    body: SignalHandling,
    reply: Signal,
    may: 'signal.handle',
    once: true,
    ifMatch: true,
  },
} as const
