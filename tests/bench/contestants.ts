import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { greedyRound, solve } from '../../solver/solve.ts'
import { type Engine, runCompact } from '../support/compact.ts'
import { solveWithJslp } from '../support/jslp.ts'
import { type Levels, levelsOf, levelsOfProposal } from '../support/oracle.ts'
import { randomProblem } from '../support/problems.ts'

export const CONTESTANTS = ['own', 'highs', 'jslp', 'greedy'] as const
export type Contestant = (typeof CONTESTANTS)[number]

export const LABELS: Record<Contestant, string> = {
  own: 'this solver',
  highs: 'HiGHS compact',
  jslp: 'javascript-lp-solver compact',
  greedy: 'greedy',
}

/** What one contestant made of one round. */
export interface Outcome {
  /** Processor time and wall clock, without making the round. */
  ms: number
  wallMs: number
  /** Null without a usable answer; the last one is the value in hundredths of a point. */
  levels: Levels | null
  /** Proven bound on the value (hundredths of a point); null when there is none. */
  bound: number | null
  /** All levels proven, or the last one to the gap that was asked. */
  proven: boolean
  /** Processor time until the gap of the last level was at most so much, by gap. */
  reached: Record<string, number>
  note: string
  /** Highest resident memory of the process so far. */
  peakMb: number
}

/** Gaps of which the moment is noted: shares of the value. */
export const GAPS = [1e-3, 1e-4, 5e-5, 1e-5, 0]

export interface Limits {
  cutMs: number
  /** Absolute gap (hundredths of a point) at which an engine may stop: as far as this solver came. */
  gap: number
}

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function own(problem: Problem, limits: Limits) {
  const started = cpu()
  const reached: Outcome['reached'] = {}
  const proposal = await solve(problem, {
    timeLimitMs: limits.cutMs,
    onProgress: ({ level, value, bound }) => {
      if (level !== 'pointsMinusLoad' || bound === null) return
      const gap = (bound - value) / Math.max(1, Math.abs(value))
      for (const one of GAPS) if (gap <= one) reached[one] ??= cpu() - started
    },
  })
  const ms = cpu() - started
  if (proposal.status === 'optimal') for (const one of GAPS) reached[one] ??= ms
  const levels = levelsOfProposal(problem, proposal)
  const last = proposal.levels.at(-1)!
  return {
    ms,
    levels,
    // What the yardstick leaves out is the same for every allocation: the hours of existing cases that cannot move.
    bound: levels.at(-1)! + Math.round((last.bound - last.value) * 100),
    proven: proposal.status === 'optimal',
    reached,
    note: proposal.status === 'optimal' ? '' : `not proven, ended by ${proposal.endedBy}`,
  }
}

async function compact(problem: Problem, limits: Limits, engine: Engine) {
  const started = cpu()
  const { status, levels, bound } = await runCompact(problem, engine)
  const ms = cpu() - started
  const proven = status === 'optimal'
  const late = ms >= limits.cutMs * 0.98 || status === 'limit'
  const note = proven ? '' : late ? 'cut off' : 'gave up'
  return {
    ms,
    levels,
    bound: Number.isFinite(bound) ? Math.floor(bound + 0.5) : null,
    proven,
    reached: {},
    note,
  }
}

function greedy(problem: Problem) {
  const started = cpu()
  const { lines } = greedyRound(problem)
  const ms = cpu() - started
  return { ms, levels: levelsOf(problem, lines), bound: null, proven: false, reached: {}, note: '' }
}

/** Lets one contestant solve a round. An engine that does not keep its limits has to be ended from outside. */
export async function compete(contestant: Contestant, problem: Problem, limits: Limits): Promise<Outcome> {
  const wall = performance.now()
  const started = cpu()
  const left = () => Math.max(1, limits.cutMs - (cpu() - started))
  const result =
    contestant === 'own'
      ? await own(problem, limits)
      : contestant === 'greedy'
        ? greedy(problem)
        : await compact(problem, limits, (model, last) =>
            contestant === 'jslp'
              ? solveWithJslp(model, left())
              : solveWithHighs(model, {
                  nodes: 10_000_000,
                  timeLimitMs: left(),
                  absoluteGap: last ? Math.max(0.9, limits.gap) : 0.9,
                }),
          )
  const wallMs = performance.now() - wall
  return { ...result, wallMs, peakMb: process.resourceUsage().maxRSS / 1024 }
}

/** Loads engines and lets the code be compiled before anything is timed: a server has done so after its first round. */
export async function warmUp(contestant: Contestant): Promise<void> {
  const started = cpu()
  // javascript-lp-solver does not keep its clock: on some of the larger ones it would never come back.
  const small = contestant === 'jslp'
  for (let seed = 1; seed <= 60 && cpu() - started < 3000; seed++) {
    const problem = randomProblem(seed, {
      cases: small ? 2 : 5 + (seed % 8),
      workers: small ? 3 : 6 + (seed % 10),
      rules: 0.7,
    })
    await compete(contestant, { ...problem, locks: [] }, { cutMs: 500, gap: 0 })
  }
}
