import { sql } from 'kysely'
import type { Db, Tx } from '../../db/database.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { bumpRound, teamsOf } from '../draft/rounds.ts'
import type { RunFailure } from '../draft/runs.ts'
import type { EventType } from '../events/event-types.ts'
import { append, inTransaction } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { tell } from '../messages/write.ts'
import type { RunAnswer, RunAsked } from '../scenarios/answer.ts'
import { summaryOf } from '../scenarios/figures.ts'

export interface LeaseOptions {
  /** A run whose process is silent this long is taken over. */
  leaseSeconds?: number
}

const LEASE_SECONDS = 15
/** One try, one retry, and one more for a process that died with it. What was given back in good order does not count. */
const MAX_TRIES = 3
/** Who waited longer than this hears how it ended: they may have gone on with something else. */
const LONG_MS = 10_000

/** A run in hand. `attempt` is the fencing token: a later attempt makes every write of this one void. */
export interface ClaimedRun {
  id: number
  /** null: of a team, as `teamId` says. */
  roundId: number | null
  teamId: number | null
  kind: 'round' | 'whatIf' | 'front' | 'reallocation'
  /** Of the other kinds than a round: what was asked. */
  asked: RunAsked | null
  attempt: number
  /** How many of these attempts were given back in good order. */
  returned: number
  problem: Problem
  problemSha256: string
  timeLimitSeconds: number
  stopRequested: boolean
}

/**
 * Takes the oldest run that waits, or whose lease has run out because its process died; what-ifs and trade-offs after the
 * calculations of rounds. `skip locked` lets several processes ask at once. A run that keeps getting lost ends as failed.
 */
export async function claimRun(
  db: Db,
  { leaseSeconds = LEASE_SECONDS }: LeaseOptions = {},
): Promise<ClaimedRun | null> {
  const { rows } = await sql<ClaimedRun>`
    update run set state = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()),
      lease_until = now() + make_interval(secs => ${leaseSeconds})
    where id = (
      select id from run where state = 'queued' or (state = 'running' and lease_until < now())
      order by (kind <> 'round'), id limit 1 for update skip locked
    )
    returning id, round_id, team_id, kind, asked, attempt, returned, problem, problem_sha256, time_limit_seconds, stop_requested`.execute(
    db,
  )
  const run = rows[0]
  if (!run) return null
  if (run.attempt - run.returned <= MAX_TRIES) return run
  await failRun(db, run, { failure: 'failed', again: null })
  return claimRun(db, { leaseSeconds })
}

/** Extends the lease and hears whether somebody asked to stop; 'lost' when the run is no longer this attempt's. */
export async function keepLease(
  db: Db,
  run: Pick<ClaimedRun, 'id' | 'attempt'>,
  { leaseSeconds = LEASE_SECONDS }: LeaseOptions = {},
): Promise<'kept' | 'stop' | 'lost'> {
  const { rows } = await sql<{ stopRequested: boolean }>`
    update run set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where id = ${run.id} and attempt = ${run.attempt} and state = 'running'
    returning stop_requested`.execute(db)
  return rows[0] ? (rows[0].stopRequested ? 'stop' : 'kept') : 'lost'
}

/**
 * Stores the proposal with its lines and ends the run, in one transaction, if this attempt still holds it; false: it did
 * not, and nothing was stored.
 */
export async function storeProposal(db: Db, run: ClaimedRun, proposal: Proposal): Promise<boolean> {
  return inTransaction(db, tx => keepProposal(tx, run, proposal))
}

