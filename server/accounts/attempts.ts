import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { type BothLanguages, type Refusal, tooMuch } from '../http/call.ts'
import { isKnownDevice } from '../http/devices.ts'
import { hashOf } from '../http/session.ts'

/** Who tries to sign in, and from where. */
export interface Trying {
  email: string
  /** The address, or the network of it. */
  address: string
  /** The token of a place where somebody signed in before. */
  device: string | null
}

/** What failures are counted by. */
type Kind = 'device' | 'both' | 'account' | 'address' | 'everywhere'
type Subjects = Partial<Record<Kind, string>>
interface Limit {
  kind: Kind
  most: number
  minutes: number
}
const DAY_MINUTES = 1440
/** A name or two a minute that is not right is people; more than that is somebody with a list. */
const LIMITS: readonly Limit[] = [
  { kind: 'device', most: 10, minutes: 15 },
  { kind: 'both', most: 10, minutes: 15 },
  { kind: 'account', most: 60, minutes: 15 },
  { kind: 'address', most: 60, minutes: 15 },
  { kind: 'address', most: 300, minutes: DAY_MINUTES },
  { kind: 'everywhere', most: 300, minutes: 15 },
]

/** A sign-in under way, counted as a failure until it turns out to be none. */
export interface Attempt {
  rows: number[]
  /** What earlier failures of the same person are under. */
  own: string
}

/**
 * Counts a sign-in before its password is looked at, so that guesses made at the same moment count each other; refuses it
 * (429) after too many. Where the account signed in before, only what fails there counts, so nobody elsewhere can keep a
 * colleague out. Everybody else shares the counts of account, address and all together, so that neither many passwords for
 * one account nor one password for many gets far. What is refused does not count, or the wait would never end.
 */
export async function beginAttempt(db: Db, trying: Trying, now: Date): Promise<Attempt> {
  const subjects = subjectsOf(trying, await isKnownDevice(db, trying.device, trying.email, now))
  await db.deleteFrom('signInFailure').where('failedAt', '<', before(now, DAY_MINUTES)).execute()
  // Whoever goes on after a refusal costs a few questions, and no writing.
  const already = await fullAt(db, subjects, 1, now)
  if (already.length > 0) throw refusalOf(already)
  const inserted = await db
    .insertInto('signInFailure')
    .values(Object.values(subjects).map(subjectSha256 => ({ subjectSha256, failedAt: now })))
    .returning('id')
    .execute()
  const attempt = { rows: inserted.map(row => row.id), own: (subjects.device ?? subjects.both)! }
  const full = await fullAt(db, subjects, 0, now)
  if (full.length === 0) return attempt
  await withdraw(db, attempt)
  throw refusalOf(full)
}

/** The limits that would be passed with so many more. */
async function fullAt(db: Db, subjects: Subjects, more: number, now: Date): Promise<Limit[]> {
  const limits = LIMITS.filter(({ kind }) => kind in subjects)
  const { rows } = await sql<{ place: number; failures: number }>`
    select place::int, (select count(*) from sign_in_failure f
      where f.subject_sha256 = l.subject and f.failed_at > l.since)::int as failures
    from unnest(${limits.map(({ kind }) => subjects[kind]!)}::text[],
      ${limits.map(({ minutes }) => before(now, minutes).toISOString())}::timestamptz[]) with ordinality
      as l (subject, since, place)`.execute(db)
  const failures = new Map(rows.map(row => [row.place - 1, row.failures]))
  return limits.filter((limit, index) => (failures.get(index) ?? 0) + more > limit.most)
}

function before(now: Date, minutes: number): Date {
  return new Date(now.getTime() - minutes * 60_000)
}

function refusalOf(full: readonly Limit[]): Refusal {
  const minutes = Math.max(...full.map(limit => limit.minutes))
  return tooMuch(minutes === DAY_MINUTES ? TOMORROW : SOON, minutes * 60)
}

const SOON: BothLanguages = {
  nl: 'Te veel mislukte pogingen. Wacht 15 minuten, of vraag je beheerder om een nieuwe link.',
  en: 'Too many failed attempts. Wait 15 minutes, or ask your administrator for a new link.',
}
const TOMORROW: BothLanguages = {
  nl: 'Vanaf deze locatie zijn vandaag te veel pogingen mislukt. Probeer het morgen, of vraag je beheerder om een nieuwe link.',
  en: 'Too many attempts from this location failed today. Try again tomorrow, or ask your administrator for a new link.',
}

async function withdraw(db: Db, { rows }: Attempt): Promise<void> {
  await db.deleteFrom('signInFailure').where('id', 'in', rows).execute()
}

/** The sign-in succeeded: it was no failure, and earlier ones of this account from this place no longer count. */
export async function attemptSucceeded(db: Db, attempt: Attempt): Promise<void> {
  await withdraw(db, attempt)
  await db.deleteFrom('signInFailure').where('subjectSha256', '=', attempt.own).execute()
}

/** Hashes, so that the table names nobody. */
function subjectsOf({ email, address, device }: Trying, known: boolean): Subjects {
  const account = email.toLowerCase()
  if (known) return { device: hashOf(`device ${account} ${device}`) }
  return {
    both: hashOf(`both ${account} ${address}`),
    account: hashOf(`account ${account}`),
    address: hashOf(`address ${address}`),
    everywhere: hashOf('everywhere'),
  }
}
