import { isHeavy, isOfKind } from '../problem/load.ts'
import type { Facts, RuleCode } from '../problem/problem.ts'
import type { Sentence } from '../problem/sentences.ts'
import { homeWorkers } from './lookup.ts'
import {
  competence,
  conflict,
  duoDistinct,
  duoRequired,
  hasNorm,
  isLearningCase,
  lockedElsewhere,
  notMovable,
  onDuty,
  registration,
  requires,
  teamExclusion,
  teamWaits,
  together,
} from './pair-rules.ts'
import type { RuleContext } from './rule-context.ts'
import {
  band,
  bandApplies,
  hardLimit,
  heavyCases,
  kindCap,
  mentor,
  newPerMonth,
  newPerWeek,
  openPerNew,
  ratherNot,
} from './sum-rules.ts'
import { isRatherNot } from './wishes.ts'

export type { TakenSeat } from './lookup.ts'

/**
 * How people may set a rule aside; the engine never does.
 * never: nobody; motive: with a reason; right: only who may exceed the hard limit, each time with its own decision;
 * unregisteredException: with a recorded "tenzij" reason.
 */
export type SetAside = 'never' | 'motive' | 'right' | 'unregisteredException'

/** Everything about a rule but its second reading in check/: who adds one is told here what is missing. */
export interface RuleEntry {
  setAside: SetAside
  /**
   * How much it asks of people and worker to set it aside so that a case is placed: what asks least is told first (`orderOf` in
   * explain/relaxation-candidates.ts), equal ones in the order here. null: nobody is advised to.
   */
  asks: 'little' | 'usual' | 'more' | 'most' | null
  /** The facts of the breach, or null when the rule holds. No test: nothing that one seat breaks, only a reason found afterwards. */
  test: ((context: RuleContext) => Facts | null) | null
  /** Whether it is about everything that a worker gets together. Locks are then tested one after the other. */
  cumulative: boolean
  /** moment: it passes when room comes or leave ends; record: it stays until somebody changes what is on record. */
  about: 'moment' | 'record'
  /** What a case that nobody was found for lacks, when this stood in the way; null: neither. */
  lacks: 'room' | 'skill' | null
  /** Whether the shared screen of a meeting names it: never what is a worker's own, nor what tells a weight while it is estimated. */
  onScreen: 'always' | 'afterWeighing' | 'never'
  /** Before a number of workers: "Komt boven de band: 4 medewerkers." */
  blocked: Sentence
  /** What it comes to when people set it aside for a case that is not placed; null: nobody is advised to. */
  allowed: Sentence | null
  /**
   * What the answer depends on when no lock is on the seat and no other case changes: worker and seat, case and seat, or both.
   * Whoever asks about many pairs asks the first two only once.
   */
  of: 'worker' | 'case' | 'pair'
  /** Whether it also holds for who has the seat already. Staying asks for nothing new. */
  staying?: boolean
  /** Whether the subject of the rule is at hand, so that it says something that it was kept. Left out: always. */
  concerns?: (context: RuleContext) => boolean
  /** What it says when broken, and when kept (the check list). */
  broken: Sentence
  kept: Sentence
  /** Broken because of somebody (`with`), where the reader may know who that is. */
  named?: Sentence
  /** Broken by who has nothing of what it asks: `has` of the facts is zero. */
  none?: Sentence
  /** The same where the case asks something of one seat of a duo. */
  ofSeat?: { broken: Sentence; none?: Sentence; kept: Sentence }
  /** What it says when it is broken on a later day than the start date: `on` of the facts. */
  later?: Sentence
}

export interface Rule extends RuleEntry {
  code: RuleCode
  test: NonNullable<RuleEntry['test']>
}

