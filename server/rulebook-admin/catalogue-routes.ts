import type { catalogueEndpoints } from '../contract/catalogue-entries.ts'
import type { Catalogues } from '../contract/rulebook.ts'
import type { Handlers } from '../http/call.ts'
import { addEntry, changeEntry, entriesOf, removeEntry } from './catalogue-entries.ts'

export const catalogueHandlers: Pick<Handlers, 'GET /catalogues' | keyof typeof catalogueEndpoints> = {
  'GET /catalogues/:list': ({ db, params }) => entriesOf(db, params.list),
  'POST /catalogues/:list': addEntry,
  'PUT /catalogues/:list/:code': changeEntry,
  'DELETE /catalogues/:list/:code': removeEntry,

  async 'GET /catalogues'({ db, locale }): Promise<Catalogues> {
    const name = locale === 'nl' ? ('nameNl as name' as const) : ('nameEn as name' as const)
    return {
      measures: await db
        .selectFrom('measure')
        .select(['code', name, 'abbreviation', 'active', 'endsOn', 'kind'])
        .orderBy('code')
        .execute(),
      factors: await db
        .selectFrom('caseFactor')
        .select(['code', name, 'active', 'endsOn', 'isThreat', 'aboutWork'])
        .orderBy('code')
        .execute(),
      competences: await db
        .selectFrom('competence')
        .select(['code', name, 'active', 'endsOn', 'maxLevel'])
        .orderBy('code')
        .execute(),
      overrideReasons: await db
        .selectFrom('overrideReason')
        .select(['code', name, 'active', 'endsOn', 'needsText', 'uses'])
        .orderBy('needsText')
        .orderBy('code')
        .execute(),
      reductionReasons: await db
        .selectFrom('reductionReason')
        .select(['code', name, 'active', 'endsOn', 'defaultPercentage', 'maximumPercentage', 'maximumMonths'])
        .orderBy('code')
        .execute(),
      municipalities: await db
        .selectFrom('municipality')
        .select(['code', 'name', 'active', 'endsOn'])
        .orderBy('name')
        .execute(),
      methods: await db
        .selectFrom('method')
        .select(['code', name, 'active', 'endsOn', 'aboutWork'])
        .orderBy('code')
        .execute(),
    }
  },
}
