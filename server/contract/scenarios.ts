import { type Static, Type } from 'typebox'
import { type LevelName, levelNames } from '../../solver/explain/worth.ts'
import { Change, Changes } from '../../solver/problem/changes.ts'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Proposal, RuleCode, Seat } from '../../solver/problem/problem.ts'
import { Motivation } from './cases.ts'
import { CaseNumber, Done, Id, Name, nullable, object, WorkerName } from './common.ts'
import { type Endpoint, LIST_BODY } from './endpoint.ts'
import { Alternative } from './explanations.ts'
import { idParams, roundCase, seatQuery } from './params.ts'
import { DraftLine, DraftLoad, RoundDetail } from './rounds.ts'
import { RunState } from './runs.ts'

/** A seat that somebody else gets than in the draft; null: nobody. */
export const Move = object({
  caseNumber: CaseNumber,
  seat: Seat,
  from: nullable(WorkerName),
  to: nullable(WorkerName),
})
export type Move = Static<typeof Move>

/**
 * What something costs against the draft as it stands, on the strict levels: a difference in an earlier field counts for more
 * than any difference in a later one. Positive is better.
 */
export const Price = object({
  /** Where they differ, most important first: the first one decides, whatever the others say. */
  levels: Type.Array(
    object({
      level: Type.Unsafe<LevelName>({
        type: 'string',
        enum: levelNames({ lowestMaximumFirst: true, leaving: { fewest: true }, evenLoads: true }),
      }),
      /** More or fewer: cases, days, percentage points, points. */
      difference: Type.Number(),
      better: Type.Boolean(),
    }),
  ),
  /** The same in one phrase; with `exact` false "at least". */
  text: Type.String(),
  emergencies: Type.Integer(),
  placed: Type.Integer(),
  /** In percentage points; null when the rulebook does not put the highest load first. */
  highestLoad: nullable(Type.Number()),
  /** Points less load cost, more or fewer. */
  points: Type.Number(),
})
export type Price = Static<typeof Price>

/** A rule that breaks when only this seat changes hands: on this seat, or on another one because of it. */
const Breach = object({
  caseNumber: CaseNumber,
  seat: Seat,
  rule: RuleCode,
  message: Type.String(),
  setAside: Alternative.properties.broken.items.properties.setAside,
})

export const PricedAlternative = object({
  worker: WorkerName,
  verdict: Alternative.properties.verdict,
  /** The worker who has the seat in the draft now. */
  current: Type.Boolean(),
  /** Only this seat goes to this worker; everything else stays as it is. Exact. */
  swapAlone: object({ ...Price.properties, breaks: Type.Array(Breach) }),
  /**
   * This worker gets the seat and all the rest is solved again. null: this worker may not have the seat, nobody could have
   * the other seat of the case then, or the time was up before the price was known (see `complete`).
   */
  solvedAgain: nullable(
    object({
      ...Price.properties,
      /** true: proven, the price is exact. false: the least that it costs or brings, on the level that decides. */
      exact: Type.Boolean(),
      /** What moves along, this seat included. */
      moves: Type.Array(Move),
      /** The price and the chain of moves in one sentence. */
      sentence: Type.String(),
    }),
  ),
})
export type PricedAlternative = Static<typeof PricedAlternative>

/** The alternatives for one seat with their two prices: least loss after solving again first, then by swap alone. */
export const Alternatives = object({
  caseNumber: CaseNumber,
  seat: Seat,
  /** How clear the choice of the draft is, by the price of the best other worker; null: nobody in the seat, or not known in time. */
  margin: nullable(
    Type.Union([
      Type.Literal('clear'),
      Type.Literal('narrow'),
      Type.Literal('equal'),
      /** Solving again with another worker gives a better draft than the one that stands. */
      Type.Literal('behind'),
      /** Nobody else may have the seat. */
      Type.Literal('only'),
    ]),
  ),
  /** Points that the best other worker costs; null when it costs a placed case, or nobody else may. */
  marginPoints: nullable(Type.Number()),
  /** The margin in one sentence. */
  marginSentence: nullable(Type.String()),
  alternatives: Type.Array(PricedAlternative),
  /** Everybody who may have the seat was solved again. */
  complete: Type.Boolean(),
  milliseconds: Type.Integer(),
})
export type Alternatives = Static<typeof Alternatives>

