import { type Kysely, sql } from 'kysely'

/**
 * The first schema. What must never happen is refused here, whatever the server does:
 * a second active worker on a seat, the same worker on both seats of a duo, added load above the hard limit without
 * a decision of its own, a case in two open rounds, and any change to a written event.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const catalogue = sql`code text primary key, name_nl text not null, name_en text not null,
  active boolean not null default true`

const statements = [
  sql`create extension if not exists btree_gist`,

  sql`create table organisation (
    id int generated always as identity primary key,
    name text not null,
    created_at timestamptz not null default now()
  )`,
  sql`create table team (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    name text not null,
    active boolean not null default true,
    unique (organisation_id, name)
  )`,
  sql`create table municipality (code text primary key, name text not null unique)`,
  sql`create table travel_time (
    from_code text not null references municipality,
    to_code text not null references municipality,
    minutes int not null check (minutes between 0 and 1000),
    primary key (from_code, to_code)
  )`,

  // Catalogues: retired, never deleted.
  sql`create table competence (${catalogue}, max_level int not null default 3 check (max_level between 1 and 5))`,
  sql`create table measure (${catalogue}, abbreviation text not null, kind text not null check (kind in ('civil', 'criminal', 'voluntary')))`,
  sql`create table case_factor (${catalogue}, is_threat boolean not null default false)`,
  sql`create table override_reason (${catalogue}, needs_text boolean not null default false)`,
  sql`create table reduction_reason (
    ${catalogue},
    default_percentage numeric(5,2) not null check (default_percentage between 0 and 100),
    maximum_percentage numeric(5,2) not null check (maximum_percentage between 0 and 100)
  )`,

  sql`create table worker (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    team_id int not null references team,
    staff_number text not null,
    name text not null,
    contract_hours numeric(5,2) not null check (contract_hours between 0 and 60),
    duty_hours numeric(5,2) not null default 0 check (duty_hours between 0 and 60),
    registration text not null check (registration in ('registered', 'in_training')),
    registration_from date,
    registration_until date,
    base_municipality text references municipality,
    employed_from date not null,
    employed_until date,
    version int not null default 1,
    created_at timestamptz not null default now(),
    constraint worker_staff_number_once unique (organisation_id, staff_number),
    constraint worker_employment_order check (employed_until >= employed_from)
  )`,
  sql`create index worker_team on worker (team_id)`,
  sql`create table reduction (
    id int generated always as identity primary key,
    worker_id int not null references worker,
    reason_code text not null references reduction_reason,
    percentage numeric(5,2) not null check (percentage > 0 and percentage <= 100),
    valid_from date not null,
    valid_until date,
    constraint reduction_order check (valid_until >= valid_from)
  )`,
  sql`create index reduction_worker on reduction (worker_id)`,
  sql`create table absence (
    id int generated always as identity primary key,
    worker_id int not null references worker,
    percentage numeric(5,2) not null check (percentage > 0 and percentage <= 100),
    valid_from date not null,
    valid_until date,
    constraint absence_order check (valid_until >= valid_from)
  )`,
  sql`create index absence_worker on absence (worker_id)`,
  sql`create table worker_competence (
    worker_id int not null references worker,
    competence_code text not null references competence,
    level int not null check (level between 1 and 5),
    expires_on date,
    primary key (worker_id, competence_code)
  )`,
  sql`create table preference (
    id int generated always as identity primary key,
    worker_id int not null references worker,
    kind text not null check (kind in ('measure', 'factor', 'region', 'heavy')),
    code text not null,
    value text not null check (value in ('rather', 'neutral', 'rather_not', 'learn')),
    valid_until date,
    unique (worker_id, kind, code)
  )`,

  sql`create table user_account (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    email text not null,
    name text not null,
    password_hash text,
    status text not null check (status in ('invited', 'active', 'deactivated')),
    locale text not null default 'nl' check (locale in ('nl', 'en')),
    worker_id int references worker,
    version int not null default 1,
    created_at timestamptz not null default now()
  )`,
  sql`create unique index user_account_email_once on user_account (lower(email))`,
  sql`create unique index user_account_worker_once on user_account (worker_id) where worker_id is not null`,
  sql`create table user_role (
    user_id int not null references user_account,
    role text not null check (role in ('intake', 'lead', 'worker', 'admin')),
    team_id int references team,
    constraint user_role_scope check ((role in ('intake', 'lead')) = (team_id is not null))
  )`,
  sql`create unique index user_role_once on user_role (user_id, role, coalesce(team_id, 0))`,
  sql`create table invitation (
    token_sha256 text primary key,
    user_id int references user_account,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  sql`create table session (
    id_sha256 text primary key,
    user_id int not null references user_account,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  sql`create index session_by_user on session (user_id)`,

  sql`create table family (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    family_number text not null,
    unique (organisation_id, family_number)
  )`,
  sql`create table case_file (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    team_id int not null references team,
    family_id int references family,
    case_number text not null,
    phase text check (phase in ('begin', 'middle', 'end')),
    children int check (children between 0 and 30),
    urgency text not null default 'normal' check (urgency in ('emergency', 'high', 'normal')),
    received_on date not null,
    municipality_code text references municipality,
    duo_needed boolean not null default false,
    weight_override_hours numeric(6,2) check (weight_override_hours between 0 and 60),
    weight_override_reason text,
    closed_on date,
    version int not null default 1,
    created_at timestamptz not null default now(),
    constraint case_file_number_once unique (organisation_id, case_number),
    constraint case_file_override_needs_reason check ((weight_override_hours is null) = (weight_override_reason is null))
  )`,
  sql`create index case_file_team on case_file (team_id) where closed_on is null`,
  sql`create index case_file_family on case_file (family_id)`,
  sql`create table case_measure (
    case_id int not null references case_file,
    measure_code text not null references measure,
    start_on date not null,
    end_on date,
    primary key (case_id, measure_code),
    constraint case_measure_order check (end_on >= start_on)
  )`,
  sql`create table case_has_factor (
    case_id int not null references case_file,
    factor_code text not null references case_factor,
    primary key (case_id, factor_code)
  )`,
  sql`create table case_competence (
    case_id int not null references case_file,
    competence_code text not null references competence,
    level int not null check (level between 1 and 5),
    need text not null check (need in ('required', 'wanted')),
    primary key (case_id, competence_code)
  )`,
  sql`create table case_former_worker (
    case_id int not null references case_file,
    worker_id int not null references worker,
    until_on date,
    primary key (case_id, worker_id)
  )`,
  sql`create table case_excluded_worker (
    case_id int not null references case_file,
    worker_id int not null references worker,
    hidden_reason text not null,
    until_on date,
    created_by int references user_account,
    primary key (case_id, worker_id)
  )`,

  sql`create table rulebook (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    version int not null,
    effective_from date not null,
    content jsonb not null,
    created_by int references user_account,
    created_at timestamptz not null default now(),
    unique (organisation_id, version)
  )`,

  sql`create table round (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    status text not null default 'open' check (status in ('open', 'settled', 'cancelled')),
    start_on date not null,
    rulebook_id int not null references rulebook,
    profile text not null check (profile in ('balanced', 'equal')),
    seed int not null check (seed >= 0),
    created_by int references user_account,
    created_at timestamptz not null default now(),
    settled_by int references user_account,
    settled_at timestamptz,
    version int not null default 1
  )`,
  sql`create table round_team (
    round_id int not null references round,
    team_id int not null references team,
    primary key (round_id, team_id)
  )`,
  sql`create table round_case (
    round_id int not null references round,
    case_id int not null references case_file,
    open boolean not null default true,
    primary key (round_id, case_id)
  )`,
  sql`create unique index case_in_one_open_round on round_case (case_id) where open`,
  sql`create table round_worker (
    round_id int not null references round,
    worker_id int not null references worker,
    primary key (round_id, worker_id)
  )`,
  sql`create table run (
    id int generated always as identity primary key,
    round_id int not null references round,
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    problem jsonb not null,
    problem_sha256 text not null,
    time_limit_seconds int not null check (time_limit_seconds between 1 and 600),
    attempt int not null default 0,
    lease_until timestamptz,
    stop_requested boolean not null default false,
    error text,
    requested_by int references user_account,
    requested_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
  )`,
  sql`create unique index one_run_at_a_time on run (round_id) where state in ('queued', 'running')`,
  sql`create index run_waiting on run (id) where state in ('queued', 'running')`,
  sql`create table proposal (
    id int generated always as identity primary key,
    run_id int not null references run,
    round_id int not null references round,
    result jsonb not null,
    created_at timestamptz not null default now(),
    constraint one_proposal_per_run unique (run_id)
  )`,
  sql`create index proposal_round on proposal (round_id)`,
  sql`create table proposal_line (
    proposal_id int not null references proposal,
    case_id int not null references case_file,
    seat text not null check (seat in ('primary', 'second')),
    worker_id int references worker,
    line jsonb not null,
    primary key (proposal_id, case_id, seat)
  )`,
  sql`create table choice (
    id int generated always as identity primary key,
    round_id int not null references round,
    case_id int not null references case_file,
    seat text not null check (seat in ('primary', 'second')),
    kind text not null check (kind in ('lock', 'override', 'exclude', 'wait')),
    worker_id int references worker,
    reason_code text references override_reason,
    reason_text text check (length(reason_text) <= 500),
    unregistered_reason text check (length(unregistered_reason) <= 500),
    set_aside text[] not null default '{}',
    accepts_excess boolean not null default false,
    created_by int references user_account,
    created_at timestamptz not null default now(),
    withdrawn_at timestamptz,
    constraint choice_names_worker check ((kind = 'wait') = (worker_id is null))
  )`,
  sql`create unique index one_standing_choice on choice (round_id, case_id, seat)
    where withdrawn_at is null and kind in ('lock', 'override', 'wait')`,
  sql`create table decision (
    id int generated always as identity primary key,
    round_id int references round,
    proposal_id int references proposal,
    case_id int not null references case_file,
    seat text not null check (seat in ('primary', 'second')),
    kind text not null check (kind in ('agreed', 'deviation', 'waiting', 'emergency', 'tailored')),
    worker_id int references worker,
    proposed_worker_id int references worker,
    reason_code text references override_reason,
    reason_text text check (length(reason_text) <= 500),
    salt text not null,
    unregistered_reason text check (length(unregistered_reason) <= 500),
    set_aside text[] not null default '{}',
    accepts_excess boolean not null default false,
    decided_by int references user_account,
    decided_at timestamptz not null default now(),
    constraint decision_deviation_has_reason check (kind not in ('deviation', 'emergency', 'tailored') or reason_code is not null),
    constraint decision_names_worker check ((kind = 'waiting') = (worker_id is null))
  )`,
  sql`create unique index one_decision_per_seat on decision (round_id, case_id, seat) where round_id is not null`,
  sql`create index decision_case on decision (case_id)`,

  sql`create table allocation (
    id int generated always as identity primary key,
    case_id int not null references case_file,
    worker_id int not null references worker,
    seat text not null check (seat in ('primary', 'second', 'cover')),
    starts_on date not null,
    ends_on date,
    agreed_hours numeric(6,2) not null check (agreed_hours >= 0),
    hours numeric(6,2) not null check (hours >= 0),
    origin text not null check (origin in ('decision', 'import')),
    decision_id int references decision,
    excess_decision_id int references decision,
    created_at timestamptz not null default now(),
    constraint allocation_order check (ends_on >= starts_on),
    constraint allocation_has_decision check ((origin = 'decision') = (decision_id is not null)),
    constraint allocation_excess_once unique (excess_decision_id),
    constraint one_worker_per_seat exclude using gist
      (case_id with =, seat with =, daterange(starts_on, ends_on) with &&) where (seat in ('primary', 'second')),
    constraint duo_is_two_people exclude using gist
      (case_id with =, worker_id with =, daterange(starts_on, ends_on) with &&)
  )`,
  sql`create index allocation_worker on allocation (worker_id)`,
  sql`create unique index allocation_decision on allocation (decision_id) where decision_id is not null`,

  sql`create function rulebook_on(organisation int, day date) returns rulebook language sql stable as $$
    select r from rulebook r where r.organisation_id = organisation
    order by r.effective_from <= day desc,
      case when r.effective_from <= day then r.effective_from end desc nulls last,
      r.effective_from, r.version desc
    limit 1
  $$`,

  // How the norm hours of every worker come about on a day. The one place where this is calculated.
  // Absence shorter than four weeks leaves the norm alone: it only blocks start dates inside it.
  sql`create function worker_norms(day date) returns table (
    worker_id int, contract_hours numeric, reduction_hours numeric, absence_hours numeric, duty_hours numeric,
    case_time_share numeric, ramp_up_share numeric, norm_hours numeric
  ) language sql stable as $$
    select w.id, w.contract_hours, n.reduction_hours, n.absence_hours, w.duty_hours, n.share, n.ramp,
      case when w.employed_from <= day and coalesce(w.employed_until, 'infinity') >= day
        then round(greatest(0, w.contract_hours - n.reduction_hours - n.absence_hours - w.duty_hours) * n.share * n.ramp, 2)
        else 0 end
    from worker w
    cross join lateral (select content from rulebook_on(w.organisation_id, day)) book
    cross join lateral (
      select
        round(w.contract_hours * least(100, coalesce((select sum(r.percentage) from reduction r
          where r.worker_id = w.id and r.valid_from <= day and coalesce(r.valid_until, 'infinity') >= day), 0)) / 100, 2) as reduction_hours,
        round(w.contract_hours * least(100, coalesce((select sum(a.percentage) from absence a
          where a.worker_id = w.id and a.valid_from <= day and coalesce(a.valid_until, 'infinity') >= day
            and (a.valid_until is null or a.valid_until - a.valid_from >= 27)), 0)) / 100, 2) as absence_hours,
        (book.content->>'caseTimeShare')::numeric as share,
        coalesce((select (step->>'share')::numeric from jsonb_array_elements(book.content->'rampUp') step
          where day < w.employed_from + make_interval(months => (step->>'untilMonth')::int)
          order by (step->>'untilMonth')::int limit 1), 1) as ramp
    ) n
  $$`,

  sql`create function hours_in_use(worker int, day date, except_allocation int default null) returns numeric language sql stable as $$
    select coalesce(sum(a.hours), 0) from allocation a
    where a.worker_id = worker and a.starts_on <= day and (a.ends_on is null or a.ends_on > day)
      and a.id is distinct from except_allocation
  $$`,

  // The hard limit, under a lock on the worker: two allocations at once queue here, so that both see each other.
  sql`create function allocation_guard() returns trigger language plpgsql as $$
    declare
      norm numeric;
      in_use numeric;
      most numeric;
    begin
      if new.origin = 'import' then return new; end if;
      if tg_op = 'UPDATE' and new.worker_id = old.worker_id and new.agreed_hours <= old.agreed_hours
        and new.starts_on >= old.starts_on
        and coalesce(new.ends_on, 'infinity') <= coalesce(old.ends_on, 'infinity') then
        return new;
      end if;
      perform 1 from worker where id = new.worker_id for update;
      select n.norm_hours, round(n.norm_hours * (book.content->>'hardLimit')::numeric, 2) into norm, most
        from worker_norms(new.starts_on) n
        join worker w on w.id = n.worker_id
        cross join lateral (select content from rulebook_on(w.organisation_id, new.starts_on)) book
        where n.worker_id = new.worker_id;
      in_use := hours_in_use(new.worker_id, new.starts_on, new.id);
      if in_use + new.agreed_hours > most and not exists (
        select 1 from decision d where d.id = new.excess_decision_id and d.accepts_excess
          and d.case_id = new.case_id and d.worker_id = new.worker_id and d.seat = new.seat
      ) then
        raise exception 'worker % would hold % hours, the limit is %', new.worker_id, in_use + new.agreed_hours, most
          using errcode = 'check_violation', constraint = 'allocation_within_hard_limit', table = 'allocation';
      end if;
      return new;
    end
  $$`,
  sql`create trigger allocation_within_hard_limit before insert or update of worker_id, agreed_hours, starts_on, ends_on, origin
    on allocation for each row execute function allocation_guard()`,

  sql`create view case_overview as
    select c.id, c.organisation_id, c.team_id, c.family_id, c.case_number, c.phase, c.children, c.urgency, c.received_on,
      c.municipality_code, c.duo_needed, c.weight_override_hours, c.weight_override_reason, c.closed_on, c.version,
      case when c.closed_on is not null then 'closed'
        when primary_seat.worker_id is not null then 'allocated'
        when open_round.round_id is not null then 'in_round'
        else 'waiting' end as status,
      f.family_number, open_round.round_id as open_round_id,
      primary_seat.worker_id as primary_worker_id, second_seat.worker_id as second_worker_id
    from case_file c
    left join family f on f.id = c.family_id
    left join round_case open_round on open_round.case_id = c.id and open_round.open
    left join lateral (select a.worker_id from allocation a where a.case_id = c.id and a.seat = 'primary'
      and (a.ends_on is null or a.ends_on > current_date) order by a.starts_on limit 1) primary_seat on true
    left join lateral (select a.worker_id from allocation a where a.case_id = c.id and a.seat = 'second'
      and (a.ends_on is null or a.ends_on > current_date) order by a.starts_on limit 1) second_seat on true`,

  sql`create table event (
    seq bigint primary key,
    at timestamptz not null,
    type text not null,
    actor_id int,
    actor_role text,
    organisation_id int,
    team_id int,
    object_type text not null,
    object_id text not null,
    data jsonb not null,
    previous_hash text not null,
    hash text not null unique
  )`,
  sql`create index event_object on event (object_type, object_id)`,
  sql`create function event_is_final() returns trigger language plpgsql as $$
    begin
      raise exception 'events are append-only' using errcode = 'restrict_violation', constraint = 'event_is_final';
    end
  $$`,
  sql`create trigger event_is_final before update or delete or truncate on event execute function event_is_final()`,

  sql`create table idempotency (
    user_id int not null references user_account,
    key uuid not null,
    route text not null,
    request_sha256 text not null,
    status int not null,
    body jsonb not null,
    created_at timestamptz not null default now(),
    primary key (user_id, key)
  )`,
  sql`create table import_file (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    kind text not null check (kind in ('workers', 'cases')),
    sha256 text not null,
    row_count int not null,
    imported_by int references user_account,
    created_at timestamptz not null default now(),
    constraint import_file_once unique (organisation_id, kind, sha256)
  )`,
]
