import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseDetail, CaseInput, FoundCases } from '../../server/contract/cases.ts'
import type { Found } from '../../server/contract/search.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

interface List {
  cases: { caseNumber: string; version: number; hours: number }[]
  families: number
  children: number
}

function inputOf(detail: CaseDetail): CaseInput {
  return {
    teamId: detail.teamId,
    familyNumber: detail.familyNumber,
    measures: detail.measureDates,
    phase: detail.phase,
    children: detail.children,
    factors: detail.factors,
    urgency: detail.urgency,
    receivedOn: detail.receivedOn,
    municipality: detail.municipality,
    competences: detail.competences,
    duoNeeded: detail.duoNeeded,
    formerWorkers: detail.formerWorkers.map(one => one.staffNumber),
  }
}

const newCase = (teamId: number, caseNumber: string) => ({
  caseNumber,
  teamId,
  familyNumber: 'G-900',
  measures: [{ measure: 'OTS', startOn: '2026-11-20', endOn: null }],
  phase: 'begin',
  children: 3,
  factors: ['COMPLEX_SCHEIDING'],
  urgency: 'high',
  receivedOn: '2026-11-20',
  municipality: 'ENSCHEDE',
  competences: [{ competence: 'OTS', level: 2, need: 'wanted' }],
  duoNeeded: false,
  formerWorkers: [] as string[],
})

