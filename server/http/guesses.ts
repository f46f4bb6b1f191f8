import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import { Refusal, type SignedIn, tooMuch } from './call.ts'
import { constraintRefusal } from './refusals.ts'

/** So many numbers of other teams may somebody come upon in a day; whoever works on comes upon a few. */
const MOST = 100
const HOURS = 24
/** The events that count them, in `withheld`. The partial index event_guesses is over these. */
const COUNTED = ['workers.importTried', 'cases.importTried', 'number.refused']

interface Guessing {
  /** null: the command line, which reads everything. */
  actor: SignedIn | null
  organisationId: number
  now: Date
}

/** Throws a 429, with an event, when this person has come upon too many numbers that are in use out of their sight. */
export async function refuseGuessing(tx: Tx, { actor, organisationId, now }: Guessing, more: number) {
  if (actor === null || more === 0) return
  const since = new Date(now.getTime() - HOURS * 3_600_000)
  const { before } = await tx
    .selectFrom('event')
    .select(sql<number>`coalesce(sum((data->>'withheld')::int), 0)::int`.as('before'))
    .where('actorId', '=', actor.id)
    .where('type', 'in', COUNTED)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  if (before + more <= MOST) return
  throw tooMuch(
    {
      nl: 'Je hebt te veel nummers geprobeerd die buiten jouw teams in gebruik zijn. Probeer het morgen opnieuw, of vraag je beheerder.',
      en: 'You have tried too many numbers that are in use outside your teams. Try again tomorrow, or ask your administrator.',
    },
    HOURS * 3600,
    [tried('number.guessed', { actor, organisationId, now }, {})],
  )
}

/**
 * Throws a 409 when the number is in use, in the same words wherever that is. Somebody who may not read what has it has tried
 * one of another team, which is limited and on record.
 */
export async function refuseUsedNumber(
  tx: Tx,
  table: 'caseFile' | 'worker',
  number: string,
  { user, now }: { user: SignedIn; now: Date },
): Promise<void> {
  const { organisationId } = user
  const cases = table === 'caseFile'
  const used = await tx
    .selectFrom(table)
    .select('teamId')
    .where('organisationId', '=', organisationId)
    .where(cases ? 'caseNumber' : 'staffNumber', '=', number)
    .executeTakeFirst()
  if (!used) return
  const mayRead = user.mayIn(cases ? 'case.read' : 'worker.read', used.teamId)
  const by = { actor: user, organisationId, now }
  if (!mayRead) await refuseGuessing(tx, by, 1)
  const refusal = constraintRefusal(cases ? 'case_file_number_once' : 'worker_staff_number_once')
  const events = mayRead ? [] : [tried('number.refused', by, { kind: table, withheld: 1 })]
  throw new Refusal(refusal.status, refusal.text, {}, events)
}

function tried(type: EventType, { actor, organisationId, now }: Guessing, data: NewEvent['data']): NewEvent {
  return {
    type,
    actor,
    organisationId,
    teamId: null,
    objectType: 'organisation',
    objectId: String(organisationId),
    data,
    at: now,
  }
}
