import type { BrokenRule, Problem, ProblemWorker } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { setAsideOf, type TakenSeat } from '../../solver/rules/rules.ts'
import { makeLoads } from '../../solver/search/proposal.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { SwapEffect } from '../contract/explanations.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import { type PlannedSeat, withoutLocks } from './draft-view.ts'

/** A seat of the plan that gets somebody else; `null`: its whole case waits. */
export interface Move {
  planned: PlannedSeat
  workerId: string | null
}

/** Every filled seat of the plan as it will be with all of these moves. */
export function takenAfter(seats: readonly PlannedSeat[], moves: readonly Move[]): TakenSeat[] {
  return seats.flatMap(seat => {
    const move = moves.find(one => one.planned === seat)
    const waits = moves.some(one => one.planned.case.id === seat.case.id && one.workerId === null)
    const workerId = waits ? null : move ? move.workerId : (seat.worker?.id ?? null)
    return workerId === null ? [] : [{ caseId: seat.case.id, seat: seat.seat, workerId }]
  })
}

/**
 * What one of several moves breaks when all of them are made: two cases that change places do not stand in each other's way.
 */
export function breachesTogether(
  problem: Problem,
  seats: readonly PlannedSeat[],
  moves: readonly Move[],
  { planned, workerId }: Move,
): BrokenRule[] {
  const worker = problem.workers.find(one => one.id === workerId)
  if (!worker) return []
  const others = takenAfter(seats, moves).filter(
    one => one.caseId !== planned.case.id || one.seat !== planned.seat,
  )
  return broken(withoutLocks(problem), planned.case, planned.seat, worker, others)
}

/** What it does when two seats change places: for each who gets it, with their load in the plan as it stands and after. */
export function swapEffect(
  problem: Problem,
  seats: readonly PlannedSeat[],
  [first, second]: readonly [PlannedSeat, PlannedSeat],
  nameOf: (workerId: string) => WorkerName,
  locale: Locale,
  codes: CodeNames,
): SwapEffect {
  const moves = [
    { planned: first, workerId: second.worker?.id ?? null },
    { planned: second, workerId: first.worker?.id ?? null },
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
        caseNumber: move.planned.case.id,
        seat: move.planned.seat,
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
