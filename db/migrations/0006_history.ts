import { type Kysely, sql } from 'kysely'

/**
 * History that is real: what the tables overwrite is kept with the days on which it held, by triggers, so that no way of
 * writing can leave it out. A load on a day of the past is counted from these, and never from a stored total.
 *
 * Periods are half-open: `from_on` is the first day, `until_on` the first day after. What was so when a row was made counts
 * as having been so always (`-infinity`): nothing older is known. Several changes on one day leave the last.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const period = sql`from_on date not null, until_on date not null`

const statements = [
  // The day of a change: the one that the server says it is, or else today in the Netherlands.
  sql`create function business_day() returns date language sql stable as $$
    select coalesce(nullif(current_setting('instroom.today', true), '')::date, (now() at time zone 'Europe/Amsterdam')::date)
  $$`,

  sql`create table worker_period (
    worker_id int not null references worker,
    ${period},
    team_id int not null references team,
    contract_hours numeric(5,2) not null,
    duty_hours numeric(5,2) not null,
    primary key (worker_id, from_on),
    constraint worker_period_order check (from_on < until_on)
  )`,
  sql`create index worker_period_team on worker_period (team_id)`,
  sql`create table case_period (
    case_id int not null references case_file,
    ${period},
    team_id int not null references team,
    phase text,
    weight_override_hours numeric(6,2),
    primary key (case_id, from_on),
    constraint case_period_order check (from_on < until_on)
  )`,
  sql`create table allocation_period (
    allocation_id int not null references allocation,
    ${period},
    hours numeric(6,2) not null,
    primary key (allocation_id, from_on),
    constraint allocation_period_order check (from_on < until_on)
  )`,

  sql`insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
    select id, '-infinity', 'infinity', team_id, contract_hours, duty_hours from worker`,
  sql`insert into case_period (case_id, from_on, until_on, team_id, phase, weight_override_hours)
    select id, '-infinity', 'infinity', team_id, phase, weight_override_hours from case_file`,
  sql`insert into allocation_period (allocation_id, from_on, until_on, hours)
    select id, '-infinity', 'infinity', hours from allocation`,

  sql`create function keep_worker_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
    begin
      if tg_op = 'INSERT' then
        insert into worker_period values (new.id, '-infinity', 'infinity', new.team_id, new.contract_hours, new.duty_hours);
        return null;
      end if;
      if (new.team_id, new.contract_hours, new.duty_hours) = (old.team_id, old.contract_hours, old.duty_hours) then
        return null;
      end if;
      update worker_period set team_id = new.team_id, contract_hours = new.contract_hours, duty_hours = new.duty_hours
        where worker_id = new.id and until_on = 'infinity' and from_on >= today;
      if not found then
        update worker_period set until_on = today where worker_id = new.id and until_on = 'infinity';
        insert into worker_period values (new.id, today, 'infinity', new.team_id, new.contract_hours, new.duty_hours);
      end if;
      return null;
    end
  $$`,
  sql`create trigger keep_worker_period after insert or update of team_id, contract_hours, duty_hours on worker
    for each row execute function keep_worker_period()`,

  sql`create function keep_case_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
    begin
      if tg_op = 'INSERT' then
        insert into case_period values (new.id, '-infinity', 'infinity', new.team_id, new.phase, new.weight_override_hours);
        return null;
      end if;
      if (new.team_id, new.phase, new.weight_override_hours) is not distinct from
        (old.team_id, old.phase, old.weight_override_hours) then
        return null;
      end if;
      update case_period set team_id = new.team_id, phase = new.phase, weight_override_hours = new.weight_override_hours
        where case_id = new.id and until_on = 'infinity' and from_on >= today;
      if not found then
        update case_period set until_on = today where case_id = new.id and until_on = 'infinity';
        insert into case_period values (new.id, today, 'infinity', new.team_id, new.phase, new.weight_override_hours);
      end if;
      return null;
    end
  $$`,
  sql`create trigger keep_case_period after insert or update of team_id, phase, weight_override_hours on case_file
    for each row execute function keep_case_period()`,

  sql`create function keep_allocation_period() returns trigger language plpgsql as $$
    declare
      today date := business_day();
    begin
      if tg_op = 'INSERT' then
        insert into allocation_period values (new.id, '-infinity', 'infinity', new.hours);
        return null;
      end if;
      if new.hours = old.hours then
        return null;
      end if;
      update allocation_period set hours = new.hours
        where allocation_id = new.id and until_on = 'infinity' and from_on >= today;
      if not found then
        update allocation_period set until_on = today where allocation_id = new.id and until_on = 'infinity';
        insert into allocation_period values (new.id, today, 'infinity', new.hours);
      end if;
      return null;
    end
  $$`,
  sql`create trigger keep_allocation_period after insert or update of hours on allocation
    for each row execute function keep_allocation_period()`,

  // A window of time over years of seats: those that had not ended yet, and those that began in it.
  sql`create index allocation_ends on allocation (ends_on)`,
  sql`create index allocation_starts on allocation (starts_on)`,
  sql`create index allocation_case on allocation (case_id, starts_on)`,
  sql`create index case_file_received on case_file (received_on)`,
  sql`create index case_file_closed on case_file (closed_on)`,
  sql`create index case_period_until on case_period (until_on)`,

  // How the norm hours of every worker come about on each of these (different) days: the one place where this is
  // calculated. Absence shorter than four weeks leaves the norm alone: it only blocks start dates inside it.
  sql`create function worker_norms_on(days date[]) returns table (
    day date, worker_id int, team_id int, contract_hours numeric, reduction_hours numeric, absence_hours numeric,
    duty_hours numeric, case_time_share numeric, ramp_up_share numeric, norm_hours numeric
  ) language sql stable as $$
    select d.day, w.id, p.team_id, p.contract_hours, n.reduction_hours, n.absence_hours, p.duty_hours, book.share, n.ramp,
      case when w.employed_from <= d.day and coalesce(w.employed_until, 'infinity') >= d.day
        then round(greatest(0, p.contract_hours - n.reduction_hours - n.absence_hours - p.duty_hours) * book.share * n.ramp, 2)
        else 0 end
    from worker w
    cross join unnest(days) d (day)
    join worker_period p on p.worker_id = w.id and p.from_on <= d.day and p.until_on > d.day
    join (
      select o.id as organisation_id, i.day, (b.content->>'caseTimeShare')::numeric as share, b.content->'rampUp' as ramp_up,
        coalesce((select max((step->>'untilMonth')::int) from jsonb_array_elements(b.content->'rampUp') step), 0) as ramp_months
      from organisation o cross join unnest(days) i (day) cross join lateral rulebook_on(o.id, i.day) b
      -- Keeps the rulebook from being taken apart again for every worker.
      offset 0
    ) book on book.organisation_id = w.organisation_id and book.day = d.day
    left join (
      select r.worker_id, i.day, least(100, sum(r.percentage)) as percentage
      from reduction r join unnest(days) i (day)
        on r.valid_from <= i.day and coalesce(r.valid_until, 'infinity') >= i.day
      group by r.worker_id, i.day
    ) reduced on reduced.worker_id = w.id and reduced.day = d.day
    left join (
      select a.worker_id, i.day, least(100, sum(a.percentage)) as percentage
      from absence a join unnest(days) i (day)
        on a.valid_from <= i.day and coalesce(a.valid_until, 'infinity') >= i.day
      where a.valid_until is null or a.valid_until - a.valid_from >= 27
      group by a.worker_id, i.day
    ) away on away.worker_id = w.id and away.day = d.day
    cross join lateral (
      select
        round(p.contract_hours * coalesce(reduced.percentage, 0) / 100, 2) as reduction_hours,
        round(p.contract_hours * coalesce(away.percentage, 0) / 100, 2) as absence_hours,
        case when d.day >= w.employed_from + make_interval(months => book.ramp_months) then 1
          else coalesce((select (step->>'share')::numeric from jsonb_array_elements(book.ramp_up) step
            where d.day < w.employed_from + make_interval(months => (step->>'untilMonth')::int)
            order by (step->>'untilMonth')::int limit 1), 1) end as ramp
    ) n
  $$`,
  sql`create or replace function worker_norms(day date) returns table (
    worker_id int, contract_hours numeric, reduction_hours numeric, absence_hours numeric, duty_hours numeric,
    case_time_share numeric, ramp_up_share numeric, norm_hours numeric
  ) language sql stable as $$
    select n.worker_id, n.contract_hours, n.reduction_hours, n.absence_hours, n.duty_hours, n.case_time_share,
      n.ramp_up_share, n.norm_hours
    from worker_norms_on(array[day]) n
  $$`,

  // What people did about a signal. The signals themselves are read from the tables: nothing is stored that could drift.
  sql`create table signal_handling (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    team_id int not null references team,
    kind text not null,
    subject text not null,
    mark text not null,
    assigned_to int references user_account,
    hidden_until date,
    outcome text not null check (outcome in ('assigned', 'snoozed', 'resolved')),
    note text check (length(note) <= 500),
    salt text not null,
    handled_by int references user_account,
    handled_at timestamptz not null,
    version int not null default 1,
    constraint signal_handling_once unique (organisation_id, kind, subject, mark)
  )`,
  sql`create index signal_handling_team on signal_handling (team_id)`,
]
