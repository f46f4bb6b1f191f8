import { hundredths, isHeavy, scaledCap, travelMinutes } from '../problem/load.ts'
import type {
  Contribution,
  CriterionCode,
  Facts,
  Problem,
  ProblemCase,
  ProblemWorker,
  Seat,
} from '../problem/problem.ts'
import { percent, type Sentence } from '../problem/sentences.ts'
import { competenceLevel } from './lookup.ts'
import { grantsWish, matchingWishes } from './wishes.ts'

/** How well one worker meets one criterion for one case: -1 (badly) to 1 (fully), and which sentence says why. */
export interface Judgement {
  value: number
  reason: { code: string; facts: Facts }
}

type Judge = (problem: Problem, theCase: ProblemCase, worker: ProblemWorker, seat: Seat) => Judgement

/** Everything about a criterion but the sentences of its reasons, in explain/reasons.ts. */
export interface CriterionEntry {
  label: Sentence
  /** How it is calculated, in one sentence. */
  method: Sentence
  /** Whether the shared screen of a meeting tells it: never what is a worker's own. */
  onScreen: boolean
  judge: Judge
}

const judgement = (value: number, code: string, facts: Facts = {}): Judgement => ({
  value: Math.round(Math.max(-1, Math.min(1, value)) * 1000) / 1000,
  reason: { code, facts },
})

/** Wanted competences: the mean of min(1, own level / wanted level); 0 when the seat wants none. */
export function wantedCompetence(
  problem: Problem,
  theCase: ProblemCase,
  worker: ProblemWorker,
  seat: Seat = 'primary',
): Judgement {
  const wanted = theCase.competences.filter(
    need => need.need === 'wanted' && (need.seat === undefined || need.seat === seat),
  )
  // Named in the sentence where the seats are not asked the same.
  const ofSeat = theCase.competences.some(need => need.need === 'wanted' && need.seat !== undefined) && {
    seat,
  }
  if (wanted.length === 0) return judgement(0, 'noneWanted', { ...ofSeat })
  let sum = 0
  const met: string[] = []
  const missing: string[] = []
  for (const need of wanted) {
    const level = competenceLevel(problem, worker, need.competence)
    sum += Math.min(1, level / need.level)
    if (level >= need.level) met.push(need.competence)
    else missing.push(need.competence)
  }
  const facts = {
    met: met.join(', '),
    missing: missing.join(', '),
    of: wanted.length,
    count: met.length,
    ...ofSeat,
  }
  if (missing.length === 0) return judgement(1, 'allWanted', facts)
  return judgement(
    sum / wanted.length,
    met.length > 0 ? 'someWanted' : sum > 0 ? 'lowerLevel' : 'noWanted',
    facts,
  )
}

