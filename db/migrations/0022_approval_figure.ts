import { type Kysely, sql } from 'kysely'

/**
 * Load above the hard limit is agreed to up to a figure: the highest share of the norm that the plan came to when it was.
 * Null where nobody has agreed yet, and where somebody did before this was kept: that holds as it did.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table approval add column up_to numeric(9, 4) check (up_to > 0)`.execute(db)
}
