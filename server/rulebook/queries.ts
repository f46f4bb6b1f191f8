import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { notFound } from '../http/call.ts'

export interface RulebookRow {
  id: number
  version: number
  effectiveFrom: string
  createdAt: Date
  createdBy: number | null
  reason: string | null
  content: RulebookContent
}

/**
 * The rulebook of an organisation that holds on a day: the latest that is effective by then, else the first to come.
 * Throws when the organisation has none; every organisation is made with one.
 */
export async function rulebookOn(db: Executor, organisationId: number, day: string): Promise<RulebookRow> {
  const { rows } = await sql<RulebookRow>`
    select id, version, effective_from, created_at, created_by, reason, content
    from rulebook_on(${organisationId}::int, ${day}::date) book where id is not null`.execute(db)
  const found = rows[0]
  if (!found) throw new Error(`Organisation ${organisationId} has no rulebook`)
  return found
}

/** One version of an organisation's rulebook; 404 when it has none of that number. */
export async function findVersion(
  db: Executor,
  organisationId: number,
  version: number,
): Promise<RulebookRow> {
  const row = await db
    .selectFrom('rulebook')
    .select(['id', 'version', 'effectiveFrom', 'createdAt', 'createdBy', 'reason', 'content'])
    .where('organisationId', '=', organisationId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) throw notFound({ nl: `Versie ${version} van de regels`, en: `Version ${version} of the rules` })
  return row
}

export interface CatalogueNames {
  locale: Locale
  measures: ReadonlyMap<string, string>
  factors: ReadonlyMap<string, string>
}

/** Names of every code that a sentence of the engine can hold, in both languages, retired ones too. */
export async function codeNames(db: Executor): Promise<CodeNames> {
  const { rows } = await sql<{ kind: 'competence' | 'work'; code: string; nl: string; en: string }>`
    select 'competence' as kind, code, name_nl as nl, name_en as en from competence
    union all select 'work', code, name, name from municipality
    union all select 'work', code, name_nl, name_en from case_factor
    union all select 'work', code, name_nl, name_en from method
    union all select 'work', code, name_nl, name_en from measure`.execute(db)
  const named = (kind: 'competence' | 'work') =>
    Object.fromEntries(rows.filter(row => row.kind === kind).map(({ code, nl, en }) => [code, { nl, en }]))
  return {
    competences: named('competence'),
    work: {
      ...named('work'),
      heavy: { nl: 'zware zaken', en: 'heavy cases' },
      begin: { nl: 'beginfase', en: 'initial phase' },
      middle: { nl: 'middenfase', en: 'middle phase' },
      end: { nl: 'eindfase', en: 'closing phase' },
    },
  }
}

/** Names of measures and factors in the reader's language, retired ones too: cases keep them. */
export async function catalogueNames(db: Executor, locale: Locale): Promise<CatalogueNames> {
  const name = locale === 'nl' ? ('nameNl' as const) : ('nameEn' as const)
  const measures = await db
    .selectFrom('measure')
    .select(['code', `${name} as name`])
    .execute()
  const factors = await db
    .selectFrom('caseFactor')
    .select(['code', `${name} as name`])
    .execute()
  return {
    locale,
    measures: new Map(measures.map(one => [one.code, one.name])),
    factors: new Map(factors.map(one => [one.code, one.name])),
  }
}
declare module '../../db/stored.ts' {
  interface StoredJson {
    rulebook: RulebookContent
  }
}
