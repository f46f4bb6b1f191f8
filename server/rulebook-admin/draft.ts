import type { Executor, Tx } from '../../db/database.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { changesBetween } from '../contract/rulebook-changes.ts'
import type { RulebookDraft } from '../contract/rulebook-versions.ts'
import { type About, record } from '../events/record.ts'

import { type Call, staleVersion } from '../http/call.ts'
import { writtenOut } from '../rulebook/profiles.ts'
import { findVersion } from '../rulebook/queries.ts'

/** One after the other: whoever publishes, withdraws or weighs for an organisation. */
export async function lockOrganisation(tx: Tx, organisationId: number): Promise<void> {
  await tx.selectFrom('organisation').select('id').where('id', '=', organisationId).forNoKeyUpdate().execute()
}

/** The draft of an organisation; version 0 while there never was one. */
export async function draftOf(db: Executor, organisationId: number): Promise<RulebookDraft> {
  const row = await db
    .selectFrom('rulebookDraft as d')
    .leftJoin('userAccount as u', 'u.id', 'd.updatedBy')
    .where('d.organisationId', '=', organisationId)
    .select(['d.version', 'd.content', 'd.basedOn', 'd.updatedAt', 'u.name'])
    .executeTakeFirst()
  return {
    version: row?.version ?? 0,
    content: row?.content ?? null,
    basedOn: row?.basedOn ?? null,
    updatedBy: row?.name ?? null,
    updatedAt: row?.updatedAt.toISOString() ?? null,
  }
}

/**
 * Puts this in the place of the draft that was seen, under the lock on the organisation. 412 when it is another one by now.
 */
export async function takeDraft(
  tx: Tx,
  organisationId: number,
  seen: number,
  next: { content: RulebookContent | null; basedOn: number | null; by: number; now: Date },
): Promise<void> {
  const { version } = await draftOf(tx, organisationId)
  if (version !== seen) throw staleVersion(version)
  const row = {
    version: version + 1,
    content: next.content && JSON.stringify(next.content),
    basedOn: next.basedOn,
    updatedBy: next.by,
    updatedAt: next.now,
  }
  await tx
    .insertInto('rulebookDraft')
    .values({ organisationId, ...row })
    .onConflict(conflict => conflict.column('organisationId').doUpdateSet(row))
    .execute()
}

/**
 * Keeps the draft as it is typed. It may still contradict itself, so that half a thought is not lost; publishing judges it.
 * What it was based on must be a version of this organisation (404).
 */
export async function keepDraft(call: Call<'PUT /rulebook/draft'>): Promise<RulebookDraft> {
  const { db: tx, user, body, now, expectedVersion } = call
  const { organisationId } = user
  const base = await findVersion(tx, organisationId, body.basedOn)
  await lockOrganisation(tx, organisationId)
  await takeDraft(tx, organisationId, expectedVersion, { ...body, by: user.id, now })
  record(call, DRAFT, 'rulebook.drafted', {
    basedOn: base.version,
    changes: changesBetween(writtenOut(base.content), writtenOut(body.content)).length,
  })
  return draftOf(tx, organisationId)
}

const DRAFT: About = { objectType: 'rulebook', objectId: 'draft', teamId: null }

export async function dropDraft(call: Call<'DELETE /rulebook/draft'>): Promise<RulebookDraft> {
  const { db: tx, user, now, expectedVersion } = call
  await lockOrganisation(tx, user.organisationId)
  const empty = { content: null, basedOn: null, by: user.id, now }
  await takeDraft(tx, user.organisationId, expectedVersion, empty)
  record(call, DRAFT, 'rulebook.draftDropped')
  return draftOf(tx, user.organisationId)
}
