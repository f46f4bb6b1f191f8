import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { RulebookContent } from '../../server/contract/rulebook.ts'
import { factors, installStartValues, measures, startRulebook } from '../../server/rulebook/start-values.ts'

describe('start values', () => {
  let open: OpenDatabase
  beforeAll(async () => {
    open = await openDatabase('memory://')
    await migrate(open)
  })
  afterAll(() => open.close())

  it('are a valid rulebook that weighs every measure and every factor', () => {
    expect(Compile(RulebookContent).Check(startRulebook)).toBe(true)
    expect(startRulebook.weight.bases.map(base => base.measure).sort()).toEqual(
      measures.map(one => one.code).sort(),
    )
    expect(startRulebook.weight.factors.map(one => one.factor).sort()).toEqual(
      factors.map(one => one.code).sort(),
    )
  })

  it('price load convexly', () => {
    const rates = startRulebook.loadCost.map(step => step.pointsPerHour)
    expect(rates).toEqual([...rates].sort((a, b) => a - b))
  })

  it('may be installed twice and leave a changed catalogue alone', async () => {
    const organisation = await open.db
      .insertInto('organisation')
      .values({ name: 'Proef' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const install = () =>
      open.db.transaction().execute(tx => installStartValues(tx, organisation.id, '2026-11-24'))
    await install()
    await open.db.updateTable('measure').set({ nameNl: 'Eigen naam' }).where('code', '=', 'OTS').execute()
    await install()
    const ots = await open.db.selectFrom('measure').selectAll().where('code', '=', 'OTS').executeTakeFirst()
    expect(ots?.nameNl).toBe('Eigen naam')
    expect(await open.db.selectFrom('rulebook').selectAll().execute()).toHaveLength(1)
    expect(await open.db.selectFrom('travelTime').selectAll().execute()).toHaveLength(14 * 14)
  })

  it('estimate travel the same both ways', async () => {
    const rows = await open.db.selectFrom('travelTime').selectAll().execute()
    const minutes = new Map(rows.map(row => [`${row.fromCode} ${row.toCode}`, row.minutes]))
    for (const row of rows) expect(minutes.get(`${row.toCode} ${row.fromCode}`)).toBe(row.minutes)
    expect(minutes.get('ENSCHEDE HENGELO')).toBeGreaterThan(12)
    expect(minutes.get('ENSCHEDE HENGELO')).toBeLessThan(25)
  })
})
