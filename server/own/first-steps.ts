import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { FirstStep, FirstSteps } from '../contract/today.ts'

/** Which of the first steps the organisation has done; whoever signs in has an organisation. */
export async function firstSteps(db: Executor, organisationId: number): Promise<FirstSteps> {
  const { rows } = await sql<Record<Exclude<FirstStep, 'organisation'>, boolean>>`
    select
      exists (select from team where organisation_id = ${organisationId} and active) as teams,
      exists (select from worker where organisation_id = ${organisationId}) as workers,
      exists (select from user_account u join user_role r on r.user_id = u.id
        where u.organisation_id = ${organisationId} and u.status = 'active' and r.role = 'intake') as intake,
      exists (select from case_file where organisation_id = ${organisationId}) as cases,
      exists (select from round where organisation_id = ${organisationId} and status = 'settled') as round`.execute(
    db,
  )
  const { teams, workers, intake, cases, round } = rows[0]!
  const done: Record<FirstStep, boolean> = { organisation: true, teams, workers, intake, cases, round }
  return { steps: ORDER.map(step => ({ step, done: done[step] })) }
}

const ORDER: readonly FirstStep[] = ['organisation', 'teams', 'workers', 'intake', 'cases', 'round']
