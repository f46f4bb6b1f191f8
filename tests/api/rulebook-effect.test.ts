import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RulebookContent } from '../../server/contract/rulebook.ts'
import type { RulebookDraft, RulebookEffect } from '../../server/contract/rulebook-versions.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

/** Heavier begin phases, more time for cases, a lower limit, and another line between heavy and not. */
const NEXT: RulebookContent = {
  ...startRulebook,
  caseTimeShare: 0.8,
  bandHigh: 1,
  hardLimit: 1.05,
  weight: {
    ...startRulebook.weight,
    heavyFromHours: 6,
    bases: startRulebook.weight.bases.map(one => (one.measure === 'OTS' ? { ...one, begin: 6.5 } : one)),
  },
}

forEachDatabase('the effect of a rulebook', engine => {
  let app: TestApp
  let admin: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
    const { organisationId, teamId, otherTeamId, db } = app
    const other = await aWorker(db, { organisationId, teamId: otherTeamId })
    for (const [workerId, team, cases] of [
      [app.workerId, teamId, 4],
      [other.id, otherTeamId, 2],
    ] as const) {
      for (let n = 0; n < cases; n++) {
        const one = await aCase(db, { organisationId, teamId: team, phase: n % 2 ? 'end' : 'begin' })
        await anAllocation(db, { caseId: one.id, workerId, hours: n % 2 ? 2 : 5 })
      }
    }
    await aCase(db, { organisationId, teamId })
  })
  afterAll(() => app.close())

  const effect = async (caller: Caller, path = '') =>
    (await caller.get<RulebookEffect>(`/rulebook/effect${path}`)).body
  const workload = async (on = TODAY) =>
    (await (await app.as('lead')).get<Workload>(`/workers?on=${on}`)).body
  const loadsOf = (list: Workload) =>
    list.workers.map(({ staffNumber, load }) => [
      staffNumber,
      load.norm.normHours,
      load.hoursInUse,
      load.status,
    ])

  test('is what the loads become when it is published; nothing of it is stored before', async () => {
    const before = await workload()
    const { version } = (await admin.get<RulebookDraft>('/rulebook/draft')).body
    await admin.put('/rulebook/draft', { content: NEXT, basedOn: 1 }, { version })
    const everybody = await effect(admin)
    const own = await effect(await app.as('lead'))
    expect(everybody.teams.map(one => one.team).sort()).toEqual(['Team Oost', 'Team West'])
    expect(own.teams.map(one => one.team)).toEqual(['Team Oost'])
    expect(own.workers).toEqual(everybody.workers.filter(one => one.team === 'Team Oost'))
    expect(
      own.workers.map(one => [one.staffNumber, ...Object.values(one.before).filter((_, at) => at !== 2)]),
    ).toEqual(loadsOf(before))
    expect(loadsOf(await workload())).toEqual(loadsOf(before))
    expect(await app.db.selectFrom('rulebook').select('version').execute()).toHaveLength(1)
    expect(own.cases).toMatchObject({ open: 5, heavyBefore: 0 })
    expect(own.cases.becomesHeavy).toBe(own.cases.heavyAfter)
    expect(own.cases.becomesHeavy).toBeGreaterThan(0)
    expect(own.cases.moreHours).toBe(own.cases.becomesHeavy)

    const file = await admin.get('/exports/rulebook-effect')
    expect(file.text.trim().split('\r\n')).toHaveLength(1 + everybody.workers.length)

    // First for a day to come: until then every load is by the rules of now, from then on by these.
    const publish = async (effectiveFrom: string, content: RulebookContent) =>
      admin.post(
        '/rulebooks',
        { effectiveFrom, content, reason: 'Samen bepaald.' },
        { version: (await admin.get<RulebookDraft>('/rulebook/draft')).body.version },
      )
    expect((await publish('2027-01-04', NEXT)).status).toBe(201)
    expect(loadsOf(await workload())).toEqual(loadsOf(before))
    expect((await workload('2027-01-03')).band).toEqual(before.band)
    expect((await workload('2027-01-04')).band.hardLimit).toBe(1.05)
    expect((await effect(admin, '?version=2')).workers).toEqual(everybody.workers)

    expect((await publish(TODAY, NEXT)).status).toBe(201)
    const after = await workload()
    expect(loadsOf(after)).toEqual(
      own.workers.map(one => [one.staffNumber, one.after.normHours, one.after.hoursInUse, one.after.status]),
    )
    expect(loadsOf(after)).not.toEqual(loadsOf(before))
    // A day that has passed keeps the rules of then.
    const yesterday = await workload('2026-11-02')
    expect(yesterday.band).toEqual(before.band)
  })
})
