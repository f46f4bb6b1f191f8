import { solveWithHighs } from '../engines/highs.ts'
import type { LinearModel } from '../engines/model.ts'
import { squareOfLoad } from '../problem/load.ts'
import type { Proposal } from '../problem/problem.ts'
import { type BoundPrices, GRAIN } from './bound.ts'
import { hasManyBundles } from './bundle-count.ts'
import type { Bundle } from './bundles.ts'
import type { Settled } from './compact.ts'
import type { Deadline } from './deadline.ts'
import { Draft, placedWeight } from './draft.ts'
import { leastEven } from './even-bound.ts'
import { levelOut } from './even-moves.ts'
import type { Instance, InstanceWorker } from './instance.ts'
import { Master } from './master.ts'
import { type DualPrices, listWithin, PriceRelaxation, type Stage } from './price-relaxation.ts'
import { keepsSettled } from './search.ts'

/** How even the loads are in an allocation, and how even they can be when nothing before that gets worse. Less is better. */
export interface Even {
  draft: Draft
  value: number
  bound: number
  /** proof: nothing is more even; else why that is not known. */
  ended: Exclude<Proposal['endedBy'], 'clock' | 'person'> | 'stopped'
  nodes: number
}

/** The work that this level may take, the same on every machine: it comes last and decides least. */
const bundleLimit = 4000
const nodeLimit = 200
/** The engine gets whole squares in numbers of about this size at most. */
const largest = 1e6

/**
 * The most even loads: the least sum of squares of workload percentages over everybody with a norm, among the allocations of the
 * stage that are worth no less than the one given and place no less.
 *
 * Moves and swaps that change nothing else come first. Then a bound: the hours that there are to give, dealt out as if they could be
 * split. And where that leaves something open the proof: with the prices of the level before and their bound L, an allocation worth
 * V or more uses only bundles whose reduced value is within L - V of their worker's best. Where those can be listed, the master over
 * them is exact, with the squares as its goal and the value as a row.
 */
export async function evenOut(
  given: Stage,
  draft: Draft,
  others: readonly Draft[],
  boundPrices: BoundPrices | null,
  deadline: Deadline,
): Promise<Even> {
  const settled = given.settled.map(
    ({ weights, least }): Settled => ({ weights, least: Math.max(least, placedWeight(draft, weights)) }),
  )
  const stage: Stage = { ...given, settled }
  const found: Even = { ...evenest(stage, draft, others), ended: 'workLimit' }
  if (found.bound < found.value && boundPrices && !deadline.shouldStop())
    await prove(stage, boundPrices, found, deadline)
  if (found.bound === found.value) found.ended = 'proof'
  else if (deadline.shouldStop()) found.ended = 'stopped'
  return found
}

/** From the draft, or from another one that is as good until here: where nothing is proven, it matters where moves begin. */
function evenest(stage: Stage, draft: Draft, others: readonly Draft[]): Even {
  let best = levelled(stage.instance, draft)
  const seen = [draft]
  for (const other of others) {
    if (best.ended === 'proof') break
    if (seen.some(one => isSame(one, other))) continue
    seen.push(other)
    const start = Draft.from(stage.instance, other.workerOf)
    if (start.value() < draft.value() || !keepsSettled(stage, start)) continue
    const found = levelled(stage.instance, start)
    if (found.value < best.value) best = found
  }
  return best
}

function isSame(a: Draft, b: Draft): boolean {
  return a === b || a.workerOf.every((worker, item) => worker === b.workerOf[item])
}

/**
 * The part of it that is there at once: moves and swaps, and the first bound. It does not look at the clock, so that an answer is no less even
 * than those that came early.
 */
export function levelled(instance: Instance, draft: Draft): Even {
  const start = Draft.from(instance, draft.workerOf)
  levelOut(start)
  const value = start.evenLoads()
  const bound = Math.min(value, leastEven(start))
  return { draft: start, value, bound, ended: bound === value ? 'proof' : 'stopped', nodes: 0 }
}

async function prove(stage: Stage, boundPrices: BoundPrices, found: Even, deadline: Deadline): Promise<void> {
  // Too many to look through: then there are too many to list.
  if (hasManyBundles(stage.instance)) return
  const relaxation = new PriceRelaxation(stage)
  const priced = relaxation.at(pricesOf(boundPrices, stage, relaxation))
  const worth = found.draft.value()
  const listed = listWithin(relaxation, priced, Math.max(0, priced.bound - worth), bundleLimit)
  if (!listed) return
  const master = new Master(stage)
  const { model, scale, before } = modelOf(stage, master, listed, worth)
  const answer = await solveWithHighs(model, {
    nodes: nodeLimit,
    timeLimitMs: deadline.remaining(),
    absoluteGap: 0.5 / scale,
    shouldStop: deadline.shouldStop,
  })
  if (answer.late) deadline.cut()
  found.nodes = answer.nodes
  const draft = answer.values.length > 0 ? master.read(listed, answer.values) : null
  if (draft && keepsSettled(stage, draft) && draft.value() >= worth && draft.evenLoads() < found.value) {
    found.draft = draft
    found.value = draft.evenLoads()
  }
  if (answer.status !== 'optimal' && answer.status !== 'limit') return
  // The numbers of the engine leave less than a quarter in doubt.
  const least = Math.ceil(before - answer.bound * scale - 0.25)
  found.bound = Math.min(found.value, Math.max(found.bound, least))
}

/** The master over bundles that keep the value. Its goal is how far they lift the squares above those of nothing new (`before`). */
function modelOf(
  { instance }: Stage,
  master: Master,
  listed: readonly Bundle[],
  worth: number,
): { model: LinearModel; scale: number; before: number } {
  const base = instance.workers.map(one => squareOfLoad(one.baseHours, one.norm))
  const rises = listed.map(
    ({ worker, items }) => squareWith(instance.workers[worker]!, items) - base[worker]!,
  )
  const scale = Math.max(1, rises.reduce((most, one) => Math.max(most, one), 0) / largest)
  const model = master.model(listed.map((one, b) => ({ ...one, value: (0 - rises[b]!) / scale })))
  model.rows.push({
    // Values are whole.
    min: worth - 0.5,
    max: Number.POSITIVE_INFINITY,
    columns: listed.map((_, b) => master.first.length + b),
    values: listed.map(one => one.value),
  })
  return { model, scale, before: base.reduce((sum, one) => sum + one, 0) }
}

function squareWith(worker: InstanceWorker, items: readonly number[]): number {
  const { candidates, byItem, baseHours, norm } = worker
  return squareOfLoad(
    items.reduce((sum, item) => sum + candidates[byItem[item]!]!.hours, baseHours),
    norm,
  )
}

function pricesOf(
  { items, groups, shared, levels }: BoundPrices,
  { settled }: Stage,
  relaxation: PriceRelaxation,
): DualPrices {
  const of = (grains: readonly number[]) => Float64Array.from(grains, one => one / GRAIN)
  return {
    items: of(items),
    groups: of(groups),
    shared: of(shared),
    levels: of(relaxation.levels.map(level => levels[settled.indexOf(level)] ?? 0)),
  }
}
