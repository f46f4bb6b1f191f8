import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CatalogueEntry } from '../../server/contract/catalogue-entries.ts'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Catalogues } from '../../server/contract/rulebook.ts'
import { endEntries } from '../../server/rulebook-admin/catalogue-entries.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, aWorker, TODAY } from '../support/builders.ts'
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
    factors: { isThreat: false, aboutWork: true },
    methods: { aboutWork: true },
    competences: { maxLevel: 3 },
    overrideReasons: { needsText: true, uses: ['wait', 'handover'] },
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

  test('a code or a name that is there in another spelling is refused, also in a change; what stood there twice is listed', async () => {
    type Twin = { kind: string; list: string | null; names: { name: string }[] }
    const twins = async () =>
      (await admin.get<Twin[]>('/organisation/twins')).body.filter(twin => twin.kind === 'entry')
    expect(await twins()).toEqual([])
    const added = await admin.post('/catalogues/methods', {
      code: 'EIGEN',
      ...fresh('methods'),
      nameNl: 'Eigen kracht',
    })
    expect(added.status, added.text).toBe(201)
    const again = await admin.post<ProblemDetails>('/catalogues/methods', {
      code: 'eigen',
      ...fresh('methods'),
      nameNl: ' eigen\u00a0KRACHT ',
    })
    expect([again.status, again.body.errors?.map(error => error.field)]).toEqual([
      409,
      ['code', 'nameNl', 'nameEn'],
    ])
    const other = await admin.post('/catalogues/methods', {
      code: 'ANDERS',
      ...fresh('methods'),
      nameNl: 'Iets anders',
      nameEn: 'Something else',
    })
    expect(other.status, other.text).toBe(201)
    const change = (nameNl: string) => ({
      ...fresh('methods'),
      nameNl,
      nameEn: 'Something else',
      endsOn: null,
    })
    const taken = await admin.put('/catalogues/methods/ANDERS', change('EIGEN KRACHT'), { version: 1 })
    expect(taken.status).toBe(409)
    await app.db.updateTable('method').set({ nameNl: 'Eigen Kracht' }).where('code', '=', 'ANDERS').execute()
    expect(await twins()).toEqual([
      {
        kind: 'entry',
        list: 'methods',
        names: [
          { name: 'Eigen Kracht (ANDERS)', team: null },
          { name: 'Eigen kracht (EIGEN)', team: null },
        ],
      },
    ])
    const kept = await admin.put('/catalogues/methods/ANDERS', change('Eigen Kracht'), { version: 1 })
    expect(kept.status, 'its own name stays').toBe(200)
    expect((await (await app.as('lead')).get('/organisation/twins')).status).toBe(403)
    for (const code of ['ANDERS', 'EIGEN']) {
      const { version } = (await one('methods', code))!
      await admin.delete(`/catalogues/methods/${code}`, { version })
    }
  })

  test('a name about a ground on which nobody is judged is refused with why, also in a change', async () => {
    const reason = (nameNl: string, nameEn: string) => ({ ...fresh('reductionReasons'), nameNl, nameEn })
    const added = await admin.post<ProblemDetails>('/catalogues/reductionReasons', {
      code: 'ZWANGERSCHAP',
      ...reason('Zwangerschap', 'Pregnancy'),
    })
    expect(added.status).toBe(422)
    expect(added.body.errors?.map(error => error.field).sort()).toEqual(['code', 'nameEn', 'nameNl'])
    expect(added.text).toContain('Dit gaat over zwangerschap')
    const overig = (await one('reductionReasons', 'OVERIG'))!
    const changed = await admin.put<ProblemDetails>(
      '/catalogues/reductionReasons/OVERIG',
      { ...reason('Overig, ziekte', 'Other'), endsOn: null },
      { version: overig.version },
    )
    expect([changed.status, changed.body.errors?.map(error => error.field)]).toEqual([422, ['nameNl']])
    expect((await one('reductionReasons', 'OVERIG'))?.nameNl).toBe('Overig')
  })

  test('what an administrator says is not about the work is no subject of wishes any more', async () => {
    const network = (await one('factors', 'NETWERK'))!
    expect(network.aboutWork).toBe(true)
    expect((await one('factors', 'TOLK'))?.aboutWork).toBe(false)
    const person = await aWorker(app.db, { organisationId: app.organisationId, teamId: app.teamId })
    await app.db
      .insertInto('preference')
      .values({ workerId: person.id, kind: 'factor', code: 'NETWERK', value: 'rather', validUntil: null })
      .execute()
    const { code: _, active: __, version, ...said } = network
    const changed = await admin.put('/catalogues/factors/NETWERK', { ...said, aboutWork: false }, { version })
    expect(changed.status, changed.text).toBe(200)
    const left = await app.db
      .selectFrom('preference')
      .select('code')
      .where('workerId', '=', person.id)
      .execute()
    expect(left).toEqual([])
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
