import type { Executor } from '../../db/database.ts'
import type { MeetingCase } from '../contract/meetings.ts'
import { aboutRound, record } from '../events/record.ts'

import { type Call, notFound, Refusal } from '../http/call.ts'

import { seatKey } from './draft-view.ts'
import { freeLines, lockRound, type Need, type Round, roundWorkers } from './rounds.ts'

const LOOK: Need = { action: 'round.choose', everyTeam: false }

/** What somebody thought of a case before seeing the suggestion or the others. */
export interface Look {
  userId: number
  by: string
  hours: number | null
  staffNumber: string | null
  workerName: string | null
}

export async function looksOf(db: Executor, roundId: number, caseId: number): Promise<Look[]> {
  return db
    .selectFrom('firstLook as l')
    .innerJoin('userAccount as u', 'u.id', 'l.userId')
    .leftJoin('worker as w', 'w.id', 'l.workerId')
    .select(['l.userId', 'u.name as by', 'l.hours', 'w.staffNumber', 'w.name as workerName'])
    .where('l.roundId', '=', roundId)
    .where('l.caseId', '=', caseId)
    .orderBy('u.name')
    .execute()
}

/** How far people agreed: with the suggestion, with each other, and about the weight. */
export function agreementOf(
  looks: readonly Pick<Look, 'hours' | 'staffNumber'>[],
  suggested: string | null,
): NonNullable<MeetingCase['firstLook']>['agreement'] {
  const named = looks.flatMap(one => (one.staffNumber === null ? [] : [one.staffNumber]))
  const hours = looks.flatMap(one => (one.hours === null ? [] : [one.hours]))
  return {
    withSuggestion: named.filter(number => number === suggested).length,
    candidates: new Set(named).size,
    lowest: hours.length > 0 ? Math.min(...hours) : null,
    highest: hours.length > 0 ? Math.max(...hours) : null,
  }
}

/**
 * Whether a team looked the same way: more than half of those who named somebody named the person who was suggested. null:
 * nobody was suggested, or fewer than two named somebody, which would be about that one person.
 */
export function agreed(
  looks: readonly Pick<Look, 'staffNumber'>[],
  suggested: string | null,
): boolean | null {
  const named = looks.filter(one => one.staffNumber !== null)
  if (suggested === null || named.length < 2) return null
  return named.filter(one => one.staffNumber === suggested).length * 2 > named.length
}

/**
 * Records or changes the own view, as long as the looks of this case are not revealed (409). It needs no meeting: a team that
 * lets its workers answer looks first as well.
 */
export async function stateLook(
  call: Call<'PUT /rounds/:id/meeting/cases/:caseNumber/first-look'>,
): Promise<Round> {
  const { db: tx, user, body, now } = call
  const round = await lockRound(tx, user, call.params.id, null, LOOK)
  const caseId = await caseIn(tx, round, call.params.caseNumber)
  if ((await revealedIn(tx, round.id)).has(call.params.caseNumber)) {
    throw new Refusal(409, {
      nl: 'De eerste blik op deze zaak is al onthuld en wijzigt niet meer.',
      en: 'The first look at this case has been revealed and can no longer be changed.',
    })
  }
  const worker = (await roundWorkers(tx, round.id)).find(one => one.staffNumber === body.staffNumber)
  if (body.staffNumber !== null && !worker) throw notFound({ nl: 'Deze medewerker', en: 'This worker' })
  const look = { hours: body.hours, workerId: worker?.id ?? null, statedAt: now }
  await tx
    .insertInto('firstLook')
    .values({ roundId: round.id, caseId, userId: user.id, ...look })
    .onConflict(conflict => conflict.columns(['roundId', 'caseId', 'userId']).doUpdateSet(look))
    .execute()
  record(call, aboutRound(round), 'firstLook.stated', { case: call.params.caseNumber })
  return round
}

/** Shows everybody's view and the suggestion, for good, and records how far they met. Throws 409 when nobody stated one. */
export async function reveal(
  call: Call<'POST /rounds/:id/meeting/cases/:caseNumber/reveal'>,
): Promise<Round> {
  const { db: tx, user, now } = call
  const round = await lockRound(tx, user, call.params.id, null, LOOK)
  const { caseNumber } = call.params
  const caseId = await caseIn(tx, round, caseNumber)
  const looks = await looksOf(tx, round.id, caseId)
  const stated = looks.length
  if (stated === 0) {
    throw new Refusal(409, {
      nl: 'Nog niemand heeft een eerste blik gegeven. Doe dat eerst, dan pas de suggestie.',
      en: 'Nobody has given a first look yet. Do that first, and only then see the suggestion.',
    })
  }
  const lines = await freeLines(tx, round.id)
  // Of a duo of which somebody has the first seat, only the second is suggested.
  const line = lines.get(seatKey(caseNumber, 'primary')) ?? lines.get(seatKey(caseNumber, 'second'))
  const suggested = line?.workerId ?? null
  const met = {
    stated,
    withSuggestion: agreementOf(looks, suggested)?.withSuggestion ?? 0,
    agreed: agreed(looks, suggested),
  }
  const revealed = await tx
    .insertInto('firstLookReveal')
    .values({ roundId: round.id, caseId, revealedBy: user.id, revealedAt: now, ...met })
    .onConflict(conflict => conflict.columns(['roundId', 'caseId']).doNothing())
    .returning('caseId')
    .executeTakeFirst()
  if (revealed) record(call, aboutRound(round), 'firstLook.revealed', { case: caseNumber, ...met })
  return round
}

/** What was recorded when the looks of a round were revealed, by case number. */
export async function revealedLooks(
  db: Executor,
  roundId: number,
): Promise<Map<string, { stated: number | null; withSuggestion: number | null }>> {
  const rows = await db
    .selectFrom('firstLookReveal as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .select(['c.caseNumber', 'r.stated', 'r.withSuggestion'])
    .where('r.roundId', '=', roundId)
    .execute()
  return new Map(rows.map(({ caseNumber, ...row }) => [caseNumber, row]))
}

export async function caseIn(db: Executor, round: Round, caseNumber: string): Promise<number> {
  const row = await db
    .selectFrom('roundCase as rc')
    .innerJoin('caseFile as c', 'c.id', 'rc.caseId')
    .select('c.id')
    .where('rc.roundId', '=', round.id)
    .where('c.caseNumber', '=', caseNumber)
    .executeTakeFirst()
  if (!row) throw notFound({ nl: 'Deze zaak in de ronde', en: 'This case in the round' })
  return row.id
}

/** Case numbers whose first looks were revealed. */
export async function revealedIn(db: Executor, roundId: number): Promise<Set<string>> {
  const rows = await db
    .selectFrom('firstLookReveal as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .select('c.caseNumber')
    .where('r.roundId', '=', roundId)
    .execute()
  return new Set(rows.map(row => row.caseNumber))
}
