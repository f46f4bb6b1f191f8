import { randomInt } from 'node:crypto'
import { append } from '../events.ts'
import type { Call } from '../http/call.ts'
import { findRound } from './queries.ts'
import { DEFAULT_TIME_LIMIT_SECONDS, requestRun, teamOf } from './runs.ts'
import type { RoundState } from './state.ts'

const MOST_SEED = 2 ** 31 - 1

/**
 * Goes on with the cases that a partial settlement left: a new round of the same teams, workers, start and profile, which
 * begins to calculate. Nothing when there are none.
 */
export async function followUp(
  call: Call<'POST /rounds/:id/confirmation'>,
  { round, now: built, workers }: RoundState,
  caseNumbers: readonly string[],
): Promise<void> {
  if (caseNumbers.length === 0) return
  const { db: tx, user, now } = call
  const seed = randomInt(MOST_SEED)
  const { id } = await tx
    .insertInto('round')
    .values({
      organisationId: round.organisationId,
      startOn: round.startOn,
      rulebookId: built.rulebook.id,
      profile: round.profile,
      seed,
      createdBy: user.id,
      createdAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('roundTeam')
    .values(round.teams.map(team => ({ roundId: id, teamId: team.id })))
    .execute()
  await tx
    .insertInto('roundCase')
    .values(caseNumbers.map(number => ({ roundId: id, caseId: built.caseIds.get(number)! })))
    .execute()
  await tx
    .insertInto('roundWorker')
    .values(workers.map(worker => ({ roundId: id, workerId: worker.id })))
    .execute()
  await append(tx, {
    type: 'round.composed',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(id),
    data: {
      cases: caseNumbers.length,
      workers: workers.length,
      startOn: round.startOn,
      profile: round.profile,
      seed,
      after: round.id,
    },
    at: now,
  })
  await requestRun(tx, await findRound(tx, user, id), user, call, DEFAULT_TIME_LIMIT_SECONDS)
}
