import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import type {
  CatalogueChange,
  CatalogueEntry,
  CatalogueList,
  NewEntry,
} from '../contract/catalogue-entries.ts'
import type { Locale } from '../contract/common.ts'
import { comparable } from '../contract/names.ts'
import { append } from '../events/events.ts'
import {
  type BothLanguages,
  type Call,
  notFound,
  Refusal,
  type SignedIn,
  staleVersion,
} from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'

type Extra = Exclude<keyof CatalogueChange, 'nameNl' | 'nameEn' | 'endsOn'>

interface List {
  table: string
  /** Columns of the names: one for both languages, or two. */
  names: readonly string[]
  /** What else an entry of this list has, with the column that holds it. */
  extras: Partial<Record<Extra, string>>
}

const BOTH = ['name_nl', 'name_en'] as const
const LISTS: Record<CatalogueList, List> = {
  measures: { table: 'measure', names: BOTH, extras: { abbreviation: 'abbreviation', kind: 'kind' } },
  factors: { table: 'case_factor', names: BOTH, extras: { isThreat: 'is_threat', aboutWork: 'about_work' } },
  competences: { table: 'competence', names: BOTH, extras: { maxLevel: 'max_level' } },
  methods: { table: 'method', names: BOTH, extras: { aboutWork: 'about_work' } },
  overrideReasons: {
    table: 'override_reason',
    names: BOTH,
    extras: { needsText: 'needs_text', uses: 'uses' },
  },
  reductionReasons: {
    table: 'reduction_reason',
    names: BOTH,
    extras: {
      defaultPercentage: 'default_percentage',
      maximumPercentage: 'maximum_percentage',
      maximumMonths: 'maximum_months',
    },
  },
  municipalities: { table: 'municipality', names: ['name'], extras: {} },
}

/** The entries of a list in order of code, as an administrator changes them. */
export async function entriesOf(db: Executor, list: CatalogueList): Promise<CatalogueEntry[]> {
  const { table, names, extras } = LISTS[list]
  const columns = [
    ...names.map((name, at) => sql`${sql.ref(name)} as ${sql.ref(at === 0 ? 'name_nl' : 'name_en')}`),
    ...Object.values(extras).map(column => sql.ref(column)),
  ]
  const { rows } = await sql<CatalogueEntry>`
    select code, ${sql.join(columns)}, active, ends_on, version from ${sql.table(table)} order by code`.execute(
    db,
  )
  return rows
}

/** Which parts this list asks for and does not have, and which it has no place for; 422 names them. */
function checkParts(list: CatalogueList, body: CatalogueChange | NewEntry, locale: Locale): void {
  const errors = new FieldErrors(locale)
  const { names, extras } = LISTS[list]
  const wanted = new Set<string>(['nameNl', ...(names.length > 1 ? ['nameEn'] : []), ...Object.keys(extras)])
  const members = body as Record<string, unknown>
  for (const part of wanted) {
    if (members[part] === undefined) errors.add(part, { nl: 'Vul dit in.', en: 'Fill this in.' })
  }
  for (const part of Object.keys(members)) {
    if (wanted.has(part) || part === 'code' || part === 'endsOn') continue
    errors.add(part, { nl: 'Dit hoort niet bij deze lijst.', en: 'This does not belong to this list.' })
  }
  if ((body.defaultPercentage ?? 0) > (body.maximumPercentage ?? 100)) {
    errors.add('defaultPercentage', {
      nl: 'Het gewone percentage ligt boven het hoogste.',
      en: 'The usual percentage is above the highest.',
    })
  }
  errors.refuse()
}

/** The columns that a body fills. */
function valuesOf(list: CatalogueList, body: CatalogueChange | NewEntry): [column: string, value: unknown][] {
  const { names, extras } = LISTS[list]
  return [
    [names[0]!, body.nameNl.trim()],
    ...names.slice(1).map((name): [string, unknown] => [name, body.nameEn?.trim()]),
    ...Object.entries(extras).map(([part, column]): [string, unknown] => [
      column,
      (body as Record<string, unknown>)[part],
    ]),
  ]
}

/** Names of this list, and its codes, in the column that is asked for. */
async function taken(db: Executor, list: CatalogueList): Promise<{ code: string; names: string[] }[]> {
  const { table, names } = LISTS[list]
  const { rows } = await sql<{ code: string; names: string[] }>`
    select code, array[${sql.join(names.map(name => sql.ref(name)))}] as names
    from ${sql.table(table)} order by code`.execute(db)
  return rows
}

