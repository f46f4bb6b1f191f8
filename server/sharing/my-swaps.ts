import type { Executor } from '../../db/database.ts'
import type { MySwap, SharedFacts, WorkFacts } from '../contract/sharing.ts'
import type { Running } from './swap-loads.ts'

/** The swaps of one worker in open rounds, and those that were decided. */
export async function mySwaps(db: Executor, workerId: number): Promise<Running[]> {
  const rows = await db
    .selectFrom('swap as s')
    .innerJoin('round as r', 'r.id', 's.roundId')
    .innerJoin('shareLine as f', 'f.id', 's.firstLineId')
    .innerJoin('caseFile as fc', 'fc.id', 'f.caseId')
    .innerJoin('worker as fw', 'fw.id', 'f.workerId')
    .innerJoin('worker as sw', 'sw.id', 's.secondWorkerId')
    .leftJoin('shareLine as l', 'l.id', 's.secondLineId')
    .leftJoin('caseFile as lc', 'lc.id', 'l.caseId')
    .select([
      's.id',
      's.roundId',
      's.state',
      's.version',
      'r.status as roundStatus',
      'f.workerId as firstWorkerId',
      'fw.staffNumber as firstNumber',
      'fw.name as firstName',
      'fc.caseNumber as firstCase',
      'f.facts as firstFacts',
      'sw.staffNumber as secondNumber',
      'sw.name as secondName',
      'lc.caseNumber as secondCase',
      'l.facts as secondFacts',
    ])
    .where(eb => eb.or([eb('f.workerId', '=', workerId), eb('s.secondWorkerId', '=', workerId)]))
    .orderBy('s.id', 'desc')
    .limit(50)
    .execute()
  return rows.map(row => {
    const mine = row.firstWorkerId === workerId
    // What a colleague showed for a swap is theirs again once it is off.
    const ended = row.roundStatus !== 'open' && row.state !== 'confirmed'
    const off = ended || row.state === 'refused' || row.state === 'withdrawn'
    const first = off && !mine ? null : { caseNumber: row.firstCase, facts: workOf(row.firstFacts) }
    const second =
      row.secondCase !== null && row.secondFacts !== null && !(off && mine)
        ? { caseNumber: row.secondCase, facts: workOf(row.secondFacts) }
        : null
    const swap: MySwap = {
      id: row.id,
      state: row.state,
      mine,
      colleague: mine
        ? { staffNumber: row.secondNumber, name: row.secondName }
        : { staffNumber: row.firstNumber, name: row.firstName },
      give: mine ? first : second,
      get: mine ? second : first,
      load: null,
      version: row.version,
    }
    return { swap, roundId: row.roundId }
  })
}

/** The work without the person: load and wishes of a colleague stay out of a swap. */
export function workOf(facts: SharedFacts): WorkFacts {
  const { measures, phase, children, factors, urgency, municipality, hours, duo, startOn } = facts
  return { measures, phase, children, factors, urgency, municipality, hours, duo, startOn }
}
