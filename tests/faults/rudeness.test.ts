import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '../../server/accounts/passwords.ts'
import { newSecret } from '../../server/http/session.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aUser } from '../support/builders.ts'

const MOST = 5
const PASSWORD = 'paard fiets lamp wolk'

let app: TestApp
beforeAll(async () => {
  app = await startApp({ engine: 'PGlite', requestsPerMinute: { session: MOST, address: MOST } })
})
afterAll(() => app.close())

/** Every test is asked from a place of its own. */
let places = 0
const aPlace = () => `10.7.0.${++places}`

const ask = (remoteAddress: string, headers: Record<string, string> = {}, url = '/api/session') =>
  app.app.inject({ url, headers: { host: 'localhost:4310', ...headers }, remoteAddress })
const statuses = async (times: number, one: (n: number) => ReturnType<typeof ask>) => {
  const found: number[] = []
  for (let n = 0; n < times; n++) found.push((await one(n)).statusCode)
  return found
}
const FULL = [...Array<number>(MOST).fill(200), 429, 429]

async function somebody(): Promise<Caller> {
  const roles = [{ role: 'lead' as const, teamId: app.teamId }]
  return app.signIn(await aUser(app.db, { organisationId: app.organisationId, roles }))
}

describe('more requests than anybody makes', () => {
  test.each([
    ['nl', 'Te veel verzoeken', 'Wacht'],
    ['en', 'Too many requests', 'Wait'],
  ])('are refused as everything is, with when to come back (%s)', async (language, title, detail) => {
    const place = aPlace()
    const headers = { 'accept-language': language }
    expect(await statuses(MOST + 2, () => ask(place, headers))).toEqual(FULL)
    const refused = await ask(place, headers)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.json()).toMatchObject({ type: 'about:blank', status: 429, title })
    expect(refused.json().detail).toContain(detail)
    expect(refused.json().requestId).toBeTypeOf('string')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  test('of one session leave another session of the same person alone, and the address', async () => {
    const place = aPlace()
    const one = await somebody()
    const other = await app.signIn(one.userId)
    expect(await statuses(MOST + 2, () => ask(place, { cookie: one.cookie }))).toEqual(FULL)
    expect((await ask(aPlace(), { cookie: one.cookie })).statusCode).toBe(429)
    expect((await ask(place, { cookie: other.cookie })).statusCode).toBe(200)
    expect((await ask(place)).statusCode).toBe(200)
  })

  test('without a session do not keep out who has one', async () => {
    const place = aPlace()
    expect(await statuses(MOST + 2, () => ask(place))).toEqual(FULL)
    const { cookie } = await somebody()
    expect((await ask(place, { cookie })).statusCode).toBe(200)
    expect((await ask(aPlace())).statusCode).toBe(200)
  })

  test('without a session do not keep out who signed in there before', async () => {
    const place = aPlace()
    const email = `${newSecret()}@instroom.test`
    const passwordHash = await hashPassword(PASSWORD)
    await aUser(app.db, { organisationId: app.organisationId, roles: [], email, passwordHash })
    const signIn = (cookie: string) =>
      app.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: { host: 'localhost:4310', 'sec-fetch-site': 'same-origin', cookie },
        payload: { email, password: PASSWORD },
        remoteAddress: place,
      })
    const deviceOf = (answer: Awaited<ReturnType<typeof signIn>>) =>
      `device=${answer.cookies.find(cookie => cookie.name === 'device')?.value}`
    const first = await signIn('')
    expect((await statuses(MOST + 2, () => ask(place))).at(-1)).toBe(429)
    expect((await signIn(`device=${newSecret()}`)).statusCode).toBe(429)
    const second = await signIn(deviceOf(first))
    expect(second.statusCode).toBe(200)
    expect(await statuses(MOST + 2, () => ask(place, { cookie: deviceOf(second) }))).toEqual(FULL)
  })

  test('are no fewer with a cookie that is no session', async () => {
    const ended = await somebody()
    await app.db.deleteFrom('session').where('userId', '=', ended.userId).execute()
    for (const cookie of [
      () => `sid=${newSecret()}`,
      (n: number) => `sid=made-up-${n}`,
      (n: number) => `sid=${'x'.repeat(10_000)}${n}`,
      () => ended.cookie,
      (n: number) => `sid=; other=${n}`,
    ]) {
      const place = aPlace()
      expect(await statuses(MOST + 2, n => ask(place, { cookie: cookie(n) }))).toEqual(FULL)
    }
    const place = aPlace()
    const teams = await statuses(MOST + 2, () => ask(place, { cookie: `sid=${newSecret()}` }, '/api/teams'))
    expect(teams).toEqual(FULL.map(status => (status === 200 ? 401 : status)))
  })

  test('are no fewer with an address that is claimed, or with many of one network', async () => {
    const place = aPlace()
    const claimed = (n: number) => ({ 'x-forwarded-for': `10.9.0.${n}`, forwarded: `for=10.9.1.${n}` })
    expect(await statuses(MOST + 2, n => ask(place, claimed(n)))).toEqual(FULL)
    expect(await statuses(MOST + 2, n => ask(`2001:db8:1:2:${n}::${n}`))).toEqual(FULL)
    expect((await ask('2001:db8:1:3::1')).statusCode).toBe(200)
    const mapped = ['10.8.0.1', '::ffff:10.8.0.1', '::ffff:a08:1']
    expect(await statuses(MOST + 2, n => ask(mapped[n % 3]!))).toEqual(FULL)
    expect((await ask('::ffff:10.8.0.2')).statusCode).toBe(200)
  })

  test('count wherever in the programming interface they go', async () => {
    for (const path of ['/api/nothing', '/api/openapi.json', '/api/stream', '/api/cases/ZK-1?x=1']) {
      const place = aPlace()
      const found = await statuses(MOST + 2, () => ask(place, {}, path))
      expect(found.slice(-2), path).toEqual([429, 429])
      expect(found.slice(0, MOST), path).not.toContain(429)
    }
  })

  test('may ask how the server is, and for pages', async () => {
    const place = aPlace()
    for (const path of ['/healthz', '/readyz'])
      expect(await statuses(MOST + 2, () => ask(place, {}, path))).toEqual(Array(MOST + 2).fill(200))
    expect(await statuses(MOST + 2, () => ask(place, {}, '/vandaag'))).not.toContain(429)
  })
})
