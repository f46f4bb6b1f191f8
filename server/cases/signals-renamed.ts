import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { SignalKind } from '../contract/signals.ts'

/** Kinds whose subject is a case number; of `oldData` only those about a case. */
const NAMED_BY_CASE: readonly SignalKind[] = [
  'caseWithoutOwner',
  'secondOpen',
  'caseReview',
  'taskOpen',
  'termOverdue',
  'dormantAsked',
  'dormantReview',
  'oldData',
]

/** What people did about the signals of a case goes on under its new number. */
export async function renameCaseOfSignals(
  tx: Tx,
  organisationId: number,
  before: string,
  after: string,
): Promise<void> {
  await tx
    .updateTable('signalHandling')
    .set({ subject: after })
    .where('organisationId', '=', organisationId)
    .where('subject', '=', before)
    .where('kind', 'in', NAMED_BY_CASE)
    .execute()
  // The subject of an objection is its round and its case.
  await sql`update signal_handling set subject = split_part(subject, ':', 1) || ':' || ${after}::text
    where organisation_id = ${organisationId} and kind = 'objectionOpen' and split_part(subject, ':', 2) = ${before}`.execute(
    tx,
  )
}
