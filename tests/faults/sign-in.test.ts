import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '../../server/accounts/passwords.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { aUser, aWord } from '../support/builders.ts'
import { hear, until } from '../support/processes.ts'

const PASSWORD = 'paard fiets lamp wolk'
const EACH = 15

let app: TestApp
let passwordHash: string
beforeAll(async () => {
  app = await startApp({ engine: 'PGlite' })
  passwordHash = await hashPassword(PASSWORD)
})
afterAll(() => app.close())

const somebody = (status: 'active' | 'invited' | 'deactivated') => async () => {
  const email = `${status}-${randomUUID()}@instroom.test`
  const roles = [{ role: 'lead' as const, teamId: app.teamId }]
  const id = await aUser(app.db, {
    organisationId: app.organisationId,
    roles,
    email,
    passwordHash: status === 'active' ? passwordHash : null,
  })
  await app.db.updateTable('userAccount').set({ status }).where('id', '=', id).execute()
  return email
}
const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  app.anonymous.post('/session', { email, password }, { key: null, headers })
const forget = () => app.db.deleteFrom('signInFailure').execute()

describe('guessing who has an account', () => {
  test('takes as long and hears the same, whether there is one or not', async () => {
    const kinds = {
      active: await somebody('active')(),
      invited: await somebody('invited')(),
      deactivated: await somebody('deactivated')(),
      nobody: `niemand-${randomUUID()}@instroom.test`,
    }
    const times = new Map<string, number[]>(Object.keys(kinds).map(kind => [kind, []]))
    const texts = new Set<string>()
    for (let n = 0; n < EACH; n++) {
      await forget()
      // In turns, so that whatever else the machine does falls on all of them.
      for (const [kind, email] of Object.entries(kinds)) {
        const began = performance.now()
        const { status, text } = await signIn(email, 'een heel ander wachtwoord')
        times.get(kind)!.push(performance.now() - began)
        texts.add(`${status} ${text.replace(/"requestId":"[^"]*"/, '')}`)
      }
    }
    expect(texts.size).toBe(1)
    const median = (kind: string) => times.get(kind)!.sort((a, b) => a - b)[Math.floor(EACH / 2)]!
    const medians = Object.fromEntries(Object.keys(kinds).map(kind => [kind, Math.round(median(kind))]))
    for (const kind of Object.keys(kinds)) {
      expect(median(kind) / median('active'), JSON.stringify(medians)).toBeGreaterThan(0.5)
      expect(median(kind) / median('active'), JSON.stringify(medians)).toBeLessThan(2)
    }
    console.log(`Median of a refused sign-in, ms: ${JSON.stringify(medians)}`)
  })

  test('is stopped alike for who is there and who is not, whatever address is claimed', async () => {
    for (const email of [await somebody('active')(), `niemand-${randomUUID()}@instroom.test`]) {
      await forget()
      const statuses: number[] = []
      for (let n = 0; n < 12; n++) {
        const spoofed = {
          'x-forwarded-for': `10.0.0.${n}`,
          'x-real-ip': `10.0.1.${n}`,
          forwarded: `for=10.0.2.${n}`,
        }
        statuses.push((await signIn(email, 'een heel ander wachtwoord', spoofed)).status)
      }
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    }
    await forget()
  })

  test('forty at once are no way around that', async () => {
    await forget()
    const email = await somebody('active')()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => signIn(email, `gok nummer ${n} van veertig`)),
    )
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true)
    const guesses = answers.filter(({ status }) => status === 401).length
    expect(guesses).toBeLessThanOrEqual(10)
    await forget()
  })
})

test('news of accounts and sign-ins goes to administrators only', async () => {
  const address = await app.app.listen({ host: '127.0.0.1', port: 0 })
  const admin = await app.as('admin')
  const lead = await hear(address, (await app.as('lead')).cookie)
  const chief = await hear(address, admin.cookie)
  await until(async () => lead.text.includes('ready') && chief.text.includes('ready'), 'both listen')
  const input = { email: `nieuw-${randomUUID()}@instroom.test`, name: 'Nieuw', roles: [], staffNumber: null }
  expect((await admin.post('/users', input)).status).toBe(201)
  expect((await admin.post('/teams', { name: `Team ${aWord()}` })).status).toBe(201)
  const intake = await app.as('intake')
  const rounds = await intake.get('/rounds')
  expect(rounds.status).toBe(200)
  await until(async () => /team\.created/.test(chief.text), 'the administrator hears')
  expect(chief.text).toContain('user.invited')
  expect(lead.text).not.toMatch(/"objectType":"user"|session\./)
})
