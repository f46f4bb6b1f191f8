import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportReport } from '../../server/contract/records.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const WORKERS = 'personeelsnummer;naam;team;contracturen;registratie;in_dienst_vanaf'
const CASES = 'zaaknummer;team;ontvangen_op;kinderen;medewerker;medewerker_vanaf'

forEachDatabase('what a file tells of what its reader may not read', engine => {
  let app: TestApp
  let lead: Caller
  let intake: Caller
  let admin: Caller
  let far: { id: number; staffNumber: string }
  let farCase: { id: number; caseNumber: string }
  let held: { id: number; caseNumber: string }

  beforeAll(async () => {
    app = await startApp({ engine })
    ;[lead, intake, admin] = [await app.as('lead'), await app.as('intake'), await app.as('admin')]
    const elsewhere = { organisationId: app.organisationId, teamId: app.otherTeamId }
    far = await aWorker(app.db, {
      ...elsewhere,
      name: 'M. de Vries',
      contractHours: 23.5,
      absences: [{ percentage: 100, validFrom: '2026-11-02', validUntil: '2027-01-31' }],
    })
    farCase = await aCase(app.db, { ...elsewhere, receivedOn: '2026-11-03', children: 3 })
    held = await aCase(app.db, { ...elsewhere, receivedOn: '2026-11-03', children: 2 })
    await anAllocation(app.db, { caseId: held.id, workerId: far.id })
  })
  afterAll(() => app.close())

  const dry = async (caller: Caller, kind: 'workers' | 'cases', ...lines: string[]) => {
    const answer = await caller.post<ImportReport>(`/imports/${kind}`, {
      text: lines.join('\n'),
      dryRun: true,
    })
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  /** The report without what the reader wrote in the file. */
  const told = (report: ImportReport, ...own: string[]) =>
    own.reduce((text, one) => text.replaceAll(one, '#'), JSON.stringify(report))

  const worker = (number: string, team: string, hours = '32') =>
    `${number};M. de Vries;${team};${hours};geregistreerd;2023-01-01`

  test('a lead hears the same of a number in use elsewhere, used right or wrong, as of a row for another team', async () => {
    const right = await dry(lead, 'workers', WORKERS, worker(far.staffNumber, 'Team West', '23,5'))
    const wrong = await dry(lead, 'workers', WORKERS, worker(far.staffNumber, 'Team West', '11'))
    const nobody = await dry(lead, 'workers', WORKERS, worker('jb-none', 'Team West', '23,5'))
    const noTeam = await dry(lead, 'workers', WORKERS, worker('jb-none', 'Team Nergens', '23,5'))
    const taken = await dry(lead, 'workers', WORKERS, worker(far.staffNumber, 'Team Oost', '23,5'))
    const asked = told(right, far.staffNumber)
    for (const other of [wrong, nobody, noTeam, taken]) {
      expect(told(other, far.staffNumber, 'jb-none')).toBe(asked)
    }
    expect(right).toMatchObject({ created: 0, updated: 0, unchanged: 0, changes: [] })
    expect(right.errors).toHaveLength(1)
  })

  test('and the same of a row that would not do for a new number either', async () => {
    for (const lines of [
      ['personeelsnummer;contracturen', '#;23,5'],
      ['personeelsnummer;afwezigheid', '#;100:2026-11-02:2027-01-31'],
      [WORKERS, worker('#', 'Team Oost', 'veel')],
      [`${WORKERS};competenties`, `${worker('#', 'Team Oost')};ONZIN:2`],
      [`${WORKERS};competenties`, `${worker('#', 'Team West')};ONZIN:2`],
    ]) {
      const [there, not] = await Promise.all(
        [far.staffNumber, 'jb-none'].map(number =>
          dry(lead, 'workers', ...lines.map(one => one.replace('#', number))),
        ),
      )
      expect(told(there!, far.staffNumber)).toBe(told(not!, 'jb-none'))
      expect(there!.errors.length).toBeGreaterThan(0)
    }
  })

  test('an administrator reads no cases: known or guessed right, a row is all that the file says', async () => {
    const row = (number: string, children: number, seat = ';') =>
      `${number};Team West;2026-11-03;${children};${seat}`
    const right = await dry(admin, 'cases', CASES, row(farCase.caseNumber, 3))
    const wrong = await dry(admin, 'cases', CASES, row(farCase.caseNumber, 4))
    expect(right).toMatchObject({ updated: 1, unchanged: 0, errors: [] })
    expect(told(wrong).replaceAll('"4"', '"3"')).toBe(told(right))
    expect(right.changes[0]!.fields.every(one => one.from === null)).toBe(true)
    // Who has a case is not to be found by trying.
    const seats = [
      `${far.staffNumber};2026-06-01`,
      `${far.staffNumber};2026-06-02`,
      `${app.staffNumber};2026-06-01`,
    ]
    for (const seat of seats) {
      const report = await dry(admin, 'cases', CASES, row(held.caseNumber, 2, seat))
      expect(report, seat).toMatchObject({ updated: 1, errors: [] })
    }
  })

  test('what an administrator may not change is refused in one way, whatever the case is', async () => {
    const elsewhere = { organisationId: app.organisationId, teamId: app.otherTeamId }
    const closed = await aCase(app.db, {
      ...elsewhere,
      receivedOn: '2026-01-05',
      closedOn: '2026-06-01',
    })
    const pair = await aCase(app.db, elsewhere)
    const errors = [
      await dry(admin, 'cases', 'zaaknummer;kinderen', `${closed.caseNumber};2`),
      await dry(
        admin,
        'cases',
        'zaaknummer;tweede_medewerker;tweede_medewerker_vanaf',
        `${pair.caseNumber};${far.staffNumber};2026-11-24`,
      ),
    ].map(report => report.errors.map(one => [one.column, one.message]))
    expect(errors).toEqual([
      [[null, 'Deze zaak kan niet zo worden gewijzigd.']],
      [[null, 'Deze zaak kan niet zo worden gewijzigd.']],
    ])
  })

  test('a staff number of another team is no staff number, in whatever column', async () => {
    const head = `${CASES};eerdere_medewerkers`
    const of = (number: string) => [
      `N-1;Team Oost;2026-11-03;1;${number};2026-11-24;`,
      `N-2;Team Oost;2026-11-03;1;;;${number}`,
      `N-3;Team Oost;2026-11-03;1;${number};2019-01-01;`,
    ]
    const there = await dry(intake, 'cases', head, ...of(far.staffNumber))
    const not = await dry(intake, 'cases', head, ...of('jb-none'))
    expect(told(there, far.staffNumber)).toBe(told(not, 'jb-none'))
    expect(there.errors).toHaveLength(3)
  })

  test('that a file was tried is on record, with what it came upon', async () => {
    const tried = await app.db
      .selectFrom('event')
      .select(['type', 'actorId', 'data'])
      .where('type', 'in', ['workers.importTried', 'cases.importTried'])
      .orderBy('seq')
      .execute()
    expect(tried[4]).toMatchObject({
      type: 'workers.importTried',
      actorId: lead.userId,
      data: { rows: 1, faults: 1, withheld: 1 },
    })
    expect(tried[0]!.data).toMatchObject({ withheld: 0 })
    const seen = (await lead.get('/events')).text + (await intake.get('/events')).text
    expect(seen).not.toContain('importTried')
    expect((await admin.get('/events')).text).toContain('importTried')
  })

  describe('a number in use elsewhere', () => {
    const input = {
      measures: [],
      phase: null,
      children: null,
      factors: [],
      urgency: 'normal',
      receivedOn: '2026-11-20',
      municipality: null,
      competences: [],
      duoNeeded: false,
      formerWorkers: [],
      familyNumber: null,
    }
    const enter = (caseNumber: string) => intake.post('/cases', { ...input, teamId: app.teamId, caseNumber })

    test('is refused in a form as one of the own team, and stays on record', async () => {
      const near = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
      const [own, other] = [await enter(near.caseNumber), await enter(farCase.caseNumber)]
      expect([own.status, own.body.detail]).toEqual([409, other.body.detail])
      const refused = await app.db
        .selectFrom('event')
        .select(['actorId', 'data'])
        .where('type', '=', 'number.refused')
        .execute()
      expect(refused).toEqual([{ actorId: intake.userId, data: { kind: 'caseFile', withheld: 1 } }])
    })

    test('is not to be found by trying many', async () => {
      const elsewhere = { organisationId: app.organisationId, teamId: app.otherTeamId }
      const many = await app.db.transaction().execute(async tx => {
        const made = []
        for (let i = 0; i < 101; i++) made.push((await aCase(tx, elsewhere)).caseNumber)
        return made
      })
      const rows = (numbers: string[]) => [CASES, ...numbers.map(one => `${one};Team Oost;2026-11-03;1;;`)]
      const text = rows(many).join('\n')
      const all = await intake.post('/imports/cases', { text, dryRun: true })
      expect(all.status).toBe(429)
      expect(all.text).not.toContain(many[0])
      expect((await dry(intake, 'cases', ...rows(many.slice(0, 99)))).errors).toHaveLength(99)
      expect((await enter(many[0]!)).status).toBe(429)
      expect(
        (await intake.post('/imports/cases', { text: rows(many.slice(0, 2)).join('\n'), dryRun: true }))
          .status,
      ).toBe(429)
      // Work goes on, and a day later there is room again.
      expect((await dry(intake, 'cases', ...rows(['N-9']))).created).toBe(1)
      const before = app.clock.at
      app.clock.at = new Date(before.getTime() + 25 * 3_600_000)
      expect(
        (
          await (
            await app.as('intake')
          ).post('/imports/cases', { text: rows(many.slice(0, 2)).join('\n'), dryRun: true })
        ).status,
      ).toBe(200)
      app.clock.at = before
      const types = await app.db
        .selectFrom('event')
        .select('type')
        .where('type', '=', 'number.guessed')
        .execute()
      expect(types).toHaveLength(3)
    })
  })
})
