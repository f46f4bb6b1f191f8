import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { DAY_MS, dayOf } from '../contract/days.ts'
import type { MyProposal, MyProposals } from '../contract/sharing.ts'
import { teamsOf } from '../draft/rounds.ts'
import { rulingsOf } from '../draft/shares.ts'
import { append, sealMotives } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, notFound, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { mySwaps } from './my-swaps.ts'
import { withLoads } from './swap-loads.ts'

/** A worker sees what ended this long ago, and not what is older. */
const KEEP_SHOWING_DAYS = 60

/** Everything that is asked of this worker, newest first; nothing for an account that belongs to no worker. `loads`: with what swaps do to the own load. */
export async function myProposals(
  db: Executor,
  user: SignedIn,
  now: Date,
  loads = true,
): Promise<MyProposals> {
  if (user.workerId === null) return { proposals: [], swaps: [], colleagues: [] }
  const rows = await myLines(db, user.workerId, new Date(now.getTime() - KEEP_SHOWING_DAYS * DAY_MS))
  const rulings = new Map<string, { reasonText: string; at: string }>()
  for (const roundId of new Set(rows.map(row => row.roundId))) {
    for (const one of await rulingsOf(db, roundId)) {
      rulings.set(`${roundId} ${one.caseNumber} ${one.seat} ${one.staffNumber} ${one.answerId}`, {
        reasonText: one.reasonText,
        at: one.at.toISOString(),
      })
    }
  }
  const proposals = rows.map((row): MyProposal => {
    const closed = closedBecause(row, now)
    return {
      id: row.id,
      roundId: row.roundId,
      caseNumber: row.caseNumber,
      seat: row.seat,
      facts: row.facts,
      sharedAt: row.sharedAt.toISOString(),
      answerUntil: row.answerUntil.toISOString(),
      open: closed === null,
      closed,
      answer:
        row.kind !== null && row.answeredAt !== null
          ? {
              kind: row.kind,
              reasonCode: row.reasonCode,
              reasonText: row.reasonText,
              at: row.answeredAt.toISOString(),
            }
          : null,
      ruling:
        row.kind === 'agree'
          ? null
          : (rulings.get(`${row.roundId} ${row.caseNumber} ${row.seat} ${row.staffNumber} ${row.answerId}`) ??
            null),
      version: row.version,
    }
  })
  const swaps = await mySwaps(db, user.workerId)
  const open = [...new Set(proposals.filter(one => one.open).map(one => one.roundId))]
  return {
    proposals,
    swaps: loads ? await withLoads(db, user, swaps, dayOf(now)) : swaps.map(one => one.swap),
    colleagues: await colleaguesIn(db, user.workerId, open),
  }
}

/** Records an answer; within the term a later one takes its place. Throws 409 after the term, 422 without a reason. */
export async function answer(call: Call<'POST /mine/proposals/:id/answer'>): Promise<MyProposals> {
  const { db: tx, user, params, body, locale, now } = call
  const line = await lockLine(tx, user, params.id, now)
  if (line.version !== call.expectedVersion) throw staleVersion(line.version)
  if (line.closed !== null) throw tooLate(line.closed)
  const errors = new FieldErrors(locale)
  if (body.kind === 'object' && body.reasonCode === null) {
    errors.add('reasonCode', { nl: 'Kies een reden.', en: 'Choose a reason.' })
  }
  if (body.reasonCode === 'other' && !body.reasonText?.trim()) {
    errors.add('reasonText', {
      nl: 'Geef bij deze reden een toelichting.',
      en: 'This reason needs an explanation.',
    })
  }
  errors.refuse()
  const reasonText = body.reasonText?.trim() || null
  const reasonCode = body.kind === 'object' ? body.reasonCode : null
  const { salt, hashes } = sealMotives({ reasonText, unregisteredReason: null })
  await tx
    .insertInto('answer')
    .values({
      shareLineId: line.id,
      kind: body.kind,
      reasonCode,
      reasonText,
      salt,
      answeredBy: user.id,
      answeredAt: now,
    })
    .execute()
  await tx
    .updateTable('shareLine')
    .set({ version: line.version + 1 })
    .where('id', '=', line.id)
    .execute()
  const teams = await teamsOf(tx, line.roundId)
  append(tx, {
    type: `answer.${RECORDED_AS[body.kind]}`,
    actor: user,
    organisationId: user.organisationId,
    teamId: teamOf({ teams }),
    objectType: 'round',
    objectId: String(line.roundId),
    data: {
      case: line.caseNumber,
      seat: line.seat,
      worker: line.staffNumber,
      reason: reasonCode,
      reasonSha256: hashes.reasonSha256,
    },
    at: now,
  })
  if (body.kind === 'object') {
    await tell(tx, {
      organisationId: user.organisationId,
      userIds: await teamPeople(
        tx,
        teams.map(team => team.id),
        ['intake'],
      ),
      kind: 'answer.objected',
      data: { round: line.roundId, case: line.caseNumber, worker: line.workerName },
      at: now,
    })
  }
  return myProposals(tx, user, now)
}

