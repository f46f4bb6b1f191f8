import { describe, expect, test } from 'vitest'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { levelsOfProposal } from '../support/oracle.ts'
import { aCase, aPolicy, aProblem, aWorker, randomProblem, randomSource } from '../support/problems.ts'
import { simulateWeeks } from '../support/weeks.ts'

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  return list
    .map(one => ({ one, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one)
}

/** The same lists in another order, those inside cases and workers too; lists whose order means something stay. */
function stirred(problem: Problem, seed: number): Problem {
  const next = randomSource(seed)
  const inside = <T extends object>(one: T): T =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, Array.isArray(value) ? shuffled(value, next) : value]),
    ) as T
  const { policy, ...lists } = problem
  const mixed = inside(lists)
  return { ...mixed, policy, cases: mixed.cases.map(inside), workers: mixed.workers.map(inside) }
}

/** What is decided and what it is worth; not the order in which a reason lists its words. */
const decided = ({ lines, levels, evenLoads, status, engine, bundles, nodes, certificate }: Proposal) => ({
  lines: lines.map(({ contributions, ...line }) => ({
    ...line,
    contributions: contributions.map(({ criterion, value, points }) => ({ criterion, value, points })),
  })),
  levels,
  evenLoads,
  status,
  engine,
  bundles,
  nodes,
  certificate,
})

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length
  return counts.reduce((sum, one) => sum + (one - mean) ** 2 / mean, 0)
}

/** Exceeded once in a thousand by chance, by degrees of freedom. */
const critical: Record<number, number> = { 3: 16.27, 5: 20.52, 7: 24.32 }

describe('the order of the input', () => {
  test('changes nothing, whichever list is stirred', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const problem = randomProblem(seed + 7000, { cases: 9, workers: 9, tight: seed % 3 === 0 })
      const straight = decided(await solve(problem))
      for (const order of [1, 2]) {
        const other = stirred(problem, seed * 10 + order)
        expect(decided(await solve(other)), `seed ${seed}, order ${order}`).toEqual(straight)
      }
    }
  })
})

describe('names', () => {
  test('other ids change who wins a tie, never what is reached', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const problem = { ...randomProblem(seed + 8000, { cases: 8, workers: 8 }), locks: [] }
      const next = randomSource(seed)
      const names = new Map(
        [...problem.cases, ...problem.workers].map(one => [
          one.id,
          `${one.id[0]}-${Math.floor(next() * 1e9)}`,
        ]),
      )
      const renamed: Problem = JSON.parse(JSON.stringify(problem), (_, value) =>
        typeof value === 'string' ? (names.get(value) ?? value) : value,
      )
      const levels = levelsOfProposal(problem, await solve(problem))
      expect(levelsOfProposal(renamed, await solve(renamed)), `seed ${seed}`).toEqual(levels)
    }
  })

  /** How often each of these ids gets one case when all are equal, over 600 seeds. */
  async function winsOf(
    ids: readonly string[],
    turn: (seed: number) => readonly string[],
  ): Promise<number[]> {
    const wins = new Map(ids.map(id => [id, 0]))
    for (let seed = 1; seed <= 600; seed++) {
      const proposal = await solve(
        aProblem({ seed: seed * 104_729, workers: turn(seed).map(id => aWorker(id)) }),
      )
      const winner = proposal.lines[0]!.workerId!
      wins.set(winner, wins.get(winner)! + 1)
    }
    return [...wins.values()]
  }

  test('equal workers win equally often, whatever they are called', { timeout: 60_000 }, async () => {
    const ids = ['A', 'Z', '0', '999', 'Jansen', 'a-very-long-staff-number-0001']
    expect(chiSquare(await winsOf(ids, () => ids))).toBeLessThan(critical[5]!)
  })

  test('and wherever they stand in the list', { timeout: 60_000 }, async () => {
    const ids = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6']
    const turned = (seed: number) => ids.map((_, k) => ids[(k + seed) % ids.length]!)
    const straight = await winsOf(ids, () => ids)
    expect(await winsOf(ids, turned)).toEqual(straight)
    expect(chiSquare(straight)).toBeLessThan(critical[5]!)
  })

  test('equal cases are left waiting equally often', { timeout: 60_000 }, async () => {
    const ids = ['2026-0001', '2026-0002', 'Z', 'AA', 'b', '7', '70', '700']
    const waits = new Map(ids.map(id => [id, 0]))
    const workers = ['M1', 'M2', 'M3'].map(id => aWorker(id))
    for (let seed = 1; seed <= 300; seed++) {
      const cases = ids.map(id => aCase(id, { hours: { primary: 1 } }))
      const proposal = await solve(aProblem({ seed: seed * 7717, cases, workers }))
      const left = proposal.lines.filter(line => line.workerId === null)
      expect(left).toHaveLength(2)
      for (const line of left) waits.set(line.caseId, waits.get(line.caseId)! + 1)
    }
    expect(chiSquare([...waits.values()])).toBeLessThan(critical[7]!)
  })

  test('several equal cases over equal workers: nobody has more of them over the seeds', {
    timeout: 120_000,
  }, async () => {
    const ids = ['K', 'L', '10', '9']
    const got = new Map(ids.map(id => [id, 0]))
    for (let seed = 1; seed <= 200; seed++) {
      const cases = ['Z1', 'Z2'].map(id => aCase(id))
      const proposal = await solve(
        aProblem({ seed: (seed * 15_485_863) % 2147483647, cases, workers: ids.map(id => aWorker(id)) }),
      )
      for (const line of proposal.lines) got.set(line.workerId!, got.get(line.workerId!)! + 1)
    }
    expect(chiSquare([...got.values()])).toBeLessThan(critical[3]!)
  })
})