/** One thing that people may change so that the case is placed, verified by solving with it. */
export const Relaxation = object({
  kind: Type.Union([
    /** Nothing has to change: solving again places it. */
    Type.Literal('recalculate'),
    /** The team takes back a choice: that the case waits, that a worker is ruled out, or a seat that was fixed. */
    Type.Literal('liftWait'),
    Type.Literal('liftExclusion'),
    Type.Literal('liftLock'),
    /** People fix the seat and set this `rule` aside. */
    Type.Literal('setAside'),
    /** A worker gets so many hours more room. */
    Type.Literal('extraRoom'),
    /** A competence that is required becomes wanted. */
    Type.Literal('competenceWanted'),
  ]),
  rule: nullable(RuleCode),
  sentence: Type.String(),
  /** Whom it concerns; null: nobody in particular. */
  worker: nullable(WorkerName),
  /** How people allow it: a choice of their own, a motive, a recorded exception, or somebody with that right. */
  by: Type.Union([
    Type.Literal('choice'),
    Type.Literal('motive'),
    Type.Literal('unregisteredException'),
    Type.Literal('right'),
    /** Outside the round: the hours of a worker, or what the case asks. */
    Type.Literal('facts'),
  ]),
  /** The same as data: to start a what-if with. */
  changes: Type.Array(Change),
  ...Price.properties,
  exact: Type.Boolean(),
  moves: Type.Array(Move),
})
export type Relaxation = Static<typeof Relaxation>

/** What would place a case that is not placed. */
export const Relaxations = object({
  caseNumber: CaseNumber,
  /** The rules that keep it empty, with how many workers each stops first, as sentences. */
  blocked: Type.Array(
    object({
      seat: Seat,
      rule: RuleCode,
      /** What the case lacks when this stood in the way. */
      lacks: nullable(oneOf('room', 'skill')),
      workers: Type.Integer(),
      message: Type.String(),
    }),
  ),
  /** Smallest first; the order of smallness is in docs/solver.md. Empty: no single change places it. */
  ways: Type.Array(Relaxation),
  /** It can be placed as it is, at the price of other cases: needed elsewhere. null: it cannot, or nothing is lost. */
  trade: nullable(
    object({
      sentence: Type.String(),
      worker: WorkerName,
      /** The cases that wait instead. */
      displaced: Type.Array(CaseNumber),
      ...Price.properties,
      exact: Type.Boolean(),
      moves: Type.Array(Move),
    }),
  ),
  /** Every candidate was tried. */
  complete: Type.Boolean(),
})
export type Relaxations = Static<typeof Relaxations>

/** What a run comes to; loads are fractions of the norm, as in the figures of a round. */
export const RunFigures = object({
  ...RoundDetail.properties.figures.properties,
  /** The lowest load after, among those with norm hours. */
  lowestLoadAfter: nullable(Type.Number()),
  /** Of everything that is filled. */
  points: Type.Number(),
  loadCost: Type.Number(),
  /** Points less load cost. */
  value: Type.Number(),
})
export type RunFigures = Static<typeof RunFigures>

export const RunKind = Type.Union([
  /** A calculation of the round; the newest one is its proposal. */
  Type.Literal('round'),
  /** The same with something supposed; never the proposal of the round. */
  Type.Literal('whatIf'),
  /** The trade-off between fit and highest load: several proposals. */
  Type.Literal('front'),
])

