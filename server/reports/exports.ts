import type { Db } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import { append, inTransaction } from '../events/events.ts'
import { Attachment } from '../http/attachment.ts'
import type { Call, Handlers, SignedIn } from '../http/call.ts'
import { codeNames, rulebookOn } from '../rulebook/queries.ts'
import { signalsOf } from '../signals/routes.ts'
import { dayCell, type Sheet, sheetCsv, sheetXlsx } from '../tables/spreadsheet.ts'
import { workerDetail } from '../workers/detail.ts'
import { counts, workerRows } from '../workload/rows.ts'
import { demandOf } from './demand.ts'
import { fairnessOf } from './fairness.ts'
import { flowOf } from './flow.ts'
import { flowSheet } from './flow-sheet.ts'
import { FLOW_WEEKS, flowScopeOf, scopeOf, workerAtWork } from './scope.ts'
import { demandSheet, fairnessSheet, signalSheet, trendSheet, workerSheet, workloadSheet } from './sheets.ts'
import { teamTrend, workerTrend } from './trend.ts'

type Names = Extract<
  keyof typeof import('../contract/reports.ts')['reportEndpoints'],
  `GET /exports/${string}`
>

/** What a file is about: the day and the teams go above its table. */
interface Report {
  name: string
  sheet: Sheet
  on: string
  teamIds: readonly number[]
}

export const exportHandlers: Pick<Handlers, Names> = {
  'GET /exports/workload': async call => csv(call, await workloadReport(call)),
  'GET /exports/workload/xlsx': async call => xlsx(call, await workloadReport(call)),
  'GET /exports/trend': async call => csv(call, await trendReport(call)),
  'GET /exports/trend/xlsx': async call => xlsx(call, await trendReport(call)),
  'GET /exports/fairness': async call => csv(call, await fairnessReport(call)),
  'GET /exports/fairness/xlsx': async call => xlsx(call, await fairnessReport(call)),
  'GET /exports/flow': async call => csv(call, await flowReport(call)),
  'GET /exports/flow/xlsx': async call => xlsx(call, await flowReport(call)),
  'GET /exports/demand': async call => csv(call, await demandReport(call)),
  'GET /exports/demand/xlsx': async call => xlsx(call, await demandReport(call)),
  'GET /exports/signals': async call => csv(call, await signalReport(call)),
  'GET /exports/signals/xlsx': async call => xlsx(call, await signalReport(call)),
  'GET /exports/workers/:staffNumber': async call => csv(call, await workerReport(call)),
  'GET /exports/workers/:staffNumber/xlsx': async call => xlsx(call, await workerReport(call)),
}

async function workloadReport({
  db,
  user,
  query,
  today,
  locale,
}: Pick<Call<'GET /exports/workload'>, 'db' | 'user' | 'query' | 'today' | 'locale'>): Promise<Report> {
  const { organisationId, teamIds } = scopeOf(user, query.team, today)
  const on = query.on ?? today
  const rows = await workerRows(db, { organisationId, teamIds, on })
  const there = [...rows.values()].filter(counts)
  return { name: 'workload', sheet: workloadSheet(there, locale), on, teamIds }
}

type TeamCall = Pick<Call<'GET /exports/trend'>, 'db' | 'user' | 'query' | 'today' | 'locale'>

async function trendReport({ db, user, query, today, locale }: TeamCall): Promise<Report> {
  const scope = scopeOf(user, query.team, today)
  return { name: 'trend', sheet: trendSheet(await teamTrend(db, scope), locale), on: today, ...scope }
}

async function fairnessReport({ db, user, query, today, locale }: TeamCall): Promise<Report> {
  const scope = scopeOf(user, query.team, today, 'fairness.read')
  const measures = await db.selectFrom('measure').select(['code', 'abbreviation']).execute()
  const short = new Map(measures.map(one => [one.code, one.abbreviation]))
  const sheet = fairnessSheet(await fairnessOf(db, scope), code => short.get(code) ?? code, locale)
  return { name: 'fairness', sheet, on: today, ...scope }
}

