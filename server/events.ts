import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import { canonicalJson } from '../solver/canonical.ts'
import type { SignedIn } from './http/call.ts'

export interface NewEvent {
  /** 'noun.happened', for instance 'case.created'; its sentence is in events.ts of that noun's folder. */
  type: string
  /** null: the system itself, or the command line. */
  actor: SignedIn | null
  organisationId: number | null
  teamId: number | null
  objectType: string
  objectId: string
  /** Numbers, codes and names of fields; never free text about people: of such text only its salted hash. */
  data: Record<string, unknown>
  at: Date
}

/** What the first event names as its predecessor. */
export const GENESIS = '0'.repeat(64)
/** Everybody who listens on this channel hears the number and the kind of every event, after commit. */
export const EVENT_CHANNEL = 'instroom_event'
const APPEND_LOCK = 7203451
const INSERT_AT_ONCE = 1000

/**
 * Appends one event in the transaction of the change that it records. The lock makes numbers gapless and in order of
 * commit; the hash covers the previous hash, so that an edit anywhere shows in `instroom verify`.
 */
export async function append(tx: Tx, event: NewEvent): Promise<number> {
  const [seq] = await appendAll(tx, [event])
  return seq!
}

/** As `append`, for many events at once, in this order. Gives their numbers. */
export async function appendAll(tx: Tx, events: readonly NewEvent[]): Promise<number[]> {
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
  return rows.map(row => row.seq)
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
