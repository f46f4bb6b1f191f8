import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Executor } from '../../db/database.ts'
import { hundredths } from '../../solver/load.ts'
import type { WorkerRow, Workload } from '../contract/workers.ts'
import { blocksStart } from '../rounds/problem-of.ts'
import { type WorkerLoadOn, workerLoads, workloadOf } from './load.ts'

export interface WorkerFilter {
  organisationId: number
  on: string
  teamIds?: readonly number[]
  workerIds?: readonly number[]
}

/** Workers with their team and load on a day, by worker id, in order of team and name. */
export async function workerRows(db: Executor, filter: WorkerFilter): Promise<Map<number, WorkerRow>> {
  const { on } = filter
  let query = db
    .selectFrom('worker as w')
    .innerJoin('workerPeriod as p', join =>
      join.onRef('p.workerId', '=', 'w.id').on('p.fromOn', '<=', on).on('p.untilOn', '>', on),
    )
    .innerJoin('team as t', 't.id', 'p.teamId')
    .where('w.organisationId', '=', filter.organisationId)
    .select([
      'w.id',
      'w.staffNumber',
      'w.name',
      'p.teamId',
      't.name as team',
      'p.contractHours',
      'w.registration',
      'w.employedFrom',
      'w.employedUntil',
    ])
    .select(eb => [
      jsonArrayFrom(
        eb
          .selectFrom('absence as a')
          .whereRef('a.workerId', '=', 'w.id')
          .where('a.validFrom', '<=', on)
          .where(eb => eb.or([eb('a.validUntil', 'is', null), eb('a.validUntil', '>=', on)]))
          .select(['a.percentage', 'a.validFrom as from', 'a.validUntil as until']),
      ).as('absences'),
      jsonArrayFrom(
        eb
          .selectFrom('workerCompetence as c')
          .whereRef('c.workerId', '=', 'w.id')
          .where(eb => eb.or([eb('c.expiresOn', 'is', null), eb('c.expiresOn', '>=', on)]))
          .select('c.competenceCode as code')
          .orderBy('c.competenceCode'),
      ).as('competences'),
    ])
    .orderBy('t.name')
    .orderBy('w.name')
    .orderBy('w.staffNumber')
  if (filter.teamIds) query = query.where(sql<boolean>`p.team_id = any(${[...filter.teamIds]}::int[])`)
  if (filter.workerIds) query = query.where(sql<boolean>`w.id = any(${[...filter.workerIds]}::int[])`)
  const rows = await query.execute()
  const loads = await workerLoads(db, filter)

  return new Map(
    rows.map(row => {
      const { workerId: _, newThisWeek: __, ...load }: WorkerLoadOn = loads.get(row.id)!
      return [
        row.id,
        {
          staffNumber: row.staffNumber,
          name: row.name,
          teamId: row.teamId,
          team: row.team,
          contractHours: row.contractHours,
          registration: row.registration,
          ...availabilityOn(on, row, load.norm.normHours),
          competences: row.competences.map(one => one.code),
          load,
        },
      ]
    }),
  )
}

/** Whether cases can start with somebody on a day, and until when not; never why not. */
export function availabilityOn(
  on: string,
  worker: {
    employedFrom: string
    employedUntil: string | null
    absences: readonly { percentage: number; from: string; until: string | null }[]
  },
  normHours: number,
): Pick<WorkerRow, 'availability' | 'awayUntil'> {
  if (on < worker.employedFrom) return { availability: 'notYet', awayUntil: null }
  if (worker.employedUntil !== null && on > worker.employedUntil) {
    return { availability: 'left', awayUntil: null }
  }
  const away = worker.absences.filter(
    one =>
      one.from <= on &&
      (one.until === null || one.until >= on) &&
      blocksStart({ percentage: one.percentage, validFrom: one.from, validUntil: one.until }),
  )
  if (away.length > 0) {
    const until = away
      .map(one => one.until ?? '9999-12-31')
      .sort()
      .at(-1)!
    return { availability: 'away', awayUntil: until === '9999-12-31' ? null : until }
  }
  return { availability: normHours > 0 ? 'available' : 'noCaseload', awayUntil: null }
}

/** Sums of the rows shown. A family with cases at two workers counts at both, as each of them carries it. */
export function totalsOf(rows: readonly WorkerRow[]): Workload['totals'] {
  const sum = (of: (row: WorkerRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  const normHours = sum(row => hundredths(row.load.norm.normHours)) / 100
  const hoursInUse = sum(row => hundredths(row.load.hoursInUse)) / 100
  const statuses = { room: 0, onNorm: 0, aboveNorm: 0, farAboveNorm: 0, noCaseload: 0 }
  for (const row of rows) statuses[row.load.status]++
  return {
    normHours,
    hoursInUse,
    workload: workloadOf(normHours, hoursInUse),
    families: sum(row => row.load.families),
    children: sum(row => row.load.children),
    statuses,
  }
}
