import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import { endpoints } from '../../server/contract/endpoints.ts'
import { ACTIONS, type Action } from '../../server/contract/permissions.ts'
import { mayDo, ROLES } from '../../server/contract/roles.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aUser, aWord } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

const table = Object.entries(endpoints) as [string, Endpoint][]

/** A path with something for each parameter that is there for nobody. */
function pathOf(name: string): [method: string, path: string] {
  const [method = '', path = ''] = name.split(' ')
  const filled = path
    .replace(':token', 'x'.repeat(43))
    .replace(':caseNumber', 'ZK-0000')
    .replace(':staffNumber', 'jb-0000')
    .replace(/:\w+/g, '999999')
  return [method, filled]
}

forEachDatabase('who may do what', engine => {
  let app: TestApp
  const callers = new Map<string, Caller>()
  beforeAll(async () => {
    app = await startApp({ engine })
    callers.set('nobody', app.anonymous)
    for (const role of ROLES) callers.set(role, await app.as(role))

    const leaving = await aUser(app.db, { organisationId: app.organisationId, roles: [{ role: 'admin' }] })
    callers.set('deactivated', await app.signIn(leaving))
    await app.db.updateTable('userAccount').set({ status: 'deactivated' }).where('id', '=', leaving).execute()

    const late = await app.as('admin')
    await app.db
      .updateTable('session')
      .set({ expiresAt: new Date(app.clock.at.getTime() - 1) })
      .where('userId', '=', late.userId)
      .execute()
    callers.set('expired', late)
    callers.set('admin', await app.as('admin'))
  })
  afterAll(() => app.close())

  test.each(table)('%s', async (name, endpoint) => {
    const [method, path] = pathOf(name)
    // Signing out would end the session that the other tests use.
    if (name === 'DELETE /session') return
    const open = endpoint.may === 'anyone'
    for (const [who, caller] of callers) {
      const { status, body } = await caller.ask(method, path, {
        version: 1,
        ...(endpoint.body && { body: {} }),
      })
      const seen = `${who} gets ${status} ${JSON.stringify(body).slice(0, 200)}`
      expect(status, seen).toBeLessThan(500)
      if (open) continue
      const role = ROLES.find(one => one === who)
      if (!role) expect(status, seen).toBe(401)
      else if (mayDo([role], endpoint.may as Action)) expect([401, 403], seen).not.toContain(status)
      else expect(status, seen).toBe(403)
    }
  })

  test('every permission belongs to an endpoint or to a decision inside one', () => {
    const used = new Set(table.map(([, endpoint]) => endpoint.may))
    const inside = ['limit.exceed', 'dormancy.decide', 'signal.people']
    expect(ACTIONS.filter(action => !used.has(action as never) && !inside.includes(action))).toEqual([])
  })
})

