import type { BothLanguages } from '../http/call.ts'

/** What happened to rounds, as sentences; {placeholders} come from the event's data. */
export const roundEvents: Record<string, BothLanguages> = {
  'round.composed': {
    nl: '{actor} heeft verdeelronde {object} samengesteld: {cases} zaken, {workers} medewerkers, start {startOn}.',
    en: '{actor} composed round {object}: {cases} cases, {workers} workers, start {startOn}.',
  },
  'round.cancelled': {
    nl: '{actor} heeft verdeelronde {object} geannuleerd. De zaken wachten weer.',
    en: '{actor} cancelled round {object}. Its cases wait again.',
  },
  'round.settled': {
    nl: '{actor} heeft verdeelronde {object} vastgesteld: {allocated} zaken toegedeeld, {deviations} afwijkingen, {waiting} wachten.',
    en: '{actor} settled round {object}: {allocated} cases allocated, {deviations} deviations, {waiting} wait.',
  },
  'run.requested': {
    nl: '{actor} heeft verdeelronde {object} laten berekenen.',
    en: '{actor} had round {object} calculated.',
  },
  'run.stopRequested': {
    nl: '{actor} heeft de berekening van verdeelronde {object} gestopt.',
    en: '{actor} stopped the calculation of round {object}.',
  },
  'run.finished': {
    nl: 'Verdeelronde {object} is berekend: {placed} van {seats} plekken gevuld.',
    en: 'Round {object} was calculated: {placed} of {seats} seats filled.',
  },
  'run.failed': {
    nl: 'De berekening van verdeelronde {object} is mislukt.',
    en: 'The calculation of round {object} failed.',
  },
  'choice.made': {
    nl: '{actor} heeft in verdeelronde {object} een keuze gemaakt voor zaak {case} ({kind}).',
    en: '{actor} made a choice in round {object} for case {case} ({kind}).',
  },
  'choice.withdrawn': {
    nl: '{actor} heeft in verdeelronde {object} een keuze voor zaak {case} ongedaan gemaakt ({kind}).',
    en: '{actor} undid a choice in round {object} for case {case} ({kind}).',
  },
  'case.allocated': {
    nl: '{actor} heeft zaak {object} toegedeeld aan {workers} (verdeelronde {round}).',
    en: '{actor} allocated case {object} to {workers} (round {round}).',
  },
}
