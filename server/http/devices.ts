import type { Db, Executor } from '../../db/database.ts'
import { DAY_MS } from '../contract/days.ts'
import { hashOf, newSecret } from './session.ts'

/** As long as nobody signs in there. */
export const DEVICE_DAYS = 90

/** Whether this account signed in before from where this token is. */
export async function isKnownDevice(
  db: Db,
  token: string | null,
  email: string,
  now: Date,
): Promise<boolean> {
  if (token === null) return false
  const known = await db
    .selectFrom('knownDevice as d')
    .innerJoin('userAccount as u', 'u.id', 'd.userId')
    .select('d.userId')
    .where('d.tokenSha256', '=', hashOf(token))
    .where('d.expiresAt', '>', now)
    .where(eb => eb(eb.fn<string>('lower', ['u.email']), '=', email.toLowerCase()))
    .executeTakeFirst()
  return known !== undefined
}

/** Whether anybody signed in before from where this token is. */
export async function isDevice(db: Db, token: string, now: Date): Promise<boolean> {
  const known = await db
    .selectFrom('knownDevice')
    .select('userId')
    .where('tokenSha256', '=', hashOf(token))
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return known !== undefined
}

/**
 * Remembers where an account signed in, and gives the token that goes there: a new one every time, so that one that somebody
 * saw or planted is worth nothing after it. Others who use the same browser move along.
 */
export async function rememberDevice(
  tx: Executor,
  userId: number,
  token: string | null,
  now: Date,
): Promise<string> {
  const renewed = newSecret()
  const tokenSha256 = hashOf(renewed)
  const expiresAt = new Date(now.getTime() + DEVICE_DAYS * DAY_MS)
  if (token !== null) {
    await tx
      .updateTable('knownDevice')
      .set({ tokenSha256 })
      .where('tokenSha256', '=', hashOf(token))
      .where('expiresAt', '>', now)
      .execute()
  }
  await tx
    .insertInto('knownDevice')
    .values({ tokenSha256, userId, expiresAt })
    .onConflict(conflict => conflict.columns(['tokenSha256', 'userId']).doUpdateSet({ expiresAt }))
    .execute()
  return renewed
}

/** With another password, and when the account ends. */
export async function forgetDevicesOf(db: Executor, userId: number): Promise<void> {
  await db.deleteFrom('knownDevice').where('userId', '=', userId).execute()
}
