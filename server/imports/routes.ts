import type { Tx } from '../../db/database.ts'
import { inTransaction } from '../events/events.ts'
import type { Call, Handlers } from '../http/call.ts'
import { writeTable } from '../tables/table.ts'
import { caseColumns } from './cases.ts'
import { runExport } from './export.ts'
import { type ImportKind, runImport } from './run.ts'
import { workerColumns } from './workers.ts'

type Names =
  | 'POST /imports/workers'
  | 'POST /imports/cases'
  | 'GET /imports/workers/template'
  | 'GET /imports/cases/template'
  | 'GET /exports/workers'
  | 'GET /exports/cases'

export const importHandlers: Pick<Handlers, Names> = {
  'POST /imports/workers': call => importFile(call, 'workers'),
  'POST /imports/cases': call => importFile(call, 'cases'),
  'GET /imports/workers/template': async () => writeTable([], workerColumns),
  'GET /imports/cases/template': async () => writeTable([], caseColumns),
  'GET /exports/workers': call => inTransaction(call.db, tx => exportFile({ ...call, db: tx }, 'workers')),
  'GET /exports/cases': call => inTransaction(call.db, tx => exportFile({ ...call, db: tx }, 'cases')),
}

function importFile(
  {
    db,
    body,
    user,
    locale,
    today,
    now,
  }: Pick<Call<'POST /imports/workers'>, 'db' | 'body' | 'user' | 'locale' | 'today' | 'now'>,
  kind: ImportKind,
) {
  const isAdmin = user.roles.includes('admin')
  return runImport(db, {
    kind,
    text: body.text,
    dryRun: body.dryRun,
    columns: body.columns ?? [],
    organisationId: user.organisationId,
    teamIds: isAdmin ? 'all' : user.teamsFor(`import.${kind}`),
    mayCreateTeams: isAdmin,
    actor: user,
    locale,
    today,
    now,
  })
}

function exportFile(
  { db, user, today, now }: Pick<Call<'GET /exports/workers'>, 'user' | 'today' | 'now'> & { db: Tx },
  kind: ImportKind,
) {
  const { organisationId } = user
  const teamIds = user.teamsFor(`export.${kind}`)
  return runExport(db, { kind, organisationId, teamIds, actor: user, today, now })
}
