import type { Sentence } from '../../../solver/problem/sentences.ts'

/** What happened to calculations of dealing out again, whose object is the team, and to the cases that moved. */
export const reallocationEvents: Record<string, Sentence> = {
  'reallocation.requested': {
    nl: '{actor} heeft doorgerekend hoe de lopende zaken van het team anders verdeeld kunnen worden (berekening {run}). Er is niets gewijzigd.',
    en: '{actor} had it worked out how the open cases of the team could be dealt out again (run {run}). Nothing was changed.',
  },
  'reallocation.finished': {
    nl: 'Berekening {run} van het herverdelen is klaar.',
    en: 'Run {run} of dealing out again is done.',
  },
  'reallocation.failed': {
    nl: 'Berekening {run} van het herverdelen is mislukt.',
    en: 'Run {run} of dealing out again failed.',
  },
  'reallocation.stopRequested': {
    nl: '{actor} heeft berekening {run} van het herverdelen gestopt.',
    en: '{actor} stopped run {run} of dealing out again.',
  },
  'reallocation.cancelled': {
    nl: '{actor} heeft berekening {run} van het herverdelen geannuleerd.',
    en: '{actor} cancelled run {run} of dealing out again.',
  },
  'case.moved': {
    nl: '{actor} heeft zaak {object} overgedragen van {from} aan {worker}, vanaf {startOn}.',
    en: '{actor} moved case {object} from {from} to {worker}, from {startOn}.',
  },
}
