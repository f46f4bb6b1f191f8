import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('any spelling of a number', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
    const organisationId = app.organisationId
    const teamId = app.teamId
    await aWorker(app.db, { organisationId, teamId, staffNumber: 'kb-017' })
    await aCase(app.db, { organisationId, teamId, caseNumber: 'ZK-2031-0042', familyNumber: 'GZ-8' })
  })
  afterAll(() => app.close())

  test('opens what it names, in an address and in what is sent', async () => {
    for (const spelling of [
      'ZK-2031-0042',
      'zk-2031-0042',
      'Zk-2031-0042',
      '%EF%BC%BAK-2031-0042',
      'zk-2031-0042%C2%A0',
    ]) {
      const { status, body } = await intake.get(`/cases/${spelling}`)
      expect([status, body.caseNumber], spelling).toEqual([200, 'ZK-2031-0042'])
    }
    expect((await lead.get('/workers/KB-017')).body.staffNumber).toBe('kb-017')
    expect((await intake.get('/cases/zk-2031-0043')).status).toBe(404)
  })

  test('that stood there twice before is listed for an administrator, the oldest first', async () => {
    const { organisationId, teamId } = app
    const admin = await app.as('admin')
    expect((await admin.get('/organisation/twins')).body).toEqual([])
    await aWorker(app.db, { organisationId, teamId, staffNumber: 'tw-1' })
    await sql`insert into worker
      (organisation_id, team_id, staff_number, name, contract_hours, registration, employed_from, twin)
      select organisation_id, team_id, 'TW-1', name, contract_hours, registration, employed_from, true
      from worker where staff_number = 'tw-1'`.execute(app.db)
    const { name: team } = await app.db
      .selectFrom('team')
      .select('name')
      .where('id', '=', teamId)
      .executeTakeFirstOrThrow()
    expect((await admin.get('/organisation/twins')).body).toEqual([
      {
        kind: 'worker',
        list: null,
        names: [
          { name: 'tw-1', team },
          { name: 'TW-1', team },
        ],
      },
    ])
    expect((await lead.get('/organisation/twins')).status).toBe(403)
  })

  test('is refused for a second worker, case, family or team that looks the same', async () => {
    const input = {
      teamId: app.teamId,
      familyNumber: 'gz-8',
      measures: [],
      phase: 'begin',
      children: 1,
      factors: [],
      urgency: 'normal',
      receivedOn: '2026-11-20',
      municipality: null,
      competences: [],
      duoNeeded: false,
      formerWorkers: ['KB-017'],
    }
    expect((await intake.post('/cases', { ...input, caseNumber: 'zk-2031-0042' })).status).toBe(409)
    const made = await intake.post('/cases', { ...input, caseNumber: 'ZK-2031-0050' })
    expect(made.body).toMatchObject({ familyNumber: 'GZ-8', formerWorkers: [{ staffNumber: 'kb-017' }] })
    expect(await app.db.selectFrom('family').select('id').execute()).toHaveLength(1)
    const admin = await app.as('admin')
    const names = ['Team\u00a0Oost', 'team  OOST', 'Team\u200b Oost']
    for (const name of names) expect((await admin.post('/teams', { name })).status, name).toBe(409)
    expect((await admin.post('/teams', { name: ' Team\u00a0Zuid ' })).body.name).toBe('Team Zuid')
  })
})
