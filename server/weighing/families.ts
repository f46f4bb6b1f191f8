import type { Tx } from '../../db/database.ts'
import { comparable } from '../contract/names.ts'

/** The families with these numbers, by number as given: found whatever their spelling, and made where there is none. */
export async function familyIds(
  tx: Tx,
  organisationId: number,
  numbers: readonly string[],
): Promise<Map<string, number>> {
  const spelled = new Map(numbers.map(number => [comparable(number), number]))
  const known = async () => {
    const rows = await tx
      .selectFrom('family')
      .select(['id', 'familyNumber', 'comparedAs'])
      .where('organisationId', '=', organisationId)
      .where('comparedAs', 'in', [...spelled.keys()])
      // Of two that differ in spelling alone the later one, which is no twin, is what any other spelling means.
      .orderBy('twin', 'desc')
      .execute()
    return {
      exact: new Map(rows.map(row => [row.familyNumber, row.id])),
      alike: new Map(rows.map(row => [row.comparedAs, row.id])),
    }
  }
  if (spelled.size === 0) return new Map()
  const before = await known()
  const missing = [...spelled].filter(([key]) => !before.alike.has(key))
  for (let start = 0; start < missing.length; start += CHUNK) {
    const rows = missing
      .slice(start, start + CHUNK)
      .map(([, familyNumber]) => ({ organisationId, familyNumber }))
    await tx
      .insertInto('family')
      .values(rows)
      .onConflict(conflict => conflict.doNothing())
      .execute()
  }
  const { exact, alike } = missing.length > 0 ? await known() : before
  return new Map(numbers.map(number => [number, exact.get(number) ?? alike.get(comparable(number))!]))
}

const CHUNK = 1000
