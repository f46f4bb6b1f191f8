import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import { endpoints } from '../../server/contract/endpoints.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { stringsIn, stringsOf, typedOf } from '../../server/contract/typed.ts'
import { type Answer, type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
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
  lineId: 987_654_328,
  questionId: 987_654_329,
}
const START = '2026-12-07'
/** Free text that no team writes, and what goes where another field of this list goes. */
const ELSEWHERE: Record<string, string> = {
  'POST /invitations/:token name': 'of an account, which administrators know',
  'POST /invitations/:token organisation': 'of the organisation',
  'POST /teams name': 'of the organisation',
  'PUT /teams/:id name': 'of the organisation',
  'POST /users/invitations lines.*.name': 'of an account, which administrators know',
  'POST /users name': 'of an account, which administrators know',
  'PUT /users/:id name': 'of an account, which administrators know',
  'POST /workers name': 'the far worker has it in its name',
  'PUT /workers/:staffNumber name': 'the far worker has it in its name',
  'POST /rulebooks reason': 'of the organisation',
  'POST /rulebooks content.profiles.*.textNl': 'of the organisation',
  'POST /rulebooks content.profiles.*.textEn': 'of the organisation',
  'POST /rulebooks/:version/withdrawal reason': 'of the organisation',
  'PUT /rulebook/draft content.profiles.*.textNl': 'of the organisation',
  'PUT /rulebook/draft content.profiles.*.textEn': 'of the organisation',
  'POST /imports/workers columns.*.heading': 'of the organisation',
  'POST /imports/cases columns.*.heading': 'of the organisation',
  'POST /rounds/:id/choices unregisteredReason': 'with the reason of the choice',
  'POST /rounds/:id/take-over reasonText': 'the reason of a choice',
  'POST /rounds/:id/take-over unregisteredReason': 'the reason of a choice',
  'POST /rounds/:id/choices/together choices.*.reasonText': 'the reason of a choice',
  'POST /rounds/:id/choices/together choices.*.unregisteredReason': 'the reason of a choice',
  'POST /rounds/:id/swaps/:swapId/verdict motive.given.*.unregisteredReason': 'the reason of a choice',
  'POST /rounds/:id/swaps/:swapId/verdict motive.reasonText': 'the reason of a choice',
  'POST /approvals/:id/verdict reasonText': 'with the choice',
  'POST /teams/:id/reallocations/:runId/moves reasonText': 'the motive of a decision',
  'POST /teams/:id/reallocations/:runId/moves unregisteredReason': 'the motive of a decision',
}
/** Fields that hold a canary: 'POST /cases/:caseNumber/exclusions reason'. */
const written = new Set<string>()

