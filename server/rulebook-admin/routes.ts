import type { Db, Executor } from '../../db/database.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import type { RulebookEffect, rulebookEndpoints } from '../contract/rulebook-versions.ts'
import { append, inTransaction } from '../events/events.ts'
import { type Call, type Handlers, notFound } from '../http/call.ts'
import { profilesOf } from '../rulebook/profiles.ts'
import { findVersion, type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { sheetCsv } from '../tables/spreadsheet.ts'
import { catalogueHandlers } from './catalogue-routes.ts'
import { draftOf, dropDraft, keepDraft } from './draft.ts'
import { rulebookEffect } from './effect.ts'
import { effectSheet } from './effect-sheet.ts'
import { publish } from './publish.ts'
import { versionsOf, withdrawVersion } from './versions.ts'

export const rulebookHandlers: Pick<Handlers, keyof typeof rulebookEndpoints> = {
  ...catalogueHandlers,

  async 'GET /rulebook'({ db, user, today, query }) {
    return reply(db, await rulebookOn(db, user.organisationId, query.on ?? today))
  },
  'GET /rulebooks': ({ db, user, today }) => versionsOf(db, user.organisationId, today),
  async 'GET /rulebooks/:version'({ db, user, params }) {
    return reply(db, await findVersion(db, user.organisationId, params.version))
  },
  async 'POST /rulebooks'(call) {
    return reply(call.db, await publish(call))
  },
  'POST /rulebooks/:version/withdrawal': withdrawVersion,

  'GET /rulebook/draft': ({ db, user }) => draftOf(db, user.organisationId),
  'PUT /rulebook/draft': keepDraft,
  'DELETE /rulebook/draft': dropDraft,

  'GET /rulebook/effect': effect,
  async 'GET /exports/rulebook-effect'(call) {
    const { db, user, now, locale } = call
    const sheet = effectSheet(await effect(call), locale)
    await inTransaction(db, async tx =>
      append(tx, {
        type: 'report.exported',
        actor: user,
        organisationId: user.organisationId,
        teamId: null,
        objectType: 'organisation',
        objectId: String(user.organisationId),
        data: { report: 'rulebookEffect', name: sheet.name, rows: sheet.rows.length },
        at: now,
      }),
    )
    return sheetCsv(sheet, locale)
  },
}

/** For the teams of the reader: a lead's own, an administrator's all. 404 when there is no draft, or no such version. */
async function effect(
  call: Pick<Call<'GET /rulebook/effect'>, 'user' | 'query' | 'today'> & { db: Db },
): Promise<RulebookEffect> {
  const { db, user, query, today } = call
  const { organisationId } = user
  const version = query.version ?? null
  const content: RulebookContent | null =
    version === null
      ? (await draftOf(db, organisationId)).content
      : (await findVersion(db, organisationId, version)).content
  if (!content) throw notFound({ nl: 'Een concept van de regels', en: 'A draft of the rules' })
  const teamIds = user.teamsFor('rulebook.preview')
  return rulebookEffect(db, { organisationId, teamIds, today, content, version })
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
    reason: row.reason,
    content: row.content,
    profiles: [...profilesOf(row.content)],
  }
}
