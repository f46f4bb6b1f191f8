import type { Executor, Tx } from '../../db/database.ts'
import type { HeadingChoices } from '../tables/headings.ts'

/** What people of this organisation said before. */
export async function rememberedHeadings(
  db: Executor,
  { organisationId, kind }: { organisationId: number; kind: 'workers' | 'cases' },
): Promise<HeadingChoices> {
  const rows = await db
    .selectFrom('importHeading')
    .select(['heading', 'columnName'])
    .where('organisationId', '=', organisationId)
    .where('kind', '=', kind)
    .execute()
  return new Map(rows.map(row => [row.heading, row.columnName]))
}

export async function rememberHeadings(
  tx: Tx,
  { organisationId, kind }: { organisationId: number; kind: 'workers' | 'cases' },
  choices: HeadingChoices,
): Promise<void> {
  if (choices.size === 0) return
  await tx
    .insertInto('importHeading')
    .values([...choices].map(([heading, columnName]) => ({ organisationId, kind, heading, columnName })))
    .onConflict(conflict =>
      conflict
        .columns(['organisationId', 'kind', 'heading'])
        .doUpdateSet(eb => ({ columnName: eb.ref('excluded.columnName') })),
    )
    .execute()
}
