import { hundredths } from '../problem/load.ts'
import { meaningOf } from '../problem/meaning.ts'
import type { Facts, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import { competenceLevel, homeWorkers, keepsTogether, lockFor, lookup } from './lookup.ts'
import type { RuleContext } from './rule-context.ts'

/** Rules about one seat and one worker: they look at nothing that adds up. Each gives the facts of its breach, or null. */

/**
 * On duty: employed on the start date and not away on it. The cause of absence is not in the problem. Who holds a seat keeps it
 * while away.
 */
export function onDuty({
  problem,
  worker,
  stays,
}: Pick<RuleContext, 'problem' | 'worker' | 'stays'>): Facts | null {
  const day = problem.startOn
  if (day < worker.employedFrom) return { startOn: day, from: worker.employedFrom, why: 'notYet' }
  if (worker.employedUntil !== null && day > worker.employedUntil) {
    return { startOn: day, until: worker.employedUntil, why: 'left' }
  }
  if (stays) return null
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

/**
 * A registered professional, or a recorded exception (norm van de verantwoorde werktoedeling, "tenzij"). The second seat of a
 * duo may go to somebody in training where the rulebook says so.
 */
export function registration({ problem, seat, worker, lock }: RuleContext): Facts | null {
  if (lock?.unregisteredException) return null
  const { status, from, until } = worker.registration
  if (seat === 'second' && problem.policy.secondSeatRegistered === false) {
    // Training is no registration that has ended; the first meaning did not tell them apart.
    if (status === 'in_training' || meaningOf(problem) === 1) return null
  }
  if (status !== 'registered') return { status }
  if (from !== null && problem.startOn < from) return { status, from }
  if (until !== null && problem.startOn > until) return { status, until }
  return null
}

/** Every competence that this seat requires, at its level, valid on the start date. */
export function competence({ problem, case: theCase, seat, worker }: RuleContext): Facts | null {
  for (const need of theCase.competences) {
    if (!requires(need, seat)) continue
    const level = competenceLevel(problem, worker, need.competence)
    if (level < need.level) {
      const facts = { competence: need.competence, level: need.level, has: level }
      return need.seat === undefined ? facts : { ...facts, seat }
    }
  }
  return null
}

/** Whether this need is a demand on this seat. */
export function requires(need: ProblemCase['competences'][number], seat: Seat): boolean {
  return need.need === 'required' && (need.seat === undefined || need.seat === seat)
}

/** Excluded for a reason that stays hidden; the sentence never tells why. */
export function conflict({ case: theCase, worker }: RuleContext): Facts | null {
  return theCase.excludedWorkers.includes(worker.id) ? {} : null
}

/** Excluded by the team, on the start date still. */
export function teamExclusion({ problem, case: theCase, worker, lock }: RuleContext): Facts | null {
  if (lock?.setAside.includes('teamExclusion')) return null
  return lookup(problem).exclusions.get(theCase.id)?.has(worker.id) ? {} : null
}

/** An existing case that may not move stays with who holds it. */
export function notMovable({ case: theCase, seat, lock }: RuleContext): Facts | null {
  if (theCase.current === undefined || theCase.movable || lock?.setAside.includes('notMovable')) return null
  const holder = theCase.current[seat]
  return holder === undefined ? null : { with: holder }
}

/** The two seats of a duo are two people. */
export function duoDistinct({ problem, case: theCase, seat, worker, others }: RuleContext): Facts | null {
  if (!theCase.duo) return null
  const both =
    theCase.taken?.workerId === worker.id ||
    lockFor(problem, theCase.id, seat === 'primary' ? 'second' : 'primary')?.workerId === worker.id ||
    others.some(one => one.caseId === theCase.id && one.seat !== seat && one.workerId === worker.id)
  return both ? {} : null
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
  if (lock || others.length === 0 || !keepsTogether(problem, theCase)) return null
  const elsewhere = others.find(other => {
    if (other.seat !== 'primary' || other.caseId === theCase.id || other.workerId === worker.id) return false
    const kin = lookup(problem).cases.get(other.caseId)
    return (
      kin?.group === theCase.group &&
      keepsTogether(problem, kin!) &&
      !lockFor(problem, other.caseId, 'primary')
    )
  })
  return elsewhere ? { with: elsewhere.workerId, otherCase: elsewhere.caseId } : null
}

/** People fixed this seat for somebody else. */
export function lockedElsewhere({ problem, case: theCase, seat, worker }: RuleContext): Facts | null {
  const lock = lockFor(problem, theCase.id, seat)
  return lock && lock.workerId !== worker.id ? { with: lock.workerId } : null
}

/** The team chose to let this case wait in this round. */
export function teamWaits({ problem, case: theCase }: RuleContext): Facts | null {
  return lookup(problem).waiting.has(theCase.id) ? {} : null
}

/**
 * Whether the case would be a learning case for this worker, where the policy wants a mentor for those: the worker is in
 * training, or wants to learn the case's measure.
 */
export function isLearningCase(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): boolean {
  if (!problem.policy.learningNeedsMentor) return false
  return (
    worker.registration.status === 'in_training' ||
    worker.preferences.some(
      wish => wish.kind === 'measure' && wish.value === 'learn' && theCase.measures.includes(wish.code),
    )
  )
}

/** Who can guide this worker at all: a mentor who takes part and is on duty. */
export function mentorOf(problem: Problem, worker: ProblemWorker): ProblemWorker | null {
  const mentor = worker.mentor ? lookup(problem).workers.get(worker.mentor) : undefined
  return mentor && onDuty({ problem, worker: mentor, stays: false }) === null ? mentor : null
}
