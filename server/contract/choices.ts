import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Seat } from '../../solver/problem/problem.ts'
import { Motivation } from './cases.ts'
import { CaseNumber, Code, Day, Id, Moment, nullable, object, StaffNumber, WorkerName } from './common.ts'

/** What has to be done before a case that waits is looked at again; each shows in the signals until somebody resolves it. */
export const WaitTask = oneOf('requestData', 'findRoom', 'findCompetence', 'askOtherTeam', 'consult')

/** An exclusion: in this round only, until a last day, or for good. The last two stay with the case when it is settled. */
export const Lasts = oneOf('round', 'until', 'always')

/**
 * What a second pair of eyes said of load above the hard limit. approved: up to `upTo`; lapsed: it comes to more than that
 * now, so it is asked again.
 */
export const ChoiceApproval = object({
  state: oneOf('pending', 'approved', 'lapsed', 'refused'),
  by: nullable(Type.String()),
  at: nullable(Moment),
  reasonText: nullable(Type.String()),
  /** Shares of the norm: the highest that was agreed to, and what the draft comes to on today's tables. */
  upTo: nullable(Type.Number()),
  figure: nullable(Type.Number()),
})

/** A standing choice: a draft on top of the proposal, undoable until the round is settled. */
export const Choice = object({
  id: Id,
  caseNumber: CaseNumber,
  seat: Seat,
  kind: oneOf('lock', 'override', 'exclude', 'wait'),
  worker: nullable(WorkerName),
  reasonCode: nullable(Code),
  reasonText: nullable(Type.String()),
  unregisteredReason: nullable(Type.String()),
  setAside: Type.Array(Type.String()),
  acceptsExcess: Type.Boolean(),
  /** Of a choice above the hard limit in an open round. */
  approval: nullable(ChoiceApproval),
  /** Of an exclusion; null for the other kinds. */
  lasts: nullable(Lasts),
  /** The last day of an exclusion that lasts until a day. */
  untilOn: nullable(Day),
  /** Of a wait: the day on which the case is looked at again. */
  reviewOn: nullable(Day),
  tasks: Type.Array(WaitTask),
  by: nullable(Type.String()),
  at: Moment,
})

export const ChoiceInput = object({
  caseNumber: CaseNumber,
  seat: Seat,
  kind: Choice.properties.kind,
  /** null only for `wait`. */
  staffNumber: nullable(StaffNumber),
  ...Motivation,
  /** Of an exclusion; left out: this round only. */
  lasts: Type.Optional(nullable(Lasts)),
  /** With `until`: its last day. */
  untilOn: Type.Optional(nullable(Day)),
  /** Of a wait; left out: two weeks from today. */
  reviewOn: Type.Optional(nullable(Day)),
  /** Of a wait. */
  tasks: Type.Optional(Type.Array(WaitTask, { maxItems: 5, uniqueItems: true })),
})

/** Choices that stand or fall together and are judged as one change, for instance two cases that change places. */
export const ChoiceSet = object({ choices: Type.Array(ChoiceInput, { minItems: 1, maxItems: 20 }) })

export const SwapQuery = object({ first: CaseNumber, firstSeat: Seat, second: CaseNumber, secondSeat: Seat })

export type WaitTask = Static<typeof WaitTask>

export type ChoiceApproval = Static<typeof ChoiceApproval>

export type Choice = Static<typeof Choice>

export type ChoiceInput = Static<typeof ChoiceInput>

export type ChoiceSet = Static<typeof ChoiceSet>
