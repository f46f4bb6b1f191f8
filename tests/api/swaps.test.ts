import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Messages } from '../../server/contract/messages.ts'
import type { MyProposals, Sharing } from '../../server/contract/sharing.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { sharingActs } from '../support/sharing.ts'

forEachDatabase('swaps', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
    await way('shared')
  })
  afterAll(() => app.close())

  const { way, colleague, roundOf, share, fresh, mine, settle } = sharingActs(() => ({ app, intake, lead }))

  test('a swap ends when one of its cases leaves the round', async () => {
    const [anna, bert] = [await colleague(20), await colleague(20)]
    const round = await roundOf([anna, bert], 2)
    await share(round)
    const [hers] = (await mine(anna.me)).proposals
    const [his] = (await mine(bert.me)).proposals
    await anna.me.post(`/mine/proposals/${hers!.id}/swaps`, { staffNumber: bert.staffNumber })
    const { id } = (await mine(bert.me)).swaps[0]!
    const offered = await bert.me.post(
      `/mine/swaps/${id}/moves`,
      { move: 'give', proposalId: his!.id },
      { version: 1 },
    )
    expect(offered.status, offered.text).toBe(201)
    const now = await fresh(round)
    const letGo = await intake.put(
      `/rounds/${round.id}/cases`,
      { take: [], letGo: [his!.caseNumber] },
      { version: now.version },
    )
    expect(letGo.status, letGo.text).toBe(200)
    expect((await mine(anna.me)).swaps[0]?.state).toBe('withdrawn')
    for (const one of [anna, bert]) {
      const heard = (await one.me.get<Messages>('/messages')).body.messages.map(message => message.kind)
      expect(heard).toContain('swap.refused')
    }
  })

  test('a swap that is off shows neither the case of the other any more', async () => {
    const [anna, bert] = [await colleague(20), await colleague(20)]
    const round = await roundOf([anna, bert], 2)
    await share(round)
    const [hers] = (await mine(anna.me)).proposals
    const [his] = (await mine(bert.me)).proposals
    await anna.me.post(`/mine/proposals/${hers!.id}/swaps`, { staffNumber: bert.staffNumber })
    const { id } = (await mine(bert.me)).swaps[0]!
    const move = (caller: Caller, version: number, body: object) =>
      caller.post<MyProposals>(`/mine/swaps/${id}/moves`, { proposalId: null, ...body }, { version })
    await move(bert.me, 1, { move: 'give', proposalId: his!.id })
    expect((await mine(anna.me)).swaps[0]?.get?.caseNumber).toBe(his!.caseNumber)
    expect((await move(anna.me, 2, { move: 'withdraw' })).status).toBe(201)
    expect((await mine(anna.me)).swaps[0]).toMatchObject({
      state: 'withdrawn',
      give: { caseNumber: hers!.caseNumber },
      get: null,
    })
    expect((await mine(bert.me)).swaps[0]).toMatchObject({ give: { caseNumber: his!.caseNumber }, get: null })
    expect(JSON.stringify(await mine(bert.me))).not.toContain(hers!.caseNumber)
  })

  test('two colleagues swap: neither sees the other unasked, both agree, the team confirms', async () => {
    const [anna, bert] = [await colleague(20), await colleague(20)]
    let round = await roundOf([anna, bert], 2)
    expect(new Set(round.lines.map(line => line.worker?.staffNumber)).size).toBe(2)
    await share(round)
    const [hers] = (await mine(anna.me)).proposals
    const [his] = (await mine(bert.me)).proposals
    const offered = await anna.me.post<MyProposals>(`/mine/proposals/${hers!.id}/swaps`, {
      staffNumber: bert.staffNumber,
    })
    expect(offered.status, offered.text).toBe(201)
    expect(offered.body.swaps[0]).toMatchObject({ state: 'offered', mine: true, get: null })
    const seen = (await mine(bert.me)).swaps[0]!
    expect(seen.get?.caseNumber).toBe(hers!.caseNumber)
    expect(seen.get?.facts).not.toHaveProperty('after')
    const move = (caller: Caller, version: number, body: object) =>
      caller.post<MyProposals>(`/mine/swaps/${seen.id}/moves`, { proposalId: null, ...body }, { version })
    expect((await move(anna.me, 1, { move: 'agree' })).status).toBe(409)
    const given = await move(bert.me, 1, { move: 'give', proposalId: his!.id })
    expect(given.status, given.text).toBe(201)
    expect((await move(anna.me, 1, { move: 'agree' })).status).toBe(412)
    expect((await move(anna.me, 2, { move: 'agree' })).status).toBe(201)
    round = await fresh(round)
    const verdict = await intake.post<Sharing>(
      `/rounds/${round.id}/swaps/${seen.id}/verdict`,
      { confirm: true },
      { version: round.version },
    )
    expect(verdict.status, verdict.text).toBe(200)
    expect(verdict.body.swaps[0]?.state).toBe('confirmed')
    const given2 = new Map(verdict.body.lines.map(line => [line.caseNumber, line]))
    expect(given2.get(hers!.caseNumber)).toMatchObject({
      worker: { staffNumber: bert.staffNumber },
      state: 'agreed',
    })
    expect(given2.get(his!.caseNumber)?.worker.staffNumber).toBe(anna.staffNumber)
    const done = await settle(intake, await fresh(round))
    expect(done.status, done.text).toBe(201)
    expect(done.body.decisions.every(one => one.answer === 'agreed' && one.kind === 'deviation')).toBe(true)
  })

  test('a swap that a rule forbids is confirmed with a motive; both see their own load after it beforehand', async () => {
    const [anna, bert] = [await colleague(20), await colleague(20)]
    let round = await roundOf([anna, bert], 2)
    await share(round)
    const [hers] = (await mine(anna.me)).proposals
    const [his] = (await mine(bert.me)).proposals
    await anna.me.post(`/mine/proposals/${hers!.id}/swaps`, { staffNumber: bert.staffNumber })
    const { id } = (await mine(bert.me)).swaps[0]!
    expect((await mine(bert.me)).swaps[0]?.load).toBeNull()
    const move = (caller: Caller, version: number, body: object) =>
      caller.post<MyProposals>(`/mine/swaps/${id}/moves`, { proposalId: null, ...body }, { version })
    await move(bert.me, 1, { move: 'give', proposalId: his!.id })
    round = await fresh(round)
    for (const one of [anna, bert]) {
      const { load } = (await mine(one.me)).swaps[0]!
      const line = round.loads.find(each => each.worker.staffNumber === one.staffNumber)!
      expect(load?.before).toEqual(line.after)
      expect(load?.after.hours).toBeCloseTo(line.after.hours, 8)
    }
    await move(anna.me, 2, { move: 'agree' })
    // Since then Bert got more work: with hers he ends above the band.
    const held = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await anAllocation(app.db, {
      caseId: held.id,
      workerId: bert.id,
      hours: 5,
      startsOn: '2026-06-01',
    })
    round = await fresh(round)
    const decide = (motive?: object) =>
      intake.post<Sharing & ProblemDetails>(
        `/rounds/${round.id}/swaps/${id}/verdict`,
        { confirm: true, ...(motive && { motive }) },
        { version: round.version },
      )
    const refused = await decide()
    expect(refused.status).toBe(422)
    expect(refused.body.cases).toMatchObject([
      { caseNumber: hers!.caseNumber, rule: 'band', setAside: 'motive' },
    ])
    const given = {
      caseNumber: hers!.caseNumber,
      setAside: ['band'],
      unregisteredReason: null,
      acceptsExcess: false,
    }
    const done = await decide({ given: [given], reasonText: 'Zij kennen elkaars zaken al.' })
    expect(done.status, done.text).toBe(200)
    expect(done.body.swaps[0]?.state).toBe('confirmed')
    const choices = (await fresh(round)).choices
    expect(choices.find(one => one.caseNumber === hers!.caseNumber)).toMatchObject({
      setAside: ['band'],
      reasonText: 'Zij kennen elkaars zaken al.',
    })
    expect(choices.find(one => one.caseNumber === his!.caseNumber)).toMatchObject({
      setAside: [],
      reasonText: null,
    })
  })
})
