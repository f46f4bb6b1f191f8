import { hundredths, isHeavy, scaledCap, seatHours, shareOfNorm } from './load.ts'
import type {
  BrokenRule,
  Facts,
  Lock,
  Problem,
  ProblemCase,
  ProblemWorker,
  RuleCode,
  Seat,
} from './problem.ts'
import { type CodeNames, fill, percent, type Sentence } from './sentences.ts'

/** A seat that somebody gets in this round: a line of a proposal, a choice, or a lock. */
export interface TakenSeat {
  caseId: string
  seat: Seat
  workerId: string
}

/** Everything a rule looks at: one seat, one worker, and what else this round gives (the seat itself left out). */
export interface RuleContext {
  problem: Problem
  case: ProblemCase
  seat: Seat
  worker: ProblemWorker
  others: readonly TakenSeat[]
  /** The lock that gives this worker this seat, if people made one. */
  lock: Lock | undefined
}

/**
 * How people may set a rule aside; the engine never does.
 * never: nobody; motive: with a reason; right: only who may exceed the hard limit, each time with its own decision;
 * unregisteredException: with a recorded "tenzij" reason.
 */
export type SetAside = 'never' | 'motive' | 'right' | 'unregisteredException'

export interface Rule {
  code: RuleCode
  setAside: SetAside
  /** The facts of the breach, or null when the rule holds. */
  test: (context: RuleContext) => Facts | null
  /** Whether the subject of the rule is at hand, so that it says something that it was kept. Left out: always. */
  concerns?: (context: RuleContext) => boolean
  /** What it says when broken, and when kept (the check list). */
  broken: Sentence
  kept: Sentence
}

/** Hours (hundredths) after this seat, with everything else this round gives this worker. */
function hoursAfter(context: RuleContext): number {
  let hours = hundredths(context.worker.hoursInUse)
  for (const other of othersOfWorker(context)) {
    hours += seatHours(context.problem.policy, other.case, other.seat, context.worker)
  }
  return hours + seatHours(context.problem.policy, context.case, context.seat, context.worker)
}

function othersOfWorker(context: RuleContext): { case: ProblemCase; seat: Seat }[] {
  const mine: { case: ProblemCase; seat: Seat }[] = []
  for (const other of context.others) {
    if (other.workerId !== context.worker.id) continue
    if (other.caseId === context.case.id && other.seat === context.seat) continue
    const theCase = caseById(context.problem, other.caseId)
    if (theCase) mine.push({ case: theCase, seat: other.seat })
  }
  return mine
}

interface Index {
  cases: Map<string, ProblemCase>
  locks: Map<string, Lock>
  exclusions: Set<string>
  waiting: Set<string>
  homes: Map<string, string[]>
}

// A Problem never changes once it is made, and is asked about thousands of pairs; the index lives as long as it does.
const indexes = new WeakMap<Problem, Index>()

function indexOf(problem: Problem): Index {
  let index = indexes.get(problem)
  if (!index) {
    index = {
      cases: new Map(problem.cases.map(one => [one.id, one])),
      locks: new Map(problem.locks.map(lock => [`${lock.seat} ${lock.caseId}`, lock])),
      exclusions: new Set(problem.exclusions.map(one => JSON.stringify([one.caseId, one.workerId]))),
      waiting: new Set(problem.waiting),
      homes: new Map(),
    }
    indexes.set(problem, index)
  }
  return index
}

function caseById(problem: Problem, id: string): ProblemCase | undefined {
  return indexOf(problem).cases.get(id)
}

/** The lock that people put on a seat. */
export function lockFor(problem: Problem, caseId: string, seat: Seat): Lock | undefined {
  return indexOf(problem).locks.get(`${seat} ${caseId}`)
}

/** On duty: employed on the start date and not away on it. The cause of absence is not in the problem. */
export function onDuty({ problem, worker }: RuleContext): Facts | null {
  const day = problem.startOn
  if (day < worker.employedFrom) return { startOn: day, from: worker.employedFrom, why: 'notYet' }
  if (worker.employedUntil !== null && day > worker.employedUntil) {
    return { startOn: day, until: worker.employedUntil, why: 'left' }
  }
  const away = worker.away.find(one => one.from <= day && (one.until === null || day <= one.until))
  if (!away) return null
  return away.until === null
    ? { startOn: day, from: away.from, why: 'away' }
    : { startOn: day, from: away.from, until: away.until, why: 'away' }
}

