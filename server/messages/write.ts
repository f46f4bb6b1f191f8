import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { MessageKind } from './sentences.ts'

/** Nobody waits for a mail that is older: switching mail on does not send last month's. */
export const OLDEST_HOURS = 24

/** Who hears of something, by user or by worker; who has no active account hears nothing. */
export interface NewMessage {
  organisationId: number
  userIds?: readonly number[]
  workerIds?: readonly number[]
  kind: MessageKind
  /** Numbers and names that the sentence needs. Mail carries none of it. */
  data: Record<string, string | number | null>
  at: Date
  /** false: only in the list, for what somebody waits for and sees by themselves. Default true. */
  byMail?: boolean
}

/**
 * Puts a message in the list of these people, in the transaction of what it tells of, and one mail in the outbox for each who
 * has none waiting that will still leave: a mail only says that there is something to read.
 */
export async function tell(tx: Tx, message: NewMessage): Promise<void> {
  const { organisationId, userIds = [], workerIds = [], kind, data, at, byMail = true } = message
  await sql`
    with told as (
      select id from user_account where organisation_id = ${organisationId} and status = 'active'
        and (id = any(${[...userIds]}::int[]) or worker_id = any(${[...workerIds]}::int[]))
    ), written as (
      insert into message (organisation_id, user_id, kind, data, created_at)
      select ${organisationId}, id, ${kind}, ${JSON.stringify(data)}::jsonb, ${at} from told
    )
    insert into mail (organisation_id, user_id, next_at, created_at)
    select ${organisationId}, id, ${at}, ${at} from told
    where ${byMail} and not exists (select 1 from mail m where m.user_id = told.id and m.state = 'waiting'
      and m.created_at > ${new Date(at.getTime() - OLDEST_HOURS * 3_600_000)})`.execute(tx)
}

/** These teams, and for one that went into another that other: its people have the past of both. */
const goingOn = (tx: Tx, teamIds: readonly number[]) =>
  tx
    .selectFrom('team')
    .select(eb => eb.fn.coalesce('mergedInto', 'id').as('id'))
    .where('id', '=', sql<number>`any(${[...teamIds]}::int[])`)

/** The people of some teams who hold one of these roles in it. */
export async function teamPeople(
  tx: Tx,
  teamIds: readonly number[],
  roles: readonly ('intake' | 'lead')[],
): Promise<number[]> {
  const rows = await tx
    .selectFrom('userRole as r')
    .innerJoin('userAccount as u', 'u.id', 'r.userId')
    .select('r.userId')
    .distinct()
    .where('r.role', 'in', [...roles])
    .where('r.teamId', 'in', goingOn(tx, teamIds))
    .where('u.status', '=', 'active')
    .orderBy('r.userId')
    .execute()
  return rows.map(row => row.userId)
}
