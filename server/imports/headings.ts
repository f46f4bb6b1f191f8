import type { Executor, Tx } from '../../db/database.ts'
import { comparable } from '../contract/names.ts'

/** A column of a file that has another name than ours: which of our columns it is, null when it is passed over. */
export interface HeadingChoice {
  heading: string
  column: string | null
}
/** The choices by heading, as `headingOf` compares them. */
export type HeadingChoices = ReadonlyMap<string, string | null>

/** Longer ones are compared by their beginning. */
const MAX_HEADING = 100

/** A heading as our columns are named: small letters, with underscores. */
export function headingOf(cell: string): string {
  return comparable(cell).replaceAll(' ', '_').slice(0, MAX_HEADING)
}

export const choicesOf = (choices: readonly HeadingChoice[]): HeadingChoices =>
  new Map(choices.map(one => [headingOf(one.heading), one.column]))

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
