import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import { appendAll } from '../events/events.ts'

/**
 * What was planned for a day that has come becomes the present: the phase of cases, the contract hours and duties of
 * workers. The history knew it already, so loads do not change by this; only the rows of today follow, each with an event.
 */
export async function reachPlans(tx: Tx, organisationId: number, on: string, now: Date): Promise<void> {
  const cases = await sql<{ caseNumber: string; teamId: number; phase: string; fromOn: string }>`
    update case_file c set phase = p.phase, version = c.version + 1
    from case_period p
    where c.organisation_id = ${organisationId} and c.closed_on is null and p.case_id = c.id and p.from_on <= ${on}::date
      and p.until_on > ${on}::date and p.phase is distinct from c.phase
    returning c.case_number, c.team_id, c.phase, p.from_on`.execute(tx)
  const workers = await sql<{ staffNumber: string; teamId: number; fromOn: string }>`
    update worker w set contract_hours = p.contract_hours, duty_hours = p.duty_hours, version = w.version + 1
    from worker_period p
    where w.organisation_id = ${organisationId} and p.worker_id = w.id and p.from_on <= ${on}::date
      and p.until_on > ${on}::date and (p.contract_hours, p.duty_hours) is distinct from (w.contract_hours, w.duty_hours)
    returning w.staff_number, w.team_id, p.from_on`.execute(tx)
  const shared = { actor: null, organisationId, at: now }
  const events = [
    ...cases.rows.map(({ caseNumber, teamId, phase, fromOn }) => ({
      ...shared,
      type: 'case.phaseReached' as const,
      teamId,
      objectType: 'case',
      objectId: caseNumber,
      data: { phase, fromOn },
    })),
    ...workers.rows.map(({ staffNumber, teamId, fromOn }) => ({
      ...shared,
      type: 'worker.changeReached' as const,
      teamId,
      objectType: 'worker',
      objectId: staffNumber,
      data: { fromOn },
    })),
  ]
  if (events.length > 0) appendAll(tx, events)
}
