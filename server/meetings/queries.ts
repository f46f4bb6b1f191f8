import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { Urgency } from '../../solver/problem/problem.ts'
import type { Meeting, MeetingNote } from '../contract/meetings.ts'
import { inNameOrder } from '../contract/names.ts'
import { TEAM_ROLES } from '../contract/roles.ts'
import { URGENCIES } from '../contract/urgencies.ts'
import { revealedIn } from '../draft/first-look.ts'
import { findRound, type Round } from '../draft/rounds.ts'
import { settlingOf } from '../draft/settings.ts'
import { Refusal, type SignedIn, staleVersion } from '../http/call.ts'

export interface MeetingRow {
  id: number
  openedAt: Date
  closedAt: Date | null
  openedBy: string | null
  version: number
}

export async function meetingOf(db: Executor, roundId: number): Promise<MeetingRow | null> {
  const row = await db
    .selectFrom('meeting as m')
    .leftJoin('userAccount as u', 'u.id', 'm.openedBy')
    .select(['m.id', 'm.openedAt', 'm.closedAt', 'u.name as openedBy', 'm.version'])
    .where('m.roundId', '=', roundId)
    .executeTakeFirst()
  return row ?? null
}

/** The open meeting, locked. Throws 409 when there is none or it was closed. */
export async function lockMeeting(
  tx: Tx,
  round: Round,
  expectedVersion: number | null = null,
): Promise<MeetingRow> {
  const meeting = await locked(tx, round)
  if (meeting.closedAt !== null) {
    throw new Refusal(409, {
      nl: 'Het overleg is gesloten; open het opnieuw om het verslag te wijzigen.',
      en: 'The meeting is closed; open it again to change the minutes.',
    })
  }
  if (expectedVersion !== null && meeting.version !== expectedVersion) throw staleVersion(meeting.version)
  return meeting
}

/** The closed meeting of an open round, locked. Throws 409 when it was not closed, or when the round is over: then the minutes stand. */
export async function lockClosedMeeting(
  tx: Tx,
  round: Round,
  expectedVersion: number | null,
): Promise<MeetingRow> {
  const meeting = await locked(tx, round)
  if (meeting.closedAt === null) {
    throw new Refusal(409, { nl: 'Het overleg is al open.', en: 'The meeting is already open.' })
  }
  if (round.status !== 'open') {
    throw new Refusal(409, {
      nl: 'Deze ronde is al vastgesteld of geannuleerd; het verslag staat vast.',
      en: 'This round has already been confirmed or cancelled; the minutes are final.',
    })
  }
  if (expectedVersion !== null && meeting.version !== expectedVersion) throw staleVersion(meeting.version)
  return meeting
}

async function locked(tx: Tx, round: Round): Promise<MeetingRow> {
  await tx.selectFrom('meeting').select('id').where('roundId', '=', round.id).forUpdate().execute()
  const meeting = await meetingOf(tx, round.id)
  if (!meeting) {
    throw new Refusal(409, {
      nl: 'Er is nog geen overleg over deze ronde. Open het eerst.',
      en: 'There is no meeting about this round yet. Open it first.',
    })
  }
  return meeting
}

/** A round in which this person may take part in the meeting. */
export async function roundToMeet(db: Executor, user: SignedIn, id: number): Promise<Round> {
  return findRound(db, user, id, { action: 'round.choose', everyTeam: false })
}

export async function notesOf(db: Executor, meetingId: number): Promise<Map<string, MeetingNote>> {
  const rows = await db
    .selectFrom('meetingNote as n')
    .innerJoin('caseFile as c', 'c.id', 'n.caseId')
    .leftJoin('userAccount as u', 'u.id', 'n.notedBy')
    .select(['c.caseNumber', 'n.outcome', 'n.motive', 'n.dissent', 'u.name as by', 'n.notedAt', 'n.version'])
    .where('n.meetingId', '=', meetingId)
    .execute()
  return new Map(
    rows.map(({ caseNumber, notedAt, ...note }) => [caseNumber, { ...note, at: notedAt.toISOString() }]),
  )
}

export const NO_NOTE: MeetingNote = {
  outcome: null,
  motive: null,
  dissent: null,
  by: null,
  at: null,
  version: 0,
}

/** The agenda: what somebody wants to talk about first, then urgent cases, then those that wait longest. */
export async function meetingView(db: Executor, round: Round): Promise<Meeting> {
  const meeting = await meetingOf(db, round.id)
  const teamIds = round.teams.map(team => team.id)
  const settling = await settlingOf(db, teamIds)
  const { rows: people } = await sql<{ userId: number; name: string }>`
    select u.id as user_id, u.name from user_account u
    where u.status = 'active' and exists (select 1 from user_role r where r.user_id = u.id
      and r.role = any(${TEAM_ROLES}::text[]) and r.team_id = any(${teamIds}::int[]))
    order by u.id`.execute(db)
  const present = meeting
    ? await db
        .selectFrom('meetingPerson')
        .select('userId')
        .where('meetingId', '=', meeting.id)
        .orderBy('userId')
        .execute()
    : []
  const notes = meeting ? await notesOf(db, meeting.id) : new Map<string, MeetingNote>()
  const revealed = await revealedIn(db, round.id)
  const { rows: cases } = await sql<{
    caseNumber: string
    urgency: Urgency
    discuss: boolean
  }>`
    select c.case_number, c.urgency, d.case_id is not null as discuss
    from round_case rc join case_file c on c.id = rc.case_id
    left join round_discussion d on d.round_id = rc.round_id and d.case_id = rc.case_id
    where rc.round_id = ${round.id}
    order by d.case_id is null, array_position(${[...URGENCIES]}::text[], c.urgency), c.received_on, c.case_number`.execute(
    db,
  )
  return {
    roundId: round.id,
    roundStatus: round.status,
    startOn: round.startOn,
    teams: round.teams.map(team => team.name),
    state: meeting === null ? 'none' : meeting.closedAt === null ? 'open' : 'closed',
    openedBy: meeting?.openedBy ?? null,
    openedAt: meeting?.openedAt.toISOString() ?? null,
    closedAt: meeting?.closedAt?.toISOString() ?? null,
    version: meeting?.version ?? 0,
    people: inNameOrder(people),
    present: present.map(row => row.userId),
    firstLook: settling.firstLook,
    minutes: settling.minutes || meeting !== null,
    cases: cases.map(one => ({
      caseNumber: one.caseNumber,
      urgency: one.urgency,
      discuss: one.discuss,
      outcome: notes.get(one.caseNumber)?.outcome ?? null,
      revealed: !settling.firstLook || revealed.has(one.caseNumber),
    })),
  }
}
