import type { EventEntry } from '../event-entry.ts'

/** What happened outside a round, as sentences. `{object}` is the case number. */
export const allocationEvents = {
  'case.allocatedOutside': {
    nl: '{actor} heeft zaak {object} buiten een verdeelronde toegedeeld aan {worker}, vanaf {startOn}.',
    en: '{actor} allocated case {object} outside a round to {worker}, from {startOn}.',
  },
  'case.excessAsked': {
    nl: '{actor} vroeg goedkeuring om zaak {object} boven de harde grens toe te delen aan {worker}, vanaf {startOn}.',
    en: '{actor} asked for approval to allocate case {object} above the hard limit to {worker}, from {startOn}.',
  },
  'case.excessRefused': {
    nl: '{actor} keurde niet goed dat zaak {object} boven de harde grens naar {worker} gaat.',
    en: '{actor} refused that case {object} goes to {worker} above the hard limit.',
  },
} satisfies Record<string, EventEntry>
