import { describe, expect, test } from 'vitest'
import type { Problem } from '../../solver/problem/problem.ts'
import { type BoundPrices, boundPricesOf, derivedBound, GRAIN } from '../../solver/search/bound.ts'
import { nothingAbove } from '../../solver/search/bound-search.ts'
import { lagrange } from '../../solver/search/lagrange.ts'
import { PriceRelaxation } from '../../solver/search/price-relaxation.ts'
import { standingOf, verifyBound, verifyPlacing } from '../../solver/search/verify-bound.ts'
import { solve } from '../../solver/solve.ts'
import { randomProblem, randomSource } from '../support/problems.ts'

/** A round with its proven answer and the prices of a walk of its own. */
async function solved(problem: Problem) {
  const proposal = await solve(problem)
  const standing = standingOf(problem, proposal)
  const { instance, demands, value } = standing
  const relaxation = new PriceRelaxation({ instance, goal: null, ...demands })
  const dual = lagrange(relaxation, value, { steps: 60, shouldStop: () => false }).best
  const boundPrices = boundPricesOf(dual.prices, relaxation.levels, demands.settled)
  return { proposal, standing, dual, boundPrices }
}

describe('a bound derived again from prices', () => {
  test('without locks and existing cases the value of a standing proposal is the last level', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const drawn = randomProblem(seed, { cases: 8, workers: 7 })
      const problem: Problem = {
        ...drawn,
        locks: [],
        cases: drawn.cases.map(({ current: _current, movable: _movable, ...one }) => one),
      }
      const proposal = await solve(problem)
      expect(standingOf(problem, proposal).value / 100, `seed ${seed}`).toBeCloseTo(
        proposal.levels.at(-1)!.value,
        9,
      )
    }
  })

  test('whatever the prices: no proven value lies above it', { timeout: 60_000 }, async () => {
    let tight = 0
    for (let seed = 1; seed <= 80; seed++) {
      const next = randomSource(seed)
      const problem = randomProblem(seed * 13, { cases: 7, workers: 6, tight: seed % 2 === 0 })
      const { proposal, standing, boundPrices } = await solved(problem)
      expect(proposal.status, `seed ${seed}`).toBe('optimal')
      for (const spread of [0, 50, 1000, 50_000]) {
        const moved = (price: number) => price + Math.round((next() - 0.5) * spread)
        const raised = (price: number) => Math.max(0, moved(price))
        const prices: BoundPrices = {
          items: boundPrices.items.map(moved),
          groups: boundPrices.groups.map(raised),
          shared: boundPrices.shared.map(raised),
          levels: standing.demands.settled.map(() => Math.round(next() * spread)),
        }
        const bound = derivedBound(standing.instance, standing.demands, prices)
        expect(bound, `seed ${seed}`).not.toBeNull()
        expect(Number(bound), `seed ${seed}`).toBeGreaterThanOrEqual(standing.value * GRAIN)
        if (Number(bound) < (standing.value + 1) * GRAIN) tight++
      }
    }
    expect(tight).toBeGreaterThan(20)
  })

  test('the same as the walk says', { timeout: 60_000 }, async () => {
    let compared = 0
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed * 17, { cases: 9, workers: 14, rules: 0.4, tight: seed % 2 === 0 })
      const { standing, dual, boundPrices } = await solved(problem)
      const bound = derivedBound(standing.instance, standing.demands, boundPrices)
      expect(Number(bound) / GRAIN, `seed ${seed}`).toBe(dual.bound)
      compared++
    }
    expect(compared).toBeGreaterThan(15)
  })

  test('says whether the reported bound follows, and not when it was made smaller', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = randomProblem(seed * 19, { cases: 8, workers: 14, rules: 0.4 })
      const { proposal, boundPrices, dual, standing } = await solved(problem)
      if (!standing.demands.mustPlace.every(Boolean)) continue
      const last = proposal.levels.at(-1)!
      const loose = { ...last, bound: last.value + Math.ceil(dual.bound - standing.value) / 100 }
      const levels = proposal.levels.slice(0, -1)
      const report = verifyBound(problem, { ...proposal, levels: [...levels, loose] }, boundPrices)
      expect(report.how, `seed ${seed}`).toBe('prices')
      expect(report.bound!).toBeLessThanOrEqual(loose.bound)
      const tooLow = { ...last, bound: last.value - 0.01 }
      expect(verifyBound(problem, { ...proposal, levels: [...levels, tooLow] }, boundPrices).how).toBe(
        'wrong',
      )
    }
  })

  test('what prices leave open is searched: every proven optimum is proven again', {
    timeout: 60_000,
  }, async () => {
    const count = { prices: 0, search: 0, weaker: 0, wrong: 0, none: 0 }
    for (let seed = 1; seed <= 150; seed++) {
      const problem = randomProblem(seed * 23, {
        cases: 4 + (seed % 9),
        workers: 4 + (seed % 11),
        tight: seed % 3 === 0,
      })
      const { proposal, boundPrices } = await solved(problem)
      expect(proposal.status, `seed ${seed}`).toBe('optimal')
      count[verifyBound(problem, proposal, boundPrices).how]++
      const last = proposal.levels.at(-1)!
      const tooLow = { ...last, bound: last.value - 0.01 }
      const lowered = { ...proposal, levels: [...proposal.levels.slice(0, -1), tooLow] }
      expect(['wrong', 'weaker'], `seed ${seed}`).toContain(verifyBound(problem, lowered, boundPrices).how)
    }
    expect(count).toMatchObject({ wrong: 0, none: 0 })
    expect(count.search).toBeGreaterThan(10)
    expect(count.weaker).toBeLessThan(5)
  })

  test('the prices that a proposal carries prove its bound, as instroom check says', {
    timeout: 60_000,
  }, async () => {
    const count = { prices: 0, search: 0, weaker: 0, wrong: 0, none: 0 }
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed * 31, {
        cases: 6 + (seed % 10),
        workers: 6 + (seed % 8),
        tight: seed % 3 === 0,
      })
      const proposal = await solve(problem)
      if (proposal.certificate) count[verifyBound(problem, proposal, proposal.certificate).how]++
    }
    expect(count).toMatchObject({ wrong: 0, weaker: 0, none: 0 })
    expect(count.prices).toBeGreaterThan(45)
  })

  test('the search finds what is there, also with prices that say nothing', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed * 29, { cases: 4, workers: 4, tight: seed % 2 === 0 })
      const { standing, boundPrices } = await solved(problem)
      const { instance, demands, value } = standing
      const nought = (list: readonly number[]) => list.map(() => 0)
      const { items, groups, shared } = boundPrices
      const silent = { items: nought(items), groups: nought(groups), shared: nought(shared), levels: [] }
      expect(nothingAbove(instance, demands, silent, value), `seed ${seed}`).toBe(true)
      expect(nothingAbove(instance, demands, silent, value - 1), `seed ${seed}`).toBe(false)
    }
  })

  test('prices of another round are refused', async () => {
    const { standing, boundPrices } = await solved(randomProblem(3, { cases: 5, workers: 5 }))
    const ask = (changes: Partial<BoundPrices>) => () =>
      derivedBound(standing.instance, standing.demands, { ...boundPrices, ...changes })
    expect(ask({ items: [...boundPrices.items, 1] })).toThrow('no prices of this round')
    expect(ask({ items: boundPrices.items.map(() => 0.5) })).toThrow('not whole')
    expect(ask({ levels: [-1] })).toThrow('under 0')
  })
})

test('up to 30 cases and 40 people nothing has to be taken on trust', { timeout: 300_000 }, async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const problem = randomProblem(seed * 977 + 30, { cases: 30, workers: 40, tight: seed % 2 === 0 })
    const proposal = await solve(problem, { timeLimitMs: 300_000 })
    const reports = [
      verifyBound(problem, proposal, proposal.certificate!),
      ...verifyPlacing(problem, proposal),
    ]
    for (const { how } of reports) expect(['prices', 'search'], `seed ${seed}`).toContain(how)
  }
})
