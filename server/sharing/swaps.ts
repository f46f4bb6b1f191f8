import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { MyProposals } from '../contract/sharing.ts'
import { teamsOf } from '../draft/rounds.ts'
import { aboutRound, record } from '../events/record.ts'

import { type Call, notFound, Refusal, staleVersion } from '../http/call.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { lockLine, myProposals, tooLate } from './answers.ts'

export const SWAP = { nl: 'Deze ruil', en: 'This swap' }

/**
 * A swap in three steps between two people, so that neither sees the other's case unasked: one offers a case, the other
 * gives one in return, the first agrees. Then the team confirms or refuses.
 */
export async function offerSwap(call: Call<'POST /mine/proposals/:id/swaps'>): Promise<MyProposals> {
  const { db: tx, user, params, body, now } = call
  const line = await lockLine(tx, user, params.id, now)
  if (line.closed !== null) throw tooLate(line.closed)
  const colleague = await tx
    .selectFrom('shareLine as l')
    .innerJoin('worker as w', 'w.id', 'l.workerId')
    .select(['w.id', 'w.staffNumber'])
    .where('l.roundId', '=', line.roundId)
    .where('w.staffNumber', '=', body.staffNumber)
    .where('w.id', '<>', user.workerId)
    .executeTakeFirst()
  if (!colleague) {
    throw new Refusal(422, {
      nl: 'Kies een collega die in dezelfde ronde een voorstel heeft.',
      en: 'Choose a colleague who has a proposal in the same round.',
    })
  }
  const standing = await tx
    .selectFrom('swap')
    .select('id')
    .where('firstLineId', '=', line.id)
    .where('state', 'in', ['offered', 'answered', 'agreed'])
    .executeTakeFirst()
  if (standing) {
    throw new Refusal(409, {
      nl: 'Voor deze zaak loopt al een ruilvoorstel. Trek dat eerst in.',
      en: 'A swap has already been proposed for this case. Withdraw it first.',
    })
  }
  await tx
    .insertInto('swap')
    .values({
      roundId: line.roundId,
      firstLineId: line.id,
      secondWorkerId: colleague.id,
      secondLineId: null,
      offeredAt: now,
      changedAt: now,
      decidedBy: null,
    })
    .execute()
  record(call, aboutRound({ id: line.roundId, teams: await teamsOf(tx, line.roundId) }), 'swap.offered', {
    worker: line.staffNumber,
    other: colleague.staffNumber,
  })
  await tell(tx, {
    organisationId: user.organisationId,
    workerIds: [colleague.id],
    kind: 'swap.offered',
    data: { round: line.roundId, worker: line.workerName },
    at: now,
  })
  return myProposals(tx, user, now)
}

/** One step of a swap by one of its two workers. Throws 409 when it is not theirs to do now. */
export async function moveSwap(call: Call<'POST /mine/swaps/:id/moves'>): Promise<MyProposals> {
  const { db: tx, user, params, body, now } = call
  await sql`select id from round where id = (select round_id from swap where id = ${params.id}) for share`.execute(
    tx,
  )
  const swap = await lockSwap(tx, params.id)
  const isFirst = swap?.firstWorkerId === user.workerId
  if (!swap || user.workerId === null || (!isFirst && swap.secondWorkerId !== user.workerId)) {
    throw notFound(SWAP)
  }
  if (swap.version !== call.expectedVersion) throw staleVersion(swap.version)
  const next = nextState(body.move, swap.state, isFirst)
  if (next === null || swap.roundStatus !== 'open') {
    throw new Refusal(409, {
      nl: 'Dit kan nu niet: de ruil is al verder, of de ronde is gesloten.',
      en: 'This is not possible now: the swap has moved on, or the round is closed.',
    })
  }
  let secondLineId = swap.secondLineId
  if (body.move === 'give') {
    const line = body.proposalId === null ? null : await lockLine(tx, user, body.proposalId, now)
    if (!line || line.roundId !== swap.roundId || line.caseId === swap.firstCaseId) {
      throw new Refusal(422, {
        nl: 'Kies een eigen voorstel uit dezelfde ronde om terug te geven.',
        en: 'Choose one of your own proposals from the same round to give in return.',
      })
    }
    if (line.closed !== null) throw tooLate(line.closed)
    secondLineId = line.id
  }
  await tx
    .updateTable('swap')
    .set({ state: next, secondLineId, changedAt: now, version: swap.version + 1 })
    .where('id', '=', swap.id)
    .execute()
  const teams = await teamsOf(tx, swap.roundId)
  record(call, aboutRound({ id: swap.roundId, teams }), `swap.${next}`, { swap: swap.id })
  const { organisationId } = user
  if (next === 'agreed') {
    await tell(tx, {
      organisationId,
      userIds: await teamPeople(
        tx,
        teams.map(team => team.id),
        ['intake'],
      ),
      kind: 'swap.agreed',
      data: { round: swap.roundId },
      at: now,
    })
  } else {
    await tell(tx, {
      organisationId,
      workerIds: [isFirst ? swap.secondWorkerId : swap.firstWorkerId],
      kind: 'swap.moved',
      data: { round: swap.roundId, worker: user.name },
      at: now,
    })
  }
  return myProposals(tx, user, now)
}

