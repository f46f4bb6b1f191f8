import { compare, seededOrder } from '../problem/canonical.ts'
import { classesOf, classOf } from '../problem/classes.ts'
import { seatsOf } from '../problem/load.ts'
import { meaningOf } from '../problem/meaning.ts'
import type { BrokenRule, Lock, Problem, ProblemCase, RuleCode, Seat } from '../problem/problem.ts'
import { broken } from './broken.ts'
import { holdsSeat, lockFor, lookup, type TakenSeat } from './lookup.ts'
import { rules } from './rules.ts'

export interface HeldLocks {
  held: Lock[]
  /** Locks that break a rule they do not set aside. Their case is not placed. */
  refused: { lock: Lock; broken: BrokenRule[] }[]
  /** One way to fill the other seats of the duos with one seat locked, which are completed before anything else is given. */
  completed: TakenSeat[]
}

/** Rules about what adds up. */
const cumulative = rules.filter(rule => rule.cumulative).map(rule => rule.code)

/** So many tries to complete the duos; beyond it one counts as not to be completed. */
const tryLimit = 20_000

/**
 * Splits the locks into those that hold and those that break a rule which they do not set aside.
 *
 * Rules about what adds up are tested one lock after the other, over the locks that do not set that rule aside: each excess
 * needs its own decision. What somebody holds already counts, unless people locked it elsewhere. First comes what is placed
 * first, by class and waiting time, of equals the first by the seed.
 *
 * A duo with one seat locked holds when its other seat can be filled, next to all locks and to the duos before it; else its
 * lock is refused, and takes nothing from the others.
 */
export function judgeLocks(problem: Problem): HeldLocks {
  if (problem.locks.length === 0) return { held: [], refused: [], completed: [] }
  if (meaningOf(problem) === 1) return judgeByRule(problem)
  const sorted = byPrecedence(problem)
  const alone = new Map<Lock, BrokenRule[]>()
  for (;;) {
    const { held, refused } = judgeByLock(problem, sorted, alone)
    const { incomplete, completed } = completeDuos(problem, held, refused)
    if (incomplete.length === 0) return { held, refused, completed }
    for (const lock of incomplete) {
      const open: Seat = lock.seat === 'primary' ? 'second' : 'primary'
      alone.set(lock, [{ rule: 'duoRequired', facts: { why: 'alone', seat: open } }])
    }
  }
}

/** The first meaning: in order of case and seat, one rule after the other. */
function judgeByRule(problem: Problem): HeldLocks {
  const refused = new Map<Lock, BrokenRule[]>()
  const sorted = [...problem.locks].sort((a, b) =>
    a.caseId === b.caseId ? compare(a.seat, b.seat) : compare(a.caseId, b.caseId),
  )
  for (const lock of sorted) {
    const breaches = brokenAlone(problem, lock)
    if (breaches.length > 0) refused.set(lock, breaches)
  }
  for (const rule of cumulative) {
    const before = new Map<string, TakenSeat[]>()
    for (const lock of sorted) {
      if (refused.has(lock)) continue
      const breach = addTo(before, problem, lock, rule)
      if (breach) refused.set(lock, [breach])
    }
  }
  return split(sorted, refused)
}

/** Lock after lock, each by all rules, so that one that is refused takes nothing from those after it. */
function judgeByLock(
  problem: Problem,
  sorted: readonly Lock[],
  alone: ReadonlyMap<Lock, BrokenRule[]>,
): HeldLocks {
  const refused = new Map<Lock, BrokenRule[]>(alone)
  let before = new Map<RuleCode, Map<string, TakenSeat[]>>(cumulative.map(rule => [rule, new Map()]))
  for (const lock of sorted) {
    if (refused.has(lock)) continue
    const breaches = brokenAlone(problem, lock)
    const after = new Map([...before].map(([rule, lists]) => [rule, new Map(lists)]))
    if (breaches.length === 0) {
      for (const rule of cumulative) {
        const breach = addTo(after.get(rule)!, problem, lock, rule)
        if (breach) breaches.push(breach)
      }
    }
    if (breaches.length > 0) refused.set(lock, breaches)
    else before = after
  }
  return split(sorted, refused)
}

function split(sorted: readonly Lock[], refused: ReadonlyMap<Lock, BrokenRule[]>): HeldLocks {
  return {
    held: sorted.filter(lock => !refused.has(lock)),
    refused: [...refused].map(([lock, rulesBroken]) => ({ lock, broken: rulesBroken })),
    completed: [],
  }
}

