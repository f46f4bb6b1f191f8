import { Decisions } from './decisions.ts'
import { type Dual, descend } from './dual.ts'
import type { Knapsacks } from './knapsack.ts'
import type { Shape } from './shape.ts'

export interface BranchLimits {
  nodes: number
  /** Steps of the walk per node. */
  steps: number
  shouldStop: () => boolean
  /** A bound this low leaves nothing better than a value; absent: the next multiple of the grid is out of reach. */
  enoughFor?: (value: number) => number
  /** The value of a whole assignment, or null when it breaks something that the shape leaves out. */
  judge?: (assignment: Int32Array) => number | null
}

export interface BranchResult {
  /** Option by job, better than the value to beat; null when there is none or none was found. */
  best: Int32Array | null
  value: number
  /** Proven: nothing is worth more, the value to beat aside. */
  bound: number
  nodes: number
}

/**
 * Branch and bound on the Lagrangian bound, depth first: a short walk of the prices per node, then everything that could
 * not be part of a better assignment is ruled out (and what every better one has is taken), then one option is tried both ways.
 *
 * Ruling out: with job j given to worker w, the bound falls by at least
 *
 *   penalty(o) = best_w − withIt_o + Σ_{o' of j, other workers} (best_w' − withoutIt_o')
 *
 * as the workers' knapsacks do not depend on each other at given prices. Below `beat` + one grid: no.
 */
export function branch(
  shape: Shape,
  knapsacks: Knapsacks,
  root: Dual,
  beat: number,
  limits: BranchLimits,
): BranchResult {
  const decisions = new Decisions(shape)
  const penalty = new Float64Array(shape.job.length)
  const result: BranchResult = { best: null, value: beat, bound: beat, nodes: 0 }
  const enoughFor = limits.enoughFor ?? (value => value + shape.grid - 1 / 64)

  const visit = (from: Dual): void => {
    if (result.nodes >= limits.nodes || limits.shouldStop()) {
      result.bound = Math.max(result.bound, from.bound)
      return
    }
    result.nodes++
    let dual = from
    for (let round = 0; decisions.open > 0; round++) {
      const enough = enoughFor(result.value)
      const before = dual.bound
      dual = descend(shape, knapsacks, decisions.status, dual, {
        steps: limits.steps,
        enough,
        reach: Number.POSITIVE_INFINITY,
        pace: 0.6,
        patience: 4,
        shouldStop: limits.shouldStop,
      })
      // The bound of the parent still holds.
      dual.bound = Math.min(dual.bound, before)
      if (dual.bound <= enough) return
      const fixed = ruleOut(shape, knapsacks, dual, enough, decisions, penalty)
      if (fixed < 0) return
      if (fixed < decisions.open || round >= 3) break
    }
    if (decisions.open === 0) {
      const assignment = decisions.assignment()
      const value = limits.judge ? limits.judge(assignment) : worth(shape, assignment)
      if (value !== null && value > result.value) {
        result.value = value
        result.best = assignment
      }
      return
    }
    const option = chooseOption(shape, decisions, penalty, dual.share)
    const mark = decisions.mark()
    if (decisions.take(option)) visit(dual)
    decisions.backTo(mark)
    if (decisions.ban(option)) visit(dual)
    decisions.backTo(mark)
  }
  visit(root)
  result.bound = Math.max(result.bound, result.value)
  return result
}

/** Value less cost of a whole assignment that fits. */
export function worth(shape: Shape, assignment: Int32Array): number {
  const hours = new Float64Array(shape.workers.length)
  let value = 0
  for (const option of assignment) {
    value += shape.value[option]!
    hours[shape.worker[option]!]! += shape.hours[option]!
  }
  shape.workers.forEach((one, w) => {
    if (one.rise !== null) value -= one.rise[hours[w]!]!
  })
  return value
}

/** By option: how far the bound falls when its job gets it (Infinity: it cannot). Returns the bound at these prices. */
export function penalties(
  shape: Shape,
  knapsacks: Knapsacks,
  prices: Float64Array,
  status: Int8Array,
  penalty: Float64Array,
): number {
  const bests = new Float64Array(shape.workers.length)
  let bound = 0
  for (let j = 0; j < shape.jobs; j++) bound += prices[j]!
  shape.rows.forEach((row, r) => {
    bound += prices[shape.jobs + r]! * row.limit
  })
  for (let w = 0; w < bests.length; w++) {
    bests[w] = knapsacks.marginals(w, prices, status)
    bound += bests[w]!
  }
  for (const options of shape.optionsOf) {
    let others = 0
    let never = 0
    for (const option of options) {
      const fall = bests[shape.worker[option]!]! - knapsacks.withoutIt[option]!
      if (fall === Number.POSITIVE_INFINITY) never++
      else others += fall
    }
    for (const option of options) {
      const best = bests[shape.worker[option]!]!
      const own = best - knapsacks.withoutIt[option]!
      const forced = own === Number.POSITIVE_INFINITY
      penalty[option] =
        never > (forced ? 1 : 0)
          ? Number.POSITIVE_INFINITY
          : best - knapsacks.withIt[option]! + others - (forced ? 0 : own)
    }
  }
  return bound
}

/** Rules out every option that no assignment worth more than `enough` has; how many, or -1 when none is left for a job. */
function ruleOut(
  shape: Shape,
  knapsacks: Knapsacks,
  dual: Dual,
  enough: number,
  decisions: Decisions,
  penalty: Float64Array,
): number {
  const bound = penalties(shape, knapsacks, dual.prices, decisions.status, penalty)
  let fixed = 0
  for (let option = 0; option < penalty.length; option++) {
    if (decisions.status[option] !== 0 || bound - penalty[option]! > enough) continue
    if (!decisions.ban(option)) return -1
    fixed++
  }
  return fixed
}

/** The job with the fewest options left and, among those, the highest price for not getting its best: its best option. */
function chooseOption(
  shape: Shape,
  decisions: Decisions,
  penalty: Float64Array,
  share: Float64Array,
): number {
  let chosen = -1
  let most = Number.NEGATIVE_INFINITY
  for (let j = 0; j < shape.jobs; j++) {
    if (decisions.left[j] === 0) continue
    let best = -1
    let first = Number.POSITIVE_INFINITY
    let second = Number.POSITIVE_INFINITY
    for (const option of shape.optionsOf[j]!) {
      if (decisions.status[option] !== 0) continue
      const one = penalty[option]! - share[option]! * 1e-3
      if (one < first) {
        second = first
        first = one
        best = option
      } else if (one < second) second = one
    }
    const regret = second - first - decisions.left[j]! * 1e-6
    if (regret > most) {
      most = regret
      chosen = best
    }
  }
  return chosen
}
