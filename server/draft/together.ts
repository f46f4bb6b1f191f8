import type { BrokenRule, Problem, ProblemWorker } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { setAsideOf, type TakenSeat } from '../../solver/rules/rules.ts'
import { makeLoads } from '../../solver/search/proposal.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { SwapEffect } from '../contract/explanations.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import { type DraftSeat, withoutLocks } from './draft-view.ts'

/** A seat of the draft that gets somebody else; `null`: its whole case waits. */
export interface Move {
  drafted: DraftSeat
  workerId: string | null
}

/** Every filled seat of the draft as it will be with all of these moves. */
export function takenAfter(seats: readonly DraftSeat[], moves: readonly Move[]): TakenSeat[] {
  return seats.flatMap(seat => {
    const move = moves.find(one => one.drafted === seat)
    const waits = moves.some(one => one.drafted.case.id === seat.case.id && one.workerId === null)
    const workerId = waits ? null : move ? move.workerId : (seat.worker?.id ?? null)
    return workerId === null ? [] : [{ caseId: seat.case.id, seat: seat.seat, workerId }]
  })
}

/**
 * What one of several moves breaks when all of them are made: two cases that change places do not stand in each other's way.
 */
export function breachesTogether(
  problem: Problem,
  seats: readonly DraftSeat[],
  moves: readonly Move[],
  { drafted, workerId }: Move,
): BrokenRule[] {
  const worker = problem.workers.find(one => one.id === workerId)
  if (!worker) return []
  const others = takenAfter(seats, moves).filter(
    one => one.caseId !== drafted.case.id || one.seat !== drafted.seat,
  )
  return broken(withoutLocks(problem), drafted.case, drafted.seat, worker, others)
}

/** What it does when two seats change places: for each who gets it, with their load in the draft as it stands and after. */
export function swapEffect(
  problem: Problem,
  seats: readonly DraftSeat[],
  [first, second]: readonly [DraftSeat, DraftSeat],
  nameOf: (workerId: string) => WorkerName,
  locale: Locale,
  codes: CodeNames,
): SwapEffect {
  const moves = [
    { drafted: first, workerId: second.worker?.id ?? null },
    { drafted: second, workerId: first.worker?.id ?? null },
  ] as const
  const now = new Map(makeLoads(problem, takenAfter(seats, [])).map(load => [load.workerId, load]))
  const then = new Map(makeLoads(problem, takenAfter(seats, moves)).map(load => [load.workerId, load]))
  const point = (worker: ProblemWorker, hours: number) => ({
    hours,
    workload: workloadOf(worker.normHours, hours),
    status: statusOf(problem.policy, worker.normHours, hours),
  })
  return moves.flatMap((move): SwapEffect => {
    const worker = problem.workers.find(one => one.id === move.workerId)
    if (!worker) return []
    return [
      {
        caseNumber: move.drafted.case.id,
        seat: move.drafted.seat,
        worker: nameOf(worker.id),
        before: point(worker, now.get(worker.id)!.hoursAfter),
        after: point(worker, then.get(worker.id)!.hoursAfter),
        broken: breachesTogether(problem, seats, moves, move).map(one => ({
          rule: one.rule,
          message: ruleSentence(one, codes)[locale],
          setAside: setAsideOf(one.rule),
        })),
      },
    ]
  })
}
