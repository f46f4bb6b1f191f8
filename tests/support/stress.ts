import { checkProposal } from '../../solver/check/check.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { validateProposal } from '../../solver/problem/validate.ts'
import { verifyBound, verifyPlacing } from '../../solver/search/verify-bound.ts'
import { type SolveOptions, solve } from '../../solver/solve.ts'
import { compareLevels, levelsOfProposal } from './oracle.ts'
import { randomSource } from './problems.ts'

/** How a run ends: by itself, by the clock, or by a person at some moment. */
export const endings = ['whole', 'again', 'stirred', '1 ms', '20 ms', '200 ms', 'stopped', 'aborted'] as const
export type Ending = (typeof endings)[number]

/** A run may go on for so long after its time is up: the step that it is in, on a busy machine. */
const OVERRUN_MS = 4000

function limitsOf(ending: Ending, seed: number, wholeMs: number): SolveOptions {
  const next = randomSource(seed * 31 + endings.indexOf(ending))
  const time = Number.parseInt(ending, 10)
  if (time > 0) return { timeLimitMs: time }
  if (ending === 'stopped') {
    const last = Math.floor(next() ** 3 * 2000)
    let asked = 0
    return { timeLimitMs: wholeMs, shouldStop: () => asked++ >= last }
  }
  if (ending === 'aborted') {
    const abort = new AbortController()
    let left = Math.floor(next() * 20)
    const onProgress = () => {
      if (left-- <= 0) abort.abort()
    }
    return { timeLimitMs: wholeMs, signal: abort.signal, onProgress }
  }
  return { timeLimitMs: wholeMs }
}

/** The same lists in another order. */
function stirred(problem: Problem, seed: number): Problem {
  const next = randomSource(seed)
  const shuffled = <T>(list: readonly T[]): T[] =>
    list
      .map(one => ({ one, order: next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ one }) => one)
  return {
    ...problem,
    cases: shuffled(problem.cases),
    workers: shuffled(problem.workers),
    locks: shuffled(problem.locks),
    exclusions: shuffled(problem.exclusions),
    waiting: shuffled(problem.waiting),
  }
}

export interface StressTally {
  runs: number
  optimal: number
  byClock: number
  byPerson: number
  derived: number
}

/**
 * Solves one problem in every way in which a run can end, and says in words what does not hold of the answers: that they pass the
 * check and can be read in again, that early answers are no better than what follows, that no answer passes a bound of another,
 * that bounds are derived again, that the same is the same again and in any order, and that time is kept.
 */
export async function faultsOf(
  problem: Problem,
  seed: number,
  wholeMs: number,
  tally: StressTally,
): Promise<string[]> {
  const faults: string[] = []
  let whole: { proposal: Proposal; ms: number } | null = null
  for (const ending of endings) {
    const repeats = ending === 'again' || ending === 'stirred'
    if (repeats && (!whole || whole.ms > wholeMs / 3 || whole.proposal.endedBy === 'clock')) continue
    const say = (what: string) => faults.push(`${ending}: ${what}`)
    const asked = ending === 'stirred' ? stirred(problem, seed) : problem
    const limits = limitsOf(ending, seed, wholeMs)
    const early: Proposal[] = []
    const started = performance.now()
    try {
      const proposal = await solve(asked, { ...limits, onEarly: one => early.push(one) })
      const ms = performance.now() - started
      tally.runs++
      if (proposal.status === 'optimal') tally.optimal++
      if (proposal.endedBy === 'clock') tally.byClock++
      if (proposal.endedBy === 'person') tally.byPerson++
      if (ms > limits.timeLimitMs! + OVERRUN_MS)
        say(`took ${Math.round(ms)} ms of ${limits.timeLimitMs} (${proposal.engine})`)
      judge(asked, proposal, early, say)
      if (ms < wholeMs / 3) tally.derived += derive(asked, proposal, say)
      if (ending === 'whole') whole = { proposal, ms }
      else if (whole) hold(problem, whole.proposal, proposal, repeats, say)
    } catch (error) {
      say(`throws ${error instanceof Error ? error.stack : error}`)
    }
  }
  return faults
}

