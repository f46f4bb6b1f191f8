import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Static } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Messages } from '../../server/contract/messages.ts'
import type { Catalogues, Rulebook } from '../../server/contract/rulebook.ts'
import type { RulebookDraft, RulebookVersion } from '../../server/contract/rulebook-versions.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { STANDARD_PROFILES } from '../../server/rulebook/profiles.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { reweighAll } from '../../server/rulebook-admin/publish.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, TODAY } from '../support/builders.ts'
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
  const draft = async (caller = admin) => (await caller.get<RulebookDraft>('/rulebook/draft')).body
  const publish = async (content: unknown, effectiveFrom: string, version?: number) =>
    admin.post<Book>(
      '/rulebooks',
      { effectiveFrom, content, reason: 'Afgesproken in het overleg.' },
      { version: version ?? (await draft()).version },
    )
  const versions = async () => (await admin.get<RulebookVersion[]>('/rulebooks')).body

  test('everybody reads it and the catalogues, in their language; only an administrator publishes', async () => {
    for (const role of ['intake', 'lead', 'worker', 'admin'] as const) {
      const caller = await app.as(role)
      expect((await caller.get<Book>('/rulebook')).body).toMatchObject({ version: 1, content: startRulebook })
      const { body } = await caller.get<Catalogues>('/catalogues')
      expect(body.measures.find(one => one.code === 'OTS')?.name).toBe('Ondertoezichtstelling (OTS)')
      expect(body.factors.filter(one => one.isThreat).map(one => one.code)).toEqual(['DREIGING'])
      expect(body.municipalities).toHaveLength(14)
      if (role === 'admin') continue
      const publication = { effectiveFrom: TODAY, content: startRulebook, reason: 'Zomaar.' }
      expect((await caller.post('/rulebooks', publication, { version: 0 })).status).toBe(403)
      const mayPreview = role === 'lead' ? 200 : 403
      expect((await caller.get('/rulebook/draft')).status).toBe(mayPreview)
      expect((await caller.get('/rulebook/effect?version=1')).status).toBe(mayPreview)
    }
  })

  test('what a schema cannot say is checked too', async () => {
    const refused = async (content: unknown, effectiveFrom = TODAY) => {
      const { status, body, text } = await publish(content, effectiveFrom)
      expect(status, text).toBe(422)
      return (body as unknown as ProblemDetails).errors!
    }
    const { wishTurn: _, ...criteria } = startRulebook.criteria
    const found = await refused({
      ...startRulebook,
      criteria,
      bandLow: 1.2,
      hardLimit: 1,
      newPerMonth: 1,
      caseTimeShare: 0.05,
      rampUp: [
        { untilMonth: 3, share: 0.5 },
        { untilMonth: 3, share: 0.6 },
      ],
      weight: { ...startRulebook.weight, bases: [{ measure: 'NIETS', begin: 1, middle: 1, end: 1 }] },
      kindCaps: [{ kind: 'factor', code: 'OTS', most: 2 }],
      usualNeeds: [
        { kind: 'measure', code: 'UHP', competences: [{ code: 'NIETS', level: 1, need: 'required' }] },
        { kind: 'measure', code: 'OTS', competences: [{ code: 'OTS', level: 4, need: 'wanted' }] },
      ],
      loadCost: [
        { from: 0, pointsPerHour: 2 },
        { from: 0.5, pointsPerHour: 1 },
      ],
      profiles: [
        { ...STANDARD_PROFILES[0]!, ended: true, criteria: { wishTurn: 5 } },
        { ...STANDARD_PROFILES[0]!, ended: true },
      ],
    })
    expect(found.map(one => one.field)).toEqual([
      'content.caseTimeShare',
      'content.bandLow',
      'content.hardLimit',
      'content.newPerMonth',
      'content.weight.bases.0.measure',
      'content.kindCaps.0.code',
      'content.usualNeeds.0.code',
      'content.usualNeeds.0.competences.0.code',
      'content.usualNeeds.1.competences.0.level',
      'content.profiles.0.criteria.wishTurn',
      'content.profiles.1.code',
      'content.profiles.0.ended',
      'content.rampUp.1.untilMonth',
      'content.loadCost.1',
    ])
    expect(found[0]!.message).toBe('Vul een getal in van 20 tot en met 100 %.')
    expect((await refused(startRulebook, '2026-11-01'))[0]!.field).toBe('effectiveFrom')
    expect((await refused(startRulebook, '2099-01-01'))[0]!.field).toBe('effectiveFrom')
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
    // Who has cases hears once that other rules changed the load.
    const holder = await app.as('worker')
    const told = async () => (await holder.get<Messages>('/messages')).body.messages.map(one => one.sentence)
    const apply = (day: string) => reweighAll(app.db, new Date(`${day}T00:30:00+01:00`))
    expect(await apply(TODAY)).toBe(0)
    // Two servers at once: the change and its event come once.
    const both = await Promise.all([apply('2026-12-01'), apply('2026-12-01')])
    expect(both.sort()).toEqual([0, 1])
    expect(await hours()).toEqual({ hours: 6, agreedHours: 5 })
    // Told at once, before a later version begins, and on its day: each time with the load that is seen on the screen.
    const loadOn = async (day: string) => {
      const { workers } = (await lead.get<Workload>(`/workers?on=${day}`)).body
      const share = workers.find(one => one.staffNumber === app.staffNumber)!.load.workload! * 100
      return `${share.toFixed(1).replace('.', ',')}\u00a0%`
    }
    const now = await loadOn(TODAY)
    const later = await loadOn('2026-12-01')
    expect(later).not.toBe(now)
    expect(await told()).toEqual([
      `Er gelden nieuwe regels (versie 3). Je werklast gaat daardoor van ${now} naar ${later}. Bekijk hoe die is opgebouwd.`,
      `Vanaf 1 december 2026 gelden nieuwe regels (versie 3). Met je zaken van nu gaat je werklast dan van ${now} naar ${later}.`,
      expect.stringMatching(
        /^Er gelden nieuwe regels \(versie 2\)\. Je werklast gaat daardoor van [\d,]+\u00a0% naar /,
      ),
    ])
    expect((await told())[2]).toContain(`naar ${now}.`)
    await apply('2026-12-01')
    expect(await told()).toHaveLength(3)
    const events = await app.db
      .selectFrom('event')
      .select(['type', 'objectId', 'data'])
      .where('objectType', '=', 'rulebook')
      .orderBy('seq')
      .execute()
    expect(events).toEqual([
      {
        type: 'rulebook.published',
        objectId: '2',
        data: {
          effectiveFrom: TODAY,
          instead: 1,
          changes: [{ field: 'weight/bases/OTS/begin', from: 5, to: 40 }],
          reasonSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
      { type: 'rulebook.applied', objectId: '2', data: { seats: 1, from: 5, to: 40 } },
      {
        type: 'rulebook.published',
        objectId: '3',
        data: expect.objectContaining({ effectiveFrom: '2026-12-01', instead: 2 }),
      },
      { type: 'rulebook.applied', objectId: '3', data: { seats: 1, from: 40, to: 6 } },
    ])
  })

  test('of two at once with the same draft in hand, one publishes and the other is told', async () => {
    const { version } = await draft()
    const [one, other] = await Promise.all([
      publish(startRulebook, '2027-06-01', version),
      publish(startRulebook, '2027-06-02', version),
    ])
    expect([one.status, other.status].sort()).toEqual([201, 412])
    const lost = (one.status === 412 ? one : other).body as unknown as ProblemDetails
    expect(lost.version).toBe(version + 1)
    // The one that lost may go on with what the draft is now: nothing of it has to be typed again.
    expect((await publish(startRulebook, '2027-06-02')).status).toBe(201)
  })

  test('the same request twice publishes once', async () => {
    const before = (await versions()).length
    const { version } = await draft()
    const key = randomUUID()
    const body = { effectiveFrom: '2027-07-01', content: startRulebook, reason: 'Twee keer gestuurd.' }
    const first = await admin.post<Book>('/rulebooks', body, { version, key })
    const again = await admin.post<Book>('/rulebooks', body, { version, key })
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body.version).toBe(first.body.version)
    expect(await versions()).toHaveLength(before + 1)
  })

  test('a draft is kept, also half thought out; another administrator meets the newer one and loses nothing', async () => {
    const colleague = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'admin' }],
        name: 'Collega',
      }),
    )
    const { version } = await draft()
    const half = { ...startRulebook, bandLow: 1.3 }
    const keep = (content: unknown, at: number, who = admin) =>
      who.put<RulebookDraft>('/rulebook/draft', { content, basedOn: 1 }, { version: at })
    expect((await keep(half, version)).body).toMatchObject({ version: version + 1, basedOn: 1 })
    expect(await draft(colleague)).toMatchObject({ content: half, updatedBy: 'Standaard admin' })
    expect((await keep(startRulebook, version, colleague)).status).toBe(412)
    expect((await publish(startRulebook, '2027-08-01', version)).status).toBe(412)
    expect((await draft()).content).toEqual(half)
    expect((await keep(withOts(7), version + 1, colleague)).body.updatedBy).toBe('Collega')
    expect((await keep(startRulebook, version + 2)).status).toBe(200)
    // A screen writes out the profiles that held already: that is no difference, in the log as on screen.
    const { profiles } = (await admin.get<Book & { profiles: unknown }>('/rulebooks/1')).body
    expect((await keep({ ...startRulebook, bandLow: 0.85, profiles }, version + 3)).status).toBe(200)
    const told = await app.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'rulebook.drafted')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    expect(told.data).toEqual({ basedOn: 1, changes: 1 })
    const gone = await admin.delete<RulebookDraft>('/rulebook/draft', { version: version + 4 })
    expect(gone.body).toMatchObject({ content: null, version: version + 5 })
    expect((await admin.get('/rulebook/effect')).status).toBe(404)
    expect(
      (await admin.put('/rulebook/draft', { content: half, basedOn: 99 }, { version: version + 5 })).status,
    ).toBe(404)
  })

  test('versions say who, when, why and from when until when; one that has not begun can be withdrawn', async () => {
    const coming = (await publish(withOts(9), '2027-09-01')).body.version
    const listed = await versions()
    expect(listed.map(one => one.version)).toEqual(listed.map((_, index) => listed.length - index))
    expect(listed[0]).toMatchObject({
      version: coming,
      state: 'coming',
      effectiveFrom: '2027-09-01',
      until: null,
      createdBy: 'Standaard admin',
      reason: 'Afgesproken in het overleg.',
    })
    expect(listed.at(-1)).toMatchObject({ version: 1, state: 'past' })
    const on = async (day: string) => (await admin.get<Book>(`/rulebook?on=${day}`)).body.version
    expect(await on('2027-09-01')).toBe(coming)
    expect(await on('2027-08-31')).not.toBe(coming)
    expect((await admin.get<Book>(`/rulebooks/${coming}`)).body.content).toEqual(withOts(9))

    const withdraw = (version: number, caller = admin) =>
      caller.post<RulebookVersion[]>(`/rulebooks/${version}/withdrawal`, { reason: 'Toch niet.' })
    expect((await withdraw(coming, await app.as('lead'))).status).toBe(403)
    const after = await withdraw(coming)
    expect(after.status, after.text).toBe(201)
    expect(after.body[0]).toMatchObject({
      state: 'withdrawn',
      withdrawn: { by: 'Standaard admin', reason: 'Toch niet.' },
    })
    expect(await on('2027-09-01')).not.toBe(coming)
    expect((await admin.get(`/rulebooks/${coming}`)).status).toBe(200)
    expect((await withdraw(coming)).status).toBe(409)
    expect((await withdraw(9999)).status).toBe(404)
    await expect(sql`delete from rulebook where version = ${coming}`.execute(app.db)).rejects.toThrow(
      'never deleted',
    )
    // The number of a withdrawn version is not used again.
    expect((await publish(withOts(9), '2027-09-01')).body.version).toBe(coming + 1)
  })

  test('a version that began today can be withdrawn today: the one before holds again, and who was told hears it', async () => {
    const theCase = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, { caseId: theCase.id, workerId: app.workerId, hours: 5 })
    const hours = async () =>
      (
        await app.db
          .selectFrom('allocation')
          .select('hours')
          .where('caseId', '=', theCase.id)
          .executeTakeFirstOrThrow()
      ).hours
    const withdrawable = async () =>
      (await versions()).filter(one => one.withdrawable).map(one => [one.version, one.state])
    const before = (await admin.get<Book>('/rulebook')).body
    const standing = await withdrawable()
    const version = (await publish(withOts(33), TODAY)).body.version
    expect(await hours()).toBe(33)
    // The one that began today before it is replaced: nothing counts by it as long as this one stands.
    expect(standing).toContainEqual([before.version, 'inForce'])
    expect(await withdrawable()).toEqual([
      [version, 'inForce'],
      ...standing.filter(([number]) => number !== before.version),
    ])
    expect((await admin.post(`/rulebooks/${before.version}/withdrawal`, { reason: 'Zomaar.' })).status).toBe(
      409,
    )
    const withdrawn = await admin.post<RulebookVersion[]>(`/rulebooks/${version}/withdrawal`, {
      reason: 'Vergissing.',
    })
    expect(withdrawn.status, withdrawn.text).toBe(201)
    expect(withdrawn.body.find(one => one.version === version)).toMatchObject({
      state: 'withdrawn',
      withdrawable: false,
    })
    expect((await admin.get<Book>('/rulebook')).body.version).toBe(before.version)
    expect(await hours()).toBe(before.content.weight.bases.find(one => one.measure === 'OTS')!.begin)
    const [newest] = (await (await app.as('worker')).get<Messages>('/messages')).body.messages
    expect(newest!.sentence).toBe(
      `De nieuwe regels (versie ${version}) zijn ingetrokken. Je werklast telt weer volgens versie ${before.version}.`,
    )
    // What held on a day that has passed stays, and so does the only version there is.
    const first = (await versions()).at(-1)!
    expect(first).toMatchObject({ version: 1, withdrawable: false })
    expect((await admin.post('/rulebooks/1/withdrawal', { reason: 'Zomaar.' })).status).toBe(409)
  })
})
