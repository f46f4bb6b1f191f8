import type { Certificate } from './bound.ts'
import { furnish, type Room } from './candidates.ts'
import { checkProposal } from './check.ts'
import { classOf } from './classes.ts'
import { Draft } from './draft.ts'
import { greedy, polish, squeezeIn } from './greedy.ts'
import { isLeaver } from './leaving.ts'
import { fewestLeavers, type Lowest, lowestMaximum } from './lowest.ts'
import { type Placement, type PlacementStep, settlePlacement } from './placement.ts'
import type { CaseClass, Problem, ProblemCase, Proposal, ProposalLine } from './problem.ts'
import { frame, isPlaced, lockedWhole, makeLines, totalValue } from './proposal.ts'
import type { Stage } from './relaxation.ts'
import { keepsSettled } from './search.ts'
import { semanticErrors } from './validate.ts'
import { maximise } from './value.ts'
import type { Watch } from './watch.ts'

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
  const room = furnish(problem)
  const { watch, endedBy } = startWatch(room, options, started)

  const most = mostValue(room)
  const first = greedy(room)
  if (options.onEarly) options.onEarly(await earlyAnswer(room, first, [], most, started))
  const yardstick = Draft.from(room, first.workerOf)
  squeezeIn(yardstick)
  polish(yardstick, 4)
  if (options.onEarly) options.onEarly(await earlyAnswer(room, yardstick, [first], most, started))
  const placement = await settlePlacement(room, yardstick, watch)
  const { leavers, capped, ...before } = await settleLowest(room, placement, [first, yardstick], watch)
  const { mustPlace, settled } = placement
  const last: Stage = { room: before.room, goal: null, mustPlace, settled }
  const result = await maximise(last, bestStart(last, [before.draft, yardstick, ...before.others]), watch)
  const engines = new Set([
    ...placement.engines,
    ...(capped?.usedHighs || leavers?.usedHighs ? ['HiGHS'] : []),
    ...result.engines,
  ])
  return makeProposal(room, {
    draft: result.draft,
    bound: Math.min(result.bound, Math.max(most, result.draft.value())),
    placement,
    leavers,
    capped,
    endedBy,
    engine: engines.size > 0 ? [...engines].sort().join(' + ') : 'bound',
    // Prices of a row that the answer does not need so wide are no prices of what is left of it.
    certificate: leavers && leavers.value !== result.draft.leavers() ? null : result.certificate,
    bundles: result.bundles,
    nodes: placement.nodes + result.nodes,
    started,
  })
}

interface LowestLevels {
  leavers: Lowest | null
  capped: Lowest | null
  /** The room in which both are kept, and what does; others may. */
  room: Room
  draft: Draft
  others: Draft[]
}

/** The levels of which less is better, as far as the policy asks for them. */
async function settleLowest(
  room: Room,
  placement: Placement,
  known: readonly Draft[],
  watch: Watch,
): Promise<LowestLevels> {
  const { leaving, lowestMaximumFirst } = room.policy
  const leavers = leaving?.fewest ? await fewestLeavers(room, placement, known, watch) : null
  const kept = leavers ?? { room, draft: placement.draft, others: [] }
  const { others } = kept
  const capped = lowestMaximumFirst
    ? await lowestMaximum(kept.room, { ...placement, draft: kept.draft }, [...known, ...others], watch)
    : null
  return { leavers, capped, others, room: capped?.room ?? kept.room, draft: capped?.draft ?? kept.draft }
}

/** The first draft or a better one that keeps what is settled just as well: levels above look at placing alone. */
function bestStart(stage: Stage, [first, ...others]: [Draft, ...Draft[]]): Draft {
  polish(first, 4)
  return others.reduce((best, other) => {
    const draft = Draft.from(stage.room, other.workerOf)
    return keepsSettled(stage, draft) && draft.value() > best.value() ? draft : best
  }, first)
}

/** What came out of the levels, for one allocation. */
interface Found {
  draft: Draft
  /** On the value of the draft; in units. */
  bound: number
  placement: Placement
  /** The fewest seats with who leaves or goes away, where the policy asks. */
  leavers: Lowest | null
  capped: Lowest | null
  endedBy: (optimal: boolean) => Proposal['endedBy']
  engine: string
  certificate: Certificate | null
  bundles: number
  nodes: number
  started: number
}

/** The Proposal of an allocation. Throws when it does not pass the check. */
function makeProposal(room: Room, found: Found): Proposal {
  const { problem } = room
  const { draft, placement } = found
  const { lines, loads } = makeLines(room, draft)
  const value = totalValue(problem, lines, loads)
  const levels = makeLevels(room, found, value, value + found.bound - draft.value())
  const optimal = levels.every(
    level => level.value === level.bound && (level.steps ?? []).every(step => step.value === step.bound),
  )
  const last = levels.at(-1)!
  const proposal: Proposal = {
    ...frame(problem),
    lines,
    loads,
    levels,
    status: optimal ? 'optimal' : 'feasible',
    gap: optimal ? 0 : Math.abs(last.bound - last.value) / Math.max(1, Math.abs(last.value)),
    endedBy: found.endedBy(optimal),
    engine: found.engine,
    ...(found.certificate ? { certificate: asWritten(found.certificate, placement) } : {}),
    bundles: found.bundles,
    nodes: found.nodes,
    wallMs: Math.round(performance.now() - found.started),
  }
  const wrong = checkProposal(problem, proposal)
  if (wrong.length > 0) {
    throw new Error(`The answer does not pass the check: ${wrong.map(one => one.message.en).join('; ')}`)
  }
  return proposal
}

