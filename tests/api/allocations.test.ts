import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Explanation } from '../../server/contract/explanations.ts'
import type { Messages } from '../../server/contract/messages.ts'
import type { OutsideApproval } from '../../server/contract/sharing.ts'
import { expectedSeatHours } from '../../server/weighing/hours.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { engines, forEachDatabase } from '../support/databases.ts'

type Worker = { id: number; staffNumber: string }

forEachDatabase('allocation outside a round', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller
  let theCase: { id: number; caseNumber: string }
  let worker: Worker

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())
  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  beforeEach(async () => {
    theCase = await aCase(app.db, { ...scope(), urgency: 'emergency' })
    worker = await aWorker(app.db, scope())
  })

  const request = (given: Record<string, unknown> = {}) => ({
    kind: 'emergency',
    seat: 'primary',
    staffNumber: worker.staffNumber,
    startOn: TODAY,
    reasonCode: 'SPOED',
    reasonText: 'Kan niet wachten tot dinsdag',
    unregisteredReason: null,
    setAside: [],
    acceptsExcess: false,
    ...given,
  })
  const allocate = (given: Record<string, unknown> = {}, caller = intake, version = 1, number?: string) =>
    caller.post<CaseDetail & Omit<ProblemDetails, 'status'>>(
      `/cases/${number ?? theCase.caseNumber}/allocations`,
      request(given),
      { version },
    )
  /** Fills the worker up to this many hours by a case of somebody's own weight. */
  const fill = async (id: number, hours: number) => {
    const other = await aCase(app.db, {
      ...scope(),
      weightOverrideHours: hours,
      weightOverrideReason: 'proef',
    })
    await anAllocation(app.db, { caseId: other.id, workerId: id, hours })
  }

  test('an urgent case gets its worker at once, with motive, decision, hours and event', async () => {
    expect((await allocate({ reasonCode: 'GEEN_RUIMTE' })).status).toBe(422)
    const answer = await allocate()
    expect(answer.status, answer.text).toBe(201)
    expect(answer.body).toMatchObject({
      status: 'allocated',
      version: 2,
      primary: { staffNumber: worker.staffNumber },
      allocations: [{ seat: 'primary', startsOn: TODAY, endsOn: null, hours: 5 }],
      decisions: [{ kind: 'emergency', reasonCode: 'SPOED', decidedBy: 'Standaard intake' }],
    })
    const event = await app.db
      .selectFrom('event')
      .selectAll()
      .where('type', '=', 'case.allocatedOutside')
      .where('objectId', '=', `case#${theCase.id}`)
      .executeTakeFirstOrThrow()
    expect(event.data).toMatchObject({ worker: worker.staffNumber, hours: 5, acceptsExcess: false })
    expect(JSON.stringify(event)).not.toContain('dinsdag')
    const seats = await expectedSeatHours(app.db, {
      organisationId: app.organisationId,
      on: TODAY,
      caseIds: [theCase.id],
    })
    expect(seats).toMatchObject([{ hours: 5, expected: 5 }])
  })

  test('who gets a case outside a round hears of it', async () => {
    const userId = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'worker' }],
      workerId: worker.id,
    })
    await allocate()
    const messages = await app.db
      .selectFrom('message')
      .select(['kind', 'data'])
      .where('userId', '=', userId)
      .execute()
    expect(messages).toMatchObject([
      { kind: 'case.assigned', data: { case: theCase.caseNumber, startOn: TODAY } },
    ])
  })

  test('travel counts for who lives far away', async () => {
    const far = await aWorker(app.db, { ...scope(), baseMunicipality: 'HELLENDOORN' })
    const remote = await aCase(app.db, { ...scope(), urgency: 'emergency', municipalityCode: 'LOSSER' })
    const answer = await allocate({ staffNumber: far.staffNumber }, intake, 1, remote.caseNumber)
    expect(answer.body.allocations[0]?.hours).toBe(5.3)
    // Back to the table: nothing changes, because it was right.
    const seats = await expectedSeatHours(app.db, {
      organisationId: app.organisationId,
      on: TODAY,
      caseIds: [remote.id],
    })
    expect(seats[0]).toMatchObject({ hours: 5.3, expected: 5.3 })
  })

  test('without a motive it is refused; a reason that needs text gets it', async () => {
    const none = await allocate({ reasonCode: null })
    expect(none.status).toBe(422)
    expect(none.body.errors?.map(one => one.field)).toEqual(['reasonCode'])
    const unknown = await allocate({ reasonCode: 'ZOMAAR' })
    expect(unknown.body.errors?.map(one => one.field)).toEqual(['reasonCode'])
    const bare = await allocate({ reasonCode: 'ANDERS', reasonText: null })
    expect(bare.body.errors?.map(one => one.field)).toEqual(['reasonText'])
    const past = await allocate({ startOn: '2026-11-23' })
    expect(past.body.errors?.map(one => one.field)).toEqual(['startOn'])
    const second = await allocate({ seat: 'second' })
    expect(second.body.errors?.map(one => one.field)).toEqual(['seat'])
    expect((await allocate({}, await app.as('worker'))).status).toBe(403)
  })

  test('a worker in training needs a recorded reason', async () => {
    const trainee = await aWorker(app.db, { ...scope(), registration: 'in_training' })
    const refused = await allocate({ staffNumber: trainee.staffNumber })
    expect(refused.status).toBe(422)
    expect(refused.body.cases).toMatchObject([{ rule: 'registration', setAside: 'unregisteredException' }])
    const allowed = await allocate({
      staffNumber: trainee.staffNumber,
      unregisteredReason: 'Met ervaren mentor',
    })
    expect(allowed.status, allowed.text).toBe(201)
  })

  test('an excluded or absent worker is refused whatever the motive, and the reason stays hidden', async () => {
    const away = await aWorker(app.db, {
      ...scope(),
      absences: [{ percentage: 100, validFrom: '2026-11-20', validUntil: '2026-11-30' }],
    })
    const excluding = await aCase(app.db, { ...scope(), excludedWorkers: [worker.id] })
    const all = ['conflict', 'onDuty', 'band', 'together']
    const refused = await allocate({ setAside: all }, lead, 1, excluding.caseNumber)
    expect(refused.status).toBe(422)
    expect(refused.text).not.toContain('belangenverstrengeling')
    const named = await allocate({ setAside: ['band'] }, lead, 1, excluding.caseNumber)
    expect(named.body.cases).toMatchObject([{ rule: 'conflict', setAside: 'never' }])
    const absent = await allocate({ staffNumber: away.staffNumber })
    expect(absent.body.cases).toMatchObject([{ rule: 'onDuty', setAside: 'never' }])
    const later = await allocate({ staffNumber: away.staffNumber, startOn: '2026-12-01' })
    expect(later.status, later.text).toBe(201)
  })

  test('above the band needs it set aside; above the limit needs a lead who accepts it', async () => {
    // Norm 36 x 0.73 = 26.28; band until 28.90, limit 31.53.
    const normal = await aCase(app.db, { ...scope() })
    await fill(worker.id, 24.5)
    const band = await allocate({ kind: 'tailored' }, intake, 1, normal.caseNumber)
    expect(band.body.cases).toMatchObject([{ rule: 'band', setAside: 'motive' }])
    const set = await allocate({ kind: 'tailored', setAside: ['band'] }, intake, 1, normal.caseNumber)
    expect(set.status, set.text).toBe(201)

    const refused = await allocate()
    expect(refused.status).toBe(422)
    expect(refused.body.cases?.map(one => one.rule)).toContain('hardLimit')
    const byIntake = await allocate({ acceptsExcess: true, setAside: ['newPerWeek'] })
    expect(byIntake.status).toBe(422)
    expect(byIntake.body.cases).toMatchObject([{ rule: 'hardLimit', setAside: 'right' }])
    const byLead = await allocate({ acceptsExcess: true, setAside: ['newPerWeek'] }, lead)
    expect(byLead.status, byLead.text).toBe(201)
    const row = await app.db
      .selectFrom('allocation as a')
      .innerJoin('decision as d', 'd.id', 'a.excessDecisionId')
      .select(['d.acceptsExcess', 'd.caseId'])
      .where('a.caseId', '=', theCase.id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ acceptsExcess: true, caseId: theCase.id })
  })

  test('who may not go above the limit asks, and somebody with the right allocates or refuses', async () => {
    await fill(worker.id, 30)
    const ask = (given: Record<string, unknown> = {}, caller = intake, version = 1) =>
      caller.post<{ id: number } & ProblemDetails>(
        `/cases/${theCase.caseNumber}/allocations/asking`,
        request(given),
        { version },
      )
    const list = async (caller: Caller) =>
      (await caller.get<OutsideApproval[]>('/approvals/outside')).body.filter(
        one => one.caseNumber === theCase.caseNumber,
      )
    const verdict = (caller: Caller, id: number, body: object) =>
      caller.post<OutsideApproval[]>(`/approvals/outside/${id}/verdict`, {
        approve: true,
        reasonText: null,
        ...body,
      })
    // What a motive has to set aside is asked here already; who has the right needs to ask nobody.
    const idle = await aWorker(app.db, scope())
    expect((await ask({ staffNumber: idle.staffNumber })).status).toBe(422)
    expect((await ask({}, lead)).status).toBe(422)
    const first = await ask()
    expect(first.status, first.text).toBe(201)
    expect((await ask()).status).toBe(409)
    expect(await list(intake)).toMatchObject([{ state: 'pending', mayDecide: false, kind: 'emergency' }])
    const [asked] = await list(lead)
    expect(asked).toMatchObject({ state: 'pending', mayDecide: true, askedBy: 'Standaard intake' })
    expect(asked!.load?.before.hours).toBe(30)
    expect(asked!.load?.after).toMatchObject({ hours: 35, status: 'farAboveNorm' })
    expect((await verdict(intake, first.body.id, {})).status).toBe(403)
    expect((await verdict(lead, first.body.id, { approve: false })).status).toBe(422)
    const refused = await verdict(lead, first.body.id, { approve: false, reasonText: 'Wacht op maandag' })
    expect(refused.status, refused.text).toBe(200)
    expect((await list(intake))[0]).toMatchObject({
      state: 'refused',
      decidedBy: 'Standaard lead',
      decisionText: 'Wacht op maandag',
    })

    const again = await ask()
    expect(again.status, again.text).toBe(201)
    const approved = await verdict(lead, again.body.id, {})
    expect(approved.status, approved.text).toBe(200)
    const detail = (await intake.get<CaseDetail>(`/cases/${theCase.caseNumber}`)).body
    expect(detail).toMatchObject({
      status: 'allocated',
      primary: { staffNumber: worker.staffNumber },
      decisions: [{ kind: 'emergency', decidedBy: 'Standaard lead' }],
    })
    expect((await verdict(lead, again.body.id, {})).status).toBe(409)
    const told = async (caller: Caller) =>
      (await caller.get<Messages>('/messages')).body.messages
        .filter(one => one.sentence.includes(theCase.caseNumber))
        .map(one => [one.kind, one.link])
    expect(await told(intake)).toEqual([
      ['approval.approved', '/goedkeuringen'],
      ['approval.refused', '/goedkeuringen'],
    ])
    expect((await told(lead)).map(([kind]) => kind)).toEqual(['approval.asked', 'approval.asked'])
    const { rows } = await app.open.pool.query(
      `select type, data::text from event where object_id = $1 order by seq`,
      [`case#${theCase.id}`],
    )
    expect(rows.map(row => row.type)).toEqual(
      expect.arrayContaining(['case.excessAsked', 'case.excessRefused', 'case.allocatedOutside']),
    )
    expect(JSON.stringify(rows)).not.toContain('maandag')
  })

  test('a question above the limit lapses when somebody else gets the case', async () => {
    await fill(worker.id, 30)
    const asked = await intake.post<{ id: number }>(
      `/cases/${theCase.caseNumber}/allocations/asking`,
      request(),
      { version: 1 },
    )
    expect(asked.status, asked.text).toBe(201)
    const other = await aWorker(app.db, scope())
    const given = await allocate({ staffNumber: other.staffNumber })
    expect(given.status, given.text).toBe(201)
    const { body } = await lead.get<OutsideApproval[]>('/approvals/outside')
    expect(body.find(one => one.id === asked.body.id)).toMatchObject({ state: 'lapsed', mayDecide: false })
    const late = await lead.post(`/approvals/outside/${asked.body.id}/verdict`, {
      approve: true,
      reasonText: null,
    })
    expect(late.status).toBe(409)

    // The case waits again: that is another question than the one that lapsed.
    await app.db
      .updateTable('allocation')
      .set({ endsOn: TODAY })
      .where('caseId', '=', theCase.id)
      .where('endsOn', 'is', null)
      .execute()
    const { version } = (await intake.get<CaseDetail>(`/cases/${theCase.caseNumber}`)).body
    const old = await lead.post(`/approvals/outside/${asked.body.id}/verdict`, {
      approve: true,
      reasonText: null,
    })
    expect(old.status, old.text).toBe(409)
    const anew = await intake.post(`/cases/${theCase.caseNumber}/allocations/asking`, request(), { version })
    expect(anew.status, anew.text).toBe(201)
  })

  test('a duo gets its seats one after the other, never twice the same person', async () => {
    const duo = await aCase(app.db, { ...scope(), urgency: 'emergency', factors: ['DREIGING'] })
    const mate = await aWorker(app.db, scope())
    const first = await allocate({}, intake, 1, duo.caseNumber)
    expect(first.status, first.text).toBe(201)
    expect(first.body).toMatchObject({ duo: true, weight: { total: 7.5, primary: 4.5, second: 3 } })
    const same = await allocate({ seat: 'second' }, intake, 2, duo.caseNumber)
    expect(same.body.cases?.map(one => one.rule)).toContain('duoDistinct')
    const open = await intake.get<Explanation>(`/cases/${duo.caseNumber}/candidates`)
    expect(open.body.seat).toBe('second')
    const holder = open.body.alternatives.find(one => one.worker.staffNumber === worker.staffNumber)
    expect(holder?.verdict).toBe('notAllowed')
    const second = await allocate(
      { seat: 'second', staffNumber: mate.staffNumber },
      intake,
      2,
      duo.caseNumber,
    )
    expect(second.status, second.text).toBe(201)
    expect(second.body.second?.staffNumber).toBe(mate.staffNumber)
    expect((await allocate({ seat: 'second' }, intake, 3, duo.caseNumber)).status).toBe(409)
    expect((await intake.get(`/cases/${duo.caseNumber}/candidates`)).status).toBe(409)
  })

  test('a taken seat, a stale version, an open round, a worker of another team', async () => {
    expect((await allocate()).status).toBe(201)
    expect((await allocate({}, intake, 1)).status).toBe(412)
    expect((await allocate({}, intake, 2)).status).toBe(409)

    const foreign = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.otherTeamId })
    const open = await aCase(app.db, scope())
    expect((await allocate({ staffNumber: foreign.staffNumber }, intake, 1, open.caseNumber)).status).toBe(
      404,
    )
    expect((await allocate({ staffNumber: 'jb-nooit' }, intake, 1, open.caseNumber)).status).toBe(404)

    const made = await intake.post('/rounds', {
      teamIds: [app.teamId],
      caseNumbers: [open.caseNumber],
      staffNumbers: null,
      startOn: TODAY,
      profile: 'balanced',
    })
    expect(made.status, made.text).toBe(201)
    const refused = await allocate({}, intake, 1, open.caseNumber)
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain(String(made.body.id))
  })

  test('a seat that the case does not have is refused with a sentence, for looking and for giving it', async () => {
    const { caseNumber } = await aCase(app.db, scope())
    for (const answer of [
      await intake.get<ProblemDetails>(`/cases/${caseNumber}/candidates?seat=second`),
      await allocate({ seat: 'second' }, intake, 1, caseNumber),
    ]) {
      expect(answer.status, answer.text).toBe(422)
      expect(answer.body.errors).toMatchObject([{ field: 'seat' }])
      expect(answer.text).toContain('geen tweede plek')
    }
  })

  test('candidates: who fits first, everybody listed, with the rule for those who may not', async () => {
    const trainee = await aWorker(app.db, { ...scope(), registration: 'in_training' })
    const answer = await intake.get<Explanation>(`/cases/${theCase.caseNumber}/candidates?startOn=${TODAY}`)
    expect(answer.status, answer.text).toBe(200)
    const { alternatives, seat, worker: nobody } = answer.body
    expect({ seat, nobody }).toEqual({ seat: 'primary', nobody: null })
    const verdicts = alternatives.map(one => one.verdict)
    const order = ['allowed', 'aboveBand', 'notAllowed']
    expect(verdicts).toEqual([...verdicts].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
    for (const one of alternatives) {
      const sum = one.contributions.reduce((total, part) => total + Math.round(part.points * 10), 0)
      expect(sum).toBe(Math.round(one.points * 10))
    }
    const blocked = alternatives.find(one => one.worker.staffNumber === trainee.staffNumber)
    expect(blocked?.broken.map(one => one.rule)).toEqual(['registration'])
  })

  test('reasons and rules name what the catalogues call it, and days as people write them', async () => {
    const special = await aCase(app.db, {
      ...scope(),
      factors: ['COMPLEX_SCHEIDING'],
      competences: [
        { code: 'SCHEIDING', level: 2, need: 'wanted' },
        { code: 'JEUGDRECLASSERING', level: 2, need: 'required' },
      ],
    })
    const able = await aWorker(app.db, {
      ...scope(),
      competences: [
        { code: 'SCHEIDING', level: 2 },
        { code: 'JEUGDRECLASSERING', level: 2 },
      ],
      preferences: [{ kind: 'factor', code: 'COMPLEX_SCHEIDING', value: 'rather' }],
      employedUntil: '2026-12-31',
    })
    const factor = await app.db
      .selectFrom('caseFactor')
      .select(['nameNl as nl', 'nameEn as en'])
      .where('code', '=', 'COMPLEX_SCHEIDING')
      .executeTakeFirstOrThrow()
    const path = `/cases/${special.caseNumber}/candidates?startOn=${TODAY}`
    const reasonsOf = (answer: Explanation, staffNumber: string) =>
      answer.alternatives
        .find(one => one.worker.staffNumber === staffNumber)!
        .contributions.map(one => one.reason)
    const rulesOf = (answer: Explanation) =>
      answer.alternatives
        .find(one => one.worker.staffNumber === worker.staffNumber)!
        .broken.map(one => one.message)
    const dutch = (await intake.get<Explanation>(path)).body
    expect(reasonsOf(dutch, able.staffNumber)).toEqual(
      expect.arrayContaining([
        'heeft de gewenste competentie Complexe scheiding',
        `doet dit werk liever wel (${factor.nl})`,
      ]),
    )
    expect(rulesOf(dutch)).toEqual(['Heeft de competentie Jeugdreclassering niet. Niveau 2 is nodig.'])
    expect(JSON.stringify(dutch)).not.toMatch(/SCHEIDING|JEUGDRECLASSERING|→/)

    const refused = await intake.post<ProblemDetails>(`/cases/${special.caseNumber}/allocations`, request(), {
      version: 1,
    })
    expect(refused.body.cases?.map(one => one.message)).toEqual(rulesOf(dutch))
    const left = await intake.post<ProblemDetails>(
      `/cases/${special.caseNumber}/allocations`,
      request({ staffNumber: able.staffNumber, startOn: '2026-12-31' }),
      { version: 1 },
    )
    expect(left.status, left.text).toBe(201)
    const history = await intake.get<{ events: { sentence: string }[] }>('/events?type=case.allocatedOutside')
    expect(history.body.events[0]!.sentence).toContain('vanaf 31 december 2026')

    await intake.put('/session/locale', { locale: 'en' })
    const another = await aCase(app.db, {
      ...scope(),
      competences: [{ code: 'SCHEIDING', level: 2, need: 'wanted' }],
    })
    const english = await intake.get<Explanation>(
      `/cases/${another.caseNumber}/candidates?startOn=2027-01-05`,
    )
    await intake.put('/session/locale', { locale: 'nl' })
    expect(JSON.stringify(english.body)).toContain('lacks the desired competence Complex divorce')
  })
})

