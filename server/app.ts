import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { OpenDatabase } from '../db/database.ts'
import { inviteManyHandlers } from './accounts/invite-many.ts'
import { numberHandlers } from './accounts/numbers.ts'
import { accountHandlers } from './accounts/routes.ts'
import { teamHandlers } from './accounts/teams.ts'
import { allocationHandlers } from './allocations/routes.ts'
import { auditHandlers } from './audit/routes.ts'
import { caseHandlers } from './cases/routes.ts'
import { searchHandlers } from './cases/search.ts'
import type { Config } from './config/config.ts'
import { decisionHandlers } from './decisions/routes.ts'
import { estimateHandlers } from './estimates/routes.ts'
import { keepHouse } from './housekeeping.ts'
import { type Handlers, Refusal } from './http/call.ts'
import { serveEndpoints } from './http/endpoint.ts'
import { guardDisk, refuseWhenClosed, serveHealth } from './http/health.ts'
import { limitRequests } from './http/limits.ts'
import { loggedError, loggedRequest } from './http/log.ts'
import { openapi, serveOpenapi } from './http/openapi.ts'
import { localeOf, problem } from './http/problem.ts'
import { refusalOf } from './http/refusals.ts'
import { DEMO_HOURS, OFFICE_HOURS } from './http/session.ts'
import { AJV_OPTIONS, invalid } from './http/validation.ts'
import { refuseUnknown, serveWeb } from './http/web.ts'
import { importHandlers } from './imports/routes.ts'
import { type Jobs, startJobs } from './jobs/runner.ts'
import { meetingHandlers } from './meetings/routes.ts'
import { startMailer } from './messages/mailer.ts'
import { messageHandlers } from './messages/routes.ts'
import { ownHandlers } from './own/routes.ts'
import { phaseHandlers } from './phases/routes.ts'
import { pulseHandlers } from './pulse/routes.ts'
import { reallocationHandlers } from './reallocation/routes.ts'
import { reportHandlers } from './reports/routes.ts'
import { availabilityHandlers } from './requests/availability.ts'
import { ownRequestHandlers } from './requests/own.ts'
import { teamRequestHandlers } from './requests/team.ts'
import { roundHandlers } from './rounds/routes.ts'
import { rulebookHandlers } from './rulebook-admin/routes.ts'
import { scenarioHandlers } from './scenarios/routes.ts'
import { sharingHandlers } from './sharing/routes.ts'
import { signalHandlers } from './signals/routes.ts'
import { serveStream } from './stream/stream.ts'
import { wishHandlers } from './wishes/routes.ts'
import { changeHandlers } from './workers/changes.ts'
import { workerHandlers } from './workers/routes.ts'
import { workloadHandlers } from './workload/routes.ts'

export interface AppOptions {
  open: OpenDatabase
  config: Config
  /** The clock; tests set their own. */
  now?: () => Date
}