/** Norm hours of zero mean no caseload: nobody may add a case. */
export function hasNorm({ worker }: RuleContext): Facts | null {
  return hundredths(worker.normHours) > 0 ? null : {}
}

/** A registered professional, or a recorded exception (norm van de verantwoorde werktoedeling, "tenzij"). */
export function registration({ problem, worker, lock }: RuleContext): Facts | null {
  if (lock?.unregisteredException) return null
  const { status, from, until } = worker.registration
  if (status !== 'registered') return { status }
  if (from !== null && problem.startOn < from) return { status, from }
  if (until !== null && problem.startOn > until) return { status, until }
  return null
}

/** Every required competence, at its level, valid on the start date. */
export function competence({ problem, case: theCase, worker }: RuleContext): Facts | null {
  for (const need of theCase.competences) {
    if (need.need !== 'required') continue
    const level = competenceLevel(problem, worker, need.competence)
    if (level < need.level) return { competence: need.competence, level: need.level, has: level }
  }
  return null
}

/** Highest level of a competence that is valid on the start date; 0 when there is none. */
export function competenceLevel(problem: Problem, worker: ProblemWorker, code: string): number {
  let level = 0
  for (const own of worker.competences) {
    if (own.competence !== code) continue
    if (own.expiresOn !== null && own.expiresOn < problem.startOn) continue
    level = Math.max(level, own.level)
  }
  return level
}

/** Excluded for a reason that stays hidden; the sentence never tells why. */
export function conflict({ case: theCase, worker }: RuleContext): Facts | null {
  return theCase.excludedWorkers.includes(worker.id) ? {} : null
}

/** Ruled out by the team for this round. */
export function teamExclusion({ problem, case: theCase, worker, lock }: RuleContext): Facts | null {
  if (lock?.setAside.includes('teamExclusion')) return null
  return indexOf(problem).exclusions.has(JSON.stringify([theCase.id, worker.id])) ? {} : null
}

/** Hours after this seat stay at or under the hard limit. */
export function hardLimit(context: RuleContext): Facts | null {
  if (context.lock?.aboveLimit) return null
  return above(context, context.problem.policy.hardLimit)
}

/**
 * Only emergencies are proposed above the band, up to the hard limit; and a worker who gets another case in this round
 * ends within the band, so that an emergency on top of it cannot push that case above. People may go above: a lock does.
 */
export function band(context: RuleContext): Facts | null {
  if (context.lock) return null
  if (context.case.urgency === 'emergency') {
    const { problem } = context
    const others = othersOfWorker(context).filter(
      other =>
        other.case.urgency !== 'emergency' &&
        lockFor(problem, other.case.id, other.seat)?.workerId !== context.worker.id,
    )
    if (others.length === 0) return null
  }
  return above(context, context.problem.policy.bandHigh)
}

/** Whether a seat has to stay within the band by itself: people may go above it, and so may an emergency. */
function bandApplies({ case: theCase, lock }: RuleContext): boolean {
  return lock === undefined && theCase.urgency !== 'emergency'
}

function above(context: RuleContext, fraction: number): Facts | null {
  const norm = hundredths(context.worker.normHours)
  if (norm === 0) return null
  const hours = hoursAfter(context)
  if (hours <= shareOfNorm(fraction, norm)) return null
  return {
    hoursAfter: hours / 100,
    loadAfter: percent(hours, norm),
    limit: percent(Math.round(fraction * 10000), 10000),
    over: (hours - shareOfNorm(fraction, norm)) / 100,
  }
}

/** New cases in the week of the start date, scaled to the contract. */
export function newPerWeek(context: RuleContext): Facts | null {
  if (context.lock?.setAside.includes('newPerWeek')) return null
  const { policy } = context.problem
  const cap = scaledCap(policy.newPerWeek, context.worker.contractHours, policy.fullTimeHours)
  const count = context.worker.newThisWeek + othersOfWorker(context).length + 1
  return count > cap ? { count, cap } : null
}

