import { createHash, randomBytes } from 'node:crypto'
import type { Db, Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { roleOf } from '../contract/roles.ts'
import type { Device } from './browsers.ts'
import type { SignedIn } from './call.ts'
import { type Rights, rightsFrom } from './rights.ts'

/** How long a session lasts, in minutes. */
export interface SessionTerms {
  idle: number
  absolute: number
}
export const OFFICE_HOURS: SessionTerms = { idle: 30, absolute: 600 }
export const DEMO_HOURS: SessionTerms = { idle: 480, absolute: 600 }

const MINUTE = 60_000
/** Being seen is written down once a minute at most: reading a page is not worth a write. */
const SEEN_AGAIN_AFTER = MINUTE

export interface Session {
  idSha256: string
  user: SignedIn
  locale: Locale
}

/** Only the hash of an id is stored: who reads the database cannot take over a session. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** 256 bits that nobody can guess, as text for a cookie or an address. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

export function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

/** Always a new id: one that was known before sign-in is worth nothing after it. */
export async function startSession(
  db: Executor,
  userId: number,
  now: Date,
  terms: SessionTerms,
  device: Device | null = null,
): Promise<string> {
  const id = newSecret()
  await db
    .insertInto('session')
    .values({
      idSha256: hashOf(id),
      userId,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + terms.absolute * MINUTE),
      ...device,
    })
    .execute()
  return id
}

export async function endSession(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('session').where('idSha256', '=', hashOf(id)).execute()
}

/** Ends every session of a user: at deactivation, and when their rights or password change. */
export async function endSessionsOf(db: Executor, userId: number): Promise<void> {
  await db.deleteFrom('session').where('userId', '=', userId).execute()
}

/** The sessions of a user that go on, the one seen last first. */
export async function sessionsOf(db: Executor, userId: number, now: Date, terms: SessionTerms) {
  return db
    .selectFrom('session')
    .select(['idSha256', 'number', 'browser', 'system', 'createdAt', 'lastSeenAt'])
    .where('userId', '=', userId)
    .where('expiresAt', '>', now)
    .where('lastSeenAt', '>', idleSince(now, terms))
    .orderBy('lastSeenAt', 'desc')
    .orderBy('number', 'desc')
    .execute()
}

/** Who was not seen after this is signed out. */
function idleSince(now: Date, terms: SessionTerms): Date {
  return new Date(now.getTime() - terms.idle * MINUTE)
}

/**
 * The person behind a session id, with their rights as they are now; null when the session ended, was idle too long or
 * belongs to somebody who is no longer active. `seen: false` looks without counting as activity.
 */
export async function readSession(
  db: Db,
  id: string,
  now: Date,
  terms: SessionTerms,
  { seen }: { seen: boolean } = { seen: true },
): Promise<Session | null> {
  const idSha256 = hashOf(id)
  const row = await db
    .selectFrom('session as s')
    .innerJoin('userAccount as u', 'u.id', 's.userId')
    .select(['u.id', 'u.organisationId', 'u.name', 'u.locale', 'u.workerId', 's.lastSeenAt'])
    .where('s.idSha256', '=', idSha256)
    .where('u.status', '=', 'active')
    .where('s.expiresAt', '>', now)
    .where('s.lastSeenAt', '>', idleSince(now, terms))
    .executeTakeFirst()
  if (!row) return null
  if (seen && now.getTime() - row.lastSeenAt.getTime() > SEEN_AGAIN_AFTER) {
    await db.updateTable('session').set({ lastSeenAt: now }).where('idSha256', '=', idSha256).execute()
  }
  return {
    idSha256,
    locale: row.locale,
    user: {
      id: row.id,
      organisationId: row.organisationId,
      name: row.name,
      workerId: row.workerId,
      ...(await rightsOf(db, row.id, row.organisationId)),
    },
  }
}

async function rightsOf(db: Executor, userId: number, organisationId: number): Promise<Rights> {
  const grants = await db
    .selectFrom('userRole')
    .select(['role', 'teamId'])
    .where('userId', '=', userId)
    // What is past of a team that went into another is for the people of that other.
    .unionAll(
      db
        .selectFrom('userRole as r')
        .innerJoin('team as merged', 'merged.mergedInto', 'r.teamId')
        .select(['r.role', 'merged.id as teamId'])
        .where('r.userId', '=', userId),
    )
    .orderBy('role')
    .orderBy('teamId')
    .execute()
  if (!grants.some(grant => roleOf[grant.role].everyTeam)) return rightsFrom(grants, [])
  const teams = await db
    .selectFrom('team')
    .select('id')
    .where('organisationId', '=', organisationId)
    .orderBy('id')
    .execute()
  return rightsFrom(
    grants,
    teams.map(team => team.id),
  )
}
