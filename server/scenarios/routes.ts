import type { Executor } from '../../db/database.ts'
import type { Handlers } from '../http/call.ts'
import { Refusal, type SignedIn } from '../http/call.ts'
import { findRound } from '../rounds/queries.ts'

const later = async (call: { db: Executor; user: SignedIn; params: { id: number } }): Promise<never> => {
  await findRound(call.db, call.user, call.params.id)
  throw new Refusal(409, { nl: 'Dit kan nu nog niet.', en: 'This cannot be done yet.' })
}

export const scenarioHandlers = {
  'GET /rounds/:id/cases/:caseNumber/alternatives': later,
  'GET /rounds/:id/cases/:caseNumber/ways': later,
  'GET /rounds/:id/runs': later,
  'GET /rounds/:id/runs/:runId': later,
  'DELETE /rounds/:id/runs/:runId': later,
  'POST /rounds/:id/what-ifs': later,
  'POST /rounds/:id/fronts': later,
  'GET /rounds/:id/comparison': later,
  'POST /rounds/:id/take-over': later,
} satisfies Partial<Handlers>
