import { seededOrder } from './canonical.ts'
import { contributions, reasonSentence, totalUnits } from './criteria.ts'
import { hundredths, loadCost, seatHours, seatsOf } from './load.ts'
import type {
  BrokenRule,
  Contribution,
  Problem,
  ProblemCase,
  ProblemWorker,
  Proposal,
  ProposalLine,
  RuleCode,
  Seat,
} from './problem.ts'
import { broken, ruleSentence, rules, type SetAside, setAsideOf, type TakenSeat } from './rules.ts'
import { fill, percent, type Sentence } from './sentences.ts'

export interface ExplainedRule extends BrokenRule {
  sentence: Sentence
  setAside: SetAside
}

export interface ExplainedContribution extends Contribution {
  sentence: Sentence
}

/** One worker for one seat, everything else of the proposal left as it is. Loads are percentages of the norm. */
export interface Fit {
  workerId: string
  /** allowed: no rule broken; aboveBand: only the band, so people may; notAllowed: see `broken`. */
  status: 'allowed' | 'aboveBand' | 'notAllowed'
  points: number
  contributions: ExplainedContribution[]
  /** Hours of the seat for this worker, travel included. */
  hours: number
  /** null without norm hours. */
  loadBefore: number | null
  loadAfter: number | null
  /** Points of load cost by which the seat lifts this worker. */
  loadCost: number
  /** Points less load cost. */
  score: number
  /** Score less the score of the proposed worker; null when nobody is proposed. */
  difference: number | null
  broken: ExplainedRule[]
}

export interface CaseExplanation {
  caseId: string
  seat: Seat
  /** `{worker}` stands for the name of the proposed worker. */
  sentence: Sentence
  /** Every rule for the proposed worker; for an empty seat, empty. */
  checklist: { rule: RuleCode; passed: boolean; sentence: Sentence; setAside: SetAside }[]
  proposed: Fit | null
  /** clear: at least 15 points better than the best other; narrow: 5 to 15; equal: under 5; only: nobody else may. */
  margin: 'clear' | 'narrow' | 'equal' | 'only' | null
  marginPoints: number | null
  /** Place of the proposed worker among all who may, 1 is the best fit for this case. */
  position: number | null
  /** Every worker, best fit for this case first: those who may, then above the band, then not allowed. */
  alternatives: Fit[]
  /** For an empty seat: why. */
  blocked: { rule: RuleCode; workers: number; sentence: Sentence }[]
  /** What is not known and was counted as neutral. */
  unknowns: Sentence[]
}

const ranks = { allowed: 0, aboveBand: 1, notAllowed: 2 }

/** Finds case and worker, or says clearly that they are not there. */
export function findCase(problem: Problem, caseId: string): ProblemCase {
  const found = problem.cases.find(one => one.id === caseId)
  if (!found) throw new Error(`Case ${caseId} is not in this problem.`)
  return found
}

export function findWorker(problem: Problem, workerId: string): ProblemWorker {
  const found = problem.workers.find(one => one.id === workerId)
  if (!found) throw new Error(`Worker ${workerId} is not in this problem.`)
  return found
}

/** The seats that a proposal gives, one seat left out. */
export function seatsBeside(proposal: Proposal, caseId: string, seat: Seat): TakenSeat[] {
  return proposal.lines.flatMap(line =>
    line.workerId === null || (line.caseId === caseId && line.seat === seat)
      ? []
      : [{ caseId: line.caseId, seat: line.seat, workerId: line.workerId }],
  )
}

/** The problem with this seat not locked, to weigh others for it. */
function unlocked(problem: Problem, caseId: string, seat: Seat): Problem {
  if (!problem.locks.some(lock => lock.caseId === caseId && lock.seat === seat)) return problem
  return { ...problem, locks: problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat) }
}

