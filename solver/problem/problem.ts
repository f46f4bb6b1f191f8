/**
 * The language of the engine: a Problem goes in, a Proposal comes out. Both are plain JSON, so that a proposal can be
 * solved and checked again years later from the stored text alone.
 *
 * Units: hours are hours per week with at most two decimals; percentages are fractions of the norm (0.9 is 90 %);
 * dates are ISO days ('2026-11-24'); points are plain numbers that add up to the shown total.
 * Ids are the numbers people use: case numbers and staff numbers.
 */

import { type Static, Type } from 'typebox'
import { oneOf } from './one-of.ts'
import { URGENCIES } from './urgencies.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
/** Codes and numbers are names for programs: a sentence does not fit in one. */
const Code = Type.String({ minLength: 1, maxLength: 60, pattern: '^\\S*$' })
const Id = Code
const Hours = Type.Number({ minimum: 0, maximum: 1000 })
/** Of several cases together: no end to it. */
const SumOfHours = Type.Number({ minimum: 0 })
const Fraction = Type.Number({ minimum: 0, maximum: 10 })
const strict = { additionalProperties: false }

export const Seat = oneOf('primary', 'second')
export type Seat = Static<typeof Seat>

export const Urgency = oneOf(...URGENCIES)
export type Urgency = Static<typeof Urgency>

export const Phase = oneOf('begin', 'middle', 'end')
export type Phase = Static<typeof Phase>

export const CompetenceNeed = Type.Object(
  {
    competence: Code,
    level: Type.Integer({ minimum: 1, maximum: 5 }),
    need: oneOf('required', 'wanted'),
    /** The seat of a duo that needs it; absent: both. */
    seat: Type.Optional(Seat),
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
    /** Workers who are involved with this family in any way; for the fewest people around one family. */
    workersInvolved: Type.Optional(Type.Array(Id, { maxItems: 200 })),
    /** Who holds the seats of a case that is allocated already. Its hours are then not in `hoursInUse`, nor it in any count. */
    current: Type.Optional(Type.Object({ primary: Id, second: Type.Optional(Id) }, strict)),
    /**
     * The seat of a duo that somebody has already, and who: only the other seat is asked. Its hours are in `hoursInUse` of that
     * worker, who need not take part.
     */
    taken: Type.Optional(Type.Object({ seat: Seat, workerId: Id }, strict)),
    /** Whether a case with `current` may move; absent: it stays. */
    movable: Type.Optional(Type.Boolean()),
    /** Last day on which the case is expected to be open, for `leaving` of the policy; absent or null: for as long as anybody looks. */
    expectedUntil: Type.Optional(Type.Union([Day, Type.Null()])),
  },
  strict,
)
export type ProblemCase = Static<typeof ProblemCase>

export const PreferenceValue = oneOf('rather', 'neutral', 'rather_not', 'learn')
export type PreferenceValue = Static<typeof PreferenceValue>

export const PreferenceKind = oneOf('measure', 'phase', 'method', 'factor', 'region', 'heavy')
export type PreferenceKind = Static<typeof PreferenceKind>

/** Cases of one kind: those with this measure or this factor. */
export const CaseKind = oneOf('measure', 'factor')
export type CaseKind = Static<typeof CaseKind>

