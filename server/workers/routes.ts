import type { Tx } from '../../db/database.ts'
import type { WorkerInput } from '../contract/workers.ts'
import { aboutWorker, record } from '../events/record.ts'

import { type Call, type Handlers, staleVersion } from '../http/call.ts'
import { refuseUsedNumber } from '../http/guesses.ts'
import { requireIn } from '../http/rights.ts'
import { reweighWithEvents } from '../weighing/hours.ts'
import { stateWishes } from '../wishes/state.ts'
import { workerDetail } from './detail.ts'
import { checkWorker } from './input.ts'
import { unknown, visibleWorker, type WorkerRecord } from './queries.ts'

type Names =
  | 'POST /workers'
  | 'GET /workers/:staffNumber'
  | 'PUT /workers/:staffNumber'
  | 'PUT /workers/:staffNumber/preferences'

type Change = Pick<Call<'POST /workers'>, 'db' | 'user' | 'now'>

export const workerHandlers: Pick<Handlers, Names> = {
  async 'POST /workers'(call) {
    const { db: tx, body, user, today } = call
    const { staffNumber, ...input } = body
    await refuseUsedNumber(tx, 'worker', staffNumber, call)
    await checkWorker(tx, input, null, call)
    const { id } = await tx
      .insertInto('worker')
      .values({ ...columnsOf(input), organisationId: user.organisationId, staffNumber })
      .returning('id')
      .executeTakeFirstOrThrow()
    await writeLists(tx, id, input)
    const created = await visibleWorker(tx, staffNumber, user)
    record(call, aboutWorker(created), 'worker.created')
    return workerDetail(tx, created, user, today)
  },

  async 'GET /workers/:staffNumber'({ db, params, query, user, today }) {
    return workerDetail(db, await visibleWorker(db, params.staffNumber, user), user, query.on ?? today)
  },

  async 'PUT /workers/:staffNumber'(call) {
    const { db: tx, body, params, user, today, now } = call
    const before = await lockedWorker(call, params.staffNumber, call.expectedVersion)
    // To see yourself is not yet to change yourself.
    if (!user.mayIn('worker.read', before.teamId)) throw unknown(params.staffNumber)
    requireIn(user, 'worker.write', before.teamId)
    await checkWorker(tx, body, before, call)
    const fields = changedFields(before, body)
    if (fields.length === 0) return workerDetail(tx, before, user, today)
    await tx
      .updateTable('worker')
      .set(eb => ({ ...columnsOf(body), version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute()
    await writeLists(tx, before.id, body)
    record(call, aboutWorker(before), 'worker.changed', { fields })
    // Travel counts in the hours of a seat.
    if (fields.includes('baseMunicipality')) {
      const seats = { organisationId: user.organisationId, on: today, workerIds: [before.id] }
      await reweighWithEvents(tx, seats, { actor: user, now })
    }
    return workerDetail(tx, await visibleWorker(tx, params.staffNumber, user), user, today)
  },

  async 'PUT /workers/:staffNumber/preferences'(call) {
    const { db: tx, body, params, user, today } = call
    const before = await lockedWorker(call, params.staffNumber, call.expectedVersion)
    if (before.id !== user.workerId) throw unknown(params.staffNumber)
    await stateWishes(tx, before, body, call)
    await tx
      .updateTable('worker')
      .set(eb => ({ version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute()
    record(call, aboutWorker(before), 'worker.preferencesStated', { count: body.preferences.length })
    return workerDetail(tx, await visibleWorker(tx, params.staffNumber, user), user, today)
  },
}

/** Locks the worker for this change. 404 out of scope, 412 when changed since it was read. */
async function lockedWorker(
  { db: tx, user }: Change,
  staffNumber: string,
  version: number,
): Promise<WorkerRecord> {
  const { id } = await visibleWorker(tx, staffNumber, user)
  await tx.selectFrom('worker').select('id').where('id', '=', id).forUpdate().execute()
  const found = await visibleWorker(tx, staffNumber, user)
  if (found.version !== version) throw staleVersion(found.version)
  return found
}

/** The fields in which an input differs from the record; order inside a list means nothing. */
function changedFields(before: WorkerRecord, input: WorkerInput): (keyof WorkerInput)[] {
  return (Object.keys(input) as (keyof WorkerInput)[]).filter(
    field => comparable(before[field]) !== comparable(input[field]),
  )
}

function comparable(value: WorkerInput[keyof WorkerInput]): string {
  if (!Array.isArray(value)) return JSON.stringify(value)
  return value
    .map(one => JSON.stringify(Object.entries(one).sort()))
    .sort()
    .join('\n')
}

function columnsOf(input: WorkerInput) {
  const { competences: _, reductions: __, absences: ___, ...columns } = input
  return columns
}

async function writeLists(tx: Tx, workerId: number, input: WorkerInput): Promise<void> {
  for (const table of ['workerCompetence', 'reduction', 'absence'] as const) {
    await tx.deleteFrom(table).where('workerId', '=', workerId).execute()
  }
  if (input.competences.length > 0) {
    const rows = input.competences.map(({ competence, level, expiresOn }) => ({
      workerId,
      competenceCode: competence,
      level,
      expiresOn,
    }))
    await tx.insertInto('workerCompetence').values(rows).execute()
  }
  if (input.reductions.length > 0) {
    const rows = input.reductions.map(({ reason, ...one }) => ({ ...one, workerId, reasonCode: reason }))
    await tx.insertInto('reduction').values(rows).execute()
  }
  if (input.absences.length > 0) {
    await tx
      .insertInto('absence')
      .values(input.absences.map(one => ({ ...one, workerId })))
      .execute()
  }
}
