import { stringify } from 'csv-stringify/sync'
import writeXlsxFile from 'write-excel-file/node'
import type { Locale } from './contract/common.ts'

export interface Sheet {
  name: string
  headings: readonly string[]
  /** A cell is a text, a number, or null for nothing. */
  rows: readonly (readonly (string | number | null)[])[]
}

/**
 * As the spreadsheet of the reader opens it by itself: for Dutch readers semicolons, a decimal comma and a byte order mark;
 * for others RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function sheetCsv({ headings, rows }: Sheet, locale: Locale): string {
  const isDutch = locale === 'nl'
  const text = (cell: string | number | null) => {
    if (cell === null) return ''
    if (typeof cell === 'number') return isDutch ? String(cell).replace('.', ',') : String(cell)
    return guarded(cell)
  }
  return stringify([headings.map(guarded), ...rows.map(row => row.map(text))], {
    bom: isDutch,
    delimiter: isDutch ? ';' : ',',
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
  })
}

/** The same sheet as a workbook: numbers are numbers, everything else is text, so nothing can be a formula. */
export async function sheetXlsx({ name, headings, rows }: Sheet): Promise<Buffer> {
  const file = writeXlsxFile(
    [
      headings.map(value => ({ value, type: String, fontWeight: 'bold' as const })),
      ...rows.map(row =>
        row.map(value =>
          value === null || value === ''
            ? null
            : typeof value === 'number'
              ? { value, type: Number }
              : { value, type: String },
        ),
      ),
    ],
    {
      sheet: name,
      stickyRowsCount: 1,
      columns: headings.map(heading => ({ width: Math.max(12, heading.length + 2) })),
    },
  )
  return file.toBuffer()
}

function guarded(cell: string): string {
  return /^[\s']*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}
