import { type Kysely, sql } from 'kysely'

/** A case above the hard limit outside a round: what was asked, and what a second pair of eyes said. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table outside_approval (
    id int generated always as identity primary key,
    organisation_id int not null references organisation,
    case_id int not null references case_file,
    worker_id int not null references worker,
    seat text not null check (seat in ('primary', 'second')),
    kind text not null check (kind in ('emergency', 'tailored')),
    start_on date not null,
    reason_code text not null references override_reason,
    reason_text text check (length(reason_text) <= 500),
    unregistered_reason text check (length(unregistered_reason) <= 500),
    set_aside text[] not null,
    salt text not null,
    asked_by int references user_account,
    asked_at timestamptz not null,
    state text not null default 'pending' check (state in ('pending', 'approved', 'refused')),
    decision_text text check (length(decision_text) <= 500),
    decision_salt text,
    decided_by int references user_account,
    decided_at timestamptz,
    constraint outside_approval_decided check ((state = 'pending') = (decided_at is null))
  )`.execute(db)
  await sql`create unique index one_question_per_seat on outside_approval (case_id, seat) where state = 'pending'`.execute(
    db,
  )
}