/** As `storeProposal`, inside a transaction; `at` is the moment, when that is not now. */
export async function keepProposal(tx: Tx, run: ClaimedRun, proposal: Proposal, at?: Date): Promise<boolean> {
  const { roundId } = run
  if (roundId === null) throw new Error(`Run ${run.id} is of no round, so it has no proposal.`)
  const round = await lockOwnerOf(tx, run)
  const ended = await endRun(tx, round, run, { state: 'done', error: null }, at)
  if (!ended) return false
  await keepSummary(tx, run, proposal)
  const { id } = await tx
    .insertInto('proposal')
    .values({ runId: run.id, roundId, result: JSON.stringify(proposal), createdAt: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`
    insert into proposal_line (proposal_id, case_id, seat, worker_id, line)
    select ${id}, c.id, line->>'seat', w.id, line
    from jsonb_array_elements(${JSON.stringify(proposal.lines)}::jsonb) line
    join case_file c on c.id = case_id_then(${round.organisationId}, line->>'caseId', (select requested_at from run where id = ${run.id}))
    left join worker w on w.organisation_id = ${round.organisationId} and w.staff_number = line->>'workerId'`.execute(
    tx,
  )
  await bumpRound(tx, roundId)
  const found = {
    run: run.id,
    proposal: id,
    seats: proposal.lines.length,
    placed: proposal.lines.filter(line => line.workerId !== null).length,
    status: proposal.status,
    endedBy: proposal.endedBy,
    problemSha256: proposal.problemSha256,
  }
  await recordRun(tx, round, 'run.finished', found, at)
  return true
}

/** Stores what came out of a run of another kind, if this attempt still holds it. Round and team stay as they are. */
export async function storeAnswer(db: Db, run: ClaimedRun, answer: RunAnswer): Promise<boolean> {
  return inTransaction(db, async tx => {
    const owner = await lockOwnerOf(tx, run)
    if (!(await endRun(tx, owner, run, { state: 'done', error: null }))) return false
    if (answer.kind === 'whatIf') await keepSummary(tx, run, answer.proposal)
    await tx
      .updateTable('run')
      .set({ answer: JSON.stringify(answer) })
      .where('id', '=', run.id)
      .execute()
    await recordRun(tx, owner, `${eventNoun(run)}.finished`, { run: run.id, kind: run.kind })
    return true
  })
}

/**
 * Gives the run back to the queue, or ends it with the reason that people read. `again`: 'retry' counts as a try of it,
 * 'returned' does not, since its process was stopped.
 */
export async function failRun(
  db: Db,
  run: Pick<ClaimedRun, 'id' | 'attempt' | 'roundId' | 'teamId' | 'kind'>,
  { failure, again }: { failure: RunFailure; again: 'retry' | 'returned' | null },
): Promise<void> {
  await inTransaction(db, async tx => {
    const owner = await lockOwnerOf(tx, run)
    if (again) {
      await tx
        .updateTable('run')
        .set(eb => ({
          state: 'queued',
          leaseUntil: null,
          returned: eb('returned', '+', again === 'returned' ? 1 : 0),
        }))
        .where('id', '=', run.id)
        .where('attempt', '=', run.attempt)
        .where('state', '=', 'running')
        .execute()
      return
    }
    const state = failure === 'stopped' ? 'cancelled' : 'failed'
    if (!(await endRun(tx, owner, run, { state, error: failure }))) return
    if (run.kind === 'round' && run.roundId !== null) {
      await bumpRound(tx, run.roundId)
      await recordRun(tx, owner, 'run.failed', { run: run.id, failure })
    } else await recordRun(tx, owner, `${eventNoun(run)}.failed`, { run: run.id, kind: run.kind, failure })
  })
}

/** What a run is about: a round of one or more teams, or one team. */
interface RunOwner {
  objectType: 'round' | 'team'
  id: number
  organisationId: number
  teams: { id: number; name: string }[]
}

const eventNoun = ({ kind }: Pick<ClaimedRun, 'kind'>) =>
  kind === 'reallocation' ? 'reallocation' : 'scenario'

// The round before the run, as every change of a round does, so that two transactions never wait for each other.
async function lockOwnerOf(tx: Tx, run: Pick<ClaimedRun, 'roundId' | 'teamId'>): Promise<RunOwner> {
  if (run.roundId === null) {
    const { organisationId, ...team } = await tx
      .selectFrom('team')
      .select(['id', 'name', 'organisationId'])
      .where('id', '=', run.teamId)
      .executeTakeFirstOrThrow()
    return { objectType: 'team', id: team.id, organisationId, teams: [team] }
  }
  const round = await tx
    .selectFrom('round')
    .select(['id', 'organisationId'])
    .where('id', '=', run.roundId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { objectType: 'round', ...round, teams: await teamsOf(tx, run.roundId) }
}

async function keepSummary(tx: Tx, run: ClaimedRun, proposal: Proposal): Promise<void> {
  const summary = JSON.stringify(summaryOf(run.problem, proposal))
  await tx.updateTable('run').set({ summary }).where('id', '=', run.id).execute()
}

/** Ends the run if this attempt still holds it, and tells who asked for it when that took long. */
async function endRun(
  tx: Tx,
  owner: RunOwner,
  run: Pick<ClaimedRun, 'id' | 'attempt' | 'kind'>,
  end: { state: 'done' | 'failed' | 'cancelled'; error: RunFailure | null },
  at?: Date,
): Promise<boolean> {
  const ended = await tx
    .updateTable('run')
    .set({ ...end, leaseUntil: null, finishedAt: at ?? sql<Date>`now()` })
    .where('id', '=', run.id)
    .where('attempt', '=', run.attempt)
    .where('state', '=', 'running')
    .returning(['requestedBy', 'requestedAt', 'finishedAt'])
    .executeTakeFirst()
  if (!ended) return false
  const { requestedBy, requestedAt, finishedAt } = ended
  const waited = (finishedAt?.getTime() ?? 0) - requestedAt.getTime()
  if (requestedBy !== null && end.state !== 'cancelled' && waited > LONG_MS) {
    const what = run.kind === 'round' ? 'run' : run.kind
    await tell(tx, {
      organisationId: owner.organisationId,
      userIds: [requestedBy],
      kind: `${what}.${end.state === 'done' ? 'ready' : 'failed'}`,
      data: { [owner.objectType]: owner.id, run: run.id },
      at: new Date(),
      byMail: false,
    })
  }
  return true
}

async function recordRun(
  tx: Tx,
  owner: RunOwner,
  type: EventType,
  data: Record<string, unknown>,
  at = new Date(),
): Promise<void> {
  append(tx, {
    type,
    actor: null,
    organisationId: owner.organisationId,
    teamId: teamOf(owner),
    objectType: owner.objectType,
    objectId: String(owner.id),
    data,
    at,
  })
}
