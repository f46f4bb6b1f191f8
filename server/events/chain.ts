import type { Executor } from '../../db/database.ts'
import { eventHash, GENESIS } from './events.ts'

const EVENTS_AT_A_TIME = 2_000

export interface Chain {
  events: number
  /** Number and hash of the newest event; null when there is none. */
  head: { seq: number; hash: string } | null
  /** The first thing that is wrong, in words; null when the chain is whole. */
  fault: string | null
}

/**
 * Goes through all events: numbered without a gap, each naming the hash of the one before, and each with the hash of its
 * own content. `expected` is an earlier head, kept elsewhere: only with it do a cut-off end and a rewritten whole show.
 */
export async function verifyChain(
  db: Executor,
  expected: { seq: number; hash: string } | null = null,
): Promise<Chain> {
  let previousHash = GENESIS
  let seq = 0
  let meetsExpected = expected === null
  for (;;) {
    const events = await db
      .selectFrom('event')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(EVENTS_AT_A_TIME)
      .execute()
    for (const event of events) {
      const whole = (fault: string): Chain => ({ events: seq, head: { seq, hash: previousHash }, fault })
      if (event.seq !== seq + 1) return whole(`Event ${seq + 1} is missing.`)
      if (event.previousHash !== previousHash)
        return whole(`Event ${event.seq} does not follow on event ${seq}.`)
      if (event.hash !== eventHash({ ...event }))
        return whole(`Event ${event.seq} was changed after it was written.`)
      seq = event.seq
      previousHash = event.hash
      if (expected?.seq === seq) {
        if (expected.hash !== event.hash) return whole(`Event ${seq} is not the one of the checkpoint.`)
        meetsExpected = true
      }
    }
    if (events.length < EVENTS_AT_A_TIME) break
  }
  return {
    events: seq,
    head: seq === 0 ? null : { seq, hash: previousHash },
    fault: meetsExpected
      ? null
      : `The checkpoint names event ${expected?.seq}, but the events end at ${seq}.`,
  }
}
