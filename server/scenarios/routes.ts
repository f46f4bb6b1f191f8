import type { Db, Executor, Tx } from '../../db/database.ts'
import type { Locale } from '../contract/common.ts'
import type { RunRow } from '../contract/scenarios.ts'
import { atOneMoment, findRound, type Round } from '../draft/rounds.ts'
import { requireAllSeen, unseenCases } from '../draft/unseen.ts'
import { type Handlers, notFound, type SignedIn } from '../http/call.ts'
import { roundDetail } from '../rounds/detail.ts'
import { compareRuns } from './comparison.ts'
import { alternatives, relaxations } from './questions.ts'
import { requestFront, requestWhatIf, throwAway } from './runs.ts'
import { takeOver } from './take-over.ts'
import { runDetail, runList } from './view.ts'

export const scenarioHandlers = {
  'GET /rounds/:id/cases/:caseNumber/alternatives': async call => alternatives(call),

  'GET /rounds/:id/cases/:caseNumber/ways': async call => relaxations(call),

  'GET /rounds/:id/runs': async ({ db, user, params, locale }) =>
    atOneMoment(db, async tx => runList(tx, await roundAllSeen(tx, user, params.id), locale)),

  'GET /rounds/:id/runs/:runId': async ({ db, user, params, locale }) =>
    atOneMoment(db, async tx => runDetail(tx, await roundAllSeen(tx, user, params.id), params.runId, locale)),

  'DELETE /rounds/:id/runs/:runId': async call => {
    await throwAway(call)
    return { done: true }
  },

  'POST /rounds/:id/what-ifs': async call => rowNow(call, await requestWhatIf(call)),

  'POST /rounds/:id/fronts': async call => rowNow(call, await requestFront(call)),

  'GET /rounds/:id/comparison': async ({ db, user, params, query, locale }) =>
    atOneMoment(db, async tx => compareRuns(tx, await roundAllSeen(tx, user, params.id), query.runs, locale)),

  'POST /rounds/:id/take-over': async call => {
    await takeOver(call)
    const { db, user, params, today, locale } = call
    return roundDetail(db, await findRound(db, user, params.id), { user, today, locale })
  },
} satisfies Partial<Handlers>

/** A round of which the team has seen every suggestion: runs give whole plans. */
async function roundAllSeen(db: Executor, user: SignedIn, id: number): Promise<Round> {
  const round = await findRound(db, user, id)
  requireAllSeen(await unseenCases(db, round))
  return round
}

/** The run as it stands right after it was asked for. */
async function rowNow(
  { db, user, params, locale }: { db: Db | Tx; user: SignedIn; params: { id: number }; locale: Locale },
  runId: number,
): Promise<RunRow> {
  const [row] = await runList(db, await findRound(db, user, params.id), locale, [runId])
  if (!row) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  return row
}
