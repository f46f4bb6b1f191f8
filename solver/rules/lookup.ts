import type { Lock, Problem, ProblemCase, ProblemWorker, Seat } from '../problem/problem.ts'

/** A seat that somebody gets in this round: a line of a proposal, a choice, or a lock. */
export interface TakenSeat {
  caseId: string
  seat: Seat
  workerId: string
}

/** What a Problem says, ready to be looked up. */
export interface Lookup {
  cases: Map<string, ProblemCase>
  workers: Map<string, ProblemWorker>
  /** Cases by group. */
  groups: Map<string, ProblemCase[]>
  /** Seats of existing cases by the worker who holds them. */
  held: Map<string, { case: ProblemCase; seat: Seat }[]>
  locks: Map<string, Lock>
  /** Workers ruled out by the team, by case. */
  exclusions: Map<string, Set<string>>
  waiting: Set<string>
  /** Who got which seat in the earlier answer, by seat and case. */
  earlier: Map<string, string>
  homes: Map<string, string[]>
  levels: Map<ProblemWorker, Map<string, number>>
  /** Who will not be there for long, as far as that was asked (see leaving.ts). */
  going: Map<ProblemWorker, Going | null>
}

// A Problem never changes once it is made, and is asked about thousands of pairs; the lookup lives as long as it does.
const lookups = new WeakMap<Problem, Lookup>()

export function lookup(problem: Problem): Lookup {
  let found = lookups.get(problem)
  if (!found) {
    found = {
      cases: new Map(problem.cases.map(one => [one.id, one])),
      workers: new Map(problem.workers.map(one => [one.id, one])),
      groups: new Map(),
      held: new Map(),
      locks: new Map(problem.locks.map(lock => [`${lock.seat} ${lock.caseId}`, lock])),
      exclusions: new Map(),
      waiting: new Set(problem.waiting),
      earlier: new Map(problem.earlier?.lines.map(line => [`${line.seat} ${line.caseId}`, line.workerId])),
      homes: new Map(),
      levels: new Map(),
      going: new Map(),
    }
    for (const one of problem.cases) {
      if (one.group !== null) add(found.groups, one.group, one)
      for (const seat of ['primary', 'second'] as const) {
        const holder = one.current?.[seat]
        if (holder !== undefined) add(found.held, holder, { case: one, seat })
      }
    }
    for (const { caseId, workerId, until } of problem.exclusions) {
      if (typeof until === 'string' && until < problem.startOn) continue
      const workers = found.exclusions.get(caseId)
      if (workers) workers.add(workerId)
      else found.exclusions.set(caseId, new Set([workerId]))
    }
    lookups.set(problem, found)
  }
  return found
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** The lock that people put on a seat. */
export function lockFor(problem: Problem, caseId: string, seat: Seat): Lock | undefined {
  return problem.locks.length === 0 ? undefined : lookup(problem).locks.get(`${seat} ${caseId}`)
}

/** Whether this worker holds this seat of an existing case already. */
export function holdsSeat(theCase: ProblemCase, seat: Seat, workerId: string): boolean {
  return theCase.current?.[seat] === workerId
}

/** Highest level of a competence that is valid on the start date; 0 when there is none. */
export function competenceLevel(problem: Problem, worker: ProblemWorker, code: string): number {
  const { levels } = lookup(problem)
  let own = levels.get(worker)
  if (!own) {
    own = new Map()
    for (const { competence, level, expiresOn } of worker.competences) {
      if (expiresOn !== null && expiresOn < problem.startOn) continue
      own.set(competence, Math.max(level, own.get(competence) ?? 0))
    }
    levels.set(worker, own)
  }
  return own.get(code) ?? 0
}

/**
 * Workers with whom this case must stay, in order of id; empty: no such duty. The case's own family worker decides;
 * without one, the family workers of its group and the people to whom a case of its group is locked.
 */
export function homeWorkers(problem: Problem, theCase: ProblemCase): string[] {
  if (theCase.familyWorker !== null) return [theCase.familyWorker]
  if (theCase.group === null) return []
  const { homes, groups } = lookup(problem)
  const known = homes.get(theCase.id)
  if (known) return known
  const found = new Set<string>()
  // A case that is no part of the problem's list (yet) has a group all the same.
  for (const other of groups.get(theCase.group) ?? []) {
    if (other.id === theCase.id) continue
    if (other.familyWorker !== null) found.add(other.familyWorker)
    const lock = lockFor(problem, other.id, 'primary')
    if (lock && !lock.setAside.includes('together')) found.add(lock.workerId)
  }
  const sorted = [...found].sort()
  homes.set(theCase.id, sorted)
  return sorted
}

/**
 * Whether this case has to have the same first worker as the others of its group. An existing case of a group whose existing
 * cases are with several workers does not: that has happened already, and staying is always possible.
 */
export function keepsTogether(problem: Problem, theCase: ProblemCase): boolean {
  if (theCase.group === null) return false
  if (theCase.current === undefined) return true
  const holders = new Set(
    (lookup(problem).groups.get(theCase.group) ?? []).flatMap(one => one.current?.primary ?? []),
  )
  return holders.size <= 1
}

/** Somebody who will not be there for long: the first day without them. */
export interface Going {
  on: string
  why: 'leaves' | 'away'
}
