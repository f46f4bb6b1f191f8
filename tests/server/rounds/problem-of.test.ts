import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenDatabase } from '../../../db/database.ts'
import { expectedUntil, type ProblemRequest, problemOf } from '../../../server/draft/problem-of.ts'
import { blocksStart } from '../../../server/weighing/absence.ts'
import { explainCase } from '../../../solver/explain/explain.ts'
import { validateProblem } from '../../../solver/problem/validate.ts'
import { solve } from '../../../solver/solve.ts'
import { aCase, anAllocation, anOrganisation, aTeam, aWorker } from '../../support/builders.ts'
import { freshDatabase } from '../../support/databases.ts'

/** A Tuesday; its week starts on 30 November. */
const START = '2026-12-01'

let open: OpenDatabase
let organisationId: number
let teamId: number
let base: Omit<ProblemRequest, 'caseIds' | 'workerIds'>

beforeAll(async () => {
  open = await freshDatabase('PGlite')
  organisationId = await anOrganisation(open.db)
  teamId = await aTeam(open.db, { organisationId })
  base = {
    organisationId,
    startOn: START,
    seed: 3,
    profile: 'equal',
    locks: [],
    exclusions: [],
    waiting: [],
    today: '2026-11-24',
  }
})
afterAll(() => open.close())

const worker = (given: Partial<Parameters<typeof aWorker>[1]> = {}) =>
  aWorker(open.db, { organisationId, teamId, ...given })
const zaak = (given: Partial<Parameters<typeof aCase>[1]> = {}) =>
  aCase(open.db, { organisationId, teamId, ...given })
const make = async (
  cases: { id: number }[],
  workers: { id: number }[],
  more: Partial<ProblemRequest> = {},
) => {
  const request = {
    ...base,
    ...more,
    caseIds: cases.map(one => one.id),
    workerIds: workers.map(one => one.id),
  }
  const { problem } = await problemOf(open.db, request)
  expect(validateProblem(problem)).toEqual({ problem })
  return problem
}

test('a case: weight per seat, waiting time, duo by a threat, and careful defaults', async () => {
  const duo = await zaak({ factors: ['DREIGING'], receivedOn: '2026-11-10' })
  const unknown = await zaak({ phase: null, children: null })
  const problem = await make([duo, unknown], [await worker()])
  expect(problem.cases.find(one => one.id === duo.caseNumber)).toMatchObject({
    waitingDays: 14,
    threat: true,
    duo: true,
    hours: { primary: 4.5, second: 3 },
    factors: ['DREIGING'],
    measures: ['OTS'],
  })
  expect(problem.cases.find(one => one.id === unknown.caseNumber)).toMatchObject({
    phase: 'begin',
    children: 1,
    duo: false,
    hours: { primary: 5 },
  })
  expect(problem.policy.lowestMaximumFirst).toBe(true)
})

test('a family: together in the round, with its worker, and who was there before', async () => {
  const familyNumber = 'G-gezin'
  const [now, former, recorded] = [await worker(), await worker(), await worker()]
  const running = await zaak({ familyNumber })
  await anAllocation(open.db, { caseId: running.id, workerId: now.id })
  const past = await zaak({ familyNumber, closedOn: '2026-05-01' })
  await anAllocation(open.db, {
    caseId: past.id,
    workerId: former.id,
    startsOn: '2025-01-01',
    endsOn: '2026-05-01',
  })
  const first = await zaak({ familyNumber, formerWorkers: [recorded.id] })
  const second = await zaak({ familyNumber })
  const alone = await zaak()
  const problem = await make([first, second, alone], [now, former])
  const of = (caseNumber: string) => problem.cases.find(one => one.id === caseNumber)
  expect(of(first.caseNumber)).toMatchObject({ group: familyNumber, familyWorker: now.staffNumber })
  expect(of(first.caseNumber)?.formerWorkers).toEqual([former.staffNumber, recorded.staffNumber].sort())
  expect(of(second.caseNumber)?.group).toBe(familyNumber)
  expect(of(alone.caseNumber)).toMatchObject({ group: null, familyWorker: null, formerWorkers: [] })
})

