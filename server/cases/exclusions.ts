import type { Tx } from '../../db/database.ts'
import { aboutCase, record } from '../events/record.ts'
import { type Handlers, notFound, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { unknown } from '../workers/queries.ts'
import { type Change, changed, openCaseForChange } from './write.ts'

type Names = 'POST /cases/:caseNumber/exclusions' | 'POST /cases/:caseNumber/exclusions/:staffNumber/ending'

export const exclusionHandlers: Pick<Handlers, Names> = {
  async 'POST /cases/:caseNumber/exclusions'(call) {
    const { db: tx, body, user, today } = call
    const before = await openCaseForChange(call, call.params.caseNumber, call.expectedVersion, 'case.exclude')
    const worker = await workerOf(tx, user, body.staffNumber)
    const errors = new FieldErrors(call.locale)
    requireText(errors, body.reason)
    if (body.untilOn !== null && body.untilOn < today) {
      errors.add(
        'untilOn',
        { nl: 'Kies vandaag of een latere dag.', en: 'Choose today or a later day.' },
        body.untilOn,
      )
    }
    errors.refuse()
    await replaceStanding(call, before.id, worker.id, {
      hiddenReason: body.reason.trim(),
      untilOn: body.untilOn,
    })
    record(call, aboutCase(before), 'case.workerExcluded', {
      staffNumber: body.staffNumber,
      untilOn: body.untilOn,
    })
    return changed(call, before)
  },

  async 'POST /cases/:caseNumber/exclusions/:staffNumber/ending'(call) {
    const { db: tx, params, body, user, now } = call
    const before = await openCaseForChange(call, params.caseNumber, call.expectedVersion, 'case.exclude')
    const errors = new FieldErrors(call.locale)
    requireText(errors, body.reason)
    errors.refuse()
    const ended = await tx
      .updateTable('caseExcludedWorker')
      .set({ endedAt: now, endedBy: user.id, endedReason: body.reason.trim() })
      .where('caseId', '=', before.id)
      .where('workerId', '=', eb =>
        eb
          .selectFrom('worker')
          .select('id')
          .where('organisationId', '=', user.organisationId)
          .where('staffNumber', '=', params.staffNumber),
      )
      .where('endedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!ended) throw notFound({ nl: 'Deze uitsluiting', en: 'This exclusion' })
    record(call, aboutCase(before), 'case.exclusionLifted', { staffNumber: params.staffNumber })
    return changed(call, before)
  },
}

/** An exclusion that a round decided on and that outlasts it. */
export interface LastingExclusion {
  caseId: number
  workerId: number
  untilOn: string | null
  reasonCode: string | null
  reasonText: string | null
}

/** Keeps these with their cases. One that stands already and holds as long stays as it is. Gives those that were kept. */
export async function keepExclusions(
  call: Change,
  roundId: number,
  exclusions: readonly LastingExclusion[],
): Promise<LastingExclusion[]> {
  const kept: LastingExclusion[] = []
  for (const one of exclusions) {
    const standing = await call.db
      .selectFrom('caseExcludedWorker')
      .select('untilOn')
      .where('caseId', '=', one.caseId)
      .where('workerId', '=', one.workerId)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    const asLong =
      standing && (standing.untilOn === null || (one.untilOn !== null && standing.untilOn >= one.untilOn))
    if (asLong) continue
    await replaceStanding(call, one.caseId, one.workerId, {
      hiddenReason: one.reasonText ?? '',
      reasonCode: one.reasonCode,
      untilOn: one.untilOn,
      roundId,
    })
    kept.push(one)
  }
  return kept
}

async function replaceStanding(
  { db: tx, user, now }: Change,
  caseId: number,
  workerId: number,
  row: { hiddenReason: string; untilOn: string | null; reasonCode?: string | null; roundId?: number },
): Promise<void> {
  await tx
    .updateTable('caseExcludedWorker')
    .set({ endedAt: now, endedBy: user.id })
    .where('caseId', '=', caseId)
    .where('workerId', '=', workerId)
    .where('endedAt', 'is', null)
    .execute()
  await tx
    .insertInto('caseExcludedWorker')
    .values({ caseId, workerId, ...row, createdBy: user.id, createdAt: now })
    .execute()
}

function requireText(errors: FieldErrors, reason: string): void {
  if (reason.trim() === '') errors.add('reason', { nl: 'Geef een reden.', en: 'Give a reason.' })
}

/** Of a team that this person reads; a number of another team is as one that nobody has. */
async function workerOf(tx: Tx, user: SignedIn, staffNumber: string): Promise<{ id: number }> {
  const worker = await tx
    .selectFrom('worker')
    .select(['id', 'teamId'])
    .where('organisationId', '=', user.organisationId)
    .where('staffNumber', '=', staffNumber)
    .executeTakeFirst()
  if (!worker || !user.mayIn('worker.read', worker.teamId)) throw unknown(staffNumber)
  return worker
}
