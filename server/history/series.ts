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
 * The load of each worker on each of the days, in order of worker and day: norm hours from `worker_norms_on`, hours per
 * phase from the seats that ran, by what they counted and in which phase the case was on that day. A day to come shows
 * what is known today: seats that end, people who leave, reductions that expire, and phases as they are now.
 *
 * Neither years of seats nor norms are worked out for every day. Each stretch of a seat (same hours, same phase) is a rise
 * at the first of the days that it covers and a fall at the first that it does not; a norm is asked for where something
 * that it is made of begins or ends, and holds until the next.
 */
export async function loadSeries(db: Executor, filter: SeriesFilter): Promise<LoadOn[]> {
  if (filter.days.length === 0) return []
  const norms = await normSteps(db, filter)
  const turns = await seatTurns(db, filter)
  const inTeams = filter.teamIds && new Set(filter.teamIds)
  const series: LoadOn[] = []
  for (const [workerId, steps] of [...norms].sort(([a], [b]) => a - b)) {
    const changes = turns.get(workerId) ?? []
    const load = { begin: 0, middle: 0, end: 0 }
    let [, teamId, norm] = steps[0]!
    let step = 0
    let change = 0
    filter.days.forEach((day, index) => {
      for (; change < changes.length && changes[change]![0] <= index + 1; change++) {
        const [, begin, middle, end] = changes[change]!
        load.begin += begin
        load.middle += middle
        load.end += end
      }
      for (; step < steps.length && steps[step]![0] <= index + 1; step++) [, teamId, norm] = steps[step]!
      if (!inTeams || inTeams.has(teamId)) series.push({ day, workerId, teamId, norm, ...load })
    })
  }
  return series
}

/** The workers of a filter as a subquery, whenever in these days they were in one of the teams. */
function people({ organisationId, days, teamIds, workerIds }: SeriesFilter) {
  const inTeams = teamIds ? sql`and p.team_id = any(${[...teamIds]}::int[])` : sql``
  const named = workerIds ? sql`and w.id = any(${[...workerIds]}::int[])` : sql``
  return sql`select distinct w.id, w.employed_from, w.employed_until
    from worker w join worker_period p on p.worker_id = w.id
    where w.organisation_id = ${organisationId} and p.from_on <= ${days.at(-1)}::date and p.until_on > ${days[0]}::date
      ${inTeams} ${named}`
}

/** The place among the days, from 1, of the first one that is not before this day. */
const placeOf = (day: RawBuilder<unknown>, days: RawBuilder<unknown>) =>
  sql`width_bucket(${day} - 1, ${days}) + 1`

/** By worker: where the norm may change, as place, team and hundredths of hours; the first place is always there. */
async function normSteps(
  db: Executor,
  filter: SeriesFilter,
): Promise<Map<number, [number, number, number][]>> {
  const days = sql`${[...filter.days]}::date[]`
  const { rows } = await sql<{ steps: [number, number, number, number][] }>`
    with person as materialized (${people(filter)}),
    book as materialized (
      select d.place, b.version, b.content->'rampUp' as ramp_up
      from unnest(${days}) with ordinality d (day, place)
      cross join lateral rulebook_on(${filter.organisationId}::int, d.day) b
    ),
    turn as (
      select id as worker_id, 1 as place from person
      union
      select person.id, other.place::int from person
        cross join (select place, version <> lag(version) over (order by place) as changed from book) other
        where other.changed
      union
      select e.id, ${placeOf(sql`e.day`, days)} from (
        select id, employed_from as day from person
        union all select id, employed_until + 1 from person where employed_until is not null
        union all select person.id, (employed_from + make_interval(months => step.months))::date from person
          cross join (select distinct (s->>'untilMonth')::int as months
            from (select distinct ramp_up from book) b cross join lateral jsonb_array_elements(b.ramp_up) s) step
        union all select p.worker_id, p.from_on from worker_period p join person on person.id = p.worker_id
        union all select r.worker_id, edge.day from reduction r join person on person.id = r.worker_id
          cross join lateral (values (r.valid_from), (r.valid_until + 1)) edge (day)
        union all select a.worker_id, edge.day from absence a join person on person.id = a.worker_id
          cross join lateral (values (a.valid_from), (a.valid_until + 1)) edge (day)
      ) e
      where e.day > ${filter.days[0]}::date and e.day <= ${filter.days.at(-1)}::date
    )
    select coalesce(json_agg(json_build_array(n.worker_id, t.place, n.team_id, round(n.norm_hours * 100)::int)
      order by t.place), '[]') as steps
    from turn t
    join worker_norms_on(${days}) n on n.worker_id = t.worker_id and n.day = (${days})[t.place]`.execute(db)
  return byWorker(rows[0]!.steps)
}

