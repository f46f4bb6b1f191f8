import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { outsideToDecide } from '../allocations/asked.ts'
import type { Counts } from '../contract/messages.ts'
import { mayDo } from '../contract/roles.ts'
import { approvalsToDecide } from '../draft/approvals.ts'
import type { SignedIn } from '../http/call.ts'
import { unreadOf } from '../messages/unread.ts'
import { myProposals } from '../sharing/answers.ts'

/** How much waits for this person, in the places of the menu that are theirs. */
export async function countsOf(db: Executor, user: SignedIn, now: Date, today: string): Promise<Counts> {
  const may = (action: Parameters<typeof mayDo>[1]) => mayDo(user.roles, action)
  return {
    messages: await unreadOf(db, user.id),
    requests: may('request.read') ? await requestsToAnswer(db, user) : null,
    // Who settles is the second pair of eyes where the lead chose.
    approvals:
      may('limit.exceed') || may('round.settle')
        ? (await approvalsToDecide(db, user, today)) + (await outsideToDecide(db, user, today))
        : null,
    proposals: may('answer.own') ? await proposalsToAnswer(db, user, now) : null,
  }
}

/** Open requests that this person may answer: a weight may who writes cases, the rest the lead, and nobody the own. */
async function requestsToAnswer(db: Executor, user: SignedIn): Promise<number> {
  const { n } = await db
    .selectFrom('ownRequest')
    .where('organisationId', '=', user.organisationId)
    .where('status', '=', 'open')
    .where(
      sql<boolean>`(case when kind = 'weight' then team_id = any(${[...user.teamsFor('case.write')]}::int[])
        else team_id = any(${[...user.teamsFor('request.decide')]}::int[]) end)`,
    )
    .where('workerId', '<>', user.workerId ?? 0)
    .select(eb => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

async function proposalsToAnswer(db: Executor, user: SignedIn, now: Date): Promise<number> {
  const { proposals, swaps } = await myProposals(db, user, now, false)
  // Offered to me, or answered by the colleague whom I offered it to.
  const turn = swaps.filter(one => one.state === (one.mine ? 'answered' : 'offered'))
  return proposals.filter(one => one.open && one.answer === null).length + turn.length
}
