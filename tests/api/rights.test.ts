import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { ImportReport } from '../../server/contract/records.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import type { WorkerDetail, Workload } from '../../server/contract/workers.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { untilSo } from '../support/patience.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const START = '2026-12-01'

forEachDatabase('a role holds in the team it was given in', engine => {
  let app: TestApp
  /** Intake of Team Oost and lead of Team West. */
  let both: Caller
  let intakeEast: Caller
  let intakeWest: Caller
  let east: { id: number; caseNumber: string }
  let west: { id: number; caseNumber: string }
  let workerEast: { id: number; staffNumber: string }
  let workerWest: { id: number; staffNumber: string }

  const inEast = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const inWest = () => ({ organisationId: app.organisationId, teamId: app.otherTeamId })
  const someone = async (roles: Parameters<typeof aUser>[1]['roles'], workerId: number | null = null) =>
    app.signIn(await aUser(app.db, { organisationId: app.organisationId, roles, workerId }))

  beforeAll(async () => {
    app = await startApp({ engine })
    both = await someone([
      { role: 'intake', teamId: app.teamId },
      { role: 'lead', teamId: app.otherTeamId },
    ])
    intakeEast = await app.as('intake')
    intakeWest = await someone([{ role: 'intake', teamId: app.otherTeamId }])
    east = await aCase(app.db, inEast())
    west = await aCase(app.db, inWest())
    workerEast = await aWorker(app.db, inEast())
    workerWest = await aWorker(app.db, inWest())
  })
  afterAll(() => app.close())

  test('both teams are in sight', async () => {
    const { body } = await both.get<{ cases: { caseNumber: string }[] }>('/cases')
    expect(body.cases.map(one => one.caseNumber).sort()).toEqual([east.caseNumber, west.caseNumber].sort())
    const workload = (await both.get<Workload>('/workers')).body
    expect(new Set(workload.workers.map(one => one.teamId))).toEqual(new Set([app.teamId, app.otherTeamId]))
  })

  test('excluding a worker, and reading why, is for the intake of that team', async () => {
    const exclusion = (staffNumber: string) => ({ staffNumber, reason: 'familie', untilOn: null })
    const done = await both.post<CaseDetail>(
      `/cases/${east.caseNumber}/exclusions`,
      exclusion(workerEast.staffNumber),
      { version: 1 },
    )
    expect(done.status, done.text).toBe(201)
    expect(done.body.exclusions.map(one => one.reason)).toEqual(['familie'])

    const path = `/cases/${west.caseNumber}/exclusions`
    const refused = await both.post<ProblemDetails>(path, exclusion(workerWest.staffNumber), { version: 1 })
    expect(refused.status, refused.text).toBe(403)
    expect(refused.body.detail).toContain('in dit team')
    const other = await aWorker(app.db, inWest())
    const made = await intakeWest.post(path, exclusion(other.staffNumber), { version: 1 })
    expect(made.status, made.text).toBe(201)
    const seen = (await both.get<CaseDetail>(`/cases/${west.caseNumber}`)).body
    expect(seen.exclusions.map(one => [one.worker.staffNumber, one.reason])).toEqual([
      [other.staffNumber, null],
    ])
    const ended = await both.post(
      `${path}/${other.staffNumber}/ending`,
      { reason: 'niet meer nodig' },
      { version: seen.version },
    )
    expect(ended.status, ended.text).toBe(403)
  })

  test('composing and settling are for the intake of every team of the round; choosing for its lead too', async () => {
    const input = (teamIds: number[], caseNumbers: string[]) => ({
      teamIds,
      caseNumbers,
      staffNumbers: null,
      startOn: START,
      profile: 'balanced',
    })
    for (const teamIds of [[app.otherTeamId], [app.teamId, app.otherTeamId]]) {
      const refused = await both.post<ProblemDetails>('/rounds', input(teamIds, [west.caseNumber]))
      expect(refused.status, refused.text).toBe(403)
      expect(refused.body.detail).toContain('Team West')
      expect(refused.body.detail).not.toContain('Team Oost')
    }
    const own = await aCase(app.db, inEast())
    const round = await aRound(both, {
      teamId: app.teamId,
      cases: [own.caseNumber],
      workers: [workerEast.staffNumber],
      startOn: START,
    })
    const cancelled = await both.post(`/rounds/${round.id}/cancellation`, undefined, {
      version: round.version,
    })
    expect(cancelled.status, cancelled.text).toBe(200)

    const theirs = await aCase(app.db, inWest())
    const foreign = await aRound(intakeWest, {
      teamId: app.otherTeamId,
      cases: [theirs.caseNumber],
      workers: [workerWest.staffNumber],
      startOn: START,
    })
    const chosen = await both.post<RoundDetail>(
      `/rounds/${foreign.id}/choices`,
      {
        ...NOTHING_SET_ASIDE,
        kind: 'wait',
        caseNumber: theirs.caseNumber,
        seat: 'primary',
        staffNumber: null,
        reasonCode: 'AFSPRAAK',
      },
      { version: foreign.version },
    )
    expect(chosen.status, chosen.text).toBe(201)
    const { version } = chosen.body
    for (const [path, body] of [
      ['runs', { timeLimitSeconds: 5 }],
      ['confirmation', { partial: false }],
      ['cancellation', undefined],
    ] as const) {
      const refused = await both.post<ProblemDetails>(`/rounds/${foreign.id}/${path}`, body, { version })
      expect([path, refused.status], refused.text).toEqual([path, 403])
      expect(refused.body.detail).toContain('Team West')
    }
  })

  test('load above the hard limit is accepted by the lead of the worker only', async () => {
    for (const [scope, status] of [
      [inEast(), 422],
      [inWest(), 201],
    ] as const) {
      const worker = await aWorker(app.db, scope)
      const held = await aCase(app.db, {
        ...scope,
        weightOverrideHours: 29,
        weightOverrideReason: 'proef',
      })
      await anAllocation(app.db, { caseId: held.id, workerId: worker.id, hours: 29 })
      const urgent = await aCase(app.db, { ...scope, urgency: 'emergency' })
      const answer = await both.post<ProblemDetails>(
        `/cases/${urgent.caseNumber}/allocations`,
        {
          kind: 'emergency',
          seat: 'primary',
          staffNumber: worker.staffNumber,
          startOn: TODAY,
          reasonCode: 'SPOED',
          reasonText: 'Kan niet wachten',
          unregisteredReason: null,
          setAside: ['band', 'newPerWeek', 'heavyCases'],
          acceptsExcess: true,
        },
        { version: 1 },
      )
      expect(answer.status, answer.text).toBe(status)
      if (status === 422) expect(answer.body.cases?.map(one => one.rule)).toEqual(['hardLimit'])
    }
  })

  test('workers are kept by the lead of their team', async () => {
    const change = async (staffNumber: string, changes: object = {}) => {
      const { body } = await both.get<WorkerDetail>(`/workers/${staffNumber}`)
      return both.put(
        `/workers/${staffNumber}`,
        {
          name: 'Andere Naam',
          teamId: body.teamId,
          contractHours: body.contractHours,
          dutyHours: body.dutyHours,
          registration: body.registration,
          registrationFrom: body.registrationFrom,
          registrationUntil: body.registrationUntil,
          baseMunicipality: body.baseMunicipality,
          employedFrom: body.employedFrom,
          employedUntil: body.employedUntil,
          competences: body.competenceLevels,
          reductions: body.reductions,
          absences: body.absences,
          ...changes,
        },
        { version: body.version },
      )
    }
    expect((await change(workerWest.staffNumber)).status).toBe(200)
    expect((await change(workerEast.staffNumber)).status).toBe(403)
    expect((await change(workerWest.staffNumber, { teamId: app.teamId })).status).toBe(422)
  })

  test('a file touches only the teams of the role that may import it', async () => {
    const faults = async (kind: 'workers' | 'cases', team: string) => {
      const [head, ...rows] = (await both.get(`/exports/${kind}`)).text.trimEnd().split(/\r?\n/)
      const own = rows.filter(row => row.includes(team))
      expect(own.length).toBeGreaterThan(0)
      const text = [head, ...own].join('\n')
      const answer = await both.post<ImportReport>(`/imports/${kind}`, { text, dryRun: true })
      expect(answer.status, answer.text).toBe(200)
      return new Set(answer.body.errors.map(one => one.message))
    }
    const foreign = new Set(['Dit nummer of dit team hoort niet bij jouw teams.'])
    expect(await faults('workers', 'Team West')).toEqual(new Set())
    expect(await faults('workers', 'Team Oost')).toEqual(foreign)
    expect(await faults('cases', 'Team Oost')).toEqual(new Set())
    expect(await faults('cases', 'Team West')).toEqual(foreign)
  })

  describe('beside another role', () => {
    test('an administrator who leads one team sees the cases of that team only', async () => {
      const caller = await someone([{ role: 'admin' }, { role: 'lead', teamId: app.teamId }])
      expect((await caller.get(`/cases/${east.caseNumber}`)).status).toBe(200)
      expect((await caller.get(`/cases/${west.caseNumber}`)).status).toBe(404)
      const { workers } = (await caller.get<Workload>('/workers')).body
      expect(new Set(workers.map(one => one.teamId))).toEqual(new Set([app.teamId]))
      expect((await caller.get(`/workers?team=${app.otherTeamId}`)).status).toBe(404)
      const stranger = (await caller.get<WorkerDetail>(`/workers/${workerWest.staffNumber}`)).body
      expect(stranger.preferences).toBeNull()
      expect((await caller.get('/exports/cases')).text).not.toContain('Team West')
    })

    test('a worker who leads another team sees the own case, and changes none', async () => {
      const self = await aWorker(app.db, inEast())
      const caller = await someone([{ role: 'worker' }, { role: 'lead', teamId: app.otherTeamId }], self.id)
      const mine = await aCase(app.db, inEast())
      await anAllocation(app.db, { caseId: mine.id, workerId: self.id, hours: 5 })
      expect((await caller.get(`/cases/${mine.caseNumber}`)).status).toBe(200)
      expect((await caller.get(`/cases/${east.caseNumber}`)).status).toBe(404)
      const weight = { hours: 1, reason: 'proef' }
      expect((await caller.put(`/cases/${mine.caseNumber}/weight`, weight, { version: 1 })).status).toBe(404)
    })

    test('and hears on the stream which case it was in the team they lead, not in another', async () => {
      const self = await aWorker(app.db, inEast())
      const caller = await someone([{ role: 'worker' }, { role: 'lead', teamId: app.otherTeamId }], self.id)
      const address = await app.app.listen({ host: '127.0.0.1', port: 0 })
      const answer = await fetch(`${address}/api/stream`, { headers: { cookie: caller.cookie } })
      let heard = ''
      void (async () => {
        const decoder = new TextDecoder()
        for await (const chunk of answer.body ?? []) heard += decoder.decode(chunk, { stream: true })
      })().catch(() => {})
      await untilSo(() => expect(heard).toContain('event: ready'))
      for (const [one, intake] of [
        [await aCase(app.db, inEast()), intakeEast],
        [await aCase(app.db, inWest()), intakeWest],
      ] as const) {
        const answered = await intake.put(
          `/cases/${one.caseNumber}/weight`,
          { hours: 6, reason: 'proef' },
          { version: 1 },
        )
        expect(answered.status, answered.text).toBe(200)
        if (intake === intakeWest) await untilSo(() => expect(heard).toContain(one.caseNumber))
      }
      // Events come in order: what came before this one is not to come any more.
      expect(heard).not.toContain(`"teamId":${app.teamId}`)
      await answer.body?.cancel().catch(() => {})
    })
  })
})
