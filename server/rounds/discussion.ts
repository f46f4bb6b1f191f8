import type { Executor } from '../../db/database.ts'
import type { RoundDetail } from '../contract/rounds.ts'
import { caseIn } from '../draft/first-look.ts'
import { findRound } from '../draft/rounds.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, Refusal } from '../http/call.ts'

/** The cases that somebody wants to talk about in the meeting, in the order in which they were named. */
export async function discussionsOf(db: Executor, roundId: number): Promise<RoundDetail['discuss']> {
  const rows = await db
    .selectFrom('roundDiscussion as d')
    .innerJoin('caseFile as c', 'c.id', 'd.caseId')
    .leftJoin('userAccount as u', 'u.id', 'd.askedBy')
    .select(['c.caseNumber', 'u.name as by', 'd.askedAt'])
    .where('d.roundId', '=', roundId)
    .orderBy('d.askedAt')
    .orderBy('c.caseNumber')
    .execute()
  return rows.map(({ caseNumber, by, askedAt }) => ({ caseNumber, by, at: askedAt.toISOString() }))
}

/**
 * Takes a case to the meeting, or no longer. It decides nothing, so it asks for no version: two people who name the same case
 * want the same, and who does it first is kept.
 */
export async function discuss(
  call: Call<'PUT /rounds/:id/cases/:caseNumber/discussion'>,
): Promise<RoundDetail['discuss']> {
  const { db: tx, user, params, body, now } = call
  const round = await findRound(tx, user, params.id, { action: 'round.choose', everyTeam: false })
  if (round.status !== 'open') {
    throw new Refusal(409, {
      nl: 'Deze ronde is al vastgesteld of geannuleerd.',
      en: 'This round has already been confirmed or cancelled.',
    })
  }
  const caseId = await caseIn(tx, round, params.caseNumber)
  const changed = body.on
    ? await tx
        .insertInto('roundDiscussion')
        .values({ roundId: round.id, caseId, askedBy: user.id, askedAt: now })
        .onConflict(conflict => conflict.columns(['roundId', 'caseId']).doNothing())
        .returning('caseId')
        .executeTakeFirst()
    : await tx
        .deleteFrom('roundDiscussion')
        .where('roundId', '=', round.id)
        .where('caseId', '=', caseId)
        .returning('caseId')
        .executeTakeFirst()
  if (changed) {
    append(tx, {
      type: body.on ? 'discussion.asked' : 'discussion.dropped',
      actor: user,
      organisationId: round.organisationId,
      teamId: teamOf(round),
      objectType: 'round',
      objectId: String(round.id),
      data: { case: params.caseNumber },
      at: now,
    })
  }
  return discussionsOf(tx, round.id)
}
