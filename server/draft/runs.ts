import type { Executor, Tx } from '../../db/database.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import { append } from '../events/events.ts'
import { aboutRound, record, teamOf } from '../events/record.ts'
import { type BothLanguages, notFound, Refusal, type SignedIn, tooMuch } from '../http/call.ts'
import { draftsBefore } from './drafts.ts'
import { constraintsOf } from './judge-choices.ts'
import { problemOf } from './problem-of.ts'
import {
  bumpRound,
  type Need,
  newestProposal,
  newestRun,
  type Round,
  type RunRow,
  roundCaseIds,
  roundWorkers,
  runRows,
  standingChoices,
} from './rounds.ts'
import { objectedPairs } from './shares.ts'

/** Runs of one organisation that may wait at the same time; more is refused with 429. */
export const MAX_QUEUED = 20
/** By then one of them is usually done. */
const WAIT_SECONDS = 120
export const DEFAULT_TIME_LIMIT_SECONDS = 30
/** To have something supposed about a round. */
export const SUPPOSE: Need = { action: 'round.choose', everyTeam: false }

export function tooManyWaiting(waiting: number): Refusal {
  return tooMuch(
    {
      nl: `Er wachten al ${waiting} berekeningen. Probeer het over een paar minuten opnieuw.`,
      en: `${waiting} calculations are already waiting. Try again in a few minutes.`,
    },
    WAIT_SECONDS,
  )
}

/** Why a run ended without a proposal; stored as the code, told in the reader's language. */
export const runFailures = {
  time: {
    nl: 'De berekening kwam niet op tijd klaar. Probeer het met meer tijd of minder zaken, of verdeel met de hand.',
    en: 'The calculation did not finish in time. Try it with more time or fewer cases, or allocate by hand.',
  },
  memory: {
    nl: 'De berekening had te veel geheugen nodig. Maak een kleinere ronde, of verdeel met de hand.',
    en: 'The calculation needed too much memory. Make a smaller round, or allocate by hand.',
  },
  refused: {
    nl: 'De uitkomst kwam niet door de controle en is weggegooid. Verdeel met de hand en meld dit aan je beheerder.',
    en: 'The result did not pass the check and was discarded. Allocate by hand and tell your administrator.',
  },
  failed: {
    nl: 'De berekening is mislukt. Probeer het opnieuw, of verdeel met de hand: de effecten worden wel getoond.',
    en: 'The calculation failed. Try again, or allocate by hand: the effects are still shown.',
  },
  stopped: {
    nl: 'De berekening is gestopt voordat er een uitkomst was.',
    en: 'The calculation was stopped before there was a result.',
  },
  cancelled: {
    nl: 'De berekening is geannuleerd; er is niets bewaard.',
    en: 'The calculation was cancelled; nothing was kept.',
  },
} as const satisfies Record<string, BothLanguages>
export type RunFailure = keyof typeof runFailures

/** Gives the Problem the newest proposal of the round to keep to, as far as its cases and workers still take part. */
async function keepTo(tx: Tx, roundId: number, problem: Problem, changeCost: number): Promise<void> {
  const before = await newestProposal(tx, roundId)
  if (!before) return
  const cases = new Set(problem.cases.map(one => one.id))
  const workers = new Set(problem.workers.map(one => one.id))
  problem.earlier = {
    changeCost,
    lines: before.result.lines.flatMap(({ caseId, seat, workerId }) =>
      workerId !== null && cases.has(caseId) && workers.has(workerId) ? [{ caseId, seat, workerId }] : [],
    ),
  }
}

/**
 * Queues a calculation around the standing choices, with the Problem exactly as the tables stand now. The server process
 * that hears the event first takes it. Throws 409 while one is under way, 429 when the organisation has too many waiting.
 */