forEachDatabase('requests', engine => {
  let app: TestApp
  let admin: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
  })
  afterAll(() => app.close())

  const newUser = () => ({
    email: `u${randomUUID()}@instroom.test`,
    name: 'Nieuw',
    roles: [{ role: 'lead', teamId: app.teamId }],
    staffNumber: null,
  })

  describe('bodies are taken as they are', () => {
    const wrong: [string, (body: Record<string, unknown>) => unknown][] = [
      ['null for a text', body => ({ ...body, name: null })],
      ['true for a text', body => ({ ...body, name: true })],
      ['a number for a text', body => ({ ...body, name: 7 })],
      ['a list for a text', body => ({ ...body, name: ['x'] })],
      ['a text for a number', body => ({ ...body, roles: [{ role: 'lead', teamId: '1' }] })],
      ['true for a number', body => ({ ...body, roles: [{ role: 'lead', teamId: true }] })],
      [
        'a number too large for the database',
        body => ({ ...body, roles: [{ role: 'lead', teamId: 2147483648 }] }),
      ],
      ['a field that is not there', body => ({ ...body, status: 'active' })],
      ['a version', body => ({ ...body, version: 1 })],
      ['a field that is missing', ({ name: _, ...body }) => body],
      ['a role that does not exist', body => ({ ...body, roles: [{ role: 'god', teamId: null }] })],
      ['U+0000', body => ({ ...body, name: 'a\u0000b' })],
      ['half a character', body => ({ ...body, name: 'a\ud83d' })],
      ['an address that is none', body => ({ ...body, email: 'nobody' })],
      ['a list', () => []],
      ['a text', () => '"x"'],
    ]
    test.each(wrong)('%s is refused, with the field', async (_, spoil) => {
      const answer = await admin.post('/users', spoil(newUser()), {
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status).toBe(400)
      expect(String(answer.headers['content-type'])).toContain('application/problem+json')
      expect(answer.body.requestId).toBeTypeOf('string')
    })

    test('the message names the field, in the language of the reader', async () => {
      const { body } = await admin.post('/users', { ...newUser(), name: 7 })
      expect(body).toMatchObject({
        status: 400,
        title: 'Het verzoek klopt niet',
        errors: [{ field: 'name' }],
      })
    })

    test.each(['__proto__', 'constructor'])('%s pollutes nothing', async name => {
      const text = JSON.stringify(newUser()).replace(
        '{',
        `{"${name}":{"prototype":{"polluted":1},"polluted":1},`,
      )
      const answer = await admin.post('/users', text, { headers: { 'content-type': 'application/json' } })
      expect(answer.status).toBe(400)
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    })

    test.each([
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json\ta',
      'application/jsonx',
      ' ',
      'APPLICATION/XML',
    ])('content of type "%s" gets around nothing', async type => {
      const answer = await admin.post('/users', '{"name":7}', { headers: { 'content-type': type } })
      expect([400, 415]).toContain(answer.status)
    })

    test('what is too large is refused', async () => {
      const answer = await admin.post('/teams', { name: 'x'.repeat(70_000) })
      expect(answer.status).toBe(413)
    })
  })

  test('numbers in an address are numbers; anything else is refused', async () => {
    const intake = await app.as('intake')
    expect((await intake.get(`/cases?team=${app.teamId}`)).status).toBe(200)
    for (const query of [
      'team=x',
      'team=1e3',
      'team=1&team=2',
      'team=',
      'team=99999999999',
      'other=1',
      'status=a%00',
    ]) {
      expect((await intake.get(`/cases?${query}`)).status, query).toBe(400)
    }
  })

  describe('If-Match', () => {
    test('is needed, well formed, and compared', async () => {
      const made = await admin.post<{ user: { id: number; version: number } }>('/users', newUser())
      const { id } = made.body.user
      const { name: _, ...rest } = newUser()
      const change = { ...rest, name: 'Anders' }
      expect((await admin.put(`/users/${id}`, change)).status).toBe(428)
      expect((await admin.put(`/users/${id}`, change, { headers: { 'if-match': '*' } })).status).toBe(400)
      expect((await admin.put(`/users/${id}`, change, { headers: { 'if-match': 'null' } })).status).toBe(400)
      const stale = await admin.put(`/users/${id}`, change, { version: 9 })
      expect(stale.status).toBe(412)
      expect(stale.body.version).toBe(1)
      const done = await admin.put(`/users/${id}`, change, { version: 1 })
      expect(done.status).toBe(200)
      expect(done.headers.etag).toBe('"v2"')
    })
  })

  describe('Idempotency-Key', () => {
    test('is needed, and must be a UUID', async () => {
      expect((await admin.post('/teams', { name: 'A' }, { key: null })).status).toBe(428)
      expect((await admin.post('/teams', { name: 'A' }, { key: 'again' })).status).toBe(400)
    })

    test('the same request again gets the same answer and does nothing', async () => {
      const key = randomUUID()
      const name = `Team ${aWord()}`
      const first = await admin.post('/teams', { name }, { key })
      const second = await admin.post('/teams', { name }, { key })
      expect(first.status).toBe(201)
      expect(second).toMatchObject({
        status: 201,
        body: first.body,
        headers: { 'idempotent-replay': 'true' },
      })
      expect(await app.db.selectFrom('team').select('id').where('name', '=', name).execute()).toHaveLength(1)
    })

    test('another request with the same key is refused', async () => {
      const key = randomUUID()
      await admin.post('/teams', { name: `Een ${aWord()}` }, { key })
      expect((await admin.post('/teams', { name: `Twee ${aWord()}` }, { key })).status).toBe(422)
      const other = await admin.post('/users/999999/deactivation', undefined, { key, version: 1 })
      expect(other.status).toBe(422)
    })

    test('twenty at the same moment count once', async () => {
      const key = randomUUID()
      const name = `Samen ${aWord()}`
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => admin.post('/teams', { name }, { key })),
      )
      expect(new Set(answers.map(answer => `${answer.status} ${answer.body.id}`)).size).toBe(1)
      expect(answers[0]!.status).toBe(201)
      expect(await app.db.selectFrom('team').select('id').where('name', '=', name).execute()).toHaveLength(1)
    })

    test('a refused request leaves the key free', async () => {
      const key = randomUUID()
      const taken = `Bezet ${aWord()}`
      await admin.post('/teams', { name: taken })
      expect((await admin.post('/teams', { name: taken }, { key })).status).toBe(409)
      await app.db
        .updateTable('team')
        .set({ name: `Vrij ${aWord()}` })
        .where('name', '=', taken)
        .execute()
      expect((await admin.post('/teams', { name: taken }, { key })).status).toBe(201)
    })
  })

  describe('other sites', () => {
    test.each<Record<string, string>>([
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '', origin: 'https://elsewhere.example' },
    ])('a change sent by %o is refused', async headers => {
      expect((await admin.post('/teams', { name: `X ${aWord()}` }, { headers })).status).toBe(403)
    })
  })

  test('headers keep the browser to itself', async () => {
    const { headers } = await admin.get('/teams')
    expect(headers['content-security-policy']).toContain(`default-src 'none'`)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['x-powered-by']).toBeUndefined()
  })

  test('an unknown address under /api is a problem, not a page', async () => {
    const answer = await admin.get('/nothing')
    expect(answer.status).toBe(404)
    expect(answer.body).toMatchObject({ status: 404 })
  })

  test('OpenAPI names every endpoint', async () => {
    const { body } = await admin.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json')
    const served = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        method => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1').replace(/^\/api/, '')}`,
      ),
    )
    expect(served.sort()).toEqual(Object.keys(endpoints).sort())
  })

  test('OpenAPI needs a session, and is made once', async () => {
    expect((await app.anonymous.get('/openapi.json')).status).toBe(401)
    const one = await (await app.as('worker')).get('/openapi.json')
    expect(one.status).toBe(200)
    const makes = vi.spyOn(app.app, 'swagger')
    expect((await admin.get('/openapi.json')).text).toBe(one.text)
    expect(makes).not.toHaveBeenCalled()
    makes.mockRestore()
  })

  test('OpenAPI says which headers a deciding request needs, and which problems may come', async () => {
    interface Operation {
      parameters?: { in: string; name: string; required: boolean }[]
      responses: Record<string, { content: Record<string, unknown> }>
      security: unknown[]
    }
    const { body } = await admin.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json')
    for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
      const [method, path] = name.split(' ')
      const operation = body.paths[`/api${path!.replace(/:(\w+)/g, '{$1}')}`]![method!.toLowerCase()]!
      const headers = (operation.parameters ?? []).filter(one => one.in === 'header').map(one => one.name)
      expect(headers.includes('if-match'), name).toBe(endpoint.ifMatch === true)
      expect(headers.includes('idempotency-key'), name).toBe(endpoint.once === true)
      expect('401' in operation.responses, name).toBe(endpoint.may !== 'anyone')
      expect(operation.security.length > 0, name).toBe(endpoint.may !== 'anyone')
      expect(operation.responses['400']!.content, name).toHaveProperty('application/problem+json')
    }
  })
})