/** The caller, of whom it is kept in which fields of the contract the word was sent. */
function watched(caller: Caller, word: string): Caller {
  const keep = (method: string, path: string, body: unknown) => {
    const found = table.find(([name]) => {
      const [of, url = ''] = name.split(' ')
      return of === method && new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path)
    })
    if (!found?.[1].body) return
    for (const { path: at, value } of stringsIn(found[1].body, body)) {
      if (String(value).startsWith(word)) written.add(`${found[0]} ${at.replace(/\b\d+\b/g, '*')}`)
    }
  }
  return {
    ...caller,
    post: (path, body, sending) => {
      keep('POST', path, body)
      return caller.post(path, body, sending)
    },
    put: (path, body, sending) => {
      keep('PUT', path, body)
      return caller.put(path, body, sending)
    },
  }
}

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
    callers: Record<'intake' | 'lead' | 'worker', Caller>,
    word: string,
    familyNumber: string,
  ): Promise<Names> {
    const by = {
      intake: watched(callers.intake, word),
      lead: watched(callers.lead, word),
      worker: watched(callers.worker, word),
    }
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
    const more = await wroteMore(
      scope,
      self,
      { held: caseNumber, settled: settles.caseNumber, waits: waits.caseNumber },
      kept.staffNumber,
      first.id,
      round.id,
      by,
      word,
    )
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
      ...more,
    }
  }

  /** The texts that come after a decision, in a meeting, in answers and beside a signal. */
  async function wroteMore(
    scope: { organisationId: number; teamId: number },
    self: { id: number; staffNumber: string },
    cases: Record<'held' | 'settled' | 'waits', string>,
    excluded: string,
    settledRound: number,
    openRound: number,
    by: Record<'intake' | 'lead' | 'worker', Caller>,
    word: string,
  ): Promise<Pick<Names, 'lineId' | 'questionId'>> {
    const versionOf = async (caseNumber: string) =>
      (await by.intake.get<{ version: number }>(`/cases/${caseNumber}`)).body.version
    const ending = `/cases/${cases.held}/exclusions/${excluded}/ending`
    done(await by.intake.post(ending, { reason: `${word} tien` }, { version: await versionOf(cases.held) }))

    const trainee = await aWorker(app.db, { ...scope, registration: 'in_training' })
    const urgent = await aCase(app.db, scope)
    const seat = (staffNumber: string) => ({
      kind: 'emergency',
      seat: 'primary',
      staffNumber,
      startOn: TODAY,
      reasonCode: 'SPOED',
      setAside: [],
      unregisteredReason: null,
      acceptsExcess: false,
    })
    done(
      await by.intake.post(
        `/cases/${urgent.caseNumber}/allocations`,
        {
          ...seat(trainee.staffNumber),
          reasonText: `${word} elf`,
          unregisteredReason: `${word} twaalf`,
        },
        { version: 1 },
      ),
    )
    const full = await aWorker(app.db, { ...scope, registration: 'in_training' })
    await anAllocation(app.db, { caseId: (await aCase(app.db, scope)).id, workerId: full.id, hours: 30 })
    const above = await aCase(app.db, scope)
    const asked = done(
      await by.intake.post<{ id: number }>(
        `/cases/${above.caseNumber}/allocations/asking`,
        { ...seat(full.staffNumber), reasonText: `${word} dertien`, unregisteredReason: `${word} veertien` },
        { version: 1 },
      ),
    )
    const refusal = { approve: false, reasonText: `${word} vijftien` }
    done(await by.lead.post(`/approvals/outside/${asked.id}/verdict`, refusal))

    const supposed = { kind: 'workerAway', workerId: excluded, from: START, until: null }
    const whatIf = { name: `${word} zestien`, changes: [supposed], timeLimitSeconds: 5 }
    done(await by.intake.post(`/rounds/${openRound}/what-ifs`, whatIf))
    const front = { name: `${word} zeventien`, points: 3, highestLoadAtMost: null, pointsAtLeast: null }
    done(await by.intake.post(`/rounds/${openRound}/fronts`, { ...front, timeLimitSeconds: 5 }))

    done(await by.intake.post(`/rounds/${openRound}/meeting`))
    const note = { outcome: 'later', motive: `${word} achttien`, dissent: `${word} negentien` }
    const noted = `/rounds/${openRound}/meeting/cases/${cases.waits}/note`
    done(await by.intake.put(noted, note, { version: 0 }))

    const withdrawn = { caseNumber: cases.settled, reasonText: `${word} twintig` }
    done(await by.intake.post(`/rounds/${settledRound}/withdrawals`, withdrawn))

    const weighed = done(
      await by.intake.post<{ id: number }>(`/cases/${cases.waits}/estimates`, {
        userIds: [by.lead.userId, by.worker.userId],
      }),
    )
    for (const caller of [by.lead, by.worker]) {
      done(await caller.post(`/estimates/${weighed.id}/voice`, { hours: 4, note: null }))
    }
    const estimate = `/estimates/${weighed.id}`
    const versionNow = async () => (await by.intake.get<{ version: number }>(estimate)).body.version
    done(await by.intake.post(`${estimate}/reveal`, undefined, { version: await versionNow() }))
    const agreed = { hours: 4, text: `${word} eenentwintig`, apply: false }
    done(await by.intake.post(`${estimate}/agreement`, agreed, { version: await versionNow() }))

    const toShare = await aCase(app.db, scope)
    const shared = await aRound(by.intake, {
      teamId: scope.teamId,
      cases: [toShare.caseNumber],
      workers: [self.staffNumber],
      startOn: START,
    })
    done(await by.intake.post(`/rounds/${shared.id}/sharing`, undefined, { version: shared.version }))
    const { proposals } = done(
      await by.worker.get<{ proposals: { id: number; roundId: number; version: number }[] }>(
        '/mine/proposals',
      ),
    )
    const line = proposals.find(one => one.roundId === shared.id)!
    const objection = { kind: 'object', reasonCode: 'load', reasonText: `${word} tweeëntwintig` }
    done(await by.worker.post(`/mine/proposals/${line.id}/answer`, objection, { version: line.version }))
    const ruled = {
      caseNumber: toShare.caseNumber,
      seat: 'primary',
      staffNumber: self.staffNumber,
      state: 'objected',
    }
    const ruling = { lines: [ruled], reasonText: `${word} drieëntwintig` }
    done(await by.intake.post(`/rounds/${shared.id}/rulings`, ruling))

    const { signals } = done(
      await by.lead.get<{ signals: { kind: string; subject: string; mark: string }[] }>('/signals'),
    )
    const { kind, subject, mark } = signals[0]!
    const handled = { outcome: 'resolved', assignedTo: null, until: null, note: `${word} vierentwintig` }
    done(await by.lead.post('/signals/handling', { kind, subject, mark, ...handled }, { version: 0 }))
    return { lineId: line.id, questionId: asked.id }
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

  test('has a text to find in every field in which a team writes', () => {
    const fields = table.flatMap(([name, { body }]) =>
      (body ? stringsOf(body) : []).flatMap(({ path, schema }) =>
        ['freeText', 'name'].includes(typedOf(schema) ?? '') ? [`${name} ${path}`] : [],
      ),
    )
    expect([...new Set(fields)].sort()).toEqual([...new Set([...Object.keys(ELSEWHERE), ...written])].sort())
    expect(Object.keys(ELSEWHERE).filter(field => written.has(field))).toEqual([])
  })

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

  test('left a history that names every case by its id, since a number can be corrected', async () => {
    const events = await app.db
      .selectFrom('event')
      .select(['type', 'objectType', 'objectId', 'data'])
      .execute()
    const cases = await app.db.selectFrom('caseFile').select('caseNumber').execute()
    const named = events.filter(event => {
      const text = JSON.stringify(event)
      return cases.some(one => text.includes(one.caseNumber))
    })
    expect(named).toEqual([])
    expect(new Set(events.map(one => one.type)).size).toBeGreaterThan(30)
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
      expect(/kanarie [a-z]+/.exec(text)?.[0]).toBeUndefined()
    },
  )
})
