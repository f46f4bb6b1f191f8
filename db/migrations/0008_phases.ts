import { type Kysely, sql } from 'kysely'

/**
 * What is known of days to come, beside what was: a phase that begins on a day, contract hours from a day, a case that is
 * dormant for a while. And number of children, factors and the need of a pair have a history too.
 *
 * The periods of 0006 now reach into the future. What is changed today holds from today; what was planned for later stays
 * planned, and carries along what it does not change itself.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  sql`alter table case_period
    add column children int,
    add column duo_needed boolean not null default false,
    add column factors text[] not null default '{}'`,
  // What is known is what it is now: older than this nothing is.
  sql`update case_period p set children = c.children, duo_needed = c.duo_needed, factors = coalesce(
      (select array_agg(f.factor_code order by f.factor_code) from case_has_factor f where f.case_id = c.id), '{}')
    from case_file c where c.id = p.case_id`,

  sql`create or replace function keep_worker_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
      held worker_period;
      kept worker_period;
    begin
      if tg_op = 'INSERT' then
        insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
          values (new.id, '-infinity', 'infinity', new.team_id, new.contract_hours, new.duty_hours);
        return null;
      end if;
      select * into held from worker_period where worker_id = new.id and from_on <= today and until_on > today;
      kept := held;
      if new.team_id <> old.team_id then kept.team_id := new.team_id; end if;
      if new.contract_hours <> old.contract_hours then kept.contract_hours := new.contract_hours; end if;
      if new.duty_hours <> old.duty_hours then kept.duty_hours := new.duty_hours; end if;
      if kept = held then return null; end if;
      update worker_period set team_id = kept.team_id where worker_id = new.id and from_on > today
        and from_on < (select coalesce(min(p.from_on), 'infinity') from worker_period p
          where p.worker_id = new.id and p.from_on > today and p.team_id <> held.team_id);
      update worker_period set contract_hours = kept.contract_hours where worker_id = new.id and from_on > today
        and from_on < (select coalesce(min(p.from_on), 'infinity') from worker_period p
          where p.worker_id = new.id and p.from_on > today and p.contract_hours <> held.contract_hours);
      update worker_period set duty_hours = kept.duty_hours where worker_id = new.id and from_on > today
        and from_on < (select coalesce(min(p.from_on), 'infinity') from worker_period p
          where p.worker_id = new.id and p.from_on > today and p.duty_hours <> held.duty_hours);
      if held.from_on >= today then
        update worker_period set team_id = kept.team_id, contract_hours = kept.contract_hours, duty_hours = kept.duty_hours
          where worker_id = new.id and from_on = held.from_on;
      else
        update worker_period set until_on = today where worker_id = new.id and from_on = held.from_on;
        insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
          values (new.id, today, held.until_on, kept.team_id, kept.contract_hours, kept.duty_hours);
      end if;
      return null;
    end
  $$`,

  // Stretches that follow each other and say the same become one, from those that end today onwards.
  sql`create function merge_case_periods(the_case int) returns void language plpgsql as $$
    declare
      before case_period;
      one case_period;
    begin
      for one in select * from case_period where case_id = the_case and until_on >= business_day() order by from_on loop
        if before.case_id is not null and (before.team_id, before.phase, before.weight_override_hours, before.children,
            before.duo_needed, before.factors) is not distinct from
            (one.team_id, one.phase, one.weight_override_hours, one.children, one.duo_needed, one.factors) then
          delete from case_period where case_id = the_case and from_on = one.from_on;
          update case_period set until_on = one.until_on where case_id = the_case and from_on = before.from_on;
          before.until_on := one.until_on;
        else
          before := one;
        end if;
      end loop;
    end
  $$`,
  // Brings the history in line with the case as it now is. A phase that people set today replaces one that was planned.
  sql`create function keep_case(the_case int, phase_changed boolean) returns void language plpgsql as $$
    declare
      today date := business_day();
      held case_period;
      kept case_period;
      made timestamptz;
    begin
      select * into held from case_period where case_id = the_case and from_on <= today and until_on > today;
      if held.case_id is null then return; end if;
      kept := held;
      select c.team_id, case when phase_changed then c.phase else held.phase end, c.weight_override_hours, c.children,
          c.duo_needed, coalesce((select array_agg(f.factor_code order by f.factor_code) from case_has_factor f
            where f.case_id = c.id), '{}'), c.created_at
        into kept.team_id, kept.phase, kept.weight_override_hours, kept.children, kept.duo_needed, kept.factors, made
        from case_file c where c.id = the_case;
      if kept is not distinct from held then return; end if;
      update case_period set team_id = kept.team_id, weight_override_hours = kept.weight_override_hours,
          children = kept.children, duo_needed = kept.duo_needed, factors = kept.factors,
          phase = case when phase_changed then kept.phase else phase end
        where case_id = the_case and from_on > today;
      -- Made in this very transaction: what it is now, it was from the beginning.
      if held.from_on >= today or made = now() then
        update case_period set team_id = kept.team_id, phase = kept.phase, children = kept.children,
            weight_override_hours = kept.weight_override_hours, duo_needed = kept.duo_needed, factors = kept.factors
          where case_id = the_case and from_on = held.from_on;
      else
        update case_period set until_on = today where case_id = the_case and from_on = held.from_on;
        kept.from_on := today;
        insert into case_period select kept.*;
      end if;
      perform merge_case_periods(the_case);
    end
  $$`,
  // From a day to come a case is in another phase; what was planned for after that day is replaced.
  sql`create function plan_case_phase(the_case int, day date, next_phase text) returns void language plpgsql as $$
    declare
      held case_period;
    begin
      select * into held from case_period where case_id = the_case and from_on <= day and until_on > day;
      if held.from_on < day then
        update case_period set until_on = day where case_id = the_case and from_on = held.from_on;
        held.from_on := day;
        insert into case_period select held.*;
      end if;
      update case_period set phase = next_phase where case_id = the_case and from_on >= day;
      perform merge_case_periods(the_case);
    end
  $$`,
  sql`create or replace function keep_case_period() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into case_period (case_id, from_on, until_on, team_id, phase, weight_override_hours, children, duo_needed)
          values (new.id, '-infinity', 'infinity', new.team_id, new.phase, new.weight_override_hours, new.children,
            new.duo_needed);
      else
        perform keep_case(new.id, new.phase is distinct from old.phase);
      end if;
      return null;
    end
  $$`,
  sql`drop trigger keep_case_period on case_file`,
  sql`create trigger keep_case_period
    after insert or update of team_id, phase, weight_override_hours, children, duo_needed on case_file
    for each row execute function keep_case_period()`,
  sql`create function keep_case_factors() returns trigger language plpgsql as $$
    begin
      perform keep_case(one.case_id, false) from (select distinct case_id from changed) one;
      return null;
    end
  $$`,
  sql`create trigger keep_case_factors_added after insert on case_has_factor referencing new table as changed
    for each statement execute function keep_case_factors()`,
  sql`create trigger keep_case_factors_removed after delete on case_has_factor referencing old table as changed
    for each statement execute function keep_case_factors()`,

  // Hours that are known for days to come stay: the server works them out anew after every change.
  sql`create or replace function keep_allocation_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
      held allocation_period;
    begin
      if tg_op = 'INSERT' then
        insert into allocation_period (allocation_id, from_on, until_on, hours)
          values (new.id, '-infinity', 'infinity', new.hours);
        return null;
      end if;
      select * into held from allocation_period
        where allocation_id = new.id and from_on <= today and until_on > today;
      if held.hours = new.hours then return null; end if;
      -- Made in this very transaction: what it counts now, it counted from the beginning.
      if held.from_on >= today or new.created_at = now() then
        update allocation_period set hours = new.hours where allocation_id = new.id and from_on = held.from_on;
      else
        update allocation_period set until_on = today where allocation_id = new.id and from_on = held.from_on;
        insert into allocation_period (allocation_id, from_on, until_on, hours)
          values (new.id, today, held.until_on, new.hours);
      end if;
      return null;
    end
  $$`,

  // The hours of that day. A row of this very statement has no history yet.
  sql`create or replace function hours_in_use(worker int, day date, except_allocation int default null)
    returns numeric language sql stable as $$
    select coalesce(sum(coalesce(h.hours, a.hours)), 0) from allocation a
    left join allocation_period h on h.allocation_id = a.id and h.from_on <= day and h.until_on > day
    where a.worker_id = worker and a.starts_on <= day and (a.ends_on is null or a.ends_on > day)
      and a.id is distinct from except_allocation
  $$`,
  sql`create index allocation_period_coming on allocation_period (from_on) where from_on > '-infinity'`,

  // For a while a case asks little work. until_on is the day of the review: the first on which it counts in full again.
  sql`create table dormancy (
    id int generated always as identity primary key,
    case_id int not null references case_file,
    from_on date not null,
    until_on date not null,
    reason text not null check (reason in ('waitingForHelp', 'waitingForCourt', 'elsewhere', 'stable', 'unreachable', 'other')),
    status text not null check (status in ('asked', 'standing', 'declined', 'withdrawn')),
    asked_by int references user_account,
    asked_at timestamptz not null default now(),
    decided_by int references user_account,
    decided_at timestamptz,
    constraint dormancy_order check (from_on < until_on),
    constraint dormant_once exclude using gist (case_id with =, daterange(from_on, until_on) with &&) where (status = 'standing')
  )`,
  sql`create unique index dormancy_asked_once on dormancy (case_id) where status = 'asked'`,
  sql`create index dormancy_case on dormancy (case_id)`,
  sql`create index dormancy_until on dormancy (until_on) where status = 'standing'`,

  // What people said about a phase that was due: asked again from a day. Confirmed is told by the history of the case.
  sql`create table phase_answer (
    id int generated always as identity primary key,
    case_id int not null references case_file,
    phase text not null,
    since_on date not null,
    outcome text not null check (outcome in ('postponed', 'declined')),
    again_on date not null,
    reason text not null check (reason in ('workNotDone', 'newEvents', 'courtDate', 'dataWrong', 'other')),
    answered_by int references user_account,
    answered_at timestamptz not null default now()
  )`,
  sql`create index phase_answer_case on phase_answer (case_id, id)`,
]
