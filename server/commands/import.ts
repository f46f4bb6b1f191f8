import { open as openFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Db, OpenDatabase, Tx } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { dayOf } from '../contract/days.ts'
import type { ImportReport } from '../contract/records.ts'
import { append, inTransaction } from '../events/events.ts'
import { Refusal } from '../http/call.ts'
import { runExport } from '../imports/export.ts'
import { type ImportKind, runImport } from '../imports/run.ts'
import { installStartValues } from '../rulebook/start-values.ts'
import { describeFault } from '../tables/flaws.ts'
import { decode, LIMITS } from '../tables/records.ts'
import type { Terminal } from './problem-files.ts'

const terminal: Terminal = { out: line => console.log(line), err: line => console.error(line) }
const IMPORT_USAGE =
  'Usage: instroom import workers|cases FILE [--dry-run] [--organisation NAME] [--lang nl|en]'
const EXPORT_USAGE = 'Usage: instroom export workers|cases [FILE] [--organisation NAME]'

/**
 * `instroom import workers FILE`: reads a CSV file into the database and prints what changed, or what is wrong and what to
 * do. With `--organisation NAME` an empty database gets that organisation first. Gives the exit code: 0 done, 1 refused.
 */
export async function importCommand(
  argv: readonly string[],
  open: Pick<OpenDatabase, 'db'>,
  to: Terminal = terminal,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      organisation: { type: 'string' },
      lang: { type: 'string', default: 'nl' },
    },
  })
  const [kind, path] = positionals
  const locale: Locale = values.lang === 'en' ? 'en' : 'nl'
  if (!isKind(kind) || path === undefined || positionals.length > 2) return refuse(to, IMPORT_USAGE)
  const file = decode(await readLimited(path))
  if ('fault' in file) {
    printErrors(to, [describeFault(file.fault, locale)], locale)
    return 1
  }
  const now = new Date()
  try {
    const report = await inTransaction(open.db, async tx => {
      const organisationId = await organisationFor(tx, values.organisation, { now, create: true })
      const result = await runImport(tx, {
        kind,
        text: file.text,
        dryRun: values['dry-run'],
        organisationId,
        teamIds: 'all',
        mayCreateTeams: true,
        actor: null,
        locale,
        today: dayOf(now),
        now,
      })
      if (values['dry-run'] || result.errors.length > 0) throw new NothingStored(result)
      return result
    })
    printReport(to, report, locale)
    return 0
  } catch (error) {
    if (error instanceof NothingStored) {
      printReport(to, error.report, locale)
      return error.report.errors.length > 0 ? 1 : 0
    }
    if (error instanceof Refusal) return refuse(to, error.text[locale])
    throw error
  }
}

/** `instroom export workers [FILE]`: to the file, or to standard output. Gives the exit code. */
export async function exportCommand(
  argv: readonly string[],
  open: Pick<OpenDatabase, 'db'>,
  to: Terminal = terminal,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { organisation: { type: 'string' } },
  })
  const [kind, path] = positionals
  if (!isKind(kind) || positionals.length > 2) return refuse(to, EXPORT_USAGE)
  const now = new Date()
  try {
    const csv = await inTransaction(open.db, async tx => {
      const organisationId = await organisationFor(tx, values.organisation, { now, create: false })
      return runExport(tx, { kind, organisationId, teamIds: 'all', actor: null, today: dayOf(now), now })
    })
    if (path === undefined) to.out(csv.trimEnd())
    else await writeFile(path, csv)
    return 0
  } catch (error) {
    if (error instanceof Refusal) return refuse(to, error.text.en)
    throw error
  }
}

/** Carries the report out of a transaction that must leave no trace. */
class NothingStored extends Error {
  readonly report: ImportReport

  constructor(report: ImportReport) {
    super('Nothing stored')
    this.report = report
  }
}

function isKind(kind: string | undefined): kind is ImportKind {
  return kind === 'workers' || kind === 'cases'
}

