import type { BothLanguages } from '../http/call.ts'

/** What happened to the rulebook, as sentences. `{object}` is its version number. */
export const rulebookEvents: Record<string, BothLanguages> = {
  'rulebook.published': {
    nl: 'Versie {object} van de toedelingsregeling vastgesteld, geldig vanaf {effectiveFrom}.',
    en: 'Version {object} of the rulebook published, effective from {effectiveFrom}.',
  },
  'rulebook.withdrawn': {
    nl: 'Versie {object} van de toedelingsregeling ingetrokken voordat zij gold (vanaf {effectiveFrom}).',
    en: 'Version {object} of the rulebook withdrawn before it held (from {effectiveFrom}).',
  },
  'rulebook.drafted': {
    nl: 'Concept van de toedelingsregeling bewaard: {changes} verschillen met versie {basedOn}.',
    en: 'Draft of the rulebook kept: {changes} differences with version {basedOn}.',
  },
  'rulebook.draftDropped': {
    nl: 'Concept van de toedelingsregeling weggegooid.',
    en: 'Draft of the rulebook thrown away.',
  },
  'rulebook.applied': {
    nl: 'Volgens versie {object} van de toedelingsregeling opnieuw gewogen: {seats} plaatsen, van {from} naar {to} uur.',
    en: 'Weighed again by version {object} of the rulebook: {seats} seats, from {from} to {to} hours.',
  },
}
