import { expect, test } from 'vitest'
import { linksAsCsv, readLines } from '../../web/admin/invite-lines.ts'

test('a pasted list is read as people have it, and each line says what it lacks', () => {
  const list = [
    'B. Jansen; b.jansen@voorbeeld.nl; jb-001',
    'jb-002\tc.vries@voorbeeld.nl\tC. de Vries',
    'D. Bakker <d.bakker@voorbeeld.nl>',
    'Smit, E., e.smit@voorbeeld.nl',
    '',
    'M. Visser; ; jb-003',
    'f.meijer@voorbeeld.nl',
    'G. Mulder; geen-adres@',
    'B. Jansen; B.Jansen@voorbeeld.nl',
  ].join('\r\n')
  expect(readLines(list)).toEqual([
    { row: 1, name: 'B. Jansen', email: 'b.jansen@voorbeeld.nl', staffNumber: 'jb-001', fault: null },
    { row: 2, name: 'C. de Vries', email: 'c.vries@voorbeeld.nl', staffNumber: 'jb-002', fault: null },
    { row: 3, name: 'D. Bakker', email: 'd.bakker@voorbeeld.nl', staffNumber: null, fault: null },
    { row: 4, name: 'Smit, E.', email: 'e.smit@voorbeeld.nl', staffNumber: null, fault: null },
    { row: 6, name: 'M. Visser', email: '', staffNumber: 'jb-003', fault: 'email' },
    { row: 7, name: '', email: 'f.meijer@voorbeeld.nl', staffNumber: null, fault: 'name' },
    { row: 8, name: 'G. Mulder', email: 'geen-adres@', staffNumber: null, fault: 'email' },
    { row: 9, name: 'B. Jansen', email: 'B.Jansen@voorbeeld.nl', staffNumber: null, fault: 'twice' },
  ])
})

test('a file of links opens in a spreadsheet, and no cell of it is a formula', () => {
  expect(linksAsCsv(['Naam'], [['=1+1'], ['A "B"']])).toBe('\uFEFF"Naam"\r\n"\'=1+1"\r\n"A ""B"""\r\n')
})
