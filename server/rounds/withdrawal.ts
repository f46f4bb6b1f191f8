import { sql } from 'kysely'
import { findRound, type Round } from '../draft/rounds.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Call, notFound, Refusal } from '../http/call.ts'
import { requireIn } from '../http/rights.ts'
import { tell } from '../messages/write.ts'

/**
 * Takes back what a settled round decided about a case. Decision and allocation stay as they were made: the seats end today,
 * or on the day they would have begun, and the case waits again. Throws 404 for a case that the round did not decide, 409
 * when its seats were ended already.
 */
export async function withdraw(call: Call<'POST /rounds/:id/withdrawals'>): Promise<Round> {
  const { db: tx, user, params, body, locale, today, now } = call
  const round = await findRound(tx, user, params.id)
  const reason = body.reasonText.trim()
  if (reason === '') {
    const message = locale === 'nl' ? 'Geef een reden.' : 'Give a reason.'
    throw new Refusal(
      422,
      { nl: 'Geef een reden.', en: 'Give a reason.' },
      { errors: [{ field: 'reasonText', message }] },
    )
  }
  const theCase = await tx
    .selectFrom('caseFile')
    .select(['id', 'teamId', 'caseNumber'])
    .where('organisationId', '=', user.organisationId)
    .where('caseNumber', '=', body.caseNumber)
    .forUpdate()
    .executeTakeFirst()
  const decisions = theCase
    ? await tx
        .selectFrom('decision as d')
        .leftJoin('allocation as a', 'a.decisionId', 'd.id')
        .select(['d.id', 'd.workerId', 'd.withdrawnAt', 'a.id as allocationId', 'a.startsOn', 'a.endsOn'])
        .where('d.roundId', '=', round.id)
        .where('d.caseId', '=', theCase.id)
        .where('d.workerId', 'is not', null)
        .orderBy('d.id')
        .execute()
    : []
  if (!theCase || decisions.length === 0) {
    throw notFound({ nl: 'Dit besluit van de ronde', en: 'This decision of the round' })
  }
  requireIn(user, 'decision.withdraw', theCase.teamId)
  const standing = decisions.filter(one => one.withdrawnAt === null)
  const running = standing.filter(one => one.endsOn === null || one.endsOn > today)
  if (running.length === 0) {
    throw new Refusal(409, {
      nl: 'Dit besluit is al ingetrokken, of de zaak ligt niet meer bij deze jeugdbeschermer.',
      en: 'This decision has already been withdrawn, or the case is no longer with this worker.',
    })
  }
  const { salt, hashes } = sealMotives({ reasonText: reason, unregisteredReason: null })
  await tx
    .updateTable('decision')
    .set({ withdrawnAt: now, withdrawnBy: user.id, withdrawnReason: reason, withdrawnSalt: salt })
    .where('id', '=', sql<number>`any(${standing.map(one => one.id)}::int[])`)
    .execute()
  await tx
    .updateTable('allocation')
    .set({ endsOn: sql<string>`greatest(starts_on, ${today}::date)` })
    .where('decisionId', '=', sql<number>`any(${running.map(one => one.id)}::int[])`)
    .execute()
  await tx
    .updateTable('caseFile')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', theCase.id)
    .execute()
  append(tx, {
    type: 'case.withdrawn',
    actor: user,
    organisationId: user.organisationId,
    teamId: theCase.teamId,
    objectType: 'case',
    objectId: theCase.caseNumber,
    data: {
      round: round.id,
      decisions: standing.map(one => one.id),
      reasonSha256: hashes.reasonSha256,
    },
    at: now,
  })
  await tell(tx, {
    organisationId: user.organisationId,
    workerIds: running.flatMap(one => (one.workerId === null ? [] : [one.workerId])),
    kind: 'case.withdrawn',
    data: { round: round.id, case: theCase.caseNumber },
    at: now,
  })
  return round
}
