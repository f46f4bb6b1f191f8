import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import { canonicalJson } from '../../solver/problem/canonical.ts'
import { withKeys } from './case-keys.ts'
import type { NewEvent } from './event.ts'
import { shouldRunAgain } from './run-again.ts'

/** What the first event names as its predecessor. */
export const GENESIS = '0'.repeat(64)
/** Everybody who listens on this channel hears the number and the kind of every event, after commit. */
export const EVENT_CHANNEL = 'instroom_event'
const APPEND_LOCK = 7203451
const INSERT_AT_ONCE = 1000

/** What a transaction of `inTransaction` has to record, until it is about to end. */
const waiting = new WeakMap<Tx, NewEvent[]>()

/**
 * Runs `change` in one transaction, and again when the database gave way to another one (at most five times in all).
 * The whole callback runs again, so it may touch nothing but the transaction. Its events are written last: everybody who
 * changes something waits for the lock on them, so nothing is worked out or read while it is held.
 */
export async function inTransaction<Result>(db: Db, change: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async tx => {
        waiting.set(tx, [])
        const result = await change(tx)
        await writeEvents(tx)
        return result
      })
    } catch (error) {
      if (attempt === 5 || !shouldRunAgain(error)) throw error
      await pause(Math.random() * 20 * 2 ** attempt)
    }
  }
}

/** Appends one event in the transaction of the change that it records, which `inTransaction` opened. */
export function append(tx: Tx, event: NewEvent): void {
  appendAll(tx, [event])
}

/** As `append`, for many events at once, in this order. */
export function appendAll(tx: Tx, events: readonly NewEvent[]): void {
  const queue = waiting.get(tx)
  if (!queue) throw new Error('Only what runs in inTransaction records events.')
  for (const event of events) queue.push(event)
}

/** A part of a transaction that may fail without it: what it changed and recorded is undone, and its error is thrown. */
export async function inSavepoint<Result>(tx: Tx, change: () => Promise<Result>): Promise<Result> {
  const queue = waiting.get(tx)
  const before = queue?.length ?? 0
  await sql`savepoint part`.execute(tx)
  try {
    const result = await change()
    await sql`release savepoint part`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint part`.execute(tx)
    await sql`release savepoint part`.execute(tx)
    queue?.splice(before)
    throw error
  }
}

/** What this transaction records, for an answer that reads it back before it is written. Newest last; none outside one. */
export function unwritten(db: Executor): readonly NewEvent[] {
  return (db.isTransaction && waiting.get(db as Tx)) || []
}

/**
 * Writes what waits. The lock makes numbers gapless and in order of commit; the hash
 * covers the previous hash, so that an edit anywhere shows in `instroom verify`.
 */
async function writeEvents(tx: Tx): Promise<void> {
  const recorded = waiting.get(tx)?.splice(0) ?? []
  if (recorded.length === 0) return
  const events = await withKeys(tx, recorded)
  await sql`select pg_advisory_xact_lock(${APPEND_LOCK})`.execute(tx)
  const last = await tx
    .selectFrom('event')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  let previousHash = last?.hash ?? GENESIS
  const rows = events.map((event, index) => {
    const row = {
      seq: (last?.seq ?? 0) + 1 + index,
      at: event.at,
      type: event.type,
      actorId: event.actor?.id ?? null,
      actorRole: event.actor?.roles.join(',') ?? null,
      organisationId: event.organisationId,
      teamId: event.teamId,
      objectType: event.objectType,
      objectId: event.objectId,
      data: event.data,
      previousHash,
    }
    previousHash = eventHash(row)
    return { ...row, data: JSON.stringify(row.data), hash: previousHash }
  })
  for (let start = 0; start < rows.length; start += INSERT_AT_ONCE) {
    await tx
      .insertInto('event')
      .values(rows.slice(start, start + INSERT_AT_ONCE))
      .execute()
  }
  const heard = rows.map(({ seq, type, objectType, objectId, teamId }) =>
    JSON.stringify({ seq, type, objectType, objectId, teamId }),
  )
  await sql`select pg_notify(${EVENT_CHANNEL}, line) from unnest(${heard}::text[]) line`.execute(tx)
}

/** sha256 over the previous hash and the canonical JSON of everything else in the event. */
export function eventHash(
  event: { at: Date; previousHash: string; data: unknown } & Record<string, unknown>,
): string {
  const { previousHash, hash: _, ...rest } = event
  return createHash('sha256')
    .update(previousHash)
    .update(canonicalJson({ ...rest, at: event.at.toISOString() }))
    .digest('hex')
}

/** What a person wrote with a decision. */
export interface Motives {
  reasonText: string | null
  unregisteredReason: string | null
}

/**
 * Text stays out of the chain: its salted hash proves it later, and erasing text and salt leaves the chain whole. The
 * hashes go into the event, the salt into the decision; `salt` is given only to prove a decision that is already there.
 */
export function sealMotives(motives: Motives, salt = randomBytes(16).toString('hex')) {
  const seal = (text: string | null) =>
    text === null ? null : createHash('sha256').update(salt).update(text).digest('hex')
  return {
    salt,
    hashes: {
      reasonSha256: seal(motives.reasonText),
      unregisteredSha256: seal(motives.unregisteredReason),
    },
  }
}
