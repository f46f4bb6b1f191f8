import { describe, expect, test } from 'vitest'
import { penalties, worth } from '../../solver/assignment/branch.ts'
import { Chains } from '../../solver/assignment/chains.ts'
import { startPrices } from '../../solver/assignment/dual.ts'
import { Knapsacks } from '../../solver/assignment/knapsack.ts'
import { type DenseResult, solveDense } from '../../solver/assignment/solve-assignment.ts'
import { solveWithHighs } from '../../solver/engines/highs.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { isDense, maximiseDense } from '../../solver/search/assignment.ts'
import { shapeOfInstance } from '../../solver/search/assignment-shape.ts'
import { compactModel } from '../../solver/search/compact.ts'
import type { Deadline } from '../../solver/search/deadline.ts'
import { Draft, placedWeight } from '../../solver/search/draft.ts'
import { greedy } from '../../solver/search/greedy.ts'
import { buildInstance } from '../../solver/search/instance.ts'
import { settlePlacement } from '../../solver/search/placement.ts'
import { compactLevels } from '../support/compact.ts'
import { compareWith } from '../support/differential.ts'
import { type GapInstance, generateGap, readGap, shapeOfGap } from '../support/gap.ts'
import { randomProblem, randomSource } from '../support/problems.ts'
import { overloaded, reallocation } from '../support/reallocation.ts'

const untilDone: Deadline = {
  shouldStop: () => false,
  remaining: () => 60_000,
  cut: () => {},
  report: () => {},
}

/** A small instance with some tight and some impossible ones among them. */
function smallGap(seed: number): GapInstance {
  const next = randomSource(seed)
  const agents = 2 + Math.floor(next() * 3)
  const jobs = 3 + Math.floor(next() * 5)
  const numbers = (low: number, high: number) =>
    Array.from({ length: agents }, () =>
      Array.from({ length: jobs }, () => low + Math.floor(next() * (high - low + 1))),
    )
  const needs = numbers(1, 9)
  return {
    name: `small-${seed}`,
    costs: numbers(1, 30),
    needs,
    capacities: needs.map(row =>
      Math.floor((row.reduce((sum, one) => sum + one, 0) * (0.7 + next() * 0.5)) / agents),
    ),
  }
}

/** The lowest cost over every assignment there is; null when none fits. */
function everyAssignment(
  { costs, needs, capacities }: GapInstance,
  allowed: (agent: number, job: number) => boolean = () => true,
): number | null {
  const left = [...capacities]
  let best: number | null = null
  const give = (job: number, cost: number): void => {
    if (job === costs[0]!.length) {
      best = best === null ? cost : Math.min(best, cost)
      return
    }
    for (let i = 0; i < costs.length; i++) {
      if (needs[i]![job]! > left[i]! || !allowed(i, job)) continue
      left[i]! -= needs[i]![job]!
      give(job + 1, cost + costs[i]![job]!)
      left[i]! += needs[i]![job]!
    }
  }
  give(0, 0)
  return best
}

function solveGap(
  instance: GapInstance,
  cells = 1e9,
): { result: DenseResult; value: number | null; bound: number } {
  const { shape, costOf } = shapeOfGap(instance)
  const result = solveDense(shape, new Int32Array(shape.jobs).fill(-1), {
    cells,
    shouldStop: () => false,
    report: () => {},
  })
  return { result, value: result.best === null ? null : costOf(result.value), bound: costOf(result.bound) }
}

/** Value of the last level by the compact model, and what the dense path says, after the same levels before it. */
async function bothWays(problem: Problem) {
  const instance = buildInstance(problem)
  const placement = await settlePlacement(instance, greedy(instance), untilDone)
  const dense = await maximiseDense({ instance, goal: null, ...placement }, placement.draft, untilDone)
  const { model, read } = compactModel(
    instance,
    { weights: instance.units.map(() => 0), values: true },
    placement.settled,
  )
  const answer = await solveWithHighs(model, { nodes: 1e6, timeLimitMs: 60_000, absoluteGap: 0.5 })
  const best = answer.values.length > 0 ? (read(answer.values)?.value() ?? null) : new Draft(instance).value()
  return { instance, placement, dense, best: answer.status === 'optimal' ? best : null }
}

