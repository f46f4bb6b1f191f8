import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { tooMuch } from '../http/call.ts'
import { hashOf } from '../http/session.ts'

const WINDOW_MINUTES = 15
/** Guesses per quarter of an hour: for one account from one address, for one account, from one address. */
const LIMITS = { both: 10, account: 60, address: 100 }

/** A sign-in under way, counted as a failure until it turns out to be none. */
export interface Attempt {
  rows: number[]
}

/**
 * Counts a sign-in before its password is looked at, so that guesses made at the same moment count each other; refuses it
 * (429) after too many. One address cannot lock a colleague out: it fills its own count, and the count of an account over all
 * addresses is a multiple of it and empties by itself. What is refused does not count, or the wait would never end.
 */
export async function beginAttempt(db: Db, email: string, address: string, now: Date): Promise<Attempt> {
  const subjects = subjectsOf(email, address)
  const since = new Date(now.getTime() - WINDOW_MINUTES * 60_000)
  await db.deleteFrom('signInFailure').where('failedAt', '<', since).execute()
  const inserted = await db
    .insertInto('signInFailure')
    .values(Object.values(subjects).map(subjectSha256 => ({ subjectSha256, failedAt: now })))
    .returning('id')
    .execute()
  const attempt = { rows: inserted.map(row => row.id) }
  const counts = await db
    .selectFrom('signInFailure')
    .select(['subjectSha256', sql<number>`count(*)`.as('failures')])
    .where('subjectSha256', 'in', Object.values(subjects))
    .where('failedAt', '>', since)
    .groupBy('subjectSha256')
    .execute()
  const failures = new Map(counts.map(row => [row.subjectSha256, row.failures]))
  const full = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).some(
    kind => (failures.get(subjects[kind]) ?? 0) > LIMITS[kind],
  )
  if (!full) return attempt
  await withdraw(db, attempt)
  throw tooMuch(
    {
      nl: `Te veel mislukte pogingen. Wacht ${WINDOW_MINUTES} minuten, of vraag je beheerder om een nieuwe link.`,
      en: `Too many failed attempts. Wait ${WINDOW_MINUTES} minutes, or ask your administrator for a new link.`,
    },
    WINDOW_MINUTES * 60,
  )
}

async function withdraw(db: Db, { rows }: Attempt): Promise<void> {
  await db.deleteFrom('signInFailure').where('id', 'in', rows).execute()
}

/** The sign-in succeeded: it was no failure, and earlier ones of this account from this address no longer count. */
export async function attemptSucceeded(
  db: Db,
  attempt: Attempt,
  email: string,
  address: string,
): Promise<void> {
  await withdraw(db, attempt)
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
