import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../../server/contract/days.ts'
import { tidy } from '../../../server/contract/names.ts'
import { atOnce } from '../../../server/event-loop/slices.ts'
import type { CaseRecord } from '../../../server/imports/case-record.ts'
import { caseColumns, planCases } from '../../../server/imports/cases.ts'
import { changesOf } from '../../../server/imports/plan.ts'
import { planWorkers, type WorkerRecord, workerColumns } from '../../../server/imports/workers.ts'
import {
  competences,
  factors,
  measures,
  municipalities,
  reductionReasons,
  startRulebook,
} from '../../../server/rulebook/start-values.ts'
import { readTable, writeTable } from '../../../server/tables/table.ts'
import { overlap } from '../../../server/weighing/needs.ts'

const noOther = { flaw: 'notCsv', columns: [] } as const
const days = fc.integer({ min: 0, max: 20_000 }).map(count => addDays('1990-01-01', count))
const period = fc.tuple(days, fc.option(fc.integer({ min: 0, max: 2000 }))).map(([from, length]) => ({
  validFrom: from,
  validUntil: length === null ? null : addDays(from, length),
}))
const numberOf = (prefix: string) => fc.integer({ min: 1, max: 400 }).map(count => `${prefix}-${count}`)
const hundredths = (least: number, most: number) =>
  fc.integer({ min: least * 100, max: most * 100 }).map(count => count / 100)
/** Names that spreadsheets and CSV readers trip over. */
const name = fc
  .oneof(
    fc.constantFrom(
      '=1+1',
      "'=1+1",
      "''",
      '+31',
      '-1',
      '@x',
      '"',
      ';',
      'a;b',
      'a,b',
      'a\nb',
      'a\r\nb',
      "d'Ancona",
      'sep=;',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  )
  .filter(
    text =>
      text.trim() === text &&
      tidy(text) !== '' &&
      !/[\0\ufffd\p{Surrogate}]/u.test(text) &&
      !/^#|\d{8}/.test(text.replace(/[ .]/g, '')),
  )
const municipality = fc.option(fc.constantFrom(...municipalities.map(one => one.name)))
const teams = ['Team Oost', '=Team; "West"']

const worker: fc.Arbitrary<WorkerRecord> = fc
  .record({
    staffNumber: numberOf('jb'),
    name,
    team: fc.constantFrom(...teams),
    contractHours: hundredths(0, 60),
    dutyHours: fc.constant(0),
    registration: fc.constantFrom('registered' as const, 'in_training' as const),
    registered: period,
    baseMunicipality: municipality,
    employed: period,
    competences: fc.uniqueArray(
      fc.record({
        competence: fc.constantFrom(...competences.map(one => one.code)),
        level: fc.integer({ min: 1, max: 3 }),
        expiresOn: fc.option(days),
      }),
      { selector: one => one.competence, maxLength: 5 },
    ),
    reductions: fc.array(
      fc
        .tuple(fc.constantFrom(...reductionReasons), hundredths(1, 80), period)
        .map(([reason, percentage, when]) => ({
          reason: reason.code,
          percentage,
          ...when,
        })),
      { maxLength: 3 },
    ),
    absences: fc.array(
      fc.tuple(hundredths(1, 100), period).map(([percentage, when]) => ({ percentage, ...when })),
      { maxLength: 3 },
    ),
  })
  .map(({ registered, employed, ...one }) => ({
    ...one,
    registrationFrom: registered.validFrom,
    registrationUntil: registered.validUntil,
    employedFrom: employed.validFrom,
    employedUntil: employed.validUntil,
  }))

const isPair = (one: Pick<CaseRecord, 'duoNeeded' | 'factors'>) =>
  one.duoNeeded || factors.some(factor => factor.isThreat && one.factors.includes(factor.code))

const theCase: fc.Arbitrary<CaseRecord> = fc
  .record({
    caseNumber: numberOf('ZK'),
    familyNumber: fc.option(numberOf('GZ')),
    team: fc.constantFrom(...teams),
    measures: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...measures.map(one => one.code)), period).map(([measure, when]) => ({
        measure,
        startOn: when.validFrom,
        endOn: when.validUntil,
      })),
      { selector: one => one.measure, maxLength: 3 },
    ),
    phase: fc.option(fc.constantFrom('begin' as const, 'middle' as const, 'end' as const)),
    children: fc.option(fc.integer({ min: 0, max: 30 })),
    factors: fc.uniqueArray(fc.constantFrom(...factors.map(one => one.code)), { maxLength: 5 }),
    urgency: fc.constantFrom('emergency' as const, 'high' as const, 'normal' as const),
    receivedOn: days,
    municipality,
    competences: fc.uniqueArray(
      fc.record({
        competence: fc.constantFrom(...competences.map(one => one.code)),
        level: fc.integer({ min: 1, max: 3 }),
        need: fc.constantFrom('required' as const, 'wanted' as const),
        seat: fc.constantFrom(null, 'primary' as const, 'second' as const),
      }),
      { comparator: overlap, maxLength: 4 },
    ),
    duoNeeded: fc.boolean(),
    formerWorkers: fc.uniqueArray(
      fc.record({ staffNumber: fc.constantFrom('jb-1', 'jb-2', 'jb-3'), untilOn: fc.option(days) }),
      { selector: one => one.staffNumber },
    ),
    seats: fc.option(fc.tuple(days, fc.option(days))),
  })
  .map(({ seats, ...one }) => ({
    ...one,
    competences: isPair(one) ? one.competences : one.competences.filter(need => need.seat === null),
    primary: seats ? 'jb-1' : null,
    primaryFrom: seats ? seats[0] : null,
    second: seats?.[1] ? 'jb-2' : null,
    secondFrom: seats?.[1] ?? null,
  }))