describe('generalised assignment', () => {
  test('every small instance is solved to the proven optimum, or proven to have no answer', () => {
    let impossible = 0
    for (let seed = 1; seed <= 300; seed++) {
      const instance = smallGap(seed)
      const best = everyAssignment(instance)
      const { result, value, bound } = solveGap(instance)
      expect(value, instance.name).toBe(best)
      if (best === null) {
        impossible++
        expect(result.bound, instance.name).toBe(Number.NEGATIVE_INFINITY)
      } else expect(bound, instance.name).toBe(best)
    }
    expect(impossible).toBeGreaterThan(10)
  })

  test('whatever the prices: a penalty never says more than is true', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const instance = smallGap(seed)
      const { shape, costOf } = shapeOfGap(instance)
      const next = randomSource(seed)
      const prices = Float64Array.from({ length: shape.jobs }, () => Math.floor(next() * 3000))
      const penalty = new Float64Array(shape.job.length)
      const knapsacks = new Knapsacks(shape, { cells: 0 })
      const bound = penalties(shape, knapsacks, prices, new Int8Array(shape.job.length), penalty)
      penalty.forEach((one, option) => {
        const [agent, job] = [shape.worker[option]!, shape.job[option]!]
        const best = everyAssignment(instance, (i, j) => j !== job || i === agent)
        if (best !== null) {
          expect(best, `${instance.name} option ${option}`).toBeGreaterThanOrEqual(costOf(bound - one))
        }
      })
    }
  })

  test.each(['a', 'b', 'c', 'd', 'e'] as const)('class %s: bound and value agree with HiGHS', async kind => {
    const instance = generateGap(kind, 4, 16, 7)
    const { value, bound } = solveGap(instance, 3e9)
    expect(value).toBe(bound)
    const { shape, costOf } = shapeOfGap(instance)
    const rows = [
      ...shape.optionsOf.map(options => ({
        min: 1,
        max: 1,
        columns: [...options],
        values: [...options].map(() => 1),
      })),
      ...shape.workers.map(({ first, last, modes }) => ({
        min: Number.NEGATIVE_INFINITY,
        max: modes[0]!.capacity,
        columns: Array.from({ length: last - first }, (_, k) => first + k),
        values: [...shape.hours.subarray(first, last)],
      })),
    ]
    const columns = [...shape.value].map(() => ({ integer: true, upper: 1 }))
    const answer = await solveWithHighs(
      { objective: [...shape.value], columns, rows },
      { nodes: 1e6, timeLimitMs: 60_000, absoluteGap: 50 },
    )
    const reached = answer.values.reduce(
      (sum, one, column) => sum + Math.round(one) * shape.value[column]!,
      0,
    )
    expect(costOf(reached)).toBe(value)
  })

  test('the same instance gives the same answer, also when the work ends it', () => {
    const instance = generateGap('d', 8, 40, 3)
    const runs = [1, 2].map(() => solveGap(instance, 4e7))
    expect(runs[0]!.result.best).toEqual(runs[1]!.result.best)
    expect(runs[0]!.bound).toBe(runs[1]!.bound)
    expect(runs[0]!.bound).toBeLessThanOrEqual(runs[0]!.value!)
  })

  test('files: one problem, several problems, and what is wrong with a damaged one', () => {
    const one = '2 3\n1 2 3\n4 5 6\n7 8 9\n1 2 3\n10 11\n'
    expect(readGap(one, 'x')).toEqual([
      {
        name: 'x',
        costs: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        needs: [
          [7, 8, 9],
          [1, 2, 3],
        ],
        capacities: [10, 11],
      },
    ])
    expect(readGap(`2\n${one}${one}`, 'x').map(problem => problem.name)).toEqual(['x-1', 'x-2'])
    expect(() => readGap(one.replace('9', 'nine'), 'x')).toThrow('x: number 11 is "nine"')
    expect(() => readGap('2 3\n1 2 3', 'x')).toThrow('x')
    expect(() => readGap('', 'x')).toThrow('x')
    expect(() => readGap(`1\n${one} 5`, 'x')).toThrow('after the last problem')
  })
})

