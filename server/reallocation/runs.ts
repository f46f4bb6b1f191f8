import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { ReallocationRun } from '../contract/reallocation.ts'
import { type RunRow, runRows, runsInNumbersOfToday } from '../draft/rounds.ts'
import { cancelled, MAX_QUEUED, runView, tooManyWaiting } from '../draft/runs.ts'
import { aboutTeam, record } from '../events/record.ts'

import { type Call, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { profileName, profilesOf } from '../rulebook/profiles.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import type { RunAnswer, RunAsked } from '../scenarios/answer.ts'
import { heldCases, isFixed, teamWorkers, waitingCases } from './cases.ts'
import { dealingProblem, keptFromLeavers } from './problem.ts'

export interface Team {
  id: number
  name: string
  organisationId: number
}

/** Of one team; the oldest are thrown away, since what they say no longer holds. */
const MAX_KEPT = 10
/** As far as the engine goes, see the limits of a Problem. */
const MAX_CASES = 3000

/** The team if this person may move its cases; else 404, the same as for one that does not exist. */
export async function findTeam(db: Executor, user: SignedIn, id: number): Promise<Team> {
  const team = await db
    .selectFrom('team')
    .select(['id', 'name', 'organisationId'])
    .where('id', '=', id)
    .where('organisationId', '=', user.organisationId)
    .executeTakeFirst()
  if (!team || !user.mayIn('case.allocate', id)) throw notFound({ nl: 'Dit team', en: 'This team' })
  return team
}

export interface TeamRun extends RunRow {
  requestedBy: string | null
  rulebookVersion: number | null
  profile: string | null
  asked: RunAsked | null
}

export interface WholeRun extends TeamRun {
  problem: Problem
  answer: RunAnswer | null
}

function runsOf(db: Executor, teamId: number) {
  return runRows(db)
    .leftJoin('userAccount as u', 'u.id', 'run.requestedBy')
    .innerJoin('team as t', 't.id', 'run.teamId')
    .select(['u.name as requestedBy', 'run.rulebookVersion', 'run.profile', 'run.asked', 't.organisationId'])
    .where('run.teamId', '=', teamId)
}

/** The newest calculation of a team; null: there was none yet. */
export async function newestOf(db: Executor, teamId: number): Promise<TeamRun | null> {
  const newest = await runsOf(db, teamId).orderBy('run.id', 'desc').limit(1).executeTakeFirst()
  if (!newest) return null
  const [named] = await runsInNumbersOfToday(db, newest.organisationId, [newest])
  return named!
}

/** One calculation of a team with everything. Throws 404 when it is not of this team. */
export async function findRun(db: Executor, teamId: number, runId: number): Promise<WholeRun> {
  const run = await runsOf(db, teamId)
    .select(['run.problem', 'run.answer'])
    .where('run.id', '=', runId)
    .executeTakeFirst()
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  const [named] = await runsInNumbersOfToday(db, run.organisationId, [run])
  return named!
}

export function proposalOf({ answer }: Pick<WholeRun, 'answer'>): Proposal | null {
  return answer?.kind === 'reallocation' ? answer.proposal : null
}

/** How a calculation stands, as the contract shows it. */
export async function viewRun(
  db: Executor,
  run: TeamRun,
  { organisationId, today, locale }: { organisationId: number; today: string; locale: Locale },
): Promise<ReallocationRun> {
  if (run.asked?.kind !== 'reallocation') throw new Error(`Run ${run.id} does not reallocate anything.`)
  const { content } = await rulebookOn(db, organisationId, today)
  const { movable, moveCost, withWaiting } = run.asked
  return {
    ...runView(run, locale),
    requestedBy: run.requestedBy,
    rulebookVersion: run.rulebookVersion,
    profileName: run.profile === null ? null : profileName(content, run.profile, locale),
    movable,
    moveCost,
    withWaiting,
  }
}

/** Queues a calculation on the tables as they stand. Throws 422 with the case that cannot move, 409 while one is under way. */
export async function requestReallocation(call: Call<'POST /teams/:id/reallocations'>): Promise<number> {
  const { db: tx, user, body, today, now, locale } = call
  const team = await findTeam(tx, user, call.params.id)
  await refuseTooMany(tx, team)
  const startOn = body.startOn ?? today
  const { content } = await rulebookOn(tx, team.organisationId, startOn)
  const held = await heldCases(tx, team, startOn)
  checkForm({ ...body, startOn }, held, profilesOf(content), { today, locale })

  const movable = new Set(body.movable)
  const workers = await teamWorkers(tx, team, startOn)
  const moveCost = Math.round(body.moveCost * 100) / 100
  const { problem: dealt, rulebook } = await dealingProblem(tx, {
    team,
    held,
    mayMove: one => movable.has(one.facts.caseNumber),
    waiting: body.withWaiting ? await waitingCases(tx, team, startOn) : [],
    workerIds: workers.map(one => one.id),
    moveCost,
    profile: body.profile,
    startOn,
    today,
  })
  const problem = keptFromLeavers(dealt)
  if (problem.cases.length > MAX_CASES) {
    throw new Refusal(422, {
      nl: `Dit team heeft ${problem.cases.length} zaken. Meer dan ${MAX_CASES} tegelijk kan niet worden doorgerekend.`,
      en: `This team has ${problem.cases.length} cases. More than ${MAX_CASES} at a time cannot be calculated.`,
    })
  }
  const asked: RunAsked = {
    kind: 'reallocation',
    movable: [...movable].sort(),
    moveCost,
    withWaiting: body.withWaiting,
  }
  const problemSha256 = sha256(problem)
  const { id } = await tx
    .insertInto('run')
    .values({
      teamId: team.id,
      kind: 'reallocation',
      asked: JSON.stringify(asked),
      problem: JSON.stringify(problem),
      problemSha256,
      profile: body.profile,
      rulebookVersion: rulebook.version,
      timeLimitSeconds: body.timeLimitSeconds,
      requestedBy: user.id,
      requestedAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const thrownAway = await throwAwayOld(tx, team)
  record({ db: tx, user, now }, aboutTeam(team), 'reallocation.requested', {
    run: id,
    problemSha256,
    cases: problem.cases.length,
    movable: movable.size,
    moveCost,
    thrownAway,
  })
  return id
}

function checkForm(
  body: Call<'POST /teams/:id/reallocations'>['body'] & { startOn: string },
  held: Awaited<ReturnType<typeof heldCases>>,
  profiles: ReturnType<typeof profilesOf>,
  { today, locale }: { today: string; locale: Locale },
): void {
  const errors = new FieldErrors(locale)
  if (body.startOn < today) {
    const message = { nl: 'Kies vandaag of een latere dag.', en: 'Choose today or a later day.' }
    errors.add('startOn', message, body.startOn)
  }
  const known = new Map(held.map(one => [one.facts.caseNumber, one]))
  body.movable.forEach((caseNumber, index) => {
    const found = known.get(caseNumber)
    if (!found) {
      errors.add(`movable.${index}`, {
        nl: `Zaak ${caseNumber} ligt op die dag bij niemand van dit team. Haal de lijst opnieuw op.`,
        en: `Nobody of this team has case ${caseNumber} on that day. Fetch the list again.`,
      })
    } else if (isFixed(found.stays) || found.holders === null) {
      errors.add(`movable.${index}`, {
        nl: `Zaak ${caseNumber} kan hier niet over. In de lijst staat waarom.`,
        en: `Case ${caseNumber} cannot move here. The list says why.`,
      })
    }
  })
  if (!profiles.some(one => one.code === body.profile && !one.ended)) {
    errors.add('profile', {
      nl: `Het profiel ${body.profile} staat niet in de regels van die dag. Kies een ander.`,
      en: `The profile ${body.profile} is not in the rules of that day. Choose another.`,
    })
  }
  errors.refuse()
}

async function refuseTooMany(tx: Tx, team: Team): Promise<void> {
  await tx.selectFrom('team').select('id').where('id', '=', team.id).forUpdate().execute()
  const waiting = await tx
    .selectFrom('run as r')
    .leftJoin('round as o', 'o.id', 'r.roundId')
    .leftJoin('team as t', 't.id', 'r.teamId')
    .where(eb =>
      eb.or([
        eb('o.organisationId', '=', team.organisationId),
        eb('t.organisationId', '=', team.organisationId),
      ]),
    )
    .where('r.state', 'in', ['queued', 'running'])
    .select('r.teamId')
    .execute()
  if (waiting.some(one => one.teamId === team.id)) {
    throw new Refusal(409, {
      nl: 'Voor dit team wordt al gerekend. Wacht op de uitkomst of stop de berekening.',
      en: 'A calculation for this team is under way. Wait for the outcome or stop it.',
    })
  }
  if (waiting.length >= MAX_QUEUED) {
    throw tooManyWaiting(waiting.length)
  }
}

async function throwAwayOld(tx: Tx, team: Team): Promise<number[]> {
  const rows = await tx
    .deleteFrom('run')
    .where('teamId', '=', team.id)
    .where('id', 'not in', eb =>
      eb.selectFrom('run').select('id').where('teamId', '=', team.id).orderBy('id', 'desc').limit(MAX_KEPT),
    )
    .returning('id')
    .execute()
  return rows.map(row => row.id)
}

/** Ends a calculation: `stop` keeps the best it has, `cancel` nothing. One that has ended stays as it is. */
export async function endReallocation(
  tx: Tx,
  team: Team,
  runId: number,
  user: SignedIn,
  now: Date,
  how: 'stop' | 'cancel',
): Promise<void> {
  const run = await tx
    .selectFrom('run')
    .select(['id', 'state'])
    .where('id', '=', runId)
    .where('teamId', '=', team.id)
    .forUpdate()
    .executeTakeFirst()
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  if (run.state !== 'queued' && run.state !== 'running') return
  const stops = how === 'stop' && run.state === 'running'
  await tx
    .updateTable('run')
    .set(stops ? { stopRequested: true } : cancelled(now))
    .where('id', '=', run.id)
    .execute()
  const type = stops ? 'reallocation.stopRequested' : 'reallocation.cancelled'
  record({ db: tx, user, now }, aboutTeam(team), type, { run: run.id })
}

/** How the seats of these cases stand today: who has or will have each, from which day. */
export async function seatsNow(
  db: Executor,
  organisationId: number,
  caseNumbers: readonly string[],
  today: string,
): Promise<{ caseNumber: string; seat: string; staffNumber: string; startsOn: string }[]> {
  const { rows } = await sql<{ caseNumber: string; seat: string; staffNumber: string; startsOn: string }>`
    select c.case_number, a.seat, w.staff_number, a.starts_on
    from case_file c
    join held_seat a on a.case_id = c.id and a.seat in ('primary', 'second')
      and (a.ends_on is null or a.ends_on > ${today}::date)
    join worker w on w.id = a.worker_id
    where c.organisation_id = ${organisationId} and c.closed_on is null
      and c.case_number = any(${[...caseNumbers]}::text[])
    order by a.starts_on, a.id`.execute(db)
  return rows
}
