import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TObject, TSchema } from 'typebox'
import type { Db, Tx } from '../../db/database.ts'
import type { CatalogueList } from '../contract/catalogue-entries.ts'
import { dayOf } from '../contract/days.ts'
import { CSV, type Endpoint } from '../contract/endpoint.ts'
import { type EndpointName, endpoints } from '../contract/endpoints.ts'
import { ACTIONS, type Action } from '../contract/permissions.ts'
import { appendAll, inTransaction } from '../events/events.ts'
import { changesCountFrom } from '../history/day.ts'
import { Attachment, fileName } from './attachment.ts'
import { type Call, type Handlers, Refusal } from './call.ts'
import { clientOf, refuseOtherSites } from './guards.ts'
import { idempotencyKey, once } from './idempotency.ts'
import { fewFiles } from './limits.ts'
import { isFamilyNumber, numberFormsOf } from './own-numbers.ts'
import { localeOf } from './problem.ts'
import { lacksRole } from './rights.ts'
import type { Serving } from './serving.ts'
import type { Session } from './session.ts'
import { storedSpelling, tidyNumbers } from './spelling.ts'
import { hasTyped, refuseTyped } from './typed.ts'
import { numbersFromText, refuseUnreadable } from './validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
  }
}

/** That one person may have read at the same time, of each kind. */
const MAX_FILES = 2

/** One shape for every handler: which endpoint it belongs to is settled when it is looked up. */
type AnyCall = Omit<Call<'POST /teams'>, 'params' | 'query' | 'body' | 'db'> & {
  params: unknown
  query: unknown
  body: unknown
  db: Db | Tx
}
type AnyHandler = (call: AnyCall) => Promise<unknown>

/**
 * Serves the endpoint table on `app` (mounted under /api). Throws when an endpoint has no handler, names no permission,
 * or when there is a handler for something that is not in the table.
 */
export function serveEndpoints(app: FastifyInstance, handlers: Handlers, serving: Serving): void {
  const table: Record<string, Endpoint> = endpoints
  const served = new Map(Object.entries(handlers) as unknown as [string, AnyHandler][])
  const faults = [
    ...Object.keys(table)
      .filter(name => !served.has(name))
      .map(name => `${name} has no handler.`),
    ...[...served.keys()]
      .filter(name => !(name in table))
      .map(name => `${name} is not in the endpoint table.`),
    ...Object.entries(table)
      .filter(([, { may }]) => may !== 'anyone' && !(ACTIONS as readonly string[]).includes(may))
      .map(([name]) => `${name} names no permission.`),
  ]
  if (faults.length > 0) throw new Error(`The endpoint table does not fit:\n${faults.join('\n')}`)

  app.addHook('onRequest', async request => {
    refuseOtherSites(request, serving.config)
  })
  for (const [name, endpoint] of Object.entries(table)) {
    serve(app, name as EndpointName, endpoint, served.get(name)!, serving)
  }
}

function serve(
  app: FastifyInstance,
  name: EndpointName,
  endpoint: Endpoint,
  handle: AnyHandler,
  serving: Serving,
): void {
  const [method = '', url = ''] = name.split(' ')
  const status = endpoint.status ?? 200
  const typedBody = endpoint.body && hasTyped(endpoint.body) ? endpoint.body : null
  const files = endpoint.readsFile ? fewFiles(MAX_FILES) : null
  const carryOut = async (request: FastifyRequest, reply: FastifyReply) => {
    const call = callOf(request, reply, endpoint, serving)
    if (typedBody) await readTyped(serving.open.db, typedBody, call)
    if (method === 'GET' || endpoint.ownTransaction) {
      return answer(reply, endpoint, call, status, await handle({ ...call, db: serving.open.db }))
    }
    const key = endpoint.once ? idempotencyKey(request.headers['idempotency-key']) : null
    const result = await inTransaction(serving.open.db, async tx => {
      await changesCountFrom(tx, call.today)
      const run = () => handle({ ...call, db: tx })
      if (key === null) return { status, body: await run(), replayed: false }
      const sent = { userId: call.user.id, key, route: `${method} ${request.url}`, body: request.body }
      return once(tx, sent, status, run)
    }).catch(error => recordTried(serving.open.db, error))
    if (result.replayed) reply.header('idempotent-replay', 'true')
    return answer(reply, endpoint, call, result.status, result.body)
  }
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    ...(endpoint.bodyLimit && { bodyLimit: endpoint.bodyLimit }),
    schema: {
      summary: endpoint.summary,
      tags: [endpoint.tag],
      operationId: name,
      ...(endpoint.params && { params: endpoint.params }),
      ...(method === 'GET' && { querystring: endpoint.query ?? NO_QUERY }),
      ...(method !== 'GET' && { body: endpoint.body ?? NO_BODY }),
      ...(!endpoint.file && { response: { [status]: endpoint.reply } }),
    },
    // Who may do this comes first: somebody without the right learns nothing about the data.
    onRequest: async request => {
      permit(endpoint.may, request.session)
    },
    preValidation: async request => {
      request.params = numbersFromText(request.params, endpoint.params ?? NO_QUERY)
      request.query = numbersFromText(request.query, endpoint.query ?? NO_QUERY)
      for (const part of [request.params, request.query, request.body]) refuseUnreadable(part)
      for (const part of PARTS) request[part] = tidyNumbers(request[part], endpoint[part])
    },
    preHandler: async request => {
      if (!request.session) return
      const { organisationId } = request.session.user
      for (const part of PARTS) {
        request[part] = await storedSpelling(serving.open.db, organisationId, request[part], endpoint[part])
      }
    },
    handler: (request, reply) =>
      files && request.session
        ? files(request.session.user.id, () => carryOut(request, reply))
        : carryOut(request, reply),
  })
}