/** Heavy cases in all, scaled to the contract. */
export function heavyCases(context: RuleContext): Facts | null {
  if (context.lock?.setAside.includes('heavyCases')) return null
  const { policy } = context.problem
  if (!isHeavy(policy, context.case)) return null
  const cap = scaledCap(policy.heavyCases, context.worker.contractHours, policy.fullTimeHours)
  const others = othersOfWorker(context).filter(other => isHeavy(policy, other.case)).length
  const count = context.worker.heavyCases + others + 1
  return count > cap ? { count, cap } : null
}

/** The two seats of a duo are two people. */
export function duoDistinct({ problem, case: theCase, seat, worker, others }: RuleContext): Facts | null {
  const both =
    others.some(one => one.caseId === theCase.id && one.seat !== seat && one.workerId === worker.id) ||
    problem.locks.some(one => one.caseId === theCase.id && one.seat !== seat && one.workerId === worker.id)
  return theCase.duo && both ? {} : null
}

/** A threat makes a duo compulsory, and a duo needs the hours of its second seat. */
export function duoRequired({ case: theCase }: RuleContext): Facts | null {
  if (theCase.threat && !theCase.duo) return { why: 'threat' }
  return theCase.duo && theCase.hours.second === undefined ? { why: 'hours' } : null
}

/** Siblings and concurrent measures stay with one primary worker, and with the one who already serves the family. */
export function together({ problem, case: theCase, seat, worker, others, lock }: RuleContext): Facts | null {
  if (seat !== 'primary' || lock?.setAside.includes('together')) return null
  const homes = homeWorkers(problem, theCase)
  if (homes.length > 0 && !homes.includes(worker.id)) return { with: homes[0]! }
  if (theCase.group === null || lock) return null
  const elsewhere = others.find(
    other =>
      other.seat === 'primary' &&
      other.caseId !== theCase.id &&
      other.workerId !== worker.id &&
      !lockFor(problem, other.caseId, 'primary') &&
      caseById(problem, other.caseId)?.group === theCase.group,
  )
  return elsewhere ? { with: elsewhere.workerId, otherCase: elsewhere.caseId } : null
}

/**
 * Workers with whom this case must stay, in order of id; empty: no such duty. The case's own family worker decides;
 * without one, the family workers of its group and the people to whom a case of its group is locked.
 */
export function homeWorkers(problem: Problem, theCase: ProblemCase): string[] {
  if (theCase.familyWorker !== null) return [theCase.familyWorker]
  if (theCase.group === null) return []
  const known = indexOf(problem).homes.get(theCase.id)
  if (known) return known
  const homes = new Set<string>()
  for (const other of problem.cases) {
    if (other.id === theCase.id || other.group !== theCase.group) continue
    if (other.familyWorker !== null) homes.add(other.familyWorker)
    const lock = lockFor(problem, other.id, 'primary')
    if (lock && !lock.setAside.includes('together')) homes.add(lock.workerId)
  }
  const sorted = [...homes].sort()
  indexOf(problem).homes.set(theCase.id, sorted)
  return sorted
}

/** People fixed this seat for somebody else. */
export function lockedElsewhere({ problem, case: theCase, seat, worker }: RuleContext): Facts | null {
  const lock = lockFor(problem, theCase.id, seat)
  return lock && lock.workerId !== worker.id ? { with: lock.workerId } : null
}

/** The team chose to let this case wait in this round. */
export function teamWaits({ problem, case: theCase }: RuleContext): Facts | null {
  return indexOf(problem).waiting.has(theCase.id) ? {} : null
}

