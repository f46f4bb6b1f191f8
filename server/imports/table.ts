import { CsvError, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { type Codec, type Flaw, flawed } from './cell.ts'
import type { Fault, FlawCode } from './flaws.ts'

/** A column of a file: its name in line 1, and how its values are written. */
export interface Column<T> {
  name: string
  codec: Codec<T>
}
/** The columns of a kind of file, by field of the record. */
export type Columns<R> = { readonly [K in keyof R]: Column<R[K]> }

/** A row as read: the fields of the columns that the file has, and their text. */
export interface TableRow<R> {
  /** As a spreadsheet counts: the header line is row 1. */
  row: number
  record: Partial<R>
  cells: ReadonlyMap<keyof R, string>
}

export interface Table<R> {
  /** Fields that the file has a column for. */
  fields: (keyof R & string)[]
  rows: TableRow<R>[]
  faults: Fault[]
}

/** The kind of file that people may mix up with this one, and what to say then. */
export interface OtherKind {
  flaw: FlawCode
  columns: readonly string[]
}

export const LIMITS = { characters: 5_000_000, rows: 20_000, columns: 60, cell: 1_000 } as const

/** Bytes of a file as text: UTF-8 only, a broken character is an error and never replaced. */
export function decode(bytes: Uint8Array): { text: string } | { fault: Fault } {
  if (bytes.length > LIMITS.characters) return { fault: ofFile('tooLarge') }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) {
    return { fault: ofFile('spreadsheet') }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { fault: ofFile('encoding') }
  }
}