/** How well one worker fits one seat, given the other seats of the round. `difference` is left null. */
export function assess(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): Fit {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const norm = hundredths(worker.normHours)
  const hours = seatHours(problem.policy, theCase, seat, worker)
  let before = hundredths(worker.hoursInUse)
  for (const other of others) {
    const otherCase = other.workerId === worker.id ? cases.get(other.caseId) : undefined
    if (otherCase) before += seatHours(problem.policy, otherCase, other.seat, worker)
  }
  const rise =
    norm > 0 ? loadCost(problem.policy, norm, before + hours) - loadCost(problem.policy, norm, before) : 0
  const parts = contributions(problem, theCase, worker)
  const breaches = broken(problem, theCase, seat, worker, others)
  const status =
    breaches.length === 0
      ? 'allowed'
      : breaches.every(one => one.rule === 'band')
        ? 'aboveBand'
        : 'notAllowed'
  return {
    workerId: worker.id,
    status,
    points: totalUnits(parts) / 100,
    contributions: parts.map(part => ({ ...part, sentence: reasonSentence(part.reason) })),
    hours: hours / 100,
    loadBefore: norm > 0 ? percent(before, norm) : null,
    loadAfter: norm > 0 ? percent(before + hours, norm) : null,
    loadCost: rise / 100,
    score: (totalUnits(parts) - rise) / 100,
    difference: null,
    broken: breaches.map(one => ({ ...one, sentence: ruleSentence(one), setAside: setAsideOf(one.rule) })),
  }
}

/**
 * Why this worker for this case, or why nobody; and everybody else for the same seat with the rest of the proposal left
 * as it is. Pure and quick: no solving. Throws when the case or seat is not in the proposal.
 */
export function explainCase(
  problem: Problem,
  proposal: Proposal,
  caseId: string,
  seat: Seat = 'primary',
): CaseExplanation {
  const theCase = findCase(problem, caseId)
  const line = proposal.lines.find(one => one.caseId === caseId && one.seat === seat)
  if (!line || !seatsOf(theCase).includes(seat)) throw new Error(`Case ${caseId} has no ${seat} seat here.`)
  const others = seatsBeside(proposal, caseId, seat)
  const free = unlocked(problem, caseId, seat)
  const fits = problem.workers.map(worker =>
    assess(worker.id === line.workerId ? problem : free, theCase, seat, worker, others),
  )
  const proposed = fits.find(fit => fit.workerId === line.workerId) ?? null
  for (const fit of fits) fit.difference = proposed ? hundredths(fit.score - proposed.score) / 100 : null
  const order = (fit: Fit) => seededOrder(problem.seed, `worker ${fit.workerId}`)
  fits.sort((a, b) => ranks[a.status] - ranks[b.status] || b.score - a.score || order(a) - order(b))
  const best = fits.find(fit => fit !== proposed && fit.status === 'allowed')
  const marginPoints = proposed && best ? hundredths(proposed.score - best.score) / 100 : null
  return {
    caseId,
    seat,
    sentence: proposed ? proposedSentence(proposed, line.locked) : emptySentence(line),
    checklist: proposed ? checklist(proposed) : [],
    proposed,
    margin: proposed === null ? null : marginPoints === null ? 'only' : marginClass(marginPoints),
    marginPoints,
    position: proposed
      ? fits.filter(fit => fit.status === 'allowed' && fit.score > proposed.score).length + 1
      : null,
    alternatives: fits,
    blocked: line.blocked.map(one => ({ ...one, sentence: blockedSentence(one.rule, one.workers) })),
    unknowns: proposed ? unknownsOf(proposed) : [],
  }
}

function marginClass(points: number): 'clear' | 'narrow' | 'equal' {
  return points >= 15 ? 'clear' : points >= 5 ? 'narrow' : 'equal'
}

function checklist(fit: Fit): CaseExplanation['checklist'] {
  return rules.map(rule => {
    const breach = fit.broken.find(one => one.rule === rule.code)
    return {
      rule: rule.code,
      passed: breach === undefined,
      sentence: breach ? breach.sentence : rule.kept,
      setAside: rule.setAside,
    }
  })
}

function unknownsOf(fit: Fit): Sentence[] {
  const unknown = new Set(['noPreferences', 'travelUnknown'])
  return fit.contributions.filter(part => unknown.has(part.reason.code)).map(part => part.sentence)
}

