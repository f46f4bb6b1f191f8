import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import { addDays } from '../../server/contract/days.ts'
import type { OwnHistory, OwnLoad } from '../../server/contract/own.ts'
import type {
  Availability,
  AvailabilityEffect,
  OwnRequest,
  TeamRequest,
  TeamRequests,
} from '../../server/contract/requests.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound } from '../support/rounds.ts'

const leave = (validFrom: string, validUntil: string | null, percentage = 100) => ({
  kind: 'absence',
  reason: null,
  percentage,
  validFrom,
  validUntil,
})
const reduction = (reason: string, percentage: number, validFrom: string, validUntil: string | null) => ({
  kind: 'reduction',
  reason,
  percentage,
  validFrom,
  validUntil,
})

forEachDatabase('own availability, load and requests', engine => {
  let app: TestApp
  let me: Caller
  let lead: Caller
  let intake: Caller

  const given = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const availability = async () => (await me.get<Availability>('/mine/availability')).body
  const enter = (...entries: object[]) =>
    me.post<Availability & ProblemDetails>('/mine/availability', { entries })
  const answer = (request: OwnRequest, body: object, who = lead) =>
    who.post<TeamRequest & Omit<ProblemDetails, 'status'>>(`/requests/${request.id}/answer`, body, {
      version: request.version,
    })
  const yes = { outcome: 'granted', text: null, hours: null }

  beforeAll(async () => {
    app = await startApp({ engine })
    me = await app.as('worker')
    lead = await app.as('lead')
    intake = await app.as('intake')
  })
  afterAll(() => app.close())

  describe('availability', () => {
    test('what is asked waits for the lead, and holds once it is granted', async () => {
      const asked = await enter(leave('2026-12-21', '2027-01-03'))
      expect(asked.status, asked.text).toBe(201)
      expect(asked.body).toMatchObject({ approval: true, absences: [] })
      const [request] = asked.body.requests
      expect(request).toMatchObject({ status: 'open', validFrom: '2026-12-21', validUntil: '2027-01-03' })
      expect((await answer(request!, yes, intake)).status).toBe(404)
      const granted = await answer(request!, yes)
      expect(granted.status, granted.text).toBe(200)
      expect(granted.body).toMatchObject({ status: 'granted', answeredBy: 'Standaard lead' })
      expect((await availability()).absences).toEqual([
        { percentage: 100, validFrom: '2026-12-21', validUntil: '2027-01-03' },
      ])
      expect((await answer(granted.body, yes)).status).toBe(409)
    })

    test('the effect is told before anything is kept', async () => {
      const ask = async (entry: object) =>
        (await me.post<AvailabilityEffect>('/mine/availability/preview', { entries: [entry] }, { key: null }))
          .body.entries[0]
      // Half of 36 hours for a long time: half of the norm of 26.28. Over a winter night and a year end.
      expect(await ask(leave('2027-03-01', '2027-04-30', 50))).toEqual({
        on: '2027-03-01',
        normBefore: 26.28,
        normAfter: 13.14,
        hoursInUse: 0,
        blocksStart: false,
        startsInside: 0,
      })
      // Short leave leaves the norm alone, and no case starts in it.
      expect(await ask(leave('2027-02-01', '2027-02-14'))).toMatchObject({
        normBefore: 26.28,
        normAfter: 26.28,
        blocksStart: true,
      })
      const { absences, requests } = await availability()
      expect(absences).toHaveLength(1)
      expect(requests).toHaveLength(1)
    })

    test('overlaps, reasons, percentages, months and days that are over are refused by field', async () => {
      const fields = async (...entries: object[]) =>
        (await enter(...entries)).body.errors?.map(one => one.field)
      // The last day of leave belongs to it, and so does the first of the next.
      expect(await fields(leave('2027-01-03', '2027-01-10'))).toEqual(['entries.0.validFrom'])
      expect(await fields(leave('2027-05-01', '2027-05-07'), leave('2027-05-07', null))).toEqual([
        'entries.1.validFrom',
      ])
      expect(await fields(leave('2026-10-01', '2026-11-23'))).toEqual(['entries.0.validUntil'])
      expect(await fields(leave('2027-05-07', '2027-05-01', 0))).toEqual([
        'entries.0.percentage',
        'entries.0.validUntil',
      ])
      expect(await fields({ ...leave('2027-05-01', null), reason: 'VERLOF' })).toEqual(['entries.0.reason'])
      expect(await fields(reduction('ZIEK', 20, '2027-05-01', null))).toEqual(['entries.0.reason'])
      expect(await fields(reduction('OPLEIDING', 81, '2027-05-01', '2027-06-01'))).toEqual([
        'entries.0.percentage',
      ])
      // Nine months from 1 December end on 31 August.
      expect(await fields(reduction('INWERKEN', 20, '2026-12-01', '2027-09-01'))).toEqual([
        'entries.0.validUntil',
      ])
      expect(await fields(reduction('INWERKEN', 20, '2026-12-01', '2027-08-31'))).toBeUndefined()
      expect(
        await fields(reduction('INWERKEN', 20, '2027-08-01', '2027-09-30')),
        'overlaps what is asked',
      ).toEqual(['entries.0.validFrom'])
    })

    test('a cause cannot be entered', async () => {
      const entry = { ...leave('2027-06-01', '2027-06-10'), text: 'griep' }
      expect((await enter(entry)).status).toBe(400)
    })

    test('what no longer fits when it is granted is refused, and nothing changes', async () => {
      const asked = await enter(leave('2027-07-01', '2027-07-20'))
      const request = asked.body.requests.find(one => one.validFrom === '2027-07-01')!
      await app.db
        .insertInto('absence')
        .values({ workerId: app.workerId, percentage: 50, validFrom: '2027-07-20', validUntil: '2027-07-31' })
        .execute()
      const refused = await answer(request, yes)
      expect(refused.status).toBe(409)
      expect(refused.body.detail).toContain('overlapt')
      const no = await answer(request, { outcome: 'declined', text: null, hours: null })
      expect(no.status, 'a refusal needs words').toBe(422)
      const declined = await answer(request, { outcome: 'declined', text: 'Je staat er al.', hours: null })
      expect(declined.body).toMatchObject({ status: 'declined', answer: 'Je staat er al.' })
    })

    test('two answers at once: one counts', async () => {
      const asked = await enter(leave('2027-08-02', '2027-08-13'))
      const request = asked.body.requests.find(one => one.validFrom === '2027-08-02')!
      const statuses = (await Promise.all([answer(request, yes), answer(request, yes)])).map(
        one => one.status,
      )
      expect(statuses.sort()).toEqual([200, 412])
      expect((await availability()).absences.filter(one => one.validFrom === '2027-08-02')).toHaveLength(1)
    })

    test('a request is taken back; granted leave too, as long as it has not begun', async () => {
      const granted = (await availability()).requests.find(one => one.validFrom === '2027-08-02')!
      const path = `/mine/requests/${granted.id}/withdrawal`
      expect((await lead.post(path, undefined, { version: granted.version })).status).toBe(403)
      const back = await me.post<OwnRequest>(path, undefined, { version: granted.version })
      expect(back.body.status).toBe('withdrawn')
      expect((await availability()).absences.some(one => one.validFrom === '2027-08-02')).toBe(false)
      expect((await me.post(path, undefined, { version: back.body.version })).status).toBe(409)
    })

    test('a series is one request: asked, answered and taken back as one, and each of its periods holds', async () => {
      const periods = ['2028-03-06', '2028-03-13', '2028-03-20'].map(day => ({
        validFrom: day,
        validUntil: day,
      }))
      const series = { ...leave('2028-03-06', '2028-03-20'), periods }
      const fields = async (entry: object) => (await enter(entry)).body.errors?.map(one => one.field)
      expect(await fields({ ...series, periods: [...periods].reverse() })).toEqual(['entries.0.periods'])
      expect(await fields({ ...series, periods: periods.slice(0, 2) })).toEqual(['entries.0.periods'])
      expect(await fields({ ...reduction('INWERKEN', 20, '2028-03-06', '2028-03-20'), periods })).toEqual([
        'entries.0.periods',
      ])

      const asked = await enter(series)
      expect(asked.status, asked.text).toBe(201)
      const made = asked.body.requests.filter(one => one.validFrom === '2028-03-06')
      expect(made).toHaveLength(1)
      expect(made[0]).toMatchObject({ validUntil: '2028-03-20', periods })
      expect(await fields(leave('2028-03-13', '2028-03-13'))).toEqual(['entries.0.validFrom'])
      expect((await enter(leave('2028-03-14', '2028-03-14'))).status, 'between two periods').toBe(201)
      const seen = (await lead.get<TeamRequests>('/requests')).body.requests.find(
        one => one.id === made[0]!.id,
      )!
      expect(seen.periods).toEqual(periods)
      const preview = await lead.post<AvailabilityEffect>(`/requests/${seen.id}/preview`)
      expect(preview.body.entries).toHaveLength(1)

      const granted = await answer(seen, yes)
      expect(granted.status, granted.text).toBe(200)
      const held = async () =>
        (await availability()).absences.map(one => one.validFrom).filter(day => day.startsWith('2028-03'))
      expect(await held()).toEqual(['2028-03-06', '2028-03-13', '2028-03-20'])
      const back = await me.post<OwnRequest>(`/mine/requests/${seen.id}/withdrawal`, undefined, {
        version: granted.body.version,
      })
      expect(back.status, back.text).toBe(200)
      expect(await held()).toEqual([])
    })

    test('of a series that has begun, what is still to come is taken back', async () => {
      const days = [addDays(TODAY, -7), addDays(TODAY, 7)]
      const periods = days.map(day => ({ validFrom: day, validUntil: day }))
      const asked = await enter({ ...leave(days[0]!, days[1]!), periods })
      expect(asked.status, asked.text).toBe(201)
      const request = asked.body.requests.find(one => one.validFrom === days[0])!
      const granted = await answer(request, yes)
      const back = await me.post<OwnRequest>(`/mine/requests/${request.id}/withdrawal`, undefined, {
        version: granted.body.version,
      })
      expect(back.status, back.text).toBe(200)
      const held = (await availability()).absences.map(one => one.validFrom)
      expect([held.includes(days[0]!), held.includes(days[1]!)]).toEqual([true, false])
    })

    test('where no approval is asked, it holds at once', async () => {
      const path = `/teams/${app.teamId}/availability`
      const seen = (version: number) => ({ version, key: randomUUID() })
      expect((await intake.put(path, { approval: false }, seen(1))).status).toBe(403)
      expect(
        (await lead.put(`/teams/${app.otherTeamId}/availability`, { approval: false }, seen(1))).status,
      ).toBe(404)
      expect((await lead.put(path, { approval: false }, seen(1))).status).toBe(200)
      const entered = await enter(leave('2027-09-06', '2027-09-10'))
      expect(entered.body.approval).toBe(false)
      expect(entered.body.absences.some(one => one.validFrom === '2027-09-06')).toBe(true)
      expect((await lead.put(path, { approval: true }, seen(2))).status).toBe(200)
    })

    test('a lead of another team sees and answers nothing of it', async () => {
      const other = await app.signIn(
        await aUser(app.db, { ...given(), roles: [{ role: 'lead', teamId: app.otherTeamId }] }),
      )
      expect((await other.get<TeamRequests>('/requests')).body.requests).toEqual([])
      const open = (await lead.get<TeamRequests>('/requests')).body.requests.find(one => one.mayAnswer)!
      expect((await answer(open, yes, other)).status).toBe(404)
      expect((await other.post(`/requests/${open.id}/preview`, undefined, { key: null })).status).toBe(404)
      const effect = await lead.post<AvailabilityEffect>(`/requests/${open.id}/preview`, undefined, {
        key: null,
      })
      expect(effect.body.entries).toHaveLength(1)
    })

    test('nobody answers the own request', async () => {
      const both = await app.signIn(
        await aUser(app.db, {
          ...given(),
          roles: [{ role: 'worker' }, { role: 'lead', teamId: app.teamId }],
          workerId: (await aWorker(app.db, given())).id,
        }),
      )
      const made = await both.post<Availability>('/mine/availability', {
        entries: [leave('2027-01-11', '2027-01-15')],
      })
      const request = made.body.requests[0]!
      expect((await answer(request, yes, both)).status).toBe(403)
      const seen = (await both.get<TeamRequests>('/requests')).body.requests
      expect(seen.find(one => one.id === request.id)?.mayAnswer).toBe(false)
      expect((await answer(request, yes)).status).toBe(200)
    })
  })

  describe('my load', () => {
    let mine: { id: number; caseNumber: string }

    beforeAll(async () => {
      await app.db
        .updateTable('worker')
        .set({ baseMunicipality: 'BORNE' })
        .where('id', '=', app.workerId)
        .execute()
      mine = await aCase(app.db, { ...given(), children: 3, municipalityCode: 'HELLENDOORN' })
    })

    test('every part adds up to what counts', async () => {
      await anAllocation(app.db, { caseId: mine.id, workerId: app.workerId, hours: 4.4 })
      // Seats that have ended, of me and of others, and one that never began, are no part of it.
      const colleague = await aWorker(app.db, given())
      const past = await aCase(app.db, given())
      await anAllocation(app.db, { caseId: past.id, workerId: colleague.id, endsOn: '2026-07-01' })
      await anAllocation(app.db, {
        caseId: past.id,
        workerId: app.workerId,
        startsOn: '2026-07-01',
        endsOn: '2026-08-01',
      })
      await anAllocation(app.db, {
        caseId: past.id,
        workerId: app.workerId,
        startsOn: '2027-01-01',
        endsOn: '2027-01-01',
      })
      const { body } = await me.get<OwnLoad>('/mine/load')
      expect(body.cases.map(seat => seat.caseNumber)).toEqual([mine.caseNumber])
      const [one] = body.cases
      expect(one).toMatchObject({ caseNumber: mine.caseNumber, hours: 4.4, disputeId: null })
      const sum = one!.weight.parts.reduce((total, part) => total + Math.round(part.hours * 100), 0)
      expect(sum).toBe(Math.round(one!.weight.total * 100))
      expect(one!.share).toBe(one!.weight.primary)
      expect(body.load.hoursInUse).toBe(4.4)
      // Hellendoorn is more than half an hour from Borne or not: then the extra hours are said.
      if (one!.travel) expect(one!.travel.hours).toBeGreaterThan(0)
    })

    test('coming days with a change are shown with norm and hours', async () => {
      await app.db
        .insertInto('reduction')
        .values({
          workerId: app.workerId,
          reasonCode: 'TAAK',
          percentage: 25,
          validFrom: '2027-01-18',
          validUntil: '2027-03-28',
        })
        .execute()
      const { later } = (await me.get<OwnLoad>('/mine/load')).body
      // A quarter of 36 hours less from 18 January; the night of 28 March, an hour short, is a night like any other.
      // The two weeks of leave at Christmas change neither norm nor hours, so they are not among these days.
      expect(later.map(one => [one.on, one.normHours]).slice(0, 2)).toEqual([
        ['2027-01-18', 19.71],
        ['2027-03-29', 26.28],
      ])
    })

    test('my place among the quarters of the team is shown from five people up, and nobody else’s load', async () => {
      const before = (await me.get<OwnLoad>('/mine/load')).body.team
      for (const hours of [20, 22, 24, 26, 28]) {
        const colleague = await aWorker(app.db, given())
        const held = await aCase(app.db, given())
        await anAllocation(app.db, { caseId: held.id, workerId: colleague.id, hours })
      }
      const { team } = (await me.get<OwnLoad>('/mine/load')).body
      expect(team!.people).toBe((before?.people ?? 3) + 5)
      // Two have nothing at all, five have more than I.
      expect(team!.quartiles?.quarter).toBe(2)
      expect(Object.keys(team!).sort()).toEqual(['half', 'name', 'people', 'quartiles'])
      const small = await aWorker(app.db, { ...given(), teamId: app.otherTeamId })
      const alone = await app.signIn(
        await aUser(app.db, { ...given(), roles: [{ role: 'worker' }], workerId: small.id }),
      )
      expect((await alone.get<OwnLoad>('/mine/load')).body.team).toBeNull()
    })

    test('a weight is disputed once, answered by the team, and changed if they say so', async () => {
      const body = { caseNumber: mine.caseNumber, hours: 6, text: 'Er zijn twee scholen bij.' }
      const made = await me.post<OwnRequest>('/mine/disputes', body)
      expect(made.status, made.text).toBe(201)
      expect((await me.post('/mine/disputes', body)).status).toBe(409)
      expect((await me.get<OwnLoad>('/mine/load')).body.cases[0]!.disputeId).toBe(made.body.id)
      const listed = (await intake.get<TeamRequests>('/requests')).body.requests.find(
        one => one.id === made.body.id,
      )
      expect(listed).toMatchObject({ kind: 'weight', mayAnswer: true, hours: 6, text: body.text })
      expect(listed!.tableHours).toBeGreaterThan(0)
      expect((await answer(made.body, yes, intake)).status, 'an answer needs words').toBe(422)
      const done = await answer(
        made.body,
        { outcome: 'granted', text: 'Klopt, het is meer.', hours: 5.5 },
        intake,
      )
      expect(done.status, done.text).toBe(200)
      const [one] = (await me.get<OwnLoad>('/mine/load')).body.cases
      expect(one!.weight).toMatchObject({
        total: 5.5,
        override: { hours: 5.5, reason: 'Klopt, het is meer.' },
      })
      expect(one!.disputeId).toBeNull()
    })

    test('only a case of mine can be disputed', async () => {
      const other = await aCase(app.db, given())
      const body = { caseNumber: other.caseNumber, hours: null, text: 'Te licht.' }
      expect((await me.post('/mine/disputes', body)).status).toBe(404)
    })
  })

  test('a correction is asked and answered, and all of it is in my history and my data', async () => {
    const asked = await me.post<OwnRequest>('/mine/corrections', {
      subject: 'contractHours',
      text: 'Sinds 1 oktober werk ik 32 uur.',
    })
    expect(asked.status, asked.text).toBe(201)
    await answer(asked.body, { outcome: 'granted', text: 'Aangepast.', hours: null })
    const { entries } = (await me.get<OwnHistory>('/mine/history')).body
    const about = entries.filter(one => one.sentence.includes('contracturen'))
    expect(about.map(one => [one.kind, one.reason])).toEqual([
      ['answer', 'Aangepast.'],
      ['request', 'Sinds 1 oktober werk ik 32 uur.'],
    ])
    const csv = await me.get('/exports/mine-history')
    expect(csv.text.startsWith('\ufeffdatum;zaaknummer;wat;reden;door')).toBe(true)
    expect(csv.text).toContain('Aangepast.')
    const { caseNumber } = await aCase(app.db, given())
    const colleague = await aWorker(app.db, given())
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [colleague.staffNumber],
      startOn: '2026-12-01',
    })
    await app.db
      .insertInto('userRole')
      .values({ userId: me.userId, role: 'intake', teamId: app.teamId })
      .execute()
    const seats = [{ seat: 'primary', staffNumber: colleague.staffNumber, waits: false }]
    await me.put(`/rounds/${round.id}/cases/${caseNumber}/agreement`, { seats })
    const data = (await me.get<Record<string, unknown>>('/mine/data')).body
    expect(data.agreements).toMatchObject([{ roundId: round.id, caseNumber, ...seats[0] }])
    expect(JSON.stringify(data)).toContain('Sinds 1 oktober werk ik 32 uur.')
    expect(JSON.stringify(data)).not.toContain('passwordHash')
  })

  test('what people wrote is not in the log', async () => {
    const events = await app.db
      .selectFrom('event')
      .select('data')
      .where('objectType', '=', 'request')
      .execute()
    expect(events.length).toBeGreaterThan(5)
    const text = JSON.stringify(events)
    for (const words of ['scholen', 'Klopt', 'Aangepast', 'oktober', 'Je staat'])
      expect(text).not.toContain(words)
    expect(text).toContain('Sha256')
  })

  test('an account without a worker is told what to do', async () => {
    const nobody = await app.signIn(await aUser(app.db, { ...given(), roles: [{ role: 'worker' }] }))
    const seen = await nobody.get<ProblemDetails>('/mine/load')
    expect(seen.status).toBe(404)
    expect(seen.body.detail).toContain('personeelsnummer')
  })
})
