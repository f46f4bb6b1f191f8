import { dayText } from '../../solver/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { BothLanguages } from '../http/call.ts'

interface Kind {
  text: BothLanguages
  /** Where in the application; {placeholders} come from the data. */
  link: string | null
}

/** Every kind of message. {placeholders} come from its data. */
const kinds = {
  'proposal.shared': {
    text: {
      nl: 'Er staat een voorstel voor je klaar uit verdeelronde {round}. Je kunt antwoorden tot en met {until}.',
      en: 'A proposal from round {round} is ready for you. You can answer until {until}.',
    },
    link: '/mijn/voorstellen',
  },
  'answer.objected': {
    text: {
      nl: '{worker} heeft in verdeelronde {round} bezwaar bij zaak {case}.',
      en: '{worker} objects to case {case} in round {round}.',
    },
    link: '/rondes/{round}/antwoorden',
  },
  'answer.ruled': {
    text: {
      nl: 'Het team heeft over zaak {case} besloten zonder jouw akkoord. De reden staat bij het voorstel.',
      en: 'The team decided about case {case} without your agreement. The reason is with the proposal.',
    },
    link: '/mijn/voorstellen',
  },
  'swap.offered': {
    text: {
      nl: '{worker} stelt voor om te ruilen in verdeelronde {round}.',
      en: '{worker} offers to swap in round {round}.',
    },
    link: '/mijn/voorstellen',
  },
  'swap.moved': {
    text: {
      nl: '{worker} heeft gereageerd op het ruilvoorstel in verdeelronde {round}.',
      en: '{worker} responded to the offer to swap in round {round}.',
    },
    link: '/mijn/voorstellen',
  },
  'swap.agreed': {
    text: {
      nl: 'Twee jeugdbeschermers willen ruilen in verdeelronde {round}. Het team bevestigt.',
      en: 'Two workers want to swap in round {round}. The team confirms.',
    },
    link: '/rondes/{round}/antwoorden',
  },
  'swap.confirmed': {
    text: {
      nl: 'Het team heeft de ruil in verdeelronde {round} bevestigd.',
      en: 'The team confirmed the swap in round {round}.',
    },
    link: '/mijn/voorstellen',
  },
  'swap.refused': {
    text: {
      nl: 'De ruil in verdeelronde {round} gaat niet door.',
      en: 'The swap in round {round} does not go ahead.',
    },
    link: '/mijn/voorstellen',
  },
  'case.assigned': {
    text: {
      nl: 'Zaak {case} is aan je toegedeeld, vanaf {startOn}.',
      en: 'Case {case} was allocated to you, from {startOn}.',
    },
    link: '/zaken/{case}',
  },
  'case.withdrawn': {
    text: {
      nl: 'De toedeling van zaak {case} aan jou is ingetrokken. De zaak wacht weer.',
      en: 'The allocation of case {case} to you was withdrawn. The case waits again.',
    },
    link: '/mijn',
  },
  'approval.asked': {
    text: {
      nl: '{by} vraagt een tweede paar ogen: zaak {case} brengt {worker} boven de harde grens.',
      en: '{by} asks for a second pair of eyes: case {case} puts {worker} above the hard limit.',
    },
    link: '/goedkeuringen',
  },
  'approval.decided': {
    text: {
      nl: 'Er is besloten over je keuze boven de harde grens voor zaak {case}.',
      en: 'Your choice above the hard limit for case {case} was decided on.',
    },
    link: '/goedkeuringen',
  },
  'pulse.asked': {
    text: {
      nl: 'Twee vragen over verdeelronde {round}, zonder naam, tot en met {until}.',
      en: 'Two questions about round {round}, without your name, until {until}.',
    },
    link: '/draagvlak/vragen',
  },
  'run.ready': {
    text: {
      nl: 'De berekening van verdeelronde {round} is klaar.',
      en: 'The calculation of round {round} is ready.',
    },
    link: '/rondes/{round}',
  },
  'run.failed': {
    text: {
      nl: 'De berekening van verdeelronde {round} is niet gelukt. Probeer het opnieuw, of verdeel met de hand.',
      en: 'The calculation of round {round} did not succeed. Try again, or allocate by hand.',
    },
    link: '/rondes/{round}',
  },
  'reallocation.ready': {
    text: {
      nl: 'Je berekening van het herverdelen is klaar.',
      en: 'Your calculation of dealing out again is ready.',
    },
    link: '/herverdelen?team={team}&berekening={run}',
  },
  'reallocation.failed': {
    text: {
      nl: 'De berekening van het herverdelen is niet gelukt. Probeer het opnieuw, met meer tijd of minder zaken.',
      en: 'The calculation of dealing out again did not succeed. Try again, with more time or fewer cases.',
    },
    link: '/herverdelen?team={team}&berekening={run}',
  },
  'case.movedAway': {
    text: {
      nl: 'Zaak {case} gaat op {startOn} over naar een collega. Spreek samen de overdracht af.',
      en: 'Case {case} goes to a colleague on {startOn}. Agree on the handover together.',
    },
    link: '/zaken/{case}',
  },
  'whatIf.ready': {
    text: {
      nl: 'Je wat-als bij verdeelronde {round} is doorgerekend.',
      en: 'Your what-if for round {round} has been calculated.',
    },
    link: '/rondes/{round}/berekeningen',
  },
  'whatIf.failed': {
    text: {
      nl: 'Je wat-als bij verdeelronde {round} kon niet worden doorgerekend.',
      en: 'Your what-if for round {round} could not be calculated.',
    },
    link: '/rondes/{round}/berekeningen',
  },
  'front.ready': {
    text: {
      nl: 'De afweging bij verdeelronde {round} is klaar.',
      en: 'The trade-off of round {round} is ready.',
    },
    link: '/rondes/{round}/afweging',
  },
  'front.failed': {
    text: {
      nl: 'De afweging bij verdeelronde {round} is niet gelukt.',
      en: 'The trade-off of round {round} did not succeed.',
    },
    link: '/rondes/{round}/berekeningen',
  },
} as const satisfies Record<string, Kind>

export type MessageKind = keyof typeof kinds

/** A message in the reader's language; one of a later version than this server is named by its kind. */
export function messageText(
  kind: string,
  data: Record<string, string | number | null>,
  locale: Locale,
): { sentence: string; link: string | null } {
  const known: Kind | undefined = (kinds as Record<string, Kind>)[kind]
  if (!known) return { sentence: kind, link: null }
  const fill = (template: string, write: (value: string) => string) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => write(String(data[name] ?? '–')))
  return {
    sentence: fill(known.text[locale], value => dayText(value, locale)),
    link: known.link === null ? null : fill(known.link, encodeURIComponent),
  }
}
