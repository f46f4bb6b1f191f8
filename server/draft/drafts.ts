import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { seatHours } from '../../solver/problem/load.ts'
import type { Seat } from '../../solver/problem/problem.ts'
import type { RoundDetail } from '../contract/rounds.ts'
import type { SignedIn } from '../http/call.ts'
import { seatsOfDraft, withoutCases } from './draft-view.ts'
import { constraintsOf } from './judge-choices.ts'
import { problemOf } from './problem-of.ts'
import { freeLines, roundCaseIds, roundWorkers, standingChoices, teamsOf } from './rounds.ts'
import { objectedPairs } from './shares.ts'
import { unseenCases } from './unseen.ts'

/** A seat that an earlier round, still open, gives somebody as its draft stands. Nothing of it is decided. */
export interface EarlierSeat {
  workerId: number
  staffNumber: string
  caseId: number
  seat: Seat
  hours: number
  startsOn: string
  round: { id: number; teamIds: readonly number[] }
}

interface OpenRound {
  id: number
  startOn: string
  seed: number
  profile: string
}

/**
 * What the open rounds that were made before this one give these workers in draft: two rounds that each count on the same room
 * would promise it twice. Only the later one looks at the earlier, so that neither waits for the other. Cases of which a team
 * has still to give its own view are left out. `before`: the round; null: one that is still to be made.
 */
export async function draftsBefore(
  db: Executor,
  {
    before,
    organisationId,
    workerIds,
  }: { before: number | null; organisationId: number; workerIds: number[] },
  today: string,
): Promise<EarlierSeat[]> {
  const { rows } = await sql<OpenRound>`
    select r.id, r.start_on, r.seed, r.profile from round r
    where r.organisation_id = ${organisationId} and r.status = 'open' and (${before}::int is null or r.id < ${before}::int)
      and exists (select from round_worker w where w.round_id = r.id and w.worker_id = any(${workerIds}::int[]))
    order by r.id`.execute(db)
  const wanted = new Set(workerIds)
  const drafts: EarlierSeat[] = []
  for (const round of rows) {
    drafts.push(...(await draftOf(db, organisationId, round, today)).filter(one => wanted.has(one.workerId)))
  }
  return drafts
}

/** Who gets what is in the draft whatever the loads are, so no other round is looked at for it. */
async function draftOf(
  db: Executor,
  organisationId: number,
  round: OpenRound,
  today: string,
): Promise<EarlierSeat[]> {
  const choices = await standingChoices(db, round.id)
  const free = await freeLines(db, round.id)
  if (free.size === 0 && choices.length === 0) return []
  const built = await problemOf(db, {
    organisationId,
    caseIds: await roundCaseIds(db, round.id),
    workerIds: (await roundWorkers(db, round.id)).map(one => one.id),
    startOn: round.startOn,
    seed: round.seed,
    profile: round.profile,
    ...constraintsOf(choices, await objectedPairs(db, round.id)),
    today,
  })
  const teams = await teamsOf(db, round.id)
  const unseen = await unseenCases(db, { id: round.id, status: 'open', teams })
  const problem = withoutCases(built.problem, unseen)
  const standing = choices.map(one => ({ ...one, caseId: one.caseNumber, workerId: one.staffNumber }))
  return seatsOfDraft(problem, free, standing).flatMap(({ case: theCase, seat, worker }): EarlierSeat[] => {
    const workerId = worker && built.workerIds.get(worker.id)
    const caseId = built.caseIds.get(theCase.id)
    if (!worker || !workerId || caseId === undefined) return []
    return [
      {
        workerId,
        staffNumber: worker.id,
        caseId,
        seat,
        hours: seatHours(problem.policy, theCase, seat, worker) / 100,
        startsOn: round.startOn,
        round: { id: round.id, teamIds: teams.map(team => team.id) },
      },
    ]
  })
}

/** Hours that are in the load of somebody on this day and that nobody decided, in whole hundredths. */
export function draftUnits(drafts: readonly EarlierSeat[], staffNumber: string, on: string): number {
  return drafts
    .filter(one => one.staffNumber === staffNumber && one.startsOn <= on)
    .reduce((sum, one) => sum + Math.round(one.hours * 100), 0)
}

/**
 * The same per worker and round, for a reader. A round that they may not read is "another round": its number is not told, and
 * of several such rounds only the hours together.
 */
export function elsewhereFor(
  drafts: readonly EarlierSeat[],
  user: Pick<SignedIn, 'mayIn'>,
  startOn: string,
  nameOf: (staffNumber: string) => { staffNumber: string; name: string },
): RoundDetail['elsewhere'] {
  const sums = new Map<string, RoundDetail['elsewhere'][number] & { units: number }>()
  for (const { staffNumber, hours, startsOn, round } of drafts) {
    const roundId = round.teamIds.some(id => user.mayIn('round.read', id)) ? round.id : null
    const begun = startsOn <= startOn
    const key = `${staffNumber} ${roundId} ${begun}`
    const sum = sums.get(key) ?? { worker: nameOf(staffNumber), roundId, begun, hours: 0, units: 0 }
    const units = sum.units + Math.round(hours * 100)
    sums.set(key, { ...sum, units, hours: units / 100 })
  }
  return [...sums.values()].map(({ units: _, ...one }) => one)
}
