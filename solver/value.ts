import type { Bundle } from './bundles.ts'
import { onlyUnits } from './candidates.ts'
import { generateColumns } from './columns.ts'
import { Draft, placedWeight } from './draft.ts'
import { solveWithHighs } from './engines/highs.ts'
import { solveWithJslp } from './engines/jslp.ts'
import type { EngineAnswer } from './engines/model.ts'
import { polish, squeezeIn } from './greedy.ts'
import { lagrange } from './lagrange.ts'
import { bundlesOf, Master } from './master.ts'
import { type Priced, Relaxation, type Stage } from './relaxation.ts'
import type { Watch } from './watch.ts'

/** Up to so many bundles javascript-lp-solver is the faster engine; beyond it HiGHS (measured, docs/performance.md). */
const jslpLimit = 400
/** More bundles than this within the gap are not listed. */
const listLimit = 60_000
const nodeLimit = 50_000
/** Where the search for the last units of value begins: the optimum is nearly always this close to the bound. */
const firstMargin = 300
/** javascript-lp-solver has only a clock; past this it is not believed and HiGHS takes over. */
const jslpTimeMs = 1500

export interface ValueResult {
  draft: Draft
  value: number
  bound: number
  bundles: number
  nodes: number
  engines: Set<string>
}

/**
 * The best allocation of one level, with a proof or an honest bound. `start` keeps what is settled.
 *
 * 1. Lagrangian walk: a proven bound, prices, and bundles; now and then its bundles are rounded to an allocation.
 * 2. Column generation: the optimum of the master's linear relaxation, and with it nearly always the lowest bound there is.
 * 3. Every bundle whose reduced value is within (bound - best allocation) of its worker's best is listed: an allocation
 *    better than the best known can use no other. The master over those is exact: what it finds is optimal, and when it
 *    finds nothing better the best known is.
 */
export async function maximise(stage: Stage, start: Draft, watch: Watch): Promise<ValueResult> {
  const search = new Search(stage, start, watch)
  const { room } = stage
  const pairs = room.workers.reduce((sum, worker) => sum + worker.candidates.length, 0)
  const relaxation = new Relaxation(stage)
  const walk = lagrange(relaxation, search.value, {
    steps: stage.goal ? 30 : 120,
    shouldStop: watch.shouldStop,
    ...(pairs <= 20_000 && !stage.goal
      ? {
          onBundles: chosen => {
            search.offer(roundBundles(stage, chosen))
            return search.value
          },
        }
      : {}),
  })
  let best = walk.best
  search.lower(best.bound)
  let bundles = walk.bundles
  search.bundles = bundles.length
  search.report()
  if (!search.done()) {
    const master = new Master(stage)
    const own = bundlesOf(search.draft).flatMap((items, worker) =>
      items.length > 0 ? [relaxation.pricer.bundle(worker, items)] : [],
    )
    const columns = await generateColumns(
      relaxation,
      master,
      [...own, ...bundles],
      best,
      bound => search.reaches(bound),
      watch,
    )
    best = columns.best
    bundles = columns.bundles
    search.lower(best.bound)
    search.bundles = Math.max(search.bundles, bundles.length)
    search.offer(roundColumns(stage, bundles, columns.taken))
    search.report()
    if (!search.done() && stage.goal) await focus(search, best)
    if (!search.done()) await closeGap(search, relaxation, master, best)
  }
  return search
}

/** What is known of a level: the best allocation and the lowest bound, in the units of the goal. */
class Search implements ValueResult {
  readonly stage: Stage
  readonly watch: Watch
  draft: Draft
  value: number
  bound = Number.POSITIVE_INFINITY
  bundles = 0
  nodes = 0
  engines = new Set<string>()

  constructor(stage: Stage, start: Draft, watch: Watch) {
    this.stage = stage
    this.watch = watch
    this.draft = start
    this.value = this.worth(start)
  }

  offer(draft: Draft | null): void {
    if (!draft || this.stage.settled.some(level => placedWeight(draft, level.weights) < level.least)) return
    const value = this.worth(draft)
    if (value <= this.value) return
    this.draft = draft
    this.value = value
  }

  /** Counts the work of a search on the side. */
  add({ nodes, engines }: ValueResult): void {
    this.nodes += nodes
    for (const engine of engines) this.engines.add(engine)
  }

  /** A bound is a whole number, and no lower than what there is. */
  lower(bound: number): void {
    this.bound = Math.max(this.value, Math.min(this.bound, Math.floor(bound)))
  }

  done(): boolean {
    const { target } = this.stage
    const enough = target !== undefined && (this.value >= target || this.bound < target)
    return enough || this.bound <= this.value || this.watch.shouldStop()
  }

  /** Placing reports once a step is settled; value on the way too. */
  report(): void {
    if (this.stage.goal === null) this.watch.report('pointsMinusLoad', this.value / 100, this.bound / 100)
  }

  /** Whether nothing is left to do once this bound is known. */
  reaches(bound: number): boolean {
    return (
      Math.floor(bound) <= this.value || Math.floor(bound) < (this.stage.target ?? Number.NEGATIVE_INFINITY)
    )
  }

  private worth(draft: Draft): number {
    return this.stage.goal === null ? draft.value() : placedWeight(draft, this.stage.goal)
  }
}

/**
 * Looks at the scarce cases alone: those that the relaxation charges for, and those not placed. The others are taken as placed
 * whatever happens, which bounds the whole; and where there is room for them next to the answer, it is an answer.
 */
