import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Eligibility, Wishes } from '../../server/contract/own.ts'
import type { WorkerDetail } from '../../server/contract/workers.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const wish = (kind: string, code: string, value: string, validUntil: string | null = null) => ({
  kind,
  code,
  value,
  validUntil,
})

forEachDatabase('own wishes', engine => {
  let app: TestApp
  let me: Caller
  const path = () => `/workers/${app.staffNumber}/preferences`
  const wishes = async () => (await me.get<Wishes>('/mine/wishes')).body
  const state = async (body: object) =>
    me.put<WorkerDetail & ProblemDetails>(path(), body, { version: (await wishes()).version })

  beforeAll(async () => {
    app = await startApp({ engine })
    me = await app.as('worker')
  })
  afterAll(() => app.close())

  test('phase and method count as work; learning goes with what one can learn', async () => {
    const done = await state({
      preferences: [
        wish('phase', 'begin', 'rather'),
        wish('method', 'DELTA', 'learn', '2027-03-28'),
        wish('measure', 'OTS', 'rather_not'),
      ],
    })
    expect(done.status, done.text).toBe(200)
    const refused = await state({
      preferences: [
        wish('phase', 'begin', 'learn'),
        wish('phase', 'later', 'rather'),
        wish('method', 'ONBEKEND', 'rather'),
      ],
    })
    expect(refused.status).toBe(422)
    expect(refused.body.errors?.map(one => one.field)).toEqual([
      'preferences.0.value',
      'preferences.1.code',
      'preferences.2.code',
    ])
  })

  test('a wish about what clients need is refused with why', async () => {
    const refused = await state({ preferences: [wish('factor', 'TOLK', 'rather_not')] })
    expect([refused.status, refused.body.errors?.map(one => one.field)]).toEqual([
      422,
      ['preferences.0.code'],
    ])
    expect(refused.text).toContain('Een wens gaat over het werk')
  })

  test('every statement is kept, so that an earlier one can be taken over', async () => {
    const before = await wishes()
    expect((await state({ preferences: [wish('heavy', 'heavy', 'rather')] })).status).toBe(200)
    const after = await wishes()
    expect(after.statements.length).toBe(before.statements.length + 1)
    expect(after.statements[0]!.preferences).toEqual([wish('heavy', 'heavy', 'rather')])
    expect(after.statements[1]!.preferences).toEqual(before.statements[0]!.preferences)
  })

  test('the budget is the rulebook’s number', async () => {
    const { budget } = await wishes()
    expect(budget).toBe(3)
    await app.db
      .updateTable('rulebook')
      .set({ content: JSON.stringify({ ...startRulebook, wishBudget: 1 }) })
      .where('organisationId', '=', app.organisationId)
      .execute()
    expect((await wishes()).budget).toBe(1)
    const refused = await state({
      preferences: [wish('measure', 'OTS', 'rather_not'), wish('measure', 'VOTS', 'rather_not')],
    })
    expect(refused.status).toBe(422)
    expect(refused.body.errors?.[0]?.message).toContain('hoogstens 1 keer')
    expect((await state({ preferences: [wish('measure', 'OTS', 'rather_not')] })).status).toBe(200)
  })

  describe('a mentor', () => {
    test('is a registered colleague of the own team, and stays until somebody says otherwise', async () => {
      const given = { organisationId: app.organisationId, teamId: app.teamId }
      const guide = await aWorker(app.db, given)
      const trainee = await aWorker(app.db, { ...given, registration: 'in_training', registrationFrom: null })
      const elsewhere = await aWorker(app.db, { ...given, teamId: app.otherTeamId })
      const offered = (await wishes()).mentors.map(one => one.staffNumber)
      expect(offered).toContain(guide.staffNumber)
      expect(offered).not.toContain(trainee.staffNumber)
      expect(offered).not.toContain(elsewhere.staffNumber)
      expect(offered).not.toContain(app.staffNumber)
      for (const mentor of [trainee.staffNumber, elsewhere.staffNumber, app.staffNumber, 'jb-geen']) {
        const refused = await state({ preferences: [], mentor })
        expect(refused.status, mentor).toBe(422)
        expect(refused.body.errors?.map(one => one.field)).toEqual(['mentor'])
      }
      const done = await state({ preferences: [], mentor: guide.staffNumber })
      expect(done.body.mentor?.staffNumber).toBe(guide.staffNumber)
      expect((await state({ preferences: [] })).body.mentor?.staffNumber).toBe(guide.staffNumber)
      expect((await state({ preferences: [], mentor: null })).body.mentor).toBeNull()
    })
  })

  describe('for which kinds of work I come into consideration', () => {
    const ask = async (preferences: object[] = []) =>
      (await me.post<Eligibility>('/mine/wishes/eligibility', { preferences }, { key: null })).body
    const of = (answer: Eligibility, id: string) => answer.kinds.find(one => one.id === id)!

    test('the rules decide, and say which of them stands in the way', async () => {
      await app.db
        .insertInto('workerCompetence')
        .values({ workerId: app.workerId, competenceCode: 'OTS', level: 2, expiresOn: null })
        .execute()
      const answer = await ask()
      // Twelve measures in three phases, ten factors, twelve competences.
      expect(answer.kinds).toHaveLength(58)
      expect(answer.eligible).toBe(answer.kinds.filter(one => one.eligible).length)
      expect(of(answer, 'competence OTS')).toMatchObject({ eligible: true, rules: [] })
      const lacking = of(answer, 'competence CRISIS')
      expect(lacking).toMatchObject({ eligible: false, lasting: false })
      expect(lacking.rules.map(one => one.rule)).toEqual(['competence'])
      // All but the eleven competences that I lack.
      expect(answer.eligible).toBe(47)
    })

    test('wishes as they are on the form add points, and never take a kind away', async () => {
      const answer = await ask([
        wish('measure', 'OTS', 'rather_not'),
        wish('phase', 'end', 'rather'),
        wish('measure', 'VOTS', 'rather', '2026-11-23'),
      ])
      expect(of(answer, 'measure OTS begin').points).toBeLessThan(0)
      expect(of(answer, 'measure VOTS end').points).toBeGreaterThan(0)
      // This wish ended yesterday.
      expect(of(answer, 'measure VOTS begin')).toMatchObject({ points: 0, wish: null })
      expect(answer.eligible).toBe(47)
    })

    test('no room passes, what the record lacks does not', async () => {
      const held = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
      const id = await anAllocation(app.db, { caseId: held.id, workerId: app.workerId, hours: 29 })
      const full = await ask()
      expect(full.eligible).toBe(0)
      expect(full.lasting).toBe(47)
      await app.db.deleteFrom('allocationPeriod').where('allocationId', '=', id).execute()
      await app.db.deleteFrom('allocation').where('id', '=', id).execute()
      await app.db
        .updateTable('worker')
        .set({ registration: 'in_training' })
        .where('id', '=', app.workerId)
        .execute()
      expect(await ask()).toMatchObject({ eligible: 0, lasting: 0 })
      await app.db
        .updateTable('worker')
        .set({ registration: 'registered' })
        .where('id', '=', app.workerId)
        .execute()
    })
  })
})
