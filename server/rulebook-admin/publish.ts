import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import { addDays, dayOf } from '../contract/days.ts'
import { changesBetween, type RuleChange } from '../contract/rulebook-changes.ts'
import { append, inTransaction, sealMotives } from '../events/events.ts'
import { changesCountFrom } from '../history/day.ts'
import { reachPlans } from '../history/plans.ts'
import type { Call, SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import type { MessageKind } from '../messages/sentences.ts'
import { tell } from '../messages/write.ts'
import { writtenOut } from '../rulebook/profiles.ts'
import { type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { reweigh, totalHours } from '../weighing/hours.ts'
import { checkContent, type Known } from './check.ts'
import { lockOrganisation, takeDraft } from './draft.ts'
import { loadsThatChange } from './effect.ts'

/** How far ahead a version may begin: further is a slip in the year. */
const MAX_YEARS_AHEAD = 2

/** A version begins today or later: what days of the past were counted by has happened. */
function checkDay(effectiveFrom: string, today: string, locale: Locale): void {
  const errors = new FieldErrors(locale)
  if (effectiveFrom < today) {
    errors.add('effectiveFrom', {
      nl: `Kies vandaag (${dayText(today, 'nl')}) of later: dagen die voorbij zijn houden de regels van toen.`,
      en: `Choose today (${dayText(today, 'en')}) or later: days that have passed keep the rules of that time.`,
    })
  } else if (effectiveFrom > `${Number(today.slice(0, 4)) + MAX_YEARS_AHEAD}${today.slice(4)}`) {
    errors.add('effectiveFrom', {
      nl: `Kies een dag binnen ${MAX_YEARS_AHEAD} jaar.`,
      en: `Choose a day within ${MAX_YEARS_AHEAD} years.`,
    })
  }
  errors.refuse()
}

/** Everything that the codes of a rulebook of this organisation may name. */
export async function knownCodes(db: Executor, organisationId: number): Promise<Known> {
  const measures = await db.selectFrom('measure').select('code').execute()
  const factors = await db.selectFrom('caseFactor').select('code').execute()
  const competences = await db.selectFrom('competence').select(['code', 'maxLevel']).execute()
  const used = await db
    .selectFrom('round')
    .select('profile')
    .distinct()
    .where('organisationId', '=', organisationId)
    .execute()
  return {
    measures: new Set(measures.map(one => one.code)),
    factors: new Set(factors.map(one => one.code)),
    competences: new Map(competences.map(one => [one.code, one.maxLevel])),
    usedProfiles: new Set(used.map(one => one.profile)),
  }
}

/**
 * Makes the next version, and weighs every seat by it when it holds from today. `draftVersion` is the draft as the
 * administrator saw it: 412 when somebody changed or published it meanwhile. Publishing empties the draft.
 */
export async function publish(call: Call<'POST /rulebooks'>): Promise<RulebookRow> {
  const { db: tx, body, user, locale, today, now, expectedVersion } = call
  const { organisationId } = user
  checkDay(body.effectiveFrom, today, locale)
  checkContent(body.content, await knownCodes(tx, organisationId), locale)
  // Two administrators at once come one after the other, and the second is told.
  await lockOrganisation(tx, organisationId)
  await takeDraft(tx, organisationId, expectedVersion, { content: null, basedOn: null, by: user.id, now })
  const last = await tx
    .selectFrom('rulebook')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('organisationId', '=', organisationId)
    .executeTakeFirstOrThrow()
  const before = await rulebookOn(tx, organisationId, body.effectiveFrom)
  const { hashes, salt } = sealMotives({ reasonText: body.reason, unregisteredReason: null })
  const row = await tx
    .insertInto('rulebook')
    .values({
      organisationId,
      version: (last.version ?? 0) + 1,
      effectiveFrom: body.effectiveFrom,
      content: JSON.stringify(body.content),
      reason: body.reason,
      salt,
      createdBy: user.id,
      createdAt: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  append(tx, {
    type: 'rulebook.published',
    actor: user,
    organisationId,
    teamId: null,
    objectType: 'rulebook',
    objectId: String(row.version),
    data: {
      effectiveFrom: row.effectiveFrom,
      instead: before.version,
      changes: valuesOnly(changesBetween(writtenOut(before.content), writtenOut(body.content))),
      reasonSha256: hashes.reasonSha256,
    },
    at: now,
  })
  if (row.effectiveFrom <= today) await reweighOrganisation(tx, organisationId, today, { actor: user, now })
  else await tellOfComing(tx, organisationId, row, today, now)
  return row
}

/** Texts that people typed stay out of events: of those only which field changed. */
function valuesOnly(changes: readonly RuleChange[]) {
  return changes.map(({ field, from, to }) =>
    typeof from === 'string' || typeof to === 'string' ? { field } : { field, from, to },
  )
}

/**
 * Weighs every seat of the organisation anew by what holds on this day, with one event when anything changed. For the
 * moment a rulebook becomes effective, and once a day: a measure ends or a rulebook starts without anybody doing anything.
 * Returns the number of seats that changed.
 */
export async function reweighOrganisation(
  tx: Tx,
  organisationId: number,
  on: string,
  by: { actor: SignedIn | null; now: Date },
): Promise<number> {
  await changesCountFrom(tx, on)
  // Two servers on one database do this one after the other; the second finds nothing left to change.
  await lockOrganisation(tx, organisationId)
  await reachPlans(tx, organisationId, on, by.now)
  const changed = await reweigh(tx, { organisationId, on })
  const { version } = await tellOfRules(tx, organisationId, on, by.now)
  if (changed.length === 0) return 0
  append(tx, {
    type: 'rulebook.applied',
    actor: by.actor,
    organisationId,
    teamId: null,
    objectType: 'rulebook',
    objectId: String(version),
    data: {
      seats: changed.length,
      from: totalHours(changed, 'hours'),
      to: totalHours(changed, 'expected'),
    },
    at: by.now,
  })
  return changed.length
}

/**
 * On the day that other rules begin, who gets another load by them hears so: what it was by the rules of the day before, and
 * what it is. Once for every version. Gives the rulebook that holds.
 */
async function tellOfRules(tx: Tx, organisationId: number, on: string, now: Date): Promise<RulebookRow> {
  const holds = await rulebookOn(tx, organisationId, on)
  const before = await rulebookOn(tx, organisationId, addDays(on, -1))
  if (holds.version === before.version || (await heardOf(tx, organisationId, holds.version)).length > 0)
    return holds
  for (const one of await loadsThatChange(tx, { organisationId, today: on, content: before.content })) {
    await tell(tx, {
      organisationId,
      workerIds: [one.workerId],
      kind: 'rules.changed',
      data: { version: holds.version, from: one.under, to: one.now },
      at: now,
    })
  }
  return holds
}

/** Before rules that are to come begin: what they would make of the load of today. */
async function tellOfComing(
  tx: Tx,
  organisationId: number,
  { version, effectiveFrom, content }: RulebookRow,
  today: string,
  now: Date,
): Promise<void> {
  for (const one of await loadsThatChange(tx, { organisationId, today, content })) {
    await tell(tx, {
      organisationId,
      workerIds: [one.workerId],
      kind: 'rules.coming',
      data: { version, day: effectiveFrom, from: one.now, to: one.under },
      at: now,
    })
  }
}

/** The users who heard that this version changes their load, on the day that it begins or before. */
export async function heardOf(
  tx: Tx,
  organisationId: number,
  version: number,
  kinds: readonly MessageKind[] = ['rules.changed'],
): Promise<number[]> {
  const rows = await tx
    .selectFrom('message')
    .select('userId')
    .distinct()
    .where('organisationId', '=', organisationId)
    .where('kind', '=', sql<string>`any(${[...kinds]}::text[])`)
    .where(sql`data->>'version'`, '=', String(version))
    .orderBy('userId')
    .execute()
  return rows.map(row => row.userId)
}

/** `reweighOrganisation` for every organisation, as it stands at this moment. Returns the number of seats that changed. */
export async function reweighAll(db: Db, now: Date): Promise<number> {
  let changed = 0
  for (const { id } of await db.selectFrom('organisation').select('id').orderBy('id').execute()) {
    const by = { actor: null, now }
    changed += await inTransaction(db, tx => reweighOrganisation(tx, id, dayOf(now), by))
  }
  return changed
}
