import type { EventEntry } from '../event-entry.ts'

/** What happened to calculations of dealing out again, whose object is the team, and to the cases that moved. */
export const reallocationEvents = {
  'reallocation.requested': {
    nl: '{actor} heeft doorgerekend hoe de lopende zaken van het team anders verdeeld kunnen worden (berekening {run}). Er is niets gewijzigd.',
    en: '{actor} calculated how the open cases of the team could be reallocated (calculation {run}). Nothing was changed.',
  },
  'reallocation.finished': {
    nl: 'Berekening {run} van de herverdeling is klaar.',
    en: 'Calculation {run} of the reallocation is done.',
  },
  'reallocation.failed': {
    nl: 'Berekening {run} van de herverdeling is mislukt.',
    en: 'Calculation {run} of the reallocation failed.',
  },
  'reallocation.stopRequested': {
    nl: '{actor} heeft berekening {run} van de herverdeling gestopt.',
    en: '{actor} stopped calculation {run} of the reallocation.',
  },
  'reallocation.cancelled': {
    nl: '{actor} heeft berekening {run} van de herverdeling geannuleerd.',
    en: '{actor} cancelled calculation {run} of the reallocation.',
  },
  'case.moved': {
    nl: '{actor} heeft zaak {object} overgedragen van {from} aan {worker}, vanaf {startOn}.',
    en: '{actor} moved case {object} from {from} to {worker}, from {startOn}.',
  },
} satisfies Record<string, EventEntry>
