import type { Executor } from '../../db/database.ts'
import type { ReasonRule } from './motive.ts'

/** The reasons that are offered now, with what each fits. */
export async function activeReasons(db: Executor): Promise<ReasonRule[]> {
  return db
    .selectFrom('overrideReason')
    .select(['code', 'needsText', 'uses'])
    .where('active', '=', true)
    .execute()
}
