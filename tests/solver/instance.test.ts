import { describe, expect, test } from 'vitest'
import { sha256 } from '../../solver/problem/canonical.ts'
import { curveCost, curveOf, leastRise, loadCost, seatsOf } from '../../solver/problem/load.ts'
import type { Lock, RuleCode } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { broken } from '../../solver/rules/broken.ts'
import { heavyCost } from '../../solver/rules/costs.ts'
import { Judge } from '../../solver/rules/judge.ts'
import { Pricer } from '../../solver/search/bundles.ts'
import { buildInstance, riseOf, withLeavers } from '../../solver/search/instance.ts'
import { aCase, aPolicy, aProblem, aWorker, randomProblem, randomSource } from '../support/problems.ts'

const lock: Lock = {
  caseId: 'Z1',
  seat: 'primary',
  workerId: 'M1',
  unregisteredException: false,
  aboveLimit: false,
  setAside: [],
}

describe('the instance of the engines', () => {
  test('a problem from before the new fields means the same, to the hash', () => {
    const problem = aProblem()
    expect(validateProblem(problem)).toEqual({ problem })
    expect(sha256(problem)).toBe('5c6ef1fd1b8e07b8e61d8996a4787ad2b8898abe36c581f65844ccf11f72ba53')
  })

  test('who may take a seat, and what stops the others first, is what the rules say pair by pair', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const problem = randomProblem(seed, { cases: 6, workers: 6, tight: seed % 2 === 0 })
      const { locks } = buildInstance(problem)
      const judge = new Judge(problem, problem.workers, locks.held)
      for (const theCase of problem.cases) {
        for (const seat of seatsOf(theCase)) {
          if (problem.locks.some(one => one.caseId === theCase.id && one.seat === seat)) continue
          const breaches = problem.workers.map(worker =>
            broken(problem, theCase, seat, worker, locks.held).map(one => one.rule),
          )
          const expected = breaches.flatMap((rules, index) => (rules.length === 0 ? [index] : []))
          expect(judge.allowed(theCase, seat), `seed ${seed}, ${theCase.id} ${seat}`).toEqual(expected)
          const counts = new Map<RuleCode, number>()
          for (const [first = 'neededElsewhere' as const] of breaches) {
            counts.set(first, (counts.get(first) ?? 0) + 1)
          }
          expect(judge.countFirst(theCase, seat), `seed ${seed}, ${theCase.id} ${seat}`).toEqual(counts)
        }
      }
    }
  })

  test('the price of load, of any shape, asked in two ways', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = randomSource(seed)
      const { policy } = randomProblem(seed, { cases: 1, workers: 1, extras: 4 })
      const norm = Math.floor(next() * 2600)
      const curve = curveOf(policy, norm)
      for (let hours = 0; hours <= 1.4 * norm; hours += 1 + Math.floor(next() * 40)) {
        expect(curveCost(curve, hours), `seed ${seed}, ${hours}`).toBe(loadCost(policy, norm, hours))
      }
    }
  })

  test('least rises are never more than a whole bundle rises, also when load gets cheaper', () => {
    let cheaper = 0
    for (let seed = 1; seed <= 400; seed++) {
      const instance = buildInstance(randomProblem(seed, { cases: 8, workers: 3, rules: 0.3, extras: 3 }))
      const next = randomSource(seed)
      for (const worker of instance.workers) {
        if (!worker.curve.convex) cheaper++
        const most = Math.max(worker.hardLimit, worker.baseHours)
        for (let draw = 0; draw < 20; draw++) {
          let hours = worker.baseHours
          let heavy = 0
          let least = 0
          for (const one of worker.candidates.filter(() => next() < 0.5)) {
            if (hours + one.hours > most) continue
            hours += one.hours
            heavy += instance.items[one.item]!.heavy ? 1 : 0
            least += one.leastRise
          }
          expect(least, `seed ${seed}, ${worker.worker.id}`).toBeLessThanOrEqual(riseOf(worker, hours, heavy))
        }
      }
    }
    expect(cheaper).toBeGreaterThan(50)
  })

  test('the least rise of a cost that gets cheaper lies where it is cheap', () => {
    const policy = aPolicy({
      loadCost: [
        { from: 0, pointsPerHour: 10 },
        { from: 1, pointsPerHour: 1 },
      ],
    })
    const curve = curveOf(policy, 2000)
    expect(leastRise(curve, 300, 1000, 1500)).toBe(3000)
    expect(leastRise(curve, 300, 1000, 1900)).toBe(1200)
    expect(leastRise(curve, 300, 1000, 2000)).toBe(300)
  })

  test('heavy cases cost more the more there are, by the contract', () => {
    const policy = aPolicy({
      heavyCost: [
        { from: 1, points: 2 },
        { from: 2, points: 5 },
      ],
    })
    const costs = (contractHours: number) =>
      [0, 1, 2, 3, 4].map(count => heavyCost(policy, aWorker('M1', { contractHours }), count) / 100)
    expect(costs(36)).toEqual([0, 0, 2, 7, 12])
    expect(costs(18)).toEqual([0, 0, 5, 10, 15])
    expect(heavyCost(aPolicy(), aWorker('M1'), 9)).toBe(0)
  })

  test('counters: what is left of each cap after what is held and locked', () => {
    const problem = aProblem({
      policy: aPolicy({
        newPerWeek: 5,
        newPerMonth: 4,
        kindCaps: [{ kind: 'measure', code: 'ots', most: 6 }],
        ratherNotPerRound: 2,
      }),
      cases: [
        aCase('Z1'),
        aCase('Z2', { hours: { primary: 6 } }),
        aCase('Z3', { hours: { primary: 6 }, current: { primary: 'M1' }, movable: true }),
      ],
      workers: [
        aWorker('M1', {
          hoursInUse: 5,
          newThisMonth: 1,
          kinds: [{ kind: 'measure', code: 'ots', count: 1 }],
          preferences: [{ kind: 'measure', code: 'ots', value: 'rather_not' }],
        }),
      ],
      locks: [lock],
    })
    const [worker] = buildInstance(problem).workers
    expect(worker!.limits).toEqual([2, 2, 3, 1])
    expect(worker!.candidates.map(one => [one.stays, one.counts])).toEqual(
      buildInstance(problem).items.map(item => (item.case.id === 'Z3' ? [true, []] : [false, [0, 1, 2, 3]])),
    )
  })

  test('a mentor is a row over the pairs of several workers', () => {
    const learner = {
      mentor: 'M3',
      preferences: [{ kind: 'measure' as const, code: 'ots', value: 'learn' as const }],
    }
    const instance = buildInstance(
      aProblem({
        policy: aPolicy({ learningNeedsMentor: true }),
        cases: [aCase('Z1'), aCase('Z2'), aCase('Z3', { measures: ['jr'] })],
        workers: [aWorker('M1', learner), aWorker('M2', learner), aWorker('M3', { mentorRoom: 3 })],
        locks: [lock],
      }),
    )
    expect(instance.shared).toEqual([{ limit: 2 }])
    for (const { worker, candidates } of instance.workers) {
      for (const one of candidates) {
        const learns = worker.id !== 'M3' && instance.items[one.item]!.case.id === 'Z2'
        expect(one.shared).toEqual(learns ? [0] : [])
      }
    }
  })
})

