import type { Catalogues } from '../contract/rulebook.ts'
import type { Handlers } from '../http/call.ts'

export const catalogueHandlers: Pick<Handlers, 'GET /catalogues'> = {
  async 'GET /catalogues'({ db, locale }): Promise<Catalogues> {
    const name = locale === 'nl' ? ('nameNl as name' as const) : ('nameEn as name' as const)
    return {
      measures: await db
        .selectFrom('measure')
        .select(['code', name, 'abbreviation', 'active', 'kind'])
        .orderBy('code')
        .execute(),
      factors: await db
        .selectFrom('caseFactor')
        .select(['code', name, 'active', 'isThreat'])
        .orderBy('code')
        .execute(),
      competences: await db
        .selectFrom('competence')
        .select(['code', name, 'active', 'maxLevel'])
        .orderBy('code')
        .execute(),
      overrideReasons: await db
        .selectFrom('overrideReason')
        .select(['code', name, 'active', 'needsText'])
        .orderBy('needsText')
        .orderBy('code')
        .execute(),
      reductionReasons: await db
        .selectFrom('reductionReason')
        .select(['code', name, 'active', 'defaultPercentage', 'maximumPercentage', 'maximumMonths'])
        .orderBy('code')
        .execute(),
      municipalities: await db.selectFrom('municipality').select(['code', 'name']).orderBy('name').execute(),
      methods: await db.selectFrom('method').select(['code', name, 'active']).orderBy('code').execute(),
    }
  },
}
