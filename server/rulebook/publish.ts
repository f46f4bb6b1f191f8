import type { Db, Tx } from '../../db/database.ts'
import { reweigh, totalHours } from '../allocations/hours.ts'
import type { Locale } from '../contract/common.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { append } from '../events.ts'
import { changesCountFrom } from '../history/day.ts'
import { reachPlans } from '../history/plans.ts'
import type { SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import { dayOf } from '../today.ts'
import { rulebookOn } from './queries.ts'

/**
 * What a schema cannot say about a rulebook: the band in order, codes known and once, load cost that rises (a price that
 * falls with load would send cases to the busiest). 422 names every field.
 */
export function checkContent(
  content: RulebookContent,
  known: { measures: ReadonlySet<string>; factors: ReadonlySet<string> },
  locale: Locale,
): void {
  const errors = new FieldErrors(locale)
  if (content.bandLow > content.bandHigh) {
    errors.add('content.bandLow', {
      nl: 'De onderkant van de band ligt boven de bovenkant.',
      en: 'The low end of the band is above its high end.',
    })
  }
  if (content.bandHigh > content.hardLimit) {
    errors.add('content.hardLimit', {
      nl: 'De harde grens ligt onder de bovenkant van de band.',
      en: 'The hard limit is below the high end of the band.',
    })
  }
  const lists = [
    ['content.weight.bases', content.weight.bases.map(one => one.measure), known.measures, 'measure'],
    ['content.weight.factors', content.weight.factors.map(one => one.factor), known.factors, 'factor'],
    [
      'content.weight.phaseWeeks',
      (content.weight.phaseWeeks ?? []).map(one => one.measure),
      known.measures,
      'measure',
    ],
  ] as const
  for (const [path, codes, catalogue, field] of lists) {
    codes.forEach((code, index) => {
      const where = `${path}.${index}.${field}`
      if (!catalogue.has(code)) {
        errors.add(
          where,
          { nl: 'Deze code staat niet in de lijst.', en: 'This code is not in the list.' },
          code,
        )
      } else if (codes.indexOf(code) !== index) {
        errors.add(where, { nl: 'Deze staat er al.', en: 'This one is there already.' }, code)
      }
    })
  }
  content.rampUp.forEach((step, index) => {
    if (content.rampUp.findIndex(one => one.untilMonth === step.untilMonth) === index) return
    errors.add(`content.rampUp.${index}.untilMonth`, {
      nl: 'Deze maand staat er al.',
      en: 'This month is there already.',
    })
  })
  content.loadCost.forEach((step, index) => {
    const before = content.loadCost[index - 1]
    if (!before || (step.from > before.from && step.pointsPerHour >= before.pointsPerHour)) return
    errors.add(`content.loadCost.${index}`, {
      nl: 'Elke volgende stap begint hoger en kost minstens evenveel per uur.',
      en: 'Every next step starts higher and costs at least as much per hour.',
    })
  })
  errors.refuse()
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
  await tx.selectFrom('organisation').select('id').where('id', '=', organisationId).forNoKeyUpdate().execute()
  await reachPlans(tx, organisationId, on, by.now)
  const changed = await reweigh(tx, { organisationId, on })
  if (changed.length === 0) return 0
  const { version } = await rulebookOn(tx, organisationId, on)
  await append(tx, {
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

/** `reweighOrganisation` for every organisation, as it stands at this moment. Returns the number of seats that changed. */
export async function reweighAll(db: Db, now: Date): Promise<number> {
  let changed = 0
  for (const { id } of await db.selectFrom('organisation').select('id').orderBy('id').execute()) {
    const by = { actor: null, now }
    changed += await db.transaction().execute(tx => reweighOrganisation(tx, id, dayOf(now), by))
  }
  return changed
}
