import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { TakenSeat } from '../../solver/rules/rules.ts'
import type { Approval } from '../contract/sharing.ts'
import { append, sealMotives } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { codeNames } from '../rulebook/queries.ts'
import { viewDraft } from './draft-view.ts'
import { excessesOf, excessState, highestShare } from './excess.ts'
import { namesOf } from './names.ts'
import { findRound, type Round } from './rounds.ts'
import { type RoundState, readState, seatsToday } from './state.ts'
import { takenAfter } from './together.ts'

/** A choice above the limit, by row ids and the names that a message tells. */
export interface ExcessChoice {
  id: number
  caseNumber: string
  workerId: number
  workerName: string
  workerTeamId: number
}

/** Records that a choice needs a second pair of eyes, and asks for it when its author lacks the right. */
export async function askApproval(
  call: { db: Tx; user: SignedIn; now: Date },
  round: Round,
  choice: ExcessChoice,
  /** Of an author with the right: the share of the norm that the choice comes to, up to which it holds. */
  agreed: number | null,
): Promise<void> {
  const { db: tx, now } = call
  const authorHasRight = agreed !== null
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
      upTo: agreed,
    })
    .execute()
  if (authorHasRight) return
  await askLeads(call, round, choice)
}

/** Asks those with the right over this worker for a second pair of eyes. */
async function askLeads(
  { db: tx, user, now }: { db: Tx; user: SignedIn; now: Date },
  round: Round,
  choice: ExcessChoice,
): Promise<void> {
  const leads = await teamPeople(tx, [choice.workerTeamId], ['lead'])
  await tell(tx, {
    organisationId: round.organisationId,
    userIds: leads.filter(id => id !== user.id),
    kind: 'approval.asked',
    data: { round: round.id, case: choice.caseNumber, worker: choice.workerName, by: user.name },
    at: now,
  })
}

/**
 * Asks again where a change of the round lifts somebody above the figure that was agreed to. `before` and `after` are the seats
 * of the draft; what rises by anything else than the round is asked again too, and shows where approvals are given.
 */
export async function askAgain(
  call: { db: Tx; user: SignedIn; now: Date },
  state: RoundState,
  before: readonly TakenSeat[],
  after: readonly TakenSeat[],
): Promise<void> {
  const { problem } = state.now
  const excesses = await excessesOf(call.db, state.round.id)
  for (const choice of state.choices) {
    const excess = excesses.get(choice.id)
    const worker = state.workers.find(one => one.id === choice.workerId)
    if (!excess || !worker) continue
    const at = (taken: readonly TakenSeat[]) =>
      excessState(excess, highestShare(problem, taken, worker.staffNumber))
    if (at(after) !== 'lapsed' || at(before) === 'lapsed') continue
    const { id, caseNumber } = choice
    await askLeads(call, state.round, {
      id,
      caseNumber,
      workerId: worker.id,
      workerName: worker.name,
      workerTeamId: worker.teamId,
    })
  }
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
      'a.upTo',
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
  const judged = rows.filter(row => row.state !== 'refused').map(row => row.roundId)
  const drafts = await plansOf(db, user, [...new Set(judged)], today)
  return rows
    .map(({ staffNumber, name, teamId, createdBy, authorHasRight, ...row }): Approval => {
      const draft = drafts.get(`${row.roundId} ${staffNumber}`)
      const lapsed = excessState(row, draft?.figure ?? null) === 'lapsed'
      const state = lapsed ? 'pending' : row.state
      return {
        ...row,
        state,
        lapsed,
        figure: draft?.figure ?? null,
        load: (state === 'pending' && draft?.load) || null,
        worker: { staffNumber, name },
        askedAt: row.askedAt.toISOString(),
        decidedAt: row.decidedAt?.toISOString() ?? null,
        mayDecide: state === 'pending' && mayApprove(user, { createdBy, authorHasRight, teamId, lapsed }),
      }
    })
    .sort((a, b) => Number(a.state !== 'pending') - Number(b.state !== 'pending'))
}

/** What the drafts of these rounds, on today's tables, come to for whom they give something: by 'round staff number'. */
async function plansOf(
  db: Executor,
  user: SignedIn,
  roundIds: readonly number[],
  today: string,
): Promise<Map<string, { load: Approval['load']; figure: number | null }>> {
  const found = new Map<string, { load: Approval['load']; figure: number | null }>()
  for (const id of roundIds) {
    const state = await readState(db, await findRound(db, user, id), today)
    const seats = seatsToday(state)
    const { problem } = state.now
    const { lines } = viewDraft(problem, seats, namesOf(state), 'nl', await codeNames(db))
    const { hardLimit } = problem.policy
    const taken = takenAfter(seats, [])
    for (const { worker, before, after } of lines) {
      if (!worker || !before || !after) continue
      found.set(`${id} ${worker.staffNumber}`, {
        load: { before, after, hardLimit },
        figure: highestShare(problem, taken, worker.staffNumber),
      })
    }
  }
  return found
}

function mayApprove(
  user: SignedIn,
  of: { createdBy: number | null; authorHasRight: boolean; teamId: number; lapsed: boolean },
): boolean {
  if (of.createdBy === user.id) return false
  // What the author agreed to does not cover a higher figure.
  const covered = of.authorHasRight && !of.lapsed
  return user.mayIn('limit.exceed', of.teamId) || (covered && user.mayIn('round.settle', of.teamId))
}

/** How many choices above the limit wait for this person to approve or refuse them. */
export async function approvalsToDecide(db: Executor, user: SignedIn, today: string): Promise<number> {
  return (await approvals(db, user, today)).filter(one => one.mayDecide).length
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
      en: `This has already been decided by ${asked.decidedBy ?? 'a colleague'}.`,
    })
  }
  if (!asked.mayDecide) {
    throw new Refusal(403, {
      nl: 'Boven de harde grens kijkt iemand anders mee dan wie koos, met het recht om boven de grens te gaan.',
      en: 'Above the hard limit, somebody other than the one who chose must check it, with the right to go above it.',
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
      ...(body.approve && { upTo: asked.figure }),
      // The figure rose above what its author agreed to: the excess is now the decision of who approves it.
      ...(asked.lapsed && { authorHasRight: false }),
    })
    .where('choiceId', '=', params.id)
    .execute()
  const round = await tx
    .selectFrom('roundTeam as t')
    .innerJoin('team', 'team.id', 't.teamId')
    .select(['team.id', 'team.name'])
    .where('t.roundId', '=', asked.roundId)
    .execute()
  append(tx, {
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
      upTo: asked.figure,
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
    kind: body.approve ? 'approval.approved' : 'approval.refused',
    data: { round: asked.roundId, case: asked.caseNumber },
    at: now,
  })
  return approvals(tx, user, call.today)
}
