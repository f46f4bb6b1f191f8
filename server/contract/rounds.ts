import { type Static, Type } from 'typebox'
import { CriterionCode, Proposal, RuleCode, Seat } from '../../solver/problem/problem.ts'
import { CaseRow, Motivation } from './cases.ts'
import {
  CaseNumber,
  Code,
  Day,
  Id,
  LoadStatus,
  Moment,
  nullable,
  object,
  StaffNumber,
  Version,
  WorkerName,
} from './common.ts'
import { Basis, Turn } from './reports.ts'

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
  status: Type.Union([Type.Literal('open'), Type.Literal('settled'), Type.Literal('cancelled')]),
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

export const RunState = object({
  id: Id,
  state: Type.Union([
    Type.Literal('queued'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('cancelled'),
  ]),
  requestedAt: Moment,
  startedAt: nullable(Moment),
  finishedAt: nullable(Moment),
  timeLimitSeconds: Type.Integer(),
  /** Waiting: how many runs go before it, those that run now included; else null. */
  ahead: nullable(Type.Integer()),
  /** In the reader's language, with what to do. */
  error: nullable(Type.String()),
})

export type RunState = Static<typeof RunState>

/** How far a run is, as the live stream tells it (event `progress`). It is not kept. */
export const RunProgress = object({
  /** null: it deals out again what a team has, and is of no round. */
  roundId: nullable(Id),
  runId: Id,
  /**
   * What is being solved: 'placed.emergency' and the like (measure and class of cases), 'leavers', 'highestLoad', 'pointsMinusLoad', or
   * 'front' for the points of a trade-off; null: it has only begun.
   */
  level: nullable(Type.String()),
  /** Of that level, by the best answer so far: cases, days waited, a fraction of the norm, or points. */
  value: nullable(Type.Number()),
  /** No answer can be better; null: none is known yet. */
  bound: nullable(Type.Number()),
  /** Cases placed in the best answer so far; null: not known, or not to be seen before the team has looked itself. */
  placed: nullable(Type.Integer()),
  cases: Type.Integer(),
  /** Since this attempt began. */
  seconds: Type.Number(),
  /** How value and bound of this level came about: seconds, value, bound. */
  trail: Type.Array(Type.Tuple([Type.Number(), nullable(Type.Number()), nullable(Type.Number())])),
})
export type RunProgress = Static<typeof RunProgress>

/** What has to be done before a case that waits is looked at again; each shows in the signals until somebody resolves it. */
export const WaitTask = Type.Union([
  Type.Literal('requestData'),
  Type.Literal('findRoom'),
  Type.Literal('findCompetence'),
  Type.Literal('askOtherTeam'),
  Type.Literal('consult'),
])
export type WaitTask = Static<typeof WaitTask>

/** An exclusion: in this round only, until a last day, or for good. The last two stay with the case when it is settled. */
export const Lasts = Type.Union([Type.Literal('round'), Type.Literal('until'), Type.Literal('always')])

/**
 * What a second pair of eyes said of load above the hard limit. approved: up to `upTo`; lapsed: it comes to more than that
 * now, so it is asked again.
 */
export const ChoiceApproval = object({
  state: Type.Union([
    Type.Literal('pending'),
    Type.Literal('approved'),
    Type.Literal('lapsed'),
    Type.Literal('refused'),
  ]),
  by: nullable(Type.String()),
  at: nullable(Moment),
  reasonText: nullable(Type.String()),
  /** Shares of the norm: the highest that was agreed to, and what the plan comes to on today's tables. */
  upTo: nullable(Type.Number()),
  figure: nullable(Type.Number()),
})
export type ChoiceApproval = Static<typeof ChoiceApproval>

/** A standing choice: a draft on top of the proposal, undoable until the round is settled. */
export const Choice = object({
  id: Id,
  caseNumber: CaseNumber,
  seat: Seat,
  kind: Type.Union([
    Type.Literal('lock'),
    Type.Literal('override'),
    Type.Literal('exclude'),
    Type.Literal('wait'),
  ]),
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
export type Choice = Static<typeof Choice>

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
export type ChoiceInput = Static<typeof ChoiceInput>

/** Choices that stand or fall together and are judged as one change, for instance two cases that change places. */
export const ChoiceSet = object({ choices: Type.Array(ChoiceInput, { minItems: 1, maxItems: 20 }) })
export type ChoiceSet = Static<typeof ChoiceSet>

export const SwapQuery = object({ first: CaseNumber, firstSeat: Seat, second: CaseNumber, secondSeat: Seat })

/** A case that the team takes to its meeting. */
export const Discussion = object({ caseNumber: CaseNumber, by: nullable(Type.String()), at: Moment })

const LoadPoint = object({ hours: Type.Number(), workload: nullable(Type.Number()), status: LoadStatus })

/** One seat of the plan as it stands: the proposal with the choices laid over it. */
export const PlanLine = object({
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
  /** The worker's load before the round and with everything of this plan. */
  before: nullable(LoadPoint),
  after: nullable(LoadPoint),
  /** Not placed: the rules that block, as sentences. Chosen by people: what the choice sets aside. */
  messages: Type.Array(object({ rule: RuleCode, message: Type.String() })),
})
export type PlanLine = Static<typeof PlanLine>

export const PlanLoad = object({
  worker: WorkerName,
  normHours: Type.Number(),
  before: LoadPoint,
  after: LoadPoint,
  newCases: Type.Integer(),
  heavyBefore: Type.Integer(),
  heavyAfter: Type.Integer(),
})
export type PlanLoad = Static<typeof PlanLoad>

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
  lines: Type.Array(PlanLine),
  loads: Type.Array(PlanLoad),
  /** Of people who are in an earlier open round too: the hours per week that its plan gives them. */
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
  /** Without and with the plan, without any case that nobody knows of yet. */
  before: LoadPoint,
  after: LoadPoint,
  /** Where the load with the plan lies four times out of five, as fractions of the norm. */
  low: nullable(Type.Number()),
  high: nullable(Type.Number()),
  /** In hours, and exact: now + starting - ending + phases is the load before; with the plan it is that after. */
  parts: object({
    /** Seats that run today. */
    now: Type.Number(),
    /** Seats that are known to begin by then, and of today's those that end. */
    starting: Type.Number(),
    ending: Type.Number(),
    /** What changes of phase and endings usually do. */
    phases: Type.Number(),
    plan: Type.Number(),
  }),
})

/** What the plan of an open round does to everybody in some weeks. */
export const RoundOutlook = object({
  on: Day,
  /** What it rests on; not `enough`: only what is known counts, and phases stay as they are. */
  basis: Type.Pick(Basis, ['weeks', 'moves', 'enough']),
  /** `begun`: the seats of the plan run by then. */
  horizons: Type.Array(object({ weeks: Type.Integer(), day: Day, begun: Type.Boolean() })),
  /** `at` is in the order of `horizons`. */
  workers: Type.Array(object({ worker: WorkerName, at: Type.Array(Then) })),
  /** What is already known to change norm hours. */
  turns: Type.Array(Turn),
})
export type RoundOutlook = Static<typeof RoundOutlook>

const ContributionText = object({
  criterion: CriterionCode,
  label: Type.String(),
  value: Type.Number(),
  weight: Type.Number(),
  points: Type.Number(),
  reason: Type.String(),
  /** How the criterion is calculated, in one sentence. */
  method: Type.String(),
})

export const Alternative = object({
  worker: WorkerName,
  verdict: Type.Union([Type.Literal('allowed'), Type.Literal('aboveBand'), Type.Literal('notAllowed')]),
  current: Type.Boolean(),
  points: Type.Number(),
  /** Points less those of the worker in the plan; null when nobody is. */
  pointsDifference: nullable(Type.Number()),
  hours: Type.Number(),
  loadCost: Type.Number(),
  before: LoadPoint,
  after: LoadPoint,
  contributions: Type.Array(ContributionText),
  /** Broken rules as sentences; `setAside` says how people may go on all the same. */
  broken: Type.Array(
    object({
      rule: RuleCode,
      message: Type.String(),
      setAside: Type.Union([
        Type.Literal('never'),
        Type.Literal('motive'),
        Type.Literal('right'),
        Type.Literal('unregisteredException'),
      ]),
    }),
  ),
})
export type Alternative = Static<typeof Alternative>

/** What a swap does to both: who gets which seat, their load in the plan now and after, and the rules that it breaks. */
export const SwapEffect = Type.Array(
  object({
    caseNumber: CaseNumber,
    seat: Seat,
    worker: WorkerName,
    before: LoadPoint,
    after: LoadPoint,
    broken: Alternative.properties.broken,
  }),
)
export type SwapEffect = Static<typeof SwapEffect>

/** Everything about one seat, in the reader's language. */
export const Explanation = object({
  caseNumber: CaseNumber,
  seat: Seat,
  worker: nullable(WorkerName),
  /** One sentence: the two strongest reasons, the load, and the strongest drawback. */
  sentence: Type.String(),
  drawback: nullable(Type.String()),
  rules: Type.Array(object({ rule: RuleCode, passed: Type.Boolean(), message: Type.String() })),
  contributions: Type.Array(ContributionText),
  points: nullable(Type.Number()),
  loadCost: nullable(Type.Number()),
  before: nullable(LoadPoint),
  after: nullable(LoadPoint),
  /** By the strict levels, with everything else of the plan as it is; behind: with somebody else it is better. */
  margin: nullable(
    Type.Union([
      Type.Literal('clear'),
      Type.Literal('narrow'),
      Type.Literal('equal'),
      Type.Literal('behind'),
    ]),
  ),
  /** This worker's place among those who may have the case, by points less load cost. */
  rank: nullable(object({ place: Type.Integer(), of: Type.Integer() })),
  /** What was not known, and how it was counted. */
  unknowns: Type.Array(Type.String()),
  /** Best fit for this case first; those who may not have it last, still listed. */
  alternatives: Type.Array(Alternative),
  /** For a case that is not placed: the smallest single change that would place it, verified by solving. */
  relaxation: nullable(Type.String()),
})
export type Explanation = Static<typeof Explanation>

/** Every seat against every worker: row by row in the order of `lines`, cell by cell in the order of `workers`. */
export const RoundMatrix = object({
  workers: Type.Array(WorkerName),
  rows: Type.Array(
    object({
      caseNumber: CaseNumber,
      seat: Seat,
      /** Fit of this pair in points, whatever else the worker gets. */
      points: Type.Array(Type.Number()),
      /** What the rules say of this pair with the rest of the plan as it is. */
      verdicts: Type.Array(Alternative.properties.verdict),
    }),
  ),
})
export type RoundMatrix = Static<typeof RoundMatrix>

export const WhyNot = object({
  /**
   * mayNot: a rule forbids it; lower: it fits less well; neededElsewhere: it fits, but the whole round loses; equal: solving
   * again with this worker costs nothing; better: it gives a better plan than the one that stands; open: which of these it is
   * was not certain in time.
   */
  answer: Type.Union([
    Type.Literal('mayNot'),
    Type.Literal('lower'),
    Type.Literal('neededElsewhere'),
    Type.Literal('equal'),
    Type.Literal('better'),
    Type.Literal('open'),
  ]),
  sentence: Type.String(),
  /** mayNot: the rules, and how people may go on all the same. */
  broken: Alternative.properties.broken,
  /** lower: the one to three things that make the difference, in points, the largest first. */
  differences: Type.Array(object({ what: Type.String(), points: Type.Number() })),
  /** Not mayNot: what moves when this worker gets the seat and the rest is solved again, the seat itself included. */
  moves: Type.Array(
    object({ caseNumber: CaseNumber, seat: Seat, from: nullable(WorkerName), to: nullable(WorkerName) }),
  ),
  /** What solving again with this worker costs or brings by the strict levels, in one phrase; null: not solved, or not certain. */
  price: nullable(Type.String()),
  /** Points less load cost after solving again, less those of the plan; null: not solved, or not exact. */
  totalDifference: nullable(Type.Number()),
  /** Cases placed after solving again, less those of the plan; null: not solved, or not exact. */
  placedDifference: nullable(Type.Integer()),
  /** The price is proven; false: it is the least, on the level that decides. */
  exact: nullable(Type.Boolean()),
})
export type WhyNot = Static<typeof WhyNot>

export const Confirmation = object({
  /** true: settle the lines that hold and leave the others in a new draft; false: all or nothing. */
  partial: Type.Boolean(),
  /** Only these cases; left out: every case of the round. */
  cases: Type.Optional(Type.Array(CaseNumber, { minItems: 1, maxItems: 1000, uniqueItems: true })),
  /** What becomes of the cases that are not settled: they wait again, or go on in a new round at once. */
  rest: Type.Optional(Type.Union([Type.Literal('wait'), Type.Literal('newRound')])),
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
