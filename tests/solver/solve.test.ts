import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { validateProblem, validateProposal } from '../../solver/problem/validate.ts'
import { judgeLocks } from '../../solver/rules/locks.ts'
import { greedyRound, solve } from '../../solver/solve.ts'
import { compareLevels, levelsOf, levelsOfProposal } from '../support/oracle.ts'
import { aCase, aPolicy, aProblem, aWorker, randomProblem, randomSource } from '../support/problems.ts'

const decided = (proposal: Proposal) => ({ ...proposal, wallMs: 0, problemSha256: '' })

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const next = randomSource(seed)
  return list
    .map(one => ({ one, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one)
}

describe('properties', () => {
  test('the order of the input changes nothing', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const problem = randomProblem(seed + 500, { cases: 8, workers: 8, tight: seed % 3 === 0 })
      const mixed: Problem = {
        ...problem,
        cases: shuffled(problem.cases, seed),
        workers: shuffled(problem.workers, seed + 1),
        locks: shuffled(problem.locks, seed + 2),
        exclusions: shuffled(problem.exclusions, seed + 3),
      }
      expect(decided(await solve(mixed)), `seed ${seed}`).toEqual(decided(await solve(problem)))
    }
  })

  test('the same problem and seed give the same proposal, twice', async () => {
    const problem = randomProblem(77, { cases: 15, workers: 15 })
    expect(decided(await solve(problem))).toEqual(decided(await solve(structuredClone(problem))))
  })

  test('equal workers: the seed decides, not the name', async () => {
    const winners = new Set<string | null>()
    for (let seed = 1; seed <= 40; seed++) {
      const workers = ['M1', 'M2', 'M3'].map(id => aWorker(id))
      const proposal = await solve(aProblem({ seed, workers }))
      winners.add(proposal.lines[0]!.workerId)
    }
    expect(winners).toEqual(new Set(['M1', 'M2', 'M3']))
  })

  test('one more worker never makes it worse', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const problem = randomProblem(seed + 900, { cases: 6, workers: 5, tight: seed % 2 === 0 })
      problem.policy.lowestMaximumFirst = false
      // A newcomer's own load counts for how even all are.
      delete problem.policy.evenLoads
      // Whose turn it is depends on the whole team, so a newcomer changes what a wish is worth.
      for (const worker of problem.workers) delete worker.wishes
      const newcomer = randomProblem(seed + 4000, { cases: 1, workers: 1 }).workers[0]!
      const extra = { ...newcomer, id: 'M999', wishes: undefined, mentor: null }
      const more = { ...problem, workers: [...problem.workers, extra] }
      const before = levelsOfProposal(problem, await solve(problem))
      const after = levelsOfProposal(more, await solve(more))
      expect(compareLevels(after, before), `seed ${seed}`).toBeGreaterThanOrEqual(0)
    }
  })

  test('the optimum is never under the greedy yardstick, and every answer passes check and schema', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = randomProblem(seed + 1300, { cases: 8, workers: 8, rules: 0.6 })
      problem.policy.lowestMaximumFirst = false
      const proposal = await solve(problem)
      expect(checkProposal(problem, proposal), `seed ${seed}`).toEqual([])
      expect(validateProposal(JSON.parse(JSON.stringify(proposal))), `seed ${seed}`).toHaveProperty(
        'proposal',
      )
      const levels = levelsOfProposal(problem, proposal)
      expect(
        compareLevels(levels, levelsOf(problem, greedyRound(problem).lines)),
        `seed ${seed}`,
      ).toBeGreaterThanOrEqual(0)
    }
  })

  test('contributions of every line add up to its points', async () => {
    const problem = randomProblem(31, { cases: 12, workers: 12 })
    const proposal = await solve(problem)
    const placed = proposal.lines.filter(line => line.workerId !== null)
    expect(placed.length).toBeGreaterThan(4)
    const criteria = Object.keys(problem.policy.criteria).length
    expect(placed.every(line => line.contributions.length === criteria)).toBe(true)
    for (const line of proposal.lines) {
      const tenths = line.contributions.reduce((sum, part) => sum + Math.round(part.points * 10), 0)
      expect(tenths).toBe(Math.round(line.points * 10))
    }
  })
})

