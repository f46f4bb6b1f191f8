import { type Kysely, sql } from 'kysely'

/**
 * Settling with people: what was shown to whom and what they answered, swaps, a second pair of eyes, meetings with notes,
 * messages and mail, and the anonymous question about support.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  sql`create table team_settling (
    team_id int primary key references team,
    way text not null default 'meeting' check (way in ('meeting', 'shared')),
    answer_days int not null default 3 check (answer_days between 1 and 30),
    first_look boolean not null default false,
    minutes boolean not null default true,
    pulse boolean not null default true,
    version int not null default 1
  )`,

  // A line is shown once to a worker in a round; the facts are frozen as they were shown.
  sql`create table share (
    id int generated always as identity primary key,
    round_id int not null references round,
    proposal_id int references proposal,
    shared_by int references user_account,
    shared_at timestamptz not null,
    answer_until timestamptz not null
  )`,
  sql`create index share_round on share (round_id)`,
  sql`create table share_line (
    id int generated always as identity primary key,
    share_id int not null references share,
    round_id int not null references round,
    case_id int not null references case_file,
    seat text not null check (seat in ('primary', 'second')),
    worker_id int not null references worker,
    facts jsonb not null,
    version int not null default 1,
    constraint share_line_once unique (round_id, case_id, seat, worker_id)
  )`,
  sql`create index share_line_worker on share_line (worker_id)`,
  sql`create table answer (
    id int generated always as identity primary key,
    share_line_id int not null references share_line,
    kind text not null check (kind in ('agree', 'discuss', 'object')),
    reason_code text,
    reason_text text check (length(reason_text) <= 500),
    salt text not null,
    answered_by int references user_account,
    answered_at timestamptz not null
  )`,
  sql`create index answer_line on answer (share_line_id)`,
  // The team decides about a line that its worker did not agree to; the newest answer it knew is named.
  sql`create table ruling (
    id int generated always as identity primary key,
    round_id int not null references round,
    case_id int not null references case_file,
    seat text not null check (seat in ('primary', 'second')),
    worker_id int not null references worker,
    about text not null check (about in ('objection', 'discussion', 'silence', 'unasked')),
    answer_id int references answer,
    reason_text text not null check (length(reason_text) <= 500),
    salt text not null,
    decided_by int references user_account,
    decided_at timestamptz not null
  )`,
  sql`create index ruling_round on ruling (round_id)`,
  sql`create table swap (
    id int generated always as identity primary key,
    round_id int not null references round,
    first_line_id int not null references share_line,
    second_worker_id int not null references worker,
    second_line_id int references share_line,
    state text not null default 'offered'
      check (state in ('offered', 'answered', 'agreed', 'confirmed', 'refused', 'withdrawn')),
    offered_at timestamptz not null,
    changed_at timestamptz not null,
    decided_by int references user_account,
    version int not null default 1,
    constraint swap_names_both check (state in ('offered', 'refused', 'withdrawn') or second_line_id is not null)
  )`,
  sql`create unique index one_swap_per_line on swap (first_line_id) where state in ('offered', 'answered', 'agreed')`,
  sql`create index swap_round on swap (round_id)`,

  sql`create table approval (
    choice_id int primary key references choice,
    round_id int not null references round,
    worker_id int not null references worker,
    author_has_right boolean not null,
    state text not null default 'pending' check (state in ('pending', 'approved', 'refused')),
    reason_text text check (length(reason_text) <= 500),
    salt text,
    decided_by int references user_account,
    decided_at timestamptz,
    asked_at timestamptz not null
  )`,
  sql`create index approval_pending on approval (round_id) where state = 'pending'`,
  sql`alter table decision
    add column answer text check (answer in ('agreed', 'objection', 'discussion', 'silence', 'unasked')),
    add column withdrawn_at timestamptz,
    add column withdrawn_by int references user_account,
    add column withdrawn_reason text check (length(withdrawn_reason) <= 500),
    add column withdrawn_salt text`,

  // A seat that was withdrawn before it began holds nobody.
  sql`create or replace view case_overview as
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
      and (a.ends_on is null or (a.ends_on > current_date and a.ends_on > a.starts_on))
      order by a.starts_on limit 1) primary_seat on true
    left join lateral (select a.worker_id from allocation a where a.case_id = c.id and a.seat = 'second'
      and (a.ends_on is null or (a.ends_on > current_date and a.ends_on > a.starts_on))
      order by a.starts_on limit 1) second_seat on true`,

  sql`create table meeting (
    id int generated always as identity primary key,
    round_id int not null references round,
    opened_by int references user_account,
    opened_at timestamptz not null,
    closed_by int references user_account,
    closed_at timestamptz,
    version int not null default 1,
    constraint one_meeting_per_round unique (round_id)
  )`,
  sql`create table meeting_person (
    meeting_id int not null references meeting,
    user_id int not null references user_account,
    primary key (meeting_id, user_id)
  )`,
  sql`create table meeting_note (
    meeting_id int not null references meeting,
    case_id int not null references case_file,
    outcome text check (outcome in ('agreed', 'changed', 'waits', 'later')),
    motive text check (length(motive) <= 1000),
    dissent text check (length(dissent) <= 1000),
    noted_by int references user_account,
    noted_at timestamptz not null,
    version int not null default 1,
    primary key (meeting_id, case_id)
  )`,
  sql`create table first_look (
    round_id int not null references round,
    case_id int not null references case_file,
    user_id int not null references user_account,
    hours numeric(5,2) check (hours between 0 and 60),
    worker_id int references worker,
    stated_at timestamptz not null,
    primary key (round_id, case_id, user_id)
  )`,
  sql`create table first_look_reveal (
    round_id int not null references round,
    case_id int not null references case_file,
    revealed_by int references user_account,
    revealed_at timestamptz not null,
    primary key (round_id, case_id)
  )`,
  sql`create table presence (
    round_id int not null references round,
    user_id int not null references user_account,
    case_number text,
    seen_at timestamptz not null,
    primary key (round_id, user_id)
  )`,

  sql`create table message (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    user_id int not null references user_account,
    kind text not null,
    data jsonb not null,
    created_at timestamptz not null,
    read_at timestamptz
  )`,
  sql`create index message_user on message (user_id, id)`,
  sql`create table mail (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    user_id int not null references user_account,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    attempts int not null default 0,
    next_at timestamptz not null,
    lease_until timestamptz,
    error text,
    created_at timestamptz not null,
    sent_at timestamptz
  )`,
  sql`create index mail_waiting on mail (next_at) where state = 'waiting'`,

  // Who was asked and whether they answered stands apart from what was answered: nothing ties the two together.
  sql`create table pulse (
    round_id int primary key references round,
    opened_at timestamptz not null,
    closes_at timestamptz not null
  )`,
  sql`create table pulse_invitation (
    round_id int not null references pulse,
    user_id int not null references user_account,
    answered boolean not null default false,
    primary key (round_id, user_id)
  )`,
  sql`create table pulse_answer (
    id uuid primary key default gen_random_uuid(),
    round_id int not null references pulse,
    support int not null check (support between 1 and 5),
    fairness int not null check (fairness between 1 and 5)
  )`,
  sql`create index pulse_answer_round on pulse_answer (round_id)`,
]
