import { type Kysely, sql } from 'kysely'

/**
 * What a case asks of one seat of a pair: a competence for the first or the second seat, and hours by hand for each of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  // null: both seats. Once for both, or once per seat: as a stretch of seats no two may overlap.
  sql`alter table case_competence
    add column seat text check (seat in ('primary', 'second')),
    drop constraint case_competence_pkey,
    add constraint case_competence_once exclude using gist (case_id with =, competence_code with =,
      (case seat when 'primary' then int4range(0, 1) when 'second' then int4range(1, 2) else int4range(0, 2) end) with &&)`,
  sql`create index case_competence_case on case_competence (case_id)`,

  // Of the hours set by hand, those of the second seat; null: the rulebook divides them.
  sql`alter table case_file add column weight_override_second numeric(6,2),
    add constraint case_file_override_split check (weight_override_second is null
      or (weight_override_hours is not null and weight_override_second between 0 and weight_override_hours))`,
  sql`alter table case_period add column weight_override_second numeric(6,2)`,

  // As in 0008, with the hours of the second seat along.
  sql`create or replace function merge_case_periods(the_case int) returns void language plpgsql as $$
    declare
      before case_period;
      one case_period;
    begin
      for one in select * from case_period where case_id = the_case and until_on >= business_day() order by from_on loop
        if before.case_id is not null and (before.team_id, before.phase, before.weight_override_hours,
            before.weight_override_second, before.children, before.duo_needed, before.factors) is not distinct from
            (one.team_id, one.phase, one.weight_override_hours, one.weight_override_second, one.children, one.duo_needed,
            one.factors) then
          delete from case_period where case_id = the_case and from_on = one.from_on;
          update case_period set until_on = one.until_on where case_id = the_case and from_on = before.from_on;
          before.until_on := one.until_on;
        else
          before := one;
        end if;
      end loop;
    end
  $$`,
  sql`create or replace function keep_case(the_case int, phase_changed boolean) returns void language plpgsql as $$
    declare
      today date := business_day();
      held case_period;
      kept case_period;
      made timestamptz;
    begin
      select * into held from case_period where case_id = the_case and from_on <= today and until_on > today;
      if held.case_id is null then return; end if;
      kept := held;
      select c.team_id, case when phase_changed then c.phase else held.phase end, c.weight_override_hours,
          c.weight_override_second, c.children, c.duo_needed, coalesce((select array_agg(f.factor_code order by f.factor_code)
            from case_has_factor f where f.case_id = c.id), '{}'), c.created_at
        into kept.team_id, kept.phase, kept.weight_override_hours, kept.weight_override_second, kept.children,
          kept.duo_needed, kept.factors, made
        from case_file c where c.id = the_case;
      if kept is not distinct from held then return; end if;
      update case_period set team_id = kept.team_id, weight_override_hours = kept.weight_override_hours,
          weight_override_second = kept.weight_override_second, children = kept.children, duo_needed = kept.duo_needed,
          factors = kept.factors, phase = case when phase_changed then kept.phase else phase end
        where case_id = the_case and from_on > today;
      -- Made in this very transaction: what it is now, it was from the beginning.
      if held.from_on >= today or made = now() then
        update case_period set team_id = kept.team_id, phase = kept.phase, children = kept.children,
            weight_override_hours = kept.weight_override_hours, weight_override_second = kept.weight_override_second,
            duo_needed = kept.duo_needed, factors = kept.factors
          where case_id = the_case and from_on = held.from_on;
      else
        update case_period set until_on = today where case_id = the_case and from_on = held.from_on;
        kept.from_on := today;
        insert into case_period select kept.*;
      end if;
      perform merge_case_periods(the_case);
    end
  $$`,
  sql`create or replace function keep_case_period() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into case_period (case_id, from_on, until_on, team_id, phase, weight_override_hours, weight_override_second,
            children, duo_needed)
          values (new.id, '-infinity', 'infinity', new.team_id, new.phase, new.weight_override_hours,
            new.weight_override_second, new.children, new.duo_needed);
      else
        perform keep_case(new.id, new.phase is distinct from old.phase);
      end if;
      return null;
    end
  $$`,
  sql`drop trigger keep_case_period on case_file`,
  sql`create trigger keep_case_period
    after insert or update of team_id, phase, weight_override_hours, weight_override_second, children, duo_needed on case_file
    for each row execute function keep_case_period()`,
]
