import { afterAll, beforeAll, expect, test } from 'vitest'
import { standingOn } from '../../db/standing.ts'
import { verify } from '../../server/commands/verify.ts'
import type { Explanation } from '../../server/contract/explanations.ts'
import type { MeetingCase } from '../../server/contract/meetings.ts'
import type { Preflight, RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { SettlementView } from '../../server/contract/sharing.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { calculated } from '../support/rounds.ts'

const START = '2026-12-01'
const plain = {
  reasonCode: null,
  reasonText: null,
  unregisteredReason: null,
  setAside: [] as string[],
  acceptsExcess: false,
}

forEachDatabase('a round from list to allocations', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  const cases: string[] = []
  const workers: string[] = []
  let round: RoundDetail
  let id: number

  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId, teamId } = app
    for (let index = 0; index < 5; index++) {
      const worker = await aWorker(db, { organisationId, teamId })
      workers.push(worker.staffNumber)
    }
    for (let index = 0; index < 4; index++) {
      cases.push((await aCase(db, { organisationId, teamId, children: 1 + index })).caseNumber)
    }
    cases.push((await aCase(db, { organisationId, teamId, factors: ['DREIGING'] })).caseNumber)
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())

  const input = () => ({
    teamIds: [app.teamId],
    caseNumbers: cases,
    staffNumbers: null,
    startOn: START,
    profile: 'balanced',
  })
  const choose = (caller: Caller, body: object, version = round.version) =>
    caller.post<RoundDetail & { cases: { rule: string; setAside: string }[] }>(
      `/rounds/${id}/choices`,
      { ...plain, ...body },
      { version },
    )

  test('the check before the run', async () => {
    const { status, body, text } = await intake.post<Preflight>('/rounds/preflight', input(), { key: null })
    expect(status, text).toBe(200)
    expect(body.cases.map(one => one.caseNumber).sort()).toEqual([...cases].sort())
    expect(body.cases.every(one => one.eligibleWorkers > 0)).toBe(true)
    expect(body.roomHours).toBeGreaterThan(body.demandHours)
  })

  test('compose and calculate', async () => {
    const made = await intake.post<{ id: number }>('/rounds', input())
    expect(made.status, made.text).toBe(201)
    id = made.body.id
    round = await calculated(intake, id)
    expect(round.run?.state, JSON.stringify(round.run)).toBe('done')
    expect(round.solution?.status).toBe('optimal')
    expect(round.lines).toHaveLength(6)
    expect(round.lines.every(line => line.worker !== null)).toBe(true)
    expect(round).toMatchObject({ stale: [], staleInShort: null })
    expect(round.figures.placed).toBe(5)
    for (const load of round.loads) {
      const given = round.lines.filter(line => line.worker?.staffNumber === load.worker.staffNumber)
      expect(given.reduce((sum, line) => sum + line.hours, load.before.hours)).toBeCloseTo(
        load.after.hours,
        8,
      )
    }
  })

  test('a case is in one open round only', async () => {
    const again = await intake.post('/rounds', { ...input(), caseNumbers: [cases[0]] })
    expect(again.status).toBe(409)
    expect(again.text).toContain(cases[0])
  })

  test('why this worker and why not another', async () => {
    const line = round.lines.find(one => one.caseNumber === cases[0])!
    const { body, status, text } = await intake.get<Explanation>(
      `/rounds/${id}/cases/${cases[0]}/explanation`,
    )
    expect(status, text).toBe(200)
    expect(body.worker).toEqual(line.worker)
    expect(body.points).toBe(line.points)
    expect(body.rules.every(rule => rule.passed)).toBe(true)
    expect(body.alternatives).toHaveLength(round.workers.length)
    // One meaning of before and after: before the round, and after all of it, here as in the list.
    expect([body.before, body.after]).toEqual([line.before, line.after])
    for (const one of body.alternatives) {
      const load = round.loads.find(each => each.worker.staffNumber === one.worker.staffNumber)!
      expect(one.before).toEqual(load.before)
    }
    const { normHours } = round.loads.find(one => one.worker.staffNumber === line.worker!.staffNumber)!
    const share = (hours: number) => String(Math.round((hours * 1000) / normHours) / 10).replace('.', ',')
    expect(body.sentence).toContain(
      `gaat de werklast van ${share(line.before!.hours)} naar ${share(line.after!.hours)} %`,
    )
    const other = round.workers.find(one => one.staffNumber !== line.worker!.staffNumber)!
    const whyNot = await intake.get<{ answer: string; sentence: string }>(
      `/rounds/${id}/cases/${cases[0]}/why-not?worker=${other.staffNumber}`,
    )
    expect(whyNot.status, whyNot.text).toBe(200)
    expect(whyNot.body.sentence).toContain(other.name)
  })

  test('an override needs a reason, and counts as a deviation', async () => {
    const line = round.lines.find(one => one.caseNumber === cases[0])!
    const other = round.workers.find(
      one => !round.lines.some(each => each.worker?.staffNumber === one.staffNumber),
    )
    const staffNumber = (other ?? round.workers.find(one => one.staffNumber !== line.worker!.staffNumber)!)
      .staffNumber
    const choice = { caseNumber: cases[0], seat: 'primary', kind: 'override', staffNumber }
    expect((await choose(intake, choice)).status).toBe(422)
    expect((await choose(intake, { ...choice, reasonCode: 'ANDERS_BESTAAT_NIET' })).status).toBe(422)
    const reason = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    const stale = await choose(intake, { ...choice, reasonCode: reason.code }, round.version - 1)
    expect(stale.status).toBe(412)
    const done = await choose(intake, { ...choice, reasonCode: reason.code })
    expect(done.status, done.text).toBe(201)
    round = done.body
    const now = round.lines.find(one => one.caseNumber === cases[0])!
    expect(now.worker?.staffNumber).toBe(staffNumber)
    expect(now.proposed).toEqual(line.worker)
    expect(now.deviates).toBe(true)
    expect(round.figures.deviations).toBe(1)
    expect(round.choicesSinceRun).toBe(1)
  })

  test('lock, exclude, wait, undo', async () => {
    const line = round.lines.find(one => one.caseNumber === cases[1])!
    const reason = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    const locked = await choose(lead, {
      caseNumber: cases[1],
      seat: 'primary',
      kind: 'lock',
      staffNumber: line.worker!.staffNumber,
    })
    expect(locked.status, locked.text).toBe(201)
    round = locked.body
    const third = round.lines.find(one => one.caseNumber === cases[2])!
    const excluded = await choose(intake, {
      caseNumber: cases[2],
      seat: 'primary',
      kind: 'exclude',
      staffNumber: third.worker!.staffNumber,
      reasonCode: reason.code,
    })
    expect(excluded.status, excluded.text).toBe(201)
    round = excluded.body
    expect(round.lines.find(one => one.caseNumber === cases[2])!.worker).toBeNull()
    const waits = await choose(intake, {
      caseNumber: cases[4],
      seat: 'second',
      kind: 'wait',
      staffNumber: null,
      reasonCode: reason.code,
    })
    expect(waits.status, waits.text).toBe(201)
    round = waits.body
    expect(
      round.lines.filter(one => one.caseNumber === cases[4]).every(one => one.waits && one.worker === null),
    ).toBe(true)
    expect(round.choicesSinceRun).toBe(4)
  })

  test('calculate again around the choices', async () => {
    const before = round
    const run = await intake.post(`/rounds/${id}/runs`, { timeLimitSeconds: 20 }, { version: round.version })
    expect(run.status, run.text).toBe(202)
    round = await calculated(intake, id)
    expect(round.run?.state, JSON.stringify(round.run)).toBe('done')
    expect(round.choicesSinceRun).toBe(0)
    for (const number of [cases[0], cases[1]]) {
      expect(round.lines.find(one => one.caseNumber === number)!.worker).toEqual(
        before.lines.find(one => one.caseNumber === number)!.worker,
      )
    }
    const override = round.lines.find(one => one.caseNumber === cases[0])!
    expect(override.deviates).toBe(true)
    expect(override.proposed).toEqual(before.lines.find(one => one.caseNumber === cases[0])!.proposed)
    const third = round.lines.find(one => one.caseNumber === cases[2])!
    expect(third.worker).not.toBeNull()
    expect(third.worker).not.toEqual(before.lines.find(one => one.caseNumber === cases[2])!.proposed)
    expect(round.lines.filter(one => one.caseNumber === cases[4]).every(one => one.worker === null)).toBe(
      true,
    )
  })

  test('an absence makes the proposal stale, and settling refuses that worker', async () => {
    const line = round.lines.find(one => one.caseNumber === cases[3])!
    const worker = await app.db
      .selectFrom('worker')
      .select('id')
      .where('staffNumber', '=', line.worker!.staffNumber)
      .executeTakeFirstOrThrow()
    const absence = await app.db
      .insertInto('absence')
      .values({ workerId: worker.id, percentage: 100, validFrom: '2026-11-30', validUntil: '2026-12-04' })
      .returning('id')
      .executeTakeFirstOrThrow()
    round = (await intake.get<RoundDetail>(`/rounds/${id}`)).body
    expect(round.stale).toEqual([`${line.worker!.name}: afwezigheid gewijzigd.`])
    expect(round.staleInShort).toBe('Veranderd sinds de berekening: 1 medewerker.')
    // The round, the panel and the meeting say so as the check does, and call it good no longer.
    const now = round.lines.find(one => one.caseNumber === cases[3])!
    expect(now.messages.map(one => one.rule)).toEqual(['onDuty'])
    const panel = await intake.get<Explanation>(`/rounds/${id}/cases/${cases[3]}/explanation`)
    expect(panel.body.sentence).toContain('Dat kan niet meer')
    expect(panel.body).toMatchObject({ margin: null, rank: null })
    expect(panel.body.rules).toContainEqual(expect.objectContaining({ rule: 'onDuty', passed: false }))
    const talk = await intake.get<MeetingCase>(`/rounds/${id}/meeting/cases/${cases[3]}`)
    expect(talk.body).toMatchObject({ lapsed: true, since: { changes: 1 } })
    const refused = await intake.post<{ cases: { rule: string; caseNumber: string }[] }>(
      `/rounds/${id}/confirmation`,
      { partial: false },
      { version: round.version },
    )
    expect(refused.status).toBe(422)
    expect(refused.body.cases).toContainEqual(
      expect.objectContaining({ rule: 'onDuty', caseNumber: cases[3] }),
    )
    expect(await app.db.selectFrom('allocation').select('id').execute()).toEqual([])
    await app.db.deleteFrom('absence').where('id', '=', absence.id).execute()
    round = (await intake.get<RoundDetail>(`/rounds/${id}`)).body
    expect(round.stale).toEqual([])
  })

  test('a seat has one percentage on every page: that of the tables of today', async () => {
    const line = round.lines.find(one => one.caseNumber === cases[3])!
    const worker = await app.db
      .selectFrom('worker')
      .select('id')
      .where('staffNumber', '=', line.worker!.staffNumber)
      .executeTakeFirstOrThrow()
    const held = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const seat = await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours: 34 })
    const now = (await intake.get<RoundDetail>(`/rounds/${id}`)).body
    const shown = now.lines.find(one => one.caseNumber === cases[3])!
    expect(now.stale.length).toBeGreaterThan(0)
    expect(shown.after!.hours).toBeCloseTo(line.after!.hours + 34, 6)
    const load = now.loads.find(one => one.worker.staffNumber === line.worker!.staffNumber)!
    expect(load.after).toEqual(shown.after)
    const talk = await intake.get<MeetingCase>(`/rounds/${id}/meeting/cases/${cases[3]}`)
    expect(talk.body.seats[0]!.after!.workload).toBe(shown.after!.workload)
    const panel = await intake.get<Explanation>(`/rounds/${id}/cases/${cases[3]}/explanation`)
    expect(panel.body.after).toEqual(shown.after)
    const check = await intake.get<SettlementView>(`/rounds/${id}/settlement`)
    const obstacles = check.body.lines.find(one => one.caseNumber === cases[3])!.obstacles
    const figure = new Intl.NumberFormat('nl-NL', { maximumFractionDigits: 1 })
    expect(obstacles.map(one => one.rule)).toContain('hardLimit')
    expect(obstacles.map(one => one.message).join(' ')).toContain(
      `${figure.format(shown.after!.workload! * 100)} %`,
    )
    await app.db.deleteFrom('allocationPeriod').where('allocationId', '=', seat).execute()
    await app.db.deleteFrom('allocation').where('id', '=', seat).execute()
    round = (await intake.get<RoundDetail>(`/rounds/${id}`)).body
    expect(round.stale).toEqual([])
  })

  test('settle: decisions, allocations, events and workload', async () => {
    const key = crypto.randomUUID()
    const send = () =>
      intake.post<RoundResult>(
        `/rounds/${id}/confirmation`,
        { partial: false },
        { version: round.version, key },
      )
    const [first, second] = await Promise.all([send(), send()])
    expect(first.status, first.text).toBe(201)
    expect(second.status, second.text).toBe(201)
    expect(second.body).toEqual(first.body)
    const result = first.body
    expect(result.decisions.filter(one => one.kind === 'agreed')).toHaveLength(3)
    expect(result.decisions.filter(one => one.kind === 'deviation')).toHaveLength(1)
    expect(result.decisions.filter(one => one.kind === 'waiting')).toHaveLength(2)
    const allocations = await app.db.selectFrom('allocation').selectAll().execute()
    expect(allocations).toHaveLength(4)
    expect(allocations.every(one => one.startsOn === START && one.origin === 'decision')).toBe(true)
    const load = (await intake.get<Workload>(`/workers?team=${app.teamId}&on=${START}`)).body
    for (const planned of round.loads) {
      const row = load.workers.find(one => one.staffNumber === planned.worker.staffNumber)!
      expect(row.load.hoursInUse).toBeCloseTo(planned.after.hours, 8)
    }
    const events = await app.db.selectFrom('event').select('type').orderBy('seq').execute()
    expect(events.filter(one => one.type === 'case.allocated')).toHaveLength(4)
    expect(events.filter(one => one.type === 'round.settled')).toHaveLength(1)
    const waiting = await app.db
      .selectFrom('caseFile as c')
      .innerJoin(standingOn(TODAY), 's.caseId', 'c.id')
      .select('s.status')
      .where('c.caseNumber', '=', cases[4]!)
      .executeTakeFirstOrThrow()
    expect(waiting.status).toBe('waiting')
    expect((await intake.get<RoundResult>(`/rounds/${id}/result`)).body).toEqual(result)
    const detail = (await intake.get<RoundDetail>(`/rounds/${id}`)).body
    expect(detail.status).toBe('settled')
    expect(
      (
        await choose(
          intake,
          { caseNumber: cases[0], seat: 'primary', kind: 'wait', staffNumber: null, reasonCode: 'X' },
          detail.version,
        )
      ).status,
    ).toBe(409)
    const list = await intake.get<{ id: number; placed: number; deviations: number }[]>('/rounds')
    expect(list.body[0]).toMatchObject({ id, placed: 4, deviations: 1, status: 'settled' })
  })

  test('the record proves its motives: a changed one shows, an erased one does not', async () => {
    const motives = async () =>
      (await verify(app.open, TODAY)).checks.find(check => check.name === 'motives')!.faults
    expect(await motives()).toEqual([])
    const { id: decision } = await app.db
      .selectFrom('decision')
      .select('id')
      .where('kind', '=', 'deviation')
      .executeTakeFirstOrThrow()
    const write = (reasonText: string | null) =>
      app.db.updateTable('decision').set({ reasonText }).where('id', '=', decision).execute()
    await write('Een andere reden, achteraf')
    expect(await motives()).toEqual([`The motive of decision ${decision} is not the one that was recorded.`])
    await write(null)
    expect(await motives()).toEqual([])
  })
})
