import { changed } from '../cases/write.ts'
import type { CaseDetail } from '../contract/cases.ts'
import { aboutCase, record } from '../events/record.ts'
import type { Call } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { termsOf } from '../weighing/terms.ts'
import { openForCourse } from './write.ts'

/**
 * Somebody who has the case, or its team, says on which day the first contact was made or the plan was there: the term ends.
 * Said again it is corrected; the history of the case keeps both. 422 for a day before the receipt or after today.
 */
export async function recordTerm(call: Call<'POST /cases/:caseNumber/terms'>): Promise<CaseDetail> {
  const { db: tx, params, body, user, today, now, locale } = call
  const { facts } = await openForCourse(call, params.caseNumber, call.expectedVersion)
  const errors = new FieldErrors(locale)
  if (body.metOn < facts.receivedOn || body.metOn > today) {
    errors.add(
      'metOn',
      {
        nl: 'Kies een dag vanaf de ontvangst tot en met vandaag.',
        en: 'Choose a day from the receipt up to today.',
      },
      body.metOn,
    )
  }
  errors.refuse()
  const row = { metOn: body.metOn, recordedBy: user.id, recordedAt: now }
  await tx
    .insertInto('caseTermMet')
    .values({ caseId: facts.id, term: body.term, ...row })
    .onConflict(conflict => conflict.columns(['caseId', 'term']).doUpdateSet(row))
    .execute()
  const due = termsOf({ ...facts, asksTerms: true, termsMet: {} }, facts.receivedOn)[body.term]?.dueOn
  record(call, aboutCase(facts), body.term === 'plan' ? 'case.planMade' : 'case.contactMade', {
    metOn: body.metOn,
    dueOn: due ?? null,
  })
  return changed(call, facts)
}
