import { atOneMoment } from '../draft/rounds.ts'
import type { Handlers } from '../http/call.ts'
import { makeMoves } from './make-moves.ts'
import { endReallocation, findTeam, requestReallocation } from './runs.ts'
import { reallocationDetail, reallocationStart } from './view.ts'

export const reallocationHandlers = {
  'GET /teams/:id/reallocation': async ({ db, user, params, ...reader }) =>
    atOneMoment(db, async tx => reallocationStart(tx, await findTeam(tx, user, params.id), reader)),

  'POST /teams/:id/reallocations': async call => {
    const runId = await requestReallocation(call)
    return reallocationDetail(call.db, await findTeam(call.db, call.user, call.params.id), runId, call)
  },

  'GET /teams/:id/reallocations/:runId': async ({ db, user, params, ...reader }) =>
    atOneMoment(db, async tx =>
      reallocationDetail(tx, await findTeam(tx, user, params.id), params.runId, reader),
    ),

  'POST /teams/:id/reallocations/:runId/stop': async call => {
    const { db: tx, user, params, now } = call
    const team = await findTeam(tx, user, params.id)
    await endReallocation(tx, team, params.runId, user, now, 'stop')
    return reallocationDetail(tx, team, params.runId, call)
  },

  'POST /teams/:id/reallocations/:runId/cancellation': async call => {
    const { db: tx, user, params, now } = call
    const team = await findTeam(tx, user, params.id)
    await endReallocation(tx, team, params.runId, user, now, 'cancel')
    return reallocationDetail(tx, team, params.runId, call)
  },

  'POST /teams/:id/reallocations/:runId/moves': async call => {
    const { db: tx, user, params } = call
    const team = await findTeam(tx, user, params.id)
    await makeMoves(call, team)
    return reallocationDetail(tx, team, params.runId, call)
  },
} satisfies Partial<Handlers>
