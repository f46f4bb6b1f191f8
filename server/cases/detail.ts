import type { Executor } from '../../db/database.ts'
import type { CaseDetail } from '../contract/cases.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import { notFound, type SignedIn } from '../http/call.ts'
import { catalogueNames, rulebookOn } from '../rulebook/queries.ts'
import { caseRow, caseScope, weighableOn } from '../weighing/case-rows.ts'
import { exclusionsOf } from '../weighing/exclusions-in-force.ts'
import { type CaseFacts, type CaseScope, caseFacts } from '../weighing/facts.ts'
import { termsOf } from '../weighing/terms.ts'
import { tasksOf } from '../weighing/waiting.ts'
import { weigh } from '../weighing/weight.ts'
import { courseRights } from './course-rights.ts'

export interface Reader {
  user: SignedIn
  locale: Locale
  today: string
}

/** The case with this number if this person may see it; 404 alike for what does not exist and what is out of scope. */
export async function visibleCase(
  db: Executor,
  caseNumber: string,
  { user, today }: Pick<Reader, 'user' | 'today'>,
  scope: CaseScope = caseScope(user),
): Promise<CaseFacts> {
  const [found] = await caseFacts(db, {
    organisationId: user.organisationId,
    on: today,
    scope,
    caseNumbers: [caseNumber],
  })
  if (!found) throw notFound({ nl: `Zaak ${caseNumber}`, en: `Case ${caseNumber}` })
  return found
}

/** Everything about one case that this person may see. */
export async function caseDetail(db: Executor, facts: CaseFacts, reader: Reader): Promise<CaseDetail> {
  const { user, today, locale } = reader
  const rulebook = await rulebookOn(db, user.organisationId, today)
  const weight = weigh(weighableOn(facts, today), rulebook, await catalogueNames(db, locale))
  const row = caseRow(facts, weight, today)
  const ofTeam = user.mayIn('case.read', facts.teamId)
  return {
    ...row,
    measureDates: facts.measures,
    methods: facts.methods,
    duoNeeded: facts.duoNeeded,
    weight,
    planOfAction: termsOf(facts, today).plan,
    contactMadeOn: facts.termsMet.firstContact ?? null,
    planMadeOn: facts.termsMet.plan ?? null,
    mayRecordTerms: facts.status !== 'closed' && (await courseRights(db, facts, user, today)).answer,
    // Workers see their own case, not which colleagues are kept away from it.
    exclusions: ofTeam
      ? await exclusionsOf(db, facts, {
          today,
          locale,
          withReason: user.mayIn('case.exclude', facts.teamId),
        })
      : [],
    tasks: ofTeam ? await tasksOf(db, { ...facts, organisationId: user.organisationId }) : [],
    allocations: await allocationsOf(db, facts.id),
    decisions: await decisionsOf(db, facts.id, ofTeam ? null : user.workerId),
    relatives: await relativesOf(db, facts, reader),
  }
}

async function allocationsOf(db: Executor, caseId: number): Promise<CaseDetail['allocations']> {
  const rows = await db
    .selectFrom('heldSeat as a')
    .innerJoin('worker as w', 'w.id', 'a.workerId')
    .where('a.caseId', '=', caseId)
    .select(['a.id', 'a.seat', 'w.staffNumber', 'w.name', 'a.startsOn', 'a.endsOn', 'a.hours'])
    .orderBy('a.startsOn', 'desc')
    .orderBy('a.seat')
    .orderBy('a.id')
    .execute()
  return rows.map(({ staffNumber, name, ...row }) => ({ ...row, worker: { staffNumber, name } }))
}

/** `onlyOf`: a worker reads the motives of decisions about themselves, not those about colleagues. */
async function decisionsOf(
  db: Executor,
  caseId: number,
  onlyOf: number | null,
): Promise<CaseDetail['decisions']> {
  let query = db
    .selectFrom('decision as d')
    .leftJoin('worker as w', 'w.id', 'd.workerId')
    .leftJoin('worker as p', 'p.id', 'd.proposedWorkerId')
    .leftJoin('userAccount as u', 'u.id', 'd.decidedBy')
    .where('d.caseId', '=', caseId)
    .select([
      'd.id',
      'd.kind',
      'd.seat',
      'd.reasonCode',
      'd.reasonText',
      'd.decidedAt',
      'd.withdrawnAt',
      'd.roundId',
      'u.name as decidedBy',
      'w.staffNumber as workerNumber',
      'w.name as workerName',
      'p.staffNumber as proposedNumber',
      'p.name as proposedName',
    ])
    .orderBy('d.id', 'desc')
  if (onlyOf !== null) query = query.where('d.workerId', '=', onlyOf)
  const rows = await query.execute()
  return rows.map(row => ({
    id: row.id,
    kind: row.withdrawnAt === null ? row.kind : 'withdrawn',
    seat: row.seat,
    worker: named(row.workerNumber, row.workerName),
    // Who else was proposed is between the team and the person it concerned.
    proposed: onlyOf === null ? named(row.proposedNumber, row.proposedName) : null,
    reasonCode: row.reasonCode,
    reasonText: row.reasonText,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt.toISOString(),
    roundId: row.roundId,
  }))
}

/**
 * Other cases of the family that this person may read. A family number opens nothing by itself: whoever types one of another
 * team sees no case of it.
 */
async function relativesOf(
  db: Executor,
  facts: CaseFacts,
  { user, today }: Reader,
): Promise<CaseDetail['relatives']> {
  if (facts.familyId === null) return []
  const ids = await db
    .selectFrom('caseFile')
    .select('id')
    .where('familyId', '=', facts.familyId)
    .where('id', '!=', facts.id)
    .execute()
  if (ids.length === 0) return []
  const relatives = await caseFacts(db, {
    organisationId: user.organisationId,
    on: today,
    caseIds: ids.map(one => one.id),
    scope: caseScope(user),
  })
  return relatives.map(one => ({ caseNumber: one.caseNumber, status: one.status, primary: one.primary }))
}

function named(staffNumber: string | null, name: string | null): WorkerName | null {
  return staffNumber === null || name === null ? null : { staffNumber, name }
}