const Count = Type.Integer({ minimum: 0, maximum: 1000 })

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
        status: oneOf('registered', 'in_training'),
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
    /** Allocations that start in the same calendar month as the round's start date; absent: not counted. */
    newThisMonth: Type.Optional(Count),
    /** Cases held on the start date, for `openPerNew`; absent: not counted. */
    openCases: Type.Optional(Count),
    /** How many cases of a capped kind this worker holds; absent: none. */
    kinds: Type.Optional(
      Type.Array(Type.Object({ kind: CaseKind, code: Code, count: Count }, strict), { maxItems: 50 }),
    ),
    /** Who guides this worker's learning cases. */
    mentor: Type.Optional(Type.Union([Id, Type.Null()])),
    /** How many more learning cases this worker can guide; absent: none. */
    mentorRoom: Type.Optional(Count),
    /**
     * Days after `startOn` on which a seat begins that was decided already, with what is planned for that day without anything
     * of this Problem. The hard limit holds on them as well; `hardLimit` where the rulebook of that day has another than the
     * policy. Only days with a norm. Absent: none.
     */
    ahead: Type.Optional(
      Type.Array(
        Type.Object(
          { on: Day, hours: SumOfHours, normHours: Hours, hardLimit: Type.Optional(Fraction) },
          strict,
        ),
        { maxItems: 1000 },
      ),
    ),
    /** Wishes of the past year: how often a case matched one, and how often one could have been granted. */
    wishes: Type.Optional(
      Type.Object(
        {
          granted: Type.Integer({ minimum: 0, maximum: 100000 }),
          asked: Type.Integer({ minimum: 0, maximum: 100000 }),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type ProblemWorker = Static<typeof ProblemWorker>

export const CriterionCode = oneOf(
  'competence',
  'preference',
  'continuity',
  'travel',
  'heavySpread',
  'learning',
  'fewestPeople',
  'wishTurn',
  'scarceSkill',
)
export type CriterionCode = Static<typeof CriterionCode>

const Weight = Type.Number({ minimum: 0, maximum: 1000 })
const Points = Type.Number({ minimum: 0, maximum: 10000 })

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
    criteria: Type.Object(
      {
        competence: Weight,
        preference: Weight,
        continuity: Weight,
        travel: Weight,
        heavySpread: Weight,
        learning: Weight,
        /** These only count, and are only shown, when they are given. */
        fewestPeople: Type.Optional(Weight),
        wishTurn: Type.Optional(Weight),
        scarceSkill: Type.Optional(Weight),
      },
      strict,
    ),
    /** Price of load: points per hour that lies above `from` (fraction of the norm). Rates usually rise; they may fall. */
    loadCost: Type.Array(Type.Object({ from: Fraction, pointsPerHour: Points }, strict), {
      minItems: 1,
      maxItems: 20,
    }),
    /** Puts "highest load as low as possible" before points and load cost. */
    lowestMaximumFirst: Type.Boolean(),

    // What follows is off when absent.

    /** Cap for a full-time worker, scaled like the others. */
    newPerMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** One new case for every so many open ones (the brake of the CWLA), never under one. */
    openPerNew: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** Most cases of one kind for a full-time worker, scaled like the other caps. */
    kindCaps: Type.Optional(
      Type.Array(
        Type.Object(
          { kind: CaseKind, code: Code, most: Type.Integer({ minimum: 1, maximum: 1000 }) },
          strict,
        ),
        { maxItems: 50 },
      ),
    ),
    /** Most cases in one round that a worker would rather not do. */
    ratherNotPerRound: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    /** How many times "rather not" a worker may state. */
    wishBudget: Type.Optional(Type.Integer({ minimum: 0, maximum: 200 })),
    /** A learning case needs a mentor on duty who has room to guide it. */
    learningNeedsMentor: Type.Optional(Type.Boolean()),
    /** false: the second seat of a duo may go to a worker in training. */
    secondSeatRegistered: Type.Optional(Type.Boolean()),
    /** Points per seat of an existing case that goes to somebody else. */
    moveCost: Type.Optional(Points),
    /** Points per heavy case above `from`, which scales with the contract; points rise. */
    heavyCost: Type.Optional(
      Type.Array(Type.Object({ from: Count, points: Points }, strict), { minItems: 1, maxItems: 20 }),
    ),
    /** A case that is no emergency and waits longer than this comes before high urgency, the longest waiting first. */
    overdueAfterDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 36500 })),
    /**
     * Who leaves, or begins an absence of `awayFromDays` days or more, within `withinDays` days after `startOn`, while the case is
     * expected to be open still (`expectedUntil`). Who leaves is `employedUntil` of the worker, who goes away the first such
     * period of `away` that begins after `startOn`. Who holds the seat already is not counted. See leaving.ts. With `fewest` the
     * number of such seats is a level after placing and before points; without it, it is only said.
     */
    leaving: Type.Optional(
      Type.Object(
        {
          withinDays: Type.Integer({ minimum: 1, maximum: 3650 }),
          awayFromDays: Type.Integer({ minimum: 1, maximum: 3650 }),
          fewest: Type.Optional(Type.Literal(true)),
        },
        strict,
      ),
    ),
    /**
     * A level after points and before the seed: the loads of everybody with a norm as even as can be. Least is the sum of the
     * squares of the workload percentages on `startOn`, each rounded up to 0.01 % and counted up to 10,000 %.
     */
    evenLoads: Type.Optional(Type.Literal(true)),
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
    setAside: Type.Array(Code, { maxItems: 20 }),
  },
  strict,
)
export type Lock = Static<typeof Lock>

