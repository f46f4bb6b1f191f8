import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Proposal, RuleCode, Seat } from '../../solver/problem/problem.ts'
import { CaseRow } from './cases.ts'
import { Choice, ChoiceInput, ChoiceSet, SwapQuery } from './choices.ts'
import {
  CaseNumber,
  Code,
  Day,
  Done,
  Id,
  Moment,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { type Endpoint, LIST_BODY } from './endpoint.ts'
import { Explanation, LoadPoint, Standing, SwapEffect, WhyNot } from './explanations.ts'
import { idParams, roundCase, seatQuery } from './params.ts'
import { Basis, Turn } from './reports.ts'
import { RunState } from './runs.ts'

export const RoundInput = object({
  teamIds: Type.Array(Id, { minItems: 1, maxItems: 50, uniqueItems: true }),
  caseNumbers: Type.Array(CaseNumber, { minItems: 1, maxItems: 1000, uniqueItems: true }),
  /** Workers who take part; null: everybody of these teams who is in service. */
  staffNumbers: nullable(Type.Array(StaffNumber, { minItems: 1, maxItems: 2000, uniqueItems: true })),
  /** The day the allocations start; every load is measured on it. */
  startOn: Day,
  /** Code of a profile of the rulebook that holds on the start date. */
  profile: Code,
})
export type RoundInput = Static<typeof RoundInput>

/** What comes into an open round and what goes. */
export const RoundCasesInput = object({
  take: Type.Array(CaseNumber, { maxItems: 1000, uniqueItems: true }),
  letGo: Type.Array(CaseNumber, { maxItems: 1000, uniqueItems: true }),
})

/** The check before the run: what would block, what is unknown, and does it fit at all. */
export const Preflight = object({
  demandHours: Type.Number(),
  /** Of these, the hours of cases that nobody may have. */
  blockedHours: Type.Number(),
  /** Of the others, what does not fit into the room of those who may have them. */
  unmetHours: Type.Number(),
  /** Hours until the top of the band of those who may have at least one of these cases, and how many of them have any. */
  roomHours: Type.Number(),
  workersWithRoom: Type.Integer(),
  /** Room of people who may have none of them, by what stops them at most of the seats. */
  roomElsewhere: Type.Array(
    object({ rule: RuleCode, hours: Type.Number(), workers: Type.Integer(), message: Type.String() }),
  ),
  cases: Type.Array(
    object({
      caseNumber: CaseNumber,
      /** Who may have it on its own; of a pair, who may have the seat that fewest may have. */
      eligibleWorkers: Type.Integer(),
      /** That seat; null: no pair. */
      seat: nullable(Seat),
      /** When nobody is eligible: the rules that stop the workers, most workers first, as sentences. */
      blocked: Type.Array(object({ rule: RuleCode, workers: Type.Integer(), message: Type.String() })),
      missing: Type.Array(Type.String()),
    }),
  ),
  workersWithoutPreferences: Type.Integer(),
  workersAway: Type.Integer(),
})
export type Preflight = Static<typeof Preflight>

export const RoundRow = object({
  id: Id,
  status: oneOf('open', 'settled', 'cancelled'),
  startOn: Day,
  teams: Type.Array(Type.String()),
  cases: Type.Integer(),
  placed: nullable(Type.Integer()),
  deviations: Type.Integer(),
  createdAt: Moment,
  createdBy: nullable(Type.String()),
  settledAt: nullable(Moment),
  settledBy: nullable(Type.String()),
})

/** Who had a seat in the outcome that somebody agreed with; null: nobody. */
export const AgreedSeat = object({ seat: Seat, staffNumber: nullable(StaffNumber), waits: Type.Boolean() })
export type AgreedSeat = Static<typeof AgreedSeat>

/** A case that the reader agreed with, and with which outcome. */
export const Agreement = object({ caseNumber: CaseNumber, seats: Type.Array(AgreedSeat) })
export type Agreement = Static<typeof Agreement>

/** A case that the team takes to its meeting. */
export const Discussion = object({ caseNumber: CaseNumber, by: nullable(Type.String()), at: Moment })

/** One seat of the draft as it stands: the proposal with the choices laid over it. */
export const DraftLine = object({
  caseNumber: CaseNumber,
  seat: Seat,
  /** What the calculation proposed; null: not placed. */
  proposed: nullable(WorkerName),
  /** What holds now. */
  worker: nullable(WorkerName),
  locked: Type.Boolean(),
  deviates: Type.Boolean(),
  waits: Type.Boolean(),
  hours: Type.Number(),
  points: nullable(Type.Number()),
  loadCost: nullable(Type.Number()),
  /** The worker's load before the round and with everything of this draft. */
  before: nullable(LoadPoint),
  after: nullable(LoadPoint),
  /** Not placed: the rules that block, as sentences. Chosen by people: what the choice sets aside. */
  messages: Type.Array(object({ rule: RuleCode, message: Type.String() })),
})
export type DraftLine = Static<typeof DraftLine>

export const DraftLoad = object({
  worker: WorkerName,
  normHours: Type.Number(),
  before: LoadPoint,
  after: LoadPoint,
  newCases: Type.Integer(),
  heavyBefore: Type.Integer(),
  heavyAfter: Type.Integer(),
})
export type DraftLoad = Static<typeof DraftLoad>

export const RoundDetail = object({
  id: Id,
  status: RoundRow.properties.status,
  version: Version,
  startOn: Day,
  profile: Code,
  /** As the rulebook of the round names it, in the reader's language. */
  profileName: Type.String(),
  seed: Type.Integer(),
  rulebookVersion: Type.Integer(),
  band: object({ low: Type.Number(), high: Type.Number(), hardLimit: Type.Number() }),
  teams: Type.Array(object({ id: Id, name: Type.String() })),
  createdAt: Moment,
  createdBy: nullable(Type.String()),
  settledAt: nullable(Moment),
  settledBy: nullable(Type.String()),
  cases: Type.Array(CaseRow),
  /**
   * Cases that are in none of the other lists and figures: the team looks first, and has still to give its own view of them.
   */
  unseen: Type.Array(CaseNumber),
  workers: Type.Array(WorkerName),
  run: nullable(RunState),
  /** Of the newest proposal. */
  solution: nullable(
    object({
      proposalId: Id,
      ...Type.Omit(Proposal, ['format', 'lines', 'loads']).properties,
    }),
  ),
  lines: Type.Array(DraftLine),
  loads: Type.Array(DraftLoad),
  /** Of people who are in an earlier open round too: the hours per week that its draft gives them. */
  elsewhere: Type.Array(
    object({
      worker: WorkerName,
      hours: Type.Number(),
      /** null: a round that the reader may not read; of several such rounds the hours together. */
      roundId: nullable(Id),
      /** It begins by the start date of this round, so the hours are in every load here. */
      begun: Type.Boolean(),
    }),
  ),
  choices: Type.Array(Choice),
  /** Cases to take to the meeting, in the order in which they were named. */
  discuss: Type.Array(Discussion),
  /** Which cases came in and went since the round was made: the newest first. */
  casesChanged: Type.Array(
    object({
      at: Moment,
      by: nullable(Type.String()),
      taken: Type.Array(CaseNumber),
      letGo: Type.Array(CaseNumber),
    }),
  ),
  /** What changed in the inputs since the newest proposal was calculated, as sentences; empty when it is fresh. */
  stale: Type.Array(Type.String()),
  /** The same in one sentence: of how many workers and cases; null when it is fresh. */
  staleInShort: nullable(Type.String()),
  /** Choices made after the newest calculation, so not yet reckoned with. */
  choicesSinceRun: Type.Integer(),
  figures: object({
    placed: Type.Integer(),
    cases: Type.Integer(),
    children: Type.Integer(),
    highestLoadBefore: nullable(Type.Number()),
    highestLoadAfter: nullable(Type.Number()),
    aboveBandBefore: Type.Integer(),
    aboveBandAfter: Type.Integer(),
    deviations: Type.Integer(),
    /** Wishes ("rather" or "learn") met, of the seats where the worker had one that applies. */
    wishesMet: Type.Integer(),
    wishesThatApply: Type.Integer(),
    continuityMet: Type.Integer(),
    continuityPossible: Type.Integer(),
  }),
})
export type RoundDetail = Static<typeof RoundDetail>

const Then = object({
  normHours: Type.Number(),
  /** Without and with the draft, without any case that nobody knows of yet. */
  before: LoadPoint,
  after: LoadPoint,
  /** Where the load with the draft lies four times out of five, as fractions of the norm. */
  low: nullable(Type.Number()),
  high: nullable(Type.Number()),
  /** In hours, and exact: now + starting - ending + phases is the load before; with the draft it is that after. */
  parts: object({
    /** Seats that run today. */
    now: Type.Number(),
    /** Seats that are known to begin by then, and of today's those that end. */
    starting: Type.Number(),
    ending: Type.Number(),
    /** What changes of phase and endings usually do. */
    phases: Type.Number(),
    draft: Type.Number(),
  }),
})

/** What the draft of an open round does to everybody in some weeks. */
export const RoundOutlook = object({
  on: Day,
  /** What it rests on; not `enough`: only what is known counts, and phases stay as they are. */
  basis: Type.Pick(Basis, ['weeks', 'moves', 'enough']),
  /** `begun`: the seats of the draft run by then. */
  horizons: Type.Array(object({ weeks: Type.Integer(), day: Day, begun: Type.Boolean() })),
  /** `at` is in the order of `horizons`. */
  workers: Type.Array(object({ worker: WorkerName, at: Type.Array(Then) })),
  /** What is already known to change norm hours. */
  turns: Type.Array(Turn),
})
export type RoundOutlook = Static<typeof RoundOutlook>

/** Every seat against every worker: row by row in the order of `lines`, cell by cell in the order of `workers`. */
export const RoundMatrix = object({
  workers: Type.Array(WorkerName),
  rows: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      /** Fit of this pair in points, whatever else the worker gets. */
      points: Type.Array(Type.Number()),
      /** What the rules say of this pair with the rest of the draft as it is. */
      standings: Type.Array(Standing),
    }),
  ),
})
export type RoundMatrix = Static<typeof RoundMatrix>

