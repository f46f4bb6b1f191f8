import { constants, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { sheetXlsx } from '../../server/tables/spreadsheet.ts'

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
