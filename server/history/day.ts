import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'

/**
 * From here on, what this transaction changes is kept in the history as having changed on this day. Without it the day is
 * today in the Netherlands by the clock of the database.
 */
export async function changesCountFrom(tx: Tx, day: string): Promise<void> {
  await sql`select set_config('instroom.today', ${day}, true)`.execute(tx)
}
