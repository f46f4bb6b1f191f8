import { describe, expect, test } from 'vitest'
import type { CaseRow } from '../../server/contract/cases.ts'
import { countCases, filterCases, NO_FILTERS, SORTS, sortCases } from '../../web/case/intake.ts'

const names = { municipality: (code: string) => code.toLowerCase(), measure: (code: string) => code }

function aRow(row: Partial<CaseRow>): CaseRow {
  return {
    caseNumber: 'ZK-1',
    familyNumber: null,
    teamId: 1,
    team: 'Oost',
    measures: ['OTS'],
    phase: 'begin',
    children: 1,
    factors: [],
    urgency: 'normal',
    receivedOn: '2026-11-16',
    waitingDays: 6,
    municipality: 'ENSCHEDE',
    review: null,
    competences: [],
    hours: 5,
    heavy: false,
    duo: false,
    provisional: false,
    missing: [],
    formerWorkers: [],
    status: 'waiting',
    secondOpen: false,
    primaryFrom: null,
    primary: null,
    second: null,
    roundId: null,
    firstContact: { dueOn: '2026-11-23', workingDaysLeft: 1, state: 'soon' },
    version: 1,
    openHours: row.hours ?? 5,
    ...row,
  }
}
const numbers = (rows: CaseRow[]) => rows.map(row => row.caseNumber)

describe('filters of the intake', () => {
  const rows = [
    aRow({ caseNumber: 'ZK-1', urgency: 'emergency', measures: ['VOTS'] }),
    aRow({ caseNumber: 'ZK-2', urgency: 'high', missing: ['phase'], teamId: 2 }),
    aRow({
      caseNumber: 'ZK-3',
      status: 'in_round',
      familyNumber: 'GZ-9',
      firstContact: { dueOn: '2026-11-10', workingDaysLeft: -8, state: 'overdue' },
      formerWorkers: [{ staffNumber: 'jb-1', name: 'M. de Vries' }],
    }),
  ]
  const shown = (filters: Partial<typeof NO_FILTERS>) =>
    numbers(filterCases(rows, { ...NO_FILTERS, ...filters }, names))

  test('no filter lets everything through in the order of the server', () => {
    expect(shown({})).toEqual(['ZK-1', 'ZK-2', 'ZK-3'])
  })

  test.each([
    [{ status: 'in_round' }, ['ZK-3']],
    [{ team: '2' }, ['ZK-2']],
    [{ maatregel: 'VOTS' }, ['ZK-1']],
    [{ spoed: 'urgent' }, ['ZK-1', 'ZK-2']],
    [{ spoed: 'high' }, ['ZK-2']],
    [{ termijn: 'overdue' }, ['ZK-3']],
    [{ termijn: 'soon' }, ['ZK-1', 'ZK-2']],
    [{ gegevens: 'missing' }, ['ZK-2']],
    [{ gegevens: 'complete' }, ['ZK-1', 'ZK-3']],
    [{ zoek: ' gz-9 ' }, ['ZK-3']],
    [{ zoek: 'vries' }, ['ZK-3']],
    [{ zoek: 'enschede' }, ['ZK-1', 'ZK-2', 'ZK-3']],
    [{ zoek: 'nergens' }, []],
  ])('%j shows %j', (filters, expected) => {
    expect(shown(filters)).toEqual(expected)
  })
})

describe('sorting the intake', () => {
  const rows = [
    aRow({ caseNumber: 'ZK-10', hours: 5, municipality: null }),
    aRow({ caseNumber: 'ZK-9', hours: 2, municipality: 'BORNE', urgency: 'emergency' }),
    aRow({ caseNumber: 'ZK-11', hours: 5, municipality: 'ALMELO', firstContact: null }),
  ]

  test('numbers inside case numbers sort as numbers', () => {
    expect(numbers(sortCases(rows, 'zaak', names))).toEqual(['ZK-9', 'ZK-10', 'ZK-11'])
  })

  test('equal rows keep the order of the server, both ways', () => {
    expect(numbers(sortCases(rows, 'uren', names))).toEqual(['ZK-9', 'ZK-10', 'ZK-11'])
    expect(numbers(sortCases(rows, '-uren', names))).toEqual(['ZK-10', 'ZK-11', 'ZK-9'])
  })

  test('unknown values come last, both ways', () => {
    expect(numbers(sortCases(rows, 'gemeente', names))).toEqual(['ZK-11', 'ZK-9', 'ZK-10'])
    expect(numbers(sortCases(rows, '-gemeente', names))).toEqual(['ZK-9', 'ZK-11', 'ZK-10'])
    expect(numbers(sortCases(rows, '-termijn', names)).at(-1)).toBe('ZK-11')
  })

  test('a column that does not exist leaves the order as it is', () => {
    expect(numbers(sortCases(rows, '-nergens', names))).toEqual(numbers(rows))
  })

  test.each([...SORTS])('%s loses no rows and touches nothing', column => {
    const before = numbers(rows)
    expect(numbers(sortCases(rows, column, names)).sort()).toEqual([...before].sort())
    expect(numbers(rows)).toEqual(before)
  })
})

test('families and children are both counted; an unknown number of children counts as one', () => {
  const rows = [
    aRow({ caseNumber: 'ZK-1', familyNumber: 'GZ-1', children: 2, openHours: 5.1 }),
    aRow({ caseNumber: 'ZK-2', familyNumber: 'GZ-1', children: null, openHours: 0.2 }),
    // Of a pair that misses only its second worker those hours still have to be found.
    aRow({ caseNumber: 'ZK-3', children: 3, hours: 9, openHours: 1, secondOpen: true }),
  ]
  expect(countCases(rows)).toEqual({ cases: 3, families: 2, children: 6, hours: 6.3 })
})
