import type { Tx } from '../../db/database.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { CaseDetail, CaseInput } from '../contract/cases.ts'
import { aboutCase, record } from '../events/record.ts'

import { type Call, Refusal, staleVersion } from '../http/call.ts'
import { requireIn } from '../http/rights.ts'
import { caseScope } from '../weighing/case-rows.ts'
import type { CaseFacts } from '../weighing/facts.ts'
import { familyIds } from '../weighing/families.ts'
import { reweighWithEvents } from '../weighing/hours.ts'
import { caseDetail, visibleCase } from './detail.ts'

/** What every change of a case gets along. */
export type Change = Pick<Call<'POST /cases'>, 'db' | 'user' | 'locale' | 'today' | 'now'>

/**
 * Locks the case for this change. 404 outside the reader's teams (an own seat gives no right to change), 403 without the
 * right to do this in its team, 412 when changed since it was read, 409 when it is closed.
 */
export async function openCaseForChange(
  call: Change,
  caseNumber: string,
  version: number,
  action: 'case.write' | 'case.exclude' | 'case.allocate',
): Promise<CaseFacts> {
  const facts = await caseForChange(call, caseNumber, version, action)
  if (facts.closedOn !== null) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} is afgesloten op ${dayText(facts.closedOn, 'nl')}. Een afgesloten zaak verandert niet meer.`,
      en: `Case ${caseNumber} was closed on ${dayText(facts.closedOn, 'en')}. A closed case can no longer be changed.`,
    })
  }
  return facts
}

/** As `openCaseForChange`, for what may change of a closed case too. */
export async function caseForChange(
  call: Change,
  caseNumber: string,
  version: number,
  action: 'case.write' | 'case.exclude' | 'case.allocate',
): Promise<CaseFacts> {
  const scope = { teamIds: caseScope(call.user).teamIds, workerId: null }
  const { id } = await visibleCase(call.db, caseNumber, call, scope)
  await call.db.selectFrom('caseFile').select('id').where('id', '=', id).forUpdate().execute()
  // Read again: what held before the lock may have changed while we waited for it.
  const facts = await visibleCase(call.db, caseNumber, call, scope)
  requireIn(call.user, action, facts.teamId)
  if (facts.version !== version) throw staleVersion(facts.version)
  return facts
}

/**
 * Sets the weight of a case by hand because people agreed on it elsewhere: in an answer, or after weighing together. Takes
 * the newest version; refused like every change to a case.
 */
export async function setWeightByHand(
  call: Change,
  caseNumber: string,
  hours: number,
  reason: string,
): Promise<void> {
  const { db: tx, user } = call
  const row = await tx
    .selectFrom('caseFile')
    .select('version')
    .where('organisationId', '=', user.organisationId)
    .where('caseNumber', '=', caseNumber)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const before = await openCaseForChange(call, caseNumber, row.version, 'case.write')
  await tx
    .updateTable('caseFile')
    .set({ weightOverrideHours: hours, weightOverrideReason: reason, weightOverrideSecond: null })
    .where('id', '=', before.id)
    .execute()
  record(call, aboutCase(before), 'case.weightSet', { hours })
  await changed(call, before)
}

/** The end of every change: a new version, the hours of its seats, and the case as it now is. */
export async function changed(call: Change, before: CaseFacts): Promise<CaseDetail> {
  await touch(call, before)
  return caseDetail(call.db, await visibleCase(call.db, before.caseNumber, call), call)
}

/** A new version of the case, and the hours of its seats. */
export async function touch(
  { db: tx, user, today, now }: Pick<Change, 'db' | 'user' | 'today' | 'now'>,
  before: Pick<CaseFacts, 'id'>,
): Promise<void> {
  await tx
    .updateTable('caseFile')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', '=', before.id)
    .execute()
  await reweighWithEvents(
    tx,
    { organisationId: user.organisationId, on: today, caseIds: [before.id] },
    { actor: user, now },
  )
}

export function inOpenRound(facts: Pick<CaseFacts, 'caseNumber' | 'openRoundId'>): Refusal {
  return new Refusal(409, {
    nl: `Zaak ${facts.caseNumber} zit in open verdeelronde ${facts.openRoundId}. Stel die ronde eerst vast of annuleer die.`,
    en: `Case ${facts.caseNumber} is in open round ${facts.openRoundId}. Confirm or cancel that round first.`,
  })
}

/** Frees every seat on this day; one that was still to start never starts. Returns how many. */
export async function endSeats(tx: Tx, caseId: number, day: string): Promise<number> {
  const ended = await tx
    .updateTable('allocation')
    .set(eb => ({ endsOn: eb.fn<string>('greatest', ['startsOn', eb.cast<string>(eb.val(day), 'date')]) }))
    .where('caseId', '=', caseId)
    .where(eb => eb.or([eb('endsOn', 'is', null), eb('endsOn', '>', day)]))
    .returning('id')
    .execute()
  return ended.length
}

export async function columnsOf(tx: Tx, organisationId: number, input: CaseInput) {
  const { familyNumber } = input
  const families = await familyIds(tx, organisationId, familyNumber === null ? [] : [familyNumber])
  return {
    teamId: input.teamId,
    familyId: familyNumber === null ? null : families.get(familyNumber)!,
    phase: input.phase,
    children: input.children,
    urgency: input.urgency,
    receivedOn: input.receivedOn,
    municipalityCode: input.municipality,
    duoNeeded: input.duoNeeded,
  }
}

export async function writeLists(
  tx: Tx,
  caseId: number,
  input: CaseInput,
  formerWorkerIds: readonly number[],
): Promise<void> {
  for (const table of ['caseMeasure', 'caseHasFactor', 'caseCompetence'] as const) {
    await tx.deleteFrom(table).where('caseId', '=', caseId).execute()
  }
  if (input.measures.length > 0) {
    const rows = input.measures.map(({ measure, startOn, endOn }) => ({
      caseId,
      measureCode: measure,
      startOn,
      endOn,
    }))
    await tx.insertInto('caseMeasure').values(rows).execute()
  }
  if (input.factors.length > 0) {
    const rows = input.factors.map(factorCode => ({ caseId, factorCode }))
    await tx.insertInto('caseHasFactor').values(rows).execute()
  }
  if (input.methods) {
    await tx.deleteFrom('caseMethod').where('caseId', '=', caseId).execute()
    const rows = input.methods.map(methodCode => ({ caseId, methodCode }))
    if (rows.length > 0) await tx.insertInto('caseMethod').values(rows).execute()
  }
  if (input.competences.length > 0) {
    const rows = input.competences.map(({ competence, seat = null, ...rest }) => ({
      caseId,
      competenceCode: competence,
      seat,
      ...rest,
    }))
    await tx.insertInto('caseCompetence').values(rows).execute()
  }
  // Rows that stay keep the day until which somebody had the case; the form does not know that day.
  let gone = tx.deleteFrom('caseFormerWorker').where('caseId', '=', caseId)
  if (formerWorkerIds.length > 0) gone = gone.where('workerId', 'not in', [...formerWorkerIds])
  await gone.execute()
  if (formerWorkerIds.length > 0) {
    await tx
      .insertInto('caseFormerWorker')
      .values(formerWorkerIds.map(workerId => ({ caseId, workerId, untilOn: null })))
      .onConflict(conflict => conflict.doNothing())
      .execute()
  }
}
