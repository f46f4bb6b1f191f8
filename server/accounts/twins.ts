import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Twins } from '../contract/numbers.ts'
import { namesTwice } from '../rulebook-admin/catalogue-entries.ts'

/** The tables whose numbers or names are compared without regard to spelling (migration 0018), oldest first in a group. */
const COMPARED = [
  { kind: 'team', table: 'team', column: 'name', ofTeam: false },
  { kind: 'worker', table: 'worker', column: 'staff_number', ofTeam: true },
  { kind: 'case', table: 'case_file', column: 'case_number', ofTeam: true },
  { kind: 'family', table: 'family', column: 'family_number', ofTeam: false },
] as const

/**
 * What counts as the same number or name and was there twice before that was refused: kept as it was, for people to sort out.
 * Numbers only: who may see the list need not be allowed to read the cases.
 */
export async function twinsOf(db: Executor, organisationId: number): Promise<Twins> {
  const found: Twins = []
  for (const { kind, table, column, ofTeam } of COMPARED) {
    const team = ofTeam ? sql`(select name from team where id = k.team_id)` : sql`null::text`
    const { rows } = await sql<{ names: Twins[number]['names'] }>`
      select jsonb_agg(jsonb_build_object('name', k.${sql.ref(column)}, 'team', ${team}) order by k.twin, k.id) as names
      from ${sql.table(table)} k
      where k.organisation_id = ${organisationId} and k.compared_as in (
        select compared_as from ${sql.table(table)} where organisation_id = ${organisationId} and twin)
      group by k.compared_as order by k.compared_as`.execute(db)
    found.push(...rows.map(({ names }) => ({ kind, list: null, names })))
  }
  for (const { list, names } of await namesTwice(db)) {
    found.push({ kind: 'entry', list, names: names.map(name => ({ name, team: null })) })
  }
  return found
}