/** The text without a byte order mark: what counts as the content of the file. */
export function content(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/**
 * Reads CSV with ; or , or tab, in any mix of line ends. Never throws on what people may hand in: everything that is wrong
 * comes back as a fault with its row and column, as much as possible at once.
 */
export function readTable<R>(text: string, columns: Columns<R>, other: OtherKind): Table<R> {
  const body = content(text)
  const unusable = wholeFileFlaw(body)
  if (unusable) return { fields: [], rows: [], faults: [ofFile(unusable)] }
  // A hint that spreadsheets write and hide; it counts as a row for the line numbers only.
  const hint = /^sep=(.)\r?\n/i.exec(body)
  const start = hint ? hint[0].length : 0
  const firstRow = hint ? 2 : 1
  const delimiter = hint ? hint[1]! : delimiterOf(body)
  const parsed = parseRecords(body.slice(start), delimiter, firstRow)
  if ('fault' in parsed) return { fields: [], rows: [], faults: [parsed.fault] }

  const [header, ...records] = withoutTrailingSeparator(parsed.records)
  const { fields, faults } = readHeader(header ?? [], columns, other, firstRow)
  if (faults.length > 0) return { fields: [], rows: [], faults }
  if (records.length > LIMITS.rows) {
    return { fields: [], rows: [], faults: [ofFile('tooManyRows', { most: LIMITS.rows })] }
  }
  const rows = records
    .map((cells, index) => ({ cells, row: firstRow + index + 1 }))
    .filter(({ cells }) => cells.some(cell => cell.trim() !== ''))
    .map(({ cells, row }) => readRow(cells, row, fields, columns, faults))
  if (rows.length === 0) faults.push(ofFile('noRows'))
  return { fields, rows, faults }
}

function wholeFileFlaw(body: string): FlawCode | null {
  if (body.trim() === '') return 'emptyFile'
  if (body.length > LIMITS.characters) return 'tooLarge'
  if (body.startsWith('PK\u0003\u0004')) return 'spreadsheet'
  if (body.includes('\0')) return 'zeroByte'
  if (/[\ufffd\p{Surrogate}]/u.test(body)) return 'encoding'
  return /^\s*(<[!?a-z]|\{\s*"|\[\s*[{[])/i.test(body) ? 'notCsv' : null
}

/** The separator that line 1 holds most of. */
function delimiterOf(body: string): string {
  const line = /^[^\r\n]*/.exec(body)![0]
  const counts = [';', ',', '\t'].map(one => ({ one, count: line.split(one).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).one
}

function parseRecords(
  body: string,
  delimiter: string,
  firstRow: number,
): { records: string[][] } | { fault: Fault } {
  try {
    const records = parse(body, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      to: LIMITS.rows + 2,
    })
    return { records }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const code = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'unclosedQuote' : 'strayQuote'
    const row = typeof error.records === 'number' ? firstRow + error.records : firstRow
    return { fault: { row, column: null, value: null, flaw: { code, facts: {} } } }
  }
}

/** A separator at the end of every line makes a last column with nothing in it; that one does no harm. */
function withoutTrailingSeparator(records: string[][]): string[][] {
  const width = records[0]?.length ?? 0
  const empty = width > 1 && records.every(cells => cells.length < width || cells[width - 1]!.trim() === '')
  return empty ? records.map(cells => (cells.length === width ? cells.slice(0, -1) : cells)) : records
}

function readHeader<R>(
  header: readonly string[],
  columns: Columns<R>,
  other: OtherKind,
  row: number,
): { fields: (keyof R & string)[]; faults: Fault[] } {
  const byName = new Map(
    (Object.keys(columns) as (keyof R & string)[]).map(field => [columns[field].name, field]),
  )
  const faults: Fault[] = []
  const fields: (keyof R & string)[] = []
  const names = header.map(name => name.trim().toLowerCase().replaceAll(' ', '_'))
  const at = (name: string | null, { flaw }: { flaw: Flaw }) =>
    faults.push({ row, column: name, value: name, flaw })
  if (names.length > LIMITS.columns) at(null, flawed('tooManyColumns', { most: LIMITS.columns }))
  else if (looksLike(names, other.columns, byName)) at(null, flawed(other.flaw))
  if (faults.length > 0) return { fields, faults }
  for (const [index, name] of names.entries()) {
    const field = byName.get(name)
    if (name === '') at(null, flawed('namelessColumn'))
    else if (field === undefined) {
      at(header[index]!, flawed('unknownColumn', { columns: [...byName.keys()].join(', ') }))
    } else if (fields.includes(field)) at(name, flawed('doubleColumn'))
    else fields.push(field)
  }
  const [key] = Object.keys(columns) as (keyof R & string)[]
  if (faults.length === 0 && !fields.includes(key!)) at(columns[key!].name, flawed('missingColumn'))
  return { fields, faults }
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
  fields: readonly (keyof R & string)[],
  columns: Columns<R>,
  faults: Fault[],
): TableRow<R> {
  const record: Partial<R> = {}
  const texts = new Map<keyof R, string>()
  if (cells.length !== fields.length) {
    const code = cells.length > fields.length ? 'tooManyCells' : 'tooFewCells'
    const facts = { cells: cells.length, columns: fields.length }
    faults.push({ row, column: null, value: null, flaw: { code, facts } })
    return { row, record, cells: texts }
  }
  for (const [index, field] of fields.entries()) {
    const { name, codec } = columns[field]
    const cell = unguarded(cells[index]!.trim())
    texts.set(field, cell)
    const read = flawOfCell(cell) ?? codec.read(cell)
    if ('flaw' in read) faults.push({ row, column: name, value: cell, flaw: read.flaw })
    else record[field] = read.value
  }
  return { row, record, cells: texts }
}

function flawOfCell(cell: string): { flaw: Flaw } | null {
  if (cell.length > LIMITS.cell) return flawed('tooLong', { most: LIMITS.cell })
  if (
    /^#(N\/B|N\/A|VERW!|REF!|WAARDE!|VALUE!|NAAM\?|NAME\?|DEEL\/0!|DIV\/0!|GETAL!|NUM!|LEEG!|NULL!|#+)$/i.test(
      cell,
    )
  ) {
    return flawed('spreadsheetError')
  }
  return null
}

function ofFile(code: FlawCode, facts: Flaw['facts'] = {}): Fault {
  return { row: 1, column: null, value: null, flaw: { code, facts } }
}

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
