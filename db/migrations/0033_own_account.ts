import { type Kysely, sql } from 'kysely'

/**
 * How somebody wants to see Instroom goes with the account (null: as the browser at hand has it), and a session says in which
 * kind of browser it began and has a number by which its owner can end it: its id is known only as a hash, and stays here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table user_account add column theme text check (theme in ('auto', 'light', 'dark'))`.execute(
    db,
  )
  await sql`alter table session
    add column number int generated always as identity unique,
    add column browser text,
    add column system text`.execute(db)
}
