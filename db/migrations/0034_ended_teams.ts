import { type Kysely, sql } from 'kysely'

/**
 * Teams that are renamed, go into another, or end. A team that ended keeps its past and gets nothing new, whichever way that
 * would be written: a worker who is or will be employed, an open case, a round, a reallocation.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  // merged_into: the team that goes on, never one that was merged itself.
  sql`alter table team
    add column version int not null default 1,
    add column ended_on date,
    add column merged_into int references team,
    add constraint team_merged_has_ended check (merged_into is null or not active)`,
  sql`create index team_merged_into on team (merged_into) where merged_into is not null`,
  // The lock meets the one that a team ends under: nobody slips in between.
  sql`create function refuse_ended_team() returns trigger language plpgsql as $$
    begin
      perform 1 from team where id = new.team_id and active for key share;
      if not found then
        raise exception 'team % has ended', new.team_id using errcode = 'check_violation', constraint = 'team_goes_on';
      end if;
      return new;
    end
  $$`,
  sql`create trigger worker_team_goes_on before insert or update of team_id, employed_until on worker for each row
    when (coalesce(new.employed_until, 'infinity') >= business_day()) execute function refuse_ended_team()`,
  sql`create trigger case_team_goes_on before insert or update of team_id, closed_on on case_file for each row
    when (new.closed_on is null) execute function refuse_ended_team()`,
  sql`create trigger round_team_goes_on before insert on round_team for each row execute function refuse_ended_team()`,
  sql`create trigger run_team_goes_on before insert on run for each row
    when (new.team_id is not null) execute function refuse_ended_team()`,
]
