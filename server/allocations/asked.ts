import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { standingOn } from '../../db/standing.ts'
import { hundredths, seatHours } from '../../solver/problem/load.ts'
import { openCaseForChange, touch } from '../cases/write.ts'
import type { OutsideApproval } from '../contract/sharing.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Call, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { teamPeople, tell } from '../messages/write.ts'
import { caseFacts } from '../weighing/facts.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import { giveOutside, judgeOutside } from './outside.ts'
import { requireFree, singleCase, workerIn } from './single.ts'

const SHOWN = 200

/**
 * Asks somebody with the right to go above the hard limit to allocate this case, as in a round. Everything else is judged here already:
 * 422 where another rule stands in the way, or where the limit does not.
 */
export async function askOutside(
  call: Call<'POST /cases/:caseNumber/allocations/asking'>,
): Promise<{ id: number }> {
  const { db: tx, body, params, user, now } = call
  const facts = await openCaseForChange(call, params.caseNumber, call.expectedVersion, 'case.allocate')
  const judged = await judgeOutside(call, facts, { ...body, acceptsExcess: true }, true)
  if (judged.mayExceed || !judged.breaches.some(one => one.rule === 'hardLimit')) {
    throw new Refusal(422, {
      nl: 'Hiervoor is geen goedkeuring nodig. Deel de zaak zelf toe.',
      en: 'This needs no approval. Allocate the case yourself.',
    })
  }
  const { salt, hashes } = sealMotives(body)
  const { id } = await tx
    .insertInto('outsideApproval')
    .values({
      organisationId: user.organisationId,
      caseId: facts.id,
      workerId: judged.workerId,
      seat: body.seat,
      kind: body.kind,
      startOn: body.startOn,
      reasonCode: body.reasonCode ?? '',
      reasonText: body.reasonText,
      unregisteredReason: body.unregisteredReason,
      setAside: [...body.setAside],
      salt,
      askedBy: user.id,
      askedAt: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  append(tx, {
    type: 'case.excessAsked',
    actor: user,
    organisationId: user.organisationId,
    teamId: facts.teamId,
    objectType: 'case',
    objectId: facts.caseNumber,
    data: { worker: body.staffNumber, seat: body.seat, startOn: body.startOn, ...hashes },
    at: now,
  })
  await tell(tx, {
    organisationId: user.organisationId,
    userIds: (await teamPeople(tx, [judged.workerTeamId], ['lead'])).filter(one => one !== user.id),
    kind: 'approval.asked',
    data: { case: facts.caseNumber, worker: judged.workerName, by: user.name },
    at: now,
  })
  return { id }
}

/** What was asked about cases and workers of this person's teams: what waits first. */
export async function outsideApprovals(
  db: Executor,
  user: SignedIn,
  today: string,
): Promise<OutsideApproval[]> {
  const rows = await asked(db, user, today)
  const list: OutsideApproval[] = []
  for (const { caseId, staffNumber, name, workerTeamId, askedById, ...row } of rows) {
    list.push({
      ...row,
      worker: { staffNumber, name },
      askedAt: row.askedAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      load: row.state === 'pending' ? await loadWith(db, user, { ...row, caseId, staffNumber }, today) : null,
      mayDecide: row.state === 'pending' && mayDecide(user, { askedById, workerTeamId }),
    })
  }
  return list
}

/** How many of these wait for this person. */
export async function outsideToDecide(db: Executor, user: SignedIn, today: string): Promise<number> {
  return (await asked(db, user, today)).filter(row => row.state === 'pending' && mayDecide(user, row)).length
}

const mayDecide = (user: SignedIn, of: { askedById: number | null; workerTeamId: number }): boolean =>
  of.askedById !== user.id && user.mayIn('limit.exceed', of.workerTeamId)

async function asked(db: Executor, user: SignedIn, today: string) {
  const teamIds = [...user.teamsFor('case.allocate')]
  const rows = await db
    .selectFrom('outsideApproval as a')
    .innerJoin('caseFile as c', 'c.id', 'a.caseId')
    .innerJoin(standingOn(today), 's.caseId', 'c.id')
    .innerJoin('worker as w', 'w.id', 'a.workerId')
    .leftJoin('userAccount as u', 'u.id', 'a.askedBy')
    .leftJoin('userAccount as d', 'd.id', 'a.decidedBy')
    .where('a.organisationId', '=', user.organisationId)
    .where(sql<boolean>`(c.team_id = any(${teamIds}::int[]) or w.team_id = any(${teamIds}::int[]))`)
    .select([
      'a.id',
      'a.caseId',
      'a.seat',
      'a.kind',
      'a.startOn',
      'a.reasonCode',
      'a.reasonText',
      'a.askedAt',
      'a.state',
      'a.decisionText',
      'a.decidedAt',
      'a.askedBy as askedById',
      'c.caseNumber',
      'w.staffNumber',
      'w.name',
      'w.teamId as workerTeamId',
      'u.name as askedBy',
      'd.name as decidedBy',
      // Somebody has the seat by now, a round has the case in hand, or it is closed: there is nothing left to decide.
      sql<boolean>`(s.status in ('closed', 'in_round')
        or case a.seat when 'primary' then s.primary_worker_id else s.second_worker_id end is not null)`.as(
        'over',
      ),
    ])
    .orderBy(sql`a.state <> 'pending'`)
    .orderBy('a.id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map(({ over, state, ...row }) => ({
    ...row,
    state: state === 'pending' && over ? ('lapsed' as const) : state,
  }))
}

