import { sql } from 'kysely'
import type { TSchema } from 'typebox'
import type { Db } from '../../db/database.ts'
import { comparable, tidy } from '../contract/names.ts'

/** Where the numbers with this title (contract/common.ts) are stored. */
const STORED = {
  'case number': { table: 'case_file', column: 'case_number' },
  'staff number': { table: 'worker', column: 'staff_number' },
} as const
type Title = keyof typeof STORED

interface Schema {
  title?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

/** A copy in which `change` was done to every text that the schema calls a case, family or staff number. */
function eachNumber(
  value: unknown,
  schema: Schema | undefined,
  change: (text: string, title: string) => string,
): unknown {
  if (schema === undefined || value === null || value === undefined) return value
  if (typeof value === 'string') {
    const title = [schema, ...(schema.anyOf ?? [])].find(one => one.title?.endsWith(' number'))?.title
    return title === undefined ? value : change(value, title)
  }
  if (typeof value !== 'object') return value
  if (schema.anyOf)
    return schema.anyOf.reduce<unknown>((changed, one) => eachNumber(changed, one, change), value)
  if (Array.isArray(value)) {
    const changed = value.map(one => eachNumber(one, schema.items, change))
    // Two spellings of one number are one.
    return schema.items?.title?.endsWith(' number') ? [...new Set(changed)] : changed
  }
  const { properties = {} } = schema
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, eachNumber(one, properties[name], change)]),
  )
}

/** What nobody means by a number goes before it is judged: wide letters, spaces around it, invisible characters. */
export function tidyNumbers(value: unknown, schema: TSchema | undefined): unknown {
  return eachNumber(value, schema as Schema | undefined, text => tidy(text.normalize('NFKC')))
}

/**
 * Case and staff numbers in the spelling in which they are stored, so that `zk-12` finds ZK-12; those that are not there stay
 * as they are. Which of two old ones that differ in spelling alone is meant, the exact spelling says.
 */
export async function storedSpelling(
  db: Db,
  organisationId: number,
  value: unknown,
  schema: TSchema | undefined,
): Promise<unknown> {
  const given = new Map<Title, Set<string>>()
  eachNumber(value, schema as Schema | undefined, (text, title) => {
    if (title in STORED) given.set(title as Title, (given.get(title as Title) ?? new Set()).add(text))
    return text
  })
  if (given.size === 0) return value
  const stored = new Map<string, string>()
  for (const [title, numbers] of given) {
    const { table, column } = STORED[title]
    const asked = [...numbers]
    const { rows } = await sql<{ given: string; stored: string }>`
      select asked.given, kept.stored
      from unnest(${asked}::text[], ${asked.map(comparable)}::text[]) asked (given, compared)
      cross join lateral (
        select k.${sql.ref(column)} as stored from ${sql.table(table)} k
        where k.organisation_id = ${organisationId} and k.compared_as = asked.compared
        order by k.${sql.ref(column)} <> asked.given, k.twin, k.id limit 1) kept
      where kept.stored <> asked.given`.execute(db)
    for (const row of rows) stored.set(`${title} ${row.given}`, row.stored)
  }
  if (stored.size === 0) return value
  return eachNumber(
    value,
    schema as Schema | undefined,
    (text, title) => stored.get(`${title} ${text}`) ?? text,
  )
}
