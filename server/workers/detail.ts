import type { Executor } from '../../db/database.ts'
import type { WorkerDetail } from '../contract/workers.ts'
import type { SignedIn } from '../http/call.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from '../weighing/case-rows.ts'
import { caseFacts } from '../weighing/facts.ts'
import { weigh } from '../weighing/weight.ts'
import { workerRows } from '../workload/rows.ts'
import type { WorkerRecord } from './queries.ts'

/**
 * Everything about one worker that this person may see, with the load on a day. An administrator keeps the record, and sees
 * no wishes, no cases and no decisions.
 */
export async function workerDetail(
  db: Executor,
  record: WorkerRecord,
  user: SignedIn,
  on: string,
): Promise<WorkerDetail> {
  const rows = await workerRows(db, { organisationId: user.organisationId, workerIds: [record.id], on })
  const row = rows.get(record.id)!
  const seesWork = user.workerId === record.id || user.mayIn('case.read', record.teamId)
  return {
    ...row,
    dutyHours: record.dutyHours,
    registrationFrom: record.registrationFrom,
    registrationUntil: record.registrationUntil,
    baseMunicipality: record.baseMunicipality,
    employedFrom: record.employedFrom,
    employedUntil: record.employedUntil,
    competenceLevels: record.competences,
    reductions: record.reductions,
    absences: record.absences,
    preferences: seesWork ? await preferencesOf(db, record.id) : null,
    mentor: seesWork ? await mentorOf(db, record.id) : null,
    cases: seesWork ? await casesOf(db, record.id, user.organisationId, on) : [],
    decisions: seesWork ? await decisionsOf(db, record.id) : [],
    version: record.version,
  }
}

async function mentorOf(db: Executor, workerId: number): Promise<WorkerDetail['mentor']> {
  const found = await db
    .selectFrom('worker as w')
    .innerJoin('worker as m', 'm.id', 'w.mentorId')
    .where('w.id', '=', workerId)
    .select(['m.staffNumber', 'm.name'])
    .executeTakeFirst()
  return found ?? null
}

async function preferencesOf(db: Executor, workerId: number) {
  return db
    .selectFrom('preference')
    .select(['kind', 'code', 'value', 'validUntil'])
    .where('workerId', '=', workerId)
    .orderBy('kind')
    .orderBy('code')
    .execute()
}

/** Seats that run on the day or start later, heaviest first. */
async function casesOf(
  db: Executor,
  workerId: number,
  organisationId: number,
  on: string,
): Promise<WorkerDetail['cases']> {
  const seats = await db
    .selectFrom('heldSeat')
    .select(['caseId', 'seat', 'hours', 'startsOn', 'endsOn'])
    .where('workerId', '=', workerId)
    .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', on)]))
    .orderBy('hours', 'desc')
    .orderBy('id')
    .execute()
  if (seats.length === 0) return []
  const facts = await caseFacts(db, { organisationId, on, caseIds: seats.map(seat => seat.caseId) })
  const byId = new Map(facts.map(one => [one.id, one]))
  const rulebook = await rulebookOn(db, organisationId, on)
  return seats.map(({ caseId, ...seat }) => {
    const one = byId.get(caseId)!
    return {
      ...seat,
      caseNumber: one.caseNumber,
      measures: one.measures.map(measure => measure.measure),
      phase: one.phase,
      children: one.children,
      heavy: weigh(weighableOn(one, on), rulebook).heavy,
    }
  })
}

async function decisionsOf(db: Executor, workerId: number): Promise<WorkerDetail['decisions']> {
  const rows = await db
    .selectFrom('decision as d')
    .innerJoin('caseFile as c', 'c.id', 'd.caseId')
    .leftJoin('allocation as a', 'a.decisionId', 'd.id')
    .leftJoin('userAccount as u', 'u.id', 'd.decidedBy')
    .where('d.workerId', '=', workerId)
    .select([
      'c.caseNumber',
      'd.seat',
      'd.kind',
      'a.startsOn',
      'u.name as decidedBy',
      'd.decidedAt',
      'd.reasonCode',
      'd.roundId',
      'd.withdrawnAt',
    ])
    .orderBy('d.id', 'desc')
    .limit(200)
    .execute()
  return rows.map(({ withdrawnAt, ...row }) => ({
    ...row,
    kind: withdrawnAt === null ? row.kind : 'withdrawn',
    decidedAt: row.decidedAt.toISOString(),
  }))
}
