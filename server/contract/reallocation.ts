import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CriterionCode, Phase, Proposal, Seat } from '../../solver/problem/problem.ts'
import { Motivation } from './cases.ts'
import { CaseNumber, Code, Day, Id, nullable, object, WorkerName } from './common.ts'
import { DraftLoad } from './rounds.ts'
import { RunState } from './runs.ts'

/**
 * Why a case stays where it is. The first four hold whatever anybody says: it is not this team's alone, or something about it
 * is under way. The last two are advice.
 */
export const Stay = oneOf('otherTeam', 'openSeat', 'inRound', 'ending', 'closing', 'recent')
export type Stay = Static<typeof Stay>

/** An open case of the team that somebody has, and whether it may move. */
export const HeldCase = object({
  caseNumber: CaseNumber,
  familyNumber: nullable(Type.String()),
  measures: Type.Array(Code),
  phase: nullable(Phase),
  children: nullable(Type.Integer()),
  seats: Type.Array(
    object({
      seat: Seat,
      worker: WorkerName,
      /** Hours per week on this day. */
      hours: Type.Number(),
      since: Day,
    }),
  ),
  stays: nullable(Stay),
  /** Nobody can have it moved here. */
  fixed: Type.Boolean(),
})
export type HeldCase = Static<typeof HeldCase>

/** A calculation that deals out again what a team has. It decides nothing. */
export const ReallocationRun = object({
  ...RunState.properties,
  requestedBy: nullable(Type.String()),
  rulebookVersion: nullable(Type.Integer()),
  /** As the rulebook of today names it. */
  profileName: nullable(Type.String()),
  movable: Type.Array(CaseNumber),
  /** Points that every move has to make up for. */
  moveCost: Type.Number(),
  withWaiting: Type.Boolean(),
})
export type ReallocationRun = Static<typeof ReallocationRun>

/** What a team has today, to choose from what may move. */
export const ReallocationStart = object({
  team: object({ id: Id, name: Type.String() }),
  cases: Type.Array(HeldCase),
  /** Cases of the team that wait and can be dealt out along with the rest. */
  waiting: Type.Integer(),
  workers: Type.Integer(),
  /** A case that came less than so many weeks ago stays, unless somebody says otherwise. */
  recentWeeks: Type.Integer(),
  /** So does one whose measures all end within so many weeks. */
  closingWeeks: Type.Integer(),
  profiles: Type.Array(object({ code: Code, name: Type.String(), text: Type.String() })),
  /** The newest calculation of this team. */
  run: nullable(ReallocationRun),
})
export type ReallocationStart = Static<typeof ReallocationStart>

export const ReallocationInput = object({
  movable: Type.Array(CaseNumber, { minItems: 1, maxItems: 3000, uniqueItems: true }),
  moveCost: Type.Number({ minimum: 0, maximum: 1000 }),
  withWaiting: Type.Boolean(),
  /** The day on which the moves would begin: loads, seats and people are those of that day. Left out: today. */
  startOn: Type.Optional(Day),
  profile: Code,
  timeLimitSeconds: Type.Integer({ minimum: 1, maximum: 300 }),
})
export type ReallocationInput = Static<typeof ReallocationInput>

const SeatOfCase = object({ caseNumber: CaseNumber, seat: Seat })

/** One seat that would go to somebody else. Points are against leaving this one seat where it is and all others as proposed. */
export const ProposedMove = object({
  ...SeatOfCase.properties,
  from: WorkerName,
  to: WorkerName,
  /** Hours per week of the seat, with who has it and with who would get it. */
  hoursBefore: Type.Number(),
  hours: Type.Number(),
  /** Why, in the reader's language. */
  sentence: Type.String(),
  /** By criterion, with both people; the differences add up to `gain.fit`. */
  contributions: Type.Array(
    object({
      criterion: CriterionCode,
      label: Type.String(),
      from: Type.Number(),
      to: Type.Number(),
      reason: Type.String(),
    }),
  ),
  /** Points: fit, less load cost, less what the move costs. They add up to `total`. */
  gain: object({ fit: Type.Number(), load: Type.Number(), move: Type.Number(), total: Type.Number() }),
  /** What goes along with it: the other seats of the case, and the cases of the same family. */
  together: Type.Array(SeatOfCase),
  /** open: nobody did anything yet. planned, done: it goes or went over. elsewhere: somebody else has it, or it was closed. */
  state: oneOf('open', 'planned', 'done', 'elsewhere'),
  /** planned, done: from which day. */
  since: nullable(Day),
})
export type ProposedMove = Static<typeof ProposedMove>

