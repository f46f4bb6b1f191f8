import { stringify } from 'csv-stringify/sync'
import { tidy } from '../contract/names.ts'
import type { Sliced } from '../event-loop/slices.ts'
import { type Codec, flawed, type Wrong } from './cell.ts'
import type { Flaw, FlawCode } from './flaws.ts'
import { type Fault, ofFile } from './flaws.ts'
import { type HeadingChoices, headingOf } from './headings.ts'
import { LIMITS, type Records, readRecords } from './records.ts'

/** A column of a file: its name in line 1, and how its values are written. */
export interface Column<T> {
  name: string
  codec: Codec<T>
}
/** The columns of a kind of file, by field of the record. */
export type Columns<R> = { readonly [K in keyof R]: Column<R[K]> }
type Field<R> = keyof R & string

/** A row as read: the fields of the columns that the file has and that could be read, and the text of all of them. */
export interface TableRow<R> {
  /** As a spreadsheet counts: the header line is row 1. */
  row: number
  record: Partial<R>
  cells: ReadonlyMap<keyof R, string>
}

/** A column of the file that is named otherwise than ours. */
export interface OtherHeading {
  heading: string
  /** Which of ours it is, by choice; null when it is passed over, undefined when nobody chose yet. */
  column: string | null | undefined
  /** The first value in it. */
  example: string | null
}

export interface Table<R> {
  /** Fields that the file has a column for. */
  fields: Field<R>[]
  others: OtherHeading[]
  rows: TableRow<R>[]
  faults: Fault[]
}

/** The kind of file that people may mix up with this one, and what to say then. */
export interface OtherKind {
  flaw: FlawCode
  columns: readonly string[]
}

/**
 * Reads a file of this kind. Never throws on what people may hand in: everything that is wrong comes back as a fault with
 * its row and column, all of it at once.
 */
export function* readTable<R>(
  text: string,
  columns: Columns<R>,
  other: OtherKind,
  choices: HeadingChoices = new Map(),
): Sliced<Table<R>> {
  const { records, faults } = yield* readRecords(text)
  const [header, ...lines] = records
  if (!header) return { fields: [], others: [], rows: [], faults }
  const { places, ...head } = readHeader(header, columns, other, choices)
  const others = head.others.map(({ index, ...one }) => ({ ...one, example: exampleOf(lines, index) }))
  faults.push(...head.faults)
  const fields = places.filter(field => field !== null)
  if (lines.length > LIMITS.rows) faults.push(ofFile('tooManyRows', { most: LIMITS.rows }))
  // Without a single known column there is nothing to say of the rows.
  if (fields.length === 0 || lines.length > LIMITS.rows) return { fields, others, rows: [], faults }
  const rows: TableRow<R>[] = []
  for (const { cells, row } of lines) {
    if (cells.some(cell => cell.trim() !== '')) rows.push(readRow(cells, row, places, columns, faults))
    yield
  }
  if (rows.length === 0 && faults.length === 0) faults.push(ofFile('noRows'))
  return { fields, others, rows, faults }
}

const EXAMPLE = 40

function exampleOf(lines: Records['records'], index: number): string | null {
  const cell = lines.map(({ cells }) => tidy(cells[index] ?? '')).find(one => one !== '')
  return cell === undefined ? null : cell.slice(0, EXAMPLE)
}

