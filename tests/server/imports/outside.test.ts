import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { atOnce, inSlices, type Sliced } from '../../../server/event-loop/slices.ts'
import type { CaseRecord } from '../../../server/imports/case-record.ts'
import { caseColumns } from '../../../server/imports/cases.ts'
import { workerColumns } from '../../../server/imports/workers.ts'
import { readRecords } from '../../../server/tables/records.ts'
import { readTable, type TableRow } from '../../../server/tables/table.ts'

const names = (columns: object) => Object.values(columns).map((one: { name: string }) => one.name)
const readWorkers = (text: string) =>
  atOnce(readTable(text, workerColumns, { flaw: 'casesFile', columns: names(caseColumns) }))
const readCases = (text: string) =>
  atOnce(readTable(text, caseColumns, { flaw: 'workersFile', columns: names(workerColumns) }))
const faults = (table: { faults: { row: number; column: string | null; flaw: { code: string } }[] }) =>
  table.faults.map(one => [one.row, one.column, one.flaw.code])

describe('a list as other systems write it', () => {
  const header = 'personeelsnummer;naam;team;contracturen;registratie;in_dienst_vanaf'

  it.each([
    ['1,23E+15', 'scientific'],
    ['1.23457E+15', 'scientific'],
    ['1234567890123450', 'numberLostDigits'],
    ['12-mrt', 'numberBecameDay'],
    ['KB 12-mrt', 'numberBecameDay'],
    ['mrt-26', 'numberBecameDay'],
    ['3-12-2026', 'numberBecameDay'],
    ['4711,00', 'numberBecameDecimal'],
    ['4711.0', 'numberBecameDecimal'],
    ['########', 'tooNarrow'],
    ['#NAAM?', 'spreadsheetError'],
    ['kb-1\nkb-2', 'lineEnd'],
    ['kb\u20281', 'lineEnd'],
  ])('a number that a spreadsheet made %s of is not taken for one', (number, code) => {
    const table = readWorkers(`${header}\n"${number}";M. de Vries;Team Oost;36;geregistreerd;1-2-2020`)
    expect(faults(table)).toEqual([[2, 'personeelsnummer', code]])
  })

  it.each(['KB-2026-03', 'mrt', 'dec-team1', 'A1E5', '0004711', '2020.10', 'zk-12-x'])(
    '%s is an ordinary number',
    number => {
      expect(
        faults(readWorkers(`${header}\n${number};M. de Vries;Team Oost;36;geregistreerd;1-2-2020`)),
      ).toEqual([])
    },
  )

  it.each([
    ['contracturen', '7-mei', 'amountBecameDay'],
    ['contracturen', '32:30', 'amountBecameDay'],
    ['contracturen', '3,2E+01', 'scientific'],
    ['contracturen', '###', 'tooNarrow'],
    ['in_dienst_vanaf', '12-mrt', 'monthInWords'],
    ['in_dienst_vanaf', '24 november 2026', 'monthInWords'],
    ['in_dienst_vanaf', '24-11-2026 09:30', 'dayWithTime'],
    ['in_dienst_vanaf', '46350', 'serialDate'],
  ])('%s with %s says what happened to it', (column, value, code) => {
    const cells = {
      naam: 'M. de Vries',
      team: 'Team Oost',
      contracturen: '36',
      registratie: 'geregistreerd',
      in_dienst_vanaf: '1-2-2020',
      [column]: value,
    }
    const table = readWorkers(`${header}\nkb-1;${Object.values(cells).join(';')}`)
    expect(faults(table)).toEqual([[2, column, code]])
  })

  it('days with midnight behind them, no-break spaces and invisible characters do no harm', () => {
    const odd = header.replaceAll(';', '\u00a0;\u200b').replace('in_dienst_vanaf', 'In\u00a0Dienst  vanaf')
    const table = readWorkers(
      `${odd}\n\u200bkb-1 ;A.\u00a0 Tester;Team\u00a0Oost;36;Geregistreerd;2026-02-01T00:00:00`,
    )
    expect(faults(table)).toEqual([])
    expect(table.rows[0]!.record).toMatchObject({
      staffNumber: 'kb-1',
      name: 'A. Tester',
      team: 'Team Oost',
      employedFrom: '2026-02-01',
    })
  })

  it('every word that a screen uses for a choice is understood', () => {
    const text = (locale: string, file: string) =>
      JSON.parse(readFileSync(new URL(`../../../web/text/${locale}/${file}.json`, import.meta.url), 'utf8'))
    for (const locale of ['nl', 'en']) {
      const cases = text(locale, 'cases')
      const words: [keyof CaseRecord, unknown, string][] = [
        ...Object.entries<string>(cases.urgency).map(([value, word]): [keyof CaseRecord, unknown, string] => [
          'urgency',
          value,
          word,
        ]),
        ...Object.entries<string>(cases.phase)
          .filter(([value]) => value !== 'unknown')
          .map(([value, word]): [keyof CaseRecord, unknown, string] => ['phase', value, word]),
        ['duoNeeded', true, text(locale, 'shell').yes],
      ]
      for (const [field, value, word] of words) {
        const table = readCases(`zaaknummer;${caseColumns[field].name}\nZK-1;${word}`)
        expect([faults(table), (table.rows as TableRow<CaseRecord>[])[0]!.record[field]], word).toEqual([
          [],
          value,
        ])
      }
      for (const [need, word] of Object.entries<string>(cases.need)) {
        for (const seat of ['primary', 'second']) {
          const table = readCases(`zaaknummer;competenties\nZK-1;OTS:1:${word}:${cases.needFor[seat]}`)
          expect([faults(table), table.rows[0]!.record.competences], word).toEqual([
            [],
            [{ competence: 'OTS', level: 1, need, seat }],
          ])
        }
      }
      const registration = Object.entries(text(locale, 'workers')).flatMap(([, part]) =>
        typeof part === 'object' && part !== null && 'in_training' in part
          ? [part as Record<string, string>]
          : [],
      )
      for (const [value, word] of Object.entries(registration[0]!)) {
        expect(
          readWorkers(`personeelsnummer;registratie\nkb-1;${word}`).rows[0]!.record.registration,
          word,
        ).toBe(value)
      }
    }
  })

  it.each([
    ['BEGIN:VCALENDAR\r\nVERSION:2.0\r\n', 'calendar'],
    ['PK\u0003\u0004\u0014', 'spreadsheet'],
    ['\u00d0\u00cf\u0011\u00e0', 'spreadsheet'],
    ['%PDF-1.7', 'otherFile'],
    ['BEGIN:VCARD\nVERSION:3.0', 'otherFile'],
    [`${names(caseColumns).join(';')}\nZK-1;;`, 'casesFile'],
  ])('a file of another kind is named: %s', (text, code) => {
    expect(faults(readWorkers(text)).map(one => one[2])).toEqual([code])
  })

  it('every fault is told at once', () => {
    const table = readWorkers(
      [
        `${header};schaal;competenties`,
        'kb-1;;Team Oost;veel;geregistreerd;12-mrt;9;OTS:hoog|?:1|OTS:x:y',
        'kb-2;M. "de" Vries;Team Oost;36;geregistreerd;1-2-2020;9;',
        'kb-3;M. de Vries',
        'kb-4;M. de Vries;Team Oost;36;misschien;1-2-2020;9;',
        'kb-5;"M. de Vries;Team Oost;36;geregistreerd;1-2-2020;9;',
      ].join('\n'),
    )
    expect(faults(table).sort()).toEqual(
      [
        [1, 'schaal', 'unknownColumn'],
        [2, 'naam', 'empty'],
        [2, 'contracturen', 'notANumber'],
        [2, 'in_dienst_vanaf', 'monthInWords'],
        [2, 'competenties', 'notANumber'],
        [2, 'competenties', 'badCode'],
        [2, 'competenties', 'notANumber'],
        [2, 'competenties', 'notADay'],
        [3, null, 'strayQuote'],
        [4, null, 'tooFewCells'],
        [5, 'registratie', 'notAChoice'],
        [6, null, 'unclosedQuote'],
      ].sort(),
    )
  })
})