/**
 * 409 when another entry of the list has this code or one of these names, in any spelling. What was there before keeps its
 * name; only a name that is new is refused. The lock is held until the change stands, so that two at once see each other.
 */
async function refuseTaken(
  { db: tx, locale }: { db: Tx; locale: Locale },
  list: CatalogueList,
  { code, ...body }: { code: string; nameNl: string; nameEn?: string | undefined },
): Promise<void> {
  await sql`lock table ${sql.table(LISTS[list].table)} in share row exclusive mode`.execute(tx)
  const entries = await taken(tx, list)
  const before = entries.find(one => one.code === code)
  const others = entries.filter(one => one.code !== code)
  const errors: { field: string; message: string }[] = []
  const refuse = (field: string, { nl, en }: BothLanguages) =>
    errors.push({ field, message: { nl, en }[locale] })
  const alike = others.find(one => comparable(one.code) === comparable(code))
  if (!before && alike) {
    refuse('code', {
      nl: `Deze code staat er al, als ${alike.code}.`,
      en: `This code is already there, as ${alike.code}.`,
    })
  }
  for (const [at, field] of (['nameNl', 'nameEn'] as const).entries()) {
    const name = body[field]
    if (name === undefined || comparable(before?.names[at] ?? '') === comparable(name)) continue
    const same = others.find(one => comparable(one.names[at] ?? '') === comparable(name))
    if (same) {
      refuse(field, {
        nl: `Deze naam staat er al, bij de code ${same.code}.`,
        en: `This name is already there, with the code ${same.code}.`,
      })
    }
  }
  if (errors.length === 0) return
  throw new Refusal(
    409,
    {
      nl: 'Dit staat al in de lijst. Kies een andere naam, of wijzig wat er staat.',
      en: 'This is already in the list. Choose another name, or change what is there.',
    },
    { errors },
  )
}

/** Names that entries of one list share, from before that was refused. */
export async function namesTwice(db: Executor): Promise<{ list: CatalogueList; names: string[] }[]> {
  const found: { list: CatalogueList; names: string[] }[] = []
  for (const list of Object.keys(LISTS) as CatalogueList[]) {
    const entries = await taken(db, list)
    const groups = new Map<string, string[]>()
    for (const { code, names } of entries) {
      const key = comparable(names[0]!)
      groups.set(key, [...(groups.get(key) ?? []), `${names[0]} (${code})`])
    }
    for (const names of groups.values()) if (names.length > 1) found.push({ list, names })
  }
  return found
}

export async function addEntry(call: Call<'POST /catalogues/:list'>): Promise<CatalogueEntry[]> {
  const { db: tx, params, body, locale } = call
  const { table } = LISTS[params.list]
  checkParts(params.list, body, locale)
  await refuseTaken(call, params.list, body)
  const values: [string, unknown][] = [['code', body.code], ...valuesOf(params.list, body)]
  const { rows } = await sql`
    insert into ${sql.table(table)} (${sql.join(values.map(([column]) => sql.ref(column)))})
    values (${sql.join(values.map(([, value]) => sql`${value}`))}) on conflict (code) do nothing returning code`.execute(
    tx,
  )
  if (rows.length === 0) {
    throw new Refusal(
      409,
      {
        nl: `De code ${body.code} staat al in de lijst.`,
        en: `The code ${body.code} is already in the list.`,
      },
      {
        errors: [
          { field: 'code', message: { nl: 'Deze staat er al.', en: 'This one is already there.' }[locale] },
        ],
      },
    )
  }
  await told(call, 'added', body.code, {})
  return entriesOf(tx, params.list)
}

export async function changeEntry(call: Call<'PUT /catalogues/:list/:code'>): Promise<CatalogueEntry[]> {
  const { db: tx, params, body, locale, today } = call
  const { table } = LISTS[params.list]
  const before = await lockEntry(call)
  checkParts(params.list, body, locale)
  await refuseTaken(call, params.list, { ...body, code: params.code })
  const active = body.endsOn === null || body.endsOn > today
  const values: [string, unknown][] = [
    ...valuesOf(params.list, body),
    ['ends_on', body.endsOn],
    ['active', active],
  ]
  const sets = values.map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  await sql`update ${sql.table(table)} set ${sql.join(sets)}, version = version + 1 where code = ${params.code}`.execute(
    tx,
  )
  if (body.aboutWork === false) await endWishes(tx, params.list, params.code)
  const ends = body.endsOn !== null && body.endsOn !== before.endsOn
  await told(call, ends ? 'ended' : 'changed', params.code, { endsOn: body.endsOn })
  return entriesOf(tx, params.list)
}

