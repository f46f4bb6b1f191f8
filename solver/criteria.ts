import { hundredths, isHeavy, scaledCap, travelMinutes } from './load.ts'
import type {
  Contribution,
  CriterionCode,
  Facts,
  Policy,
  Problem,
  ProblemCase,
  ProblemWorker,
} from './problem.ts'
import { competenceLevel } from './rules.ts'
import { type CodeNames, fill, type Sentence } from './sentences.ts'

/** How well one worker meets one criterion for one case: -1 (badly) to 1 (fully), and which sentence says why. */
export interface Judgement {
  value: number
  reason: { code: string; facts: Facts }
}

type Judge = (problem: Problem, theCase: ProblemCase, worker: ProblemWorker) => Judgement

export interface Criterion {
  code: CriterionCode
  label: Sentence
  judge: Judge
}

const judgement = (value: number, code: string, facts: Facts = {}): Judgement => ({
  value: Math.round(Math.max(-1, Math.min(1, value)) * 1000) / 1000,
  reason: { code, facts },
})

/** Wanted competences: the mean of min(1, own level / wanted level); 0 when the case wants none. */
export function wantedCompetence(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  const wanted = theCase.competences.filter(need => need.need === 'wanted')
  if (wanted.length === 0) return judgement(0, 'noneWanted')
  let sum = 0
  const met: string[] = []
  const missing: string[] = []
  for (const need of wanted) {
    const level = competenceLevel(problem, worker, need.competence)
    sum += Math.min(1, level / need.level)
    if (level >= need.level) met.push(need.competence)
    else missing.push(need.competence)
  }
  const facts = { met: met.join(', '), missing: missing.join(', '), of: wanted.length, count: met.length }
  if (missing.length === 0) return judgement(1, 'allWanted', facts)
  return judgement(
    sum / wanted.length,
    met.length > 0 ? 'someWanted' : sum > 0 ? 'lowerLevel' : 'noWanted',
    facts,
  )
}

/** Which of the worker's wishes speak about this case: its measures, phase, methods, factors, region, and whether it is heavy. */
function matchingWishes(problem: Problem, theCase: ProblemCase, worker: ProblemWorker) {
  return worker.preferences.filter(wish => {
    if (wish.kind === 'measure') return theCase.measures.includes(wish.code)
    if (wish.kind === 'phase') return theCase.phase === wish.code
    if (wish.kind === 'method') return theCase.methods?.includes(wish.code) ?? false
    if (wish.kind === 'factor') return theCase.factors.includes(wish.code)
    if (wish.kind === 'region') return theCase.municipality === wish.code
    return isHeavy(problem.policy, theCase)
  })
}

/** The worker's wish about this kind of work: mean of rather (1) and rather not (-1) over the wishes that match. */
export function preference(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  if (worker.preferences.length === 0) return judgement(0, 'noPreferences')
  const wishes = matchingWishes(problem, theCase, worker).filter(
    wish => wish.value === 'rather' || wish.value === 'rather_not',
  )
  if (wishes.length === 0) return judgement(0, 'neutral')
  const liked = wishes.filter(wish => wish.value === 'rather')
  const disliked = wishes.filter(wish => wish.value === 'rather_not')
  const facts = {
    rather: liked.map(wish => wish.code).join(', '),
    ratherNot: disliked.map(wish => wish.code).join(', '),
  }
  const code = disliked.length === 0 ? 'rather' : liked.length === 0 ? 'ratherNot' : 'mixed'
  return judgement((liked.length - disliked.length) / wishes.length, code, facts)
}

/** Somebody who worked with this family before: fewer new faces. */
export function continuity(_problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  if (theCase.formerWorkers.includes(worker.id) || theCase.familyWorker === worker.id) {
    return judgement(1, theCase.familyWorker === worker.id ? 'currentWorker' : 'formerWorker')
  }
  return judgement(0, theCase.formerWorkers.length > 0 ? 'otherFormerWorker' : 'noFormerWorker')
}

/** Travel: 1 at the door, 0 at the rulebook's threshold, -1 at twice that or more; unknown counts as neutral. */
export function travel(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  const minutes = travelMinutes(theCase, worker)
  if (minutes === null) return judgement(0, 'travelUnknown')
  const threshold = problem.policy.travel.overMinutes
  if (threshold === 0) return judgement(minutes > 0 ? -1 : 0, 'travelTime', { minutes })
  return judgement(1 - minutes / threshold, 'travelTime', { minutes })
}

/**
 * Spread of heavy cases: 1 with none, -1 at the worker's own maximum. It looks at the worker's own heavy cases only, so
 * that the points of a pair never depend on who else takes part.
 */
export function heavySpread(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  const { policy } = problem
  if (!isHeavy(policy, theCase)) return judgement(0, 'notHeavy')
  const cap = scaledCap(policy.heavyCases, worker.contractHours, policy.fullTimeHours)
  return judgement(1 - (2 * worker.heavyCases) / cap, 'heavyCount', { count: worker.heavyCases, cap })
}

