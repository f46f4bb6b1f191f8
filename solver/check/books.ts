import type { Lock, Problem, ProblemCase, ProblemWorker, Proposal, ProposalLine } from '../problem/problem.ts'
import type { Sentence } from '../problem/sentences.ts'

/** What the parts of the check share. Nothing of it comes from the rules or the engines. */

/** Something a proposal says that the Problem does not bear out. */
export interface Finding {
  code: string
  caseId?: string
  workerId?: string
  message: Sentence
}

export type Report = (
  code: string,
  nl: string,
  en: string,
  about?: { caseId?: string; workerId?: string },
) => void

/** Problem and Proposal side by side. Lines of unknown cases or workers are in none of the lists. */
export interface Books {
  problem: Problem
  proposal: Proposal
  cases: ReadonlyMap<string, ProblemCase>
  workers: ReadonlyMap<string, ProblemWorker>
  /** Locks by case and seat. */
  locks: ReadonlyMap<string, Lock>
  linesOfCase: ReadonlyMap<string, ProposalLine[]>
  linesOfWorker: ReadonlyMap<string, ProposalLine[]>
  kin: ReadonlyMap<string, ProblemCase[]>
  excluded: ReadonlySet<string>
  waiting: ReadonlySet<string>
  /** Seats of existing cases by the worker who holds them. */
  held: ReadonlyMap<string, { case: ProblemCase; seat: 'primary' | 'second' }[]>
  /** Who got a seat in the earlier answer, by case and seat. */
  earlier: ReadonlyMap<string, string>
  loads: ReadonlyMap<string, Proposal['loads'][number]>
}

/** Looks everything up once. */
export function openBooks(problem: Problem, proposal: Proposal): Books {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const linesOfCase = new Map<string, ProposalLine[]>(problem.cases.map(one => [one.id, []]))
  const linesOfWorker = new Map<string, ProposalLine[]>(problem.workers.map(one => [one.id, []]))
  const kin = new Map<string, ProblemCase[]>()
  for (const line of proposal.lines) {
    linesOfCase.get(line.caseId)?.push(line)
    if (line.workerId !== null && cases.has(line.caseId)) linesOfWorker.get(line.workerId)?.push(line)
  }
  const held = new Map<string, { case: ProblemCase; seat: 'primary' | 'second' }[]>()
  for (const one of problem.cases) {
    for (const seat of ['primary', 'second'] as const) {
      const id = one.current?.[seat]
      if (id !== undefined) held.set(id, [...(held.get(id) ?? []), { case: one, seat }])
    }
    if (one.group !== null) kin.set(one.group, [...(kin.get(one.group) ?? []), one])
  }
  return {
    problem,
    proposal,
    cases,
    workers,
    locks: new Map(problem.locks.map(lock => [`${lock.caseId} ${lock.seat}`, lock])),
    linesOfCase,
    linesOfWorker,
    kin,
    excluded: new Set(
      problem.exclusions
        .filter(one => !one.until || one.until >= problem.startOn)
        .map(one => JSON.stringify([one.caseId, one.workerId])),
    ),
    waiting: new Set(problem.waiting),
    held,
    earlier: new Map((problem.earlier?.lines ?? []).map(one => [`${one.caseId} ${one.seat}`, one.workerId])),
    loads: new Map(proposal.loads.map(one => [one.workerId, one])),
  }
}

export const cents = (hours: number) => Math.round(hours * 100)

/** The lock that gave this line its worker. */
export function lockOf({ locks }: Books, line: ProposalLine): Lock | undefined {
  const lock = locks.get(`${line.caseId} ${line.seat}`)
  return lock?.workerId === line.workerId ? lock : undefined
}

/** Whether the line leaves a seat with who holds it. */
export function keeps({ cases }: Books, line: ProposalLine): boolean {
  return line.workerId !== null && cases.get(line.caseId)?.current?.[line.seat] === line.workerId
}

export function hoursFor(
  problem: Problem,
  theCase: ProblemCase,
  seat: string,
  worker: ProblemWorker,
): number {
  const minutes = theCase.municipality === null ? undefined : worker.travelMinutes[theCase.municipality]
  const far = minutes !== undefined && minutes > problem.policy.travel.overMinutes
  return (
    cents(seat === 'second' ? (theCase.hours.second ?? 0) : theCase.hours.primary) +
    (far ? cents(problem.policy.travel.hours) : 0)
  )
}

/** On the start date: employed, and not away. */
export function presence(problem: Problem, worker: ProblemWorker): { employed: boolean; there: boolean } {
  const day = problem.startOn
  const employed =
    worker.employedFrom <= day && !(worker.employedUntil !== null && worker.employedUntil < day)
  const away = worker.away.some(one => one.from <= day && !(one.until !== null && one.until < day))
  return { employed, there: employed && !away }
}
