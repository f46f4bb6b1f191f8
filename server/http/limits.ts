import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { tooMuch } from './call.ts'
import type { Serving } from './endpoint.ts'
import { sessionIdOf } from './guards.ts'
import { networkOf } from './network.ts'
import { readSession } from './session.ts'

const WINDOW_MS = 60_000

/**
 * Reads who asks, for everything in `api`, and refuses who asks more in a minute than anybody does by hand. Who has a session
 * is counted by that, everybody else by address: a cookie that is no session is nobody's, so it is no way around. The counts
 * are those of this process.
 */
export async function limitRequests(api: FastifyInstance, serving: Serving): Promise<void> {
  const { open, config, now, terms } = serving
  const { session, address } = config.requestsPerMinute
  await api.register(rateLimit, { global: false, timeWindow: WINDOW_MS })
  const ofSession = api.createRateLimit({ max: session, keyGenerator: sessionKey })
  const ofAddress = api.createRateLimit({ max: address, keyGenerator: request => networkOf(request.ip) })
  api.decorateRequest('session', null)
  api.addHook('onRequest', async request => {
    const id = sessionIdOf(request, config)
    request.session = id === null ? null : await readSession(open.db, id, now(), terms)
    const asked = await (request.session ? ofSession : ofAddress)(request)
    if (!asked.isAllowed && asked.isExceeded) throw tooManyRequests(asked.ttlInSeconds)
  })
}

const sessionKey = ({ session }: FastifyRequest) => session?.idSha256 ?? ''

function tooManyRequests(seconds: number) {
  return tooMuch(
    {
      nl: `Er komen te veel aanvragen achter elkaar. Er is niets gewijzigd. Wacht ${seconds} seconden en probeer het opnieuw.`,
      en: `Too many requests come one after another. Nothing was changed. Wait ${seconds} seconds and try again.`,
    },
    seconds,
  )
}
