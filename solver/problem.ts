/**
 * The language of the engine: a Problem goes in, a Proposal comes out. Both are plain JSON, so that a proposal can be
 * solved and checked again years later from the stored text alone.
 *
 * Units: hours are hours per week with at most two decimals; percentages are fractions of the norm (0.9 is 90 %);
 * dates are ISO days ('2026-11-24'); points are plain numbers that add up to the shown total.
 * Ids are the numbers people use: case numbers and staff numbers.
 */
import { type Static, Type } from 'typebox'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Code = Type.String({ minLength: 1, maxLength: 60 })
const Id = Type.String({ minLength: 1, maxLength: 60 })
const Hours = Type.Number({ minimum: 0, maximum: 1000 })
const Fraction = Type.Number({ minimum: 0, maximum: 10 })
const strict = { additionalProperties: false }

export const Seat = Type.Union([Type.Literal('primary'), Type.Literal('second')])
export type Seat = Static<typeof Seat>

export const Urgency = Type.Union([Type.Literal('emergency'), Type.Literal('high'), Type.Literal('normal')])
export type Urgency = Static<typeof Urgency>

export const Phase = Type.Union([Type.Literal('begin'), Type.Literal('middle'), Type.Literal('end')])
export type Phase = Static<typeof Phase>

export const CompetenceNeed = Type.Object(
  {
    competence: Code,
    level: Type.Integer({ minimum: 1, maximum: 5 }),
    need: Type.Union([Type.Literal('required'), Type.Literal('wanted')]),
  },
  strict,
)
export type CompetenceNeed = Static<typeof CompetenceNeed>

export const ProblemCase = Type.Object(
  {
    id: Id,
    urgency: Urgency,
    /** Days waited at the reference date; with equal urgency the longest waiting comes first. */
    waitingDays: Type.Integer({ minimum: 0, maximum: 36500 }),
    /** Hours per week of each seat without travel; `second` only where a duo is needed. */
    hours: Type.Object({ primary: Hours, second: Type.Optional(Hours) }, strict),
    children: Type.Integer({ minimum: 0, maximum: 30 }),
    measures: Type.Array(Code, { maxItems: 20 }),
    phase: Phase,
    /** Ways of working that the case asks for; absent means none. */
    methods: Type.Optional(Type.Array(Code, { maxItems: 20 })),
    factors: Type.Array(Code, { maxItems: 50 }),
    /** A threat makes a duo compulsory. */
    threat: Type.Boolean(),
    duo: Type.Boolean(),
    municipality: Type.Union([Code, Type.Null()]),
    competences: Type.Array(CompetenceNeed, { maxItems: 30 }),
    formerWorkers: Type.Array(Id, { maxItems: 50 }),
    /** Conflict of interest and the like; why is not in the Problem and never shown. */
    excludedWorkers: Type.Array(Id, { maxItems: 200 }),
    /** Cases with the same group stay with one primary worker (siblings, concurrent measures). */
    group: Type.Union([Id, Type.Null()]),
    /** The worker who already serves this family; siblings and concurrent measures stay there. */
    familyWorker: Type.Union([Id, Type.Null()]),
  },
  strict,
)
export type ProblemCase = Static<typeof ProblemCase>

export const PreferenceValue = Type.Union([
  Type.Literal('rather'),
  Type.Literal('neutral'),
  Type.Literal('rather_not'),
  Type.Literal('learn'),
])
export type PreferenceValue = Static<typeof PreferenceValue>

export const PreferenceKind = Type.Union([
  Type.Literal('measure'),
  Type.Literal('phase'),
  Type.Literal('method'),
  Type.Literal('factor'),
  Type.Literal('region'),
  Type.Literal('heavy'),
])
export type PreferenceKind = Static<typeof PreferenceKind>

