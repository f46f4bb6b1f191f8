import { type Kysely, sql } from 'kysely'

/**
 * How far the first looks at a case met the suggestion, as it was when they were revealed: a later calculation may suggest
 * somebody else. Unknown of what was revealed before; null for `agreed` also when nobody was suggested
 * or fewer than two people named somebody.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table first_look_reveal
    add column stated int,
    add column with_suggestion int,
    add column agreed boolean`.execute(db)
}
