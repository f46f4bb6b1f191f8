import { randomUUID } from 'node:crypto'
import { get } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { invite } from '../../server/accounts/invitations.ts'
import { hashPassword } from '../../server/accounts/passwords.ts'
import { buildApp } from '../../server/app.ts'
import type { SessionInfo } from '../../server/contract/accounts.ts'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import { DAY_MS } from '../../server/contract/days.ts'
import type { Endpoints } from '../../server/contract/endpoints.ts'
import type { Workload } from '../../server/contract/workers.ts'
import type { EventType } from '../../server/events/event-types.ts'
import { tidy } from '../../server/housekeeping.ts'
import { addDays } from '../../solver/problem/days.ts'
import { type Answer, type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aTeam, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase, freshDatabase } from '../support/databases.ts'
import { startMailServer } from '../support/smtp.ts'

const PASSWORD = 'paard fiets lamp wolk'

interface Invited {
  user: { id: number; version: number; status: string }
  link: string
}

function sidOf(answer: Answer<unknown>): string {
  return /sid=([\w-]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? ''
}

forEachDatabase('accounts', engine => {
  let app: TestApp
  let admin: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
  })
  afterAll(() => app.close())

  const withCookie = (sid: string) => ({ headers: { cookie: `sid=${sid}` } })
  const signIn = (email: string, password: string, headers?: Record<string, string>) =>
    app.anonymous.post<{ user: { id: number } | null }>(
      '/session',
      { email, password },
      { key: null, headers },
    )

  async function somebody(email: string): Promise<number> {
    return aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'lead', teamId: app.teamId }],
      email,
      passwordHash: await hashPassword(PASSWORD),
    })
  }

  test('who is signed in hears who they are and what they may do', async () => {
    const { status, body } = await (await app.as('intake')).get('/session')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      setupNeeded: false,
      user: { roles: ['intake'], teams: [{ name: 'Team Oost' }] },
    })
  })

  test('who is not signed in hears no names', async () => {
    expect((await app.anonymous.get('/session')).body).toMatchObject({ user: null, organisation: null })
  })

  describe('a session', () => {
    test('begins with a new id, whatever id the browser brought along', async () => {
      await somebody('nieuw@instroom.test')
      const planted = 'p'.repeat(43)
      const answer = await signIn('Nieuw@Instroom.test', PASSWORD, { cookie: `sid=${planted}` })
      expect(answer.status).toBe(200)
      expect(sidOf(answer)).toMatch(/^[\w-]{43}$/)
      expect(sidOf(answer)).not.toBe(planted)
      expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/)
      expect((await app.anonymous.get('/users', withCookie(planted))).status).toBe(401)
    })

    test('is stored as a hash only', async () => {
      await somebody('hash@instroom.test')
      const sid = sidOf(await signIn('hash@instroom.test', PASSWORD))
      const rows = await app.db.selectFrom('session').select('idSha256').execute()
      expect(JSON.stringify(rows)).not.toContain(sid)
    })

    test('ends at sign-out', async () => {
      await somebody('uit@instroom.test')
      const sid = sidOf(await signIn('uit@instroom.test', PASSWORD))
      expect((await app.anonymous.get('/teams', withCookie(sid))).status).toBe(200)
      await app.anonymous.delete('/session', withCookie(sid))
      expect((await app.anonymous.get('/teams', withCookie(sid))).status).toBe(401)
    })

    test('ends after half an hour without a request, and after ten hours in any case', async () => {
      const began = app.clock.at
      try {
        const idle = await app.as('lead')
        app.clock.at = new Date(began.getTime() + 29 * 60_000)
        expect((await idle.get('/teams')).status).toBe(200)
        app.clock.at = new Date(began.getTime() + 58 * 60_000)
        expect((await idle.get('/teams')).status).toBe(200)
        app.clock.at = new Date(began.getTime() + 90 * 60_000)
        expect((await idle.get('/teams')).status).toBe(401)

        app.clock.at = began
        const busy = await app.as('lead')
        for (let minutes = 0; minutes < 600; minutes += 25) {
          app.clock.at = new Date(began.getTime() + minutes * 60_000)
          expect((await busy.get('/teams')).status).toBe(200)
        }
        app.clock.at = new Date(began.getTime() + 601 * 60_000)
        expect((await busy.get('/teams')).status).toBe(401)
      } finally {
        app.clock.at = began
      }
    })

    test('ends when the rights change, and when the user is deactivated', async () => {
      const id = await somebody('rechten@instroom.test')
      const before = await app.signIn(id)
      const input = { email: 'rechten@instroom.test', name: 'R', staffNumber: null }
      await admin.put(
        `/users/${id}`,
        { ...input, roles: [{ role: 'intake', teamId: app.teamId }] },
        { version: 1 },
      )
      expect((await before.get('/teams')).status).toBe(401)

      const after = await app.signIn(id)
      const gone = await admin.post<{ status: string }>(`/users/${id}/deactivation`, undefined, {
        version: 2,
      })
      expect(gone.body.status).toBe('deactivated')
      expect((await after.get('/teams')).status).toBe(401)
      expect((await signIn('rechten@instroom.test', PASSWORD)).status).toBe(401)
    })
  })

  describe('guessing', () => {
    beforeEach(() => app.db.deleteFrom('signInFailure').execute())

    test('stops after ten failures, also for the right password, and goes on after a quarter of an hour', async () => {
      await somebody('raad@instroom.test')
      for (let guess = 0; guess < 10; guess++) {
        expect((await signIn('raad@instroom.test', `fout wachtwoord ${guess}`)).status).toBe(401)
      }
      expect((await signIn('raad@instroom.test', PASSWORD)).status).toBe(429)
      const began = app.clock.at
      app.clock.at = new Date(began.getTime() + 16 * 60_000)
      expect((await signIn('raad@instroom.test', PASSWORD)).status).toBe(200)
      app.clock.at = began
    })

    describe('where somebody signed in before', () => {
      const from = (remoteAddress: string, email: string, password: string, cookie = '') =>
        app.app.inject({
          method: 'POST',
          url: '/api/session',
          headers: { host: 'localhost:4310', 'sec-fetch-site': 'same-origin', cookie },
          payload: { email, password },
          remoteAddress,
        })
      type Given = Awaited<ReturnType<typeof from>>
      const deviceOf = (answer: Given) => answer.cookies.find(cookie => cookie.name === 'device')!
      const cookieOf = (answer: Given) => `device=${deviceOf(answer).value}`
      /** As many failures of this account, from elsewhere, as shut it. */
      const shut = async (email: string) => {
        for (let n = 0; n < 60; n++)
          expect((await from(`10.1.0.${Math.floor(n / 10)}`, email, `gok ${n}`)).statusCode).toBe(401)
        expect((await from('10.1.1.1', email, PASSWORD)).statusCode).toBe(429)
      }

      test('the password works, whatever others try elsewhere', async () => {
        await somebody('thuis@instroom.test')
        const cookie = cookieOf(await from('10.0.0.1', 'thuis@instroom.test', PASSWORD))
        await shut('thuis@instroom.test')
        expect((await from('10.1.0.1', 'Thuis@instroom.test', PASSWORD, cookie)).statusCode).toBe(200)
        const made = `device=${'d'.repeat(43)}`
        const refused = await from('10.1.1.1', 'thuis@instroom.test', PASSWORD, made)
        expect(refused.statusCode).toBe(429)
        expect(Number(refused.headers['retry-after'])).toBe(900)
      })

      test('the cookie says nothing to scripts, is stored as a hash, ends, and is new each time', async () => {
        await somebody('koek@instroom.test')
        const first = await from('10.0.0.1', 'koek@instroom.test', PASSWORD)
        expect(deviceOf(first)).toMatchObject({
          httpOnly: true,
          sameSite: 'Lax',
          path: '/',
          maxAge: 90 * 86_400,
        })
        const rows = await app.db.selectFrom('knownDevice').selectAll().execute()
        expect(JSON.stringify(rows)).not.toContain(deviceOf(first).value)
        const second = await from('10.0.0.1', 'koek@instroom.test', PASSWORD, cookieOf(first))
        expect(deviceOf(second).value).not.toBe(deviceOf(first).value)
        await shut('koek@instroom.test')
        const again = (cookie: string) => from('10.1.1.1', 'koek@instroom.test', PASSWORD, cookie)
        expect((await again(cookieOf(first))).statusCode).toBe(429)
        expect((await again(cookieOf(second))).statusCode).toBe(200)
      })

      test('has an end, and tries of its own', async () => {
        await somebody('eind@instroom.test')
        const given = await from('10.0.0.1', 'eind@instroom.test', PASSWORD)
        const began = app.clock.at
        app.clock.at = new Date(began.getTime() + 91 * DAY_MS)
        await shut('eind@instroom.test')
        expect((await from('10.1.1.1', 'eind@instroom.test', PASSWORD, cookieOf(given))).statusCode).toBe(429)
        await tidy(app.open, app.clock.at)
        expect(await app.db.selectFrom('knownDevice').selectAll().execute()).toEqual([])
        app.clock.at = began
        admin = await app.as('admin')

        await somebody('tien@instroom.test')
        const device = cookieOf(await from('10.0.0.1', 'tien@instroom.test', PASSWORD))
        for (let n = 0; n < 10; n++)
          expect((await from(`10.2.0.${n}`, 'tien@instroom.test', 'fout', device)).statusCode).toBe(401)
        expect((await from('10.2.1.1', 'tien@instroom.test', PASSWORD, device)).statusCode).toBe(429)
        expect((await from('10.2.1.1', 'tien@instroom.test', PASSWORD)).statusCode).toBe(200)
      })

      test('is of an account: it is nothing for another one, and two can have the same browser', async () => {
        await somebody('deel@instroom.test')
        await somebody('samen@instroom.test')
        const one = cookieOf(await from('10.0.0.1', 'deel@instroom.test', PASSWORD))
        await shut('samen@instroom.test')
        expect((await from('10.0.0.1', 'samen@instroom.test', PASSWORD, one)).statusCode).toBe(429)
        await app.db.deleteFrom('signInFailure').execute()
        const both = cookieOf(await from('10.0.0.1', 'samen@instroom.test', PASSWORD, one))
        await shut('samen@instroom.test')
        const last = cookieOf(await from('10.0.0.1', 'samen@instroom.test', PASSWORD, both))
        await app.db.deleteFrom('signInFailure').execute()
        await shut('deel@instroom.test')
        expect((await from('10.0.0.1', 'deel@instroom.test', PASSWORD, last)).statusCode).toBe(200)
      })

      test('ends with a new password and with the account', async () => {
        const id = await somebody('weg@instroom.test')
        const known = () =>
          app.db.selectFrom('knownDevice').select('tokenSha256').where('userId', '=', id).execute()
        const old = cookieOf(await from('10.0.0.1', 'weg@instroom.test', PASSWORD))
        const renewed = await admin.post<Invited>(`/users/${id}/invitation`)
        const token = renewed.body.link.split('/').at(-1)
        expect(await known()).toHaveLength(1)
        const reset = await app.app.inject({
          method: 'POST',
          url: `/api/invitations/${token}`,
          headers: { host: 'localhost:4310', 'sec-fetch-site': 'same-origin' },
          payload: { password: `${PASSWORD} anders` },
        })
        expect(reset.statusCode).toBe(200)
        expect(await known()).toHaveLength(1)
        await shut('weg@instroom.test')
        const password = `${PASSWORD} anders`
        expect((await from('10.1.1.1', 'weg@instroom.test', password, old)).statusCode).toBe(429)
        expect((await from('10.1.1.1', 'weg@instroom.test', password, cookieOf(reset))).statusCode).toBe(200)
        const { version } = await app.db
          .selectFrom('userAccount')
          .select('version')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        expect((await admin.post(`/users/${id}/deactivation`, undefined, { version })).status).toBe(200)
        expect(await known()).toEqual([])
      })
    })

    test('what is refused writes nothing, however often it is tried', async () => {
      await somebody('schrijf@instroom.test')
      for (let n = 0; n < 10; n++) await signIn('schrijf@instroom.test', `fout ${n}`)
      const written = async () => {
        const { rows } = await sql<{ last: number }>`
          select last_value as last from pg_sequences where sequencename = 'sign_in_failure_id_seq'`.execute(
          app.db,
        )
        return Number(rows[0]!.last)
      }
      const before = await written()
      for (let n = 0; n < 5; n++) expect((await signIn('schrijf@instroom.test', PASSWORD)).status).toBe(429)
      expect(await written()).toBe(before)
    })

    test('many accounts, from one address or from many, comes to an end too', async () => {
      const email = 'bekend-hier@instroom.test'
      await somebody(email)
      const device = /device=([\w-]+)/.exec(String((await signIn(email, PASSWORD)).headers['set-cookie']))![1]
      let tried = 0
      const guess = async (remoteAddress: string) => {
        const { statusCode } = await app.app.inject({
          method: 'POST',
          url: '/api/session',
          headers: { host: 'localhost:4310', 'sec-fetch-site': 'same-origin' },
          payload: { email: `iemand-${++tried}@instroom.test`, password: 'lente2026lente2026' },
          remoteAddress,
        })
        return statusCode
      }
      /** As if the failures that are there had been so many times as many. */
      const times = (many: number) =>
        sql`insert into sign_in_failure (subject_sha256, failed_at)
          select subject_sha256, failed_at from sign_in_failure cross join generate_series(2, ${many}::int)`.execute(
          app.db,
        )
      expect(await guess('2001:db8:7:7::1')).toBe(401)
      await times(59)
      expect(await guess('2001:db8:7:7:8::2')).toBe(401)
      expect(await guess('2001:db8:7:7:9::3')).toBe(429)
      expect(await guess('2001:db8:7:8::1')).toBe(401)
      // From one address within a day, though never much at a time.
      await app.db.deleteFrom('signInFailure').execute()
      const began = app.clock.at
      expect(await guess('10.3.0.1')).toBe(401)
      await times(50)
      app.clock.at = new Date(began.getTime() + 6 * 3_600_000)
      await times(6)
      const refused = await guess('10.3.0.1')
      expect(refused).toBe(429)
      expect(await guess('10.3.0.2')).toBe(401)
      app.clock.at = new Date(began.getTime() + 25 * 3_600_000)
      expect(await guess('10.3.0.1')).toBe(401)
      app.clock.at = began
      // From many addresses.
      await app.db.deleteFrom('signInFailure').execute()
      expect(await guess('10.4.0.1')).toBe(401)
      await times(299)
      expect(await guess('10.4.0.2')).toBe(401)
      expect(await guess('10.4.0.3')).toBe(429)
      expect((await signIn(email, PASSWORD)).status).toBe(429)
      expect((await signIn(email, PASSWORD, { cookie: `device=${device}` })).status).toBe(200)
    })

    test('an unknown account answers as a known one does', async () => {
      await somebody('bekend@instroom.test')
      const known = await signIn('bekend@instroom.test', 'fout')
      const unknown = await signIn('onbekend@instroom.test', 'fout')
      expect([unknown.status, unknown.body]).toEqual([
        known.status,
        { ...known.body, requestId: (unknown.body as unknown as { requestId: string }).requestId },
      ])
    })
  })

  describe('an invitation', () => {
    const input = (email: string) => ({
      email,
      name: 'Genodigde',
      roles: [{ role: 'lead', teamId: app.teamId }],
      staffNumber: null,
    })
    const tokenIn = (link: string) => link.split('/').at(-1)!

    test('is a link that works once and lets its user in', async () => {
      const { body } = await admin.post<Invited>('/users', input('genodigd@instroom.test'))
      const token = tokenIn(body.link)
      expect((await app.anonymous.get(`/invitations/${token}`)).body).toEqual({
        firstAdministrator: false,
        name: 'Genodigde',
        email: 'genodigd@instroom.test',
      })
      const weak = await app.anonymous.post(
        `/invitations/${token}`,
        { password: 'wachtwoordwachtwoord' },
        { key: null },
      )
      expect(weak.status).toBe(422)
      const done = await app.anonymous.post(`/invitations/${token}`, { password: PASSWORD }, { key: null })
      expect(done.status).toBe(200)
      expect((await app.anonymous.get('/teams', withCookie(sidOf(done)))).status).toBe(200)
      expect(
        (await app.anonymous.post(`/invitations/${token}`, { password: PASSWORD }, { key: null })).status,
      ).toBe(404)
      expect((await signIn('genodigd@instroom.test', PASSWORD)).status).toBe(200)
    })

    test('leaves its link nowhere in the database, also not for a request that is repeated', async () => {
      const key = randomUUID()
      const { status, body } = await admin.post<Invited>('/users', input('geheim@instroom.test'), { key })
      expect(status).toBe(201)
      const renewed = await admin.post<Invited>(`/users/${body.user.id}/invitation`, undefined, { key })
      expect(renewed.status).toBe(201)
      const stored = JSON.stringify([
        await app.db.selectFrom('idempotency').selectAll().execute(),
        await app.db.selectFrom('invitation').selectAll().execute(),
        await app.db.selectFrom('event').selectAll().execute(),
      ])
      expect(stored).not.toContain(tokenIn(body.link))
      expect(stored).not.toContain(tokenIn(renewed.body.link))
      expect((await admin.post('/users', input('geheim@instroom.test'), { key })).status).toBe(409)
    })

    test('refuses a password that is easy to guess, says why in both languages, and stays good', async () => {
      const { body } = await admin.post<Invited>('/users', {
        ...input('zwak@instroom.test'),
        name: 'Wilhelmina Zandstra',
      })
      const { name } = await app.db.selectFrom('organisation').select('name').executeTakeFirstOrThrow()
      const answer = (password: string, language: string) =>
        app.anonymous.post<{ detail: string; errors: { field: string; message: string }[] }>(
          `/invitations/${tokenIn(body.link)}`,
          { password },
          { key: null, headers: { 'accept-language': language } },
        )
      for (const [password, nl, en] of [
        ['zandstrawilhelmina', 'je naam', 'your name'],
        [`${name} 2026!`, 'je organisatie', 'your organisation'],
        ['Sinterklaas12345', 'veel mensen', 'many people'],
        ['maandagdinsdagwoensdag', 'Herhaling', 'Repetition'],
        ['jeugdbeschermer2026', 'te weinig woorden', 'too few words'],
      ] as const) {
        for (const [language, why, instead] of [
          ['nl', nl, 'vier losse woorden'],
          ['en', en, 'four separate words'],
        ] as const) {
          const { status, body: told } = await answer(password, language)
          expect(status, password).toBe(422)
          expect(told.detail).toContain(why)
          expect(told.detail).toContain(instead)
          expect(told.errors).toEqual([{ field: 'password', message: told.detail }])
        }
      }
      expect((await answer(PASSWORD, 'nl')).status).toBe(200)
    })

    test('a new link replaces the old one, and none outlives its days', async () => {
      const { body } = await admin.post<Invited>('/users', input('twee@instroom.test'))
      const renewed = await admin.post<Invited>(`/users/${body.user.id}/invitation`)
      expect((await app.anonymous.get(`/invitations/${tokenIn(body.link)}`)).status).toBe(404)
      expect((await app.anonymous.get(`/invitations/${tokenIn(renewed.body.link)}`)).status).toBe(200)
      const began = app.clock.at
      app.clock.at = new Date(began.getTime() + 73 * 3_600_000)
      expect((await app.anonymous.get(`/invitations/${tokenIn(renewed.body.link)}`)).status).toBe(404)
      app.clock.at = began
    })
  })

  describe('the own account', () => {
    beforeEach(() => app.db.deleteFrom('signInFailure').execute())
    const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
    const OTHER = 'zeilboot kaneel ladder vlieger'
    type Own = Endpoints['GET /account']['reply']
    const change = (caller: Caller, present: string, password: string) =>
      caller.put<ProblemDetails>('/account/password', { present, password })

    test('another password asks for the present one, ends every session but this one, and is told without secrets', async () => {
      const email = 'eigen@instroom.test'
      const id = await somebody(email)
      const [here, elsewhere] = [await app.signIn(id), await app.signIn(id)]
      const { link } = (await admin.post<Invited>(`/users/${id}/invitation`)).body

      const wrong = await change(here, 'niet dit wachtwoord', OTHER)
      expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([422, 'present'])
      for (const password of [PASSWORD, 'welkom welkom welkom', 'eigen@instroom.test']) {
        const refused = await change(here, PASSWORD, password)
        expect([refused.status, refused.body.errors?.[0]?.field], password).toEqual([422, 'password'])
      }
      expect((await elsewhere.get('/teams')).status).toBe(200)

      const changed = await change(here, PASSWORD, OTHER)
      expect(changed.status, changed.text).toBe(200)
      // This browser goes on under a new id: a copy of the old one is worth nothing.
      for (const old of [here, elsewhere]) expect((await old.get('/teams')).status).toBe(401)
      expect((await app.anonymous.get('/teams', withCookie(sidOf(changed)))).status).toBe(200)
      expect((await signIn(email, PASSWORD)).status).toBe(401)
      expect((await signIn(email, OTHER)).status).toBe(200)
      expect((await app.anonymous.get(`/invitations/${link.split('/').at(-1)}`)).status).toBe(404)

      const events = await app.db
        .selectFrom('event')
        .select(['type', 'actorId', 'data'])
        .where('objectId', '=', String(id))
        .where('type', 'in', ['user.passwordRefused', 'user.passwordChanged'])
        .orderBy('seq')
        .execute()
      expect(events).toEqual([
        { type: 'user.passwordRefused', actorId: id, data: {} },
        { type: 'user.passwordChanged', actorId: id, data: {} },
      ])
    })

    test('guessing the present password ends as guessing at sign-in does', async () => {
      const caller = await app.signIn(await somebody('raad-binnen@instroom.test'))
      for (let n = 0; n < 10; n++) expect((await change(caller, `fout ${n}`, OTHER)).status).toBe(422)
      expect((await change(caller, PASSWORD, OTHER)).status).toBe(429)
      expect((await signIn('raad-binnen@instroom.test', PASSWORD)).status).toBe(429)
    })

    test('an account without a password says so', async () => {
      const caller = await app.as('lead')
      expect((await caller.get<Own>('/account')).body.hasPassword).toBe(false)
      expect((await change(caller, PASSWORD, OTHER)).status).toBe(409)
    })

    test('everybody sees where they are signed in, and ends what is theirs', async () => {
      const id = await somebody('sessies@instroom.test')
      const here = await app.signIn(id)
      const [one, two] = [await app.signIn(id), await app.signIn(id)]
      const byPassword = await signIn('sessies@instroom.test', PASSWORD, { 'user-agent': FIREFOX })
      const listed = async () => (await here.get<Own>('/account')).body.sessions
      const known = await listed()
      expect(known).toHaveLength(4)
      expect(known.filter(session => session.current)).toHaveLength(1)
      expect(known.map(({ browser, system }) => [browser, system])).toContainEqual(['firefox', 'windows'])
      const hashes = await app.db.selectFrom('session').select('idSha256').where('userId', '=', id).execute()
      for (const { idSha256 } of hashes) expect(JSON.stringify(known)).not.toContain(idSha256)

      const numberOf = async (caller: Caller) =>
        (await caller.get<Own>('/account')).body.sessions.find(session => session.current)!.number
      const stranger = await app.as('lead')
      expect((await stranger.delete(`/account/sessions/${await numberOf(one)}`)).status).toBe(404)
      expect((await here.delete(`/account/sessions/${await numberOf(one)}`)).status).toBe(200)
      expect((await one.get('/teams')).status).toBe(401)
      expect((await two.get('/teams')).status).toBe(200)

      expect((await here.delete('/account/sessions')).status).toBe(200)
      expect((await two.get('/teams')).status).toBe(401)
      expect((await app.anonymous.get('/teams', withCookie(sidOf(byPassword)))).status).toBe(401)
      expect((await listed()).map(session => session.current)).toEqual([true])
      expect((await stranger.get('/teams')).status).toBe(200)
    })

    test('language and theme go along to the next browser, in every role', async () => {
      for (const role of ['intake', 'lead', 'worker', 'admin'] as const) {
        const caller = await app.as(role)
        expect((await caller.get<Own>('/account')).status).toBe(200)
        expect((await caller.get<SessionInfo>('/session')).body.user).toMatchObject({ theme: null })
        expect((await caller.put('/session/theme', { theme: 'dark' })).status).toBe(200)
        expect((await caller.put('/session/locale', { locale: 'en' })).status).toBe(200)
        const elsewhere = await app.signIn(caller.userId)
        const { user } = (await elsewhere.get<SessionInfo>('/session')).body
        expect(user).toMatchObject({ theme: 'dark', locale: 'en' })
        expect((await caller.put('/session/locale', { locale: 'nl' })).status).toBe(200)
      }
      expect((await app.anonymous.get('/account')).status).toBe(401)
    })
  })

  describe('users', () => {
    test('a role needs its team, a worker a staff number, and both must exist', async () => {
      const base = { email: 'fout@instroom.test', name: 'F', staffNumber: null }
      for (const roles of [
        [{ role: 'lead', teamId: null }],
        [{ role: 'admin', teamId: app.teamId }],
        [{ role: 'lead', teamId: 999_999 }],
        [{ role: 'worker', teamId: null }],
      ]) {
        expect((await admin.post('/users', { ...base, roles })).status, JSON.stringify(roles)).toBe(422)
      }
      for (const [language, message] of [
        ['nl', 'Er is geen medewerker met dit personeelsnummer.'],
        ['en', 'There is no worker with this staff number.'],
      ]) {
        await admin.put('/session/locale', { locale: language })
        const answer = await admin.post('/users', { ...base, staffNumber: 'x-1', roles: [] })
        expect(answer).toMatchObject({
          status: 422,
          body: { errors: [{ field: 'staffNumber', message }] },
        })
      }
      await admin.put('/session/locale', { locale: 'nl' })
    })

    test('an e-mail address is there once, in whatever case', async () => {
      await somebody('Eenmaal@instroom.test')
      const again = { email: 'eenmaal@instroom.test', name: 'E', roles: [], staffNumber: null }
      expect((await admin.post('/users', again)).status).toBe(409)
    })

    test('the last administrator stays, and nobody deactivates themselves', async () => {
      const me = (await admin.get<{ id: number; version: number; email: string }[]>('/users')).body.find(
        user => user.id === admin.userId,
      )!
      const own = await admin.post(`/users/${me.id}/deactivation`, undefined, { version: me.version })
      expect(own.status).toBe(409)
      const none = { email: me.email, name: 'Admin', roles: [], staffNumber: null }
      expect((await admin.put(`/users/${me.id}`, none, { version: me.version })).status).toBe(409)
    })
  })

  describe('teams', () => {
    const YESTERDAY = addDays(TODAY, -1)
    type Team = Endpoints['POST /teams']['reply']
    const made = async (name: string) => (await admin.post<Team>('/teams', { name })).body
    const inTeam = (teamId: number) => ({ organisationId: app.organisationId, teamId })
    const roleIn = async (role: 'intake' | 'lead', ...teamIds: number[]) =>
      app.signIn(
        await aUser(app.db, {
          organisationId: app.organisationId,
          roles: teamIds.map(teamId => ({ role, teamId })),
        }),
      )
    const events = (type: EventType) =>
      app.db.selectFrom('event').select(['data', 'objectId', 'actorId']).where('type', '=', type).execute()

    test('get another name, which is another team’s never, and say so in the history', async () => {
      const team = await made('Team Duin')
      const path = `/teams/${team.id}`
      expect((await admin.put(path, { name: 'team  oost' }, { version: 1 })).status).toBe(409)
      const renamed = await admin.put<Team>(path, { name: 'Team Strand' }, { version: 1 })
      expect(renamed.body).toMatchObject({ id: team.id, name: 'Team Strand', active: true, version: 2 })
      expect((await admin.put(path, { name: 'Team Zee' }, { version: 1 })).status).toBe(412)
      expect((await admin.put<Team>(path, { name: 'Team Strand' }, { version: 2 })).body.version).toBe(2)
      expect(await events('team.renamed')).toEqual([
        { actorId: admin.userId, objectId: String(team.id), data: { from: 'Team Duin', to: 'Team Strand' } },
      ])
    })

    test('are changed, merged and ended by an administrator alone', async () => {
      const team = await made('Team Recht')
      for (const role of ['intake', 'lead', 'worker'] as const) {
        const caller = await app.as(role)
        const sent = { version: 1 }
        expect((await caller.put(`/teams/${team.id}`, { name: 'Anders' }, sent)).status).toBe(403)
        expect((await caller.get(`/teams/${team.id}/holdings`)).status).toBe(403)
        expect((await caller.post(`/teams/${team.id}/merging`, { into: app.teamId }, sent)).status).toBe(403)
        expect((await caller.post(`/teams/${team.id}/ending`, undefined, sent)).status).toBe(403)
      }
      expect((await admin.get('/teams/999999/holdings')).status).toBe(404)
    })

    test('end when nothing stands in them, and get nothing new after that', async () => {
      const team = await made('Team Leeg')
      const worker = await aWorker(app.db, inTeam(team.id))
      await aCase(app.db, inTeam(team.id))
      const end = (version: number) =>
        admin.post<ProblemDetails & Team>(`/teams/${team.id}/ending`, undefined, { version })
      const refused = await end(1)
      expect([refused.status, refused.body.detail]).toEqual([
        409,
        'In Team Leeg zijn nog 1 medewerker en 1 wachtende zaak. Geef die een ander team, of voeg het team samen met een ander.',
      ])
      await app.db.updateTable('worker').set({ teamId: app.teamId }).where('id', '=', worker.id).execute()
      await app.db.updateTable('caseFile').set({ closedOn: TODAY }).where('teamId', '=', team.id).execute()
      expect((await end(2)).status).toBe(412)
      expect((await end(1)).body).toMatchObject({
        active: false,
        endedOn: TODAY,
        mergedInto: null,
        version: 2,
      })
      expect((await end(2)).status).toBe(409)

      await expect(aWorker(app.db, inTeam(team.id))).rejects.toThrow('has ended')
      await expect(aCase(app.db, inTeam(team.id))).rejects.toThrow('has ended')
      const user = { email: 'laat@instroom.test', name: 'L. Laat', staffNumber: null }
      const role = await admin.post('/users', { ...user, roles: [{ role: 'lead', teamId: team.id }] })
      expect(role.status).toBe(422)
    })

    test('go into another from today: what is open goes along, and what is past stays and is read there', async () => {
      const [from, into] = [await made('Team Beek'), await made('Team Rivier')]
      const worker = await aWorker(app.db, inTeam(from.id))
      const colleague = await aWorker(app.db, inTeam(into.id))
      const left = await aWorker(app.db, { ...inTeam(from.id), employedUntil: '2026-06-30' })
      const [running, waiting] = [await aCase(app.db, inTeam(from.id)), await aCase(app.db, inTeam(from.id))]
      const closed = await aCase(app.db, {
        ...inTeam(from.id),
        receivedOn: '2026-01-05',
        closedOn: '2026-09-01',
      })
      await anAllocation(app.db, { caseId: running.id, workerId: worker.id, hours: 6 })
      const lead = await roleIn('lead', from.id)
      const there = await roleIn('lead', into.id)
      const both = await roleIn('intake', from.id, into.id)
      // Hours that were planned for later carry the team of now.
      const planned = { fromOn: addDays(TODAY, 30), contractHours: 24, dutyHours: 0 }
      expect(
        (await lead.post(`/workers/${worker.staffNumber}/changes`, planned, { version: 1 })).status,
      ).toBe(200)

      const merge = (version: number, key?: string) =>
        admin.post<ProblemDetails & Team>(
          `/teams/${from.id}/merging`,
          { into: into.id },
          { version, ...(key && { key }) },
        )
      const intake = await roleIn('intake', from.id)
      const round = await intake.post<{ id: number; version: number }>('/rounds', {
        teamIds: [from.id],
        caseNumbers: [waiting.caseNumber],
        staffNumbers: null,
        startOn: TODAY,
        profile: 'balanced',
      })
      const stopped = await merge(1)
      expect([stopped.status, stopped.body.detail]).toEqual([
        409,
        `Team Beek zit nog in een open verdeelronde (${round.body.id}). Stel die eerst vast of annuleer die.`,
      ])
      await app.db.updateTable('round').set({ status: 'cancelled' }).where('id', '=', round.body.id).execute()
      await app.db
        .updateTable('roundCase')
        .set({ open: false })
        .where('roundId', '=', round.body.id)
        .execute()

      const loadsOn = async (caller: Caller, on: string) =>
        (await caller.get<Workload>(`/workers?on=${on}`)).body.workers
          .map(one => [one.staffNumber, one.team, one.load.norm.normHours, one.load.hoursInUse])
          .sort()
      const before = [await loadsOn(lead, YESTERDAY), await loadsOn(lead, TODAY)]
      const holdings = await admin.get(`/teams/${from.id}/holdings`)
      expect(holdings.body).toMatchObject({ workers: 1, waiting: 1, running: 1, rounds: [], roles: 3 })

      expect((await merge(2)).status).toBe(412)
      expect((await admin.post(`/teams/${from.id}/merging`, { into: from.id }, { version: 1 })).status).toBe(
        422,
      )
      const key = randomUUID()
      const merged = await merge(1, key)
      expect(merged.body).toMatchObject({
        active: false,
        endedOn: TODAY,
        mergedInto: 'Team Rivier',
        version: 2,
      })
      expect((await merge(1, key)).body).toEqual(merged.body)
      expect((await merge(2)).status).toBe(409)

      // What was: as it was, of the team that it was of, for the people of both.
      for (const caller of [lead, there]) {
        expect(
          (await loadsOn(caller, YESTERDAY)).filter(([number]) => number !== colleague.staffNumber),
        ).toEqual(before[0])
        const now = (await loadsOn(caller, TODAY)).filter(([number]) => number !== colleague.staffNumber)
        expect(now).toEqual(before[1]!.map(([number, , ...figures]) => [number, 'Team Rivier', ...figures]))
        expect((await caller.get(`/cases/${closed.caseNumber}`)).status).toBe(200)
        expect((await caller.get(`/workers/${left.staffNumber}`)).status).toBe(200)
      }
      const periods = await app.db
        .selectFrom('workerPeriod')
        .select(['fromOn', 'teamId', 'contractHours'])
        .where('workerId', '=', worker.id)
        .orderBy('fromOn')
        .execute()
      expect(periods).toEqual([
        { fromOn: '-infinity', teamId: from.id, contractHours: 36 },
        { fromOn: TODAY, teamId: into.id, contractHours: 36 },
        { fromOn: planned.fromOn, teamId: into.id, contractHours: 24 },
      ])

      // What is to come is done in the team that goes on.
      for (const { caseNumber } of [running, waiting]) {
        expect((await there.get<CaseDetail>(`/cases/${caseNumber}`)).body).toMatchObject({ teamId: into.id })
      }
      const roles = await app.db
        .selectFrom('userRole')
        .select(['userId', 'role', 'teamId'])
        .where('userId', 'in', [lead.userId, both.userId])
        .orderBy('userId')
        .execute()
      expect(roles).toEqual([
        { userId: lead.userId, role: 'lead', teamId: into.id },
        { userId: both.userId, role: 'intake', teamId: into.id },
      ])
      expect((await lead.get<SessionInfo>('/session')).body.user?.teams).toEqual(
        expect.arrayContaining([
          { id: from.id, name: 'Team Beek', active: false },
          { id: into.id, name: 'Team Rivier', active: true },
        ]),
      )
      const late = await intake.post('/rounds', {
        teamIds: [from.id],
        caseNumbers: [waiting.caseNumber],
        staffNumbers: null,
        startOn: TODAY,
        profile: 'balanced',
      })
      expect([409, 422]).toContain(late.status)
      await expect(aWorker(app.db, inTeam(from.id))).rejects.toThrow('has ended')
      expect(await events('team.merged')).toEqual([
        {
          actorId: admin.userId,
          objectId: String(from.id),
          data: { from: 'Team Beek', into: 'Team Rivier', workers: 1, cases: 2 },
        },
      ])
      expect((await admin.post(`/teams/${into.id}/ending`, undefined, { version: 1 })).status).toBe(409)

      // A team that took one up and goes into a third takes its past along.
      const third = await made('Team Meer')
      const again = await admin.post(`/teams/${into.id}/merging`, { into: third.id }, { version: 1 })
      expect(again.status, again.text).toBe(200)
      expect((await there.get(`/cases/${closed.caseNumber}`)).status).toBe(200)
    })
  })

  describe('invitations for many', () => {
    type Reply = Endpoints['POST /users/invitations']['reply']
    const asked = (
      lines: { name: string; email: string; staffNumber?: string | null }[],
      dryRun: boolean,
    ) => ({
      roles: [{ role: 'worker', teamId: null }],
      lines: lines.map(line => ({ staffNumber: null, ...line })),
      dryRun,
    })
    const send = (caller: Caller, body: ReturnType<typeof asked>) =>
      caller.post<Reply & ProblemDetails>('/users/invitations', body, { key: null })
    const accounts = () => app.db.selectFrom('userAccount').select('email').execute()

    test('are looked at line by line first, and each line is invited or refused by itself', async () => {
      const teamId = await aTeam(app.db, { organisationId: app.organisationId, name: 'Team Nieuw' })
      const inTeam = { organisationId: app.organisationId, teamId }
      const [one, two] = [await aWorker(app.db, inTeam), await aWorker(app.db, inTeam)]
      await aWorker(app.db, { ...inTeam, employedUntil: addDays(TODAY, -1) })
      const path = `/users/workers-without-account?team=${teamId}`
      const without = async () =>
        (await admin.get<{ staffNumber: string }[]>(path)).body.map(w => w.staffNumber)
      expect((await without()).sort()).toEqual([one.staffNumber, two.staffNumber].sort())

      const lines = [
        { name: 'E. Een', email: 'een@instroom.test', staffNumber: one.staffNumber },
        { name: 'D. Dubbel', email: 'dubbel@instroom.test', staffNumber: one.staffNumber },
        { name: 'O. Onbekend', email: 'onbekend-nr@instroom.test', staffNumber: 'jb-bestaat-niet' },
        { name: 'G. Geen', email: 'geen@instroom.test' },
        { name: 'T. Twee', email: 'tweede@instroom.test', staffNumber: two.staffNumber },
        { name: 'T. Twee', email: 'Een@instroom.test', staffNumber: null },
      ]
      const before = await accounts()
      const looked = await send(admin, asked(lines, true))
      expect(looked.body.lines.map(line => [line.answer, line.link])).toEqual([
        ['ready', null],
        ['refused', null],
        ['refused', null],
        ['refused', null],
        ['ready', null],
        ['refused', null],
      ])
      expect(looked.body.lines[1]!.reason).toBe('Deze medewerker heeft al een account.')
      expect(looked.body.lines[2]!.reason).toBe('Er is geen medewerker met dit personeelsnummer.')
      expect(await accounts()).toEqual(before)

      const invited = await send(admin, asked(lines, false))
      expect(invited.body.byMail).toBe(false)
      expect(invited.body.lines.map(line => line.answer)).toEqual(
        looked.body.lines.map(line => (line.answer === 'ready' ? 'invited' : 'refused')),
      )
      const token = invited.body.lines[4]!.link!.split('/').at(-1)
      expect((await app.anonymous.get(`/invitations/${token}`)).body).toMatchObject({ name: 'T. Twee' })
      expect(await without()).toEqual([])
      const again = await send(admin, asked(lines, false))
      expect(again.body.lines.map(line => line.answer)).toEqual(lines.map(() => 'refused'))
      const { rows } = await sql<{
        text: string
      }>`select data::text as text from event where type = 'user.invited'`.execute(app.db)
      expect(rows.map(row => row.text).join()).not.toContain(token)
    })

    test('are for administrators, and not for more than a hundred at once or five hundred an hour', async () => {
      const lines = [{ name: 'A. Ander', email: 'ander-veel@instroom.test' }]
      for (const role of ['intake', 'lead', 'worker'] as const) {
        const caller = await app.as(role)
        expect((await send(caller, asked(lines, true))).status).toBe(403)
        expect((await caller.get(`/users/workers-without-account?team=${app.teamId}`)).status).toBe(403)
      }
      const many = Array.from({ length: 101 }, (_, n) => ({
        name: 'V. Veel',
        email: `veel-${n}@instroom.test`,
      }))
      expect((await send(admin, asked(many, true))).status).toBe(400)
      expect((await send(admin, asked([], true))).status).toBe(400)
      const { organisationId } = app
      const made = Array.from({ length: 500 }, (_, n) => ({
        name: 'U',
        email: `uur-${n}@instroom.test`,
        createdAt: app.clock.at,
      }))
      await app.db
        .insertInto('userAccount')
        .values(
          made.map(row => ({
            ...row,
            organisationId,
            passwordHash: null,
            status: 'invited',
            locale: 'nl',
            workerId: null,
          })),
        )
        .execute()
      expect((await send(admin, asked(lines, false))).status).toBe(429)
      await app.db.deleteFrom('userAccount').where('name', '=', 'U').execute()
    })
  })

  test('without the demo there is no role picker', async () => {
    expect((await app.anonymous.get('/demo/accounts')).status).toBe(404)
    expect((await app.anonymous.post('/demo/session', { userId: 1 }, { key: null })).status).toBe(404)
  })
})