/** By class of the case, then the longest waiting; of equals the first by the seed. The first seat before the second. */
function byPrecedence(problem: Problem): Lock[] {
  const { cases } = lookup(problem)
  const classes = classesOf(problem)
  return problem.locks
    .map(lock => {
      const theCase = cases.get(lock.caseId)!
      const rank = classes.indexOf(classOf(problem.policy, theCase))
      return { lock, theCase, rank, order: seededOrder(problem.seed, `case ${theCase.id}`) }
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        b.theCase.waitingDays - a.theCase.waitingDays ||
        a.order - b.order ||
        compare(a.lock.caseId, b.lock.caseId) ||
        compare(a.lock.seat, b.lock.seat),
    )
    .map(one => one.lock)
}

function brokenAlone(problem: Problem, lock: Lock): BrokenRule[] {
  const { cases, workers } = lookup(problem)
  const worker = workers.get(lock.workerId)!
  return broken(problem, cases.get(lock.caseId)!, lock.seat, worker, keptSeats(problem, worker.id))
}

/** Adds the lock to what counts under this rule; the breach when it does not fit. */
function addTo(
  before: Map<string, TakenSeat[]>,
  problem: Problem,
  lock: Lock,
  rule: RuleCode,
): BrokenRule | undefined {
  const { cases, workers } = lookup(problem)
  const theCase = cases.get(lock.caseId)!
  if (holdsSeat(theCase, lock.seat, lock.workerId)) return undefined
  if (rule === 'hardLimit' ? lock.aboveLimit : lock.setAside.includes(rule)) return undefined
  const worker = workers.get(lock.workerId)!
  const whose = rule === 'mentor' ? (worker.mentor ?? worker.id) : worker.id
  const taken = before.get(whose) ?? []
  const kept = rule === 'hardLimit' ? keptSeats(problem, worker.id) : []
  const breach = broken(problem, theCase, lock.seat, worker, [...kept, ...taken]).find(
    one => one.rule === rule,
  )
  if (!breach) before.set(whose, [...taken, lock])
  return breach
}

/** The duos of which only one seat is held: how to fill the others, and which of them cannot be filled. */
function completeDuos(
  problem: Problem,
  held: readonly Lock[],
  refused: HeldLocks['refused'],
): { incomplete: Lock[]; completed: TakenSeat[] } {
  const { cases } = lookup(problem)
  const seats = new Set(held.map(lock => `${lock.seat} ${lock.caseId}`))
  const lost = new Set(refused.map(one => one.lock.caseId))
  const halves = held.flatMap(lock => {
    const theCase = cases.get(lock.caseId)!
    const open = seatsOf(theCase).find(seat => !seats.has(`${seat} ${theCase.id}`))
    return open ? [{ lock, theCase, open }] : []
  })
  const incomplete: Lock[] = []
  if (halves.length === 0) return { incomplete, completed: [] }
  const isHalf = new Set(halves.map(one => one.lock))
  let fixed: TakenSeat[] = held.filter(lock => !isHalf.has(lock))
  const kept: typeof halves = []
  let completed: TakenSeat[] = []
  for (const half of halves) {
    const found = lost.has(half.theCase.id)
      ? null
      : fillSeats(problem, [...fixed, half.lock], [...kept, half], completed)
    if (!found) incomplete.push(half.lock)
    else {
      completed = found
      kept.push(half)
      fixed = [...fixed, half.lock]
    }
  }
  return { incomplete, completed }
}

/** People for these seats, next to what is fixed and what everybody holds; null: there are none. `known` fills all but the last. */
function fillSeats(
  problem: Problem,
  fixed: readonly TakenSeat[],
  open: readonly { theCase: ProblemCase; open: Seat }[],
  known: readonly TakenSeat[],
): TakenSeat[] | null {
  const holding = problem.workers.flatMap(one => keptSeats(problem, one.id))
  const taken = [...holding, ...fixed]
  const people = problem.workers
    .map(one => ({ one, order: seededOrder(problem.seed, `worker ${one.id}`) }))
    .sort((a, b) => a.order - b.order || compare(a.one.id, b.one.id))
    .map(({ one }) => one)
  const chosen: TakenSeat[] = []
  let tries = 0
  const descend = (at: number): boolean => {
    const seat = open[at]
    if (!seat) return true
    const holder = seat.theCase.current?.[seat.open]
    const order = [holder, known[at]?.workerId].flatMap(id => id ?? [])
    const workers = [...people].sort((a, b) => order.indexOf(b.id) - order.indexOf(a.id))
    for (const worker of workers) {
      if (++tries > tryLimit) return false
      const given = [...taken, ...chosen]
      if (broken(problem, seat.theCase, seat.open, worker, given).length > 0) continue
      chosen.push({ caseId: seat.theCase.id, seat: seat.open, workerId: worker.id })
      if (descend(at + 1)) return true
      chosen.pop()
    }
    return false
  }
  return descend(0) ? chosen : null
}

/** The seats that a worker holds and that nobody locked for somebody else. */
function keptSeats(problem: Problem, workerId: string): TakenSeat[] {
  return (lookup(problem).held.get(workerId) ?? []).flatMap(({ case: one, seat }) => {
    const lock = lockFor(problem, one.id, seat)
    return lock && lock.workerId !== workerId ? [] : [{ caseId: one.id, seat, workerId }]
  })
}
