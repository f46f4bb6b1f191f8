import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Phase, PreferenceKind, PreferenceValue } from '../../solver/problem/problem.ts'
import { addDays } from '../contract/days.ts'
import { byName } from '../contract/names.ts'
import type { Fairness } from '../contract/reports.ts'
import { hoursOf, loadSeries } from '../history/series.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { weighableFacts } from '../weighing/facts.ts'
import { bandOf } from '../workload/band.ts'
import { heaviness, statusOf, workloadOf } from '../workload/load.ts'

/** A figure about fewer people than this is a figure about somebody. */
export const MIN_PEOPLE = 5
const SINCE_DAYS = 365

/** A seat that somebody got, with what wishes can be about. */
export interface Given {
  workerId: number
  measures: readonly string[]
  factors: readonly string[]
  municipality: string | null
  phase: string
  heavy: boolean
  /** The day on which it was decided; of a seat that came in from elsewhere, its first day. */
  decidedOn: string
}

/** A wish with the days on which it stood, the last one not included. */
export interface StatedWish {
  kind: PreferenceKind
  code: string
  value: PreferenceValue
  fromOn: string
  untilOn: string
}

/**
 * Whether a seat met one of the wishes of its worker, and whether it went against one: those that stood when it was decided.
 * Neutral wishes say nothing.
 */
export function wishesMet(given: Given, wishes: readonly StatedWish[]): { met: boolean; against: boolean } {
  const about = wishes.filter(wish => stoodOn(wish, given.decidedOn) && concerns(wish, given))
  return {
    met: about.some(wish => wish.value === 'rather' || wish.value === 'learn'),
    against: about.some(wish => wish.value === 'rather_not'),
  }
}

function stoodOn({ fromOn, untilOn }: Pick<StatedWish, 'fromOn' | 'untilOn'>, day: string): boolean {
  return (fromOn === '-infinity' || fromOn <= day) && (untilOn === 'infinity' || day < untilOn)
}

function concerns({ kind, code }: StatedWish, given: Given): boolean {
  if (kind === 'measure') return given.measures.includes(code)
  if (kind === 'factor') return given.factors.includes(code)
  if (kind === 'region') return given.municipality === code
  if (kind === 'heavy') return given.heavy
  return (kind as string) === 'phase' && given.phase === code
}

/**
 * How the work is shared in these teams: what everybody has by kind of work, and the heavy cases and wishes of the last
 * twelve months. Of all other teams of the organisation only figures of the whole, and none of a team that is too small.
 */
export async function fairnessOf(
  db: Executor,
  scope: { organisationId: number; today: string; teamIds: readonly number[] },
): Promise<Fairness> {
  const { organisationId, today } = scope
  const since = addDays(today, -SINCE_DAYS)
  const rulebook = await rulebookOn(db, organisationId, today)
  const given = await seatsGiven(db, organisationId, since, today)
  const people = await employedOn(db, organisationId, today)
  const own = people.filter(one => scope.teamIds.includes(one.teamId))
  const ownIds = own.map(one => one.id)
  const wishes = await wishesOf(db, ownIds)
  const running = await runningByType(db, ownIds, today)
  const types = [...new Set(running.map(row => row.measure))].sort()
  const countOf = new Map(running.map(row => [`${row.workerId} ${row.measure}`, row.count]))
  const workers = own.map(({ id, ...row }) => {
    const seats = given.get(id) ?? []
    const stated = wishes.get(id) ?? []
    const judged = seats.map(seat => wishesMet(seat, stated))
    const fte = row.contractHours / rulebook.content.fullTimeHours
    const heavyCases = seats.filter(seat => seat.heavy).length
    return {
      staffNumber: row.staffNumber,
      name: row.name,
      teamId: row.teamId,
      team: row.team,
      workload: row.load,
      status: statusOf(rulebook.content, row.normHours, row.hoursInUse),
      fte: round(fte, 2),
      running: types.map(type => countOf.get(`${id} ${type}`) ?? 0),
      newCases: seats.length,
      heavyCases,
      heavyPerFte: fte > 0 ? round(heavyCases / fte, 1) : null,
      wishes: {
        stated: stated.filter(one => stoodOn(one, today) && one.value !== 'neutral').length,
        met: judged.filter(one => one.met).length,
        against: judged.filter(one => one.against).length,
      },
    }
  })

  const others = new Map<string, { fte: number; heavy: number; loads: (number | null)[] }>()
  for (const { id, teamId, team, contractHours, load } of people) {
    if (scope.teamIds.includes(teamId)) continue
    const figures = others.get(team) ?? { fte: 0, heavy: 0, loads: [] }
    figures.fte += contractHours / rulebook.content.fullTimeHours
    figures.heavy += (given.get(id) ?? []).filter(seat => seat.heavy).length
    figures.loads.push(load)
    others.set(team, figures)
  }
  return {
    on: today,
    since,
    band: bandOf(rulebook.content),
    heavyFromHours: rulebook.content.weight.heavyFromHours,
    types,
    workers,
    spread: spreadOf(workers.map(row => row.workload)),
    otherTeams: [...others]
      .sort(([a], [b]) => a.localeCompare(b, 'nl'))
      .map(([team, { fte, heavy, loads }]) => ({
        team,
        figures:
          loads.filter(load => load !== null).length < MIN_PEOPLE
            ? null
            : {
                workers: loads.length,
                heavyPerFte: round(fte > 0 ? heavy / fte : 0, 1),
                spread: spreadOf(loads),
              },
      })),
  }
}

