import { solveWithHighs } from '../engines/highs.ts'
import type { EngineAnswer } from '../engines/model.ts'
import { isDense, maximiseDense } from './assignment.ts'
import { boundDense, type DenseBound } from './assignment-bound.ts'
import { boundPricesOf } from './bound.ts'
import { hasManyBundles } from './bundle-count.ts'
import type { Bundle } from './bundles.ts'
import { generateColumns } from './columns.ts'
import type { Deadline } from './deadline.ts'
import { Draft } from './draft.ts'
import { squeezeIn } from './greedy.ts'
import { onlyUnits } from './instance.ts'
import { lagrange } from './lagrange.ts'
import { bundlesOf, Master } from './master.ts'
import { listWithin, type Priced, PriceRelaxation, type Stage } from './price-relaxation.ts'
import { roundBundles, roundColumns } from './rounding.ts'
import { ladderOfStage, Search, type ValueResult } from './search.ts'

const nodeLimit = 50_000

/** What the masters over bundles may take: nodes times columns, and bundles within the gap. */
interface Effort {
  work: number
  list: number
}

const WHOLE: Effort = { work: Number.POSITIVE_INFINITY, list: 60_000 }
/** Where there is another path to go on with: some seconds. */
const TRIAL: Effort = { work: 4e6, list: 6000 }
/** The share of the work that a part may take: its bound may be weak, and that of the whole is still to come. */
const partShare = 0.1
/** So often the cases that are looked at alone may grow. */
const focusLimit = 6
/** The linear program goes on from where the walk ends; a longer walk costs more than it saves (measured at 1 to 30 steps). */
const walkSteps = { placing: 6, value: 16 }
/** From so many pairs on, looking at all of them is what takes the time. */
const largeRoom = 20_000
/** From so many listed bundles on, the bundles known are tried first. */
const manyBundles = 2000
/** Where the search for the last units of value begins: the optimum is nearly always this close to the bound. */
const firstMargin = 300

/**
 * The best allocation of one level, with a proof or an honest bound. `start` keeps what is settled.
 *
 * Which path is chosen per level, on the cases that count there. Where bundles are small they are all it takes. Where they are
 * larger but can still be looked through, they are tried first, and what that leaves open goes to the path for large bundles.
 */
export async function maximise(stage: Stage, start: Draft, deadline: Deadline): Promise<ValueResult> {
  const part = narrowed(stage)
  if (part === stage) return await bestPath(stage, start, deadline)
  const found = await bestPath(part, Draft.from(part.instance, start.workerOf), deadline)
  // What nobody asked about stays where it was, as far as there still is room for it.
  const draft = Draft.from(stage.instance, found.draft.workerOf)
  start.workerOf.forEach((worker, item) => {
    if (worker >= 0 && draft.fits(worker, item)) draft.assign(worker, item)
  })
  draft.dropIncomplete()
  found.draft = draft
  return found
}

async function bestPath(stage: Stage, start: Draft, deadline: Deadline): Promise<ValueResult> {
  const { instance } = stage
  if (!isDense(instance)) return await overBundles(stage, start, deadline)
  if (hasManyBundles(instance)) return await maximiseDense(stage, start, deadline)
  const before = await boundDense(stage, start, deadline)
  const search = await overBundles(stage, start, deadline, TRIAL, before)
  if (search.done()) return search
  const dense = await maximiseDense(stage, search.draft, deadline, before)
  search.add(dense)
  search.offer(dense.draft)
  search.lower(dense.bound)
  if (dense.boundPrices) search.keepBound(dense.boundOfPrices, dense.boundPrices)
  return search
}

/**
 * The same over bundles.
 *
 * 1. Lagrangian walk: a proven bound, prices, and bundles; now and then its bundles are rounded to an allocation.
 * 2. Column generation: the optimum of the master's linear relaxation, and with it nearly always the lowest bound there is.
 * 3. Every bundle whose reduced value is within (bound - best allocation) of its worker's best is listed: an allocation
 *    better than the best known can use no other. The master over those is exact: what it finds is optimal, and when it
 *    finds nothing better the best known is.
 *
 * `before` is what is known already.
 */
