import pg from 'pg'

/** What somebody who listens wants to know of the connection itself. */
export interface Watching {
  /** It was lost: nothing arrives until `missed`. */
  lost?(): void
  /** It is there again. What was said in between is gone. */
  missed?(): void
}

const AGAIN_AFTER_MS = 1_000
/** A connection that a firewall dropped without a word says nothing by itself, so it is asked. */
const ASK_EVERY_MS = 5_000
const ANSWER_WITHIN_MS = 3_000

/** One connection that listens, for as long as it is wanted, through every restart of PostgreSQL and of the network. */
export async function listenOnPostgres(
  url: string,
  channel: string,
  hear: (payload: string) => void,
  { lost = () => {}, missed = () => {} }: Watching = {},
): Promise<() => Promise<void>> {
  let wanted = true
  let current: pg.Client | null = null
  let again: NodeJS.Timeout | undefined

  const connect = async () => {
    const client = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: 'instroom-listen',
    })
    const drop = () => {
      if (current !== client) return
      current = null
      clearInterval(asking)
      // Not `end`: that waits for a word from the other side.
      client.connection.stream.destroy()
      if (!wanted) return
      lost()
      again = setTimeout(reconnect, AGAIN_AFTER_MS)
    }
    const asking = setInterval(() => client.query('select 1').catch(drop), ASK_EVERY_MS)
    current = client
    client.on('error', drop)
    client.on('end', drop)
    client.on('notification', message => hear(message.payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      drop()
      throw error
    }
  }
  const reconnect = () => {
    connect().then(missed, () => {})
  }
  const stop = async () => {
    wanted = false
    clearTimeout(again)
    const client = current
    current = null
    await client?.end()
  }
  try {
    await connect()
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/**
 * Throws when what is said on the one address is not heard on the other. A pooler that hands a connection to another
 * client after each transaction, such as PgBouncer in its usual setting, accepts LISTEN and then says nothing.
 */
export async function requireHearing(url: string, listenUrl: string): Promise<void> {
  const channel = `instroom_probe_${process.pid}`
  let heard = () => {}
  const hearing = new Promise<true>(resolve => {
    heard = () => resolve(true)
  })
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS)
  })
  const stop = await listenOnPostgres(listenUrl, channel, heard)
  const speaker = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await speaker.connect()
    await speaker.query('select pg_notify($1, $2)', [channel, ''])
    if (await Promise.race([hearing, silence])) return
  } finally {
    clearTimeout(timer)
    await speaker.end().catch(() => {})
    await stop()
  }
  throw new Error(
    'What one connection to the database says (NOTIFY) another one does not hear (LISTEN). That happens behind a pooler in ' +
      'transaction mode, such as PgBouncer. Set DATABASE_LISTEN_URL to an address of PostgreSQL itself, or use session mode.',
  )
}
