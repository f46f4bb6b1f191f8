import { type Kysely, sql } from 'kysely'

/** What makes the pages about workload fast and its requests safe. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Whether leave needs an answer has a version: two leads who both change it hear of each other.
  await sql`alter table team add column availability_version int not null default 1`.execute(db)
  // The lists of requests are read in pages: what is open by id, what is settled from the newest.
  await sql`create index own_request_settled on own_request (team_id, id desc) where status <> 'open'`.execute(
    db,
  )
  // What came to a team and was closed, for the terms of that team.
  await sql`create index case_file_of_team on case_file (team_id, received_on)`.execute(db)
  await normsByRow.execute(db)
}

/**
 * As before (0006), but what is taken off is looked up for each worker and day that is asked for, and not worked out for
 * everybody on every day first: who asks for a few of them pays for those.
 */
const normsByRow = sql`create or replace function worker_norms_on(days date[]) returns table (
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
    cross join lateral (
      select
        round(p.contract_hours * least(100, coalesce((select sum(r.percentage) from reduction r
          where r.worker_id = w.id and r.valid_from <= d.day and coalesce(r.valid_until, 'infinity') >= d.day), 0)) / 100, 2)
          as reduction_hours,
        round(p.contract_hours * least(100, coalesce((select sum(a.percentage) from absence a
          where a.worker_id = w.id and a.valid_from <= d.day and coalesce(a.valid_until, 'infinity') >= d.day
            and (a.valid_until is null or a.valid_until - a.valid_from >= 27)), 0)) / 100, 2) as absence_hours,
        case when d.day >= w.employed_from + make_interval(months => book.ramp_months) then 1
          else coalesce((select (step->>'share')::numeric from jsonb_array_elements(book.ramp_up) step
            where d.day < w.employed_from + make_interval(months => (step->>'untilMonth')::int)
            order by (step->>'untilMonth')::int limit 1), 1) end as ramp
      -- Worked out once, though the norm asks for it again.
      offset 0
    ) n
  $$`
