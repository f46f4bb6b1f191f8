import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { NumberForms } from '../../server/contract/numbers.ts'
import type { ImportReport } from '../../server/contract/records.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const ANY: NumberForms = { caseNumber: null, familyNumber: null, staffNumber: null }
/** Passes the eleven-test. */
const PERSONAL = '900000041'

forEachDatabase('numbers of the organisation', engine => {
  let app: TestApp
  let admin: Caller
  let intake: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
    intake = await app.as('intake')
  })
  afterAll(() => app.close())

  const newCase = (caseNumber: string, familyNumber: string | null = null) => ({
    caseNumber,
    teamId: app.teamId,
    familyNumber,
    measures: [{ measure: 'OTS', startOn: '2026-11-20', endOn: null }],
    phase: 'begin',
    children: 1,
    factors: [],
    urgency: 'normal',
    receivedOn: '2026-11-20',
    municipality: null,
    competences: [],
    duoNeeded: false,
    formerWorkers: [],
  })
  const refused = async (body: object) => {
    const answer = await intake.post<ProblemDetails>('/cases', body)
    return [answer.status, answer.body.errors?.map(error => error.field)]
  }
  const setForms = async (forms: NumberForms) => {
    const { version } = (await admin.get<{ version: number }>('/organisation/numbers')).body
    return admin.put<NumberForms>('/organisation/numbers', forms, { version })
  }

  test('a personal number or a birth date is no case number and no family number', async () => {
    expect(await refused(newCase(`ZK-${PERSONAL}`))).toEqual([422, ['caseNumber']])
    expect(await refused(newCase('Jansen-19850412'))).toEqual([422, ['caseNumber']])
    expect(await refused(newCase('ZK-77-1', PERSONAL))).toEqual([422, ['familyNumber']])
    expect((await intake.post('/cases', newCase('ZK-77-2', 'G-77'))).status).toBe(201)
  })

  test('a number that was there before goes on', async () => {
    await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      caseNumber: PERSONAL,
      familyNumber: `G${PERSONAL}`,
    })
    const { body } = await intake.get<{ version: number }>(`/cases/${PERSONAL}`)
    const { caseNumber: _, ...input } = newCase(PERSONAL, `G${PERSONAL}`)
    const changed = await intake.put(
      `/cases/${PERSONAL}`,
      { ...input, children: 2 },
      { version: body.version },
    )
    expect(changed.status, changed.text).toBe(200)
  })

  test('the form of the organisation decides, in the form and in a file, and frees its numbers in texts', async () => {
    const weigh = async (reason: string) => {
      const { version } = (await intake.get<{ version: number }>('/cases/ZK-77-5')).body
      return intake.put('/cases/ZK-77-5/weight', { hours: 5, reason, second: null }, { version })
    }
    expect((await intake.post('/cases', newCase('ZK-77-5'))).status).toBe(201)
    expect((await weigh('Zie D900000041.')).status).toBe(422)
    expect((await setForms({ ...ANY, caseNumber: 'Z-####|D#########' })).status).toBe(200)
    expect((await weigh('Zie D900000041.')).status).toBe(200)
    expect(await refused(newCase('ZK-77-3'))).toEqual([422, ['caseNumber']])
    expect((await intake.post('/cases', newCase('Z-0412'))).status).toBe(201)
    const { name } = await app.db
      .selectFrom('team')
      .select('name')
      .where('id', '=', app.teamId)
      .executeTakeFirstOrThrow()
    const header = 'zaaknummer;team;maatregelen;urgentie;ontvangen_op'
    const text = `${header}\nZK-77-4;${name};OTS:2026-11-20;gewoon;2026-11-20\n`
    const report = await intake.post<ImportReport>('/imports/cases', { text, dryRun: true })
    expect(report.status, report.text).toBe(200)
    expect(report.text).toContain('Z-#### / D#########')
    const event = await app.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'organisation.numbersSet')
      .executeTakeFirstOrThrow()
    expect(event.data).toEqual({ ...ANY, caseNumber: 'Z-####|D#########' })
    await setForms(ANY)
  })

  test('only an administrator says how numbers look, on the newest version', async () => {
    expect((await intake.put('/organisation/numbers', ANY, { version: 1 })).status).toBe(403)
    expect((await admin.put('/organisation/numbers', ANY, { version: 99 })).status).toBe(412)
    for (const form of ['bel moeder', '(a+)+', 'Z', '@@@@']) {
      expect((await setForms({ ...ANY, caseNumber: form })).status, form).toBe(400)
    }
  })
})