forEachDatabase('invitations by mail', engine => {
  test('go to each address, with the link in no answer; what the mail server refuses is handed over', async () => {
    const server = await startMailServer()
    const mail = {
      host: '127.0.0.1',
      port: server.port,
      secure: false,
      user: null,
      password: null,
      from: 'instroom@instroom.test',
    }
    const app = await startApp({ engine, mail })
    try {
      server.refuses.add('weg@instroom.test')
      const admin = await app.as('admin')
      const lines = ['mag@instroom.test', 'weg@instroom.test'].map(email => ({
        name: 'M. Mag',
        email,
        staffNumber: null,
      }))
      const roles = [{ role: 'lead', teamId: app.teamId }]
      const { body } = await admin.post<Endpoints['POST /users/invitations']['reply']>(
        '/users/invitations',
        { roles, lines, dryRun: false },
        { key: null },
      )
      expect(body.lines.map(line => [line.answer, line.link !== null])).toEqual([
        ['mailed', false],
        ['invited', true],
      ])
      expect(server.received.map(one => one.to)).toEqual([['mag@instroom.test']])
      const text = server.received[0]!.data.replace(/=\r?\n/g, '').replace(/=3D/g, '=')
      const token = /uitnodiging\/([\w-]+)/.exec(text)![1]
      expect((await app.anonymous.get(`/invitations/${token}`)).body).toMatchObject({
        email: 'mag@instroom.test',
      })
    } finally {
      await app.close()
      await server.close()
    }
  })
})

