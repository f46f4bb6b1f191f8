import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CriterionCode, RuleCode, Seat } from '../../solver/problem/problem.ts'
import { CaseNumber, LoadStatus, nullable, object, WorkerName } from './common.ts'

export const LoadPoint = object({
  hours: Type.Number(),
  workload: nullable(Type.Number()),
  status: LoadStatus,
})

export const ContributionText = object({
  criterion: CriterionCode,
  label: Type.String(),
  value: Type.Number(),
  weight: Type.Number(),
  points: Type.Number(),
  reason: Type.String(),
  /** How the criterion is calculated, in one sentence. */
  method: Type.String(),
})

/** Whether somebody may have a case: yes, if people give a reason or get an approval, or not. */
export const Standing = oneOf('may', 'withReason', 'mayNot')
export type Standing = Static<typeof Standing>

export const Alternative = object({
  worker: WorkerName,
  /** As the engine judges: it proposes who is allowed and nobody else. */
  verdict: oneOf('allowed', 'aboveBand', 'notAllowed'),
  /** As people may choose. */
  standing: Standing,
  current: Type.Boolean(),
  points: Type.Number(),
  /** Points less those of the worker in the draft; null when nobody is. */
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
      setAside: oneOf('never', 'motive', 'right', 'unregisteredException'),
    }),
  ),
})

/** What a swap does to both: who gets which seat, their load in the draft now and after, and the rules that it breaks. */
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
  /** By the strict levels, with everything else of the draft as it is; behind: with somebody else it is better. */
  margin: nullable(oneOf('clear', 'narrow', 'equal', 'behind')),
  /** This worker's place among those who may have the case, by points less load cost. */
  rank: nullable(object({ place: Type.Integer(), of: Type.Integer() })),
  /** What was not known, and how it was counted. */
  unknowns: Type.Array(Type.String()),
  /** Best fit for this case first; those who may not have it last, still listed. */
  alternatives: Type.Array(Alternative),
  /** For a case that is not placed: the smallest single change that would place it, verified by solving. */
  relaxation: nullable(Type.String()),
  /**
   * Where the team chose otherwise than the calculation: what that had proposed (null: nobody), and what the choice costs or
   * brings with the rest of the draft as it is, in one phrase (null: who was proposed does not take part any more).
   */
  instead: nullable(object({ proposed: nullable(WorkerName), price: nullable(Type.String()) })),
})

export const WhyNot = object({
  /**
   * mayNot: a rule forbids it; lower: it fits less well; neededElsewhere: it fits, but the whole round loses; equal: solving
   * again with this worker costs nothing; better: it gives a better draft than the one that stands; open: which of these it is
   * was not certain in time.
   */
  answer: oneOf('mayNot', 'lower', 'neededElsewhere', 'equal', 'better', 'open'),
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
  /** Points less load cost after solving again, less those of the draft; null: not solved, or not exact. */
  totalDifference: nullable(Type.Number()),
  /** Cases placed after solving again, less those of the draft; null: not solved, or not exact. */
  placedDifference: nullable(Type.Integer()),
  /** The price is proven; false: it is the least, on the level that decides. */
  exact: nullable(Type.Boolean()),
})

export type Alternative = Static<typeof Alternative>

export type SwapEffect = Static<typeof SwapEffect>

export type Explanation = Static<typeof Explanation>

export type WhyNot = Static<typeof WhyNot>
