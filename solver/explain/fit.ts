import type { BrokenRule, Contribution } from '../problem/problem.ts'
import type { Sentence } from '../problem/sentences.ts'
import type { SetAside } from '../rules/rules.ts'

/**
 * One worker for one seat, everything else of the proposal left as it is. Loads are percentages of the norm: before the
 * round, and after everything that the proposal gives this worker together with this seat. `null` without norm hours.
 */
export interface Fit {
  workerId: string
  /** allowed: no rule broken; aboveBand: only the band, so people may; notAllowed: see `broken`. */
  status: 'allowed' | 'aboveBand' | 'notAllowed'
  points: number
  contributions: ExplainedContribution[]
  /** Hours of the seat for this worker, travel included. */
  hours: number
  loadBefore: number | null
  loadAfter: number | null
  /** Points of load cost by which the seat lifts this worker, that of a heavy case included. */
  loadCost: number
  /** Points less load cost, and less what it costs to change an earlier answer or to move an existing case. */
  score: number
  /** Score less the score of the proposed worker; null when nobody is proposed. */
  difference: number | null
  broken: ExplainedRule[]
}

export interface ExplainedRule extends BrokenRule {
  sentence: Sentence
  setAside: SetAside
}

export interface ExplainedContribution extends Contribution {
  sentence: Sentence
}
