import { type Static, Type } from 'typebox'
import { Day, Done, Id, Moment, nullable, object } from './common.ts'
import type { Endpoint } from './endpoint.ts'

export const Message = object({
  id: Id,
  kind: Type.String(),
  /** In the reader's language. */
  sentence: Type.String(),
  /** Where in the application it is about; null: nowhere in particular. */
  link: nullable(Type.String()),
  at: Moment,
  read: Type.Boolean(),
})
export const Messages = object({
  messages: Type.Array(Message),
  unread: Type.Integer(),
  more: Type.Boolean(),
})
export type Messages = Static<typeof Messages>

/** What waits for me, per place of the menu; null: not a place of mine. */
export const Counts = object({
  /** Not read yet. */
  messages: Type.Integer(),
  /** Open, and I may answer them. */
  requests: nullable(Type.Integer()),
  /** Load above the limit that I may approve or refuse. */
  approvals: nullable(Type.Integer()),
  /** Proposals to me that I can still answer and did not, and swaps that were offered to me. */
  proposals: nullable(Type.Integer()),
  /** Cases that somebody still has to be found for. */
  intake: nullable(Type.Integer()),
  /** Open signals that I see. */
  signals: nullable(Type.Integer()),
  /** Estimates that I am asked for and did not give. */
  estimates: nullable(Type.Integer()),
  /** Phases that are due in what I answer for: my own cases, and those of my teams. */
  phases: nullable(Type.Integer()),
})
export type Counts = Static<typeof Counts>

export const MailState = object({
  configured: Type.Boolean(),
  waiting: Type.Integer(),
  sentLastWeek: Type.Integer(),
  failed: Type.Array(
    object({
      id: Id,
      user: Type.String(),
      email: Type.String(),
      attempts: Type.Integer(),
      /** What the mail server said. */
      error: Type.String(),
      at: Moment,
    }),
  ),
})
export type MailState = Static<typeof MailState>

const Mark = Type.Integer({ minimum: 1, maximum: 5 })
export const PulseInput = object({ support: Mark, fairness: Mark })
export type PulseInput = Static<typeof PulseInput>
export const OpenPulse = object({ roundId: Id, startOn: Day, closesAt: Moment })

/** Closed rounds; those with fewer than five answers are taken together with the next ones. */
export const Support = object({
  fewest: Type.Integer(),
  points: Type.Array(
    object({
      rounds: Type.Array(Id),
      from: Day,
      until: Day,
      answers: Type.Integer(),
      asked: Type.Integer(),
      /** Means of 1 to 5. */
      support: Type.Number(),
      fairness: Type.Number(),
    }),
  ),
  /** Rounds that wait for more answers before anything of them is shown. */
  hidden: Type.Integer(),
  /** Rounds of which the questions are still open. */
  running: Type.Integer(),
  /** Of teams that look first: in how many cases most people named the one who was suggested. Never fewer than five cases. */
  firstLooks: Type.Array(
    object({
      rounds: Type.Array(Id),
      from: Day,
      until: Day,
      cases: Type.Integer(),
      agreed: Type.Integer(),
    }),
  ),
})
export type Support = Static<typeof Support>

export const messageEndpoints = {
  'GET /messages': {
    summary: 'Messages for me, newest first',
    tag: 'accounts',
    query: object({ before: Type.Optional(Id) }),
    reply: Messages,
    may: 'session.own',
  },
  'GET /counts': {
    summary: 'How much waits for me, for the menu',
    tag: 'accounts',
    reply: Counts,
    may: 'session.own',
  },
  'PUT /messages/read': {
    summary: 'Mark messages as read; null: all of them',
    tag: 'accounts',
    body: object({ ids: nullable(Type.Array(Id, { maxItems: 200 })) }),
    reply: object({ unread: Type.Integer() }),
    may: 'session.own',
  },
  'GET /mail': {
    summary: 'Whether mail leaves, and what did not',
    tag: 'accounts',
    reply: MailState,
    may: 'mail.manage',
  },
  'POST /mail/:id/sending': {
    summary: 'Try again to send a mail that failed',
    tag: 'accounts',
    params: object({ id: Id }),
    reply: MailState,
    may: 'mail.manage',
    once: true,
  },
  'GET /pulses': {
    summary: 'Rounds about which I am asked two questions',
    tag: 'rounds',
    reply: Type.Array(OpenPulse),
    may: 'pulse.answer',
  },
  'PUT /pulses/:id': {
    summary: 'Answer the two questions; nothing ties the answer to me, so it cannot be changed',
    tag: 'rounds',
    params: object({ id: Id }),
    body: PulseInput,
    reply: Done,
    may: 'pulse.answer',
  },
  'GET /support': {
    summary: 'Support for the rounds over time, from five answers up',
    tag: 'rounds',
    reply: Support,
    may: 'support.read',
  },
} as const satisfies Record<string, Endpoint>
