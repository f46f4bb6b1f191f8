import type { Problem, Proposal, ProposalLine } from './problem/problem.ts'
import { semanticErrors } from './problem/validate.ts'
import { makeProposal } from './search/answer.ts'
import type { Deadline } from './search/deadline.ts'
import { Draft } from './search/draft.ts'
import { evenOut, levelled } from './search/even.ts'
import { greedy, polish, squeezeIn } from './search/greedy.ts'
import { buildInstance, type Instance } from './search/instance.ts'
import { instanceAsGood, type LowestLevels, settleLowest } from './search/lowest.ts'
import { type Placement, settlePlacement } from './search/placement.ts'
import type { Stage } from './search/price-relaxation.ts'
import { isPlaced, lockedWhole, makeLines, totalValue } from './search/proposal.ts'
import { keepsSettled } from './search/search.ts'
import { maximise } from './search/value.ts'

/** How far a run is. Levels come one after the other, each with a value that rises and a bound that falls. */
export interface Progress {
  /** 'placed.emergency' and the like (see `PlacementStep`), 'leavers', 'highestLoad', or 'pointsMinusLoad'. */
  level: string
  /** Cases, days, seats, fractions of the norm or points, by the level. */
  value: number
  /** null: none is known yet. */
  bound: number | null
  /** Cases placed in the best allocation so far, and cases in all. */
  placed: number
  cases: number
  seconds: number
}

export interface SolveOptions {
  /** Backstop on the clock; a run that it ends is marked so. Default 60,000. */
  timeLimitMs?: number
  /** Asked between steps; true ends the run with the best it has, marked as ended by a person. */
  shouldStop?: () => boolean
  /**
   * The same, for who aborts in `onProgress`. Nothing in a run waits for events, so a timer of the same thread comes too late: `shouldStop` can look
   * at a clock or at memory that is shared (`server/event-loop/solver-thread.ts`), and engines ask it while they search.
   */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Early answers that pass the check, each at least as good as the one before, for when the search has to be ended. */
  onEarly?: (proposal: Proposal) => void
}

/**
 * Solves a round: who gets which case, by the strict levels of the objective.
 *
 *   existing cases that take part stay placed
 *   emergencies: most placed, then most days waited
 *   overdue cases: most days waited, then most placed; then high, then normal cases, most placed, then most days waited,
 *     each class before the next; all within the band
 *   fewest seats with who leaves or goes away, when the policy asks for it
 *   highest load as low as possible, on a grid of 0.01 % of the norm, when the policy asks for it
 *   points less load cost
 *   loads as even as can be, when the policy asks for it
 *   ties: cases and workers are looked at in the order of the seed, so the input's order and the ids never matter
 *
 * Same Problem and seed, same Proposal, unless the clock or a person ended the run (`endedBy`).
 * Throws when the Problem contradicts itself; use `validateProblem` for untrusted input.
 */
export async function solve(problem: Problem, options: SolveOptions = {}): Promise<Proposal> {
  const errors = semanticErrors(problem)
  if (errors.length > 0) {
    throw new Error(
      `The problem contradicts itself: ${errors.map(one => `${one.path}: ${one.message}`).join('; ')}`,
    )
  }
  const started = performance.now()
  const instance = buildInstance(problem)
  const { deadline, endedBy } = startDeadline(instance, options, started)

  const most = mostValue(instance)
  const first = greedy(instance)
  if (options.onEarly) options.onEarly(await earlyAnswer(instance, first, [], most, started))
  const yardstick = Draft.from(instance, first.workerOf)
  squeezeIn(yardstick, deadline.shouldStop)
  polish(yardstick, 4, deadline.shouldStop)
  if (options.onEarly) options.onEarly(await earlyAnswer(instance, yardstick, [first], most, started))
  const placement = await settlePlacement(instance, yardstick, deadline)
  const lowest = await settleLowest(instance, placement, [first, yardstick], deadline)
  const { leavers, capped } = lowest
  const { mustPlace, settled } = placement
  const last: Stage = { instance: lowest.instance, goal: null, mustPlace, settled }
  const start = bestStart(last, [lowest.draft, yardstick, ...lowest.others], deadline)
  const early = (draft: Draft) => unsearched(instance, draft, placement, lowest, most, started)
  if (options.onEarly && performance.now() - started > earlyMs) options.onEarly(early(start))
  const result = await maximise(
    last,
    start,
    options.onEarly ? tellingEarly(deadline, early, options.onEarly) : deadline,
  )
  const asGood = instanceAsGood(instance, lowest, result.draft)
  // Prices of a row that the answer does not need so wide are no prices of what is left of it.
  const boundPrices = asGood === last.instance ? result.boundPrices : null
  const even = problem.policy.evenLoads
    ? await evenOut({ ...last, instance: asGood }, result.draft, [start, yardstick], boundPrices, deadline)
    : null
  if (even && even.nodes > 0) result.engines.add('HiGHS')
  const draft = even?.draft ?? result.draft
  const engines = new Set([
    ...placement.engines,
    ...(capped?.usedHighs || leavers?.usedHighs ? ['HiGHS'] : []),
    ...result.engines,
  ])
  return makeProposal(instance, {
    draft,
    bound: Math.min(result.bound, Math.max(most, draft.value())),
    placement,
    leavers,
    capped,
    even,
    endedBy,
    engine: engines.size > 0 ? [...engines].sort().join(' + ') : 'bound',
    boundPrices,
    bundles: result.bundles,
    nodes: placement.nodes + result.nodes + (even?.nodes ?? 0),
    started,
  })
}

