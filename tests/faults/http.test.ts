import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../server/app.ts'
import type { CaseDetail } from '../../server/contract/cases.ts'
import type { Endpoint } from '../../server/contract/endpoint.ts'
import { endpoints } from '../../server/contract/endpoints.ts'
import { type Answer, type Caller, startApp, type TestApp } from '../support/app.ts'
import {
  aCase,
  anAllocation,
  anOrganisation,
  aTeam,
  aUser,
  aWord,
  aWorker,
  TODAY,
} from '../support/builders.ts'
import { freshDatabase } from '../support/databases.ts'
import { sampleOf } from '../support/sample.ts'

/** Traces of what people outside must not see: stacks, paths, statements, names of the database's own things. */
const INSIDES =
  /\bat .+\.[jt]s:\d|node_modules|\/work\/|select .+ from|insert into|relation "|pg_|kysely|violates/i

const JSON_TYPE = { 'content-type': 'application/json' }

let app: TestApp
let intake: Caller
let admin: Caller
let worker: Caller
beforeAll(async () => {
  app = await startApp({ engine: 'PGlite' })
  intake = await app.as('intake')
  admin = await app.as('admin')
  worker = await app.as('worker')
})
afterAll(() => app.close())

const input = (given: Record<string, unknown> = {}) => ({
  teamId: app.teamId,
  familyNumber: null,
  measures: [{ measure: 'OTS', startOn: '2026-11-01', endOn: null }],
  phase: 'begin',
  children: 1,
  factors: [],
  urgency: 'normal',
  receivedOn: '2026-11-20',
  municipality: null,
  competences: [],
  duoNeeded: false,
  formerWorkers: [],
  ...given,
})

function isProblem(answer: Answer<unknown>): void {
  expect(String(answer.headers['content-type'])).toContain('application/problem+json')
  expect(answer.body).toMatchObject({ status: answer.status, type: 'about:blank' })
  expect(answer.text).not.toMatch(INSIDES)
}