function asWritten(
  { items, groups, shared, levels }: Certificate,
  { certificates }: Placement,
): Proposal['certificate'] {
  return {
    items: [...items],
    groups: [...groups],
    shared: [...shared],
    levels: [...levels],
    ...(certificates.length > 0
      ? { placing: certificates.map(({ urgency, certificate }) => ({ urgency, ...certificate })) }
      : {}),
  }
}

/** Nothing is searched for any more. */
const ENDED: Watch = { shouldStop: () => true, remaining: () => 1, cut: () => {}, report: () => {} }

/** The yardstick as an answer of its own, no worse than those before it, with the bounds that need no search. */
async function earlyAnswer(
  room: Room,
  yardstick: Draft,
  before: readonly Draft[],
  most: number,
  started: number,
): Promise<Proposal> {
  const placement = await settlePlacement(room, Draft.from(room, yardstick.workerOf), ENDED)
  const { leavers, capped, draft } = await settleLowest(room, placement, before, ENDED)
  return makeProposal(room, {
    draft,
    bound: Math.max(most, draft.value()),
    placement,
    leavers,
    capped,
    endedBy: optimal => (optimal ? 'proof' : 'clock'),
    engine: 'greedy',
    certificate: null,
    bundles: 0,
    nodes: 0,
    started,
  })
}

/**
 * No allocation is worth more, in units: v <= sum over items of max(0, max over workers of points - least rise), since the least
 * rises add up. Weak, but there at once and finite.
 */
function mostValue(room: Room): number {
  const best = new Float64Array(room.items.length)
  for (const { candidates } of room.workers) {
    for (const { item, points, leastRise } of candidates) {
      best[item] = Math.max(best[item]!, points - leastRise)
    }
  }
  return Math.ceil(best.reduce((sum, one) => sum + one, 0))
}

/** What one case after the other would give; for comparison, never for a decision. Value in points. */
export function greedyRound(problem: Problem): { lines: ProposalLine[]; placed: number; value: number } {
  const room = furnish(problem)
  const draft = greedy(room)
  const { lines, loads } = makeLines(room, draft)
  const placed = problem.cases.filter(one => isPlaced(lines, one.id)).length
  return { lines, placed, value: totalValue(problem, lines, loads) / 100 }
}

function startWatch(
  room: Room,
  options: SolveOptions,
  started: number,
): { watch: Watch; endedBy: (optimal: boolean) => Proposal['endedBy'] } {
  const limit = options.timeLimitMs ?? 60_000
  let ended: 'clock' | 'person' | null = null
  let isCut = false
  const fixed = lockedWhole(room).length
  const watch: Watch = {
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
        placed: fixed + room.units.filter((_, unit) => best.placed(unit)).length,
        cases: room.problem.cases.length,
        seconds: (performance.now() - started) / 1000,
      }),
  }
  const endedBy = (optimal: boolean): Proposal['endedBy'] => {
    if (optimal) return 'proof'
    watch.shouldStop()
    return ended ?? (isCut ? 'clock' : 'workLimit')
  }
  return { watch, endedBy }
}

/** Every level's value is that of the answer: where a level was not proven, the search for value may do better on it. */
function makeLevels(
  room: Room,
  { placement, leavers, capped, draft }: Found,
  value: number,
  bound: number,
): Proposal['levels'] {
  const weigh = (measure: PlacementStep['measure'], cases: readonly ProblemCase[]) =>
    cases.reduce((sum, one) => sum + (measure === 'placed' ? 1 : one.waitingDays), 0)
  const whole = lockedWhole(room)
  const found = room.units.flatMap((unit, index) => (draft.placed(index) ? [unit.case] : []))
  const steps = placement.steps.map(step => {
    const inClass = (one: ProblemCase) => classOf(room.policy, one) === step.urgency
    const reached = weigh(step.measure, found.filter(inClass))
    const fixed = weigh(step.measure, whole.filter(inClass))
    return { ...step, value: reached + fixed, bound: Math.max(reached, step.bound) + fixed }
  })
  const highest = draft.highestLoad()
  const fixedGoing = room.locks.held.filter(lock => isLeaver(room.problem, lock)).length
  const going = draft.leavers() + fixedGoing
  const level = (name: Proposal['levels'][number]['level'], belongs: (one: CaseClass) => boolean) => {
    const own = steps.filter(step => belongs(step.urgency))
    const placed = own.filter(step => step.measure === 'placed')
    return {
      level: name,
      value: placed.reduce((total, step) => total + step.value, 0),
      bound: placed.reduce((total, step) => total + step.bound, 0),
      steps: own,
    }
  }
  return [
    ...(room.classes.includes('current') ? [level('currentPlaced', one => one === 'current')] : []),
    level('urgentPlaced', one => one === 'emergency'),
    level('placed', one => one !== 'current' && one !== 'emergency'),
    ...(leavers
      ? [{ level: 'leavers' as const, value: going, bound: Math.min(leavers.bound + fixedGoing, going) }]
      : []),
    ...(capped
      ? [
          {
            level: 'highestLoad' as const,
            value: highest / 10000,
            bound: Math.min(capped.bound, highest) / 10000,
          },
        ]
      : []),
    { level: 'pointsMinusLoad', value: value / 100, bound: bound / 100 },
  ]
}
