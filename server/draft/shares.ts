import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { GivenAnswer, SharedFacts } from '../contract/sharing.ts'
import type { Ask, Ruling } from './lines.ts'

/** A line as shown, with the row ids and the answer in full. */
export interface StoredAsk extends Ask {
  caseId: number
  workerId: number
  workerName: string
  sharedAt: Date
  version: number
  given: GivenAnswer | null
}

export interface StoredRuling extends Ruling {
  reasonText: string
  by: string | null
  at: Date
}

/** Every line of a round that was shown, by case, seat and worker, with its newest answer. */
export async function asksOf(db: Executor, roundId: number): Promise<StoredAsk[]> {
  const rows = await db
    .selectFrom('shareLine as l')
    .innerJoin('share as s', 's.id', 'l.shareId')
    .innerJoin('caseFile as c', 'c.id', 'l.caseId')
    .innerJoin('worker as w', 'w.id', 'l.workerId')
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom('answer')
          .select(['answer.id', 'kind', 'reasonCode', 'reasonText', 'answeredAt'])
          .whereRef('shareLineId', '=', 'l.id')
          .orderBy('answer.id', 'desc')
          .limit(1)
          .as('a'),
      join => join.onTrue(),
    )
    .select([
      'l.id as lineId',
      'l.caseId',
      'l.workerId',
      'l.seat',
      'l.version',
      'c.caseNumber',
      'w.staffNumber',
      'w.name as workerName',
      's.answerUntil',
      's.sharedAt',
      'a.id as answerId',
      'a.kind',
      'a.reasonCode',
      'a.reasonText',
      'a.answeredAt',
    ])
    .where('l.roundId', '=', roundId)
    .orderBy('l.id')
    .execute()
  return rows.map(({ answerId, kind, reasonCode, reasonText, answeredAt, ...row }) => ({
    ...row,
    answer: answerId !== null && kind !== null ? { id: answerId, kind } : null,
    given:
      kind !== null && answeredAt !== null
        ? { kind, reasonCode, reasonText, at: answeredAt.toISOString() }
        : null,
  }))
}

/** The newest ruling of each line. */
export async function rulingsOf(db: Executor, roundId: number): Promise<StoredRuling[]> {
  const rows = await db
    .selectFrom('ruling as r')
    .innerJoin('caseFile as c', 'c.id', 'r.caseId')
    .innerJoin('worker as w', 'w.id', 'r.workerId')
    .leftJoin('userAccount as u', 'u.id', 'r.decidedBy')
    .distinctOn(['r.caseId', 'r.seat', 'r.workerId'])
    .select([
      'c.caseNumber',
      'r.seat',
      'w.staffNumber',
      'r.about',
      'r.answerId',
      'r.reasonText',
      'u.name as by',
      'r.decidedAt as at',
    ])
    .where('r.roundId', '=', roundId)
    .orderBy('r.caseId')
    .orderBy('r.seat')
    .orderBy('r.workerId')
    .orderBy('r.id', 'desc')
    .execute()
  return rows
}

/**
 * Pairs that a worker objected to and that the team did not overrule: the next calculation keeps them apart. By row ids.
 */
export async function objectedPairs(
  db: Executor,
  roundId: number,
): Promise<{ caseId: number; workerId: number }[]> {
  const { rows } = await sql<{ caseId: number; workerId: number }>`
    select l.case_id, l.worker_id from share_line l
    join lateral (select id, kind from answer a where a.share_line_id = l.id order by a.id desc limit 1) a on true
    where l.round_id = ${roundId} and a.kind = 'object' and not exists (
      select 1 from ruling r where r.round_id = l.round_id and r.case_id = l.case_id and r.seat = l.seat
        and r.worker_id = l.worker_id and r.answer_id = a.id)
    order by l.case_id, l.worker_id`.execute(db)
  return rows
}

declare module '../../db/stored.ts' {
  interface StoredJson {
    sharedFacts: SharedFacts
  }
}
