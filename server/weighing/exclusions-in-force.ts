import type { Executor } from '../../db/database.ts'
import type { CaseDetail } from '../contract/cases.ts'
import type { Locale } from '../contract/common.ts'
import type { CaseFacts } from './facts.ts'

type Shown = CaseDetail['exclusions'][number]
const ORDER: readonly Shown['state'][] = ['proposed', 'holds', 'past', 'ended']

/**
 * Who may not get this case: what holds, what the open round proposes, and what held once. `withReason`: the reader may know
 * why; for others the reason is hidden.
 */
export async function exclusionsOf(
  db: Executor,
  facts: Pick<CaseFacts, 'id' | 'openRoundId'>,
  at: { today: string; locale: Locale; withReason: boolean },
): Promise<Shown[]> {
  const rows = await db
    .selectFrom('caseExcludedWorker as e')
    .innerJoin('worker as w', 'w.id', 'e.workerId')
    .leftJoin('overrideReason as r', 'r.code', 'e.reasonCode')
    .leftJoin('userAccount as c', 'c.id', 'e.createdBy')
    .leftJoin('userAccount as d', 'd.id', 'e.endedBy')
    .where('e.caseId', '=', facts.id)
    .select([
      'w.staffNumber',
      'w.name',
      'e.hiddenReason as text',
      'r.nameNl',
      'r.nameEn',
      'e.untilOn',
      'e.roundId',
      'c.name as by',
      'e.createdAt as at',
      'e.endedAt',
      'e.endedReason',
      'd.name as endedBy',
    ])
    .orderBy('w.staffNumber')
    .orderBy('e.id', 'desc')
    .execute()
  const why = (row: { nameNl: string | null; nameEn: string | null; text: string | null }) => {
    if (!at.withReason) return null
    const said = [at.locale === 'nl' ? row.nameNl : row.nameEn, row.text].filter(Boolean)
    return said.length > 0 ? said.join(': ') : null
  }
  const kept = rows.map(
    (row): Shown => ({
      worker: { staffNumber: row.staffNumber, name: row.name },
      reason: why(row),
      untilOn: row.untilOn,
      state: row.endedAt ? 'ended' : row.untilOn !== null && row.untilOn < at.today ? 'past' : 'holds',
      by: row.by,
      at: row.at?.toISOString() ?? null,
      roundId: row.roundId,
      ended: row.endedAt && {
        by: row.endedBy,
        at: row.endedAt.toISOString(),
        reason: at.withReason ? row.endedReason : null,
      },
    }),
  )
  const proposed = facts.openRoundId === null ? [] : await proposedIn(db, facts.openRoundId, facts.id)
  return [
    ...kept,
    ...proposed.map(
      (row): Shown => ({
        worker: { staffNumber: row.staffNumber, name: row.name },
        reason: why(row),
        untilOn: row.untilOn,
        state: 'proposed',
        by: row.by,
        at: row.at.toISOString(),
        roundId: facts.openRoundId,
        ended: null,
      }),
    ),
  ].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
}

/** The exclusions of an open round that outlast it once it is settled. */
function proposedIn(db: Executor, roundId: number, caseId: number) {
  return db
    .selectFrom('choice as h')
    .innerJoin('worker as w', 'w.id', 'h.workerId')
    .leftJoin('overrideReason as r', 'r.code', 'h.reasonCode')
    .leftJoin('userAccount as c', 'c.id', 'h.createdBy')
    .where('h.roundId', '=', roundId)
    .where('h.caseId', '=', caseId)
    .where('h.withdrawnAt', 'is', null)
    .where('h.lasts', 'in', ['until', 'always'])
    .select([
      'w.staffNumber',
      'w.name',
      'h.reasonText as text',
      'r.nameNl',
      'r.nameEn',
      'h.untilOn',
      'c.name as by',
      'h.createdAt as at',
    ])
    .orderBy('h.id')
    .execute()
}