async function overBundles(
  stage: Stage,
  start: Draft,
  deadline: Deadline,
  effort = WHOLE,
  before: DenseBound | null = null,
): Promise<Search> {
  const { instance } = stage
  const search = new Search(stage, start, deadline)
  if (before) {
    search.prove(before.bound)
    search.keepBound(before.boundOfPrices, before.boundPrices)
    if (search.done()) return search
  }
  const pairs = instance.workers.reduce((sum, worker) => sum + worker.candidates.length, 0)
  if (stage.goal && !stage.isPart) {
    await focus(
      search,
      instance.units.map((_, unit) => isOpen(search, unit)),
      effort,
    )
    if (search.done()) return search
  }
  const relaxation = new PriceRelaxation(stage)
  const walk = lagrange(relaxation, search.value, {
    steps: stage.goal ? walkSteps.placing : walkSteps.value,
    shouldStop: deadline.shouldStop,
    ...(pairs <= largeRoom && !stage.goal
      ? {
          onBundles: chosen => {
            search.offer(roundBundles(stage, chosen))
            return search.value
          },
        }
      : {}),
  })
  let best = walk.best
  search.prove(best.bound)
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
      deadline,
    )
    best = columns.best
    bundles = columns.bundles
    search.prove(best.bound)
    search.bundles = Math.max(search.bundles, bundles.length)
    search.offer(roundColumns(stage, bundles, columns.taken))
    search.report()
    if (!search.done() && stage.goal) {
      const scarce = (item: number) => best.prices.items[item]! < 0
      await focus(
        search,
        instance.units.map((unit, index) => unit.items.some(scarce) || isOpen(search, index)),
        effort,
      )
    }
    if (!search.done()) await closeGap(search, relaxation, master, best, bundles, effort)
  }
  search.keepBound(best.bound, boundPricesOf(best.prices, relaxation.levels, stage.settled))
  return search
}

/** Where only placing counts: the same without the cases that neither the goal nor what is settled asks for. */
function narrowed(stage: Stage): Stage {
  if (!stage.goal) return stage
  const inside = stage.instance.units.map((_, unit) => stage.mustPlace[unit]! || asksFor(stage, unit))
  return inside.includes(false) ? { ...stage, instance: onlyUnits(stage.instance, inside) } : stage
}

/** Not placed, though placing it counts. */
function isOpen({ stage, draft }: Search, unit: number): boolean {
  return asksFor(stage, unit) && !draft.placed(unit)
}

/**
 * Looks at some cases alone. The others are taken as placed whatever happens, which bounds the whole; and where there is room
 * for them next to the answer, it is an answer. What loses its place comes in, and it begins again.
 */
async function focus(search: Search, inside: boolean[], effort: Effort): Promise<void> {
  const { stage, deadline } = search
  const { instance } = stage
  const goal = stage.goal!
  const relevant = count(instance.units.map((_, unit) => asksFor(stage, unit)))
  for (let attempt = 0; attempt < focusLimit && !search.done(); attempt++) {
    if (count(inside) > 0.8 * relevant) return
    const outside = (weights: readonly number[]) =>
      weights.reduce((sum, weight, unit) => sum + (inside[unit] ? 0 : weight), 0)
    const part = partOf(stage, inside, outside)
    // What is known of a part says nothing of the whole.
    const silent = { ...deadline, report: () => {} }
    const known = Draft.from(part.instance, search.draft.workerOf)
    const found = await overBundles(part, known, silent, { ...effort, work: effort.work * partShare })
    search.add(found)
    search.prove(found.bound + outside(goal))
    // At price 0 the seats of the others change nobody's best bundle, so the prices of the part are prices of the whole.
    if (found.boundPrices) search.keepBound(found.boundOfPrices + outside(goal), found.boundPrices)
    const whole = Draft.from(instance, found.draft.workerOf)
    search.draft.workerOf.forEach((worker, item) => {
      if (worker >= 0 && whole.fits(worker, item)) whole.assign(worker, item)
    })
    whole.dropIncomplete()
    squeezeIn(whole, deadline.shouldStop)
    const lost = instance.units.flatMap((_, unit) =>
      search.draft.placed(unit) && !whole.placed(unit) && asksFor(stage, unit) ? [unit] : [],
    )
    search.offer(whole)
    for (const unit of lost) inside[unit] = true
    if (lost.length === 0) return
  }
}

