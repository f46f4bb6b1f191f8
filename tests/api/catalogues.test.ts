import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CatalogueEntry } from '../../server/contract/catalogue-entries.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Catalogues } from '../../server/contract/rulebook.ts'
import { endEntries } from '../../server/rulebook/catalogue-entries.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'

forEachDatabase('the lists', engine => {
  let app: TestApp
  let admin: Caller
  beforeAll(async () => {
    app = await startApp({ engine })
    admin = await app.as('admin')
  })
  afterAll(() => app.close())

  const LISTS = [
    'measures',
    'factors',
    'competences',
    'methods',
    'overrideReasons',
    'reductionReasons',
    'municipalities',
  ] as const
  const EXTRAS: Record<string, object> = {
    measures: { abbreviation: 'Nw', kind: 'civil' },
    factors: { isThreat: false },
    competences: { maxLevel: 3 },
    overrideReasons: { needsText: true },
    reductionReasons: { defaultPercentage: 10, maximumPercentage: 40, maximumMonths: null },
  }
  const fresh = (list: string) => ({
    nameNl: 'Nieuw',
    ...(list !== 'municipalities' && { nameEn: 'New' }),
    ...EXTRAS[list],
  })
  const one = async (list: string, code: string) =>
    (await admin.get<CatalogueEntry[]>(`/catalogues/${list}`)).body.find(entry => entry.code === code)

  test.each(LISTS)('%s: an entry is added, changed, ended and, never used, removed', async list => {
    const added = await admin.post<CatalogueEntry[]>(`/catalogues/${list}`, { code: 'NIEUW', ...fresh(list) })
    expect(added.status, added.text).toBe(201)
    expect(added.body.find(entry => entry.code === 'NIEUW')).toEqual({
      code: 'NIEUW',
      active: true,
      endsOn: null,
      version: 1,
      ...fresh(list),
    })
    expect((await admin.post(`/catalogues/${list}`, { code: 'NIEUW', ...fresh(list) })).status).toBe(409)

    const path = `/catalogues/${list}/NIEUW`
    const change = { ...fresh(list), nameNl: 'Nieuwer', endsOn: '2026-12-01' }
    expect((await admin.put(path, change, { version: 1 })).status).toBe(200)
    expect((await admin.put(path, change, { version: 1 })).status).toBe(412)
    const listed = (await admin.get<Catalogues>('/catalogues')).body[list].find(
      entry => entry.code === 'NIEUW',
    )
    expect(listed).toMatchObject({ name: 'Nieuwer', active: true, endsOn: '2026-12-01' })
    await endEntries(app.db, '2026-11-30')
    expect((await one(list, 'NIEUW'))?.active).toBe(true)
    await endEntries(app.db, '2026-12-01')
    expect((await one(list, 'NIEUW'))?.active).toBe(false)

    expect((await admin.delete(path, { version: 1 })).status).toBe(412)
    const gone = await admin.delete<CatalogueEntry[]>(path, { version: 2 })
    expect(gone.status, gone.text).toBe(200)
    expect(gone.body.some(entry => entry.code === 'NIEUW')).toBe(false)
    expect((await admin.delete(path, { version: 2 })).status).toBe(404)
  })

  test('what was used is kept: a measure of the rules, a reason of people, the place of a case', async () => {
    await aCase(app.db, {
      organisationId: app.organisationId,
      teamId: app.teamId,
      municipalityCode: 'ENSCHEDE',
    })
    for (const [list, code] of [
      ['measures', 'OTS'],
      ['municipalities', 'ENSCHEDE'],
    ] as const) {
      const { version } = (await one(list, code))!
      const { status, body } = await admin.delete<ProblemDetails>(`/catalogues/${list}/${code}`, { version })
      expect(status).toBe(409)
      expect(body.detail).toContain('blijft daarom bewaard')
      expect(await one(list, code)).toBeDefined()
    }
    expect(
      await app.db.selectFrom('travelTime').select('minutes').where('fromCode', '=', 'ENSCHEDE').execute(),
    ).not.toEqual([])
  })

  test('ended today it is no longer offered, and what has it keeps it', async () => {
    const { version, code: _, active: __, version: ___, ...entry } = (await one('factors', 'UHP'))!
    const { status } = await admin.put('/catalogues/factors/UHP', { ...entry, endsOn: TODAY }, { version })
    expect(status).toBe(200)
    const { factors } = (await admin.get<Catalogues>('/catalogues')).body
    expect(factors.find(factor => factor.code === 'UHP')).toMatchObject({ active: false })
    const events = await app.db
      .selectFrom('event')
      .select(['type', 'data'])
      .where('objectId', '=', 'UHP')
      .execute()
    expect(events).toEqual([{ type: 'catalogue.factors.ended', data: { endsOn: TODAY } }])
  })

  test('what does not belong to a list, or lacks, is named; only an administrator changes lists', async () => {
    const fields = async (list: string, body: object) =>
      (await admin.post<ProblemDetails>(`/catalogues/${list}`, body)).body.errors?.map(error => error.field)
    expect(await fields('competences', { code: 'X', nameNl: 'X', nameEn: 'X', isThreat: true })).toEqual([
      'maxLevel',
      'isThreat',
    ])
    const reduction = { defaultPercentage: 60, maximumPercentage: 40, maximumMonths: null }
    expect(await fields('reductionReasons', { code: 'X', nameNl: 'X', nameEn: 'X', ...reduction })).toEqual([
      'defaultPercentage',
    ])
    expect((await admin.get('/catalogues/nothing')).status).toBe(400)
    for (const role of ['intake', 'lead', 'worker'] as const) {
      const caller = await app.as(role)
      expect((await caller.post('/catalogues/factors', { code: 'X', ...fresh('factors') })).status).toBe(403)
    }
  })
})