test('a pair is asked per seat; a case that is no pair is asked it all', async () => {
  const competences = [
    { code: 'SCHEIDING', level: 1, need: 'required' as const, seat: 'second' as const },
    { code: 'SCHEIDING', level: 2, need: 'wanted' as const, seat: 'primary' as const },
    { code: 'OTS', level: 1, need: 'required' as const },
  ]
  const pair = await zaak({ competences, duoNeeded: true, weightOverrideHours: 6, weightOverrideReason: 'x' })
  await open.db.updateTable('caseFile').set({ weightOverrideSecond: 1.5 }).where('id', '=', pair.id).execute()
  const alone = await zaak({ competences })
  const problem = await make([pair, alone], [await worker()])
  const of = (caseNumber: string) => problem.cases.find(one => one.id === caseNumber)
  expect(of(pair.caseNumber)).toMatchObject({
    hours: { primary: 4.5, second: 1.5 },
    competences: [
      { competence: 'OTS', level: 1, need: 'required' },
      { competence: 'SCHEIDING', level: 2, need: 'wanted', seat: 'primary' },
      { competence: 'SCHEIDING', level: 1, need: 'required', seat: 'second' },
    ],
  })
  expect(of(alone.caseNumber)?.competences).toEqual([
    { competence: 'OTS', level: 1, need: 'required' },
    { competence: 'SCHEIDING', level: 1, need: 'required' },
  ])
})

test('an exclusion holds until its last day and never says why', async () => {
  const [out, back] = [await worker(), await worker()]
  const theCase = await zaak({ excludedWorkers: [out.id] })
  await open.db
    .insertInto('caseExcludedWorker')
    .values({
      caseId: theCase.id,
      workerId: back.id,
      hiddenReason: 'geheim',
      untilOn: '2026-11-30',
      createdBy: null,
    })
    .execute()
  const problem = await make([theCase], [out, back])
  expect(problem.cases[0]?.excludedWorkers).toEqual([out.staffNumber])
  expect(JSON.stringify(problem)).not.toMatch(/geheim|belangenverstrengeling/)
})

test('a worker: load on the start date, new this week, heavy cases, wishes that are still valid', async () => {
  const one = await worker({
    preferences: [
      { kind: 'measure', code: 'OTS', value: 'rather', validUntil: null },
      { kind: 'factor', code: 'UHP', value: 'rather_not', validUntil: '2026-11-30' },
    ],
    competences: [{ code: 'OTS', level: 2, expiresOn: '2027-01-01' }],
  })
  const heavy = await zaak({ children: 4 })
  const ended = await zaak()
  const monday = await zaak()
  const friday = await zaak()
  await anAllocation(open.db, { caseId: heavy.id, workerId: one.id, hours: 10.25 })
  await anAllocation(open.db, { caseId: ended.id, workerId: one.id, hours: 7, endsOn: START })
  await anAllocation(open.db, { caseId: monday.id, workerId: one.id, hours: 2.5, startsOn: '2026-11-30' })
  await anAllocation(open.db, { caseId: friday.id, workerId: one.id, hours: 3, startsOn: '2026-12-04' })
  const problem = await make([await zaak()], [one])
  expect(problem.workers[0]).toMatchObject({
    id: one.staffNumber,
    hoursInUse: 12.75,
    heavyCases: 1,
    newThisWeek: 2,
    preferences: [{ kind: 'measure', code: 'OTS', value: 'rather' }],
    competences: [{ competence: 'OTS', level: 2, expiresOn: '2027-01-01' }],
    away: [],
  })
})

test('choices become locks, exclusions and waits by number', async () => {
  const one = await worker()
  const [a, b, c] = [await zaak(), await zaak(), await zaak()]
  const lock = { unregisteredException: false, aboveLimit: false, setAside: ['together', 'band'] }
  const problem = await make([a, b, c], [one], {
    locks: [
      { caseId: a.id, seat: 'primary', workerId: one.id, ...lock },
      // No duo any more: its second seat is gone, and so is what was fixed there.
      { caseId: a.id, seat: 'second', workerId: one.id, ...lock },
    ],
    exclusions: [{ caseId: b.id, workerId: one.id }],
    waiting: [c.id],
  })
  expect(problem.locks).toEqual([
    {
      caseId: a.caseNumber,
      seat: 'primary',
      workerId: one.staffNumber,
      unregisteredException: false,
      aboveLimit: false,
      setAside: ['band', 'together'],
    },
  ])
  expect(problem.exclusions).toEqual([{ caseId: b.caseNumber, workerId: one.staffNumber }])
  expect(problem.waiting).toEqual([c.caseNumber])
  const proposal = await solve(problem)
  expect(proposal.lines.map(line => line.workerId)).toEqual([one.staffNumber, null, null])
})