const RECORDED_AS = { agree: 'agreed', discuss: 'askedToTalk', object: 'objected' } as const

export type OwnLine = Awaited<ReturnType<typeof myLines>>[number] & { closed: MyProposal['closed'] }

/**
 * An own line, locked, with whether it can still be answered. The round is held first, as who settles it does: an answer comes
 * before the settlement and counts, or after it and is refused. Throws 404 for a line of somebody else.
 */
export async function lockLine(tx: Tx, user: SignedIn, id: number, now: Date): Promise<OwnLine> {
  await sql`select id from round where id = (select round_id from share_line where id = ${id}) for share`.execute(
    tx,
  )
  await tx.selectFrom('shareLine').select('id').where('id', '=', id).forUpdate().execute()
  const row =
    user.workerId === null
      ? undefined
      : (await myLines(tx, user.workerId, new Date(0))).find(one => one.id === id)
  if (!row) throw notFound({ nl: 'Dit voorstel', en: 'This proposal' })
  return { ...row, closed: closedBecause(row, now) }
}

export function tooLate(closed: NonNullable<MyProposal['closed']>): Refusal {
  return new Refusal(
    409,
    closed === 'term'
      ? {
          nl: 'De reactietermijn is voorbij. Neem contact op met het instroomteam.',
          en: 'The time to answer is over. Contact the intake team.',
        }
      : {
          nl: 'Dit voorstel geldt niet meer: de ronde is vastgesteld, geannuleerd, of de zaak gaat naar een ander.',
          en: 'This proposal is no longer valid: the round was confirmed or cancelled, or the case goes to somebody else.',
        },
  )
}

async function myLines(db: Executor, workerId: number, since: Date) {
  return db
    .selectFrom('shareLine as l')
    .innerJoin('share as s', 's.id', 'l.shareId')
    .innerJoin('round as r', 'r.id', 'l.roundId')
    .innerJoin('caseFile as c', 'c.id', 'l.caseId')
    .innerJoin('worker as w', 'w.id', 'l.workerId')
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom('answer')
          .select(['answer.id', 'kind', 'reasonCode', 'reasonText', 'answeredAt'])
          .whereRef('shareLineId', '=', 'l.id')
          .orderBy('answer.id', 'desc')
          .limit(1)
          .as('a'),
      join => join.onTrue(),
    )
    .select([
      'l.id',
      'l.roundId',
      'l.caseId',
      'l.seat',
      'l.facts',
      'l.version',
      'c.caseNumber',
      'w.staffNumber',
      'w.name as workerName',
      's.sharedAt',
      's.answerUntil',
      'r.status',
      'a.id as answerId',
      'a.kind',
      'a.reasonCode',
      'a.reasonText',
      'a.answeredAt',
      sql<boolean>`exists (select 1 from choice h where h.round_id = l.round_id and h.case_id = l.case_id
        and h.withdrawn_at is null and (h.kind = 'wait' or (h.kind in ('lock', 'override') and h.seat = l.seat
        and h.worker_id <> l.worker_id)))`.as('chosenOtherwise'),
      sql<boolean>`exists (select 1 from choice h where h.round_id = l.round_id and h.case_id = l.case_id
        and h.withdrawn_at is null and h.kind in ('lock', 'override') and h.seat = l.seat
        and h.worker_id = l.worker_id)`.as('chosen'),
      sql<boolean>`exists (select 1 from round_case rc where rc.round_id = l.round_id and rc.case_id = l.case_id)`.as(
        'inRound',
      ),
      // The newest calculation gives this seat to somebody else, or to nobody.
      sql<boolean>`exists (select 1 from proposal p join proposal_line pl on pl.proposal_id = p.id
        where p.id = (select max(id) from proposal where round_id = l.round_id) and pl.case_id = l.case_id
          and pl.seat = l.seat and pl.worker_id is distinct from l.worker_id)`.as('proposedOtherwise'),
    ])
    .where('l.workerId', '=', workerId)
    .where('s.sharedAt', '>', since)
    .orderBy('l.id', 'desc')
    .execute()
}

function closedBecause(
  row: {
    status: 'open' | 'settled' | 'cancelled'
    answerUntil: Date
    chosen: boolean
    chosenOtherwise: boolean
    proposedOtherwise: boolean
    inRound: boolean
  },
  now: Date,
): MyProposal['closed'] {
  if (row.status !== 'open') return row.status
  if (!row.inRound || row.chosenOtherwise || (row.proposedOtherwise && !row.chosen)) return 'moved'
  return now >= row.answerUntil ? 'term' : null
}

async function colleaguesIn(
  db: Executor,
  workerId: number,
  roundIds: readonly number[],
): Promise<MyProposals['colleagues']> {
  if (roundIds.length === 0) return []
  return db
    .selectFrom('shareLine as l')
    .innerJoin('worker as w', 'w.id', 'l.workerId')
    .select(['l.roundId', 'w.staffNumber', 'w.name'])
    .distinct()
    .where('l.roundId', 'in', [...roundIds])
    .where('l.workerId', '<>', workerId)
    .orderBy('w.name')
    .execute()
}
