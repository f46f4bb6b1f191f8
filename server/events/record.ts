import type { Tx } from '../../db/database.ts'
import type { Actor } from './event.ts'
import type { EventType } from './event-types.ts'
import { append } from './events.ts'

/** Somebody who does something, in the transaction of that: a call of the contract is one. */
export interface Doing {
  db: Tx
  user: Actor & { organisationId: number }
  now: Date
}

/** What an event is about. Who hears of it goes by its team: null where it is of no team alone. */
export interface About {
  objectType: string
  objectId: string
  teamId: number | null
}

/** Appends what somebody did. Data holds numbers, codes and names of fields; of text people wrote only its salted hash. */
export function record(
  { db, user, now }: Doing,
  about: About,
  type: EventType,
  data: Record<string, unknown> = {},
): void {
  const { organisationId } = user
  append(db, { type, actor: user, organisationId, ...about, data, at: now })
}

export function aboutCase({ caseNumber, teamId }: { caseNumber: string; teamId: number | null }): About {
  return { objectType: 'case', objectId: caseNumber, teamId }
}

export function aboutWorker({ staffNumber, teamId }: { staffNumber: string; teamId: number }): About {
  return { objectType: 'worker', objectId: staffNumber, teamId }
}

/** The team of an event: the round's own when it has one, none when teams distribute together. */
export function teamOf(round: { teams: readonly { id: number }[] }): number | null {
  return round.teams.length === 1 ? (round.teams[0]?.id ?? null) : null
}

export function aboutRound({ id, teams }: { id: number; teams: readonly { id: number }[] }): About {
  return {
    objectType: 'round',
    objectId: String(id),
    teamId: teams.length === 1 ? (teams[0]?.id ?? null) : null,
  }
}

export function aboutTeam({ id }: { id: number }): About {
  return { objectType: 'team', objectId: String(id), teamId: id }
}
