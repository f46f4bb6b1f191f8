import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { RoundDetail } from '../contract/rounds.ts'
import { bumpRound, lockRound, type Round } from '../draft/rounds.ts'
import { eventsInNumbers } from '../events/case-keys.ts'
import { append, unwritten } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, Refusal } from '../http/call.ts'
import { invalidField } from '../http/field-errors.ts'
import { tell } from '../messages/write.ts'
import { endSwapsOf } from '../sharing/swaps.ts'
import { waitingCases } from './compose.ts'

/**
 * Takes waiting cases of its teams into an open round and lets others go; those wait again. What people chose about a case that
 * goes is taken back with it, and who was shown it hears that it goes. The proposal stays and is out of date. Throws 409 for
 * cases that do not wait, 422 for unknown ones, for cases that are not in the round, and when none would be left.
 */
export async function changeCases(call: Call<'PUT /rounds/:id/cases'>): Promise<void> {
  const { db: tx, user, params, body, today, locale, now } = call
  const round = await lockRound(tx, user, params.id, call.expectedVersion, {
    action: 'round.compose',
    everyTeam: true,
  })
  const inRound = await tx
    .selectFrom('roundCase as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .where('r.roundId', '=', round.id)
    .select(['c.id', 'c.caseNumber'])
    .execute()
  const letGo = inRound.filter(one => body.letGo.includes(one.caseNumber))
  const foreign = body.letGo.find(number => !inRound.some(one => one.caseNumber === number))
  if (foreign !== undefined) {
    throw invalidField('letGo', locale, {
      nl: `Zaak ${foreign} zit niet in deze ronde.`,
      en: `Case ${foreign} is not in this round.`,
    })
  }
  if (body.take.length + body.letGo.length === 0) {
    throw new Refusal(422, { nl: 'Kies ten minste één zaak.', en: 'Choose at least one case.' })
  }
  const taken =
    body.take.length === 0
      ? []
      : await waitingCases(
          tx,
          round.organisationId,
          { teamIds: round.teams.map(team => team.id), caseNumbers: body.take },
          today,
          locale,
        )
  if (inRound.length - letGo.length + taken.length === 0) {
    throw invalidField('letGo', locale, {
      nl: 'Een ronde houdt ten minste één zaak. Annuleer de ronde als geen zaak meer meedoet.',
      en: 'A round keeps at least one case. Cancel the round when no case takes part any more.',
    })
  }
  if (letGo.length > 0) {
    const ids = letGo.map(one => one.id)
    await tx
      .updateTable('choice')
      .set({ withdrawnAt: now })
      .where('roundId', '=', round.id)
      .where('caseId', 'in', ids)
      .where('withdrawnAt', 'is', null)
      .execute()
    await tx
      .deleteFrom('roundDiscussion')
      .where('roundId', '=', round.id)
      .where('caseId', 'in', ids)
      .execute()
    await tx.deleteFrom('roundCase').where('roundId', '=', round.id).where('caseId', 'in', ids).execute()
    const shown = await tx
      .selectFrom('shareLine')
      .select(['caseId', 'workerId'])
      .distinct()
      .where('roundId', '=', round.id)
      .where('caseId', 'in', ids)
      .execute()
    await endSwapsOf(tx, round, ids, now)
    for (const { caseId, workerId } of shown) {
      await tell(tx, {
        organisationId: round.organisationId,
        workerIds: [workerId],
        kind: 'proposal.letGo',
        data: { case: letGo.find(one => one.id === caseId)!.caseNumber, round: round.id },
        at: now,
      })
    }
  }
  if (taken.length > 0) {
    await tx
      .insertInto('roundCase')
      .values(taken.map(caseId => ({ roundId: round.id, caseId })))
      .execute()
  }
  await bumpRound(tx, round.id)
  append(tx, {
    type: 'round.casesChanged',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: { taken: [...body.take].sort(), letGo: letGo.map(one => one.caseNumber).sort() },
    at: now,
  })
}

/** Which cases came in and went since the round was made, with who and when: the newest first. */
export async function casesChanged(db: Executor, round: Round): Promise<RoundDetail['casesChanged']> {
  const rows = await db
    .selectFrom('event as e')
    .leftJoin('userAccount as u', 'u.id', 'e.actorId')
    .where('e.organisationId', '=', round.organisationId)
    .where('e.objectType', '=', 'round')
    .where('e.objectId', '=', String(round.id))
    .where('e.type', '=', 'round.casesChanged')
    .orderBy('e.seq', 'desc')
    .limit(50)
    .select([
      'e.at',
      'u.name as by',
      sql<string[]>`e.data->'taken'`.as('taken'),
      sql<string[]>`e.data->'letGo'`.as('letGo'),
    ])
    .execute()
  const now = unwritten(db).flatMap(one =>
    one.type === 'round.casesChanged' && one.objectId === String(round.id)
      ? [
          {
            at: one.at,
            by: one.actor?.name ?? null,
            taken: one.data.taken as string[],
            letGo: one.data.letGo as string[],
          },
        ]
      : [],
  )
  const shown = await eventsInNumbers(
    db,
    round.organisationId,
    [...now, ...rows].map(({ at, ...row }) => ({ at, value: { ...row, at: at.toISOString() } })),
  )
  return shown.map(({ taken, letGo, ...row }) => ({ ...row, taken: taken.sort(), letGo: letGo.sort() }))
}