describe('rooms', () => {
  test('with all rules mixed: never above the truth, the bound never below it', {
    timeout: 120_000,
  }, async () => {
    let compared = 0
    let proven = 0
    for (let seed = 1; seed <= 30; seed++) {
      const problem = randomProblem(seed, { cases: 9, workers: 6, tight: seed % 2 === 0 })
      problem.policy.lowestMaximumFirst = false
      const { placement, dense, best } = await bothWays(problem)
      for (const level of placement.settled) {
        expect(placedWeight(dense.draft, level.weights), `seed ${seed}`).toBeGreaterThanOrEqual(level.least)
      }
      expect(dense.draft.value(), `seed ${seed}`).toBe(dense.value)
      if (best === null) continue
      compared++
      expect(dense.value, `seed ${seed}`).toBeLessThanOrEqual(best)
      expect(dense.bound, `seed ${seed}`).toBeGreaterThanOrEqual(best)
      if (dense.value === best && dense.bound === best) proven++
    }
    expect(compared).toBeGreaterThan(25)
    expect(proven).toBeGreaterThan(compared * 0.8)
  })

  test('a team dealt out again with a price per move: the proven optimum', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { instance, dense, best } = await bothWays(reallocation(seed, 24, 4, seed % 2))
      expect(isDense(instance), `seed ${seed}`).toBe(true)
      expect(dense.value, `seed ${seed}`).toBe(best)
      expect(dense.bound, `seed ${seed}`).toBe(best)
    }
  })

  test('a team with too little room, new cases among its own: the same levels as the compact model', {
    timeout: 120_000,
  }, async () => {
    const seen: Record<string, number> = {}
    for (let seed = 1; seed <= 16; seed++) {
      const problem = overloaded(seed, 18, 3, seed % 2)
      expect(isDense(buildInstance(problem)), `seed ${seed}`).toBe(true)
      const outcome = await compareWith(problem, one => compactLevels(one))
      expect(outcome, `seed ${seed}`).toBeTypeOf('string')
      seen[outcome as string] = (seen[outcome as string] ?? 0) + 1
    }
    expect(seen).toEqual({ agreed: 16 })
  })

  test('chains keep every limit and only gain', { timeout: 120_000 }, async () => {
    let gained = 0
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed, { cases: 24, workers: 6, tight: seed % 3 === 0 })
      problem.policy.lowestMaximumFirst = false
      const instance = buildInstance(problem)
      const { mustPlace, settled, draft } = await settlePlacement(instance, greedy(instance), untilDone)
      const { shape, assignmentOf, draftOf } = shapeOfInstance(instance, mustPlace, settled)
      const start = assignmentOf(draft)
      if (start.includes(-1)) continue
      const better = Int32Array.from(start)
      new Chains(shape, startPrices(shape).rates, { cells: 0 }).improve(better, () => false)
      if (worth(shape, better) > worth(shape, start)) gained++
      expect(worth(shape, better), `seed ${seed}`).toBeGreaterThanOrEqual(worth(shape, start))
      for (const { options, weights, limit } of shape.rows) {
        const used = options.reduce(
          (sum, option, k) => sum + (better[shape.job[option]!] === option ? weights[k]! : 0),
          0,
        )
        expect(used, `seed ${seed}`).toBeLessThanOrEqual(limit)
      }
      const whole = mustPlace.every((must, unit) => must || instance.units[unit]!.items.length === 1)
      const held = draftOf(better)
      if (whole && instance.groupCount === 0) expect(held, `seed ${seed}`).not.toBeNull()
      for (const level of settled) {
        if (held)
          expect(placedWeight(held, level.weights), `seed ${seed}`).toBeGreaterThanOrEqual(level.least)
      }
    }
    expect(gained).toBeGreaterThan(3)
  })

  test('a round of few cases for many workers is not dense', () => {
    expect(isDense(buildInstance(randomProblem(1, { cases: 20, workers: 25 })))).toBe(false)
  })
})
