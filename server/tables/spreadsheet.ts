import { stringify } from 'csv-stringify/sync'
import writeXlsxFile from 'write-excel-file/node'
import type { Locale } from '../contract/common.ts'

/** A cell is a text, a number, a day, or null for nothing. */
export type Cell = string | number | Day | null

/** A day that a spreadsheet can sort and calculate with; a text that looks like one stays text. */
interface Day {
  day: string
}
export const dayCell = (day: string | null): Day | null => (day ? { day } : null)

export interface Sheet {
  name: string
  headings: readonly string[]
  rows: readonly (readonly Cell[])[]
  /** Lines before the table that say what it is about. */
  above?: readonly (readonly Cell[])[]
  /** Further tables: sheets of the same workbook, and below the first in a text file. */
  more?: readonly Omit<Sheet, 'more'>[]
}

/**
 * As the spreadsheet of the reader opens it by itself: for Dutch readers semicolons, a decimal comma and a byte order mark;
 * for others RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function sheetCsv(sheet: Sheet, locale: Locale): string {
  const isDutch = locale === 'nl'
  const text = (cell: Cell) => {
    if (cell === null) return ''
    if (typeof cell === 'number') return isDutch ? String(cell).replace('.', ',') : String(cell)
    return typeof cell === 'string' ? guarded(cell) : cell.day
  }
  const lines = (one: Omit<Sheet, 'more'>) => [
    ...(one.above?.length ? [...one.above, []] : []),
    one.headings,
    ...one.rows,
  ]
  const all = [...lines(sheet), ...(sheet.more ?? []).flatMap(one => [[], [one.name], ...lines(one)])]
  return stringify(
    all.map(line => line.map(text)),
    {
      bom: isDutch,
      delimiter: isDutch ? ';' : ',',
      record_delimiter: 'windows',
      quoted_match: /[\r\n]/,
    },
  )
}

/** The same as a workbook: numbers are numbers, days are days, everything else is text, so nothing can be a formula. */
export async function sheetXlsx(sheet: Sheet): Promise<Buffer> {
  const cellOf = (value: Cell) =>
    value === null || value === ''
      ? null
      : typeof value === 'number'
        ? { value, type: Number }
        : typeof value === 'string'
          ? { value, type: String }
          : { value: new Date(value.day), type: Date, format: 'yyyy-mm-dd' }
  const boldOf = (value: Cell) => ({
    value: typeof value === 'object' ? '' : String(value),
    type: String,
    fontWeight: 'bold' as const,
  })
  const file = writeXlsxFile(
    [sheet, ...(sheet.more ?? [])].map(({ name, headings, rows, above = [] }) => ({
      data: [
        ...above.map(([label = null, ...values]) => [boldOf(label), ...values.map(cellOf)]),
        ...(above.length > 0 ? [[]] : []),
        headings.map(boldOf),
        ...rows.map(row => row.map(cellOf)),
      ],
      sheet: name.slice(0, MAX_NAME_LENGTH),
      stickyRowsCount: above.length > 0 ? above.length + 2 : 1,
      columns: headings.map(heading => ({ width: Math.max(12, heading.length + 2) })),
    })),
  )
  return file.toBuffer()
}

/** Of a sheet in a workbook. */
const MAX_NAME_LENGTH = 31

function guarded(cell: string): string {
  return /^[\s']*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}
