import type { Executor } from '../../db/database.ts'
import type { Catalogues, RulebookContent } from '../contract/rulebook.ts'
import { append } from '../events.ts'
import type { Handlers } from '../http/call.ts'
import { checkContent, reweighOrganisation } from './publish.ts'
import { type RulebookRow, rulebookOn } from './queries.ts'

type Names = 'GET /catalogues' | 'GET /rulebook' | 'POST /rulebooks'

export const rulebookHandlers: Pick<Handlers, Names> = {
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

  async 'GET /rulebook'({ db, user, today }) {
    return reply(db, await rulebookOn(db, user.organisationId, today))
  },

  async 'POST /rulebooks'({ db: tx, body, user, locale, today, now }) {
    const { organisationId } = user
    const measures = await tx.selectFrom('measure').select('code').execute()
    const factors = await tx.selectFrom('caseFactor').select('code').execute()
    const known = {
      measures: new Set(measures.map(one => one.code)),
      factors: new Set(factors.map(one => one.code)),
    }
    const content: RulebookContent = body.content
    checkContent(content, known, locale)

    // Two administrators at once get two versions, one after the other.
    await tx
      .selectFrom('organisation')
      .select('id')
      .where('id', '=', organisationId)
      .forNoKeyUpdate()
      .execute()
    const last = await tx
      .selectFrom('rulebook')
      .select(({ fn }) => fn.max('version').as('version'))
      .where('organisationId', '=', organisationId)
      .executeTakeFirstOrThrow()
    const row = await tx
      .insertInto('rulebook')
      .values({
        organisationId,
        version: (last.version ?? 0) + 1,
        effectiveFrom: body.effectiveFrom,
        content: JSON.stringify(content),
        createdBy: user.id,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await append(tx, {
      type: 'rulebook.published',
      actor: user,
      organisationId,
      teamId: null,
      objectType: 'rulebook',
      objectId: String(row.version),
      data: { effectiveFrom: row.effectiveFrom },
      at: now,
    })
    if (row.effectiveFrom <= today) await reweighOrganisation(tx, organisationId, today, { actor: user, now })
    return reply(tx, row)
  },
}

async function reply(db: Executor, row: RulebookRow) {
  const author =
    row.createdBy === null
      ? undefined
      : await db.selectFrom('userAccount').select('name').where('id', '=', row.createdBy).executeTakeFirst()
  return {
    id: row.id,
    version: row.version,
    effectiveFrom: row.effectiveFrom,
    createdAt: row.createdAt.toISOString(),
    createdBy: author?.name ?? null,
    content: row.content,
  }
}
