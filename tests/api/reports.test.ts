import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Attendance } from '../../server/contract/attendance.ts'
import type { Demand, Fairness, Flow, Trend, WorkerTrend } from '../../server/contract/reports.ts'
import { readInputs } from '../../server/draft/inputs.ts'
import { changesCountFrom } from '../../server/history/day.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, closedCases, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('reports', engine => {
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

  test('trend: seats that were brought in with an old start are no history to expect anything from', async () => {
    const { scope, caller, teamId } = await teamOfOwn()
    const worker = await aWorker(app.db, scope)
    for (let n = 0; n < 3; n++) {
      const one = await aCase(app.db, { ...scope, receivedOn: '2025-05-01' })
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn: '2025-05-04', hours: 5 })
    }
    const answers = [
      await caller.get<Trend>(`/reports/trend?team=${teamId}`),
      await caller.get<WorkerTrend>(`/workers/${worker.staffNumber}/trend`),
    ]
    for (const { body } of answers) {
      expect(body.past.at(-1)?.workload).toBeGreaterThan(0)
      expect(body.basis).toMatchObject({ enough: false, moves: 0, least: { weeks: 4, moves: 5 } })
      expect(body.coming).toEqual([])
    }
  })

  test('trend: the week in which a phase changed shows, and both weeks beside it', async () => {
    const { scope, caller, teamId } = await teamOfOwn()
    // History of the organisation, of another team.
    const elsewhere = await teamOfOwn()
    await closedCases(app.db, { ...elsewhere.scope, workerId: (await aWorker(app.db, elsewhere.scope)).id })
    const worker = await aWorker(app.db, scope)
    const one = await aCase(app.db, { ...scope, phase: 'begin', receivedOn: '2026-05-01' })
    const id = await anAllocation(app.db, {
      caseId: one.id,
      workerId: worker.id,
      startsOn: '2026-05-04',
      hours: 5,
    })
    await app.db.transaction().execute(async tx => {
      await changesCountFrom(tx, '2026-11-10')
      await tx.updateTable('caseFile').set({ phase: 'middle' }).where('id', '=', one.id).execute()
      await tx.updateTable('allocation').set({ hours: 2.5 }).where('id', '=', id).execute()
    })
    const { status, body, text } = await caller.get<Trend>(`/reports/trend?team=${teamId}`)
    expect(status, text).toBe(200)
    const week = (day: string) => body.past.find(row => row.day === day)
    expect(body.past).toHaveLength(27)
    expect(week('2026-11-03')).toMatchObject({
      normHours: 26.28,
      hours: { begin: 5, middle: 0, end: 0 },
      workers: 1,
    })
    expect(week('2026-11-10')).toMatchObject({
      hours: { begin: 0, middle: 2.5, end: 0 },
      workload: 0.095129,
      aboveNorm: 0,
    })
    expect(body.past[0]?.day).toBe('2026-05-26')
    expect(body.coming).toHaveLength(12)
    for (const { low, workload, high, known } of body.coming) {
      expect(low).toBeLessThanOrEqual(workload!)
      expect(workload).toBeLessThanOrEqual(high!)
      expect(known).toBeLessThanOrEqual(workload!)
    }

    // From the first that closed on, which itself says nothing of how often that happens.
    expect(body.basis).toMatchObject({ enough: true, weeks: 26, moves: 6, inflowWeeks: 26 })

    const own = await caller.get<WorkerTrend>(`/workers/${worker.staffNumber}/trend`)
    expect(own.body.past.map(row => row.workload)).toEqual(body.past.map(row => row.workload))
    // Nobody knows what new work comes to one person.
    expect(own.body.coming.every(row => row.workload === row.known)).toBe(true)
  })

  test('trend: leave, reductions and a last day change the norm of weeks to come, and are listed', async () => {
    const { scope, caller, teamId } = await teamOfOwn()
    await aWorker(app.db, {
      ...scope,
      name: 'A. Leaver',
      reductions: [{ reasonCode: 'TAAK', percentage: 50, validFrom: '2026-01-01', validUntil: '2026-12-06' }],
      employedUntil: '2027-01-10',
    })
    const one = await aCase(app.db, { ...scope })
    const other = await aWorker(app.db, {
      ...scope,
      absences: [{ percentage: 100, validFrom: '2026-12-20', validUntil: '2027-01-30' }],
    })
    await anAllocation(app.db, { caseId: one.id, workerId: other.id, startsOn: '2026-10-01', hours: 5 })
    const { body } = await caller.get<Trend>(`/reports/trend?team=${teamId}`)
    const norm = (day: string) => body.coming.find(row => row.day === day)?.normHours
    expect(norm('2026-12-01')).toBe(39.42)
    expect(norm('2026-12-08')).toBe(52.56)
    expect(norm('2026-12-22')).toBe(26.28)
    expect(norm('2027-01-12')).toBe(0)
    expect(norm('2027-02-02')).toBe(26.28)
    expect(body.turns.map(turn => [turn.day, turn.kind])).toEqual([
      ['2026-12-07', 'reductionEnds'],
      ['2026-12-20', 'absenceStarts'],
      ['2027-01-11', 'workerLeaves'],
      ['2027-01-31', 'absenceEnds'],
    ])
  })

  test('fairness: heavy cases and wishes of a year; other teams as a whole, small ones not at all', async () => {
    const { scope, caller } = await teamOfOwn()
    const worker = await aWorker(app.db, {
      ...scope,
      contractHours: 18,
      preferences: [
        { kind: 'measure', code: 'OTS', value: 'rather' },
        { kind: 'heavy', code: 'heavy', value: 'rather_not' },
      ],
    })
    const seat = async (startsOn: string, given: object) => {
      const one = await aCase(app.db, { ...scope, ...given })
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, hours: 5 })
    }
    await seat('2026-03-02', { measures: [{ code: 'OTS' }], children: 3 })
    await seat('2026-04-02', { measures: [{ code: 'VOOGDIJ' }], phase: 'middle' })
    await seat('2025-10-01', { measures: [{ code: 'OTS' }], children: 3 })
    const large = await aTeam(app.db, { organisationId: app.organisationId, name: 'Groot' })
    for (let n = 0; n < 5; n++) await aWorker(app.db, { ...scope, teamId: large })
    const small = await aTeam(app.db, { organisationId: app.organisationId, name: 'Klein' })
    for (let n = 0; n < 4; n++) await aWorker(app.db, { ...scope, teamId: small })
    const { body, status, text } = await caller.get<Fairness>('/reports/fairness')
    expect(status, text).toBe(200)
    expect(body.types).toEqual(['OTS', 'VOOGDIJ'])
    expect(body.workers).toHaveLength(1)
    expect(body.workers[0]).toMatchObject({
      running: [2, 1],
      newCases: 2,
      heavyCases: 1,
      heavyPerFte: 2,
      wishes: { stated: 2, met: 1, against: 1 },
    })
    const team = (name: string) => body.otherTeams.find(one => one.team === name)
    expect(team('Groot')?.figures).toMatchObject({ workers: 5, heavyPerFte: 0, spread: { median: 0 } })
    expect(team('Klein')).toEqual({ team: 'Klein', figures: null })
    // Intake people share out the work; how wishes of persons were met is for the lead.
    expect((await (await app.as('intake')).get('/reports/fairness')).status).toBe(403)
  })

  test('fairness: a wish is granted by what stood when it was decided, whatever is wished since', async () => {
    const { scope, caller } = await teamOfOwn()
    const worker = await aWorker(app.db, {
      ...scope,
      preferences: [{ kind: 'measure', code: 'OTS', value: 'rather' }],
    })
    for (const [startsOn, code] of [
      ['2026-03-02', 'OTS'],
      ['2026-04-02', 'VOOGDIJ'],
      ['2026-06-02', 'VOOGDIJ'],
      ['2026-09-02', 'OTS'],
    ] as const) {
      const one = await aCase(app.db, { ...scope, measures: [{ code }] })
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, hours: 2 })
    }
    const state = (day: string, codes: string[]) =>
      app.db.transaction().execute(async tx => {
        await changesCountFrom(tx, day)
        await tx.deleteFrom('preference').where('workerId', '=', worker.id).execute()
        await tx
          .insertInto('preference')
          .values(
            codes.map(code => ({ workerId: worker.id, kind: 'measure', code, value: 'rather' }) as const),
          )
          .execute()
      })
    const wishes = async () => (await caller.get<Fairness>('/reports/fairness')).body.workers[0]!.wishes
    expect(await wishes()).toEqual({ stated: 1, met: 2, against: 0 })
    await state('2026-05-01', ['OTS', 'VOOGDIJ'])
    expect(await wishes()).toEqual({ stated: 2, met: 3, against: 0 })
    await state('2026-07-01', ['VOOGDIJ'])
    expect(await wishes()).toEqual({ stated: 1, met: 2, against: 0 })
    // What is taken away and put back on one day has stood all along.
    await state('2026-08-01', ['VOOGDIJ'])
    const kept = await app.db
      .selectFrom('preferencePeriod')
      .select(['code', 'fromOn', 'untilOn'])
      .where('workerId', '=', worker.id)
      .orderBy('code')
      .execute()
    expect(kept).toEqual([
      { code: 'OTS', fromOn: '-infinity', untilOn: '2026-07-01' },
      { code: 'VOOGDIJ', fromOn: '2026-05-01', untilOn: 'infinity' },
    ])
  })

  test('a calculation counts wishes granted by what stood when it was decided too', async () => {
    const { scope } = await teamOfOwn()
    const { db, organisationId } = app
    const worker = await aWorker(db, scope)
    const reason = await db.selectFrom('overrideReason').select('code').limit(1).executeTakeFirstOrThrow()
    for (const day of ['2026-04-02', '2026-06-02']) {
      const one = await aCase(db, { ...scope, measures: [{ code: 'VOOGDIJ' }] })
      await db
        .insertInto('decision')
        .values({
          caseId: one.id,
          seat: 'primary',
          kind: 'tailored',
          workerId: worker.id,
          reasonCode: reason.code,
          reasonText: null,
          unregisteredReason: null,
          salt: 'zout',
          setAside: [],
          acceptsExcess: false,
          roundId: null,
          proposalId: null,
          proposedWorkerId: null,
          decidedBy: null,
          decidedAt: new Date(`${day}T10:00:00Z`),
        })
        .execute()
    }
    await db.transaction().execute(async tx => {
      await changesCountFrom(tx, '2026-05-01')
      const wish = { workerId: worker.id, kind: 'measure', code: 'VOOGDIJ', value: 'rather' } as const
      await tx.insertInto('preference').values(wish).execute()
    })
    const granted = await db.transaction().execute(async tx => {
      await sql`update rulebook set content = jsonb_set(content, '{criteria,wishTurn}', '5')`.execute(tx)
      const { wishes } = await readInputs(tx, organisationId, [], [worker.id], TODAY)
      await sql`update rulebook set content = content #- '{criteria,wishTurn}'`.execute(tx)
      return wishes
    })
    expect(granted).toEqual([{ workerId: worker.id, asked: 2, granted: 1 }])
  })

  test('flow: received, allocated, closed and waiting per week, and the terms', async () => {
    const { scope, caller } = await teamOfOwn()
    const worker = await aWorker(app.db, scope)
    const one = await aCase(app.db, { ...scope, receivedOn: '2026-11-02', children: 2 })
    await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn: '2026-11-09', hours: 5 })
    const late = await aCase(app.db, { ...scope, receivedOn: '2026-10-01', urgency: 'high' })
    await anAllocation(app.db, { caseId: late.id, workerId: worker.id, startsOn: '2026-11-20', hours: 4 })
    await app.db.updateTable('caseFile').set({ closedOn: '2026-11-23' }).where('id', '=', late.id).execute()
    await app.db
      .updateTable('allocation')
      .set({ endsOn: '2026-11-23' })
      .where('caseId', '=', late.id)
      .execute()
    await aCase(app.db, { ...scope, receivedOn: '2026-11-10' })
    const { body, status, text } = await caller.get<Flow>('/reports/flow?weeks=8')
    expect(status, text).toBe(200)
    expect(body.weeks).toHaveLength(8)
    expect(body.weeks.map(row => row.day).slice(-3)).toEqual(['2026-11-10', '2026-11-17', TODAY])
    expect(body.weeks.slice(-3)).toMatchObject([
      { received: 1, receivedChildren: 1, allocated: 1, allocatedHours: 5, closed: 0, waiting: 2 },
      { received: 0, allocated: 0, waiting: 2 },
      { received: 0, allocated: 1, allocatedHours: 4, closed: 1, closedHours: 4, waiting: 1 },
    ])
    expect(body.waited.all).toEqual({
      cases: 2,
      medianDays: 7,
      longDays: 50,
      withinFirstContact: 1,
      withinPlan: 1,
    })
    expect(body.waited.high.cases).toBe(1)
    expect(body.waiting).toEqual({ cases: 1, pastFirstContact: 1, pastPlan: 0, longestDays: 14 })
  })

  test('terms: the share within them per team, and who is past them over Christmas and New Year', async () => {
    const { scope, teamId } = await teamOfOwn()
    const other = await teamOfOwn()
    const leads = [teamId, other.teamId].map(id => ({ role: 'lead' as const, teamId: id }))
    const bothId = await aUser(app.db, { organisationId: app.organisationId, roles: leads })
    const before = app.clock.at
    app.clock.at = new Date('2027-01-05T10:00:00Z')
    try {
      const worker = await aWorker(app.db, other.scope)
      // Four working days and a holiday later is in time; a day more is not.
      for (const startsOn of ['2026-12-31', '2027-01-04']) {
        const one = await aCase(app.db, { ...other.scope, receivedOn: '2026-12-23' })
        await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, hours: 5 })
      }
      // Due on Monday 4 January: two days of Christmas, two weekends and New Year in between.
      const late = await aCase(app.db, { ...scope, receivedOn: '2026-12-24', urgency: 'high' })
      // Due on the 5th, which is today: in time.
      await aCase(app.db, { ...scope, receivedOn: '2026-12-28' })
      const both = await app.signIn(bothId)
      const { body, status, text } = await both.get<Flow>('/reports/flow?weeks=8')
      expect(status, text).toBe(200)
      const names = new Map(
        (await app.db.selectFrom('team').select(['id', 'name']).execute()).map(team => [team.id, team.name]),
      )
      const [own, theirs] = [scope.teamId, other.teamId].map(
        id => body.teams.find(row => row.team === names.get(id))!,
      )
      expect(own).toMatchObject({
        waited: { cases: 0, medianDays: null },
        waiting: { cases: 2, pastFirstContact: 1, pastPlan: 0 },
      })
      expect(theirs).toMatchObject({
        waited: { cases: 2, withinFirstContact: 1, withinPlan: 2 },
        waiting: { cases: 0, longestDays: null },
      })
      expect(body.overdue).toMatchObject([
        {
          caseNumber: late.caseNumber,
          urgency: 'high',
          waitingDays: 12,
          firstContact: { dueOn: '2027-01-04', state: 'overdue', workingDaysLeft: -1 },
          plan: { dueOn: '2027-02-04', state: 'onTime' },
        },
      ])
      // A lead of the one team hears nothing of the other.
      const alone = (await (await app.signIn(other.userId)).get<Flow>('/reports/flow?weeks=8')).body
      expect(alone.teams).toHaveLength(1)
      expect(alone.overdue).toEqual([])
    } finally {
      app.clock.at = before
    }
  })

  test('demand: what waits and who could', async () => {
    const { scope, caller } = await teamOfOwn()
    await aWorker(app.db, { ...scope, competences: [{ code: 'OTS', level: 2 }] })
    await aWorker(app.db, {
      ...scope,
      competences: [{ code: 'VEILIGHEID', level: 2, expiresOn: '2026-11-23' }],
    })
    await aCase(app.db, { ...scope, competences: [{ code: 'VEILIGHEID', level: 2, need: 'required' }] })
    const { body, status, text } = await caller.get<Demand>('/reports/demand')
    expect(status, text).toBe(200)
    expect(body).toMatchObject({
      fullTimeNorm: 26.28,
      competences: [
        { competence: 'VEILIGHEID', level: 2, cases: 1, hours: 5, workers: 0, roomHours: 0, unmetHours: 5 },
      ],
      total: { cases: 1, hours: 5, roomHours: 57.8, unmetHours: 5, unmetForCompetences: 5 },
    })
  })

  test('scope: the own team, several where one has the right, nothing of another', async () => {
    const { caller } = await teamOfOwn()
    const other = await teamOfOwn()
    await aWorker(app.db, other.scope)
    for (const path of ['trend', 'fairness', 'flow', 'demand']) {
      expect((await caller.get(`/reports/${path}?team=${other.teamId}`)).status, path).toBe(404)
      expect((await caller.get(`/exports/${path}?team=${other.teamId}`)).status, path).toBe(404)
      expect((await (await app.as('worker')).get(`/reports/${path}`)).status, path).toBe(403)
      expect((await (await app.as('admin')).get(`/reports/${path}`)).status, path).toBe(403)
    }
    // An administrator keeps records, and sees nobody's work.
    const someone = await aWorker(app.db, other.scope)
    for (const path of [`/workers/${someone.staffNumber}/trend`, `/exports/workers/${someone.staffNumber}`]) {
      expect((await (await app.as('admin')).get(path)).status, path).toBe(403)
      expect((await caller.get(path)).status, path).toBe(404)
      expect((await other.caller.get(path)).status, path).toBe(200)
    }
    const nobody = await caller.get<Trend>('/reports/trend')
    expect(nobody.body.past.every(row => row.normHours === 0)).toBe(true)
    const both = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [
        { role: 'lead', teamId: other.teamId },
        { role: 'lead', teamId: app.teamId },
      ],
    })
    const wide = await (await app.signIn(both)).get<Trend>('/reports/trend')
    expect(wide.body.past.at(-1)?.workers).toBe(3)
  })

  test('attendance: who of the own team is there, by surname, without a cause; not of another team', async () => {
    const { scope, caller, teamId } = await teamOfOwn()
    await aWorker(app.db, { ...scope, name: 'A. de Wit', employedUntil: '2026-12-02' })
    await aWorker(app.db, {
      ...scope,
      name: 'Z. van Aalst',
      absences: [{ percentage: 50, validFrom: '2026-11-30', validUntil: null }],
    })
    const { status, body, text } = await caller.get<Attendance>(
      `/reports/attendance?team=${teamId}&from=2026-12-03&weeks=2`,
    )
    expect(status, text).toBe(200)
    expect(body.weeks).toEqual([
      { from: '2026-11-30', holidays: [], here: 0, partly: 2, away: 0 },
      { from: '2026-12-07', holidays: [], here: 0, partly: 1, away: 0 },
    ])
    expect(body.workers.map(one => [one.name, one.weeks.map(week => week.state)])).toEqual([
      ['Z. van Aalst', ['partly', 'partly']],
      ['A. de Wit', ['partly', 'notEmployed']],
    ])
    expect(body.workers[0]!.weeks[0]!.away).toEqual([
      { from: '2026-11-30', until: '2026-12-04', percentage: 50 },
    ])
    const christmas = await caller.get<Attendance>('/reports/attendance?from=2026-12-25&weeks=1')
    expect(christmas.body.weeks[0]!.holidays).toEqual(['2026-12-25'])
    const other = await teamOfOwn()
    expect((await caller.get(`/reports/attendance?team=${other.teamId}`)).status).toBe(404)
    expect((await (await app.as('worker')).get('/reports/attendance')).status).toBe(403)
  })

  test('files: as Dutch Excel opens them, no formula, in the log who took what', async () => {
    const { scope, caller, userId, teamId } = await teamOfOwn()
    const worker = await aWorker(app.db, { ...scope, name: '=HYPERLINK("x")', contractHours: 32.5 })
    const { name: team } = await app.db
      .selectFrom('team')
      .select('name')
      .where('id', '=', teamId)
      .executeTakeFirstOrThrow()
    const KINDS: Record<string, string> = {
      workload: 'werklast',
      trend: 'verloop',
      fairness: 'eerlijkheid',
      flow: 'stroom',
      demand: 'vraag',
      signals: 'signalen',
    }
    const paths = [
      ['workload', 'peildatum;personeelsnummer;naam'],
      ['trend', 'dag;soort;normuren'],
      ['fairness', 'personeelsnummer;naam;team'],
      ['flow', 'week tot en met;ontvangen'],
      ['demand', 'peildatum;competentie'],
      ['signals', 'team;signaal'],
      [`workers/${worker.staffNumber}`, 'dag;soort;normuren'],
    ] as const
    for (const [path, head] of paths) {
      const answer = await caller.get<string>(`/exports/${path}`)
      expect(answer.status, answer.text).toBe(200)
      expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
      const kind = path.startsWith('workers/') ? `werklast-${worker.staffNumber}` : KINDS[path]
      const whose = path.startsWith('workers/') ? '' : `-${team}`
      const file = `"${`${kind}${whose}-2026-11-24`.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
      expect(answer.headers['content-disposition']).toContain(`filename=${file}.csv"`)
      const lines = answer.text.split('\r\n')
      expect(lines[0]).toMatch(/^\uFEFFOverzicht;/)
      expect(lines.slice(1, 4)).toEqual([`Bereik;${team}`, 'Peildatum;2026-11-24', 'Versie van de regels;1'])
      expect(lines[4]).toBe('')
      expect(lines[5]?.startsWith(head), `${path}: ${lines[5]}`).toBe(true)

      const book = await caller.get<string>(`/exports/${path}/xlsx`)
      expect(book.status, path).toBe(200)
      expect(book.headers['content-type']).toContain('spreadsheetml')
      expect(book.headers['content-disposition']).toContain(`filename=${file}.xlsx"`)
      expect(book.text.startsWith('PK'), path).toBe(true)
    }
    const { text } = await caller.get<string>('/exports/workload')
    expect(text).toContain(`'=HYPERLINK`)
    expect(text).toContain(';32,5;')
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from event where type = 'report.exported' and actor_id = ${userId}`.execute(
      app.db,
    )
    expect(rows[0]?.n).toBe(15)
  })
})