async function focus(search: Search, { prices }: Priced): Promise<void> {
  const { stage, watch } = search
  const { room } = stage
  const goal = stage.goal!
  const inside = room.units.map(
    (unit, index) => unit.items.some(item => prices.items[item]! < 0) || !search.draft.placed(index),
  )
  for (let attempt = 0; attempt < 3 && !search.done(); attempt++) {
    const size = inside.filter(Boolean).length
    if (size > 0.8 * inside.length) return
    const outside = (weights: readonly number[]) =>
      weights.reduce((sum, weight, unit) => sum + (inside[unit] ? 0 : weight), 0)
    const only = (weights: readonly number[]) => weights.map((weight, unit) => (inside[unit] ? weight : 0))
    const part = {
      room: onlyUnits(room, inside),
      goal: only(goal),
      mustPlace: stage.mustPlace.map((must, unit) => must && inside[unit]!),
      settled: stage.settled.map(({ weights, least }) => ({
        weights: only(weights),
        least: least - outside(weights),
      })),
    }
    const found = await maximise(part, Draft.from(part.room, search.draft.workerOf), watch)
    search.add(found)
    search.lower(found.bound + outside(goal))
    const whole = Draft.from(room, found.draft.workerOf)
    squeezeIn(whole)
    const lost = room.units.flatMap((_, unit) =>
      search.draft.placed(unit) && !whole.placed(unit) ? [unit] : [],
    )
    search.offer(whole)
    search.report()
    for (const unit of lost) inside[unit] = true
    if (lost.length === 0) return
  }
}

/**
 * Lists the bundles within a margin of their worker's best and solves the master over them. An allocation that uses any
 * other bundle is worth less than bound - margin: so when the answer is at least that, it is the optimum.
 */
async function closeGap(search: Search, relaxation: Relaxation, master: Master, best: Priced): Promise<void> {
  const { stage } = search
  // With prices on a grain the bound is not whole: an allocation better than the best known leaves at most this much.
  const whole = () => best.bound - search.value - 1
  let margin = stage.goal ? whole() : Math.min(whole(), firstMargin)
  let listed = listWithin(relaxation, best, margin)
  while (!listed && margin > 1) {
    margin = Math.floor(margin / 2)
    listed = listWithin(relaxation, best, margin)
  }
  for (let attempt = 0; attempt < 6 && listed && !search.done(); attempt++) {
    search.bundles = Math.max(search.bundles, listed.length)
    const answer = await solveMaster(search, master, listed)
    if (answer.values.length > 0) search.offer(master.read(listed, answer.values))
    search.report()
    if (answer.status !== 'optimal' && answer.status !== 'infeasible') break
    // What is not listed is worth less than the bound by more than the margin.
    const reached = answer.status === 'infeasible' ? search.value : Math.floor(answer.bound + 0.01)
    search.lower(Math.max(reached, Math.ceil(best.bound - margin) - 1))
    if (search.done()) break
    margin = Math.min(whole(), 8 * margin + 8)
    listed = listWithin(relaxation, best, margin)
  }
}

async function solveMaster(
  search: Search,
  master: Master,
  bundles: readonly Bundle[],
): Promise<EngineAnswer> {
  const model = master.model(bundles)
  const { watch } = search
  if (bundles.length <= jslpLimit) {
    const answer = solveWithJslp(model, Math.min(jslpTimeMs, watch.remaining()))
    if (answer.status === 'optimal' || answer.status === 'infeasible') {
      search.engines.add('javascript-lp-solver')
      return answer
    }
  }
  search.engines.add('HiGHS')
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: watch.remaining(),
    absoluteGap: 0.9,
    shouldStop: watch.shouldStop,
  })
  search.nodes += answer.nodes
  return answer
}

/** All bundles whose reduced value is within `margin` of their worker's best; null when there are too many. */
function listWithin(relaxation: Relaxation, { prices, bests }: Priced, margin: number): Bundle[] | null {
  const all: Bundle[] = []
  for (let worker = 0; worker < bests.length; worker++) {
    const some = relaxation.pricer.within(worker, prices, bests[worker]! - margin, listLimit - all.length)
    if (!some) return null
    all.push(...some)
  }
  return all
}

/** An allocation from the bundles of a fractional answer, those it takes most of first. */
function roundColumns({ room, goal }: Stage, bundles: readonly Bundle[], taken: readonly number[]): Draft {
  const order = taken
    .flatMap((share, b) => (share > 1e-6 ? [b] : []))
    .sort((a, b) => taken[b]! - taken[a]! || a - b)
  const draft = new Draft(room)
  for (const b of order) {
    const { worker, items } = bundles[b]!
    for (const item of items) if (draft.fits(worker, item)) draft.put(worker, item)
  }
  squeezeIn(draft)
  draft.dropIncomplete()
  if (goal === null) polish(draft, 3)
  return draft
}

/** An allocation from bundles that may overlap: each item to the worker for whom it adds most, then fill and polish. */
function roundBundles({ room }: Stage, chosen: readonly (readonly number[])[]): Draft {
  const wanted = room.items.map((): number[] => [])
  chosen.forEach((items, worker) => {
    for (const item of items) wanted[item]!.push(worker)
  })
  const draft = new Draft(room)
  wanted.forEach((workers, item) => {
    let best = -1
    let bestGain = Number.NEGATIVE_INFINITY
    for (const worker of workers) {
      if (!draft.fits(worker, item)) continue
      const gain = draft.gain(worker, item)
      if (gain > bestGain) {
        best = worker
        bestGain = gain
      }
    }
    if (best >= 0) draft.put(best, item)
  })
  squeezeIn(draft)
  draft.dropIncomplete()
  polish(draft, 3)
  return draft
}
