import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Endpoint, endpoints } from '../../server/contract/endpoints.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { type Answer, type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker } from '../support/builders.ts'
import { type Names, requestTo } from '../support/requests.ts'
import { aRound, NOTHING_SET_ASIDE } from '../support/rounds.ts'

/** In every text that people of the other team wrote. */
const CANARY = 'kanarie'
const table = Object.entries(endpoints) as [string, Endpoint][]
const guarded = table.filter(([, endpoint]) => endpoint.may !== 'anyone')
const NOTHING: Names = {
  caseNumber: 'ZK-NIETS-1',
  staffNumber: 'jb-niets-1',
  familyNumber: 'G-NIETS-1',
  teamId: 987_654_321,
  userId: 987_654_322,
  roundId: 987_654_323,
  runId: 987_654_324,
  choiceId: 987_654_325,
  requestId: 987_654_326,
  estimateId: 987_654_327,
}
const START = '2026-12-07'

describe('another team', () => {
  let app: TestApp
  let there: Names
  let here: Names
  /** Numbers of the other team, as they may turn up in an answer. */
  let marks: string[]
  let farIntake: Caller
  /** The lowest status by endpoint, of those that the role may ask. */
  const reached = new Map<string, number>()
  const callers = {} as Record<'intake' | 'lead' | 'worker' | 'admin', Caller>

  beforeAll(async () => {
    app = await startApp({ engine: 'PGlite' })
    for (const role of ['intake', 'lead', 'worker', 'admin'] as const) callers[role] = await app.as(role)
    await app.db.updateTable('team').set({ approvesAvailability: true }).execute()
    const person = async (
      role: 'intake' | 'lead' | 'worker',
      teamId: number,
      workerId: number | null = null,
    ) =>
      app.signIn(
        await aUser(app.db, {
          organisationId: app.organisationId,
          roles: [role === 'worker' ? { role } : { role, teamId }],
          workerId,
        }),
      )
    const self = await aWorker(app.db, {
      organisationId: app.organisationId,
      teamId: app.otherTeamId,
      name: `Vogel ${CANARY}`,
    })
    farIntake = await person('intake', app.otherTeamId)
    const far = {
      intake: farIntake,
      lead: await person('lead', app.otherTeamId),
      worker: await person('worker', app.otherTeamId, self.id),
    }
    there = await filled(app.otherTeamId, self, far, CANARY, 'G-KANARIE')
    here = await filled(
      app.teamId,
      { id: app.workerId, staffNumber: app.staffNumber },
      callers,
      'gewoon',
      'G-HIER',
    )
    const cases = await app.db
      .selectFrom('caseFile')
      .select('caseNumber')
      .where('teamId', '=', app.otherTeamId)
      .execute()
    marks = [...cases.map(one => one.caseNumber), self.staffNumber, 'G-KANARIE', CANARY]
  })
  afterAll(() => app.close())

  const done = <T>(answer: Answer<T>): T => {
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.body
  }

  /** A team at work, in which every text that somebody writes holds `word`. */
  async function filled(
    teamId: number,
    self: { id: number; staffNumber: string },
    by: Record<'intake' | 'lead' | 'worker', Caller>,
    word: string,
    familyNumber: string,
  ): Promise<Names> {
    const scope = { organisationId: app.organisationId, teamId }
    const [held, waits, settles] = [
      await aCase(app.db, { ...scope, familyNumber }),
      await aCase(app.db, scope),
      await aCase(app.db, scope),
    ]
    await anAllocation(app.db, { caseId: held.id, workerId: self.id })
    const [other, kept] = [await aWorker(app.db, scope), await aWorker(app.db, scope)]
    const { caseNumber } = held
    done(
      await by.intake.put(`/cases/${caseNumber}/weight`, { hours: 5, reason: `${word} een` }, { version: 1 }),
    )
    const exclusion = { staffNumber: kept.staffNumber, reason: `${word} twee`, untilOn: null }
    done(await by.intake.post(`/cases/${caseNumber}/exclusions`, exclusion, { version: 2 }))
    const request = done(
      await by.worker.post<{ id: number }>('/mine/corrections', { subject: 'other', text: `${word} drie` }),
    )
    done(await by.worker.post('/mine/disputes', { caseNumber, hours: 6, text: `${word} vier` }))
    const answered = done(
      await by.worker.post<{ id: number }>('/mine/corrections', { subject: 'other', text: `${word} vijf` }),
    )
    const answer = { outcome: 'declined', text: `${word} zes`, hours: null }
    done(await by.lead.post(`/requests/${answered.id}/answer`, answer, { version: 1 }))

    const workers = [other.staffNumber, kept.staffNumber]
    const first = await aRound(by.intake, { teamId, cases: [settles.caseNumber], workers, startOn: START })
    const taken = first.lines[0]?.worker?.staffNumber
    const chosen = done(
      await by.intake.post<RoundDetail>(
        `/rounds/${first.id}/choices`,
        {
          ...NOTHING_SET_ASIDE,
          kind: 'override',
          caseNumber: settles.caseNumber,
          seat: 'primary',
          staffNumber: workers.find(one => one !== taken)!,
          reasonCode: 'ANDERS',
          reasonText: `${word} zeven`,
        },
        { version: first.version },
      ),
    )
    done(
      await by.intake.post(
        `/rounds/${first.id}/confirmation`,
        { partial: false },
        { version: chosen.version },
      ),
    )

    const round = await aRound(by.intake, { teamId, cases: [waits.caseNumber], workers, startOn: START })
    const choice = done(
      await by.intake.post<RoundDetail>(
        `/rounds/${round.id}/choices`,
        {
          ...NOTHING_SET_ASIDE,
          kind: 'exclude',
          caseNumber: waits.caseNumber,
          seat: 'primary',
          staffNumber: kept.staffNumber,
          reasonCode: 'ANDERS',
          reasonText: `${word} acht`,
          lasts: 'always',
        },
        { version: round.version },
      ),
    )
    const estimators = await app.db
      .selectFrom('userAccount')
      .select('id')
      .where('id', 'in', [by.lead.userId, by.worker.userId])
      .execute()
    const estimate = done(
      await by.intake.post<{ id: number }>(`/cases/${caseNumber}/estimates`, {
        userIds: estimators.map(one => one.id),
      }),
    )
    done(await by.lead.post(`/estimates/${estimate.id}/voice`, { hours: 4, note: `${word} negen` }))
    return {
      caseNumber: waits.caseNumber,
      staffNumber: self.staffNumber,
      familyNumber,
      teamId,
      userId: by.worker.userId,
      roundId: round.id,
      runId: choice.run!.id,
      choiceId: choice.choices[0]!.id,
      requestId: request.id,
      estimateId: estimate.id,
    }
  }

  /** An answer without what was sent and what differs by itself. */
  const bare = (answer: Answer<unknown>, names: Names): string => {
    const told = answer.text.replace(/"requestId":"[^"]*"/g, '').replace(/"at":"[^"]*"/g, '')
    return Object.values(names).reduce<string>(
      (text, one) => (String(one).length < 3 ? text : text.replaceAll(String(one), '#')),
      `${answer.status} ${told}`,
    )
  }
  const ask = (caller: Caller, name: string, endpoint: Endpoint, names: Names) => {
    const { method, path, body } = requestTo(name, endpoint, names)
    return caller.ask(method, path, {
      ...(body === undefined ? {} : { body }),
      version: 1,
      key: endpoint.once ? randomUUID() : null,
    })
  }

  test('has texts to find, for its own people', async () => {
    for (const path of [`/rounds/${there.roundId}`, '/workers', '/requests'])
      expect((await farIntake.get(path)).text, path).toContain(CANARY)
  })

  test.each(guarded)('%s answers for its numbers as for numbers that nobody has', async (name, endpoint) => {
    for (const role of ['intake', 'lead', 'worker'] as const) {
      const caller = callers[role]
      const [found, none] = [
        await ask(caller, name, endpoint, there),
        await ask(caller, name, endpoint, NOTHING),
      ]
      const names = JSON.stringify(requestTo(name, endpoint, there))
      if (names !== JSON.stringify(requestTo(name, endpoint, NOTHING))) {
        expect(bare(found, there), `${role}: ${names}`).toBe(bare(none, NOTHING))
      }
      const told = bare(found, there)
      expect(
        marks.filter(mark => told.includes(mark)),
        `${role}: ${told.slice(0, 500)}`,
      ).toEqual([])
    }
  })

  test('was asked in a form that the handlers read', () => {
    const unread = [...reached].filter(([, status]) => status === 400).map(([name]) => name)
    expect(unread).toEqual([])
  })

  test.each(guarded.filter(([name]) => name.startsWith('GET ')))(
    '%s tells nothing of it in what one may read',
    async (name, endpoint) => {
      for (const role of ['intake', 'lead', 'worker'] as const) {
        const { text } = await ask(callers[role], name, endpoint, here)
        expect(
          marks.filter(mark => text.includes(mark)),
          `${role}: ${text.slice(0, 500)}`,
        ).toEqual([])
        const bareQuery = await callers[role].get(requestTo(name, endpoint, here).path.replace(/\?.*/, ''))
        expect(
          marks.filter(mark => bareQuery.text.includes(mark)),
          `${role}: ${bareQuery.text.slice(0, 500)}`,
        ).toEqual([])
      }
      // An administrator knows who works where, and reads nothing of what they write about their work.
      const { text } = await ask(callers.admin, name, endpoint, there)
      expect(/kanarie (een|twee|drie|vier|vijf|zes|zeven|acht|negen)/.exec(text)?.[0]).toBeUndefined()
    },
  )
})
