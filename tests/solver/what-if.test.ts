import { describe, expect, test } from 'vitest'
import { changeSentence } from '../../solver/explain/change-sentences.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import type { Change } from '../../solver/problem/changes.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker } from '../support/problems.ts'

const lock = {
  seat: 'primary' as const,
  unregisteredException: false,
  aboveLimit: false,
  setAside: [] as string[],
}
const base = aProblem({
  cases: [
    aCase('Z1', { competences: [{ competence: 'jr', level: 2, need: 'required' }], group: 'G1' }),
    aCase('Z2', { group: 'G1' }),
  ],
  workers: [aWorker('M1', { competences: [{ competence: 'jr', level: 3, expiresOn: null }] }), aWorker('M2')],
  exclusions: [{ caseId: 'Z2', workerId: 'M1' }],
})

function supposed(changes: Change[], problem = base): Problem {
  const answer = applyChanges(problem, changes)
  if (!('problem' in answer)) throw new Error(JSON.stringify(answer.errors))
  expect(validateProblem(answer.problem)).toHaveProperty('problem')
  return answer.problem
}

describe('suppose', () => {
  const workable: [Change, (problem: Problem) => unknown, unknown][] = [
    [
      { kind: 'workerLeaves', workerId: 'M1', from: '2026-12-01' },
      p => p.workers[0]!.employedUntil,
      '2026-11-30',
    ],
    [
      { kind: 'workerAway', workerId: 'M1', from: '2026-12-01', until: null },
      p => p.workers[0]!.away,
      [{ from: '2026-12-01', until: null }],
    ],
    [{ kind: 'workerHours', workerId: 'M1', contractHours: 18 }, p => p.workers[0]!.normHours, 12.5],
    [
      { kind: 'workerHours', workerId: 'M1', contractHours: 18, normHours: 10 },
      p => p.workers[0]!.normHours,
      10,
    ],
    [{ kind: 'extraRoom', workerId: 'M1', hours: 1.5 }, p => p.workers[0]!.hoursInUse, 16.5],
    [
      { kind: 'casesLike', caseId: 'Z1', count: 3 },
      p => p.cases.map(one => one.id),
      ['Z1', 'Z2', 'Z1.1', 'Z1.2', 'Z1.3'],
    ],
    [{ kind: 'caseLeaves', caseId: 'Z2' }, p => [p.cases.length, p.exclusions.length], [1, 0]],
    [{ kind: 'caseUrgency', caseId: 'Z2', urgency: 'emergency' }, p => p.cases[1]!.urgency, 'emergency'],
    [
      { kind: 'competenceWanted', caseId: 'Z1', competence: 'jr' },
      p => p.cases[0]!.competences[0]!.need,
      'wanted',
    ],
    [
      { kind: 'weights', criteria: { travel: 0 } },
      p => [p.policy.criteria.travel, p.policy.criteria.preference],
      [0, 20],
    ],
    [
      { kind: 'limits', bandHigh: 1.15, newPerWeek: 3 },
      p => [p.policy.bandHigh, p.policy.newPerWeek],
      [1.15, 3],
    ],
    [{ kind: 'lock', ...lock, caseId: 'Z1', workerId: 'M1' }, p => p.locks.map(one => one.workerId), ['M1']],
    [{ kind: 'exclude', caseId: 'Z1', workerId: 'M2' }, p => p.exclusions.length, 2],
    [{ kind: 'include', caseId: 'Z2', workerId: 'M1' }, p => p.exclusions.length, 0],
    [{ kind: 'wait', caseId: 'Z1', waits: true }, p => p.waiting, ['Z1']],
  ]
  test.each(workable)('%j', (change, read, expected) => {
    const before = structuredClone(base)
    expect(read(supposed([change]))).toEqual(expected)
    expect(base, 'the given Problem stays as it is').toEqual(before)
    const sentence = changeSentence(change, id => `medewerker ${id}`)
    for (const text of [sentence.nl, sentence.en])
      expect(text).toMatch(/^[A-Z][^{}]+\.$|^medewerker [^{}]+\.$/)
  })

  test('copies are new families without history', () => {
    const [, , copy] = supposed([{ kind: 'casesLike', caseId: 'Z1', count: 1 }]).cases
    expect(copy).toMatchObject({ group: null, waitingDays: 0, formerWorkers: [], familyWorker: null })
    expect(copy!.competences).toEqual(base.cases[0]!.competences)
  })

  test('an existing case is copied as a new one, and one that leaves is gone from the earlier answer too', () => {
    const problem: Problem = {
      ...base,
      exclusions: [],
      cases: [
        aCase('Z1', { current: { primary: 'M1' }, movable: true, workersInvolved: ['M1'] }),
        aCase('Z2'),
      ],
      earlier: { changeCost: 3, lines: [{ caseId: 'Z2', seat: 'primary', workerId: 'M2' }] },
    }
    const copy = supposed([{ kind: 'casesLike', caseId: 'Z1', count: 1 }], problem).cases[2]!
    expect([copy.current, copy.movable, copy.workersInvolved]).toEqual([undefined, undefined, undefined])
    expect(supposed([{ kind: 'caseLeaves', caseId: 'Z2' }], problem).earlier?.lines).toEqual([])
  })

  test('one after the other: a lock takes the place of a wait, and is taken back', () => {
    const changes: Change[] = [
      { kind: 'wait', caseId: 'Z1', waits: true },
      { kind: 'lock', ...lock, caseId: 'Z1', workerId: 'M2' },
      { kind: 'lock', ...lock, caseId: 'Z1', workerId: 'M1' },
      { kind: 'unlock', caseId: 'Z1', seat: 'primary' },
    ]
    expect(supposed(changes.slice(0, 3))).toMatchObject({ waiting: [], locks: [{ workerId: 'M1' }] })
    expect(supposed(changes)).toMatchObject({ waiting: [], locks: [] })
  })

  test('an ill worker gets nothing, and the others are solved around that', async () => {
    const problem = { ...base, exclusions: [], cases: [aCase('Z1')] }
    const away = supposed([{ kind: 'workerAway', workerId: 'M1', from: '2026-11-20', until: null }], problem)
    expect((await solve(away)).lines[0]!.workerId).toBe('M2')
  })

  const wrong: [Change, string][] = [
    [{ kind: 'workerLeaves', workerId: 'M9', from: '2026-12-01' }, 'workerId'],
    [{ kind: 'workerLeaves', workerId: 'M1', from: '2026-02-31' }, 'from'],
    [{ kind: 'workerAway', workerId: 'M1', from: '2026-12-02', until: '2026-12-01' }, 'until'],
    [{ kind: 'extraRoom', workerId: 'M1', hours: 18.5 }, 'hours'],
    [{ kind: 'casesLike', caseId: 'Z9', count: 1 }, 'caseId'],
    [{ kind: 'competenceWanted', caseId: 'Z2', competence: 'jr' }, 'competence'],
    [{ kind: 'limits', bandHigh: 1.3 }, 'bandHigh'],
    [{ kind: 'limits' }, ''],
    [{ kind: 'lock', ...lock, seat: 'second', caseId: 'Z1', workerId: 'M1' }, 'seat'],
    [{ kind: 'unlock', caseId: 'Z1', seat: 'primary' }, 'caseId'],
    [{ kind: 'include', caseId: 'Z1', workerId: 'M1' }, 'workerId'],
  ]
  test.each(wrong)('%j is refused at its field', (change, field) => {
    const answer = applyChanges(base, [{ kind: 'weights', criteria: { travel: 1 } }, change])
    if (!('errors' in answer)) throw new Error('It was taken.')
    expect(answer.errors).toMatchObject([{ index: 1, field }])
    expect(answer.errors[0]!.message.nl).not.toMatch(/[{}]|undefined/)
  })
})
