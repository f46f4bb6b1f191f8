import type { Shape } from '../../solver/assignment/shape.ts'
import { randomSource } from './problems.ts'

/** Generalised assignment: every job to one agent, as cheaply as possible, within what each agent has. Whole numbers. */
export interface GapInstance {
  name: string
  /** [agent][job] */
  costs: number[][]
  /** [agent][job] */
  needs: number[][]
  /** [agent] */
  capacities: number[]
}

/** Prices are multiples of 1/64 unit, so a cost of 1 is made 100 units: fine enough for a sharp bound. */
export const UNITS_PER_COST = 100

/**
 * Reads the format of the OR-Library: `m n`, m rows of n costs, m rows of n needs, m capacities; either one problem, or first
 * the number of problems. Throws with the place when the numbers do not add up.
 */
export function readGap(text: string, name: string): GapInstance[] {
  const words = text.split(/\s+/).filter(word => word !== '')
  const numbers = words.map((word, index) => {
    const number = Number(word)
    if (!Number.isInteger(number) || number < 0 || number > 1e6) {
      throw new Error(
        `${name}: number ${index + 1} is "${word}"; expected a whole number from 0 to 1,000,000.`,
      )
    }
    return number
  })
  const lengthAt = (at: number): number => {
    const [agents, jobs] = [numbers[at], numbers[at + 1]]
    if (!agents || !jobs)
      throw new Error(`${name}: expected the numbers of agents and jobs at number ${at + 1}.`)
    return 2 + 2 * agents * jobs + agents
  }
  const one = (at: number, suffix: string): GapInstance => {
    const end = at + lengthAt(at)
    if (end > numbers.length) {
      throw new Error(
        `${name}: ${numbers.length} numbers; the problem that starts at number ${at + 1} needs ${end - at}.`,
      )
    }
    const [agents, jobs] = [numbers[at]!, numbers[at + 1]!]
    const rows = (from: number) =>
      Array.from({ length: agents }, (_, i) => numbers.slice(from + i * jobs, from + (i + 1) * jobs))
    return {
      name: name + suffix,
      costs: rows(at + 2),
      needs: rows(at + 2 + agents * jobs),
      capacities: numbers.slice(end - agents, end),
    }
  }
  if (numbers.length >= 2 && numbers.length === lengthAt(0)) return [one(0, '')]
  const problems: GapInstance[] = []
  let at = 1
  for (let k = 0; k < numbers[0]!; k++) {
    problems.push(one(at, `-${k + 1}`))
    at += lengthAt(at)
  }
  if (at !== numbers.length)
    throw new Error(`${name}: ${numbers.length - at} numbers after the last problem.`)
  return problems
}

export type GapClass = 'a' | 'b' | 'c' | 'd' | 'e'

/**
 * The classes of the literature. a to d: Chu and Beasley (1997); e: Laguna and others (1995).
 *
 *   a  needs U[5,25], costs U[10,50], capacity 0.6 · 15 n/m + 0.4 R, R the most that one agent needs when every job is cheapest
 *   b  as a, with 0.7 of the capacity
 *   c  as a, capacity 0.8 Σ_j need / m
 *   d  needs U[1,100], cost 111 − need + U[−10,10], capacity as c
 *   e  need 1 − 10 ln U(0,1], cost 1000 / need − 10 U[0,1], capacity as c
 */
export function generateGap(kind: GapClass, agents: number, jobs: number, seed: number): GapInstance {
  const next = randomSource(seed)
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const costs: number[][] = []
  const needs: number[][] = []
  for (let i = 0; i < agents; i++) {
    const pairs = Array.from({ length: jobs }, () => {
      if (kind === 'e') {
        const need = Math.ceil(1 - 10 * Math.log(1 - next()))
        return { need, cost: Math.round(1000 / need - 10 * next()) }
      }
      if (kind === 'd') {
        const need = between(1, 100)
        return { need, cost: 111 - need + between(-10, 10) }
      }
      return { need: between(5, 25), cost: between(10, 50) }
    })
    needs.push(pairs.map(pair => pair.need))
    costs.push(pairs.map(pair => Math.max(0, pair.cost)))
  }
  const cheapest = new Float64Array(agents)
  for (let j = 0; j < jobs; j++) {
    let best = 0
    for (let i = 1; i < agents; i++) if (costs[i]![j]! < costs[best]![j]!) best = i
    cheapest[best]! += needs[best]![j]!
  }
  const loose = 0.6 * 15 * (jobs / agents) + 0.4 * Math.max(...cheapest)
  const capacities = needs.map(row => {
    if (kind === 'a') return Math.floor(loose)
    if (kind === 'b') return Math.floor(0.7 * loose)
    return Math.floor((0.8 * row.reduce((sum, one) => sum + one, 0)) / agents)
  })
  return { name: `${kind}${agents}x${jobs}-${seed}`, costs, needs, capacities }
}

/** The instance as a shape: maximise Σ (highest cost − cost). `costOf` turns a value or bound back into a cost. */
export function shapeOfGap(instance: GapInstance): { shape: Shape; costOf: (units: number) => number } {
  const { costs, needs, capacities } = instance
  const agents = costs.length
  const jobs = costs[0]!.length
  const highest = Math.max(...costs.flat())
  const options = agents * jobs
  const shape: Shape = {
    jobs,
    workers: capacities.map((capacity, i) => ({
      first: i * jobs,
      last: (i + 1) * jobs,
      modes: [{ capacity, kinds: Uint8Array.of(1) }],
      width: capacity + 1,
      caps: new Int32Array(0),
      kinds: [new Int32Array(0)],
      rise: null,
    })),
    job: Int32Array.from({ length: options }, (_, option) => option % jobs),
    worker: Int32Array.from({ length: options }, (_, option) => Math.floor(option / jobs)),
    value: Float64Array.from(costs.flat(), cost => (highest - cost) * UNITS_PER_COST),
    hours: Int32Array.from(needs.flat()),
    kind: new Int32Array(options),
    leastRise: new Float64Array(options),
    optionsOf: Array.from({ length: jobs }, (_, j) =>
      Int32Array.from({ length: agents }, (__, i) => i * jobs + j),
    ),
    rows: [],
    rowsOf: Array.from({ length: options }, () => new Float64Array(0)),
    grid: UNITS_PER_COST,
  }
  return { shape, costOf: units => highest * jobs - units / UNITS_PER_COST }
}
