import type { Static } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRulebook } from '../../db/start-values.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Catalogues, Rulebook } from '../../server/contract/rulebook.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { reweighAll } from '../../server/rulebook/publish.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

type Book = Static<typeof Rulebook>

forEachDatabase('rulebook', engine => {
  let app: TestApp
  let admin: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
  })
  afterAll(() => app.close())

  const withOts = (begin: number) => ({
    ...startRulebook,
    weight: {
      ...startRulebook.weight,
      bases: startRulebook.weight.bases.map(one => (one.measure === 'OTS' ? { ...one, begin } : one)),
    },
  })
  const publish = (content: unknown, effectiveFrom: string, caller = admin) =>
    caller.post<Book>('/rulebooks', { effectiveFrom, content })

  test('everybody reads it and the catalogues, in their language; only an administrator publishes', async () => {
    for (const role of ['intake', 'lead', 'worker', 'admin'] as const) {
      const caller = await app.as(role)
      expect((await caller.get<Book>('/rulebook')).body).toMatchObject({ version: 1, content: startRulebook })
      const { body } = await caller.get<Catalogues>('/catalogues')
      expect(body.measures.find(one => one.code === 'OTS')?.name).toBe('Ondertoezichtstelling (OTS)')
      expect(body.factors.filter(one => one.isThreat).map(one => one.code)).toEqual(['DREIGING'])
      expect(body.municipalities).toHaveLength(14)
      if (role !== 'admin') expect((await publish(startRulebook, TODAY, caller)).status).toBe(403)
    }
  })

  test('what a schema cannot say is checked too', async () => {
    const answer = await admin.post<ProblemDetails>('/rulebooks', {
      effectiveFrom: TODAY,
      content: {
        ...startRulebook,
        bandLow: 1.2,
        hardLimit: 1,
        rampUp: [
          { untilMonth: 3, share: 0.5 },
          { untilMonth: 3, share: 0.6 },
        ],
        weight: { ...startRulebook.weight, bases: [{ measure: 'NIETS', begin: 1, middle: 1, end: 1 }] },
        loadCost: [
          { from: 0, pointsPerHour: 2 },
          { from: 0.5, pointsPerHour: 1 },
        ],
      },
    })
    expect(answer.status).toBe(422)
    expect(answer.body.errors?.map(one => one.field)).toEqual([
      'content.bandLow',
      'content.hardLimit',
      'content.weight.bases.0.measure',
      'content.rampUp.1.untilMonth',
      'content.loadCost.1',
    ])
  })

  test('a version in force weighs every seat again, also above the limit; a later one waits for its day', async () => {
    const theCase = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, { caseId: theCase.id, workerId: app.workerId, hours: 5 })
    const hours = async () =>
      await app.db
        .selectFrom('allocation')
        .select(['hours', 'agreedHours'])
        .where('caseId', '=', theCase.id)
        .executeTakeFirstOrThrow()
    const published = await publish(withOts(40), TODAY)
    expect(published.status, published.text).toBe(201)
    expect(published.body).toMatchObject({ version: 2, createdBy: 'Standaard admin' })
    expect(await hours()).toEqual({ hours: 40, agreedHours: 5 })
    const lead = await app.as('lead')
    const load = (await lead.get<Workload>('/workers')).body
    expect(load).toMatchObject({ rulebookVersion: 2 })
    expect(load.workers.find(one => one.staffNumber === app.staffNumber)?.load.status).toBe('farAboveNorm')

    expect((await publish(withOts(6), '2026-12-01')).body.version).toBe(3)
    expect(await hours()).toMatchObject({ hours: 40 })
    expect((await admin.get<Book>('/rulebook')).body.version).toBe(2)
    const apply = (day: string) => reweighAll(app.db, new Date(`${day}T00:30:00+01:00`))
    expect(await apply(TODAY)).toBe(0)
    // Two servers at once: the change and its event come once.
    const both = await Promise.all([apply('2026-12-01'), apply('2026-12-01')])
    expect(both.sort()).toEqual([0, 1])
    expect(await hours()).toEqual({ hours: 6, agreedHours: 5 })
    const events = await app.db
      .selectFrom('event')
      .select(['type', 'objectId', 'data'])
      .where('objectType', '=', 'rulebook')
      .orderBy('seq')
      .execute()
    expect(events).toEqual([
      { type: 'rulebook.published', objectId: '2', data: { effectiveFrom: TODAY } },
      { type: 'rulebook.applied', objectId: '2', data: { seats: 1, from: 5, to: 40 } },
      { type: 'rulebook.published', objectId: '3', data: { effectiveFrom: '2026-12-01' } },
      { type: 'rulebook.applied', objectId: '3', data: { seats: 1, from: 40, to: 6 } },
    ])
  })

  test('two at once get two versions', async () => {
    const answers = await Promise.all([
      publish(startRulebook, '2027-06-01'),
      publish(startRulebook, '2027-06-02'),
    ])
    expect(answers.map(one => one.status)).toEqual([201, 201])
    const versions = answers.map(one => one.body.version).sort((a, b) => a - b)
    expect(versions[1]! - versions[0]!).toBe(1)
  })
})