describe('what people fixed', () => {
  const lock = {
    caseId: 'Z1',
    seat: 'primary' as const,
    workerId: 'M1',
    unregisteredException: false,
    aboveLimit: false,
    setAside: [] as string[],
  }

  test('a lock holds above the band, and above the hard limit only by decision', async () => {
    const workers = [aWorker('M1', { hoursInUse: 26 }), aWorker('M2')]
    const kept = await solve(aProblem({ workers, locks: [lock] }))
    expect(kept.lines[0]).toMatchObject({ workerId: 'M1', locked: true })
    const over = [aWorker('M1', { hoursInUse: 28 }), aWorker('M2')]
    const refused = await solve(aProblem({ workers: over, locks: [lock] }))
    expect(refused.lines[0]).toMatchObject({ workerId: null, blocked: [{ rule: 'hardLimit', workers: 1 }] })
    const decidedBy = await solve(aProblem({ workers: over, locks: [{ ...lock, aboveLimit: true }] }))
    expect(decidedBy.lines[0]).toMatchObject({ workerId: 'M1' })
  })

  test('a lock never sets aside what nobody may set aside', async () => {
    const cases = [aCase('Z1', { excludedWorkers: ['M1'] })]
    const proposal = await solve(
      aProblem({
        cases,
        workers: [aWorker('M1'), aWorker('M2')],
        locks: [{ ...lock, setAside: ['conflict'] }],
      }),
    )
    expect(proposal.lines[0]).toMatchObject({ workerId: null, blocked: [{ rule: 'conflict', workers: 1 }] })
  })

  test('two locks within the limit one by one, not together: the second is refused', () => {
    const problem = aProblem({
      cases: [aCase('Z1'), aCase('Z2')],
      workers: [aWorker('M1', { hoursInUse: 26 })],
      locks: [lock, { ...lock, caseId: 'Z2' }],
    })
    expect(judgeLocks(problem).held.map(one => one.caseId)).toEqual(['Z1'])
  })

  test('a locked seat of a duo stays when nobody can take the other; the case does not count as placed', async () => {
    const cases = [aCase('Z1', { duo: true, hours: { primary: 2, second: 1 } })]
    const proposal = await solve(aProblem({ cases, workers: [aWorker('M1')], locks: [lock] }))
    expect(proposal.lines.map(line => line.workerId)).toEqual(['M1', null])
    expect(proposal.levels[1]!.value).toBe(0)
  })

  test('a case left waiting is not placed', async () => {
    const proposal = await solve(aProblem({ waiting: ['Z1'] }))
    expect(proposal.lines[0]!.blocked).toEqual([{ rule: 'teamWaits', workers: 1 }])
  })
})

describe('strict levels', () => {
  test('an emergency takes the room of a normal case, whatever the points', async () => {
    const cases = [
      aCase('Z1', { urgency: 'emergency', hours: { primary: 5 } }),
      aCase('Z2', { formerWorkers: ['M1'], hours: { primary: 5 } }),
    ]
    const proposal = await solve(aProblem({ cases, workers: [aWorker('M1', { hoursInUse: 22 })] }))
    expect(proposal.lines.map(line => line.workerId)).toEqual(['M1', null])
    expect(proposal.lines[1]!.blocked).toEqual([{ rule: 'neededElsewhere', workers: 1 }])
  })

  test('with room for one of two, the longest waiting is placed', async () => {
    const cases = [aCase('Z1', { waitingDays: 5 }), aCase('Z2', { waitingDays: 6 })]
    const proposal = await solve(aProblem({ cases, workers: [aWorker('M1', { hoursInUse: 23 })] }))
    expect(proposal.lines.map(line => line.workerId)).toEqual([null, 'M1'])
  })

  test('lowest highest load first spreads what points alone would pile up', async () => {
    const cases = ['Z1', 'Z2'].map(id => aCase(id, { formerWorkers: ['M1'] }))
    const workers = [aWorker('M1', { hoursInUse: 10 }), aWorker('M2', { hoursInUse: 10 })]
    const policy = aPolicy({ loadCost: [{ from: 0, pointsPerHour: 0 }] })
    const piled = await solve(aProblem({ cases, workers, policy }))
    expect(piled.lines.map(line => line.workerId)).toEqual(['M1', 'M1'])
    const spread = await solve(aProblem({ cases, workers, policy: { ...policy, lowestMaximumFirst: true } }))
    expect(new Set(spread.lines.map(line => line.workerId))).toEqual(new Set(['M1', 'M2']))
    expect(spread.levels[2]).toEqual({ level: 'highestLoad', value: 0.52, bound: 0.52 })
  })
})

