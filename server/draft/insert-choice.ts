import { type Insertable, sql } from 'kysely'
import type { Tx } from '../../db/database.ts'
import type { ChoiceTable } from '../../db/schema.ts'
import type { SignedIn } from '../http/call.ts'
import { askApproval } from './approvals.ts'
import type { Round } from './rounds.ts'

/** A person's draft line on top of the proposal, as it is stored. */
export type NewChoice = Omit<Insertable<ChoiceTable>, 'roundId' | 'createdBy' | 'createdAt'> & {
  caseNumber: string
}

/** Whose load a choice lifts above the hard limit. `agreed`: the share of the norm that its maker may agree to; null: may not. */
export interface Excess {
  worker: { id: number; name: string; teamId: number }
  agreed: number | null
}

/**
 * Stores one choice, and asks for approval where it lifts somebody above the hard limit. What it replaces was withdrawn by
 * the caller, who also appends the event and gives the round its new version. Gives its number.
 */
export async function insertChoice(
  call: { db: Tx; user: SignedIn; now: Date },
  round: Round,
  { caseNumber, ...choice }: NewChoice,
  excess: Excess | null,
): Promise<number> {
  const { db: tx, user, now } = call
  const { id } = await tx
    .insertInto('choice')
    .values({ ...choice, roundId: round.id, createdBy: user.id, createdAt: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (excess) {
    const { worker, agreed } = excess
    await askApproval(
      call,
      round,
      { id, caseNumber, workerId: worker.id, workerName: worker.name, workerTeamId: worker.teamId },
      agreed,
    )
  }
  return id
}

/** The proposal, or a later choice, decides their seats again. */
export async function withdrawChoices(tx: Tx, ids: readonly number[], now: Date): Promise<void> {
  await tx
    .updateTable('choice')
    .set({ withdrawnAt: now })
    .where('id', '=', sql<number>`any(${[...ids]}::int[])`)
    .execute()
}
