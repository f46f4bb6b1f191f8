import type { Handlers } from '../http/call.ts'
import { ATTENDANCE_WEEKS, attendanceOf } from './attendance.ts'
import { demandOf } from './demand.ts'
import { exportHandlers } from './exports.ts'
import { fairnessOf } from './fairness.ts'
import { flowOf } from './flow.ts'
import { FLOW_WEEKS, flowScopeOf, scopeOf, workerAtWork } from './scope.ts'
import { teamTrend, workerTrend } from './trend.ts'

type Names = keyof typeof import('../contract/reports.ts')['reportEndpoints']

export const reportHandlers: Pick<Handlers, Names> = {
  ...exportHandlers,

  'GET /reports/attendance': ({ db, user, query, today }) =>
    attendanceOf(db, scopeOf(user, query.team, today), query.from ?? today, query.weeks ?? ATTENDANCE_WEEKS),
  'GET /reports/trend': ({ db, user, query, today }) => teamTrend(db, scopeOf(user, query.team, today)),
  'GET /reports/fairness': ({ db, user, query, today }) =>
    fairnessOf(db, scopeOf(user, query.team, today, 'fairness.read')),
  'GET /reports/flow': ({ db, user, query, today }) =>
    flowOf(db, flowScopeOf(user, query.team, today), query.weeks ?? FLOW_WEEKS),
  'GET /reports/demand': ({ db, user, query, today }) => demandOf(db, scopeOf(user, query.team, today)),

  async 'GET /workers/:staffNumber/trend'({ db, user, params, today }) {
    const { id } = await workerAtWork(db, params.staffNumber, user)
    return workerTrend(db, { id, organisationId: user.organisationId }, today)
  },
}
