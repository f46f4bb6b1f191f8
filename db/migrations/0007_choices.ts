import { type Kysely, sql } from 'kysely'

/**
 * How long an exclusion holds, when a case that waits is looked at again and what has to be done meanwhile, exclusions that
 * end with a reason and stay on record, and the cases that a team takes to its meeting.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  sql`alter table choice
    add column lasts text check (lasts in ('round', 'until', 'always')),
    add column until_on date,
    add column review_on date,
    add column tasks text[] not null default '{}'`,
  sql`update choice set lasts = 'round' where kind = 'exclude'`,
  sql`alter table choice
    add constraint choice_lasts check ((kind = 'exclude') = (lasts is not null)),
    add constraint choice_until check ((lasts is not null and lasts = 'until') = (until_on is not null)),
    add constraint choice_review check (review_on is null or kind = 'wait'),
    add constraint choice_tasks check (kind = 'wait' or tasks = '{}')`,
  sql`create index choice_case on choice (case_id) where withdrawn_at is null`,
  sql`alter table decision add column review_on date`,

  // An exclusion that ended stays on record, so a pair can have several; one at a time stands.
  sql`alter table case_excluded_worker drop constraint case_excluded_worker_pkey`,
  sql`alter table case_excluded_worker
    add column id int generated always as identity primary key,
    add column reason_code text references override_reason,
    add column round_id int references round,
    add column created_at timestamptz,
    add column ended_at timestamptz,
    add column ended_by int references user_account,
    add column ended_reason text check (length(ended_reason) <= 500)`,
  // What was there before has no moment: it was not kept.
  sql`alter table case_excluded_worker alter column created_at set default now()`,
  sql`create unique index one_standing_exclusion on case_excluded_worker (case_id, worker_id) where ended_at is null`,

  sql`create table round_discussion (
    round_id int not null references round,
    case_id int not null references case_file,
    asked_by int references user_account,
    asked_at timestamptz not null,
    primary key (round_id, case_id)
  )`,
]
