import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DecisionReview } from '../../server/contract/decisions.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aTeam, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

forEachDatabase('decisions beside proposals', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  const intakeOf = async (teamIds: number[]): Promise<Caller> => {
    const roles = teamIds.map(teamId => ({ role: 'intake' as const, teamId }))
    return app.signIn(await aUser(app.db, { organisationId: app.organisationId, roles }))
  }
  const review = async (caller: Caller, query = '') => {
    const { body, status, text } = await caller.get<DecisionReview>(`/decisions/review${query}`)
    expect(status, text).toBe(200)
    return body
  }

  test('a settled round with one seat followed and one given to somebody else, for who may see its team', async () => {
    const { organisationId } = app
    const scope = { organisationId, teamId: await aTeam(app.db, { organisationId }) }
    const caller = await intakeOf([scope.teamId])
    expect(await review(caller)).toMatchObject({ rounds: 0, seats: 0, minutesPerCase: null, criteria: [] })

    const workers = [await aWorker(app.db, scope), await aWorker(app.db, scope), await aWorker(app.db, scope)]
    const cases = [await aCase(app.db, scope), await aCase(app.db, scope)]
    let round = await aRound(caller, {
      teamId: scope.teamId,
      cases: cases.map(one => one.caseNumber),
      workers: workers.map(one => one.staffNumber),
      startOn: '2026-12-01',
    })
    const proposed = round.lines.map(line => line.worker?.staffNumber)
    const free = workers.find(one => !proposed.includes(one.staffNumber))!
    const { code } = await app.db
      .selectFrom('overrideReason')
      .select('code')
      .where('needsText', '=', false)
      .executeTakeFirstOrThrow()
    const chosen = await caller.post<typeof round>(
      `/rounds/${round.id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        caseNumber: cases[0]!.caseNumber,
        seat: 'primary',
        kind: 'override',
        staffNumber: free.staffNumber,
        reasonCode: code,
      },
      { version: round.version },
    )
    expect(chosen.status, chosen.text).toBe(201)
    round = chosen.body
    const settled = await caller.post(
      `/rounds/${round.id}/confirmation`,
      { partial: false },
      { version: round.version },
    )
    expect(settled.status, settled.text).toBe(201)

    const seen = await review(caller, `?team=${scope.teamId}&weeks=4`)
    expect(seen).toMatchObject({
      rounds: 1,
      seats: 2,
      followed: 1,
      otherWorker: 1,
      leftWaiting: 0,
      filled: 0,
      reasons: [{ code, count: 1 }],
      compared: 1,
      remark: null,
    })
    expect(seen.criteria.find(one => one.criterion === 'room')).toMatchObject({ equal: 1, pattern: null })
    // From the proposal, which has the time of the database, to the settlement, which has that of the application.
    const { since } = await app.db
      .selectFrom('proposal')
      .select(eb => eb.fn.min('createdAt').as('since'))
      .where('roundId', '=', round.id)
      .executeTakeFirstOrThrow()
    const minutes = (app.clock.at.getTime() - since.getTime()) / 60_000
    expect(seen.minutesPerCase).toBeCloseTo(minutes / 2, 0)

    // Another team hears nothing of it, and neither does who sees only one team of a round of two.
    const other = await aTeam(app.db, { organisationId })
    const stranger = await intakeOf([other])
    expect(await review(stranger)).toMatchObject({ rounds: 0 })
    expect((await stranger.get(`/decisions/review?team=${scope.teamId}`)).status).toBe(404)
    await app.db.insertInto('roundTeam').values({ roundId: round.id, teamId: other }).execute()
    expect(await review(caller)).toMatchObject({ rounds: 0 })
    expect(await review(await intakeOf([scope.teamId, other]))).toMatchObject({ rounds: 1 })
    expect((await (await app.as('worker')).get('/decisions/review')).status).toBe(403)
  })
})
