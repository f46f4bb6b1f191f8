import { expect, test } from 'vitest'
import { preflight } from '../../../server/rounds/preflight.ts'
import type { Problem } from '../../../solver/problem/problem.ts'
import { aCase, aProblem, aWorker } from '../../support/problems.ts'

const knows = (id: string, competence: string) =>
  aWorker(id, { competences: [{ competence, level: 1, expiresOn: null }] })
const ask = (competence: string, seat: 'primary' | 'second') => ({
  competence,
  level: 1,
  need: 'required' as const,
  seat,
})
const check = (...competences: ReturnType<typeof ask>[]) => {
  const pair = aCase('Z1', { duo: true, hours: { primary: 2, second: 1 }, competences })
  const problem = aProblem({
    cases: [pair, aCase('Z2')],
    workers: [knows('M1', 'lvb'), knows('M2', 'lvb'), knows('M3', 'young')],
  })
  return look(problem).cases
}
const look = (problem: Problem) => preflight({ problem, weights: new Map(), caseIds: new Map() }, 'nl')

test('of a duo counts the seat that fewest may have', () => {
  expect(check(ask('lvb', 'primary'), ask('young', 'second'))).toMatchObject([
    { caseNumber: 'Z1', eligibleWorkers: 1, seat: 'second', blocked: [] },
    { caseNumber: 'Z2', eligibleWorkers: 3, seat: null },
  ])
})

test('a duo with a seat that nobody may have is told, with what stops everybody there', () => {
  expect(check(ask('lvb', 'primary'), ask('divorce', 'second'))[0]).toMatchObject({
    eligibleWorkers: 0,
    seat: 'second',
    blocked: [
      { rule: 'competence', workers: 3, message: 'Mist een competentie die nodig is: 3 medewerkers.' },
    ],
  })
})

test('room is that of who may have these cases; the rest is told with what stops it', () => {
  const trainee = (id: string) =>
    aWorker(id, { registration: { status: 'in_training', from: null, until: null } })
  const hours = (primary: number) => ({ primary })
  const problem = aProblem({
    cases: [aCase('Z1', { hours: hours(3) }), aCase('Z2', { hours: hours(2.5) })],
    workers: [
      aWorker('M1', { normHours: 20, hoursInUse: 18 }),
      aWorker('M2', { normHours: 20, hoursInUse: 12.25 }),
      trainee('M3'),
      trainee('M4'),
    ],
  })
  const room = (normHours: number, hoursInUse: number) => normHours * problem.policy.bandHigh - hoursInUse
  const found = look(problem)
  expect(found).toMatchObject({
    demandHours: 5.5,
    blockedHours: 0,
    unmetHours: 0,
    roomHours: room(20, 18) + room(20, 12.25),
    workersWithRoom: 2,
  })
  expect(found.roomElsewhere).toMatchObject([{ rule: 'registration', workers: 2 }])
  expect(found.roomElsewhere[0]?.message).toContain('2 medewerkers')
})

test('it never fits at a glance where nobody may have a case, or where only one may have both', () => {
  const hours = { primary: 15 }
  const ask = { competence: 'lvb', level: 1, need: 'required' as const }
  const only = (...workers: Problem['workers']) =>
    look(
      aProblem({
        cases: [aCase('Z1', { hours, competences: [ask] }), aCase('Z2', { hours, competences: [ask] })],
        workers,
      }),
    )
  const free = { normHours: 20, hoursInUse: 0 }
  expect(only(aWorker('M1', free), aWorker('M2', free))).toMatchObject({
    demandHours: 30,
    blockedHours: 30,
    unmetHours: 0,
    roomHours: 0,
    workersWithRoom: 0,
  })
  const knowing = aWorker('M1', { ...free, competences: [{ competence: 'lvb', level: 1, expiresOn: null }] })
  const one = only(knowing, aWorker('M2', free), aWorker('M3', free))
  expect(one).toMatchObject({ blockedHours: 0, workersWithRoom: 1 })
  expect(one.unmetHours).toBeCloseTo(30 - one.roomHours, 8)
})
