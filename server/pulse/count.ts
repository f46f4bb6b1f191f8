import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'

const MARKS = [1, 2, 3, 4, 5]

/** The counters of a round: all there before anybody answers, so that an answer makes no row. */
export async function startCounts(tx: Tx, roundId: number): Promise<void> {
  const counts = MARKS.flatMap(support => MARKS.map(fairness => ({ roundId, support, fairness })))
  await tx.insertInto('pulseCount').values(counts).execute()
}

/**
 * Counts one answer. Every counter of the round is rewritten by the same statement and one of them is higher, so neither the
 * number of the transaction nor the place of a row says which. Two answers at once wait for each other.
 */
export async function countAnswer(
  tx: Tx,
  roundId: number,
  { support, fairness }: { support: number; fairness: number },
): Promise<void> {
  await tx.selectFrom('pulse').select('roundId').where('roundId', '=', roundId).forUpdate().execute()
  await tx
    .updateTable('pulseCount')
    .set({
      answers: sql<number>`answers + case when support = ${support} and fairness = ${fairness} then 1 else 0 end`,
    })
    .where('roundId', '=', roundId)
    .execute()
}