describe.runIf(engines.includes('PostgreSQL'))('many at once on PostgreSQL', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine: 'PostgreSQL' })
  })
  afterAll(() => app.close())
  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const body = (staffNumber: string) => ({
    kind: 'emergency',
    seat: 'primary',
    staffNumber,
    startOn: TODAY,
    reasonCode: 'SPOED',
    reasonText: null,
    unregisteredReason: null,
    setAside: ['newPerWeek', 'band', 'heavyCases'],
    acceptsExcess: false,
  })

  test('twenty attempts on one worker end under the hard limit, and no case twice', async () => {
    const intake = await app.as('intake')
    const worker = await aWorker(app.db, scope())
    const cases = await Promise.all(
      Array.from({ length: 10 }, () => aCase(app.db, { ...scope(), urgency: 'emergency' })),
    )
    const answers = await Promise.all(
      [...cases, ...cases].map(one =>
        intake.post(`/cases/${one.caseNumber}/allocations`, body(worker.staffNumber), { version: 1 }),
      ),
    )
    const placed = answers.filter(one => one.status === 201).length
    // Limit 31.53 hours, five per case.
    expect(placed).toBe(6)
    expect(answers.every(one => [201, 409, 412, 422].includes(one.status))).toBe(true)
    const row = await app.db
      .selectFrom('allocation')
      .select(({ fn }) => [fn.sum<number>('hours').as('hours'), fn.countAll<number>().as('seats')])
      .where('workerId', '=', worker.id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ hours: 30, seats: 6 })
  })

  test('twenty attempts on one seat: one wins', async () => {
    const intake = await app.as('intake')
    const theCase = await aCase(app.db, { ...scope(), urgency: 'emergency' })
    const workers = await Promise.all(Array.from({ length: 20 }, () => aWorker(app.db, scope())))
    const answers = await Promise.all(
      workers.map(one =>
        intake.post(`/cases/${theCase.caseNumber}/allocations`, body(one.staffNumber), { version: 1 }),
      ),
    )
    expect(answers.filter(one => one.status === 201)).toHaveLength(1)
    expect(answers.filter(one => one.status === 412)).toHaveLength(19)
  })

  test('the database itself refuses, also past the handlers', async () => {
    const worker = await aWorker(app.db, scope())
    const user = await app.as('intake')
    const seatFor = async (caseId: number, accepts: boolean) => {
      const decision = await app.db
        .insertInto('decision')
        .values({
          roundId: null,
          proposalId: null,
          caseId,
          seat: 'primary',
          kind: 'tailored',
          workerId: worker.id,
          proposedWorkerId: null,
          reasonCode: 'SPOED',
          reasonText: null,
          salt: 's',
          unregisteredReason: null,
          acceptsExcess: accepts,
          decidedBy: user.userId,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return app.db
        .insertInto('allocation')
        .values({
          caseId,
          workerId: worker.id,
          seat: 'primary',
          startsOn: TODAY,
          endsOn: null,
          agreedHours: 5,
          hours: 5,
          origin: 'decision',
          decisionId: decision.id,
          excessDecisionId: accepts ? decision.id : null,
        })
        .execute()
    }
    const cases = await Promise.all(Array.from({ length: 20 }, () => aCase(app.db, scope())))
    const tries = await Promise.allSettled(cases.map(one => seatFor(one.id, false)))
    expect(tries.filter(one => one.status === 'fulfilled')).toHaveLength(6)
    const last = await aCase(app.db, scope())
    await expect(seatFor(last.id, false)).rejects.toMatchObject({
      constraint: 'allocation_within_hard_limit',
    })
    await seatFor(last.id, true)
    await expect(seatFor(last.id, true)).rejects.toMatchObject({ constraint: 'one_worker_per_seat' })
  })
})
