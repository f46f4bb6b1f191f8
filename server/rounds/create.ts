import { randomInt } from 'node:crypto'
import type { Tx } from '../../db/database.ts'
import { findRound } from '../draft/rounds.ts'
import { DEFAULT_TIME_LIMIT_SECONDS, requestRun } from '../draft/runs.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import type { SignedIn } from '../http/call.ts'
import type { Composition } from './compose.ts'

const MAX_SEED = 2 ** 31 - 1

/** What a new round is made of. */
export interface NewRound extends Composition {
  startOn: string
  rulebookId: number
  profile: string
  /** The settled round that left these cases; null when there is none. */
  after: number | null
  /** Left out: drawn here. It is recorded, and kept for every run. */
  seed?: number
}

/** Makes a round and queues its first calculation, in the transaction at hand. Gives its number. */
export async function createRound(
  call: { db: Tx; user: SignedIn; today: string; now: Date },
  made: NewRound,
): Promise<number> {
  const { db: tx, user, now } = call
  const { organisationId, startOn, rulebookId, profile, after, seed = randomInt(MAX_SEED) } = made
  const { id } = await tx
    .insertInto('round')
    .values({ organisationId, startOn, rulebookId, profile, seed, createdBy: user.id, createdAt: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('roundTeam')
    .values(made.teams.map(team => ({ roundId: id, teamId: team.id })))
    .execute()
  await tx
    .insertInto('roundCase')
    .values(made.caseIds.map(caseId => ({ roundId: id, caseId })))
    .execute()
  await tx
    .insertInto('roundWorker')
    .values(made.workerIds.map(workerId => ({ roundId: id, workerId })))
    .execute()
  append(tx, {
    type: 'round.composed',
    actor: user,
    organisationId,
    teamId: teamOf(made),
    objectType: 'round',
    objectId: String(id),
    data: {
      cases: made.caseIds.length,
      workers: made.workerIds.length,
      startOn,
      profile,
      seed,
      ...(after !== null && { after }),
    },
    at: now,
  })
  await requestRun(tx, await findRound(tx, user, id), user, call, DEFAULT_TIME_LIMIT_SECONDS)
  return id
}