/** By worker: the changes of the load, as place and hundredths of hours per phase. */
async function seatTurns(
  db: Executor,
  filter: SeriesFilter,
): Promise<Map<number, [number, number, number, number][]>> {
  const days = sql`${[...filter.days]}::date[]`
  const first = filter.days[0]
  const last = filter.days.at(-1)
  const { rows } = await sql<{ turns: [number, number, number, number, number][] }>`
    select coalesce(json_agg(json_build_array(t.worker_id, t.place, t.begin, t.middle, t.end) order by t.place), '[]') as turns
    from (
      select turn.worker_id, turn.place, coalesce(sum(turn.change) filter (where turn.phase = 'begin'), 0)::int as begin,
        coalesce(sum(turn.change) filter (where turn.phase = 'middle'), 0)::int as middle,
        coalesce(sum(turn.change) filter (where turn.phase = 'end'), 0)::int as end
      from (
        select a.worker_id, coalesce(p.phase, 'begin') as phase, round(h.hours * 100)::int * side.sign as change,
          case when side.sign = 1 then ${placeOf(sql`greatest(a.starts_on, h.from_on, p.from_on)`, days)}
            else ${placeOf(sql`least(coalesce(a.ends_on, 'infinity'), h.until_on, p.until_on)`, days)} end as place
        from held_seat a
        join allocation_period h on h.allocation_id = a.id
        join case_period p on p.case_id = a.case_id
        cross join (values (1), (-1)) side (sign)
        where a.worker_id in (select id from (${people(filter)}) person) and a.starts_on <= ${last}::date
          and (a.ends_on is null or a.ends_on > ${first}::date)
          and greatest(a.starts_on, h.from_on, p.from_on) < least(coalesce(a.ends_on, 'infinity'), h.until_on, p.until_on)
          and least(h.until_on, p.until_on) > ${first}::date and greatest(h.from_on, p.from_on) <= ${last}::date
      ) turn
      where turn.place <= ${filter.days.length}::int
      group by turn.worker_id, turn.place
    ) t`.execute(db)
  return byWorker(rows[0]!.turns)
}

/** Rows that begin with a worker's id, put together by that id and without it, in their order. */
function byWorker<Rest extends number[]>(rows: readonly [number, ...Rest][]): Map<number, Rest[]> {
  const found = new Map<number, Rest[]>()
  for (const [workerId, ...rest] of rows) {
    const list = found.get(workerId)
    if (list) list.push(rest)
    else found.set(workerId, [rest])
  }
  return found
}

/** Hundredths of hours in use. */
export const hoursOf = (load: LoadOn): number => load.begin + load.middle + load.end

/**
 * Tells whether a load is above the band of its day: judged on the percentage with one decimal that is shown. Rulebooks
 * are looked up beforehand, once a day and not once a row.
 */
export async function aboveBand(
  db: Executor,
  { organisationId, days }: Pick<SeriesFilter, 'organisationId' | 'days'>,
): Promise<(load: LoadOn) => boolean> {
  const { rows } = await sql<{ day: string; high: number }>`
    select d.day, round((b.content->>'bandHigh')::numeric * 1000)::int as high
    from unnest(${[...days]}::date[]) d (day)
    cross join lateral rulebook_on(${organisationId}::int, d.day) b`.execute(db)
  const highs = new Map(rows.map(row => [row.day, row.high]))
  return load => load.norm > 0 && Math.round((hoursOf(load) * 1000) / load.norm) > highs.get(load.day)!
}