export const ProblemWorker = Type.Object(
  {
    id: Id,
    contractHours: Hours,
    /** Norm hours at the start date (contract less reductions and duties, times case-time share and ramp-up). Zero: no caseload. */
    normHours: Hours,
    hoursInUse: Hours,
    heavyCases: Type.Integer({ minimum: 0, maximum: 1000 }),
    /** Allocations that start in the same ISO week as the round's start date. */
    newThisWeek: Type.Integer({ minimum: 0, maximum: 1000 }),
    registration: Type.Object(
      {
        status: Type.Union([Type.Literal('registered'), Type.Literal('in_training')]),
        from: Type.Union([Day, Type.Null()]),
        until: Type.Union([Day, Type.Null()]),
      },
      strict,
    ),
    employedFrom: Day,
    employedUntil: Type.Union([Day, Type.Null()]),
    /** Periods in which no case can start; last day included. */
    away: Type.Array(Type.Object({ from: Day, until: Type.Union([Day, Type.Null()]) }, strict), {
      maxItems: 200,
    }),
    competences: Type.Array(
      Type.Object(
        {
          competence: Code,
          level: Type.Integer({ minimum: 1, maximum: 5 }),
          expiresOn: Type.Union([Day, Type.Null()]),
        },
        strict,
      ),
      { maxItems: 200 },
    ),
    preferences: Type.Array(
      Type.Object({ kind: PreferenceKind, code: Code, value: PreferenceValue }, strict),
      { maxItems: 200 },
    ),
    /** One-way travel in minutes by municipality; missing means unknown. */
    travelMinutes: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 1000 })),
  },
  strict,
)
export type ProblemWorker = Static<typeof ProblemWorker>

export const CriterionCode = Type.Union([
  Type.Literal('competence'),
  Type.Literal('preference'),
  Type.Literal('continuity'),
  Type.Literal('travel'),
  Type.Literal('heavySpread'),
  Type.Literal('learning'),
])
export type CriterionCode = Static<typeof CriterionCode>

export const Policy = Type.Object(
  {
    /** Fractions of the norm: 0.9, 1.1 and 1.2 unless the rulebook says otherwise. */
    bandLow: Fraction,
    bandHigh: Fraction,
    hardLimit: Fraction,
    /** Hours of the whole case (both seats) at or above which it counts as heavy. */
    heavyFromHours: Hours,
    /** Caps for a full-time worker; they scale with contract hours, rounded up, never under one. */
    newPerWeek: Type.Integer({ minimum: 1, maximum: 100 }),
    heavyCases: Type.Integer({ minimum: 1, maximum: 100 }),
    fullTimeHours: Type.Number({ exclusiveMinimum: 0, maximum: 60 }),
    /** Extra hours per week of a seat when travel takes longer than this many minutes. */
    travel: Type.Object({ overMinutes: Type.Integer({ minimum: 0, maximum: 1000 }), hours: Hours }, strict),
    /** Weight of each criterion: the points that value 1 is worth. */
    criteria: Type.Record(CriterionCode, Type.Number({ minimum: 0, maximum: 1000 })),
    /** Convex price of load: points per hour that lies above `from` (fraction of the norm); rates rise. */
    loadCost: Type.Array(
      Type.Object({ from: Fraction, pointsPerHour: Type.Number({ minimum: 0, maximum: 10000 }) }, strict),
      {
        minItems: 1,
        maxItems: 20,
      },
    ),
    /** Puts "highest load as low as possible" before points and load cost. */
    lowestMaximumFirst: Type.Boolean(),
  },
  strict,
)
export type Policy = Static<typeof Policy>

/** A seat that people have fixed. It holds above the band; above the hard limit only with `aboveLimit`. */
export const Lock = Type.Object(
  {
    caseId: Id,
    seat: Seat,
    workerId: Id,
    /** A recorded "tenzij" reason lets a worker in training take the seat. */
    unregisteredException: Type.Boolean(),
    /** People with that right accepted load above the hard limit. */
    aboveLimit: Type.Boolean(),
    /** Rules that people set aside with a motive; only those that `rules.ts` marks as theirs to set aside. */
    setAside: Type.Array(Type.String(), { maxItems: 10 }),
  },
  strict,
)
export type Lock = Static<typeof Lock>

export const Problem = Type.Object(
  {
    format: Type.Literal(1),
    /** Breaks ties; recorded with the proposal. */
    seed: Type.Integer({ minimum: 0, maximum: 2147483647 }),
    /** Load, duty and competences are measured on this day: the day the allocations start. */
    startOn: Day,
    policy: Policy,
    cases: Type.Array(ProblemCase, { maxItems: 2000 }),
    workers: Type.Array(ProblemWorker, { maxItems: 5000 }),
    locks: Type.Array(Lock, { maxItems: 4000 }),
    /** Pairs that the team ruled out for this round. */
    exclusions: Type.Array(Type.Object({ caseId: Id, workerId: Id }, strict), { maxItems: 20000 }),
    /** Cases that the team chose to leave waiting in this round. */
    waiting: Type.Array(Id, { maxItems: 2000 }),
  },
  strict,
)
export type Problem = Static<typeof Problem>