function judge(problem: Problem, proposal: Proposal, early: Proposal[], say: (what: string) => void): void {
  const shaped = validateProposal(JSON.parse(JSON.stringify(proposal)))
  if ('errors' in shaped) say(`cannot be read in again: ${JSON.stringify(shaped.errors)}`)
  if ((proposal.endedBy === 'proof') !== (proposal.status === 'optimal'))
    say(`is ${proposal.status}, ended by ${proposal.endedBy}`)
  let before: number[] | null = null
  for (const [index, one] of [...early, proposal].entries()) {
    const which = index < early.length ? `early answer ${index + 1}` : 'the answer'
    for (const finding of checkProposal(problem, one)) say(`${which}: ${finding.message.en}`)
    const levels = levelsOfProposal(problem, one)
    if (before && compareLevels(levels, before) < 0) say(`${which} is worse than the one before`)
    before = levels
    const passed = passedBound(one, proposal)
    if (passed) say(`the bound of ${which} on ${passed} is passed`)
  }
}

/** Bounds of the proposal that are derived again; says which are wrong. */
function derive(problem: Problem, proposal: Proposal, say: (what: string) => void): number {
  if (!proposal.certificate) return 0
  const last = verifyBound(problem, proposal, proposal.certificate)
  if (last.how === 'wrong') say('the last bound is wrong')
  const placing = verifyPlacing(problem, proposal)
  for (const { how, urgency } of placing) if (how === 'wrong') say(`the bound on placing ${urgency} is wrong`)
  return [last, ...placing].filter(one => one.how === 'prices' || one.how === 'search').length
}

/** What holds between the whole run and another one on the same problem. */
function hold(
  problem: Problem,
  whole: Proposal,
  other: Proposal,
  repeats: boolean,
  say: (what: string) => void,
): void {
  // How even the loads are is proven apart.
  const isEven = whole.evenLoads === undefined || whole.evenLoads.status === 'optimal'
  const proven = (one: Proposal) => levelsOfProposal(problem, one).slice(0, isEven ? undefined : -1)
  const compared = compareLevels(proven(whole), proven(other))
  if (compared < 0 && whole.status === 'optimal') say('is better than what was proven the best')
  for (const [a, b] of [
    [whole, other],
    [other, whole],
  ] as const) {
    const passed = passedBound(a, b)
    if (passed) say(`the bound of one run on ${passed} is passed by the other`)
  }
  if (!repeats || other.endedBy === 'clock' || other.evenLoads?.endedBy === 'clock') return
  const { wallMs: _, problemSha256: __, ...first } = whole
  const { wallMs: ___, problemSha256: ____, ...second } = other
  const shown = ({ lines, levels, evenLoads, loads, nodes, bundles, certificate }: typeof first) =>
    JSON.stringify({
      lines: lines.map(line => ({ ...line, contributions: line.contributions.map(part => part.points) })),
      levels,
      evenLoads,
      loads,
      nodes,
      bundles,
      certificate,
    })
  if (shown(first) !== shown(second)) say('is not the same proposal')
}

/** The first step, in their order, on which the second proposal passes the bound of the first while all before it are equal. */
function passedBound(first: Proposal, second: Proposal): string | null {
  const steps = ({ levels }: Proposal) =>
    levels.flatMap(({ level, value, bound, steps: own }) =>
      own
        ? own.map(step => ({ ...step, name: `${step.measure} ${step.urgency}`, sign: 1 }))
        : [
            {
              value,
              bound,
              name: level as string,
              sign: level === 'highestLoad' || level === 'leavers' ? -1 : 1,
            },
          ],
    )
  const others = steps(second)
  for (const [index, { value, bound, name, sign }] of steps(first).entries()) {
    const other = others[index]!
    if (sign * (other.value - bound) > 1e-9) return name
    if (other.value !== value) return null
  }
  return null
}
