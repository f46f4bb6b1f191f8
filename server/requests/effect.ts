import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { AvailabilityEffect, AvailabilityEntry } from '../contract/requests.ts'
import { blocksStart } from '../weighing/absence.ts'
import { periodsOf } from './state.ts'

/**
 * What entries would do to the room of a worker, each on its first day. Norm hours are calculated in one place, the
 * database: the entries are laid in the tables, the norm is read, and everything is taken back.
 */
export async function effectOf(
  tx: Tx,
  workerId: number,
  entries: readonly AvailabilityEntry[],
  today: string,
): Promise<AvailabilityEffect> {
  const days = entries.map(one => (one.validFrom < today ? today : one.validFrom))
  const before = await normsOn(tx, workerId, days)
  await sql`savepoint effect`.execute(tx)
  await layIn(tx, workerId, entries)
  const after = await normsOn(tx, workerId, days)
  await sql`rollback to savepoint effect`.execute(tx)
  const seats = await tx
    .selectFrom('heldSeat')
    .select(['startsOn', 'endsOn', 'hours'])
    .where('workerId', '=', workerId)
    .execute()
  return {
    entries: entries.map((entry, index) => {
      const on = days[index]!
      const running = seats.filter(one => one.startsOn <= on && (one.endsOn === null || one.endsOn > on))
      return {
        on,
        normBefore: before.get(on) ?? 0,
        normAfter: after.get(on) ?? 0,
        hoursInUse: running.reduce((sum, one) => sum + Math.round(one.hours * 100), 0) / 100,
        blocksStart:
          entry.kind === 'absence' &&
          periodsOf(entry).some(one => blocksStart({ ...one, percentage: entry.percentage })),
        startsInside: seats.filter(
          seat =>
            seat.startsOn > today &&
            periodsOf(entry).some(
              one =>
                seat.startsOn >= one.validFrom &&
                (one.validUntil === null || seat.startsOn <= one.validUntil),
            ),
        ).length,
      }
    }),
  }
}

/** Writes entries into the record. The caller holds the lock on the worker. */
export async function layIn(tx: Tx, workerId: number, entries: readonly AvailabilityEntry[]): Promise<void> {
  for (const entry of entries) {
    const { kind, reason, percentage } = entry
    const rows = periodsOf(entry).map(period => ({ ...period, workerId, percentage }))
    if (kind === 'absence') await tx.insertInto('absence').values(rows).execute()
    else
      await tx
        .insertInto('reduction')
        .values(rows.map(row => ({ ...row, reasonCode: reason! })))
        .execute()
  }
}

async function normsOn(tx: Tx, workerId: number, days: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; normHours: number }>`
    select day, norm_hours from worker_norms_on(${[...new Set(days)]}::date[]) where worker_id = ${workerId}`.execute(
    tx,
  )
  return new Map(rows.map(row => [row.day, row.normHours]))
}
