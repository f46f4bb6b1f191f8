import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { WorkerDetail, WorkerInput, Workload } from '../../server/contract/workers.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

function inputOf(detail: WorkerDetail): WorkerInput {
  return {
    name: detail.name,
    teamId: detail.teamId,
    contractHours: detail.contractHours,
    dutyHours: detail.dutyHours,
    registration: detail.registration,
    registrationFrom: detail.registrationFrom,
    registrationUntil: detail.registrationUntil,
    baseMunicipality: detail.baseMunicipality,
    employedFrom: detail.employedFrom,
    employedUntil: detail.employedUntil,
    competences: detail.competenceLevels,
    reductions: detail.reductions,
    absences: detail.absences,
  }
}

const wish = (kind: string, code: string, value: string) => ({ kind, code, value, validUntil: null })

forEachDatabase('workers', engine => {
  let app: TestApp
  let lead: Caller
  let intake: Caller
  let admin: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    lead = await app.as('lead')
    intake = await app.as('intake')
    admin = await app.as('admin')
  })
  afterAll(() => app.close())

  const newWorker = (staffNumber: string): WorkerInput & { staffNumber: string } => ({
    staffNumber,
    name: 'P. Hakim',
    teamId: app.teamId,
    contractHours: 32,
    dutyHours: 2,
    registration: 'registered',
    registrationFrom: '2020-01-01',
    registrationUntil: null,
    baseMunicipality: 'BORNE',
    employedFrom: '2020-01-01',
    employedUntil: null,
    competences: [{ competence: 'OTS', level: 2, expiresOn: null }],
    reductions: [{ reason: 'OPLEIDING', percentage: 25, validFrom: '2026-09-01', validUntil: null }],
    absences: [{ percentage: 100, validFrom: '2026-11-23', validUntil: '2026-12-04' }],
  })

  test('a worker is entered, and the sum behind the norm is shown', async () => {
    const made = await lead.post<WorkerDetail>('/workers', newWorker('jb-nieuw'))
    expect(made.status, made.text).toBe(201)
    // (32 - 8 - 2) x 0.73; leave of two weeks leaves the norm alone.
    expect(made.body.load.norm).toEqual({
      contractHours: 32,
      reductionHours: 8,
      absenceHours: 0,
      dutyHours: 2,
      caseTimeShare: 0.73,
      rampUpShare: 1,
      normHours: 16.06,
    })
    expect(made.body).toMatchObject({ availability: 'away', awayUntil: '2026-12-04', version: 1 })
    const later = await lead.get<WorkerDetail>('/workers/jb-nieuw?on=2026-12-05')
    expect(later.body).toMatchObject({ availability: 'available', awayUntil: null })
    expect((await lead.post('/workers', newWorker('jb-nieuw'))).status).toBe(409)
    expect((await intake.post('/workers', newWorker('jb-ander'))).status).toBe(403)
    const elsewhere = await lead.post<ProblemDetails>('/workers', {
      ...newWorker('jb-ander'),
      teamId: app.otherTeamId,
      reductions: [{ reason: 'OPLEIDING', percentage: 95, validFrom: '2026-09-01', validUntil: null }],
    })
    expect(elsewhere.status).toBe(422)
    expect(elsewhere.body.errors?.map(one => one.field)).toEqual(['teamId', 'reductions.0.percentage'])
    expect((await admin.post('/workers', { ...newWorker('jb-ander'), teamId: app.otherTeamId })).status).toBe(
      201,
    )
  })

  test('a change replaces the lists, raises the version, and names the fields', async () => {
    const { staffNumber } = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const path = `/workers/${staffNumber}`
    const before = (await lead.get<WorkerDetail>(path)).body
    const body: WorkerInput = {
      ...inputOf(before),
      contractHours: 28,
      absences: [{ percentage: 50, validFrom: '2026-11-01', validUntil: '2027-02-01' }],
    }
    expect((await lead.put(path, body)).status).toBe(428)
    const saved = await lead.put<WorkerDetail>(path, body, { version: 1 })
    expect(saved.status, saved.text).toBe(200)
    expect(saved.body).toMatchObject({ version: 2, contractHours: 28, absences: body.absences })
    // Half of the contract is away for longer than four weeks.
    expect(saved.body.load.norm).toMatchObject({ absenceHours: 14, normHours: 10.22 })
    expect((await lead.put(path, body, { version: 1 })).status).toBe(412)
    const same = await lead.put<WorkerDetail>(path, inputOf(saved.body), { version: 2 })
    expect(same.body.version).toBe(2)
    const event = await app.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'worker.changed')
      .where('objectId', '=', staffNumber)
      .executeTakeFirstOrThrow()
    expect(event.data).toEqual({ fields: ['contractHours', 'absences'] })
  })

  test('the cases of a worker are those that run or are to start, and nobody else’s', async () => {
    const given = { organisationId: app.organisationId, teamId: app.teamId }
    const [worker, colleague] = [await aWorker(app.db, given), await aWorker(app.db, given)]
    const [now, past] = [await aCase(app.db, given), await aCase(app.db, given)]
    await anAllocation(app.db, { caseId: now.id, workerId: worker.id })
    await anAllocation(app.db, { caseId: past.id, workerId: colleague.id, endsOn: '2026-07-01' })
    await anAllocation(app.db, {
      caseId: past.id,
      workerId: worker.id,
      startsOn: '2026-07-01',
      endsOn: '2026-08-01',
    })
    const { body } = await lead.get<WorkerDetail>(`/workers/${worker.staffNumber}`)
    expect(body.cases.map(one => one.caseNumber)).toEqual([now.caseNumber])
  })

  test('a cause of absence cannot be entered', async () => {
    const worker = newWorker('jb-reden')
    const absences = [{ percentage: 100, validFrom: '2026-11-23', validUntil: null, reason: 'ziek' }]
    expect((await lead.post('/workers', { ...worker, absences })).status).toBe(400)
  })

  test('moving house changes the travel in the hours of seats', async () => {
    const worker = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const theCase = await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      municipalityCode: 'LOSSER',
    })
    await anAllocation(app.db, { caseId: theCase.id, workerId: worker.id, hours: 5 })
    const path = `/workers/${worker.staffNumber}`
    const before = (await lead.get<WorkerDetail>(path)).body
    const saved = await lead.put<WorkerDetail>(
      path,
      { ...inputOf(before), baseMunicipality: 'HELLENDOORN' },
      { version: 1 },
    )
    expect(saved.body.cases).toMatchObject([{ caseNumber: theCase.caseNumber, hours: 5.3 }])
    expect(saved.body.load.hoursInUse).toBe(5.3)
  })

  test('who sees what of whom', async () => {
    const colleague = await aWorker(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      preferences: [{ kind: 'measure', code: 'OTS', value: 'rather', validUntil: null }],
    })
    const foreign = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    const theCase = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, { caseId: theCase.id, workerId: colleague.id })
    const worker = await app.as('worker')
    const path = `/workers/${colleague.staffNumber}`
    expect((await worker.get(path)).status).toBe(404)
    expect((await worker.get(`/workers/${app.staffNumber}`)).status).toBe(200)
    for (const caller of [intake, lead]) {
      const seen = await caller.get<WorkerDetail>(path)
      expect(seen.body.preferences).toHaveLength(1)
      expect(seen.body.cases).toHaveLength(1)
      expect((await caller.get(`/workers/${foreign.staffNumber}`)).status).toBe(404)
    }
    const byAdmin = await admin.get<WorkerDetail>(path)
    expect(byAdmin.body).toMatchObject({ preferences: null, cases: [], decisions: [] })
    expect(byAdmin.text).not.toContain(theCase.caseNumber)
    expect((await admin.get(`/workers/${foreign.staffNumber}`)).status).toBe(200)
  })

  test('preferences are one’s own, about the work, and "rather not" is scarce', async () => {
    const worker = await app.as('worker')
    const path = `/workers/${app.staffNumber}/preferences`
    const current = await worker.get<WorkerDetail>(`/workers/${app.staffNumber}`)
    const version = current.body.version
    const preferences = [
      wish('measure', 'OTS', 'rather'),
      wish('factor', 'COMPLEX_SCHEIDING', 'learn'),
      wish('region', 'ENSCHEDE', 'rather_not'),
      wish('heavy', 'heavy', 'neutral'),
    ]
    const saved = await worker.put<WorkerDetail>(path, { preferences }, { version })
    expect(saved.status, saved.text).toBe(200)
    expect(saved.body.preferences).toHaveLength(4)
    expect(saved.body.version).toBe(version + 1)

    const wrong = await worker.put<ProblemDetails>(
      path,
      {
        preferences: [
          wish('measure', 'NIETS', 'rather'),
          wish('region', 'ENSCHEDE', 'learn'),
          wish('heavy', 'zwaar', 'rather_not'),
          wish('measure', 'OTS', 'rather_not'),
          wish('measure', 'OTS', 'rather_not'),
          wish('factor', 'UHP', 'rather_not'),
        ],
      },
      { version: version + 1 },
    )
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors?.map(one => one.field)).toEqual([
      'preferences.0.code',
      'preferences.1.value',
      'preferences.2.code',
      'preferences.4.code',
      'preferences',
    ])
    expect((await worker.put(path, { preferences }, { version })).status).toBe(412)
    expect((await lead.put(path, { preferences }, { version: version + 1 })).status).toBe(403)
    const other = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const theirs = `/workers/${other.staffNumber}/preferences`
    expect((await worker.put(theirs, { preferences }, { version: 1 })).status).toBe(404)
    const both = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'lead', teamId: app.teamId }, { role: 'worker' }],
        workerId: (await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })).id,
      }),
    )
    expect((await both.put(theirs, { preferences }, { version: 1 })).status).toBe(404)
  })

  test('the list is the reader’s own: teams in scope only', async () => {
    const list = await lead.get<Workload>('/workers')
    expect(new Set(list.body.workers.map(one => one.teamId))).toEqual(new Set([app.teamId]))
    expect((await lead.get(`/workers?team=${app.otherTeamId}`)).status).toBe(404)
    expect((await (await app.as('worker')).get('/workers')).status).toBe(403)
  })
})
