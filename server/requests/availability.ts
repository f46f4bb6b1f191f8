import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { WorkerNormRow } from '../../db/schema.ts'
import type { AvailabilityEntry } from '../contract/requests.ts'
import { append } from '../events/events.ts'
import type { Handlers } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { ownWorkerId } from '../http/own-worker.ts'
import { effectOf, layIn } from './effect.ts'
import { heldBy, reasonTerms, requestRows } from './queries.ts'
import { emptyRequest, event, lockedSelf, type Own, recordChanged, tellOfRequest } from './self.ts'
import { faultsOf, type Held, periodsOf } from './state.ts'

/** In all entries together: each is held against all others. */
const MAX_PERIODS = 600

type Names = 'GET /mine/availability' | 'POST /mine/availability/preview' | 'POST /mine/availability'

export const availabilityHandlers: Pick<Handlers, Names> = {
  async 'GET /mine/availability'(call) {
    return availabilityOf(call)
  },

  async 'POST /mine/availability/preview'(call) {
    const workerId = ownWorkerId(call.user)
    await checkEntries(call, workerId, call.body.entries)
    return effectOf(call.db, workerId, call.body.entries, call.today)
  },

  async 'POST /mine/availability'(call) {
    const { db: tx, body, user, now } = call
    const worker = await lockedSelf(call)
    await checkEntries(call, worker.id, body.entries)
    const status = worker.approval ? ('open' as const) : ('granted' as const)
    if (!worker.approval) {
      await layIn(tx, worker.id, body.entries)
      await recordChanged(call, worker, body.entries)
    }
    const rows = await tx
      .insertInto('ownRequest')
      .values(
        body.entries.map(({ reason, periods, ...entry }) => ({
          ...entry,
          periods: periods ? JSON.stringify(periods) : null,
          ...emptyRequest(worker, user.organisationId, now),
          status,
          reasonCode: reason,
          answeredAt: worker.approval ? null : now,
        })),
      )
      .returning(['id', 'kind'])
      .execute()
    for (const { id, kind } of rows) {
      append(tx, event(call, worker, id, worker.approval ? 'request.made' : 'request.entered', { kind }))
    }
    if (worker.approval) await tellOfRequest(call, worker, body.entries[0]?.kind ?? 'absence')
    return availabilityOf(call)
  },
}

/** 422 that names every entry that cannot be; entries are also held against each other, in their order. */
async function checkEntries(
  call: Own,
  workerId: number,
  entries: readonly AvailabilityEntry[],
): Promise<void> {
  const errors = new FieldErrors(call.locale)
  const periods = entries.reduce((sum, entry) => sum + periodsOf(entry).length, 0)
  if (periods > MAX_PERIODS) {
    errors.add('entries', {
      nl: `Dit zijn ${periods} periodes. Vraag er hoogstens ${MAX_PERIODS} tegelijk aan.`,
      en: `These are ${periods} periods. Ask for at most ${MAX_PERIODS} at a time.`,
    })
    errors.refuse()
  }
  const held: Held[] = await heldBy(call.db, workerId)
  const reasons = await reasonTerms(call.db)
  entries.forEach((entry, index) => {
    for (const fault of faultsOf(entry, held, reasons, call.today)) {
      errors.add(`entries.${index}.${fault.field}`, fault.text, entry[fault.field])
    }
    held.push(
      ...periodsOf(entry).map(one => ({ ...one, kind: entry.kind, reason: entry.reason, asked: false })),
    )
  })
  errors.refuse()
}

async function availabilityOf({ db, user, today }: Pick<Own, 'user' | 'today'> & { db: Executor }) {
  const workerId = ownWorkerId(user)
  const worker = await db
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .where('w.id', '=', workerId)
    .select([
      'w.staffNumber',
      'w.contractHours',
      'w.dutyHours',
      'w.employedFrom',
      'w.employedUntil',
      't.approvesAvailability as approval',
    ])
    .executeTakeFirstOrThrow()
  const { rows } = await sql<WorkerNormRow>`
    select * from worker_norms(${today}::date) where worker_id = ${workerId}`.execute(db)
  const { workerId: _, ...norm } = rows[0]!
  const requests = await requestRows(db, { workerId, limit: 200 })
  return {
    ...worker,
    norm,
    reductions: await db
      .selectFrom('reduction')
      .select(['reasonCode as reason', 'percentage', 'validFrom', 'validUntil'])
      .where('workerId', '=', workerId)
      .orderBy('validFrom')
      .orderBy('id')
      .execute(),
    absences: await db
      .selectFrom('absence')
      .select(['percentage', 'validFrom', 'validUntil'])
      .where('workerId', '=', workerId)
      .orderBy('validFrom')
      .orderBy('id')
      .execute(),
    requests: requests
      .map(row => row.request)
      .filter(one => one.kind === 'absence' || one.kind === 'reduction'),
  }
}
