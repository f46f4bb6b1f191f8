import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import type { NewEvent } from './event.ts'

/**
 * A case number that was entered wrong can be corrected, and the wrong one must come back nowhere. So the history, which
 * never changes, names a case by its id (`case#17`), and is read with the number of today in its place.
 */
const keyOf = (id: number) => `case#${id}`
const KEY = /case#(\d+)/g

/** The fields of an event that hold case numbers, one or a list, however deep. */
const FIELDS = new Set(['case', 'caseNumber', 'caseId', 'other', 'taken', 'letGo'])

/** Events as they are written: with keys where a case is named by its number. */
export async function withKeys(tx: Tx, events: readonly NewEvent[]): Promise<NewEvent[]> {
  const ids = new Map<number, Map<string, number>>()
  for (const [organisationId, numbers] of numbersIn(events)) {
    const rows = await tx
      .selectFrom('caseFile')
      .select(['id', 'caseNumber'])
      .where('organisationId', '=', organisationId)
      .where(sql<boolean>`case_number = any(${[...numbers]}::text[])`)
      .execute()
    ids.set(organisationId, new Map(rows.map(row => [row.caseNumber, row.id])))
  }
  return events.map(event => {
    const known = ids.get(event.organisationId ?? 0)
    if (!known) return event
    const keyed = (number: string) => {
      const id = known.get(number)
      return id === undefined ? number : keyOf(id)
    }
    const { objectType, objectId, data } = event
    const named = objectType === 'case' ? keyed(objectId) : objectId
    // A signal is called after what it is about: `kind:case` or `kind:round:case`.
    const about = objectType === 'signal' && typeof data.case === 'string' ? data.case : null
    return {
      ...event,
      objectId: about === null ? named : named.replace(`:${about}`, `:${keyed(about)}`),
      data: mapped(data, keyed) as NewEvent['data'],
    }
  })
}

function numbersIn(events: readonly NewEvent[]): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>()
  for (const { organisationId, objectType, objectId, data } of events) {
    if (organisationId === null) continue
    const numbers = found.get(organisationId) ?? new Set()
    if (objectType === 'case') numbers.add(objectId)
    mapped(data, number => {
      numbers.add(number)
      return number
    })
    if (numbers.size > 0) found.set(organisationId, numbers)
  }
  return found
}

/** A copy with every case number of the named fields changed. */
function mapped(value: unknown, change: (number: string) => string, field = ''): unknown {
  if (typeof value === 'string') return FIELDS.has(field) ? change(value) : value
  if (Array.isArray(value)) return value.map(one => mapped(one, change, field))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, change, name)]))
}

/** Something that was stored, and when: a number in it is the one of that moment. */
export interface Stored<Value> {
  at: Date
  value: Value
}

/** Events, or parts of them, with the case numbers of today. */
export async function eventsInNumbers<Value>(
  db: Executor,
  organisationId: number,
  stored: readonly Stored<Value>[],
): Promise<Value[]> {
  const texts = stored.map(one => JSON.stringify(one.value))
  const ids = new Set(texts.flatMap(text => [...text.matchAll(KEY)].map(match => Number(match[1]))))
  const rows = await db
    .selectFrom('caseFile')
    .select(['id', 'caseNumber'])
    .where('organisationId', '=', organisationId)
    .where(sql<boolean>`id = any(${[...ids]}::int[])`)
    .execute()
  const numbers = new Map(rows.map(row => [String(row.id), row.caseNumber]))
  return inNumbersOfToday(
    db,
    organisationId,
    stored.map(({ at }, index) => ({
      at,
      value: JSON.parse(texts[index]!.replace(KEY, (key, id: string) => numbers.get(id) ?? key)) as Value,
    })),
  )
}

/** What was stored with the case numbers of then (Problems, proposals, messages), with those of today. */
export async function inNumbersOfToday<Value>(
  db: Executor,
  organisationId: number,
  stored: readonly Stored<Value>[],
): Promise<Value[]> {
  if (stored.length === 0) return []
  const first = Math.min(...stored.map(one => one.at.getTime()))
  const corrected = await db
    .selectFrom('caseNumberCorrection as n')
    .innerJoin('caseFile as c', 'c.id', 'n.caseId')
    .where('n.organisationId', '=', organisationId)
    .where('n.correctedAt', '>', new Date(first))
    .orderBy('n.correctedAt')
    .select(['n.oldNumber', 'n.correctedAt', 'c.caseNumber'])
    .execute()
  return stored.map(({ at, value }) => {
    const since = new Map<string, string>()
    for (const one of corrected) {
      // Of one number the first correction after that moment says whose it was.
      if (one.correctedAt > at && !since.has(one.oldNumber)) since.set(one.oldNumber, one.caseNumber)
    }
    if (since.size === 0) return value
    return JSON.parse(JSON.stringify(value).replace(QUOTED, quoted => renamed(quoted, since))) as Value
  })
}

/** A string in JSON that can be a case number: they need no escapes. */
const QUOTED = /"[^"\\]*"/g

function renamed(quoted: string, since: ReadonlyMap<string, string>): string {
  const number = since.get(quoted.slice(1, -1))
  return number === undefined ? quoted : JSON.stringify(number)
}

/**
 * Whether an event `e` is about what people call `id`. Of a case also by its key, and by what it was called until a
 * correction; what had this number before a correction is about another case.
 */
export function isAbout(organisationId: number, id: string) {
  const named = sql`select c.id from case_file c where c.organisation_id = ${organisationId} and c.case_number = ${id}`
  return sql<boolean>`e.object_id = any(array(
      select ${id}::text
      union all select 'case#' || c.id from (${named}) c
      union all select n.old_number from case_number_correction n where n.case_id in (${named})))
    and (e.object_type <> 'case' or e.object_id like 'case#%'
      or case_id_then(${organisationId}, e.object_id, e.at) = coalesce((${named}), -1))`
}
