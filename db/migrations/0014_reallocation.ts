import { type Kysely, sql } from 'kysely'

/**
 * Runs that deal out again what a team has already. They belong to a team and to no round, wait in the same queue, and hold
 * what was asked and what came out in their own row, as what-ifs do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run
    alter column round_id drop not null,
    add column team_id int references team,
    drop constraint run_kind,
    add constraint run_kind check (kind in ('round', 'whatIf', 'front', 'reallocation')),
    add constraint run_of_round_or_team check (
      (kind = 'reallocation') = (round_id is null) and (kind = 'reallocation') = (team_id is not null))`.execute(
    db,
  )
  await sql`create unique index one_reallocation_at_a_time on run (team_id)
    where state in ('queued', 'running') and kind = 'reallocation'`.execute(db)
  await sql`create index run_of_team on run (team_id, id) where team_id is not null`.execute(db)
}
