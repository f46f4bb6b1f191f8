import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { Refusal } from '../http/call.ts'
import { hashOf } from '../http/session.ts'

const WINDOW_MINUTES = 15
/** Guesses per quarter of an hour: for one account from one address, for one account, from one address. */
const LIMITS = { both: 10, account: 60, address: 100 }

/**
 * Refuses a sign-in after too many failures (429). One address cannot lock a colleague out: it fills its own count, and
 * the count of an account over all addresses is a multiple of it and empties by itself.
 */
export async function refuseTooMany(db: Db, email: string, address: string, now: Date): Promise<void> {
  const subjects = subjectsOf(email, address)
  const since = new Date(now.getTime() - WINDOW_MINUTES * 60_000)
  const counts = await db
    .selectFrom('signInFailure')
    .select(['subjectSha256', sql<number>`count(*)`.as('failures')])
    .where('subjectSha256', 'in', Object.values(subjects))
    .where('failedAt', '>', since)
    .groupBy('subjectSha256')
    .execute()
  const failures = new Map(counts.map(row => [row.subjectSha256, row.failures]))
  const full = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).some(
    kind => (failures.get(subjects[kind]) ?? 0) >= LIMITS[kind],
  )
  if (!full) return
  throw new Refusal(429, {
    nl: `Te veel mislukte pogingen. Wacht ${WINDOW_MINUTES} minuten, of vraag je beheerder om een nieuwe link.`,
    en: `Too many failed attempts. Wait ${WINDOW_MINUTES} minutes, or ask your administrator for a new link.`,
  })
}

/** Counts a failure, and forgets those that no longer count. */
export async function countFailure(db: Db, email: string, address: string, now: Date): Promise<void> {
  const subjects = Object.values(subjectsOf(email, address))
  await db
    .insertInto('signInFailure')
    .values(subjects.map(subjectSha256 => ({ subjectSha256, failedAt: now })))
    .execute()
  await db
    .deleteFrom('signInFailure')
    .where('failedAt', '<', new Date(now.getTime() - WINDOW_MINUTES * 60_000))
    .execute()
}

/** After a sign-in the failures of this account from this address no longer count. */
export async function forgetFailures(db: Db, email: string, address: string): Promise<void> {
  await db.deleteFrom('signInFailure').where('subjectSha256', '=', subjectsOf(email, address).both).execute()
}

function subjectsOf(email: string, address: string) {
  const account = email.toLowerCase()
  return {
    both: hashOf(`both ${account} ${address}`),
    account: hashOf(`account ${account}`),
    address: hashOf(`address ${address}`),
  }
}
