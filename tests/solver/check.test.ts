import { beforeAll, describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

/** A round in which every mutation below can be made: a duo, a group, an emergency, an open seat. */
const problem: Problem = aProblem({
  cases: [
    aCase('Z1', { urgency: 'emergency' }),
    aCase('Z2', { group: 'G' }),
    aCase('Z3', { group: 'G' }),
    aCase('Z4', { duo: true, hours: { primary: 2, second: 1 } }),
    aCase('Z5', { excludedWorkers: ['M1'], competences: [{ competence: 'jr', level: 1, need: 'required' }] }),
  ],
  workers: [
    ...['M1', 'M2', 'M3', 'M4'].map(id =>
      aWorker(id, { hoursInUse: 12, competences: [{ competence: 'jr', level: 2, expiresOn: null }] }),
    ),
    aWorker('M5', { registration: { status: 'in_training', from: null, until: null } }),
    aWorker('M6', { normHours: 0 }),
    aWorker('M7', { away: [{ from: '2026-11-01', until: null }] }),
    aWorker('M8', { hoursInUse: 29 }),
    aWorker('M9', { newThisWeek: 2 }),
    aWorker('M10', { hoursInUse: 18, ahead: [{ on: '2026-12-08', hours: 28, normHours: 25 }] }),
  ],
})

let proposal: Proposal
beforeAll(async () => {
  proposal = await solve(problem)
})

const line = (changed: Proposal, caseId: string, seat = 'primary') =>
  changed.lines.find(one => one.caseId === caseId && one.seat === seat)!
const other = (changed: Proposal, caseId: string) =>
  ['M1', 'M2', 'M3', 'M4'].find(id => id !== line(changed, caseId).workerId)!

/** The seat of Z1 with nobody on it. */
const opened = (changed: Proposal) =>
  Object.assign(line(changed, 'Z1'), { workerId: null, points: 0, contributions: [], loadCost: 0 })

const mutations: [string, string, (changed: Proposal) => void][] = [
  ['a seat left out', 'seatMissing', changed => changed.lines.splice(0, 1)],
  ['a seat twice', 'seatTwice', changed => changed.lines.push({ ...changed.lines[0]! })],
  [
    'a case that is not there',
    'unknownSeat',
    changed => changed.lines.push({ ...changed.lines[0]!, caseId: 'Z9' }),
  ],
  [
    'a worker who is not there',
    'unknownWorker',
    changed => Object.assign(line(changed, 'Z1'), { workerId: 'M99' }),
  ],
  ['an excluded worker', 'conflict', changed => Object.assign(line(changed, 'Z5'), { workerId: 'M1' })],
  [
    'a worker without the competence',
    'competence',
    changed => Object.assign(line(changed, 'Z5'), { workerId: 'M8' }),
  ],
  ['a worker in training', 'registration', changed => Object.assign(line(changed, 'Z1'), { workerId: 'M5' })],
  ['a worker without caseload', 'hasNorm', changed => Object.assign(line(changed, 'Z1'), { workerId: 'M6' })],
  ['a worker who is away', 'onDuty', changed => Object.assign(line(changed, 'Z1'), { workerId: 'M7' })],
  ['above the band', 'band', changed => Object.assign(line(changed, 'Z5'), { workerId: 'M8' })],
  ['above the hard limit', 'hardLimit', changed => Object.assign(line(changed, 'Z1'), { workerId: 'M8' })],
  [
    'above it on a later day',
    'hardLimit',
    changed => Object.assign(line(changed, 'Z1'), { workerId: 'M10' }),
  ],
  ['too many new cases', 'newPerWeek', changed => Object.assign(line(changed, 'Z1'), { workerId: 'M9' })],
  [
    'a duo of one',
    'duoDistinct',
    changed => Object.assign(line(changed, 'Z4', 'second'), { workerId: line(changed, 'Z4').workerId }),
  ],
  ['half a duo', 'halfDuo', changed => Object.assign(line(changed, 'Z4', 'second'), { workerId: null })],
  [
    'siblings apart',
    'together',
    changed => Object.assign(line(changed, 'Z2'), { workerId: other(changed, 'Z3') }),
  ],
  ['a lock that is none', 'lockMark', changed => Object.assign(line(changed, 'Z1'), { locked: true })],
  ['other hours', 'hours', changed => Object.assign(line(changed, 'Z1'), { hours: 1 })],
  ['other points', 'points', changed => Object.assign(line(changed, 'Z1'), { points: 99 })],
  ['another load cost', 'loadCost', changed => Object.assign(line(changed, 'Z1'), { loadCost: 0.01 })],
  [
    'a contribution that is not value x weight',
    'contribution',
    changed => Object.assign(line(changed, 'Z1').contributions[3]!, { points: 14 }),
  ],
  ['another load', 'load', changed => Object.assign(changed.loads[0]!, { hoursAfter: 1 })],
  ['a load left out', 'load', changed => changed.loads.splice(0, 1)],
  ['a better value', 'level', changed => Object.assign(changed.levels.at(-1)!, { value: 1000, bound: 1000 })],
  ['more placed', 'level', changed => Object.assign(changed.levels[1]!, { value: 9, bound: 9 })],
  ['a bound under the value', 'bound', changed => Object.assign(changed.levels.at(-1)!, { bound: -1000 })],
  ['no levels', 'level', changed => changed.levels.splice(0)],
  ['a level left out', 'level', changed => changed.levels.splice(1, 1)],
  ['a level twice', 'level', changed => changed.levels.push({ ...changed.levels.at(-1)! })],
  ['the last level first', 'level', changed => changed.levels.reverse()],
  ['a level without its steps', 'level', changed => changed.levels[1]!.steps!.splice(0)],
  ['a step twice', 'level', changed => changed.levels[1]!.steps!.push(changed.levels[1]!.steps![0]!)],
  [
    'a proof that is none',
    'bound',
    changed => {
      changed.levels.at(-1)!.bound += 1
    },
  ],
  ['another status', 'bound', changed => Object.assign(changed, { status: 'feasible' })],
  ['another gap', 'bound', changed => Object.assign(changed, { gap: 0.5 })],
  ['a load twice', 'load', changed => changed.loads.push({ ...changed.loads[0]! })],
  ['an open seat with points', 'points', changed => Object.assign(opened(changed), { points: 3 })],
  ['an open seat with a price', 'points', changed => Object.assign(opened(changed), { loadCost: 3 })],
  ['an open seat with a lock', 'lockMark', changed => Object.assign(opened(changed), { locked: true })],
  ['an open seat with other hours', 'hours', changed => Object.assign(opened(changed), { hours: 9 })],
]

/** A round with everything that a policy may leave out: each mutation breaks one of its rules. */
const learner = {
  preferences: [{ kind: 'measure' as const, code: 'jr', value: 'learn' as const }],
  mentor: 'M3',
}
const full: Problem = aProblem({
  policy: aPolicy({
    newPerWeek: 9,
    newPerMonth: 3,
    openPerNew: 4,
    kindCaps: [{ kind: 'factor', code: 'lvb', most: 2 }],
    ratherNotPerRound: 0,
    learningNeedsMentor: true,
    moveCost: 5,
    heavyCost: [{ from: 0, points: 3 }],
    heavyCases: 9,
    overdueAfterDays: 30,
  }),
  cases: [
    aCase('Z1', { urgency: 'emergency' }),
    aCase('Z2', { waitingDays: 40 }),
    aCase('Z3', { measures: ['jr'] }),
    aCase('Z4', { factors: ['lvb'] }),
    aCase('Z5', { current: { primary: 'M1' }, movable: true }),
    aCase('Z6', { current: { primary: 'M2' } }),
    aCase('Z7', { hours: { primary: 5.5 } }),
    aCase('Z8', {
      duo: true,
      hours: { primary: 2, second: 1 },
      competences: [{ competence: 'duo', level: 1, need: 'required', seat: 'second' }],
    }),
  ],
  workers: [
    ...['M1', 'M2', 'M3', 'M4', 'M5', 'M6'].map(id =>
      aWorker(id, {
        hoursInUse: 8,
        newThisMonth: 1,
        openCases: 20,
        mentorRoom: 1,
        competences: id === 'M6' ? [{ competence: 'duo', level: 1, expiresOn: null }] : [],
      }),
    ),
    aWorker('N1', { hoursInUse: 8, newThisMonth: 3 }),
    aWorker('N2', { hoursInUse: 8, openCases: 3, newThisMonth: 1 }),
    aWorker('N3', { hoursInUse: 8, kinds: [{ kind: 'factor', code: 'lvb', count: 2 }] }),
    aWorker('N4', { hoursInUse: 8, preferences: [{ kind: 'measure', code: 'ots', value: 'rather_not' }] }),
    aWorker('N5', { hoursInUse: 8, ...learner, mentor: null }),
    aWorker('N6', { hoursInUse: 8, ...learner, mentor: 'N7' }),
    aWorker('N7', { hoursInUse: 8 }),
  ],
  earlier: { changeCost: 2, lines: [{ caseId: 'Z1', seat: 'primary', workerId: 'N7' }] },
})

const fullMutations: [string, string, (changed: Proposal) => void][] = [
  ['too many this month', 'newPerMonth', changed => Object.assign(line(changed, 'Z1'), { workerId: 'N1' })],
  ['too few open cases', 'openPerNew', changed => Object.assign(line(changed, 'Z1'), { workerId: 'N2' })],
  ['too many of one kind', 'kindCap', changed => Object.assign(line(changed, 'Z4'), { workerId: 'N3' })],
  [
    'work one would rather not do',
    'ratherNot',
    changed => Object.assign(line(changed, 'Z1'), { workerId: 'N4' }),
  ],
  ['learning without a mentor', 'mentor', changed => Object.assign(line(changed, 'Z3'), { workerId: 'N5' })],
  ['a mentor without room', 'mentor', changed => Object.assign(line(changed, 'Z3'), { workerId: 'N6' })],
  [
    'a case that may not move',
    'notMovable',
    changed => Object.assign(line(changed, 'Z6'), { workerId: 'M4' }),
  ],
  [
    'a competence of the second seat',
    'competence',
    changed => Object.assign(line(changed, 'Z8', 'second'), { workerId: 'N7' }),
  ],
  ['a change without its cost', 'pairCost', changed => Object.assign(line(changed, 'Z2'), { changeCost: 2 })],
  ['a move without its cost', 'pairCost', changed => Object.assign(line(changed, 'Z5'), { workerId: 'M4' })],
  [
    'a heavy case for free',
    'loadCost',
    changed => {
      const heavy = line(changed, 'Z7')
      heavy.loadCost -= 3
    },
  ],
  [
    'a load without what was there',
    'load',
    changed => {
      const load = changed.loads.find(one => one.workerId === 'M2')!
      load.hoursBefore = 8
    },
  ],
  [
    'an overdue case that is none',
    'level',
    changed => {
      const step = changed.levels.flatMap(one => one.steps ?? []).find(one => one.urgency === 'overdue')!
      step.value += 1
      step.bound += 1
    },
  ],
  [
    'existing cases miscounted',
    'level',
    changed => {
      changed.levels[0]!.value = 1
    },
  ],
  ['a criterion left out', 'contribution', changed => line(changed, 'Z1').contributions.pop()],
  [
    'a weight of its own',
    'contribution',
    changed => {
      line(changed, 'Z1').contributions[0]!.weight = 24
    },
  ],
]

describe('check, with everything that a policy may leave out', () => {
  let answer: Proposal
  beforeAll(async () => {
    answer = await solve(full)
  })

  test('bears out what solve says', () => {
    expect(answer.lines.filter(one => one.workerId === null)).toEqual([])
    expect(answer.status).toBe('optimal')
    expect(answer.levels.map(one => one.level)).toEqual([
      'currentPlaced',
      'urgentPlaced',
      'placed',
      'pointsMinusLoad',
    ])
    expect(checkProposal(full, answer)).toEqual([])
  })

  test.each(fullMutations)('%s: %s', (_name, code, mutate) => {
    const changed = structuredClone(answer)
    mutate(changed)
    expect(checkProposal(full, changed).map(one => one.code)).toContain(code)
  })
})

describe('check', () => {
  test('bears out what solve says', () => {
    expect(proposal.lines.filter(one => one.workerId === null)).toEqual([])
    expect(checkProposal(problem, proposal)).toEqual([])
  })

  test.each(mutations)('%s: %s', (_name, code, mutate) => {
    const changed = structuredClone(proposal)
    mutate(changed)
    expect(checkProposal(problem, changed).map(one => one.code)).toContain(code)
  })

  test('a lock given to somebody else, a case that should wait, a pair ruled out', () => {
    const { workerId } = line(proposal, 'Z1')
    const elsewhere = other(proposal, 'Z1')
    const lock = {
      caseId: 'Z1',
      seat: 'primary' as const,
      workerId: elsewhere,
      unregisteredException: false,
      aboveLimit: false,
      setAside: [],
    }
    const codes = (changes: Partial<Problem>) =>
      checkProposal({ ...problem, ...changes }, proposal).map(one => one.code)
    expect(codes({ locks: [lock] })).toContain('lockedElsewhere')
    expect(codes({ waiting: ['Z1'] })).toContain('teamWaits')
    expect(codes({ exclusions: [{ caseId: 'Z1', workerId: workerId! }] })).toContain('teamExclusion')
    expect(
      codes({
        cases: problem.cases.map(one => (one.id === 'Z1' ? { ...one, familyWorker: elsewhere } : one)),
      }),
    ).toContain('together')
    expect(
      codes({ cases: problem.cases.map(one => (one.id === 'Z1' ? { ...one, threat: true } : one)) }),
    ).toContain('duoRequired')
    const heavy = problem.workers.map(one => ({ ...one, heavyCases: 3 }))
    expect(codes({ workers: heavy, policy: { ...problem.policy, heavyFromHours: 2 } })).toContain(
      'heavyCases',
    )
  })
})
