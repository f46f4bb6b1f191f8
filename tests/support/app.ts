import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Db, OpenDatabase } from '../../db/database.ts'
import type { Role } from '../../db/schema.ts'
import { buildApp } from '../../server/app.ts'
import type { Config } from '../../server/config/config.ts'
import { OFFICE_HOURS, startSession } from '../../server/http/session.ts'
import { anOrganisation, aTeam, aUser, aWorker, TODAY } from './builders.ts'
import { type Engine, freshDatabase } from './databases.ts'

export interface Answer<Body = Record<string, unknown>> {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  body: Body
  text: string
}

export interface Sending {
  body?: unknown
  /** The version for If-Match. */
  version?: number
  /** The Idempotency-Key; a new one for every POST unless given. null: none. */
  key?: string | null
  headers?: Record<string, string>
}

/** Somebody who is signed in, and what they ask. */
export interface Caller {
  userId: number
  cookie: string
  ask<Body = Record<string, unknown>>(method: string, path: string, sending?: Sending): Promise<Answer<Body>>
  get<Body = Record<string, unknown>>(path: string, sending?: Sending): Promise<Answer<Body>>
  post<Body = Record<string, unknown>>(path: string, body?: unknown, sending?: Sending): Promise<Answer<Body>>
  put<Body = Record<string, unknown>>(path: string, body?: unknown, sending?: Sending): Promise<Answer<Body>>
  delete<Body = Record<string, unknown>>(path: string, sending?: Sending): Promise<Answer<Body>>
}

export interface TestApp {
  app: FastifyInstance
  db: Db
  open: OpenDatabase & { url: string }
  config: Config
  organisationId: number
  /** Two teams of the organisation; the standard users belong to the first. */
  teamId: number
  otherTeamId: number
  /** The worker that the standard user with that role is. */
  workerId: number
  staffNumber: string
  /** The clock of the server: `clock.at = new Date(…)` moves it. */
  clock: { at: Date }
  /** Nobody is signed in. */
  anonymous: Caller
  /** The standard user with a role: made at the first call, the same one afterwards. */
  as(role: Role): Promise<Caller>
  /** A new session for any user. */
  signIn(userId: number): Promise<Caller>
  close(): Promise<void>
}

/** The real app on a real, migrated database with one organisation, its catalogues, two teams and one worker. */
export async function startApp(options: {
  engine: Engine
  demo?: boolean
  now?: Date
  mail?: Config['mail']
  requestsPerMinute?: Config['requestsPerMinute']
}): Promise<TestApp> {
  const open = await freshDatabase(options.engine)
  const { db } = open
  const config: Config = {
    databaseUrl: open.url,
    listenUrl: open.url,
    drainSeconds: 0,
    host: '127.0.0.1',
    port: 0,
    publicUrl: new URL('http://localhost:4310'),
    demo: options.demo ?? false,
    production: false,
    trustedProxies: [],
    // Tests ask faster than people.
    requestsPerMinute: options.requestsPerMinute ?? { session: 1_000_000, address: 1_000_000 },
    logLevel: process.env.LOG_LEVEL ?? 'silent',
    webDirectory: null,
    mail: options.mail ?? null,
  }
  const clock = { at: options.now ?? new Date(`${TODAY}T10:00:00+01:00`) }
  const app = await buildApp({ open, config, now: () => new Date(clock.at) })
  await app.ready()

  const organisationId = await anOrganisation(db)
  const teamId = await aTeam(db, { organisationId, name: 'Team Oost' })
  const otherTeamId = await aTeam(db, { organisationId, name: 'Team West' })
  const worker = await aWorker(db, { organisationId, teamId })

  const callerFor = (userId: number, cookie: string): Caller => {
    const ask = async <Body>(method: string, path: string, sending: Sending = {}): Promise<Answer<Body>> => {
      const key = sending.key === undefined && method === 'POST' ? randomUUID() : sending.key
      const answer = await app.inject({
        method: method as 'GET',
        url: `/api${path}`,
        headers: {
          host: 'localhost:4310',
          ...(method !== 'GET' && { 'sec-fetch-site': 'same-origin' }),
          ...(cookie && { cookie }),
          ...(sending.version !== undefined && { 'if-match': `"v${sending.version}"` }),
          ...(key && { 'idempotency-key': key }),
          ...sending.headers,
        },
        ...(sending.body !== undefined && { payload: sending.body as object }),
      })
      const isJson = /json/.test(String(answer.headers['content-type']))
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.payload,
        body: (isJson ? answer.json() : answer.payload) as Body,
      }
    }
    return {
      userId,
      cookie,
      ask,
      get: (path, sending) => ask('GET', path, sending),
      post: (path, body, sending) => ask('POST', path, { ...sending, body }),
      put: (path, body, sending) => ask('PUT', path, { ...sending, body }),
      delete: (path, sending) => ask('DELETE', path, sending),
    }
  }
  const signIn = async (userId: number) =>
    callerFor(userId, `sid=${await startSession(db, userId, clock.at, OFFICE_HOURS)}`)

  const standard = new Map<Role, Promise<number>>()
  const standardUser = (role: Role) =>
    aUser(db, {
      organisationId,
      roles: [{ role, ...((role === 'intake' || role === 'lead') && { teamId }) }],
      workerId: role === 'worker' ? worker.id : null,
      name: `Standaard ${role}`,
      email: `${role}@instroom.test`,
    })

  return {
    app,
    db,
    open,
    config,
    organisationId,
    teamId,
    otherTeamId,
    workerId: worker.id,
    staffNumber: worker.staffNumber,
    clock,
    anonymous: callerFor(0, ''),
    async as(role) {
      if (!standard.has(role)) standard.set(role, standardUser(role))
      return signIn(await standard.get(role)!)
    },
    signIn,
    async close() {
      await app.close()
      await open.close()
    },
  }
}