/** What a move makes of a swap; null: this person may not make it now. */
export function nextState(
  move: 'give' | 'decline' | 'agree' | 'withdraw',
  state: string,
  isFirst: boolean,
): 'answered' | 'refused' | 'agreed' | 'withdrawn' | null {
  const runs = state === 'offered' || state === 'answered' || state === 'agreed'
  switch (move) {
    case 'give':
      return !isFirst && state === 'offered' ? 'answered' : null
    case 'decline':
      return runs && !(isFirst && state === 'offered') ? 'refused' : null
    case 'agree':
      return isFirst && state === 'answered' ? 'agreed' : null
    case 'withdraw':
      return isFirst && runs ? 'withdrawn' : null
  }
}

export async function lockSwap(tx: Tx, id: number) {
  await tx.selectFrom('swap').select('id').where('id', '=', id).forUpdate().execute()
  return tx
    .selectFrom('swap as s')
    .innerJoin('round as r', 'r.id', 's.roundId')
    .innerJoin('shareLine as f', 'f.id', 's.firstLineId')
    .innerJoin('caseFile as fc', 'fc.id', 'f.caseId')
    .leftJoin('shareLine as l', 'l.id', 's.secondLineId')
    .leftJoin('caseFile as lc', 'lc.id', 'l.caseId')
    .select([
      's.id',
      's.roundId',
      's.state',
      's.version',
      's.secondWorkerId',
      's.secondLineId',
      'r.status as roundStatus',
      'f.workerId as firstWorkerId',
      'f.caseId as firstCaseId',
      'f.seat as firstSeat',
      'f.shareId',
      'fc.caseNumber as firstCase',
      'l.seat as secondSeat',
      'lc.caseNumber as secondCase',
    ])
    .where('s.id', '=', id)
    .executeTakeFirst()
}

/** A swap needs both cases in the round: it is off when one of these goes, and both people hear so. */
export async function endSwapsOf(
  tx: Tx,
  round: { id: number; organisationId: number },
  caseIds: readonly number[],
  now: Date,
): Promise<void> {
  const lines = tx
    .selectFrom('shareLine')
    .select('id')
    .where('roundId', '=', round.id)
    .where('caseId', 'in', [...caseIds])
  const ended = await tx
    .updateTable('swap')
    .set(eb => ({ state: 'withdrawn', changedAt: now, version: eb('version', '+', 1) }))
    .where('roundId', '=', round.id)
    .where('state', 'in', ['offered', 'answered', 'agreed'])
    .where(eb => eb.or([eb('firstLineId', 'in', lines), eb('secondLineId', 'in', lines)]))
    .returning(eb => [
      'secondWorkerId',
      eb
        .selectFrom('shareLine as l')
        .whereRef('l.id', '=', 'swap.firstLineId')
        .select('l.workerId')
        .as('firstWorkerId'),
    ])
    .execute()
  const workerIds = ended.flatMap(one => [one.secondWorkerId, one.firstWorkerId ?? one.secondWorkerId])
  if (workerIds.length === 0) return
  await tell(tx, {
    organisationId: round.organisationId,
    workerIds: [...new Set(workerIds)],
    kind: 'swap.refused',
    data: { round: round.id },
    at: now,
  })
}