describe('where only placing counts', () => {
  const listed = (...[problem, most]: [Parameters<typeof buildInstance>[0], number?]) => {
    const whole = buildInstance(problem)
    const instance = most === undefined ? whole : withLeavers(whole, most)
    const { items, groupCount, shared } = instance
    const prices = {
      items: new Float64Array(items.length),
      groups: new Float64Array(groupCount),
      shared: new Float64Array(shared.length),
    }
    const worker = instance.workers.findIndex(one => one.worker.id === 'M1')
    const bundles = new Pricer(instance, false).within(worker, prices, 0, 100)!
    return bundles.map(one =>
      one.items
        .map(item => items[item]!.case.id)
        .sort()
        .join(' '),
    )
  }
  const policy = aPolicy({ newPerWeek: 3, leaving: { withinDays: 90, awayFromDays: 28, fewest: true } })
  const workers = [aWorker('M1', { hoursInUse: 5 }), aWorker('M2')]

  test('what can still grow is not listed', () => {
    const cases = ['Z1', 'Z2', 'Z3'].map(id => aCase(id))
    expect(listed(aProblem({ policy, cases, workers }))).toEqual(['Z1 Z2 Z3'])
  })

  test('but for growing by a family or a seat that somebody else may need', () => {
    const cases = [aCase('Z1', { group: 'G1' }), aCase('Z2', { group: 'G1' }), aCase('Z3')]
    expect(listed(aProblem({ policy, cases, workers })).sort()).toEqual(['Z1 Z2 Z3', 'Z3'])
    const [leaver, stays] = workers
    const going = [{ ...leaver!, employedUntil: '2026-12-10' }, stays!]
    const plain = [aCase('Z1'), aCase('Z2', { expectedUntil: '2026-12-09' })]
    expect(listed(aProblem({ policy, cases: plain, workers: going }), 1).sort()).toEqual(['Z1 Z2', 'Z2'])
  })
})