test('another organisation is out of reach', async () => {
  const other = await anOrganisation(open.db)
  const problem = await make([await zaak()], [await worker()], { organisationId: other })
  expect(problem.cases).toEqual([])
  expect(problem.workers).toEqual([])
})

test.each([
  ['a short one of half the time', 50, '2026-11-30', '2026-12-04', true],
  ['a short one of less', 40, '2026-11-30', '2026-12-04', false],
  ['a long one of half the time, which lowers the norm', 50, '2026-11-01', '2027-01-31', false],
  ['a whole one, however long', 100, '2026-11-01', null, true],
  ['one of 27 days is short', 60, '2026-11-01', '2026-11-27', true],
  ['one of 28 days is long', 60, '2026-11-01', '2026-11-28', false],
] as const)('absence blocks the start: %s', (_, percentage, validFrom, validUntil, blocks) => {
  expect(blocksStart({ percentage, validFrom, validUntil })).toBe(blocks)
})

test('who leaves or goes away soon counts for a case that lasts longer, and the explanation begins with it', async () => {
  const leaver = await worker({ employedUntil: '2026-12-31' })
  const away = await worker({
    absences: [
      { percentage: 100, validFrom: '2027-01-04', validUntil: '2027-01-31' },
      { percentage: 100, validFrom: '2027-06-01', validUntil: null },
      { percentage: 100, validFrom: '2026-12-14', validUntil: '2026-12-27' },
    ],
  })
  const known = await zaak({ phase: 'middle' })
  const unknown = await zaak({ measures: [{ code: 'VOTS' }] })
  const problem = await make([known, unknown], [leaver, away])
  expect(problem.policy.leaving).toEqual({ withinDays: 90, awayFromDays: 28, fewest: true })
  const periods = problem.workers.find(one => one.id === away.staffNumber)?.away
  expect(periods).toEqual([{ from: '2027-01-04', until: '2027-01-31' }])
  const until = (one: { caseNumber: string }) =>
    problem.cases.find(other => other.id === one.caseNumber)?.expectedUntil
  // 39 weeks of the middle phase and 8 of the end.
  expect(until(known)).toBe('2027-10-25')
  expect(until(unknown)).toBeUndefined()

  const given = (id: string) =>
    explainCase(
      problem,
      {
        lines: problem.cases.map(one => ({
          caseId: one.id,
          seat: 'primary',
          workerId: id,
          locked: false,
          hours: 0,
          points: 0,
          contributions: [],
          loadCost: 0,
          blocked: [],
        })),
      },
      known.caseNumber,
    ).sentence.nl
  expect(given(leaver.staffNumber)).toMatch(/^Let op: is uit dienst vanaf 1 januari 2027,/)
  expect(given(away.staffNumber)).toMatch(/^Let op: is langere tijd afwezig vanaf 4 januari 2027,/)
})

test('the expected length adds up the phases that are still ahead; one that is not known makes it unknown', () => {
  const usual = (phaseWeeks: { measure: string; begin: number | null; middle: number | null }[]) =>
    ({ weight: { phaseWeeks } }) as unknown as Parameters<typeof expectedUntil>[0]
  const book = usual([
    { measure: 'OTS', begin: 13, middle: 39 },
    { measure: 'VOOGDIJ', begin: 26, middle: null },
  ])
  const until = (measures: string[], phase: 'begin' | 'middle' | 'end') =>
    expectedUntil(book, { measures, phase }, '2026-12-01')
  expect(until(['OTS'], 'begin')).toBe('2028-01-24')
  expect(until(['OTS', 'VOOGDIJ'], 'begin')).toBe('2028-04-24')
  expect(until(['VOOGDIJ'], 'begin')).toBeNull()
  expect(until(['JR'], 'middle')).toBeNull()
  expect(until(['JR'], 'end')).toBe('2027-01-25')
})
