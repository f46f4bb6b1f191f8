import {
  type BoundPrices,
  bestReduced,
  type Choice,
  chargeOf,
  choicesOf,
  type Demands,
  derivedBound,
  GRAIN,
  hoursAllowed,
  leastCost,
  rise,
} from './bound.ts'
import { type Instance, type InstanceWorker, NEW_CASES } from './instance.ts'

/** More than so many bundles within reach, or steps over them, are not looked at. */
const bundleLimit = 50_000
const stepLimit = 20_000_000

/** What a worker could get together, and by how many grains that is worse than the worker's best at the prices. */
interface Listed {
  worker: number
  items: number[]
  groups: number[]
  shared: number[]
  loss: number
}

/**
 * Whether no allocation that keeps the demands is worth more than `value` units: true when that is proven, false when
 * there is one, null when it takes too long to tell.
 *
 * With L the bound of the prices, L less the value of an allocation is a sum of losses, none under 0: of every worker's
 * bundle against the best one, of every case placed or not against what its charge asks, and of prices paid for rows that
 * are not full. An allocation above the value has losses of at most L - (value + 1) together. All combinations of bundles
 * within that are tried, without any engine.
 */
export function nothingAbove(
  instance: Instance,
  demands: Demands,
  boundPrices: BoundPrices,
  value: number,
): boolean | null {
  const bound = derivedBound(instance, demands, boundPrices)
  if (bound === null) return null
  const budget = bound - BigInt(GRAIN) * BigInt(value + 1)
  if (budget < 0n) return true
  const placing = demands.goal !== undefined
  const bests = instance.workers.map(worker => bestReduced(instance, worker, boundPrices, placing) ?? 0)
  const listed: Listed[] = []
  const steps = { left: stepLimit }
  for (let worker = 0; worker < instance.workers.length; worker++) {
    if (!listBundles(instance, worker, boundPrices, placing, bests[worker]!, Number(budget), listed, steps))
      return null
  }
  const found = new Search(instance, demands, boundPrices, bests, listed, Number(budget), steps).run()
  return found === null ? null : !found
}

/** Adds the bundles of a worker with a loss within the budget; false when there are too many. */
function listBundles(
  instance: Instance,
  index: number,
  boundPrices: BoundPrices,
  placing: boolean,
  best: number,
  budget: number,
  listed: Listed[],
  steps: { left: number },
): boolean {
  const worker = instance.workers[index]!
  const dues = (hours: number, heavy: number) =>
    placing ? 0 : GRAIN * rise(instance.policy, worker, hours, heavy)
  const gain = (one: Choice) =>
    Math.max(0, one.net - (placing ? 0 : GRAIN * leastCost(instance.policy, worker, one.hours)))
  const choices = choicesOf(instance, worker, boundPrices, budget, placing).sort(
    (a, b) => gain(b) - gain(a) || a.item - b.item,
  )
  const ahead = [0]
  for (const one of choices) ahead.push(ahead.at(-1)! + gain(one))
  const counted = choices.every(one => one.counts.includes(NEW_CASES))
  const least = best - budget
  const left = [...worker.limits]
  const chosen: Choice[] = []
  const descend = (from: number, net: number, hours: number, heavy: number, kinds: number): boolean => {
    const slots = counted ? left[NEW_CASES]! : choices.length
    const now = net - dues(hours, heavy)
    for (let k = from; k < choices.length; k++) {
      if (--steps.left < 0) return false
      if (now + ahead[Math.min(choices.length, k + slots)]! - ahead[k]! < least) return true
      const one = choices[k]!
      if (one.counts.some(counter => left[counter]! === 0)) continue
      if (hours + one.hours > hoursAllowed(worker, kinds | one.kind)) continue
      if (chosen.some(other => other.unit === one.unit)) continue
      const charged = one.group >= 0 && !chosen.some(other => other.group === one.group)
      const sum = net + one.net - (charged ? boundPrices.groups[one.group]! : 0)
      const heavyToo = heavy + (one.heavy ? 1 : 0)
      chosen.push(one)
      for (const counter of one.counts) left[counter]!--
      const loss = best - (sum - dues(hours + one.hours, heavyToo))
      if (loss <= budget) listed.push(asListed(worker, index, chosen, loss))
      const whole =
        listed.length <= bundleLimit && descend(k + 1, sum, hours + one.hours, heavyToo, kinds | one.kind)
      for (const counter of one.counts) left[counter]!++
      chosen.pop()
      if (!whole) return false
    }
    return true
  }
  return descend(0, 0, worker.baseHours, 0, 0)
}

function asListed(worker: InstanceWorker, index: number, chosen: readonly Choice[], loss: number): Listed {
  return {
    worker: index,
    items: chosen.map(one => one.item),
    groups: [...new Set(chosen.flatMap(one => (one.group >= 0 ? [one.group] : [])))],
    shared: chosen.flatMap(one => worker.candidates[worker.byItem[one.item]!]!.shared),
    loss,
  }
}

/** What is open: an item that must be covered (or its unit left out), or a worker who cannot go without. */
type Question = { bundles: number[]; leaveOut: number }

class Search {
  private readonly instance: Instance
  private readonly demands: Demands
  private readonly boundPrices: BoundPrices
  private readonly bests: readonly number[]
  private readonly listed: readonly Listed[]
  private readonly steps: { left: number }
  private readonly charges: number[]
  private readonly byItem: number[][]
  private readonly byWorker: number[][]
  private readonly bundleOf: Int32Array
  private readonly covered: Uint8Array
  private readonly leftOut: Uint8Array
  private readonly holder: Int32Array
  private readonly holds: Int32Array
  private left: number

