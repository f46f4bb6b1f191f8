import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { AgreedSeat, Agreement } from '../contract/rounds.ts'
import { caseIn } from '../draft/first-look.ts'
import { findRound, roundWorkers } from '../draft/rounds.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'

/** Whoever listens here hears of whom and in which round a mark was set. It is told to that person alone, and not stored. */
export const AGREEMENT_CHANNEL = 'instroom_agreement'
export interface SaidAgreement {
  userId: number
  roundId: number
}

/** The cases of a round that this person agreed with, with the outcome of then; nobody is told those of another. */
export async function agreementsOf(db: Executor, roundId: number, userId: number): Promise<Agreement[]> {
  const rows = await db
    .selectFrom('roundAgreement as a')
    .innerJoin('caseFile as c', 'c.id', 'a.caseId')
    .leftJoin('worker as w', 'w.id', 'a.workerId')
    .select(['c.caseNumber', 'a.seat', 'a.waits', 'w.staffNumber'])
    .where('a.roundId', '=', roundId)
    .where('a.userId', '=', userId)
    .orderBy('c.caseNumber')
    .orderBy('a.seat')
    .execute()
  const byCase = new Map<string, AgreedSeat[]>()
  for (const { caseNumber, ...seat } of rows)
    byCase.set(caseNumber, [...(byCase.get(caseNumber) ?? []), seat])
  return [...byCase].map(([caseNumber, seats]) => ({ caseNumber, seats }))
}

/**
 * Keeps with which outcome of a case this person agrees, or that they do not any more. It says what they saw, so it holds for
 * that outcome whatever a colleague does meanwhile; it decides nothing, so it asks for no version and leaves no event.
 * Throws 409 when the round is not open.
 */
export async function agree(call: Call<'PUT /rounds/:id/cases/:caseNumber/agreement'>): Promise<Agreement[]> {
  const { db: tx, user, params, body, now } = call
  const round = await findRound(tx, user, params.id, { action: 'round.choose', everyTeam: false })
  await requireOpen(tx, round.id)
  const caseId = await caseIn(tx, round, params.caseNumber)
  const ids = new Map((await roundWorkers(tx, round.id)).map(one => [one.staffNumber, one.id]))
  const bySeat = new Map(body.seats.map(one => [one.seat, one]))
  const seats = [...bySeat.values()].map(({ staffNumber, ...seat }) => {
    const workerId = staffNumber === null ? null : ids.get(staffNumber)
    if (workerId === undefined) throw notFound({ nl: 'Deze medewerker', en: 'This worker' })
    return { ...seat, workerId }
  })
  await tx
    .deleteFrom('roundAgreement')
    .where('roundId', '=', round.id)
    .where('caseId', '=', caseId)
    .where('userId', '=', user.id)
    .execute()
  if (seats.length > 0) {
    await tx
      .insertInto('roundAgreement')
      .values(seats.map(seat => ({ roundId: round.id, caseId, userId: user.id, agreedAt: now, ...seat })))
      // The same person on another device, at the same moment.
      .onConflict(conflict =>
        conflict.columns(['roundId', 'caseId', 'userId', 'seat']).doUpdateSet(eb => ({
          workerId: eb.ref('excluded.workerId'),
          waits: eb.ref('excluded.waits'),
          agreedAt: eb.ref('excluded.agreedAt'),
        })),
      )
      .execute()
  }
  const said: SaidAgreement = { userId: user.id, roundId: round.id }
  await sql`select pg_notify(${AGREEMENT_CHANNEL}, ${JSON.stringify(said)})`.execute(tx)
  return agreementsOf(tx, round.id, user.id)
}

/** Holds the round as it is: one that is being settled is waited for, so that no mark outlives it. */
async function requireOpen(tx: Tx, roundId: number): Promise<void> {
  const round = await tx
    .selectFrom('round')
    .select('status')
    .where('id', '=', roundId)
    .forShare()
    .executeTakeFirstOrThrow()
  if (round.status === 'open') return
  throw new Refusal(409, {
    nl: 'Deze ronde is al vastgesteld of geannuleerd.',
    en: 'This round has already been confirmed or cancelled.',
  })
}

/** A round that has ended needs no marks: how far somebody was in it is nobody's business later. */
export async function forgetAgreementsIn(tx: Tx, roundId: number): Promise<void> {
  await tx.deleteFrom('roundAgreement').where('roundId', '=', roundId).execute()
}
