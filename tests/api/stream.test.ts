import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { untilSo } from '../support/patience.ts'
import { aRound } from '../support/rounds.ts'

/** A busy machine is not a fault. */

forEachDatabase('the live stream', engine => {
  let app: TestApp
  let address: string
  beforeAll(async () => {
    app = await startApp({ engine })
    address = await app.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => app.close())

  /** What arrives, as text that grows. */
  async function hear(caller: Caller, headers: Record<string, string> = {}) {
    const answer = await fetch(`${address}/api/stream`, { headers: { cookie: caller.cookie, ...headers } })
    const heard = { status: answer.status, text: '', ended: false, stop: () => answer.body?.cancel() }
    const read = async () => {
      const decoder = new TextDecoder()
      for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk, { stream: true })
      heard.ended = true
    }
    if (answer.ok) void read().catch(() => {})
    return heard
  }

  test('tells who is in scope that something changed, and whoever comes back what they missed', async () => {
    const admin = await app.as('admin')
    const heard = await hear(admin)
    await untilSo(() => expect(heard.text).toContain('event: ready'))
    const from = /id: (\d+)/.exec(heard.text)![1]!
    await admin.post('/teams', { name: `Team ${engine} een` })
    await untilSo(() => expect(heard.text).toContain('team.created'))
    await admin.post('/teams', { name: `Team ${engine} twee` })
    const again = await hear(admin, { 'last-event-id': from })
    await untilSo(() => expect(again.text.match(/team\.created/g)).toHaveLength(2))
    const lead = await hear(await app.as('lead'), { 'last-event-id': from })
    await untilSo(() => expect(lead.text).toContain('event: ready'))
    expect(lead.text).not.toContain('team.created')
  })

  test('is for those who are signed in, and ends within five seconds of the session', async () => {
    expect((await hear(app.anonymous)).status).toBe(401)
    const intake = await app.as('intake')
    const heard = await hear(intake)
    await untilSo(() => expect(heard.text).toContain('event: ready'))
    await app.db.deleteFrom('session').where('userId', '=', intake.userId).execute()
    await untilSo(() => expect(heard.ended).toBe(true))
    expect(heard.text).toContain('event: bye')
  })

  test('tells a mark of one’s own to the other screens of that person, and to nobody else', async () => {
    const scope = { organisationId: app.organisationId, teamId: app.teamId }
    const worker = await aWorker(app.db, scope)
    const { caseNumber } = await aCase(app.db, scope)
    const [intake, lead] = [await app.as('intake'), await app.as('lead')]
    const round = await aRound(intake, {
      teamId: app.teamId,
      cases: [caseNumber],
      workers: [worker.staffNumber],
      startOn: '2026-12-01',
    })
    const [elsewhere, colleague] = [await hear(intake), await hear(lead)]
    for (const one of [elsewhere, colleague]) await untilSo(() => expect(one.text).toContain('event: ready'))
    const seats = [{ seat: 'primary', staffNumber: worker.staffNumber, waits: false }]
    const path = `/rounds/${round.id}/cases/${caseNumber}`
    expect((await intake.put(`${path}/agreement`, { seats })).status).toBe(200)
    await untilSo(() => expect(elsewhere.text).toContain(`event: agreement\ndata: {"roundId":${round.id}}`))
    // What came after it is heard by the colleague, the mark is not.
    await intake.put(`${path}/discussion`, { on: true })
    await untilSo(() => expect(colleague.text).toContain('discussion.asked'))
    expect(colleague.text).not.toContain('agreement')
  })
})