forEachDatabase('the demo', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine, demo: true })
  })
  afterAll(() => app.close())

  test('lets a visitor of this machine pick a role', async () => {
    const intake = await app.as('intake')
    const { body } = await app.anonymous.get<{ userId: number; roles: string[] }[]>('/demo/accounts')
    expect(body).toMatchObject([{ userId: intake.userId, roles: ['intake'] }])
    const answer = await app.anonymous.post('/demo/session', { userId: intake.userId }, { key: null })
    expect(answer.body).toMatchObject({ demo: true, user: { id: intake.userId } })
  })

  const asked = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.app.inject({ url: '/api/demo/accounts', headers, remoteAddress })

  test.each([
    'elsewhere.example',
    '127.evil.example',
    '127.0.0.1.evil.example:4310',
    'localhost.evil.example',
    'localhost.',
    '127.0.0.1.',
    'evil@localhost',
    'localhost:4310:1',
    'localhost:',
    '[::1',
    '::1',
    '[::1].evil.example',
    '[::2]:4310',
    '[::ffff:10.0.0.1]',
    '2130706433',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.1',
    '0.0.0.0',
    '128.0.0.1',
  ])('is not there for a site that points its name at this machine: "%s"', async host => {
    expect((await asked({ host })).statusCode).toBe(404)
  })

  test('is not there for who says no name, or an empty one', async () => {
    const address = await app.app.listen({ host: '127.0.0.1', port: 0 })
    const statusOf = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = new URL('/api/demo/accounts', address)
        get(url, { setHost: false, headers, agent: false }, answer => {
          answer.resume()
          resolve(answer.statusCode)
        }).on('error', reject)
      })
    expect(await statusOf({ host: 'localhost' })).toBe(200)
    expect(await statusOf({ host: '' })).toBe(404)
    expect(await statusOf({})).toBe(400)
  })

  test.each([
    'localhost',
    'LOCALHOST:4310',
    '127.0.0.1',
    '127.0.0.1:4310',
    '127.8.9.1:80',
    '[::1]',
    '[::1]:4310',
    '[::ffff:127.0.0.1]:4310',
  ])('is there under a name of this machine: %s', async host => {
    expect((await asked({ host })).statusCode).toBe(200)
    expect((await asked({ host }, '::ffff:127.0.0.1')).statusCode).toBe(200)
    expect((await asked({ host }, '::1')).statusCode).toBe(200)
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1'])
      expect((await asked({ host }, address)).statusCode).toBe(404)
  })

  test.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-for', ''],
    ['x-forwarded-host', 'localhost'],
    ['x-forwarded-proto', 'http'],
    ['forwarded', 'for=127.0.0.1;host=localhost'],
    ['x-real-ip', '127.0.0.1'],
    ['x-client-ip', '127.0.0.1'],
    ['true-client-ip', '127.0.0.1'],
    ['cf-connecting-ip', '127.0.0.1'],
    ['x-original-host', 'localhost'],
    ['via', '1.1 proxy'],
  ])('is not there for what was passed on by somebody else: %s: %s', async (name, value) => {
    const headers = { host: 'localhost:4310', [name]: value }
    expect((await asked(headers)).statusCode).toBe(404)
    const { userId } = await app.as('intake')
    const signIn = await app.anonymous.post('/demo/session', { userId }, { key: null, headers })
    expect(signIn.status).toBe(404)
    expect((await app.anonymous.get('/session', { headers })).body).toMatchObject({ demo: false })
  })
})

