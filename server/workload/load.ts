import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { WorkerNormRow } from '../../db/schema.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { LoadStatus } from '../../solver/problem/problem.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import type { WorkerLoad } from '../contract/workers.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { weighableFacts } from '../weighing/facts.ts'
import { type WeighableCase, weigh } from '../weighing/weight.ts'

/** The load of a worker, with what the rules also look at. */
export type WorkerLoadOn = WorkerLoad & {
  workerId: number
  /** Seats that start in the ISO week of the day. */
  newThisWeek: number
  /** Every case once, in which seat ever. `family` is of the cases of one family the same number. */
  cases: { id: number; family: number; children: number; heavy: boolean }[]
  /** The cases of `newLastFourWeeks`. */
  newCaseIds: number[]
}

export type Band = Pick<RulebookContent, 'bandLow' | 'bandHigh' | 'hardLimit'>

interface LoadRow extends WorkerNormRow {
  hoursInUse: number
  hoursBegin: number
  hoursMiddle: number
  hoursEnd: number
  newLastFourWeeks: number
  newThisWeek: number
  /** Per case its id, family and number of children. */
  cases: [number, number, number][]
  newCaseIds: number[]
}

/**
 * The load of workers on a day as it was on that day, by worker id: norm hours from `worker_norms_on`, hours from the seats
 * that ran (`starts_on` <= day < `ends_on`) as they counted then, heavy cases by the phase and the rulebook of that day. A
 * handful of queries, however many workers. On a day to come: as it is planned now.
 *
 * `teamIds` is about the team on that day. Left out, `workerIds` and `teamIds` mean everybody in the organisation. An unknown number of children counts as one, and
 * a case without a family is a family of its own.
 */
export async function workerLoads(
  db: Executor,
  filter: {
    organisationId: number
    on: string
    workerIds?: readonly number[]
    teamIds?: readonly number[]
  },
): Promise<Map<number, WorkerLoadOn>> {
  const { organisationId, on } = filter
  const workers = filter.workerIds ? sql`and w.id = any(${[...filter.workerIds]}::int[])` : sql``
  const teams = filter.teamIds ? sql`and n.team_id = any(${[...filter.teamIds]}::int[])` : sql``
  // Only the seats of these people are read: a team does not pay for the whole organisation.
  const ofThese =
    filter.teamIds || filter.workerIds
      ? sql`and a.worker_id in (select p.worker_id from worker_period p join worker w on w.id = p.worker_id
          where p.from_on <= ${on}::date and p.until_on > ${on}::date ${workers}
            ${filter.teamIds ? sql`and p.team_id = any(${[...filter.teamIds]}::int[])` : sql``})`
      : sql``
  const { rows } = await sql<LoadRow>`
    select n.*, coalesce(u.hours_in_use, 0) as hours_in_use, coalesce(u.hours_begin, 0) as hours_begin,
      coalesce(u.hours_middle, 0) as hours_middle, coalesce(u.hours_end, 0) as hours_end,
      coalesce(f.four_weeks, 0)::int as new_last_four_weeks, coalesce(f.this_week, 0)::int as new_this_week,
      coalesce(u.cases, '[]') as cases, coalesce(f.new_case_ids, '{}') as new_case_ids
    from worker w
    join worker_norms_on(array[${on}::date]) n on n.worker_id = w.id
    left join (
      select a.worker_id, sum(h.hours) as hours_in_use,
        sum(h.hours) filter (where coalesce(p.phase, 'begin') = 'begin') as hours_begin,
        sum(h.hours) filter (where p.phase = 'middle') as hours_middle,
        sum(h.hours) filter (where p.phase = 'end') as hours_end,
        jsonb_agg(distinct jsonb_build_array(a.case_id, coalesce(c.family_id, -c.id), coalesce(c.children, 1))) as cases
      from held_seat a join case_file c on c.id = a.case_id
      join allocation_period h on h.allocation_id = a.id and h.from_on <= ${on}::date and h.until_on > ${on}::date
      join case_period p on p.case_id = a.case_id and p.from_on <= ${on}::date and p.until_on > ${on}::date
      where a.starts_on <= ${on}::date and (a.ends_on is null or a.ends_on > ${on}::date) ${ofThese}
      group by a.worker_id
    ) u on u.worker_id = w.id
    left join (
      select a.worker_id,
        count(*) filter (where a.starts_on > ${on}::date - 28 and a.starts_on <= ${on}::date) as four_weeks,
        array_agg(a.case_id) filter (where a.starts_on > ${on}::date - 28 and a.starts_on <= ${on}::date) as new_case_ids,
        count(*) filter (where date_trunc('week', a.starts_on) = date_trunc('week', ${on}::date)) as this_week
      from held_seat a
      where a.seat <> 'cover' and a.starts_on > ${on}::date - 28 and a.starts_on < ${on}::date + 7 ${ofThese}
      group by a.worker_id
    ) f on f.worker_id = w.id
    where w.organisation_id = ${organisationId} ${workers} ${teams}`.execute(db)

  const rulebook = await rulebookOn(db, organisationId, on)
  const heavy = await heavyCases(
    db,
    [...new Set(rows.flatMap(row => row.cases.map(([id]) => id)))],
    on,
    rulebook,
  )
  return new Map(
    rows.map(row => {
      const cases = row.cases.map(([id, family, children]) => ({
        id,
        family,
        children,
        heavy: heavy.has(id),
      }))
      const load = {
        workerId: row.workerId,
        on,
        norm: {
          contractHours: row.contractHours,
          reductionHours: row.reductionHours,
          absenceHours: row.absenceHours,
          dutyHours: row.dutyHours,
          caseTimeShare: row.caseTimeShare,
          rampUpShare: row.rampUpShare,
          normHours: row.normHours,
        },
        hoursInUse: row.hoursInUse,
        hoursByPhase: { begin: row.hoursBegin, middle: row.hoursMiddle, end: row.hoursEnd },
        workload: workloadOf(row.normHours, row.hoursInUse),
        status: statusOf(rulebook.content, row.normHours, row.hoursInUse),
        families: new Set(cases.map(one => one.family)).size,
        children: cases.reduce((sum, one) => sum + one.children, 0),
        heavyCases: cases.filter(one => one.heavy).length,
        newLastFourWeeks: row.newLastFourWeeks,
        newThisWeek: row.newThisWeek,
        cases,
        newCaseIds: [...new Set(row.newCaseIds)],
      }
      return [row.workerId, load]
    }),
  )
}

