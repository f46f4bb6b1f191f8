import { type Kysely, sql } from 'kysely'

/**
 * Answers to the pulse as 25 counters per round instead of a row each: an answer rewrites all of them, so no row and no number
 * of a transaction is that of one answer. And what counts how often somebody came upon numbers of other teams.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table pulse_count (
    round_id int not null references pulse,
    support int not null check (support between 1 and 5),
    fairness int not null check (fairness between 1 and 5),
    answers int not null default 0 check (answers >= 0),
    primary key (round_id, support, fairness)
  )`.execute(db)
  await sql`insert into pulse_count (round_id, support, fairness, answers)
    select p.round_id, s, f, (select count(*) from pulse_answer a
      where a.round_id = p.round_id and a.support = s and a.fairness = f)
    from pulse p cross join generate_series(1, 5) s cross join generate_series(1, 5) f
    order by p.round_id, s, f`.execute(db)
  await sql`drop table pulse_answer`.execute(db)
  // Who was asked, in no order of when they answered.
  await sql`update pulse_invitation set answered = answered`.execute(db)

  await sql`create index event_guesses on event (actor_id, at)
    where type in ('workers.importTried', 'cases.importTried', 'number.refused')`.execute(db)
}
