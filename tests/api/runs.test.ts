import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import type { RunRow } from '../../server/contract/scenarios.ts'
import { inTransaction } from '../../server/events/events.ts'
import { tellProgress } from '../../server/jobs/progress.ts'
import { failRun, keepLease, keepProposal, storeProposal } from '../../server/jobs/queue.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { untilSo } from '../support/patience.ts'
import { aRound } from '../support/rounds.ts'

forEachDatabase('runs under way', engine => {
  let app: TestApp
  let intake: Caller
  let round: RoundDetail
  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    const scope = { organisationId: app.organisationId, teamId: app.teamId }
    const worker = await aWorker(app.db, scope)
    const held = await aCase(app.db, scope)
    await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours: 4 })
    const { caseNumber } = await aCase(app.db, scope)
    round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [worker.staffNumber],
      startOn: '2026-12-07',
    })
  })
  afterAll(() => app.close())

  /** A run that some other process has in hand, asked for so long ago. */
  async function underWay(secondsAgo = 1) {
    const first = await app.db
      .selectFrom('run')
      .selectAll()
      .where('roundId', '=', round.id)
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow()
    const { id } = await app.db
      .insertInto('run')
      .values({
        roundId: round.id,
        problem: JSON.stringify(first.problem),
        problemSha256: first.problemSha256,
        timeLimitSeconds: 60,
        requestedBy: intake.userId,
        requestedAt: new Date(Date.now() - secondsAgo * 1000),
        startedAt: new Date(Date.now() - secondsAgo * 1000),
        state: 'running',
        attempt: 1,
        returned: 0,
        leaseUntil: new Date(Date.now() + 600_000),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const result = await app.db
      .selectFrom('proposal')
      .select('result')
      .where('runId', '=', first.id)
      .executeTakeFirstOrThrow()
    const run = {
      id,
      roundId: round.id,
      teamId: null,
      kind: 'round' as const,
      asked: null,
      attempt: 1,
      returned: 0,
      problem: first.problem,
      problemSha256: first.problemSha256,
      timeLimitSeconds: 60,
      stopRequested: false,
    }
    return { id, run, proposal: result.result }
  }
  const detail = async () => (await intake.get<RoundDetail>(`/rounds/${round.id}`)).body
  const messages = async () =>
    (await intake.get<{ messages: { kind: string; sentence: string; link: string }[] }>('/messages')).body
      .messages

  test('cancelled: nothing of it is kept, whoever solves it loses it, and again is no other answer', async () => {
    const before = await detail()
    const { id, run, proposal } = await underWay()
    const path = `/rounds/${round.id}/runs/${id}/cancellation`
    const lead = await app.as('lead')
    expect((await lead.post(path)).status).toBe(403)
    const { status, body } = await intake.post(path)
    expect(status).toBe(202)
    expect(body).toMatchObject({ id, state: 'cancelled' })
    expect((await intake.post(path)).body).toMatchObject({ state: 'cancelled' })
    expect(await keepLease(app.db, run)).toBe('lost')
    expect(await storeProposal(app.db, run, proposal)).toBe(false)
    const after = await detail()
    expect(after.run).toMatchObject({ id, state: 'cancelled' })
    expect(after.solution?.proposalId).toBe(before.solution?.proposalId)
    expect((await intake.post(`/rounds/${round.id}/runs/99999/cancellation`)).status).toBe(404)
  })

  test('a run that waits says how many go before it', async () => {
    const { id } = await underWay()
    const asked = await intake.post<RunRow>(`/rounds/${round.id}/what-ifs`, {
      name: null,
      changes: [{ kind: 'limits', newPerWeek: 3 }],
      timeLimitSeconds: 5,
    })
    expect(asked.status, asked.text).toBe(202)
    expect(asked.body).toMatchObject({ state: 'queued', ahead: 1 })
    expect((await detail()).run).toMatchObject({ id, state: 'running', ahead: null })
    await intake.post(`/rounds/${round.id}/runs/${id}/cancellation`)
  })

  test('who waited long hears how it ended, in the list and not by mail; who did not wait hears nothing', async () => {
    const mails = async () => (await app.db.selectFrom('mail').select('id').execute()).length
    const mailsBefore = await mails()
    const heard = async () => (await messages()).length
    // The first calculation of the round may have been a long one, on a busy machine.
    const before = await heard()
    const soon = await underWay(0)
    // As if it took no time, however long this machine takes.
    const at = new Date(Date.now() - 60_000)
    const stored = await inTransaction(app.db, tx => keepProposal(tx, soon.run, soon.proposal, at))
    expect(stored).toBe(true)
    expect(await heard()).toBe(before)
    const long = await underWay(12)
    expect(await storeProposal(app.db, long.run, long.proposal)).toBe(true)
    expect(await heard()).toBe(before + 1)
    expect((await messages())[0]).toMatchObject({ kind: 'run.ready', link: `/rondes/${round.id}` })
    const failing = await underWay(12)
    await failRun(app.db, failing.run, { failure: 'time', again: null })
    expect((await messages())[0]).toMatchObject({ kind: 'run.failed' })
    const stopped = await underWay(12)
    await failRun(app.db, stopped.run, { failure: 'stopped', again: null })
    expect(await heard()).toBe(before + 2)
    expect(await mails()).toBe(mailsBefore)
  })

  test('what a run comes to is kept beside it, and is the same as worked out from its Problem', async () => {
    const list = async () => (await intake.get<RunRow[]>(`/rounds/${round.id}/runs`)).body
    const kept = await list()
    expect(kept.some(run => run.figures)).toBe(true)
    const rows = await app.db.selectFrom('run').select(['id', 'summary']).execute()
    expect(rows.some(row => row.summary !== null)).toBe(true)
    await sql`update run set summary = null`.execute(app.db)
    expect(await list()).toEqual(kept)
  })

  test('the stream tells how far a run is to who may read the round, and to nobody else', async () => {
    const address = await app.app.listen({ host: '127.0.0.1', port: 0 })
    const hear = async (caller: Caller) => {
      const answer = await fetch(`${address}/api/stream`, { headers: { cookie: caller.cookie } })
      const heard = { text: '' }
      const read = async () => {
        const decoder = new TextDecoder()
        for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk, { stream: true })
      }
      void read().catch(() => {})
      await untilSo(() => expect(heard.text).toContain('event: ready'))
      return heard
    }
    const elsewhere = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: app.otherTeamId }],
      }),
    )
    const all = [await hear(intake), await hear(elsewhere), await hear(await app.as('worker'))] as const
    const scope = { organisationId: app.organisationId, teamIds: [app.teamId] }
    const told = tellProgress(app.db, { id: 7, roundId: round.id, cases: 4, hidden: false }, scope)
    const step = { level: 'pointsMinusLoad', value: 12.5, bound: 13, placed: 3, cases: 4, seconds: 1.5 }
    told.hear(step)
    await untilSo(() => expect(all[0].text).toContain('"value":12.5'))
    told.stop()
    const hidden = tellProgress(app.db, { id: 8, roundId: round.id, cases: 4, hidden: true }, scope)
    hidden.hear({ ...step, value: 77.5 })
    await untilSo(() => expect(all[0].text).toMatch(/"runId":8,"level":"pointsMinusLoad","value":null/))
    hidden.stop()
    expect(all[0].text).not.toContain('77.5')
    expect(all[1].text).not.toContain('progress')
    expect(all[2].text).not.toContain('progress')
  })
})
