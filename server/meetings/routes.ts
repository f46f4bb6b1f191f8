import { sql } from 'kysely'
import { caseIn, reveal, stateLook } from '../draft/first-look.ts'
import { atOneMoment, findRound } from '../draft/rounds.ts'
import { aboutRound, record } from '../events/record.ts'
import { type Handlers, notFound, Refusal, staleVersion } from '../http/call.ts'
import { meetingCase } from './case.ts'
import { minutes, minutesCsv } from './minutes.ts'
import { lockClosedMeeting, lockMeeting, meetingView, NO_NOTE, notesOf, roundToMeet } from './queries.ts'

/** Somebody who has not been heard of for this long has left. */
const PRESENT_SECONDS = 40

export const meetingHandlers = {
  'GET /rounds/:id/meeting': async ({ db, user, params }) =>
    atOneMoment(db, async tx => meetingView(tx, await findRound(tx, user, params.id))),

  'POST /rounds/:id/meeting': async call => {
    const { db: tx, user, params, now } = call
    const round = await roundToMeet(tx, user, params.id)
    if (round.status !== 'open') {
      throw new Refusal(409, {
        nl: 'Deze ronde is al vastgesteld of geannuleerd.',
        en: 'This round has already been confirmed or cancelled.',
      })
    }
    const view = await meetingView(tx, round)
    if (!view.minutes) {
      throw new Refusal(409, {
        nl: 'Dit team legt het overleg niet vast. De teamleider kan dat aanzetten bij Vaststellen per team.',
        en: 'This team does not record its meetings. The team lead can turn that on under Confirming per team.',
      })
    }
    const opened = await tx
      .insertInto('meeting')
      .values({ roundId: round.id, openedBy: user.id, openedAt: now, closedBy: null, closedAt: null })
      .onConflict(conflict => conflict.column('roundId').doNothing())
      .returning('id')
      .executeTakeFirst()
    // Two who open it at once are in the same meeting.
    if (opened) {
      await tx.insertInto('meetingPerson').values({ meetingId: opened.id, userId: user.id }).execute()
      record(call, aboutRound(round), 'meeting.opened')
    }
    return meetingView(tx, round)
  },

  'PUT /rounds/:id/meeting/people': async call => {
    const { db: tx, user, params, body } = call
    const round = await roundToMeet(tx, user, params.id)
    const meeting = await lockMeeting(tx, round, call.expectedVersion)
    const known = new Set((await meetingView(tx, round)).people.map(person => person.userId))
    if (body.userIds.some(id => !known.has(id))) throw notFound({ nl: 'Deze persoon', en: 'This person' })
    await tx.deleteFrom('meetingPerson').where('meetingId', '=', meeting.id).execute()
    if (body.userIds.length > 0) {
      await tx
        .insertInto('meetingPerson')
        .values(body.userIds.map(userId => ({ meetingId: meeting.id, userId })))
        .execute()
    }
    await tx
      .updateTable('meeting')
      .set({ version: meeting.version + 1 })
      .where('id', '=', meeting.id)
      .execute()
    record(call, aboutRound(round), 'meeting.peopleChanged', { present: body.userIds.length })
    return meetingView(tx, round)
  },

  'GET /rounds/:id/meeting/cases/:caseNumber': async ({ db, user, params, query, locale, today }) =>
    atOneMoment(db, async tx =>
      meetingCase(
        tx,
        await findRound(tx, user, params.id),
        params.caseNumber,
        { user, locale, today },
        query.seat,
      ),
    ),

  'PUT /rounds/:id/meeting/cases/:caseNumber/note': async call => {
    const { db: tx, user, params, body, now } = call
    const round = await roundToMeet(tx, user, params.id)
    const meeting = await lockMeeting(tx, round)
    const caseId = await caseIn(tx, round, params.caseNumber)
    const before = (await notesOf(tx, meeting.id)).get(params.caseNumber) ?? NO_NOTE
    if (before.version !== call.expectedVersion) throw staleVersion(before.version)
    const note = {
      outcome: body.outcome,
      motive: body.motive?.trim() || null,
      dissent: body.dissent?.trim() || null,
      notedBy: user.id,
      notedAt: now,
      version: before.version + 1,
    }
    await tx
      .insertInto('meetingNote')
      .values({ meetingId: meeting.id, caseId, ...note })
      .onConflict(conflict => conflict.columns(['meetingId', 'caseId']).doUpdateSet(note))
      .execute()
    record(call, aboutRound(round), 'meeting.noted', { case: params.caseNumber, outcome: body.outcome })
    return (await notesOf(tx, meeting.id)).get(params.caseNumber) ?? NO_NOTE
  },

  'PUT /rounds/:id/meeting/cases/:caseNumber/first-look': async call => {
    const { db: tx, user, params, locale, today } = call
    const round = await stateLook(call)
    return meetingCase(tx, round, params.caseNumber, { user, locale, today })
  },

  'POST /rounds/:id/meeting/cases/:caseNumber/reveal': async call => {
    const { db: tx, user, params, locale, today } = call
    const round = await reveal(call)
    return meetingCase(tx, round, params.caseNumber, { user, locale, today })
  },

  'POST /rounds/:id/meeting/closing': async call => {
    const { db: tx, user, params, body, now } = call
    const round = await roundToMeet(tx, user, params.id)
    const meeting = await lockMeeting(tx, round, call.expectedVersion)
    const left = (await meetingView(tx, round)).cases
      .filter(one => one.outcome === null || one.outcome === 'later')
      .map(one => one.caseNumber)
    if (left.length > 0 && !body.undiscussed) {
      throw new Refusal(409, {
        nl: `Over deze zaken is nog niets besloten: ${left.join(', ')}. Bespreek ze, of zeg erbij dat het overleg toch sluit.`,
        en: `Nothing has been decided about these cases: ${left.join(', ')}. Discuss them, or say that the meeting closes anyway.`,
      })
    }
    await tx
      .updateTable('meeting')
      .set({ closedBy: user.id, closedAt: now, version: meeting.version + 1 })
      .where('id', '=', meeting.id)
      .execute()
    record(call, aboutRound(round), 'meeting.closed', { undiscussed: left.length })
    return meetingView(tx, round)
  },

  'POST /rounds/:id/meeting/reopening': async call => {
    const { db: tx, user, params } = call
    const round = await roundToMeet(tx, user, params.id)
    const meeting = await lockClosedMeeting(tx, round, call.expectedVersion)
    await tx
      .updateTable('meeting')
      .set({ closedBy: null, closedAt: null, version: meeting.version + 1 })
      .where('id', '=', meeting.id)
      .execute()
    record(call, aboutRound(round), 'meeting.reopened')
    return meetingView(tx, round)
  },

  'GET /rounds/:id/minutes': async ({ db, user, params, today, locale }) =>
    atOneMoment(db, async tx => minutes(tx, await findRound(tx, user, params.id), { today, locale })),

  'GET /rounds/:id/minutes/csv': async ({ db, user, params, today, locale }) =>
    atOneMoment(db, async tx =>
      minutesCsv(tx, await minutes(tx, await findRound(tx, user, params.id), { today, locale }), locale),
    ),

  'PUT /rounds/:id/presence': async ({ db: tx, user, params, body, now }) => {
    const round = await findRound(tx, user, params.id)
    const here = { caseNumber: body.caseNumber, seenAt: now }
    await tx
      .insertInto('presence')
      .values({ roundId: round.id, userId: user.id, ...here })
      .onConflict(conflict => conflict.columns(['roundId', 'userId']).doUpdateSet(here))
      .execute()
    return tx
      .selectFrom('presence as p')
      .innerJoin('userAccount as u', 'u.id', 'p.userId')
      .select(['u.name', 'p.caseNumber'])
      .where('p.roundId', '=', round.id)
      .where('p.userId', '<>', user.id)
      .where('p.seenAt', '>', sql<Date>`${new Date(now.getTime() - PRESENT_SECONDS * 1000)}`)
      .orderBy('u.name')
      .execute()
  },
} satisfies Partial<Handlers>
