import type { Executor } from '../../db/database.ts'
import type { SignedIn } from '../http/call.ts'
import type { CaseFacts } from '../weighing/facts.ts'

/** Who has the case today, and who leads its team, may speak about its course. */
export async function courseRights(
  db: Executor,
  facts: Pick<CaseFacts, 'id' | 'teamId'>,
  user: SignedIn,
  today: string,
): Promise<{ answer: boolean; decide: boolean }> {
  const decide = user.mayIn('dormancy.decide', facts.teamId)
  if (decide || user.mayIn('phase.answer', facts.teamId)) return { answer: true, decide }
  if (user.workerId === null || !user.may('phase.answer')) return { answer: false, decide }
  const seat = await db
    .selectFrom('heldSeat')
    .select('id')
    .where('caseId', '=', facts.id)
    .where('workerId', '=', user.workerId)
    .where('startsOn', '<=', today)
    .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', today)]))
    .executeTakeFirst()
  return { answer: seat !== undefined, decide }
}
