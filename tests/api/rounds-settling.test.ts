import { afterAll, beforeAll, expect, test } from 'vitest'
import { standingOn } from '../../db/standing.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const START = '2026-12-01'

forEachDatabase('settling', engine => {
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

  /** A full-time worker with this many hours in use. */
  const workerWith = async (hours: number) => {
    const { db, organisationId, teamId } = app
    const worker = await aWorker(db, { organisationId, teamId })
    if (hours > 0) {
      const held = await aCase(db, { organisationId, teamId })
      await anAllocation(db, { caseId: held.id, workerId: worker.id, hours })
    }
    return worker
  }
  const waitingCase = (given: { urgency?: 'emergency' | 'normal'; factors?: string[] } = {}) =>
    aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId, ...given })
  const settle = <Body = RoundResult>(caller: Caller, round: RoundDetail, partial = false) =>
    caller.post<Body>(`/rounds/${round.id}/confirmation`, { partial }, { version: round.version })
  const choose = <Body = RoundDetail>(caller: Caller, round: RoundDetail, body: object) =>
    caller.post<Body>(
      `/rounds/${round.id}/choices`,
      { ...NOTHING_SET_ASIDE, seat: 'primary', ...body },
      { version: round.version },
    )
  const overLimit = async () => {
    const { rows } = await app.open.pool.query(
      `select w.id from worker w join worker_norms($1) n on n.worker_id = w.id
       where hours_in_use(w.id, $1) > round(n.norm_hours * 1.2, 2) and not exists (
         select 1 from allocation a where a.worker_id = w.id and a.excess_decision_id is not null)`,
      [START],
    )
    return rows
  }

  test('two reviewers settle at once: one wins, the other hears that it is done', async () => {
    const worker = await workerWith(0)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [(await waitingCase()).caseNumber],
      workers: [worker.staffNumber],
      startOn: START,
    })
    const colleague = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: app.teamId }],
      }),
    )
    const answers = await Promise.all([settle(intake, round), settle(colleague, round)])
    expect(answers.map(one => one.status).sort()).toEqual([201, 409])
    const decisions = await app.db
      .selectFrom('decision')
      .select('id')
      .where('roundId', '=', round.id)
      .execute()
    expect(decisions).toHaveLength(1)
  })

  test('a choice and a settlement at once: nothing is settled that nobody saw', async () => {
    const worker = await workerWith(0)
    const theCase = await waitingCase()
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [theCase.caseNumber],
      workers: [worker.staffNumber],
      startOn: START,
    })
    const [choice, settlement] = await Promise.all([
      choose(lead, round, {
        caseNumber: theCase.caseNumber,
        kind: 'wait',
        staffNumber: null,
        reasonCode: reason,
      }),
      settle(intake, round),
    ])
    const outcome = `${choice.status} ${settlement.status}`
    expect(['201 412', '409 201', '412 201']).toContain(outcome)
  })

  test('twenty settlements of two rounds for one worker near the limit never pass it', async () => {
    const worker = await workerWith(22)
    const roundOf = async () =>
      aRound(intake, {
        teamId: app.teamId,
        cases: [(await waitingCase({ urgency: 'emergency' })).caseNumber],
        workers: [worker.staffNumber],
        startOn: START,
      })
    const first = await roundOf()
    // A later round reckons with what an earlier one gives in draft: this one is made while that gives nothing.
    const none = await choose(intake, first, {
      caseNumber: first.lines[0]!.caseNumber,
      kind: 'exclude',
      staffNumber: worker.staffNumber,
      reasonCode: reason,
    })
    expect(none.status, none.text).toBe(201)
    const second = await roundOf()
    const back = await intake.delete<RoundDetail>(`/rounds/${first.id}/choices/${none.body.choices[0]!.id}`, {
      version: none.body.version,
    })
    expect(back.status, back.text).toBe(200)
    const rounds = [back.body, second]
    expect(rounds.map(round => round.lines[0]?.worker?.staffNumber)).toEqual([
      worker.staffNumber,
      worker.staffNumber,
    ])
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => settle<ProblemDetails>(intake, rounds[index % 2]!)),
    )
    const counts = answers.map(one => one.status).sort()
    expect(counts.filter(status => status === 201)).toHaveLength(1)
    expect(counts.every(status => [201, 409, 412, 422].includes(status))).toBe(true)
    const refused = answers.find(one => one.status === 422)
    expect(refused?.body.cases?.map(one => one.rule)).toContain('hardLimit')
    expect(await overLimit()).toEqual([])
  })

  test('load above the hard limit is the decision of a lead', async () => {
    const busy = await workerWith(28)
    const calm = await workerWith(0)
    const theCase = await waitingCase()
    let round = await aRound(intake, {
      teamId: app.teamId,
      cases: [theCase.caseNumber],
      workers: [busy.staffNumber, calm.staffNumber],
      startOn: START,
    })
    expect(round.lines[0]?.worker?.staffNumber).toBe(calm.staffNumber)
    const override = {
      caseNumber: theCase.caseNumber,
      kind: 'override',
      staffNumber: busy.staffNumber,
      reasonCode: reason,
    }
    const refused = await choose<ProblemDetails>(intake, round, override)
    expect(refused.status).toBe(422)
    expect(refused.body.cases?.map(one => [one.rule, one.setAside])).toEqual([
      ['hardLimit', 'right'],
      ['band', 'motive'],
    ])
    const accepted = await choose(lead, round, { ...override, acceptsExcess: true })
    expect(accepted.status, accepted.text).toBe(201)
    round = accepted.body
    expect(round.lines[0]?.after?.status).toBe('farAboveNorm')
    const settled = await settle(intake, round)
    expect(settled.status, settled.text).toBe(201)
    expect(settled.body.decisions[0]).toMatchObject({ acceptsExcess: true, decidedBy: 'Standaard lead' })
    const allocation = await app.db
      .selectFrom('allocation')
      .select(['decisionId', 'excessDecisionId'])
      .where('workerId', '=', busy.id)
      .where('origin', '=', 'decision')
      .executeTakeFirstOrThrow()
    expect(allocation.excessDecisionId).toBe(allocation.decisionId)
  })

  test('above the band only with that rule set aside', async () => {
    const busy = await workerWith(25)
    const calm = await workerWith(0)
    const theCase = await waitingCase()
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [theCase.caseNumber],
      workers: [busy.staffNumber, calm.staffNumber],
      startOn: START,
    })
    const override = {
      caseNumber: theCase.caseNumber,
      kind: 'override',
      staffNumber: busy.staffNumber,
      reasonCode: reason,
    }
    const refused = await choose<ProblemDetails>(intake, round, override)
    expect(refused.body.cases?.map(one => one.rule)).toEqual(['band'])
    const done = await choose(intake, round, { ...override, setAside: ['band'] })
    expect(done.status, done.text).toBe(201)
    expect(done.body.choices[0]?.setAside).toEqual(['band'])
    expect((await settle(intake, done.body)).status).toBe(201)
  })

  test('part of a round: what holds is settled, the rest waits again and is named', async () => {
    const worker = await workerWith(0)
    const other = await workerWith(0)
    // Two new cases a week is the most, so three cases need both people.
    const cases = [await waitingCase(), await waitingCase(), await waitingCase()]
    let round = await aRound(intake, {
      teamId: app.teamId,
      cases: cases.map(one => one.caseNumber),
      workers: [worker.staffNumber, other.staffNumber],
      startOn: START,
    })
    const leaver = round.lines[0]?.worker?.staffNumber ?? ''
    const lost = round.lines
      .filter(one => one.worker?.staffNumber === leaver)
      .map(one => one.caseNumber)
      .sort()
    const held = cases
      .map(one => one.caseNumber)
      .filter(number => !lost.includes(number))
      .sort()
    await app.db
      .updateTable('worker')
      .set({ employedUntil: '2026-11-30' })
      .where('staffNumber', '=', leaver)
      .execute()
    round = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
    expect(round.stale.length).toBeGreaterThan(0)
    expect((await settle(intake, round)).status).toBe(422)
    const settled = await settle(intake, round, true)
    expect(settled.status, settled.text).toBe(201)
    expect(settled.body.decisions.map(one => one.caseNumber)).toEqual(held)
    expect([...new Set(settled.body.refused.map(one => one.caseNumber))].sort()).toEqual(lost)
    expect(settled.body.waiting).toEqual(lost)
    const statuses = await app.db
      .selectFrom('caseFile as c')
      .innerJoin(standingOn(TODAY), 's.caseId', 'c.id')
      .select(['c.caseNumber', 's.status'])
      .where('c.caseNumber', 'in', [...held, ...lost])
      .execute()
    for (const { caseNumber, status } of statuses) {
      expect(status).toBe(held.includes(caseNumber) ? 'later' : 'waiting')
    }
  })

  test('what waits again is counted whole: who was left waiting, and for whom nobody was found', async () => {
    const worker = await workerWith(0)
    // Two new cases a week is the most for one person.
    const cases = []
    for (let n = 0; n < 4; n++) cases.push((await waitingCase()).caseNumber)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases,
      workers: [worker.staffNumber],
      startOn: START,
    })
    const [first] = round.lines.filter(one => one.worker !== null)
    const chosen = await choose(lead, round, {
      caseNumber: first!.caseNumber,
      kind: 'wait',
      staffNumber: null,
      reasonCode: reason,
    })
    expect(chosen.status, chosen.text).toBe(201)
    const settled = await settle(intake, chosen.body)
    expect(settled.status, settled.text).toBe(201)
    const given = settled.body.decisions.filter(one => one.worker !== null).map(one => one.caseNumber)
    expect(given.length).toBeGreaterThan(0)
    expect(settled.body.decisions.some(one => one.worker === null)).toBe(true)
    expect(settled.body.waiting).toEqual(cases.filter(one => !given.includes(one)).sort())
    expect(settled.body.waiting.length).toBeGreaterThan(
      settled.body.decisions.filter(one => one.worker === null).length,
    )
    const { rows } = await app.open.pool.query(
      `select data->>'waiting' as n from event where type = 'round.settled' and object_id = $1`,
      [String(round.id)],
    )
    expect(Number(rows[0].n)).toBe(settled.body.waiting.length)
  })

  test('a duo goes to two people or waits as a whole', async () => {
    const [first, second] = [await workerWith(0), await workerWith(0)]
    const duo = await waitingCase({ factors: ['DREIGING'] })
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [duo.caseNumber],
      workers: [first.staffNumber, second.staffNumber],
      startOn: START,
    })
    const primary = round.lines.find(one => one.seat === 'primary')?.worker?.staffNumber
    const same = await choose<ProblemDetails>(intake, round, {
      caseNumber: duo.caseNumber,
      seat: 'second',
      kind: 'override',
      staffNumber: primary,
      reasonCode: reason,
    })
    expect(same.status).toBe(422)
    expect(same.body.cases?.map(one => one.rule)).toContain('duoDistinct')
    const excluded = await choose(intake, round, {
      caseNumber: duo.caseNumber,
      kind: 'exclude',
      staffNumber: primary,
      reasonCode: reason,
    })
    expect(excluded.status, excluded.text).toBe(201)
    const refused = await settle<ProblemDetails>(intake, excluded.body)
    expect(refused.status).toBe(422)
    expect(refused.body.cases?.map(one => one.rule)).toEqual(['duoRequired'])
  })

  test('settled by hand without a proposal: the loads before it leave out what it gave', async () => {
    const worker = await workerWith(10)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [(await waitingCase()).caseNumber],
      workers: [worker.staffNumber],
      startOn: START,
    })
    await app.db.deleteFrom('proposalLine').execute()
    await app.db.deleteFrom('proposal').where('roundId', '=', round.id).execute()
    const chosen = await choose(lead, round, {
      kind: 'override',
      caseNumber: round.lines[0]?.caseNumber,
      staffNumber: worker.staffNumber,
      reasonCode: reason,
    })
    expect(chosen.status, chosen.text).toBe(201)
    expect((await settle(intake, chosen.body)).status).toBe(201)
    const after = (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
    expect(after).toMatchObject({ status: 'settled', solution: null })
    expect(after.lines[0]).toMatchObject({
      before: { hours: 10 },
      after: { hours: 10 + (after.lines[0]?.hours ?? 0) },
    })
    expect(after.loads).toEqual(chosen.body.loads)
  })

  test('a team of somebody else stays closed', async () => {
    const { db, organisationId, otherTeamId } = app
    const stranger = await app.signIn(
      await aUser(db, { organisationId, roles: [{ role: 'intake', teamId: otherTeamId }] }),
    )
    const worker = await workerWith(0)
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [(await waitingCase()).caseNumber],
      workers: [worker.staffNumber],
      startOn: START,
    })
    expect((await stranger.get(`/rounds/${round.id}`)).status).toBe(404)
    expect((await settle(stranger, round)).status).toBe(404)
    expect((await stranger.get<unknown[]>('/rounds')).body).toEqual([])
    const foreign = await stranger.post('/rounds', {
      teamIds: [app.teamId],
      caseNumbers: [(await waitingCase()).caseNumber],
      staffNumbers: null,
      startOn: START,
      profile: 'balanced',
    })
    expect(foreign.status).toBe(403)
    const cancelled = await intake.post(`/rounds/${round.id}/cancellation`, undefined, {
      version: round.version,
    })
    expect(cancelled.status, cancelled.text).toBe(200)
    expect((await settle(intake, round)).status).toBe(409)
  })
})
