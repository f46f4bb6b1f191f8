import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { ImportReport } from '../../server/contract/records.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const header = 'personeelsnummer;naam;team;contracturen;registratie;in_dienst_vanaf'
const NOT_YOURS = 'Dit nummer of dit team hoort niet bij jouw teams.'
const line = (number: string, team: string, hours = '32') =>
  `${number};M. de Vries;${team};${hours};geregistreerd;01-02-2020`

forEachDatabase('imports and exports', engine => {
  let app: TestApp
  let ownTeam: string
  let otherTeam: string
  beforeAll(async () => {
    app = await startApp({ engine })
    const teams = await app.db.selectFrom('team').select(['id', 'name']).execute()
    ownTeam = teams.find(team => team.id === app.teamId)!.name
    otherTeam = teams.find(team => team.id === app.otherTeamId)!.name
  })
  afterAll(() => app.close())

  const workers = async (role: 'lead' | 'admin', text: string, dryRun: boolean) =>
    (await app.as(role)).post<ImportReport>('/imports/workers', { text, dryRun })
  const workerCount = async () => (await app.db.selectFrom('worker').select('id').execute()).length

  test('a dry run tells everything and changes nothing', async () => {
    const before = await workerCount()
    const text = `${header}\n${line('imp-1', ownTeam)}`
    const { status, body } = await workers('lead', text, true)
    expect(status).toBe(200)
    expect(body).toMatchObject({ dryRun: true, rows: 1, created: 1, updated: 0, unchanged: 0, errors: [] })
    expect(body.changes[0]!.fields).toContainEqual({ column: 'contracturen', from: null, to: '32' })
    expect(await workerCount()).toBe(before)
    expect(await app.db.selectFrom('importFile').selectAll().execute()).toHaveLength(0)
  })

  test('others are answered while a large file is read', async () => {
    const bad = Array.from({ length: 20_000 }, (_, n) => `imp-${n};${'xx?xx;'.repeat(5)}`)
    const caller = await app.as('admin')
    let done = false
    const sending = { text: [header, ...bad].join('\n'), dryRun: true }
    const answer = caller.post<ImportReport>('/imports/workers', sending).finally(() => {
      done = true
    })
    let others = 0
    for (; !done; others++) {
      expect((await app.app.inject('/healthz')).statusCode).toBe(200)
      await setImmediate()
    }
    expect((await answer).body.errors.length).toBeGreaterThan(100)
    // Once per slice of the work, and not only while the database is asked.
    expect(others).toBeGreaterThan(7)
  })

  test('of a long file the first thousand changes are told, and how many there are', async () => {
    const lines = Array.from({ length: 1300 }, (_, n) => line(`lang-${n}`, ownTeam))
    const { body } = await workers('lead', [header, ...lines].join('\n'), true)
    expect(body).toMatchObject({ rows: 1300, created: 1300, moreChanges: 300 })
    expect(body.changes).toHaveLength(1000)
    expect(body.changes.at(-1)).toMatchObject({ row: 1001, id: 'lang-999' })
  })

  test('of a file with many faults the first are told, and all of them are counted', async () => {
    const text = [header, ...Array.from({ length: 400 }, (_, n) => line(`fout-${n}`, 'Nergens'))].join('\n')
    const tried = await workers('lead', text, true)
    expect(tried.body).toMatchObject({ faults: 400 })
    expect(tried.body.errors).toHaveLength(301)
    const refused = await workers('lead', text, false)
    expect(refused).toMatchObject({
      status: 422,
      body: { faults: 400, detail: expect.stringContaining('400 fouten') },
    })
  })

  test('one person has at most two files read at once, whatever others do', async () => {
    const lines = Array.from({ length: 500 }, (_, n) => line(`tegelijk-${n}`, ownTeam))
    const text = [header, ...lines].join('\n')
    const one = await app.as('admin')
    const other = await app.as('lead')
    const send = (caller: typeof one) => caller.post('/imports/workers', { text, dryRun: true })
    const [others, ...own] = await Promise.all([send(other), ...Array.from({ length: 5 }, () => send(one))])
    expect(others.status).toBe(200)
    expect(own.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429])
    const refused = own.find(({ status }) => status === 429)!
    expect(refused.body).toMatchObject({ status: 429 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send(one)).status).toBe(200)
  })

  test('the file itself is imported once, and logged', async () => {
    const text = `${header}\n${line('imp-1', ownTeam)}`
    expect((await workers('lead', text, false)).body.created).toBe(1)
    const again = await workers('lead', text, false)
    expect(again.status).toBe(409)
    const types = (await app.db.selectFrom('event').select('type').execute()).map(event => event.type)
    expect(types.filter(type => type === 'workers.imported')).toHaveLength(1)
    expect(types.filter(type => type === 'worker.importedNew')).toHaveLength(1)
  })

  test('a known worker is updated by staff number, field by field, and keeps what the file has no column for', async () => {
    const text = `personeelsnummer;contracturen;competenties\nimp-1;28,5;OTS:2:1-3-2028`
    const dry = await workers('lead', text, true)
    expect(dry.body.changes).toEqual([
      {
        row: 2,
        id: 'imp-1',
        what: 'update',
        fields: [
          { column: 'contracturen', from: '32', to: '28,5' },
          { column: 'competenties', from: null, to: 'OTS:2:2028-03-01' },
        ],
      },
    ])
    expect((await workers('lead', text, false)).body.updated).toBe(1)
    const worker = await app.db
      .selectFrom('worker')
      .selectAll()
      .where('staffNumber', '=', 'imp-1')
      .executeTakeFirstOrThrow()
    expect(worker).toMatchObject({ name: 'M. de Vries', contractHours: 28.5, version: 2 })
  })

  test('one wrong row stops all rows', async () => {
    const before = await workerCount()
    const text = `${header}\n${line('imp-2', ownTeam)}\n${line('imp-3', ownTeam, 'veel')}`
    const { status, body } = await workers('lead', text, false)
    expect(status).toBe(422)
    expect(body).toMatchObject({ created: 0, updated: 0, unchanged: 0 })
    expect(body.errors).toMatchObject([{ row: 3, column: 'contracturen', value: 'veel' }])
    expect(body.errors[0]!.advice).not.toBe('')
    expect(await workerCount()).toBe(before)
    expect(
      await app.db.selectFrom('importFile').select('id').where('rowCount', '=', 2).execute(),
    ).toHaveLength(0)
    // Tried out, it says the same: nothing would come of it.
    expect((await workers('lead', text, true)).body).toMatchObject({ created: 0, changes: [], dryRun: true })
  })

  test('a team lead touches the own teams only; an administrator may even make one', async () => {
    const own = await workers('lead', `${header}\n${line('imp-4', otherTeam)}`, true)
    expect(own.body.errors.map(error => error.message)).toEqual([NOT_YOURS])
    const colleague = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    const moved = await workers('lead', `${header}\n${line(colleague.staffNumber, ownTeam)}`, true)
    expect(moved.body.errors.map(error => error.message)).toEqual([NOT_YOURS])
    const unknown = await workers('lead', `${header}\n${line('imp-5', 'Team Nieuw')}`, true)
    expect(unknown.body.errors[0]!.advice).toContain(ownTeam)
    const made = await workers('admin', `${header}\n${line('imp-5', 'Team Nieuw')}`, false)
    expect(made.body.changes[0]).toMatchObject({ id: 'Team Nieuw', what: 'create' })
    expect(
      await app.db.selectFrom('team').select('id').where('name', '=', 'Team Nieuw').execute(),
    ).toHaveLength(1)
  })

  test('cases bring in their worker; a change of worker goes through the product', async () => {
    const intake = await app.as('intake')
    const head = 'zaaknummer;team;maatregelen;fase;kinderen;ontvangen_op;medewerker;medewerker_vanaf'
    const of = (worker: string) =>
      `${head}\nIMP-1;${ownTeam};OTS:2026-01-05;midden;2;2026-01-05;${worker};2026-01-12`
    const first = await intake.post<ImportReport>('/imports/cases', { text: of('imp-1'), dryRun: false })
    expect(first.body).toMatchObject({ created: 1, errors: [] })
    const seat = await app.db
      .selectFrom('allocation as a')
      .innerJoin('caseFile as c', 'c.id', 'a.caseId')
      .selectAll('a')
      .where('c.caseNumber', '=', 'IMP-1')
      .executeTakeFirstOrThrow()
    expect(seat).toMatchObject({ origin: 'import', seat: 'primary', startsOn: '2026-01-12', endsOn: null })
    expect(seat.hours).toBeGreaterThan(2)
    expect(seat.agreedHours).toBe(seat.hours)

    const heavier = `zaaknummer;kinderen\nIMP-1;4`
    expect(
      (await intake.post<ImportReport>('/imports/cases', { text: heavier, dryRun: false })).body.updated,
    ).toBe(1)
    const after = await app.db
      .selectFrom('allocation')
      .selectAll()
      .where('id', '=', seat.id)
      .executeTakeFirstOrThrow()
    expect(after.hours).toBeGreaterThan(seat.hours)
    expect(after.agreedHours).toBe(seat.agreedHours)

    const other = await intake.post<ImportReport>('/imports/cases', { text: of('imp-5'), dryRun: true })
    expect(other.body.errors).toMatchObject([{ row: 2, column: 'medewerker', value: 'imp-5' }])
  })

  test('a file asks competences of one seat of a pair; a case that is no pair has no seats', async () => {
    const intake = await app.as('intake')
    const send = async (text: string, dryRun = false) =>
      (await intake.post<ImportReport>('/imports/cases', { text, dryRun })).body
    const head = 'zaaknummer;team;ontvangen_op;duo;competenties'
    const needs = 'OTS:1:nodig|SCHEIDING:1:gewenst:tweede|SCHEIDING:2:nodig:eerste'
    const first = await send(`${head}\nIMP-D;${ownTeam};2026-01-05;ja;${needs}`)
    expect(first).toMatchObject({ created: 1, errors: [] })
    const detail = await intake.get<{ competences: unknown[] }>('/cases/IMP-D')
    expect(detail.body.competences).toEqual([
      { competence: 'OTS', level: 1, need: 'required' },
      { competence: 'SCHEIDING', level: 2, need: 'required', seat: 'primary' },
      { competence: 'SCHEIDING', level: 1, need: 'wanted', seat: 'second' },
    ])
    // Files from before there were seats stay valid, and say both.
    expect(await send(`zaaknummer;competenties\nIMP-D;OTS:1:nodig`, true)).toMatchObject({
      updated: 1,
      errors: [],
      changes: [{ fields: [{ column: 'competenties', from: needs, to: 'OTS:1:nodig' }] }],
    })

    const wrong = await send(
      `${head}\n${[
        `IMP-E;${ownTeam};2026-01-05;nee;OTS:1:nodig:eerste`,
        `IMP-F;${ownTeam};2026-01-05;ja;OTS:1:nodig|OTS:2:gewenst:tweede`,
        `IMP-G;${ownTeam};2026-01-05;ja;OTS:1:nodig:derde`,
        `IMP-H;${ownTeam};2026-01-05;ja;OTS:1:nodig:eerste:extra`,
      ].join('\n')}`,
    )
    expect(wrong.errors.map(one => [one.row, one.column])).toEqual([
      [2, 'competenties'],
      [3, 'competenties'],
      [4, 'competenties'],
      [5, 'competenties'],
    ])
    expect(wrong.errors[0]!.message).toContain('deze zaak is geen duo')
    expect(wrong.errors[1]!.message).toContain('twee keer')
    expect(wrong.errors[2]!.message + wrong.errors[2]!.advice).toContain('eerste, tweede')
    const taken = await send(`zaaknummer;duo\nIMP-D;nee`)
    expect(taken.errors).toMatchObject([{ row: 2, column: 'duo', value: 'nee' }])
  })

  test('a new case gets what its measures and factors usually need, unless the file says what it needs', async () => {
    const intake = await app.as('intake')
    const send = async (text: string, dryRun = false) =>
      (await intake.post<ImportReport>('/imports/cases', { text, dryRun })).body
    const work = 'VOTS:2026-11-01;TOLK'
    const lines = [
      `USE-1;${ownTeam};2026-11-02;${work};spoed;`,
      `USE-2;${ownTeam};2026-11-02;${work};spoed;OTS:1:nodig`,
      `USE-3;${ownTeam};2026-11-02;${work};spoed;geen`,
    ]
    const file = `zaaknummer;team;ontvangen_op;maatregelen;factoren;urgentie;competenties\n${lines.join('\n')}`
    const dry = await send(file, true)
    expect(dry.errors).toEqual([])
    expect(dry.changes.map(one => one.fields.find(field => field.column === 'competenties')?.to)).toEqual([
      'CRISIS:2:nodig|TOLKGESPREK:1:gewenst',
      'OTS:1:nodig',
      'geen',
    ])
    expect((await send(file)).created).toBe(3)
    const needs = async (number: string) =>
      (await intake.get<{ competences: object[] }>(`/cases/${number}`)).body.competences
    expect(await needs('USE-1')).toEqual([
      { competence: 'CRISIS', level: 2, need: 'required' },
      { competence: 'TOLKGESPREK', level: 1, need: 'wanted' },
    ])
    expect(await needs('USE-3')).toEqual([])
    const without = `zaaknummer;team;ontvangen_op;maatregelen\nUSE-4;${ownTeam};2026-11-02;OTS:2026-11-01`
    expect((await send(without)).created).toBe(1)
    expect(await needs('USE-4')).toEqual([{ competence: 'OTS', level: 1, need: 'required' }])
    // A case that is there keeps what it asks, and an empty cell takes it away.
    expect(await send(`zaaknummer;factoren\nUSE-4;TOLK`)).toMatchObject({ updated: 1 })
    expect(await needs('USE-4')).toEqual([{ competence: 'OTS', level: 1, need: 'required' }])
    expect(await send(`zaaknummer;competenties\nUSE-4;`)).toMatchObject({ updated: 1 })
    expect(await needs('USE-4')).toEqual([])
  })

  test('what was exported is imported as no change, and every export is logged', async () => {
    const lead = await app.as('lead')
    for (const [kind, role] of [
      ['workers', 'admin'],
      ['cases', 'intake'],
    ] as const) {
      const { status, text, headers } = await lead.get(`/exports/${kind}`)
      expect(status).toBe(200)
      expect(String(headers['content-type'])).toContain('text/csv')
      const back = await (await app.as(role)).post<ImportReport>(`/imports/${kind}`, { text, dryRun: true })
      expect(back.body).toMatchObject({ created: 0, updated: 0, errors: [], changes: [] })
      expect(back.body.unchanged).toBeGreaterThan(0)
      const logged = await app.db
        .selectFrom('event')
        .select('data')
        .where('type', '=', `${kind}.exported`)
        .execute()
      expect(logged).toHaveLength(1)
    }
  })

  test('an export holds the own teams only', async () => {
    await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.otherTeamId,
      caseNumber: 'ELDERS-1',
    })
    const { text } = await (await app.as('intake')).get('/exports/cases')
    expect(text).toContain('IMP-1')
    expect(text).not.toContain('ELDERS-1')
  })

  test('columns of another system are chosen, and remembered once the file is imported', async () => {
    const list = (number: string) =>
      `Pers. nr.;Medewerker;team;contracturen;registratie;Datum  in dienst;Kostenplaats\n${number};K. Bos;${ownTeam};24;geregistreerd;1-2-2021;4711`
    const send = async (number: string, dryRun: boolean, columns?: object[]) =>
      (await app.as('admin')).post<ImportReport & ProblemDetails>('/imports/workers', {
        text: list(number),
        dryRun,
        ...(columns && { columns }),
      })
    const unread = (await send('map-1', true)).body
    expect(unread.headings).toEqual([
      { heading: 'Pers. nr.', column: null, chosen: false, example: 'map-1' },
      { heading: 'Medewerker', column: null, chosen: false, example: 'K. Bos' },
      { heading: 'Datum in dienst', column: null, chosen: false, example: '1-2-2021' },
      { heading: 'Kostenplaats', column: null, chosen: false, example: '4711' },
    ])
    expect(unread.columns).toContain('personeelsnummer')
    expect(unread.errors.map(one => one.column)).toContain('personeelsnummer')

    const columns = [
      { heading: 'pers. NR.', column: 'personeelsnummer' },
      { heading: 'Medewerker', column: 'naam' },
      { heading: 'Datum in dienst', column: 'in_dienst_vanaf' },
      { heading: 'Kostenplaats', column: null },
    ]
    const wrong = await send('map-1', true, [{ heading: 'Medewerker', column: 'zaaknummer' }])
    expect([wrong.status, wrong.body.errors.map(one => 'field' in one && one.field)]).toEqual([
      422,
      ['columns.0.column'],
    ])
    const dry = (await send('map-1', true, columns)).body
    expect([dry.created, dry.errors]).toEqual([1, []])
    expect(
      (await send('map-1', true)).body.headings.some(one => one.chosen),
      'a dry run keeps nothing',
    ).toBe(false)
    const twice = await send('map-1', true, [
      ...columns.slice(0, 3),
      { heading: 'Kostenplaats', column: 'naam' },
    ])
    expect(twice.body.errors.map(one => one.column)).toEqual(['Kostenplaats'])

    expect((await send('map-1', false, columns)).body).toMatchObject({ created: 1, errors: [] })
    const next = (await send('map-2', true)).body
    expect(next.headings.map(one => [one.column, one.chosen])).toEqual([
      ['personeelsnummer', true],
      ['naam', true],
      ['in_dienst_vanaf', true],
      [null, true],
    ])
    expect([next.created, next.errors]).toEqual([1, []])
    expect((await send('map-1', false)).status, 'the same file').toBe(409)
    expect((await send('map-2', false)).body).toMatchObject({ created: 1 })
    const other = (await send('map-1', true, [{ heading: 'Kostenplaats', column: 'taakuren' }])).body
    expect(
      other.errors.map(one => one.column),
      'what is given holds above what is remembered',
    ).toEqual(['taakuren'])
  })

  test('who may import gets an empty list to fill in', async () => {
    const [admin, lead, intake] = await Promise.all([app.as('admin'), app.as('lead'), app.as('intake')])
    for (const kind of ['workers', 'cases'] as const) {
      const exported = (await (kind === 'workers' ? lead : intake).get(`/exports/${kind}`)).text
      const template = await admin.get(`/imports/${kind}/template`)
      expect(template.status).toBe(200)
      expect(template.text.trimEnd()).toBe(exported.split('\r\n')[0])
    }
    expect((await lead.get('/imports/cases/template')).status).toBe(403)
    expect((await intake.get('/imports/workers/template')).status).toBe(403)
  })

  test('who may not import or export is refused', async () => {
    const text = `${header}\n${line('imp-9', ownTeam)}`
    expect((await (await app.as('worker')).post('/imports/workers', { text, dryRun: true })).status).toBe(403)
    expect((await (await app.as('intake')).post('/imports/workers', { text, dryRun: true })).status).toBe(403)
    expect((await (await app.as('worker')).get('/exports/cases')).status).toBe(403)
  })

  test('errors come in the language of the reader', async () => {
    const lead = await app.as('lead')
    const body = { text: `${header}\n${line('imp-7', ownTeam, 'veel')}`, dryRun: true }
    const dutch = await lead.post<ImportReport>('/imports/workers', body)
    expect(dutch.body.errors[0]!.message).toBe('Dit is geen getal.')
    await lead.put('/session/locale', { locale: 'en' })
    const english = await lead.post<ImportReport>('/imports/workers', body)
    expect(english.body.errors[0]!.message).toBe('This is not a number.')
  })
})
