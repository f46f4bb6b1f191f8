import type { EventEntry } from '../event-entry.ts'

/** What happened while a case was weighed together; who estimated what stays out of it. */
export const estimateEvents = {
  'estimate.opened': {
    nl: 'Aan {asked} mensen is gevraagd zaak {caseNumber} te schatten.',
    en: '{asked} people were asked to estimate case {caseNumber}.',
  },
  'estimate.given': {
    nl: 'Een schatting van zaak {caseNumber} gegeven.',
    en: 'An estimate of case {caseNumber} was given.',
  },
  'estimate.revealed': {
    nl: 'De {given} schattingen van zaak {caseNumber} getoond: van {lowest} tot {highest} uur.',
    en: 'The {given} estimates of case {caseNumber} were shown: from {lowest} to {highest} hours.',
  },
  'estimate.agreed': {
    nl: 'Voor zaak {caseNumber} {hours} uur afgesproken; de tabel zei {tableHours} uur.',
    en: 'For case {caseNumber} {hours} hours were agreed; the table said {tableHours} hours.',
  },
  'estimate.cancelled': {
    nl: 'Het samen schatten van zaak {caseNumber} gestopt.',
    en: 'Estimating case {caseNumber} together was stopped.',
  },
} satisfies Record<string, EventEntry>
