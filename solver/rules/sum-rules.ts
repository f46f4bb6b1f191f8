import {
  hundredths,
  isHeavy,
  isOfKind,
  limitPoints,
  scaledCap,
  seatHours,
  shareOfNorm,
} from '../problem/load.ts'
import type { Facts, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'
import { percent } from '../problem/sentences.ts'
import { isUrgent } from '../problem/urgencies.ts'
import { holdsSeat, lockFor, lookup } from './lookup.ts'
import { isLearningCase, mentorOf } from './pair-rules.ts'
import type { RuleContext } from './rule-context.ts'
import { isRatherNot } from './wishes.ts'

/**
 * Rules about what adds up: hours and numbers of cases, with everything else that this round gives. Hours are those of the
 * seats the worker ends with. Numbers start from what the worker holds on the start date: a case that moves away in the same
 * round makes room in hours, not under a cap.
 */

interface Other {
  case: ProblemCase
  seat: Seat
  stays: boolean
}

const NOBODY: readonly Other[] = []

function othersOfWorker(context: RuleContext): readonly Other[] {
  if (context.others.length === 0) return NOBODY
  const mine: Other[] = []
  const { cases } = lookup(context.problem)
  for (const other of context.others) {
    if (other.workerId !== context.worker.id) continue
    if (other.caseId === context.case.id && other.seat === context.seat) continue
    const theCase = cases.get(other.caseId)
    if (theCase) {
      mine.push({ case: theCase, seat: other.seat, stays: holdsSeat(theCase, other.seat, other.workerId) })
    }
  }
  return mine
}

/** How many cases that count the worker has with this one: held, given by this round, and this one. */
function countWith(context: RuleContext, own: number, counts: (theCase: ProblemCase) => boolean): number {
  const held = lookup(context.problem).held.get(context.worker.id) ?? []
  let count = own + 1
  for (const one of held) if (counts(one.case)) count++
  for (const one of othersOfWorker(context)) if (!one.stays && counts(one.case)) count++
  return count
}

/** Hours after this seat stay at or under the hard limit. */
export function hardLimit(context: RuleContext): Facts | null {
  if (context.lock?.aboveLimit) return null
  const { problem, worker } = context
  if (worker.normHours === 0) return null
  const given = hoursGiven(context)
  const passed = limitPoints(problem.policy, worker).filter(({ hours, most }) => hours + given > most)
  if (passed.length === 0) return null
  // The highest of those figures is the one that somebody decides on.
  const worst = passed.reduce((a, b) => ((b.hours + given) * a.norm > (a.hours + given) * b.norm ? b : a))
  return {
    ...excessOf(worst.hours + given, worst.norm, worst.fraction),
    over: Math.max(...passed.map(({ hours, most }) => hours + given - most)) / 100,
    ...(worst.on !== null && { on: worst.on }),
  }
}

/**
 * Only emergencies are proposed above the band, up to the hard limit; and a worker who gets another case in this round
 * ends within the band, so that an emergency on top of it cannot push that case above. People may go above: a lock does.
 */
export function band(context: RuleContext): Facts | null {
  if (context.lock) return null
  if (isUrgent(context.case)) {
    const { problem } = context
    const others = othersOfWorker(context).filter(
      other =>
        !other.stays &&
        !isUrgent(other.case) &&
        lockFor(problem, other.case.id, other.seat)?.workerId !== context.worker.id,
    )
    if (others.length === 0) return null
  }
  return above(context, context.problem.policy.bandHigh)
}

/** Whether a seat has to stay within the band by itself: people may go above it, and so may an emergency. */
export function bandApplies({ case: theCase, lock }: RuleContext): boolean {
  return lock === undefined && !isUrgent(theCase)
}

function above(context: RuleContext, fraction: number): Facts | null {
  const { worker } = context
  const norm = hundredths(worker.normHours)
  if (norm === 0) return null
  const hours = hundredths(worker.hoursInUse) + hoursGiven(context)
  return hours > shareOfNorm(fraction, norm) ? excessOf(hours, norm, fraction) : null
}

/** Hundredths of hours of this seat and of everything else that this round gives the worker or leaves there. */
function hoursGiven(context: RuleContext): number {
  const { policy } = context.problem
  return othersOfWorker(context).reduce(
    (sum, other) => sum + seatHours(policy, other.case, other.seat, context.worker),
    seatHours(policy, context.case, context.seat, context.worker),
  )
}

function excessOf(hours: number, norm: number, fraction: number): Facts {
  return {
    hoursAfter: hours / 100,
    loadAfter: percent(hours, norm),
    limit: percent(Math.round(fraction * 10000), 10000),
    over: (hours - shareOfNorm(fraction, norm)) / 100,
  }
}

/**
 * The caps on new cases of one worker and how much of each is used on the start date. A cap that the policy does not have, or
 * for which the worker's count is not known, is not there.
 */
export function newCaseCaps(
  problem: Problem,
  worker: ProblemWorker,
): Partial<Record<'newPerWeek' | 'newPerMonth' | 'openPerNew', { cap: number; used: number }>> {
  const { policy } = problem
  const caps: ReturnType<typeof newCaseCaps> = {
    newPerWeek: {
      cap: scaledCap(policy.newPerWeek, worker.contractHours, policy.fullTimeHours),
      used: worker.newThisWeek,
    },
  }
  if (policy.newPerMonth !== undefined && worker.newThisMonth !== undefined) {
    caps.newPerMonth = {
      cap: scaledCap(policy.newPerMonth, worker.contractHours, policy.fullTimeHours),
      used: worker.newThisMonth,
    }
  }
  if (policy.openPerNew !== undefined && worker.openCases !== undefined) {
    const held = new Set(
      lookup(problem)
        .held.get(worker.id)
        ?.map(one => one.case.id),
    )
    caps.openPerNew = {
      cap: Math.max(1, Math.floor((worker.openCases + held.size) / policy.openPerNew)),
      used: worker.newThisMonth ?? worker.newThisWeek,
    }
  }
  return caps
}

/** New cases in the week of the start date, in its month, and for the number of open cases. */
function newCases(context: RuleContext, rule: 'newPerWeek' | 'newPerMonth' | 'openPerNew'): Facts | null {
  if (context.lock?.setAside.includes(rule)) return null
  const cap = newCaseCaps(context.problem, context.worker)[rule]
  if (cap === undefined) return null
  const count = cap.used + othersOfWorker(context).filter(one => !one.stays).length + 1
  return count > cap.cap ? { count, cap: cap.cap } : null
}

export const newPerWeek = (context: RuleContext) => newCases(context, 'newPerWeek')
export const newPerMonth = (context: RuleContext) => newCases(context, 'newPerMonth')
export const openPerNew = (context: RuleContext) => newCases(context, 'openPerNew')

/** Heavy cases in all, scaled to the contract. */
export function heavyCases(context: RuleContext): Facts | null {
  if (context.lock?.setAside.includes('heavyCases')) return null
  const { policy } = context.problem
  if (!isHeavy(policy, context.case)) return null
  const cap = scaledCap(policy.heavyCases, context.worker.contractHours, policy.fullTimeHours)
  const count = countWith(context, context.worker.heavyCases, one => isHeavy(policy, one))
  return count > cap ? { count, cap } : null
}

/** Cases of one kind in all, scaled to the contract. */
export function kindCap(context: RuleContext): Facts | null {
  const { policy } = context.problem
  if (policy.kindCaps === undefined || context.lock?.setAside.includes('kindCap')) return null
  const { worker } = context
  for (const kind of policy.kindCaps) {
    if (!isOfKind(context.case, kind)) continue
    const cap = scaledCap(kind.most, worker.contractHours, policy.fullTimeHours)
    const own = worker.kinds?.find(one => one.kind === kind.kind && one.code === kind.code)?.count ?? 0
    const count = countWith(context, own, one => isOfKind(one, kind))
    if (count > cap) return { subject: kind.code, count, cap }
  }
  return null
}

/** Cases of this round that the worker would rather not do. */
export function ratherNot(context: RuleContext): Facts | null {
  const { problem, worker, lock } = context
  const most = problem.policy.ratherNotPerRound
  if (most === undefined || lock?.setAside.includes('ratherNot')) return null
  if (!isRatherNot(problem, context.case, worker)) return null
  const others = othersOfWorker(context).filter(one => !one.stays && isRatherNot(problem, one.case, worker))
  return others.length + 1 > most ? { count: others.length + 1, cap: most } : null
}

/** A learning case needs a mentor on duty who can guide one more. */
export function mentor(context: RuleContext): Facts | null {
  const { problem, worker, lock } = context
  if (!isLearningCase(problem, context.case, worker) || lock?.setAside.includes('mentor')) return null
  const guide = mentorOf(problem, worker)
  if (!guide) return { why: 'none' }
  const room = guide.mentorRoom ?? 0
  const { cases, workers } = lookup(problem)
  let count = 1
  for (const other of context.others) {
    if (other.caseId === context.case.id && other.seat === context.seat) continue
    const theCase = cases.get(other.caseId)
    const learner = workers.get(other.workerId)
    if (!theCase || learner?.mentor !== guide.id || holdsSeat(theCase, other.seat, learner.id)) continue
    if (isLearningCase(problem, theCase, learner)) count++
  }
  return count > room ? { why: 'full', with: guide.id, count, cap: room } : null
}