export const Problem = Type.Object(
  {
    format: Type.Literal(1),
    /** Which meaning of the rules holds, so that a stored Problem means for ever what it meant; absent: the first. See meaning.ts. */
    meaning: Type.Optional(Type.Literal(2)),
    /** Breaks ties; recorded with the proposal. */
    seed: Type.Integer({ minimum: 0, maximum: 2147483647 }),
    /** Load, duty and competences are measured on this day: the day the allocations start. */
    startOn: Day,
    policy: Policy,
    cases: Type.Array(ProblemCase, { maxItems: 3000 }),
    workers: Type.Array(ProblemWorker, { maxItems: 5000 }),
    locks: Type.Array(Lock, { maxItems: 6000 }),
    /** Pairs that the team ruled out; `until` is the last day on which that holds. */
    exclusions: Type.Array(
      Type.Object({ caseId: Id, workerId: Id, until: Type.Optional(Type.Union([Day, Type.Null()])) }, strict),
      { maxItems: 20000 },
    ),
    /** Cases that the team chose to leave waiting in this round. */
    waiting: Type.Array(Id, { maxItems: 3000 }),
    /** New cases expected in the four weeks from `startOn` that require a competence; for `scarceSkill`. */
    expected: Type.Optional(
      Type.Array(
        Type.Object({ competence: Code, cases: Type.Number({ minimum: 0, maximum: 10000 }) }, strict),
        { maxItems: 200 },
      ),
    ),
    /** An earlier answer to keep to: each of its seats that goes to somebody else costs `changeCost` points. */
    earlier: Type.Optional(
      Type.Object(
        {
          lines: Type.Array(Type.Object({ caseId: Id, seat: Seat, workerId: Id }, strict), {
            maxItems: 6000,
          }),
          changeCost: Points,
        },
        strict,
      ),
    ),
  },
  strict,
)
export type Problem = Static<typeof Problem>

/** Every rule that can forbid a seat. The functions and their sentences are in rules.ts. */
export const RuleCode = oneOf(
  'onDuty',
  'hasNorm',
  'registration',
  'competence',
  'conflict',
  'teamExclusion',
  'hardLimit',
  'band',
  'newPerWeek',
  'newPerMonth',
  'openPerNew',
  'heavyCases',
  'kindCap',
  'ratherNot',
  'mentor',
  'notMovable',
  'duoDistinct',
  'duoRequired',
  'together',
  'lockedElsewhere',
  'teamWaits',
  'neededElsewhere',
)
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
    hours: SumOfHours,
    points: Type.Number(),
    contributions: Type.Array(Contribution),
    /**
     * Points of cost by which this seat lifts this worker, given everything else the worker gets here: for the hours, and
     * for a heavy case where those cost.
     */
    loadCost: Type.Number(),
    /** Points it costs that somebody else than in `earlier` gets this seat; absent: nothing. */
    changeCost: Type.Optional(Type.Number()),
    /** Points it costs that this seat of an existing case moves; absent: nothing. */
    moveCost: Type.Optional(Type.Number()),
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
    hoursBefore: SumOfHours,
    hoursAfter: SumOfHours,
    /** Seats that the worker did not hold yet. */
    newCases: Type.Integer(),
    heavyBefore: Type.Integer(),
    heavyAfter: Type.Integer(),
  },
  strict,
)
export type LoadChange = Static<typeof LoadChange>