/** The worker wants to learn this kind of work. */
export function learning(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  const wish = matchingWishes(problem, theCase, worker).find(one => one.value === 'learn')
  return wish ? judgement(1, 'wantsToLearn', { subject: wish.code }) : judgement(0, 'noLearningWish')
}

/** Every criterion, in the order in which they are shown. */
export const criteria: readonly Criterion[] = [
  { code: 'competence', label: { nl: 'Competentie', en: 'Competence' }, judge: wantedCompetence },
  { code: 'preference', label: { nl: 'Voorkeur', en: 'Preference' }, judge: preference },
  { code: 'continuity', label: { nl: 'Continuïteit', en: 'Continuity' }, judge: continuity },
  { code: 'travel', label: { nl: 'Reistijd', en: 'Travel' }, judge: travel },
  {
    code: 'heavySpread',
    label: { nl: 'Spreiding zware zaken', en: 'Spread of heavy cases' },
    judge: heavySpread,
  },
  { code: 'learning', label: { nl: 'Leerwens', en: 'Learning wish' }, judge: learning },
]

/**
 * Short reasons by reason code. Those that can speak for or against somebody go on after a name: "K. Bos heeft …".
 */
export const reasons: Readonly<Record<string, Sentence>> = {
  noneWanted: { nl: 'de zaak vraagt geen extra competentie', en: 'the case wants no extra competence' },
  allWanted: { nl: 'heeft de gewenste competentie {met}', en: 'has the wanted competence {met}' },
  someWanted: {
    nl: 'heeft {count} van {of} gewenste competenties',
    en: 'has {count} of {of} wanted competences',
  },
  lowerLevel: {
    nl: 'heeft {missing} op een lager niveau dan gewenst',
    en: 'has {missing} at a lower level than wanted',
  },
  noWanted: { nl: 'mist de gewenste competentie {missing}', en: 'lacks the wanted competence {missing}' },
  noPreferences: {
    nl: 'voorkeur niet ingevuld: neutraal gerekend',
    en: 'no preferences given: counted as neutral',
  },
  neutral: { nl: 'geen voorkeur voor of tegen dit werk', en: 'no preference for or against this work' },
  rather: { nl: 'doet dit werk liever wel ({rather})', en: 'would rather do this work ({rather})' },
  ratherNot: {
    nl: 'doet dit werk liever niet ({ratherNot})',
    en: 'would rather not do this work ({ratherNot})',
  },
  mixed: {
    nl: 'doet liever wel {rather}, maar liever niet {ratherNot}',
    en: 'would rather do {rather}, but rather not {ratherNot}',
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
    en: 'travel time unknown: counted as neutral',
  },
  travelTime: { nl: 'heeft {minutes} min reistijd', en: 'has {minutes} min of travel' },
  notHeavy: { nl: 'geen zware zaak', en: 'not a heavy case' },
  heavyCount: {
    nl: 'heeft {count} van hoogstens {cap} zware zaken',
    en: 'has {count} of at most {cap} heavy cases',
  },
  wantsToLearn: { nl: 'wil dit werk leren ({subject})', en: 'wants to learn this work ({subject})' },
  noLearningWish: { nl: 'geen leerwens voor dit werk', en: 'no learning wish for this work' },
}

/** As above, where the case wants more than one competence. */
const pluralReasons: Readonly<Record<string, Sentence>> = {
  allWanted: { nl: 'heeft de gewenste competenties {met}', en: 'has the wanted competences {met}' },
  noWanted: { nl: 'mist de gewenste competenties {missing}', en: 'lacks the wanted competences {missing}' },
}

/** The reason of a contribution in words. */
export function reasonSentence(reason: { code: string; facts: Facts }, names?: CodeNames): Sentence {
  const { code, facts } = reason
  const template = (Number(facts.of ?? 1) > 1 ? pluralReasons[code] : undefined) ?? reasons[code]
  if (!template) throw new Error(`Unknown reason ${code}`)
  return fill(template, facts, names)
}

/**
 * Every criterion's contribution for a pair. Points are value x weight rounded to one decimal, so they add up to the
 * pair's points exactly when counted in tenths.
 */
export function contributions(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Contribution[] {
  return criteria.map(criterion => {
    const { value, reason } = criterion.judge(problem, theCase, worker)
    const weight = weightOf(problem.policy, criterion.code)
    return { criterion: criterion.code, value, weight, points: Math.round(value * weight * 10) / 10, reason }
  })
}

function weightOf(policy: Policy, code: CriterionCode): number {
  return policy.criteria[code] ?? 0
}

/** The sum of contributions in units (hundredths of a point), exact. */
export function totalUnits(list: readonly Contribution[]): number {
  return list.reduce((sum, one) => sum + hundredths(one.points), 0)
}
