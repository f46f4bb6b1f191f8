import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenDatabase } from '../../../db/database.ts'
import type { RulebookContent } from '../../../server/contract/rulebook.ts'
import { problemOf } from '../../../server/draft/problem-of.ts'
import { validateProblem } from '../../../solver/problem/validate.ts'
import { aCase, anAllocation, anOrganisation, aTeam, aWorker } from '../../support/builders.ts'
import { forEachDatabase, freshDatabase } from '../../support/databases.ts'

/** A Tuesday; its week starts on 30 November, its month on the day itself. */
const START = '2026-12-01'
const everything: Partial<RulebookContent> = {
  newPerMonth: 6,
  openPerNew: 6,
  kindCaps: [
    { kind: 'measure', code: 'OTS', most: 5 },
    { kind: 'factor', code: 'UHP', most: 3 },
  ],
  ratherNotPerRound: 1,
  learningNeedsMentor: true,
  mentorRoom: 3,
  secondSeatRegistered: false,
  heavyCost: [{ from: 1, points: 4 }],
  overdueAfterDays: 42,
  wishBudget: 0,
}

forEachDatabase('rules that a rulebook may leave out', engine => {
  let open: OpenDatabase
  let organisationId: number
  let teamId: number
  let plain: RulebookContent

  beforeAll(async () => {
    open = await freshDatabase(engine)
    organisationId = await anOrganisation(open.db)
    teamId = await aTeam(open.db, { organisationId })
    const { content } = await open.db.selectFrom('rulebook').select('content').executeTakeFirstOrThrow()
    const { overdueAfterDays: _o, criteria, ...rest } = content
    const { wishTurn: _w, ...usual } = criteria
    plain = { ...rest, criteria: usual }
  })
  afterAll(() => open.close())

  const worker = (given: Partial<Parameters<typeof aWorker>[1]> = {}) =>
    aWorker(open.db, { organisationId, teamId, ...given })
  const zaak = (given: Partial<Parameters<typeof aCase>[1]> = {}) =>
    aCase(open.db, { organisationId, teamId, ...given })
  const make = async (content: RulebookContent, cases: { id: number }[], workers: { id: number }[]) => {
    await sql`update rulebook set content = ${JSON.stringify(content)}::jsonb`.execute(open.db)
    const { problem } = await problemOf(open.db, {
      organisationId,
      startOn: START,
      seed: 3,
      profile: 'balanced',
      locks: [],
      exclusions: [],
      waiting: [],
      today: '2026-11-24',
      caseIds: cases.map(one => one.id),
      workerIds: workers.map(one => one.id),
    })
    expect(validateProblem(problem)).toEqual({ problem })
    return problem
  }

  test('what the rulebook leaves out is nowhere in the Problem', async () => {
    const problem = await make(plain, [await zaak()], [await worker()])
    const asked = ['newPerMonth', 'openPerNew', 'kindCaps', 'learningNeedsMentor', 'heavyCost']
    for (const key of asked) expect(problem.policy).not.toHaveProperty(key)
    for (const key of ['newThisMonth', 'openCases', 'kinds', 'mentor', 'mentorRoom', 'wishes']) {
      expect(problem.workers[0]).not.toHaveProperty(key)
    }
    expect(problem.cases[0]).not.toHaveProperty('workersInvolved')
    expect(problem).not.toHaveProperty('expected')
  })

  test('counts of what somebody holds and got', async () => {
    const one = await worker()
    const uhp = await zaak({ factors: ['UHP'] })
    await anAllocation(open.db, { caseId: uhp.id, workerId: one.id })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: one.id, startsOn: '2026-11-30' })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: one.id, startsOn: '2026-12-01' })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: one.id, startsOn: '2026-12-31' })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: one.id, startsOn: '2027-01-01' })
    const problem = await make({ ...plain, ...everything }, [await zaak()], [one])
    expect(problem.policy).toMatchObject({
      newPerMonth: 6,
      overdueAfterDays: 42,
      secondSeatRegistered: false,
    })
    // A wish from before the budget was lowered must not stop a calculation.
    expect(problem.policy).not.toHaveProperty('wishBudget')
    expect(problem.workers[0]).toMatchObject({
      newThisWeek: 2,
      newThisMonth: 2,
      openCases: 3,
      kinds: [
        { kind: 'measure', code: 'OTS', count: 3 },
        { kind: 'factor', code: 'UHP', count: 1 },
      ],
      mentor: null,
      mentorRoom: 3,
    })
  })

  test('a mentor in the round, with the room that is left; the learners of the whole organisation count', async () => {
    const guide = await worker()
    const wish = { kind: 'measure' as const, code: 'OTS', value: 'learn' as const, validUntil: null }
    const learner = await worker({ mentorId: guide.id, preferences: [wish] })
    const elsewhere = await worker({ mentorId: guide.id, registration: 'in_training' })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: learner.id })
    await anAllocation(open.db, { caseId: (await zaak()).id, workerId: elsewhere.id })
    const ended = { workerId: elsewhere.id, startsOn: '2026-01-01', endsOn: START }
    await anAllocation(open.db, { caseId: (await zaak()).id, ...ended })
    const content = { ...plain, ...everything }
    const theCase = await zaak()
    const problem = await make(content, [theCase], [guide, learner])
    const of = (id: string) => problem.workers.find(one => one.id === id)
    expect(of(guide.staffNumber)).toMatchObject({ mentor: null, mentorRoom: 1 })
    expect(of(learner.staffNumber)).toMatchObject({ mentor: guide.staffNumber, mentorRoom: 3 })
    expect((await make(content, [theCase], [learner])).workers[0]).toMatchObject({ mentor: null })
  })

  test('who is involved with a family, and wishes granted in the past year', async () => {
    const criteria = { ...plain.criteria, fewestPeople: 10, wishTurn: 5 }
    const wish = { kind: 'measure' as const, code: 'OTS', value: 'rather' as const, validUntil: null }
    const one = await worker({ preferences: [wish] })
    const [cover, gone] = [await worker(), await worker()]
    const familyNumber = `G-${engine}`
    const running = await zaak({ familyNumber })
    await anAllocation(open.db, { caseId: running.id, workerId: one.id })
    await anAllocation(open.db, { caseId: running.id, workerId: cover.id, seat: 'cover' })
    const past = { familyNumber, closedOn: '2026-05-01' }
    const ended = { startsOn: '2025-01-01', endsOn: '2026-05-01' }
    await anAllocation(open.db, { caseId: (await zaak(past)).id, workerId: gone.id, ...ended })
    const decision = async (caseId: number, decidedAt: string, withdrawn = false) =>
      open.db
        .insertInto('decision')
        .values({
          caseId,
          seat: 'primary',
          kind: 'agreed',
          workerId: one.id,
          salt: 's',
          decidedAt: new Date(decidedAt),
          withdrawnAt: withdrawn ? new Date(decidedAt) : null,
        })
        .execute()
    await decision(running.id, '2026-10-01')
    await decision((await zaak({ measures: [{ code: 'VOOGDIJ' }] })).id, '2026-09-01')
    await decision((await zaak()).id, '2026-08-01', true)
    await decision((await zaak()).id, '2025-11-01')
    const problem = await make({ ...plain, criteria }, [await zaak({ familyNumber })], [one, cover, gone])
    expect(problem.cases[0]?.workersInvolved).toEqual([cover.staffNumber, one.staffNumber].sort())
    expect(problem.workers.find(each => each.id === one.staffNumber)?.wishes).toEqual({
      granted: 1,
      asked: 2,
    })
    expect(problem.workers.find(each => each.id === cover.staffNumber)?.wishes).toEqual({
      granted: 0,
      asked: 0,
    })
  })

  test('what may be expected: what came in during the six whole months before, for the teams of these workers', async () => {
    const elsewhere = await aTeam(open.db, { organisationId })
    const competences = [{ code: 'VOOGDIJ', level: 1, need: 'required' as const }]
    for (const receivedOn of ['2026-06-01', '2026-08-15', '2026-11-30'])
      await zaak({ receivedOn, competences })
    for (const receivedOn of ['2026-05-31', '2026-12-01']) await zaak({ receivedOn, competences })
    await zaak({ receivedOn: '2026-08-15', competences, teamId: elsewhere })
    await zaak({ receivedOn: '2026-08-15', competences: [{ code: 'VOOGDIJ', level: 1, need: 'wanted' }] })
    const criteria = { ...plain.criteria, scarceSkill: 10 }
    const problem = await make({ ...plain, criteria }, [await zaak()], [await worker()])
    // Three in 183 days.
    expect(problem.expected).toEqual([{ competence: 'VOOGDIJ', cases: 0.5 }])
  })
})
