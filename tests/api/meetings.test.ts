import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Meeting, MeetingCase, MeetingNote, Minutes } from '../../server/contract/meetings.ts'
import type { Support } from '../../server/contract/messages.ts'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { Sharing, TeamSettling } from '../../server/contract/sharing.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, calculated, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const START = '2026-12-01'

/** Every 'case worker' that an answer puts in one object. */
function pairs(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pairs)
  if (value === null || typeof value !== 'object') return []
  const { caseNumber, worker, proposed, suggested } = value as Record<string, { staffNumber?: string }>
  const here = [worker, proposed, suggested].flatMap(one =>
    caseNumber && one?.staffNumber ? [`${caseNumber} ${one.staffNumber}`] : [],
  )
  return [...here, ...Object.values(value).flatMap(pairs)]
}

forEachDatabase('meetings', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())

  const firstLook = async (on: boolean, minutes = true) => {
    const [now] = (await lead.get<TeamSettling[]>('/settling')).body
    const put = await lead.put(
      `/teams/${app.teamId}/settling`,
      { way: 'meeting', answerDays: 3, firstLook: on, minutes, pulse: false },
      { version: now!.version },
    )
    expect(put.status, put.text).toBe(200)
    const stale = await lead.put(
      `/teams/${app.teamId}/settling`,
      { way: 'meeting', answerDays: 3, firstLook: on, minutes: true, pulse: false },
      { version: now!.version },
    )
    expect(stale.status).toBe(412)
  }
  const newRound = async () => {
    const { db, organisationId, teamId } = app
    const workers = [
      await aWorker(db, { organisationId, teamId, name: 'Z. Zuid' }),
      await aWorker(db, { organisationId, teamId, name: 'A. Aalders' }),
    ]
    const round = await aRound(intake, {
      teamId,
      cases: [(await aCase(db, { organisationId, teamId })).caseNumber],
      workers: workers.map(one => one.staffNumber),
      startOn: START,
    })
    return { round, workers, caseNumber: round.cases[0]!.caseNumber }
  }
  const note = (caller: Caller, id: number, caseNumber: string, body: object, version: number) =>
    caller.put<MeetingNote>(
      `/rounds/${id}/meeting/cases/${caseNumber}/note`,
      { outcome: 'agreed', motive: null, dissent: null, ...body },
      { version },
    )

  test('from the agenda to minutes that do not change any more', async () => {
    await firstLook(false)
    const { round, workers, caseNumber } = await newRound()
    const path = `/rounds/${round.id}/meeting`
    expect((await intake.get<Meeting>(path)).body).toMatchObject({ state: 'none', version: 0 })
    expect((await note(intake, round.id, caseNumber, {}, 0)).status).toBe(409)
    expect((await intake.get(`/rounds/${round.id}/minutes`)).status).toBe(404)
    const [first, second] = await Promise.all([intake.post<Meeting>(path), lead.post<Meeting>(path)])
    expect([first.status, second.status]).toEqual([201, 201])
    let meeting = (await intake.get<Meeting>(path)).body
    const names = meeting.people.map(one => one.name)
    expect(names).toEqual(expect.arrayContaining(['Standaard intake', 'Standaard lead']))
    const all = meeting.people.map(one => one.userId)
    expect((await intake.put(`${path}/people`, { userIds: [999999] }, { version: 1 })).status).toBe(404)
    meeting = (await intake.put<Meeting>(`${path}/people`, { userIds: all }, { version: 1 })).body
    expect(meeting.present).toEqual([...all].sort((a, b) => a - b))
    expect((await lead.put(`${path}/people`, { userIds: [] }, { version: 1 })).status).toBe(412)

    const shown = (await intake.get<MeetingCase>(`${path}/cases/${caseNumber}`)).body
    expect(shown.candidates.map(one => one.worker.name)).toEqual(['A. Aalders', 'Z. Zuid'])
    expect(shown.firstLook).toBe(null)
    expect(JSON.stringify(shown)).not.toMatch(/"points"/)
    const noSeat = await intake.get<ProblemDetails>(`${path}/cases/${caseNumber}?seat=second`)
    expect(noSeat.status, noSeat.text).toBe(422)
    expect(noSeat.body.errors).toMatchObject([{ field: 'seat' }])
    expect(noSeat.text).toContain('geen tweede plek')
    const other = workers.find(one => one.staffNumber !== shown.seats[0]!.worker!.staffNumber)!
    const { code } = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    const chosen = await intake.post<RoundDetail>(
      `/rounds/${round.id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        kind: 'override',
        seat: 'primary',
        caseNumber,
        staffNumber: other.staffNumber,
        reasonCode: code,
        reasonText: 'Woont om de hoek',
      },
      { version: shown.roundVersion },
    )
    expect(chosen.status, chosen.text).toBe(201)
    // A case that nobody talked about is not passed over unseen.
    const closing = (undiscussed: boolean, version: number) =>
      intake.post<Meeting>(`${path}/closing`, { undiscussed }, { version })
    const refused = await closing(false, meeting.version)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain(caseNumber)
    const early = await closing(true, meeting.version)
    expect(early.body.state, early.text).toBe('closed')
    const reopen = (version: number) => intake.post<Meeting>(`${path}/reopening`, undefined, { version })
    expect((await reopen(meeting.version)).status).toBe(412)
    const again = await reopen(early.body.version)
    expect(again.body, again.text).toMatchObject({ state: 'open', closedAt: null })
    expect((await reopen(again.body.version)).status).toBe(409)

    const noted = await note(
      intake,
      round.id,
      caseNumber,
      { outcome: 'changed', motive: 'Woont om de hoek', dissent: 'De teamleider had liever gewacht' },
      0,
    )
    expect(noted.status, noted.text).toBe(200)
    expect(noted.body).toMatchObject({ version: 1, by: 'Standaard intake' })
    // A colleague who saw nothing yet does not write over it.
    expect((await note(lead, round.id, caseNumber, { outcome: 'waits' }, 0)).status).toBe(412)

    const draft = (await intake.get<Minutes>(`/rounds/${round.id}/minutes`)).body
    expect(draft).toMatchObject({ final: false, present: names })
    expect(draft.cases[0]).toMatchObject({
      outcome: 'changed',
      dissent: 'De teamleider had liever gewacht',
      seats: [{ deviates: true, worker: { staffNumber: other.staffNumber } }],
    })
    const closed = await closing(false, again.body.version)
    expect(closed.body.state, closed.text).toBe('closed')
    expect((await note(intake, round.id, caseNumber, {}, 1)).status).toBe(409)
    await intake.post(
      `/rounds/${round.id}/confirmation`,
      { partial: false },
      { version: chosen.body.version },
    )
    // What was settled stands, and so do its minutes.
    expect((await reopen(closed.body.version)).status).toBe(409)
    const final = (await lead.get<Minutes>(`/rounds/${round.id}/minutes`)).body
    expect(final).toMatchObject({ final: true, settledBy: 'Standaard intake' })
    expect(final.cases[0]!.seats[0]).toMatchObject({
      decidedBy: 'Standaard intake',
      reasonText: 'Woont om de hoek',
    })
    const csv = await lead.get<string>(`/rounds/${round.id}/minutes/csv`)
    expect(csv.text).toContain('De teamleider had liever gewacht')
    const events = await app.db
      .selectFrom('event')
      .select(['type', 'data'])
      .where('objectId', '=', String(round.id))
      .execute()
    expect(events.map(one => one.type)).toEqual(expect.arrayContaining(['meeting.opened', 'meeting.closed']))
    expect(JSON.stringify(events)).not.toContain('liever gewacht')
  })

  test('who is above the band with a case can be chosen with a motive; who is above the limit cannot', async () => {
    await firstLook(false)
    const scope = { organisationId: app.organisationId, teamId: app.teamId }
    const holding = async (hours: number) => {
      const worker = await aWorker(app.db, scope)
      const held = await aCase(app.db, scope)
      await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours })
      return worker.staffNumber
    }
    // Norm hours 26.28: with five hours more 25 is above 110 %, and 28 above 120 %.
    const [calm, above, full] = [await holding(5), await holding(25), await holding(28)]
    const { caseNumber } = await aCase(app.db, scope)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [calm, above, full],
      startOn: START,
    })
    const { body } = await intake.get<MeetingCase>(`/rounds/${round.id}/meeting/cases/${caseNumber}`)
    const of = (staffNumber: string) => {
      const one = body.candidates.find(each => each.worker.staffNumber === staffNumber)!
      return [one.allowed, one.setAside]
    }
    expect([of(calm), of(above), of(full)]).toEqual([
      [true, []],
      [false, ['band']],
      [false, []],
    ])
  })

  test('a first look hides the suggestion, the hours and what others think, until it is revealed', async () => {
    await firstLook(false)
    const { round, caseNumber } = await newRound()
    await firstLook(true)
    const suggested = round.lines[0]!.worker!.staffNumber
    const path = `/rounds/${round.id}/meeting`
    await intake.post(path)
    const hidden = (await intake.get<MeetingCase>(`${path}/cases/${caseNumber}`)).body
    expect(hidden).toMatchObject({
      hours: null,
      case: { hours: 0 },
      firstLook: { revealed: false, stated: 0 },
    })
    expect(hidden.seats[0]).toMatchObject({ suggested: null, worker: null, after: null })
    expect(hidden.candidates.every(one => one.after === null)).toBe(true)
    expect((await intake.post(`${path}/cases/${caseNumber}/reveal`)).status).toBe(409)

    const look = (caller: Caller, hours: number | null, staffNumber: string | null) =>
      caller.put<MeetingCase>(`${path}/cases/${caseNumber}/first-look`, { hours, staffNumber })
    expect((await look(intake, 4, 'jb-nergens')).status).toBe(404)
    expect((await look(intake, 4, suggested)).status).toBe(200)
    const theirs = (await look(lead, 7.5, null)).body
    expect(theirs.firstLook).toMatchObject({ stated: 2, looks: null, mine: { hours: 7.5 } })
    expect(JSON.stringify(theirs.firstLook)).not.toContain('"hours":4')

    const draft = (await intake.get<Minutes>(`/rounds/${round.id}/minutes`)).body
    expect(draft.cases[0]?.firstLook).toBe(null)

    const revealed = await intake.post<MeetingCase>(`${path}/cases/${caseNumber}/reveal`)
    expect(revealed.status, revealed.text).toBe(200)
    expect(revealed.body.firstLook).toMatchObject({
      revealed: true,
      agreement: { withSuggestion: 1, candidates: 1, lowest: 4, highest: 7.5 },
    })
    expect(revealed.body.seats[0]?.suggested?.staffNumber).toBe(suggested)
    expect((await look(lead, 1, null)).status).toBe(409)
    const minutes = (await intake.get<Minutes>(`/rounds/${round.id}/minutes`)).body
    expect(minutes.cases[0]?.firstLook).toEqual({ stated: 2, withSuggestion: 1 })
  })

  test('until a first look is revealed, no answer of the server tells the suggestion', async () => {
    await firstLook(false)
    const { db, organisationId, teamId } = app
    const workers = [
      await aWorker(db, { organisationId, teamId, name: 'B. Boer' }),
      await aWorker(db, { organisationId, teamId, name: 'C. Claus' }),
    ]
    const cases = [
      await aCase(db, { organisationId, teamId }),
      await aCase(db, { organisationId, teamId }),
      await aCase(db, { organisationId, teamId }),
    ].map(one => one.caseNumber)
    const whole = await aRound(intake, {
      teamId,
      cases,
      workers: workers.map(one => one.staffNumber),
      startOn: START,
    })
    expect(whole.unseen).toEqual([])
    await firstLook(true)

    const path = `/rounds/${whole.id}`
    const allHidden = (await intake.get<RoundDetail>(path)).body
    expect(allHidden.unseen.toSorted()).toEqual(cases.toSorted())
    expect(allHidden).toMatchObject({ cases: [], lines: [], choices: [], solution: { levels: [] } })
    expect(allHidden.solution).not.toHaveProperty('certificate')
    // Nothing to count the hours of a case with.
    for (const load of allHidden.loads) expect(load.after).toEqual(load.before)
    expect(allHidden.figures).toMatchObject({
      placed: 0,
      cases: 0,
      highestLoadAfter: allHidden.figures.highestLoadBefore,
    })

    const [seen, ...hidden] = cases as [string, string, string]
    const { staffNumber } = whole.lines.find(line => line.caseNumber === seen)!.worker!
    const look = (caller: Caller) =>
      caller.put(`${path}/meeting/cases/${seen}/first-look`, { hours: 5, staffNumber })
    expect((await look(intake)).status).toBe(200)
    expect((await look(lead)).status).toBe(200)
    expect((await intake.post(`${path}/meeting/cases/${seen}/reveal`)).status).toBe(200)

    const part = (await intake.get<RoundDetail>(path)).body
    expect(part.unseen.toSorted()).toEqual(hidden.toSorted())
    expect(part.cases.map(one => one.caseNumber)).toEqual([seen])
    expect(part.lines.map(line => line.caseNumber)).toEqual([seen])
    for (const { worker, before, after, newCases } of part.loads) {
      const gets = part.lines.filter(line => line.worker?.staffNumber === worker.staffNumber)
      expect(newCases).toBe(gets.length)
      expect(after.hours - before.hours).toBeCloseTo(
        gets.reduce((sum, line) => sum + line.hours, 0),
        5,
      )
    }
    const other = hidden[0]!
    const answers = await Promise.all(
      [
        path,
        `${path}/matrix`,
        `${path}/sharing`,
        `${path}/settlement`,
        `${path}/cases/${seen}/explanation`,
        `${path}/meeting/cases/${other}`,
      ].map(async one => ({ one, answer: await intake.get(one) })),
    )
    const { lines } = whole
    for (const { one, answer } of answers) {
      expect(answer.status, one).toBe(200)
      for (const line of lines.filter(line => line.caseNumber !== seen)) {
        expect(pairs(answer.body), one).not.toContain(`${line.caseNumber} ${line.worker?.staffNumber}`)
      }
    }
    for (const one of [
      `${path}/cases/${other}/explanation`,
      `${path}/cases/${other}/alternatives`,
      `${path}/cases/${seen}/alternatives`,
      `${path}/cases/${seen}/why-not?worker=${workers.find(worker => worker.staffNumber !== staffNumber)!.staffNumber}`,
      `${path}/cases/${seen}/ways`,
      `${path}/runs`,
      `${path}/runs/${whole.run!.id}`,
      `${path}/comparison?runs=${whole.run!.id},${whole.run!.id}`,
    ]) {
      expect((await intake.get(one)).status, one).toBe(409)
    }

    const choice = await intake.post(
      `${path}/choices`,
      { ...NOTHING_SET_ASIDE, kind: 'lock', seat: 'primary', caseNumber: other, staffNumber },
      { version: part.version },
    )
    expect(choice.status).toBe(409)
    const shared = await intake.post<Sharing>(`${path}/sharing`, undefined, { version: part.version })
    expect(shared.body.lines.map(line => line.caseNumber)).toEqual([seen])
    const { version } = (await intake.get<RoundDetail>(path)).body
    const refused = await intake.post(`${path}/confirmation`, { partial: false }, { version })
    expect(refused.status).toBe(422)
    expect((refused.body.cases as { rule: string }[]).filter(one => one.rule === 'firstLook')).toHaveLength(2)
    const settled = await intake.post<RoundResult>(
      `${path}/confirmation`,
      { partial: true, rest: 'newRound' },
      { version },
    )
    expect(settled.status, settled.text).toBe(201)
    expect(settled.body.decisions.map(one => one.caseNumber)).toEqual([seen])
    const next = await calculated(intake, settled.body.nextRoundId!)
    expect(next.unseen.toSorted()).toEqual(hidden.toSorted())

    // How far they agreed was kept when it was revealed.
    const kept = await app.db
      .selectFrom('firstLookReveal')
      .select(['stated', 'withSuggestion', 'agreed'])
      .where('roundId', '=', whole.id)
      .execute()
    expect(kept).toEqual([{ stated: 2, withSuggestion: 2, agreed: true }])
    expect((await lead.get<Support>('/support')).body.firstLooks).toEqual([])
    await firstLook(false)
  })

  test('a team that records nothing has no meeting to open', async () => {
    await firstLook(false, false)
    const { round } = await newRound()
    expect((await intake.get<Meeting>(`/rounds/${round.id}/meeting`)).body.minutes).toBe(false)
    expect((await intake.post(`/rounds/${round.id}/meeting`)).status).toBe(409)
    await firstLook(false, true)
    expect((await intake.post(`/rounds/${round.id}/meeting`)).status).toBe(201)
    await firstLook(false, false)
    // What was begun can be finished.
    const { body } = await intake.get<Meeting>(`/rounds/${round.id}/meeting`)
    expect(body).toMatchObject({ minutes: true, state: 'open' })
    await firstLook(false, true)
  })

  test('who looks at a round is seen by the others, and forgotten when they leave', async () => {
    await firstLook(false)
    const { round, caseNumber } = await newRound()
    const here = (caller: Caller, at: string | null) =>
      caller.put<{ name: string; caseNumber: string | null }[]>(`/rounds/${round.id}/presence`, {
        caseNumber: at,
      })
    expect((await here(intake, caseNumber)).body).toEqual([])
    expect((await here(lead, null)).body).toEqual([{ name: 'Standaard intake', caseNumber }])
    const before = app.clock.at
    try {
      app.clock.at = new Date(before.getTime() + 60_000)
      expect((await here(lead, null)).body).toEqual([])
    } finally {
      app.clock.at = before
    }
    const stranger = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: app.otherTeamId }],
      }),
    )
    expect((await here(stranger, null)).status).toBe(404)
    expect((await stranger.post(`/rounds/${round.id}/meeting`)).status).toBe(404)
  })
})