/** Every rule, in the order in which people are told about them. */
export const rules: readonly Rule[] = [
  {
    code: 'conflict',
    setAside: 'never',
    test: conflict,
    broken: { nl: 'Mag niet: afgeschermde reden.', en: 'Not allowed: hidden reason.' },
    kept: { nl: 'Geen belangenverstrengeling bekend.', en: 'No conflict of interest known.' },
  },
  {
    code: 'onDuty',
    setAside: 'never',
    test: onDuty,
    broken: { nl: 'Niet beschikbaar op {startOn}.', en: 'Not available on {startOn}.' },
    kept: { nl: 'Beschikbaar op de startdatum.', en: 'Available on the start date.' },
  },
  {
    code: 'hasNorm',
    setAside: 'never',
    test: hasNorm,
    broken: { nl: 'Heeft geen caseload (norm is 0 uur).', en: 'Has no caseload (norm is 0 hours).' },
    kept: { nl: 'Heeft ruimte voor een caseload.', en: 'Has a caseload.' },
  },
  {
    code: 'registration',
    setAside: 'unregisteredException',
    test: registration,
    broken: {
      nl: 'Geen geldige SKJ-registratie op de startdatum. Kan alleen met een vastgelegde tenzij-reden.',
      en: 'No valid SKJ registration on the start date. Only with a recorded exception.',
    },
    kept: {
      nl: 'SKJ-registratie in orde, of tenzij-reden vastgelegd.',
      en: 'SKJ registration valid, or exception recorded.',
    },
  },
  {
    code: 'competence',
    setAside: 'never',
    test: competence,
    concerns: ({ case: theCase }) => theCase.competences.some(need => need.need === 'required'),
    broken: {
      nl: 'Mist de vereiste competentie {competence} op niveau {level} (heeft niveau {has}).',
      en: 'Lacks the required competence {competence} at level {level} (has level {has}).',
    },
    kept: { nl: 'Heeft alle vereiste competenties.', en: 'Has every required competence.' },
  },
  {
    code: 'duoRequired',
    setAside: 'never',
    test: duoRequired,
    concerns: ({ case: theCase }) => theCase.duo || theCase.threat,
    broken: {
      nl: 'Deze zaak moet door een duo worden gedaan. De tweede plek ontbreekt nog.',
      en: 'This case must be done by two people. The second seat is missing.',
    },
    kept: { nl: 'Duo geregeld waar dat moet.', en: 'Two people where that is compulsory.' },
  },
  {
    code: 'duoDistinct',
    setAside: 'never',
    test: duoDistinct,
    concerns: ({ case: theCase }) => theCase.duo,
    broken: {
      nl: 'Heeft al de andere plek in dit duo.',
      en: 'Already has the other seat of this pair.',
    },
    kept: { nl: 'De twee plekken zijn van twee mensen.', en: 'The two seats go to two people.' },
  },
  {
    code: 'teamWaits',
    setAside: 'motive',
    test: teamWaits,
    concerns: () => false,
    broken: {
      nl: 'Het team laat deze zaak in deze ronde wachten.',
      en: 'The team lets this case wait in this round.',
    },
    kept: { nl: 'De zaak doet mee in deze ronde.', en: 'The case takes part in this round.' },
  },
  {
    code: 'lockedElsewhere',
    setAside: 'motive',
    test: lockedElsewhere,
    concerns: () => false,
    broken: {
      nl: 'Deze plek is vastgezet voor iemand anders.',
      en: 'This seat is locked for somebody else.',
    },
    kept: { nl: 'Niet vastgezet voor iemand anders.', en: 'Not locked for somebody else.' },
  },
  {
    code: 'teamExclusion',
    setAside: 'motive',
    test: teamExclusion,
    concerns: ({ problem, case: theCase }) => problem.exclusions.some(one => one.caseId === theCase.id),
    broken: {
      nl: 'Het team heeft deze combinatie in deze ronde uitgesloten.',
      en: 'The team ruled out this pair in this round.',
    },
    kept: { nl: 'Niet uitgesloten door het team.', en: 'Not ruled out by the team.' },
  },
  {
    code: 'together',
    setAside: 'motive',
    test: together,
    concerns: ({ problem, case: theCase }) =>
      theCase.group !== null || homeWorkers(problem, theCase).length > 0,
    broken: {
      nl: 'Deze zaak hoort bij een gezin dat bij een andere medewerker is.',
      en: 'This case belongs to a family that is with another worker.',
    },
    kept: { nl: 'Het gezin blijft bij één medewerker.', en: 'The family stays with one worker.' },
  },
  {
    code: 'hardLimit',
    setAside: 'right',
    test: hardLimit,
    // Within the band is under the limit too: one line says it.
    concerns: context => !context.lock?.aboveLimit && !bandApplies(context),
    broken: {
      nl: 'Komt op {loadAfter} % van de norm. Dat is boven de harde grens van {limit} %.',
      en: 'Would reach {loadAfter} % of the norm. That is above the hard limit of {limit} %.',
    },
    kept: { nl: 'Blijft onder de harde grens.', en: 'Stays under the hard limit.' },
  },
  {
    code: 'band',
    setAside: 'motive',
    test: band,
    concerns: bandApplies,
    broken: {
      nl: 'Komt op {loadAfter} % van de norm. Boven {limit} % beslissen alleen mensen.',
      en: 'Would reach {loadAfter} % of the norm. Above {limit} % only people decide.',
    },
    kept: { nl: 'Blijft binnen wat mag worden voorgesteld.', en: 'Stays within what may be proposed.' },
  },
  {
    code: 'newPerWeek',
    setAside: 'motive',
    test: newPerWeek,
    broken: {
      nl: 'Krijgt dan {count} nieuwe zaken in deze week. Hoogstens {cap} is de afspraak.',
      en: 'Would get {count} new cases this week. The agreed most is {cap}.',
    },
    kept: { nl: 'Niet te veel nieuwe zaken in één week.', en: 'Not too many new cases in one week.' },
  },
  {
    code: 'heavyCases',
    setAside: 'motive',
    test: heavyCases,
    concerns: ({ problem, case: theCase }) => isHeavy(problem.policy, theCase),
    broken: {
      nl: 'Heeft dan {count} zware zaken. Hoogstens {cap} is de afspraak.',
      en: 'Would have {count} heavy cases. The agreed most is {cap}.',
    },
    kept: { nl: 'Niet te veel zware zaken.', en: 'Not too many heavy cases.' },
  },
]

