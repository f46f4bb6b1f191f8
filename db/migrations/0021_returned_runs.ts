import { type Kysely, sql } from 'kysely'

/** How often a process that was stopped in good order gave a run back: such a try says nothing about the run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run add column returned int not null default 0 check (returned >= 0 and returned <= attempt)`.execute(
    db,
  )
}
