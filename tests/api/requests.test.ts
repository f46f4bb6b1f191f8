import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import type { Counts, Messages } from '../../server/contract/messages.ts'
import type { CourseList } from '../../server/contract/phases.ts'
import type { TeamRequests } from '../../server/contract/requests.ts'
import type { SignalList } from '../../server/contract/signals.ts'
import type { Today } from '../../server/contract/today.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('requests and signals of a team', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  async function aTeamThatAsks() {
    const { organisationId } = app
    const teamId = await aTeam(app.db, { organisationId })
    const worker = await aWorker(app.db, { organisationId, teamId })
    const me = await app.signIn(
      await aUser(app.db, { organisationId, workerId: worker.id, roles: [{ role: 'worker' }] }),
    )
    const leadId = await aUser(app.db, { organisationId, roles: [{ role: 'lead', teamId }] })
    return { teamId, worker, me, leadId, lead: await app.signIn(leadId) }
  }

  test('a long list is read in pages, without gaps or repeats, open ones first', async () => {
    const { me, lead } = await aTeamThatAsks()
    for (let n = 0; n < 7; n++) {
      const made = await me.post('/mine/corrections', { subject: 'other', text: `Vraag ${n}` })
      expect(made.status, made.text).toBe(201)
    }
    const { requests } = (await lead.get<TeamRequests>('/requests')).body
    for (const one of requests.slice(0, 3)) {
      const answer = await lead.post(
        `/requests/${one.id}/answer`,
        { outcome: 'declined', text: 'Nee.', hours: null },
        { version: one.version },
      )
      expect(answer.status, answer.text).toBe(200)
    }
    const read: number[] = []
    let after = ''
    for (let pages = 0; pages < 9; pages++) {
      const { status, text, body } = await lead.get<TeamRequests>(`/requests?limit=2${after}`)
      expect(status, text).toBe(200)
      expect(body.counts).toEqual({ open: 4, settled: 3 })
      expect(body.requests.length).toBeLessThanOrEqual(2)
      read.push(...body.requests.map(one => one.id))
      if (body.next === null) break
      after = `&after=${body.next}`
    }
    const all = (await lead.get<TeamRequests>('/requests')).body
    expect(read).toEqual(all.requests.map(one => one.id))
    expect(all.requests.map(one => one.status === 'open')).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect((await lead.get<TeamRequests>('/requests?kind=weight')).body).toMatchObject({
      requests: [],
      next: null,
      counts: { open: 0, settled: 0 },
    })
    expect((await lead.get('/requests?after=open:x')).status).toBe(400)
    expect((await lead.get('/requests?limit=0')).status).toBe(400)
  })

  test('who changes whether leave needs an answer has seen how it was', async () => {
    const { teamId, lead, me } = await aTeamThatAsks()
    const [team] = (await lead.get<TeamRequests>('/requests')).body.teams
    expect(team).toMatchObject({ teamId, approval: true, version: 1 })
    const path = `/teams/${teamId}/availability`
    const seen = (version: number) => ({ version, key: randomUUID() })
    const changed = await lead.put(path, { approval: false }, seen(1))
    expect(changed.body, changed.text).toMatchObject({ approval: false, version: 2 })
    expect((await lead.put(path, { approval: true }, seen(1))).status).toBe(412)
    expect((await lead.put(path, { approval: false }, seen(2))).body).toMatchObject({ version: 2 })
    expect((await me.put(path, { approval: true }, seen(2))).status).toBe(403)
    expect((await (await aTeamThatAsks()).lead.put(path, { approval: true }, seen(2))).status).toBe(404)
  })

  test('signals in pages and by kind; the log holds numbers and shows names as they are now', async () => {
    const { teamId, lead, leadId, worker, me } = await aTeamThatAsks()
    const { organisationId } = app
    for (let n = 0; n < 5; n++) {
      const one = await aCase(app.db, { organisationId, teamId, receivedOn: '2026-01-05' })
      await app.db.deleteFrom('caseMeasure').where('caseId', '=', one.id).execute()
      await app.db
        .insertInto('caseMeasure')
        .values({ caseId: one.id, measureCode: 'OTS', startOn: '2026-01-05', endOn: `2026-09-0${n + 1}` })
        .execute()
    }
    await me.post('/mine/corrections', { subject: 'other', text: 'Mijn uren kloppen niet.' })
    const whole = (await lead.get<SignalList>('/signals')).body
    expect(whole.counts).toEqual({ open: 6, hidden: 0 })
    const first = (await lead.get<SignalList>('/signals?limit=4')).body
    const second = (await lead.get<SignalList>(`/signals?limit=4&from=${first.next}`)).body
    expect([...first.signals, ...second.signals]).toEqual(whole.signals)
    expect([first.next, second.next]).toEqual([4, null])
    expect((await lead.get<SignalList>('/signals?kind=oldData')).body.signals).toHaveLength(5)
    expect((await lead.get<SignalList>('/signals?show=hidden')).body.signals).toEqual([])

    const request = whole.signals.find(one => one.kind === 'requestOpen')!
    const { kind, subject, mark } = request
    const given = await lead.post(
      '/signals/handling',
      { kind, subject, mark, outcome: 'assigned', assignedTo: leadId, until: null, note: null },
      { version: 0 },
    )
    expect(given.status, given.text).toBe(200)
    expect((await lead.get<SignalList>('/signals?show=mine')).body.signals).toHaveLength(1)
    const event = await app.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'signal.assigned')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const { name } = await app.db
      .selectFrom('worker')
      .select('name')
      .where('id', '=', worker.id)
      .executeTakeFirstOrThrow()
    expect(event.data).toMatchObject({ about: subject, toUser: leadId })
    expect(JSON.stringify(event.data)).not.toContain(name)
    await app.db.updateTable('userAccount').set({ name: 'N. Nieuw' }).where('id', '=', leadId).execute()
    const log = await lead.get<{ events: { sentence: string }[] }>('/events?type=signal.assigned')
    expect(log.body.events[0]?.sentence).toContain('aan N. Nieuw')
  })

  test('who can answer hears of a request and sees it counted; who asked hears the answer', async () => {
    const { teamId, worker, me, lead } = await aTeamThatAsks()
    const { organisationId } = app
    const intake = await app.signIn(
      await aUser(app.db, { organisationId, roles: [{ role: 'intake', teamId }] }),
    )
    const kinds = async (caller: Caller) =>
      (await caller.get<Messages>('/messages')).body.messages.map(one => [one.kind, one.link])
    const waiting = async (caller: Caller) => (await caller.get<Counts>('/counts')).body
    const made = await me.post<{ id: number; version: number }>('/mine/corrections', {
      subject: 'other',
      text: 'Klopt dit?',
    })
    expect(made.status, made.text).toBe(201)
    expect(await kinds(lead)).toEqual([['request.made', '/aanvragen']])
    expect(await waiting(lead)).toMatchObject({ messages: 1, requests: 1, approvals: 0, proposals: null })
    // A correction is between worker and lead; a weight is for the intake too.
    expect(await kinds(intake)).toEqual([])
    expect(await waiting(intake)).toMatchObject({ messages: 0, requests: 0, approvals: 0, proposals: null })
    const held = await aCase(app.db, { organisationId, teamId })
    await anAllocation(app.db, { caseId: held.id, workerId: worker.id })
    const disputed = await me.post('/mine/disputes', {
      caseNumber: held.caseNumber,
      hours: 6,
      text: 'Het is meer werk.',
    })
    expect(disputed.status, disputed.text).toBe(201)
    expect(await kinds(intake)).toEqual([['request.made', '/aanvragen']])
    expect((await waiting(intake)).requests).toBe(1)

    const answer = { outcome: 'declined', text: 'Het klopt.', hours: null }
    const answered = await lead.post(`/requests/${made.body.id}/answer`, answer, {
      version: made.body.version,
    })
    expect(answered.status, answered.text).toBe(200)
    expect(await kinds(me)).toEqual([['request.declined', '/mijn/historie']])
    expect(await waiting(me)).toMatchObject({ messages: 1, requests: null, approvals: null, proposals: 0 })
    expect((await waiting(lead)).requests).toBe(1)
  })

  test('what waits is counted as the pages show it, and only where somebody has the page', async () => {
    const { teamId, worker, me, lead } = await aTeamThatAsks()
    const scope = { organisationId: app.organisationId, teamId }
    const intakeId = await aUser(app.db, { ...scope, roles: [{ role: 'intake', teamId }] })
    const intake = await app.signIn(intakeId)
    const admin = await app.as('admin')
    const held = await aCase(app.db, { ...scope, receivedOn: '2025-11-01' })
    await anAllocation(app.db, { caseId: held.id, workerId: worker.id, startsOn: '2025-11-10' })
    const waits = await aCase(app.db, scope)
    const asked = await intake.post(`/cases/${waits.caseNumber}/estimates`, {
      userIds: [lead.userId, intakeId],
    })
    expect(asked.status, asked.text).toBe(201)
    for (const caller of [intake, lead, me]) {
      const { body } = await caller.get<Counts>('/counts')
      const { proposals } = (await caller.get<CourseList>('/phases')).body
      const estimates = (await caller.get<Endpoints['GET /estimates']['reply']>('/estimates')).body
      expect(body.phases).toBe(proposals.length)
      expect(body.phases).toBe(1)
      expect(body.estimates).toBe(estimates.filter(one => one.iAmAsked && one.mine === null).length)
      if (caller === me) continue
      expect(body.signals).toBe((await caller.get<SignalList>('/signals')).body.counts.open)
      expect(body.signals).toBeGreaterThan(0)
      expect(body.intake).toBe((await caller.get<Today>('/today')).body.waiting.cases)
    }
    expect((await lead.get<Counts>('/counts')).body.estimates).toBe(1)
    expect((await me.get<Counts>('/counts')).body).toMatchObject({
      intake: null,
      signals: null,
      estimates: 0,
    })
    expect((await admin.get<Counts>('/counts')).body).toMatchObject({
      intake: null,
      signals: null,
      phases: null,
    })
  })

  test('dormancy that is proposed is told to the lead, and the answer to who proposed it', async () => {
    const { teamId, worker, me, lead } = await aTeamThatAsks()
    const one = await aCase(app.db, { organisationId: app.organisationId, teamId })
    await anAllocation(app.db, { caseId: one.id, workerId: worker.id })
    const kinds = async (caller: Caller) =>
      (await caller.get<Messages>('/messages')).body.messages.map(message => message.kind)
    const asked = { fromOn: '2026-12-01', untilOn: '2027-01-15', reason: 'waitingForCourt' }
    const made = await me.post(`/cases/${one.caseNumber}/dormancy`, asked, { version: 1 })
    expect(made.status, made.text).toBe(200)
    expect(await kinds(lead)).toEqual(['dormancy.asked'])
    const { rows } = await app.open.pool.query('select id from dormancy where case_id = $1', [one.id])
    const { rows: cases } = await app.open.pool.query('select version from case_file where id = $1', [one.id])
    const answer = await lead.post(
      `/cases/${one.caseNumber}/dormancy/${rows[0].id}/answer`,
      { outcome: 'declined' },
      { version: cases[0].version },
    )
    expect(answer.status, answer.text).toBe(200)
    expect(await kinds(me)).toEqual(['dormancy.declined'])
  })
})