const byCode = new Map(rules.map(rule => [rule.code, rule]))

/** Who may set this rule aside. */
export function setAsideOf(code: RuleCode): SetAside {
  return byCode.get(code)?.setAside ?? 'never'
}

/** The sentence of a broken rule, facts filled in. */
export function ruleSentence(breach: BrokenRule, names?: CodeNames): Sentence {
  if (breach.rule === 'neededElsewhere') {
    return {
      nl: 'De mensen die dit kunnen, zijn in deze ronde nodig voor andere zaken.',
      en: 'The people who can do this are needed for other cases in this round.',
    }
  }
  const rule = byCode.get(breach.rule)
  if (!rule) throw new Error(`Unknown rule ${breach.rule}`)
  return fill(rule.broken, breach.facts, names)
}

/**
 * All rules that this worker breaks for this seat, given what else the round gives; empty: allowed.
 *
 * `others` are the other seats of this round (proposal lines, choices, locks), this one left out or not: it is ignored.
 * A lock of this very seat and worker in the problem sets aside what it names. Used for the explanation, for the recheck
 * at confirmation, and for the dialog of a manual choice.
 */
export function broken(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): BrokenRule[] {
  const context = contextOf(problem, theCase, seat, worker, others)
  const breaches: BrokenRule[] = []
  for (const rule of rules) {
    const facts = rule.test(context)
    if (facts) breaches.push({ rule: rule.code, facts })
  }
  return breaches
}

/**
 * The rules that a check list of this seat and worker shows: every broken one, and of the kept ones those whose subject is
 * at hand. What a lock sets aside is neither.
 */
export function rulesAtHand(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): { rule: Rule; facts: Facts | null }[] {
  const context = contextOf(problem, theCase, seat, worker, others)
  return rules
    .map(rule => ({ rule, facts: rule.test(context) }))
    .filter(
      ({ rule, facts }) =>
        facts !== null ||
        (!context.lock?.setAside.includes(rule.code) &&
          (rule.concerns === undefined || rule.concerns(context))),
    )
}

function contextOf(
  problem: Problem,
  theCase: ProblemCase,
  seat: Seat,
  worker: ProblemWorker,
  others: readonly TakenSeat[],
): RuleContext {
  const found = lockFor(problem, theCase.id, seat)
  const lock = found?.workerId === worker.id ? found : undefined
  return { problem, case: theCase, seat, worker, others, lock }
}
