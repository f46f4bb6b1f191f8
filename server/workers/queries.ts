import type { Executor } from '../../db/database.ts'
import type { WorkerInput } from '../contract/workers.ts'
import { notFound, type Refusal, type SignedIn } from '../http/call.ts'

/** A worker's own row with the lists that the form edits. */
export interface WorkerRecord extends WorkerInput {
  id: number
  staffNumber: string
  version: number
}

/**
 * The worker with this number if this person may see the record: intake and leads their teams, an administrator the whole
 * organisation, workers themselves. 404 alike for what does not exist and what is out of scope.
 */
export async function visibleWorker(
  db: Executor,
  staffNumber: string,
  user: SignedIn,
): Promise<WorkerRecord> {
  const found = await workerRecord(db, user.organisationId, staffNumber)
  const visible =
    found &&
    (user.mayIn('worker.read', found.teamId) || (user.roles.includes('worker') && user.workerId === found.id))
  if (!visible) throw unknown(staffNumber)
  return found
}

export function unknown(staffNumber: string): Refusal {
  return notFound({ nl: `Medewerker ${staffNumber}`, en: `Worker ${staffNumber}` })
}

async function workerRecord(
  db: Executor,
  organisationId: number,
  staffNumber: string,
): Promise<WorkerRecord | null> {
  const row = await db
    .selectFrom('worker')
    .select([
      'id',
      'staffNumber',
      'version',
      'name',
      'teamId',
      'contractHours',
      'dutyHours',
      'registration',
      'registrationFrom',
      'registrationUntil',
      'baseMunicipality',
      'employedFrom',
      'employedUntil',
    ])
    .where('organisationId', '=', organisationId)
    .where('staffNumber', '=', staffNumber)
    .executeTakeFirst()
  if (!row) return null
  return {
    ...row,
    competences: await db
      .selectFrom('workerCompetence')
      .select(['competenceCode as competence', 'level', 'expiresOn'])
      .where('workerId', '=', row.id)
      .orderBy('competenceCode')
      .execute(),
    reductions: await db
      .selectFrom('reduction')
      .select(['reasonCode as reason', 'percentage', 'validFrom', 'validUntil'])
      .where('workerId', '=', row.id)
      .orderBy('validFrom', 'desc')
      .orderBy('id')
      .execute(),
    absences: await db
      .selectFrom('absence')
      .select(['percentage', 'validFrom', 'validUntil'])
      .where('workerId', '=', row.id)
      .orderBy('validFrom', 'desc')
      .orderBy('id')
      .execute(),
  }
}
