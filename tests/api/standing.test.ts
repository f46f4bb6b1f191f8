import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseDetail, CaseList, CaseRow } from '../../server/contract/cases.ts'
import { addDays } from '../../server/contract/days.ts'
import type { OwnLoad } from '../../server/contract/own.ts'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { SignalList } from '../../server/contract/signals.ts'
import type { Today } from '../../server/contract/today.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

type List = { cases: CaseRow[] } & typeof CaseList

const at = (day: string) => new Date(`${day}T10:00:00+01:00`)

forEachDatabase('where a case stands', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())

  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const listed = async (status: string) =>
    (await intake.get<List>(`/cases?status=${status}`)).body.cases.map(one => one.caseNumber)
  const settle = async (round: RoundDetail) =>
    intake.post<RoundResult>(
      `/rounds/${round.id}/confirmation`,
      { partial: true },
      { version: round.version },
    )
  const give = (
    caseNumber: string,
    staffNumber: string,
    startOn: string,
    version: number,
    seat = 'primary',
  ) =>
    intake.post(
      `/cases/${caseNumber}/allocations`,
      {
        ...NOTHING_SET_ASIDE,
        kind: 'tailored',
        seat,
        staffNumber,
        startOn,
        reasonCode: 'DESKUNDIGHEID',
      },
      { version },
    )

  test('a decision that is withdrawn before its seat begins leaves nothing behind but its record', async () => {
    const worker = await aWorker(app.db, scope())
    const other = await aWorker(app.db, scope())
    const { caseNumber } = await aCase(app.db, scope())
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [worker.staffNumber],
      startOn: addDays(TODAY, 14),
    })
    expect((await settle(round)).status).toBe(201)
    const read = async () => (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect(await read()).toMatchObject({ status: 'later', primaryFrom: addDays(TODAY, 14) })
    const back = await intake.post(`/rounds/${round.id}/withdrawals`, { caseNumber, reasonText: 'Anders' })
    expect(back.status, back.text).toBe(201)

    const after = await read()
    expect(after).toMatchObject({ status: 'waiting', primary: null, allocations: [], waitingDays: 4 })
    expect(after.firstContact).not.toBeNull()
    expect(await listed('waiting')).toContain(caseNumber)
    expect(await listed('allocated,later')).not.toContain(caseNumber)
    const me = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'worker' }],
        workerId: worker.id,
      }),
    )
    expect((await me.get(`/cases/${caseNumber}`)).status).toBe(404)
    const given = await give(caseNumber, other.staffNumber, TODAY, after.version)
    expect(given.status, given.text).toBe(201)
    expect(await read()).toMatchObject({
      status: 'allocated',
      primary: { staffNumber: other.staffNumber },
    })
  })

  test('whoever had a case reads it during the handover, and not once kept away from it', async () => {
    const worker = await aWorker(app.db, scope())
    const me = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'worker' }],
        workerId: worker.id,
      }),
    )
    const held = async (endsOn: string | null, startsOn = '2026-03-01') => {
      const one = await aCase(app.db, scope())
      await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, endsOn, hours: 0.1 })
      return one
    }
    const now = await held(null)
    const coming = await held(null, addDays(TODAY, 30))
    const last = await held(addDays(TODAY, -27))
    const gone = await held(addDays(TODAY, -28))
    const never = await held(addDays(TODAY, 5), addDays(TODAY, 5))
    const kept = await held(addDays(TODAY, -3))
    const opens = async (one: { caseNumber: string }) =>
      (await me.get(`/cases/${one.caseNumber}`)).status === 200
    for (const one of [now, coming, last, kept]) expect(await opens(one), one.caseNumber).toBe(true)
    for (const one of [gone, never]) expect(await opens(one), one.caseNumber).toBe(false)
    // Reading only.
    const dispute = { caseNumber: last.caseNumber, hours: 9, text: 'Het is meer' }
    expect((await me.post('/mine/disputes', dispute)).status).toBe(409)

    const excluded = await intake.post(
      `/cases/${kept.caseNumber}/exclusions`,
      { staffNumber: worker.staffNumber, reason: 'Belangen', untilOn: null },
      { version: 1 },
    )
    expect(excluded.status, excluded.text).toBe(201)
    expect(await opens(kept)).toBe(false)
    const mine = (await me.get<List>('/cases')).body.cases.map(one => one.caseNumber)
    expect(mine.sort()).toEqual([now, coming, last].map(one => one.caseNumber).sort())
  })

  test('a pair with one seat filled stays in sight as one whose second seat is open', async () => {
    const [one, two] = [await aWorker(app.db, scope()), await aWorker(app.db, scope())]
    const pair = await aCase(app.db, { ...scope(), duoNeeded: true })
    const before = (await lead.get<Today>('/today')).body.waiting.cases
    await anAllocation(app.db, { caseId: pair.id, workerId: one.id, hours: 1 })
    const read = async () => (await intake.get<CaseDetail>(`/cases/${pair.caseNumber}`)).body
    expect(await read()).toMatchObject({ status: 'allocated', secondOpen: true })
    expect(await listed('waiting,in_round,second_open')).toContain(pair.caseNumber)
    expect((await lead.get<Today>('/today')).body.waiting.cases).toBe(before)
    await anAllocation(app.db, {
      caseId: pair.id,
      workerId: two.id,
      seat: 'second',
      startsOn: addDays(TODAY, 3),
      hours: 1,
    })
    expect(await read()).toMatchObject({ status: 'allocated', secondOpen: false })
    expect(await listed('waiting,in_round,second_open')).not.toContain(pair.caseNumber)
  })

  test('the open second seat is a signal, joins the next round, and only that seat is given there', async () => {
    const first = await aWorker(app.db, scope())
    const colleague = await aWorker(app.db, scope())
    const { id, caseNumber } = await aCase(app.db, { ...scope(), duoNeeded: true })
    await anAllocation(app.db, { caseId: id, workerId: first.id, startsOn: '2026-10-01', hours: 4 })
    const signals = async () =>
      (await lead.get<SignalList>('/signals?kind=secondOpen&show=open')).body.signals.map(one => one.subject)
    expect(await signals()).toContain(caseNumber)
    const [row] = (await intake.get<List>('/cases?status=second_open')).body.cases.filter(
      one => one.caseNumber === caseNumber,
    )
    const { weight } = (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect(row).toMatchObject({ hours: weight.total, openHours: weight.second })

    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [first.staffNumber, colleague.staffNumber],
      startOn: addDays(TODAY, 7),
    })
    expect(round.lines).toMatchObject([
      { caseNumber, seat: 'second', worker: { staffNumber: colleague.staffNumber } },
    ])
    expect(round.loads.find(one => one.worker.staffNumber === first.staffNumber)).toMatchObject({
      before: { hours: 4 },
      after: { hours: 4 },
      newCases: 0,
    })
    expect(await signals()).not.toContain(caseNumber)
    expect(await listed('second_open')).toContain(caseNumber)
    // Every page about it speaks of the open seat, whether it is named or not.
    const about = `/rounds/${round.id}/cases/${caseNumber}`
    for (const [path, says] of [
      [`${about}/explanation`, colleague.staffNumber],
      [`${about}/explanation?seat=second`, colleague.staffNumber],
      [`${about}/alternatives`, colleague.staffNumber],
      [`${about}/why-not?worker=${first.staffNumber}`, 'duoDistinct'],
      [`/rounds/${round.id}/meeting/cases/${caseNumber}`, colleague.staffNumber],
      [`/rounds/${round.id}/meeting/cases/${caseNumber}?seat=primary`, colleague.staffNumber],
    ] as const) {
      const answer = await intake.get(path)
      expect(answer.status, `${path}: ${answer.text}`).toBe(200)
      expect(answer.text, path).toContain(says)
    }
    expect((await intake.get(`${about}/explanation?seat=primary`)).status).toBe(404)
    const settled = await settle(round)
    expect(settled.status, settled.text).toBe(201)
    const after = (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect(after).toMatchObject({
      secondOpen: false,
      openHours: 0,
      primary: { staffNumber: first.staffNumber },
      second: { staffNumber: colleague.staffNumber },
    })
    expect(await listed('waiting,in_round,second_open')).not.toContain(caseNumber)
    expect(await signals()).not.toContain(caseNumber)
  })

  test('a duo that lost its first worker asks for that seat alone, beside who has the second', async () => {
    const stays = await aWorker(app.db, scope())
    const comes = await aWorker(app.db, scope())
    const { id, caseNumber } = await aCase(app.db, { ...scope(), duoNeeded: true })
    await anAllocation(app.db, {
      caseId: id,
      workerId: stays.id,
      seat: 'second',
      startsOn: '2026-10-01',
      hours: 2,
    })
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [stays.staffNumber, comes.staffNumber],
      startOn: addDays(TODAY, 7),
    })
    expect(round.lines).toMatchObject([{ seat: 'primary', worker: { staffNumber: comes.staffNumber } }])
    const settled = await settle(round)
    expect(settled.status, settled.text).toBe(201)
    expect((await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body).toMatchObject({
      status: 'later',
      primary: { staffNumber: comes.staffNumber },
      second: { staffNumber: stays.staffNumber },
    })
  })

  test('a term runs on when the case is given, and ends when its worker or the team says it is done', async () => {
    const worker = await aWorker(app.db, scope())
    const me = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'worker' }],
        workerId: worker.id,
      }),
    )
    const late = await aCase(app.db, { ...scope(), receivedOn: '2026-09-01' })
    await anAllocation(app.db, { caseId: late.id, workerId: worker.id, startsOn: '2026-09-03', hours: 0.1 })
    const terms = async () =>
      (await lead.get<SignalList>('/signals?kind=termOverdue&show=open')).body.signals
        .filter(one => one.subject === late.caseNumber)
        .map(one => one.mark)
    expect(await terms()).toEqual(['firstContact', 'plan'])
    const own = (await me.get<OwnLoad>('/mine/load')).body.cases[0]!
    expect([own.firstContact?.state, own.planOfAction?.state]).toEqual(['overdue', 'overdue'])
    const path = `/cases/${late.caseNumber}/terms`
    const early = await me.post(path, { term: 'firstContact', metOn: '2026-08-31' }, { version: 1 })
    expect(early.status).toBe(422)
    const done = await me.post<CaseDetail>(
      path,
      { term: 'firstContact', metOn: '2026-09-04' },
      { version: 1 },
    )
    expect(done.status, done.text).toBe(200)
    expect(done.body).toMatchObject({ firstContact: null, contactMadeOn: '2026-09-04', status: 'allocated' })
    expect(done.body.planOfAction?.state).toBe('overdue')
    expect(await terms()).toEqual(['plan'])
    const plan = await intake.post<CaseDetail>(path, { term: 'plan', metOn: TODAY }, { version: 2 })
    expect(plan.body).toMatchObject({ planOfAction: null, planMadeOn: TODAY })
    expect(await terms()).toEqual([])
    // Whoever had the case reads on, and says nothing more about it.
    await app.db.updateTable('allocation').set({ endsOn: TODAY }).where('caseId', '=', late.id).execute()
    expect((await me.post(path, { term: 'plan', metOn: TODAY }, { version: 3 })).status).toBe(403)
  })

  type Step =
    | { do: 'give'; ahead: number; who: number; seat: 'primary' | 'second' }
    | { do: 'round'; ahead: number; withdraw: boolean; settle: boolean }
    | { do: 'move'; ahead: number; who: number }
    | { do: 'import'; ahead: number; who: number }
    | { do: 'pass'; days: number }
    | { do: 'close' }

  const ahead = fc.integer({ min: 0, max: 9 })
  const who = fc.integer({ min: 0, max: 2 })
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('give' as const),
        ahead,
        who,
        seat: fc.constantFrom('primary' as const, 'second' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('round' as const),
        ahead,
        withdraw: fc.boolean(),
        settle: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), ahead, who }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('import' as const), ahead, who }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 12 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  )

  /** Where the case stands, worked out day by day from the raw rows: whoever has a seat on a day has it, and nobody else. */
  async function reckoned(caseId: number, day: string) {
    const row = await app.db
      .selectFrom('caseFile')
      .select(['closedOn', 'duoNeeded'])
      .where('id', '=', caseId)
      .executeTakeFirstOrThrow()
    const rows = await app.db.selectFrom('allocation').selectAll().where('caseId', '=', caseId).execute()
    const inRound = await app.db
      .selectFrom('roundCase')
      .select('roundId')
      .where('caseId', '=', caseId)
      .where('open', '=', true)
      .execute()
    const holds = (seat: string, on: string) =>
      rows.some(one => one.seat === seat && one.startsOn <= on && (one.endsOn === null || one.endsOn > on))
    const soon = (seat: string) =>
      Array.from({ length: 60 }, (_, n) => addDays(day, n)).some(on => holds(seat, on))
    const status = row.closedOn
      ? 'closed'
      : holds('primary', day)
        ? 'allocated'
        : soon('primary')
          ? 'later'
          : inRound.length > 0
            ? 'in_round'
            : 'waiting'
    const secondOpen = row.closedOn === null && row.duoNeeded && soon('primary') && !soon('second')
    return { status, secondOpen }
  }

  test('after any history every list says the same of a case, and an open one is in exactly one of four states', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 2, maxLength: 7 }), async (duo, steps) => {
        let today = TODAY
        app.clock.at = at(today)
        intake = await app.signIn(intake.userId)
        lead = await app.signIn(lead.userId)
        const workers = [
          await aWorker(app.db, scope()),
          await aWorker(app.db, scope()),
          await aWorker(app.db, scope()),
        ]
        const theCase = await aCase(app.db, { ...scope(), duoNeeded: duo })
        const { caseNumber } = theCase
        const read = async () => (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
        for (const one of steps) {
          const now = await read()
          if (one.do === 'pass') {
            today = addDays(today, one.days)
            app.clock.at = at(today)
            // A session does not last for days.
            intake = await app.signIn(intake.userId)
            lead = await app.signIn(lead.userId)
          } else if (one.do === 'give') {
            await give(
              caseNumber,
              workers[one.who]!.staffNumber,
              addDays(today, one.ahead),
              now.version,
              one.seat,
            )
          } else if (one.do === 'import') {
            const from = addDays(today, one.ahead).split('-').reverse().join('-')
            const text = `zaaknummer;medewerker;medewerker_vanaf\n${caseNumber};${workers[one.who]!.staffNumber};${from}`
            await intake.post('/imports/cases', { text, dryRun: false })
          } else if (one.do === 'close') {
            await intake.post(`/cases/${caseNumber}/closure`, { closedOn: today }, { version: now.version })
          } else if (one.do === 'move') {
            await moveSeat(theCase.id, workers[one.who]!.id, today, addDays(today, one.ahead))
          } else if (now.status === 'waiting') {
            const startOn = addDays(today, one.ahead)
            const staff = workers.map(worker => worker.staffNumber)
            const round = await aRound(intake, {
              teamId: app.teamId,
              cases: [caseNumber],
              workers: staff,
              startOn,
            })
            if (!one.settle) continue
            await settle(round)
            if (one.withdraw)
              await intake.post(`/rounds/${round.id}/withdrawals`, { caseNumber, reasonText: 'Terug' })
          }
          await agrees(theCase, today)
        }
        const left = (await read()).roundId
        if (left !== null) {
          const round = (await intake.get<RoundDetail>(`/rounds/${left}`)).body
          await intake.post(`/rounds/${left}/cancellation`, {}, { version: round.version })
        }
      }),
      { numRuns: 8, seed: 20261124 },
    )
    app.clock.at = at(TODAY)
  })

  /** The seat passes to a colleague from a day on, as a reallocation writes it. */
  async function moveSeat(caseId: number, workerId: number, today: string, day: string) {
    const seat = await app.db
      .selectFrom('allocation')
      .selectAll()
      .where('caseId', '=', caseId)
      .where('seat', '=', 'primary')
      .where('endsOn', 'is', null)
      .where('startsOn', '<=', day)
      .where('workerId', '!=', workerId)
      .executeTakeFirst()
    if (!seat || seat.startsOn > today) return
    await app.db.updateTable('allocation').set({ endsOn: day }).where('id', '=', seat.id).execute()
    await anAllocation(app.db, { caseId, workerId, startsOn: day, hours: 1 }).catch(() =>
      app.db.updateTable('allocation').set({ endsOn: null }).where('id', '=', seat.id).execute(),
    )
  }

  async function agrees({ id, caseNumber }: { id: number; caseNumber: string }, today: string) {
    const expected = await reckoned(id, today)
    const detail = (await intake.get<CaseDetail>(`/cases/${caseNumber}`)).body
    expect({ status: detail.status, secondOpen: detail.secondOpen }).toEqual(expected)
    const states = ['waiting', 'in_round', 'later', 'allocated', 'closed']
    const inLists = []
    for (const status of states) if ((await listed(status)).includes(caseNumber)) inLists.push(status)
    expect(inLists).toEqual([expected.status])
    expect((await listed('second_open')).includes(caseNumber)).toBe(expected.secondOpen)
    const instroom = await listed('waiting,in_round,second_open')
    const open = expected.status === 'waiting' || expected.status === 'in_round' || expected.secondOpen
    expect(instroom.includes(caseNumber)).toBe(open)
    expect((await lead.get<Today>('/today')).body.waiting.cases).toBe(instroom.length)
    const alone = (await lead.get<SignalList>('/signals?kind=caseWithoutOwner&show=open')).body.signals
    if (expected.status !== 'waiting') expect(alone.map(one => one.subject)).not.toContain(caseNumber)
  }
})
