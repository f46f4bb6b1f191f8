import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { tradeOff } from '../../solver/explain/trade-off.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import type { Lock, Problem } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

/** "Z1 primary: M1" of every seat that somebody has. */
async function seatsOf(problem: Problem): Promise<string[]> {
  const proposal = await solve(problem)
  expect(proposal.status).toBe('optimal')
  expect(checkProposal(problem, proposal)).toEqual([])
  return proposal.lines.flatMap(line =>
    line.workerId === null ? [] : [`${line.caseId} ${line.seat}: ${line.workerId}`],
  )
}

const lock = (caseId: string, workerId: string, changes: Partial<Lock> = {}): Lock => ({
  caseId,
  seat: 'primary',
  workerId,
  unregisteredException: false,
  aboveLimit: false,
  setAside: [],
  ...changes,
})
const pair = (id: string) => aCase(id, { duo: true, hours: { primary: 3, second: 2 } })

describe('a second seat that somebody in training may have', () => {
  const withSecond = (registration: Problem['workers'][number]['registration'], meaning?: 2): Problem =>
    aProblem({
      ...(meaning && { meaning }),
      policy: aPolicy({ secondSeatRegistered: false }),
      cases: [pair('Z1')],
      workers: [aWorker('M1'), aWorker('M2', { registration })],
    })
  const ended = { status: 'registered', from: '2019-01-01', until: '2026-06-30' } as const
  const toCome = { status: 'registered', from: '2027-01-01', until: null } as const
  const training = { status: 'in_training', from: null, until: null } as const

  test('is not for somebody whose registration has ended or is to begin', async () => {
    expect(await seatsOf(withSecond(ended, 2))).toEqual([])
    expect(await seatsOf(withSecond(toCome, 2))).toEqual([])
    expect(await seatsOf(withSecond(training, 2))).toEqual(['Z1 primary: M1', 'Z1 second: M2'])
  })

  test('was for them by the first meaning, and a proposal of then is still sound', async () => {
    const before = withSecond(ended)
    expect(await seatsOf(before)).toEqual(['Z1 primary: M1', 'Z1 second: M2'])
    const proposal = await solve(before)
    const codes = checkProposal({ ...before, meaning: 2 }, proposal).map(one => one.code)
    expect(codes).toContain('registration')
  })
})

describe('a duo with one seat locked', () => {
  const halfLocked = (second: Partial<Problem['workers'][number]>, meaning?: 2): Problem =>
    aProblem({
      ...(meaning && { meaning }),
      policy: aPolicy({ newPerWeek: 1 }),
      cases: [pair('Z1'), aCase('Z2', { urgency: 'emergency' })],
      workers: [aWorker('M1'), aWorker('M2', second)],
      locks: [lock('Z1', 'M1')],
    })
  const away = { away: [{ from: '2026-11-01', until: null }] }

  test('that nobody can complete takes nothing from anybody', async () => {
    expect(await seatsOf(halfLocked(away, 2))).toEqual(['Z2 primary: M1'])
    const { lines } = await solve(halfLocked(away, 2))
    expect(lines[0]!.blocked).toEqual([{ rule: 'duoRequired', workers: 1 }])
    expect(await seatsOf(halfLocked(away))).toEqual(['Z1 primary: M1'])
  })

  test('is completed before anything else is given', async () => {
    expect(await seatsOf(halfLocked({}, 2))).toEqual(['Z1 primary: M1', 'Z1 second: M2'])
  })

  test('gives up both seats when the lock on the other one does not hold', async () => {
    const problem = {
      ...halfLocked(away, 2),
      locks: [lock('Z1', 'M1'), lock('Z1', 'M2', { seat: 'second' })],
    }
    expect(await seatsOf(problem)).toEqual(['Z2 primary: M1'])
  })

  test('is not half filled in a sound proposal', async () => {
    const before = halfLocked(away)
    const codes = checkProposal({ ...before, meaning: 2 }, await solve(before)).map(one => one.code)
    expect(codes).toContain('halfDuo')
  })

  test('two of them that need the same person: the longest waiting is completed', async () => {
    const problem: Problem = {
      ...halfLocked({}, 2),
      cases: [pair('Z1'), { ...pair('Z2'), waitingDays: 40 }],
      workers: [aWorker('M1'), aWorker('M2'), aWorker('M3')],
      locks: [lock('Z1', 'M1'), lock('Z2', 'M2')],
      exclusions: [
        { caseId: 'Z1', workerId: 'M2' },
        { caseId: 'Z2', workerId: 'M1' },
      ],
    }
    expect(await seatsOf(problem)).toEqual(['Z2 primary: M2', 'Z2 second: M3'])
  })
})