  constructor(
    instance: Instance,
    demands: Demands,
    boundPrices: BoundPrices,
    bests: readonly number[],
    listed: readonly Listed[],
    budget: number,
    steps: { left: number },
  ) {
    this.instance = instance
    this.demands = demands
    this.boundPrices = boundPrices
    this.bests = bests
    this.listed = listed
    this.left = budget
    this.steps = steps
    this.charges = instance.units.map((_, unit) => Number(chargeOf(instance, demands, boundPrices, unit)))
    this.byItem = instance.items.map(() => [])
    this.byWorker = instance.workers.map(() => [])
    for (const [index, bundle] of listed.entries()) {
      this.byWorker[bundle.worker]!.push(index)
      for (const item of bundle.items) this.byItem[item]!.push(index)
    }
    this.bundleOf = new Int32Array(instance.workers.length).fill(-1)
    this.covered = new Uint8Array(instance.items.length)
    this.leftOut = new Uint8Array(instance.units.length)
    this.holder = new Int32Array(instance.groupCount).fill(-1)
    this.holds = new Int32Array(instance.groupCount)
  }

  /** Whether there is an allocation within the budget; null when it takes too long. */
  run(): boolean | null {
    const question = this.next()
    if (this.steps.left < 0) return null
    if (question === 'answered') return this.fits()
    if (question === null) return false
    for (const index of question.bundles) {
      const found = this.withBundle(index)
      if (found !== false) return found
    }
    return question.leaveOut < 0 ? false : this.without(question.leaveOut)
  }

  private withBundle(index: number): boolean | null {
    const { worker, items, groups, loss } = this.listed[index]!
    const { units } = this.instance
    const before = this.left
    this.bundleOf[worker] = index
    this.left -= loss
    for (const item of items) {
      const { unit } = this.instance.items[item]!
      // The first seat of a unit settles that it is placed.
      if (units[unit]!.items.every(one => !this.covered[one])) this.left -= this.placedLoss(unit)
      this.covered[item] = 1
    }
    for (const group of groups) {
      this.holder[group] = worker
      this.holds[group]!++
    }
    const found = this.left >= 0 ? this.run() : false
    for (const group of groups) if (--this.holds[group]! === 0) this.holder[group] = -1
    for (const item of items) this.covered[item] = 0
    this.left = before
    this.bundleOf[worker] = -1
    return found
  }

  private without(unit: number): boolean | null {
    const before = this.left
    this.leftOut[unit] = 1
    this.left -= Math.max(0, this.charges[unit]!)
    const found = this.run()
    this.left = before
    this.leftOut[unit] = 0
    return found
  }

  private placedLoss(unit: number): number {
    return this.demands.mustPlace[unit] ? 0 : Math.max(0, -this.charges[unit]!)
  }

  /** The open question with the fewest answers; null when one has none. */
  private next(): Question | 'answered' | null {
    let best: Question | null = null
    const offer = (bundles: number[], leaveOut: number) => {
      const question = { bundles: bundles.filter(index => this.free(index)), leaveOut }
      const answers = (one: Question) => one.bundles.length + (one.leaveOut >= 0 ? 1 : 0)
      if (best === null || answers(question) < answers(best)) best = question
    }
    for (const [unit, { items }] of this.instance.units.entries()) {
      if (this.leftOut[unit]) continue
      const open = items.filter(item => !this.covered[item])
      if (open.length === 0) continue
      const mayLeave =
        open.length === items.length &&
        !this.demands.mustPlace[unit] &&
        Math.max(0, this.charges[unit]!) <= this.left
      for (const item of open) offer(this.byItem[item]!, mayLeave ? unit : -1)
    }
    for (const [worker, bundles] of this.byWorker.entries()) {
      if (this.bundleOf[worker]! < 0 && this.bests[worker]! > this.left) offer(bundles, -1)
    }
    const question = best as Question | null
    if (question === null) return 'answered'
    return question.bundles.length === 0 && question.leaveOut < 0 ? null : question
  }

  private free(index: number): boolean {
    this.steps.left--
    const { worker, items, groups, loss } = this.listed[index]!
    return (
      this.bundleOf[worker]! < 0 &&
      loss <= this.left &&
      items.every(item => !this.covered[item] && !this.leftOut[this.instance.items[item]!.unit]) &&
      groups.every(group => this.holder[group]! < 0 || this.holder[group] === worker)
    )
  }

  /** Everything is decided: whether the rows over several workers and the levels hold, and the losses stay within. */
  private fits(): boolean {
    const { instance, demands, boundPrices } = this
    let left = this.left
    const used = instance.shared.map(() => 0)
    for (const [worker, index] of this.bundleOf.entries()) {
      if (index < 0) left -= this.bests[worker]!
      else for (const row of this.listed[index]!.shared) used[row]!++
    }
    for (const [row, { limit }] of instance.shared.entries()) {
      if (used[row]! > limit) return false
      left -= (boundPrices.shared[row] ?? 0) * (limit - used[row]!)
    }
    for (const [group, price] of boundPrices.groups.entries()) if (this.holder[group]! < 0) left -= price
    for (const [level, { weights, least }] of demands.settled.entries()) {
      const reached = weights.reduce((sum, weight, unit) => sum + (this.leftOut[unit] ? 0 : weight), 0)
      if (reached < least) return false
      left -= (boundPrices.levels[level] ?? 0) * (reached - least)
    }
    return left >= 0
  }
}
