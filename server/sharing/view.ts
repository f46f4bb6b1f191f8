import type { Executor } from '../../db/database.ts'
import type { SharedLine, Sharing } from '../contract/sharing.ts'
import { lineKey, stateOf } from '../draft/lines.ts'
import type { Round } from '../draft/rounds.ts'
import { settlingOf } from '../draft/settings.ts'
import { asksOf, rulingsOf, type StoredAsk, type StoredRuling } from '../draft/shares.ts'
import type { RoundState } from '../draft/state.ts'

/** What was shown, answered and ruled in a round, over the draft as it stands. */
export async function sharingView(
  db: Executor,
  round: Round,
  state: RoundState,
  now: Date,
): Promise<Sharing> {
  const asks = new Map((await asksOf(db, round.id)).map(ask => [lineKey(ask), ask]))
  const rulings = new Map((await rulingsOf(db, round.id)).map(ruling => [lineKey(ruling), ruling]))
  const settling = await settlingOf(
    db,
    round.teams.map(team => team.id),
  )
  const newest = await db
    .selectFrom('share as s')
    .leftJoin('userAccount as u', 'u.id', 's.sharedBy')
    .select(['s.sharedAt', 's.answerUntil', 'u.name'])
    .where('s.roundId', '=', round.id)
    .orderBy('s.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const names = new Map(state.workers.map(worker => [worker.staffNumber, worker.name]))
  const view = (line: Pick<SharedLine, 'caseNumber' | 'seat'>, staffNumber: string): SharedLine => {
    const key = lineKey({ ...line, staffNumber })
    return lineView(
      { ...line, worker: { staffNumber, name: names.get(staffNumber) ?? staffNumber } },
      asks.get(key),
      rulings.get(key),
      now,
    )
  }
  const lines = state.seats.flatMap(one =>
    one.worker ? [view({ caseNumber: one.case.id, seat: one.seat }, one.worker.id)] : [],
  )
  const inDraft = new Set(lines.map(line => lineKey({ ...line, staffNumber: line.worker.staffNumber })))
  return {
    way: settling.way,
    answerDays: settling.answerDays,
    shared: newest
      ? {
          at: newest.sharedAt.toISOString(),
          by: newest.name,
          answerUntil: newest.answerUntil.toISOString(),
          termPassed: now >= newest.answerUntil,
        }
      : null,
    lines,
    earlier: [...asks]
      .filter(([key, ask]) => !inDraft.has(key) && ask.answer?.kind === 'object')
      .map(([, ask]) => view({ caseNumber: ask.caseNumber, seat: ask.seat }, ask.staffNumber)),
    swaps: await teamSwaps(db, round.id),
  }
}

function lineView(
  line: Pick<SharedLine, 'caseNumber' | 'seat' | 'worker'>,
  ask: StoredAsk | undefined,
  ruling: StoredRuling | undefined,
  now: Date,
): SharedLine {
  const state = stateOf(ask, ruling, now)
  return {
    ...line,
    state,
    answer: ask?.given ?? null,
    ruling:
      state === 'ruled' && ruling
        ? { about: ruling.about, reasonText: ruling.reasonText, by: ruling.by, at: ruling.at.toISOString() }
        : null,
    answerUntil: ask?.answerUntil.toISOString() ?? null,
  }
}

/** Swaps that both workers looked at; one that was only offered is between the two of them. */
async function teamSwaps(db: Executor, roundId: number): Promise<Sharing['swaps']> {
  const rows = await db
    .selectFrom('swap as s')
    .innerJoin('shareLine as f', 'f.id', 's.firstLineId')
    .innerJoin('caseFile as fc', 'fc.id', 'f.caseId')
    .innerJoin('worker as fw', 'fw.id', 'f.workerId')
    .innerJoin('worker as sw', 'sw.id', 's.secondWorkerId')
    .leftJoin('shareLine as l', 'l.id', 's.secondLineId')
    .leftJoin('caseFile as lc', 'lc.id', 'l.caseId')
    .select([
      's.id',
      's.state',
      'fw.staffNumber as firstNumber',
      'fw.name as firstName',
      'fc.caseNumber as firstCase',
      'sw.staffNumber as secondNumber',
      'sw.name as secondName',
      'lc.caseNumber as secondCase',
    ])
    .where('s.roundId', '=', roundId)
    .where('s.state', 'in', ['agreed', 'confirmed', 'refused'])
    .where('s.secondLineId', 'is not', null)
    .orderBy('s.id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    state: row.state,
    first: { staffNumber: row.firstNumber, name: row.firstName },
    firstCase: row.firstCase,
    second: { staffNumber: row.secondNumber, name: row.secondName },
    secondCase: row.secondCase,
  }))
}