describe('names, in large bundles', () => {
  test('who gets many of the equal cases is as often anybody', { timeout: 60_000 }, async () => {
    const ids = ['A', 'Z', '0', '999', 'Jansen', 'M010']
    const many = new Map(ids.map(id => [id, 0]))
    for (let seed = 1; seed <= 120; seed++) {
      const cases = Array.from({ length: 20 }, (_, k) => aCase(`Z${k}`, { hours: { primary: 1 } }))
      const workers = ids.map(id => aWorker(id, { hoursInUse: 10 }))
      const policy = aPolicy({ newPerWeek: 20 })
      const proposal = await solve(aProblem({ seed: seed * 104_729, policy, cases, workers }))
      expect(proposal.lines.every(line => line.workerId !== null)).toBe(true)
      for (const load of proposal.loads)
        if (load.newCases > 20 / 6) many.set(load.workerId, many.get(load.workerId)! + 1)
    }
    expect([...many.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(120)
    expect(chiSquare([...many.values()])).toBeLessThan(critical[5]!)
  })
})

describe('waiting', () => {
  const one = (changes: Parameters<typeof aCase>[1]) => changes
  /** Who is placed when there is room for one of two. */
  async function first(
    a: Parameters<typeof aCase>[1],
    b: Parameters<typeof aCase>[1],
    overdueAfterDays?: number,
  ) {
    const policy = aPolicy({ newPerWeek: 1, ...(overdueAfterDays === undefined ? {} : { overdueAfterDays }) })
    const proposal = await solve(
      aProblem({ policy, cases: [aCase('a', a), aCase('b', b)], workers: [aWorker('M1')] }),
    )
    return proposal.lines.filter(line => line.workerId !== null).map(line => line.caseId)
  }

  test('one day longer is enough, however well the other fits', async () => {
    for (const urgency of ['emergency', 'high', 'normal'] as const) {
      const fits = one({ urgency, waitingDays: 20, formerWorkers: ['M1'] })
      expect(await first(fits, { urgency, waitingDays: 21 })).toEqual(['b'])
    }
  })

  test('overdue goes before high urgency, not before an emergency', async () => {
    const old = one({ waitingDays: 43 })
    expect(await first(old, { urgency: 'high' })).toEqual(['b'])
    expect(await first(old, { urgency: 'high' }, 42)).toEqual(['a'])
    expect(await first({ waitingDays: 42 }, { urgency: 'high' }, 42)).toEqual(['b'])
    expect(await first(old, { urgency: 'emergency' }, 42)).toEqual(['b'])
  })

  test('among overdue cases the days count before the number of cases', async () => {
    const policy = aPolicy({ overdueAfterDays: 42, newPerWeek: 2 })
    const cases = [
      aCase('large', { waitingDays: 101, hours: { primary: 6 } }),
      ...['s', 't'].map(id => aCase(id, { waitingDays: 50, hours: { primary: 3 } })),
    ]
    const proposal = await solve(aProblem({ policy, cases, workers: [aWorker('M1', { hoursInUse: 21 })] }))
    expect(proposal.lines.filter(line => line.workerId !== null).map(line => line.caseId)).toEqual(['large'])
  })

  test('sixty weeks: with the rule nobody waits without end, without it somebody does', {
    timeout: 120_000,
  }, async () => {
    const ruled = await simulateWeeks({ weeks: 60, overdueAfterDays: 42 })
    expect(ruled.arrived).toBeGreaterThan(250)
    // Overdue is noticed in the first round after 42 days; the overdue that came before take at most one round more.
    expect(ruled.longestWait).toBeLessThanOrEqual(42 + 7 + 7)
    const unruled = await simulateWeeks({ weeks: 60 })
    expect(unruled.arrived).toBe(ruled.arrived)
    expect(unruled.longestWait).toBeGreaterThan(90)
  })
})