/**
 * Hours in use as a fraction of the norm; null when there is no norm: no caseload, no percentage. Six decimals, so that a
 * percentage rounded from it is the one rounded from the hours.
 */
export function workloadOf(normHours: number, hoursInUse: number): number | null {
  const norm = hundredths(normHours)
  return norm > 0 ? Math.round((hundredths(hoursInUse) * 1_000_000) / norm) / 1_000_000 : null
}

/**
 * What people call a load. It is judged on the percentage with one decimal that the screen shows, so that "110,0 %" is
 * never called above 110 %. The ends of the band belong to the band.
 */
export function statusOf(band: Band, normHours: number, hoursInUse: number): LoadStatus {
  const norm = hundredths(normHours)
  if (norm <= 0) return 'noCaseload'
  const permille = Math.round((hundredths(hoursInUse) * 1000) / norm)
  if (permille > Math.round(band.hardLimit * 1000)) return 'farAboveNorm'
  if (permille > Math.round(band.bandHigh * 1000)) return 'aboveNorm'
  return permille >= Math.round(band.bandLow * 1000) ? 'onNorm' : 'room'
}

/** As far under the band as the hard limit is above it; judged on the percentage that the screen shows. */
export function isFarUnder({ bandLow, bandHigh, hardLimit }: Band, workload: number): boolean {
  return Math.round(workload * 1000) < Math.round((bandLow - (hardLimit - bandHigh)) * 1000)
}

async function heavyCases(
  db: Executor,
  caseIds: number[],
  on: string,
  rulebook: { version: number; content: RulebookContent },
): Promise<Set<number>> {
  const facts = await weighableFacts(db, caseIds, on)
  const isHeavy = heaviness(rulebook)
  return new Set([...facts].filter(([, one]) => isHeavy(weighableOn(one, on))).map(([id]) => id))
}

/** Whether cases are heavy by this rulebook. Thousands of cases are of some hundred makes: each make is weighed once. */
export function heaviness(rulebook: {
  version: number
  content: RulebookContent
}): (one: WeighableCase) => boolean {
  const known = new Map<string, boolean>()
  return one => {
    const make = [
      one.measures.join(),
      one.phase,
      one.children,
      one.factors.join(),
      one.duoNeeded,
      one.threat,
      one.override?.hours,
      one.dormant,
    ].join('|')
    const heavy = known.get(make) ?? weigh(one, rulebook).heavy
    known.set(make, heavy)
    return heavy
  }
}
