import type { FastifyInstance, FastifyReply } from 'fastify'
import { sql } from 'kysely'
import type { LiveEvent } from '../contract/records.ts'
import { EVENT_CHANNEL } from '../events/events.ts'
import { sessionIdOf } from '../http/guards.ts'
import type { Serving } from '../http/serving.ts'
import { readSession, type Session } from '../http/session.ts'
import { requireSession } from '../http/signed-in.ts'
import { PROGRESS_CHANNEL, type SaidProgress } from '../jobs/progress.ts'
import { AGREEMENT_CHANNEL, type SaidAgreement } from '../rounds/agreements.ts'
import { asHeardBy, newsAfter, teamsOfWorkers } from './audience.ts'

/** Rights are read again this often: a stream closes within five seconds of the end of its session. */
const CHECK_EVERY_MS = 4_000
const HEARTBEAT_EVERY_MS = 15_000
/** Who missed more than this starts afresh instead of being told everything. */
const MAX_TO_CATCH_UP = 500
const MAX_UNREAD_BYTES = 1_000_000
const MAX_STREAMS_PER_USER = 20
interface Listener {
  sessionId: string
  session: Session
  lastSeq: number
  reply: FastifyReply
}

/**
 * `GET /api/stream`: server-sent events that say that something changed and where to look, in the reader's scope. The
 * number of the event is the id, so that a browser that comes back says from where it wants to go on.
 */
export function serveStream(app: FastifyInstance, serving: Serving): void {
  const { open, config, now, terms } = serving
  const listeners = new Set<Listener>()
  const stopListening: (() => Promise<void>)[] = []
  let sending: Promise<void> | null = null
  let askedAgain = false
  let isClosing = false
  let live = true

  /** One round at a time; a call during a round makes one more round after it. */
  const send = (): Promise<void> => {
    if (sending) {
      askedAgain = true
      return sending
    }
    sending = sendNews()
      .catch((error: unknown) => app.log.warn({ err: error }, 'live stream could not read the events'))
      .finally(() => {
        sending = null
        if (askedAgain) {
          askedAgain = false
          void send()
        }
      })
    return sending
  }

  const sendNews = async () => {
    if (listeners.size === 0) return
    // Who joins meanwhile may have missed more than is read here: the next round tells them.
    const present = [...listeners]
    const from = Math.min(...present.map(listener => listener.lastSeq))
    const news = await newsAfter(open.db, from, MAX_TO_CATCH_UP)
    const teams = await teamsOfWorkers(open.db, [
      ...new Set(present.flatMap(one => one.session.user.workerId ?? [])),
    ])
    for (const listener of present.filter(one => listeners.has(one))) {
      const { user } = listener.session
      for (const item of news) {
        if (item.seq <= listener.lastSeq) continue
        listener.lastSeq = item.seq
        const heard = asHeardBy(
          user,
          item,
          user.workerId === null ? null : (teams.get(user.workerId) ?? null),
        )
        if (heard) write(listener, message('change', heard, item.seq))
      }
    }
    if (news.length === MAX_TO_CATCH_UP) askedAgain = true
  }

  /** How far a run is, for who may read its round. It has no number: what was missed is said again soon. */
  const tellProgress = (payload: string) => {
    const { organisationId, teamIds, progress } = JSON.parse(payload) as SaidProgress
    for (const listener of listeners) {
      const { user } = listener.session
      if (organisationId !== user.organisationId) continue
      if (teamIds.some(team => user.mayIn('round.read', team))) write(listener, message('progress', progress))
    }
  }

  /** A mark of one's own, for the other screens of that person. It has no number: who comes back reads them anew. */
  const tellAgreement = (payload: string) => {
    const { userId, roundId } = JSON.parse(payload) as SaidAgreement
    for (const listener of listeners)
      if (listener.session.user.id === userId) write(listener, message('agreement', { roundId }))
  }

  const close = (listener: Listener, farewell: string) => {
    if (!listeners.delete(listener)) return
    listener.reply.raw.end(message('bye', { reason: farewell }))
  }

  const write = (listener: Listener, text: string) => {
    listener.reply.raw.write(text)
    if (listener.reply.raw.writableLength > MAX_UNREAD_BYTES) {
      listeners.delete(listener)
      listener.reply.raw.destroy()
    }
  }

  const checkSessions = async () => {
    for (const listener of [...listeners]) {
      const session = await readSession(open.db, listener.sessionId, now(), terms, { seen: false }).catch(
        () => listener.session,
      )
      if (session) listener.session = session
      else close(listener, 'session')
    }
  }

  /** Without the connection on which the database speaks up, nobody hears of changes: then the pages say so. */
  const setLive = (now: boolean) => {
    live = now
    for (const listener of listeners) write(listener, message('live', { live }))
    if (live) void send()
  }

  const checking = setInterval(() => void checkSessions(), CHECK_EVERY_MS)
  const beating = setInterval(() => {
    for (const listener of listeners) write(listener, message('beat', {}))
  }, HEARTBEAT_EVERY_MS)
  app.addHook('onReady', async () => {
    stopListening.push(
      await open.listen(EVENT_CHANNEL, () => void send(), {
        lost: () => setLive(false),
        missed: () => setLive(true),
      }),
      await open.listen(PROGRESS_CHANNEL, tellProgress),
      await open.listen(AGREEMENT_CHANNEL, tellAgreement),
    )
  })
  app.addHook('preClose', async () => {
    isClosing = true
    clearInterval(checking)
    clearInterval(beating)
    for (const listener of [...listeners]) close(listener, 'shutdown')
    for (const stop of stopListening) await stop()
    await sending
  })

  app.get('/stream', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    const session = requireSession(request)
    const own = [...listeners].filter(listener => listener.session.user.id === session.user.id)
    if (own.length >= MAX_STREAMS_PER_USER) close(own[0]!, 'tooMany')

    const newest = await newestSeq()
    // A browser that gave up and began anew says in the address from where it goes on.
    const { since } = request.query as { since?: string }
    const asked = Number(request.headers['last-event-id'] ?? since ?? Number.NaN)
    const resumes = Number.isInteger(asked) && asked >= 0 && asked <= newest
    const tooFar = resumes && newest - asked > MAX_TO_CATCH_UP
    const lastSeq = resumes && !tooFar ? asked : newest
    const listener: Listener = { sessionId: sessionIdOf(request, config)!, session, lastSeq, reply }

    reply.hijack()
    const { raw } = reply
    // Gone, or too late: nobody would ever end this stream.
    if (raw.destroyed || isClosing) {
      raw.destroy()
      return
    }
    raw.on('close', () => listeners.delete(listener))
    raw.on('error', () => listeners.delete(listener))
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    raw.write(`retry: 2000\n${message('ready', { live }, lastSeq)}`)
    if (tooFar) {
      const everything: LiveEvent = {
        seq: newest,
        type: 'stream.reset',
        objectType: 'all',
        objectId: '',
        teamId: null,
      }
      raw.write(message('change', everything, newest))
    }
    listeners.add(listener)
    await send()
  })

  const newestSeq = async (): Promise<number> => {
    const row = await open.db
      .selectFrom('event')
      .select(sql<number>`coalesce(max(seq), 0)`.as('seq'))
      .executeTakeFirstOrThrow()
    return row.seq
  }
}

function message(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
