import { describe, expect, test } from 'vitest'
import { priceAlternatives, whoMay } from '../../solver/explain/alternatives.ts'
import { plainLock, withLock } from '../../solver/explain/resolve.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import { draftOf, worthOf } from '../../solver/explain/worth.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { bruteForce, compareLevels, levelsOfProposal, pointsOf } from '../support/oracle.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../support/problems.ts'

const SEEDS = Number(process.env.SOLVER_SEEDS ?? 12)
const small = (seed: number): Problem => {
  const problem = randomProblem(seed + 900, { cases: 4, workers: 4, tight: seed % 3 === 0 })
  return { ...problem, policy: { ...problem.policy, lowestMaximumFirst: false } }
}
const given = (proposal: Proposal) =>
  proposal.lines.map(({ caseId, seat, workerId }) => ({ caseId, seat, workerId }))

/** Levels: current, emergency, overdue (days first), high and normal, each placed and days; then points and how even the loads are. */
function priceBetween(problem: Problem, after: number[], before: number[]) {
  const placed = (levels: number[]) => levels[0]! + levels[2]! + levels[5]! + levels[6]! + levels[8]!
  return {
    emergencies: after[2]! - before[2]!,
    placed: placed(after) - placed(before),
    highestLoad: null,
    points: (pointsOf(problem, after) - pointsOf(problem, before)) / 100,
  }
}

describe('two prices for everybody', () => {
  test('against every allocation there is: solved again, swap alone, and the order', async () => {
    let solved = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const problem = small(seed)
      const proposal = await solve(problem)
      const now = levelsOfProposal(problem, proposal)
      for (const line of proposal.lines) {
        const told = await priceAlternatives(problem, proposal, line.caseId, { seat: line.seat })
        expect(told.complete).toBe(true)
        const may = whoMay(problem, line.caseId, line.seat)
        const free = {
          ...problem,
          locks: problem.locks.filter(lock => lock.caseId !== line.caseId || lock.seat !== line.seat),
        }
        expect(told.alternatives).toHaveLength(problem.workers.length)
        const reached = new Map<string, number[][]>()
        for (const one of told.alternatives) {
          const swapped = draftOf(
            problem,
            given(proposal).map(each =>
              each.caseId === line.caseId && each.seat === line.seat
                ? { ...each, workerId: one.workerId }
                : each,
            ),
          )
          const { breaks: _, levels: __, ...alone } = one.swapAlone
          const where = `seed ${seed}, ${line.caseId} ${line.seat} to ${one.workerId}`
          expect(alone, where).toEqual(priceBetween(problem, levelsOfProposal(problem, swapped), now))
          const seat = { caseId: line.caseId, seat: line.seat, workerId: one.workerId }
          if (!one.solvedAgain) {
            // May not, or there is nobody for the other seat.
            // Or: held cases keep a worker above the band, so that what was found is better than may be, and no price is certain.
            if (may.has(one.workerId) && !problem.cases.some(each => each.current))
              expect(() => bruteForce(free, seat), where).toThrow('No allocation')
            continue
          }
          const { emergencies, placed, highestLoad, points, exact } = one.solvedAgain
          // Held cases may keep a worker above the band: then the price is better than may be, and says so.
          const held = problem.cases.some(each => each.current)
          expect(exact || held, where).toBe(true)
          if (!exact) continue
          const best =
            may.get(one.workerId) === 'aboveBand'
              ? bruteForce(withLock(problem, plainLock(line.caseId, line.seat, one.workerId)))
              : bruteForce(free, seat)
          expect({ emergencies, placed, highestLoad, points }, where).toEqual(
            priceBetween(problem, best, now),
          )
          reached.set(one.workerId, [best])
          solved++
        }
        // By every level in order, as the oracle counts them.
        const bests = told.alternatives.flatMap(one => reached.get(one.workerId) ?? [])
        for (let k = 1; k < bests.length; k++)
          expect(compareLevels(bests[k - 1]!, bests[k]!)).toBeGreaterThanOrEqual(0)
        const best = told.alternatives.find(one => one.current)
        if (best?.solvedAgain && !line.locked)
          expect(best.solvedAgain).toMatchObject({ placed: 0, points: 0, emergencies: 0 })
      }
    }
    expect(solved).toBeGreaterThan(SEEDS)
  })

  const pair = aProblem({
    cases: [aCase('Z1', { formerWorkers: ['M1'] })],
    workers: [
      aWorker('M1'),
      aWorker('M2'),
      aWorker('M3', { hoursInUse: 26 }),
      aWorker('M4', { normHours: 0 }),
    ],
  })

  test('the margin comes from the exact price of the best other worker', async () => {
    const clear = await priceAlternatives(pair, await solve(pair), 'Z1')
    expect(clear.alternatives.map(one => [one.workerId, one.status])).toEqual([
      ['M1', 'allowed'],
      ['M2', 'allowed'],
      ['M3', 'aboveBand'],
      ['M4', 'notAllowed'],
    ])
    expect(clear).toMatchObject({ margin: 'clear', marginPoints: 20 })
    expect(clear.marginSentence?.nl).toContain('M2')
    const equal = { ...pair, cases: [aCase('Z1')] }
    expect(await priceAlternatives(equal, await solve(equal), 'Z1')).toMatchObject({
      margin: 'equal',
      marginPoints: 0,
    })
    const only = { ...pair, workers: [pair.workers[0]!, pair.workers[3]!] }
    expect(await priceAlternatives(only, await solve(only), 'Z1')).toMatchObject({
      margin: 'only',
      marginPoints: null,
    })
  })

  test('a draft of people that is not the best one says so', async () => {
    const draft = draftOf(pair, [{ caseId: 'Z1', seat: 'primary', workerId: 'M2' }])
    const told = await priceAlternatives(pair, draft, 'Z1')
    expect(told.margin).toBe('behind')
    expect(told.alternatives[0]).toMatchObject({ workerId: 'M1', solvedAgain: { points: 20 } })
    expect(await explainNot(pair, draft, 'Z1', 'M1')).toMatchObject({ kind: 'better', totalDifference: 20 })
  })

  test('swap alone names what it breaks elsewhere too', async () => {
    const family = aProblem({
      cases: [
        aCase('Z1', { group: 'G1', hours: { primary: 2 } }),
        aCase('Z2', { group: 'G1', hours: { primary: 2 } }),
      ],
      workers: [aWorker('M1', { hoursInUse: 10 }), aWorker('M2', { hoursInUse: 10 })],
    })
    const proposal = await solve(family)
    const told = await priceAlternatives(family, proposal, 'Z1')
    const other = told.alternatives.find(one => !one.current)!
    expect(other.swapAlone.breaks.map(one => [one.caseId, one.rule])).toContainEqual(['Z1', 'together'])
    for (const one of other.swapAlone.breaks) expect(one.sentence.en).not.toMatch(/[{}]/)
  })

  test('a clock that is up at once leaves the swaps, and says that it is not complete', async () => {
    const told = await priceAlternatives(pair, await solve(pair), 'Z1', { timeLimitMs: 0 })
    expect(told).toMatchObject({ complete: false, margin: null })
    expect(told.alternatives.every(one => one.solvedAgain === null)).toBe(true)
    expect(told.alternatives.find(one => one.workerId === 'M2')?.swapAlone.points).toBe(-20)
  })
})

