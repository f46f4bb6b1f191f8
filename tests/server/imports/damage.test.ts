import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../server/event-loop/slices.ts'
import type { CaseRecord, CasesState } from '../../../server/imports/case-record.ts'
import { caseColumns, planCases } from '../../../server/imports/cases.ts'
import { planWorkers, type WorkersState, workerColumns } from '../../../server/imports/workers.ts'
import {
  competences,
  factors,
  measures,
  municipalities,
  reductionReasons,
} from '../../../server/rulebook/start-values.ts'
import { describeFault, describeFaults, type Fault } from '../../../server/tables/flaws.ts'
import { decode } from '../../../server/tables/records.ts'
import { readTable } from '../../../server/tables/table.ts'

const names = (columns: object) => Object.values(columns).map((one: { name: string }) => one.name)
const readWorkers = (text: string) =>
  atOnce(readTable(text, workerColumns, { flaw: 'casesFile', columns: names(caseColumns) }))
const readCases = (text: string) =>
  atOnce(readTable(text, caseColumns, { flaw: 'workersFile', columns: names(workerColumns) }))
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')

const byName = new Map(municipalities.map(one => [one.name, one.code]))
const workersState: WorkersState = {
  known: new Map(),
  outOfSight: { taken: new Set(), unseen: new Set() },
  teams: new Map([['Team Oost', true]]),
  mayCreateTeams: false,
  forms: { caseNumber: null, familyNumber: null, staffNumber: null },
  today: '2026-11-24',
  competences: new Map(competences.map(one => [one.code, one.maxLevel])),
  reductionReasons: new Map(reductionReasons.map(one => [one.code, one.maximumPercentage])),
  municipalities: byName,
}

const held: CaseRecord = {
  caseNumber: 'ZK-HELD',
  familyNumber: 'GZ-22',
  team: 'Team Oost',
  measures: [],
  phase: 'begin',
  children: 1,
  factors: [],
  urgency: 'normal',
  receivedOn: '2026-01-05',
  municipality: null,
  competences: [],
  duoNeeded: false,
  formerWorkers: [],
  primary: 'jb-001',
  primaryFrom: '2026-01-10',
  second: null,
  secondFrom: null,
}
const free = { ...held, primary: null, primaryFrom: null }
const casesState: CasesState = {
  known: new Map([
    ['ZK-HELD', held],
    ['ZK-HELD2', { ...held, caseNumber: 'ZK-HELD2' }],
    ['ZK-ENDED', { ...free, caseNumber: 'ZK-ENDED' }],
    ['ZK-ROUND', { ...free, caseNumber: 'ZK-ROUND' }],
    ['ZK-CLOSED', { ...free, caseNumber: 'ZK-CLOSED' }],
  ]),
  outOfSight: { taken: new Set(['ZK-OTHER']), unseen: new Set() },
  closed: new Set(['ZK-CLOSED']),
  inOpenRound: new Set(['ZK-ROUND']),
  seats: new Map([
    ['ZK-ENDED', [{ seat: 'primary', staffNumber: 'jb-001', startsOn: '2025-01-01', endsOn: '2026-03-01' }]],
  ]),
  workers: new Map([
    ['jb-001', { employedFrom: '2020-02-01', employedUntil: null }],
    ['jb-002', { employedFrom: '2020-02-01', employedUntil: null }],
  ]),
  teams: new Map([
    ['Team Oost', true],
    ['Team West', true],
    ['Team Elders', false],
  ]),
  measures: new Map(measures.map(one => [one.code, true])),
  factors: new Map(factors.map(one => [one.code, one.isThreat])),
  rules: {},
  competences: workersState.competences,
  municipalities: byName,
  today: '2026-11-24',
  forms: { caseNumber: null, familyNumber: null, staffNumber: null },
}

const kinds = new Set<string>()

