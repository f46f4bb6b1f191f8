import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MailState, Messages, Support } from '../../server/contract/messages.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { tidy } from '../../server/housekeeping.ts'
import { sendWaiting } from '../../server/messages/mailer.ts'
import { countAnswer } from '../../server/pulse/count.ts'
import { MIN_ANSWERS } from '../../server/pulse/support.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aUser, aWorker } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound } from '../support/rounds.ts'
import { type MailServer, startMailServer } from '../support/smtp.ts'

const START = '2026-12-01'
const MINUTE = 60_000
const DAY = 1440 * MINUTE

forEachDatabase('messages and mail', engine => {
  let app: TestApp
  let smtp: MailServer
  let intake: Caller
  const quiet = { info: () => {}, error: () => {} }

  beforeAll(async () => {
    smtp = await startMailServer()
    app = await startApp({ engine })
    intake = await app.as('intake')
  })
  afterAll(async () => {
    await app.close()
    await smtp.close()
  })
  const mail = () => ({
    host: '127.0.0.1',
    port: smtp.port,
    secure: false,
    user: null,
    password: null,
    from: 'instroom@voorbeeld.test',
  })
  const send = () =>
    sendWaiting({
      open: app.open,
      log: quiet,
      mail: mail(),
      publicUrl: new URL('https://instroom.example.nl'),
      now: () => app.clock.at,
    })
  const colleague = async (email: string) => {
    const { db, organisationId, teamId } = app
    const worker = await aWorker(db, { organisationId, teamId })
    const userId = await aUser(db, {
      organisationId,
      roles: [{ role: 'worker' }],
      workerId: worker.id,
      email,
    })
    return { ...worker, me: await app.signIn(userId) }
  }
  const settledRound = async (staffNumber: string): Promise<RoundDetail> => {
    const { db, organisationId, teamId } = app
    const theCase = await aCase(db, { organisationId, teamId })
    const round = await aRound(intake, {
      teamId,
      cases: [theCase.caseNumber],
      workers: [staffNumber],
      startOn: START,
    })
    const done = await intake.post(
      `/rounds/${round.id}/confirmation`,
      { partial: false },
      { version: round.version },
    )
    expect(done.status, done.text).toBe(201)
    return round
  }

  test('who gets a case is told in the application, and by a mail that says nothing about it', async () => {
    const anna = await colleague('anna@voorbeeld.test')
    const round = await settledRound(anna.staffNumber)
    const { body } = await anna.me.get<Messages>('/messages')
    expect(body.unread).toBe(2)
    const assigned = body.messages.find(one => one.kind === 'case.assigned')!
    expect(assigned.sentence).toContain(round.cases[0]!.caseNumber)
    expect(assigned.link).toBe(`/zaken/${round.cases[0]!.caseNumber}`)

    await send()
    const mine = smtp.received.filter(one => one.to.includes('anna@voorbeeld.test'))
    // Two messages, one mail.
    expect(mine).toHaveLength(1)
    expect(mine[0]!.from).toBe('instroom@voorbeeld.test')
    expect(mine[0]!.data).toContain('https://instroom.example.nl/berichten')
    expect(mine[0]!.data).not.toContain(round.cases[0]!.caseNumber)
    expect(mine[0]!.data).not.toContain(anna.staffNumber)
    await send()
    expect(smtp.received.filter(one => one.to.includes('anna@voorbeeld.test'))).toHaveLength(1)
  })

  test('messages are read one by one or all at once, and only one’s own', async () => {
    const [bert, chris] = [await colleague('bert@voorbeeld.test'), await colleague('chris@voorbeeld.test')]
    await settledRound(bert.staffNumber)
    const { messages } = (await bert.me.get<Messages>('/messages')).body
    const stranger = await chris.me.put<{ unread: number }>('/messages/read', { ids: [messages[0]!.id] })
    expect(stranger.body.unread).toBe(0)
    expect((await bert.me.get<Messages>('/messages')).body.unread).toBe(2)
    const one = await bert.me.put<{ unread: number }>('/messages/read', { ids: [messages[0]!.id] })
    expect(one.body.unread).toBe(1)
    const all = await bert.me.put<{ unread: number }>('/messages/read', { ids: null })
    expect(all.body.unread).toBe(0)
    expect((await bert.me.get<Messages>('/messages')).body.messages.every(row => row.read)).toBe(true)
  })

  test('a mail that is refused is tried again, then listed, and can be sent again', async () => {
    const dora = await colleague('dora@voorbeeld.test')
    smtp.refuses.add('dora@voorbeeld.test')
    await settledRound(dora.staffNumber)
    const before = app.clock.at
    try {
      for (const minutes of [0, 2, 8, 40, 170]) {
        app.clock.at = new Date(before.getTime() + minutes * MINUTE)
        await send()
      }
      const admin = await app.as('admin')
      const state = (await admin.get<MailState>('/mail')).body
      expect(state).toMatchObject({ configured: false })
      const failed = state.failed.find(one => one.email === 'dora@voorbeeld.test')!
      expect(failed).toMatchObject({ attempts: 5 })
      expect(failed.error).toContain('no such user here')
      expect(smtp.received.filter(one => one.to.includes('dora@voorbeeld.test'))).toEqual([])

      smtp.refuses.clear()
      const lead = await app.as('lead')
      expect((await lead.get<MailState>('/mail')).body.failed.map(one => one.id)).toContain(failed.id)
      expect((await (await app.as('intake')).get('/mail')).status).toBe(403)
      const again = await lead.post<MailState>(`/mail/${failed.id}/sending`)
      expect(again.status, again.text).toBe(200)
      await send()
      expect(smtp.received.filter(one => one.to.includes('dora@voorbeeld.test'))).toHaveLength(1)
      expect((await lead.post(`/mail/${failed.id}/sending`)).status).toBe(404)
    } finally {
      app.clock.at = before
    }
  })

  test('switching mail on does not send what is old, and housekeeping removes it', async () => {
    const emma = await colleague('emma@voorbeeld.test')
    await settledRound(emma.staffNumber)
    const before = app.clock.at
    try {
      app.clock.at = new Date(before.getTime() + 3 * DAY)
      await send()
      expect(smtp.received.filter(one => one.to.includes('emma@voorbeeld.test'))).toEqual([])
      await tidy(app.open, app.clock.at)
      const { waiting } = await app.db
        .selectFrom('mail')
        .select(eb => eb.fn.countAll<number>().as('waiting'))
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
      expect(waiting).toBe(0)
    } finally {
      app.clock.at = before
    }
  })
})

