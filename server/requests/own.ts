import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { WorkerNormRow } from '../../db/schema.ts'
import { visibleCase } from '../cases/detail.ts'
import type { AvailabilityEntry, OwnRequest } from '../contract/requests.ts'
import { append, type NewEvent, sealMotives } from '../events.ts'
import { type Call, type Handlers, notFound, Refusal, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { ownWorkerId } from '../own/worker.ts'
import { effectOf, layIn } from './effect.ts'
import { heldBy, reasonTerms, requestRows } from './queries.ts'
import { faultsOf, type Held } from './state.ts'

type Names =
  | 'GET /mine/availability'
  | 'POST /mine/availability/preview'
  | 'POST /mine/availability'
  | 'GET /mine/requests'
  | 'POST /mine/corrections'
  | 'POST /mine/disputes'
  | 'POST /mine/requests/:id/withdrawal'

type Own = Pick<Call<'POST /mine/availability'>, 'db' | 'user' | 'locale' | 'today' | 'now'>

export const ownRequestHandlers: Pick<Handlers, Names> = {
  async 'GET /mine/availability'(call) {
    return availabilityOf({ ...call, db: call.db as unknown as Tx })
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
        body.entries.map(({ reason, ...entry }) => ({
          ...entry,
          ...emptyRequest(worker, user.organisationId, now),
          status,
          reasonCode: reason,
          answeredAt: worker.approval ? null : now,
        })),
      )
      .returning(['id', 'kind'])
      .execute()
    for (const { id, kind } of rows) {
      await append(
        tx,
        event(call, worker, id, worker.approval ? 'request.made' : 'request.entered', { kind }),
      )
    }
    return availabilityOf(call)
  },

  async 'GET /mine/requests'({ db, user }) {
    const rows = await requestRows(db, { workerId: ownWorkerId(user), limit: 200 })
    return rows.map(row => row.request)
  },

  async 'POST /mine/corrections'(call) {
    const worker = await lockedSelf(call)
    const { subject, text } = call.body
    return makeWithText(call, worker, { kind: 'correction', subject, text, caseId: null, hours: null })
  },

  async 'POST /mine/disputes'(call) {
    const { db: tx, body, user, today } = call
    const worker = await lockedSelf(call)
    const found = await visibleCase(tx, body.caseNumber, user, { teamIds: [], workerId: worker.id })
    const seat = await tx
      .selectFrom('allocation')
      .select('id')
      .where('caseId', '=', found.id)
      .where('workerId', '=', worker.id)
      .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', today)]))
      .executeTakeFirst()
    if (!seat || found.closedOn !== null) {
      throw new Refusal(409, {
        nl: `Zaak ${body.caseNumber} loopt niet meer bij jou. Over het gewicht valt dan niets te besluiten.`,
        en: `Case ${body.caseNumber} is not yours any more. There is nothing to decide about its weight then.`,
      })
    }
    return makeWithText(call, worker, {
      kind: 'weight',
      subject: null,
      text: body.text,
      caseId: found.id,
      hours: body.hours,
    })
  },

  async 'POST /mine/requests/:id/withdrawal'(call) {
    const { db: tx, params, today } = call
    const worker = await lockedSelf(call)
    const before = await lockedOwnRequest(call, params.id, worker.id)
    if (before.version !== call.expectedVersion) throw staleVersion(before.version)
    if (before.status === 'granted' && before.validFrom !== null && before.validFrom > today) {
      await takeOut(call, worker, before)
    } else if (before.status !== 'open') {
      throw new Refusal(409, {
        nl: 'Deze aanvraag is al afgehandeld. Alleen verlof of een vermindering die nog moet beginnen kun je dan nog intrekken.',
        en: 'This request has been settled. Only leave or a reduction that is still to begin can be taken back then.',
      })
    }
    await tx
      .updateTable('ownRequest')
      .set(eb => ({ status: 'withdrawn', version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute()
    await append(tx, event(call, worker, before.id, 'request.withdrawn', { kind: before.kind }))
    return requestById(tx, before.id)
  },
}

interface Self {
  id: number
  teamId: number
  staffNumber: string
  approval: boolean
}

/** My own row, locked, so that two entries at once see each other. */
async function lockedSelf({ db: tx, user }: Pick<Own, 'db' | 'user'>): Promise<Self> {
  const workerId = ownWorkerId(user)
  await tx.selectFrom('worker').select('id').where('id', '=', workerId).forUpdate().execute()
  return selfOf(tx, workerId)
}

async function selfOf(tx: Tx, workerId: number): Promise<Self> {
  return tx
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .where('w.id', '=', workerId)
    .select(['w.id', 'w.teamId', 'w.staffNumber', 't.approvesAvailability as approval'])
    .executeTakeFirstOrThrow()
}

/** 422 that names every entry that cannot be; entries are also held against each other, in their order. */
async function checkEntries(
  call: Own,
  workerId: number,
  entries: readonly AvailabilityEntry[],
): Promise<void> {
  const errors = new FieldErrors(call.locale)
  const held: Held[] = await heldBy(call.db, workerId)
  const reasons = await reasonTerms(call.db)
  entries.forEach((entry, index) => {
    for (const fault of faultsOf(entry, held, reasons, call.today)) {
      errors.add(`entries.${index}.${fault.field}`, fault.text, entry[fault.field])
    }
    held.push({ ...entry, asked: false })
  })
  errors.refuse()
}

async function availabilityOf({ db, user, today }: Pick<Own, 'db' | 'user' | 'today'>) {
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

function emptyRequest(worker: Self, organisationId: number, now: Date) {
  return {
    organisationId,
    teamId: worker.teamId,
    workerId: worker.id,
    subject: null,
    caseId: null,
    hours: null,
    text: null,
    salt: null,
    createdAt: now,
  }
}

async function makeWithText(
  call: Own,
  worker: Self,
  asked: {
    kind: 'correction' | 'weight'
    subject: string | null
    text: string
    caseId: number | null
    hours: number | null
  },
): Promise<OwnRequest> {
  const { db: tx, user, now } = call
  const sealed = sealMotives({ reasonText: asked.text, unregisteredReason: null })
  const { id } = await tx
    .insertInto('ownRequest')
    .values({
      ...emptyRequest(worker, user.organisationId, now),
      ...asked,
      salt: sealed.salt,
      reasonCode: null,
      percentage: null,
      validFrom: null,
      validUntil: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const made = await requestById(tx, id)
  await append(
    tx,
    event(call, worker, id, asked.kind === 'weight' ? 'request.weightDisputed' : 'request.correctionAsked', {
      kind: asked.kind,
      subject: asked.subject,
      caseNumber: made.caseNumber,
      hours: asked.hours,
      textSha256: sealed.hashes.reasonSha256,
    }),
  )
  return made
}

async function lockedOwnRequest({ db: tx }: Own, id: number, workerId: number) {
  const found = await tx
    .selectFrom('ownRequest')
    .selectAll()
    .where('id', '=', id)
    .where('workerId', '=', workerId)
    .forUpdate()
    .executeTakeFirst()
  if (!found) throw notFound({ nl: 'Deze aanvraag', en: 'This request' })
  return found
}

/** Takes granted leave out of the record again, before it has begun. Already gone is fine: a lead may have done so. */
async function takeOut(
  call: Own,
  worker: Self,
  request: {
    kind: string
    reasonCode: string | null
    percentage: number | null
    validFrom: string | null
    validUntil: string | null
  },
): Promise<void> {
  const { db: tx } = call
  const period = {
    percentage: request.percentage!,
    validFrom: request.validFrom!,
    validUntil: request.validUntil,
  }
  const until = sql<boolean>`valid_until is not distinct from ${period.validUntil}::date`
  if (request.kind === 'absence') {
    await tx
      .deleteFrom('absence')
      .where('workerId', '=', worker.id)
      .where('percentage', '=', period.percentage)
      .where('validFrom', '=', period.validFrom)
      .where(until)
      .execute()
  } else {
    await tx
      .deleteFrom('reduction')
      .where('workerId', '=', worker.id)
      .where('reasonCode', '=', request.reasonCode!)
      .where('percentage', '=', period.percentage)
      .where('validFrom', '=', period.validFrom)
      .where(until)
      .execute()
  }
  await recordChanged(call, worker, [{ kind: request.kind as AvailabilityEntry['kind'] }])
}

/** The record of a worker got other reductions or absences: a new version, and what everybody who looks at it hears. */
export async function recordChanged(
  { db: tx, user, now }: Pick<Own, 'db' | 'user' | 'now'>,
  worker: { id: number; teamId: number; staffNumber: string },
  entries: readonly Pick<AvailabilityEntry, 'kind'>[],
): Promise<void> {
  await tx
    .updateTable('worker')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', worker.id)
    .execute()
  const fields = [...new Set(entries.map(one => (one.kind === 'absence' ? 'absences' : 'reductions')))]
  await append(tx, {
    type: 'worker.changed',
    actor: user,
    organisationId: user.organisationId,
    teamId: worker.teamId,
    objectType: 'worker',
    objectId: worker.staffNumber,
    data: { fields },
    at: now,
  })
}

function event(
  { user, now }: Pick<Own, 'user' | 'now'>,
  worker: Self,
  id: number,
  type: string,
  data: Record<string, unknown>,
): NewEvent {
  return {
    type,
    actor: user,
    organisationId: user.organisationId,
    teamId: worker.teamId,
    objectType: 'request',
    objectId: String(id),
    data: { staffNumber: worker.staffNumber, ...data },
    at: now,
  }
}

async function requestById(tx: Tx, id: number): Promise<OwnRequest> {
  const [row] = await requestRows(tx, { ids: [id] })
  return row!.request
}
