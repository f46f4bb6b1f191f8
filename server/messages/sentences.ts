import { dayText } from '../../solver/problem/sentences.ts'
import { addressOf } from '../contract/addresses.ts'
import type { Locale, Role } from '../contract/common.ts'
import { ROLES, roleOf, TEAM_ROLES } from '../contract/roles.ts'
import type { BothLanguages } from '../http/call.ts'

interface Kind {
  text: BothLanguages
  /** Where in the application; {placeholders} come from the data. */
  link: string | null
  /** Who gets it: each of these roles may open the page that it links to. */
  to: readonly Role[]
}

const WORKER = ROLES.filter(role => roleOf[role].isWorker)
const ANYBODY = [...TEAM_ROLES, ...WORKER]

/** Every kind of message. {placeholders} come from its data; {share%} is written as a percentage. */
const kinds = {
  'proposal.shared': {
    text: {
      nl: 'Er staat een voorstel voor je klaar uit verdeelronde {round}. Je kunt antwoorden tot en met {until}.',
      en: 'A proposal from round {round} is ready for you. You can answer until {until}.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'answer.objected': {
    text: {
      nl: '{worker} heeft in verdeelronde {round} bezwaar bij zaak {case}.',
      en: '{worker} objects to case {case} in round {round}.',
    },
    link: addressOf('answers', '{round}'),
    to: TEAM_ROLES,
  },
  'answer.ruled': {
    text: {
      nl: 'Het team heeft over zaak {case} besloten zonder jouw akkoord. De motivering staat bij het voorstel.',
      en: 'The team decided about case {case} without your agreement. The justification is with the proposal.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'swap.offered': {
    text: {
      nl: '{worker} stelt voor om te ruilen in verdeelronde {round}.',
      en: '{worker} proposes a swap in round {round}.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'swap.moved': {
    text: {
      nl: '{worker} heeft gereageerd op het ruilvoorstel in verdeelronde {round}.',
      en: '{worker} responded to the proposed swap in round {round}.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'swap.agreed': {
    text: {
      nl: 'Twee jeugdbeschermers willen ruilen in verdeelronde {round}. Het team bevestigt.',
      en: 'Two workers want to swap in round {round}. The team confirms.',
    },
    link: addressOf('answers', '{round}'),
    to: TEAM_ROLES,
  },
  'swap.confirmed': {
    text: {
      nl: 'Het team heeft de ruil in verdeelronde {round} bevestigd.',
      en: 'The team confirmed the swap in round {round}.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'swap.refused': {
    text: {
      nl: 'De ruil in verdeelronde {round} gaat niet door.',
      en: 'The swap in round {round} is off.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'case.assigned': {
    text: {
      nl: 'Zaak {case} is aan je toegedeeld, vanaf {startOn}.',
      en: 'Case {case} was allocated to you, from {startOn}.',
    },
    link: addressOf('case', '{case}'),
    to: WORKER,
  },
  'case.withdrawn': {
    text: {
      nl: 'De toedeling van zaak {case} aan jou is ingetrokken. De zaak wacht weer.',
      en: 'The allocation of case {case} to you was withdrawn. The case waits again.',
    },
    link: addressOf('mine'),
    to: WORKER,
  },
  'approval.asked': {
    text: {
      nl: '{by} vraagt een tweede paar ogen: zaak {case} brengt {worker} boven de harde grens.',
      en: '{by} asks for a second pair of eyes: case {case} puts {worker} above the hard limit.',
    },
    link: addressOf('approvals'),
    to: TEAM_ROLES,
  },
  'approval.decided': {
    text: {
      nl: 'Er is besloten over je keuze boven de harde grens voor zaak {case}.',
      en: 'Your choice above the hard limit for case {case} was decided on.',
    },
    link: addressOf('approvals'),
    to: TEAM_ROLES,
  },
  'approval.approved': {
    text: {
      nl: 'Je keuze boven de harde grens voor zaak {case} is goedgekeurd.',
      en: 'Your choice above the hard limit for case {case} was approved.',
    },
    link: addressOf('approvals'),
    to: TEAM_ROLES,
  },
  'approval.refused': {
    text: {
      nl: 'Je keuze boven de harde grens voor zaak {case} is afgewezen. De reden staat erbij.',
      en: 'Your choice above the hard limit for case {case} was refused. The reason is included.',
    },
    link: addressOf('approvals'),
    to: TEAM_ROLES,
  },
  'request.made': {
    text: {
      nl: '{worker} heeft een verzoek ingediend.',
      en: '{worker} made a request.',
    },
    link: addressOf('requests'),
    to: TEAM_ROLES,
  },
  'request.granted': {
    text: {
      nl: 'Je verzoek is toegekend. Het antwoord staat in je historie.',
      en: 'Your request was granted. The answer is in your history.',
    },
    link: addressOf('myHistory'),
    to: WORKER,
  },
  'request.declined': {
    text: {
      nl: 'Je verzoek is afgewezen. De reden staat in je historie.',
      en: 'Your request was declined. The reason is in your history.',
    },
    link: addressOf('myHistory'),
    to: WORKER,
  },
  'dormancy.asked': {
    text: {
      nl: '{by} stelt voor om zaak {case} te laten sluimeren.',
      en: '{by} proposes to make case {case} dormant.',
    },
    link: addressOf('case', '{case}'),
    to: TEAM_ROLES,
  },
  'dormancy.granted': {
    text: {
      nl: 'Zaak {case} mag sluimeren, zoals je voorstelde.',
      en: 'Case {case} may be dormant, as you proposed.',
    },
    link: addressOf('case', '{case}'),
    to: ANYBODY,
  },
  'dormancy.declined': {
    text: {
      nl: 'Je voorstel om zaak {case} te laten sluimeren is afgewezen.',
      en: 'Your proposal to make case {case} dormant was declined.',
    },
    link: addressOf('case', '{case}'),
    to: ANYBODY,
  },
  'rules.changed': {
    text: {
      nl: 'Er gelden nieuwe regels (versie {version}). Je werklast gaat daardoor van {from%} naar {to%}. Bekijk hoe die is opgebouwd.',
      en: 'New rules (version {version}) apply. They take your workload from {from%} to {to%}. See what it is made of.',
    },
    link: addressOf('myLoad'),
    to: WORKER,
  },
  'rules.coming': {
    text: {
      nl: 'Vanaf {day} gelden nieuwe regels (versie {version}). Met je zaken van nu gaat je werklast dan van {from%} naar {to%}.',
      en: 'New rules (version {version}) apply from {day}. With your cases of today they take your workload from {from%} to {to%}.',
    },
    link: addressOf('rulebookVersion', '{version}'),
    to: WORKER,
  },
  'rules.withdrawn': {
    text: {
      nl: 'De nieuwe regels (versie {version}) zijn ingetrokken. Je werklast telt weer volgens versie {instead}.',
      en: 'The new rules (version {version}) were withdrawn. Your workload follows version {instead} again.',
    },
    link: addressOf('myLoad'),
    to: WORKER,
  },
  'signal.given': {
    text: {
      nl: '{by} vraagt jou om een signaal op te pakken.',
      en: '{by} asks you to take up a signal.',
    },
    link: `${addressOf('signals')}?toon=mine`,
    to: TEAM_ROLES,
  },
  'proposal.letGo': {
    text: {
      nl: 'Zaak {case} doet niet meer mee in verdeelronde {round}. Je hoeft er niet meer op te antwoorden.',
      en: 'Case {case} no longer takes part in round {round}. You no longer need to answer.',
    },
    link: addressOf('myProposals'),
    to: WORKER,
  },
  'pulse.asked': {
    text: {
      nl: 'Twee vragen over verdeelronde {round}, zonder naam, tot en met {until}.',
      en: 'Two questions about round {round}, without your name, until {until}.',
    },
    link: addressOf('pulse'),
    to: ANYBODY,
  },
  'run.ready': {
    text: {
      nl: 'De berekening van verdeelronde {round} is klaar.',
      en: 'The calculation of round {round} is ready.',
    },
    link: addressOf('review', '{round}'),
    to: TEAM_ROLES,
  },
  'run.failed': {
    text: {
      nl: 'De berekening van verdeelronde {round} is niet gelukt. Probeer het opnieuw, of verdeel met de hand.',
      en: 'The calculation of round {round} failed. Try again, or allocate by hand.',
    },
    link: addressOf('review', '{round}'),
    to: TEAM_ROLES,
  },
  'reallocation.ready': {
    text: {
      nl: 'Je herverdeling is doorgerekend.',
      en: 'Your reallocation has been calculated.',
    },
    link: `${addressOf('reallocation')}?team={team}&berekening={run}`,
    to: TEAM_ROLES,
  },
  'reallocation.failed': {
    text: {
      nl: 'De berekening van de herverdeling is niet gelukt. Probeer het opnieuw, met meer tijd of minder zaken.',
      en: 'The calculation of the reallocation failed. Try again, with more time or fewer cases.',
    },
    link: `${addressOf('reallocation')}?team={team}&berekening={run}`,
    to: TEAM_ROLES,
  },
  'case.movedAway': {
    text: {
      nl: 'Zaak {case} gaat op {startOn} over naar een collega. Spreek samen de overdracht af.',
      en: 'Case {case} goes to a colleague on {startOn}. Arrange the handover together.',
    },
    link: addressOf('case', '{case}'),
    to: WORKER,
  },
  'whatIf.ready': {
    text: {
      nl: 'Je wat-als bij verdeelronde {round} is doorgerekend.',
      en: 'Your what-if for round {round} has been calculated.',
    },
    link: addressOf('roundRuns', '{round}'),
    to: TEAM_ROLES,
  },
  'whatIf.failed': {
    text: {
      nl: 'Je wat-als bij verdeelronde {round} kon niet worden doorgerekend.',
      en: 'Your what-if for round {round} could not be calculated.',
    },
    link: addressOf('roundRuns', '{round}'),
    to: TEAM_ROLES,
  },
  'front.ready': {
    text: {
      nl: 'De afweging bij verdeelronde {round} is klaar.',
      en: 'The trade-off for round {round} is ready.',
    },
    link: addressOf('tradeOff', '{round}'),
    to: TEAM_ROLES,
  },
  'front.failed': {
    text: {
      nl: 'De afweging bij verdeelronde {round} is niet gelukt.',
      en: 'The trade-off for round {round} failed.',
    },
    link: addressOf('roundRuns', '{round}'),
    to: TEAM_ROLES,
  },
} as const satisfies Record<string, Kind>

export type MessageKind = keyof typeof kinds

/** Where each kind of message links to and who gets it, for the check that they may open it. */
export const messageLinks: readonly { kind: string; link: string | null; to: readonly Role[] }[] =
  Object.entries(kinds).map(([kind, { link, to }]) => ({ kind, link, to }))

/** A share of the norm as screens show it: 96,2 % or 96.2%. */
function percentOf(share: number, locale: Locale): string {
  const text = (share * 100).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return locale === 'nl' ? `${text}\u00a0%` : `${text}%`
}

/** A message in the reader's language; one of a later version than this server is named by its kind. */
export function messageText(
  kind: string,
  data: Record<string, string | number | null>,
  locale: Locale,
): { sentence: string; link: string | null } {
  const known: Kind | undefined = (kinds as Record<string, Kind>)[kind]
  if (!known) return { sentence: kind, link: null }
  const fill = (template: string, write: (value: string) => string) =>
    template.replace(/\{(\w+)(%?)\}/g, (_, name: string, share: string) => {
      const value = data[name]
      if (share && value !== null && value !== undefined) return percentOf(Number(value), locale)
      return write(String(value ?? '–'))
    })
  return {
    sentence: fill(known.text[locale], value => dayText(value, locale)),
    link: known.link === null ? null : fill(known.link, encodeURIComponent),
  }
}
