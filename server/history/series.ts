import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../db/database.ts'

/** The load of one worker on one day, as it was; whole hundredths of hours, so that sums are exact. */
export interface LoadOn {
  day: string
  workerId: number
  /** The team on that day. */
  teamId: number
  norm: number
  begin: number
  middle: number
  end: number
}

export interface SeriesFilter {
  organisationId: number
  /** Different days, in order. */
  days: readonly string[]
  /** Left out: every team. A worker counts on the days of being in one of these teams. */
  teamIds?: readonly number[]
  workerIds?: readonly number[]
}

/**
 * A row per worker and day, as a subquery: norm hours from `worker_norms_on`, hours per phase from the seats that ran, by
 * what they counted and in which phase the case was on that day.
 *
 * Years of seats are not spread over the days. Each stretch of a seat (same hours, same phase) is a rise at the first of
 * the days that it covers and a fall at the first that it does not; the load is the running sum of those. A day to come
 * shows what is known today: seats that end, people who leave, reductions that expire, and phases as they are now.
 */
export function loadsOn({ organisationId, days, teamIds, workerIds }: SeriesFilter): RawBuilder<LoadOn> {
  const all = sql`${[...days]}::date[]`
  const first = days[0]
  const last = days.at(-1)
  const inTeams = teamIds ? sql`and p.team_id = any(${[...teamIds]}::int[])` : sql``
  const named = workerIds ? sql`and w.id = any(${[...workerIds]}::int[])` : sql``
  const people = sql`select distinct w.id from worker w join worker_period p on p.worker_id = w.id
    where w.organisation_id = ${organisationId} and p.from_on <= ${last}::date and p.until_on > ${first}::date ${inTeams} ${named}`
  /** The place among the days of the first one that is not before this day. */
  const place = (day: RawBuilder<unknown>) => sql`width_bucket(${day} - 1, ${all}) + 1`
  return sql<LoadOn>`
    select n.day, n.worker_id, n.team_id, n.norm, n.running_begin as begin, n.running_middle as middle, n.running_end as end
    from (
      select n.day, n.worker_id, n.team_id, round(n.norm_hours * 100)::int as norm,
        sum(coalesce(s.begin, 0)) over (partition by n.worker_id order by n.day)::int as running_begin,
        sum(coalesce(s.middle, 0)) over (partition by n.worker_id order by n.day)::int as running_middle,
        sum(coalesce(s.end, 0)) over (partition by n.worker_id order by n.day)::int as running_end
      -- Norms are worked out before the rows are sorted, which then are narrow.
      from (select day, worker_id, team_id, norm_hours from worker_norms_on(${all}) offset 0) n
      join (${people}) who on who.id = n.worker_id
      left join (
        select turn.worker_id, turn.place, sum(turn.change) filter (where turn.phase = 'begin')::int as begin,
          sum(turn.change) filter (where turn.phase = 'middle')::int as middle,
          sum(turn.change) filter (where turn.phase = 'end')::int as end
        from (
          select a.worker_id, coalesce(p.phase, 'begin') as phase, round(h.hours * 100)::int * side.sign as change,
            case when side.sign = 1 then ${place(sql`greatest(a.starts_on, h.from_on, p.from_on)`)}
              else ${place(sql`least(coalesce(a.ends_on, 'infinity'), h.until_on, p.until_on)`)} end as place
          from allocation a
          join allocation_period h on h.allocation_id = a.id
          join case_period p on p.case_id = a.case_id
          cross join (values (1), (-1)) side (sign)
          where a.worker_id in (${people}) and a.starts_on <= ${last}::date
            and (a.ends_on is null or a.ends_on > ${first}::date)
            and greatest(a.starts_on, h.from_on, p.from_on) < least(coalesce(a.ends_on, 'infinity'), h.until_on, p.until_on)
            and least(h.until_on, p.until_on) > ${first}::date and greatest(h.from_on, p.from_on) <= ${last}::date
        ) turn
        group by turn.worker_id, turn.place
      ) s on s.worker_id = n.worker_id and s.place = array_position(${all}, n.day)
    ) n
    where true ${teamIds ? sql`and n.team_id = any(${[...teamIds]}::int[])` : sql``}`
}

/**
 * Whether a row of `loadsOn` is above the band of its day, as an expression: judged on the percentage with one decimal that
 * is shown. Rulebooks are looked up beforehand, once a day and not once a row.
 */
export async function aboveBand(
  db: Executor,
  { organisationId, days }: Pick<SeriesFilter, 'organisationId' | 'days'>,
): Promise<RawBuilder<boolean>> {
  const { rows } = await sql<{ high: number }>`
    select round((b.content->>'bandHigh')::numeric * 1000)::int as high
    from unnest(${[...days]}::date[]) with ordinality d (day, place)
    cross join lateral rulebook_on(${organisationId}::int, d.day) b order by d.place`.execute(db)
  const highs = rows.map(row => row.high)
  return sql<boolean>`(l.norm > 0 and round((l.begin + l.middle + l.end) * 1000.0 / nullif(l.norm, 0))
    > (${highs}::int[])[array_position(${[...days]}::date[], l.day)])`
}

/** The load of each worker on each of the days, in order of worker and day. */
export async function loadSeries(db: Executor, filter: SeriesFilter): Promise<LoadOn[]> {
  const { rows } =
    await sql<LoadOn>`select * from (${loadsOn(filter)}) l order by l.worker_id, l.day`.execute(db)
  return rows
}

/** The days from one up to and including another, with this many days from each to the next. */
export function everySo(from: string, until: string, step: number): string[] {
  const days: string[] = []
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${until}T00:00:00Z`); at += step * DAY) {
    days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}

/** The ISO day that lies this many days later, or earlier when negative. */
export function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

const DAY = 86_400_000
