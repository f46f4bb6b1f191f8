import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import { sha256 } from '../../solver/problem/canonical.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { FrontInput, WhatIfInput } from '../contract/scenarios.ts'
import { lockRound, type Round, type RunRow, runRows, runsInNumbersOfToday } from '../draft/rounds.ts'
import { MAX_QUEUED, SUPPOSE, tooManyWaiting } from '../draft/runs.ts'
import { readState } from '../draft/state.ts'
import { requireAllSeen } from '../draft/unseen.ts'
import { append } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import type { RunAnswer, RunAsked, RunSummary } from './answer.ts'

/** Of one round; more is refused until some are thrown away. */
const MAX_KEPT = 50
/** Of one round, waiting or under way at the same time. */
const MAX_WAITING = 4

/** Of one round, newest first. */
const MAX_LISTED = 100

/** A run with what it was asked and what it comes to, whatever its kind. */
export interface ListedRun extends RunRow {
  kind: 'round' | 'whatIf' | 'front'
  name: string | null
  requestedBy: string | null
  rulebookVersion: number | null
  asked: RunAsked | null
  proposalId: number | null
  summary: RunSummary | null
}

/** A run with everything: its Problem, and what came out. */
export interface StoredRun extends ListedRun {
  answer: RunAnswer | null
  problem: Problem
  result: Proposal | null
}

function runsOf(db: Executor, roundId: number, ids?: readonly number[]) {
  return runRows(db)
    .leftJoin('proposal as p', 'p.runId', 'run.id')
    .leftJoin('userAccount as u', 'u.id', 'run.requestedBy')
    .innerJoin('round as o', 'o.id', 'run.roundId')
    .select([
      'run.name',
      'u.name as requestedBy',
      'run.rulebookVersion',
      'run.asked',
      'p.id as proposalId',
      'run.summary',
      'o.organisationId',
    ])
    .where('run.roundId', '=', roundId)
    .$narrowType<{ kind: 'round' | 'whatIf' | 'front' }>()
    .$if(ids !== undefined, named => named.where('run.id', '=', sql<number>`any(${[...(ids ?? [])]}::int[])`))
    .orderBy('run.id', 'desc')
    .limit(MAX_LISTED)
}

/** The runs of a round without their Problems and answers, newest first; only those named when `ids` is given. */
export async function listedRuns(
  db: Executor,
  roundId: number,
  { ids }: { ids?: readonly number[] } = {},
): Promise<ListedRun[]> {
  return inNumbers(db, await runsOf(db, roundId, ids).execute())
}

/** These runs of a round, newest first. */
export async function storedRuns(
  db: Executor,
  roundId: number,
  ids: readonly number[],
): Promise<StoredRun[]> {
  return inNumbers(
    db,
    await runsOf(db, roundId, ids).select(['run.answer', 'run.problem', 'p.result']).execute(),
  )
}

const inNumbers = <Run extends { requestedAt: Date; organisationId: number }>(db: Executor, runs: Run[]) =>
  runsInNumbersOfToday(db, runs[0]?.organisationId ?? 0, runs)

/** Queues a what-if on what the round shows now. Throws 422 with the change and field that cannot be supposed. */
export async function requestWhatIf(call: Call<'POST /rounds/:id/what-ifs'>): Promise<number> {
  const { db: tx, user, body, locale, today } = call
  const round = await lockRound(tx, user, call.params.id, null, SUPPOSE)
  const { shown, unseen } = await readState(tx, round, today)
  requireAllSeen(unseen)
  const supposed = applyChanges(shown, body.changes)
  if ('errors' in supposed) {
    const errors = new FieldErrors(locale)
    for (const one of supposed.errors) {
      errors.add(['changes', String(one.index), one.field].filter(Boolean).join('.'), one.message)
    }
    errors.refuse()
    throw new Error('Changes with errors were taken.')
  }
  return insertRun(tx, round, user, call.now, body, supposed.problem, {
    kind: 'whatIf',
    changes: body.changes,
  })
}

