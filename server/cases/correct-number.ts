import type { CaseDetail } from '../contract/cases.ts'
import { aboutCase, record } from '../events/record.ts'
import type { Call } from '../http/call.ts'
import { invalidField } from '../http/field-errors.ts'
import { refuseUsedNumber } from '../http/guesses.ts'
import { caseDetail, visibleCase } from './detail.ts'
import { renameCaseOfSignals } from './signals-renamed.ts'
import { caseForChange, touch } from './write.ts'

/**
 * Gives a case the number that it should have had, also when it is closed or in a round. What is kept by number moves along;
 * what never changes is read with the number of today (audit/case-keys.ts). Throws 409 when another case has the number.
 */
export async function correctNumber(call: Call<'PUT /cases/:caseNumber/number'>): Promise<CaseDetail> {
  const { db: tx, body, user, now, locale } = call
  const { organisationId } = user
  const before = await caseForChange(call, call.params.caseNumber, call.expectedVersion, 'case.write')
  if (body.caseNumber === before.caseNumber) {
    throw invalidField('caseNumber', locale, {
      nl: 'Dit nummer heeft de zaak al.',
      en: 'The case already has this number.',
    })
  }
  await refuseUsedNumber(tx, 'caseFile', body.caseNumber, call)
  await tx
    .insertInto('caseNumberCorrection')
    .values({
      organisationId,
      caseId: before.id,
      oldNumber: before.caseNumber,
      correctedBy: user.id,
      correctedAt: now,
    })
    .execute()
  await tx.updateTable('caseFile').set({ caseNumber: body.caseNumber }).where('id', '=', before.id).execute()
  await tx
    .updateTable('presence')
    .set({ caseNumber: body.caseNumber })
    .where('caseNumber', '=', before.caseNumber)
    .where('roundId', 'in', eb =>
      eb.selectFrom('roundCase').select('roundId').where('caseId', '=', before.id),
    )
    .execute()
  await renameCaseOfSignals(tx, organisationId, before.caseNumber, body.caseNumber)
  const corrected = await visibleCase(tx, body.caseNumber, call)
  record(call, aboutCase(corrected), 'case.numberCorrected')
  await touch(call, corrected)
  return caseDetail(tx, await visibleCase(tx, body.caseNumber, call), call)
}
