import type { FastifyRequest } from 'fastify'
import { Refusal } from './call.ts'
import type { Session } from './session.ts'

/** The session of a request outside the endpoint table; throws a 401 when there is none. */
export function requireSession({ session }: FastifyRequest): Session {
  if (session) return session
  throw new Refusal(401, { nl: 'Meld je aan om verder te gaan.', en: 'Sign in to continue.' })
}
