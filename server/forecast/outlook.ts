import { type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import { addDays, daysBetween } from '../contract/days.ts'
import { FIRST_PHASE, perPhase } from '../contract/phase-order.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { weigh } from '../weighing/weight.ts'
import type { Inflow, Movement, SeatGroup } from './forecast.ts'

export interface Scope {
  organisationId: number
  today: string
  teamIds?: readonly number[]
  workerIds?: readonly number[]
}

/** How far back the movement of cases is looked at, in weeks. */
const LOOK_BACK_WEEKS = 52
/** How many weeks of new work an expectation rests on, at most. */
const INFLOW_WEEKS = 26
/** Less history than this says nothing about what is to come: weeks, and how often a case moved on in them. */
export const MIN_WEEKS = 4
export const MIN_MOVES = 5

/** The workers of a scope as a subquery of ids: whoever is in one of the teams today, or is named. */
function people({ organisationId, teamIds, workerIds }: Scope) {
  const inTeams = teamIds ? sql`and w.team_id = any(${[...teamIds]}::int[])` : sql``
  const named = workerIds ? sql`and w.id = any(${[...workerIds]}::int[])` : sql``
  return sql`select w.id from worker w where w.organisation_id = ${organisationId} ${inTeams} ${named}`
}

/** The seats of today and those that start later, by what is planned for them, put together where they weigh alike. */
export async function seatGroups(db: Executor, scope: Scope, rulebook: Rulebook): Promise<SeatGroup[]> {
  return (await readGroups(db, scope, rulebook, sql`null::int`)).map(({ group }) => group)
}

/** As `seatGroups`, for each worker apart, by worker id. */
export async function seatGroupsByWorker(
  db: Executor,
  scope: Scope,
  rulebook: Rulebook,
): Promise<Map<number, SeatGroup[]>> {
  const byWorker = new Map<number, SeatGroup[]>()
  for (const { workerId, group } of await readGroups(db, scope, rulebook, sql`a.worker_id`)) {
    byWorker.set(workerId, [...(byWorker.get(workerId) ?? []), group])
  }
  return byWorker
}

interface Rulebook {
  version: number
  content: RulebookContent
}

async function readGroups(
  db: Executor,
  scope: Scope,
  rulebook: Rulebook,
  apart: RawBuilder<unknown>,
): Promise<{ workerId: number; group: SeatGroup }[]> {
  const { rows } = await sql<{
    workerId: number
    measures: string | null
    phase: Phase
    fixed: boolean
    startsOn: string | null
    endsOn: string | null
    plannedOn: string | null
    hours: number
    squares: number
  }>`
    select ${apart} as worker_id, m.measures, coalesce(p.phase, 'begin') as phase,
      c.weight_override_hours is not null as fixed, case when stretch.starts_on > ${scope.today}::date then stretch.starts_on end as starts_on,
      nullif(stretch.ends_on, 'infinity') as ends_on, plan.day as planned_on,
      sum(h.hours) as hours, sum(h.hours * h.hours) as squares
    from held_seat a
    join case_file c on c.id = a.case_id
    -- Today and what is planned: as a rule one stretch, and more where a phase or a quiet time is known to come.
    join allocation_period h on h.allocation_id = a.id and h.until_on > ${scope.today}::date
    join case_period p on p.case_id = a.case_id and p.until_on > ${scope.today}::date
    cross join lateral (
      select greatest(a.starts_on, h.from_on, p.from_on) as starts_on,
        least(coalesce(a.ends_on, 'infinity'), h.until_on, p.until_on) as ends_on
    ) stretch
    left join lateral (
      select max(q.from_on) as day from case_period q where q.case_id = a.case_id and q.from_on > ${scope.today}::date
    ) plan on true
    left join (
      select cm.case_id, coalesce(string_agg(cm.measure_code, ',' order by cm.measure_code)
        filter (where cm.end_on is null or cm.end_on >= ${scope.today}::date),
        string_agg(cm.measure_code, ',' order by cm.measure_code)) as measures
      from case_measure cm
      where cm.case_id in (select b.case_id from held_seat b where b.worker_id in (${people(scope)})
        and (b.ends_on is null or b.ends_on > ${scope.today}::date))
      group by cm.case_id
    ) m on m.case_id = a.case_id
    where a.worker_id in (${people(scope)}) and (a.ends_on is null or a.ends_on > ${scope.today}::date)
      and stretch.starts_on < stretch.ends_on
    group by 1, 2, 3, 4, 5, 6, 7`.execute(db)
  return rows.map(({ workerId, measures, fixed, ...row }) => ({
    workerId,
    group: { ...row, ratio: ratioNow(measures?.split(',') ?? [], row.phase, fixed, rulebook) },
  }))
}

/** How a case weighs in each phase as a multiple of now; one whose hours people set stays as they set it. */
export function ratioNow(
  measures: readonly string[],
  phase: Phase,
  fixed: boolean,
  rulebook: Rulebook,
): Record<Phase, number> {
  return fixed ? perPhase(() => 1) : ratioOf(measures, phase, rulebook)
}

/** Everything but the base of the measures adds up on the base, so a phase changes the whole in proportion. */
function ratioOf(measures: readonly string[], now: Phase, rulebook: Rulebook): Record<Phase, number> {
  const hours = (phase: Phase) =>
    weigh(
      { measures, phase, children: 1, factors: [], duoNeeded: false, threat: false, override: null },
      rulebook,
    ).total
  const present = hours(now)
  const ratio = (phase: Phase) => (present > 0 ? hours(phase) / present : 1)
  return perPhase(ratio)
}

/**
 * How cases of the whole organisation moved on over the last year while somebody had them. The organisation and not the
 * team: a dozen people see too few endings to say how often they happen. Nobody could see a case move before the
 * organisation kept its cases here: seats that were brought in with a start long ago count from then on only.
 */
export async function movementOf(
  db: Executor,
  organisationId: number,
  today: string,
): Promise<Movement & { historyWeeks: number; seen: number; enough: boolean }> {
  const kept = await keptSince(db, organisationId, today)
  const since = [addDays(today, -7 * LOOK_BACK_WEEKS), kept].sort().at(-1)!
  const { rows } = await sql<{ phase: Phase; next: Phase | 'closed' | null; count: number; days: number }>`
    with held as (
      select a.case_id, coalesce(p.phase, 'begin') as phase, p.until_on,
        greatest(a.starts_on, p.from_on, ${since}::date) as from_on,
        least(coalesce(a.ends_on, 'infinity'), coalesce(c.closed_on, 'infinity'), p.until_on, ${today}::date) as to_on,
        c.closed_on
      from held_seat a
      join worker w on w.id = a.worker_id
      join case_period p on p.case_id = a.case_id
      left join case_file c on c.id = a.case_id and c.closed_on > ${since}::date
      where w.organisation_id = ${organisationId} and a.seat = 'primary' and a.starts_on < ${today}::date
        and (a.ends_on is null or a.ends_on > ${since}::date) and p.until_on > ${since}::date and p.from_on < ${today}::date
    )
    select phase, null as next, 0 as count, sum(to_on - from_on)::int as days from held where to_on > from_on group by phase
    union all
    select h.phase, n.phase, count(*)::int, 0 from held h
      join case_period n on n.case_id = h.case_id and n.from_on = h.until_on
      where h.to_on > h.from_on and h.to_on = h.until_on and n.phase is not null and n.phase <> h.phase group by 1, 2
    union all
    select phase, 'closed', count(*)::int, 0 from held where to_on > from_on and to_on = closed_on group by phase`.execute(
    db,
  )
  const weeksOf = (phase: Phase) =>
    (rows.find(row => row.next === null && row.phase === phase)?.days ?? 0) / 7
  const moves = rows.flatMap(({ phase, next, count }) =>
    next === null ? [] : [{ from: phase, to: next, count }],
  )
  const seen = moves.reduce((sum, one) => sum + one.count, 0)
  const historyWeeks = Math.max(0, Math.floor(daysBetween(since, today) / 7))
  return {
    weeks: perPhase(weeksOf),
    moves,
    seen,
    historyWeeks,
    enough: historyWeeks >= MIN_WEEKS && seen >= MIN_MOVES,
  }
}

/** The first day of which the organisation kept anything: of its log, or of a case that changed or closed. */
async function keptSince(db: Executor, organisationId: number, today: string): Promise<string> {
  const { rows } = await sql<{ day: string | null }>`
    select least(
      (select (e.at at time zone 'Europe/Amsterdam')::date from event e where e.organisation_id = ${organisationId} order by e.seq limit 1),
      (select min(p.from_on) from case_period p join case_file c on c.id = p.case_id
        where c.organisation_id = ${organisationId} and p.from_on > '-infinity' and p.from_on <= ${today}::date),
      (select min(c.closed_on) from case_file c where c.organisation_id = ${organisationId})
    ) as day`.execute(db)
  return rows[0]?.day ?? today
}

/** The hours of work that was new to everybody, per week of the last half year, or of what there is of it. */
export async function inflowOf(
  db: Executor,
  scope: Scope,
  groups: readonly SeatGroup[],
  historyWeeks: number,
): Promise<Inflow> {
  const weeks = Math.min(INFLOW_WEEKS, historyWeeks)
  const since = addDays(scope.today, -7 * weeks)
  const { rows } = await sql<{ week: number; hours: number }>`
    select ((${scope.today}::date - a.starts_on) / 7)::int as week, sum(a.agreed_hours) as hours
    from held_seat a
    where a.worker_id in (${people(scope)}) and a.starts_on > ${since}::date and a.starts_on <= ${scope.today}::date
      and a.seat <> 'cover'
      and not exists (select from held_seat b where b.case_id = a.case_id and b.seat = a.seat and b.starts_on < a.starts_on)
    group by 1`.execute(db)
  const perWeek = Array.from({ length: weeks }, (_, week) => rows.find(row => row.week === week)?.hours ?? 0)
  const mean = weeks > 0 ? perWeek.reduce((sum, hours) => sum + hours, 0) / weeks : 0
  const squares = perWeek.reduce((sum, hours) => sum + (hours - mean) ** 2, 0)
  return { mean, variance: weeks > 1 ? squares / (weeks - 1) : 0, weeks, ratio: meanRatio(groups) }
}

/** What begins weighs in later phases as what is in its begin phase now. */
function meanRatio(groups: readonly SeatGroup[]): Record<Phase, number> {
  const beginning = groups.filter(one => one.phase === FIRST_PHASE)
  const hours = beginning.reduce((sum, one) => sum + one.hours, 0)
  const ratio = (phase: Phase) =>
    hours > 0
      ? beginning.reduce((sum, one) => sum + one.hours * one.ratio[phase], 0) / hours
      : phase === FIRST_PHASE
        ? 1
        : 0.5
  return perPhase(ratio)
}
