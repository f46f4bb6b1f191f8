import { type Kysely, sql } from 'kysely'

/**
 * Where a case stands, told in one place. Every list, count, term and calculation asks this, and hands in the day: nothing
 * here looks at the clock of the database.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

const statements = [
  // The view decided by the clock of the database, and beside it the server decided for itself.
  sql`drop view case_overview`,

  // A seat that ended on the day on which it would have begun was held by nobody: it is on record in allocation, and counts
  // nowhere.
  sql`create view held_seat as
    select a.id, a.case_id, a.worker_id, a.seat, a.starts_on, a.ends_on, a.agreed_hours, a.hours, a.origin, a.decision_id,
      a.excess_decision_id, a.created_at
    from allocation a where a.ends_on is null or a.ends_on > a.starts_on`,

  // What somebody said was done, and when. met_on null: the case was in somebody's hands before this was kept.
  sql`create table case_term_met (
    case_id int not null references case_file,
    term text not null check (term in ('firstContact', 'plan')),
    met_on date,
    recorded_by int references user_account,
    recorded_at timestamptz not null default now(),
    primary key (case_id, term)
  )`,
  sql`insert into case_term_met (case_id, term)
    select c.id, term from case_file c cross join unnest(array['firstContact', 'plan']) term
    where exists (select from held_seat a where a.case_id = c.id and a.seat = 'primary')`,

  // One row per case. An open case is in exactly one of four states: somebody has it today (allocated), somebody has it from
  // a later day (later), nobody has it and it is in a round (in_round), or it waits. A pair of which nobody has the second
  // seat is marked beside that. A seat that begins later counts as taken: nobody else can have it.
  // asks_terms: no seat came in together with the case, so its first contact and plan are this organisation's to watch.
  sql`create function case_standing(day date) returns table (
    case_id int, status text, second_open boolean, open_round_id int, primary_worker_id int, primary_from date,
    second_worker_id int, second_from date, first_start date, asks_terms boolean
  ) language sql stable as $$
    select c.id,
      case when c.closed_on is not null then 'closed'
        when first_seat.starts_on <= day then 'allocated'
        when first_seat.starts_on is not null then 'later'
        when open_round.round_id is not null then 'in_round'
        else 'waiting' end,
      c.closed_on is null and first_seat.worker_id is not null and second_seat.worker_id is null
        and (c.duo_needed or exists (select from case_has_factor h join case_factor f on f.code = h.factor_code
          where h.case_id = c.id and f.is_threat)),
      open_round.round_id, first_seat.worker_id, first_seat.starts_on, second_seat.worker_id, second_seat.starts_on,
      ever.starts_on, c.closed_on is null and coalesce(ever.created_at <> c.created_at, true)
    from case_file c
    left join round_case open_round on open_round.case_id = c.id and open_round.open
    left join lateral (select a.worker_id, a.starts_on from held_seat a where a.case_id = c.id and a.seat = 'primary'
      and (a.ends_on is null or a.ends_on > day) order by a.starts_on limit 1) first_seat on true
    left join lateral (select a.worker_id, a.starts_on from held_seat a where a.case_id = c.id and a.seat = 'second'
      and (a.ends_on is null or a.ends_on > day) order by a.starts_on limit 1) second_seat on true
    left join lateral (select a.starts_on, a.created_at from held_seat a where a.case_id = c.id and a.seat = 'primary'
      order by a.starts_on limit 1) ever on true
  $$`,

  // Who may open which case because of a seat: whoever has one or will, and for a while whoever had one. Nobody who is kept
  // away from the case. The last day of an exclusion belongs to it.
  sql`create function case_readers(day date, reader int) returns table (case_id int) language sql stable as $$
    select distinct a.case_id from held_seat a
    join worker w on w.id = a.worker_id
    cross join lateral (select coalesce((b.content->>'handoverDays')::int, 28) as days from rulebook_on(w.organisation_id, day) b) term
    where a.worker_id = reader and (a.ends_on is null or a.ends_on + term.days > day)
      and not exists (select from case_excluded_worker e where e.case_id = a.case_id and e.worker_id = a.worker_id
        and e.ended_at is null and (e.until_on is null or e.until_on >= day))
  $$`,
]