/** Classes of cases, placed strictly one before the next, in the order of `CASE_CLASSES`. */
export const CaseClass = oneOf('current', 'overdue', ...URGENCIES)
export type CaseClass = Static<typeof CaseClass>

const EndedBy = oneOf('proof', 'workLimit', 'clock', 'person')

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
            /** Existing cases that take part. Only when there are any. */
            Type.Literal('currentPlaced'),
            Type.Literal('urgentPlaced'),
            Type.Literal('placed'),
            /** Seats with who leaves or goes away. Only where the policy asks (`leaving.fewest`). */
            Type.Literal('leavers'),
            Type.Literal('highestLoad'),
            Type.Literal('pointsMinusLoad'),
          ]),
          /** currentPlaced, urgentPlaced, placed: cases; leavers: seats; highestLoad: fraction of the norm; pointsMinusLoad: points. */
          value: Type.Number(),
          bound: Type.Number(),
          /**
           * The strict steps inside a placement level, first one first: how many cases, then their days waited; for
           * overdue cases the days come first.
           */
          steps: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  urgency: CaseClass,
                  measure: oneOf('placed', 'waitingDays'),
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
    /** optimal: every level's value equals its bound. It does not speak of `evenLoads`. */
    status: oneOf('optimal', 'feasible'),
    /** Of the points, relative to their value; 0 when optimal. */
    gap: Type.Number(),
    endedBy: EndedBy,
    /**
     * Only where the policy asks (`evenLoads`): the sum of the squares of all loads, in hundredths of a percent, and the least that it can be when
     * no level before gets worse. It has limits of its own, so whether that is proven is said here.
     */
    evenLoads: Type.Optional(
      Type.Object(
        {
          value: Type.Integer({ minimum: 0 }),
          bound: Type.Integer({ minimum: 0 }),
          status: oneOf('optimal', 'feasible'),
          endedBy: EndedBy,
        },
        strict,
      ),
    ),
    engine: Type.String(),
    /**
     * Prices that prove a bound on the last level, in whole 1/64 of a unit and in the order of the instance (see bound.ts): of
     * seats, groups, rows over several workers, and placement steps. Absent where nothing was priced.
     */
    certificate: Type.Optional(
      Type.Object(
        {
          items: Type.Array(Type.Integer()),
          groups: Type.Array(Type.Integer({ minimum: 0 })),
          shared: Type.Array(Type.Integer({ minimum: 0 })),
          levels: Type.Array(Type.Integer({ minimum: 0 })),
          /** The same for both steps of a class together, where not every case of it could be placed and prices were found. */
          placing: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  urgency: CaseClass,
                  items: Type.Array(Type.Integer()),
                  groups: Type.Array(Type.Integer({ minimum: 0 })),
                  shared: Type.Array(Type.Integer({ minimum: 0 })),
                  levels: Type.Array(Type.Integer({ minimum: 0 })),
                },
                strict,
              ),
            ),
          ),
        },
        strict,
      ),
    ),
    bundles: Type.Integer(),
    nodes: Type.Integer(),
    wallMs: Type.Number(),
  },
  strict,
)
export type Proposal = Static<typeof Proposal>

/** What people call a load: see the band in the policy. */
export type LoadStatus = 'room' | 'onNorm' | 'aboveNorm' | 'farAboveNorm' | 'noCaseload'
