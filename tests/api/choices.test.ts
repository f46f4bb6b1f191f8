import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseDetail, CaseRow } from '../../server/contract/cases.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Explanation, SwapEffect } from '../../server/contract/explanations.ts'
import type { Meeting } from '../../server/contract/meetings.ts'
import type { Agreement, RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { Signal, SignalList } from '../../server/contract/signals.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const START = '2026-12-01'

forEachDatabase('choices that outlast a moment', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let reason: string

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
    const row = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    reason = row.code
  })
  afterAll(() => app.close())

  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const workerWith = async (hours = 0, given: Parameters<typeof aWorker>[1] = scope()) => {
    const worker = await aWorker(app.db, given)
    if (hours > 0) {
      const held = await aCase(app.db, scope())
      await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours })
    }
    return worker
  }
  const roundOf = async (cases: number, workers: { staffNumber: string }[]) => {
    const numbers: string[] = []
    for (let n = 0; n < cases; n++) numbers.push((await aCase(app.db, scope())).caseNumber)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: numbers,
      workers: workers.map(one => one.staffNumber),
      startOn: START,
    })
    return { numbers, round }
  }
  const choose = <Body = RoundDetail>(caller: Caller, round: RoundDetail, body: object) =>
    caller.post<Body>(
      `/rounds/${round.id}/choices`,
      { ...NOTHING_SET_ASIDE, seat: 'primary', reasonCode: reason, ...body },
      { version: round.version },
    )
  const settle = (round: RoundDetail) =>
    intake.post<RoundResult>(
      `/rounds/${round.id}/confirmation`,
      { partial: true },
      { version: round.version },
    )
  const fieldsOf = (body: Pick<ProblemDetails, 'errors'>) => body.errors?.map(one => one.field)
  const caseOf = async (caseNumber: string, caller = intake) =>
    (await caller.get<CaseDetail>(`/cases/${caseNumber}`)).body
  const signalsOf = async (caseNumber: string, caller = lead) =>
    (await caller.get<SignalList>('/signals')).body.signals.filter(one => one.about.id === caseNumber)

  test('an exclusion for good stays with the case from the settlement on, and the next round honours it', async () => {
    const [one, two] = [await workerWith(), await workerWith()]
    const { numbers, round } = await roundOf(1, [one, two])
    const caseNumber = numbers[0]!
    const barred = round.lines[0]!.worker!
    const spare = barred.staffNumber === one.staffNumber ? two : one
    const exclude = { caseNumber, kind: 'exclude', staffNumber: barred.staffNumber, reasonText: 'Buurvrouw' }

    const byLead = await choose<ProblemDetails>(lead, round, { ...exclude, lasts: 'always' })
    expect(byLead.status, byLead.text).toBe(403)
    const short = await choose(lead, round, { ...exclude, lasts: 'round' })
    expect(short.status, short.text).toBe(201)
    expect(short.body.choices).toMatchObject([{ kind: 'exclude', lasts: 'round', untilOn: null }])
    // Who may changes how long: one exclusion stands, not two.
    const long = await choose(intake, short.body, { ...exclude, lasts: 'always' })
    expect(long.status, long.text).toBe(201)
    expect(long.body.choices).toMatchObject([{ kind: 'exclude', lasts: 'always' }])
    const again = await choose(intake, long.body, { ...exclude, lasts: 'always' })
    expect(again.status).toBe(409)
    const agreed = await intake.put(`/rounds/${round.id}/cases/${caseNumber}/agreement`, {
      seats: [{ seat: 'primary', staffNumber: spare.staffNumber, waits: false }],
    })
    expect(agreed.status, agreed.text).toBe(200)
    expect((await caseOf(caseNumber)).exclusions).toMatchObject([
      { state: 'proposed', worker: { staffNumber: barred.staffNumber }, roundId: round.id },
    ])

    const done = await settle(
      (
        await choose(intake, long.body, {
          caseNumber,
          kind: 'wait',
          staffNumber: null,
          reviewOn: '2026-12-08',
        })
      ).body,
    )
    expect(done.status, done.text).toBe(201)
    // What people agreed with served until the round was settled.
    expect((await intake.get(`/rounds/${round.id}/agreements`)).body).toEqual([])
    const { exclusions } = await caseOf(caseNumber)
    expect(exclusions).toMatchObject([{ state: 'holds', untilOn: null, roundId: round.id, ended: null }])
    expect(exclusions[0]!.reason).toMatch(/: Buurvrouw$/)
    expect((await caseOf(caseNumber, lead)).exclusions[0]!.reason).toBeNull()

    const next = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [barred.staffNumber],
      startOn: START,
    })
    expect(next.lines[0]!.worker).toBeNull()
    const forced = await choose<ProblemDetails>(intake, next, {
      caseNumber,
      kind: 'override',
      staffNumber: barred.staffNumber,
    })
    expect(forced.status).toBe(422)
    expect(forced.body.cases).toMatchObject([{ rule: 'conflict', setAside: 'never' }])
    expect(forced.text).not.toContain('Buurvrouw')
    await intake.post(`/rounds/${next.id}/cancellation`, undefined, { version: next.version })

    // Ended with a reason, the case may go there again.
    const ending = `/cases/${caseNumber}/exclusions/${barred.staffNumber}/ending`
    const { version } = await caseOf(caseNumber)
    const ended = await intake.post<CaseDetail>(ending, { reason: 'Verhuisd' }, { version })
    expect(ended.status, ended.text).toBe(200)
    const free = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [barred.staffNumber],
      startOn: START,
    })
    expect(free.lines[0]!.worker?.staffNumber).toBe(barred.staffNumber)
    await intake.post(`/rounds/${free.id}/cancellation`, undefined, { version: free.version })
    expect(spare.staffNumber).not.toBe(barred.staffNumber)
  })

  test('an exclusion until a day holds up to that day; one of this round only leaves nothing', async () => {
    const [one, two] = [await workerWith(), await workerWith()]
    const { numbers, round } = await roundOf(2, [one, two])
    const [first, second] = numbers as [string, string]
    const until = await choose(intake, round, {
      caseNumber: first,
      kind: 'exclude',
      staffNumber: one.staffNumber,
      lasts: 'until',
      untilOn: '2026-12-14',
    })
    expect(until.status, until.text).toBe(201)
    const brief = await choose(intake, until.body, {
      caseNumber: second,
      kind: 'exclude',
      staffNumber: one.staffNumber,
    })
    let state = brief.body
    for (const caseNumber of numbers) {
      state = (await choose(intake, state, { caseNumber, kind: 'wait', staffNumber: null })).body
    }
    expect((await settle(state)).status).toBe(201)
    expect((await caseOf(first)).exclusions).toMatchObject([{ state: 'holds', untilOn: '2026-12-14' }])
    expect((await caseOf(second)).exclusions).toEqual([])
    for (const [startOn, worker] of [
      ['2026-12-14', null],
      ['2026-12-15', one.staffNumber],
    ] as const) {
      const next = await aRound(intake, {
        teamId: app.teamId,
        cases: [first],
        workers: [one.staffNumber],
        startOn,
      })
      expect(next.lines[0]!.worker?.staffNumber ?? null, startOn).toBe(worker)
      await intake.post(`/rounds/${next.id}/cancellation`, undefined, { version: next.version })
    }
  })

  test('days that cannot be, and words that do not belong, are refused by field', async () => {
    const one = await workerWith()
    const { numbers, round } = await roundOf(1, [one])
    const caseNumber = numbers[0]!
    const exclude = { caseNumber, kind: 'exclude', staffNumber: one.staffNumber }
    const wait = { caseNumber, kind: 'wait', staffNumber: null }
    for (const [body, field] of [
      [{ ...exclude, lasts: 'until', untilOn: null }, 'untilOn'],
      [{ ...exclude, lasts: 'until', untilOn: '2026-11-01' }, 'untilOn'],
      [{ ...exclude, lasts: 'until', untilOn: START }, 'untilOn'],
      [{ ...exclude, lasts: 'until', untilOn: '2100-01-01' }, 'untilOn'],
      [{ ...exclude, lasts: 'always', untilOn: '2027-01-01' }, 'untilOn'],
      [{ ...exclude, reviewOn: '2026-12-01' }, 'reviewOn'],
      [{ ...exclude, tasks: ['findRoom'] }, 'tasks'],
      [{ ...wait, lasts: 'always' }, 'lasts'],
      [{ ...wait, reviewOn: TODAY }, 'reviewOn'],
      [{ ...wait, reviewOn: '2026-11-01' }, 'reviewOn'],
      [{ ...wait, reviewOn: '2100-01-01' }, 'reviewOn'],
      // Each reason for what it is meant for.
      [{ ...wait, reasonCode: 'CONTINUITEIT' }, 'reasonCode'],
      [{ ...exclude, reasonCode: 'GEEN_RUIMTE' }, 'reasonCode'],
      [{ ...exclude, kind: 'override', reasonCode: 'GEGEVENS_ONTBREKEN' }, 'reasonCode'],
      [{ ...exclude, kind: 'override', reasonCode: 'SPOED' }, 'reasonCode'],
      [{ ...wait, reasonText: 'Zie https://dossier.example/1' }, 'reasonText'],
      [{ ...wait, reasonText: 'Zie www.dossier.example' }, 'reasonText'],
      [{ ...wait, reasonText: 'Mail m.jansen@gi.nl' }, 'reasonText'],
      [{ ...wait, reasonText: 'Het gaat om 111222333' }, 'reasonText'],
      [{ ...wait, reasonText: 'Het gaat om 1112.22.333, zegt de school' }, 'reasonText'],
    ] as const) {
      const refused = await choose<ProblemDetails>(intake, round, body)
      expect(refused.status, JSON.stringify(body)).toBe(422)
      expect(fieldsOf(refused.body), JSON.stringify(body)).toEqual([field])
    }
    for (const body of [
      { ...wait, reviewOn: '2026-02-30' },
      { ...wait, reviewOn: 'morgen' },
      { ...wait, tasks: ['koffie'] },
      { ...wait, tasks: ['findRoom', 'findRoom'] },
      { ...exclude, lasts: 'forever' },
      { ...wait, reasonText: 'a'.repeat(501) },
    ]) {
      expect((await choose(intake, round, body)).status, JSON.stringify(body)).toBe(400)
    }
    // A date and a case number are no citizen service number; 500 characters are fine.
    const words = 'Bel op 2026-11-24 over ZK-2026-111222334. '
    const fine = await choose(intake, round, { ...wait, reasonText: words.padEnd(500, 'x') })
    expect(fine.status, fine.text).toBe(201)
    expect(fine.body.choices).toMatchObject([{ kind: 'wait', reviewOn: '2026-12-08', tasks: [] }])
  })

  test('a case that waits is looked at again on its day, and its tasks are done in the signals', async () => {
    const one = await workerWith()
    const { numbers, round } = await roundOf(1, [one])
    const caseNumber = numbers[0]!
    const wait = { caseNumber, kind: 'wait', staffNumber: null, reviewOn: '2026-12-08' }
    const made = await choose(intake, round, { ...wait, tasks: ['requestData', 'findRoom'] })
    expect(made.status, made.text).toBe(201)
    // Tasks are there at once, with nobody yet; the day has not come.
    const tasks = await signalsOf(caseNumber)
    expect(tasks.map(one => [one.kind, one.assignedTo])).toEqual([
      ['taskOpen', null],
      ['taskOpen', null],
    ])
    expect(tasks.map(one => one.sentence).join(' ')).toContain('Te doen: ruimte zoeken met de teamleider.')
    expect((await caseOf(caseNumber)).tasks).toEqual([
      { task: 'findRoom', assignedTo: null, resolved: false },
      { task: 'requestData', assignedTo: null, resolved: false },
    ])
    const handle = (signal: Signal, given: object) =>
      lead.post<Signal>(
        '/signals/handling',
        {
          kind: signal.kind,
          subject: signal.subject,
          mark: signal.mark,
          assignedTo: null,
          until: null,
          note: null,
          ...given,
        },
        { version: signal.version },
      )
    const given = await handle(tasks[0]!, { outcome: 'assigned', assignedTo: intake.userId })
    expect(given.status, given.text).toBe(200)
    const resolved = await handle(tasks[1]!, { outcome: 'resolved', note: 'De school heeft gebeld' })
    expect(resolved.status, resolved.text).toBe(200)

    const done = await settle(made.body)
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions).toMatchObject([{ kind: 'waiting', reviewOn: '2026-12-08' }])
    const detail = await caseOf(caseNumber)
    expect(detail.review).toEqual({ on: '2026-12-08', due: false })
    expect(detail.tasks.map(one => [one.assignedTo, one.resolved]).sort()).toEqual([
      [null, true],
      ['Standaard intake', false],
    ])
    const kinds = async (caller: Caller) => (await signalsOf(caseNumber, caller)).map(one => one.kind).sort()
    expect(await kinds(lead)).toEqual(['taskOpen', 'taskOpen'])

    app.clock.at = new Date('2026-12-08T09:00:00+01:00')
    const [laterLead, laterIntake] = [await app.as('lead'), await app.as('intake')]
    expect(await kinds(laterLead)).toEqual(['caseReview', 'taskOpen', 'taskOpen'])
    const { cases } = (await laterIntake.get<{ cases: CaseRow[] }>('/cases?status=waiting')).body
    expect(cases.find(one => one.caseNumber === caseNumber)?.review).toEqual({ on: '2026-12-08', due: true })
    // A resolved task stays resolved, also long after.
    app.clock.at = new Date('2027-03-01T09:00:00+01:00')
    expect(await kinds(await app.as('lead'))).toEqual(['caseReview', 'taskOpen'])
    // Somebody has the case: nothing is left to do.
    const { id } = await app.db
      .selectFrom('caseFile')
      .select('id')
      .where('caseNumber', '=', caseNumber)
      .executeTakeFirstOrThrow()
    await anAllocation(app.db, { caseId: id, workerId: one.id, startsOn: '2027-02-01', hours: 3 })
    // But the terms: nobody recorded yet that they were met.
    expect(new Set(await kinds(await app.as('lead')))).toEqual(new Set(['termOverdue']))
    app.clock.at = new Date(`${TODAY}T10:00:00+01:00`)
  })

  test('tasks of a wait that was taken back, or of a cancelled round, are gone', async () => {
    const one = await workerWith()
    const { numbers, round } = await roundOf(1, [one])
    const caseNumber = numbers[0]!
    const wait = { caseNumber, kind: 'wait', staffNumber: null, tasks: ['askOtherTeam'] }
    const made = await choose(intake, round, wait)
    expect(await signalsOf(caseNumber)).toHaveLength(1)
    const choiceId = made.body.choices[0]!.id
    const back = await intake.delete<RoundDetail>(`/rounds/${round.id}/choices/${choiceId}`, {
      version: made.body.version,
    })
    expect(await signalsOf(caseNumber)).toEqual([])
    const again = await choose(intake, back.body, wait)
    expect(await signalsOf(caseNumber)).toHaveLength(1)
    await intake.post(`/rounds/${round.id}/cancellation`, undefined, { version: again.body.version })
    expect(await signalsOf(caseNumber)).toEqual([])
  })

  test('a swap is judged as one change, asks for what its rules ask for, and happens wholly or not at all', async () => {
    // Each has room for one of these cases within the limit, not for two.
    const [one, two] = [await workerWith(22), await workerWith(22)]
    const { numbers, round } = await roundOf(2, [one, two])
    const [first, second] = numbers as [string, string]
    const holder = (state: RoundDetail, caseNumber: string) =>
      state.lines.find(line => line.caseNumber === caseNumber)?.worker?.staffNumber ?? null
    expect([holder(round, first), holder(round, second)].sort()).toEqual(
      [one.staffNumber, two.staffNumber].sort(),
    )
    const path = `/rounds/${round.id}/swap?first=${first}&firstSeat=primary&second=${second}&secondSeat=primary`
    const effect = (await intake.get<SwapEffect>(path)).body
    expect(effect.map(one => [one.caseNumber, one.worker.staffNumber])).toEqual([
      [first, holder(round, second)],
      [second, holder(round, first)],
    ])
    for (const one of effect) {
      expect(one.broken.map(rule => rule.rule)).not.toContain('hardLimit')
      expect(one.after.hours).toBe(
        round.loads.find(load => load.worker.staffNumber === one.worker.staffNumber)!.after.hours,
      )
    }
    const inputs = effect.map(one => ({
      ...NOTHING_SET_ASIDE,
      caseNumber: one.caseNumber,
      seat: one.seat,
      kind: 'override',
      staffNumber: one.worker.staffNumber,
      reasonCode: reason,
      setAside: one.broken.filter(rule => rule.setAside === 'motive').map(rule => rule.rule),
    }))
    const key = randomUUID()
    const together = (body: object, version = round.version, sending = {}) =>
      intake.post<RoundDetail & Pick<ProblemDetails, 'errors'>>(
        `/rounds/${round.id}/choices/together`,
        body,
        {
          version,
          ...sending,
        },
      )
    expect((await together({ choices: [inputs[0], inputs[0]] })).status).toBe(422)
    expect((await together({ choices: [] })).status).toBe(400)
    const half = await together({ choices: [inputs[0], { ...inputs[1], reasonCode: null }] })
    expect(half.status).toBe(422)
    expect(fieldsOf(half.body)).toEqual(['choices.1.reasonCode'])
    const swapped = await together({ choices: inputs }, round.version, { key })
    expect(swapped.status, swapped.text).toBe(201)
    expect(holder(swapped.body, first)).toBe(holder(round, second))
    expect(holder(swapped.body, second)).toBe(holder(round, first))
    expect(swapped.body.version).toBe(round.version + 1)
    // Sent twice: once. Sent from before: refused.
    const twice = await together({ choices: inputs }, round.version, { key })
    expect(twice.body.version).toBe(swapped.body.version)
    expect((await together({ choices: inputs })).status).toBe(412)
    // Back to whom the proposal gave them: two locks.
    const back = await together(
      {
        choices: numbers.map(caseNumber => ({
          ...NOTHING_SET_ASIDE,
          caseNumber,
          seat: 'primary',
          kind: 'lock',
          staffNumber: holder(round, caseNumber),
          reasonCode: reason,
        })),
      },
      swapped.body.version,
    )
    expect(back.status, back.text).toBe(201)
    expect(back.body.figures.deviations).toBe(0)
    expect(back.body.choices.map(choice => choice.kind)).toEqual(['lock', 'lock'])
  })

  test('a swap that a rule forbids is refused with the rule, and nothing of it stays', async () => {
    const able = await workerWith(22, {
      ...scope(),
      competences: [{ code: 'OTS', level: 3, expiresOn: null }],
    })
    const other = await workerWith()
    const needs = await aCase(app.db, {
      ...scope(),
      competences: [{ code: 'OTS', level: 2, need: 'required' }],
    })
    const plain = await aCase(app.db, scope())
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [needs.caseNumber, plain.caseNumber],
      workers: [able.staffNumber, other.staffNumber],
      startOn: START,
    })
    const at = (caseNumber: string) => round.lines.find(line => line.caseNumber === caseNumber)!.worker
    expect(at(needs.caseNumber)?.staffNumber).toBe(able.staffNumber)
    expect(at(plain.caseNumber)?.staffNumber).toBe(other.staffNumber)
    const choice = (caseNumber: string, staffNumber: string) => ({
      ...NOTHING_SET_ASIDE,
      caseNumber,
      seat: 'primary',
      kind: 'override',
      staffNumber,
      reasonCode: reason,
    })
    const choices = [choice(needs.caseNumber, other.staffNumber), choice(plain.caseNumber, able.staffNumber)]
    const refused = await intake.post<ProblemDetails>(
      `/rounds/${round.id}/choices/together`,
      { choices },
      { version: round.version },
    )
    expect(refused.status).toBe(422)
    expect(refused.body.cases).toMatchObject([{ caseNumber: needs.caseNumber, rule: 'competence' }])
    const now = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
    expect([now.version, now.choices]).toEqual([round.version, []])
    const [rule] = refused.body.cases!
    const answered = await intake.post(
      `/rounds/${round.id}/choices/together`,
      { choices: [{ ...choices[0], setAside: ['competence'] }, choices[1]] },
      { version: round.version },
    )
    // Whether a motive sets it aside is what the rule itself says.
    expect(answered.status, answered.text).toBe(rule!.setAside === 'motive' ? 201 : 422)
  })

  test('a choice of one’s own is explained beside what was proposed, with what it costs', async () => {
    const [one, two] = [await workerWith(), await workerWith(12)]
    const { numbers, round } = await roundOf(1, [one, two])
    const caseNumber = numbers[0]!
    const explained = async () =>
      (await intake.get<Explanation>(`/rounds/${round.id}/cases/${caseNumber}/explanation`)).body
    expect(round.lines[0]!.worker).toMatchObject({ staffNumber: one.staffNumber })
    expect((await explained()).instead).toBeNull()
    const lock = await choose(intake, round, { caseNumber, kind: 'lock', staffNumber: one.staffNumber })
    expect((await explained()).instead).toBeNull()
    const other = await choose(intake, lock.body, {
      caseNumber,
      kind: 'override',
      staffNumber: two.staffNumber,
      reasonText: 'Kent de school',
    })
    expect(other.status, other.text).toBe(201)
    const now = await explained()
    expect(now.worker?.staffNumber).toBe(two.staffNumber)
    expect(now.instead?.proposed?.staffNumber).toBe(one.staffNumber)
    // The other way round it is the price of the list of alternatives.
    expect(now.instead?.price).toMatch(/^−[\d,]+ (punt|punten)/)
    expect(now.sentence).toMatch(/^Keuze van het team:/)
    const waits = await choose(intake, other.body, {
      caseNumber,
      kind: 'wait',
      staffNumber: null,
      reviewOn: '2026-12-08',
    })
    expect(waits.status, waits.text).toBe(201)
    expect((await explained()).instead).toMatchObject({
      proposed: { staffNumber: one.staffNumber },
      price: expect.stringMatching(/^−1 geplaatste gewone zaak/),
    })
    const [choice] = waits.body.choices
    await intake.delete(`/rounds/${round.id}/choices/${choice!.id}`, { version: waits.body.version })
    expect((await explained()).instead).toBeNull()
  })

  test('a case to discuss is so for everybody, once, and comes first in the meeting', async () => {
    const one = await workerWith()
    const { numbers, round } = await roundOf(3, [one])
    const last = numbers.at(-1)!
    const path = `/rounds/${round.id}/cases/${last}/discussion`
    for (const caller of [lead, intake]) {
      const named = await caller.put<RoundDetail['discuss']>(path, { on: true })
      expect(named.status, named.text).toBe(200)
      expect(named.body).toMatchObject([{ caseNumber: last, by: 'Standaard lead' }])
    }
    const seen = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
    expect(seen.discuss.map(one => one.caseNumber)).toEqual([last])
    expect(seen.version).toBe(round.version)
    const agenda = (await lead.get<Meeting>(`/rounds/${round.id}/meeting`)).body.cases
    expect(agenda[0]).toMatchObject({ caseNumber: last, discuss: true })
    expect(agenda.filter(one => one.discuss)).toHaveLength(1)
    const off = await lead.put<RoundDetail['discuss']>(path, { on: false })
    expect(off.body).toEqual([])

    const foreign = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'lead', teamId: app.otherTeamId }],
    })
    expect((await (await app.signIn(foreign)).put(path, { on: true })).status).toBe(404)
    expect((await (await app.as('worker')).put(path, { on: true })).status).toBe(403)
    expect((await lead.put(`/rounds/${round.id}/cases/ZK-0/discussion`, { on: true })).status).toBe(404)
    await intake.post(`/rounds/${round.id}/cancellation`, undefined, { version: round.version })
    expect((await lead.put(path, { on: true })).status).toBe(409)
  })

  test('what somebody agreed with is theirs on every device, is told to nobody else, and ends with the case or the round', async () => {
    const one = await workerWith()
    const { numbers, round } = await roundOf(2, [one])
    const [first, second] = numbers as [string, string]
    const mark = (caller: Caller, caseNumber: string, seats: object[]) =>
      caller.put<Agreement[]>(`/rounds/${round.id}/cases/${caseNumber}/agreement`, { seats })
    const marks = async (caller: Caller) =>
      (await caller.get<Agreement[]>(`/rounds/${round.id}/agreements`)).body
    const placed = [{ seat: 'primary', staffNumber: one.staffNumber, waits: false }]
    // Twice the same is once, and the last word holds.
    for (let times = 0; times < 2; times++) expect((await mark(intake, first, placed)).status).toBe(200)
    await mark(intake, second, [{ seat: 'primary', staffNumber: null, waits: true }])
    const both = await Promise.all([mark(intake, second, placed), mark(intake, second, placed)])
    expect(both.map(answer => answer.status)).toEqual([200, 200])
    const elsewhere = await app.signIn(intake.userId)
    expect(await marks(elsewhere)).toEqual(
      [first, second].sort().map(caseNumber => ({ caseNumber, seats: placed })),
    )
    expect(await marks(lead)).toEqual([])
    const seen = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
    expect(seen.version).toBe(round.version)
    expect((await mark(intake, first, [])).body.map(one => one.caseNumber)).toEqual([second])

    const stranger = [{ seat: 'primary', staffNumber: 'jb-0', waits: false }]
    expect((await mark(intake, first, stranger)).status).toBe(404)
    expect((await mark(intake, 'ZK-0', placed)).status).toBe(404)
    expect((await mark(await app.as('worker'), first, placed)).status).toBe(403)
    const foreign = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'lead', teamId: app.otherTeamId }],
      }),
    )
    expect((await mark(foreign, first, placed)).status).toBe(404)
    expect((await foreign.get(`/rounds/${round.id}/agreements`)).status).toBe(404)

    // A case that leaves the round takes its marks along.
    const changed = await intake.put<RoundDetail>(
      `/rounds/${round.id}/cases`,
      { take: [], letGo: [second] },
      { version: round.version },
    )
    expect(changed.status, changed.text).toBe(200)
    expect(await marks(intake)).toEqual([])
    await mark(intake, first, placed)
    await mark(lead, first, placed)
    // Nor does anything stay of who left.
    const leaves = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'intake', teamId: app.teamId }],
    })
    expect((await mark(await app.signIn(leaves), first, placed)).status).toBe(200)
    const { version } = await app.db
      .selectFrom('userAccount')
      .select('version')
      .where('id', '=', leaves)
      .executeTakeFirstOrThrow()
    const admin = await app.as('admin')
    expect((await admin.post(`/users/${leaves}/deactivation`, undefined, { version })).status).toBe(200)
    const kept = await app.db.selectFrom('roundAgreement').select('userId').execute()
    expect(kept.map(row => row.userId).sort()).toEqual([intake.userId, lead.userId].sort())
    await intake.post(`/rounds/${round.id}/cancellation`, undefined, { version: changed.body.version })
    expect(await marks(intake)).toEqual([])
    expect((await mark(intake, first, placed)).status).toBe(409)
    const left = await app.db.selectFrom('roundAgreement').select('caseId').execute()
    expect(left).toEqual([])
  })
})