forEachDatabase('the first administrator', engine => {
  test('sets up the organisation with a link, once', async () => {
    const open = await freshDatabase(engine)
    const config = {
      databaseUrl: open.url,
      listenUrl: open.url,
      drainSeconds: 0,
      host: '127.0.0.1',
      port: 0,
      publicUrl: new URL('http://localhost:4310'),
      demo: false,
      production: false,
      trustedProxies: [],
      requestsPerMinute: { session: 100, address: 100 },
      logLevel: 'silent',
      webDirectory: null,
      mail: null,
    }
    const app = await buildApp({ open, config })
    const links = await Promise.all([
      invite(open.db, null, config, new Date()),
      invite(open.db, null, config, new Date()),
    ])
    const answer = (link: string, body: object) =>
      app.inject({
        method: 'POST',
        url: `/api/invitations/${link.split('/').at(-1)}`,
        headers: { 'sec-fetch-site': 'same-origin' },
        payload: body,
      })
    const whole = {
      password: PASSWORD,
      name: 'Eerste',
      email: 'eerste@instroom.test',
      organisation: 'Jeugdbescherming Hier',
    }
    expect((await answer(links[0]!.link, { password: PASSWORD })).statusCode).toBe(422)
    const both = await Promise.all(
      links.map(({ link }, i) => answer(link, { ...whole, email: `e${i}@instroom.test` })),
    )
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 404])
    expect(both.find(({ statusCode }) => statusCode === 200)!.json()).toMatchObject({
      organisation: 'Jeugdbescherming Hier',
      user: { roles: ['admin'] },
    })
    expect(await open.db.selectFrom('rulebook').select('version').execute()).toEqual([{ version: 1 }])
    await app.close()
    await open.close()
  })
})