/** At most a little over the limit, so that a wrong file does not fill the memory. */
async function readLimited(path: string): Promise<Uint8Array> {
  const file = await openFile(path)
  try {
    const buffer = new Uint8Array(LIMITS.characters + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length)
      length += bytesRead
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length)
    }
  } finally {
    await file.close()
  }
}

/** The organisation by name, or the only one there is; a new one only on an empty database and only when named. */
async function organisationFor(
  tx: Tx,
  name: string | undefined,
  { now, create }: { now: Date; create: boolean },
): Promise<number> {
  const present = await organisations(tx)
  const named = name === undefined ? present : present.filter(one => one.name === name)
  if (named.length === 1) return named[0]!.id
  if (present.length > 0) {
    const names = present.map(one => `"${one.name}"`).join(', ')
    throw new Refusal(409, {
      nl: `Kies een organisatie met --organisation NAAM. Er zijn: ${names}.`,
      en: `Choose an organisation with --organisation NAME. There are: ${names}.`,
    })
  }
  if (name === undefined || name.trim() === '' || !create) {
    throw new Refusal(409, {
      nl: 'Er is nog geen organisatie. Maak er een met --organisation NAAM, of start de server en volg de link.',
      en: 'There is no organisation yet. Make one with --organisation NAME, or start the server and follow its link.',
    })
  }
  const { id } = await tx
    .insertInto('organisation')
    .values({ name: name.trim() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await installStartValues(tx, id, dayOf(now))
  append(tx, {
    type: 'organisation.created',
    actor: null,
    organisationId: id,
    teamId: null,
    objectType: 'organisation',
    objectId: String(id),
    data: {},
    at: now,
  })
  return id
}

function organisations(db: Db | Tx): Promise<{ id: number; name: string }[]> {
  return db.selectFrom('organisation').select(['id', 'name']).orderBy('id').execute()
}

function refuse(to: Terminal, sentence: string): number {
  to.err(sentence)
  return 1
}

const MAX_CHANGES = 40

function printReport(to: Terminal, report: ImportReport, locale: Locale): void {
  const text = words[locale]
  if (report.errors.length > 0) {
    printErrors(to, report.errors, locale)
    return
  }
  for (const change of report.changes.slice(0, MAX_CHANGES)) {
    const fields = change.fields
      .map(field =>
        change.what === 'create'
          ? `${field.column} ${field.to ?? ''}`
          : `${field.column} ${field.from ?? '–'} → ${field.to ?? '–'}`,
      )
      .join('; ')
    to.out(`${text.row} ${change.row}  ${text[change.what]} ${change.id}  ${fields.slice(0, 160)}`)
  }
  const left = Math.max(0, report.changes.length - MAX_CHANGES) + report.moreChanges
  if (left > 0) to.out(`… ${left} ${text.more}`)
  const { rows, created, updated, unchanged } = report
  to.out(
    `${rows} ${text.rows}: ${created} ${text.new}, ${updated} ${text.changed}, ${unchanged} ${text.same}.`,
  )
  if (report.dryRun) to.out(text.dryRun)
}

function printErrors(to: Terminal, errors: ImportReport['errors'], locale: Locale): void {
  const text = words[locale]
  for (const error of errors) {
    const place = error.column === null ? '' : `, ${text.column} ${error.column}`
    const value = error.value === null ? '' : ` "${error.value}"`
    to.err(`${text.row} ${error.row}${place}${value}: ${error.message} ${error.advice}`)
  }
  to.err(text.nothing)
}

const words = {
  nl: {
    row: 'regel',
    rows: 'regels',
    column: 'kolom',
    create: 'nieuw',
    update: 'wijzigt',
    new: 'nieuw',
    changed: 'gewijzigd',
    same: 'gelijk',
    more: 'wijzigingen meer',
    dryRun: 'Dit was een proef: er is niets opgeslagen.',
    nothing: 'Er is niets ingelezen.',
  },
  en: {
    row: 'row',
    rows: 'rows',
    column: 'column',
    create: 'new',
    update: 'changes',
    new: 'new',
    changed: 'changed',
    same: 'the same',
    more: 'more changes',
    dryRun: 'This was a dry run: nothing was saved.',
    nothing: 'Nothing was imported.',
  },
} as const