export const ReallocationResult = object({
  startOn: Day,
  band: object({ low: Type.Number(), high: Type.Number(), hardLimit: Type.Number() }),
  status: Proposal.properties.status,
  endedBy: Proposal.properties.endedBy,
  /** Of points less costs, as a share; 0 when proven best. */
  gap: Type.Number(),
  figures: object({
    cases: Type.Integer(),
    moves: Type.Integer(),
    highestLoadBefore: nullable(Type.Number()),
    highestLoadAfter: nullable(Type.Number()),
    aboveBandBefore: Type.Integer(),
    aboveBandAfter: Type.Integer(),
    /** Against leaving everything where it is; null: cases that waited are in it, so there is nothing to compare with. */
    gain: nullable(
      object({ fit: Type.Number(), load: Type.Number(), move: Type.Number(), total: Type.Number() }),
    ),
  }),
  moves: Type.Array(ProposedMove),
  /** Cases that waited and would get somebody. */
  placed: Type.Array(object({ ...SeatOfCase.properties, to: WorkerName, hours: Type.Number() })),
  /** Seats that nobody would have, with the rules that say so. */
  unplaced: Type.Array(
    object({ ...SeatOfCase.properties, from: nullable(WorkerName), messages: Type.Array(Type.String()) }),
  ),
  loads: Type.Array(DraftLoad),
  /** What changed in the inputs since, as sentences; moves that were made from here are not among them. */
  stale: Type.Array(Type.String()),
})
export type ReallocationResult = Static<typeof ReallocationResult>

export const ReallocationDetail = object({
  ...ReallocationRun.properties,
  /** null: it has not ended, or nothing came out. */
  result: nullable(ReallocationResult),
})
export type ReallocationDetail = Static<typeof ReallocationDetail>

/** Moves that people decide on, of one calculation; those that go together, together. */
export const MoveInput = object({
  moves: Type.Array(SeatOfCase, { minItems: 1, maxItems: 40, uniqueItems: true }),
  /** The first day with the new worker. */
  startOn: Day,
  ...Motivation,
})
export type MoveInput = Static<typeof MoveInput>

const teamParams = object({ id: Id })
const runParams = object({ id: Id, runId: Id })
const run = { tag: 'cases', params: runParams, may: 'case.allocate' } as const

export const reallocationEndpoints = {
  'GET /teams/:id/reallocation': {
    summary: 'What a team has today, and what of it may move',
    tag: 'cases',
    params: teamParams,
    reply: ReallocationStart,
    may: 'case.allocate',
  },
  'POST /teams/:id/reallocations': {
    summary: 'Calculate what the team has as if it were allocated anew; nothing is decided by it',
    tag: 'cases',
    params: teamParams,
    body: ReallocationInput,
    reply: ReallocationDetail,
    may: 'case.allocate',
    once: true,
    status: 202,
  },
  'GET /teams/:id/reallocations/:runId': {
    summary: 'One such calculation: the moves it proposes, and what happened to them',
    ...run,
    reply: ReallocationDetail,
  },
  'POST /teams/:id/reallocations/:runId/stop': {
    summary: 'End it and use the best it has',
    ...run,
    reply: ReallocationDetail,
    once: true,
  },
  'POST /teams/:id/reallocations/:runId/cancellation': {
    summary: 'End it and throw away what it has',
    ...run,
    reply: ReallocationDetail,
    once: true,
  },
  'POST /teams/:id/reallocations/:runId/moves': {
    summary: 'Give the proposed moves that somebody decided on to their new worker, from a day',
    ...run,
    body: MoveInput,
    reply: ReallocationDetail,
    once: true,
    status: 201,
  },
} as const
