import { CsvError, parse } from 'csv-parse/sync'
import type { Sliced } from '../event-loop/slices.ts'
import type { FlawCode } from './flaws.ts'
import { type Fault, ofFile } from './flaws.ts'

export const LIMITS = { characters: 5_000_000, rows: 20_000, columns: 60, cell: 1_000 } as const

/** The lines of a file as cells, each with its row as a spreadsheet counts; and what is wrong with the text itself. */
export interface Records {
  records: { row: number; cells: string[] }[]
  faults: Fault[]
}

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

/** Cells of CSV with ; or , or tab, in any mix of line ends. A file that is none has one fault and no records. */
export function* readRecords(text: string): Sliced<Records> {
  const body = content(text)
  const unusable = wholeFileFlaw(body)
  if (unusable) return { records: [], faults: [ofFile(unusable)] }
  // A hint that spreadsheets write and hide; it counts as a row for the row numbers only.
  const hint = /^sep=(.)\r?\n/i.exec(body)
  const rest = body.slice(hint ? hint[0].length : 0)
  const firstRow = hint ? 2 : 1
  const delimiter = hint ? hint[1]! : delimiterOf(body)
  const { lines, faults } = yield* parsed(rest, delimiter, firstRow)
  return { records: withoutTrailingSeparator(lines), faults }
}

/** How a workbook begins when its bytes are taken for text: the zip of .xlsx, and the older .xls. */
const WORKBOOKS = ['PK\u0003\u0004', '\u00d0\u00cf\u0011\u00e0']
const SIGNS: readonly [RegExp, FlawCode][] = [
  [/^\ufeff?\s*BEGIN:VCALENDAR/i, 'calendar'],
  [/^\s*BEGIN:VCARD/i, 'otherFile'],
  [/^%PDF-|^\{\\rtf/, 'otherFile'],
  [/^\s*(<[!?a-z]|\{\s*"|\[\s*[{[])/i, 'notCsv'],
]

function wholeFileFlaw(body: string): FlawCode | null {
  if (body.trim() === '') return 'emptyFile'
  if (body.length > LIMITS.characters) return 'tooLarge'
  if (WORKBOOKS.some(start => body.startsWith(start))) return 'spreadsheet'
  const sign = SIGNS.find(([pattern]) => pattern.test(body))
  if (sign) return sign[1]
  if (body.includes('\0')) return 'zeroByte'
  return /[\ufffd\p{Surrogate}]/u.test(body) ? 'encoding' : null
}

/** The separator that line 1 holds most of. */
function delimiterOf(body: string): string {
  const line = /^[^\r\n]*/.exec(body)![0]
  const counts = [';', ',', '\t'].map(one => ({ one, count: line.split(one).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).one
}

type Lines = Records['records']

/** One faulty quotation mark hides nothing else: then every line is read by itself, and each fault is told. */
function* parsed(
  body: string,
  delimiter: string,
  firstRow: number,
): Sliced<{ lines: Lines; faults: Fault[] }> {
  const whole = yield* cellsOfBlocks(body, delimiter)
  if ('records' in whole) {
    const lines = whole.records.map((cells, index) => ({ cells, row: firstRow + index }))
    return { lines, faults: [] }
  }
  const lines: Lines = []
  const faults: Fault[] = []
  const texts = body.split(/\r\n|\n|\r/).slice(0, MAX_RECORDS)
  for (const [index, text] of texts.entries()) {
    const row = firstRow + index
    const line = cellsOf(text, delimiter)
    if ('code' in line) faults.push({ row, column: null, value: null, flaw: { code: line.code, facts: {} } })
    else if (line.records[0]) lines.push({ row, cells: line.records[0] })
    yield
  }
  return { lines, faults }
}

type Cells = { records: string[][] } | { code: FlawCode }

/** As `cellsOf`, block by block. */
function* cellsOfBlocks(body: string, delimiter: string): Sliced<Cells> {
  const records: string[][] = []
  for (const block of blocksOf(body)) {
    const read = cellsOf(block, delimiter)
    if ('code' in read) return read
    for (const cells of read.records) records.push(cells)
    if (records.length > MAX_RECORDS) break
    yield
  }
  return { records: records.slice(0, MAX_RECORDS) }
}

const BLOCK = 32_768

/** The text cut at ends of lines that are no part of a cell: there every quotation mark has its other one. */
function* blocksOf(body: string): Generator<string, void, void> {
  const lineEnd = /\r\n|\n|\r/g
  let start = 0
  let counted = 0
  let isQuoted = false
  for (let found = lineEnd.exec(body); found; found = lineEnd.exec(body)) {
    const end = lineEnd.lastIndex
    for (let at = body.indexOf('"', counted); at !== -1 && at < end; at = body.indexOf('"', at + 1))
      isQuoted = !isQuoted
    counted = end
    if (isQuoted || end - start < BLOCK) continue
    yield body.slice(start, end)
    start = end
  }
  if (start < body.length) yield body.slice(start)
}

/** The header, the rows, and one more to see that there are too many. */
const MAX_RECORDS = LIMITS.rows + 2

function cellsOf(text: string, delimiter: string): Cells {
  try {
    const records = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      to: MAX_RECORDS,
    })
    return { records }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { code: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'unclosedQuote' : 'strayQuote' }
  }
}

/** A separator at the end of every line makes a last column with nothing in it; that one does no harm. */
function withoutTrailingSeparator(lines: Lines): Lines {
  const width = lines[0]?.cells.length ?? 0
  const empty =
    width > 1 && lines.every(({ cells }) => cells.length < width || cells[width - 1]!.trim() === '')
  if (!empty) return lines
  return lines.map(one => (one.cells.length === width ? { ...one, cells: one.cells.slice(0, -1) } : one))
}