describe('requests made to break something', () => {
  const nested = (levels: number, opening: string, closing: string) =>
    `${opening.repeat(levels)}1${closing.repeat(levels)}`

  test.each<[string, string, number]>([
    ['lists in lists', nested(30_000, '[', ']'), 400],
    ['objects in objects', nested(10_000, '{"a":', '}'), 400],
    ['a known field that goes deep', `{"name":${nested(30_000, '[', ']')}}`, 400],
    ['a number beyond numbers', '{"name":1e400}', 400],
    ['half a surrogate', '{"name":"\\ud800", "x":1}', 400],
    ['broken JSON', '{"name":', 400],
    ['nothing, said to be JSON', '', 400],
    ['more than it takes', `{"name":"${'x'.repeat(66_000)}"}`, 413],
  ])('%s', async (_, payload, status) => {
    const answer = await admin.post('/teams', payload, { headers: JSON_TYPE })
    expect(answer.status, answer.text).toBe(status)
    isProblem(answer)
  })

  test('an import that goes deep, or is too large', async () => {
    const deep = await admin.post('/imports/cases', nested(1_000_000, '[', ']'), { headers: JSON_TYPE })
    expect(deep.status, deep.text).toBe(400)
    isProblem(deep)
    const large = await admin.post('/imports/cases', { text: 'x'.repeat(7_000_000), dryRun: true })
    expect(large.status).toBe(413)
    isProblem(large)
  })

  test('half a surrogate in a text is refused or kept, never a fault of ours', async () => {
    const payload = JSON.stringify(input({ caseNumber: 'ZK-SURR' })).replace('"begin"', '"begin\\ud800"')
    expect((await intake.post('/cases', payload, { headers: JSON_TYPE })).status).toBe(400)
    const name = await admin.post('/teams', '{"name":"half \\ud800 teken"}', { headers: JSON_TYPE })
    expect([201, 400]).toContain(name.status)
  })

  test.each([
    '/cases/%00',
    '/cases/%E0%A4%A',
    '/cases/%',
    '/cases/..%2f..%2fetc%2fpasswd',
    `/cases/${'a'.repeat(5000)}`,
    '/cases/ZK%0d%0aSet-Cookie:x=1',
    '/rounds/99999999999999999999',
    '/rounds/1e3',
    '/rounds/-1',
    '/events?before=99999999999999999999',
    `/events?object=${'o'.repeat(61)}`,
    '/cases?team=1&team=2',
    '/cases?__proto__=1',
    '/workers?on=2026-02-31',
    '/workers?on=infinity',
    '/workers?on=0000-01-01',
    '/workers?on=9999-12-31',
  ])('the address %s', async path => {
    const answer = await intake.get(path)
    expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(500)
    if (answer.status >= 400) isProblem(answer)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test.each(['0001-01-01', '9999-12-31'])('the day %s wherever a day is asked', async day => {
    const { caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const answers = [
      await intake.get(`/workers?on=${day}`),
      await intake.get(`/workers/${app.staffNumber}?on=${day}`),
      await intake.get(`/cases/${caseNumber}/candidates?startOn=${day}`),
      await intake.post('/cases', input({ caseNumber: `ZK-${aWord().slice(0, 8)}`, receivedOn: day })),
      await intake.post(
        '/cases',
        input({
          caseNumber: `ZK-${aWord().slice(0, 8)}`,
          measures: [{ measure: 'OTS', startOn: day, endOn: day }],
        }),
      ),
      await intake.post(`/cases/${caseNumber}/closure`, { closedOn: day }, { version: 1 }),
      await intake.post('/rounds/preflight', {
        teamIds: [app.teamId],
        caseNumbers: [caseNumber],
        staffNumbers: null,
        startOn: day,
        profile: 'balanced',
      }),
    ]
    for (const answer of answers) expect(answer.status, answer.text).toBeLessThan(500)
  })

  test('what nobody has a version of', async () => {
    const { caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const put = (match: string) =>
      intake.put(`/cases/${caseNumber}`, input(), { headers: { 'if-match': match } })
    for (const match of [
      '*',
      'W/"v1"',
      '"v1", "v2"',
      '"v-1"',
      '"v1.0"',
      '"vNaN"',
      'v1',
      '""',
      '"v99999999999"',
    ])
      expect((await put(match)).status, match).toBe(400)
    for (const match of ['"v0"', '"v2"', '"v2147483648"', '"v9999999999"'])
      expect((await put(match)).status, match).toBe(412)
    expect((await put('"v1"')).status).toBe(200)
  })
})

describe('fields that nobody may set', () => {
  const extras = { id: 1, version: 99, organisationId: 1, status: 'allocated', closedOn: TODAY, createdBy: 1 }
  test.each(Object.entries(extras))('%s in every body', async (field, value) => {
    for (const [name, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) {
      const [method = '', path = ''] = name.split(' ')
      if (method === 'GET' || (name === 'POST /cases/:caseNumber/closure' && field === 'closedOn')) continue
      const known = (endpoint.body as { properties?: Record<string, unknown> } | undefined)?.properties
      if (known && field in known) continue
      const filled = path
        .replace(':token', 'x'.repeat(43))
        .replace(':caseNumber', 'ZK-0')
        .replace(':staffNumber', 'jb-0')
        .replace(/:\w+/g, '999999')
      for (const caller of [intake, admin, worker, app.anonymous]) {
        const { status, text } = await caller.ask(method, filled, { version: 1, body: { [field]: value } })
        expect([400, 401, 403], `${name} as ${caller.userId}: ${status} ${text}`).toContain(status)
      }
    }
  })
})

describe('keys of repeated requests', () => {
  test('a key of somebody else says nothing and replays nothing', async () => {
    const key = randomUUID()
    const caseNumber = `ZK-${aWord().slice(0, 8)}`
    const first = await intake.post('/cases', input({ caseNumber }), { key })
    expect(first.status).toBe(201)
    const other = await app.signIn(
      await aUser(app.db, {
        organisationId: app.organisationId,
        roles: [{ role: 'intake', teamId: app.otherTeamId }],
      }),
    )
    const stolen = await other.post('/cases', input({ caseNumber }), { key })
    expect(stolen.status, stolen.text).toBe(409)
    expect(stolen.headers['idempotent-replay']).toBeUndefined()
    expect(stolen.text).not.toContain('measureDates')
  })

  test('a right that was taken away is not kept by a key', async () => {
    const id = await aUser(app.db, {
      organisationId: app.organisationId,
      roles: [{ role: 'intake', teamId: app.teamId }],
    })
    const caller = await app.signIn(id)
    const key = randomUUID()
    const body = input({ caseNumber: `ZK-${aWord().slice(0, 8)}` })
    expect((await caller.post('/cases', body, { key })).status).toBe(201)
    await app.db.updateTable('userRole').set({ role: 'lead' }).where('userId', '=', id).execute()
    await app.db.deleteFrom('userRole').where('userId', '=', id).execute()
    expect((await caller.post('/cases', body, { key })).status).toBe(403)
  })
})

describe('what people wrote', () => {
  const MARKUP = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`

  test('comes back as JSON, as it was', async () => {
    const { caseNumber } = await aCase(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    const answer = await intake.put<CaseDetail>(
      `/cases/${caseNumber}/weight`,
      { hours: 5, reason: MARKUP },
      { version: 1 },
    )
    expect(answer.status, answer.text).toBe(200)
    expect(String(answer.headers['content-type'])).toContain('application/json')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.body.weight.override?.reason).toBe(MARKUP)
  })

  test('does not become an instruction in a spreadsheet, and its file has one name', async () => {
    for (const name of ['=cmd|x!A1', '+1+1', '-2+3', '@SUM(A1)', '\tx', '\rx', `"a";${MARKUP}`]) {
      await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId, name })
    }
    const answer = await intake.get<string>('/exports/workers')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="medewerkers-\d{4}-\d{2}-\d{2}\.csv"$/,
    )
    const cells = answer.text.split(/;|\r\n/)
    expect(cells.filter(cell => /^"?[=+@\t\r-]/.test(cell) && !/^-?\d+([.,]\d+)?$/.test(cell))).toEqual([])
  })
})

describe('who may read what', () => {
  let foreign: { caseNumber: string; staffNumber: string; roundId: number; organisationCase: string }
  let colleague: { caseNumber: string; staffNumber: string }

  beforeAll(async () => {
    const { db, organisationId, otherTeamId } = app
    const scope = { organisationId, teamId: otherTeamId }
    const theirs = await aWorker(db, scope)
    const held = await aCase(db, scope)
    await anAllocation(db, { caseId: held.id, workerId: theirs.id })
    const waiting = await aCase(db, scope)
    const their = await app.signIn(
      await aUser(db, { organisationId, roles: [{ role: 'intake', teamId: otherTeamId }] }),
    )
    const round = await their.post<{ id: number }>('/rounds', {
      teamIds: [otherTeamId],
      caseNumbers: [waiting.caseNumber],
      staffNumbers: null,
      startOn: '2026-12-01',
      profile: 'balanced',
    })
    expect(round.status, round.text).toBe(201)
    const elsewhere = await anOrganisation(db)
    const abroad = await aCase(db, {
      organisationId: elsewhere,
      teamId: await aTeam(db, { organisationId: elsewhere }),
    })
    foreign = {
      caseNumber: held.caseNumber,
      staffNumber: theirs.staffNumber,
      roundId: round.body.id,
      organisationCase: abroad.caseNumber,
    }
    const beside = await aWorker(db, { organisationId, teamId: app.teamId })
    const besides = await aCase(db, { organisationId, teamId: app.teamId })
    await anAllocation(db, { caseId: besides.id, workerId: beside.id })
    colleague = { caseNumber: besides.caseNumber, staffNumber: beside.staffNumber }
  })

  const bodies: Record<string, unknown> = {
    'PUT /cases/:caseNumber/weight': { hours: 5, reason: 'x' },
    'POST /cases/:caseNumber/exclusions': { staffNumber: 'jb-1', reason: 'x', untilOn: null },
    'POST /cases/:caseNumber/closure': { closedOn: TODAY },
    'POST /cases/:caseNumber/allocations': {
      kind: 'emergency',
      seat: 'primary',
      staffNumber: 'jb-1',
      startOn: TODAY,
      reasonCode: 'AFSPRAAK',
      reasonText: null,
      unregisteredReason: null,
      setAside: [],
      acceptsExcess: false,
    },
    'PUT /workers/:staffNumber/preferences': { preferences: [] },
    'POST /rounds/:id/runs': { timeLimitSeconds: 5 },
    'POST /rounds/:id/choices': {
      caseNumber: 'ZK-0',
      seat: 'primary',
      kind: 'wait',
      staffNumber: null,
      reasonCode: 'AFSPRAAK',
      reasonText: null,
      unregisteredReason: null,
      setAside: [],
      acceptsExcess: false,
    },
    'POST /rounds/:id/confirmation': { partial: false },
  }
  const bodyFor = (name: string, endpoint: Endpoint) => {
    if (name === 'PUT /cases/:caseNumber') return input()
    if (name === 'PUT /workers/:staffNumber')
      return {
        name: 'X',
        teamId: app.teamId,
        contractHours: 36,
        dutyHours: 0,
        registration: 'registered',
        registrationFrom: null,
        registrationUntil: null,
        baseMunicipality: null,
        employedFrom: '2020-01-01',
        employedUntil: null,
        competences: [],
        reductions: [],
        absences: [],
      }
    return bodies[name] ?? (endpoint.body && sampleOf(endpoint.body))
  }

  const objectRoutes = (Object.entries(endpoints) as [string, Endpoint][]).filter(
    ([name]) => /:(caseNumber|staffNumber|id)\b/.test(name) && !name.includes('/users/'),
  )
  test.each(objectRoutes)(
    '%s answers alike for what is not there and what is not yours',
    async (name, endpoint) => {
      const [method = '', path = ''] = name.split(' ')
      const fill = (caseNumber: string, staffNumber: string, id: number) =>
        path
          .replace(':caseNumber', caseNumber)
          .replace(':staffNumber', staffNumber)
          .replace(':id', String(id))
          .replace(':fromOn', '2026-12-01')
          .replace(/:\w+/g, '1') +
        (name.includes('why-not')
          ? '?worker=jb-0'
          : name.includes('/comparison')
            ? '?runs=1,2'
            : name === 'GET /rounds/:id/swap'
              ? '?first=ZK-0&firstSeat=primary&second=ZK-1&secondSeat=primary'
              : '')
      const body = bodyFor(name, endpoint)
      const id = path.startsWith('/teams/') ? app.otherTeamId : foreign.roundId
      const ask = (caller: Caller, where: string) =>
        caller.ask(method, where, {
          version: 1,
          ...(endpoint.once && { key: randomUUID() }),
          ...(endpoint.body && { body }),
        })
      const lead = await app.as('lead')
      const plain = (answer: Answer) =>
        answer.text
          .replace(/"requestId":"[^"]*"/, '')
          .replaceAll(foreign.caseNumber, '#')
          .replaceAll(foreign.organisationCase, '#')
          .replaceAll(foreign.staffNumber, '#')
          .replaceAll(colleague.caseNumber, '#')
          .replaceAll(colleague.staffNumber, '#')
          .replaceAll('ZK-0000', '#')
          .replaceAll('jb-none', '#')
      for (const caller of [intake, lead, worker]) {
        const missing = await ask(caller, fill('ZK-0000', 'jb-none', 999_999))
        const seen: [string, Answer][] = [
          ['another team', await ask(caller, fill(foreign.caseNumber, foreign.staffNumber, id))],
          [
            'another organisation',
            await ask(caller, fill(foreign.organisationCase, foreign.staffNumber, id)),
          ],
        ]
        if (caller === worker && !name.includes('/rounds/'))
          seen.push(['a colleague', await ask(caller, fill(colleague.caseNumber, colleague.staffNumber, 1))])
        expect([403, 404], missing.text).toContain(missing.status)
        for (const [whose, answer] of seen) {
          expect(answer.status, `${whose}: ${answer.text}`).toBe(missing.status)
          expect(plain(answer), whose).toBe(plain(missing))
        }
      }
    },
  )

  test('a worker reads nothing about the cases of colleagues, by any route', async () => {
    const canaries = [colleague.caseNumber, foreign.caseNumber, colleague.staffNumber, foreign.staffNumber]
    for (const [name, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) {
      if (!name.startsWith('GET ') || endpoint.may === 'anyone') continue
      const path = name
        .slice(4)
        .replace(':caseNumber', colleague.caseNumber)
        .replace(':staffNumber', app.staffNumber)
        .replace(/:\w+/g, '1')
      const { status, text } = await worker.get(path)
      if (status !== 200) continue
      // Whom one may ask to guide one's learning is said by name and number, nothing else about them.
      const said = path === '/mine/wishes' ? text.replace(/"mentors":\[[^\]]*\]/, '') : text
      for (const canary of canaries) expect(said, path).not.toContain(canary)
    }
  })

  test('an administrator reads no content of cases, by any route', async () => {
    const MOTIVE = `kanarie-${aWord()}`
    const { caseNumber } = await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      municipalityCode: 'ALMELO',
      children: 7,
    })
    await intake.put(`/cases/${caseNumber}/weight`, { hours: 9.25, reason: MOTIVE }, { version: 1 })
    await intake.post(
      `/cases/${caseNumber}/exclusions`,
      { staffNumber: app.staffNumber, reason: MOTIVE, untilOn: null },
      { version: 2 },
    )
    for (const [name, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) {
      if (!name.startsWith('GET ') || endpoint.may === 'anyone') continue
      const path = name
        .slice(4)
        .replace(':caseNumber', caseNumber)
        .replace(':staffNumber', app.staffNumber)
        .replace(':list', 'measures')
        .replace(/:\w+/g, '1')
      const needed = endpoint.query?.required?.map(key => `${key}=1`) ?? []
      const { status, text } = await admin.get([path, ...needed].join('?'))
      expect([200, 403, 404], path).toContain(status)
      expect(text, path).not.toContain(MOTIVE)
    }
    // The preview of an import compares with what there is: for who may not read that, without saying what it is.
    const csv = `zaaknummer;kinderen;gemeente\n${caseNumber};1;Enschede\n`
    const preview = await admin.post<{
      updated: number
      errors: unknown[]
      changes: { fields: { from: string | null }[] }[]
    }>('/imports/cases', { text: csv, dryRun: true })
    expect(preview.status, preview.text).toBe(200)
    expect(preview.body.errors, preview.text).toEqual([])
    expect(preview.body.updated).toBe(1)
    expect(preview.body.changes.flatMap(change => change.fields.map(field => field.from))).toEqual([
      null,
      null,
    ])
    const own = await intake.post<typeof preview.body>('/imports/cases', { text: csv, dryRun: true })
    expect(own.body.changes.flatMap(change => change.fields.map(field => field.from))).toContain('7')
  })

  test('an import of one team does not touch, nor show, the cases of another', async () => {
    const csv = `zaaknummer;kinderen\n${foreign.caseNumber};9\n`
    const answer = await intake.post<{
      updated: number
      errors: unknown[]
      changes: { fields: { from: string | null }[] }[]
    }>('/imports/cases', {
      text: csv,
      dryRun: true,
    })
    expect(answer.body.errors.length, answer.text).toBeGreaterThan(0)
    expect(answer.body.changes).toEqual([])
    const { children } = await app.db
      .selectFrom('caseFile')
      .select('children')
      .where('caseNumber', '=', foreign.caseNumber)
      .executeTakeFirstOrThrow()
    expect(children).toBe(1)
  })
})

describe('over the network', () => {
  test('cookies, other sites, slow senders and what the static files give away', async () => {
    const open = await freshDatabase('PGlite')
    const config = {
      ...app.config,
      publicUrl: new URL('https://instroom.example.nl'),
      webDirectory: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    }
    const secure = await buildApp({ open, config })
    try {
      const address = await secure.listen({ host: '127.0.0.1', port: 0 })
      for (const path of [
        '/..%2f..%2fpackage.json',
        '/assets/..%2f..%2f..%2fpackage.json',
        '/%2e%2e/%2e%2e/package.json',
        '/..\\..\\package.json',
        '/assets/',
        '/assets',
        '/.env',
        '/server/main.js',
        '/%00',
        '//evil.example/%2e%2e',
      ]) {
        const text = await raw(address, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
        expect(text, path).not.toMatch(/"dependencies"|erasableSyntaxOnly|Index of/)
        expect(text, path).toMatch(/^HTTP\/1\.1 (200|400|404)/)
        expect(text, path).not.toMatch(INSIDES)
      }
      const sign = (headers: Record<string, string>) =>
        fetch(`${address}/api/session`, { method: 'DELETE', headers })
      expect((await sign({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
      expect((await sign({ origin: 'https://evil.example' })).status).toBe(403)
      expect((await sign({ origin: 'null' })).status).toBe(403)
      expect((await sign({})).status).toBe(403)
      const out = await sign({ 'sec-fetch-site': 'same-origin' })
      expect(out.headers.get('set-cookie')).toMatch(
        /^__Host-sid=;(?=.*Path=\/)(?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)/,
      )
      expect(out.headers.get('strict-transport-security')).toContain('max-age=31536000')
      // Without the prefix a cookie means nothing here, so no other host can plant one.
      const planted = await fetch(`${address}/api/teams`, { headers: { cookie: `sid=${'x'.repeat(43)}` } })
      expect(planted.status).toBe(401)
      // Headers without end, and headers that never end.
      const bomb = await raw(address, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`)
      expect(bomb).toMatch(/^HTTP\/1\.1 431/)
      expect(secure.server.requestTimeout).toBeLessThanOrEqual(30_000)
      expect(secure.server.headersTimeout).toBeLessThanOrEqual(60_000)
      expect(secure.server.timeout).toBeGreaterThan(0)
    } finally {
      await secure.close()
      await open.close()
    }
  })
})

/** Sends exactly this, and gives everything that comes back. */
function raw(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}
