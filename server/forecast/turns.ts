import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Trend } from '../contract/reports.ts'
import type { Scope } from './outlook.ts'

type Turn = Trend['turns'][number]

/**
 * What is known to change the room until a day: reductions and absences that begin or end, people who come or leave, and a
 * rulebook that starts. `day` is the first on which it is different. Absence only where it changes norm hours.
 */
export async function turnsIn(db: Executor, scope: Scope, until: string): Promise<Turn[]> {
  const { organisationId, today, teamIds, workerIds } = scope
  const inTeams = teamIds ? sql`and w.team_id = any(${[...teamIds]}::int[])` : sql``
  const named = workerIds ? sql`and w.id = any(${[...workerIds]}::int[])` : sql``
  const who = sql`w.organisation_id = ${organisationId} ${inTeams} ${named}`
  const long = sql`(p.valid_until is null or p.valid_until - p.valid_from >= 27)`
  const { rows } = await sql<Turn>`
    select t.day, t.kind, t.staff_number, t.name from (
      select p.valid_until + 1 as day, 'reductionEnds' as kind, w.staff_number, w.name
        from reduction p join worker w on w.id = p.worker_id where ${who}
      union all select p.valid_from, 'reductionStarts', w.staff_number, w.name
        from reduction p join worker w on w.id = p.worker_id where ${who}
      union all select p.valid_until + 1, 'absenceEnds', w.staff_number, w.name
        from absence p join worker w on w.id = p.worker_id where ${who} and ${long}
      union all select p.valid_from, 'absenceStarts', w.staff_number, w.name
        from absence p join worker w on w.id = p.worker_id where ${who} and ${long}
      union all select w.employed_from, 'workerStarts', w.staff_number, w.name from worker w where ${who}
      union all select w.employed_until + 1, 'workerLeaves', w.staff_number, w.name from worker w where ${who}
      union all select p.from_on, 'hoursChange', w.staff_number, w.name
        from worker_period p join worker w on w.id = p.worker_id
        join worker_period q on q.worker_id = p.worker_id and q.until_on = p.from_on
        where ${who} and (p.contract_hours, p.duty_hours) is distinct from (q.contract_hours, q.duty_hours)
      union all select r.effective_from, 'rulebook', null, null
        from rulebook r where r.organisation_id = ${organisationId}
    ) t
    where t.day > ${today}::date and t.day <= ${until}::date
    order by t.day, t.kind, t.name
    limit 200`.execute(db)
  return rows
}
