import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import { listedAs, standingOn, TO_ALLOCATE } from '../../db/standing.ts'
import type { Problem, Proposal, ProposalLine, Seat } from '../../solver/problem/problem.ts'
import type { WorkerName } from '../contract/common.ts'
import type { Action } from '../contract/permissions.ts'
import { inNumbersOfToday } from '../events/case-keys.ts'
import { notFound, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import type { StoredChoice } from './choice-row.ts'
import { seatKey } from './draft-view.ts'

export interface Round {
  id: number
  organisationId: number
  status: 'open' | 'settled' | 'cancelled'
  startOn: string
  rulebookId: number
  profile: string
  seed: number
  createdAt: Date
  createdBy: string | null
  settledAt: Date | null
  settledBy: string | null
  version: number
  teams: { id: number; name: string }[]
}

const ROUND = { nl: 'Deze verdeelronde', en: 'This round' }

/** What a person wants to do with a round: with a right in one of its teams, or in every one. */
export interface Need {
  action: 'round.read' | 'round.choose' | 'round.compose' | 'round.settle'
  everyTeam: boolean
}

/** A round of an organisation, whoever asks: for what a worker sees of it, who has no right to read it. */
export async function roundById(db: Executor, organisationId: number, id: number): Promise<Round | null> {
  const row = await db
    .selectFrom('round as r')
    .leftJoin('userAccount as c', 'c.id', 'r.createdBy')
    .leftJoin('userAccount as s', 's.id', 'r.settledBy')
    .select([
      'r.id',
      'r.organisationId',
      'r.status',
      'r.startOn',
      'r.rulebookId',
      'r.profile',
      'r.seed',
      'r.createdAt',
      'c.name as createdBy',
      'r.settledAt',
      's.name as settledBy',
      'r.version',
    ])
    .where('r.id', '=', id)
    .where('r.organisationId', '=', organisationId)
    .executeTakeFirst()
  return row ? { ...row, teams: await teamsOf(db, id) } : null
}

/**
 * The round if this person may read it in one of its teams; else 404, the same as for one that does not exist. Without the
 * right that is needed: 403, with the teams where it lacks.
 */
export async function findRound(
  db: Executor,
  user: SignedIn,
  id: number,
  need: Need = { action: 'round.read', everyTeam: false },
): Promise<Round> {
  const round = await roundById(db, user.organisationId, id)
  if (!round?.teams.some(team => user.mayIn('round.read', team.id))) throw notFound(ROUND)
  if (need.everyTeam || !round.teams.some(team => user.mayIn(need.action, team.id))) {
    requireTeams(user, round.teams, need.action)
  }
  return round
}

/** The person must have this right in all of these teams. Throws a 403 that names the others. */
export function requireTeams(
  user: SignedIn,
  teams: readonly { id: number; name: string }[],
  action: Action,
): void {
  const foreign = teams.filter(team => !user.mayIn(action, team.id)).map(team => team.name)
  if (foreign.length === 0) return
  throw new Refusal(403, {
    nl: `Hiervoor moet je toegang hebben tot alle teams van de ronde. Je hebt geen toegang tot: ${foreign.join(', ')}.`,
    en: `This needs access to all teams of the round. You have no access to: ${foreign.join(', ')}.`,
  })
}

/**
 * Several reads at one moment: a round is spread over tables, and a calculation that ends in between would show as a run
 * that is done without its proposal.
 */
export async function atOneMoment<Result>(db: Db, read: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}

export async function teamsOf(db: Executor, roundId: number): Promise<{ id: number; name: string }[]> {
  return db
    .selectFrom('roundTeam as rt')
    .innerJoin('team as t', 't.id', 'rt.teamId')
    .select(['t.id', 't.name'])
    .where('rt.roundId', '=', roundId)
    .orderBy('t.name')
    .execute()
}

/**
 * The open round, locked until the end of the transaction, at the version the person saw. Every change goes through here,
 * so two people who act at once follow one another and the second one hears that the round changed (412).
 */
export async function lockRound(
  tx: Tx,
  user: SignedIn,
  id: number,
  expectedVersion: number | null,
  need: Need,
): Promise<Round> {
  await tx.selectFrom('round').select('id').where('id', '=', id).forUpdate().execute()
  const round = await findRound(tx, user, id, need)
  if (round.status !== 'open') {
    throw new Refusal(
      409,
      round.status === 'settled'
        ? { nl: 'Deze ronde is al vastgesteld.', en: 'This round has already been confirmed.' }
        : { nl: 'Deze ronde is geannuleerd.', en: 'This round has been cancelled.' },
      { version: round.version },
    )
  }
  if (expectedVersion !== null && round.version !== expectedVersion) throw staleVersion(round.version)
  return round
}

/** One more change: the version that the next If-Match has to name. */
export async function bumpRound(tx: Tx, id: number): Promise<number> {
  const { version } = await tx
    .updateTable('round')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

export async function roundCaseIds(db: Executor, roundId: number): Promise<number[]> {
  const rows = await db.selectFrom('roundCase').select('caseId').where('roundId', '=', roundId).execute()
  return rows.map(row => row.caseId)
}

export interface RoundWorker extends WorkerName {
  id: number
  teamId: number
}

/** Everybody who takes part, by name. */
export async function roundWorkers(db: Executor, roundId: number): Promise<RoundWorker[]> {
  return db
    .selectFrom('roundWorker as rw')
    .innerJoin('worker as w', 'w.id', 'rw.workerId')
    .select(['w.id', 'w.teamId', 'w.staffNumber', 'w.name'])
    .where('rw.roundId', '=', roundId)
    .orderBy('w.name')
    .orderBy('w.staffNumber')
    .execute()
}

/** The choices that stand, oldest first. */
export async function standingChoices(db: Executor, roundId: number): Promise<StoredChoice[]> {
  return db
    .selectFrom('choice as ch')
    .innerJoin('caseFile as c', 'c.id', 'ch.caseId')
    .leftJoin('worker as w', 'w.id', 'ch.workerId')
    .leftJoin('userAccount as u', 'u.id', 'ch.createdBy')
    .select([
      'ch.id',
      'ch.caseId',
      'c.caseNumber',
      'ch.seat',
      'ch.kind',
      'ch.workerId',
      'w.staffNumber',
      'w.name as workerName',
      'ch.reasonCode',
      'ch.reasonText',
      'ch.unregisteredReason',
      'ch.setAside',
      'ch.acceptsExcess',
      'ch.lasts',
      'ch.untilOn',
      'ch.reviewOn',
      'ch.tasks',
      'u.name as by',
      'ch.createdBy as byId',
      'c.teamId',
      'ch.createdAt as at',
    ])
    .where('ch.roundId', '=', roundId)
    .where('ch.withdrawnAt', 'is', null)
    .orderBy('ch.id')
    .execute()
}

export interface RunRow {
  id: number
  kind: 'round' | 'whatIf' | 'front' | 'reallocation'
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  timeLimitSeconds: number
  error: string | null
  /** Of one that waits: how many go before it, those that run now included. */
  ahead: number | null
}

/** How runs stand, to narrow down and to add columns to. */
export function runRows(db: Executor) {
  return db.selectFrom('run').select([
    'run.id',
    'run.kind',
    'run.state',
    'run.requestedAt',
    'run.startedAt',
    'run.finishedAt',
    'run.timeLimitSeconds',
    'run.error',
    // The order in which `claimRun` takes them.
    sql<number | null>`case when run.state = 'queued' then (
        select count(*)::int from run other where other.state = 'running'
          or (other.state = 'queued' and (other.kind <> 'round', other.id) < (run.kind <> 'round', run.id))) end`.as(
      'ahead',
    ),
  ])
}

/** Runs with everything that was asked for, in the case numbers of today: they were stored with those of then. */
export async function runsInNumbersOfToday<Run extends { requestedAt: Date }>(
  db: Executor,
  organisationId: number,
  runs: readonly Run[],
): Promise<Run[]> {
  const stored = runs.map(run => ({
    at: run.requestedAt,
    // Moments are no text, and name nothing.
    value: Object.fromEntries(Object.entries(run).filter(([, one]) => !(one instanceof Date))),
  }))
  const named = await inNumbersOfToday(db, organisationId, stored)
  return runs.map((run, index) => ({ ...run, ...named[index] }))
}

/** The newest calculation of the round itself; a what-if or a trade-off is none. */
export async function newestRun(db: Executor, roundId: number): Promise<RunRow | null> {
  const row = await runRows(db)
    .where('run.roundId', '=', roundId)
    .where('run.kind', '=', 'round')
    .orderBy('run.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export interface StoredProposal {
  id: number
  result: Proposal
  problem: Problem
}

export async function newestProposalId(db: Executor, roundId: number): Promise<number | null> {
  const row = await db
    .selectFrom('proposal')
    .select('id')
    .where('roundId', '=', roundId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** The newest proposal with the Problem it was made from. */
export async function newestProposal(db: Executor, roundId: number): Promise<StoredProposal | null> {
  const row = await db
    .selectFrom('proposal as p')
    .innerJoin('run as r', 'r.id', 'p.runId')
    .innerJoin('round as o', 'o.id', 'p.roundId')
    .select(['p.id', 'p.result', 'r.problem', 'r.requestedAt', 'o.organisationId'])
    .where('p.roundId', '=', roundId)
    .orderBy('p.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const { id, result, problem, requestedAt, organisationId } = row
  const [named] = await inNumbersOfToday(db, organisationId, [
    { at: requestedAt, value: { result, problem } },
  ])
  return { id, ...named! }
}

/**
 * What the engine itself proposed for each seat: the newest line that was not fixed by people and whose case did not wait,
 * so that a later calculation around a choice does not hide what the choice departs from. By 'case seat'.
 */
export async function freeLines(
  db: Executor,
  roundId: number,
): Promise<Map<string, ProposalLine & { proposalId: number }>> {
  const { rows } = await sql<{ caseNumber: string; seat: Seat; line: ProposalLine; proposalId: number }>`
    select distinct on (l.case_id, l.seat) c.case_number, l.seat, l.line, l.proposal_id
    from proposal p
    join run r on r.id = p.run_id
    join proposal_line l on l.proposal_id = p.id
    join case_file c on c.id = l.case_id
    where p.round_id = ${roundId} and l.line->>'locked' = 'false'
      and not r.problem->'waiting' ?| array(
        select c.case_number union all select n.old_number from case_number_correction n where n.case_id = c.id)
    order by l.case_id, l.seat, l.proposal_id desc`.execute(db)
  return new Map(
    rows.map(({ caseNumber, seat, line, proposalId }) => [
      seatKey(caseNumber, seat),
      { ...line, caseId: caseNumber, proposalId },
    ]),
  )
}

/** Cases of the round that a line of `freeLines` cannot vouch for any more: they are no longer waiting in this round. */
export async function casesTakenElsewhere(
  db: Executor,
  roundId: number,
  today: string,
): Promise<Set<number>> {
  const rows = await db
    .selectFrom('roundCase as rc')
    .innerJoin(standingOn(today), 's.caseId', 'rc.caseId')
    .select('rc.caseId as id')
    .where('rc.roundId', '=', roundId)
    .where(sql<boolean>`not ${listedAs(TO_ALLOCATE)}`)
    .execute()
  return new Set(rows.map(row => row.id))
}
