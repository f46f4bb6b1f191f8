import { type Static, Type } from 'typebox'
import { CriterionCode, Lock, Seat, Urgency } from './problem.ts'

const strict = { additionalProperties: false }
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Id = Type.String({ minLength: 1, maxLength: 60, pattern: '^\\S*$' })
const Fraction = Type.Number({ minimum: 0, maximum: 10 })

/**
 * One thing to suppose about a round, as data. Ids are those of the Problem: case numbers and staff numbers. A list of these
 * is applied in order by `applyChanges` (what-if.ts); nothing of it is ever written back to cases, workers or rulebook.
 */
export const Change = Type.Union([
  /** The worker is no longer there from this day on. */
  Type.Object({ kind: Type.Literal('workerLeaves'), workerId: Id, from: Day }, strict),
  /** The worker cannot start a case from this day until the last day, which is included; null: no end known. */
  Type.Object(
    { kind: Type.Literal('workerAway'), workerId: Id, from: Day, until: Type.Union([Day, Type.Null()]) },
    strict,
  ),
  /** Other contract hours; caps follow them, and norm hours in proportion unless given. Hours per week. */
  Type.Object(
    {
      kind: Type.Literal('workerHours'),
      workerId: Id,
      contractHours: Type.Number({ minimum: 0, maximum: 60 }),
      normHours: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
    },
    strict,
  ),
  /** Hours per week that come free (or, below zero, are taken) beside the cases of the round. */
  Type.Object(
    { kind: Type.Literal('extraRoom'), workerId: Id, hours: Type.Number({ minimum: -60, maximum: 60 }) },
    strict,
  ),
  /** More cases like this one, without its family and history and with no days waited; their ids get a number behind it. */
  Type.Object(
    { kind: Type.Literal('casesLike'), caseId: Id, count: Type.Integer({ minimum: 1, maximum: 20 }) },
    strict,
  ),
  /** The case does not take part. */
  Type.Object({ kind: Type.Literal('caseLeaves'), caseId: Id }, strict),
  Type.Object({ kind: Type.Literal('caseUrgency'), caseId: Id, urgency: Urgency }, strict),
  /** A competence that the case requires is only wanted; with `seat`: what that seat of a pair alone is asked. */
  Type.Object(
    { kind: Type.Literal('competenceWanted'), caseId: Id, competence: Id, seat: Type.Optional(Seat) },
    strict,
  ),
  /** Other weights of criteria: points that value 1 is worth. Those not named stay. */
  Type.Object(
    {
      kind: Type.Literal('weights'),
      criteria: Type.Partial(Type.Record(CriterionCode, Type.Number({ minimum: 0, maximum: 1000 })), strict),
    },
    strict,
  ),
  /** Other limits; those not named stay. Band and limit are fractions of the norm, caps are for a full-time worker. */
  Type.Object(
    {
      kind: Type.Literal('limits'),
      bandHigh: Type.Optional(Fraction),
      hardLimit: Type.Optional(Fraction),
      newPerWeek: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      heavyCases: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      heavyFromHours: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
      lowestMaximumFirst: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  /** This worker has this seat. It takes the place of a lock on the seat and of a wait of the case. */
  Type.Object({ kind: Type.Literal('lock'), ...Lock.properties }, strict),
  /** What people fixed on this seat is free again. */
  Type.Object({ kind: Type.Literal('unlock'), caseId: Id, seat: Seat }, strict),
  /** The team rules this worker out for this case. */
  Type.Object({ kind: Type.Literal('exclude'), caseId: Id, workerId: Id }, strict),
  /** The team lifts that again. Not the exclusions of a case with a hidden reason: those nobody lifts here. */
  Type.Object({ kind: Type.Literal('include'), caseId: Id, workerId: Id }, strict),
  /** The case waits in this round; or, `waits: false`, it does not any more. */
  Type.Object({ kind: Type.Literal('wait'), caseId: Id, waits: Type.Boolean() }, strict),
])
export type Change = Static<typeof Change>

/** So many at most in one what-if. */
export const MAX_CHANGES = 50
export const Changes = Type.Array(Change, { minItems: 1, maxItems: MAX_CHANGES })
