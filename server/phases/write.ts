import { sql } from 'kysely'
import type { Phase } from '../../solver/problem/problem.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import { courseRights } from '../cases/course-rights.ts'
import { visibleCase } from '../cases/detail.ts'
import type { Change } from '../cases/write.ts'
import { addDays } from '../contract/days.ts'
import type { CaseCourse } from '../contract/phases.ts'
import { aboutCase, record } from '../events/record.ts'
import { notFound, Refusal, staleVersion } from '../http/call.ts'
import type { FieldErrors } from '../http/field-errors.ts'
import { lacksRole } from '../http/rights.ts'
import type { CaseFacts } from '../weighing/facts.ts'
import { reweighWithEvents } from '../weighing/hours.ts'
import { caseCourse } from './course.ts'
import { nextPhase } from './proposals.ts'

/** How far ahead a day may be chosen. */
export const LONGEST_AHEAD_DAYS = 366

/**
 * Locks the case for a change of its course. 404 out of sight, 403 for who neither has it nor leads its team, 412 when
 * changed since it was read, 409 when it is closed.
 */
export async function openForCourse(call: Change, caseNumber: string, version: number) {
  const { db: tx, user, today } = call
  const { id } = await visibleCase(tx, caseNumber, call)
  await tx.selectFrom('caseFile').select('id').where('id', '=', id).forUpdate().execute()
  const facts = await visibleCase(tx, caseNumber, call)
  const rights = await courseRights(tx, facts, user, today)
  if (!rights.answer) {
    throw new Refusal(403, {
      nl: `Over het verloop van zaak ${caseNumber} gaan wie de zaak heeft en de teamleider.`,
      en: `The course of case ${caseNumber} is up to whoever has the case and the team lead.`,
    })
  }
  if (facts.version !== version) throw staleVersion(facts.version)
  if (facts.closedOn !== null) {
    throw new Refusal(409, {
      nl: `Zaak ${caseNumber} is afgesloten op ${dayText(facts.closedOn, 'nl')}. Een afgesloten zaak verandert niet meer.`,
      en: `Case ${caseNumber} was closed on ${dayText(facts.closedOn, 'en')}. A closed case can no longer be changed.`,
    })
  }
  return { facts, rights }
}

/** Refuses a day before today or more than a year ahead; `field` names it. */
export function checkDay(
  errors: FieldErrors,
  field: string,
  day: string | null,
  first: string,
  today: string,
) {
  const last = addDays(today, LONGEST_AHEAD_DAYS)
  if (day !== null && day >= first && day <= last) return
  errors.add(
    field,
    {
      nl: `Kies een dag van ${dayText(first, 'nl')} tot en met ${dayText(last, 'nl')}.`,
      en: `Choose a day from ${dayText(first, 'en')} up to ${dayText(last, 'en')}.`,
    },
    day,
  )
}

/**
 * Lets the next phase of a case begin on a day: today it changes at once, later it is planned. Hours of the seats and what
 * is known of days to come follow. 409 when the case is in another phase than was shown.
 */
export async function beginPhase(call: Change, facts: CaseFacts, to: Phase, fromOn: string): Promise<void> {
  const { db: tx, today } = call
  if (nextPhase(facts.phase) !== to) {
    throw new Refusal(409, {
      nl: `Zaak ${facts.caseNumber} is intussen in een andere fase. Bekijk de zaak opnieuw.`,
      en: `Case ${facts.caseNumber} is in another phase by now. View the case again.`,
    })
  }
  if (fromOn === today) {
    await tx.updateTable('caseFile').set({ phase: to }).where('id', '=', facts.id).execute()
    record(call, aboutCase(facts), 'case.phaseBegun', { from: facts.phase, to })
  } else {
    await sql`select plan_case_phase(${facts.id}, ${fromOn}::date, ${to})`.execute(tx)
    record(call, aboutCase(facts), 'case.phasePlanned', { from: facts.phase, to, fromOn })
  }
}

/** The end of every change of a course: a new version of the case, the hours of its seats, today and planned. */
export async function courseChanged(call: Change, facts: readonly CaseFacts[]): Promise<void> {
  const { db: tx, user, today, now } = call
  const caseIds = facts.map(one => one.id)
  await tx
    .updateTable('caseFile')
    .set(eb => ({ version: eb('version', '+', 1) }))
    .where('id', 'in', caseIds)
    .execute()
  await reweighWithEvents(
    tx,
    { organisationId: user.organisationId, on: today, caseIds },
    { actor: user, now },
  )
}

/** The course as it now is. */
export async function answered(call: Change, caseNumber: string): Promise<CaseCourse> {
  const facts = await visibleCase(call.db, caseNumber, call)
  return caseCourse(call.db, facts, call.user, call.today)
}

/** A quiet time of this case; 404 when there is none. */
export async function dormancyOf(call: Change, caseId: number, id: number) {
  const found = await call.db
    .selectFrom('dormancy')
    .selectAll()
    .where('id', '=', id)
    .where('caseId', '=', caseId)
    .executeTakeFirst()
  if (!found) throw notFound({ nl: 'Deze sluimering', en: 'This dormancy' })
  return found
}

/** 403 unless the reader may say that a case of this team is dormant. */
export function requireDeciding(rights: { decide: boolean }): void {
  if (!rights.decide) throw lacksRole('dormancy.decide')
}
