import { addDays, addMonths, overlaps, type Span } from '../contract/days.ts'
import type { AvailabilityEntry } from '../contract/requests.ts'
import type { BothLanguages } from '../http/call.ts'

/** A period that an entry may not overlap: of the same kind, and of the same reason for a reduction. */
export interface Held extends Span {
  kind: AvailabilityEntry['kind']
  reason: string | null
  /** Only asked for. */
  asked: boolean
}

/** The periods that are asked for: one, unless there are several. */
export function periodsOf(asked: Span & { periods?: readonly Span[] | null | undefined }): readonly Span[] {
  return asked.periods ?? [{ validFrom: asked.validFrom, validUntil: asked.validUntil }]
}

export interface ReasonTerms {
  active: boolean
  maximumPercentage: number
  maximumMonths: number | null
}

export interface EntryFault {
  field: keyof AvailabilityEntry
  text: BothLanguages
}

const ORDER = { nl: 'De einddatum ligt voor de begindatum.', en: 'The end date is before the start date.' }
const ABOVE_ZERO = { nl: 'Vul meer dan 0 % in.', en: 'Enter more than 0%.' }
const PERIODS = {
  nl: 'De periodes van een verzoek om verlof moeten op volgorde staan en mogen niet overlappen.',
  en: 'The periods of a request for leave must be in order and may not overlap.',
}
const UNKNOWN = { nl: 'Deze reden staat niet in de lijst.', en: 'This reason is not in the list.' }
const NO_REASON = {
  nl: 'Bij afwezigheid wordt geen reden vastgelegd.',
  en: 'No reason is recorded for an absence.',
}
const PAST = {
  nl: 'Dit is al voorbij. Kloppen je gegevens niet, vraag dan een verbetering aan.',
  en: 'This is already past. If your data are wrong, ask for a correction.',
}
const OVERLAPS: Record<'held' | 'asked', BothLanguages> = {
  held: {
    nl: 'Deze periode overlapt met een periode die er al staat. Pas de datums aan.',
    en: 'This period overlaps one that is already there. Change the dates.',
  },
  asked: {
    nl: 'Deze periode overlapt met een verzoek dat nog open staat. Trek dat eerst in.',
    en: 'This period overlaps a request that is still open. Withdraw that first.',
  },
}

/**
 * What is wrong with an entry, beside what is there already. Days are ISO days with the last day included; nothing here
 * knows a clock.
 */
export function faultsOf(
  entry: AvailabilityEntry,
  held: readonly Held[],
  reasons: ReadonlyMap<string, ReasonTerms>,
  today: string,
): EntryFault[] {
  const found: EntryFault[] = []
  const { kind, reason, percentage, validFrom, validUntil } = entry
  if (percentage <= 0) found.push({ field: 'percentage', text: ABOVE_ZERO })
  if (kind === 'absence') {
    if (reason !== null) found.push({ field: 'reason', text: NO_REASON })
  } else {
    const terms = reason === null ? undefined : reasons.get(reason)
    if (!terms?.active) found.push({ field: 'reason', text: UNKNOWN })
    else found.push(...overTerms(entry, terms))
  }
  if (validUntil !== null && validUntil < validFrom) found.push({ field: 'validUntil', text: ORDER })
  else if (!inOrder(entry)) found.push({ field: 'periods', text: PERIODS })
  else {
    if (validUntil !== null && validUntil < today) found.push({ field: 'validUntil', text: PAST })
    const periods = periodsOf(entry)
    const clash = held.find(
      one =>
        one.kind === kind &&
        (kind === 'absence' || one.reason === reason) &&
        periods.some(period => overlaps(one, period)),
    )
    if (clash) found.push({ field: 'validFrom', text: OVERLAPS[clash.asked ? 'asked' : 'held'] })
  }
  return found
}

/** Several periods are of an absence, follow each other, and end where the whole ends. */
function inOrder({ kind, validFrom, validUntil, periods }: AvailabilityEntry): boolean {
  if (!periods) return true
  return (
    kind === 'absence' &&
    periods[0]!.validFrom === validFrom &&
    periods.at(-1)!.validUntil === validUntil &&
    periods.every(
      (one, index) =>
        one.validFrom <= one.validUntil && (index === 0 || one.validFrom > periods[index - 1]!.validUntil),
    )
  )
}

/** A reduction stays within the percentage and the number of months that the catalogue gives its reason. */
function overTerms(
  { percentage, validFrom, validUntil }: AvailabilityEntry,
  terms: ReasonTerms,
): EntryFault[] {
  const found: EntryFault[] = []
  const { maximumPercentage, maximumMonths } = terms
  if (percentage > maximumPercentage) {
    found.push({
      field: 'percentage',
      text: {
        nl: `Voor deze reden geldt hoogstens ${maximumPercentage} %.`,
        en: `For this reason the maximum is ${maximumPercentage}%.`,
      },
    })
  }
  if (maximumMonths !== null && (validUntil === null || validUntil > lastDayOf(validFrom, maximumMonths))) {
    found.push({
      field: 'validUntil',
      text: {
        nl: `Deze reden geldt hoogstens ${maximumMonths} maanden. Kies een einddatum daarbinnen.`,
        en: `This reason applies for at most ${maximumMonths} months. Choose an end date within that.`,
      },
    })
  }
  return found
}

/**
 * Last day of a period of so many months from a day: the day before the same date, or the last day of a shorter month.
 * Nine months from 15 March end on 14 December; one month from 31 January ends on 28 (or 29) February.
 */
export function lastDayOf(from: string, months: number): string {
  const end = addMonths(from, months)
  return end.slice(-2) === from.slice(-2) ? addDays(end, -1) : end
}