async function flowReport({
  db,
  user,
  query,
  today,
  locale,
}: Pick<Call<'GET /exports/flow'>, 'db' | 'user' | 'query' | 'today' | 'locale'>): Promise<Report> {
  const scope = flowScopeOf(user, query.team, today)
  const flow = await flowOf(db, scope, query.weeks ?? FLOW_WEEKS)
  return { name: 'flow', sheet: flowSheet(flow, locale), on: today, ...scope }
}

async function demandReport({ db, user, query, today, locale }: TeamCall): Promise<Report> {
  const scope = scopeOf(user, query.team, today)
  const { competences } = await codeNames(db)
  const nameOf = (code: string) => competences[code]?.[locale] ?? code
  return {
    name: 'demand',
    sheet: demandSheet(await demandOf(db, scope), nameOf, locale),
    on: today,
    ...scope,
  }
}

async function signalReport({ db, user, query, today, locale }: TeamCall): Promise<Report> {
  const scope = scopeOf(user, query.team, today, 'signal.handle')
  const sheet = signalSheet(await signalsOf(db, { ...scope, user, locale }), locale)
  return { name: 'signals', sheet, on: today, ...scope }
}

async function workerReport({
  db,
  user,
  params,
  query,
  today,
  locale,
}: Pick<
  Call<'GET /exports/workers/:staffNumber'>,
  'db' | 'user' | 'params' | 'query' | 'today' | 'locale'
>): Promise<Report> {
  const worker = await workerAtWork(db, params.staffNumber, user)
  const on = query.on ?? today
  const detail = await workerDetail(db, worker, user, on)
  const trend = await workerTrend(db, { id: worker.id, organisationId: user.organisationId }, today)
  const { work } = await codeNames(db)
  const sheet = workerSheet(detail, trend, code => work[code]?.[locale] ?? code, locale)
  return { name: 'worker', sheet, on, teamIds: [worker.teamId] }
}

type Exporting = { db: Db; user: SignedIn; now: Date; locale: Locale }

async function csv(call: Exporting, report: Report): Promise<Attachment> {
  const { sheet, about } = await exported(call, report)
  return new Attachment(sheetCsv(sheet, call.locale), about)
}

async function xlsx(call: Exporting, report: Report): Promise<Attachment> {
  const { sheet, about } = await exported(call, report)
  return new Attachment(await sheetXlsx(sheet), about)
}

/** The table with what it is about above it, and what its name tells, after noting who took it along. */
async function exported(
  { db, user, now, locale }: Exporting,
  { name, sheet, on, teamIds }: Report,
): Promise<{ sheet: Sheet; about: { of: string | null; on: string } }> {
  const { version } = await rulebookOn(db, user.organisationId, on)
  const teams = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organisationId', '=', user.organisationId)
    .orderBy('name')
    .execute()
  const shown = teams.filter(team => teamIds.includes(team.id)).map(team => team.name)
  const nl = locale === 'nl'
  await inTransaction(db, async tx =>
    append(tx, {
      type: 'report.exported',
      actor: user,
      organisationId: user.organisationId,
      teamId: null,
      objectType: 'organisation',
      objectId: String(user.organisationId),
      data: { report: name, name: sheet.name, rows: sheet.rows.length },
      at: now,
    }),
  )
  const everybody = shown.length === teams.length && teams.length > 1
  const all = nl ? `hele organisatie, ${teams.length} teams` : `whole organisation, ${teams.length} teams`
  const above = [
    [nl ? 'Overzicht' : 'Report', sheet.name],
    [nl ? 'Bereik' : 'Scope', everybody ? all : shown.join(', ')],
    [nl ? 'Peildatum' : 'As of', dayCell(on)],
    [nl ? 'Versie van de regels' : 'Version of the rules', version],
  ]
  // The number of a worker is in the name already.
  const of = everybody || name === 'worker' ? null : shown.join(' ')
  return { sheet: { ...sheet, above }, about: { of, on } }
}
