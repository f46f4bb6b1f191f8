import { expect, test } from 'vitest'
import { preflight } from '../../../server/rounds/preflight.ts'
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
  return preflight({ problem, weights: new Map(), caseIds: new Map() }, 'nl').cases
}

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
    blocked: [{ rule: 'competence', workers: 3, message: 'Mist een vereiste competentie: 3 medewerkers.' }],
  })
})
