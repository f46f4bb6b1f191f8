import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Id, Moment, nullable, object } from './common.ts'

export const RunState = object({
  id: Id,
  state: oneOf('queued', 'running', 'done', 'failed', 'cancelled'),
  requestedAt: Moment,
  startedAt: nullable(Moment),
  finishedAt: nullable(Moment),
  timeLimitSeconds: Type.Integer(),
  /** Waiting: how many runs go before it, those that run now included; else null. */
  ahead: nullable(Type.Integer()),
  /** In the reader's language, with what to do. */
  error: nullable(Type.String()),
})

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

export type RunState = Static<typeof RunState>

export type RunProgress = Static<typeof RunProgress>