/** The worker's wish about this kind of work: mean of rather (1) and rather not (-1) over the wishes that match. */
export function preference(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  if (worker.preferences.length === 0) return judgement(0, 'noPreferences')
  const matching = matchingWishes(problem, theCase, worker)
  const wishes = matching.filter(wish => wish.value === 'rather' || wish.value === 'rather_not')
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
  const { current } = theCase
  if (theCase.familyWorker === worker.id || current?.primary === worker.id || current?.second === worker.id)
    return judgement(1, 'currentWorker')
  if (theCase.formerWorkers.includes(worker.id)) return judgement(1, 'formerWorker')
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

/** Fewest people around one family: 1 for who is involved with it already. */
export function fewestPeople(_problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  const involved = theCase.workersInvolved ?? []
  if (involved.includes(worker.id)) return judgement(1, 'involved')
  return judgement(0, involved.length > 0 ? 'newFace' : 'nobodyInvolved', { count: involved.length })
}

// One average for all pairs of a problem, which never changes once it is made.
const teamShares = new WeakMap<Problem, number | null>()

/** Granted wishes of the past year as a share of those asked, over all workers together; null when nobody asked any. */
function teamShare(problem: Problem): number | null {
  let share = teamShares.get(problem)
  if (share === undefined) {
    let granted = 0
    let asked = 0
    for (const { wishes } of problem.workers) {
      granted += wishes?.granted ?? 0
      asked += wishes?.asked ?? 0
    }
    share = asked > 0 ? Math.min(1, granted / asked) : null
    teamShares.set(problem, share)
  }
  return share
}

/**
 * Wishes granted evenly over people and rounds: where this case grants the worker a wish, the team's share of granted wishes
 * in the past year less the worker's own. Who got a smaller share than the team comes first.
 */
export function wishTurn(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): Judgement {
  if (!grantsWish(problem, theCase, worker)) return judgement(0, 'noWishGranted')
  const team = teamShare(problem)
  const { granted, asked } = worker.wishes ?? { granted: 0, asked: 0 }
  if (team === null || asked === 0) return judgement(0, 'wishesUnknown')
  const own = Math.min(1, granted / asked)
  const facts = { own: percent(granted, asked), team: percent(team, 1) }
  if (own === team) return judgement(0, 'wishesEven', facts)
  return judgement(team - own, own < team ? 'fewerWishes' : 'moreWishes', facts)
}

interface Scarcity {
  expected: number
  holders: number
  of: number
}

// As above: what is scarce is the same for all pairs.
const scarcities = new WeakMap<Problem, Map<string, Scarcity>>()

/** Competences for which cases are expected and that at most one in three of those who can carry cases has. */
function scarcityOf(problem: Problem): Map<string, Scarcity> {
  let scarce = scarcities.get(problem)
  if (!scarce) {
    const carriers = problem.workers.filter(worker => worker.normHours > 0)
    scarce = new Map()
    for (const { competence, cases } of problem.expected ?? []) {
      const holders = carriers.filter(worker => competenceLevel(problem, worker, competence) > 0).length
      if (cases === 0 || holders === 0 || holders * 3 > carriers.length) continue
      scarce.set(competence, { expected: cases, holders, of: carriers.length })
    }
    scarcities.set(problem, scarce)
  }
  return scarce
}

/**
 * Looks ahead: keeps room with those who have a scarce competence for the cases that will ask for it. A case that does not ask
 * for it costs the cases expected in four weeks per holder, at most 1; of several competences the scarcest counts.
 */
export function scarceSkill(
  problem: Problem,
  theCase: ProblemCase,
  worker: ProblemWorker,
  seat: Seat = 'primary',
): Judgement {
  const asked = new Set(
    theCase.competences.flatMap(need =>
      need.seat === undefined || need.seat === seat ? [need.competence] : [],
    ),
  )
  let value = 0
  let facts: Facts = {}
  for (const [competence, scarcity] of scarcityOf(problem)) {
    const cost = Math.min(1, scarcity.expected / scarcity.holders)
    if (cost <= value || asked.has(competence) || competenceLevel(problem, worker, competence) === 0) continue
    value = cost
    facts = { competence, ...scarcity }
  }
  return value === 0
    ? judgement(0, 'nothingScarce')
    : judgement(-value, facts.holders === 1 ? 'onlyOne' : 'oneOfFew', facts)
}

/** Every criterion, in the order in which they are shown. */
export const criterionOf: Record<CriterionCode, CriterionEntry> = {
  competence: {
    label: { nl: 'Competentie', en: 'Competence' },
    method: {
      nl: 'Per gewenste competentie het eigen niveau gedeeld door het gewenste niveau, hoogstens 1; daarvan het gemiddelde.',
      en: 'For each desired competence, the worker’s level divided by the desired level, at most 1; the average of these.',
    },
    onScreen: true,
    judge: wantedCompetence,
  },
  preference: {
    label: { nl: 'Voorkeur', en: 'Preference' },
    method: {
      nl: 'Gemiddelde van de wensen die over deze zaak gaan: liever wel telt 1, liever niet telt −1.',
      en: 'Average of the wishes that concern this case: prefer counts 1, prefer not counts −1.',
    },
    onScreen: false,
    judge: preference,
  },
  continuity: {
    label: { nl: 'Continuïteit', en: 'Continuity' },
    method: {
      nl: '1 als de medewerker bij dit gezin betrokken is of was, anders 0.',
      en: '1 if the worker is or was involved with this family, otherwise 0.',
    },
    onScreen: true,
    judge: continuity,
  },
  travel: {
    label: { nl: 'Reistijd', en: 'Travel' },
    method: {
      nl: '1 bij geen reistijd, 0 op de grens die in de regels staat, −1 bij twee keer die grens of meer.',
      en: '1 without travel, 0 at the threshold in the rules, −1 at twice that threshold or more.',
    },
    onScreen: false,
    judge: travel,
  },
  heavySpread: {
    label: { nl: 'Spreiding zware zaken', en: 'Spread of heavy cases' },
    method: {
      nl: 'Alleen bij een zware zaak: 1 zonder zware zaken, −1 op het eigen maximum.',
      en: 'Only for a heavy case: 1 without heavy cases, −1 at the worker’s own maximum.',
    },
    onScreen: false,
    judge: heavySpread,
  },
  learning: {
    label: { nl: 'Leerwens', en: 'Learning wish' },
    method: {
      nl: '1 als de medewerker dit werk wil leren, anders 0.',
      en: '1 if the worker wants to learn this work, otherwise 0.',
    },
    onScreen: false,
    judge: learning,
  },
  fewestPeople: {
    label: { nl: 'Weinig mensen rond een gezin', en: 'Few people around a family' },
    method: {
      nl: '1 als de medewerker al bij dit gezin betrokken is, anders 0.',
      en: '1 if the worker is already involved with this family, otherwise 0.',
    },
    onScreen: true,
    judge: fewestPeople,
  },
  wishTurn: {
    label: { nl: 'Wensen om de beurt', en: 'Wishes in turn' },
    method: {
      nl: 'Alleen als de zaak een wens vervult: het deel van de wensen dat het team het afgelopen jaar vervuld kreeg, min het eigen deel.',
      en: 'Only if the case grants a wish: the share of wishes that the team had granted in the past year, minus the worker’s own share.',
    },
    onScreen: false,
    judge: wishTurn,
  },
  scarceSkill: {
    label: { nl: 'Schaarse competentie vrijhouden', en: 'Keeping scarce competences free' },
    method: {
      nl: 'Alleen voor wie een competentie heeft die hoogstens één op de drie heeft en die deze zaak niet vraagt: min het aantal zaken dat er in vier weken voor wordt verwacht, gedeeld door het aantal mensen dat die competentie heeft, hoogstens −1. Verwacht wordt wat in de zes hele maanden hiervoor binnenkwam.',
      en: 'Only for those with a competence that at most one in three has and that this case does not ask for: minus the number of cases expected for it in four weeks, divided by the number of people who have it, at most −1. Expected is what came in during the six full months before.',
    },
    onScreen: true,
    judge: scarceSkill,
  },
}

const criteria = Object.entries(criterionOf).map(([code, { judge }]) => ({
  code: code as CriterionCode,
  judge,
}))

/**
 * Every criterion's contribution for a pair; those that the policy gives no weight at all are left out. Points are value x weight rounded to one decimal, so they add up to the
 * pair's points exactly when counted in tenths.
 */
export function contributions(
  problem: Problem,
  theCase: ProblemCase,
  worker: ProblemWorker,
  seat: Seat = 'primary',
): Contribution[] {
  return criteria.flatMap(({ code, judge }) => {
    const weight = problem.policy.criteria[code]
    if (weight === undefined) return []
    const { value, reason } = judge(problem, theCase, worker, seat)
    return [{ criterion: code, value, weight, points: pointsOf(value, weight), reason }]
  })
}

/** The total of `contributions` in units, without their reasons; criteria of weight 0 are not even judged. */
export function pairUnits(problem: Problem, theCase: ProblemCase, worker: ProblemWorker, seat: Seat): number {
  let units = 0
  for (const { code, judge } of criteria) {
    const weight = problem.policy.criteria[code]
    if (weight) units += hundredths(pointsOf(judge(problem, theCase, worker, seat).value, weight))
  }
  return units
}

function pointsOf(value: number, weight: number): number {
  return Math.round(value * weight * 10) / 10
}

/** The sum of contributions in units (hundredths of a point), exact. */
export function totalUnits(list: readonly Contribution[]): number {
  return list.reduce((sum, one) => sum + hundredths(one.points), 0)
}
