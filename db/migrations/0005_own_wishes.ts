import { type Kysely, sql } from 'kysely'

/**
 * What people say about their own work: wishes with their mentor, requests that somebody answers (leave, reductions,
 * corrections, the weight of a case), and weights that several people estimate on their own first.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  // A way of working that a case asks for and a wish can be about. Retired, never deleted.
  sql`create table method (code text primary key, name_nl text not null, name_en text not null,
    active boolean not null default true)`,
  sql`create table case_method (
    case_id int not null references case_file,
    method_code text not null references method,
    primary key (case_id, method_code)
  )`,

  sql`alter table preference drop constraint preference_kind_check`,
  sql`alter table preference add constraint preference_kind_check
    check (kind in ('measure', 'phase', 'method', 'factor', 'region', 'heavy'))`,
  sql`alter table worker add column mentor_id int references worker,
    add constraint worker_mentor_is_another check (mentor_id <> id)`,
  // Every statement of wishes as it was made, so that an earlier one can be taken over.
  sql`create table wish_statement (
    id int generated always as identity primary key,
    worker_id int not null references worker,
    stated_at timestamptz not null,
    wishes jsonb not null,
    mentor_id int references worker
  )`,
  sql`create index wish_statement_worker on wish_statement (worker_id, id)`,

  // After this many months a reduction for this reason is looked at again.
  sql`alter table reduction_reason add column maximum_months int check (maximum_months between 1 and 120)`,
  sql`alter table team add column approves_availability boolean not null default true`,

  sql`create table own_request (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    team_id int not null references team,
    worker_id int not null references worker,
    kind text not null check (kind in ('absence', 'reduction', 'correction', 'weight')),
    status text not null default 'open' check (status in ('open', 'granted', 'declined', 'withdrawn')),
    reason_code text references reduction_reason,
    percentage numeric(5,2) check (percentage > 0 and percentage <= 100),
    valid_from date,
    valid_until date,
    subject text check (length(subject) <= 40),
    case_id int references case_file,
    hours numeric(6,2) check (hours between 0 and 60),
    text text check (length(text) <= 500),
    salt text,
    answer text check (length(answer) <= 500),
    answer_salt text,
    answered_by int references user_account,
    answered_at timestamptz,
    created_at timestamptz not null default now(),
    version int not null default 1,
    constraint own_request_period_order check (valid_until >= valid_from),
    constraint own_request_shape check (case kind
      when 'absence' then percentage is not null and valid_from is not null and reason_code is null
      when 'reduction' then percentage is not null and valid_from is not null and reason_code is not null
      when 'correction' then subject is not null and text is not null
      else case_id is not null and text is not null end)
  )`,
  sql`create index own_request_worker on own_request (worker_id, id)`,
  sql`create index own_request_open on own_request (team_id) where status = 'open'`,
  sql`create unique index one_open_weight_request on own_request (worker_id, case_id)
    where kind = 'weight' and status = 'open'`,

  sql`create table estimate (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    team_id int not null references team,
    case_id int not null references case_file,
    round_id int references round,
    request_id int references own_request,
    status text not null default 'open' check (status in ('open', 'revealed', 'agreed', 'cancelled')),
    table_hours numeric(6,2) not null,
    rulebook_version int not null,
    features jsonb not null,
    opened_by int references user_account,
    created_at timestamptz not null default now(),
    revealed_at timestamptz,
    agreed_hours numeric(6,2) check (agreed_hours between 0 and 60),
    agreed_text text check (length(agreed_text) <= 500),
    salt text,
    agreed_by int references user_account,
    agreed_at timestamptz,
    version int not null default 1,
    constraint estimate_agreed_has_hours check ((status = 'agreed') = (agreed_hours is not null))
  )`,
  sql`create unique index one_open_estimate on estimate (case_id) where status in ('open', 'revealed')`,
  sql`create index estimate_team on estimate (team_id, id)`,
  sql`create table estimate_voice (
    estimate_id int not null references estimate,
    user_id int not null references user_account,
    hours numeric(6,2) check (hours between 0 and 60),
    note text check (length(note) <= 500),
    given_at timestamptz,
    primary key (estimate_id, user_id),
    constraint estimate_voice_given check ((hours is null) = (given_at is null))
  )`,
  sql`create index estimate_voice_user on estimate_voice (user_id)`,
]
