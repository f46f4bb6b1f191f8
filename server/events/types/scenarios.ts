import type { EventEntry } from '../event-entry.ts'

/** What happened to what-ifs and trade-offs, as sentences; the object is their round. */
export const scenarioEvents = {
  'scenario.requested': {
    nl: '{actor} heeft bij verdeelronde {object} iets laten doorrekenen (berekening {run}). De ronde zelf blijft zoals die is.',
    en: '{actor} had something calculated for round {object} (calculation {run}). The round itself stays as it is.',
  },
  'scenario.finished': {
    nl: 'Berekening {run} bij verdeelronde {object} is klaar.',
    en: 'Calculation {run} of round {object} is done.',
  },
  'scenario.failed': {
    nl: 'Berekening {run} bij verdeelronde {object} is mislukt.',
    en: 'Calculation {run} of round {object} failed.',
  },
  'scenario.deleted': {
    nl: '{actor} heeft berekening {run} bij verdeelronde {object} weggegooid.',
    en: '{actor} discarded calculation {run} of round {object}.',
  },
  'scenario.takenOver': {
    nl: '{actor} heeft in verdeelronde {object} berekening {run} overgenomen; plekken: {seats}.',
    en: '{actor} used calculation {run} in round {object}; seats: {seats}.',
  },
} satisfies Record<string, EventEntry>
