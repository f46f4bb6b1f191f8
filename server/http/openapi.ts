import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ProblemDetails } from '../contract/common.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import { endpoints } from '../contract/endpoints.ts'
import { requireSession } from './signed-in.ts'

const IF_MATCH = Type.String({
  description: 'The version that you saw, for instance "v7".',
  pattern: '^"v\\d+"$',
})
const IDEMPOTENCY_KEY = Type.String({
  format: 'uuid',
  description: 'Made once per decision: sent again with the same key, it decides once.',
})
const SITE = Type.Literal('same-origin', { description: 'Programs without a browser send this themselves.' })

/** What the endpoint table implies for every route, written out for readers of the OpenAPI description. */
export const openapi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Instroom',
      version: '0.1.0',
      description: 'Every error is application/problem+json (RFC 9457) in the language of Accept-Language.',
      license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/en/' },
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'sid', description: 'Named __Host-sid behind https.' },
      },
    },
  },
  transform: ({ schema, url }) => {
    const endpoint = (endpoints as Record<string, Endpoint>)[schema?.operationId ?? '']
    if (!endpoint) return { schema, url }
    const changes = !schema.operationId!.startsWith('GET ')
    const headers = {
      ...(changes && { 'sec-fetch-site': SITE }),
      ...(endpoint.ifMatch && { 'if-match': IF_MATCH }),
      ...(endpoint.once && { 'idempotency-key': IDEMPOTENCY_KEY }),
    }
    const statuses = [
      400,
      ...(endpoint.may === 'anyone' ? [] : [401, 403]),
      ...(endpoint.params ? [404] : []),
      ...(endpoint.ifMatch ? [412] : []),
      ...(changes ? [409, 422] : []),
      ...(endpoint.ifMatch || endpoint.once ? [428] : []),
      429,
    ]
    return {
      url,
      schema: {
        ...schema,
        security: endpoint.may === 'anyone' ? [] : [{ session: [] }],
        ...(Object.keys(headers).length > 0 && {
          headers: { type: 'object', required: Object.keys(headers), properties: headers },
        }),
        response: {
          [endpoint.status ?? 200]: endpoint.file
            ? {
                description: endpoint.summary,
                content: { [endpoint.file.type]: { schema: endpoint.reply } },
              }
            : endpoint.reply,
          ...Object.fromEntries(
            statuses.map(status => [
              status,
              {
                description: PROBLEMS[status],
                content: { 'application/problem+json': { schema: ProblemDetails } },
              },
            ]),
          ),
        },
      },
    }
  },
}

/**
 * `GET /api/openapi.json`, for who has a session. Working it out takes longer than any answer, and it stays the same for as long as
 * the server runs, so that is done once.
 */
export function serveOpenapi(app: FastifyInstance): void {
  let description: string | null = null
  app.get('/openapi.json', { schema: { hide: true } }, async (request, reply) => {
    requireSession(request)
    description ??= JSON.stringify(app.swagger())
    return reply.type('application/json; charset=utf-8').send(description)
  })
}

const PROBLEMS: Record<number, string> = {
  400: 'The request cannot be read; `errors` names each field.',
  401: 'Nobody is signed in.',
  403: 'This role may not do this.',
  404: 'It does not exist, or you have no access to it.',
  409: 'It is no longer in the state that this asks for.',
  412: 'Somebody changed it since the version in If-Match; `version` is the one now.',
  422: 'A rule stands in the way; `cases` or `errors` name each.',
  428: 'A header that this asks for is missing.',
  429: 'Asked too much or too often; Retry-After says in how many seconds to ask again.',
}
