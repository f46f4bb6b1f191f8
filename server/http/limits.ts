import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { type BothLanguages, tooMuch } from './call.ts'
import { isDevice } from './devices.ts'
import { deviceOf, sessionIdOf } from './guards.ts'
import { networkOf } from './network.ts'
import type { Serving } from './serving.ts'
import { readSession } from './session.ts'

const WINDOW_MS = 60_000

/**
 * Reads who asks, for everything in `api`, and refuses who asks more in a minute than anybody does by hand. Who has a session
 * is counted by that, everybody else by address: a cookie that is no session is nobody's, so it is no way around. When the
 * address has its fill, a browser in which somebody signed in before has a count of its own. The counts are of this process.
 */
export async function limitRequests(api: FastifyInstance, serving: Serving): Promise<void> {
  const { open, config, now, terms } = serving
  const { session, address } = config.requestsPerMinute
  await api.register(rateLimit, { global: false, timeWindow: WINDOW_MS })
  const ofSession = api.createRateLimit({ max: session, keyGenerator: one => one.session?.idSha256 ?? '' })
  const ofAddress = api.createRateLimit({ max: address, keyGenerator: one => networkOf(one.ip) })
  const ofDevice = api.createRateLimit({ max: address, keyGenerator: one => deviceOf(one, config) ?? '' })
  api.decorateRequest('session', null)
  api.addHook('onRequest', async request => {
    const id = sessionIdOf(request, config)
    request.session = id === null ? null : await readSession(open.db, id, now(), terms)
    let asked = await (request.session ? ofSession : ofAddress)(request)
    if (isFull(asked) && !request.session) {
      const device = deviceOf(request, config)
      if (device !== null && (await isDevice(open.db, device, now()))) asked = await ofDevice(request)
    }
    if (isFull(asked)) throw tooManyRequests(asked.ttlInSeconds)
  })
}

type Asked = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>
function isFull(asked: Asked): asked is Extract<Asked, { isAllowed: false }> {
  return !asked.isAllowed && asked.isExceeded
}

function tooManyRequests(seconds: number) {
  return tooMuch(
    {
      nl: `Er komen te veel verzoeken achter elkaar. Er is niets gewijzigd. Wacht ${seconds} seconden en probeer het opnieuw.`,
      en: `Too many requests in a row. Nothing was changed. Wait ${seconds} seconds and try again.`,
    },
    seconds,
  )
}

/** A file costs memory and some seconds of work; whoever sends the next one waits for an answer first. */
export function fewFiles(
  most: number,
): <Result>(userId: number, read: () => Promise<Result>) => Promise<Result> {
  const reading = new Map<number, number>()
  return async (userId, read) => {
    const now = reading.get(userId) ?? 0
    if (now >= most) throw tooMuch(STILL_READING, STILL_READING_SECONDS)
    reading.set(userId, now + 1)
    try {
      return await read()
    } finally {
      const left = reading.get(userId)! - 1
      if (left === 0) reading.delete(userId)
      else reading.set(userId, left)
    }
  }
}

const STILL_READING_SECONDS = 10
const STILL_READING: BothLanguages = {
  nl: 'Je vorige bestanden worden nog gelezen. Wacht tot ze klaar zijn en probeer het dan opnieuw.',
  en: 'Your earlier files are still being read. Wait until they are done and then try again.',
}
