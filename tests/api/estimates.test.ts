import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Estimate, EstimateDifferences, EstimateRow } from '../../server/contract/estimates.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aUser } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

type Reply = Estimate & Omit<ProblemDetails, 'status'>

forEachDatabase('weighing a case together', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let worker: Caller
  let outsider: Caller

  const given = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const start = (caseNumber: string, people: Caller[]) =>
    intake.post<Reply>(`/cases/${caseNumber}/estimates`, {
      userIds: people.map(one => one.userId),
    })
  const say = (who: Caller, id: number, hours: number, note: string | null = null) =>
    who.post<Reply>(`/estimates/${id}/voice`, { hours, note })
  const look = async (who: Caller, id: number) => (await who.get<Estimate>(`/estimates/${id}`)).body
  const move = async (step: string, id: number, body?: object, who = intake) =>
    who.post<Reply>(`/estimates/${id}/${step}`, body, {
      version: (await look(intake, id)).version,
    })

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
    worker = await app.as('worker')
    outsider = await app.signIn(
      await aUser(app.db, { ...given(), roles: [{ role: 'intake', teamId: app.otherTeamId }] }),
    )
  })
  afterAll(() => app.close())

  test('each estimates alone; nobody sees the others, or the table, before everything is shown', async () => {
    const { caseNumber } = await aCase(app.db, given())
    const made = await start(caseNumber, [intake, lead, worker])
    expect(made.status, made.text).toBe(201)
    const { id } = made.body
    expect((await say(worker, id, 5.5, 'Veel overleg met school.')).status).toBe(200)
    expect((await say(lead, id, 4)).status).toBe(200)
    const seen = await look(intake, id)
    expect(seen).toMatchObject({ asked: 3, given: 2, mine: null, tableHours: null, weight: null })
    expect(seen.voices.every(voice => voice.hours === null && voice.note === null)).toBe(true)
    const own = await look(worker, id)
    expect(own.voices.filter(voice => voice.hours !== null).map(voice => [voice.own, voice.hours])).toEqual([
      [true, 5.5],
    ])
    // No event tells it either.
    const events = await app.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'estimate.given')
      .execute()
    expect(JSON.stringify(events)).not.toMatch(/5\.5|overleg/)

    // Until then an estimate can change.
    expect((await say(lead, id, 4.5)).body.mine).toBe(4.5)
    const shown = await move('reveal', id)
    expect(shown.status, shown.text).toBe(200)
    expect(
      shown.body.voices
        .map(voice => voice.hours)
        .filter(Boolean)
        .sort(),
    ).toEqual([4.5, 5.5])
    expect(shown.body.tableHours).toBe(shown.body.weight!.total)
    expect((await say(intake, id, 3)).status, 'too late').toBe(409)

    const table = shown.body.tableHours
    const agreed = await move('agreement', id, { hours: 5, text: 'Twee scholen erbij.', apply: true })
    expect(agreed.body).toMatchObject({ status: 'agreed', agreedHours: 5, tableHours: table })
    // The differences stay as they were given.
    expect(agreed.body.voices.map(voice => voice.hours)).toEqual(shown.body.voices.map(voice => voice.hours))
    const detail = (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect(detail.weight).toMatchObject({ total: 5, override: { hours: 5, reason: 'Twee scholen erbij.' } })
    expect((await move('cancellation', id)).status).toBe(409)
  })

  test('at least two estimates are shown, and agreeing comes after showing', async () => {
    const { caseNumber } = await aCase(app.db, given())
    const { id } = (await start(caseNumber, [intake, lead])).body
    await say(lead, id, 4)
    expect((await move('reveal', id)).status).toBe(409)
    expect((await move('agreement', id, { hours: 4, text: 'x', apply: false })).status).toBe(409)
    expect((await move('reveal', id, undefined, worker)).status).toBe(403)
    await say(intake, id, 4)
    expect((await move('reveal', id)).status).toBe(200)
    const done = await move('agreement', id, { hours: 4.2, text: 'Zo laten.', apply: false })
    expect(done.body.status).toBe('agreed')
    const detail = (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect(detail.weight.override).toBeNull()
  })

  test('one at a time per case, with two to five people of the team', async () => {
    const { caseNumber } = await aCase(app.db, given())
    expect((await start(caseNumber, [intake])).status).toBe(400)
    const strange = await start(caseNumber, [intake, outsider])
    expect(strange.status).toBe(422)
    expect(strange.body.errors?.map(one => one.field)).toEqual(['userIds.1'])
    const { id } = (await start(caseNumber, [intake, lead])).body
    expect((await start(caseNumber, [intake, lead])).status).toBe(409)
    expect((await move('cancellation', id)).body.status).toBe('cancelled')
    expect((await start(caseNumber, [lead, worker])).status).toBe(201)
  })

  test('who is not asked and not of the team sees nothing; who is asked sees the features of the case only here', async () => {
    const { caseNumber } = await aCase(app.db, { ...given(), factors: ['UHP'] })
    expect((await outsider.post(`/cases/${caseNumber}/estimates`, { userIds: [1, 2] })).status).toBe(404)
    const { id } = (await start(caseNumber, [lead, worker])).body
    expect((await outsider.get(`/estimates/${id}`)).status).toBe(404)
    expect((await say(intake, id, 3)).status, 'not asked').toBe(403)
    expect(await look(worker, id)).toMatchObject({ factors: ['UHP'], iAmAsked: true, mayLead: false })
    expect((await worker.get(`/cases/${caseNumber}`)).status).toBe(404)
    const listed = (await worker.get<Static<typeof EstimateRow>[]>('/estimates')).body
    expect(listed[0]).toMatchObject({ id, iAmAsked: true, mine: null })
    expect((await outsider.get<Static<typeof EstimateRow>[]>('/estimates')).body).toEqual([])
  })

  describe('where estimates and table differ', () => {
    const differences = async () => (await worker.get<EstimateDifferences>('/estimates/differences')).body

    test('is said from five cases and three people up, without names', async () => {
      const before = await differences()
      const people = [intake, lead, worker]
      for (let round = 0; round < 5; round++) {
        const { caseNumber } = await aCase(app.db, {
          ...given(),
          measures: [{ code: 'VOTS' }],
          factors: ['COMPLEX_SCHEIDING'],
        })
        const { id } = (await start(caseNumber, people)).body
        for (const person of people) await say(person, id, 9)
        if (round === 4) {
          const { rows } = await differences()
          expect(
            rows.some(one => one.code === 'COMPLEX_SCHEIDING'),
            'hidden estimates do not count',
          ).toBe(false)
        }
        await move('reveal', id)
        if (round === 3) {
          const { rows } = await differences()
          expect(
            rows.some(one => one.code === 'COMPLEX_SCHEIDING'),
            'four cases are too few',
          ).toBe(false)
        }
      }
      const after = await differences()
      expect(after.estimates).toBe(before.estimates + 15)
      const row = after.rows.find(one => one.code === 'COMPLEX_SCHEIDING')!
      expect(row).toMatchObject({
        kind: 'factor',
        cases: 5,
        people: 3,
        estimates: 15,
        meanHours: 9,
        higher: 15,
        lower: 0,
      })
      expect(row.difference).toBeCloseTo((9 - row.tableHours) / row.tableHours, 3)
      expect(row.systematic).toBe(row.difference >= 0.1)
      expect(JSON.stringify(after)).not.toContain('Standaard')
    })
  })
})