forEachDatabase('cases', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())

  const detailOf = async (caseNumber: string, caller = intake) =>
    (await caller.get<CaseDetail>(`/cases/${caseNumber}`)).body

  const eventsOf = (caseNumber: string) =>
    app.db
      .selectFrom('event as e')
      .innerJoin('caseFile as c', join => join.on(sql`'case#' || c.id`, '=', sql.ref('e.objectId')))
      .selectAll('e')
      .where('c.caseNumber', '=', caseNumber)
      .orderBy('e.seq')
      .execute()

  test('a case is entered, read back, and weighed with its parts', async () => {
    const made = await intake.post<CaseDetail>('/cases', newCase(app.teamId, 'ZK-A1'))
    expect(made.status, made.text).toBe(201)
    const { weight } = made.body
    // 5 h, two extra children 70 %, complex divorce 20 %.
    expect(weight.total).toBe(9.5)
    expect(weight.parts.map(part => [part.kind, part.hours])).toEqual([
      ['base', 5],
      ['children', 3.5],
      ['factor', 1],
    ])
    expect(weight.heavy).toBe(true)
    expect(made.body.firstContact).toEqual({ dueOn: '2026-11-27', workingDaysLeft: 3, state: 'onTime' })
    expect(made.body.planOfAction?.dueOn).toBe('2027-01-01')
    expect((await detailOf('ZK-A1')).factors).toEqual(['COMPLEX_SCHEIDING'])
    const list = await intake.get<List>('/cases')
    expect(list.body.cases.map(one => one.caseNumber)).toContain('ZK-A1')
    expect((await eventsOf('ZK-A1')).map(one => one.type)).toEqual(['case.created', 'case.opened'])

    const english = await intake.get<CaseDetail>('/cases/ZK-A1', { headers: { 'accept-language': 'en' } })
    expect(english.status).toBe(200)
  })

  test('a number that was entered wrong is corrected, and shown nowhere any more', async () => {
    const wrong = `ZK-FOUT-${engine}`
    const right = `ZK-GOED-${engine}`
    await intake.post('/cases', newCase(app.teamId, wrong))
    const used = (await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })).caseNumber
    const worker = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const userId = await aUser(app.db, {
      organisationId: app.organisationId,
      workerId: worker.id,
      roles: [{ role: 'worker' }],
    })
    const holder = await app.signIn(userId)
    const given = await intake.post<CaseDetail>(
      `/cases/${wrong}/allocations`,
      {
        staffNumber: worker.staffNumber,
        seat: 'primary',
        startOn: TODAY,
        kind: 'emergency',
        reasonCode: 'SPOED',
        reasonText: null,
        unregisteredReason: null,
        setAside: [],
        acceptsExcess: false,
      },
      { version: 1 },
    )
    expect(given.status, given.text).toBe(201)
    const { version } = given.body
    const later = () => {
      app.clock.at = new Date(app.clock.at.getTime() + 60_000)
    }
    later()
    const correct = (caseNumber: string, by = version, caller = intake) =>
      caller.put<CaseDetail>(`/cases/${wrong}/number`, { caseNumber }, { version: by })

    expect((await correct(right, version - 1)).status).toBe(412)
    expect((await correct(used)).status).toBe(409)
    expect((await correct(wrong)).status).toBe(422)
    expect((await correct('Jansen 1-1-2010')).status).toBe(400)
    expect((await correct(right, version, holder)).status).toBe(403)
    const corrected = await correct(right)
    expect(corrected.status, corrected.text).toBe(200)
    expect(corrected.body).toMatchObject({ caseNumber: right, version: version + 1 })
    expect((await correct(right)).status).toBe(404)

    const history = await intake.get<{ events: { type: string; sentence: string }[] }>(
      `/events?object=case&id=${right}`,
    )
    const types = history.body.events.map(one => one.type)
    expect(types).toEqual(
      expect.arrayContaining(['case.created', 'case.allocatedOutside', 'case.numberCorrected']),
    )
    expect(history.body.events.find(one => one.type === 'case.created')?.sentence).toContain(right)
    const messages = await holder.get<{ messages: unknown[] }>('/messages')
    expect(messages.body.messages).toHaveLength(1)
    expect(messages.text).toContain(right)
    for (const path of [
      '/cases',
      '/events',
      '/messages',
      '/mine',
      '/mine/data',
      '/signals',
      '/exports/cases',
      '/workers',
    ]) {
      for (const caller of [intake, holder, lead])
        expect((await caller.get(path)).text, path).not.toContain(wrong)
    }
    const stored = await app.db.selectFrom('event').select(['objectId', 'data']).execute()
    expect(JSON.stringify(stored)).not.toMatch(new RegExp(`${wrong}|${right}`))

    later()
    // The number is free for the case that it belongs to, which has a history of its own.
    expect((await intake.post('/cases', newCase(app.teamId, wrong))).status).toBe(201)
    const other = await intake.get<{ events: { type: string }[] }>(`/events?object=case&id=${wrong}`)
    expect(other.body.events.map(one => one.type)).toEqual(['case.created'])

    const closed = await intake.post<CaseDetail>(
      `/cases/${wrong}/closure`,
      { closedOn: TODAY },
      { version: 1 },
    )
    expect(closed.status, closed.text).toBe(200)
    expect((await correct(`ZK-OUD-${engine}`, closed.body.version)).status).toBe(200)
  })

  test('what was done about signals moves along with a corrected number, and that of no other case', async () => {
    const numbered = (word: string) => `ZK${word}1-${engine}`
    await intake.post('/cases', newCase(app.teamId, numbered('_')))
    await intake.post('/cases', newCase(app.teamId, numbered('A')))
    const handled = {
      organisationId: app.organisationId,
      teamId: app.teamId,
      mark: 'x',
      outcome: 'resolved',
      hiddenUntil: '2026-12-22',
      assignedTo: null,
      note: null,
      salt: 'zout',
      handledBy: null,
      handledAt: app.clock.at,
      version: 1,
    } as const
    const of = (word: string) => [
      { ...handled, kind: 'objectionOpen', subject: `5:${numbered(word)}` },
      { ...handled, kind: 'termOverdue', subject: numbered(word) },
      // Somebody's staff number may look the same.
      { ...handled, kind: 'longAboveNorm', subject: numbered(word) },
    ]
    await app.db
      .insertInto('signalHandling')
      .values([...of('_'), ...of('A')])
      .execute()
    const right = { caseNumber: numbered('B') }
    const corrected = await intake.put(`/cases/${numbered('_')}/number`, right, { version: 1 })
    expect(corrected.status, corrected.text).toBe(200)
    const rows = await app.db
      .selectFrom('signalHandling')
      .select(['kind', 'subject'])
      .where('mark', '=', 'x')
      .execute()
    expect(rows.map(row => `${row.kind} ${row.subject}`).sort()).toEqual(
      [
        `objectionOpen 5:${numbered('A')}`,
        `termOverdue ${numbered('A')}`,
        `longAboveNorm ${numbered('A')}`,
        `objectionOpen 5:${numbered('B')}`,
        `termOverdue ${numbered('B')}`,
        `longAboveNorm ${numbered('_')}`,
      ].sort(),
    )
  })

  test('a list comes in pages, in one order, with what the whole list counts', async () => {
    const teamId = await aTeam(app.db, { organisationId: app.organisationId })
    const reader = await app.signIn(
      await aUser(app.db, { organisationId: app.organisationId, roles: [{ role: 'intake', teamId }] }),
    )
    const made: string[] = []
    for (const [urgency, receivedOn] of [
      ['normal', '2026-11-02'],
      ['emergency', '2026-11-20'],
      ['high', '2026-11-10'],
      ['normal', '2026-11-01'],
      ['high', '2026-11-09'],
    ] as const) {
      const scope = { organisationId: app.organisationId, teamId }
      made.push((await aCase(app.db, { ...scope, urgency, receivedOn, children: 2 })).caseNumber)
    }
    const order = [1, 4, 2, 3, 0].map(index => made[index])
    const seen: string[] = []
    const sizes: number[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: Awaited<ReturnType<typeof reader.get<List & { next: string | null }>>> = await reader.get(
        `/cases?limit=2${next && `&after=${next}`}`,
      )
      expect(page.status, page.text).toBe(200)
      expect(page.body).toMatchObject({ families: 5, children: 10 })
      seen.push(...page.body.cases.map(one => one.caseNumber))
      sizes.push(page.body.cases.length)
      next = page.body.next
    }
    expect(seen).toEqual(order)
    expect(sizes).toEqual([2, 2, 1])
    expect((await reader.get('/cases?after=ZK-BESTAAT-NIET')).status).toBe(404)
    expect((await reader.get('/cases?limit=0')).status).toBe(400)
  })

  test('a number twice is refused; wrong codes are named by field', async () => {
    await intake.post('/cases', newCase(app.teamId, 'ZK-A2'))
    expect((await intake.post('/cases', newCase(app.teamId, 'ZK-A2'))).status).toBe(409)
    const wrong = await intake.post<{ errors: { field: string }[] }>('/cases', {
      ...newCase(app.otherTeamId, 'ZK-A3'),
      measures: [{ measure: 'BESTAAT_NIET', startOn: '2026-11-20', endOn: '2026-11-01' }],
      competences: [{ competence: 'OTS', level: 5, need: 'required' }],
      factors: ['UHP', 'UHP'],
      municipality: 'NERGENS',
      receivedOn: '2026-12-01',
      formerWorkers: ['jb-onbekend'],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors.map(one => one.field).sort()).toEqual([
      'competences.0.level',
      'factors.1',
      'formerWorkers.0',
      'measures.0.endOn',
      'measures.0.measure',
      'municipality',
      'receivedOn',
      'teamId',
    ])
  })

  test('a change needs the newest version, raises it, and names fields, not values', async () => {
    const { caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const before = await detailOf(caseNumber)
    const path = `/cases/${caseNumber}`
    const body = { ...inputOf(before), urgency: 'emergency', children: 2 }
    expect((await intake.put(path, body)).status).toBe(428)
    const saved = await intake.put<CaseDetail>(path, body, { version: before.version })
    expect(saved.status, saved.text).toBe(200)
    expect(saved.body.version).toBe(before.version + 1)
    expect(saved.headers.etag).toBe(`"v${before.version + 1}"`)
    const stale = await intake.put(path, body, { version: before.version })
    expect(stale.status).toBe(412)
    expect(stale.body.version).toBe(before.version + 1)
    const changed = (await eventsOf(caseNumber)).find(one => one.type === 'case.changed')
    expect(changed?.data).toEqual({ fields: ['children', 'urgency'] })
    const history = await intake.get(`/events?object=case&id=${caseNumber}`)
    expect(history.text).toContain(`Zaak ${caseNumber} gewijzigd: aantal kinderen, urgentie.`)

    const same = await intake.put<CaseDetail>(path, inputOf(saved.body), { version: saved.body.version })
    expect(same.body.version).toBe(saved.body.version)
  })

  test('of two changes at once one wins', async () => {
    const { caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const before = await detailOf(caseNumber)
    const answers = await Promise.all(
      [2, 3, 4, 5].map(children =>
        intake.put(`/cases/${caseNumber}`, { ...inputOf(before), children }, { version: before.version }),
      ),
    )
    expect(answers.map(one => one.status).sort()).toEqual([200, 412, 412, 412])
  })

  test('phase, factors and an override move the hours of its seats, also above the limit; what was agreed stays', async () => {
    const worker = await aWorker(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      contractHours: 4,
    })
    const { id, caseNumber } = await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      phase: 'end',
    })
    await anAllocation(app.db, { caseId: id, workerId: worker.id, hours: 2 })
    const before = await detailOf(caseNumber)
    const saved = await intake.put<CaseDetail>(
      `/cases/${caseNumber}`,
      { ...inputOf(before), phase: 'begin' },
      { version: before.version },
    )
    expect(saved.status, saved.text).toBe(200)
    expect(saved.body.allocations[0]?.hours).toBe(5)
    const row = await app.db
      .selectFrom('allocation')
      .select(['hours', 'agreedHours'])
      .where('caseId', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ hours: 5, agreedHours: 2 })
    const load = await intake.get<{ load: { status: string } }>(`/workers/${worker.staffNumber}`)
    expect(load.body.load.status).toBe('farAboveNorm')
    expect((await eventsOf(caseNumber)).find(one => one.type === 'case.reweighed')?.data).toEqual({
      from: 2,
      to: 5,
    })

    // A seat beside it that stays as it was is part of what the case asks.
    const pair = await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      factors: ['DREIGING'],
    })
    const other = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const asked = (await detailOf(pair.caseNumber)).weight
    const held = { caseId: pair.id, startsOn: '2026-06-01' }
    await anAllocation(app.db, { ...held, workerId: worker.id, hours: asked.primary - 1 })
    await anAllocation(app.db, { ...held, workerId: other.id, seat: 'second', hours: asked.second! })
    const duo = await detailOf(pair.caseNumber)
    await intake.put(
      `/cases/${pair.caseNumber}`,
      { ...inputOf(duo), urgency: 'high' },
      { version: duo.version },
    )
    expect((await eventsOf(pair.caseNumber)).find(one => one.type === 'case.reweighed')?.data).toEqual({
      from: asked.total - 1,
      to: asked.total,
    })

    const set = await intake.put<CaseDetail>(
      `/cases/${caseNumber}/weight`,
      { hours: 3.25, reason: 'Afgesproken in het team' },
      { version: saved.body.version },
    )
    expect(set.body.weight.total).toBe(3.25)
    expect(set.body.allocations[0]?.hours).toBe(3.25)
    expect(set.body.weight.parts.reduce((sum, part) => sum + part.hours, 0)).toBe(3.25)
    const events = await eventsOf(caseNumber)
    expect(JSON.stringify(events)).not.toContain('Afgesproken')
    const half = { hours: 3, reason: null }
    expect(
      (await intake.put(`/cases/${caseNumber}/weight`, half, { version: set.body.version })).status,
    ).toBe(422)
    const back = await intake.put<CaseDetail>(
      `/cases/${caseNumber}/weight`,
      { hours: null, reason: null },
      { version: set.body.version },
    )
    expect(back.body.allocations[0]?.hours).toBe(5)
  })

  test('a pair is asked per seat; without a pair that is refused, and what stands is asked of the one worker', async () => {
    const competences = [
      { competence: 'OTS', level: 1, need: 'required' },
      { competence: 'SCHEIDING', level: 2, need: 'required', seat: 'primary' },
      { competence: 'SCHEIDING', level: 1, need: 'wanted', seat: 'second' },
    ]
    const asked = {
      ...newCase(app.teamId, 'ZK-DUO1'),
      duoNeeded: true,
      competences: competences.toReversed(),
    }
    const made = await intake.post<CaseDetail>('/cases', asked)
    expect(made.status, made.text).toBe(201)
    expect(made.body.competences).toEqual(competences)
    const { version } = made.body
    const path = '/cases/ZK-DUO1'
    const same = await intake.put<CaseDetail>(path, inputOf(made.body), { version })
    expect(same.body.version).toBe(version)
    const list = await intake.get<{ cases: CaseDetail[] }>('/cases')
    expect(list.body.cases.find(one => one.caseNumber === 'ZK-DUO1')?.competences).toEqual(competences)

    const refused = async (change: object) => {
      const answer = await intake.put<{ errors: { field: string }[] }>(
        path,
        { ...inputOf(made.body), ...change },
        { version },
      )
      expect(answer.status).toBe(422)
      return answer.body.errors.map(one => one.field)
    }
    const both = [...competences, { competence: 'OTS', level: 2, need: 'wanted', seat: 'second' }]
    expect(await refused({ competences: both })).toEqual(['competences.3.competence'])
    expect(await refused({ duoNeeded: false })).toEqual(['competences.1.seat', 'competences.2.seat'])
    // The tables hold it as well, whoever writes to them.
    const { id } = await app.db
      .selectFrom('caseFile')
      .select('id')
      .where('caseNumber', '=', 'ZK-DUO1')
      .executeTakeFirstOrThrow()
    const write = (seat: 'primary' | null) =>
      app.db
        .insertInto('caseCompetence')
        .values({ caseId: id, competenceCode: 'OTS', level: 1, need: 'wanted', seat })
        .execute()
    await expect(write('primary')).rejects.toThrow('case_competence_once')
    await expect(write(null)).rejects.toThrow('case_competence_once')

    const factors = ['COMPLEX_SCHEIDING', 'DREIGING']
    const threat = await intake.put<CaseDetail>(
      path,
      { ...inputOf(made.body), duoNeeded: false, factors },
      { version },
    )
    expect(threat.status, threat.text).toBe(200)
    expect(threat.body).toMatchObject({ duo: true, competences })
    // The catalogue no longer calls this a threat, so it is no pair any more.
    const setThreat = (isThreat: boolean) =>
      app.db.updateTable('caseFactor').set({ isThreat }).where('code', '=', 'DREIGING').execute()
    await setThreat(false)
    expect(await detailOf('ZK-DUO1')).toMatchObject({
      duo: false,
      competences: [
        { competence: 'OTS', level: 1, need: 'required' },
        { competence: 'SCHEIDING', level: 2, need: 'required' },
      ],
    })
    await setThreat(true)
    expect((await detailOf('ZK-DUO1')).competences).toEqual(competences)
  })

  test('hours by hand are divided over the seats of a pair, and both seats count theirs', async () => {
    const scope = { organisationId: app.organisationId, teamId: app.teamId }
    const { id, caseNumber } = await aCase(app.db, { ...scope, duoNeeded: true })
    for (const seat of ['primary', 'second'] as const) {
      await anAllocation(app.db, { caseId: id, workerId: (await aWorker(app.db, scope)).id, seat, hours: 3 })
    }
    const weigh = async (body: object) =>
      intake.put<CaseDetail & { errors: { field: string }[] }>(`/cases/${caseNumber}/weight`, body, {
        version: (await detailOf(caseNumber)).version,
      })
    const reason = 'Tweede gaat alleen mee op huisbezoek'
    const saved = await weigh({ hours: 8, second: 2.25, reason })
    expect(saved.status, saved.text).toBe(200)
    expect(saved.body.weight).toMatchObject({
      total: 8,
      primary: 5.75,
      second: 2.25,
      override: { hours: 8, second: 2.25, reason },
    })
    expect(saved.body.allocations.map(one => [one.seat, one.hours])).toEqual([
      ['primary', 5.75],
      ['second', 2.25],
    ])
    const period = await app.db
      .selectFrom('casePeriod')
      .select(['weightOverrideHours', 'weightOverrideSecond'])
      .where('caseId', '=', id)
      .where('untilOn', '=', 'infinity')
      .executeTakeFirstOrThrow()
    expect(period).toEqual({ weightOverrideHours: 8, weightOverrideSecond: 2.25 })
    const history = await intake.get(`/events?object=case&id=${caseNumber}`)
    expect(history.text).toContain('8 uur: 5,75 voor de eerste plek en 2,25 voor de tweede')
    expect(history.text).not.toContain('huisbezoek')

    for (const wrong of [
      { hours: 2, second: 2.5, reason },
      { hours: null, second: 1, reason: null },
    ]) {
      const answer = await weigh(wrong)
      expect([answer.status, answer.body.errors.map(one => one.field)]).toEqual([422, ['second']])
    }
    const general = await weigh({ hours: 8, reason })
    expect(general.body.weight).toMatchObject({ primary: 4.8, second: 3.2, override: { second: null } })
    const table = await weigh({ hours: null, reason: null })
    expect(table.body.weight).toMatchObject({ total: 7.5, override: null })

    const alone = await aCase(app.db, scope)
    const noPair = await intake.put<{ errors: { field: string }[] }>(
      `/cases/${alone.caseNumber}/weight`,
      { hours: 4, second: 1, reason },
      { version: 1 },
    )
    expect([noPair.status, noPair.body.errors[0]?.field]).toEqual([422, 'second'])
  })

  test('who sees which case: teams of intake and lead, own seats of a worker, nothing else', async () => {
    const own = await aCase(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    await anAllocation(app.db, {
      caseId: own.id,
      workerId: app.workerId,
      startsOn: '2026-01-01',
      endsOn: '2026-11-20',
    })
    const foreign = await aCase(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    const worker = await app.as('worker')
    const admin = await app.as('admin')
    expect((await worker.get(`/cases/${own.caseNumber}`)).status).toBe(200)
    expect((await worker.get<List>('/cases')).body.cases.map(one => one.caseNumber)).toEqual([own.caseNumber])
    expect((await worker.get(`/cases/${foreign.caseNumber}`)).status).toBe(404)
    expect((await intake.get(`/cases/${own.caseNumber}`)).status).toBe(404)
    expect((await lead.get(`/cases/${foreign.caseNumber}`)).status).toBe(404)
    expect((await admin.get(`/cases/${own.caseNumber}`)).status).toBe(403)
    const missing = await intake.get(`/cases/${foreign.caseNumber}`)
    const never = await intake.get('/cases/ZK-NOOIT')
    expect(missing.text.replaceAll(foreign.caseNumber, 'X').replace(/"requestId":"[^"]+"/, '')).toBe(
      never.text.replaceAll('ZK-NOOIT', 'X').replace(/"requestId":"[^"]+"/, ''),
    )
  })

  test('an own seat in another team gives no right to change the case', async () => {
    const seated = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const { id, caseNumber } = await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.otherTeamId,
    })
    await anAllocation(app.db, { caseId: id, workerId: seated.id })
    const both = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'lead', teamId: app.teamId }, { role: 'worker' }],
        workerId: seated.id,
      }),
    )
    const seen = await both.get<CaseDetail>(`/cases/${caseNumber}`)
    expect(seen.status).toBe(200)
    const answer = await both.put(`/cases/${caseNumber}`, inputOf(seen.body), { version: 1 })
    expect(answer.status).toBe(404)
  })

  test('a hidden reason never leaves for people without that right', async () => {
    const excluded = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const { id, caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, { caseId: id, workerId: app.workerId })
    const reason = 'Zeer vertrouwelijk woord'
    const body = { staffNumber: excluded.staffNumber, reason, untilOn: null }
    const path = `/cases/${caseNumber}/exclusions`
    expect((await lead.post(path, body, { version: 1 })).status).toBe(403)
    const made = await intake.post<CaseDetail>(path, body, { version: 1 })
    expect(made.status, made.text).toBe(201)
    expect(made.body.exclusions[0]?.reason).toBe(reason)

    const worker = await app.as('worker')
    for (const caller of [lead, worker]) {
      const seen = await caller.get<CaseDetail>(`/cases/${caseNumber}`)
      expect(seen.status).toBe(200)
      expect(seen.text).not.toContain('vertrouwelijk')
    }
    const byWorker = await worker.get<CaseDetail>(`/cases/${caseNumber}`)
    expect(byWorker.body.exclusions).toEqual([])
    const candidates = await lead.get(`/cases/${caseNumber}/candidates?seat=primary`)
    expect(candidates.text).not.toContain('vertrouwelijk')
    expect(JSON.stringify(await eventsOf(caseNumber))).not.toContain('vertrouwelijk')

    const ending = `${path}/${excluded.staffNumber}/ending`
    const { version } = made.body
    expect((await lead.post(ending, { reason: 'niet meer nodig' }, { version })).status).toBe(403)
    expect((await intake.post(ending, { reason: '   ' }, { version })).status).toBe(422)
    const ended = await intake.post<CaseDetail>(ending, { reason: 'Vertrouwelijk opgelost' }, { version })
    expect(ended.status, ended.text).toBe(200)
    expect(ended.body.exclusions).toMatchObject([
      { state: 'ended', reason, ended: { reason: 'Vertrouwelijk opgelost' } },
    ])
    expect(JSON.stringify(await eventsOf(caseNumber))).not.toContain('ertrouwelijk')
    const byLead = await lead.get<CaseDetail>(`/cases/${caseNumber}`)
    expect(byLead.body.exclusions).toMatchObject([{ reason: null, ended: { reason: null } }])
    const again = await intake.post(ending, { reason: 'nog eens' }, { version: ended.body.version })
    expect(again.status).toBe(404)
    // Excluded once more: what ended stays on record beside it.
    const renewed = await intake.post<CaseDetail>(path, body, { version: ended.body.version })
    expect(renewed.body.exclusions.map(one => one.state)).toEqual(['holds', 'ended'])
    const late = { ...body, untilOn: '2026-01-01' }
    expect((await intake.post(path, late, { version: renewed.body.version })).status).toBe(422)
  })

  test('closing frees the seats, and is refused in an open round', async () => {
    const { id, caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const worker = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, { caseId: id, workerId: worker.id })
    const rulebook = await app.db
      .selectFrom('rulebook')
      .select('id')
      .where('organisationId', '=', app.organisationId)
      .executeTakeFirstOrThrow()
    const round = await app.db
      .insertInto('round')
      .values({
        organisationId: app.organisationId,
        startOn: TODAY,
        rulebookId: rulebook.id,
        profile: 'balanced',
        seed: 1,
        createdBy: null,
        settledBy: null,
        settledAt: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await app.db.insertInto('roundCase').values({ roundId: round.id, caseId: id }).execute()
    const path = `/cases/${caseNumber}/closure`
    const refused = await intake.post(path, { closedOn: TODAY }, { version: 1 })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain(String(round.id))
    await app.db.updateTable('roundCase').set({ open: false }).where('roundId', '=', round.id).execute()

    expect((await intake.post(path, { closedOn: '2026-11-25' }, { version: 1 })).status).toBe(422)
    const closed = await intake.post<CaseDetail>(path, { closedOn: TODAY }, { version: 1 })
    expect(closed.status, closed.text).toBe(200)
    expect(closed.body.status).toBe('closed')
    expect(closed.body.allocations[0]?.endsOn).toBe(TODAY)
    expect((await intake.get<List>('/cases')).text).not.toContain(caseNumber)
    expect((await intake.get<List>('/cases?status=closed')).text).toContain(caseNumber)
    expect((await intake.get('/cases?status=weg')).status).toBe(400)
    const change = await intake.put(`/cases/${caseNumber}`, inputOf(closed.body), {
      version: closed.body.version,
    })
    expect(change.status).toBe(409)
  })

  test('families and children are both counted, and relatives are named', async () => {
    const team = await aTeam(app.db, { organisationId: app.organisationId })
    const user = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: team }],
      }),
    )
    const common = { organisationId: app.organisationId, teamId: team, familyNumber: 'G-SAMEN' }
    const first = await aCase(app.db, { ...common, children: 2 })
    const second = await aCase(app.db, { ...common, children: null })
    const list = await user.get<List>('/cases')
    expect(list.body).toMatchObject({ families: 1, children: 3 })
    const detail = await detailOf(first.caseNumber, user)
    expect(detail.relatives).toEqual([{ caseNumber: second.caseNumber, status: 'waiting', primary: null }])
    const unknown = await detailOf(second.caseNumber, user)
    expect(unknown.provisional).toBe(true)
    expect(unknown.missing).toEqual(['children'])
  })

  test('all cases are found by number, family or who has them, wherever they stand, and page by page', async () => {
    const { db, organisationId } = app
    const teamId = await aTeam(db, { organisationId, name: 'Team Zoek' })
    const scope = { organisationId, teamId }
    const user = await app.signIn(await aUser(db, { organisationId, roles: [{ role: 'intake', teamId }] }))
    const worker = await aWorker(db, { ...scope, name: 'Ö. Öztürk-van Dam' })
    const running = await aCase(db, {
      ...scope,
      caseNumber: 'ZK-ZOEK-1',
      familyNumber: 'G-ZOEK',
      receivedOn: '2026-01-05',
    })
    await anAllocation(db, { caseId: running.id, workerId: worker.id })
    const closed = await aCase(db, {
      ...scope,
      caseNumber: 'ZK-ZOEK-2',
      receivedOn: '2025-01-05',
      closedOn: '2026-02-01',
    })
    const urgent = await aCase(db, {
      ...scope,
      caseNumber: 'ZK-ZOEK-3',
      urgency: 'emergency',
      measures: [{ code: 'VOTS' }],
    })
    // Of another team, with the same words.
    await aCase(db, { organisationId, teamId: app.teamId, caseNumber: 'ZK-ZOEK-4', familyNumber: 'G-ZOEK' })
    const asked = {
      text: '',
      statuses: [] as string[],
      team: null as number | null,
      measure: null as string | null,
      sort: { by: 'urgency', down: false },
      from: 0,
      limit: 50,
    }
    const found = async (more: Partial<typeof asked>) => {
      const answer = await user.post<FoundCases>('/cases/search', { ...asked, ...more }, { key: null })
      expect(answer.status, answer.text).toBe(200)
      return { ...answer.body, numbers: answer.body.cases.map(one => one.caseNumber) }
    }
    const all = [urgent, closed, running].map(one => one.caseNumber)
    expect(await found({})).toMatchObject({ total: 3, families: 3, children: 3, numbers: all })
    expect((await found({ text: ' zk-zoek-2 ' })).numbers).toEqual(['ZK-ZOEK-2'])
    expect((await found({ text: 'g-zoek' })).numbers).toEqual(['ZK-ZOEK-1'])
    expect((await found({ text: 'dam ozturk' })).numbers).toEqual(['ZK-ZOEK-1'])
    expect((await found({ text: worker.staffNumber })).numbers).toEqual(['ZK-ZOEK-1'])
    expect((await found({ text: 'niemand' })).total).toBe(0)
    expect((await found({ statuses: ['closed'] })).numbers).toEqual(['ZK-ZOEK-2'])
    expect((await found({ statuses: ['closed', 'waiting'], measure: 'VOTS' })).numbers).toEqual(['ZK-ZOEK-3'])
    expect((await found({ team: app.teamId })).total).toBe(0)
    const sorted = async (by: string, down = false) => (await found({ sort: { by, down } })).numbers
    const oneTwoThree = ['ZK-ZOEK-1', 'ZK-ZOEK-2', 'ZK-ZOEK-3']
    expect(await sorted('case')).toEqual(oneTwoThree)
    expect(await sorted('case', true)).toEqual([...oneTwoThree].reverse())
    expect(await sorted('received')).toEqual(['ZK-ZOEK-2', 'ZK-ZOEK-1', 'ZK-ZOEK-3'])
    expect((await sorted('worker'))[0]).toBe('ZK-ZOEK-1')
    expect(await sorted('status')).toEqual(['ZK-ZOEK-3', 'ZK-ZOEK-1', 'ZK-ZOEK-2'])
    expect(await sorted('urgency', true)).toHaveLength(3)
    expect(await sorted('team')).toEqual(oneTwoThree)
    const page = await found({ sort: { by: 'case', down: false }, from: 1, limit: 1 })
    expect(page).toMatchObject({ total: 3, numbers: ['ZK-ZOEK-2'] })
  })

  test('a search finds cases and workers within rights, and leaves no trace', async () => {
    const { db, organisationId } = app
    const [teamId, other] = [await aTeam(db, { organisationId }), await aTeam(db, { organisationId })]
    const [near, far] = [
      await aWorker(db, { organisationId, teamId, name: 'Q. Zoekmans' }),
      await aWorker(db, { organisationId, teamId: other, name: 'R. Zoekmans' }),
    ]
    const mine = await aCase(db, { organisationId, teamId, familyNumber: 'G-VIND-1' })
    await anAllocation(db, { caseId: mine.id, workerId: near.id })
    await aCase(db, { organisationId, teamId, familyNumber: 'G-VIND-2' })
    await aCase(db, { organisationId, teamId: other, familyNumber: 'G-VIND-3' })
    const someone = async (roles: Parameters<typeof aUser>[1]['roles'], workerId: number | null = null) =>
      app.signIn(await aUser(db, { organisationId, roles, workerId }))
    const team = await someone([{ role: 'intake', teamId }])
    const worker = await someone([{ role: 'worker' }], near.id)
    const admin = await app.as('admin')
    const events = async () =>
      (
        await db
          .selectFrom('event')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n
    const before = await events()
    const found = async (caller: Caller, text: string) => {
      const answer = await caller.post<Found>('/search', { text }, { key: null })
      expect(answer.status, answer.text).toBe(200)
      const { cases, workers } = answer.body
      return [cases.map(one => one.familyNumber).sort(), workers.map(one => one.name)]
    }
    expect(await found(team, 'vind')).toEqual([['G-VIND-1', 'G-VIND-2'], []])
    expect(await found(team, 'ZOEKMANS')).toEqual([['G-VIND-1'], ['Q. Zoekmans']])
    expect(await found(team, far.staffNumber)).toEqual([[], []])
    // A worker: the own cases and oneself; an administrator: who works where, and no case.
    expect(await found(worker, 'vind')).toEqual([['G-VIND-1'], []])
    expect(await found(worker, 'zoekmans')).toEqual([['G-VIND-1'], ['Q. Zoekmans']])
    expect(await found(admin, 'zoekmans')).toEqual([[], ['Q. Zoekmans', 'R. Zoekmans']])
    expect(await found(admin, 'vind')).toEqual([[], []])
    expect(await found(team, '  ')).toEqual([[], []])
    // Signs that SQL reads otherwise are just signs.
    expect(await found(team, '%')).toEqual([[], []])
    expect((await app.anonymous.post('/search', { text: 'vind' })).status).toBe(401)
    expect(await events()).toBe(before)
  })
})
