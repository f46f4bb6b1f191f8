import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.ts'
import { isFromThisMachine } from '../config/own-machine.ts'
import { deviceFrom } from './browsers.ts'
import { type Client, Refusal } from './call.ts'
import { networkOf } from './network.ts'
import { isSecret } from './session.ts'

const DAY_SECONDS = 86_400
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what another site makes a browser send. A browser says where a request comes from; a program that has no
 * browser says so itself with `Sec-Fetch-Site: same-origin`.
 */
export function refuseOtherSites(request: FastifyRequest, config: Config): void {
  if (SAFE.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin') return
  if (site === undefined && isOwnOrigin(request, config)) return
  throw new Refusal(403, {
    nl: 'Dit verzoek komt niet van Instroom zelf. Open Instroom en probeer het daar.',
    en: 'This request does not come from Instroom itself. Open Instroom and try it there. A program adds the header Sec-Fetch-Site: same-origin.',
  })
}

function isOwnOrigin(request: FastifyRequest, config: Config): boolean {
  const { origin } = request.headers
  if (origin === undefined || !URL.canParse(origin)) return false
  return origin === config.publicUrl.origin || new URL(origin).host === request.headers.host
}

/** `__Host-` ties the cookie to this host and to https; http is for a loopback address only. */
export function cookieName(config: Config, what: 'sid' | 'device' = 'sid'): string {
  return config.publicUrl.protocol === 'https:' ? `__Host-${what}` : what
}

/** The session id that came along, if it can be one. */
export function sessionIdOf(request: FastifyRequest, config: Config): string | null {
  return secretIn(request, cookieName(config))
}

/** The token of a browser in which somebody signed in before, if any came along. */
export function deviceOf(request: FastifyRequest, config: Config): string | null {
  return secretIn(request, cookieName(config, 'device'))
}

function secretIn(request: FastifyRequest, cookie: string): string | null {
  const secret = request.cookies[cookie]
  return secret !== undefined && isSecret(secret) ? secret : null
}

export function clientOf(request: FastifyRequest, reply: FastifyReply, config: Config): Client {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.publicUrl.protocol === 'https:',
  } as const
  return {
    address: networkOf(request.ip),
    thisMachine: isFromThisMachine(request),
    sessionId: sessionIdOf(request, config),
    device: deviceOf(request, config),
    kind: deviceFrom(request.headers['user-agent'] ?? ''),
    setSession: id => {
      reply.setCookie(cookieName(config), id, options)
    },
    setDevice: (token, days) => {
      reply.setCookie(cookieName(config, 'device'), token, { ...options, maxAge: days * DAY_SECONDS })
    },
    clearSession: () => {
      reply.clearCookie(cookieName(config), options)
      reply.header('clear-site-data', '"cache", "storage"')
    },
  }
}
