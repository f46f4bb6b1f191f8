import type { Facts } from '../problem/problem.ts'
import { type CodeNames, fill, type Sentence } from '../problem/sentences.ts'

/**
 * Short reasons by reason code. Those that can speak for or against somebody go on after a name: "K. Bos heeft …".
 */
const reasons: Readonly<Record<string, Sentence>> = {
  noneWanted: { nl: 'de zaak vraagt geen extra competentie', en: 'the case asks for no extra competence' },
  allWanted: { nl: 'heeft de gewenste competentie {met}', en: 'has the desired competence {met}' },
  someWanted: {
    nl: 'heeft {count} van {of} gewenste competenties',
    en: 'has {count} of {of} desired competences',
  },
  lowerLevel: {
    nl: 'heeft {missing} op een lager niveau dan gewenst',
    en: 'has {missing} at a lower level than desired',
  },
  noWanted: { nl: 'mist de gewenste competentie {missing}', en: 'lacks the desired competence {missing}' },
  noPreferences: {
    nl: 'voorkeur niet ingevuld: neutraal gerekend',
    en: 'no preferences stated: counts as neutral',
  },
  neutral: { nl: 'geen voorkeur voor of tegen dit werk', en: 'no preference for or against this work' },
  rather: { nl: 'doet dit werk liever wel ({rather})', en: 'prefers this work ({rather})' },
  ratherNot: {
    nl: 'doet dit werk liever niet ({ratherNot})',
    en: 'prefers not to do this work ({ratherNot})',
  },
  mixed: {
    nl: 'doet liever wel {rather}, maar liever niet {ratherNot}',
    en: 'prefers {rather}, but prefers not {ratherNot}',
  },
  currentWorker: { nl: 'is al betrokken bij dit gezin', en: 'already works with this family' },
  formerWorker: { nl: 'was eerder betrokken bij dit gezin', en: 'worked with this family before' },
  otherFormerWorker: {
    nl: 'niet eerder betrokken bij dit gezin (een collega wel)',
    en: 'did not work with this family before (a colleague did)',
  },
  noFormerWorker: { nl: 'niemand was eerder betrokken', en: 'nobody was involved before' },
  travelUnknown: {
    nl: 'reistijd onbekend: neutraal gerekend',
    en: 'travel time unknown: counts as neutral',
  },
  travelTime: { nl: 'heeft {minutes} min reistijd', en: 'is {minutes} minutes away' },
  notHeavy: { nl: 'geen zware zaak', en: 'not a heavy case' },
  heavyCount: {
    nl: 'heeft {count} van hoogstens {cap} zware zaken',
    en: 'has {count} of at most {cap} heavy cases',
  },
  wantsToLearn: { nl: 'wil dit werk leren ({subject})', en: 'wants to learn this work ({subject})' },
  involved: { nl: 'is al betrokken bij dit gezin', en: 'is involved with this family already' },
  newFace: {
    nl: 'nieuw voor dit gezin (nu {count} betrokken)',
    en: 'new to this family ({count} involved now)',
  },
  nobodyInvolved: {
    nl: 'nu werkt niemand bij dit gezin',
    en: 'nobody works with this family now',
  },
  noWishGranted: { nl: 'deze zaak vervult geen wens', en: 'this case grants no wish' },
  wishesUnknown: {
    nl: 'nog geen wensen geteld: neutraal gerekend',
    en: 'no wishes counted yet: counts as neutral',
  },
  wishesEven: {
    nl: 'kreeg evenveel wensen vervuld als het team ({team} %)',
    en: 'had as many wishes granted as the team ({team}%)',
  },
  fewerWishes: {
    nl: 'kreeg minder wensen vervuld ({own} %) dan het team ({team} %)',
    en: 'had fewer wishes granted ({own}%) than the team ({team}%)',
  },
  moreWishes: {
    nl: 'kreeg meer wensen vervuld ({own} %) dan het team ({team} %)',
    en: 'had more wishes granted ({own}%) than the team ({team}%)',
  },
  nothingScarce: {
    nl: 'deze zaak houdt geen schaarse competentie bezet',
    en: 'this case takes up no scarce competence',
  },
  oneOfFew: {
    nl: 'is een van de {holders} (van {of}) met {competence}; te verwachten zaken daarvoor in vier weken: {expected}',
    en: 'is one of {holders} (of {of}) with {competence}; cases expected for it in four weeks: {expected}',
  },
  onlyOne: {
    nl: 'heeft als enige {competence}; te verwachten zaken daarvoor in vier weken: {expected}',
    en: 'is the only one with {competence}; cases expected for it in four weeks: {expected}',
  },
  noLearningWish: { nl: 'geen leerwens voor dit werk', en: 'no learning wish for this work' },
}

/** As above, where what is counted is nothing. */
const zeroReasons: Readonly<Record<string, Sentence>> = {
  heavyCount: { nl: 'heeft nog geen zware zaken', en: 'has no heavy cases yet' },
}

/** As above, where the case wants more than one competence. */
const pluralReasons: Readonly<Record<string, Sentence>> = {
  allWanted: { nl: 'heeft de gewenste competenties {met}', en: 'has the desired competences {met}' },
  noWanted: { nl: 'mist de gewenste competenties {missing}', en: 'lacks the desired competences {missing}' },
}

/** As above, where a case wants something of one seat of a pair. */
const seatReasons: Readonly<Record<string, Sentence>> = {
  noneWanted: {
    nl: 'de {seat} plek vraagt geen extra competentie',
    en: 'the {seat} seat asks for no extra competence',
  },
  allWanted: { nl: 'heeft {met}, gewenst voor de {seat} plek', en: 'has {met}, desired for the {seat} seat' },
  someWanted: {
    nl: 'heeft {count} van {of} competenties die voor de {seat} plek gewenst zijn',
    en: 'has {count} of {of} competences that are desired for the {seat} seat',
  },
  lowerLevel: {
    nl: 'heeft {missing} op een lager niveau dan voor de {seat} plek gewenst',
    en: 'has {missing} at a lower level than desired for the {seat} seat',
  },
  noWanted: {
    nl: 'mist {missing}, gewenst voor de {seat} plek',
    en: 'lacks {missing}, desired for the {seat} seat',
  },
}

/** The reason of a contribution in words. */
export function reasonSentence(reason: { code: string; facts: Facts }, names?: CodeNames): Sentence {
  const { code, facts } = reason
  const special = facts.seat !== undefined ? seatReasons : Number(facts.of ?? 1) > 1 ? pluralReasons : {}
  const template = (facts.count === 0 && zeroReasons[code]) || (special[code] ?? reasons[code])
  if (!template) throw new Error(`Unknown reason ${code}`)
  return fill(template, facts, names)
}
