import { beforeAll, describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check.ts'
import type { Problem, Proposal } from '../../solver/problem.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker } from '../support/problems.ts'

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
]

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
