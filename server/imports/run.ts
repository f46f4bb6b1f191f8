import { createHash } from 'node:crypto'
import type { Tx } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { ImportReport } from '../contract/records.ts'
import { inSlices } from '../event-loop/slices.ts'
import type { NewEvent } from '../events/event.ts'
import { append, appendAll } from '../events/events.ts'
import { Refusal, type SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { refuseGuessing } from '../http/guesses.ts'
import { describeFaults } from '../tables/flaws.ts'
import { choicesOf, type HeadingChoice, type HeadingChoices, headingOf } from '../tables/headings.ts'
import { content } from '../tables/records.ts'
import { type Columns, type OtherKind, readTable, type Table } from '../tables/table.ts'
import { applyCases, applyWorkers, type Writing } from './apply.ts'
import { caseColumns, planCases } from './cases.ts'
import { rememberedHeadings, rememberHeadings } from './headings.ts'
import { changeCount, changesOf, isChange, type Plan } from './plan.ts'
import { casesState, type ReadScope, workersState } from './state.ts'
import { planWorkers, workerColumns } from './workers.ts'

export type ImportKind = ImportReport['kind']

/** A file that somebody hands in. */
export interface ImportOrder {
  kind: ImportKind
  text: string
  dryRun: boolean
  /** What columns that are named otherwise are here; what was said before holds for the others. */
  columns?: readonly HeadingChoice[]
  organisationId: number
  /** Teams that the file may touch. */
  teamIds: readonly number[] | 'all'
  mayCreateTeams: boolean
  /** null: the command line. */
  actor: SignedIn | null
  locale: Locale
  today: string
  now: Date
}

const columnNames = (columns: Readonly<Record<string, { name: string }>>) =>
  Object.values(columns).map(one => one.name)
const otherThan: Record<ImportKind, OtherKind> = {
  workers: { flaw: 'casesFile', columns: columnNames({ ...caseColumns }) },
  cases: { flaw: 'workersFile', columns: columnNames({ ...workerColumns }) },
}

/**
 * Reads a file, compares it with what there is, and unless it is a dry run or something is wrong carries it out, all or
 * nothing: a report with errors changed nothing. Throws a 409 refusal for a file that was imported before.
 */
export async function runImport(tx: Tx, order: ImportOrder): Promise<ImportReport> {
  const choices = new Map([...(await rememberedHeadings(tx, order)), ...choicesGiven(order)])
  return order.kind === 'workers' ? importWorkers(tx, order, choices) : importCases(tx, order, choices)
}

/** The choices that came along; 422 for a column that this kind of list does not have. */
function choicesGiven({ kind, columns = [], locale }: ImportOrder): HeadingChoices {
  const errors = new FieldErrors(locale)
  const own = columnNames(kind === 'workers' ? { ...workerColumns } : { ...caseColumns })
  for (const [index, { column }] of columns.entries()) {
    if (column !== null && !own.includes(column)) {
      errors.add(
        `columns.${index}.column`,
        {
          nl: `Kies een van deze kolommen: ${own.join(', ')}.`,
          en: `Choose one of these columns: ${own.join(', ')}.`,
        },
        column,
      )
    }
  }
  errors.refuse()
  return choicesOf(columns)
}

/** What counts as this very file: its content, and what its columns were taken for. */
function hashOf({ text }: ImportOrder, { others }: Pick<Table<unknown>, 'others'>): string {
  const taken = others.map(({ heading, column }) => [headingOf(heading), column])
  const hash = createHash('sha256').update(content(text))
  return (taken.length > 0 ? hash.update(`\n${JSON.stringify(taken)}`) : hash).digest('hex')
}

async function importWorkers(tx: Tx, order: ImportOrder, choices: HeadingChoices): Promise<ImportReport> {
  const table = await inSlices(readTable(order.text, workerColumns, otherThan.workers, choices))
  const sha256 = hashOf(order, table)
  if (!order.dryRun) await refuseSameFile(tx, order, sha256)
  if (!order.dryRun) await lock(tx, 'worker', order.organisationId)
  const state = await workersState(tx, scopeOf(order), order.mayCreateTeams, order.today)
  const plan = await inSlices(planWorkers(table, state))
  await refuseGuessing(tx, order, plan.withheld)
  if (!order.dryRun && plan.faults.length === 0) {
    await applyWorkers({ ...order, ...state, tx }, plan)
    await recordImport(tx, order, plan, sha256, 'worker')
    await rememberHeadings(tx, order, chosenIn(table))
  }
  return reported(tx, order, plan, table, workerColumns)
}

async function importCases(tx: Tx, order: ImportOrder, choices: HeadingChoices): Promise<ImportReport> {
  const table = await inSlices(readTable(order.text, caseColumns, otherThan.cases, choices))
  const sha256 = hashOf(order, table)
  if (!order.dryRun) await refuseSameFile(tx, order, sha256)
  if (!order.dryRun) await lock(tx, 'caseFile', order.organisationId)
  const state = await casesState(tx, scopeOf(order), order.today)
  const plan = await inSlices(planCases(table, state))
  await refuseGuessing(tx, order, plan.withheld)
  if (!order.dryRun && plan.faults.length === 0) {
    const writing: Writing = { ...order, ...state, tx }
    await applyCases(writing, plan, state.workerIds)
    await recordImport(tx, order, plan, sha256, 'case')
    await rememberHeadings(tx, order, chosenIn(table))
  }
  return reported(tx, order, plan, table, caseColumns)
}

/** The choices that this file made use of. */
function chosenIn({ others }: Pick<Table<unknown>, 'others'>): HeadingChoices {
  return choicesOf(
    others.flatMap(({ heading, column }) => (column === undefined ? [] : [{ heading, column }])),
  )
}

/** What the plan is compared with must not change before it is carried out. */
async function lock(tx: Tx, table: 'worker' | 'caseFile', organisationId: number): Promise<void> {
  await tx
    .selectFrom(table)
    .select('id')
    .where('organisationId', '=', organisationId)
    .orderBy('id')
    .forUpdate()
    .execute()
}

async function refuseSameFile(tx: Tx, order: ImportOrder, sha256: string): Promise<void> {
  const before = await tx
    .selectFrom('importFile')
    .select('createdAt')
    .where('organisationId', '=', order.organisationId)
    .where('kind', '=', order.kind)
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  if (!before) return
  const at = (locale: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(before.createdAt)
  throw new Refusal(409, {
    nl: `Precies dit bestand is al ingelezen op ${at('nl-NL')}. Er is niets gewijzigd. Maak een nieuw bestand als er iets anders in moet staan.`,
    en: `Exactly this file has already been imported, on ${at('en-GB')}. Nothing has changed. Make a new file if it should say something else.`,
  })
}

/** One event for the file, one for every record that it made or changed; names of fields, never their values. */
async function recordImport<R extends { team: string }>(
  tx: Tx,
  order: ImportOrder,
  plan: Plan<R>,
  sha256: string,
  objectType: 'worker' | 'case',
): Promise<void> {
  const { organisationId, actor, kind } = order
  const counts = countsOf(plan)
  const rowCount = plan.items.length
  await tx
    .insertInto('importFile')
    .values({ organisationId, kind, sha256, rowCount, importedBy: actor?.id ?? null, createdAt: order.now })
    .execute()
  const common = { actor, organisationId, at: order.now }
  const teams = await tx
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', organisationId)
    .execute()
  const teamIds = new Map(teams.map(team => [team.name, team.id]))
  const file = {
    ...common,
    type: `${kind}.imported` as const,
    teamId: null,
    objectType: 'organisation',
    objectId: String(organisationId),
    data: { sha256, rows: rowCount, ...counts, newTeams: plan.newTeams.map(team => team.name) },
  }
  const records = plan.items
    .filter(item => item.before === null || item.fields.length > 0)
    .map(item => ({
      ...common,
      type: `${objectType}.${item.before === null ? 'importedNew' : 'importedChange'}` as const,
      teamId: teamIds.get(item.record.team) ?? null,
      objectType,
      objectId: item.id,
      data: { fields: item.fields },
    }))
  appendAll(tx, [file, ...records])
}

/** What a report tells one by one; nobody reads twenty thousand lines, and the counts hold for all of them. */
const MAX_CHANGES = 1000

const NOTHING = { created: 0, updated: 0, unchanged: 0 } as const

/** What a file with errors gets when it was to be carried out: every error by row and column, and that nothing was done. */
function notImported({ faults, errors }: ImportReport, events: readonly NewEvent[]): Refusal {
  return new Refusal(
    422,
    {
      nl: `Er is niets ingelezen: er ${faults === 1 ? 'staat één fout' : `staan ${faults} fouten`} in het bestand. Verbeter het en lees het opnieuw in.`,
      en: `Nothing was imported: there ${faults === 1 ? 'is one error' : `are ${faults} errors`} in the file. Correct it and import it again.`,
    },
    { ...NOTHING, faults, errors: errors.map(one => ({ field: 'text', ...one })) },
    events,
  )
}

function countsOf<R>(plan: Plan<R>): { created: number; updated: number; unchanged: number } {
  const created = plan.items.filter(item => item.before === null).length
  const updated = plan.items.filter(isChange).length - created
  return { created, updated, unchanged: plan.items.length - created - updated }
}

/** An administrator imports cases and reads none; a file full of guesses must not tell what is there. */
function scopeOf({ organisationId, teamIds, actor }: ImportOrder): ReadScope {
  const reads = {
    cases: actor === null ? ('all' as const) : actor.teamsFor('case.read'),
    workers: actor === null ? ('all' as const) : actor.teamsFor('worker.read'),
  }
  return { organisationId, teamIds, reads }
}

/** The report; of a file that changed nothing, that it was tried is on record. */
async function reported<R>(
  tx: Tx,
  order: ImportOrder,
  plan: Plan<R>,
  { rows: { length: rows }, others }: Pick<Table<R>, 'rows' | 'others'>,
  columns: Columns<R>,
): Promise<ImportReport> {
  const { kind, dryRun, locale } = order
  // One wrong row stops the file, so then nothing would happen, whatever the other rows say.
  const isStopped = plan.faults.length > 0
  const counts = isStopped ? NOTHING : countsOf(plan)
  const tried = { rows, ...counts, faults: plan.faults.length, withheld: plan.withheld }
  if (dryRun) append(tx, triedEvent(order, tried))
  const report = {
    kind,
    dryRun,
    rows,
    ...counts,
    changes: isStopped ? [] : await inSlices(changesOf(plan, columns, MAX_CHANGES)),
    moreChanges: isStopped ? 0 : Math.max(0, changeCount(plan) - MAX_CHANGES),
    columns: columnNames(columns as Readonly<Record<string, { name: string }>>),
    headings: others.map(({ heading, column, example }) => ({
      heading: heading.slice(0, 100),
      column: column ?? null,
      chosen: column !== undefined,
      example,
    })),
    faults: plan.faults.length,
    errors: describeFaults(plan.faults, locale),
  }
  // The command line prints the report as it is.
  if (isStopped && !dryRun && order.actor !== null) throw notImported(report, [triedEvent(order, tried)])
  return report
}

/** That a file was tried and changed nothing. */
function triedEvent(
  { kind, organisationId, actor, now }: ImportOrder,
  data: Record<string, unknown>,
): NewEvent {
  return {
    type: `${kind}.importTried`,
    actor,
    organisationId,
    teamId: null,
    objectType: 'organisation',
    objectId: String(organisationId),
    data,
    at: now,
  }
}
