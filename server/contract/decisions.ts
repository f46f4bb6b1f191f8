import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CriterionCode } from '../../solver/problem/problem.ts'
import { Code, Day, nullable, object } from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { PeriodQuery } from './reports.ts'

const Count = Type.Integer({ minimum: 0 })

/** How the teams in scope decided about what was proposed: of teams, never of a person. */
export const DecisionReview = object({
  from: Day,
  until: Day,
  /** Settled rounds. */
  rounds: Count,
  /** Seats for which somebody was proposed, and how they were decided about. */
  seats: Count,
  followed: Count,
  otherWorker: Count,
  leftWaiting: Count,
  /** Seats that the proposal left empty and people filled. */
  filled: Count,
  /** Between the first proposal of a round and its settlement, per case: the median of the rounds. Null without rounds. */
  minutesPerCase: nullable(Type.Number()),
  /** Followed so often, or so fast, that looking for oneself may have gone; null: no reason to think so. */
  remark: nullable(oneOf('fast', 'always')),
  /** Why somebody else was chosen; null: without a reason from the list. Most often first. */
  reasons: Type.Array(object({ code: nullable(Code), count: Count })),
  /** Seats of `otherWorker` of which both people are known to the calculation. */
  compared: Count,
  /** Of those: how the chosen worker scored against the proposed one. `room`: workload before the round, lower is higher. */
  criteria: Type.Array(
    object({
      criterion: Type.Union([CriterionCode, Type.Literal('room')]),
      /** In the rulebook of today; null for room and for a criterion that it leaves out. */
      weight: nullable(Type.Number()),
      higher: Count,
      equal: Count,
      lower: Count,
      /** People went against it, or further than it, most of the time; null: no pattern, or too few to tell. */
      pattern: nullable(oneOf('higher', 'lower')),
    }),
  ),
  /** The numbers behind `remark` and `pattern`. */
  thresholds: object({
    fastSeats: Count,
    fastShare: Type.Number(),
    fastMinutes: Type.Number(),
    alwaysSeats: Count,
    alwaysShare: Type.Number(),
    patternSeats: Count,
    patternShare: Type.Number(),
  }),
})
export type DecisionReview = Static<typeof DecisionReview>

export const decisionEndpoints = {
  'GET /decisions/review': {
    summary: 'How often proposals were followed, why not, and what people went against; of whole teams',
    tag: 'rounds',
    query: PeriodQuery,
    reply: DecisionReview,
    may: 'support.read',
  },
} as const satisfies Record<string, Endpoint>