/** Reads what people typed before anything is done with it; 422 for what nobody may write here. */
async function readTyped(db: Db, schema: TSchema, call: AnyCall): Promise<void> {
  const { organisationId } = call.user
  const { list } = (call.params ?? {}) as { list?: CatalogueList }
  const { familyNumber } = (call.body ?? {}) as { familyNumber?: unknown }
  refuseTyped(schema, call.body, call.locale, {
    forms: await numberFormsOf(db, organisationId),
    today: call.today,
    knowsFamily:
      typeof familyNumber === 'string' &&
      (await isFamilyNumber(db, call.user.teamsFor('case.read'), familyNumber)),
    ...(list && { list }),
  })
}

const PARTS = ['params', 'query', 'body'] as const
const NO_QUERY = { type: 'object', properties: {}, additionalProperties: false } as unknown as TObject
const NO_BODY = { type: ['object', 'null'], maxProperties: 0 }

/** Appends what a refusal leaves on record, after its transaction was taken back; then refuses. */
async function recordTried(db: Db, error: unknown): Promise<never> {
  if (error instanceof Refusal && error.events.length > 0) {
    const { events } = error
    await inTransaction(db, async tx => appendAll(tx, events))
  }
  throw error
}

function answer(
  reply: FastifyReply,
  endpoint: Endpoint,
  call: AnyCall,
  status: number,
  body: unknown,
): unknown {
  reply.code(status)
  if (endpoint.file) {
    const { of = null, on = call.today } = body instanceof Attachment ? body : {}
    const { name, type } = endpoint.file
    const params = call.params as Record<string, unknown>
    const kind = name[call.locale].replace(/:(\w+)/g, (_, key: string) => String(params[key]))
    const ending = type === CSV ? 'csv' : 'xlsx'
    reply.type(type)
    reply.header('content-disposition', `attachment; filename="${fileName([kind, of, on])}.${ending}"`)
    return body instanceof Attachment ? body.content : body
  }
  if (typeof body === 'object' && body !== null && 'version' in body && typeof body.version === 'number') {
    reply.header('etag', `"v${body.version}"`)
  }
  return body
}

function permit(may: Action | 'anyone', session: Session | null): void {
  if (may === 'anyone') return
  if (!session) {
    throw new Refusal(401, {
      nl: 'Meld je aan om verder te gaan. Misschien was je een tijd niet actief.',
      en: 'Sign in to continue. Perhaps you were inactive for a while.',
    })
  }
  if (session.user.may(may)) return
  throw lacksRole(may)
}

function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: Endpoint,
  { config, now, open }: Serving,
): AnyCall {
  const at = now()
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    db: open.db,
    user: request.session?.user ?? NOBODY,
    locale: request.session?.locale ?? localeOf(request.headers['accept-language']),
    today: dayOf(at),
    now: at,
    expectedVersion: endpoint.ifMatch ? versionIn(request.headers['if-match']) : 0,
    requestId: request.id,
    client: clientOf(request, reply, config),
  }
}

/** On routes that anyone may call: somebody without any right. */
const NOBODY: AnyCall['user'] = {
  id: 0,
  organisationId: 0,
  name: '',
  roles: [],
  workerId: null,
  may: () => false,
  mayIn: () => false,
  teamsFor: () => [],
}

/** `"v7"` is 7. Absent: 428, since a change without it could undo that of somebody else. */
export function versionIn(header: string | undefined): number {
  if (header === undefined) {
    throw new Refusal(428, {
      nl: 'Het verzoek mist de kop If-Match met de versie die je zag, bijvoorbeeld "v7".',
      en: 'The request lacks the header If-Match with the version that you saw, for instance "v7".',
    })
  }
  const version = /^"v(\d{1,10})"$/.exec(header)?.[1]
  if (version === undefined) {
    throw new Refusal(400, {
      nl: 'If-Match moet een versie zijn, bijvoorbeeld "v7".',
      en: 'If-Match must be a version, for instance "v7".',
    })
  }
  return Number(version)
}
