import type { BothLanguages } from '../http/call.ts'

/** What happened to the rulebook, as sentences. `{object}` is its version number. */
export const rulebookEvents: Record<string, BothLanguages> = {
  'rulebook.published': {
    nl: 'Versie {object} van de toedelingsregeling vastgesteld, geldig vanaf {effectiveFrom}.',
    en: 'Version {object} of the rulebook published, effective from {effectiveFrom}.',
  },
  'rulebook.applied': {
    nl: 'Volgens versie {object} van de toedelingsregeling opnieuw gewogen: {seats} plaatsen, van {from} naar {to} uur.',
    en: 'Weighed again by version {object} of the rulebook: {seats} seats, from {from} to {to} hours.',
  },
}