describe('locks that do not fit together', () => {
  const conflicting = (first: Parameters<typeof aCase>[1], other: Parameters<typeof aCase>[1]): Problem =>
    aProblem({
      meaning: 2,
      policy: aPolicy({ newPerWeek: 1 }),
      cases: [aCase('Z1', first), aCase('Z9', other)],
      workers: [aWorker('M1'), aWorker('M2')],
      locks: [lock('Z1', 'M1'), lock('Z9', 'M1')],
    })

  test('the more urgent holds, then the longest waiting', async () => {
    expect(await seatsOf(conflicting({}, { urgency: 'emergency' }))).toEqual(['Z9 primary: M1'])
    expect(await seatsOf(conflicting({ waitingDays: 3 }, { waitingDays: 4 }))).toEqual(['Z9 primary: M1'])
    expect(await seatsOf(conflicting({ waitingDays: 4 }, { waitingDays: 3 }))).toEqual(['Z1 primary: M1'])
  })

  test('among equals no name is favoured: the seed decides', async () => {
    const winners = new Set<string>()
    for (let seed = 1; seed <= 12; seed++)
      for (const seat of await seatsOf({ ...conflicting({}, {}), seed })) winners.add(seat)
    expect([...winners].sort()).toEqual(['Z1 primary: M1', 'Z9 primary: M1'])
  })

  test('one that is refused takes nothing from those after it', async () => {
    const problem: Problem = {
      ...conflicting({ urgency: 'emergency', measures: ['ots'] }, {}),
      policy: aPolicy({ newPerWeek: 1, kindCaps: [{ kind: 'measure', code: 'ots', most: 1 }] }),
      workers: [aWorker('M1', { kinds: [{ kind: 'measure', code: 'ots', count: 1 }] })],
    }
    problem.cases[1]!.measures = ['jr']
    expect(await seatsOf(problem)).toEqual(['Z9 primary: M1'])
  })
})

describe('the highest load', () => {
  const equal = (changes: Partial<Problem>): Problem =>
    aProblem({ meaning: 2, policy: aPolicy({ lowestMaximumFirst: true }), ...changes })
  const level = async (problem: Problem) => {
    const proposal = await solve(problem)
    expect(checkProposal(problem, proposal)).toEqual([])
    return proposal.levels.find(one => one.level === 'highestLoad')
  }

  test('counts who only has a seat that people fixed', async () => {
    const problem = equal({
      cases: [aCase('Z1'), aCase('Z2')],
      workers: [aWorker('M1', { hoursInUse: 22 }), aWorker('M2', { hoursInUse: 5 })],
      locks: [lock('Z1', 'M1')],
    })
    expect(await level(problem)).toEqual({ level: 'highestLoad', value: 1, bound: 1 })
  })

  test('does not count who only keeps what they have', async () => {
    const problem = equal({
      cases: [aCase('Z1', { current: { primary: 'M1' }, movable: true }), aCase('Z2')],
      workers: [aWorker('M1', { hoursInUse: 24 }), aWorker('M2', { hoursInUse: 5 })],
    })
    expect(await level(problem)).toEqual({ level: 'highestLoad', value: 0.32, bound: 0.32 })
  })

  test('prices of who is proposed are nothing, whatever is fixed or held', async () => {
    const problem = equal({
      cases: [
        aCase('Z1', { current: { primary: 'M1' }, movable: true }),
        aCase('Z2'),
        aCase('Z3', { hours: { primary: 4 } }),
        aCase('Z4', { hours: { primary: 2 } }),
      ],
      workers: [
        aWorker('M1', { hoursInUse: 20 }),
        aWorker('M2', { hoursInUse: 12 }),
        aWorker('M3', { hoursInUse: 16 }),
      ],
      locks: [lock('Z3', 'M3')],
    })
    const proposal = await solve(problem)
    for (const { caseId } of proposal.lines) {
      const { alternatives } = await priceAlternatives(problem, proposal, caseId)
      const own = alternatives.find(one => one.current)?.solvedAgain
      expect(own, caseId).toMatchObject({ exact: true, placed: 0, highestLoad: 0, points: 0 })
    }
  })

  test('a front with a lock and an existing case has both ends', async () => {
    const problem = equal({
      policy: aPolicy(),
      cases: [
        aCase('Z1', { current: { primary: 'M1' } }),
        aCase('Z2'),
        aCase('Z3', { formerWorkers: ['M2'] }),
      ],
      workers: [
        aWorker('M1', { hoursInUse: 22 }),
        aWorker('M2', { hoursInUse: 20 }),
        aWorker('M3', { hoursInUse: 10 }),
      ],
      locks: [lock('Z2', 'M3')],
    })
    const { points, complete } = await tradeOff(problem, { points: 5 })
    expect(complete).toBe(true)
    expect(points.at(0)!.names).toContain('equal')
    expect(points.at(-1)!.names).toContain('preference')
    // Both for M3 is lowest; the former worker is worth the most.
    expect(points.map(one => one.highest)).toEqual([6400, 9200])
  })
})

test('why not says that nobody has the other seat only when that is so', async () => {
  const problem = aProblem({
    meaning: 2,
    policy: aPolicy({ newPerWeek: 1 }),
    cases: [aCase('Z1'), aCase('Z2', { urgency: 'high' })],
    workers: [aWorker('M1'), aWorker('M2')],
    locks: [lock('Z2', 'M1')],
  })
  const proposal = await solve(problem)
  const blocked = await explainNot(problem, proposal, 'Z1', 'M1')
  expect(blocked.kind).toBe('mayNot')

  const alone = aProblem({
    meaning: 2,
    cases: [aCase('Z1', { duo: true, hours: { primary: 3, second: 2 }, excludedWorkers: ['M3'] })],
    workers: [aWorker('M1'), aWorker('M2', { employedUntil: '2026-11-30' }), aWorker('M3')],
  })
  const answer = await explainNot(alone, await solve(alone), 'Z1', 'M1')
  expect(answer.sentence.en).toContain('there is nobody for the other seat')
})