/** Whether placing this unit counts for the goal or for what is settled. */
function asksFor({ goal, settled }: Stage, unit: number): boolean {
  return goal![unit]! > 0 || settled.some(level => level.weights[unit]! > 0)
}

/** The stage of some units alone; `outside` gives the weight of the others. */
function partOf(
  stage: Stage,
  inside: readonly boolean[],
  outside: (weights: readonly number[]) => number,
): Stage {
  const only = (weights: readonly number[]) => weights.map((weight, unit) => (inside[unit] ? weight : 0))
  return {
    instance: onlyUnits(stage.instance, inside),
    goal: only(stage.goal!),
    mustPlace: stage.mustPlace.map((must, unit) => must && inside[unit]!),
    settled: stage.settled.map(({ weights, least }) => ({
      weights: only(weights),
      least: least - outside(weights),
    })),
    isPart: true,
  }
}

function count(list: readonly boolean[]): number {
  return list.reduce((sum, one) => sum + (one ? 1 : 0), 0)
}

/**
 * Lists the bundles within a margin of their worker's best and solves the master over them. An allocation that uses any
 * other bundle is worth less than bound - margin: so when the answer is at least that, it is the optimum.
 */
async function closeGap(
  search: Search,
  relaxation: PriceRelaxation,
  master: Master,
  best: Priced,
  known: readonly Bundle[],
  effort: Effort,
): Promise<void> {
  const { stage } = search
  // With prices on a grain the bound is not whole: an allocation better than the best known leaves at most this much.
  const whole = () => best.bound - ladderOfStage(stage).above(search.value)
  let margin = stage.goal ? whole() : Math.min(whole(), firstMargin)
  let listed = listWithin(relaxation, best, margin, effort.list)
  while (!listed && margin > 1) {
    margin = Math.floor(margin / 2)
    listed = listWithin(relaxation, best, margin, effort.list)
  }
  // The bundles known already often hold the optimum, and that is then quickly seen.
  if (!listed || listed.length > manyBundles) {
    const answer = await solveMaster(search, master, known, effort)
    if (answer.values.length > 0) search.offer(master.read(known, answer.values))
    search.report()
    if (search.done()) return
    listed = listWithin(relaxation, best, Math.min(margin, whole()), effort.list)
  }
  for (let attempt = 0; attempt < 6 && listed && !search.done(); attempt++) {
    search.bundles = Math.max(search.bundles, listed.length)
    const answer = await solveMaster(search, master, listed, effort)
    if (answer.values.length > 0) search.offer(master.read(listed, answer.values))
    search.report()
    if (answer.status !== 'optimal' && answer.status !== 'infeasible') break
    // What is not listed is worth less than the bound by more than the margin.
    const reached = answer.status === 'infeasible' ? search.value : Math.floor(answer.bound + 0.01)
    search.lower(Math.max(reached, Math.ceil(best.bound - margin) - 1))
    if (search.done()) break
    margin = Math.min(whole(), 8 * margin + 8)
    listed = listWithin(relaxation, best, margin, effort.list)
  }
}

async function solveMaster(
  search: Search,
  master: Master,
  bundles: readonly Bundle[],
  { work }: Effort,
): Promise<EngineAnswer> {
  const model = master.model(bundles)
  const { deadline } = search
  search.engines.add('HiGHS')
  const answer = await solveWithHighs(model, {
    nodes: Math.ceil(Math.min(nodeLimit, work / Math.max(1, model.columns.length))),
    timeLimitMs: deadline.remaining(),
    absoluteGap: 0.9,
    shouldStop: deadline.shouldStop,
  })
  if (answer.late) deadline.cut()
  search.nodes += answer.nodes
  return answer
}
