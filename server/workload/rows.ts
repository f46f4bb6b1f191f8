import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Executor } from '../../db/database.ts'
import { byName } from '../contract/names.ts'
import type { WorkerRow, Workload } from '../contract/workers.ts'
import { totalsOf } from '../contract/workload-totals.ts'
import { blocksStart } from '../weighing/absence.ts'
import { type WorkerLoadOn, workerLoads } from './load.ts'

export interface WorkerFilter {
  organisationId: number
  on: string
  teamIds?: readonly number[]
  workerIds?: readonly number[]
}

/** Workers with their team and load on a day, by worker id, in order of team and name. */
export async function workerRows(db: Executor, filter: WorkerFilter): Promise<Map<number, WorkerRow>> {
  return rowsWith(db, filter, await workerLoads(db, filter))
}

async function rowsWith(
  db: Executor,
  filter: WorkerFilter,
  loads: ReadonlyMap<number, WorkerLoadOn>,
): Promise<Map<number, WorkerRow>> {
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
    .orderBy('w.staffNumber')
  if (filter.teamIds) query = query.where(sql<boolean>`p.team_id = any(${[...filter.teamIds]}::int[])`)
  if (filter.workerIds) query = query.where(sql<boolean>`w.id = any(${[...filter.workerIds]}::int[])`)
  const rows = await query.execute()
  const sorted = rows.sort((a, b) => a.team.localeCompare(b.team, 'nl') || byName(a.name, b.name))
  return new Map(
    sorted.map(row => {
      const { workerId: _, newThisWeek: __, cases: ___, newCaseIds: ____, ...load } = loads.get(row.id)!
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

/** Whether somebody is part of the workload: not who left and carries nothing any more. */
export const counts = (row: WorkerRow): boolean => row.availability !== 'left' || row.load.families > 0

/** The workload of people on a day: their rows, and what several of them carry together. */
export async function workloadOn(
  db: Executor,
  filter: WorkerFilter,
): Promise<Pick<Workload, 'workers' | 'shared' | 'totals'>> {
  return summed(await loadedRows(db, filter))
}

interface LoadedRows {
  loads: ReadonlyMap<number, WorkerLoadOn>
  rows: [id: number, row: WorkerRow][]
}

/** The rows of people who are part of the workload, beside what their loads are made of. */
export async function loadedRows(db: Executor, filter: WorkerFilter): Promise<LoadedRows> {
  const loads = await workerLoads(db, filter)
  return { loads, rows: [...(await rowsWith(db, filter, loads))].filter(([, row]) => counts(row)) }
}

export function summed({ loads, rows }: LoadedRows): Pick<Workload, 'workers' | 'shared' | 'totals'> {
  const workers = rows.map(([, row]) => row)
  const shared = sharedBy(rows.map(([id, row]) => ({ who: row.staffNumber, ...loads.get(id)! })))
  return { workers, shared, totals: totalsOf(workers, shared) }
}

/** What stands with more than one of these people. */
function sharedBy(
  held: readonly (Pick<WorkerLoadOn, 'cases' | 'newCaseIds'> & { who: string })[],
): Workload['shared'] {
  const families = new Map<number, Set<string>>()
  const fresh = new Map<number, Set<string>>()
  const cases = new Map<number, { staffNumbers: string[]; children: number; heavy: boolean }>()
  const add = (to: Map<number, Set<string>>, key: number, who: string) =>
    to.set(key, (to.get(key) ?? new Set()).add(who))
  for (const { who, cases: carried, newCaseIds } of held) {
    for (const id of newCaseIds) add(fresh, id, who)
    for (const { id, family, children, heavy } of carried) {
      add(families, family, who)
      const known = cases.get(id)
      if (known) known.staffNumbers.push(who)
      else cases.set(id, { staffNumbers: [who], children, heavy })
    }
  }
  const several = (sets: Map<number, Set<string>>) =>
    [...sets.values()].filter(set => set.size > 1).map(set => [...set])
  return {
    families: several(families),
    cases: [...cases.values()].filter(one => one.staffNumbers.length > 1),
    new: several(fresh),
  }
}
