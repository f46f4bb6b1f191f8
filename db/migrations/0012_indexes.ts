import { type Kysely, sql } from 'kysely'

/** Whether leave needs an answer has a version: two leads who both change it hear of each other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table team add column availability_version int not null default 1`.execute(db)
  // The lists of requests are read in pages: what is open by id, what is settled from the newest.
  await sql`create index own_request_settled on own_request (team_id, id desc) where status <> 'open'`.execute(
    db,
  )
}