/** Who works in the organisation on a day, with their load, in order of team and name. */
async function employedOn(db: Executor, organisationId: number, day: string) {
  const { rows } = await sql<{
    id: number
    staffNumber: string
    name: string
    teamId: number
    team: string
    contractHours: number
  }>`
    select w.id, w.staff_number, w.name, p.team_id, t.name as team, p.contract_hours
    from worker w
    join worker_period p on p.worker_id = w.id and p.from_on <= ${day}::date and p.until_on > ${day}::date
    join team t on t.id = p.team_id
    where w.organisation_id = ${organisationId}
      and w.employed_from <= ${day}::date and (w.employed_until is null or w.employed_until >= ${day}::date)
    order by t.name, w.staff_number`.execute(db)
  const series = await loadSeries(db, { organisationId, days: [day] })
  const loads = new Map(series.map(one => [one.workerId, one]))
  const sorted = rows.sort((a, b) => a.team.localeCompare(b.team, 'nl') || byName(a.name, b.name))
  return sorted.map(row => {
    const on = loads.get(row.id)!
    const normHours = on.norm / 100
    const hoursInUse = hoursOf(on) / 100
    return { ...row, normHours, hoursInUse, load: workloadOf(normHours, hoursInUse) }
  })
}

/** Quartiles by the nearest rank between two values; people without a norm have no load and do not count. */
export function spreadOf(loads: readonly (number | null)[]): Fairness['spread'] {
  const known = loads.filter(load => load !== null).sort((a, b) => a - b)
  const at = (share: number) => {
    if (known.length === 0) return null
    const place = share * (known.length - 1)
    const low = known[Math.floor(place)]!
    const high = known[Math.ceil(place)]!
    return round(low + (high - low) * (place - Math.floor(place)), 6)
  }
  return { highest: at(1), upperQuartile: at(0.75), median: at(0.5), lowerQuartile: at(0.25), lowest: at(0) }
}

async function seatsGiven(
  db: Executor,
  organisationId: number,
  since: string,
  today: string,
): Promise<Map<number, Given[]>> {
  const { rows } = await sql<{
    workerId: number
    caseId: number
    phase: Phase
    municipality: string | null
    decidedOn: string
  }>`
    select a.worker_id, a.case_id, coalesce(p.phase, 'begin') as phase, c.municipality_code as municipality,
      coalesce((d.decided_at at time zone 'Europe/Amsterdam')::date, a.starts_on) as decided_on
    from held_seat a
    join case_file c on c.id = a.case_id
    left join decision d on d.id = a.decision_id
    join case_period p on p.case_id = a.case_id and p.from_on <= a.starts_on and p.until_on > a.starts_on
    where c.organisation_id = ${organisationId} and a.starts_on > ${since}::date and a.starts_on <= ${today}::date
      and a.seat <> 'cover'`.execute(db)
  const facts = await weighableFacts(db, [...new Set(rows.map(row => row.caseId))])
  const isHeavy = heaviness(await rulebookOn(db, organisationId, today))
  const given = new Map<number, Given[]>()
  for (const { workerId, caseId, phase, municipality, decidedOn } of rows) {
    const one = facts.get(caseId)!
    const heavy = isHeavy({ ...weighableOn(one, today), phase })
    const list = given.get(workerId) ?? []
    list.push({
      workerId,
      measures: one.measures.map(measure => measure.measure),
      factors: one.factors,
      municipality,
      phase,
      heavy,
      decidedOn,
    })
    given.set(workerId, list)
  }
  return given
}

async function wishesOf(db: Executor, workerIds: readonly number[]): Promise<Map<number, StatedWish[]>> {
  // A wish that was stated until a day stood until the day after it.
  const { rows } = await sql<StatedWish & { workerId: number }>`
    select worker_id, kind, code, value, from_on, least(until_on, valid_until + 1) as until_on from preference_period
    where worker_id = any(${[...workerIds]}::int[])`.execute(db)
  const wishes = new Map<number, StatedWish[]>()
  for (const { workerId, ...wish } of rows) wishes.set(workerId, [...(wishes.get(workerId) ?? []), wish])
  return wishes
}

/** Cases that run, by worker and by the measure that counts first: a case counts once. */
async function runningByType(db: Executor, workerIds: readonly number[], today: string) {
  const { rows } = await sql<{ workerId: number; measure: string; count: number }>`
    with running as materialized (
      select distinct a.worker_id, a.case_id from held_seat a
      where a.worker_id = any(${[...workerIds]}::int[]) and a.starts_on <= ${today}::date
        and (a.ends_on is null or a.ends_on > ${today}::date)
    ),
    first as (
      select distinct on (m.case_id) m.case_id, m.measure_code from case_measure m
      where m.case_id in (select case_id from running)
      order by m.case_id, m.end_on >= ${today}::date desc nulls first, m.start_on, m.measure_code
    )
    select r.worker_id, coalesce(f.measure_code, '-') as measure, count(*)::int as count
    from running r left join first f on f.case_id = r.case_id
    group by 1, 2`.execute(db)
  return rows
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
