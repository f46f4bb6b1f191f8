import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { RoundResult } from '../contract/rounds.ts'
import type { Round } from '../draft/rounds.ts'
import { eventsInNumbers } from '../events/case-keys.ts'
import { unwritten } from '../events/events.ts'
import { Refusal } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import type { SettledSeat } from './confirmation.ts'
import { type RefusedLine, refusedSentence } from './settlement.ts'

/** What a settled round decided. Loads are as they were at that moment: they are in the event of the settlement. */
export async function roundResult(db: Executor, round: Round, locale: Locale): Promise<RoundResult> {
  if (round.status !== 'settled' || !round.settledAt) {
    throw new Refusal(409, {
      nl: 'Deze ronde is nog niet vastgesteld.',
      en: 'This round has not been confirmed yet.',
    })
  }
  const codes = await codeNames(db)
  const rows = await db
    .selectFrom('decision as d')
    .innerJoin('caseFile as c', 'c.id', 'd.caseId')
    .leftJoin('worker as w', 'w.id', 'd.workerId')
    .leftJoin('worker as p', 'p.id', 'd.proposedWorkerId')
    .leftJoin('userAccount as u', 'u.id', 'd.decidedBy')
    .leftJoin('userAccount as t', 't.id', 'd.withdrawnBy')
    .select([
      'c.caseNumber',
      'd.seat',
      'd.kind',
      'w.staffNumber',
      'w.name',
      'p.staffNumber as proposedNumber',
      'p.name as proposedName',
      'd.reasonCode',
      'd.reasonText',
      'u.name as decidedBy',
      'd.acceptsExcess',
      'd.reviewOn',
      'd.answer',
      'd.withdrawnAt',
      'd.withdrawnReason',
      't.name as withdrawnBy',
    ])
    .where('d.roundId', '=', round.id)
    .orderBy('c.caseNumber')
    .orderBy('d.seat')
    .execute()
  const { seats, refused } = await settlementEvent(db, round)
  const nextRoundId = await nextRound(db, round)
  const settled = new Map(seats.map(one => [`${one.caseNumber} ${one.seat}`, one]))
  return {
    roundId: round.id,
    settledAt: round.settledAt.toISOString(),
    settledBy: round.settledBy,
    startOn: round.startOn,
    decisions: rows.map(row => {
      const seat = settled.get(`${row.caseNumber} ${row.seat}`)
      return {
        caseNumber: row.caseNumber,
        seat: row.seat,
        kind: row.kind,
        worker: nameOf(row.staffNumber, row.name),
        proposed: nameOf(row.proposedNumber, row.proposedName),
        hours: seat?.hours ?? null,
        loadBefore: seat?.loadBefore ?? null,
        loadAfter: seat?.loadAfter ?? null,
        reasonCode: row.reasonCode,
        reasonText: row.reasonText,
        decidedBy: row.decidedBy,
        acceptsExcess: row.acceptsExcess,
        reviewOn: row.reviewOn,
        answer: row.answer,
        withdrawn:
          row.withdrawnAt === null
            ? null
            : { at: row.withdrawnAt.toISOString(), by: row.withdrawnBy, reason: row.withdrawnReason },
      }
    }),
    refused: refused.map(line => ({
      caseNumber: line.caseNumber,
      seat: line.seat,
      message: refusedSentence(line, locale, codes),
    })),
    nextRoundId,
    waiting: await withoutWorker(db, round.id, nextRoundId),
  }
}

/** Cases that a round left without a worker, without those that went on in another. */
async function withoutWorker(db: Executor, roundId: number, nextRoundId: number | null): Promise<string[]> {
  const rows = await db
    .selectFrom('roundCase as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .where('r.roundId', '=', roundId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('decision as d')
            .whereRef('d.caseId', '=', 'r.caseId')
            .where('d.roundId', '=', roundId)
            .where('d.workerId', 'is not', null)
            .select('d.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('roundCase as n')
            .whereRef('n.caseId', '=', 'r.caseId')
            .where('n.roundId', '=', nextRoundId ?? 0)
            .select('n.caseId'),
        ),
      ),
    )
    .orderBy('c.caseNumber')
    .select('c.caseNumber')
    .execute()
  return rows.map(row => row.caseNumber)
}

function nameOf(staffNumber: string | null, name: string | null) {
  return staffNumber === null ? null : { staffNumber, name: name ?? staffNumber }
}

/** The round that a partial settlement went on in: its event says after which round it came. */
async function nextRound(db: Executor, round: Round): Promise<number | null> {
  const now = unwritten(db).find(one => one.type === 'round.composed' && one.data.after === round.id)
  if (now) return Number(now.objectId)
  const next = await db
    .selectFrom('event')
    .select('objectId')
    .where('type', '=', 'round.composed')
    .where('objectType', '=', 'round')
    .where(sql`data->>'after'`, '=', String(round.id))
    .where('organisationId', '=', round.organisationId)
    .executeTakeFirst()
  return next ? Number(next.objectId) : null
}

async function settlementEvent(
  db: Executor,
  round: Round,
): Promise<{ seats: SettledSeat[]; refused: RefusedLine[] }> {
  const now = unwritten(db).find(one => one.type === 'round.settled' && one.objectId === String(round.id))
  const event =
    now ??
    (await db
      .selectFrom('event')
      .select(['data', 'at'])
      .where('objectType', '=', 'round')
      .where('objectId', '=', String(round.id))
      .where('type', '=', 'round.settled')
      .executeTakeFirst())
  if (!event) return { seats: [], refused: [] }
  const [data = {}] = await eventsInNumbers(db, round.organisationId, [
    { at: event.at, value: event.data as { seats?: SettledSeat[]; refused?: RefusedLine[] } },
  ])
  return { seats: data.seats ?? [], refused: data.refused ?? [] }
}
