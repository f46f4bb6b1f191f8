import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Db, OpenDatabase } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import { cookieName } from '../http/guards.ts'
import { DEMO_HOURS, endSession, startSession } from '../http/session.ts'
import { fillDemo } from './fill.ts'

const FILLED = 'demo.filled'
const LOOK_AGAIN_AFTER_MS = 200
const LONGEST_WAIT_MS = 60_000

/**
 * Fills an empty database with the demo organisation. True when it did. Throws on a database with data of its own: in
 * the demo everybody picks a role without a password, so real data must never be behind it.
 */
export async function prepareDemo(open: OpenDatabase, today: string): Promise<boolean> {
  const organisation = await open.db.selectFrom('organisation').select('id').limit(1).executeTakeFirst()
  if (!organisation) {
    await fillDemo(open, today)
    return true
  }
  const filled = await open.db.selectFrom('event').select('seq').where('type', '=', FILLED).executeTakeFirst()
  if (filled) return false
  throw new Error(
    'This database holds an organisation that is not the demo. The demo lets everybody in, so it does not open it. ' +
      'Leave DATABASE_URL and DATA_DIR empty, or name another directory.',
  )
}

/** One round through the same requests as people make: the waiting cases of one team, until its proposal is there. */
export async function runDemoRound(
  app: FastifyInstance,
  db: Db,
  config: Config,
  now: Date,
  startOn: string,
): Promise<void> {
  const composer = await db
    .selectFrom('userRole as r')
    .innerJoin('userAccount as u', 'u.id', 'r.userId')
    .select(['r.userId', 'r.teamId'])
    .where('r.role', '=', 'intake')
    .where('u.status', '=', 'active')
    .orderBy('r.userId')
    .orderBy('r.teamId')
    .executeTakeFirstOrThrow()
  const session = await startSession(db, composer.userId, now, DEMO_HOURS)
  const ask = asUser(app, `${cookieName(config)}=${session}`)
  try {
    const { cases } = await ask<Endpoints['GET /cases']['reply']>(
      'GET',
      `/cases?status=waiting&team=${composer.teamId}`,
    )
    const ready = cases.filter(row => row.missing.length === 0).map(row => row.caseNumber)
    if (ready.length === 0) return
    const { id } = await ask<{ id: number }>('POST', '/rounds', {
      teamIds: [composer.teamId],
      caseNumbers: ready,
      staffNumbers: null,
      startOn,
      profile: 'balanced',
    })
    const until = Date.now() + LONGEST_WAIT_MS
    while (!(await hasProposal(db, id))) {
      if (Date.now() > until) throw new Error(`Round ${id} of the demo has no proposal after a minute.`)
      await pause(LOOK_AGAIN_AFTER_MS)
    }
  } finally {
    await endSession(db, session)
  }
}

async function hasProposal(db: Db, roundId: number): Promise<boolean> {
  const run = await db
    .selectFrom('run')
    .select('state')
    .where('roundId', '=', roundId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  if (run.state === 'failed') throw new Error(`The calculation of round ${roundId} of the demo failed.`)
  return run.state === 'done'
}

function asUser(app: FastifyInstance, cookie: string) {
  return async <Reply>(method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> => {
    const answer = await app.inject({
      method,
      url: `/api${path}`,
      headers: {
        cookie,
        'accept-language': 'en',
        'sec-fetch-site': 'same-origin',
        'idempotency-key': crypto.randomUUID(),
      },
      ...(body && { payload: body }),
    })
    if (answer.statusCode >= 400) {
      throw new Error(`${method} ${path} answered ${answer.statusCode}: ${answer.payload}`)
    }
    return answer.json<Reply>()
  }
}
