import type { EventEntry } from '../event-entry.ts'

/** What happened to rounds, as sentences; {placeholders} come from the event's data. */
export const roundEvents = {
  'round.composed': {
    nl: '{actor} heeft verdeelronde {object} samengesteld. Zaken: {cases}; medewerkers: {workers}; start: {startOn}.',
    en: '{actor} composed round {object}. Cases: {cases}; workers: {workers}; start: {startOn}.',
  },
  'round.cancelled': {
    live: 'workers',
    nl: '{actor} heeft verdeelronde {object} geannuleerd. De zaken wachten weer.',
    en: '{actor} cancelled round {object}. Its cases wait again.',
  },
  'round.casesChanged': {
    live: 'workers',
    nl: '{actor} wijzigde de zaken van verdeelronde {object}. Erbij: {taken}. Eruit: {letGo}.',
    en: '{actor} changed the cases of round {object}. Added: {taken}. Removed: {letGo}.',
  },
  'round.settled': {
    live: 'workers',
    nl: '{actor} heeft verdeelronde {object} vastgesteld. Zaken toegedeeld: {allocated}; afwijkingen: {deviations}; wachtend: {waiting}.',
    en: '{actor} confirmed round {object}. Cases allocated: {allocated}; deviations: {deviations}; waiting: {waiting}.',
  },
  'run.requested': {
    nl: '{actor} heeft verdeelronde {object} laten berekenen.',
    en: '{actor} had round {object} calculated.',
  },
  'run.stopRequested': {
    nl: '{actor} heeft de berekening van verdeelronde {object} gestopt.',
    en: '{actor} stopped the calculation of round {object}.',
  },
  'run.cancelled': {
    nl: '{actor} heeft een berekening van verdeelronde {object} geannuleerd.',
    en: '{actor} cancelled a calculation of round {object}.',
  },
  'run.finished': {
    nl: 'Verdeelronde {object} is berekend: {placed} van {seats} plekken gevuld.',
    en: 'Round {object} was calculated: {placed} of {seats} seats filled.',
  },
  'run.failed': {
    nl: 'De berekening van verdeelronde {object} is mislukt.',
    en: 'The calculation of round {object} failed.',
  },
  'choice.locked': {
    nl: '{actor} heeft in verdeelronde {object} zaak {case} vastgezet bij {worker}.',
    en: '{actor} locked case {case} with {worker} in round {object}.',
  },
  'choice.overridden': {
    nl: '{actor} heeft in verdeelronde {object} zaak {case} gemotiveerd aan {worker} gegeven.',
    en: '{actor} gave case {case} to {worker} in round {object}, with a reason.',
  },
  'choice.excluded': {
    nl: '{actor} heeft in verdeelronde {object} {worker} uitgesloten voor zaak {case}.',
    en: '{actor} excluded {worker} from case {case} in round {object}.',
  },
  'choice.left': {
    nl: '{actor} laat zaak {case} wachten in verdeelronde {object}.',
    en: '{actor} left case {case} waiting in round {object}.',
  },
  'discussion.asked': {
    nl: '{actor} wil zaak {case} van verdeelronde {object} bespreken.',
    en: '{actor} wants to discuss case {case} of round {object}.',
  },
  'discussion.dropped': {
    nl: '{actor} hoeft zaak {case} van verdeelronde {object} niet meer te bespreken.',
    en: '{actor} no longer needs to discuss case {case} of round {object}.',
  },
  'choice.withdrawn': {
    nl: '{actor} heeft in verdeelronde {object} een keuze voor zaak {case} ongedaan gemaakt.',
    en: '{actor} undid a choice for case {case} in round {object}.',
  },
  'case.allocated': {
    nl: '{actor} heeft zaak {object} toegedeeld aan {workers} (verdeelronde {round}).',
    en: '{actor} allocated case {object} to {workers} (round {round}).',
  },
} satisfies Record<string, EventEntry>