/** The whole server, not yet listening. */
export async function buildApp({
  open,
  config,
  now = () => new Date(),
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: config.logLevel, serializers: { req: loggedRequest, err: loggedError } },
    // An address that cannot be read reaches neither a route nor the error handler by itself.
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply)
    },
    genReqId: () => randomUUID(),
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: 64 * 1024,
    forceCloseConnections: 'idle',
    // Fastify's own answer while closing is no problem+json; see `refuseWhenClosed`.
    return503OnClosing: false,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    ajv: { customOptions: AJV_OPTIONS },
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(answerError)

  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity:
      config.publicUrl.protocol === 'https:' ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  })
  await app.register(swagger, openapi)

  const terms = config.demo ? DEMO_HOURS : OFFICE_HOURS
  const serving = { open, config, now, terms }
  const handlers: Handlers = {
    ...accountHandlers(config, terms),
    ...teamHandlers,
    ...inviteManyHandlers(config),
    ...numberHandlers,
    ...allocationHandlers,
    ...auditHandlers,
    ...caseHandlers,
    ...searchHandlers,
    ...decisionHandlers,
    ...estimateHandlers,
    ...importHandlers,
    ...meetingHandlers,
    ...messageHandlers(config),
    ...phaseHandlers,
    ...changeHandlers,
    ...pulseHandlers,
    ...ownHandlers,
    ...availabilityHandlers,
    ...ownRequestHandlers,
    ...reallocationHandlers,
    ...reportHandlers,
    ...roundHandlers,
    ...rulebookHandlers,
    ...sharingHandlers,
    ...scenarioHandlers,
    ...teamRequestHandlers,
    ...wishHandlers,
    ...signalHandlers,
    ...workerHandlers,
    ...workloadHandlers,
  }
  await app.register(
    async api => {
      api.addHook('onSend', async (_, reply) => {
        reply.header('cache-control', 'no-store')
      })
      refuseWhenClosed(api)
      await limitRequests(api, serving)
      guardDisk(api, serving)
      serveEndpoints(api, handlers, serving)
      serveStream(api, serving)
      serveOpenapi(api)
      refuseUnknown(api)
    },
    { prefix: '/api' },
  )
  serveHealth(app, serving)
  await serveWeb(app, config.webDirectory)
  keepHouse(app, open, now)
  runJobs(app, open)
  runMail(app, open, config, now)
  return app
}

/** Tells what went wrong, in the reader's language; the log has the rest. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const locale = request.session?.locale ?? localeOf(request.headers['accept-language'])
  const refusal = refusalFor(error, request)
  if (refusal.status >= 500) request.log.error({ err: error }, 'failed')
  else if (refusal.status === 403) request.log.info({ user: request.session?.user.id }, 'refused')
  if (refusal.retryAfter !== null) reply.header('retry-after', refusal.retryAfter)
  return reply
    .code(refusal.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem(refusal, locale, request.id))
}

/** Solves the runs that wait, in this process, for as long as it serves. */
function runJobs(app: FastifyInstance, open: OpenDatabase): void {
  let jobs: Jobs | null = null
  app.addHook('onReady', async () => {
    jobs = startJobs({ open, log: app.log })
  })
  app.addHook('onClose', async () => jobs?.stop())
}

/** Sends what is in the outbox, when there is a mail server. */
function runMail(app: FastifyInstance, open: OpenDatabase, config: Config, now: () => Date): void {
  const { mail, publicUrl } = config
  if (mail === null) return
  let mailer: ReturnType<typeof startMailer> | null = null
  app.addHook('onReady', async () => {
    mailer = startMailer({ open, log: app.log, mail, publicUrl, now })
  })
  app.addHook('onClose', async () => mailer?.stop())
}

/** What an error means for the reader; what we did not foresee is a 500 without any detail. */
function refusalFor(error: FastifyError, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error
  if (error.validation) {
    const locale = request.session?.locale ?? localeOf(request.headers['accept-language'])
    return invalid(error.validation, error.validationContext ?? 'body', locale)
  }
  const refused = refusalOf(error)
  if (refused) return refused
  if (error.statusCode === 413) {
    return new Refusal(413, {
      nl: 'Dit is te groot. Een importbestand mag 5 MB zijn, iets anders 64 kB.',
      en: 'This is too large. An import file may be 5 MB, anything else 64 kB.',
    })
  }
  if (error.statusCode === 415) {
    return new Refusal(415, { nl: 'Stuur de gegevens als JSON.', en: 'Send the data as JSON.' })
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new Refusal(error.statusCode, {
      nl: 'Het verzoek is niet te lezen.',
      en: 'The request cannot be read.',
    })
  }
  return new Refusal(500, {
    nl: 'Er ging iets mis bij ons. Er is niets gewijzigd. Geef het nummer van het verzoek door als het blijft gebeuren.',
    en: 'Something went wrong on our side. Nothing was changed. Pass on the request number if it keeps happening.',
  })
}
