import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { solveDense } from '../../solver/assignment/solve-assignment.ts'
import { highs, solveWithHighs } from '../../solver/engines/highs.ts'
import type { LinearModel } from '../../solver/engines/model.ts'
import { maximiseDense } from '../../solver/search/assignment.ts'
import { compactModel } from '../../solver/search/compact.ts'
import { greedy } from '../../solver/search/greedy.ts'
import { buildInstance } from '../../solver/search/instance.ts'
import { settlePlacement } from '../../solver/search/placement.ts'
import { type GapClass, type GapInstance, generateGap, readGap, shapeOfGap } from '../support/gap.ts'
import { reallocation } from '../support/reallocation.ts'

/**
 * The dense path of the solver on generalised assignment, beside HiGHS on the compact model in the same run.
 *
 *   npm run bench:gap -- FILE... [--compare] [--seconds 30] [--best FILE]
 *   npm run bench:gap -- --classes [--kinds a,b,c,d,e] [--sizes 5x100,20x200] [--seed 1]
 *   npm run bench:gap -- --teams [--seeds 5] [--compare]     120 cases dealt out again over 14 workers, a price per move
 *
 * One JSON line per problem: name, value (null: none found), bound, gap, ms, optimal; a last line adds up. Files are in the
 * OR-Library's format, minimising. `--best`: lines of a name and the best value known. Times are processor time, so that
 * a busy machine does not blur them; `--seconds` is the limit on it, for each contestant.
 */

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

interface Outcome {
  value: number | null
  /** On the cost, from below; null when nothing is known. */
  bound: number | null
  gap: number | null
  ms: number
  optimal: boolean
}

function outcome(value: number | null, bound: number | null, started: number): Outcome {
  const gap = value === null || bound === null ? null : (value - bound) / Math.max(1, Math.abs(bound))
  return {
    value,
    bound,
    gap: gap === null ? null : Math.round(gap * 1e7) / 1e7,
    ms: Math.round((cpu() - started) * 10) / 10,
    optimal: value !== null && value === bound,
  }
}

function own(instance: GapInstance, seconds: number): Outcome {
  const started = cpu()
  const { shape, costOf } = shapeOfGap(instance)
  let asked = 0
  let ended = false
  const found = solveDense(shape, new Int32Array(shape.jobs).fill(-1), {
    cells: Number.POSITIVE_INFINITY,
    // Asking for processor time costs more than a step of a small problem.
    shouldStop: () => {
      if (!ended && ++asked % 32 === 0) ended = cpu() - started > seconds * 1000
      return ended
    },
    report: () => {},
  })
  const value = found.best === null ? null : checkedCost(instance, found.best)
  if (value !== null && value !== costOf(found.value))
    throw new Error(`${instance.name}: the value does not add up.`)
  return outcome(value, Number.isFinite(found.bound) ? costOf(found.bound) : null, started)
}

/** The cost counted from the instance alone; throws when an agent has more than fits. */
function checkedCost(instance: GapInstance, best: Int32Array): number {
  const jobs = best.length
  const used = instance.capacities.map(() => 0)
  let cost = 0
  best.forEach((option, job) => {
    const agent = Math.floor(option / jobs)
    if (option % jobs !== job) throw new Error(`${instance.name}: job ${job} has the option of another job.`)
    used[agent]! += instance.needs[agent]![job]!
    cost += instance.costs[agent]![job]!
  })
  used.forEach((hours, agent) => {
    if (hours > instance.capacities[agent]!)
      throw new Error(`${instance.name}: agent ${agent} is over its capacity.`)
  })
  return cost
}

/** The plain model: a column per pair, a row per job and per agent. */
async function compact(instance: GapInstance, seconds: number): Promise<Outcome> {
  const started = cpu()
  const { costs, needs, capacities } = instance
  const jobs = costs[0]!.length
  const model: LinearModel = { objective: [], columns: [], rows: [] }
  for (const cost of costs.flat()) {
    model.objective.push(-cost)
    model.columns.push({ integer: true, upper: 1 })
  }
  for (let j = 0; j < jobs; j++) {
    const columns = capacities.map((_, i) => i * jobs + j)
    model.rows.push({ min: 1, max: 1, columns, values: columns.map(() => 1) })
  }
  capacities.forEach((capacity, i) => {
    const columns = needs[i]!.map((_, j) => i * jobs + j)
    model.rows.push({ min: Number.NEGATIVE_INFINITY, max: capacity, columns, values: needs[i]! })
  })
  const limits = { nodes: 1_000_000_000, timeLimitMs: seconds * 1000, absoluteGap: 0.999 }
  const answer = await solveWithHighs(model, limits)
  const value =
    answer.values.length === 0
      ? null
      : Math.round(answer.values.reduce((sum, one, column) => sum - one * model.objective[column]!, 0))
  const bound = Number.isFinite(answer.bound) ? Math.ceil(-answer.bound - 1e-6) : null
  return outcome(value, answer.status === 'optimal' ? value : bound, started)
}