forEachDatabase('the pulse', engine => {
  let app: TestApp
  let intake: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
  })
  afterAll(() => app.close())

  test('is answered once without a name, and shows from five answers up, after it closed', async () => {
    const { db, organisationId, teamId } = app
    const people: Caller[] = [intake, await app.as('lead')]
    for (let index = 0; index < 4; index++) {
      people.push(await app.signIn(await aUser(db, { organisationId, roles: [{ role: 'intake', teamId }] })))
    }
    const round = await aRound(intake, {
      teamId,
      cases: [(await aCase(db, { organisationId, teamId })).caseNumber],
      workers: [app.staffNumber],
      startOn: START,
    })
    const worker = await app.as('worker')
    await intake.post(`/rounds/${round.id}/confirmation`, { partial: false }, { version: round.version })
    expect((await worker.get<unknown[]>('/pulses')).body).toHaveLength(1)
    const stranger = await app.signIn(
      await aUser(db, { organisationId, roles: [{ role: 'intake', teamId: app.otherTeamId }] }),
    )
    const marks = { support: 4, fairness: 2 }
    expect((await stranger.put(`/pulses/${round.id}`, marks)).status).toBe(404)
    expect((await worker.put(`/pulses/${round.id}`, { support: 6, fairness: 1 })).status).toBe(400)

    for (const person of people.slice(0, MIN_ANSWERS - 1)) {
      expect((await person.put(`/pulses/${round.id}`, marks)).status).toBe(200)
    }
    expect((await people[0]!.put(`/pulses/${round.id}`, marks)).status).toBe(409)
    const before = app.clock.at
    const support = async () => (await (await app.as('lead')).get<Support>('/support')).body
    expect(await support()).toMatchObject({ points: [], running: 1 })
    expect((await worker.put(`/pulses/${round.id}`, { support: 5, fairness: 5 })).status).toBe(200)
    // Enough, but still open: nobody can see a mean move.
    expect(await support()).toMatchObject({ points: [], running: 1 })
    try {
      app.clock.at = new Date(before.getTime() + 8 * DAY)
      expect((await support()).points).toMatchObject([
        { rounds: [round.id], answers: 5, support: 4.2, fairness: 2.6 },
      ])
    } finally {
      app.clock.at = before
    }
    const events = await db.selectFrom('event').select('type').where('type', 'like', 'pulse%').execute()
    expect(events).toEqual([])
    const keys = await db
      .selectFrom('idempotency')
      .select('route')
      .where('route', 'like', '%pulses%')
      .execute()
    expect(keys).toEqual([])
  })

  test('a round that was made earlier and closes later changes no point that was shown', async () => {
    const { db, organisationId, teamId } = app
    const [older, newer] = await Promise.all(
      [1, 2].map(async () =>
        aRound(intake, {
          teamId,
          cases: [(await aCase(db, { organisationId, teamId })).caseNumber],
          workers: [(await aWorker(db, { organisationId, teamId })).staffNumber],
          startOn: START,
        }),
      ),
    ).then(made => made.sort((a, b) => a.id - b.id))
    const before = app.clock.at
    const day = (count: number) => {
      app.clock.at = new Date(before.getTime() + count * DAY)
    }
    const settledWith = async (round: RoundDetail, answers: number) => {
      // Sessions end while days pass.
      const now = await app.signIn(intake.userId)
      const { version } = (await now.get<RoundDetail>(`/rounds/${round.id}`)).body
      const done = await now.post(`/rounds/${round.id}/confirmation`, { partial: false }, { version })
      expect(done.status, done.text).toBe(201)
      for (let answer = 0; answer < answers; answer++) {
        await db.transaction().execute(tx => countAnswer(tx, round.id, { support: 3, fairness: 3 }))
      }
    }
    const points = async () =>
      (await (await app.signIn(intake.userId)).get<Support>('/support')).body.points.map(one => one.rounds)
    try {
      await settledWith(newer!, 5)
      day(0.2)
      await settledWith(older!, 2)
      day(7.1)
      expect(await points()).toContainEqual([newer!.id])
      day(7.5)
      expect(await points()).toContainEqual([newer!.id])
    } finally {
      app.clock.at = before
    }
  })
})