/** Every rule, in the order in which people are told about them. */
export const ruleOf: Record<RuleCode, RuleEntry> = {
  conflict: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: { nl: 'Mag niet (afgeschermde reden)', en: 'Not allowed (hidden reason)' },
    allowed: null,
    of: 'pair',
    staying: true,
    setAside: 'never',
    asks: null,
    test: conflict,
    broken: { nl: 'Mag niet: afgeschermde reden.', en: 'Not allowed: hidden reason.' },
    kept: { nl: 'Geen belangenverstrengeling bekend.', en: 'No conflict of interest known.' },
  },
  onDuty: {
    cumulative: false,
    about: 'moment',
    lacks: null,
    onScreen: 'never',
    blocked: { nl: 'Niet beschikbaar op de startdatum', en: 'Not available on the start date' },
    allowed: null,
    of: 'worker',
    staying: true,
    setAside: 'never',
    asks: null,
    test: onDuty,
    broken: { nl: 'Niet beschikbaar op {startOn}.', en: 'Not available on {startOn}.' },
    kept: { nl: 'Beschikbaar op de startdatum.', en: 'Available on the start date.' },
  },
  hasNorm: {
    cumulative: false,
    about: 'moment',
    lacks: 'room',
    onScreen: 'never',
    blocked: { nl: 'Geen caseload', en: 'No caseload' },
    allowed: null,
    of: 'worker',
    setAside: 'never',
    asks: null,
    test: hasNorm,
    broken: { nl: 'Heeft geen caseload (norm is 0 uur).', en: 'Has no caseload (norm is 0 hours).' },
    kept: { nl: 'Heeft ruimte voor een caseload.', en: 'Has a caseload.' },
  },
  registration: {
    cumulative: false,
    about: 'record',
    lacks: 'skill',
    onScreen: 'never',
    blocked: { nl: 'Geen geldige SKJ-registratie', en: 'No valid SKJ registration' },
    allowed: {
      nl: '{worker} kan deze zaak doen als jullie een tenzij-reden vastleggen.',
      en: '{worker} can do this case if you record an exception for registration.',
    },
    of: 'worker',
    setAside: 'unregisteredException',
    asks: 'most',
    test: registration,
    broken: {
      nl: 'Geen geldige SKJ-registratie op de startdatum. Kan alleen met een vastgelegde tenzij-reden.',
      en: 'No valid SKJ registration on the start date. Possible only with a recorded exception.',
    },
    kept: {
      nl: 'SKJ-registratie in orde, of tenzij-reden vastgelegd.',
      en: 'SKJ registration valid, or exception recorded.',
    },
  },
  competence: {
    cumulative: false,
    about: 'record',
    lacks: 'skill',
    onScreen: 'never',
    blocked: { nl: 'Mist een competentie die nodig is', en: 'Lacks a required competence' },
    allowed: null,
    of: 'pair',
    setAside: 'never',
    asks: null,
    test: competence,
    concerns: ({ case: theCase, seat }) => theCase.competences.some(need => requires(need, seat)),
    broken: {
      nl: 'Heeft de competentie {competence} op niveau {has}. Niveau {level} is nodig.',
      en: 'Has the competence {competence} at level {has}. Level {level} is required.',
    },
    none: {
      nl: 'Heeft de competentie {competence} niet. Niveau {level} is nodig.',
      en: 'Does not have the competence {competence}. Level {level} is required.',
    },
    kept: { nl: 'Heeft alle competenties die nodig zijn.', en: 'Has every required competence.' },
    ofSeat: {
      broken: {
        nl: 'Heeft de competentie {competence} op niveau {has}. Voor de {seat} plek van het duo is niveau {level} nodig.',
        en: 'Has the competence {competence} at level {has}. The {seat} seat of the duo requires level {level}.',
      },
      none: {
        nl: 'Heeft de competentie {competence} niet. Voor de {seat} plek van het duo is niveau {level} nodig.',
        en: 'Does not have the competence {competence}. The {seat} seat of the duo requires level {level}.',
      },
      kept: {
        nl: 'Heeft alle competenties die voor de {seat} plek van het duo nodig zijn.',
        en: 'Has every competence that is required for the {seat} seat of the duo.',
      },
    },
  },
  duoRequired: {
    cumulative: false,
    about: 'record',
    lacks: 'skill',
    onScreen: 'never',
    blocked: {
      nl: 'Kan dit niet alleen, want een duo is verplicht',
      en: 'Cannot do this alone, because a duo is compulsory',
    },
    allowed: null,
    of: 'case',
    setAside: 'never',
    asks: null,
    test: duoRequired,
    concerns: ({ case: theCase }) => theCase.duo || theCase.threat,
    broken: {
      nl: 'Deze zaak moet door een duo worden gedaan. De tweede plek ontbreekt nog.',
      en: 'This case must be done by a duo. The second seat is missing.',
    },
    kept: { nl: 'Duo geregeld waar dat moet.', en: 'A duo where that is compulsory.' },
    ofSeat: {
      broken: {
        nl: 'Naast wat er vastgezet is, kan niemand de {seat} plek van dit duo krijgen.',
        en: 'With what is locked, nobody can get the {seat} seat of this duo.',
      },
      kept: { nl: 'Duo geregeld waar dat moet.', en: 'A duo where that is compulsory.' },
    },
  },
  duoDistinct: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'always',
    blocked: { nl: 'Heeft al de andere plek van het duo', en: 'Already has the other seat of the duo' },
    allowed: null,
    of: 'pair',
    staying: true,
    setAside: 'never',
    asks: null,
    test: duoDistinct,
    concerns: ({ case: theCase }) => theCase.duo,
    broken: {
      nl: 'Heeft al de andere plek in dit duo.',
      en: 'Already has the other seat of this duo.',
    },
    kept: { nl: 'De twee plekken zijn van twee mensen.', en: 'The two seats go to two people.' },
  },
  teamWaits: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: {
      nl: 'Valt af omdat het team de zaak laat wachten',
      en: 'Out because the team leaves the case waiting',
    },
    allowed: null,
    of: 'case',
    staying: true,
    setAside: 'motive',
    asks: 'usual',
    test: teamWaits,
    concerns: () => false,
    broken: {
      nl: 'Het team laat deze zaak in deze ronde wachten.',
      en: 'The team leaves this case waiting in this round.',
    },
    kept: { nl: 'De zaak doet mee in deze ronde.', en: 'The case takes part in this round.' },
  },
  lockedElsewhere: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: { nl: 'Valt af omdat de plek is vastgezet', en: 'Out because the seat is locked' },
    allowed: null,
    of: 'pair',
    staying: true,
    setAside: 'motive',
    asks: 'usual',
    test: lockedElsewhere,
    concerns: () => false,
    broken: {
      nl: 'Deze plek is vastgezet voor iemand anders.',
      en: 'This seat is locked for somebody else.',
    },
    named: { nl: 'Deze plek is vastgezet voor {with}.', en: 'This seat is locked for {with}.' },
    kept: { nl: 'Niet vastgezet voor iemand anders.', en: 'Not locked for somebody else.' },
  },
  teamExclusion: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'always',
    blocked: { nl: 'Door het team uitgesloten', en: 'Excluded by the team' },
    allowed: null,
    of: 'pair',
    staying: true,
    setAside: 'motive',
    asks: null,
    test: teamExclusion,
    concerns: ({ problem, case: theCase }) => problem.exclusions.some(one => one.caseId === theCase.id),
    broken: {
      nl: 'Het team heeft deze combinatie in deze ronde uitgesloten.',
      en: 'The team excluded this combination in this round.',
    },
    kept: { nl: 'Niet uitgesloten door het team.', en: 'Not excluded by the team.' },
  },
  notMovable: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: {
      nl: 'Valt af omdat de zaak niet over mag',
      en: 'Out because the case may not move',
    },
    allowed: null,
    of: 'pair',
    setAside: 'motive',
    asks: 'usual',
    test: notMovable,
    concerns: ({ case: theCase }) => theCase.current !== undefined,
    broken: {
      nl: 'Deze zaak loopt al bij iemand en mag in deze ronde niet over.',
      en: 'Somebody already has this case, and it may not move in this round.',
    },
    named: {
      nl: 'Deze zaak loopt al bij {with} en mag in deze ronde niet over.',
      en: 'This case is already with {with}, and it may not move in this round.',
    },
    kept: { nl: 'De zaak mag over.', en: 'The case may move.' },
  },
  together: {
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'always',
    blocked: {
      nl: 'Valt af omdat het gezin bij een andere medewerker is',
      en: 'Out because the family is with another worker',
    },
    allowed: {
      nl: '{worker} kan deze zaak doen als jullie het gezin over twee medewerkers verdelen.',
      en: '{worker} can do this case if you split the family over two workers.',
    },
    of: 'pair',
    setAside: 'motive',
    asks: 'more',
    test: together,
    concerns: ({ problem, case: theCase }) =>
      theCase.group !== null || homeWorkers(problem, theCase).length > 0,
    broken: {
      nl: 'Deze zaak hoort bij een gezin dat bij een andere medewerker is.',
      en: 'This case belongs to a family that is with another worker.',
    },
    named: { nl: 'Het gezin is al bij {with}.', en: 'The family is already with {with}.' },
    kept: { nl: 'Het gezin blijft bij één medewerker.', en: 'The family stays with one worker.' },
  },
  hardLimit: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'afterWeighing',
    blocked: { nl: 'Komt boven de harde grens', en: 'Would go above the hard limit' },
    allowed: {
      nl: '{worker} kan deze zaak doen als iemand met dat recht boven de harde grens gaat (apart besluit).',
      en: '{worker} can do this case if somebody with that right goes above the hard limit (a separate decision).',
    },
    of: 'pair',
    setAside: 'right',
    asks: 'most',
    test: hardLimit,
    // Within the band is under the limit too: one line says it.
    concerns: context =>
      !context.lock?.aboveLimit && (!bandApplies(context) || context.worker.ahead !== undefined),
    later: {
      nl: 'Komt vanaf {on} op {loadAfter} % van de norm, met wat voor later al is besloten. Dat is boven de harde grens van {limit} %.',
      en: 'Would reach {loadAfter}% of the norm from {on}, with what has already been decided for later. That is above the hard limit of {limit}%.',
    },
    broken: {
      nl: 'Komt op {loadAfter} % van de norm. Dat is boven de harde grens van {limit} %.',
      en: 'Would reach {loadAfter}% of the norm. That is above the hard limit of {limit}%.',
    },
    kept: { nl: 'Blijft onder de harde grens.', en: 'Stays below the hard limit.' },
  },
  band: {
    cumulative: false,
    about: 'moment',
    lacks: 'room',
    onScreen: 'afterWeighing',
    blocked: { nl: 'Komt boven de band', en: 'Would go above the target range' },
    allowed: {
      nl: '{worker} kan deze zaak doen als jullie boven de band gaan, met een motivering.',
      en: '{worker} can do this case if you go above the target range, with a justification.',
    },
    of: 'pair',
    setAside: 'motive',
    asks: 'little',
    test: band,
    concerns: bandApplies,
    broken: {
      nl: 'Komt op {loadAfter} % van de norm. Boven {limit} % beslissen alleen mensen.',
      en: 'Would reach {loadAfter}% of the norm. Above {limit}% only people decide.',
    },
    kept: { nl: 'Blijft binnen wat mag worden voorgesteld.', en: 'Stays within what may be proposed.' },
  },
  newPerWeek: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'always',
    blocked: { nl: 'Heeft al genoeg nieuwe zaken deze week', en: 'Has enough new cases this week' },
    allowed: {
      nl: '{worker} kan deze zaak doen als jullie één nieuwe zaak meer in deze week toestaan.',
      en: '{worker} can do this case if you allow one more new case this week.',
    },
    of: 'worker',
    setAside: 'motive',
    asks: 'little',
    test: newPerWeek,
    broken: {
      nl: 'Krijgt dan {count} nieuwe zaken in deze week. Hoogstens {cap} is de afspraak.',
      en: 'Would get {count} new cases this week. The agreed maximum is {cap}.',
    },
    kept: { nl: 'Niet te veel nieuwe zaken in één week.', en: 'Not too many new cases in one week.' },
  },
  newPerMonth: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'always',
    blocked: { nl: 'Heeft al genoeg nieuwe zaken deze maand', en: 'Has enough new cases this month' },
    allowed: null,
    of: 'worker',
    setAside: 'motive',
    asks: 'usual',
    test: newPerMonth,
    concerns: ({ problem, worker }) =>
      problem.policy.newPerMonth !== undefined && worker.newThisMonth !== undefined,
    broken: {
      nl: 'Krijgt dan {count} nieuwe zaken in deze maand. Hoogstens {cap} is de afspraak.',
      en: 'Would get {count} new cases this month. The agreed maximum is {cap}.',
    },
    kept: { nl: 'Niet te veel nieuwe zaken in één maand.', en: 'Not too many new cases in one month.' },
  },
  openPerNew: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'never',
    blocked: {
      nl: 'Heeft te weinig lopende zaken voor nog een nieuwe',
      en: 'Has too few open cases for another new one',
    },
    allowed: null,
    of: 'worker',
    setAside: 'motive',
    asks: 'usual',
    test: openPerNew,
    concerns: ({ problem, worker }) =>
      problem.policy.openPerNew !== undefined && worker.openCases !== undefined,
    broken: {
      nl: 'Krijgt dan {count} nieuwe zaken. Bij dit aantal lopende zaken is hoogstens {cap} de afspraak.',
      en: 'Would get {count} new cases. With so many open cases the agreed maximum is {cap}.',
    },
    kept: {
      nl: 'Niet te veel nieuwe zaken voor het aantal lopende zaken.',
      en: 'Not too many new cases for the number of open ones.',
    },
  },
  heavyCases: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'afterWeighing',
    blocked: { nl: 'Heeft al genoeg zware zaken', en: 'Has enough heavy cases' },
    allowed: {
      nl: '{worker} kan deze zaak doen als jullie één zware zaak meer toestaan.',
      en: '{worker} can do this case if you allow one more heavy case.',
    },
    of: 'pair',
    setAside: 'motive',
    asks: 'little',
    test: heavyCases,
    concerns: ({ problem, case: theCase }) => isHeavy(problem.policy, theCase),
    broken: {
      nl: 'Heeft dan {count} zware zaken. Hoogstens {cap} is de afspraak.',
      en: 'Would have {count} heavy cases. The agreed maximum is {cap}.',
    },
    kept: { nl: 'Niet te veel zware zaken.', en: 'Not too many heavy cases.' },
  },
  kindCap: {
    cumulative: true,
    about: 'moment',
    lacks: 'room',
    onScreen: 'never',
    blocked: { nl: 'Heeft al genoeg zaken van dit soort', en: 'Has enough cases of this kind' },
    allowed: null,
    of: 'pair',
    setAside: 'motive',
    asks: 'usual',
    test: kindCap,
    concerns: ({ problem, case: theCase }) =>
      problem.policy.kindCaps?.some(kind => isOfKind(theCase, kind)) ?? false,
    broken: {
      nl: 'Heeft dan {count} zaken van dit soort ({subject}). Hoogstens {cap} is de afspraak.',
      en: 'Would have {count} cases of this kind ({subject}). The agreed maximum is {cap}.',
    },
    kept: { nl: 'Niet te veel zaken van één soort.', en: 'Not too many cases of one kind.' },
  },
  ratherNot: {
    cumulative: true,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: {
      nl: 'Doet dit werk liever niet en zit aan de afspraak daarover',
      en: 'Prefers not to do this work, and the agreed maximum has been reached',
    },
    allowed: null,
    of: 'pair',
    setAside: 'motive',
    asks: 'usual',
    test: ratherNot,
    concerns: ({ problem, case: theCase, worker }) =>
      problem.policy.ratherNotPerRound !== undefined && isRatherNot(problem, theCase, worker),
    broken: {
      nl: 'Krijgt dan {count} zaken die deze collega liever niet doet. Hoogstens {cap} per ronde is de afspraak.',
      en: 'Would get {count} cases that this colleague prefers not to do. The agreed maximum is {cap} per round.',
    },
    kept: {
      nl: 'Niet te veel zaken die deze collega liever niet doet.',
      en: 'Not too many cases that this colleague prefers not to do.',
    },
  },
  mentor: {
    cumulative: true,
    about: 'record',
    lacks: 'skill',
    onScreen: 'never',
    blocked: {
      nl: 'Leert dit nog, zonder mentor met ruimte',
      en: 'Is learning this, without a mentor who has room',
    },
    allowed: null,
    of: 'pair',
    setAside: 'motive',
    asks: 'usual',
    test: mentor,
    concerns: ({ problem, case: theCase, worker }) => isLearningCase(problem, theCase, worker),
    broken: {
      nl: 'Dit is een leerzaak. Daarvoor is een mentor nodig die er is en nog ruimte heeft om te begeleiden.',
      en: 'This is a learning case. It needs a mentor who is there and has room left to guide.',
    },
    kept: {
      nl: 'Leerzaak: de mentor is er en heeft ruimte.',
      en: 'Learning case: the mentor is there and has room.',
    },
  },
  neededElsewhere: {
    of: 'pair',
    setAside: 'never',
    asks: null,
    test: null,
    cumulative: false,
    about: 'record',
    lacks: null,
    onScreen: 'never',
    blocked: {
      nl: 'In deze ronde nodig voor andere zaken',
      en: 'Needed for other cases in this round',
    },
    allowed: null,
    broken: {
      nl: 'De mensen die dit kunnen, zijn in deze ronde nodig voor andere zaken.',
      en: 'The people who can do this are needed for other cases in this round.',
    },
    kept: { nl: 'Niet nodig voor andere zaken.', en: 'Not needed for other cases.' },
  },
}

/** The rules that a seat and a worker can be tested for, in that order. */
export const rules: readonly Rule[] = Object.entries(ruleOf).flatMap(([code, { test, ...entry }]) =>
  test === null ? [] : [{ ...entry, test, code: code as RuleCode }],
)

/** Who may set this rule aside. */
export function setAsideOf(code: RuleCode): SetAside {
  return ruleOf[code].setAside
}

/** What breaking these rules comes to for people: nothing broken, all of it open to a reason or an approval, or not. */
export function standingBy(broken: readonly { rule: RuleCode }[]): 'may' | 'withReason' | 'mayNot' {
  if (broken.length === 0) return 'may'
  return broken.some(one => setAsideOf(one.rule) === 'never') ? 'mayNot' : 'withReason'
}
