import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { DAY_MS, dayOf } from '../contract/days.ts'
import { TEAM_ROLES } from '../contract/roles.ts'
import type { Round } from '../draft/rounds.ts'
import { settlingOf } from '../draft/settings.ts'
import { tell } from '../messages/write.ts'
import { startCounts } from './count.ts'

/** The questions stay open this long; only after that anything of the answers can be seen. */
export const PULSE_DAYS = 7

/** Asks the team and the workers who got a case two questions, if a team of the round wants that. */
export async function openPulse(
  tx: Tx,
  round: Round,
  workerIds: readonly number[],
  now: Date,
): Promise<void> {
  const teamIds = round.teams.map(team => team.id)
  const { pulse } = await settlingOf(tx, teamIds)
  if (!pulse) return
  const { rows } = await sql<{ id: number }>`
    select distinct u.id from user_account u
    where u.status = 'active' and u.organisation_id = ${round.organisationId}
      and (u.worker_id = any(${[...workerIds]}::int[]) or exists (
        select 1 from user_role r where r.user_id = u.id and r.role = any(${TEAM_ROLES}::text[])
          and r.team_id = any(${teamIds}::int[])))
    order by u.id`.execute(tx)
  if (rows.length === 0) return
  const closesAt = new Date(now.getTime() + PULSE_DAYS * DAY_MS)
  await tx.insertInto('pulse').values({ roundId: round.id, openedAt: now, closesAt }).execute()
  await startCounts(tx, round.id)
  await tx
    .insertInto('pulseInvitation')
    .values(rows.map(({ id }) => ({ roundId: round.id, userId: id })))
    .execute()
  await tell(tx, {
    organisationId: round.organisationId,
    userIds: rows.map(({ id }) => id),
    kind: 'pulse.asked',
    data: { round: round.id, until: dayOf(closesAt) },
    at: now,
  })
}
