import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CriterionCode, Policy } from '../../solver/problem/problem.ts'
import { Code, Day, Id, Moment, nullable, object, ReasonUse } from './common.ts'
import { entryCode, entryName, freeText } from './typed.ts'

const Words = entryName(60)
const Sentence = freeText(200, 0)

/** A named set of goals that people choose for a round. A weight that it does not set is that of the rulebook. */
export const RulebookProfile = object({
  code: entryCode(),
  nameNl: Words,
  nameEn: Words,
  textNl: Type.Optional(Sentence),
  textEn: Type.Optional(Sentence),
  /** Puts "highest load as low as possible" before points and load cost. */
  lowestMaximumFirst: Type.Boolean(),
  criteria: Type.Optional(Type.Partial(Policy.properties.criteria, { additionalProperties: false })),
  /** No longer to be chosen; rounds that were made with it keep it. */
  ended: Type.Optional(Type.Boolean()),
})
export type RulebookProfile = Static<typeof RulebookProfile>

/**
 * One version of a team's own rules: weights, limits and criteria. Hours are per week; `percent` is in percent (35),
 * every other share is a fraction of one (0.9). None of these is an official norm: they are the organisation's own.
 */
/** What a rulebook that says nothing about the handover means; case_readers in 0015 knows it too. */
export const HANDOVER_DAYS = 28

export const RulebookContent = object({
  /** Share of the contract hours that goes to cases. */
  caseTimeShare: Type.Number({ minimum: 0, maximum: 1 }),
  fullTimeHours: Type.Number({ exclusiveMinimum: 0, maximum: 60 }),
  /** Share of the norm in the first months of service; the first step whose month is not over counts. */
  rampUp: Type.Array(
    object({
      untilMonth: Type.Integer({ minimum: 1, maximum: 60 }),
      share: Type.Number({ minimum: 0, maximum: 1 }),
    }),
  ),
  bandLow: Policy.properties.bandLow,
  bandHigh: Policy.properties.bandHigh,
  hardLimit: Policy.properties.hardLimit,
  weight: object({
    bases: Type.Array(
      object({
        measure: Code,
        begin: Type.Number({ minimum: 0, maximum: 60 }),
        middle: Type.Number({ minimum: 0, maximum: 60 }),
        end: Type.Number({ minimum: 0, maximum: 60 }),
      }),
    ),
    /** Each further concurrent measure on the case counts this percentage of its own base. */
    concurrentPercent: Type.Number({ minimum: 0, maximum: 200 }),
    extraChildPercent: Type.Number({ minimum: 0, maximum: 200 }),
    factors: Type.Array(object({ factor: Code, percent: Type.Number({ minimum: -100, maximum: 300 }) })),
    /**
     * How many weeks the begin and the middle phase usually last; after that the next phase is proposed. Of several
     * measures the longest counts. A measure that is not here, or null, proposes nothing.
     */
    phaseWeeks: Type.Optional(
      Type.Array(
        object({
          measure: Code,
          begin: nullable(Type.Integer({ minimum: 1, maximum: 520 })),
          middle: nullable(Type.Integer({ minimum: 1, maximum: 520 })),
        }),
      ),
    ),
    /** What a dormant case counts, in percent of its hours; 100 when left out. */
    dormantPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    duo: object({
      percent: Type.Number({ minimum: 0, maximum: 200 }),
      /** Part of the total that the primary seat carries; the second seat carries the rest. */
      primaryShare: Type.Number({ minimum: 0, maximum: 1 }),
    }),
    travel: Policy.properties.travel,
    heavyFromHours: Policy.properties.heavyFromHours,
  }),
  /**
   * What a case with a measure or a factor usually needs: filled in for a new case, by hand and by file, where people change
   * it. Left out: nothing is filled in.
   */
  usualNeeds: Type.Optional(
    Type.Array(
      object({
        kind: oneOf('measure', 'factor'),
        code: Code,
        competences: Type.Array(
          object({
            code: Code,
            level: Type.Integer({ minimum: 1, maximum: 5 }),
            need: oneOf('required', 'wanted'),
          }),
          { minItems: 1, maxItems: 20 },
        ),
      }),
      { maxItems: 200 },
    ),
  ),
  newPerWeek: Policy.properties.newPerWeek,
  heavyCases: Policy.properties.heavyCases,
  /** How many "rather not" wishes one worker may state; 3 when left out. */
  wishBudget: Policy.properties.wishBudget,
  // What follows is off when left out; see `Policy` in solver/problem/problem.ts for what each means.
  newPerMonth: Policy.properties.newPerMonth,
  openPerNew: Policy.properties.openPerNew,
  kindCaps: Policy.properties.kindCaps,
  ratherNotPerRound: Policy.properties.ratherNotPerRound,
  learningNeedsMentor: Policy.properties.learningNeedsMentor,
  /** How many learning cases one mentor guides at the same time; 2 when left out. */
  mentorRoom: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  secondSeatRegistered: Policy.properties.secondSeatRegistered,
  heavyCost: Policy.properties.heavyCost,
  overdueAfterDays: Policy.properties.overdueAfterDays,
  /**
   * Who leaves or begins a long absence within so many days after the start gets a case that lasts longer only where placing
   * needs it; 90 when left out, and 0 asks nothing.
   */
  leavingDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
  /** Days in which whoever had a case may still read it; HANDOVER_DAYS when left out. */
  handoverDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 365 })),
  /** Points that it costs, when a round is calculated again, that a seat goes to somebody else than before. */
  changeCost: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
  criteria: Policy.properties.criteria,
  /** Balanced, equal and preference when left out; see server/rulebook/profiles.ts. */
  profiles: Type.Optional(Type.Array(RulebookProfile, { minItems: 1, maxItems: 10 })),
  loadCost: Policy.properties.loadCost,
})
export type RulebookContent = Static<typeof RulebookContent>

export const Rulebook = object({
  id: Id,
  version: Type.Integer(),
  effectiveFrom: Day,
  createdAt: Moment,
  createdBy: nullable(Type.String()),
  /** Why it was made; null where nobody said so. */
  reason: nullable(Type.String()),
  content: RulebookContent,
  /** Those of the content, or the standard ones where it has none. */
  profiles: Type.Array(RulebookProfile),
})

const entry = {
  code: Code,
  name: Type.String(),
  active: Type.Boolean(),
  /** The first day on which it is no longer offered; null: none is set. */
  endsOn: nullable(Day),
}
/** Names are in the reader's language. */
export const Catalogues = object({
  measures: Type.Array(object({ ...entry, abbreviation: Type.String(), kind: Type.String() })),
  factors: Type.Array(object({ ...entry, isThreat: Type.Boolean(), aboutWork: Type.Boolean() })),
  competences: Type.Array(object({ ...entry, maxLevel: Type.Integer() })),
  overrideReasons: Type.Array(object({ ...entry, needsText: Type.Boolean(), uses: Type.Array(ReasonUse) })),
  reductionReasons: Type.Array(
    object({
      ...entry,
      defaultPercentage: Type.Number(),
      maximumPercentage: Type.Number(),
      /** A reduction for this reason ends within so many months. */
      maximumMonths: nullable(Type.Integer()),
    }),
  ),
  municipalities: Type.Array(object(entry)),
  methods: Type.Array(object({ ...entry, aboutWork: Type.Boolean() })),
})
export type Catalogues = Static<typeof Catalogues>

/** Every criterion, in the order in which they are shown. */
export const criterionCodes = CriterionCode.anyOf.map(one => one.const)