/** The two strongest reasons, the load before and after, and the strongest reason against. */
function proposedSentence(fit: Fit, locked: boolean): Sentence {
  const reasons = fit.contributions
    .filter(part => part.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, 2)
  const against = fit.contributions.filter(part => part.points < 0).sort((a, b) => a.points - b.points)[0]
  const facts = { before: fit.loadBefore ?? 0, after: fit.loadAfter ?? 0 }
  const say = (language: keyof Sentence): string => {
    const nl = language === 'nl'
    const load = nl ? 'werklast {before} % → {after} %' : 'workload {before} % → {after} %'
    const start = locked
      ? nl
        ? '{worker} is door mensen vastgezet'
        : '{worker} was fixed by people'
      : nl
        ? 'Voorgesteld: {worker}'
        : 'Proposed: {worker}'
    const why = [...reasons.map(part => part.sentence[language]), load].join('; ')
    const counter = against ? ` ${nl ? 'Minpunt' : 'Against'}: ${against.sentence[language]}.` : ''
    return `${start}. ${nl ? 'Redenen' : 'Reasons'}: ${why}.${counter}`
  }
  return fill({ nl: say('nl'), en: say('en') }, facts)
}

function emptySentence(line: ProposalLine): Sentence {
  const main = [...line.blocked].sort((a, b) => b.workers - a.workers)[0]
  if (!main) {
    return {
      nl: 'Niet verdeeld: er doet niemand mee aan deze ronde.',
      en: 'Not placed: nobody takes part in this round.',
    }
  }
  const why = blockedSentence(main.rule, main.workers)
  return { nl: `Niet verdeeld. ${why.nl}`, en: `Not placed. ${why.en}` }
}

const blockedWords: Record<RuleCode, Sentence> = {
  onDuty: { nl: 'zijn niet beschikbaar op de startdatum', en: 'not available on the start date' },
  hasNorm: { nl: 'hebben geen caseload', en: 'have no caseload' },
  registration: { nl: 'hebben geen geldige SKJ-registratie', en: 'no valid SKJ registration' },
  competence: { nl: 'missen een vereiste competentie', en: 'lack a required competence' },
  conflict: { nl: 'mogen niet (afgeschermde reden)', en: 'not allowed (hidden reason)' },
  teamExclusion: { nl: 'zijn door het team uitgesloten', en: 'ruled out by the team' },
  hardLimit: { nl: 'komen boven de harde grens', en: 'would pass the hard limit' },
  band: { nl: 'komen boven de bandbreedte', en: 'would pass the band' },
  newPerWeek: { nl: 'hebben al genoeg nieuwe zaken deze week', en: 'have enough new cases this week' },
  heavyCases: { nl: 'hebben al genoeg zware zaken', en: 'have enough heavy cases' },
  duoDistinct: { nl: 'hebben al de andere plek van het duo', en: 'already have the other seat' },
  duoRequired: {
    nl: 'kunnen dit niet alleen: een duo is verplicht',
    en: 'cannot do this alone: two people are compulsory',
  },
  together: {
    nl: 'vallen af: het gezin is bij een andere medewerker',
    en: 'out: the family is with another worker',
  },
  lockedElsewhere: { nl: 'vallen af: de plek is vastgezet', en: 'out: the seat is locked' },
  teamWaits: { nl: 'vallen af: het team laat de zaak wachten', en: 'out: the team lets the case wait' },
  neededElsewhere: {
    nl: 'zijn in deze ronde nodig voor andere zaken',
    en: 'needed for other cases in this round',
  },
}

/** "4 medewerkers: komen boven de bandbreedte." */
export function blockedSentence(rule: RuleCode, workers: number): Sentence {
  const words = blockedWords[rule]
  return {
    nl: `${workers} ${workers === 1 ? 'medewerker' : 'medewerkers'}: ${words.nl}.`,
    en: `${workers} ${workers === 1 ? 'worker' : 'workers'}: ${words.en}.`,
  }
}