export const Confirmation = object({
  /** true: settle the lines that hold and leave the others in a new draft; false: all or nothing. */
  partial: Type.Boolean(),
  /** Only these cases; left out: every case of the round. */
  cases: Type.Optional(Type.Array(CaseNumber, { minItems: 1, maxItems: 1000, uniqueItems: true })),
  /** What becomes of the cases that are not settled: they wait again, or go on in a new round at once. */
  rest: Type.Optional(oneOf('wait', 'newRound')),
})

export const RoundResult = object({
  roundId: Id,
  settledAt: Moment,
  settledBy: nullable(Type.String()),
  startOn: Day,
  decisions: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      kind: Type.String(),
      worker: nullable(WorkerName),
      proposed: nullable(WorkerName),
      hours: nullable(Type.Number()),
      loadBefore: nullable(Type.Number()),
      loadAfter: nullable(Type.Number()),
      reasonCode: nullable(Code),
      reasonText: nullable(Type.String()),
      decidedBy: nullable(Type.String()),
      acceptsExcess: Type.Boolean(),
      /** Of a case that waits: the day on which it is looked at again. */
      reviewOn: nullable(Day),
      /** What the worker answered, or what the team decided about without that. */
      answer: nullable(Type.String()),
      withdrawn: nullable(
        object({ at: Moment, by: nullable(Type.String()), reason: nullable(Type.String()) }),
      ),
    }),
  ),
  /** The round in which the cases that were not settled went on. */
  nextRoundId: nullable(Id),
  /** Cases of this round that nobody got and that went on in no other: decided to wait, without anybody who could, or refused. */
  waiting: Type.Array(CaseNumber),
  /** Lines refused in a partial settlement; they wait again. */
  refused: Type.Array(object({ caseNumber: CaseNumber, seat: Seat, message: Type.String() })),
})
export type RoundResult = Static<typeof RoundResult>

