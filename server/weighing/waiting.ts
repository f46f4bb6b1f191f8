import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CaseDetail } from '../contract/cases.ts'
import type { CaseFacts } from './facts.ts'

/**
 * Tasks of waits that stand, in open rounds and in settled ones: one of each kind per case, the newest. For a query with
 * `case_file c`; columns choice_id, task, created_at.
 */
export const openTasks = sql`
  select distinct on (h.case_id, task) h.case_id, h.id as choice_id, task, h.created_at
  from choice h join round r on r.id = h.round_id and r.status <> 'cancelled' cross join unnest(h.tasks) task
  where h.kind = 'wait' and h.withdrawn_at is null
  order by h.case_id, task, h.id desc`

/** What has to be done before a case that waits is looked at again; nothing once somebody has it or it is closed. */
export async function tasksOf(
  db: Executor,
  facts: Pick<CaseFacts, 'id' | 'caseNumber' | 'status' | 'secondOpen'> & { organisationId: number },
): Promise<CaseDetail['tasks']> {
  if (facts.status !== 'waiting' && facts.status !== 'in_round' && !facts.secondOpen) return []
  const { rows } = await sql<CaseDetail['tasks'][number]>`
    select t.task, u.name as assigned_to, coalesce(s.outcome = 'resolved', false) as resolved
    from (${openTasks}) t
    left join signal_handling s on s.organisation_id = ${facts.organisationId} and s.kind = 'taskOpen'
      and s.subject = ${facts.caseNumber} and s.mark = t.choice_id || ':' || t.task
    left join user_account u on u.id = s.assigned_to
    where t.case_id = ${facts.id}
    order by t.task`.execute(db)
  return rows
}
