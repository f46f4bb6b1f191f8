import { dayOf } from '../contract/days.ts'
import type { Handlers } from '../http/call.ts'
import { ownWorkerId } from '../http/own-worker.ts'
import { optional, text } from '../tables/cell.ts'
import { type Columns, writeTable } from '../tables/table.ts'
import { countsOf } from './counts.ts'
import { ownData } from './data.ts'
import { firstSteps } from './first-steps.ts'
import { ownHistory } from './history.ts'
import { ownLoad } from './load.ts'

type Names =
  | 'GET /counts'
  | 'GET /first-steps'
  | 'GET /mine/load'
  | 'GET /mine/history'
  | 'GET /exports/mine-history'
  | 'GET /mine/data'

interface HistoryLine {
  day: string
  caseNumber: string | null
  sentence: string
  reason: string | null
  by: string | null
}

/** The names of the columns are the same in every language, like those of the other exports. */
const historyColumns: Columns<HistoryLine> = {
  day: { name: 'datum', codec: text(10) },
  caseNumber: { name: 'zaaknummer', codec: optional(text(40)) },
  sentence: { name: 'wat', codec: text(1000) },
  reason: { name: 'reden', codec: optional(text(1000)) },
  by: { name: 'door', codec: optional(text(200)) },
}

export const ownHandlers: Pick<Handlers, Names> = {
  async 'GET /counts'({ db, ...call }) {
    return countsOf(db, call)
  },

  async 'GET /first-steps'({ db, user }) {
    return firstSteps(db, user.organisationId)
  },

  async 'GET /mine/load'({ db, query, user, locale, today }) {
    return ownLoad(db, ownWorkerId(user), { user, locale, on: query.on ?? today })
  },

  async 'GET /mine/history'({ db, user, locale }) {
    return ownHistory(db, { workerId: ownWorkerId(user), userId: user.id }, locale)
  },

  async 'GET /exports/mine-history'({ db, user, locale }) {
    const { entries } = await ownHistory(db, { workerId: ownWorkerId(user), userId: user.id }, locale)
    const lines = entries.map(({ at, kind: _, ...entry }) => ({ ...entry, day: dayOf(new Date(at)) }))
    return writeTable(lines, historyColumns)
  },

  async 'GET /mine/data'({ db, user, now }) {
    return ownData(
      db,
      { organisationId: user.organisationId, workerId: ownWorkerId(user), userId: user.id },
      now,
    )
  },
}