/** A whole team dealt out again: value and bound in points, maximising, after the strict levels before it. */
async function team(seed: number, seconds: number, compare: boolean): Promise<void> {
  const instance = buildInstance(reallocation(seed, 120, 14))
  const deadlineFor = () => {
    const started = cpu()
    const left = () => seconds * 1000 - (cpu() - started)
    return {
      shouldStop: () => left() <= 0,
      remaining: () => Math.max(1, left()),
      cut: () => {},
      report: () => {},
    }
  }
  const placement = await settlePlacement(instance, greedy(instance), deadlineFor())
  const { mustPlace, settled } = placement
  const inPoints = (value: number, bound: number, started: number) => ({
    value: value / 100,
    bound: bound / 100,
    gap: Math.round(((bound - value) / Math.max(1, Math.abs(value))) * 1e7) / 1e7,
    ms: Math.round(cpu() - started),
    optimal: value === bound,
  })
  let started = cpu()
  const mine = await maximiseDense(
    { instance, goal: null, mustPlace, settled },
    placement.draft,
    deadlineFor(),
  )
  const line = { name: `team120x14-${seed}`, ...inPoints(mine.value, mine.bound, started) }
  if (!compare) return console.log(JSON.stringify(line))
  started = cpu()
  const { model, read } = compactModel(
    instance,
    { weights: instance.units.map(() => 0), values: true },
    settled,
  )
  const limits = { nodes: 1_000_000_000, timeLimitMs: seconds * 1000, absoluteGap: 0.9 }
  const answer = await solveWithHighs(model, limits)
  const value = (answer.values.length > 0 ? read(answer.values)?.value() : null) ?? Number.NaN
  const bound = answer.status === 'optimal' ? value : Math.floor(answer.bound + 0.5)
  console.log(JSON.stringify({ ...line, highs: inPoints(value, bound, started) }))
}

function instancesOf(
  files: readonly string[],
  values: Record<'kinds' | 'sizes' | 'seed', string | undefined>,
) {
  if (files.length > 0) return files.flatMap(file => readGap(readFileSync(file, 'utf8'), basename(file)))
  const sizes = values.sizes ?? '5x100,5x200,10x100,10x200,20x100,20x200,40x400'
  return (values.kinds ?? 'a,b,c,d,e').split(',').flatMap(kind =>
    sizes.split(',').map(size => {
      const [agents, jobs] = size.split('x').map(Number)
      if (!/^[a-e]$/.test(kind) || !agents || !jobs)
        throw new Error(`Unknown class or size: ${kind} ${size}.`)
      return generateGap(kind as GapClass, agents, jobs, Number(values.seed ?? 1))
    }),
  )
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      compare: { type: 'boolean' },
      classes: { type: 'boolean' },
      teams: { type: 'boolean' },
      seeds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '30' },
      best: { type: 'string' },
      kinds: { type: 'string' },
      sizes: { type: 'string' },
      seed: { type: 'string' },
    },
  })
  const seconds = Number(values.seconds)
  if (values.teams) {
    if (values.compare) await highs()
    for (let seed = 1; seed <= Number(values.seeds); seed++)
      await team(seed, seconds, values.compare ?? false)
    return
  }
  if (positionals.length === 0 && !values.classes) throw new Error('Give files, --classes or --teams.')
  const instances = instancesOf(positionals, { kinds: values.kinds, sizes: values.sizes, seed: values.seed })
  const known = new Map<string, number>()
  for (const line of values.best ? readFileSync(values.best, 'utf8').split('\n') : []) {
    const [name, value] = line.trim().split(/\s+/)
    if (name && value) known.set(name.replace(/_Min$/, ''), Number(value))
  }
  if (values.compare) await highs()
  const total = { problems: 0, optimal: 0, ms: 0, wrong: 0, highsOptimal: 0, highsMs: 0 }
  for (const instance of instances) {
    const mine = own(instance, seconds)
    const theirs = values.compare ? await compact(instance, seconds) : null
    const best = known.get(instance.name)
    total.problems++
    total.ms += mine.ms
    if (mine.optimal) total.optimal++
    if (theirs) {
      total.highsMs += theirs.ms
      if (theirs.optimal) total.highsOptimal++
      const contradicts =
        (mine.optimal && theirs.optimal && mine.value !== theirs.value) ||
        (mine.bound !== null && theirs.value !== null && mine.bound > theirs.value)
      if (contradicts) total.wrong++
    }
    if (best !== undefined && mine.optimal && mine.value !== best) total.wrong++
    const aboveBest = best === undefined || mine.value === null ? null : (mine.value - best) / best
    console.log(
      JSON.stringify({
        name: instance.name,
        ...mine,
        ...(best === undefined ? {} : { best, aboveBest }),
        ...(theirs ? { highs: theirs } : {}),
      }),
    )
  }
  console.log(
    JSON.stringify({ total: { ...total, ms: Math.round(total.ms), highsMs: Math.round(total.highsMs) } }),
  )
  if (total.wrong > 0) process.exitCode = 1
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