/** The first draft or a better one that keeps what is settled just as well: levels above look at placing alone. */
function bestStart(stage: Stage, [first, ...others]: [Draft, ...Draft[]], deadline: Deadline): Draft {
  polish(first, 4, deadline.shouldStop)
  return others.reduce((best, other) => {
    const draft = Draft.from(stage.instance, other.workerOf)
    return keepsSettled(stage, draft) && draft.value() > best.value() ? draft : best
  }, first)
}

/** Nothing is searched for any more. */
const ENDED: Deadline = { shouldStop: () => true, remaining: () => 1, cut: () => {}, report: () => {} }

/** The yardstick as an answer of its own, no worse than those before it, with the bounds that need no search. */
async function earlyAnswer(
  instance: Instance,
  yardstick: Draft,
  before: readonly Draft[],
  most: number,
  started: number,
): Promise<Proposal> {
  const placement = await settlePlacement(instance, Draft.from(instance, yardstick.workerOf), ENDED)
  const lowest = await settleLowest(instance, placement, before, ENDED)
  return unsearched(instance, lowest.draft, placement, lowest, most, started)
}

/** What is known before points are searched for, or while that goes on, as an answer of its own with the bounds that are known. */
function unsearched(
  instance: Instance,
  known: Draft,
  placement: Placement,
  lowest: LowestLevels,
  most: number,
  started: number,
): Proposal {
  const { leavers, capped } = lowest
  const even = instance.policy.evenLoads ? levelled(instanceAsGood(instance, lowest, known), known) : null
  const draft = even?.draft ?? known
  return makeProposal(instance, {
    draft,
    bound: Math.max(most, draft.value()),
    placement,
    leavers,
    capped,
    even,
    endedBy: optimal => (optimal ? 'proof' : 'clock'),
    engine: 'greedy',
    boundPrices: null,
    bundles: 0,
    nodes: 0,
    started,
  })
}

/** A better answer is told early when so much time has passed, and making the last one took at most a tenth of it. */
const earlyMs = 1000

/** Tells better answers while points are searched for, so that little is lost when the thread has to be ended. */
function tellingEarly(
  deadline: Deadline,
  make: (draft: Draft) => Proposal,
  onEarly: (early: Proposal) => void,
): Deadline {
  let told = performance.now()
  let wait = earlyMs
  let value = Number.NEGATIVE_INFINITY
  return {
    ...deadline,
    report: (level, ...[reached, bound, best]) => {
      deadline.report(level, reached, bound, best)
      if (performance.now() - told < wait || reached <= value) return
      const began = performance.now()
      onEarly(make(best))
      value = reached
      told = performance.now()
      wait = Math.max(earlyMs, 10 * (told - began))
    },
  }
}

/**
 * No allocation is worth more, in units: v <= sum over items of max(0, max over workers of points - least rise), since the least
 * rises add up. Weak, but there at once and finite.
 */
function mostValue(instance: Instance): number {
  const best = new Float64Array(instance.items.length)
  for (const { candidates } of instance.workers) {
    for (const { item, points, leastRise } of candidates) {
      best[item] = Math.max(best[item]!, points - leastRise)
    }
  }
  return Math.ceil(best.reduce((sum, one) => sum + one, 0))
}

/** What one case after the other would give; for comparison, never for a decision. Value in points. */
export function greedyRound(problem: Problem): { lines: ProposalLine[]; placed: number; value: number } {
  const instance = buildInstance(problem)
  const draft = greedy(instance)
  const { lines, loads } = makeLines(instance, draft)
  const placed = problem.cases.filter(one => isPlaced(lines, one.id)).length
  return { lines, placed, value: totalValue(problem, lines, loads) / 100 }
}

function startDeadline(
  instance: Instance,
  options: SolveOptions,
  started: number,
): { deadline: Deadline; endedBy: (optimal: boolean) => Proposal['endedBy'] } {
  const limit = options.timeLimitMs ?? 60_000
  let ended: 'clock' | 'person' | null = null
  let isCut = false
  const fixed = lockedWhole(instance).length
  const deadline: Deadline = {
    shouldStop: () => {
      if (ended === null && (options.signal?.aborted || options.shouldStop?.())) ended = 'person'
      if (ended === null && performance.now() - started >= limit) ended = 'clock'
      return ended !== null
    },
    remaining: () => Math.max(1, limit - (performance.now() - started)),
    cut: () => {
      isCut = true
    },
    report: (level, value, bound, best) =>
      options.onProgress?.({
        level,
        value,
        bound: Number.isFinite(bound) ? bound : null,
        placed: fixed + instance.units.filter((_, unit) => best.placed(unit)).length,
        cases: instance.problem.cases.length,
        seconds: (performance.now() - started) / 1000,
      }),
  }
  const endedBy = (optimal: boolean): Proposal['endedBy'] => {
    if (optimal) return 'proof'
    deadline.shouldStop()
    return ended ?? (isCut ? 'clock' : 'workLimit')
  }
  return { deadline, endedBy }
}