/** Queues the trade-off of what the round shows now. */
export async function requestFront(call: Call<'POST /rounds/:id/fronts'>): Promise<number> {
  const { db: tx, user, body, today } = call
  const round = await lockRound(tx, user, call.params.id, null, SUPPOSE)
  const { shown, unseen } = await readState(tx, round, today)
  requireAllSeen(unseen)
  const { points, highestLoadAtMost, pointsAtLeast } = body
  return insertRun(tx, round, user, call.now, body, shown, {
    kind: 'front',
    points,
    highestLoadAtMost,
    pointsAtLeast,
  })
}

async function insertRun(
  tx: Tx,
  round: Round,
  user: SignedIn,
  now: Date,
  { name, timeLimitSeconds }: Pick<WhatIfInput | FrontInput, 'name' | 'timeLimitSeconds'>,
  problem: Problem,
  asked: RunAsked,
): Promise<number> {
  await refuseTooMany(tx, round)
  const problemSha256 = sha256(problem)
  const { id } = await tx
    .insertInto('run')
    .values({
      roundId: round.id,
      kind: asked.kind,
      name: name?.trim() || null,
      asked: JSON.stringify(asked),
      problem: JSON.stringify(problem),
      problemSha256,
      timeLimitSeconds,
      requestedBy: user.id,
      requestedAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  append(tx, {
    type: 'scenario.requested',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: { run: id, kind: asked.kind, problemSha256, timeLimitSeconds },
    at: now,
  })
  return id
}

async function refuseTooMany(tx: Tx, round: Round): Promise<void> {
  const counts = await tx
    .selectFrom('run as r')
    .innerJoin('round as o', 'o.id', 'r.roundId')
    .where('o.organisationId', '=', round.organisationId)
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('r.state', 'in', ['queued', 'running']).as('queued'),
      fn
        .countAll<number>()
        .filterWhere(eb =>
          eb.and([
            eb('r.roundId', '=', round.id),
            eb('r.kind', '<>', 'round'),
            eb('r.state', 'in', ['queued', 'running']),
          ]),
        )
        .as('waiting'),
      fn
        .countAll<number>()
        .filterWhere(eb => eb.and([eb('r.roundId', '=', round.id), eb('r.kind', '<>', 'round')]))
        .as('kept'),
    ])
    .executeTakeFirstOrThrow()
  if (counts.kept >= MAX_KEPT) {
    throw new Refusal(409, {
      nl: `Bij deze ronde staan al ${counts.kept} doorrekeningen. Gooi er eerst een paar weg.`,
      en: `This round has ${counts.kept} what-ifs and trade-offs already. Discard some first.`,
    })
  }
  const waiting = counts.waiting >= MAX_WAITING ? counts.waiting : counts.queued
  if (counts.waiting >= MAX_WAITING || counts.queued >= MAX_QUEUED) {
    throw tooManyWaiting(waiting)
  }
}

/** Throws away a what-if or a trade-off, with what came out. Throws 409 for a calculation of the round: those stay. */
export async function throwAway(call: Call<'DELETE /rounds/:id/runs/:runId'>): Promise<void> {
  const { db: tx, user, params } = call
  const round = await lockRound(tx, user, params.id, null, SUPPOSE)
  const run = await tx
    .selectFrom('run')
    .select(['id', 'kind', 'problemSha256'])
    .where('id', '=', params.runId)
    .where('roundId', '=', round.id)
    .forUpdate()
    .executeTakeFirst()
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  if (run.kind === 'round') {
    throw new Refusal(409, {
      nl: 'Een berekening van de ronde zelf blijft bewaard. Alleen een wat-als of een afweging kan weg.',
      en: 'A calculation of the round itself is kept. Only a what-if or a trade-off can be discarded.',
    })
  }
  await tx.deleteFrom('run').where('id', '=', run.id).execute()
  append(tx, {
    type: 'scenario.deleted',
    actor: user,
    organisationId: round.organisationId,
    teamId: teamOf(round),
    objectType: 'round',
    objectId: String(round.id),
    data: { run: run.id, kind: run.kind, problemSha256: run.problemSha256 },
    at: call.now,
  })
}
