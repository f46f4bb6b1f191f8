import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './call.ts'
import type { Serving } from './endpoint.ts'
import { clientOf } from './guards.ts'
import { readSession, type Session } from './session.ts'

/** The session of a request outside the endpoint table, with its id; throws a 401 when there is none. */
export async function requireSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { open, config, now, terms }: Serving,
): Promise<{ session: Session; sessionId: string }> {
  const { sessionId } = clientOf(request, reply, config)
  const session = sessionId ? await readSession(open.db, sessionId, now(), terms) : null
  if (!session || !sessionId) {
    throw new Refusal(401, { nl: 'Meld je aan om verder te gaan.', en: 'Sign in to go on.' })
  }
  return { session, sessionId }
}
