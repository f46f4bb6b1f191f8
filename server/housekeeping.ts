import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { OpenDatabase } from '../db/database.ts'
import { dayOf } from './contract/days.ts'
import { endEntries } from './rulebook-admin/catalogue-entries.ts'
import { reweighAll } from './rulebook-admin/publish.ts'

const HOUR = 3_600_000
/** A client that repeats a request after this has forgotten about it. */
const KEEP_ANSWERS_HOURS = 24
const KEEP_INVITATIONS_DAYS = 30
const KEEP_WAITING_MAIL_HOURS = 48
const KEEP_SENT_MAIL_DAYS = 30

/**
 * Removes what has served its time and weighs seats by the day that it now is, every hour, and keeps the embedded database in
 * shape at night.
 */
export function keepHouse(app: FastifyInstance, open: OpenDatabase, now: () => Date): void {
  let vacuumedOn = now().getDate()
  const timer = setInterval(() => {
    void tidy(open, now()).catch(error => failed(app.log, error))
    // A measure ends and a rulebook starts at midnight, without anybody doing anything.
    void reweighAll(open.db, now()).catch(error => failed(app.log, error))
    // The embedded database has no autovacuum.
    if (open.embedded && now().getHours() >= 3 && now().getDate() !== vacuumedOn) {
      vacuumedOn = now().getDate()
      void sql`vacuum (analyze)`.execute(open.db).catch(error => failed(app.log, error))
    }
  }, HOUR)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

/** Ended sessions, browsers where nobody signed in for long, stored answers to repeated requests, links that nobody can use any more, and entries of lists that end. */
export async function tidy(open: OpenDatabase, now: Date): Promise<void> {
  const before = (hours: number) => new Date(now.getTime() - hours * HOUR)
  await open.db.deleteFrom('session').where('expiresAt', '<', now).execute()
  await open.db.deleteFrom('knownDevice').where('expiresAt', '<', now).execute()
  await open.db.deleteFrom('idempotency').where('createdAt', '<', before(KEEP_ANSWERS_HOURS)).execute()
  await open.db
    .deleteFrom('invitation')
    .where('expiresAt', '<', before(KEEP_INVITATIONS_DAYS * 24))
    .execute()
  // Mail that never left, because no mail server is configured, is only in the way.
  await open.db
    .deleteFrom('mail')
    .where(eb =>
      eb.or([
        eb.and([eb('state', '=', 'waiting'), eb('createdAt', '<', before(KEEP_WAITING_MAIL_HOURS))]),
        eb.and([eb('state', '=', 'sent'), eb('createdAt', '<', before(KEEP_SENT_MAIL_DAYS * 24))]),
      ]),
    )
    .execute()
  await endEntries(open.db, dayOf(now))
  await open.db.deleteFrom('presence').where('seenAt', '<', before(1)).execute()
}

function failed(log: FastifyBaseLogger, error: unknown): void {
  log.warn({ err: error }, 'housekeeping did not finish; it tries again in an hour')
}
