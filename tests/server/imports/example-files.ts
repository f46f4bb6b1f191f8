import { DEMO_SEED } from '../../../server/demo/fill.ts'
import { makeOrganisation } from '../../../server/demo/generator.ts'
import type { CaseRecord } from '../../../server/imports/case-record.ts'
import { caseColumns } from '../../../server/imports/cases.ts'
import { type WorkerRecord, workerColumns } from '../../../server/imports/workers.ts'
import { municipalities } from '../../../server/rulebook/start-values.ts'
import { writeTable } from '../../../server/tables/table.ts'

/** The day around which the dates of the example files lie. */
export const EXAMPLES_DAY = '2026-11-16'

/** What examples/workers.csv and examples/cases.csv hold: the demo organisation, as an export would write it. */
export function exampleFiles(): { workers: string; cases: string } {
  const demo = makeOrganisation(DEMO_SEED, EXAMPLES_DAY)
  const names = new Map(municipalities.map(one => [one.code, one.name]))
  const workers = demo.workers.map(
    ({ preferences: _, ...one }): WorkerRecord => ({
      ...one,
      baseMunicipality: names.get(one.baseMunicipality)!,
    }),
  )
  const cases = demo.cases.map(({ excludedWorkers: _, seats, municipality, ...one }): CaseRecord => {
    const seat = (which: 'primary' | 'second') => seats.find(other => other.seat === which)
    return {
      ...one,
      competences: one.competences.map(({ seat = null, ...need }) => ({ ...need, seat })),
      municipality: municipality === null ? null : names.get(municipality)!,
      primary: seat('primary')?.staffNumber ?? null,
      primaryFrom: seat('primary')?.startsOn ?? null,
      second: seat('second')?.staffNumber ?? null,
      secondFrom: seat('second')?.startsOn ?? null,
    }
  })
  return { workers: writeTable(workers, workerColumns), cases: writeTable(cases, caseColumns) }
}
