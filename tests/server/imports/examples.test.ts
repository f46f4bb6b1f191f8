import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { OpenDatabase } from '../../../db/database.ts'
import { standingOn } from '../../../db/standing.ts'
import { exportCommand, importCommand } from '../../../server/commands/import.ts'
import { expectedSeatHours } from '../../../server/weighing/hours.ts'
import { forEachDatabase, freshDatabase } from '../../support/databases.ts'
import { EXAMPLES_DAY, exampleFiles } from './example-files.ts'

const pathOf = (kind: 'workers' | 'cases') =>
  fileURLToPath(new URL(`../../../examples/${kind}.csv`, import.meta.url))

it('the example files are what the generator makes (npm run examples writes them)', async () => {
  const files = exampleFiles()
  for (const kind of ['workers', 'cases'] as const) {
    if (process.env.EXAMPLES === 'write') await writeFile(pathOf(kind), files[kind])
    expect(await readFile(pathOf(kind), 'utf8')).toBe(files[kind])
  }
})

forEachDatabase('the example files', engine => {
  let open: OpenDatabase
  const lines: string[] = []
  const terminal = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) }
  beforeAll(async () => {
    open = await freshDatabase(engine)
  })
  afterAll(() => open.close())

  beforeEach(() => {
    lines.length = 0
  })

  it('are refused on an empty database until an organisation is named', async () => {
    expect(await importCommand(['workers', pathOf('workers')], open, terminal)).toBe(1)
    expect(lines.at(-1)).toContain('--organisation')
    expect(await open.db.selectFrom('organisation').selectAll().execute()).toHaveLength(0)
  })

  it('fill an empty organisation, workers first', async () => {
    const name = ['--organisation', 'Jeugdbescherming Twente']
    expect(await importCommand(['workers', pathOf('workers'), '--dry-run', ...name], open, terminal)).toBe(0)
    expect(await open.db.selectFrom('organisation').selectAll().execute()).toHaveLength(0)
    expect(await importCommand(['workers', pathOf('workers'), ...name], open, terminal)).toBe(0)
    expect(lines.at(-1)).toBe('48 regels: 48 nieuw, 0 gewijzigd, 0 gelijk.')
    const started = performance.now()
    expect(
      await importCommand(['cases', pathOf('cases')], open, terminal),
      lines.slice(0, 5).join('\n'),
    ).toBe(0)
    console.log(`cases imported in ${((performance.now() - started) / 1000).toFixed(2)} s`)
    expect(lines.at(-1)).toBe('325 regels: 325 nieuw, 0 gewijzigd, 0 gelijk.')

    const counts = await open.db
      .selectFrom('caseFile as c')
      .innerJoin(standingOn(EXAMPLES_DAY), 's.caseId', 'c.id')
      .select(eb => [
        eb.fn.count<number>('c.familyId').distinct().as('families'),
        eb.fn.sum<number>('c.children').as('children'),
      ])
      .where('s.status', '=', 'allocated')
      .executeTakeFirstOrThrow()
    expect(counts.families).toBe(300)
    expect(Math.abs(counts.children - 430)).toBeLessThanOrEqual(10)
    expect(
      await open.db
        .selectFrom(standingOn(EXAMPLES_DAY))
        .select('s.caseId')
        .where('s.status', '=', 'waiting')
        .execute(),
    ).toHaveLength(25)
    expect(await open.db.selectFrom('team').select('id').execute()).toHaveLength(4)
  })

  it('give seats the hours that the server itself counts, with a mean load between 85 and 105 %', async () => {
    const organisation = await open.db.selectFrom('organisation').select('id').executeTakeFirstOrThrow()
    const seats = await expectedSeatHours(open.db, { organisationId: organisation.id, on: EXAMPLES_DAY })
    expect(seats.length).toBeGreaterThan(300)
    expect(seats.filter(seat => seat.hours !== seat.expected)).toEqual([])
    const { rows } = await sql<{ norm: number; used: number }>`
      select sum(norm_hours) as norm, sum(hours_in_use(worker_id, ${EXAMPLES_DAY}::date)) as used
      from worker_norms(${EXAMPLES_DAY}::date)`.execute(open.db)
    expect(rows[0]!.used / rows[0]!.norm).toBeGreaterThan(0.85)
    expect(rows[0]!.used / rows[0]!.norm).toBeLessThan(1.05)
  })

  it('are refused a second time', async () => {
    expect(await importCommand(['cases', pathOf('cases')], open, terminal)).toBe(1)
    expect(lines.at(-1)).toContain('al ingelezen')
  })

  it('come back from an export as they were', async () => {
    for (const kind of ['workers', 'cases'] as const) {
      expect(await exportCommand([kind], open, terminal)).toBe(0)
      const sorted = (text: string) => text.trim().split('\r\n').sort()
      expect(sorted(lines.at(-1)!).join('\n') === sorted(exampleFiles()[kind]).join('\n')).toBe(true)
    }
  })
})
