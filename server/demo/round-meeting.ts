import { explainCase } from '../../solver/explain/explain.ts'
import { agreed, agreementOf } from '../draft/first-look.ts'
import type { NewEvent } from '../events/event.ts'
import { appendAll } from '../events/events.ts'
import { notes } from './motives.ts'
import { eventOf, othersFor, type Played, type Stage } from './round-stage.ts'

/*
 * The meetings of the settled rounds. They decide nothing by themselves, so they are written as their requests would have written
 * them, a round at a time: hundreds of requests would make the first start of the demo wait.
 */

/** Of three people in a meeting, all agree with the suggestion this often: more where the case is plain. */
const SAME = { plain: 0.92, hard: 0.45 }
const HARD = 0.2
const MEETING_VERSION = 3

/** Opens the meeting: what is on the agenda, who is there, and what everybody thinks before the suggestion is shown. */
export async function openMeeting(stage: Stage, played: Played, turn: number): Promise<{ id: number }> {
  const { tx, people } = stage
  const { id: roundId, composer, round, at, teamId, caseIds, discussed, proposal } = played
  const named = round.caseNumbers.slice(0, round.course.discussed)
  const placed = new Set(proposal.lines.flatMap(line => (line.workerId === null ? [] : [line.caseId])))
  for (const caseNumber of named) discussed.set(caseNumber, placed.has(caseNumber) ? 'agreed' : 'later')
  if (named.length > 0) {
    await tx
      .insertInto('roundDiscussion')
      .values(
        named.map(number => ({
          roundId,
          caseId: caseIds.get(number)!,
          askedBy: composer.id,
          askedAt: at(3),
        })),
      )
      .execute()
  }
  const meeting = await tx
    .insertInto('meeting')
    .values({ roundId, openedBy: composer.id, openedAt: at(5), closedBy: null, closedAt: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  const team = people.inTeam(teamId)
  const present = team.filter((_, index) => team.length < 3 || index === 0 || (index + turn) % 4 !== 0)
  await tx
    .insertInto('meetingPerson')
    .values(present.map(person => ({ meetingId: meeting.id, userId: person.id })))
    .execute()
  appendAll(tx, [
    ...named.map(number => eventOf(played, composer, at(3), 'discussion.asked', { case: number })),
    eventOf(played, composer, at(5), 'meeting.opened', {}),
    eventOf(played, composer, at(6), 'meeting.peopleChanged', { present: present.length }),
    ...(round.course.firstLook ? await lookFirst(stage, played) : []),
  ])
  return meeting
}

/** Everybody names somebody for each case; then the suggestion is shown. Gives the events. */
async function lookFirst({ tx, people, random }: Stage, played: Played): Promise<NewEvent[]> {
  const { id: roundId, composer, round, at, teamId, caseIds, problem, proposal } = played
  const workers = await tx
    .selectFrom('worker')
    .select(['id', 'staffNumber'])
    .where('teamId', '=', teamId)
    .execute()
  const ids = new Map(workers.map(worker => [worker.staffNumber, worker.id]))
  const cases = round.caseNumbers.map((caseNumber, index) => {
    const suggested = proposal.lines.find(
      line => line.caseId === caseNumber && line.seat === 'primary',
    )!.workerId
    const [other] = othersFor(explainCase(problem, proposal, caseNumber))
    const same = random.chance(HARD) ? SAME.hard : SAME.plain
    const looks = people.inTeam(teamId).map(person => ({
      person,
      hours: null,
      staffNumber: (random.chance(same) ? suggested : other?.workerId) ?? suggested,
    }))
    const met = {
      stated: looks.length,
      withSuggestion: agreementOf(looks, suggested)?.withSuggestion ?? 0,
      agreed: agreed(looks, suggested),
    }
    return { caseNumber, caseId: caseIds.get(caseNumber)!, index, looks, met }
  })
  await tx
    .insertInto('firstLook')
    .values(
      cases.flatMap(({ caseId, index, looks }) =>
        looks.map(({ person, hours, staffNumber }) => ({
          roundId,
          caseId,
          userId: person.id,
          hours,
          workerId: staffNumber === null ? null : (ids.get(staffNumber) ?? null),
          statedAt: at(7 + index),
        })),
      ),
    )
    .execute()
  await tx
    .insertInto('firstLookReveal')
    .values(
      cases.map(({ caseId, index, met }) => ({
        roundId,
        caseId,
        revealedBy: composer.id,
        revealedAt: at(7.5 + index),
        ...met,
      })),
    )
    .execute()
  return cases.flatMap(({ caseNumber, index, looks, met }) => [
    ...looks.map(({ person }) =>
      eventOf(played, person, at(7 + index), 'firstLook.stated', { case: caseNumber }),
    ),
    eventOf(played, composer, at(7.5 + index), 'firstLook.revealed', { case: caseNumber, ...met }),
  ])
}

/** Writes down what was said about the cases of the agenda, and closes the meeting. */
export async function closeMeeting(
  { tx }: Stage,
  played: Played,
  meeting: { id: number },
  turn: number,
  minutes: number,
): Promise<void> {
  const { composer, at, caseIds, discussed } = played
  const noted = [...discussed].map(([caseNumber, outcome], index) => ({
    caseNumber,
    outcome,
    motive: outcome === 'agreed' ? notes.agreed[(turn + index) % notes.agreed.length]! : notes[outcome],
    dissent: outcome === 'later' ? null : (notes.dissent[(turn + index) % notes.dissent.length] ?? null),
  }))
  if (noted.length > 0) {
    await tx
      .insertInto('meetingNote')
      .values(
        noted.map(({ caseNumber, ...note }) => ({
          meetingId: meeting.id,
          caseId: caseIds.get(caseNumber)!,
          ...note,
          notedBy: composer.id,
          notedAt: at(minutes - 1),
        })),
      )
      .execute()
  }
  await tx
    .updateTable('meeting')
    .set({ closedBy: composer.id, closedAt: at(minutes), version: MEETING_VERSION })
    .where('id', '=', meeting.id)
    .execute()
  appendAll(tx, [
    ...noted.map(({ caseNumber, outcome }) =>
      eventOf(played, composer, at(minutes - 1), 'meeting.noted', { case: caseNumber, outcome }),
    ),
    eventOf(played, composer, at(minutes), 'meeting.closed', {}),
  ])
}