/** Every fault has a sentence and an advice in both languages, with every value filled in. */
function expectSaid(faults: readonly Fault[]): void {
  for (const fault of faults) {
    kinds.add(fault.flaw.code)
    for (const locale of ['nl', 'en'] as const) {
      const said = describeFault(fault, locale)
      expect(said.row).toBeGreaterThanOrEqual(1)
      expect(said.message).toMatch(/^[A-Z].+\.$/s)
      expect(said.advice).toMatch(/^[A-Z].+\.$/s)
      expect(`${said.message}${said.advice}`).not.toMatch(/[{}]/)
    }
  }
}

const list = (faults: readonly Fault[]) =>
  [...faults].sort((a, b) => a.row - b.row).map(one => [one.row, one.column, one.flaw.code])

describe('damaged files', () => {
  it('of workers: each damage is reported where it is', () => {
    const plan = atOnce(planWorkers(readWorkers(fixture('damaged-workers.csv')), workersState))
    expectSaid(plan.faults)
    expect(list(plan.faults)).toEqual([
      [3, 'personeelsnummer', 'empty'],
      [4, 'personeelsnummer', 'duplicate'],
      [5, 'personeelsnummer', 'badNumberOfPeople'],
      [6, 'personeelsnummer', 'scientific'],
      [7, 'naam', 'empty'],
      [8, 'naam', 'looksLikeCitizenNumber'],
      [9, 'team', 'unknownTeam'],
      [10, 'contracturen', 'notANumber'],
      [11, 'contracturen', 'outOfRange'],
      [12, 'contracturen', 'thousands'],
      [13, 'contracturen', 'tooPrecise'],
      [14, 'contracturen', 'outOfRange'],
      [15, 'taakuren', 'dutiesExceedContract'],
      [16, 'registratie', 'notAChoice'],
      [17, 'registratie_vanaf', 'noSuchDay'],
      [18, 'registratie_tot_en_met', 'endBeforeStart'],
      [19, 'standplaats', 'unknownMunicipality'],
      [20, 'in_dienst_vanaf', 'slashDate'],
      [21, 'in_dienst_vanaf', 'serialDate'],
      [22, 'in_dienst_vanaf', 'shortYear'],
      [23, 'in_dienst_vanaf', 'implausibleYear'],
      [24, 'in_dienst_vanaf', 'notADay'],
      [25, 'in_dienst_tot_en_met', 'endBeforeStart'],
      [26, 'competenties', 'unknownCode'],
      [27, 'competenties', 'levelTooHigh'],
      [28, 'competenties', 'wrongShape'],
      [29, 'competenties', 'doublePart'],
      [30, 'competenties', 'emptyPart'],
      [31, 'competenties', 'wrongShape'],
      [32, 'competenties', 'notANumber'],
      [33, 'verminderingen', 'unknownCode'],
      [34, 'verminderingen', 'percentageTooHigh'],
      [35, 'afwezigheid', 'outOfRange'],
      [36, 'afwezigheid', 'endBeforeStart'],
      [37, 'naam', 'spreadsheetError'],
      [38, null, 'tooFewCells'],
      [39, null, 'tooManyCells'],
    ])
  })

  it('of cases: each damage is reported where it is', () => {
    const plan = atOnce(planCases(readCases(fixture('damaged-cases.csv')), casesState))
    expectSaid(plan.faults)
    expect(list(plan.faults)).toEqual([
      [3, null, 'notYours'],
      [4, 'ontvangen_op', 'inFuture'],
      [5, 'maatregelen', 'endBeforeStart'],
      [6, 'maatregelen', 'unknownCode'],
      [7, 'fase', 'notAChoice'],
      [8, 'kinderen', 'notWhole'],
      [9, 'kinderen', 'outOfRange'],
      [10, 'factoren', 'doublePart'],
      [11, 'urgentie', 'notAChoice'],
      [12, 'ontvangen_op', 'empty'],
      [13, 'competenties', 'notAChoice'],
      [14, 'duo', 'notAChoice'],
      [15, 'eerdere_medewerkers', 'unknownWorker'],
      [16, 'medewerker', 'unknownWorker'],
      [17, 'medewerker_vanaf', 'startMissing'],
      [18, 'medewerker_vanaf', 'startWithoutWorker'],
      [19, 'tweede_medewerker', 'sameWorkerTwice'],
      [20, 'tweede_medewerker', 'secondWithoutFirst'],
      [21, 'tweede_medewerker', 'secondWithoutDuo'],
      [22, 'medewerker_vanaf', 'notEmployed'],
      [23, 'medewerker', 'otherWorkerNow'],
      [24, 'medewerker_vanaf', 'otherStartNow'],
      [25, 'medewerker_vanaf', 'seatTaken'],
      [26, 'team', 'inOpenRound'],
      [26, 'medewerker', 'inOpenRound'],
      [27, 'zaaknummer', 'closedCase'],
      [28, null, 'notYours'],
    ])
  })

  it('of rows with more than one damage: every fault is told at once', () => {
    const text = [
      'personeelsnummer;naam;team;contracturen;taakuren;registratie;in_dienst_vanaf;in_dienst_tot_en_met;standplaats;competenties',
      'jb-050;C. Vos;Team Zuid;veel;40;geregistreerd;2020-02-01;2019-01-01;Atlantis;VLIEGEN:1|OTS:9',
      'jb-051;C. Vos 123456782;Team Oost;16;20;geregistreerd;2020-02-01;;;OTS:1|OTS:2',
      'JB-051;;Team Oost;16;8;geregistreerd;ooit;;;',
    ].join('\n')
    const plan = atOnce(planWorkers(readWorkers(text), workersState))
    expectSaid(plan.faults)
    expect(list(plan.faults).map(String).sort()).toEqual(
      [
        [2, 'contracturen', 'notANumber'],
        [2, 'team', 'unknownTeam'],
        [2, 'in_dienst_tot_en_met', 'endBeforeStart'],
        [2, 'standplaats', 'unknownMunicipality'],
        [2, 'competenties', 'outOfRange'],
        [3, 'naam', 'looksLikeCitizenNumber'],
        [3, 'taakuren', 'dutiesExceedContract'],
        [3, 'competenties', 'doublePart'],
        [4, 'personeelsnummer', 'duplicate'],
        [4, 'naam', 'empty'],
        [4, 'in_dienst_vanaf', 'notADay'],
      ]
        .map(String)
        .sort(),
    )
  })

  it('of cases with more than one damage: what can be judged is', () => {
    const text = [
      'zaaknummer;team;ontvangen_op;fase;maatregelen;kinderen;medewerker;medewerker_vanaf;duo;tweede_medewerker',
      'ZK-60;Team Noord;morgen;later;OTSX:2026-01-01;2,5;jb-999;ooit;soms;jb-001',
    ].join('\n')
    const plan = atOnce(planCases(readCases(text), casesState))
    expectSaid(plan.faults)
    expect(list(plan.faults).map(String).sort()).toEqual(
      [
        [2, null, 'notYours'],
        [2, 'ontvangen_op', 'notADay'],
        [2, 'fase', 'notAChoice'],
        [2, 'maatregelen', 'unknownCode'],
        [2, 'kinderen', 'notWhole'],
        [2, 'medewerker_vanaf', 'notADay'],
        [2, 'duo', 'notAChoice'],
        [2, 'tweede_medewerker_vanaf', 'startMissing'],
      ]
        .map(String)
        .sort(),
    )
  })

  const header = names(workerColumns).join(';')
  const row = 'jb-001;M. de Vries;Team Oost;32;0;geregistreerd;;;;2020-02-01;;;;'
  const damaged: [string, string, [number, string | null, string]][] = [
    ['nothing in it', '', [1, null, 'emptyFile']],
    ['only white space', '\ufeff \r\n \r\n', [1, null, 'emptyFile']],
    ['only a header', `${header}\r\n`, [1, null, 'noRows']],
    ['a zero character', `${header}\n${row.replace('M.', 'M\0')}`, [1, null, 'zeroByte']],
    ['characters that were lost', `${header}\n${row.replace('M.', '\ufffd')}`, [1, null, 'encoding']],
    ['half a character', `${header}\n${row.replace('M.', '\ud83d')}`, [1, null, 'encoding']],
    ['an Excel file', 'PK\u0003\u0004 rest', [1, null, 'spreadsheet']],
    ['a web page', '<!DOCTYPE html><table>', [1, null, 'notCsv']],
    ['JSON', '[{"a": 1}]', [1, null, 'notCsv']],
    ['cases instead of workers', `${names(caseColumns).join(';')}\nZK-1`, [1, null, 'casesFile']],
    ['a quote that never ends', `${header}\n${row}\njb-002;"M. de Vries;x`, [3, null, 'unclosedQuote']],
    ['text after a quote', `${header}\n${row}\njb-002;"M." de Vries`, [3, null, 'strayQuote']],
    ['a quote inside a cell', `${header}\njb-002;M. "de" Vries`, [2, null, 'strayQuote']],
    ['an unknown column', `${header};BSN\n${row};1`, [1, 'BSN', 'unknownColumn']],
    ['a column without a name', `${header};;naam2\n${row};x;y`, [1, null, 'namelessColumn']],
    ['a column twice', `${header};naam\n${row};x`, [1, 'naam', 'doubleColumn']],
    ['no key column', 'naam;team\nM. de Vries;Team Oost', [1, 'personeelsnummer', 'missingColumn']],
    [
      'no column that a new row needs',
      'personeelsnummer;naam;team;registratie;in_dienst_vanaf\njb-1;M.;Team Oost;geregistreerd;2020-01-01',
      [1, 'contracturen', 'missingColumn'],
    ],
    [
      'a separator that is none',
      header.replaceAll(';', '/'),
      [1, header.replaceAll(';', '/'), 'unknownColumn'],
    ],
    [
      'too many columns',
      Array.from({ length: 61 }, (_, index) => `k${index}`).join(';'),
      [1, null, 'tooManyColumns'],
    ],
    ['too many rows', `${header}\n${`${row}\n`.repeat(20_001)}`, [1, null, 'tooManyRows']],
    ['a cell that is too long', `${header}\n${row.replace('M.', 'x'.repeat(1_001))}`, [2, 'naam', 'tooLong']],
    ['more than 5 MB', 'x'.repeat(5_000_001), [1, null, 'tooLarge']],
  ]
  it.each(damaged)('with %s are refused with what to do', (_, text, fault) => {
    const plan = atOnce(planWorkers(readWorkers(text), workersState))
    expectSaid(plan.faults)
    expect(list(plan.faults)).toContainEqual(fault)
  })

  it('in another encoding are refused before they are text', () => {
    const latin = Buffer.from(`${header}\njb-001;Ren\u00e9;`, 'latin1')
    const wide = Buffer.from(`\ufeff${header}`, 'utf16le')
    for (const bytes of [latin, wide]) {
      const file = decode(bytes)
      const faults = 'fault' in file ? [file.fault] : readWorkers(file.text).faults
      expect(faults.map(fault => fault.flaw.code)).toEqual(['encoding'])
    }
  })

  it('with very many faults get the first 300 and the number of the rest', () => {
    const text = `${header}\n${Array.from({ length: 400 }, (_, i) => row.replace('jb-001', `jb-${i}`).replace(';32;', ';x;')).join('\n')}`
    const said = describeFaults(atOnce(planWorkers(readWorkers(text), workersState)).faults, 'nl')
    expect(said).toHaveLength(301)
    expect(said.at(-1)!.message).toContain('100')
  })

  it('come in at least forty kinds', () => {
    expect(kinds.size).toBeGreaterThanOrEqual(40)
  })
})