const HEADER = 'personeelsnummer;naam;team;contracturen;registratie;in_dienst_vanaf'

describe('a file of many blocks', () => {
  const line = (n: number, end: string) =>
    `"ZK-${n}${n % 7 === 0 ? `${end}tweede regel` : ''}${n % 5 === 0 ? ' ""aangehaald""' : ''}";${n};${n % 3 === 0 ? '' : `"x${end}${end}"`}`
  const fileOf = (end: string) =>
    ['zaaknummer;kinderen;gemeente', ...Array.from({ length: 6000 }, (_, n) => line(n, end))].join(end)

  it.each([
    ['\n', 'Unix'],
    ['\r\n', 'Windows'],
    ['\r', 'an old Mac'],
  ])('is read as it is in one piece, whatever is in its cells (line end %j, %s)', end => {
    const text = fileOf(end)
    const whole = parse(text, {
      delimiter: ';',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
    }) as string[][]
    expect(text.length).toBeGreaterThan(130_000)
    const { records, faults } = atOnce(readRecords(text))
    expect(faults).toEqual([])
    expect(records.map(({ cells }) => cells)).toEqual(whole)
    expect(records.map(({ row }) => row)).toEqual(whole.map((_, index) => index + 1))
  })

  it('has its one faulty quotation mark found wherever it is', () => {
    const plain = Array.from({ length: 6000 }, (_, n) => `ZK-${n};${n};Utrecht ${'x'.repeat(20)}`)
    for (const at of [0, 3000, 5999]) {
      const lines = plain.map((one, n) => (n === at ? `ZK-${n};2" pijp;x` : one))
      const { records, faults: found } = atOnce(readRecords(['a;b;c', ...lines].join('\n')))
      expect(found.map(({ row, flaw }) => [row, flaw.code])).toEqual([[at + 2, 'strayQuote']])
      expect(records).toHaveLength(6000)
    }
  })

  it('can be left after every row, and is left when others wait', async () => {
    const rows = Array.from(
      { length: 500 },
      (_, n) => `kb-${n};M. de Vries;Team Oost;36;geregistreerd;1-2-2020`,
    )
    const reading = () =>
      readTable([HEADER, ...rows].join('\n'), workerColumns, { flaw: 'casesFile', columns: [] })
    let places = 0
    for (const work = reading(); !work.next().done; ) places++
    expect(places).toBeGreaterThanOrEqual(500)

    let turns = 0
    function* slow(): Sliced<string> {
      for (let n = 0; n < 5; n++) {
        const until = performance.now() + 15
        while (performance.now() < until);
        yield
      }
      return 'done'
    }
    const others = setInterval(() => turns++, 0)
    expect(await inSlices(slow())).toBe('done')
    clearInterval(others)
    expect(turns).toBeGreaterThanOrEqual(3)
  })
})
