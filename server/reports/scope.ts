import type { Executor } from '../../db/database.ts'
import type { Action } from '../contract/permissions.ts'
import { notFound, type SignedIn } from '../http/call.ts'
import { requireIn } from '../http/rights.ts'
import { visibleWorker, type WorkerRecord } from '../workers/queries.ts'

/** The weeks that inflow and outflow look back on when nothing is said. */
export const FLOW_WEEKS = 26

/** The teams of a report: the one asked for, or every team in which this may be read; 404 out of scope. */
export function scopeOf(
  user: SignedIn,
  team: number | undefined,
  today: string,
  action: Action = 'workload.read',
) {
  const inScope = user.teamsFor(action)
  if (team !== undefined && !inScope.includes(team)) throw notFound({ nl: 'Dit team', en: 'This team' })
  return { organisationId: user.organisationId, today, teamIds: team === undefined ? inScope : [team] }
}

export function flowScopeOf(user: SignedIn, team: number | undefined, today: string) {
  return { ...scopeOf(user, team, today), caseTeamIds: user.teamsFor('case.read') }
}

/** A worker whose work this person may see: the own, and that of teams whose cases may be read; a record alone is not enough. */
export async function workerAtWork(db: Executor, staffNumber: string, user: SignedIn): Promise<WorkerRecord> {
  const worker = await visibleWorker(db, staffNumber, user)
  if (user.workerId !== worker.id) requireIn(user, 'case.read', worker.teamId)
  return worker
}
