import type { Executor } from '../../db/database.ts'
import { type Reader, visibleCase } from '../cases/detail.ts'
import { setWeightByHand } from '../cases/write.ts'
import { inNameOrder } from '../contract/names.ts'
import { sealMotives } from '../events/events.ts'
import { type About, record as recordEvent } from '../events/record.ts'
import { type Call, type Handlers, Refusal, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { requireIn } from '../http/rights.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { caseScope, weighableOn } from '../weighing/case-rows.ts'
import { measuresOn, weigh } from '../weighing/weight.ts'
import { differencesOf } from './differences.ts'
import {
  type EstimateRecord,
  estimatesFor,
  estimateView,
  rowOf,
  shownEstimates,
  visibleEstimate,
  voicesOf,
} from './queries.ts'

type Names =
  | 'GET /estimates'
  | 'GET /estimates/differences'
  | 'GET /cases/:caseNumber/estimators'
  | 'POST /cases/:caseNumber/estimates'
  | 'GET /estimates/:id'
  | 'POST /estimates/:id/voice'
  | 'POST /estimates/:id/reveal'
  | 'POST /estimates/:id/agreement'
  | 'POST /estimates/:id/cancellation'

type Change = Pick<Call<'POST /cases'>, 'db' | 'user' | 'locale' | 'today' | 'now'>

export const estimateHandlers: Pick<Handlers, Names> = {
  async 'GET /estimates'({ db, user }) {
    const records = await estimatesFor(db, user)
    const voices = await voicesOf(
      db,
      records.map(one => one.id),
    )
    return records.map(one =>
      rowOf(
        one,
        voices.filter(voice => voice.estimateId === one.id),
        user.id,
      ),
    )
  },

  async 'GET /estimates/differences'({ db, user }) {
    return differencesOf(await shownEstimates(db, user.organisationId))
  },

  async 'GET /cases/:caseNumber/estimators'({ db, params, user, today }) {
    const { teamId } = await ofTeam(db, params.caseNumber, { user, today })
    return estimators(db, user.organisationId, teamId)
  },

  async 'POST /cases/:caseNumber/estimates'(call) {
    const { db: tx, body, params, user, locale, today, now } = call
    const facts = await ofTeam(tx, params.caseNumber, call)
    requireIn(user, 'estimate.lead', facts.teamId)
    if (facts.closedOn !== null) {
      throw new Refusal(409, {
        nl: `Zaak ${facts.caseNumber} is afgesloten. Er valt niets meer te schatten.`,
        en: `Case ${facts.caseNumber} is closed. There is nothing left to estimate.`,
      })
    }
    const possible = new Set((await estimators(tx, user.organisationId, facts.teamId)).map(one => one.userId))
    const errors = new FieldErrors(locale)
    body.userIds.forEach((id, index) => {
      if (possible.has(id)) return
      const text = { nl: 'Kies iemand van dit team.', en: 'Choose somebody of this team.' }
      errors.add(`userIds.${index}`, text, id)
    })
    errors.refuse()
    const rulebook = await rulebookOn(tx, user.organisationId, today)
    const dispute = await tx
      .selectFrom('ownRequest')
      .select('id')
      .where('caseId', '=', facts.id)
      .where('kind', '=', 'weight')
      .where('status', '=', 'open')
      .orderBy('id')
      .executeTakeFirst()
    const { id } = await tx
      .insertInto('estimate')
      .values({
        organisationId: user.organisationId,
        teamId: facts.teamId,
        caseId: facts.id,
        roundId: facts.openRoundId,
        requestId: dispute?.id ?? null,
        // Beside the table, not beside what people set by hand before.
        tableHours: weigh({ ...weighableOn(facts, today), override: null, dormant: false }, rulebook).total,
        rulebookVersion: rulebook.version,
        features: JSON.stringify({
          measures: measuresOn(facts.measures, today).sort(),
          phase: facts.phase,
          factors: facts.factors,
          children: facts.children,
        }),
        openedBy: user.id,
        createdAt: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('estimateVoice')
      .values(
        body.userIds.map(userId => ({ estimateId: id, userId, hours: null, note: null, givenAt: null })),
      )
      .execute()
    recordEvent(call, aboutEstimate({ id, teamId: facts.teamId }), 'estimate.opened', {
      caseNumber: facts.caseNumber,
      asked: body.userIds.length,
    })
    return estimateView(tx, id, call)
  },

  async 'GET /estimates/:id'(call) {
    return estimateView(call.db, call.params.id, call)
  },

  async 'POST /estimates/:id/voice'(call) {
    const { db: tx, params, body, user, now } = call
    const { record, voices } = await locked(call, params.id)
    if (!voices.some(voice => voice.userId === user.id)) {
      throw new Refusal(403, {
        nl: 'Je bent niet gevraagd om deze zaak te schatten.',
        en: 'You have not been asked to estimate this case.',
      })
    }
    if (record.status !== 'open') throw notOpen()
    await tx
      .updateTable('estimateVoice')
      .set({ hours: body.hours, note: body.note, givenAt: now })
      .where('estimateId', '=', record.id)
      .where('userId', '=', user.id)
      .execute()
    // Only that it was given: the hours stay hidden until everything is shown.
    recordEvent(call, aboutEstimate(record), 'estimate.given', { caseNumber: record.caseNumber })
    return estimateView(tx, record.id, call)
  },

  async 'POST /estimates/:id/reveal'(call) {
    const { db: tx, params } = call
    const { record, voices } = await leading(call, params.id)
    if (record.status !== 'open') throw notOpen()
    const given = voices.map(voice => voice.hours).filter(hours => hours !== null)
    if (given.length < 2) {
      throw new Refusal(409, {
        nl: 'Er zijn nog geen twee schattingen. Wacht tot ten minste twee mensen hebben geschat.',
        en: 'There are not two estimates yet. Wait until at least two people have estimated.',
      })
    }
    await move(call, record, { status: 'revealed', revealedAt: call.now })
    recordEvent(call, aboutEstimate(record), 'estimate.revealed', {
      caseNumber: record.caseNumber,
      given: given.length,
      lowest: Math.min(...given),
      highest: Math.max(...given),
    })
    return estimateView(tx, record.id, call)
  },

  async 'POST /estimates/:id/agreement'(call) {
    const { db: tx, params, body, user, now } = call
    const { record } = await leading(call, params.id)
    if (record.status !== 'revealed') {
      throw new Refusal(409, {
        nl:
          record.status === 'open'
            ? 'Laat eerst alle schattingen zien. Daarna leg je vast wat jullie afspreken.'
            : 'Over deze schatting is al besloten.',
        en:
          record.status === 'open'
            ? 'Show all estimates first. After that you record what you agree on.'
            : 'This estimate has already been decided.',
      })
    }
    const sealed = sealMotives({ reasonText: body.text, unregisteredReason: null })
    await move(call, record, {
      status: 'agreed',
      agreedHours: body.hours,
      agreedText: body.text,
      salt: sealed.salt,
      agreedBy: user.id,
      agreedAt: now,
    })
    recordEvent(call, aboutEstimate(record), 'estimate.agreed', {
      caseNumber: record.caseNumber,
      hours: body.hours,
      tableHours: record.tableHours,
      applied: body.apply,
      textSha256: sealed.hashes.reasonSha256,
    })
    if (body.apply) await setWeightByHand(call, record.caseNumber, body.hours, body.text)
    return estimateView(tx, record.id, call)
  },

  async 'POST /estimates/:id/cancellation'(call) {
    const { db: tx, params } = call
    const { record } = await leading(call, params.id)
    if (record.status !== 'open' && record.status !== 'revealed') throw notOpen()
    await move(call, record, { status: 'cancelled' })
    recordEvent(call, aboutEstimate(record), 'estimate.cancelled', { caseNumber: record.caseNumber })
    return estimateView(tx, record.id, call)
  },
}

/** The case as somebody of its team sees it; an own seat is no reason to lead. */
async function ofTeam(db: Executor, caseNumber: string, reader: Pick<Reader, 'user' | 'today'>) {
  const { user } = reader
  return visibleCase(db, caseNumber, reader, { teamIds: caseScope(user).teamIds, workerId: null })
}

/** Active accounts of the intake and leads of a team, and of its workers. */
async function estimators(db: Executor, organisationId: number, teamId: number) {
  const rows = await db
    .selectFrom('userAccount as u')
    .innerJoin('userRole as r', 'r.userId', 'u.id')
    .leftJoin('worker as w', 'w.id', 'u.workerId')
    .where('u.organisationId', '=', organisationId)
    .where('u.status', '=', 'active')
    .where(eb =>
      eb.or([
        eb('r.teamId', '=', teamId),
        eb.and([eb('r.role', '=', 'worker'), eb('w.teamId', '=', teamId)]),
      ]),
    )
    .select(['u.id', 'u.name', 'r.role'])
    .orderBy('u.name')
    .orderBy('u.id')
    .orderBy('r.role')
    .execute()
  const people = new Map<number, { userId: number; name: string; roles: string[] }>()
  for (const { id, name, role } of rows) {
    const person = people.get(id) ?? { userId: id, name, roles: [] }
    person.roles.push(role)
    people.set(id, person)
  }
  return inNameOrder([...people.values()])
}

async function locked(call: Change, id: number) {
  await visibleEstimate(call.db, id, call.user)
  await call.db.selectFrom('estimate').select('id').where('id', '=', id).forUpdate().execute()
  return visibleEstimate(call.db, id, call.user)
}

async function leading(call: Change & { expectedVersion: number }, id: number) {
  const found = await locked(call, id)
  requireIn(call.user, 'estimate.lead', found.record.teamId)
  if (found.record.version !== call.expectedVersion) throw staleVersion(found.record.version)
  return found
}

function notOpen(): Refusal {
  return new Refusal(409, {
    nl: 'Deze schatting is al getoond of gestopt. Bekijk hoe het ervoor staat.',
    en: 'This estimate has already been shown or stopped. View where it stands.',
  })
}

interface Moved {
  status: 'revealed' | 'agreed' | 'cancelled'
  revealedAt?: Date
  agreedHours?: number
  agreedText?: string
  salt?: string
  agreedBy?: number
  agreedAt?: Date
}

async function move({ db: tx }: Change, record: EstimateRecord, to: Moved): Promise<void> {
  await tx
    .updateTable('estimate')
    .set(eb => ({ ...to, version: eb('version', '+', 1) }))
    .where('id', '=', record.id)
    .execute()
}

function aboutEstimate({ id, teamId }: { id: number; teamId: number }): About {
  return { objectType: 'estimate', objectId: String(id), teamId }
}
