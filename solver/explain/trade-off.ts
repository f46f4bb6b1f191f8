import { checkProposal } from '../check/check.ts'
import { asPoints, hundredths } from '../problem/load.ts'
import type { Problem, Proposal } from '../problem/problem.ts'
import { buildInstance } from '../search/instance.ts'
import { type Progress, solve } from '../solve.ts'
import { draftOf, evenLoadsOf, highestLoad, highestOfLevel, placesAsMuch, worthOf } from './worth.ts'

/** One proposal of the front: nobody can have more points with this highest load or less. */
export interface FrontPoint {
  /** Highest load among those who get something, hundredths of a percent of the norm. */
  highest: number
  /** Points of everything that is filled, less what it costs that seats change or move. */
  points: number
  /** equal: lowest highest load; balanced: most points less costs; preference: most points. */
  names: ('equal' | 'balanced' | 'preference')[]
  /** Proven: no more points at this load, and not as many at a lower one. */
  proven: boolean
  /** A whole answer to the Problem itself; it passes the check. */
  proposal: Proposal
}

export interface Front {
  /** Lowest highest load first; points rise from one to the next. */
  points: FrontPoint[]
  /** The search went from one end to the other. */
  complete: boolean
}

export interface FrontOptions {
  /** How many points at most, from 3 to 15. */
  points: number
  /** Clamp: no point above this highest load, hundredths of a percent of the norm. */
  highestAtMost?: number | null
  /** Clamp: no point with fewer points. */
  pointsAtLeast?: number | null
  /** For everything together. Default 10,000. */
  timeLimitMs?: number
  shouldStop?: () => boolean
  /** Of the first answer as of any round; then level 'front': points of the front found, and how many at most. */
  onProgress?: (progress: Progress) => void
}

/** In hundredths of a percent: the grid of the highest load. */
const STEP = 1
const NO_COST = [{ from: 0, pointsPerHour: 0 }]

/**
 * The trade-off between fit and the highest load, among the allocations that place as much as can be placed (that always comes
 * first). For a cap h on the highest load,
 *
 *     P(h) = max { points(a) : a places as much as can be placed, highest load of a <= h }
 *
 * rises with h, and (h, P(h)) is on the front when P(h - 0.01 %) is lower. The caps are taken one after the other on an even
 * grid, from the load that the most points need down to the lowest that is possible; after every answer it is asked just under
 * its own load, which proves that its points cannot be had for less, or finds where they can.
 */
export async function tradeOff(problem: Problem, options: FrontOptions): Promise<Front> {
  const until = performance.now() + (options.timeLimitMs ?? 10_000)
  const left = () => (options.shouldStop?.() ? 0 : until - performance.now())
  const limits = () => ({ timeLimitMs: Math.max(1, left()) })
  const started = performance.now()
  let placed = 0
  const tell = ({ placed: known, ...progress }: Omit<Progress, 'seconds'>) => {
    placed = known
    options.onProgress?.({ ...progress, placed, seconds: (performance.now() - started) / 1000 })
  }
  const reference = await solve(problem, { ...limits(), onProgress: tell })
  const locks = heldLocks(problem)
  const askFor = async (cap: number | null, first = false): Promise<Found | null> => {
    if (left() <= 0) return null
    const asked = supposed(problem, locks, cap, first)
    const answer = await solve(asked, limits())
    return found(problem, reference, answer)
  }

  const most = await askFor(options.highestAtMost ?? null)
  const least = await askFor(options.highestAtMost ?? null, true)
  if (!most || !least) return { points: [], complete: left() > 0 }
  const search: Search = { askFor, lowest: least.highest }
  const width = Math.max(STEP, (most.highest - least.highest) / (options.points - 1))
  const all: Found[] = []
  let next: Found | null = most
  while (next) {
    const point: Found = await tightened(next, search)
    all.push(point)
    tell({ level: 'front', value: all.length, bound: options.points, placed, cases: problem.cases.length })
    if (point.highest <= least.highest) break
    const steps = Math.ceil((point.highest - least.highest) / width) - 1
    next = await askFor(Math.min(point.highest - STEP, least.highest + Math.round(steps * width)))
    if (next && next.highest >= point.highest) next = null
  }
  const complete = left() > 0 && all.at(-1)!.highest <= least.highest
  const fewest = options.pointsAtLeast ?? Number.NEGATIVE_INFINITY
  const kept = front(all).filter(one => one.points >= fewest)
  return { points: named(problem, kept), complete }
}

interface Search {
  /** The best answer under a cap; null: the time is up, or it does not pass. */
  askFor: (cap: number) => Promise<Found | null>
  /** The lowest highest load there is. */
  lowest: number
}

/**
 * As many points at the lowest load that gives them: once just under its own load, and where that gives as many, by halves.
 * Marks what it returns as strict when fewer points under it are proven.
 */
