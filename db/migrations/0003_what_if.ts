import { type Kysely, sql } from 'kysely'

/**
 * Runs that are no proposal of their round: what-ifs and trade-offs. They wait in the same queue, hold what was asked and
 * what came out in their own row, and never come between the round and its proposals.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run
    add column kind text not null default 'round' constraint run_kind check (kind in ('round', 'whatIf', 'front')),
    add column name text,
    add column asked jsonb,
    add column answer jsonb,
    add constraint only_rounds_propose check (kind <> 'round' or (asked is null and answer is null))`.execute(
    db,
  )
  await sql`drop index one_run_at_a_time`.execute(db)
  await sql`create unique index one_run_at_a_time on run (round_id)
    where state in ('queued', 'running') and kind = 'round'`.execute(db)
  await sql`create index run_of_round on run (round_id, id)`.execute(db)
}
