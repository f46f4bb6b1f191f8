import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { Approval } from '../contract/sharing.ts'
import { append, sealMotives } from '../events.ts'
import { type Call, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { namesOf } from '../rounds/detail.ts'
import { viewPlan } from '../rounds/plan.ts'
import { findRound, type Round } from '../rounds/queries.ts'
import { teamOf } from '../rounds/runs.ts'
import { readState } from '../rounds/state.ts'
import { codeNames } from '../rulebook/queries.ts'

/** A choice above the hard limit, as far as its second pair of eyes is concerned. */
export interface Excess {
  authorId: number | null
  /** The author holds the right to go above the limit; then anybody else who may settle is enough. */
  authorHasRight: boolean
  state: 'pending' | 'approved' | 'refused'
  decidedBy: number | null
}

/**
 * Above the hard limit two people decide, one of them with the right to: who chose, and who approves. Who settles a choice of
 * a colleague with that right is the second one.
 */
export function seenByTwo(excess: Excess, settlerId: number): boolean {
  if (excess.state !== 'pending') return excess.state === 'approved'
  return excess.authorHasRight && excess.authorId !== settlerId
}

/** The person whose decision the excess is. */
export function excessDecider(excess: Excess): number | null {
  return excess.authorHasRight || excess.decidedBy === null ? excess.authorId : excess.decidedBy
}

/** By choice id; of the standing choices of a round that accept load above the limit. */
export async function excessesOf(db: Executor, roundId: number): Promise<Map<number, Excess>> {
  const rows = await db
    .selectFrom('choice as h')
    .leftJoin('approval as a', 'a.choiceId', 'h.id')
    .select(['h.id', 'h.createdBy as authorId', 'a.authorHasRight', 'a.state', 'a.decidedBy'])
    .where('h.roundId', '=', roundId)
    .where('h.withdrawnAt', 'is', null)
    .where('h.acceptsExcess', '=', true)
    .execute()
  return new Map(
    rows.map(({ id, authorId, authorHasRight, state, decidedBy }) => [
      id,
      { authorId, authorHasRight: authorHasRight ?? true, state: state ?? 'pending', decidedBy },
    ]),
  )
}

/** Records that a choice needs a second pair of eyes, and asks for it when its author lacks the right. */
export async function askApproval(
  call: { db: Tx; user: SignedIn; now: Date },
  round: Round,
  choice: { id: number; caseNumber: string; workerId: number; workerName: string; workerTeamId: number },
  authorHasRight: boolean,
): Promise<void> {
  const { db: tx, user, now } = call
  await tx
    .insertInto('approval')
    .values({
      choiceId: choice.id,
      roundId: round.id,
      workerId: choice.workerId,
      authorHasRight,
      reasonText: null,
      salt: null,
      decidedBy: null,
      decidedAt: null,
      askedAt: now,
    })
    .execute()
  if (authorHasRight) return
  const leads = await teamPeople(tx, [choice.workerTeamId], ['lead'])
  await tell(tx, {
    organisationId: round.organisationId,
    userIds: leads.filter(id => id !== user.id),
    kind: 'approval.asked',
    data: { round: round.id, case: choice.caseNumber, worker: choice.workerName, by: user.name },
    at: now,
  })
}

/** Choices above the limit in open rounds of this person's teams: those that wait first. */
export async function approvals(db: Executor, user: SignedIn, today: string): Promise<Approval[]> {
  const rows = await db
    .selectFrom('approval as a')
    .innerJoin('choice as h', 'h.id', 'a.choiceId')
    .innerJoin('round as r', 'r.id', 'a.roundId')
    .innerJoin('caseFile as c', 'c.id', 'h.caseId')
    .innerJoin('worker as w', 'w.id', 'a.workerId')
    .leftJoin('userAccount as u', 'u.id', 'h.createdBy')
    .leftJoin('userAccount as d', 'd.id', 'a.decidedBy')
    .select([
      'a.choiceId as id',
      'a.roundId',
      'a.state',
      'a.askedAt',
      'a.decidedAt',
      'a.reasonText as decisionText',
      'a.authorHasRight',
      'h.createdBy',
      'h.seat',
      'h.reasonCode',
      'h.reasonText',
      'c.caseNumber',
      'w.staffNumber',
      'w.name',
      'w.teamId',
      'u.name as askedBy',
      'd.name as decidedBy',
    ])
    .where('r.organisationId', '=', user.organisationId)
    .where('r.status', '=', 'open')
    .where('h.withdrawnAt', 'is', null)
    .where(
      sql<boolean>`exists (select 1 from round_team rt where rt.round_id = a.round_id
        and rt.team_id = any(${[...user.teamsFor('round.choose')]}::int[]))`,
    )
    .orderBy(sql`a.state <> 'pending'`)
    .orderBy('a.choiceId', 'desc')
    .limit(200)
    .execute()
  const pending = rows.filter(row => row.state === 'pending').map(row => row.roundId)
  const loads = await loadsOf(db, user, [...new Set(pending)], today)
  return rows.map(({ staffNumber, name, teamId, createdBy, authorHasRight, ...row }) => ({
    ...row,
    load: (row.state === 'pending' && loads.get(`${row.roundId} ${staffNumber}`)) || null,
    worker: { staffNumber, name },
    askedAt: row.askedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    mayDecide: row.state === 'pending' && mayApprove(user, { createdBy, authorHasRight, teamId }),
  }))
}

/** What the plans of these rounds do to whom they give something above the limit: by 'round staff number'. */
async function loadsOf(
  db: Executor,
  user: SignedIn,
  roundIds: readonly number[],
  today: string,
): Promise<Map<string, Approval['load']>> {
  const found = new Map<string, Approval['load']>()
  for (const id of roundIds) {
    const state = await readState(db, await findRound(db, user, id), today)
    const { lines } = viewPlan(state.shown, state.seats, namesOf(state), 'nl', await codeNames(db))
    const { hardLimit } = state.shown.policy
    for (const { worker, before, after } of lines) {
      if (worker && before && after) found.set(`${id} ${worker.staffNumber}`, { before, after, hardLimit })
    }
  }
  return found
}

function mayApprove(
  user: SignedIn,
  of: { createdBy: number | null; authorHasRight: boolean; teamId: number },
): boolean {
  if (of.createdBy === user.id) return false
  return user.mayIn('limit.exceed', of.teamId) || (of.authorHasRight && user.mayIn('round.settle', of.teamId))
}

/** The second pair of eyes decides. Throws 403 for the author and for who lacks the right, 409 when it was decided. */
export async function decideApproval(call: Call<'POST /approvals/:id/verdict'>): Promise<Approval[]> {
  const { db: tx, user, params, body, now } = call
  // The round first, as who settles it or withdraws the choice does: what is settled is approved no more.
  await sql`select id from round where id = (select round_id from approval where choice_id = ${params.id}) for share`.execute(
    tx,
  )
  await tx.selectFrom('approval').select('choiceId').where('choiceId', '=', params.id).forUpdate().execute()
  const asked = (await approvals(tx, user, call.today)).find(one => one.id === params.id)
  if (!asked) throw notFound({ nl: 'Deze goedkeuring', en: 'This approval' })
  if (asked.state !== 'pending') {
    throw new Refusal(409, {
      nl: `Hierover is al besloten door ${asked.decidedBy ?? 'een collega'}.`,
      en: `This was decided already by ${asked.decidedBy ?? 'a colleague'}.`,
    })
  }
  if (!asked.mayDecide) {
    throw new Refusal(403, {
      nl: 'Boven de harde grens kijkt iemand anders mee dan wie koos, met het recht om boven de grens te gaan.',
      en: 'Above the hard limit the second pair of eyes is somebody else than who chose, with the right to go above it.',
    })
  }
  const reasonText = body.reasonText?.trim() || null
  if (!body.approve && reasonText === null) {
    throw new Refusal(
      422,
      { nl: 'Geef een reden bij de afwijzing.', en: 'Give a reason for the refusal.' },
      {
        errors: [
          {
            field: 'reasonText',
            message:
              call.locale === 'nl' ? 'Geef een reden bij de afwijzing.' : 'Give a reason for the refusal.',
          },
        ],
      },
    )
  }
  const { salt, hashes } = sealMotives({ reasonText, unregisteredReason: null })
  await tx
    .updateTable('approval')
    .set({
      state: body.approve ? 'approved' : 'refused',
      decidedBy: user.id,
      decidedAt: now,
      reasonText,
      salt,
    })
    .where('choiceId', '=', params.id)
    .execute()
  const round = await tx
    .selectFrom('roundTeam as t')
    .innerJoin('team', 'team.id', 't.teamId')
    .select(['team.id', 'team.name'])
    .where('t.roundId', '=', asked.roundId)
    .execute()
  await append(tx, {
    type: body.approve ? 'excess.approved' : 'excess.refused',
    actor: user,
    organisationId: user.organisationId,
    teamId: teamOf({ teams: round }),
    objectType: 'round',
    objectId: String(asked.roundId),
    data: {
      choice: params.id,
      case: asked.caseNumber,
      worker: asked.worker.staffNumber,
      reasonSha256: hashes.reasonSha256,
    },
    at: now,
  })
  const author = await tx
    .selectFrom('choice')
    .select('createdBy')
    .where('id', '=', params.id)
    .executeTakeFirstOrThrow()
  await tell(tx, {
    organisationId: user.organisationId,
    userIds: author.createdBy === null ? [] : [author.createdBy],
    kind: 'approval.decided',
    data: { round: asked.roundId, case: asked.caseNumber },
    at: now,
  })
  return approvals(tx, user, call.today)
}