async function tightened(point: Found, { askFor, lowest }: Search): Promise<Found> {
  let best = point
  /** Under or at this load there are fewer points. */
  let fewer = lowest - STEP
  let certain = true
  let cap = best.highest - STEP
  while (best.highest - STEP > fewer) {
    const answer = await askFor(cap)
    // A load that the cap does not govern (what people fixed, what stays) cannot be pressed any further.
    if (!answer || answer.highest > cap) return best
    if (answer.units >= best.units) best = answer
    else {
      fewer = cap
      certain &&= answer.exact
    }
    cap = Math.floor((best.highest + fewer) / 2)
  }
  return { ...best, strict: certain && best.exact }
}

interface Found {
  highest: number
  units: number
  points: number
  exact: boolean
  /** It is proven that the same points need this load. */
  strict: boolean
  proposal: Proposal
}

/** Points are all that counts, under a cap; or, `first`, the highest load counts before them. */
function supposed(problem: Problem, locks: Problem['locks'], cap: number | null, first: boolean): Problem {
  const { policy } = problem
  const { heavyCost: _, evenLoads: __, ...rest } = policy
  const fraction = cap === null ? policy.hardLimit : Math.min(policy.hardLimit, cap / 10_000)
  const bandHigh = Math.min(policy.bandHigh, fraction)
  return {
    ...problem,
    // The highest load of an older meaning is none that a cap can press.
    meaning: 2,
    locks,
    policy: {
      ...rest,
      loadCost: NO_COST,
      lowestMaximumFirst: first,
      hardLimit: fraction,
      bandHigh,
      bandLow: Math.min(policy.bandLow, bandHigh),
    },
  }
}

/** What people fixed holds at every cap: it is not the engine's to take away. */
function heldLocks(problem: Problem): Problem['locks'] {
  const { held } = buildInstance(problem).locks
  const seats = new Set(held.map(lock => `${lock.seat} ${lock.caseId}`))
  return problem.locks.map(lock =>
    seats.has(`${lock.seat} ${lock.caseId}`) ? { ...lock, aboveLimit: true } : lock,
  )
}

/** The answer as one to the Problem itself; null when it places less than can be placed or does not pass the check. */
function found(problem: Problem, reference: Proposal, answer: Proposal): Found | null {
  const draft = draftOf(problem, answer.lines)
  const worth = worthOf(problem, draft)
  const best = worthOf(problem, reference)
  if (!placesAsMuch(worth, best)) return null
  const levels = reference.levels.map(level => {
    if (level.level === 'highestLoad') {
      const value = highestOfLevel(problem, draft) / 10_000
      return { ...level, value, bound: Math.min(level.bound, value) }
    }
    if (level.level !== 'pointsMinusLoad') return level
    const value = asPoints(worth.units)
    return { ...level, value, bound: Math.max(level.bound, value) }
  })
  const last = levels.at(-1)!
  const optimal = levels.every(
    level => level.value === level.bound && (level.steps ?? []).every(step => step.value === step.bound),
  )
  const { evenLoads: _, ...given } = answer
  const even = evenLoadsOf(draft.loads)
  const proposal: Proposal = {
    ...given,
    // Nothing is known of how even the loads could be at these points.
    ...(problem.policy.evenLoads && {
      evenLoads: { value: even, bound: 0, status: 'feasible' as const, endedBy: 'workLimit' as const },
    }),
    ...draft,
    engine: answer.engine,
    bundles: answer.bundles,
    nodes: answer.nodes,
    wallMs: answer.wallMs,
    endedBy: answer.endedBy,
    lines: draft.lines.map((line, k) =>
      line.workerId === null ? { ...line, hours: answer.lines[k]!.hours } : line,
    ),
    levels,
    status: optimal ? 'optimal' : 'feasible',
    gap: optimal ? 0 : Math.abs(last.bound - last.value) / Math.max(1, Math.abs(last.value)),
  }
  if (checkProposal(problem, proposal).length > 0) return null
  const points = fitOf(proposal.lines)
  return {
    highest: highestLoad(draft.loads),
    units: points,
    points: asPoints(points),
    exact: answer.status === 'optimal',
    strict: false,
    proposal,
  }
}

/** Points of everything that is filled, less what it costs that seats change or move; in hundredths. */
export function fitOf(lines: Proposal['lines']): number {
  return lines.reduce(
    (sum, line) =>
      sum + hundredths(line.points) - hundredths(line.changeCost ?? 0) - hundredths(line.moveCost ?? 0),
    0,
  )
}

/** Those that no other beats on one measure without losing on the other; lowest highest load first. */
function front(all: readonly Found[]): Found[] {
  const kept: Found[] = []
  for (const one of [...all].sort((a, b) => a.highest - b.highest || b.units - a.units)) {
    const last = kept.at(-1)
    if (!last || one.units > last.units) kept.push(one)
  }
  return kept
}

function named(problem: Problem, points: readonly Found[]): FrontPoint[] {
  const values = points.map(one => worthOf(problem, one.proposal).units)
  const balanced = values.indexOf(Math.max(...values))
  return points.map((one, k) => ({
    highest: one.highest,
    points: one.points,
    names: [
      ...(k === 0 ? (['equal'] as const) : []),
      ...(k === balanced ? (['balanced'] as const) : []),
      ...(k === points.length - 1 ? (['preference'] as const) : []),
    ],
    proven: one.exact && one.strict,
    proposal: one.proposal,
  }))
}
