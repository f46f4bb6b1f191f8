import type { Tx } from '../../db/database.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import { Refusal } from './call.ts'

export interface Sent {
  userId: number
  /** The Idempotency-Key, a UUID that the client makes when the dialog opens. */
  key: string
  /** Method and path, with the numbers in it. */
  route: string
  body: unknown
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The key of a request that decides something. Absent: 428; not a UUID: 400. */
export function idempotencyKey(header: string | string[] | undefined): string {
  if (header === undefined) {
    throw new Refusal(428, {
      nl: 'Het verzoek mist de kop Idempotency-Key (een UUID). Daardoor zou het twee keer kunnen gelden.',
      en: 'The request lacks the header Idempotency-Key (a UUID), so it might count twice.',
    })
  }
  if (typeof header !== 'string' || !UUID.test(header)) {
    throw new Refusal(400, {
      nl: 'Idempotency-Key moet een UUID zijn.',
      en: 'Idempotency-Key must be a UUID.',
    })
  }
  return header.toLowerCase()
}

/**
 * Runs `handle` once for a key, however often the request arrives. The record is written first and in the same
 * transaction: a second request at the same time waits for it, and then reads the stored answer.
 */
export async function once(
  tx: Tx,
  sent: Sent,
  status: number,
  handle: () => Promise<unknown>,
): Promise<{ status: number; body: unknown; replayed: boolean }> {
  const requestSha256 = sha256(sent.body ?? null)
  const { userId, key, route } = sent
  const reserved = await tx
    .insertInto('idempotency')
    .values({ userId, key, route, requestSha256, status: 0, body: 'null' })
    .onConflict(conflict => conflict.columns(['userId', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!reserved) {
    const stored = await tx
      .selectFrom('idempotency')
      .select(['route', 'requestSha256', 'status', 'body'])
      .where('userId', '=', userId)
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    if (stored.route !== route || stored.requestSha256 !== requestSha256) {
      throw new Refusal(422, {
        nl: 'Deze Idempotency-Key is al gebruikt voor een ander verzoek. Maak een nieuwe.',
        en: 'This Idempotency-Key was used for another request. Make a new one.',
      })
    }
    return { status: stored.status, body: stored.body, replayed: true }
  }
  const body = await handle()
  await tx
    .updateTable('idempotency')
    .set({ status, body: JSON.stringify(body) })
    .where('userId', '=', userId)
    .where('key', '=', key)
    .execute()
  return { status, body, replayed: false }
}