export async function requestRun(
  tx: Tx,
  round: Round,
  user: SignedIn,
  at: { now: Date; today: string },
  timeLimitSeconds: number,
): Promise<RunRow> {
  const running = await newestRun(tx, round.id)
  if (running?.state === 'queued' || running?.state === 'running') {
    throw new Refusal(409, {
      nl: 'Deze ronde wordt al berekend. Wacht op de uitkomst of stop de berekening.',
      en: 'This round is already being calculated. Wait for the result or stop it.',
    })
  }
  const { queued } = await tx
    .selectFrom('run as r')
    .innerJoin('round as o', 'o.id', 'r.roundId')
    .where('o.organisationId', '=', round.organisationId)
    .where('r.state', 'in', ['queued', 'running'])
    .select(eb => eb.fn.countAll<number>().as('queued'))
    .executeTakeFirstOrThrow()
  if (queued >= MAX_QUEUED) {
    throw tooManyWaiting(queued)
  }
  const { organisationId } = round
  const workerIds = (await roundWorkers(tx, round.id)).map(worker => worker.id)
  const objected = await objectedPairs(tx, round.id)
  await letGo(tx, round.id, objected, at.now)
  const { problem, rulebook } = await problemOf(tx, {
    organisationId,
    caseIds: await roundCaseIds(tx, round.id),
    workerIds,
    drafts: await draftsBefore(tx, { before: round.id, organisationId, workerIds }, at.today),
    startOn: round.startOn,
    seed: round.seed,
    profile: round.profile,
    ...constraintsOf(await standingChoices(tx, round.id), objected),
    today: at.today,
  })
  const { changeCost } = rulebook.content
  if (changeCost) await keepTo(tx, round.id, problem, changeCost)
  const problemSha256 = sha256(problem)
  const run = await tx
    .insertInto('run')
    .values({
      roundId: round.id,
      problem: JSON.stringify(problem),
      problemSha256,
      profile: round.profile,
      rulebookVersion: rulebook.version,
      timeLimitSeconds,
      requestedBy: user.id,
      requestedAt: at.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (rulebook.id !== round.rulebookId) {
    await tx.updateTable('round').set({ rulebookId: rulebook.id }).where('id', '=', round.id).execute()
  }
  await bumpRound(tx, round.id)
  append(tx, {
    type: 'run.requested',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: {
      run: run.id,
      problemSha256,
      timeLimitSeconds,
      profile: round.profile,
      rulebookVersion: rulebook.version,
    },
    at: at.now,
  })
  return findRun(tx, round, run.id)
}

/** A choice does not outlive the objection of its worker: the calculation finds somebody else for that seat. */
async function letGo(
  tx: Tx,
  roundId: number,
  objected: readonly { caseId: number; workerId: number }[],
  now: Date,
): Promise<void> {
  for (const { caseId, workerId } of objected) {
    await tx
      .updateTable('choice')
      .set({ withdrawnAt: now })
      .where('roundId', '=', roundId)
      .where('caseId', '=', caseId)
      .where('workerId', '=', workerId)
      .where('kind', 'in', ['lock', 'override'])
      .where('withdrawnAt', 'is', null)
      .execute()
  }
}

/** Asks a run to stop and use the best it has; one that has not started is cancelled at once. */
export async function requestStop(
  tx: Tx,
  round: Round,
  runId: number,
  user: SignedIn,
  now: Date,
): Promise<RunRow> {
  const before = await activeRun(tx, round, runId)
  if (before === null) return findRun(tx, round, runId)
  if (before.state === 'queued') return cancelRun(tx, round, runId, user, now)
  await tx.updateTable('run').set({ stopRequested: true }).where('id', '=', runId).execute()
  record({ db: tx, user, now }, aboutRound(round), 'run.stopRequested', { run: runId })
  return findRun(tx, round, runId)
}

/** Ends a run and throws away what it has; one that has ended stays as it is. */
export async function cancelRun(
  tx: Tx,
  round: Round,
  runId: number,
  user: SignedIn,
  now: Date,
): Promise<RunRow> {
  const before = await activeRun(tx, round, runId)
  if (before === null) return findRun(tx, round, runId)
  await tx.updateTable('run').set(cancelled(now)).where('id', '=', runId).execute()
  if (before.kind === 'round') await bumpRound(tx, round.id)
  record({ db: tx, user, now }, aboutRound(round), 'run.cancelled', { run: runId })
  return findRun(tx, round, runId)
}

/** What makes a run over: whoever solves it loses it, and what still comes in is thrown away. */
export const cancelled = (now: Date) =>
  ({
    state: 'cancelled',
    error: 'cancelled' satisfies RunFailure,
    stopRequested: true,
    leaseUntil: null,
    finishedAt: now,
  }) as const

/** The run, locked, while it waits or is under way; null when it has ended. */
async function activeRun(
  tx: Tx,
  round: Round,
  runId: number,
): Promise<Pick<RunRow, 'kind' | 'state'> | null> {
  const run = await tx
    .selectFrom('run')
    .select(['kind', 'state'])
    .where('id', '=', runId)
    .where('roundId', '=', round.id)
    .where('state', 'in', ['queued', 'running'])
    .forUpdate()
    .executeTakeFirst()
  return run ?? null
}

async function findRun(tx: Tx, round: Round, runId: number): Promise<RunRow> {
  const run = await runRows(tx)
    .where('run.id', '=', runId)
    .where('run.roundId', '=', round.id)
    .executeTakeFirst()
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  return run
}

/** Ends what is queued or running for a round that is over; a result that still comes in is thrown away. */
export async function cancelRuns(tx: Executor, roundId: number, now: Date): Promise<void> {
  await tx
    .updateTable('run')
    .set(cancelled(now))
    .where('roundId', '=', roundId)
    .where('state', 'in', ['queued', 'running'])
    .execute()
}

/** A run as the contract shows it. */
export function runView(run: RunRow, locale: Locale) {
  const failure = run.error !== null && run.error in runFailures ? (run.error as RunFailure) : 'failed'
  const ended = run.state === 'failed' || run.state === 'cancelled'
  return {
    id: run.id,
    state: run.state,
    requestedAt: run.requestedAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    timeLimitSeconds: run.timeLimitSeconds,
    ahead: run.ahead,
    error: ended ? runFailures[failure][locale] : null,
  }
}
