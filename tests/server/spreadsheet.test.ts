import { constants, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileName } from '../../server/http/attachment.ts'
import { dayCell, sheetCsv, sheetXlsx } from '../../server/tables/spreadsheet.ts'

/** What is in the files of a workbook. */
function textOf(book: Buffer): string {
  const parts: string[] = []
  for (let at = book.indexOf('PK\u0003\u0004'); at >= 0; at = book.indexOf('PK\u0003\u0004', at + 4)) {
    const start = at + 30 + book.readUInt16LE(at + 26) + book.readUInt16LE(at + 28)
    if (book.readUInt16LE(at + 8) !== 8) continue
    parts.push(inflateRawSync(book.subarray(start), { finishFlush: constants.Z_SYNC_FLUSH }).toString())
  }
  return parts.join('\n')
}

test('characters that XML cannot hold stay out of a workbook; all others stay in it', async () => {
  const book = await sheetXlsx({
    name: 'Blad',
    headings: ['Reden'],
    rows: [['a\u0001b\u001fc\uffffd é 😀 <&>']],
  })
  const text = textOf(book)
  expect(text).toContain('abcd é 😀 &lt;&amp;&gt;')
  expect(text).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u)
})

test('days are days of the spreadsheet, the same in every time zone; what only looks like one stays text', async () => {
  const sheet = {
    name: 'Blad',
    headings: ['Dag', 'Tekst', 'Leeg'],
    rows: [[dayCell('2026-03-29'), '2026-03-29', dayCell(null)]],
  }
  const text = textOf(await sheetXlsx(sheet))
  // The 46,110th day since 1900 as spreadsheets count them.
  expect(text).toMatch(/<c r="A2"[^>]*><v>46110<\/v>/)
  expect(text).toContain('yyyy-mm-dd')
  expect(text.match(/2026-03-29/g)).toHaveLength(1)
  expect(sheetCsv(sheet, 'nl')).toBe('\uFEFFDag;Tekst;Leeg\r\n2026-03-29;2026-03-29;\r\n')
})

test('the name of a file is safe in every file system', () => {
  expect(fileName(['werklast', 'Team Óost / "Noord"', '2026-11-30'])).toBe(
    'werklast-team-oost-noord-2026-11-30',
  )
  expect(fileName(['workload', null, '2026-11-30'])).toBe('workload-2026-11-30')
  expect(fileName(['../../x', '\r\nSet-Cookie: a', '2026-11-30'])).toBe('x-set-cookie-a-2026-11-30')
})
