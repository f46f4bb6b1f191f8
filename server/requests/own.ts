import { sql } from 'kysely'
import { visibleCase } from '../cases/detail.ts'
import type { Span } from '../contract/days.ts'
import type { AvailabilityEntry, OwnRequest } from '../contract/requests.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Handlers, notFound, Refusal, staleVersion } from '../http/call.ts'
import { ownWorkerId } from '../http/own-worker.ts'
import { requestRows } from './queries.ts'
import {
  emptyRequest,
  event,
  lockedSelf,
  type Own,
  recordChanged,
  requestById,
  type Self,
  tellOfRequest,
} from './self.ts'
import { periodsOf } from './state.ts'

type Names =
  | 'GET /mine/requests'
  | 'POST /mine/corrections'
  | 'POST /mine/disputes'
  | 'POST /mine/requests/:id/withdrawal'

/** Open at the same time: somebody reads and answers every one of them. */
const MAX_CORRECTIONS = 20

export const ownRequestHandlers: Pick<Handlers, Names> = {
  async 'GET /mine/requests'({ db, user }) {
    const rows = await requestRows(db, { workerId: ownWorkerId(user), limit: 200 })
    return rows.map(row => row.request)
  },

  async 'POST /mine/corrections'(call) {
    const worker = await lockedSelf(call)
    const { subject, text } = call.body
    const { open } = await call.db
      .selectFrom('ownRequest')
      .select(eb => eb.fn.countAll<number>().as('open'))
      .where('workerId', '=', worker.id)
      .where('kind', '=', 'correction')
      .where('status', '=', 'open')
      .executeTakeFirstOrThrow()
    if (open >= MAX_CORRECTIONS) {
      throw new Refusal(409, {
        nl: `Je hebt al ${open} verbeteringen open staan. Wacht op antwoord of trek er een in.`,
        en: `You already have ${open} open corrections. Wait for an answer or withdraw one.`,
      })
    }
    return makeWithText(call, worker, { kind: 'correction', subject, text, caseId: null, hours: null })
  },

  async 'POST /mine/disputes'(call) {
    const { db: tx, body, today } = call
    const worker = await lockedSelf(call)
    const found = await visibleCase(tx, body.caseNumber, call, { teamIds: [], workerId: worker.id })
    const seat = await tx
      .selectFrom('heldSeat')
      .select('id')
      .where('caseId', '=', found.id)
      .where('workerId', '=', worker.id)
      .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', today)]))
      .executeTakeFirst()
    if (!seat || found.closedOn !== null) {
      throw new Refusal(409, {
        nl: `Zaak ${body.caseNumber} loopt niet meer bij jou. Over de zwaarte valt dan niets te besluiten.`,
        en: `Case ${body.caseNumber} is no longer yours. There is nothing to decide about its weight then.`,
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
    const coming = before.status === 'granted' ? comingOf(before, today) : []
    if (coming.length > 0) {
      await takeOut(call, worker, before, coming)
    } else if (before.status !== 'open') {
      throw new Refusal(409, {
        nl: 'Dit verzoek is al afgehandeld. Alleen verlof of een vermindering die nog moet beginnen kun je dan nog intrekken.',
        en: 'This request has been answered. Only leave or a reduction that has yet to begin can then be withdrawn.',
      })
    }
    await tx
      .updateTable('ownRequest')
      .set(eb => ({ status: 'withdrawn', version: eb('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute()
    append(tx, event(call, worker, before.id, 'request.withdrawn', { kind: before.kind }))
    return requestById(tx, before.id)
  },
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
  append(
    tx,
    event(call, worker, id, asked.kind === 'weight' ? 'request.weightDisputed' : 'request.correctionAsked', {
      kind: asked.kind,
      subject: asked.subject,
      caseNumber: made.caseNumber,
      hours: asked.hours,
      textSha256: sealed.hashes.reasonSha256,
    }),
  )
  await tellOfRequest(call, worker, asked.kind)
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
  if (!found) throw notFound({ nl: 'Dit verzoek', en: 'This request' })
  return found
}

/** What of a granted request is still to begin: of leave in several periods those that are not there yet. */
function comingOf(
  { validFrom, validUntil, periods }: Pick<OwnRequest, 'validFrom' | 'validUntil' | 'periods'>,
  today: string,
): Span[] {
  if (validFrom === null) return []
  return periodsOf({ validFrom, validUntil, periods }).filter(one => one.validFrom > today)
}

/** Takes granted leave out of the record again, before it has begun. Already gone is fine: a lead may have done so. */
async function takeOut(
  call: Own,
  worker: Self,
  request: {
    kind: string
    reasonCode: string | null
    percentage: number | null
  },
  periods: readonly Span[],
): Promise<void> {
  const { db: tx } = call
  for (const { validFrom, validUntil } of periods) {
    const until = sql<boolean>`valid_until is not distinct from ${validUntil}::date`
    if (request.kind === 'absence') {
      await tx
        .deleteFrom('absence')
        .where('workerId', '=', worker.id)
        .where('percentage', '=', request.percentage!)
        .where('validFrom', '=', validFrom)
        .where(until)
        .execute()
    } else {
      await tx
        .deleteFrom('reduction')
        .where('workerId', '=', worker.id)
        .where('reasonCode', '=', request.reasonCode!)
        .where('percentage', '=', request.percentage!)
        .where('validFrom', '=', validFrom)
        .where(until)
        .execute()
    }
  }
  await recordChanged(call, worker, [{ kind: request.kind as AvailabilityEntry['kind'] }])
}