const catalogues = {
  outOfSight: { taken: new Set<string>(), unseen: new Set<string>() },
  teams: new Map(teams.map(team => [team, true])),
  competences: new Map(competences.map(one => [one.code, one.maxLevel])),
  municipalities: new Map(municipalities.map(one => [one.name, one.code])),
}

describe('what an export writes', () => {
  it('is read back as no change at all: workers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(worker, { selector: one => one.staffNumber, minLength: 1, maxLength: 8 }),
        list => {
          const plan = atOnce(
            planWorkers(atOnce(readTable(writeTable(list, workerColumns), workerColumns, noOther)), {
              ...catalogues,
              known: new Map(list.map(one => [one.staffNumber, one])),
              mayCreateTeams: false,
              forms: { caseNumber: null, familyNumber: null, staffNumber: null },
              today: '2100-01-01',
              reductionReasons: new Map(reductionReasons.map(one => [one.code, one.maximumPercentage])),
            }),
          )
          expect(plan.faults).toEqual([])
          expect(atOnce(changesOf(plan, workerColumns, 10))).toEqual([])
          expect(plan.items).toHaveLength(list.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is read back as no change at all: cases', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(theCase, { selector: one => one.caseNumber, minLength: 1, maxLength: 8 }),
        list => {
          const plan = atOnce(
            planCases(atOnce(readTable(writeTable(list, caseColumns), caseColumns, noOther)), {
              ...catalogues,
              known: new Map(list.map(one => [one.caseNumber, one])),
              closed: new Set(),
              inOpenRound: new Set(),
              seats: new Map(),
              workers: new Map(
                ['jb-1', 'jb-2', 'jb-3'].map(one => [
                  one,
                  { employedFrom: '1990-01-01', employedUntil: null },
                ]),
              ),
              measures: new Map(measures.map(one => [one.code, true])),
              factors: new Map(factors.map(one => [one.code, one.isThreat])),
              // What a file says holds, whatever the rules usually ask.
              rules: startRulebook,
              today: '2100-01-01',
              forms: { caseNumber: null, familyNumber: null, staffNumber: null },
            }),
          )
          expect(plan.faults).toEqual([])
          expect(atOnce(changesOf(plan, caseColumns, 10))).toEqual([])
          expect(plan.items).toHaveLength(list.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('never begins a cell with what a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(worker, one => {
        const text = writeTable([one], workerColumns)
        const { rows } = atOnce(readTable(text, workerColumns, noOther))
        expect(rows[0]!.record.name).toBe(tidy(one.name))
        const cells = parse(text, { delimiter: ';', bom: true }).flat()
        expect(cells.filter(cell => /^[=+\-@\t\r]/.test(cell))).toEqual([])
      }),
    )
  })
})

describe('reading', () => {
  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (text, withHeader) => {
        const header = Object.values(workerColumns).map((one: { name: string }) => one.name)
        const table = atOnce(
          readTable(withHeader ? `${header.join(';')}\n${text}` : text, workerColumns, noOther),
        )
        expect(table.rows.length + table.faults.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })
})
