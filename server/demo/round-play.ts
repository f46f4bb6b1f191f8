import { explainCase } from '../../solver/explain/explain.ts'
import { solve } from '../../solver/solve.ts'
import { addDays } from '../contract/days.ts'
import { changesCountFrom } from '../history/day.ts'
import { keepProposal } from '../jobs/queue.ts'
import { countAnswer } from '../pulse/count.ts'
import { settle } from '../rounds/confirmation.ts'
import { compose } from '../rounds/routes.ts'
import { departures, waits } from './motives.ts'
import { closeMeeting, openMeeting } from './round-meeting.ts'
import { madeBy } from './round-people.ts'
import type { PastRound } from './round-plan.ts'
import { chooseFor, chosen, othersFor, type Played, type Stage, versionOf } from './round-stage.ts'
import { changeSettling, shareFirst } from './shared-round.ts'

const SEEDS = 2 ** 31 - 1
const SOLVED_AFTER_MS = 2000
const MINUTES_PER_CASE = [6, 13] as const
/** Of those who are asked two questions, this share answers. */
const ANSWERING = 0.9

/**
 * Plays one round as people would have done it, through what serves their requests: made, calculated, looked at, changed where
 * the course says so, settled, and asked about. `turn` counts the rounds of the team, so that motives differ.
 */
export async function playRound(stage: Stage, round: PastRound, turn: number): Promise<void> {
  const { tx, random } = stage
  const teamId = stage.teamIds.get(round.team)!
  await changesCountFrom(tx, round.day)
  if (round.course.firstLook !== stage.looking.has(teamId)) await tryFirstLook(stage, teamId, round)
  const played = await propose(stage, round, teamId)
  const length = 12 + round.caseNumbers.length * random.between(...MINUTES_PER_CASE)
  const shared = round.course.sharedFirst && !stage.tried.has(teamId) && (await shareFirst(stage, played))
  if (!shared) {
    const meeting = await openMeeting(stage, played, turn)
    await choose(stage, played, turn)
    await closeMeeting(stage, played, meeting, turn, length - 4)
  }
  const settledAt = shared ? new Date(`${addDays(round.day, 6)}T08:20:00Z`) : played.at(length)
  await settle(
    madeBy<'POST /rounds/:id/confirmation'>(
      tx,
      played.composer,
      settledAt,
      { params: { id: played.id }, body: { partial: false } },
      await versionOf(tx, played.id),
    ),
  )
  if (shared) {
    stage.tried.add(teamId)
    await changeSettling(stage, teamId, new Date(settledAt.getTime() + 3_600_000), { way: 'meeting' })
  }
  await answerPulse(stage, played.id, turn)
}

/** The lead switches on that the team looks first, or off again. */
async function tryFirstLook(stage: Stage, teamId: number, { day, course }: PastRound): Promise<void> {
  const { firstLook } = course
  await changeSettling(stage, teamId, new Date(`${day}T06:50:00Z`), { firstLook })
  if (firstLook) stage.looking.add(teamId)
  else stage.looking.delete(teamId)
}

/** Makes the round and has it calculated. */
async function propose({ tx, people, random }: Stage, round: PastRound, teamId: number): Promise<Played> {
  const composer = people.composer.get(round.team)!
  const start = Date.parse(`${round.day}T07:30:00Z`) + random.between(0, 50) * 60_000
  const at = (minutes: number) => new Date(start + minutes * 60_000)
  const id = await compose(
    madeBy<'POST /rounds'>(tx, composer, at(0), {
      params: undefined,
      body: {
        teamIds: [teamId],
        caseNumbers: round.caseNumbers,
        staffNumbers: round.staffNumbers,
        startOn: round.startOn,
        profile: 'balanced',
      },
    }),
    random.between(1, SEEDS),
  )
  const run = await tx
    .updateTable('run')
    .set({ state: 'running', attempt: 1, startedAt: new Date(start + 300) })
    .where('roundId', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const proposal = await solve(run.problem)
  await keepProposal(tx, run, proposal, new Date(start + SOLVED_AFTER_MS))
  const cases = await tx
    .selectFrom('roundCase as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .select(['c.id', 'c.caseNumber'])
    .where('r.roundId', '=', id)
    .execute()
  const caseIds = new Map(cases.map(one => [one.caseNumber, one.id]))
  return { id, teamId, composer, caseIds, problem: run.problem, proposal, round, at, discussed: new Map() }
}

/** What the team chooses otherwise: somebody else, or to wait. */
async function choose(stage: Stage, played: Played, turn: number): Promise<void> {
  const { round, problem, proposal, discussed } = played
  const duos = new Set(problem.cases.filter(one => one.duo).map(one => one.id))
  const numbers = proposal.lines.flatMap(line =>
    line.workerId === null || duos.has(line.caseId) ? [] : [line.caseId],
  )
  // What is closed by now did not wait: it would not have been worth a next round.
  const waiting = round.course.waits ? numbers.find(number => round.mayWait.has(number)) : undefined
  let { lines } = proposal
  let made = 0
  for (const caseNumber of numbers) {
    if (made === round.course.deviations) break
    const [other] = caseNumber === waiting ? [] : othersFor(explainCase(problem, { lines }, caseNumber))
    if (!other) continue
    await chooseFor(stage, played, 20 + made * 4, {
      kind: 'override',
      caseNumber,
      ...chosen(other),
      ...departures[(turn + made * 3) % departures.length]!,
    })
    lines = lines.map(line => (line.caseId === caseNumber ? { ...line, workerId: other.workerId } : line))
    if (discussed.has(caseNumber)) discussed.set(caseNumber, 'changed')
    made++
  }
  if (waiting === undefined) return
  await chooseFor(stage, played, 30, {
    kind: 'wait',
    caseNumber: waiting,
    staffNumber: null,
    reviewOn: addDays(round.day, 14),
    ...waits[turn % waits.length]!,
  })
  if (discussed.has(waiting)) discussed.set(waiting, 'waits')
}

/** Most of those who were asked answered, a little more content as the months went by. Nothing says who answered what. */
async function answerPulse({ tx, random }: Stage, roundId: number, turn: number): Promise<void> {
  const asked = await tx
    .selectFrom('pulseInvitation')
    .select('userId')
    .where('roundId', '=', roundId)
    .orderBy('userId')
    .execute()
  const answering = asked.filter(() => random.chance(ANSWERING)).map(one => one.userId)
  if (answering.length === 0) return
  const mark = (middle: number) => Math.min(5, Math.max(1, middle + random.between(-1, 1)))
  await tx
    .updateTable('pulseInvitation')
    .set({ answered: true })
    .where('roundId', '=', roundId)
    .where('userId', 'in', answering)
    .execute()
  for (let answer = 0; answer < answering.length; answer++) {
    await countAnswer(tx, roundId, { support: mark(turn < 3 ? 3 : 4), fairness: mark(turn < 5 ? 3 : 4) })
  }
}
