import { type Kysely, sql } from 'kysely'

/**
 * With which outcome somebody agreed while going through an open round: who has each seat. Of the person alone, on every
 * device; it goes with the case that leaves the round, and ends with the round.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table round_agreement (
    round_id int not null,
    case_id int not null,
    user_id int not null references user_account,
    seat text not null constraint round_agreement_seat check (seat in ('primary', 'second')),
    worker_id int references worker,
    waits boolean not null,
    agreed_at timestamptz not null,
    primary key (round_id, case_id, user_id, seat),
    constraint round_agreement_case foreign key (round_id, case_id) references round_case on delete cascade
  )`.execute(db)
  await sql`create index round_agreement_user on round_agreement (user_id)`.execute(db)
}
