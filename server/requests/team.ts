import type { Executor } from '../../db/database.ts'
import { setWeightByHand } from '../cases/write.ts'
import type { AvailabilityEntry, TeamRequest } from '../contract/requests.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Call, type Handlers, notFound, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { tell } from '../messages/write.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { weigh } from '../weighing/weight.ts'
import { effectOf, layIn } from './effect.ts'
import {
  heldBy,
  mayReadRequest,
  type RequestRow,
  type RequestTeams,
  reasonTerms,
  requestCounts,
  requestRows,
  requestTeams,
} from './queries.ts'
import { recordChanged } from './self.ts'
import { faultsOf } from './state.ts'

type Names =
  | 'GET /requests'
  | 'POST /requests/:id/preview'
  | 'POST /requests/:id/answer'
  | 'PUT /teams/:id/availability'

const PAGE = 100
const approvalFields = [
  'id as teamId',
  'name as team',
  'approvesAvailability as approval',
  'availabilityVersion as version',
] as const

export const teamRequestHandlers: Pick<Handlers, Names> = {
  async 'GET /requests'({ db, user, query, today }) {
    const readable = requestTeams(user)
    const deciding = user.teamsFor('request.decide')
    const { rows, next } = await page(db, { ...query, teams: readable })
    const teams = await db
      .selectFrom('team')
      .where('id', 'in', deciding.length > 0 ? [...deciding] : [0])
      .select(approvalFields)
      .orderBy('name')
      .execute()
    return {
      teams,
      requests: await described(db, rows, user, today),
      next,
      counts: await requestCounts(db, { teams: readable, kind: query.kind }),
    }
  },

  async 'POST /requests/:id/preview'({ db: tx, params, user, today }) {
    const row = await inScope(tx, params.id, user)
    const entry = entryOf(row)
    if (row.request.status !== 'open' || entry === null) {
      throw new Refusal(409, {
        nl: 'Hier valt niets meer uit te rekenen: dit verzoek is afgehandeld of gaat niet over uren.',
        en: 'There is nothing left to calculate: this request has been answered or is not about hours.',
      })
    }
    return effectOf(tx, row.workerId, [entry], today)
  },

  async 'POST /requests/:id/answer'(call) {
    const { db: tx, params, body, user, now, today } = call
    const { workerId } = await inScope(tx, params.id, user)
    const worker = await tx
      .selectFrom('worker')
      .select(['id', 'teamId', 'staffNumber'])
      .where('id', '=', workerId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    await tx.selectFrom('ownRequest').select('id').where('id', '=', params.id).forUpdate().execute()
    const row = await inScope(tx, params.id, user)
    mayAnswer(row, user, true)
    const { request } = row
    if (request.version !== call.expectedVersion) throw staleVersion(request.version)
    if (request.status !== 'open') {
      throw new Refusal(409, {
        nl: 'Dit verzoek is al afgehandeld. Bekijk het antwoord.',
        en: 'This request has already been answered. View the answer.',
      })
    }
    checkAnswer(call, row)
    const entry = entryOf(row)
    if (body.outcome === 'granted' && entry !== null) await grantEntry(call, worker, row, entry)
    if (body.outcome === 'granted' && request.caseNumber !== null && body.hours !== null) {
      await setWeightByHand(call, request.caseNumber, body.hours, body.text ?? '')
    }
    const sealed = sealMotives({ reasonText: body.text, unregisteredReason: null })
    await tx
      .updateTable('ownRequest')
      .set(eb => ({
        status: body.outcome,
        answer: body.text,
        answerSalt: sealed.salt,
        answeredBy: user.id,
        answeredAt: now,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', row.id)
      .execute()
    append(tx, {
      type: body.outcome === 'granted' ? 'request.granted' : 'request.declined',
      actor: user,
      organisationId: user.organisationId,
      teamId: row.teamId,
      objectType: 'request',
      objectId: String(row.id),
      data: {
        staffNumber: worker.staffNumber,
        kind: request.kind,
        caseNumber: request.caseNumber,
        hours: body.hours,
        answerSha256: sealed.hashes.reasonSha256,
      },
      at: now,
    })
    await tell(tx, {
      organisationId: user.organisationId,
      workerIds: [worker.id],
      kind: body.outcome === 'granted' ? 'request.granted' : 'request.declined',
      data: { request: row.id },
      at: now,
    })
    const [answered] = await described(tx, await requestRows(tx, { ids: [row.id] }), user, today)
    return answered!
  },

  async 'PUT /teams/:id/availability'({ db: tx, params, body, user, now, expectedVersion }) {
    if (!user.mayIn('request.decide', params.id)) throw notFound({ nl: 'Dit team', en: 'This team' })
    const before = await tx
      .selectFrom('team')
      .select(approvalFields)
      .where('id', '=', params.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (before.version !== expectedVersion) throw staleVersion(before.version)
    if (before.approval === body.approval) return before
    const team = await tx
      .updateTable('team')
      .set(eb => ({
        approvesAvailability: body.approval,
        availabilityVersion: eb('availabilityVersion', '+', 1),
      }))
      .where('id', '=', params.id)
      .returning(approvalFields)
      .executeTakeFirstOrThrow()
    append(tx, {
      type: body.approval ? 'team.approvalAsked' : 'team.approvalDropped',
      actor: user,
      organisationId: user.organisationId,
      teamId: params.id,
      objectType: 'team',
      objectId: String(params.id),
      data: { team: team.team },
      at: now,
    })
    return team
  },
}

/** One page of the list, and the place where the next begins: first what is open, then what is settled. */
async function page(
  db: Executor,
  { teams, kind, after, limit = PAGE }: Call<'GET /requests'>['query'] & { teams: RequestTeams },
): Promise<{ rows: RequestRow[]; next: string | null }> {
  const [half, id] = after?.split(':') ?? []
  const place = id === undefined ? {} : { after: Number(id) }
  const filter = { teams, ...(kind && { kind }) }
  const open =
    half === 'settled' ? [] : await requestRows(db, { ...filter, ...place, open: true, limit: limit + 1 })
  const settled =
    open.length > limit
      ? []
      : await requestRows(db, {
          ...filter,
          ...(half === 'settled' && place),
          open: false,
          limit: limit + 1 - open.length,
        })
  const rows = [...open, ...settled]
  const last = rows[limit - 1]
  return {
    rows: rows.slice(0, limit),
    next:
      rows.length > limit && last
        ? `${last.request.status === 'open' ? 'open' : 'settled'}:${last.id}`
        : null,
  }
}

type Answering = Call<'POST /requests/:id/answer'>

async function inScope(db: Executor, id: number, user: SignedIn): Promise<RequestRow> {
  const [row] = await requestRows(db, { ids: [id] })
  if (!row || row.organisationId !== user.organisationId || !mayReadRequest(user, row)) {
    throw notFound({ nl: 'Dit verzoek', en: 'This request' })
  }
  return row
}

/** A weight is for who may write the case; the rest for the lead. Nobody answers the own request. */
function mayAnswer(row: RequestRow, user: SignedIn, insist: boolean): boolean {
  const action = row.request.kind === 'weight' ? ('case.write' as const) : ('request.decide' as const)
  const own = row.workerId === user.workerId
  if (insist) {
    requireIn(user, action, row.teamId)
    if (own) {
      throw new Refusal(403, {
        nl: 'Dit is je eigen verzoek. Iemand anders met dit recht moet antwoorden.',
        en: 'This is your own request. Somebody else with this right has to answer.',
      })
    }
  }
  return !own && user.mayIn(action, row.teamId)
}

function checkAnswer({ body, locale }: Answering, { request }: RequestRow): void {
  const errors = new FieldErrors(locale)
  const inWords = body.outcome === 'declined' || request.kind === 'correction' || request.kind === 'weight'
  if (inWords && body.text === null) {
    errors.add('text', {
      nl: 'Geef een antwoord, zodat je collega weet waarom.',
      en: 'Give an answer, so that your colleague knows why.',
    })
  }
  if (body.hours !== null && (request.kind !== 'weight' || body.outcome !== 'granted')) {
    errors.add('hours', {
      nl: 'Uren horen alleen bij een zwaarte die je aanpast.',
      en: 'Hours belong only with a weight that you change.',
    })
  }
  errors.refuse()
}

/** The record may have changed since it was asked: what no longer fits is refused with what stands in the way. */
async function grantEntry(
  call: Answering,
  worker: { id: number; teamId: number; staffNumber: string },
  row: RequestRow,
  entry: AvailabilityEntry,
): Promise<void> {
  const { db: tx } = call
  const held = await heldBy(tx, worker.id, row.id)
  // That days have passed since it was asked is no reason to refuse it.
  const [fault] = faultsOf(entry, held, await reasonTerms(tx), entry.validFrom)
  if (fault) throw new Refusal(409, fault.text)
  await layIn(tx, worker.id, [entry])
  await recordChanged(call, worker, [entry])
}

function entryOf({ request }: RequestRow): AvailabilityEntry | null {
  const { kind, reason, percentage, validFrom, validUntil, periods } = request
  if ((kind !== 'absence' && kind !== 'reduction') || percentage === null || validFrom === null) return null
  return { kind, reason, percentage, validFrom, validUntil, ...(periods && { periods }) }
}

async function described(
  db: Executor,
  rows: readonly RequestRow[],
  user: SignedIn,
  today: string,
): Promise<TeamRequest[]> {
  if (rows.length === 0) return []
  const workers = await db
    .selectFrom('worker as w')
    .where('w.id', 'in', [...new Set(rows.map(row => row.workerId))])
    .select(['w.id', 'w.staffNumber', 'w.name'])
    .execute()
  const teams = await db
    .selectFrom('team')
    .where('id', 'in', [...new Set(rows.map(row => row.teamId))])
    .select(['id', 'name'])
    .execute()
  const caseIds = rows.map(row => row.caseId).filter(id => id !== null)
  const facts =
    caseIds.length === 0
      ? []
      : await caseFacts(db, { organisationId: user.organisationId, on: today, caseIds })
  const rulebook = facts.length === 0 ? null : await rulebookOn(db, user.organisationId, today)
  return rows.map(row => {
    const { staffNumber, name } = workers.find(one => one.id === row.workerId)!
    const found = facts.find(one => one.id === row.caseId)
    return {
      ...row.request,
      worker: { staffNumber, name },
      teamId: row.teamId,
      team: teams.find(one => one.id === row.teamId)!.name,
      tableHours:
        found && rulebook
          ? weigh({ ...weighableOn(found, today), override: null, dormant: false }, rulebook).total
          : null,
      mayAnswer: row.request.status === 'open' && mayAnswer(row, user, false),
    }
  })
}