export const RunRow = object({
  ...RunState.properties,
  kind: RunKind,
  name: nullable(Type.String()),
  requestedBy: nullable(Type.String()),
  /** Null: from before it was kept. */
  rulebookVersion: nullable(Type.Integer()),
  /** This is the proposal that the round shows. */
  standing: Type.Boolean(),
  /** What was supposed, as sentences. */
  changes: Type.Array(Type.String()),
  /** Of a run that is done; of a front: of none. */
  figures: nullable(RunFigures),
  status: nullable(Proposal.properties.status),
})
export type RunRow = Static<typeof RunRow>

/** One point of the trade-off: nobody can have more points at this highest load or less. */
export const FrontPoint = object({
  /** Its number in this run, from 0: lowest highest load first. To compare and to take over. */
  point: Type.Integer(),
  /** equal: the lowest highest load; balanced: the most points less load cost; preference: the most points. */
  names: Type.Array(oneOf('equal', 'balanced', 'preference')),
  /** Highest load among those who get something that people did not fix, in percent of the norm. */
  highestLoad: Type.Number(),
  points: Type.Number(),
  /** Proven: with this highest load or less no more points can be had. */
  proven: Type.Boolean(),
  figures: RunFigures,
  /** The step from the point before, in one sentence; null for the first. */
  step: nullable(Type.String()),
})
export type FrontPoint = Static<typeof FrontPoint>

export const RunDetail = object({
  ...RunRow.properties,
  /** As they were asked, as data. */
  changeList: Type.Array(Change),
  /** Empty while it is not done; of a front: of none. */
  lines: Type.Array(DraftLine),
  loads: Type.Array(DraftLoad),
  /** Points of a front that is done. */
  front: nullable(
    object({
      points: Type.Array(FrontPoint),
      /** The standing proposal on the same two measures. */
      standing: nullable(object({ highestLoad: Type.Number(), points: Type.Number() })),
      /** All of the asked number were calculated. */
      complete: Type.Boolean(),
    }),
  ),
})
export type RunDetail = Static<typeof RunDetail>

export const WhatIfInput = object({
  name: nullable(Name),
  changes: Changes,
  timeLimitSeconds: Type.Integer({ minimum: 1, maximum: 300 }),
})
export type WhatIfInput = Static<typeof WhatIfInput>

export const FrontInput = object({
  name: nullable(Name),
  /** How many points at most. */
  points: Type.Integer({ minimum: 3, maximum: 15 }),
  /** Clamp: nobody above this highest load, percent of the norm. */
  highestLoadAtMost: nullable(Type.Number({ minimum: 0, maximum: 1000 })),
  /** Clamp: only points of the front with at least so many points. */
  pointsAtLeast: nullable(Type.Number({ minimum: -1_000_000, maximum: 1_000_000 })),
  timeLimitSeconds: Type.Integer({ minimum: 1, maximum: 300 }),
})
export type FrontInput = Static<typeof FrontInput>

/** Two to four runs: '12,15'. A point of a front is its run and its number: '12,15:3'. The first is what others are held against. */
export const ComparisonQuery = object({
  runs: Type.String({ pattern: '^[1-9]\\d{0,8}(:\\d{1,2})?(,[1-9]\\d{0,8}(:\\d{1,2})?){1,3}$' }),
})

/** Several runs side by side; every list of values is in the order of `runs`. */
export const Comparison = object({
  runs: Type.Array(object({ ...RunRow.properties, point: nullable(Type.Integer()) })),
  /** Positions in `runs` of the best by the strict levels, all of them in order; empty when they are alike. */
  best: Type.Array(Type.Integer()),
  figures: Type.Array(
    object({
      code: Type.String(),
      label: Type.String(),
      /** percent: of the norm, with one decimal. */
      unit: oneOf('count', 'percent', 'points'),
      values: Type.Array(nullable(Type.Number())),
      /**
       * Positions in `runs` of those that are best here, where it decides: the figure is a strict level, and it tells apart runs
       * that are as good on every level before it. Empty for every other figure.
       */
      best: Type.Array(Type.Integer()),
    }),
  ),
  /** Only the seats that are not the same in all of them. null: nobody. */
  lines: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      workers: Type.Array(nullable(WorkerName)),
      /** Points of the pair; null where nobody is. */
      points: Type.Array(nullable(Type.Number())),
      /** The case is not part of that run. */
      absent: Type.Array(Type.Boolean()),
    }),
  ),
  /** Only the workers whose load is not the same in all of them; percent of the norm after the round. */
  loads: Type.Array(object({ worker: WorkerName, after: Type.Array(nullable(Type.Number())) })),
  /** For every run but the first: what in its inputs is not as in the first, as sentences. */
  inputs: Type.Array(object({ run: Id, changes: Type.Array(Type.String()) })),
})
export type Comparison = Static<typeof Comparison>

