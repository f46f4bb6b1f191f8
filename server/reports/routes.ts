import type { Db } from '../../db/database.ts'
import type { Action } from '../contract/permissions.ts'
import { append } from '../events.ts'
import { type Handlers, notFound, type SignedIn } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import { signalsOf } from '../signals/routes.ts'
import { type Sheet, sheetCsv } from '../spreadsheet.ts'
import { visibleWorker } from '../workers/queries.ts'
import { workerRows } from '../workload/rows.ts'
import { demandOf } from './demand.ts'
import { fairnessOf } from './fairness.ts'
import { flowOf } from './flow.ts'
import { demandSheet, fairnessSheet, flowSheet, signalSheet, trendSheet, workloadSheet } from './sheets.ts'
import { teamTrend, workerTrend } from './trend.ts'

type Names = keyof typeof import('../contract/reports.ts')['reportEndpoints']
const FLOW_WEEKS = 26

export const reportHandlers: Pick<Handlers, Names> = {
  'GET /reports/trend': ({ db, user, query, today }) => teamTrend(db, scopeOf(user, query.team, today)),
  'GET /reports/fairness': ({ db, user, query, today }) =>
    fairnessOf(db, scopeOf(user, query.team, today, 'fairness.read')),
  'GET /reports/flow': ({ db, user, query, today }) =>
    flowOf(db, scopeOf(user, query.team, today), query.weeks ?? FLOW_WEEKS),
  'GET /reports/demand': ({ db, user, query, today }) => demandOf(db, scopeOf(user, query.team, today)),

  async 'GET /workers/:staffNumber/trend'({ db, user, params, today }) {
    const { id } = await visibleWorker(db, params.staffNumber, user)
    return workerTrend(db, { id, organisationId: user.organisationId }, today)
  },

  async 'GET /exports/workload'(call) {
    const { db, user, query, today, locale } = call
    const { organisationId, teamIds } = scopeOf(user, query.team, today)
    const rows = await workerRows(db, { organisationId, teamIds, on: query.on ?? today })
    const there = [...rows.values()].filter(row => row.availability !== 'left' || row.load.hoursInUse > 0)
    return exported(call, 'workload', workloadSheet(there, locale))
  },
  async 'GET /exports/trend'(call) {
    const trend = await teamTrend(call.db, scopeOf(call.user, call.query.team, call.today))
    return exported(call, 'trend', trendSheet(trend, call.locale))
  },
  async 'GET /exports/fairness'(call) {
    const fairness = await fairnessOf(
      call.db,
      scopeOf(call.user, call.query.team, call.today, 'fairness.read'),
    )
    return exported(call, 'fairness', fairnessSheet(fairness, call.locale))
  },
  async 'GET /exports/flow'(call) {
    const scope = scopeOf(call.user, call.query.team, call.today)
    return exported(
      call,
      'flow',
      flowSheet(await flowOf(call.db, scope, call.query.weeks ?? FLOW_WEEKS), call.locale),
    )
  },
  async 'GET /exports/demand'(call) {
    const demand = await demandOf(call.db, scopeOf(call.user, call.query.team, call.today))
    const { competences } = await codeNames(call.db)
    const nameOf = (code: string) => competences[code]?.[call.locale] ?? code
    return exported(call, 'demand', demandSheet(demand, nameOf, call.locale))
  },
  async 'GET /exports/signals'(call) {
    const { db, user, query, today, locale } = call
    const scope = scopeOf(user, query.team, today, 'signal.handle')
    return exported(call, 'signals', signalSheet(await signalsOf(db, { ...scope, locale }), locale))
  },
}

/** The teams of a report: the one asked for, or every team in which this may be read; 404 out of scope. */
function scopeOf(user: SignedIn, team: number | undefined, today: string, action: Action = 'workload.read') {
  const inScope = user.teamsFor(action)
  if (team !== undefined && !inScope.includes(team)) throw notFound({ nl: 'Dit team', en: 'This team' })
  return { organisationId: user.organisationId, today, teamIds: team === undefined ? inScope : [team] }
}

/** The file, after noting who took it along. */
async function exported(
  { db, user, now, locale }: { db: Db; user: SignedIn; now: Date; locale: 'nl' | 'en' },
  report: string,
  sheet: Sheet,
): Promise<string> {
  await db.transaction().execute(tx =>
    append(tx, {
      type: 'report.exported',
      actor: user,
      organisationId: user.organisationId,
      teamId: null,
      objectType: 'organisation',
      objectId: String(user.organisationId),
      data: { report, name: sheet.name, rows: sheet.rows.length },
      at: now,
    }),
  )
  return sheetCsv(sheet, locale)
}
