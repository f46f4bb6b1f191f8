import type { Tx } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { overlaps, type Span } from '../contract/days.ts'
import type { WorkerInput } from '../contract/workers.ts'
import type { SignedIn } from '../http/call.ts'
import { FieldErrors } from '../http/field-errors.ts'
import type { WorkerRecord } from './queries.ts'

const ORDER = { nl: 'De einddatum ligt voor de begindatum.', en: 'The end date is before the start date.' }
const UNKNOWN = { nl: 'Deze code staat niet in de lijst.', en: 'This code is not in the list.' }
const TWICE = { nl: 'Deze staat er al.', en: 'This one is already there.' }
const OVERLAP = {
  nl: 'Deze periode overlapt met een andere. Pas een van de twee aan.',
  en: 'This period overlaps another one. Change one of the two.',
}
const ABOVE_ZERO = {
  nl: 'Vul meer dan 0 % in, of laat de regel weg.',
  en: 'Enter more than 0%, or remove the line.',
}

interface Catalogue {
  competences: ReadonlyMap<string, { active: boolean; maxLevel: number }>
  reasons: ReadonlyMap<string, { active: boolean; maximumPercentage: number }>
  municipalities: ReadonlySet<string>
}

/** Checks a worker's record as entered; 422 names every field that is wrong. */
export async function checkWorker(
  tx: Tx,
  input: WorkerInput,
  before: WorkerRecord | null,
  reader: { user: SignedIn; locale: Locale },
): Promise<void> {
  const errors = new FieldErrors(reader.locale)
  const team = await tx
    .selectFrom('team')
    .select('id')
    .where('id', '=', input.teamId)
    .where('organisationId', '=', reader.user.organisationId)
    .executeTakeFirst()
  if (!team || !reader.user.mayIn('worker.write', input.teamId)) {
    errors.add(
      'teamId',
      { nl: 'Kies een van je eigen teams.', en: 'Choose one of your own teams.' },
      input.teamId,
    )
  }
  checkRecord(input, before, await catalogue(tx), errors)
  errors.refuse()
}

/** The checks that need no database. */
export function checkRecord(
  input: WorkerInput,
  before: Pick<WorkerInput, 'competences' | 'reductions'> | null,
  known: Catalogue,
  errors: FieldErrors,
): void {
  if (input.employedUntil !== null && input.employedUntil < input.employedFrom)
    errors.add('employedUntil', ORDER)
  if (
    input.registrationFrom !== null &&
    input.registrationUntil !== null &&
    input.registrationUntil < input.registrationFrom
  ) {
    errors.add('registrationUntil', ORDER)
  }
  if (input.dutyHours > input.contractHours) {
    errors.add(
      'dutyHours',
      { nl: 'Dit is meer dan de contracturen.', en: 'This is more than the contract hours.' },
      input.dutyHours,
    )
  }
  if (input.baseMunicipality !== null && !known.municipalities.has(input.baseMunicipality)) {
    errors.add(
      'baseMunicipality',
      { nl: 'Deze gemeente is niet bekend.', en: 'This municipality is not known.' },
      input.baseMunicipality,
    )
  }

  input.competences.forEach((one, index) => {
    const found = known.competences.get(one.competence)
    const had = before?.competences.some(old => old.competence === one.competence) ?? false
    const path = `competences.${index}`
    if (!found || (!found.active && !had)) errors.add(`${path}.competence`, UNKNOWN, one.competence)
    else if (one.level > found.maxLevel) {
      const message = {
        nl: `Het hoogste niveau is ${found.maxLevel}.`,
        en: `The highest level is ${found.maxLevel}.`,
      }
      errors.add(`${path}.level`, message, one.level)
    }
    if (input.competences.findIndex(other => other.competence === one.competence) !== index) {
      errors.add(`${path}.competence`, TWICE, one.competence)
    }
  })

  input.reductions.forEach((one, index) => {
    const found = known.reasons.get(one.reason)
    const had = before?.reductions.some(old => old.reason === one.reason) ?? false
    const path = `reductions.${index}`
    if (!found || (!found.active && !had)) errors.add(`${path}.reason`, UNKNOWN, one.reason)
    else if (one.percentage > found.maximumPercentage) {
      const message = {
        nl: `Voor deze reden geldt hoogstens ${found.maximumPercentage} %.`,
        en: `For this reason the maximum is ${found.maximumPercentage}%.`,
      }
      errors.add(`${path}.percentage`, message, one.percentage)
    }
    const sameReason = input.reductions.map(other => (other.reason === one.reason ? other : null))
    checkPeriod(one, index, sameReason, path, errors)
  })
  input.absences.forEach((one, index) => {
    checkPeriod(one, index, input.absences, `absences.${index}`, errors)
  })
}

interface Period extends Span {
  percentage: number
}

function checkPeriod(
  one: Period,
  index: number,
  others: readonly (Period | null)[],
  path: string,
  errors: FieldErrors,
): void {
  if (one.percentage <= 0) errors.add(`${path}.percentage`, ABOVE_ZERO, one.percentage)
  if (one.validUntil !== null && one.validUntil < one.validFrom) {
    errors.add(`${path}.validUntil`, ORDER, one.validUntil)
  } else if (others.some((other, at) => other !== null && at < index && overlaps(one, other))) {
    errors.add(`${path}.validFrom`, OVERLAP, one.validFrom)
  }
}

async function catalogue(tx: Tx): Promise<Catalogue> {
  const competences = await tx.selectFrom('competence').select(['code', 'active', 'maxLevel']).execute()
  const reasons = await tx
    .selectFrom('reductionReason')
    .select(['code', 'active', 'maximumPercentage'])
    .execute()
  const municipalities = await tx.selectFrom('municipality').select('code').execute()
  return {
    competences: new Map(competences.map(one => [one.code, one])),
    reasons: new Map(reasons.map(one => [one.code, one])),
    municipalities: new Set(municipalities.map(one => one.code)),
  }
}