/**
 * Makes the draft as in another run: a choice for every seat that differs. A seat that gets its own proposed worker back loses
 * its choice; one that nobody gets waits. All of it is judged together on today's tables, with one motivation for all.
 */
export const TakeOver = object({
  runId: Id,
  /** The point of a front; null for other runs. */
  point: nullable(Type.Integer({ minimum: 0, maximum: 99 })),
  /** Only these seats; null: every seat that differs. */
  seats: nullable(
    Type.Array(object({ caseNumber: CaseNumber, seat: Seat }), {
      minItems: 1,
      maxItems: 4000,
      uniqueItems: true,
    }),
  ),
  ...Motivation,
})
export type TakeOver = Static<typeof TakeOver>

export const scenarioEndpoints = {
  'GET /rounds/:id/cases/:caseNumber/alternatives': {
    summary: 'Everybody for one seat with two prices: this swap alone, and the rest solved again',
    tag: 'rounds',
    params: roundCase,
    query: seatQuery,
    reply: Alternatives,
    may: 'round.read',
  },
  'GET /rounds/:id/cases/:caseNumber/ways': {
    summary: 'What would get a case allocated for which nobody was found',
    tag: 'rounds',
    params: roundCase,
    reply: Relaxations,
    may: 'round.read',
  },
  'GET /rounds/:id/runs': {
    summary: 'The runs of a round and what they come to, newest first',
    tag: 'rounds',
    params: idParams,
    reply: Type.Array(RunRow),
    may: 'round.read',
  },
  'GET /rounds/:id/runs/:runId': {
    summary: 'One run: what was supposed, and what came out',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: RunDetail,
    may: 'round.read',
  },
  'DELETE /rounds/:id/runs/:runId': {
    summary: 'Throw away a what-if or a trade-off',
    tag: 'rounds',
    params: object({ id: Id, runId: Id }),
    reply: Done,
    may: 'round.choose',
  },
  'POST /rounds/:id/what-ifs': {
    summary: 'Calculate the round with something supposed; the round itself stays as it is',
    tag: 'rounds',
    params: idParams,
    body: WhatIfInput,
    reply: RunRow,
    may: 'round.choose',
    once: true,
    status: 202,
    bodyLimit: LIST_BODY,
  },
  'POST /rounds/:id/fronts': {
    summary: 'Calculate the trade-off between fit and highest load',
    tag: 'rounds',
    params: idParams,
    body: FrontInput,
    reply: RunRow,
    may: 'round.choose',
    once: true,
    status: 202,
    bodyLimit: LIST_BODY,
  },
  'GET /rounds/:id/comparison': {
    summary: 'Two to four runs side by side',
    tag: 'rounds',
    params: idParams,
    query: ComparisonQuery,
    reply: Comparison,
    may: 'round.read',
  },
  'POST /rounds/:id/take-over': {
    summary: 'Make choices so that the draft is as in another run, wholly or for some seats',
    tag: 'rounds',
    params: idParams,
    body: TakeOver,
    reply: RoundDetail,
    may: 'round.choose',
    once: true,
    ifMatch: true,
    status: 201,
    bodyLimit: LIST_BODY,
  },
} as const satisfies Record<string, Endpoint>