function readHeader<R>(
  { cells, row }: Records['records'][number],
  columns: Columns<R>,
  other: OtherKind,
  choices: HeadingChoices,
): {
  places: (Field<R> | null)[]
  others: (Omit<OtherHeading, 'example'> & { index: number })[]
  faults: Fault[]
} {
  const own = Object.keys(columns) as Field<R>[]
  const byName = new Map(own.map(field => [columns[field].name, field]))
  const faults: Fault[] = []
  const at = (name: string | null, { flaw }: { flaw: Flaw }) =>
    faults.push({ row, column: name, value: name, flaw })
  const names = cells.map(headingOf)
  const unread = { places: [], others: [], faults }
  if (names.length > LIMITS.columns) at(null, flawed('tooManyColumns', { most: LIMITS.columns }))
  else if (looksLike(names, other.columns, byName)) at(null, flawed(other.flaw))
  if (faults.length > 0) return unread

  const seen = new Set<Field<R>>()
  const others: (Omit<OtherHeading, 'example'> & { index: number })[] = []
  const places = names.map((name, index): Field<R> | null => {
    const heading = tidy(cells[index]!)
    if (name === '') at(null, flawed('namelessColumn'))
    if (name === '') return null
    const chosen = byName.has(name) ? name : choices.get(name)
    if (chosen !== name) others.push({ heading, column: chosen, index })
    if (chosen === null) return null
    const field = byName.get(chosen ?? '')
    if (field === undefined) at(heading, flawed('unknownColumn', { columns: [...byName.keys()].join(', ') }))
    else if (seen.has(field)) at(heading, flawed('doubleColumn'))
    if (field === undefined || seen.has(field)) return null
    seen.add(field)
    return field
  })
  if (!seen.has(own[0]!)) at(columns[own[0]!].name, flawed('missingColumn'))
  return { places, others, faults }
}

/** More of its columns belong to the other kind of file than to this one. */
function looksLike(
  names: readonly string[],
  others: readonly string[],
  own: ReadonlyMap<string, unknown>,
): boolean {
  return names.filter(name => others.includes(name)).length > names.filter(name => own.has(name)).length
}

function readRow<R>(
  cells: readonly string[],
  row: number,
  places: readonly (Field<R> | null)[],
  columns: Columns<R>,
  faults: Fault[],
): TableRow<R> {
  const record: Partial<R> = {}
  const texts = new Map<keyof R, string>()
  if (cells.length !== places.length) {
    const code = cells.length > places.length ? 'tooManyCells' : 'tooFewCells'
    const facts = { cells: cells.length, columns: places.length }
    faults.push({ row, column: null, value: null, flaw: { code, facts } })
    return { row, record, cells: texts }
  }
  for (const [index, field] of places.entries()) {
    if (field === null) continue
    const { name, codec } = columns[field]
    const written = unguarded(cells[index]!.trim())
    const cell = tidy(written)
    texts.set(field, cell)
    const read = flawOfCell(written) ?? codec.read(cell)
    if ('value' in read) record[field] = read.value
    else
      for (const flaw of [read.flaw, ...(read.more ?? [])])
        faults.push({ row, column: name, value: cell, flaw })
  }
  return { row, record, cells: texts }
}

/** What no cell may be, whatever its column. */
function flawOfCell(cell: string): Wrong | null {
  if (cell.length > LIMITS.cell) return flawed('tooLong', { most: LIMITS.cell })
  if (/[\n\v\f\r\u0085\u2028\u2029]/.test(cell)) return flawed('lineEnd')
  if (/^#+$/.test(cell)) return flawed('tooNarrow')
  return SPREADSHEET_ERROR.test(cell) ? flawed('spreadsheetError') : null
}

const SPREADSHEET_ERROR =
  /^#(N\/B|N\/A|VERW!|REF!|WAARDE!|VALUE!|NAAM\?|NAME\?|DEEL\/0!|DIV\/0!|GETAL!|NUM!|LEEG!|NULL!)$/i

/**
 * A file of these records that a Dutch spreadsheet opens as it is: semicolons, CRLF, a byte order mark. A cell that a
 * spreadsheet would take for a formula gets an apostrophe in front, which `readTable` takes away again.
 */
export function writeTable<R>(records: readonly R[], columns: Columns<R>): string {
  const fields = Object.keys(columns) as (keyof R & string)[]
  const lines = records.map(record =>
    fields.map(field => guarded(columns[field].codec.write(record[field]).trim())),
  )
  return stringify([fields.map(field => columns[field].name), ...lines], {
    bom: true,
    delimiter: ';',
    record_delimiter: 'windows',
    // A lone line end inside a cell is one too for whoever reads this.
    quoted_match: /[\r\n]/,
  })
}

function guarded(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}
