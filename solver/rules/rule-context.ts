import type { Lock, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import type { TakenSeat } from './lookup.ts'

/** Everything a rule looks at: one seat, one worker, and what else this round gives (the seat itself left out). */
export interface RuleContext {
  problem: Problem
  case: ProblemCase
  seat: Seat
  worker: ProblemWorker
  others: readonly TakenSeat[]
  /** The lock that gives this worker this seat, if people made one. */
  lock: Lock | undefined
  /** The worker holds this seat of an existing case already. */
  stays: boolean
}
