import { type Ladder, WHOLE } from '../problem/ladder.ts'
import type { BoundPrices } from './bound.ts'
import type { Deadline } from './deadline.ts'
import { type Draft, placedWeight } from './draft.ts'
import type { Stage } from './price-relaxation.ts'

export interface ValueResult {
  draft: Draft
  value: number
  bound: number
  bundles: number
  nodes: number
  engines: Set<string>
  /** The prices with the lowest bound; null where nothing was priced. */
  boundPrices: BoundPrices | null
  /** The bound that these prices prove by themselves. */
  boundOfPrices: number
}

/** What is known of a level: the best allocation and the lowest bound, in the units of the goal. */
export class Search implements ValueResult {
  readonly stage: Stage
  readonly deadline: Deadline
  draft: Draft
  value: number
  bound = Number.POSITIVE_INFINITY
  bundles = 0
  nodes = 0
  engines = new Set<string>()
  boundPrices: BoundPrices | null = null
  boundOfPrices = Number.POSITIVE_INFINITY

  constructor(stage: Stage, start: Draft, deadline: Deadline) {
    this.stage = stage
    this.deadline = deadline
    this.draft = start
    this.value = worthOf(stage, start)
  }

  offer(draft: Draft | null): void {
    if (!draft || !keepsSettled(this.stage, draft)) return
    const value = worthOf(this.stage, draft)
    if (value <= this.value) return
    this.draft = draft
    this.value = value
  }

  /** Counts the work of a search on the side. */
  add({ nodes, engines }: ValueResult): void {
    this.nodes += nodes
    for (const engine of engines) this.engines.add(engine)
  }

  /** A bound on every allocation. Throws when it lies below one that is known: then something is wrong with the bound. */
  prove(bound: number): void {
    if (bound < this.value)
      throw new Error(`A bound of ${bound} lies below a value of ${this.value} that was reached.`)
    this.lower(bound)
  }

  /** A bound is a value that the goal can have, and no lower than what there is. */
  lower(bound: number): void {
    this.bound = Math.max(this.value, Math.min(this.bound, ladderOfStage(this.stage).below(bound)))
  }

  /** Keeps the prices with the lowest bound. */
  keepBound(bound: number, boundPrices: BoundPrices): void {
    if (bound >= this.boundOfPrices) return
    this.boundOfPrices = bound
    this.boundPrices = boundPrices
  }

  done(): boolean {
    const { target } = this.stage
    const enough = target !== undefined && (this.value >= target || this.bound < target)
    return enough || this.bound <= this.value || this.deadline.shouldStop()
  }

  /** In points where value is what counts, else in the units of the goal: who asked knows what those are. */
  report(): void {
    const { goal } = this.stage
    const units = goal === null ? 100 : 1
    const level = goal === null ? 'pointsMinusLoad' : 'goal'
    this.deadline.report(level, this.value / units, this.bound / units, this.draft)
  }

  /** Whether nothing is left to do once this bound is known. */
  reaches(bound: number): boolean {
    const whole = ladderOfStage(this.stage).below(bound)
    return whole <= this.value || whole < (this.stage.target ?? Number.NEGATIVE_INFINITY)
  }
}

export function ladderOfStage({ ladder }: Stage): Ladder {
  return ladder ?? WHOLE
}

/** What an allocation is worth in the units of the goal. */
export function worthOf({ goal }: Stage, draft: Draft): number {
  return goal === null ? draft.value() : placedWeight(draft, goal)
}

/** Whether an allocation keeps what the levels before have settled. */
export function keepsSettled({ settled }: Pick<Stage, 'settled'>, draft: Draft): boolean {
  return settled.every(level => placedWeight(draft, level.weights) >= level.least)
}
