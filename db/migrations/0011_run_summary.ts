import { type Kysely, sql } from 'kysely'

/**
 * What a run comes to, kept beside it, so that a list of runs does not read whole Problems. Runs from before have none: theirs
 * is worked out from their Problem when somebody looks.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run add column summary jsonb`.execute(db)
}
