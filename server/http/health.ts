import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { durabilityOf, freeBytes, MIN_FREE_BYTES } from '../../db/durability.ts'
import { migrationsMissing } from '../../db/migrate.ts'
import { shared } from '../event-loop/shared.ts'
import { Refusal } from './call.ts'
import type { Serving } from './serving.ts'

const SLOWEST_MS = 1_000
const LOOK_AT_DISK_EVERY_MS = 5_000

/** Servers that will soon be gone. */
const closing = new WeakSet<FastifyInstance>()

/** From now on `/readyz` says `closing`, so that nobody is sent here any more; what still comes is served. */
export function beginClosing(app: FastifyInstance): void {
  closing.add(app)
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, and how safe what it writes is. */
export function serveHealth(app: FastifyInstance, { open, config }: Pick<Serving, 'open' | 'config'>): void {
  const directory = open.kind === 'embedded' ? config.databaseUrl : null
  // Anybody may ask, as often as they like: the database is asked once at a time.
  const look = shared(() =>
    Promise.all([
      inTime(sql`select 1`.execute(open.db)),
      migrationsMissing(open.db).catch(() => ['unknown']),
      freeBytes(directory).catch(() => null),
      durabilityOf(open).catch(() => null),
    ]),
  )
  app.addHook('preClose', async () => beginClosing(app))
  app.get('/healthz', { schema: { hide: true }, logLevel: 'silent' }, async () => ({ status: 'alive' }))
  app.get('/readyz', { schema: { hide: true }, logLevel: 'silent' }, async (_, reply) => {
    const [answers, missing, free, durability] = await look()
    const faults: string[] = closing.has(app) ? ['closing'] : []
    if (!answers) faults.push('database')
    if (missing.length > 0) faults.push('migrations')
    if (free !== null && free < MIN_FREE_BYTES) faults.push('disk')
    reply.code(faults.length === 0 ? 200 : 503)
    return {
      status: faults.length === 0 ? 'ready' : 'not ready',
      faults,
      database: open.kind,
      durability,
    }
  })
}

/** Once the server closes, who still comes over an open connection is sent to another one, or later to this one. */
export function refuseWhenClosed(app: FastifyInstance): void {
  let closed = false
  app.addHook('preClose', async () => {
    closed = true
  })
  app.addHook('onRequest', async () => {
    if (!closed) return
    throw new Refusal(503, {
      nl: 'De server stopt of start opnieuw. Er is niets gewijzigd. Probeer het over een paar seconden weer.',
      en: 'The server is stopping or starting again. Nothing was changed. Try again in a few seconds.',
    })
  })
}

/** Refuses changes while the disk of the embedded database is nearly full: a full one would stop it for good. */
export function guardDisk(app: FastifyInstance, { open, config }: Pick<Serving, 'open' | 'config'>): void {
  if (open.kind !== 'embedded') return
  let lookedAt = 0
  let free = Number.POSITIVE_INFINITY
  app.addHook('onRequest', async request => {
    if (request.method === 'GET') return
    if (Date.now() - lookedAt > LOOK_AT_DISK_EVERY_MS) {
      lookedAt = Date.now()
      free = (await freeBytes(config.databaseUrl).catch(() => null)) ?? free
    }
    if (free < MIN_FREE_BYTES) {
      throw new Refusal(503, {
        nl: 'De schijf is bijna vol. Er kan nu niets worden gewijzigd. Meld dit bij je beheerder.',
        en: 'The disk is nearly full. Nothing can be changed now. Tell your administrator.',
      })
    }
  })
}

async function inTime(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), SLOWEST_MS)
  })
  const answered = question.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}
