import type { Tx } from '../../db/database.ts'
import type { AvailabilityEntry, OwnRequest } from '../contract/requests.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import { aboutWorker, record } from '../events/record.ts'

import type { Call } from '../http/call.ts'
import { ownWorkerId } from '../http/own-worker.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { requestRows } from './queries.ts'

/** What everything that somebody says about the own record gets along. */
export type Own = Pick<Call<'POST /mine/availability'>, 'db' | 'user' | 'locale' | 'today' | 'now'>

/** The worker who asks. */
export interface Self {
  id: number
  teamId: number
  staffNumber: string
  approval: boolean
}

/** My own row, locked, so that two entries at once see each other. */
export async function lockedSelf({ db: tx, user }: Pick<Own, 'db' | 'user'>): Promise<Self> {
  const workerId = ownWorkerId(user)
  await tx.selectFrom('worker').select('id').where('id', '=', workerId).forUpdate().execute()
  return selfOf(tx, workerId)
}

async function selfOf(tx: Tx, workerId: number): Promise<Self> {
  return tx
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .where('w.id', '=', workerId)
    .select(['w.id', 'w.teamId', 'w.staffNumber', 't.approvesAvailability as approval'])
    .executeTakeFirstOrThrow()
}

/** The columns of a request that no kind has filled yet. */
export function emptyRequest(worker: Self, organisationId: number, now: Date) {
  return {
    organisationId,
    teamId: worker.teamId,
    workerId: worker.id,
    subject: null,
    caseId: null,
    hours: null,
    text: null,
    salt: null,
    createdAt: now,
  }
}

/** The record of a worker got other reductions or absences: a new version, and what everybody who looks at it hears. */
export async function recordChanged(
  { db: tx, user, now }: Pick<Own, 'db' | 'user' | 'now'>,
  worker: { id: number; teamId: number; staffNumber: string },
  entries: readonly Pick<AvailabilityEntry, 'kind'>[],
): Promise<void> {
  await tx
    .updateTable('worker')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', worker.id)
    .execute()
  const fields = [...new Set(entries.map(one => (one.kind === 'absence' ? 'absences' : 'reductions')))]
  record({ db: tx, user, now }, aboutWorker(worker), 'worker.changed', { fields })
}

/** What the log keeps of a request: numbers and codes, never what was written. */
export function event(
  { user, now }: Pick<Own, 'user' | 'now'>,
  worker: Self,
  id: number,
  type: EventType,
  data: Record<string, unknown>,
): NewEvent {
  return {
    type,
    actor: user,
    organisationId: user.organisationId,
    teamId: worker.teamId,
    objectType: 'request',
    objectId: String(id),
    data: { staffNumber: worker.staffNumber, ...data },
    at: now,
  }
}

export async function requestById(tx: Tx, id: number): Promise<OwnRequest> {
  const [row] = await requestRows(tx, { ids: [id] })
  return row!.request
}

/** Those who can answer hear of a request that waits for them: of a weight the intake too, and never the one who asks. */
export async function tellOfRequest(
  { db: tx, user, now }: Pick<Own, 'db' | 'user' | 'now'>,
  worker: Self,
  kind: OwnRequest['kind'],
): Promise<void> {
  const people = await teamPeople(tx, [worker.teamId], kind === 'weight' ? ['lead', 'intake'] : ['lead'])
  await tell(tx, {
    organisationId: user.organisationId,
    userIds: people.filter(id => id !== user.id),
    kind: 'request.made',
    data: { worker: user.name },
    at: now,
  })
}