/** Nobody has a wish about what is not the work; the statements in which it was made stay. */
async function endWishes(tx: Tx, list: CatalogueList, code: string): Promise<void> {
  const kind = list === 'methods' ? 'method' : 'factor'
  await tx.deleteFrom('preference').where('kind', '=', kind).where('code', '=', code).execute()
}

const USED: BothLanguages = {
  nl: 'Dit is gebruikt en blijft daarom bewaard. Laat het vervallen: dan wordt het niet meer aangeboden.',
  en: 'This has been used, so it is kept. Let it end: then it is no longer offered.',
}

/** What Instroom itself writes down: a swap between colleagues is a request of the worker. */
const OWN: ReadonlySet<string> = new Set(['overrideReasons VERZOEK_MEDEWERKER'])

/** Removes what nothing names. The keys of the database know most; texts of rules, wishes and estimates are searched. */
export async function removeEntry(call: Call<'DELETE /catalogues/:list/:code'>): Promise<CatalogueEntry[]> {
  const { db: tx, params } = call
  const { table } = LISTS[params.list]
  await lockEntry(call)
  if (OWN.has(`${params.list} ${params.code}`) || (await isNamed(tx, params.code)))
    throw new Refusal(409, USED)
  await sql`savepoint removal`.execute(tx)
  try {
    if (params.list === 'municipalities') {
      await tx
        .deleteFrom('travelTime')
        .where(eb => eb.or([eb('fromCode', '=', params.code), eb('toCode', '=', params.code)]))
        .execute()
    }
    await sql`delete from ${sql.table(table)} where code = ${params.code}`.execute(tx)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '23503')) throw error
    await sql`rollback to savepoint removal`.execute(tx)
    throw new Refusal(409, USED)
  }
  await told(call, 'removed', params.code, {})
  return entriesOf(tx, params.list)
}

/** Whether a text that holds codes names this one: rules of any version, wishes, and estimates. */
async function isNamed(tx: Tx, code: string): Promise<boolean> {
  const quoted = JSON.stringify(code)
  const { rows } = await sql<{ named: boolean }>`
    select exists (select from rulebook where position(${quoted} in content::text) > 0)
      or exists (select from preference where code = ${code})
      or exists (select from wish_statement where position(${quoted} in wishes::text) > 0)
      or exists (select from estimate where position(${quoted} in features::text) > 0) as named`.execute(tx)
  return rows[0]!.named
}

/** The entry as it was seen, locked; 404 when it is not there, 412 when somebody changed it meanwhile. */
async function lockEntry(
  call: Call<'PUT /catalogues/:list/:code'> | Call<'DELETE /catalogues/:list/:code'>,
): Promise<{ endsOn: string | null }> {
  const { db: tx, params, expectedVersion } = call
  const { table } = LISTS[params.list]
  const { rows } = await sql<{ version: number; endsOn: string | null }>`
    select version, ends_on from ${sql.table(table)} where code = ${params.code} for update`.execute(tx)
  const row = rows[0]
  if (!row) throw notFound({ nl: `De code ${params.code}`, en: `The code ${params.code}` })
  if (row.version !== expectedVersion) throw staleVersion(row.version)
  return row
}

async function told(
  { db: tx, user, now, params }: { db: Tx; user: SignedIn; now: Date; params: { list: CatalogueList } },
  what: 'added' | 'changed' | 'ended' | 'removed',
  code: string,
  data: Record<string, unknown>,
): Promise<void> {
  append(tx, {
    type: `catalogue.${params.list}.${what}`,
    actor: user,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'catalogue',
    objectId: code,
    data,
    at: now,
  })
}

/** What ends by its date is no longer offered from that day on. Nobody does this, so there is no event of it. */
export async function endEntries(db: Db, today: string): Promise<void> {
  for (const { table } of Object.values(LISTS)) {
    await sql`update ${sql.table(table)} set active = false where active and ends_on <= ${today}::date`.execute(
      db,
    )
  }
}
