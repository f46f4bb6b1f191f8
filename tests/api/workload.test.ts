import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, addMonths, daysBetween } from '../../server/contract/days.ts'
import type { Today } from '../../server/contract/today.ts'
import type { Workload } from '../../server/contract/workers.ts'
import { totalsOf } from '../../server/contract/workload-totals.ts'
import { workerLoads } from '../../server/workload/load.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

/** Deterministic numbers, so that a failure can be looked at again. */
function random(seed: number): (max: number) => number {
  let state = seed
  return max => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % max
  }
}

const isoDay = (offset: number) => addDays('2026-01-01', offset)

forEachDatabase('workload', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  const teamOfOwn = async () => {
    const teamId = await aTeam(app.db, { organisationId: app.organisationId })
    const userId = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'lead', teamId }],
    })
    return { scope: { organisationId: app.organisationId, teamId }, caller: await app.signIn(userId) }
  }

  test('norm hours agree with a calculation of our own over random people and days', async () => {
    const { scope } = await teamOfOwn()
    const pick = random(7)
    const people = []
    for (let index = 0; index < 60; index++) {
      const until = (from: number) => (pick(3) === 0 ? null : isoDay(from + pick(200)))
      const periods = (count: number) =>
        Array.from({ length: count }, () => {
          const from = pick(365)
          return { percentage: 1 + pick(10_000) / 100, validFrom: isoDay(from), validUntil: until(from) }
        }).map(one => ({ ...one, percentage: Math.min(100, one.percentage) }))
      const row = {
        contractHours: pick(4001) / 100,
        dutyHours: pick(801) / 100,
        employedFrom: isoDay(pick(500) - 300),
        employedUntil: pick(4) === 0 ? isoDay(250 + pick(200)) : null,
      }
      const reductions = periods(pick(4)).map(one => ({ ...one, reasonCode: 'TAAK' }))
      const absences = periods(pick(4))
      people.push({
        row,
        reductions,
        absences,
        id: (await aWorker(app.db, { ...scope, ...row, reductions, absences })).id,
      })
    }
    const steps = [
      { months: 3, share: 0.4 },
      { months: 6, share: 0.6 },
      { months: 9, share: 0.8 },
    ]
    for (let round = 0; round < 12; round++) {
      const day = isoDay(pick(365))
      const loads = await workerLoads(app.db, { ...scope, teamIds: [scope.teamId], on: day })
      for (const { id, row, reductions, absences } of people) {
        const running = (one: { validFrom: string; validUntil: string | null }) =>
          one.validFrom <= day && (one.validUntil === null || one.validUntil >= day)
        const cents = (percent: number) =>
          Math.round(
            (Math.round(row.contractHours * 100) * Math.round(Math.min(100, percent) * 100)) / 10_000,
          )
        const sum = (list: { percentage: number }[]) => list.reduce((total, one) => total + one.percentage, 0)
        const reduced = cents(sum(reductions.filter(running)))
        const long = absences.filter(
          one =>
            running(one) && (one.validUntil === null || daysBetween(one.validFrom, one.validUntil) >= 27),
        )
        const absent = cents(sum(long))
        const ramp = steps.find(step => day < addMonths(row.employedFrom, step.months))?.share ?? 1
        const left = Math.max(
          0,
          Math.round(row.contractHours * 100) - reduced - absent - Math.round(row.dutyHours * 100),
        )
        const employed = row.employedFrom <= day && (row.employedUntil === null || row.employedUntil >= day)
        const norm = employed ? Math.round((left * 73 * Math.round(ramp * 10)) / 1000) / 100 : 0
        expect(loads.get(id)?.norm, `worker ${id} on ${day}`).toMatchObject({
          reductionHours: reduced / 100,
          absenceHours: absent / 100,
          rampUpShare: ramp,
          normHours: norm,
        })
      }
    }
  })

  test('hours in use: only seats that run on the day, by phase, families and children both', async () => {
    const { scope, caller } = await teamOfOwn()
    const worker = await aWorker(app.db, scope)
    const seat = async (
      given: Parameters<typeof aCase>[1] extends infer T ? Partial<T> : never,
      allocation: { hours: number; startsOn: string; endsOn?: string | null },
    ) => {
      const made = await aCase(app.db, { ...scope, ...given })
      await anAllocation(app.db, { caseId: made.id, workerId: worker.id, ...allocation })
    }
    await seat({ phase: 'begin', children: 3, familyNumber: 'W-1' }, { hours: 8.5, startsOn: '2026-11-10' })
    await seat(
      { phase: 'middle', children: null, familyNumber: 'W-1' },
      { hours: 2.5, startsOn: '2026-01-01' },
    )
    await seat({ phase: null, children: 1 }, { hours: 5, startsOn: TODAY })
    await seat({ phase: 'end' }, { hours: 2, startsOn: '2026-01-01', endsOn: TODAY })
    await seat({ phase: 'end' }, { hours: 2, startsOn: '2026-11-25' })
    const today = (await caller.get<Workload>('/workers')).body
    expect(today.workers).toHaveLength(1)
    expect(today.workers[0]?.load).toMatchObject({
      hoursInUse: 16,
      hoursByPhase: { begin: 13.5, middle: 2.5, end: 0 },
      workload: 0.608828,
      status: 'room',
      families: 2,
      children: 5,
      heavyCases: 1,
      newLastFourWeeks: 2,
    })
    expect(today.totals).toMatchObject({ normHours: 26.28, hoursInUse: 16, workload: 0.608828 })
    expect(today.totals.statuses).toEqual({
      room: 1,
      onNorm: 0,
      aboveNorm: 0,
      farAboveNorm: 0,
      noCaseload: 0,
    })
    const tomorrow = (await caller.get<Workload>('/workers?on=2026-11-25')).body
    expect(tomorrow.workers[0]?.load.hoursInUse).toBe(18)
    const loads = await workerLoads(app.db, { ...scope, workerIds: [worker.id], on: TODAY })
    // Tuesday 24 November: that day and Wednesday.
    expect(loads.get(worker.id)?.newThisWeek).toBe(2)
  })

  test('a pair, a family over two people and a case that is new to both count once in every sum', async () => {
    const { scope, caller } = await teamOfOwn()
    const [one, two, three] = [
      await aWorker(app.db, scope),
      await aWorker(app.db, scope),
      await aWorker(app.db, scope),
    ]
    const pair = await aCase(app.db, { ...scope, children: 3, factors: ['DREIGING'], familyNumber: 'D-1' })
    const started = { startsOn: '2026-11-10' }
    await anAllocation(app.db, { caseId: pair.id, workerId: one.id, hours: 5, ...started })
    await anAllocation(app.db, { caseId: pair.id, workerId: two.id, hours: 3, seat: 'second', ...started })
    const sibling = await aCase(app.db, { ...scope, children: 2, familyNumber: 'D-1' })
    await anAllocation(app.db, { caseId: sibling.id, workerId: three.id, hours: 4 })
    // Who left and still carries a case that asks no hours is part of it.
    const gone = await aWorker(app.db, { ...scope, employedUntil: '2026-11-01' })
    const light = await aCase(app.db, { ...scope, familyNumber: 'D-2' })
    await anAllocation(app.db, { caseId: light.id, workerId: gone.id, hours: 0 })

    const { body } = await caller.get<Workload>('/workers')
    expect(body.workers).toHaveLength(4)
    expect(body.workers.reduce((sum, row) => sum + row.load.families, 0)).toBe(4)
    const sums = { families: 2, children: 6, heavyCases: 1, newLastFourWeeks: 1 }
    expect(body.totals).toMatchObject({ ...sums, hoursInUse: 12 })
    expect((await caller.get<Today>('/today')).body.workload).toMatchObject(sums)
    // Sums of some of the rows, as under a filtered table: alone each person carries all of it.
    const rowOf = (person: { staffNumber: string }) =>
      body.workers.find(row => row.staffNumber === person.staffNumber)!
    const of = (...people: { staffNumber: string }[]) => totalsOf(people.map(rowOf), body.shared)
    expect(of(one)).toMatchObject({ families: 1, children: 3, heavyCases: 1, newLastFourWeeks: 1 })
    expect(of(one, two)).toMatchObject({ families: 1, children: 3, heavyCases: 1, newLastFourWeeks: 1 })
    expect(of(two, three)).toMatchObject({ families: 1, children: 5, heavyCases: 1, newLastFourWeeks: 1 })
  })

  test('today: what waits, how long, and what is due', async () => {
    const { scope, caller } = await teamOfOwn()
    await aCase(app.db, { ...scope, receivedOn: TODAY, urgency: 'emergency', children: 3 })
    // High is not an emergency.
    await aCase(app.db, { ...scope, receivedOn: '2026-11-19', children: null, urgency: 'high' })
    await aCase(app.db, { ...scope, receivedOn: '2026-11-10', familyNumber: 'V-1' })
    const held = await aCase(app.db, { ...scope, receivedOn: '2026-10-01' })
    const worker = await aWorker(app.db, scope)
    await anAllocation(app.db, { caseId: held.id, workerId: worker.id })
    const answer = await caller.get<Today>('/today')
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.waiting).toEqual({
      cases: 3,
      children: 5,
      emergencies: 1,
      longestDays: 14,
      overdue: 1,
      dueSoon: 1,
      incomplete: 1,
      secondOpen: 0,
      hours: 18.5,
      buckets: [
        { label: '0-2', cases: 1 },
        { label: '3-5', cases: 1 },
        { label: '6-10', cases: 0 },
        { label: '>10', cases: 1 },
      ],
    })
    expect(answer.body).toMatchObject({ openRounds: [], lastSettled: null, workload: { families: 1 } })
    expect((await (await app.as('worker')).get('/today')).status).toBe(403)
  })

  test('today: what can be used of the room, what holds the rest, who goes, and whose load is far off', async () => {
    const { scope, caller } = await teamOfOwn()
    const busy = async (hours: number, given: Partial<Parameters<typeof aWorker>[1]> = {}) => {
      const one = await aWorker(app.db, { ...scope, ...given })
      const held = await aCase(app.db, scope)
      await anAllocation(app.db, { caseId: held.id, workerId: one.id, hours })
      return one
    }
    // 36 hours are a norm of 26.28 and a top of the band of 28.90.
    const free = await busy(20)
    const onLeave = { percentage: 100, validFrom: '2026-11-23', validUntil: '2026-12-04' }
    const away = await busy(25, { absences: [onLeave] })
    const trains = await busy(24, { registration: 'in_training', registrationFrom: null })
    const leaves = await busy(23, { employedUntil: '2026-12-31' })
    const over = await busy(30)
    const idle = await aWorker(app.db, {
      ...scope,
      absences: [{ ...onLeave, validFrom: '2026-12-07', validUntil: '2026-12-08' }],
    })
    const pace = await aWorker(app.db, scope)
    for (const hours of [9, 9]) {
      const held = await aCase(app.db, scope)
      await anAllocation(app.db, { caseId: held.id, workerId: pace.id, hours, startsOn: TODAY })
    }
    const { body } = await caller.get<Today>('/today')
    expect(body.room).toMatchObject({
      hours: 8.9 + 28.9,
      workers: 2,
      held: [
        { why: 'away', hours: 3.9, workers: 1 },
        { why: 'training', hours: 4.9, workers: 1 },
        { why: 'newCases', hours: 10.9, workers: 1 },
        { why: 'leaving', hours: 5.9, workers: 1 },
      ],
    })
    const of = ({ staffNumber }: { staffNumber: string }) =>
      body.room.people.find(one => one.worker.staffNumber === staffNumber)
    expect(of(free)).toMatchObject({ normHours: 26.28, top: 28.9, hoursInUse: 20, room: 8.9, why: null })
    expect(of(away)).toMatchObject({ why: 'away', day: '2026-12-04' })
    expect(of(trains)).toMatchObject({ why: 'training', day: null })
    expect(of(leaves)).toMatchObject({ why: 'leaving', day: '2027-01-01' })
    expect(of(over)).toBeUndefined()
    // The same rows as the workload page has them.
    const { workers } = (await caller.get<Workload>('/workers')).body
    for (const one of body.room.people) {
      const row = workers.find(worker => worker.staffNumber === one.worker.staffNumber)!
      expect([one.normHours, one.hoursInUse]).toEqual([row.load.norm.normHours, row.load.hoursInUse])
    }
    // Two days off are nothing to plan for.
    expect(body.going).toMatchObject([
      {
        worker: { staffNumber: away.staffNumber },
        why: 'away',
        from: '2026-11-23',
        until: '2026-12-04',
        families: 1,
      },
      { worker: { staffNumber: leaves.staffNumber }, why: 'leaves', from: '2027-01-01', until: null },
    ])
    expect(new Map(body.outside.map(one => [one.worker.staffNumber, one.side]))).toEqual(
      new Map([
        ...[free, idle, pace].map(one => [one.staffNumber, 'under'] as const),
        [over.staffNumber, 'over'],
      ]),
    )
    const intakeId = await aUser(app.db, { ...scope, roles: [{ role: 'intake', teamId: scope.teamId }] })
    const seen = (await (await app.signIn(intakeId)).get<Today>('/today')).body
    expect(seen.room).toEqual(body.room)
    expect(seen.outside).toEqual([])
  })

  test('900 cases and 1,000 workers answer fast', async () => {
    const { scope, caller } = await teamOfOwn()
    const { organisationId, teamId } = scope
    await sql`insert into worker (organisation_id, team_id, staff_number, name, contract_hours, registration, employed_from)
      select ${organisationId}::int, ${teamId}::int, 'bulk-' || i, 'B. de Boer ' || i, 36, 'registered', '2020-01-01'
      from generate_series(1, 1000) i`.execute(app.db)
    await sql`insert into case_file (organisation_id, team_id, case_number, phase, children, received_on)
      select ${organisationId}::int, ${teamId}::int, 'BULK-' || i, 'begin', 2, '2026-11-01' from generate_series(1, 900) i`.execute(
      app.db,
    )
    await sql`insert into case_measure (case_id, measure_code, start_on)
      select id, 'OTS', '2026-11-01' from case_file where case_number like 'BULK-%'`.execute(app.db)
    await sql`insert into case_has_factor (case_id, factor_code)
      select id, 'UHP' from case_file where case_number like 'BULK-%'`.execute(app.db)
    await sql`insert into allocation (case_id, worker_id, seat, starts_on, agreed_hours, hours, origin)
      select c.id, w.id, 'primary', '2026-11-02', 5, 5, 'import'
      from (select id, row_number() over (order by id) n from case_file where case_number like 'BULK-%') c
      join (select id, row_number() over (order by id) n from worker where staff_number like 'bulk-%') w on w.n = c.n`.execute(
      app.db,
    )
    await sql`analyze`.execute(app.db)
    const time = async (path: string) => {
      await caller.get(path)
      const begin = performance.now()
      expect((await caller.get(path)).status).toBe(200)
      return Math.round(performance.now() - begin)
    }
    const times = { cases: await time('/cases'), workers: await time('/workers') }
    console.log(`900 cases in ${times.cases} ms, 1,000 workers in ${times.workers} ms on ${engine}`)
    // Test machines are shared: the printed figures are the measure, this only catches a query per row.
    expect(times.cases).toBeLessThan(5000)
    expect(times.workers).toBeLessThan(5000)
  })
})
