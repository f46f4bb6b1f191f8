import type { Executor } from '../../db/database.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import { goesBefore, goingOf } from '../../solver/rules/leaving.ts'
import { type BuiltProblem, type CurrentCase, problemOf } from '../draft/problem-of.ts'
import type { TeamCase } from './cases.ts'

/** Ties are broken the same way each time, so that asking again about the same tables gives the same answer. */
const SEED = 1

export interface Dealing {
  team: { id: number; organisationId: number }
  /** Those that cannot be part of it (see `TeamCase.holders`) are left out, and their hours stay with who has them. */
  held: readonly TeamCase[]
  mayMove: (one: TeamCase) => boolean
  /** Row ids of cases that nobody has yet. */
  waiting: readonly number[]
  /** Everybody of the team who could get something. Whoever has a case takes part as well. */
  workerIds: readonly number[]
  moveCost: number
  profile: string
  startOn: string
  today: string
}

/** The Problem of dealing out again what a team has, from the tables as they stand. */
export async function dealingProblem(db: Executor, dealing: Dealing): Promise<BuiltProblem> {
  const current = dealing.held.flatMap((one): CurrentCase[] =>
    one.holders === null
      ? []
      : [
          {
            caseId: one.facts.id,
            primary: one.holders.primary.workerId,
            second: one.holders.second?.workerId ?? null,
            movable: dealing.mayMove(one),
          },
        ],
  )
  const holders = current.flatMap(one => (one.second === null ? [one.primary] : [one.primary, one.second]))
  return problemOf(db, {
    organisationId: dealing.team.organisationId,
    caseIds: [...current.map(one => one.caseId), ...dealing.waiting],
    workerIds: [...new Set([...dealing.workerIds, ...holders])],
    startOn: dealing.startOn,
    seed: SEED,
    profile: dealing.profile,
    locks: [],
    exclusions: [],
    waiting: [],
    today: dealing.today,
    current,
    moveCost: dealing.moveCost,
  })
}

/**
 * Nobody gives a family another worker only to do it again soon: who leaves or goes away before a case is expected to end
 * gets it from nobody. Whoever has it already may keep it.
 */
export function keptFromLeavers(problem: Problem): Problem {
  const going = problem.workers.flatMap(worker => {
    const when = goingOf(problem, worker)
    return when ? [{ worker, when }] : []
  })
  const movable = problem.cases.filter(one => one.current && one.movable)
  const apart = movable.flatMap(theCase =>
    going
      .filter(
        ({ worker, when }) =>
          theCase.current?.primary !== worker.id &&
          theCase.current?.second !== worker.id &&
          goesBefore(problem, theCase, 'primary', worker, when) !== null,
      )
      .map(({ worker }) => ({ caseId: theCase.id, workerId: worker.id })),
  )
  return { ...problem, exclusions: [...problem.exclusions, ...apart] }
}