describe('strange problems', () => {
  test('no cases, no workers, everything forbidden', async () => {
    for (const problem of [
      aProblem({ cases: [], workers: [] }),
      aProblem({ workers: [] }),
      aProblem({ cases: [] }),
      aProblem({ cases: [aCase('Z1', { excludedWorkers: ['M1'] })] }),
    ]) {
      const proposal = await solve(problem)
      expect(proposal.status).toBe('optimal')
      expect(proposal.lines.every(line => line.workerId === null)).toBe(true)
    }
  })

  test('all costs equal: still proven', { timeout: 60_000 }, async () => {
    const cases = Array.from({ length: 15 }, (_, k) => aCase(`Z${k}`))
    const workers = Array.from({ length: 12 }, (_, k) => aWorker(`M${k}`, { hoursInUse: 15 }))
    const proposal = await solve(aProblem({ cases, workers }))
    expect(proposal.status).toBe('optimal')
    expect(proposal.levels[1]!.value).toBe(15)
  })

  test('infeasible by a hundredth of an hour', async () => {
    const policy = aPolicy()
    const workers = [aWorker('M1', { hoursInUse: 24.5 })]
    const fits = await solve(aProblem({ policy, workers }))
    const short = await solve(aProblem({ policy, workers: [aWorker('M1', { hoursInUse: 24.51 })] }))
    expect(fits.lines[0]!.workerId).toBe('M1')
    expect(short.lines[0]).toMatchObject({ workerId: null, blocked: [{ rule: 'band', workers: 1 }] })
  })

  test('huge weights and waits stay exact', async () => {
    const policy = aPolicy({
      criteria: {
        competence: 1000,
        preference: 1000,
        continuity: 1000,
        travel: 1000,
        heavySpread: 1000,
        learning: 1000,
      },
      loadCost: [{ from: 0, pointsPerHour: 10000 }],
    })
    const problem = { ...randomProblem(5, { cases: 6, workers: 6 }), policy }
    problem.cases.forEach((one, k) => {
      one.waitingDays = 36000 + k
    })
    const proposal = await solve(problem)
    expect(proposal.status).toBe('optimal')
    expect(checkProposal(problem, proposal)).toEqual([])
  })

  test.each([
    ['a double case', { cases: [aCase('Z1'), aCase('Z1')] }, '/cases/1/id'],
    ['a double worker', { workers: [aWorker('M1'), aWorker('M1')] }, '/workers/1/id'],
    ['an unknown case that waits', { waiting: ['Z9'] }, '/waiting/0'],
    [
      'an unknown worker excluded',
      { exclusions: [{ caseId: 'Z1', workerId: 'M9' }] },
      '/exclusions/0/workerId',
    ],
    ['a band above the limit', { policy: aPolicy({ bandHigh: 1.3 }) }, '/policy/bandHigh'],
    ['a band upside down', { policy: aPolicy({ bandLow: 1.15 }) }, '/policy/bandLow'],
    ['a duo without hours', { cases: [aCase('Z1', { duo: true })] }, '/cases/0/hours'],
    ['three decimals', { cases: [aCase('Z1', { hours: { primary: 1.001 } })] }, '/cases/0/hours/primary'],
    ['no number', { cases: [aCase('Z1', { hours: { primary: Number.NaN } })] }, '/cases/0/hours/primary'],
    [
      'thresholds of load cost out of order',
      {
        policy: aPolicy({
          loadCost: [
            { from: 1, pointsPerHour: 1 },
            { from: 0, pointsPerHour: 2 },
          ],
        }),
      },
      '/policy/loadCost/1/from',
    ],
    [
      'heavy cases that get cheaper',
      {
        policy: aPolicy({
          heavyCost: [
            { from: 0, points: 2 },
            { from: 1, points: 1 },
          ],
        }),
      },
      '/policy/heavyCost/1/points',
    ],
    [
      'more "rather not" than the budget, by name',
      {
        policy: aPolicy({ wishBudget: 0 }),
        workers: [aWorker('M1', { preferences: [{ kind: 'measure', code: 'ots', value: 'rather_not' }] })],
      },
      '/workers/0/preferences',
    ],
    ['a mentor who does not take part', { workers: [aWorker('M1', { mentor: 'M9' })] }, '/workers/0/mentor'],
    ['somebody as their own mentor', { workers: [aWorker('M1', { mentor: 'M1' })] }, '/workers/0/mentor'],
    [
      'more wishes granted than asked',
      { workers: [aWorker('M1', { wishes: { granted: 2, asked: 1 } })] },
      '/workers/0/wishes/granted',
    ],
    [
      'an unknown holder',
      { cases: [aCase('Z1', { current: { primary: 'M9' } })] },
      '/cases/0/current/primary',
    ],
    [
      'a duo with one holder',
      { cases: [aCase('Z1', { duo: true, hours: { primary: 1, second: 1 }, current: { primary: 'M1' } })] },
      '/cases/0/current',
    ],
    ['moving what nobody holds', { cases: [aCase('Z1', { movable: true })] }, '/cases/0/movable'],
    [
      'an existing case that waits',
      { cases: [aCase('Z1', { current: { primary: 'M1' } })], waiting: ['Z1'] },
      '/waiting/0',
    ],
    [
      'an earlier seat twice',
      {
        earlier: {
          changeCost: 1,
          lines: [
            { caseId: 'Z1', seat: 'primary', workerId: 'M1' },
            { caseId: 'Z1', seat: 'primary', workerId: 'M1' },
          ],
        },
      },
      '/earlier/lines/1',
    ],
  ] as [string, Partial<Problem>, string][])(
    '%s is refused, and the field is named',
    async (_name, changes, path) => {
      const problem = aProblem(changes)
      const judged = validateProblem(problem)
      expect('errors' in judged && judged.errors.map(one => one.path)).toContain(path)
      if (path !== '/cases/0/hours/primary')
        await expect(solve(problem)).rejects.toThrow('contradicts itself')
    },
  )

  test('stopped by a person or the clock: a checked answer that says so', async () => {
    const problem = randomProblem(3, { cases: 30, workers: 40 })
    const stopped = await solve(problem, { shouldStop: () => true })
    expect(checkProposal(problem, stopped)).toEqual([])
    expect(stopped).toMatchObject({ status: 'feasible', endedBy: 'person' })
    const late = await solve(problem, { timeLimitMs: 1 })
    expect(checkProposal(problem, late)).toEqual([])
    expect(late.endedBy).toBe('clock')
  })
})
