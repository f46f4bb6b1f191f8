import type { Sentence } from '../../../solver/problem/sentences.ts'
import type { CatalogueList } from '../../contract/catalogue-entries.ts'
import type { EventEntry } from '../event-entry.ts'

const LISTS: Record<CatalogueList, Sentence> = {
  measures: { nl: 'maatregelen', en: 'measures' },
  factors: { nl: 'factoren', en: 'factors' },
  competences: { nl: 'competenties', en: 'competences' },
  methods: { nl: 'werkwijzen', en: 'methods' },
  overrideReasons: { nl: 'redenen om af te wijken', en: 'reasons to deviate' },
  reductionReasons: { nl: 'redenen voor vermindering', en: 'reasons for reductions' },
  municipalities: { nl: 'gemeenten', en: 'municipalities' },
}
const DONE = {
  added: { nl: 'toegevoegd', en: 'added' },
  changed: { nl: 'gewijzigd', en: 'changed' },
  ended: { nl: 'vervalt per {endsOn}', en: 'ends on {endsOn}' },
  removed: { nl: 'verwijderd, want nooit gebruikt', en: 'removed, as it was never used' },
} satisfies Record<string, Sentence>

/** What happened to the lists: one sentence for each list and each thing that can happen. */
const catalogueEvents = Object.fromEntries(
  Object.entries(LISTS).flatMap(([list, name]) =>
    Object.entries(DONE).map(([what, done]) => [
      `catalogue.${list}.${what}`,
      { nl: `Lijst ${name.nl}: {object} ${done.nl}.`, en: `List of ${name.en}: {object} ${done.en}.` },
    ]),
  ),
) as Record<`catalogue.${CatalogueList}.${keyof typeof DONE}`, EventEntry>

/** What happened to the rulebook, as sentences. `{object}` is its version number. */
export const rulebookEvents = {
  ...catalogueEvents,
  'rulebook.published': {
    nl: 'Versie {object} van de regels vastgesteld, geldig vanaf {effectiveFrom}.',
    en: 'Version {object} of the rules confirmed, in force from {effectiveFrom}.',
  },
  'rulebook.withdrawn': {
    nl: 'Versie {object} van de regels ingetrokken (zou gelden vanaf {effectiveFrom}).',
    en: 'Version {object} of the rules withdrawn (in force from {effectiveFrom}).',
  },
  'rulebook.drafted': {
    nl: 'Concept van de regels bewaard; verschillen met versie {basedOn}: {changes}.',
    en: 'Draft of the rules saved; differences from version {basedOn}: {changes}.',
  },
  'rulebook.draftDropped': {
    nl: 'Concept van de regels weggegooid.',
    en: 'Draft of the rules discarded.',
  },
  'rulebook.applied': {
    nl: 'Volgens versie {object} van de regels opnieuw gewogen. Plekken: {seats}; uren: van {from} naar {to}.',
    en: 'Weighed again by version {object} of the rules. Seats: {seats}; hours: from {from} to {to}.',
  },
} satisfies Record<string, EventEntry>
