import type { Tx } from '../../db/database.ts'
import { append } from '../events/events.ts'
import type { SignedIn } from '../http/call.ts'
import { writeTable } from '../tables/table.ts'
import { caseColumns } from './cases.ts'
import type { ImportKind } from './run.ts'
import { caseRecords, type Scope, within, workerRecords } from './state.ts'
import { workerColumns } from './workers.ts'

/**
 * The workers or the open cases of these teams as CSV that the import reads back without a change. Every export is logged:
 * who, what, how many.
 */
export async function runExport(
  tx: Tx,
  order: Scope & { kind: ImportKind; actor: SignedIn | null; today: string; now: Date },
): Promise<string> {
  const { records, csv } = order.kind === 'workers' ? await workersCsv(tx, order) : await casesCsv(tx, order)
  append(tx, {
    type: `${order.kind}.exported`,
    actor: order.actor,
    organisationId: order.organisationId,
    teamId: null,
    objectType: 'organisation',
    objectId: String(order.organisationId),
    data: { rows: records, teamIds: order.teamIds === 'all' ? 'all' : [...order.teamIds] },
    at: order.now,
  })
  return csv
}

async function workersCsv(tx: Tx, scope: Scope): Promise<{ records: number; csv: string }> {
  const { known, teamIds } = await workerRecords(tx, scope.organisationId)
  const records = [...known.values()].filter(one => within(scope.teamIds, teamIds.get(one.staffNumber)!))
  return { records: records.length, csv: writeTable(records, workerColumns) }
}

async function casesCsv(tx: Tx, scope: Scope & { today: string }): Promise<{ records: number; csv: string }> {
  const { known, facts } = await caseRecords(tx, scope.organisationId, scope.today)
  const records = [...known.values()].filter(one => {
    const fact = facts.get(one.caseNumber)!
    return !fact.closed && within(scope.teamIds, fact.teamId)
  })
  return { records: records.length, csv: writeTable(records, caseColumns) }
}
