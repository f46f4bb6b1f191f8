import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Messages } from '../../server/contract/messages.ts'
import type { Signal, SignalList } from '../../server/contract/signals.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('signals', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  const teamOfOwn = async () => {
    const { organisationId } = app
    const teamId = await aTeam(app.db, { organisationId })
    const userId = await aUser(app.db, { organisationId, roles: [{ role: 'lead', teamId }] })
    return { scope: { organisationId, teamId }, teamId, userId, caller: await app.signIn(userId) }
  }
  const list = async (caller: Caller) => {
    const answer = await caller.get<SignalList>('/signals')
    expect(answer.status, answer.text).toBe(200)
    return answer.body.signals
  }
  const handling = (signal: Signal, given: object) => ({
    kind: signal.kind,
    subject: signal.subject,
    mark: signal.mark,
    assignedTo: null,
    until: null,
    note: null,
    ...given,
  })

  test('each kind is found when it is so, and not a day before', async () => {
    const { scope, caller, userId } = await teamOfOwn()
    const heavy = async (
      worker: { id: number },
      startsOn: string,
      hours: number,
      endsOn: string | null = null,
    ) => {
      const one = await aCase(app.db, { ...scope, phase: 'middle' })
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, hours, endsOn })
      if (endsOn !== null && endsOn <= TODAY) {
        await app.db.updateTable('caseFile').set({ closedOn: endsOn }).where('id', '=', one.id).execute()
      }
      return one
    }
    // 26,28 norm hours: 29 is above 110 %.
    const long = await aWorker(app.db, { ...scope, name: 'A. Lang' })
    await heavy(long, '2026-10-27', 29)
    const short = await aWorker(app.db, { ...scope, name: 'B. Kort' })
    await heavy(short, '2026-10-28', 29)
    const dipped = await aWorker(app.db, { ...scope, name: 'C. Dip' })
    await heavy(dipped, '2026-06-01', 20)
    await heavy(dipped, '2026-06-01', 9, '2026-11-10')
    await heavy(dipped, '2026-11-11', 9)
    await aWorker(app.db, {
      ...scope,
      name: 'D. Opbouw',
      reductions: [
        { reasonCode: 'OPBOUW', percentage: 20, validFrom: '2026-06-01', validUntil: '2026-12-08' },
        { reasonCode: 'TAAK', percentage: 10, validFrom: '2026-06-01', validUntil: '2026-12-09' },
      ],
    })
    const leaving = await aWorker(app.db, { ...scope, name: 'E. Weg', employedUntil: '2026-12-31' })
    await heavy(leaving, '2026-10-01', 4)
    await heavy(leaving, '2026-10-01', 4, '2027-01-01')
    const orphan = await aCase(app.db, scope)
    await anAllocation(app.db, {
      caseId: orphan.id,
      workerId: short.id,
      startsOn: '2026-01-01',
      endsOn: '2026-11-20',
      hours: 1,
    })
    const waiting = await aCase(app.db, scope)
    const over = await aCase(app.db, {
      ...scope,
      measures: [{ code: 'OTS', startOn: '2025-01-01', endOn: '2026-10-24' }],
    })
    await aCase(app.db, { ...scope, measures: [{ code: 'OTS', startOn: '2025-01-01', endOn: '2026-10-25' }] })
    await aWorker(app.db, { ...scope, name: 'F. Verlopen', registrationUntil: '2026-11-23' })

    const found = await list(caller)
    expect(found.map(one => [one.kind, one.about.name])).toEqual([
      ['caseWithoutOwner', orphan.caseNumber],
      ['longAboveNorm', 'A. Lang'],
      ['workerLeaves', 'E. Weg'],
      ['reductionEnds', 'D. Opbouw'],
      ['oldData', over.caseNumber],
      ['oldData', 'F. Verlopen'],
    ])
    expect(found[1]!.sentence).toBe('A. Lang zit al vier weken of langer boven de norm, nu op 110,4\u00a0%.')
    expect(found[2]!.sentence).toContain('nog 1 zaak')
    expect(JSON.stringify(found)).not.toContain(waiting.caseNumber)
    // A day later the other one has been above for four weeks too.
    app.clock.at = new Date('2026-11-25T10:00:00+01:00')
    expect((await list(await app.signIn(userId))).filter(one => one.kind === 'longAboveNorm')).toHaveLength(2)
    app.clock.at = new Date(`${TODAY}T10:00:00+01:00`)
  })

  test('putting off hides it until the day, resolving until it has lasted four weeks more', async () => {
    const { scope, caller: first, userId } = await teamOfOwn()
    let caller = first
    const later = async (day: string) => {
      app.clock.at = new Date(`${day}T10:00:00+01:00`)
      caller = await app.signIn(userId)
    }
    await aWorker(app.db, { ...scope, name: 'G. Verlopen', registrationUntil: '2026-11-01' })
    const [signal] = await list(caller)
    const snooze = handling(signal!, { outcome: 'snoozed', until: '2026-12-01' })
    const key = randomUUID()
    const done = await caller.post<Signal>('/signals/handling', snooze, { version: 0, key })
    expect(done.status, done.text).toBe(200)
    expect(done.body).toMatchObject({ state: 'snoozed', hiddenUntil: '2026-12-01', version: 1 })
    expect(
      (await caller.post('/signals/handling', snooze, { version: 0, key })).headers['idempotent-replay'],
    ).toBe('true')
    // Somebody else who still saw it untouched.
    expect((await caller.post('/signals/handling', snooze, { version: 0 })).status).toBe(412)

    await later('2026-12-01')
    expect((await list(caller))[0]).toMatchObject({ state: 'open', version: 1 })
    const resolve = handling(signal!, { outcome: 'resolved', note: 'Registratie is aangevraagd.' })
    expect((await caller.post<Signal>('/signals/handling', resolve, { version: 1 })).body).toMatchObject({
      state: 'resolved',
      hiddenUntil: '2026-12-29',
      note: 'Registratie is aangevraagd.',
    })
    await later('2026-12-29')
    expect((await list(caller))[0]?.state).toBe('open')
    await later(TODAY)

    const { rows } = {
      rows: await app.db.selectFrom('event').selectAll().where('objectType', '=', 'signal').execute(),
    }
    expect(rows.map(row => row.type)).toEqual(['signal.snoozed', 'signal.resolved'])
    expect(JSON.stringify(rows)).not.toContain('aangevraagd')
    const events = await caller.get<{ events: { sentence: string }[] }>('/events?object=signal')
    expect(events.body.events[0]?.sentence).toMatch(/handelde een signaal over .* af\.$/)
  })

  test('giving it to somebody of the team; what is wrong is named', async () => {
    const { scope, caller, userId, teamId } = await teamOfOwn()
    const helper = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'intake', teamId }],
      name: 'H. Hulp',
    })
    const stranger = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'intake', teamId: app.otherTeamId }],
    })
    await aWorker(app.db, { ...scope, registrationUntil: '2026-11-01' })
    const [ofPerson] = await list(caller)
    expect(ofPerson?.ofCase).toBe(false)
    // What is about a person is for a lead only: nobody gets what they cannot see and close.
    const toHelper = handling(ofPerson!, { outcome: 'assigned', assignedTo: helper })
    expect((await caller.post('/signals/handling', toHelper, { version: 0 })).status).toBe(422)
    await aCase(app.db, { ...scope, measures: [{ code: 'OTS', startOn: '2025-01-01', endOn: '2026-10-20' }] })
    const signal = (await list(caller)).find(one => one.about.kind === 'case')
    const send = (given: object) =>
      caller.post<Signal>('/signals/handling', handling(signal!, given), { version: 0 })
    expect((await send({ outcome: 'assigned', assignedTo: stranger })).status).toBe(422)
    expect((await send({ outcome: 'snoozed', until: TODAY })).status).toBe(422)
    expect((await send({ outcome: 'snoozed' })).status).toBe(422)
    expect((await send({ outcome: 'resolved' })).status).toBe(422)
    expect((await send({ outcome: 'assigned', assignedTo: helper, subject: 'bestaat-niet' })).status).toBe(
      404,
    )
    const given = await send({ outcome: 'assigned', assignedTo: helper })
    expect(given.status, given.text).toBe(200)
    expect(given.body).toMatchObject({
      state: 'open',
      assignedTo: { id: helper, name: 'H. Hulp' },
      version: 1,
    })
    const people = (await caller.get<SignalList>('/signals')).body.people
    expect(people.map(one => [one.id, one.teamIds, one.caseTeamIds]).sort()).toEqual(
      [
        [helper, [], [teamId]],
        [userId, [teamId], []],
      ].sort(),
    )
    // Who gets it hears so, sees it and can close it.
    const helped = await app.signIn(helper)
    const told = (await helped.get<Messages>('/messages')).body.messages
    expect(told.map(one => [one.kind, one.link])).toEqual([['signal.given', '/signalen?toon=mine']])
    const mine = (await helped.get<SignalList>('/signals?show=mine')).body.signals
    expect(mine.map(one => one.subject)).toEqual([signal!.subject])
    const closed = await helped.post<Signal>(
      '/signals/handling',
      handling(signal!, { outcome: 'resolved', note: 'De zaak is afgesloten.' }),
      { version: 1 },
    )
    expect(closed.body.state, closed.text).toBe('resolved')
  })

  test('who has cases and is away, or has no norm, is a signal at once; cover and a few days off are none', async () => {
    const { scope, caller, teamId } = await teamOfOwn()
    const intake = await app.signIn(
      await aUser(app.db, { organisationId: app.organisationId, roles: [{ role: 'intake', teamId }] }),
    )
    const holder = async (name: string, given: object = {}) => {
      const worker = await aWorker(app.db, { ...scope, name, ...given })
      const one = await aCase(app.db, { ...scope, phase: 'middle' })
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id })
      return { worker, caseId: one.id }
    }
    const away = (validFrom: string, validUntil: string | null, percentage = 100) => ({
      absences: [{ percentage, validFrom, validUntil }],
    })
    await holder('A. Weg', away(TODAY, null))
    await holder('B. Kort', away('2026-11-23', '2026-11-26'))
    await holder('C. Later', away('2026-11-25', null))
    await holder('D. Week', away('2026-11-20', '2026-11-26'))
    await holder('E. Deels', away('2026-11-01', null, 50))
    await holder('F. Nul', { contractHours: 8, dutyHours: 8 })
    const covered = await holder('G. Waarneming', away(TODAY, null))
    const cover = await aWorker(app.db, { ...scope, name: 'H. Neemt waar' })
    await anAllocation(app.db, { caseId: covered.caseId, workerId: cover.id, seat: 'cover' })
    await aWorker(app.db, { ...scope, name: 'I. Zonder zaken', ...away(TODAY, null) })

    const found = async (by: Caller) => (await list(by)).filter(one => one.kind === 'holderAway')
    expect((await found(caller)).map(one => [one.about.name, one.day])).toEqual([
      ['D. Week', '2026-11-20'],
      ['A. Weg', TODAY],
      ['F. Nul', null],
    ])
    expect((await found(caller))[1]!.sentence).toContain('en heeft 1 zaak zonder vervanger')
    // Their cases are of the intake too.
    expect(await found(intake)).toHaveLength(3)
    expect((await list(intake)).every(one => one.ofCase)).toBe(true)
    // Within the minute: the next reading has it, also when cover goes away.
    await app.db
      .insertInto('absence')
      .values({ workerId: cover.id, percentage: 100, validFrom: TODAY, validUntil: null })
      .execute()
    expect((await found(caller)).map(one => one.about.name)).toContain('G. Waarneming')
  })

  test('for leads, of cases for the intake, and only of their own teams', async () => {
    const { scope, caller } = await teamOfOwn()
    const other = await teamOfOwn()
    await aWorker(app.db, { ...scope, registrationUntil: '2026-11-01' })
    const [signal] = await list(caller)
    expect(await list(other.caller)).toEqual([])
    expect((await other.caller.get(`/signals?team=${scope.teamId}`)).status).toBe(404)
    const answer = await other.caller.post('/signals/handling', handling(signal!, { outcome: 'assigned' }), {
      version: 0,
    })
    expect(answer.status).toBe(404)
    for (const role of ['worker', 'admin'] as const) {
      expect((await (await app.as(role)).get('/signals')).status, role).toBe(403)
    }
    const intake = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: scope.teamId }],
      }),
    )
    // An expired registration is about a person.
    expect(await list(intake)).toEqual([])
    expect(
      (await intake.post('/signals/handling', handling(signal!, { outcome: 'assigned' }), { version: 0 }))
        .status,
    ).toBe(404)
  })
})
