import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ComingChanges } from '../../server/contract/changes.ts'
import { addDays } from '../../server/contract/days.ts'
import type { OwnLoad } from '../../server/contract/own.ts'
import type { CaseCourse, CourseList } from '../../server/contract/phases.ts'
import { loadSeries } from '../../server/history/series.ts'
import { reweighAll } from '../../server/rulebook-admin/publish.ts'
import { workerLoads } from '../../server/workload/load.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const key = () => randomUUID()

forEachDatabase('phases', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  /** A team with its lead, one worker with an account, and a case of that worker since a day. */
  const situation = async (startsOn = '2026-08-01', given: Partial<Parameters<typeof aCase>[1]> = {}) => {
    const { organisationId } = app
    const teamId = await aTeam(app.db, { organisationId })
    const scope = { organisationId, teamId }
    const worker = await aWorker(app.db, scope)
    const one = await aCase(app.db, { ...scope, receivedOn: '2026-07-20', ...given })
    await anAllocation(app.db, { caseId: one.id, workerId: worker.id, startsOn, hours: 5 })
    const lead = await app.signIn(
      await aUser(app.db, { organisationId, roles: [{ role: 'lead', teamId }], name: 'H. Reinders' }),
    )
    const holder = await app.signIn(
      await aUser(app.db, { organisationId, roles: [{ role: 'worker' }], workerId: worker.id }),
    )
    return { scope, worker, one, lead, holder }
  }
  const course = async (caller: Caller, caseNumber: string) => {
    const answer = await caller.get<CaseCourse>(`/cases/${caseNumber}/course`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  const list = async (caller: Caller) => {
    const answer = await caller.get<CourseList>('/phases')
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }
  const hoursOn = async (workerId: number, on: string) =>
    (await workerLoads(app.db, { organisationId: app.organisationId, on, workerIds: [workerId] })).get(
      workerId,
    )!.hoursByPhase
  const sent = { outcome: 'confirmed', phase: 'middle', fromOn: TODAY, againOn: null, reason: null }

  test('a phase that has lasted as long as usual is proposed, with what it does, and not before', async () => {
    const { one, lead, holder, worker, scope } = await situation()
    // Thirteen weeks from 1 August: due on 31 October. Another one is due in exactly fourteen days, and one a day later.
    const soon = await aCase(app.db, scope)
    await anAllocation(app.db, { caseId: soon.id, workerId: worker.id, startsOn: '2026-09-08' })
    const later = await aCase(app.db, scope)
    await anAllocation(app.db, { caseId: later.id, workerId: worker.id, startsOn: '2026-09-09' })
    const { proposals, aheadDays } = await list(lead)
    expect(aheadDays).toBe(14)
    expect(proposals.map(row => row.caseNumber)).toEqual([one.caseNumber, soon.caseNumber])
    expect(proposals[0]).toMatchObject({
      from: 'begin',
      to: 'middle',
      since: '2026-08-01',
      weeks: 13,
      dueOn: '2026-10-31',
      hours: 5,
      hoursThen: 2.5,
      own: false,
      answer: null,
    })
    // 5 + 3.5 + 3.5 of 26.28 norm hours, and 2.5 less.
    expect(proposals[0]!.workload).toBeCloseTo(12 / 26.28, 5)
    expect(proposals[0]!.workloadThen).toBeCloseTo(9.5 / 26.28, 5)
    // The other of a pair sees the case and its hours, not the load of a colleague.
    const other = await aWorker(app.db, scope)
    await anAllocation(app.db, { caseId: one.id, workerId: other.id, seat: 'second', hours: 1 })
    const { organisationId } = app
    const pair = await app.signIn(
      await aUser(app.db, { organisationId, roles: [{ role: 'worker' }], workerId: other.id }),
    )
    expect((await list(pair)).proposals).toMatchObject([
      { own: true, hours: 6, workload: null, workloadThen: null },
    ])
    expect((await list(holder)).proposals.map(row => [row.caseNumber, row.own])).toEqual([
      [one.caseNumber, true],
      [soon.caseNumber, true],
    ])
    // The page of the case says when it will be, however far away.
    expect((await course(holder, later.caseNumber)).proposal).toMatchObject({ dueOn: '2026-12-09' })
  })

  test('confirmed from today it holds today; from a later day it is planned and the loads of days to come know it', async () => {
    const { one, lead, holder, worker } = await situation()
    const { version } = await course(lead, one.caseNumber)
    const planned = await holder.post<CaseCourse>(
      `/cases/${one.caseNumber}/phase`,
      { ...sent, fromOn: '2026-12-07' },
      { version },
    )
    expect(planned.status, planned.text).toBe(200)
    expect(planned.body).toMatchObject({
      phase: 'begin',
      proposal: null,
      planned: [{ from: 'begin', to: 'middle', fromOn: '2026-12-07' }],
    })
    expect(await hoursOn(worker.id, '2026-12-06')).toEqual({ begin: 5, middle: 0, end: 0 })
    expect(await hoursOn(worker.id, '2026-12-07')).toEqual({ begin: 0, middle: 2.5, end: 0 })
    const series = await loadSeries(app.db, {
      organisationId: app.organisationId,
      days: ['2026-12-06', '2026-12-07'],
      workerIds: [worker.id],
    })
    expect(series.map(({ begin, middle }) => [begin, middle])).toEqual([
      [500, 0],
      [0, 250],
    ])
    const own = await holder.get<OwnLoad>('/mine/load')
    expect(own.body.later).toMatchObject([{ on: '2026-12-07', hoursInUse: 2.5 }])

    // Nothing is decided twice, and what was shown before is refused.
    const stale = await lead.post(`/cases/${one.caseNumber}/phase`, sent, { version })
    expect(stale.status).toBe(412)
    const now = planned.body.version
    const back = await lead.ask<CaseCourse>('DELETE', `/cases/${one.caseNumber}/phase`, {
      version: now,
      key: key(),
    })
    expect(back.status, back.text).toBe(200)
    expect(back.body.planned).toEqual([])
    expect(await hoursOn(worker.id, '2026-12-07')).toEqual({ begin: 5, middle: 0, end: 0 })

    const once = key()
    const today = await lead.post<CaseCourse>(`/cases/${one.caseNumber}/phase`, sent, {
      version: back.body.version,
      key: once,
    })
    expect(today.body.phase).toBe('middle')
    const again = await lead.post<CaseCourse>(`/cases/${one.caseNumber}/phase`, sent, {
      version: back.body.version,
      key: once,
    })
    expect(again.body).toEqual(today.body)
    expect(await hoursOn(worker.id, TODAY)).toEqual({ begin: 0, middle: 2.5, end: 0 })
    expect(await hoursOn(worker.id, addDays(TODAY, -1))).toEqual({ begin: 5, middle: 0, end: 0 })
    expect(today.body.phases).toEqual([
      { phase: 'begin', fromOn: null, untilOn: TODAY },
      { phase: 'middle', fromOn: TODAY, untilOn: null },
    ])
  })

  test('a planned phase is reached on its day by itself, and a phase that people set in between replaces it', async () => {
    const { one, lead, worker } = await situation()
    const plan = async (fromOn: string) => {
      const { version } = await course(lead, one.caseNumber)
      const answer = await lead.post(`/cases/${one.caseNumber}/phase`, { ...sent, fromOn }, { version })
      expect(answer.status, answer.text).toBe(200)
    }
    await plan('2026-11-26')
    const before = await course(lead, one.caseNumber)
    await reweighAll(app.db, new Date('2026-11-25T09:00:00Z'))
    expect((await course(lead, one.caseNumber)).phase).toBe('begin')
    await reweighAll(app.db, new Date('2026-11-26T09:00:00Z'))
    const reached = await course(lead, one.caseNumber)
    expect(reached).toMatchObject({ phase: 'middle', version: before.version + 1 })
    const detail = (await lead.get<CaseDetail>(`/cases/${one.caseNumber}`)).body
    expect(detail.allocations[0]!.hours).toBe(2.5)
    // Done is done: another hour changes nothing.
    await reweighAll(app.db, new Date('2026-11-26T10:00:00Z'))
    expect((await course(lead, one.caseNumber)).version).toBe(reached.version)
    expect(await hoursOn(worker.id, '2026-11-25')).toEqual({ begin: 5, middle: 0, end: 0 })

    const other = await situation()
    const { version } = await course(other.lead, other.one.caseNumber)
    await other.lead.post(
      `/cases/${other.one.caseNumber}/phase`,
      { ...sent, fromOn: '2026-12-10' },
      { version },
    )
    const {
      version: at,
      teamId,
      measureDates,
      ...row
    } = (await other.lead.get<CaseDetail>(`/cases/${other.one.caseNumber}`)).body
    const changed = await other.lead.put(
      `/cases/${other.one.caseNumber}`,
      {
        teamId,
        familyNumber: row.familyNumber,
        measures: measureDates,
        phase: 'end',
        children: 2,
        factors: row.factors,
        urgency: row.urgency,
        receivedOn: row.receivedOn,
        municipality: row.municipality,
        competences: row.competences,
        duoNeeded: row.duoNeeded,
        formerWorkers: [],
      },
      { version: at },
    )
    expect(changed.status, changed.text).toBe(200)
    expect((await course(other.lead, other.one.caseNumber)).planned).toEqual([])
    expect(await hoursOn(other.worker.id, '2026-12-10')).toMatchObject({ begin: 0, middle: 0, end: 2.7 })
  })

  test('put off it comes back on its day; a no needs a reason; what was not proposed cannot be put off', async () => {
    const { one, lead, holder } = await situation()
    let { version } = await course(holder, one.caseNumber)
    const answer = (body: object) =>
      holder.post<CaseCourse>(
        `/cases/${one.caseNumber}/phase`,
        { ...sent, fromOn: null, ...body },
        { version },
      )
    const nameless = await answer({ outcome: 'declined' })
    expect(nameless.status).toBe(422)
    expect(nameless.text).toContain('reason')
    const early = await answer({ outcome: 'postponed', reason: 'newEvents', againOn: TODAY })
    expect(early.status).toBe(422)
    const later = await answer({ outcome: 'postponed', reason: 'newEvents', againOn: '2026-12-01' })
    expect(later.status, later.text).toBe(200)
    expect(later.body.proposal!.answer).toMatchObject({
      outcome: 'postponed',
      reason: 'newEvents',
      againOn: '2026-12-01',
    })
    version = later.body.version
    const no = await answer({ outcome: 'declined', reason: 'workNotDone' })
    expect(no.body.proposal!.answer).toMatchObject({ outcome: 'declined', againOn: '2027-05-25' })
    const listed = (await list(lead)).proposals.find(row => row.caseNumber === one.caseNumber)
    expect(listed?.answer?.outcome).toBe('declined')
    version = no.body.version
    const wrong = await answer({ outcome: 'declined', reason: 'workNotDone', phase: 'end' })
    expect(wrong.status).toBe(409)
  })

  test('several at once: all of them, or none', async () => {
    const { one, lead, scope, worker } = await situation()
    const two = await aCase(app.db, scope)
    await anAllocation(app.db, { caseId: two.id, workerId: worker.id, startsOn: '2026-08-01', hours: 5 })
    const { proposals } = await list(lead)
    const cases = proposals.map(({ caseNumber, version, to }) => ({
      caseNumber,
      version,
      phase: to,
      fromOn: TODAY,
    }))
    expect(cases).toHaveLength(2)
    const wrong = await lead.post('/phases/confirmation', {
      cases: [cases[0], { ...cases[1], version: 99 }],
    })
    expect(wrong.status).toBe(412)
    expect((await course(lead, one.caseNumber)).phase).toBe('begin')
    const past = await lead.post('/phases/confirmation', {
      cases: [{ ...cases[0], fromOn: '2026-11-01' }],
    })
    expect(past.status).toBe(422)
    const done = await lead.post<CourseList>('/phases/confirmation', { cases })
    expect(done.status, done.text).toBe(200)
    expect(done.body.proposals).toEqual([])
    expect(await hoursOn(worker.id, TODAY)).toEqual({ begin: 0, middle: 5, end: 0 })
  })

  test('a dormant case counts a part from its day to its review, said by the lead, proposed by the worker', async () => {
    const { one, lead, holder, worker } = await situation()
    const path = `/cases/${one.caseNumber}/dormancy`
    const body = { fromOn: '2026-11-30', untilOn: '2027-01-11', reason: 'waitingForCourt' }
    let { version, may, dormantPercent } = await course(holder, one.caseNumber)
    expect([may, dormantPercent]).toEqual([{ answer: true, decide: false }, 40])
    const asked = await holder.post<CaseCourse>(path, body, { version })
    expect(asked.status, asked.text).toBe(200)
    expect(asked.body.dormancies).toMatchObject([{ state: 'asked', reason: 'waitingForCourt' }])
    expect(await hoursOn(worker.id, '2026-12-01')).toMatchObject({ begin: 5 })
    version = asked.body.version
    const twice = await holder.post(path, body, { version })
    expect(twice.status).toBe(409)
    const { id } = asked.body.dormancies[0]!
    const self = await holder.post(`${path}/${id}/answer`, { outcome: 'granted' }, { version })
    expect(self.status).toBe(403)
    const granted = await lead.post<CaseCourse>(`${path}/${id}/answer`, { outcome: 'granted' }, { version })
    expect(granted.status, granted.text).toBe(200)
    expect(granted.body.dormancies).toMatchObject([{ state: 'coming' }])
    // 40 % of five hours, from the first day until the day of the review.
    for (const [day, hours] of [
      ['2026-11-29', 5],
      ['2026-11-30', 2],
      ['2027-01-10', 2],
      ['2027-01-11', 5],
    ] as const) {
      expect(await hoursOn(worker.id, day), day).toMatchObject({ begin: hours })
    }
    version = granted.body.version
    const overlap = await lead.post(
      path,
      { ...body, fromOn: '2027-01-10', untilOn: '2027-02-01' },
      { version },
    )
    expect(overlap.status).toBe(409)

    // On its day the seat counts it, and the weight of the case says so.
    app.clock.at = new Date('2026-12-02T09:00:00Z')
    try {
      await reweighAll(app.db, app.clock.at)
      const fresh = await app.signIn(lead.userId)
      const detail = (await fresh.get<CaseDetail>(`/cases/${one.caseNumber}`)).body
      expect(detail.allocations[0]!.hours).toBe(2)
      expect(detail.weight.parts.at(-1)).toEqual({
        kind: 'dormant',
        label: 'Sluimerend: 40 % van de uren',
        hours: -3,
      })
      // Ended early: the past stays as it was.
      const state = await course(fresh, one.caseNumber)
      const ended = await fresh.post<CaseCourse>(
        `${path}/${state.dormancies[0]!.id}/answer`,
        { outcome: 'ended' },
        { version: state.version },
      )
      expect(ended.status, ended.text).toBe(200)
      expect(ended.body.dormancies).toMatchObject([{ state: 'over', untilOn: '2026-12-02' }])
      expect(await hoursOn(worker.id, '2026-12-01')).toMatchObject({ begin: 2 })
      expect(await hoursOn(worker.id, '2026-12-02')).toMatchObject({ begin: 5 })
      expect(await hoursOn(worker.id, '2027-01-01')).toMatchObject({ begin: 5 })
    } finally {
      app.clock.at = new Date(`${TODAY}T10:00:00+01:00`)
    }
  })

  test('another worker, another team and an administrator have no say', async () => {
    const { one, scope } = await situation()
    const colleague = await aWorker(app.db, scope)
    const { organisationId } = app
    const other = await app.signIn(
      await aUser(app.db, { organisationId, roles: [{ role: 'worker' }], workerId: colleague.id }),
    )
    const away = await situation()
    for (const caller of [other, away.lead]) {
      const answer = await caller.post(`/cases/${one.caseNumber}/phase`, sent, { version: 1 })
      expect(answer.status).toBe(404)
      expect((await list(caller)).proposals.map(row => row.caseNumber)).not.toContain(one.caseNumber)
    }
    expect((await (await app.as('admin')).get('/phases')).status).toBe(403)
    // Who had the case long ago does not even see it any more.
    await anAllocation(app.db, {
      caseId: one.id,
      workerId: colleague.id,
      startsOn: '2026-07-01',
      endsOn: '2026-08-01',
    })
    const former = await other.post(`/cases/${one.caseNumber}/phase`, sent, { version: 1 })
    expect(former.status).toBe(404)
  })

  test('contract hours and duties from a day to come hold from that day, and what is changed before stays planned', async () => {
    const { lead, worker } = await situation()
    const path = `/workers/${worker.staffNumber}/changes`
    const read = async () => (await lead.get<ComingChanges>(path)).body
    const normOn = async (on: string) =>
      (await workerLoads(app.db, { organisationId: app.organisationId, on, workerIds: [worker.id] })).get(
        worker.id,
      )!.norm
    let { version } = await read()
    const wrong = await lead.post(path, { fromOn: TODAY, contractHours: 20, dutyHours: 24 }, { version })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toMatch(/fromOn.*dutyHours/s)
    const made = await lead.post<ComingChanges>(
      path,
      { fromOn: '2027-01-01', contractHours: 24, dutyHours: 2 },
      { version },
    )
    expect(made.status, made.text).toBe(200)
    expect(made.body.changes).toMatchObject([
      {
        fromOn: '2027-01-01',
        contractHours: 24,
        dutyHours: 2,
        before: { contractHours: 36, dutyHours: 0 },
        normHours: 16.06,
        hoursInUse: 5,
      },
    ])
    version = made.body.version
    const second = await lead.post<ComingChanges>(
      path,
      { fromOn: '2027-03-01', contractHours: 24, dutyHours: 4 },
      { version },
    )
    expect(second.body.changes).toHaveLength(2)
    expect((await normOn('2026-12-31')).normHours).toBe(26.28)
    expect(await normOn('2027-01-01')).toMatchObject({ contractHours: 24, dutyHours: 2, normHours: 16.06 })
    expect(await normOn('2027-03-01')).toMatchObject({ contractHours: 24, dutyHours: 4 })

    // A duty from today goes along until the day that says otherwise.
    await app.db.updateTable('worker').set({ dutyHours: 1 }).where('id', '=', worker.id).execute()
    expect(await normOn('2026-12-31')).toMatchObject({ contractHours: 36, dutyHours: 1 })
    expect(await normOn('2027-01-01')).toMatchObject({ contractHours: 24, dutyHours: 2 })

    const gone = await lead.ask<ComingChanges>('DELETE', `${path}/2027-01-01`, {
      version: second.body.version,
      key: key(),
    })
    expect(gone.status, gone.text).toBe(200)
    expect(gone.body.changes).toMatchObject([{ fromOn: '2027-03-01', before: { contractHours: 36 } }])
    expect((await normOn('2027-02-01')).contractHours).toBe(36)

    await reweighAll(app.db, new Date('2027-03-02T09:00:00Z'))
    const record = await app.db
      .selectFrom('worker')
      .select(['contractHours', 'dutyHours'])
      .where('id', '=', worker.id)
      .executeTakeFirstOrThrow()
    expect(record).toEqual({ contractHours: 24, dutyHours: 4 })
  })
})