describe('files that look odd but are right', () => {
  const header = names(workerColumns)
  const row = [
    'jb-001',
    'M. de Vries',
    'team oost',
    '32,5',
    '',
    'Geregistreerd',
    '',
    '',
    'enschede',
    '1-2-2020',
    '',
    'ots:2',
    '',
    '',
  ]
  const expected = {
    staffNumber: 'jb-001',
    contractHours: 32.5,
    team: 'Team Oost',
    baseMunicipality: 'Enschede',
  }
  const odd: [string, string][] = [
    ['semicolons', [header, row].map(one => one.join(';')).join('\n')],
    ['tabs', [header, row].map(one => one.join('\t')).join('\n')],
    ['commas and quotes', [header, row].map(one => one.map(cell => `"${cell}"`).join(',')).join('\r\n')],
    ['a byte order mark and old line ends', `\ufeff${[header, row].map(one => one.join(';')).join('\r')}\r`],
    ['a separator hint', `sep=;\r\n${[header, row].map(one => one.join(';')).join('\r\n')}`],
    ['blank lines', `${header.join(';')}\n\n${row.join(';')}\n;;;;;;;;;;;;;\n\n`],
    ['a separator at every end', [header, row].map(one => `${one.join(';')};`).join('\n')],
    [
      'capitals and spaces in the header',
      [header.map(one => ` ${one.toUpperCase().replaceAll('_', ' ')} `), row]
        .map(one => one.join(';'))
        .join('\n'),
    ],
  ]
  it.each(odd)('%s', (_, text) => {
    const plan = atOnce(planWorkers(readWorkers(text), workersState))
    expect(plan.faults).toEqual([])
    expect(plan.items.map(item => item.record)).toEqual([expect.objectContaining(expected)])
    expect(plan.items[0]!.record.competences).toEqual([{ competence: 'OTS', level: 2, expiresOn: null }])
  })
})

