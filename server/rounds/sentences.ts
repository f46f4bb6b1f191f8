import type { RuleCode } from '../../solver/problem.ts'
import { fill } from '../../solver/sentences.ts'
import type { BothLanguages } from '../http/call.ts'

/** Why a case is not placed, per rule: how many workers it stops. */
const blocked: Record<RuleCode, BothLanguages> = {
  onDuty: { nl: '{who} niet beschikbaar op de startdatum.', en: '{who} not available on the start date.' },
  hasNorm: { nl: '{who} zonder caseload.', en: '{who} without a caseload.' },
  registration: {
    nl: '{who} zonder geldige SKJ-registratie.',
    en: '{who} without a valid SKJ registration.',
  },
  competence: { nl: '{who} zonder de vereiste competentie.', en: '{who} without the required competence.' },
  conflict: { nl: '{who} mag niet: afgeschermde reden.', en: '{who} not allowed: hidden reason.' },
  teamExclusion: { nl: '{who} uitgesloten door het team.', en: '{who} ruled out by the team.' },
  hardLimit: { nl: '{who} boven de harde grens.', en: '{who} above the hard limit.' },
  band: {
    nl: '{who} zonder ruimte: daarboven beslissen alleen mensen.',
    en: '{who} without room: above that only people decide.',
  },
  newPerWeek: {
    nl: '{who} met genoeg nieuwe zaken in deze week.',
    en: '{who} with enough new cases this week.',
  },
  heavyCases: { nl: '{who} met genoeg zware zaken.', en: '{who} with enough heavy cases.' },
  duoDistinct: { nl: '{who} al op de andere plek van het duo.', en: '{who} on the other seat of the pair.' },
  duoRequired: {
    nl: 'Deze zaak moet door een duo worden gedaan.',
    en: 'This case must be done by two people.',
  },
  together: {
    nl: '{who} niet bij dit gezin betrokken: het gezin blijft bij één medewerker.',
    en: '{who} not with this family: the family stays with one worker.',
  },
  lockedElsewhere: {
    nl: 'Deze plek is vastgezet voor iemand anders.',
    en: 'This seat is locked for somebody else.',
  },
  teamWaits: { nl: 'Het team laat deze zaak wachten.', en: 'The team lets this case wait.' },
  neededElsewhere: {
    nl: '{who} in deze ronde nodig voor andere zaken.',
    en: '{who} needed for other cases in this round.',
  },
}

/** "12 medewerkers niet beschikbaar op de startdatum." */
export function blockedSentence(rule: RuleCode, workers: number): BothLanguages {
  const template = blocked[rule]
  const nl = workers === 1 ? '1 medewerker' : `${workers} medewerkers`
  const en = workers === 1 ? '1 worker' : `${workers} workers`
  return { nl: fill(template, { who: nl }).nl, en: fill(template, { who: en }).en }
}