export const roundEndpoints = {
  'GET /rounds': {
    summary: 'Rounds in scope, newest first',
    tag: 'rounds',
    reply: Type.Array(RoundRow),
    may: 'round.read',
  },
  'POST /rounds/preflight': {
    summary: 'Check a round before it is made',
    tag: 'rounds',
    body: RoundInput,
    reply: Preflight,
    may: 'round.compose',
    bodyLimit: LIST_BODY,
  },
  'POST /rounds': {
    summary: 'Make a round and start its first run',
    tag: 'rounds',
    body: RoundInput,
    reply: object({ id: Id }),
    may: 'round.compose',
    once: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id': {
    summary: 'A round with its newest proposal and the choices on top',
    tag: 'rounds',
    params: idParams,
    reply: RoundDetail,
    may: 'round.read',
  },
  'POST /rounds/:id/runs': {
    summary: 'Calculate again, around the choices',
    tag: 'rounds',
    params: idParams,
    body: object({ timeLimitSeconds: Type.Integer({ minimum: 1, maximum: 300 }) }),
    reply: RunState,
    may: 'round.compose',
    once: true,
    ifMatch: true,
    status: 202,
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/runs/:runId/stop': {
    summary: 'Stop a run and use the best it has',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: RunState,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'POST /rounds/:id/runs/:runId/cancellation': {
    summary: 'End a run and throw away what it has',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: RunState,
    may: 'round.choose',
    once: true,
    status: 202,
  },
  'GET /rounds/:id/cases/:caseNumber/explanation': {
    summary: 'Why this worker, and who else',
    tag: 'rounds',
    params: roundCase,
    query: seatQuery,
    reply: Explanation,
    may: 'round.read',
  },
  'GET /rounds/:id/outlook': {
    summary: 'What the draft does to everybody in some weeks',
    tag: 'rounds',
    params: idParams,
    reply: RoundOutlook,
    may: 'round.read',
  },
  'GET /rounds/:id/matrix': {
    summary: 'Every seat of the round against every worker: points, and whether the rules allow it',
    tag: 'rounds',
    params: idParams,
    reply: RoundMatrix,
    may: 'round.read',
  },
  'GET /rounds/:id/cases/:caseNumber/why-not': {
    summary: 'Why not this other worker',
    tag: 'rounds',
    params: roundCase,
    query: object({ worker: StaffNumber, seat: Type.Optional(Seat) }),
    reply: WhyNot,
    may: 'round.read',
  },
  'POST /rounds/:id/choices': {
    summary: 'Lock, choose another worker, exclude, or let wait: a draft',
    tag: 'rounds',
    params: idParams,
    body: ChoiceInput,
    reply: RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/choices/together': {
    summary: 'Several choices as one change, judged together: all of them stand, or none',
    tag: 'rounds',
    params: idParams,
    body: ChoiceSet,
    reply: RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/swap': {
    summary: 'What it does when two cases change places',
    tag: 'rounds',
    params: idParams,
    query: SwapQuery,
    reply: SwapEffect,
    may: 'round.read',
  },
  'PUT /rounds/:id/cases': {
    summary:
      'Take waiting cases into an open round and let others go; the proposal is out of date after that',
    tag: 'rounds',
    params: idParams,
    body: RoundCasesInput,
    reply: RoundDetail,
    may: 'round.compose',
    ifMatch: true,
    bodyLimit: LIST_BODY,
  },
  'PUT /rounds/:id/cases/:caseNumber/discussion': {
    summary: 'Take a case to the meeting, or no longer',
    tag: 'rounds',
    params: roundCase,
    body: object({ on: Type.Boolean() }),
    reply: Type.Array(Discussion),
    may: 'round.choose',
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/agreements': {
    summary: 'The cases of a round that you agreed with while going through it; those of others are not told',
    tag: 'rounds',
    params: idParams,
    reply: Type.Array(Agreement),
    may: 'round.read',
  },
  'PUT /rounds/:id/cases/:caseNumber/agreement': {
    summary: 'Keep with which outcome of a case you agree; no seats: with none any more',
    tag: 'rounds',
    params: roundCase,
    body: object({ seats: Type.Array(AgreedSeat, { maxItems: 2 }) }),
    reply: Type.Array(Agreement),
    may: 'round.choose',
  },
  'DELETE /rounds/:id/choices/:choiceId': {
    summary: 'Undo a choice',
    tag: 'rounds',
    params: object({ id: Id, choiceId: Id }),
    reply: RoundDetail,
    may: 'round.choose',
    ifMatch: true,
  },
  'POST /rounds/:id/confirmation': {
    summary: 'Confirm the round: choices become decisions and allocations',
    tag: 'rounds',
    params: idParams,
    body: Confirmation,
    reply: RoundResult,
    may: 'round.settle',
    once: true,
    ifMatch: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/result': {
    summary: 'What was decided in a confirmed round',
    tag: 'rounds',
    params: idParams,
    reply: RoundResult,
    may: 'round.read',
  },
  'POST /rounds/:id/cancellation': {
    summary: 'Cancel an open round; its cases wait again',
    tag: 'rounds',
    params: idParams,
    reply: Done,
    may: 'round.compose',
    once: true,
    ifMatch: true,
  },
} as const satisfies Record<string, Endpoint>