describe('numbers and names in another spelling', () => {
  it('are those that are there already', () => {
    const text = [
      'zaaknummer;gezinsnummer;team;eerdere_medewerkers;medewerker',
      'zk-held;gz-22;team\u00a0OOST;JB-002;JB-001',
      '\u200bZk-Ended ;gz-22;Team  Oost;;',
    ].join('\n')
    const plan = atOnce(planCases(readCases(text), casesState))
    expect(plan.faults).toEqual([])
    expect(plan.items.map(item => [item.id, item.before === null, item.fields])).toEqual([
      ['ZK-HELD', false, ['formerWorkers']],
      ['ZK-ENDED', false, []],
    ])
    expect(plan.items[0]!.record).toMatchObject({
      familyNumber: 'GZ-22',
      team: 'Team Oost',
      formerWorkers: [{ staffNumber: 'jb-002', untilOn: null }],
      primary: 'jb-001',
    })
  })

  it('make no second team, nor a second row of one file', () => {
    const text = [
      'personeelsnummer;naam;team;contracturen;registratie;in_dienst_vanaf',
      ...['kb-1;A. Vos;Team Zuid', 'kb-2;B. Vos;team\u00a0zuid', 'KB-1;A. Vos;Team Zuid'].map(
        one => `${one};36;geregistreerd;2020-01-01`,
      ),
    ].join('\n')
    const plan = atOnce(planWorkers(readWorkers(text), { ...workersState, mayCreateTeams: true }))
    expect(plan.newTeams.map(team => team.name)).toEqual(['Team Zuid'])
    expect(list(plan.faults)).toEqual([[4, 'personeelsnummer', 'duplicate']])
  })

  it('are asked for when two old ones differ in nothing else', () => {
    const known = new Map([
      ['ZK-7', { ...free, caseNumber: 'ZK-7' }],
      ['zk-7', { ...free, caseNumber: 'zk-7' }],
    ])
    const read = (number: string) =>
      atOnce(planCases(readCases(`zaaknummer;kinderen\n${number};2`), { ...casesState, known }))
    expect(read('zk-7').items.map(item => item.id)).toEqual(['zk-7'])
    expectSaid(read('Zk-7').faults)
    expect(list(read('Zk-7').faults)).toEqual([[2, 'zaaknummer', 'ambiguous']])
  })
})