/** Every rule that can forbid a seat. The functions and their sentences are in rules.ts. */
export const RuleCode = Type.Union([
  Type.Literal('onDuty'),
  Type.Literal('hasNorm'),
  Type.Literal('registration'),
  Type.Literal('competence'),
  Type.Literal('conflict'),
  Type.Literal('teamExclusion'),
  Type.Literal('hardLimit'),
  Type.Literal('band'),
  Type.Literal('newPerWeek'),
  Type.Literal('heavyCases'),
  Type.Literal('duoDistinct'),
  Type.Literal('duoRequired'),
  Type.Literal('together'),
  Type.Literal('lockedElsewhere'),
  Type.Literal('teamWaits'),
  Type.Literal('neededElsewhere'),
])
export type RuleCode = Static<typeof RuleCode>

/** Values that fill the sentence of a rule or reason; the keys are those the sentence names. */
const Facts = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))
export type Facts = Static<typeof Facts>

export const BrokenRule = Type.Object({ rule: RuleCode, facts: Facts }, strict)
export type BrokenRule = Static<typeof BrokenRule>

export const Contribution = Type.Object(
  {
    criterion: CriterionCode,
    /** -1..1: how well this worker meets the criterion for this case. */
    value: Type.Number(),
    /** From the policy. */
    weight: Type.Number(),
    /** value x weight, rounded to one decimal. The contributions of a line add up to its points exactly. */
    points: Type.Number(),
    /** Which sentence of criteria.ts says why, with its values. */
    reason: Type.Object({ code: Type.String(), facts: Facts }, strict),
  },
  strict,
)
export type Contribution = Static<typeof Contribution>

export const ProposalLine = Type.Object(
  {
    caseId: Id,
    seat: Seat,
    /** null: not placed; `blocked` says why. */
    workerId: Type.Union([Id, Type.Null()]),
    locked: Type.Boolean(),
    /** Hours of this seat for this worker, travel included. */
    hours: Hours,
    points: Type.Number(),
    contributions: Type.Array(Contribution),
    /** Points of load cost by which this seat lifts this worker, given everything else the worker gets here. */
    loadCost: Type.Number(),
    /** For an unplaced seat: the rules that stand in the way, with the number of workers each stops first. */
    blocked: Type.Array(Type.Object({ rule: RuleCode, workers: Type.Integer() }, strict)),
  },
  strict,
)
export type ProposalLine = Static<typeof ProposalLine>

export const LoadChange = Type.Object(
  {
    workerId: Id,
    normHours: Hours,
    hoursBefore: Hours,
    hoursAfter: Hours,
    newCases: Type.Integer(),
    heavyBefore: Type.Integer(),
    heavyAfter: Type.Integer(),
  },
  strict,
)
export type LoadChange = Static<typeof LoadChange>

export const Proposal = Type.Object(
  {
    format: Type.Literal(1),
    problemSha256: Type.String(),
    solverVersion: Type.String(),
    seed: Type.Integer(),
    lines: Type.Array(ProposalLine),
    /** One entry per worker in the problem, those who get nothing included. */
    loads: Type.Array(LoadChange),
    /** The strict levels, most important first; each with the proven bound on its value given the levels before it. */
    levels: Type.Array(
      Type.Object(
        {
          level: Type.Union([
            Type.Literal('urgentPlaced'),
            Type.Literal('placed'),
            Type.Literal('highestLoad'),
            Type.Literal('pointsMinusLoad'),
          ]),
          /** urgentPlaced, placed: cases; highestLoad: fraction of the norm; pointsMinusLoad: points. */
          value: Type.Number(),
          bound: Type.Number(),
          /** The strict steps inside a placement level, first one first: how many cases, then their days waited. */
          steps: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  urgency: Urgency,
                  measure: Type.Union([Type.Literal('placed'), Type.Literal('waitingDays')]),
                  value: Type.Integer(),
                  bound: Type.Integer(),
                },
                strict,
              ),
            ),
          ),
        },
        strict,
      ),
    ),
    /** optimal: every level's value equals its bound. */
    status: Type.Union([Type.Literal('optimal'), Type.Literal('feasible')]),
    /** Of the last level, relative to its value; 0 when optimal. */
    gap: Type.Number(),
    endedBy: Type.Union([
      Type.Literal('proof'),
      Type.Literal('workLimit'),
      Type.Literal('clock'),
      Type.Literal('person'),
    ]),
    engine: Type.String(),
    bundles: Type.Integer(),
    nodes: Type.Integer(),
    wallMs: Type.Number(),
  },
  strict,
)
export type Proposal = Static<typeof Proposal>

/** What people call a load: see the band in the policy. */
export type LoadStatus = 'room' | 'onNorm' | 'aboveNorm' | 'farAboveNorm' | 'noCaseload'
