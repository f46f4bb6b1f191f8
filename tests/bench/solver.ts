import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { furnish } from '../../solver/candidates.ts'
import { compactModel, type Settled } from '../../solver/compact.ts'
import type { Draft } from '../../solver/draft.ts'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import { solveWithJslp } from '../../solver/engines/jslp.ts'
import type { EngineAnswer, LinearModel } from '../../solver/engines/model.ts'
import type { Problem } from '../../solver/problem.ts'
import { greedyRound, solve } from '../../solver/solve.ts'
import { randomProblem } from '../support/problems.ts'

/**
 * Times are processor time, so that a busy machine does not blur them; rounds are the same for all, interleaved.
 * javascript-lp-solver does not keep its own time limit, so it runs in a thread that is ended at the cut.
 *
 * This solver beside the compact model in javascript-lp-solver and in HiGHS, and beside greedy; interleaved, the same
 * rounds with all kinds of rules, the same strict levels. Prints one Markdown table.
 *
 *   npm run bench -- [--seeds 5] [--cut 20]      rounds per size; seconds after which a compact run is cut off
 */

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

interface Outcome {
  ms: number
  /** Cases placed and points less load cost; null without a usable answer. */
  answer: { placed: number; value: number } | null
  note: string
}

type Engine = (model: LinearModel, msLeft: number) => Promise<EngineAnswer> | EngineAnswer

/** The compact model in javascript-lp-solver, in a thread of its own. */
function inThread(problem: Problem, cutMs: number): Promise<Outcome> {
  const started = cpu()
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { problem, cutMs } })
    const timer = setTimeout(() => {
      resolve({ ms: cpu() - started, answer: null, note: 'cut off' })
      void thread.terminate()
    }, cutMs)
    thread.on('message', (outcome: Outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    })
    thread.on('error', reject)
  })
}

/** Level by level with the compact model; locks are left out of the rounds, so values compare. */
async function compact(problem: Problem, engine: Engine, cutMs: number): Promise<Outcome> {
  const started = cpu()
  const left = () => Math.max(1, cutMs - (cpu() - started))
  const room = furnish(problem)
  const settled: Settled[] = []
  let draft: Draft | null = null
  for (const urgency of ['emergency', 'high', 'normal', null] as const) {
    const inClass = room.units.map(unit => unit.case.urgency === urgency)
    const days = room.units.map((unit, index) => (inClass[index] ? unit.case.waitingDays : 0))
    const weight = days.reduce((sum, one) => sum + one, 0) + 1
    const weights = days.map((one, index) => (inClass[index] ? one + weight : 0))
    const { model, read } = compactModel(room, { weights, values: urgency === null }, settled)
    const answer = await engine(model, left())
    draft = answer.values.length > 0 ? read(answer.values) : null
    if (answer.status !== 'optimal' || !draft) {
      const note =
        answer.status === 'failed' ? 'wrong or cut off' : answer.status === 'limit' ? 'cut off' : 'wrong'
      return { ms: cpu() - started, answer: null, note }
    }
    const least = answer.values.reduce((sum, value, column) => sum + value * model.objective[column]!, 0)
    if (urgency !== null) settled.push({ weights, least: Math.round(least) })
  }
  const placed = room.units.filter((_, unit) => draft!.placed(unit)).length
  return { ms: cpu() - started, answer: { placed, value: draft!.value() / 100 }, note: '' }
}

async function own(problem: Problem): Promise<Outcome> {
  const started = cpu()
  const proposal = await solve(problem)
  const ms = cpu() - started
  const placed = proposal.levels[0]!.value + proposal.levels[1]!.value
  const value = proposal.levels.at(-1)!.value
  return { ms, answer: { placed, value }, note: proposal.status === 'optimal' ? '' : 'not proven' }
}

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
const shown = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seeds: { type: 'string' }, cut: { type: 'string' }, sizes: { type: 'string' } },
  })
  const seeds = Number(values.seeds ?? 5)
  const cutMs = Number(values.cut ?? 20) * 1000
  const sizes = (values.sizes ?? '10x15,20x25,25x48,30x40')
    .split(',')
    .map(text => text.split('x').map(Number))

  // Load both engines before anything is timed.
  await own(randomProblem(1, { cases: 10, workers: 15 }))
  await compact(
    randomProblem(1, { cases: 4, workers: 4, rules: 0 }),
    (model, ms) => solveWithHighs(model, { nodes: 1000, timeLimitMs: ms, absoluteGap: 0.9 }),
    5000,
  )

  console.log(
    '| cases x workers | this solver (least–most) | HiGHS compact | javascript-lp-solver compact | greedy | ratio to HiGHS | ratio to javascript-lp-solver | greedy against the optimum |',
  )
  console.log('|---|---|---|---|---|---|---|---|')
  for (const [cases, workers] of sizes) {
    const times = { own: [] as number[], highs: [] as number[], jslp: [] as number[], greedy: [] as number[] }
    const notes = { own: [] as string[], highs: [] as string[], jslp: [] as string[] }
    const behind: string[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      const problem = randomProblem(seed * 977 + cases!, { cases: cases!, workers: workers! })
      problem.policy.lowestMaximumFirst = false
      problem.locks = []
      const results = {
        own: await own(problem),
        highs: await compact(
          problem,
          (model, ms) => solveWithHighs(model, { nodes: 10_000_000, timeLimitMs: ms, absoluteGap: 0.9 }),
          cutMs,
        ),
        jslp: await inThread(problem, cutMs),
      }
      const best = results.own.answer!
      for (const key of ['own', 'highs', 'jslp'] as const) {
        const { ms, answer, note } = results[key]
        times[key].push(ms)
        if (note) notes[key].push(note)
        else if (answer && (answer.placed !== best.placed || Math.abs(answer.value - best.value) > 1e-6)) {
          notes[key].push(`differs: ${answer.placed}/${answer.value}`)
        }
      }
      const started = cpu()
      const yardstick = greedyRound(problem)
      times.greedy.push(cpu() - started)
      behind.push(`${yardstick.placed - best.placed} / ${(yardstick.value - best.value).toFixed(0)}`)
    }
    const tell = (key: 'own' | 'highs' | 'jslp') => {
      const list = notes[key]
      return (
        shown(median(times[key])) +
        (list.length > 0 ? ` (${list.length} of ${seeds} ${[...new Set(list)].join(', ')})` : '')
      )
    }
    const ratio = (key: 'highs' | 'jslp') => (median(times[key]) / median(times.own)).toFixed(1)
    console.log(
      `| ${cases} x ${workers} | ${tell('own')} (${shown(Math.min(...times.own))}–${shown(Math.max(...times.own))}) | ${tell('highs')} | ${tell('jslp')} | ${shown(median(times.greedy))} | ${ratio('highs')} | ${ratio('jslp')} | ${behind.join('; ')} |`,
    )
  }
}

if (isMainThread) await main()
else {
  const { problem, cutMs } = workerData as { problem: Problem; cutMs: number }
  parentPort?.postMessage(await compact(problem, (model, ms) => solveWithJslp(model, ms), cutMs))
}