describe('why not that worker, against every allocation there is', () => {
  test('the kind is what the exact price says', async () => {
    const kinds = new Set<string>()
    for (let seed = 1; seed <= SEEDS; seed++) {
      const problem = small(seed + 500)
      const proposal = await solve(problem)
      const now = levelsOfProposal(problem, proposal)
      for (const line of proposal.lines.slice(0, 2)) {
        for (const worker of problem.workers) {
          const told = await explainNot(problem, proposal, line.caseId, worker.id, { seat: line.seat })
          kinds.add(told.kind)
          expect(told.sentence.nl + told.sentence.en).not.toMatch(/[{}]|undefined|NaN/)
          if (told.kind === 'proposed' || told.kind === 'mayNot') continue
          if (told.exact === false || told.sentence.nl.includes('niemand voor de andere plek')) continue
          const free = {
            ...problem,
            locks: problem.locks.filter(lock => lock.caseId !== line.caseId || lock.seat !== line.seat),
          }
          const best = bruteForce(free, { caseId: line.caseId, seat: line.seat, workerId: worker.id })
          const order = compareLevels(best, now)
          const where = `seed ${seed}, ${line.caseId} to ${worker.id}`
          // As good, or only with loads that are less even.
          if (told.kind === 'equal') {
            const counted = problem.policy.evenLoads ? -1 : undefined
            expect(best.slice(0, counted), where).toEqual(now.slice(0, counted))
            expect(order, where).toBeLessThanOrEqual(0)
          } else expect(told.kind === 'better' ? 1 : -1, where).toBe(Math.sign(order))
          expect(told.totalDifference, where).toBeCloseTo(
            (pointsOf(problem, best) - pointsOf(problem, now)) / 100,
            9,
          )
          // The chain is what is needed to come from the draft to that answer.
          const moved = new Map(told.moves.map(move => [`${move.caseId} ${move.seat}`, move.to]))
          const draft = draftOf(
            problem,
            given(proposal).map(each => {
              const key = `${each.caseId} ${each.seat}`
              return moved.has(key) ? { ...each, workerId: moved.get(key)! } : each
            }),
          )
          const gained = worthOf(problem, draft).units - worthOf(problem, proposal).units
          expect(gained, where).toBe(pointsOf(problem, best) - pointsOf(problem, now))
        }
      }
    }
    for (const kind of ['mayNot', 'lower', 'neededElsewhere']) expect(kinds).toContain(kind)
  })
})
