import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { TO_ALLOCATE } from '../../db/standing.ts'
import { outsideToDecide } from '../allocations/asked.ts'
import type { Locale } from '../contract/common.ts'
import type { Counts } from '../contract/messages.ts'
import { mayDo } from '../contract/roles.ts'
import { approvalsToDecide } from '../draft/approvals.ts'
import { estimatesAsked } from '../estimates/queries.ts'
import type { Call, SignedIn } from '../http/call.ts'
import { unreadOf } from '../messages/unread.ts'
import { phasesToAnswer } from '../phases/course.ts'
import { myProposals } from '../sharing/answers.ts'
import { signalsOf } from '../signals/routes.ts'
import { caseScope } from '../weighing/case-rows.ts'
import { countedIn } from '../weighing/facts.ts'

/** How much waits for this person, in the places of the menu that are theirs. */
export async function countsOf(
  db: Executor,
  { user, now, today, locale }: Pick<Call<'GET /counts'>, 'user' | 'now' | 'today' | 'locale'>,
): Promise<Counts> {
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
    intake: may('case.write') ? await casesToAllocate(db, user, today) : null,
    signals: may('signal.handle') ? await openSignals(db, { user, today, locale }) : null,
    estimates: may('estimate.take') ? await estimatesAsked(db, user) : null,
    phases: may('phase.answer') ? await phasesToAnswer(db, user, today) : null,
  }
}

/** As the list of Instroom has them. */
async function casesToAllocate(db: Executor, user: SignedIn, today: string): Promise<number> {
  const scope = { teamIds: caseScope(user).teamIds, workerId: null }
  const { organisationId } = user
  return (await countedIn(db, { organisationId, scope, statuses: TO_ALLOCATE, on: today })).cases
}

async function openSignals(
  db: Executor,
  reader: { user: SignedIn; today: string; locale: Locale },
): Promise<number> {
  const signals = await signalsOf(db, { ...reader, teamIds: reader.user.teamsFor('signal.handle') })
  return signals.filter(one => one.state === 'open').length
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
