import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { addDays } from '../contract/days.ts'
import { planHours } from '../weighing/planned.ts'

/** How some cases of a team go on: a phase that is planned, a case that will be dormant, and one that is proposed to be. */
export async function insertCourses(
  tx: Tx,
  organisationId: number,
  teamId: number,
  today: string,
): Promise<void> {
  const { rows: cases } = await sql<{ id: number; phase: 'begin' | 'middle'; holder: number | null }>`
    select c.id, c.phase, u.id as holder from case_file c
    join allocation a on a.case_id = c.id and a.seat = 'primary' and a.starts_on <= ${today}::date and a.ends_on is null
    join case_measure m on m.case_id = c.id and m.measure_code = 'OTS' and (m.end_on is null or m.end_on > ${today}::date)
    left join user_account u on u.worker_id = a.worker_id
    where c.organisation_id = ${organisationId} and c.team_id = ${teamId} and c.closed_on is null
      and c.phase in ('begin', 'middle')
    order by u.id nulls last, c.case_number`.execute(tx)
  const lead = await tx
    .selectFrom('userRole')
    .select('userId')
    .where('role', '=', 'lead')
    .where('teamId', '=', teamId)
    .executeTakeFirst()
  const own = cases.filter(one => one.holder !== null)
  const others = cases.filter(one => one.holder === null)
  const planned = others.find(one => one.phase === 'begin')
  const coming = others.findLast(one => one.phase === 'middle')
  const asked = own.findLast(one => one.phase === 'middle')
  if (planned) {
    await sql`select plan_case_phase(${planned.id}, ${addDays(today, 16)}::date, 'middle')`.execute(tx)
  }
  if (coming) {
    await tx
      .insertInto('dormancy')
      .values({
        caseId: coming.id,
        fromOn: addDays(today, 6),
        untilOn: addDays(today, 62),
        reason: 'waitingForCourt',
        status: 'standing',
        askedBy: lead?.userId ?? null,
        decidedBy: lead?.userId ?? null,
        decidedAt: new Date(`${addDays(today, -1)}T10:00:00Z`),
      })
      .execute()
  }
  if (asked) {
    await tx
      .insertInto('dormancy')
      .values({
        caseId: asked.id,
        fromOn: addDays(today, 8),
        untilOn: addDays(today, 50),
        reason: 'waitingForHelp',
        status: 'asked',
        askedBy: asked.holder,
        decidedBy: null,
        decidedAt: null,
      })
      .execute()
  }
  const caseIds = [planned, coming].flatMap(one => (one ? [one.id] : []))
  await planHours(tx, { organisationId, on: today, caseIds })
}
