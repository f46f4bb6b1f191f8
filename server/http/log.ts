import type { FastifyRequest } from 'fastify'

/** A one-time link is as good as a password until it is used, so its token stays out of the log. */
function withoutSecrets(url: string): string {
  return url.replace(/(\/(?:invitations|uitnodiging)\/)[^/?#]+/gi, '$1…')
}

/** Of a request: what was asked for, by which connection; no headers and no body. */
export function loggedRequest(request: FastifyRequest) {
  return {
    method: request.method,
    url: withoutSecrets(request.url),
    host: request.host,
    remoteAddress: request.ip,
  }
}

const SHOWN = ['code', 'constraint', 'table', 'column', 'routine', 'severity', 'statusCode'] as const

/**
 * Of an error: what and where. Never the values that PostgreSQL puts in its details ("Failing row contains (…)"), and of a
 * message of PostgreSQL nothing between quotation marks, where it names the value that does not fit.
 */
export function loggedError(error: Error) {
  const facts = error as unknown as Record<string, unknown>
  const fromDatabase = 'severity' in error
  const message = fromDatabase ? error.message.replace(/"[^"]*"/g, '"…"') : error.message
  return {
    type: error.name,
    message,
    stack: (error.stack ?? '').replace(error.message, message),
    ...Object.fromEntries(SHOWN.filter(name => facts[name] !== undefined).map(name => [name, facts[name]])),
  }
}