/** The load of the worker on the start date, by the tables as they are: without the case and with it. */
async function loadWith(
  db: Executor,
  user: SignedIn,
  of: { caseId: number; staffNumber: string; seat: 'primary' | 'second'; startOn: string },
  today: string,
): Promise<OutsideApproval['load']> {
  const { organisationId } = user
  const [facts] = await caseFacts(db, { organisationId, on: today, caseIds: [of.caseId] })
  if (!facts) return null
  const startOn = of.startOn < today ? today : of.startOn
  const { problem, case: theCase } = await singleCase(db, facts, startOn, { user, today })
  const worker = workerIn(problem, of.staffNumber)
  if (!worker) return null
  const point = (units: number) => ({
    hours: units / 100,
    workload: workloadOf(worker.normHours, units / 100),
    status: statusOf(problem.policy, worker.normHours, units / 100),
  })
  const before = hundredths(worker.hoursInUse)
  const after = before + seatHours(problem.policy, theCase, of.seat, worker)
  return { before: point(before), after: point(after), hardLimit: problem.policy.hardLimit }
}

/**
 * The second pair of eyes decides: approved, the case is allocated at once by the rules of this moment, as the decision of who approves.
 * Throws 403 for who asked and for who lacks the right, 409 when it was decided or is over, 422 where another rule stands in the way by now.
 */
export async function decideOutside(
  call: Call<'POST /approvals/outside/:id/verdict'>,
): Promise<OutsideApproval[]> {
  const { db: tx, user, params, body, today, now, locale } = call
  await tx.selectFrom('outsideApproval').select('id').where('id', '=', params.id).forUpdate().execute()
  const found = (await asked(tx, user, today)).find(one => one.id === params.id)
  if (!found) throw notFound({ nl: 'Deze goedkeuring', en: 'This approval' })
  if (found.state !== 'pending') {
    throw new Refusal(409, {
      nl: 'Hierover is al besloten, of de zaak is intussen toegedeeld.',
      en: 'This has already been decided, or the case has been allocated in the meantime.',
    })
  }
  if (!mayDecide(user, found)) {
    throw new Refusal(403, {
      nl: 'Boven de harde grens besluit iemand anders dan wie het vraagt, met het recht om boven de grens te gaan.',
      en: 'Above the hard limit, somebody other than the one who asks decides, with the right to go above it.',
    })
  }
  const decisionText = body.reasonText?.trim() || null
  if (!body.approve && decisionText === null) {
    const errors = new FieldErrors(locale)
    errors.add('reasonText', {
      nl: 'Geef een reden bij de afwijzing.',
      en: 'Give a reason for the refusal.',
    })
    errors.refuse()
  }
  if (body.approve) await giveAsked(call, params.id, found.caseId)
  const { salt, hashes } = sealMotives({ reasonText: decisionText, unregisteredReason: null })
  await tx
    .updateTable('outsideApproval')
    .set({
      state: body.approve ? 'approved' : 'refused',
      decisionText,
      decisionSalt: salt,
      decidedBy: user.id,
      decidedAt: now,
    })
    .where('id', '=', params.id)
    .execute()
  if (!body.approve) {
    const { teamId } = await tx
      .selectFrom('caseFile')
      .select('teamId')
      .where('id', '=', found.caseId)
      .executeTakeFirstOrThrow()
    append(tx, {
      type: 'case.excessRefused',
      actor: user,
      organisationId: user.organisationId,
      teamId,
      objectType: 'case',
      objectId: found.caseNumber,
      data: { worker: found.staffNumber, seat: found.seat, reasonSha256: hashes.reasonSha256 },
      at: now,
    })
  }
  await tell(tx, {
    organisationId: user.organisationId,
    userIds: found.askedById === null ? [] : [found.askedById],
    kind: body.approve ? 'approval.approved' : 'approval.refused',
    data: { case: found.caseNumber },
    at: now,
  })
  return outsideApprovals(tx, user, today)
}

async function giveAsked(
  call: Call<'POST /approvals/outside/:id/verdict'>,
  id: number,
  caseId: number,
): Promise<void> {
  const { db: tx, user, today } = call
  await lockCase(tx, caseId)
  const [facts] = await caseFacts(tx, {
    organisationId: user.organisationId,
    on: today,
    caseIds: [caseId],
  })
  if (!facts) throw notFound({ nl: 'Deze zaak', en: 'This case' })
  const row = await tx
    .selectFrom('outsideApproval as a')
    .innerJoin('worker as w', 'w.id', 'a.workerId')
    .where('a.id', '=', id)
    .select([
      'a.seat',
      'a.kind',
      'a.startOn',
      'a.reasonCode',
      'a.reasonText',
      'a.unregisteredReason',
      'a.setAside',
      'w.staffNumber',
    ])
    .executeTakeFirstOrThrow()
  requireFree(facts, row.seat)
  // A day that passed while it waited is today.
  const body = { ...row, startOn: row.startOn < today ? today : row.startOn, acceptsExcess: true }
  await giveOutside(call, facts, body, await judgeOutside(call, facts, body))
  await touch(call, facts)
}

async function lockCase(tx: Tx, id: number): Promise<void> {
  await tx.selectFrom('caseFile').select('id').where('id', '=', id).forUpdate().execute()
}
