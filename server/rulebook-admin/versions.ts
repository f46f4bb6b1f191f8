import type { Executor } from '../../db/database.ts'
import type { RulebookVersion } from '../contract/rulebook-versions.ts'
import { append, sealMotives } from '../events/events.ts'
import { type Call, Refusal } from '../http/call.ts'
import { tell } from '../messages/write.ts'
import { findVersion, rulebookOn } from '../rulebook/queries.ts'
import { lockOrganisation } from './draft.ts'
import { heardOf, reweighOrganisation } from './publish.ts'

interface Dated {
  version: number
  effectiveFrom: string
  withdrawn: boolean
}

/**
 * From which day each version holds and until when, newest first. A version holds from its day until the day of the next
 * one; of two with the same day the later version holds. One that never had a day of its own was `replaced`. The first
 * version also holds before its day, as nothing older is known.
 */
export function periodsOf(
  versions: readonly Dated[],
  today: string,
): { version: number; state: RulebookVersion['state']; until: string | null }[] {
  const standing = versions
    .filter(one => !one.withdrawn)
    .sort((a, b) =>
      a.effectiveFrom < b.effectiveFrom ? -1 : a.effectiveFrom > b.effectiveFrom ? 1 : a.version - b.version,
    )
  const holding = standing.filter((one, index) => standing[index + 1]?.effectiveFrom !== one.effectiveFrom)
  const inForce = [...holding].reverse().find(one => one.effectiveFrom <= today) ?? holding[0]
  return [...versions]
    .sort((a, b) => b.version - a.version)
    .map(({ version, effectiveFrom, withdrawn }) => {
      if (withdrawn) return { version, state: 'withdrawn', until: null }
      const at = holding.findIndex(one => one.version === version)
      if (at < 0) return { version, state: 'replaced', until: effectiveFrom }
      const until = holding[at + 1]?.effectiveFrom ?? null
      if (version === inForce?.version) return { version, state: 'inForce', until }
      return { version, state: effectiveFrom > today ? 'coming' : 'past', until }
    })
}

/** A day that has passed counts by it, or today does and nothing older would hold instead: it stays. */
function heldBefore(
  one: Pick<RulebookVersion, 'version' | 'effectiveFrom'>,
  all: readonly Pick<RulebookVersion, 'version' | 'effectiveFrom' | 'state'>[],
  today: string,
): boolean {
  if (one.effectiveFrom !== today) return one.effectiveFrom < today
  return !all.some(
    other => other.version !== one.version && other.state !== 'withdrawn' && other.effectiveFrom <= today,
  )
}

/** Every version of the rulebook of an organisation, newest first. */
export async function versionsOf(
  db: Executor,
  organisationId: number,
  today: string,
): Promise<RulebookVersion[]> {
  const rows = await db
    .selectFrom('rulebook as r')
    .leftJoin('userAccount as u', 'u.id', 'r.createdBy')
    .leftJoin('userAccount as w', 'w.id', 'r.withdrawnBy')
    .where('r.organisationId', '=', organisationId)
    .select(eb => [
      'r.version',
      'r.effectiveFrom',
      'r.createdAt',
      'r.reason',
      'u.name as createdBy',
      'r.withdrawnAt',
      'r.withdrawnReason',
      'w.name as withdrawnBy',
      eb
        .selectFrom('round as o')
        .whereRef('o.rulebookId', '=', 'r.id')
        .where('o.status', '<>', 'cancelled')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .as('rounds'),
    ])
    .execute()
  const byVersion = new Map(rows.map(row => [row.version, row]))
  const dated = rows.map(row => ({ ...row, withdrawn: row.withdrawnAt !== null }))
  const periods = periodsOf(dated, today).map(one => ({
    ...one,
    effectiveFrom: byVersion.get(one.version)!.effectiveFrom,
  }))
  return periods.map(period => {
    const { version, effectiveFrom, until, state } = period
    const row = byVersion.get(version)!
    return {
      version,
      effectiveFrom,
      until,
      state,
      withdrawable:
        (state === 'inForce' || state === 'coming') && !row.rounds && !heldBefore(period, periods, today),
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      reason: row.reason,
      withdrawn:
        row.withdrawnAt === null
          ? null
          : { at: row.withdrawnAt.toISOString(), by: row.withdrawnBy, reason: row.withdrawnReason },
      rounds: row.rounds ?? 0,
    }
  })
}

/**
 * Withdraws a version that has not begun, or began today: no day will count by it, and when it held today every seat weighs
 * again by the version before. It stays in the list, with why, and who heard of it hears this too. 409 when it held on a day
 * that has passed, was withdrawn already, is the only one, or a round was calculated by it: what was used stays, and a newer
 * version of the same day replaces it.
 */
export async function withdrawVersion(
  call: Call<'POST /rulebooks/:version/withdrawal'>,
): Promise<RulebookVersion[]> {
  const { db: tx, user, params, body, today, now } = call
  const { organisationId } = user
  await lockOrganisation(tx, organisationId)
  const row = await findVersion(tx, organisationId, params.version)
  const versions = await versionsOf(tx, organisationId, today)
  const one = versions.find(other => other.version === row.version)!
  if (one.state === 'withdrawn') {
    throw new Refusal(409, {
      nl: `Versie ${row.version} is al ingetrokken.`,
      en: `Version ${row.version} has already been withdrawn.`,
    })
  }
  if (one.state === 'replaced') {
    throw new Refusal(409, {
      nl: `Versie ${row.version} is al vervangen: geen enkele dag telt volgens deze versie.`,
      en: `Version ${row.version} has been replaced already: no day counts by it.`,
    })
  }
  if (heldBefore(one, versions, today)) {
    throw new Refusal(409, {
      nl: `Versie ${row.version} geldt al of heeft gegolden en blijft bewaard. Stel een nieuwe versie vast om er iets aan te veranderen.`,
      en: `Version ${row.version} is or was in force, and is kept. Confirm a new version to change something.`,
    })
  }
  if (one.rounds > 0) {
    throw new Refusal(409, {
      nl: `Met versie ${row.version} is al een verdeelronde berekend, dus die blijft bewaard. Stel een nieuwe versie met dezelfde ingangsdatum vast: die vervangt deze.`,
      en: `A round was calculated with version ${row.version}, so it is kept. Confirm a new version with the same first day: it replaces this one.`,
    })
  }
  const sealed = sealMotives({ reasonText: body.reason, unregisteredReason: null })
  await tx
    .updateTable('rulebook')
    .set({
      withdrawnAt: now,
      withdrawnBy: user.id,
      withdrawnReason: body.reason,
      withdrawnSalt: sealed.salt,
    })
    .where('id', '=', row.id)
    .execute()
  append(tx, {
    type: 'rulebook.withdrawn',
    actor: user,
    organisationId,
    teamId: null,
    objectType: 'rulebook',
    objectId: String(row.version),
    data: { effectiveFrom: row.effectiveFrom, reasonSha256: sealed.hashes.reasonSha256 },
    at: now,
  })
  if (one.state === 'inForce') await reweighOrganisation(tx, organisationId, today, { actor: user, now })
  const { version: instead } = await rulebookOn(tx, organisationId, row.effectiveFrom)
  await tell(tx, {
    organisationId,
    userIds: await heardOf(tx, organisationId, row.version, ['rules.changed', 'rules.coming']),
    kind: 'rules.withdrawn',
    data: { version: row.version, instead },
    at: now,
  })
  return versionsOf(tx, organisationId, today)
}
