import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standingOn } from '../../db/standing.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import { DAY_MS } from '../../server/contract/days.ts'
import type { Messages } from '../../server/contract/messages.ts'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import type { RunRow } from '../../server/contract/scenarios.ts'
import type { Approval, LineState, SettlementView, Sharing } from '../../server/contract/sharing.ts'
import type { SignalList } from '../../server/contract/signals.ts'
import type { Today } from '../../server/contract/today.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aUser, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, calculated, NOTHING_SET_ASIDE } from '../support/rounds.ts'
import { START, sharingActs } from '../support/sharing.ts'

forEachDatabase('sharing', engine => {
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
    await way('shared')
  })
  afterAll(() => app.close())

  const { way, colleague, roundOf, share, fresh, mine, give, settle, states } = sharingActs(() => ({
    app,
    intake,
    lead,
  }))

  test('a worker sees the own proposal and the own load only, and answers it', async () => {
    const [anna, bert] = [await colleague(), await colleague(20)]
    const round = await roundOf([anna, bert], 1)
    expect(round.lines[0]?.worker?.staffNumber).toBe(anna.staffNumber)
    const next = async () =>
      (await intake.get<Today>('/today')).body.openRounds.find(one => one.id === round.id)?.next
    expect(await next()).toBe('review')
    const shared = await share(round)
    expect(shared.status, shared.text).toBe(201)
    expect(states(shared.body)).toEqual(['waiting'])
    expect(await next()).toBe('answers')

    const own = await mine(anna.me)
    expect(own.proposals).toHaveLength(1)
    expect(own.proposals[0]).toMatchObject({ roundId: round.id, open: true, answer: null })
    expect(own.proposals[0]!.facts.after.hours).toBe(round.lines[0]!.hours)
    expect(JSON.stringify(own)).not.toContain(bert.staffNumber)
    expect((await mine(bert.me)).proposals).toEqual([])
    const told = (await anna.me.get<Messages>('/messages')).body
    expect(told).toMatchObject({ unread: 1 })
    expect(told.messages[0]?.sentence).toMatch(/^Er staat een voorstel voor je klaar/)

    expect(
      (await settle<ProblemDetails>(intake, await fresh(round))).body.cases?.map(one => one.rule),
    ).toEqual(['awaiting'])
    const agreed = await give(anna.me, round.id, 'agree')
    expect(agreed.status, agreed.text).toBe(201)
    expect(agreed.body.proposals[0]?.answer?.kind).toBe('agree')
    expect(await next()).toBe('settle')
    const done = await settle(intake, await fresh(round))
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions[0]).toMatchObject({
      answer: 'agreed',
      worker: { staffNumber: anna.staffNumber },
    })
    expect((await mine(anna.me)).proposals[0]).toMatchObject({ open: false, closed: 'settled' })
    const after = (await anna.me.get<Messages>('/messages')).body
    expect(after.messages.map(one => one.kind)).toContain('case.assigned')
  })

  test('nobody answers for a colleague, and a stale answer is refused', async () => {
    const [anna, bert] = [await colleague(), await colleague(20)]
    const round = await roundOf([anna, bert], 1)
    await share(round)
    const proposal = (await mine(anna.me)).proposals[0]!
    const body = { kind: 'agree', reasonCode: null, reasonText: null }
    const path = `/mine/proposals/${proposal.id}/answer`
    expect((await bert.me.post(path, body, { version: 1 })).status).toBe(404)
    expect((await intake.post(path, body, { version: 1 })).status).toBe(403)
    expect((await anna.me.post(path, { ...body, kind: 'object' }, { version: 1 })).status).toBe(422)
    expect((await anna.me.post(path, body, { version: 1 })).status).toBe(201)
    expect((await anna.me.post(path, body, { version: 1 })).status).toBe(412)
  })

  test('an answer counts once, from whichever device, and not after the term', async () => {
    const anna = await colleague()
    const round = await roundOf([anna], 1)
    await share(round)
    const phone = await app.signIn(anna.userId)
    const proposal = (await mine(phone)).proposals[0]!
    const path = `/mine/proposals/${proposal.id}/answer`
    const agree = { kind: 'agree', reasonCode: null, reasonText: null }
    const talk = { ...agree, kind: 'discuss' }
    const version = proposal.version
    // Sent twice because the first answer got lost: the same request, so one answer.
    const key = randomUUID()
    const sent = [
      await anna.me.post(path, agree, { version, key }),
      await anna.me.post(path, agree, { version, key }),
    ]
    expect(sent.map(one => one.status)).toEqual([201, 201])
    // The phone still shows the question.
    expect((await phone.post(path, talk, { version })).status).toBe(412)
    expect((await phone.post(path, talk, { version: version + 1 })).status).toBe(201)
    const answers = await app.db
      .selectFrom('answer')
      .select('kind')
      .where('shareLineId', '=', proposal.id)
      .orderBy('id')
      .execute()
    expect(answers.map(one => one.kind)).toEqual(['agree', 'discuss'])

    const before = app.clock.at
    try {
      app.clock.at = new Date(Date.parse(proposal.answerUntil) + 1000)
      const late = await app.signIn(anna.userId)
      const refused = await late.post(path, agree, { version: version + 2 })
      expect(refused.status, refused.text).toBe(409)
      expect((await mine(late)).proposals[0]).toMatchObject({ open: false, answer: { kind: 'discuss' } })
    } finally {
      app.clock.at = before
    }
  })

  test('a lead of another team finds none of it', async () => {
    const anna = await colleague()
    const round = await roundOf([anna], 1)
    await share(round)
    const stranger = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'lead', teamId: app.otherTeamId }],
      }),
    )
    const { caseNumber } = round.lines[0]!
    const path = `/rounds/${round.id}`
    for (const one of ['', '/sharing', '/settlement', '/meeting', `/meeting/cases/${caseNumber}`, '/minutes'])
      expect((await stranger.get(`${path}${one}`)).status, one).toBe(404)
    const line = { caseNumber, seat: 'primary', staffNumber: anna.staffNumber, state: 'waiting' }
    const tried = [
      await stranger.post(`${path}/rulings`, { lines: [line], reasonText: 'Toch maar niet zo' }),
      await stranger.post(`${path}/meeting`),
      await stranger.put(`${path}/meeting/cases/${caseNumber}/first-look`, { hours: 4, staffNumber: null }),
      await stranger.post(`${path}/meeting/cases/${caseNumber}/reveal`),
    ]
    expect(tried.map(one => one.status)).toEqual([404, 404, 404, 404])
    expect((await stranger.get<Approval[]>('/approvals')).body).toEqual([])
  })

  test('an objection keeps the pair apart in the next calculation', async () => {
    const [anna, bert] = [await colleague(), await colleague(10)]
    const round = await roundOf([anna, bert], 1)
    await share(round)
    const objected = await give(anna.me, round.id, 'object', { reasonCode: 'load' })
    expect(objected.status, objected.text).toBe(201)
    let now = await fresh(round)
    expect(now.choicesSinceRun).toBe(1)
    const refused = await settle<ProblemDetails>(intake, now)
    expect(refused.body.cases).toMatchObject([{ rule: 'objection', setAside: 'ruling' }])
    const told = (await intake.get<Messages>('/messages')).body
    expect(told.messages[0]?.kind).toBe('answer.objected')

    await intake.post(`/rounds/${round.id}/runs`, { timeLimitSeconds: 10 }, { version: now.version })
    now = await calculated(intake, round.id)
    expect(now.lines[0]?.worker?.staffNumber).toBe(bert.staffNumber)
    expect(now.choicesSinceRun).toBe(0)
    expect((await mine(anna.me)).proposals[0]?.closed).toBe('moved')
    const sharing = (await intake.get<Sharing>(`/rounds/${round.id}/sharing`)).body
    expect(states(sharing)).toEqual(['unasked'])
    expect(sharing.earlier.map(one => [one.worker.staffNumber, one.state])).toEqual([
      [anna.staffNumber, 'objected'],
    ])
    const again = await share(now)
    expect(again.status, again.text).toBe(201)
    expect((await give(bert.me, round.id, 'agree')).status).toBe(201)
    expect((await settle(intake, await fresh(round))).status).toBe(201)
  })

  test('a choice of the team does not outlive the objection of its worker', async () => {
    const [anna, bert] = [await colleague(), await colleague(10)]
    let round = await roundOf([anna, bert], 1)
    round = (
      await intake.post<RoundDetail>(
        `/rounds/${round.id}/choices`,
        {
          ...NOTHING_SET_ASIDE,
          kind: 'override',
          seat: 'primary',
          caseNumber: round.lines[0]!.caseNumber,
          staffNumber: bert.staffNumber,
          reasonCode: reason,
        },
        { version: round.version },
      )
    ).body
    expect(round.lines[0]?.worker?.staffNumber).toBe(bert.staffNumber)
    await share(round)
    await give(bert.me, round.id, 'object', { reasonCode: 'travel' })
    round = await fresh(round)
    await intake.post(`/rounds/${round.id}/runs`, { timeLimitSeconds: 10 }, { version: round.version })
    round = await calculated(intake, round.id)
    expect(round.lines[0]?.worker?.staffNumber).toBe(anna.staffNumber)
    expect(round.choices).toEqual([])
  })

  test('the team overrules with a motive; a newer answer makes the ruling void', async () => {
    const [anna, bert] = [await colleague(), await colleague(20)]
    const round = await roundOf([anna, bert], 1)
    await share(round)
    await give(anna.me, round.id, 'object', { reasonCode: 'load' })
    const line = (state: LineState) => ({
      lines: [
        {
          caseNumber: round.lines[0]!.caseNumber,
          seat: 'primary',
          staffNumber: anna.staffNumber,
          state,
        },
      ],
      reasonText: 'Niemand anders kent dit gezin',
    })
    const path = `/rounds/${round.id}/rulings`
    expect((await intake.post(path, line('silent'))).status).toBe(409)
    expect((await intake.post(path, { ...line('objected'), reasonText: '  ' })).status).toBe(422)
    const ruled = await intake.post<Sharing>(path, line('objected'))
    expect(ruled.status, ruled.text).toBe(201)
    expect(ruled.body.lines[0]).toMatchObject({ state: 'ruled', ruling: { about: 'objection' } })
    expect((await fresh(round)).choicesSinceRun).toBe(0)
    expect((await mine(anna.me)).proposals[0]?.ruling?.reasonText).toBe('Niemand anders kent dit gezin')

    await give(anna.me, round.id, 'object', { reasonCode: 'availability' })
    const sharing = (await intake.get<Sharing>(`/rounds/${round.id}/sharing`)).body
    expect(states(sharing)).toEqual(['objected'])
    await intake.post<Sharing>(path, line('objected'))
    const done = await settle(intake, await fresh(round))
    expect(done.body.decisions[0]).toMatchObject({ answer: 'objection' })
  })

  test('no answer is not consent: after the term the team decides, and that is recorded', async () => {
    const [anna, bert] = [await colleague(), await colleague(20)]
    const round = await roundOf([anna, bert], 1)
    await share(round)
    const before = app.clock.at
    const ruling = (state: LineState) => ({
      lines: [
        { caseNumber: round.lines[0]!.caseNumber, seat: 'primary', staffNumber: anna.staffNumber, state },
      ],
      reasonText: 'Gebeld, geen gehoor',
    })
    expect((await intake.post(`/rounds/${round.id}/rulings`, ruling('waiting'))).status).toBe(422)
    try {
      app.clock.at = new Date(before.getTime() + 6 * DAY_MS)
      const [team, worker] = [await app.as('intake'), await app.signIn(anna.me.userId)]
      expect((await mine(worker)).proposals[0]).toMatchObject({ open: false, closed: 'term' })
      const proposal = (await mine(worker)).proposals[0]!
      const late = await worker.post(
        `/mine/proposals/${proposal.id}/answer`,
        { kind: 'agree', reasonCode: null, reasonText: null },
        { version: proposal.version },
      )
      expect(late.status).toBe(409)
      const refused = await settle<ProblemDetails>(team, await fresh(round).catch(() => round))
      expect(refused.status).not.toBe(201)
      const now = (await team.get<RoundDetail>(`/rounds/${round.id}`)).body
      const silent = await settle<ProblemDetails>(team, now)
      expect(silent.body.cases).toMatchObject([{ rule: 'silence', setAside: 'ruling' }])
      const ruled = await team.post(`/rounds/${round.id}/rulings`, ruling('silent'))
      expect(ruled.status, ruled.text).toBe(201)
      const done = await settle(team, now)
      expect(done.status, done.text).toBe(201)
      expect(done.body.decisions[0]).toMatchObject({ answer: 'silence' })
    } finally {
      app.clock.at = before
    }
  })

  test('above the hard limit: whoever lacks the right asks, and another person approves', async () => {
    await way('meeting')
    const [busy, calm] = [await colleague(28), await colleague()]
    let round = await roundOf([busy, calm], 1)
    const chosen = await intake.post<RoundDetail>(
      `/rounds/${round.id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        kind: 'override',
        seat: 'primary',
        caseNumber: round.lines[0]!.caseNumber,
        staffNumber: busy.staffNumber,
        reasonCode: reason,
        acceptsExcess: true,
      },
      { version: round.version },
    )
    expect(chosen.status, chosen.text).toBe(201)
    round = chosen.body
    const refused = await settle<ProblemDetails>(intake, round)
    expect(refused.body.cases).toMatchObject([{ rule: 'approval', setAside: 'approval' }])
    const preview = (await intake.get<SettlementView>(`/rounds/${round.id}/settlement`)).body
    expect(preview.lines).toMatchObject([{ holds: false, obstacles: [{ rule: 'approval' }] }])

    const asked = (await intake.get<Approval[]>('/approvals')).body.find(one => one.roundId === round.id)!
    expect(asked.mayDecide).toBe(false)
    // Who approves sees what it comes to.
    expect(asked.load!.after.workload).toBeGreaterThan(asked.load!.hardLimit)
    expect(asked.load!.after.hours).toBeGreaterThan(asked.load!.before.hours)
    const verdict = { approve: true, reasonText: null }
    expect((await intake.post(`/approvals/${asked.id}/verdict`, verdict)).status).toBe(403)
    expect((await lead.get<Messages>('/messages')).body.messages[0]?.kind).toBe('approval.asked')
    const approved = await lead.post<Approval[]>(`/approvals/${asked.id}/verdict`, verdict)
    expect(approved.status, approved.text).toBe(200)
    expect((await lead.post(`/approvals/${asked.id}/verdict`, verdict)).status).toBe(409)
    const approval = async () => (await fresh(round)).choices[0]!.approval
    const agreed = await approval()
    expect(agreed).toMatchObject({ state: 'approved', by: 'Standaard lead' })
    expect(agreed!.upTo).toBe(agreed!.figure)
    // With half the norm the same hours are more: that nobody agreed to.
    const reduced = await app.db
      .insertInto('reduction')
      .values({
        workerId: busy.id,
        reasonCode: 'TAAK',
        percentage: 20,
        validFrom: '2026-11-01',
        validUntil: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    expect(await approval()).toMatchObject({ state: 'lapsed', upTo: agreed!.upTo })
    const lapsed = await settle<ProblemDetails>(intake, round)
    expect(lapsed.body.cases).toMatchObject([{ rule: 'lapsed', setAside: 'approval' }])
    expect(lapsed.body.cases![0]!.message).toContain('opnieuw goedkeuren')
    const again = (await lead.get<Approval[]>('/approvals')).body.find(one => one.id === asked.id)!
    expect(again).toMatchObject({ state: 'pending', lapsed: true, mayDecide: true, upTo: agreed!.upTo })
    expect((await lead.post(`/approvals/${asked.id}/verdict`, verdict)).status).toBe(200)
    expect(await approval()).toMatchObject({ state: 'approved', upTo: again.figure })
    // Less than was agreed to is fine.
    await app.db.deleteFrom('reduction').where('id', '=', reduced.id).execute()
    const done = await settle(intake, round)
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions[0]).toMatchObject({ acceptsExcess: true, decidedBy: 'Standaard lead' })
  })

  test('a refusal is told by name and with its reason: in the round, in the check and when settling', async () => {
    await way('meeting')
    const [busy, calm] = [await colleague(28), await colleague()]
    let round = await roundOf([busy, calm], 1)
    const choice = {
      ...NOTHING_SET_ASIDE,
      kind: 'override',
      seat: 'primary',
      caseNumber: round.lines[0]!.caseNumber,
      staffNumber: busy.staffNumber,
      reasonCode: reason,
      acceptsExcess: true,
    }
    const chosen = await intake.post<RoundDetail>(`/rounds/${round.id}/choices`, choice, {
      version: round.version,
    })
    expect(chosen.status, chosen.text).toBe(201)
    round = chosen.body
    const asked = (await lead.get<Approval[]>('/approvals')).body.find(one => one.roundId === round.id)!
    const reasonText = 'Dan blijft er niets over voor het gezin dat net is begonnen'
    const refused = await lead.post(`/approvals/${asked.id}/verdict`, { approve: false, reasonText })
    expect(refused.status, refused.text).toBe(200)
    expect((await fresh(round)).choices[0]!.approval).toMatchObject({
      state: 'refused',
      by: 'Standaard lead',
      reasonText,
    })
    const preview = (await intake.get<SettlementView>(`/rounds/${round.id}/settlement`)).body
    const [told] = preview.lines[0]!.obstacles
    expect(told).toMatchObject({ rule: 'refusal', setAside: 'never' })
    expect(told!.message).toContain(`Standaard lead wees dit af: ${reasonText}.`)
    const settled = await settle<ProblemDetails>(intake, round)
    expect(settled.body.cases![0]!.message).toBe(told!.message)
    // No event keeps the words.
    const events = await app.db.selectFrom('event').select('data').execute()
    expect(JSON.stringify(events)).not.toContain('net is begonnen')
  })

  test('load above the limit that is taken over from a what-if is listed for a second pair of eyes', async () => {
    const [busy, calm] = [await colleague(28), await colleague()]
    const round = await roundOf([busy, calm], 1)
    const { caseNumber } = round.lines[0]!
    const made = await lead.post<RunRow>(`/rounds/${round.id}/what-ifs`, {
      name: null,
      changes: [
        {
          kind: 'lock',
          caseId: caseNumber,
          seat: 'primary',
          workerId: busy.staffNumber,
          unregisteredException: false,
          aboveLimit: true,
          setAside: [],
        },
      ],
      timeLimitSeconds: 20,
    })
    expect(made.status, made.text).toBe(202)
    await expect
      .poll(async () => (await lead.get<RunRow>(`/rounds/${round.id}/runs/${made.body.id}`)).body.state, {
        timeout: 20_000,
      })
      .toBe('done')
    const taken = await lead.post<RoundDetail>(
      `/rounds/${round.id}/take-over`,
      {
        runId: made.body.id,
        point: null,
        seats: null,
        reasonCode: reason,
        reasonText: null,
        unregisteredReason: null,
        setAside: [],
        acceptsExcess: true,
      },
      { version: round.version },
    )
    expect(taken.status, taken.text).toBe(201)
    expect(taken.body.choices).toMatchObject([{ kind: 'override', acceptsExcess: true }])
    const asked = (await intake.get<Approval[]>('/approvals')).body.find(one => one.roundId === round.id)
    expect(asked).toMatchObject({ caseNumber, state: 'pending', mayDecide: true })
  })

  test('an answer waits for a settlement that is under way, and is refused after it', async () => {
    const anna = await colleague()
    const round = await roundOf([anna], 1)
    await share(round)
    let answered: ReturnType<typeof give> | undefined
    await app.db.transaction().execute(async tx => {
      await tx.selectFrom('round').select('id').where('id', '=', round.id).forUpdate().execute()
      const { id, version } = (engine === 'PostgreSQL' ? await mine(anna.me) : null)?.proposals[0] ?? {
        id: 0,
        version: 1,
      }
      if (engine === 'PostgreSQL') {
        answered = anna.me.post(
          `/mine/proposals/${id}/answer`,
          { kind: 'object', reasonCode: 'load', reasonText: null },
          { version },
        )
        const waits = async () => {
          for (;;) {
            const { rows } = await sql<{ n: number }>`
              select count(*)::int as n from pg_locks where not granted
                and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(tx)
            if (rows[0]!.n > 0) return 'waits'
          }
        }
        expect(await Promise.race([waits(), answered.then(one => one.status)])).toBe('waits')
      }
      await tx.updateTable('round').set({ status: 'cancelled' }).where('id', '=', round.id).execute()
    })
    answered ??= give(anna.me, round.id, 'object', { reasonCode: 'load' })
    expect((await answered).status).toBe(409)
  })

  test('an objection after a decision without asking asks for a decision of its own, as a signal too', async () => {
    const anna = await colleague()
    const round = await roundOf([anna], 1)
    const { caseNumber } = round.lines[0]!
    const ruled = await intake.post<Sharing>(`/rounds/${round.id}/rulings`, {
      lines: [{ caseNumber, seat: 'primary', staffNumber: anna.staffNumber, state: 'unasked' }],
      reasonText: 'Er was haast.',
    })
    expect(ruled.status, ruled.text).toBe(201)
    expect((await share(await fresh(round))).status).toBe(201)
    expect((await give(anna.me, round.id, 'object', { reasonCode: 'load' })).status).toBe(201)
    const { signals } = (await lead.get<SignalList>('/signals')).body
    expect(signals.map(one => one.subject)).toContain(`${round.id}:${caseNumber}`)
  })

  test('somebody who is lead and intake at once is never both pairs of eyes', async () => {
    const { db, organisationId, teamId } = app
    const both = await app.signIn(
      await aUser(db, {
        organisationId,
        roles: [
          { role: 'lead', teamId },
          { role: 'intake', teamId },
        ],
      }),
    )
    const [busy, calm] = [await colleague(28), await colleague()]
    let round = await roundOf([busy, calm], 1)
    round = (
      await both.post<RoundDetail>(
        `/rounds/${round.id}/choices`,
        {
          ...NOTHING_SET_ASIDE,
          kind: 'override',
          seat: 'primary',
          caseNumber: round.lines[0]!.caseNumber,
          staffNumber: busy.staffNumber,
          reasonCode: reason,
          acceptsExcess: true,
        },
        { version: round.version },
      )
    ).body
    const alone = await settle<ProblemDetails>(both, round)
    expect(alone.body.cases).toMatchObject([{ rule: 'approval' }])
    const asked = (await intake.get<Approval[]>('/approvals')).body.find(one => one.roundId === round.id)!
    const refusal = await intake.post(`/approvals/${asked.id}/verdict`, { approve: false, reasonText: null })
    expect(refusal.status).toBe(422)
    expect((await settle(intake, round)).status).toBe(201)
  })

  test('part of the cases on choice, and the rest goes on in a new round', async () => {
    await way('meeting')
    const round = await roundOf([await colleague(), await colleague()], 3)
    const [first, ...others] = round.cases.map(one => one.caseNumber).sort()
    const done = await settle(intake, round, { partial: true, cases: [first], rest: 'newRound' })
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions.map(one => one.caseNumber)).toEqual([first])
    const next = await calculated(intake, done.body.nextRoundId!)
    expect(next.cases.map(one => one.caseNumber).sort()).toEqual(others)
    expect((await settle(intake, next)).status).toBe(201)
    const foreign = await settle(intake, round, { partial: true, cases: ['ZK-ELDERS'] })
    expect(foreign.status).toBe(409)
  })

  test('a decision is withdrawn with a reason; what was decided stays on record', async () => {
    await way('meeting')
    const anna = await colleague()
    const round = await roundOf([anna], 1)
    const caseNumber = round.cases[0]!.caseNumber
    await settle(intake, round)
    const path = `/rounds/${round.id}/withdrawals`
    expect((await intake.post(path, { caseNumber, reasonText: ' ' })).status).toBe(422)
    expect((await intake.post(path, { caseNumber: 'ZK-ELDERS', reasonText: 'x' })).status).toBe(404)
    const done = await intake.post<RoundResult>(path, { caseNumber, reasonText: 'Verkeerde start' })
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions[0]).toMatchObject({
      worker: { staffNumber: anna.staffNumber },
      withdrawn: { reason: 'Verkeerde start', by: 'Standaard intake' },
    })
    expect((await intake.post(path, { caseNumber, reasonText: 'nog eens' })).status).toBe(409)
    const seat = await app.db
      .selectFrom('allocation')
      .select(['startsOn', 'endsOn'])
      .where('workerId', '=', anna.id)
      .executeTakeFirstOrThrow()
    expect(seat.endsOn).toBe(seat.startsOn)
    const row = await app.db
      .selectFrom('caseFile as c')
      .innerJoin(standingOn(TODAY), 's.caseId', 'c.id')
      .select('s.status')
      .where('c.caseNumber', '=', caseNumber)
      .executeTakeFirstOrThrow()
    expect(row.status).toBe('waiting')
    const events = await app.db
      .selectFrom('event as e')
      .innerJoin('caseFile as c', join => join.on(sql`'case#' || c.id`, '=', sql.ref('e.objectId')))
      .select(['e.type', 'e.data'])
      .where('c.caseNumber', '=', caseNumber)
      .orderBy('e.seq')
      .execute()
    expect(events.map(one => one.type)).toEqual(expect.arrayContaining(['case.allocated', 'case.withdrawn']))
    expect(JSON.stringify(events)).not.toContain('Verkeerde start')
    expect((await anna.me.get<Messages>('/messages')).body.messages[0]?.kind).toBe('case.withdrawn')
    // The case can be decided anew, in another round.
    const again = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [anna.staffNumber],
      startOn: START,
    })
    expect((await settle(intake, again)).status).toBe(201)
  })

  test('the decision list opens in a Dutch spreadsheet, and nothing in it is a formula', async () => {
    await way('meeting')
    const anna = await colleague()
    await app.db.updateTable('worker').set({ name: '=HYPERLINK("x")' }).where('id', '=', anna.id).execute()
    const round = await roundOf([anna], 1)
    await settle(intake, round)
    const list = await intake.get<string>(`/rounds/${round.id}/decision-list`)
    expect(list.status).toBe(200)
    expect(String(list.headers['content-disposition'])).toContain(`filename="besluiten-ronde-${round.id}-`)
    const [heading, line] = list.text.split('\r\n')
    expect(heading).toMatch(/^\uFEFFRonde;Zaaknummer;/)
    expect(line).toContain(`;"'=HYPERLINK(""x"")";`)
    expect(line).toMatch(/;\d+(,\d+)?;/)
    const book = await app.app.inject({
      url: `/api/rounds/${round.id}/decision-list/xlsx`,
      headers: { cookie: intake.cookie, host: 'localhost:4310' },
    })
    expect(book.statusCode).toBe(200)
    expect(book.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })
})
