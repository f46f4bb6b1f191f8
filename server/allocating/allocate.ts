import { sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { DecisionTable } from '../../db/schema.ts'
import type { Seat } from '../../solver/problem/problem.ts'
import { sealMotives } from '../events/events.ts'
import type { SignedIn } from '../http/call.ts'
import { tell } from '../messages/write.ts'
import { planHours } from '../weighing/planned.ts'

/** What a person decided about one seat: who gets it, or that the case waits. */
export interface SeatDecision {
  caseId: number
  caseNumber: string
  seat: Seat
  kind: DecisionTable['kind']
  /** Null: the case waits. Hours per week, travel included. */
  taker: { workerId: number; startOn: string; hours: number } | null
  reasonCode: string | null
  reasonText: string | null
  unregisteredReason: string | null
  setAside: readonly string[]
  /** Lifts the taker above the hard limit, by this decision. */
  acceptsExcess: boolean
  /** Who answers for it; left out: who asks. */
  decidedBy?: number
  /** The day on which a case that waits is looked at again. */
  reviewOn?: string | null
  answer?: DecisionTable['answer']
  /** The round in which it was decided; left out: none. */
  inRound?: { id: number; proposalId: number | null; proposedWorkerId: number | null }
}

/** A decision as its event names it: what proves its motives. */
export interface SealedDecision {
  decision: number
  reasonSha256: string | null
  unregisteredSha256: string | null
}

/** Everybody whom a decision gives something queues here, so that two decisions at once see each other's hours. */
export async function lockWorkers(
  tx: Tx,
  organisationId: number,
  staffNumbers: readonly string[],
): Promise<{ id: number; staffNumber: string; teamId: number }[]> {
  return tx
    .selectFrom('worker')
    .select(['id', 'staffNumber', 'teamId'])
    .where('organisationId', '=', organisationId)
    .where('staffNumber', '=', sql<string>`any(${[...new Set(staffNumbers)]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/**
 * Writes what was decided, and is the only one that does: the decisions with their motives, the seats with the hours that
 * are planned for them, and the word to who gets them. The rules were judged by the caller, after `lockWorkers`; the event
 * and the new version of the cases are the caller's too. Gives the decisions in the order in which they were written.
 */
export async function allocate(
  { db: tx, user, today, now }: { db: Tx; user: SignedIn; today: string; now: Date },
  decisions: readonly SeatDecision[],
): Promise<SealedDecision[]> {
  const sealed: SealedDecision[] = []
  for (const one of inOrder(decisions)) {
    const decision = await insertDecision(tx, one, user, now)
    sealed.push(decision)
    if (!one.taker) continue
    const { workerId, startOn, hours } = one.taker
    await tx
      .insertInto('allocation')
      .values({
        caseId: one.caseId,
        workerId,
        seat: one.seat,
        startsOn: startOn,
        endsOn: null,
        agreedHours: hours,
        hours,
        origin: 'decision',
        decisionId: decision.decision,
        excessDecisionId: one.acceptsExcess ? decision.decision : null,
      })
      .execute()
    // Who asked for approval to give this seat asked about a case that nobody had. Should it wait again, that is another question.
    await tx
      .updateTable('outsideApproval')
      .set({ state: 'lapsed', decidedAt: now })
      .where('caseId', '=', one.caseId)
      .where('seat', '=', one.seat)
      .where('state', '=', 'pending')
      .execute()
    await tell(tx, {
      organisationId: user.organisationId,
      workerIds: [workerId],
      kind: 'case.assigned',
      data: { ...(one.inRound && { round: one.inRound.id }), case: one.caseNumber, startOn },
      at: now,
    })
  }
  // A case whose next phase or quiet time is planned takes that along to its new seat.
  const caseIds = [...new Set(decisions.filter(one => one.taker).map(one => one.caseId))]
  if (caseIds.length > 0) {
    await planHours(tx, { organisationId: user.organisationId, on: today, caseIds })
  }
  return sealed
}

/** Seats above the limit come after the others, since the database tests each row on those before it; waits come last. */
function inOrder(decisions: readonly SeatDecision[]): SeatDecision[] {
  const place = (one: SeatDecision) => (one.taker ? Number(one.acceptsExcess) : 2)
  return [...decisions].sort((a, b) => place(a) - place(b))
}

async function insertDecision(tx: Tx, one: SeatDecision, user: SignedIn, now: Date): Promise<SealedDecision> {
  const { salt, hashes } = sealMotives(one)
  const { id } = await tx
    .insertInto('decision')
    .values({
      roundId: one.inRound?.id ?? null,
      proposalId: one.inRound?.proposalId ?? null,
      caseId: one.caseId,
      seat: one.seat,
      kind: one.kind,
      workerId: one.taker?.workerId ?? null,
      proposedWorkerId: one.inRound?.proposedWorkerId ?? null,
      reasonCode: one.reasonCode,
      reasonText: one.reasonText,
      salt,
      unregisteredReason: one.unregisteredReason,
      setAside: [...one.setAside],
      acceptsExcess: one.acceptsExcess,
      reviewOn: one.reviewOn ?? null,
      decidedBy: one.decidedBy ?? user.id,
      decidedAt: now,
      answer: one.answer ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { decision: id, ...hashes }
}
