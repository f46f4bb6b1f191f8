import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verify } from '../../server/commands/verify.ts'
import type { RoundDetail, RoundResult } from '../../server/contract/rounds.ts'
import { newestProposal } from '../../server/draft/rounds.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, calculated, NOTHING_SET_ASIDE } from '../support/rounds.ts'

forEachDatabase('a round that is calculated again', engine => {
  let app: TestApp
  let intake: Caller
  const cases: string[] = []

  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId, teamId } = app
    for (let index = 0; index < 4; index++) await aWorker(db, { organisationId, teamId })
    for (let index = 0; index < 3; index++) {
      cases.push((await aCase(db, { organisationId, teamId })).caseNumber)
    }
    intake = await app.as('intake')
  })
  afterAll(() => app.close())

  test('keeps to what was proposed, at the price that the rulebook sets', async () => {
    const first = await aRound(intake, { teamId: app.teamId, cases, workers: null, startOn: '2026-12-01' })
    const before = (await newestProposal(app.db, first.id))!
    expect(before.problem).not.toHaveProperty('earlier')
    const given = new Map(before.result.lines.map(line => [line.caseId, line.workerId]))
    const [moved, ...others] = [...given.keys()]
    const free = before.problem.workers.find(one => ![...given.values()].includes(one.id))!

    await sql`update rulebook set content = content || '{"changeCost": 7}'::jsonb`.execute(app.db)
    const choice = {
      ...NOTHING_SET_ASIDE,
      kind: 'override',
      caseNumber: moved,
      seat: 'primary',
      staffNumber: free.id,
      reasonCode: 'AFSPRAAK_TEAM',
    }
    const reasons = await app.db.selectFrom('overrideReason').select(['code', 'needsText']).execute()
    choice.reasonCode = reasons.find(one => !one.needsText)!.code
    const chosen = await intake.post<RoundDetail>(`/rounds/${first.id}/choices`, choice, {
      version: first.version,
    })
    expect(chosen.status, chosen.text).toBe(201)
    const run = await intake.post(
      `/rounds/${first.id}/runs`,
      { timeLimitSeconds: 20 },
      { version: chosen.body.version },
    )
    expect(run.status, run.text).toBe(202)
    await calculated(intake, first.id)

    const after = (await newestProposal(app.db, first.id))!
    expect(after.id).toBeGreaterThan(before.id)
    expect(after.problem.earlier?.changeCost).toBe(7)
    expect(new Map(after.problem.earlier?.lines.map(line => [line.caseId, line.workerId]))).toEqual(given)
    const line = (caseId: string) => after.result.lines.find(one => one.caseId === caseId)!
    expect(line(moved!)).toMatchObject({ workerId: free.id, locked: true, changeCost: 7 })
    for (const caseId of others) {
      expect(line(caseId).workerId).toBe(given.get(caseId))
      expect(line(caseId)).not.toHaveProperty('changeCost')
    }
  })

  test('a case number corrected in a round: the proposal that was made before goes on with the right one', async () => {
    const { db, organisationId, teamId } = app
    const own = [await aCase(db, { organisationId, teamId }), await aCase(db, { organisationId, teamId })]
    const [kept, wrong] = own.map(one => one.caseNumber) as [string, string]
    const round = await aRound(intake, { teamId, cases: [kept, wrong], workers: null, startOn: '2026-12-01' })
    const worker = round.lines.find(one => one.caseNumber === wrong)!.worker!
    const right = `${wrong}-GOED`
    app.clock.at = new Date(app.clock.at.getTime() + 60_000)
    const corrected = await intake.put(`/cases/${wrong}/number`, { caseNumber: right }, { version: 1 })
    expect(corrected.status, corrected.text).toBe(200)
    // Somebody else's case, entered now with the number that was wrong.
    await aCase(db, { organisationId, teamId, caseNumber: wrong })

    const { body: after, text } = await intake.get<RoundDetail>(`/rounds/${round.id}`)
    expect(text).not.toContain(`"${wrong}"`)
    expect(after.stale).toEqual([])
    expect(after.lines.find(one => one.caseNumber === right)?.worker).toEqual(worker)
    const why = await intake.get(`/rounds/${round.id}/cases/${right}/explanation`)
    expect(why.status, why.text).toBe(200)
    expect(why.text).not.toContain(`"${wrong}"`)
    const runs = await intake.get(`/rounds/${round.id}/runs`)
    expect(runs.text).not.toContain(`"${wrong}"`)
    const settled = await intake.post<RoundResult>(
      `/rounds/${round.id}/confirmation`,
      { partial: false },
      { version: after.version },
    )
    expect(settled.status, settled.text).toBe(201)
    expect(settled.text).toContain(right)
    expect(settled.text).not.toContain(`"${wrong}"`)
    const { checks } = await verify(app.open, '2026-12-01')
    expect(checks.flatMap(check => check.faults)).toEqual([])
  })

  test('an open round takes in cases and lets others go, with who and when; the proposal is out of date', async () => {
    const { db, organisationId, teamId } = app
    const own = [await aCase(db, { organisationId, teamId }), await aCase(db, { organisationId, teamId })]
    const late = await aCase(db, { organisationId, teamId })
    const elsewhere = await aCase(db, { organisationId, teamId: app.otherTeamId })
    const [stays, goes] = own.map(one => one.caseNumber) as [string, string]
    let round = await aRound(intake, { teamId, cases: [stays, goes], workers: null, startOn: '2026-12-01' })
    expect(round.casesChanged).toEqual([])
    const reason = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    const wait = { ...NOTHING_SET_ASIDE, kind: 'wait', caseNumber: goes, seat: 'primary', staffNumber: null }
    round = (
      await intake.post<RoundDetail>(
        `/rounds/${round.id}/choices`,
        { ...wait, reasonCode: reason.code },
        { version: round.version },
      )
    ).body
    const change = (take: string[], letGo: string[], version = round.version) =>
      intake.put<RoundDetail>(`/rounds/${round.id}/cases`, { take, letGo }, { version })
    expect((await change([], [])).status).toBe(422)
    expect((await change([elsewhere.caseNumber], [])).status).toBe(422)
    expect((await change([stays], [])).status).toBe(409)
    expect((await change([], [late.caseNumber])).status).toBe(422)
    expect((await change([], [stays, goes])).status).toBe(422)
    expect((await change([late.caseNumber], [], round.version - 1)).status).toBe(412)

    const changed = await change([late.caseNumber], [goes])
    expect(changed.status, changed.text).toBe(200)
    round = changed.body
    expect(round.cases.map(one => one.caseNumber).sort()).toEqual([late.caseNumber, stays].sort())
    expect(round.lines.map(one => [one.caseNumber, one.worker === null]).sort()).toEqual(
      [
        [late.caseNumber, true],
        [stays, false],
      ].sort(),
    )
    expect(round.choices).toEqual([])
    expect(round.stale.join(' ')).toContain(late.caseNumber)
    expect(round.stale.join(' ')).toContain(goes)
    expect(round.casesChanged).toMatchObject([
      { by: 'Standaard intake', taken: [late.caseNumber], letGo: [goes] },
    ])
    const { body: waiting } = await intake.get<{ cases: { caseNumber: string }[] }>('/cases?status=waiting')
    expect(waiting.cases.map(one => one.caseNumber)).toContain(goes)
    // Why nobody has the new one yet can be asked, and it can be calculated and settled like the others.
    const why = await intake.get(`/rounds/${round.id}/cases/${late.caseNumber}/explanation`)
    expect(why.status, why.text).toBe(200)
    expect((await intake.get(`/rounds/${round.id}/cases/${goes}/explanation`)).status).toBe(404)
    const run = await intake.post(
      `/rounds/${round.id}/runs`,
      { timeLimitSeconds: 20 },
      { version: round.version },
    )
    expect(run.status, run.text).toBe(202)
    round = await calculated(intake, round.id)
    expect(round.stale).toEqual([])
    expect(round.lines.map(one => [one.caseNumber, one.worker === null]).sort()).toEqual(
      [
        [late.caseNumber, false],
        [stays, false],
      ].sort(),
    )
    const lead = await (await app.as('lead')).put(
      `/rounds/${round.id}/cases`,
      { take: [], letGo: [stays] },
      {
        version: round.version,
      },
    )
    expect(lead.status).toBe(403)
  })
})
