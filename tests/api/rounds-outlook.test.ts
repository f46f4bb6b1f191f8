import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WorkerTrend } from '../../server/contract/reports.ts'
import type { RoundDetail, RoundOutlook } from '../../server/contract/rounds.ts'
import { workerLoads } from '../../server/workload/load.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, closedCases, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound } from '../support/rounds.ts'

forEachDatabase('what a round does in some weeks', engine => {
  let app: TestApp
  let caller: Caller
  let round: RoundDetail
  const workers: { id: number; staffNumber: string }[] = []
  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId } = app
    const teamId = await aTeam(db, { organisationId })
    const scope = { organisationId, teamId }
    caller = await app.signIn(
      await aUser(db, {
        organisationId,
        roles: [
          { role: 'intake', teamId },
          { role: 'lead', teamId },
        ],
      }),
    )
    for (const reductions of [
      [],
      [{ reasonCode: 'TAAK', percentage: 50, validFrom: '2026-01-01', validUntil: '2027-01-15' }],
      [],
    ]) {
      workers.push(await aWorker(db, { ...scope, reductions }))
    }
    const seat = async (worker: number, given: { endsOn?: string; startsOn?: string; hours: number }) => {
      const one = await aCase(db, { ...scope, phase: worker === 0 ? 'middle' : 'begin' })
      await anAllocation(db, {
        caseId: one.id,
        workerId: workers[worker]!.id,
        startsOn: '2026-06-01',
        ...given,
      })
    }
    await seat(0, { hours: 5.25 })
    await seat(0, { hours: 4, endsOn: '2026-12-10' })
    await seat(1, { hours: 3.5 })
    await seat(1, { hours: 2.5, startsOn: '2027-01-04' })
    // Half a year of cases that came and went, so that there is something to expect.
    for (let month = 1; month <= 6; month++) {
      const one = await aCase(db, { ...scope, phase: 'end', receivedOn: '2025-12-01' })
      await anAllocation(db, {
        caseId: one.id,
        workerId: workers[2]!.id,
        hours: 2,
        startsOn: `2026-0${month}-05`,
      })
    }
    await closedCases(db, { ...scope, workerId: workers[2]!.id })
    const cases: string[] = []
    for (let n = 0; n < 3; n++) cases.push((await aCase(db, { ...scope, children: 1 })).caseNumber)
    round = await aRound(caller, {
      teamId,
      cases,
      workers: workers.map(one => one.staffNumber),
      startOn: '2026-12-07',
    })
  })
  afterAll(() => app.close())

  const outlook = async () => {
    const { status, body, text } = await caller.get<RoundOutlook>(`/rounds/${round.id}/outlook`)
    expect(status, text).toBe(200)
    return body
  }

  test('in week 0 it is the load of today, and without the plan it is what the page of the worker expects', async () => {
    const { workers: all, basis, horizons } = await outlook()
    expect(basis.enough).toBe(true)
    expect(horizons.map(one => [one.weeks, one.begun])).toEqual([
      [4, true],
      [12, true],
    ])
    const today = await workerLoads(app.db, { organisationId: app.organisationId, on: TODAY })
    for (const { id, staffNumber } of workers) {
      const at = all.find(one => one.worker.staffNumber === staffNumber)!.at
      const { body: trend } = await caller.get<WorkerTrend>(`/workers/${staffNumber}/trend`)
      for (const [place, week] of [3, 11].entries()) {
        expect(at[place]!.parts.now).toBe(today.get(id)!.hoursInUse)
        expect(at[place]!.before.workload).toBe(trend.coming[week]!.known)
        expect(at[place]!.normHours).toBe(trend.coming[week]!.normHours)
        if (at[place]!.parts.draft === 0) {
          expect(at[place]!.low).toBe(trend.coming[week]!.low)
          expect(at[place]!.high).toBe(trend.coming[week]!.high)
        }
      }
    }
  })

  test('its parts add up, name what ends and begins, and hold what the plan gives', async () => {
    const { workers: all, turns } = await outlook()
    for (const { at } of all) {
      for (const { parts, before, after } of at) {
        const cents = (hours: number) => Math.round(hours * 100)
        expect(cents(parts.now + parts.starting - parts.ending + parts.phases)).toBe(cents(before.hours))
        expect(cents(before.hours + parts.draft)).toBe(cents(after.hours))
      }
    }
    const of = (n: number) => all.find(one => one.worker.staffNumber === workers[n]!.staffNumber)!.at
    expect(of(0).map(one => one.parts.ending)).toEqual([4, 4])
    expect(of(1).map(one => one.parts.starting)).toEqual([0, 2.5])
    expect(of(1)[1]!.normHours).toBeGreaterThan(of(1)[0]!.normHours)
    expect(turns).toMatchObject([{ kind: 'reductionEnds', staffNumber: workers[1]!.staffNumber }])
    const gets = new Set(round.lines.map(line => line.worker?.staffNumber))
    for (const { worker, at } of all) {
      expect(at.every(one => one.parts.draft > 0)).toBe(gets.has(worker.staffNumber))
    }
  })

  test('is for who may read the round, and for a round that is open', async () => {
    const other = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: app.otherTeamId }],
      }),
    )
    expect((await other.get(`/rounds/${round.id}/outlook`)).status).toBe(404)
    await app.db.updateTable('round').set({ status: 'cancelled' }).where('id', '=', round.id).execute()
    expect((await caller.get(`/rounds/${round.id}/outlook`)).status).toBe(409)
    await app.db.updateTable('round').set({ status: 'open' }).where('id', '=', round.id).execute()
  })
})
