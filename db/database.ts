import {
  CamelCasePlugin,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  replaceWithNoncontingentExpression,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import { type EmbeddedDatabase, openEmbedded } from './embedded.ts'
import { listenOnPostgres, type Watching } from './listening.ts'
import type { Database } from './schema.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>
/** What a query function takes first: the database, or the transaction it is part of. */
export type Executor = Db | Tx

export interface OpenDatabase {
  db: Db
  pool: pg.Pool
  kind: 'embedded' | 'memory' | 'postgres'
  /**
   * Hears NOTIFY on a channel until the returned function is called. A lost connection is made again by itself, as
   * `watching` is told.
   */
  listen(channel: string, hear: (payload: string) => void, watching?: Watching): Promise<() => Promise<void>>
  /** The embedded engine, for backup; null on PostgreSQL. */
  embedded: EmbeddedDatabase | null
  /**
   * Runs `work` without the time limits of requests: a migration of a large table takes as long as it needs, and a process
   * that comes second waits until the first has migrated.
   */
  patiently<Result>(work: (db: Db) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

// One way to read a type, on both engines: counts, hours and percentages are numbers; days are ISO text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, day => day)
pg.types.setTypeParser(1186, interval => interval)

/** How long a process waits while another one migrates, or while requests hold a table that a migration changes. */
const LONGEST_TURN = '10min'

export interface Opening {
  /** What an embedded database in memory starts as a copy of. */
  image?: Blob
  /** Where PostgreSQL is listened to, when that is another address than where it is asked. */
  listenUrl?: string
}

/**
 * Opens the database that `url` names: `postgres://…`, `memory://`, or a directory for the embedded engine.
 * Runs no migration: call `migrate` of migrate.ts.
 */
export async function openDatabase(
  url: string,
  { image, listenUrl = url }: Opening = {},
): Promise<OpenDatabase> {
  return isPostgres(url) ? openPostgres(url, listenUrl) : openOnEmbedded(url, image)
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url)
}

async function openPostgres(url: string, listenUrl: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    // As long as on the embedded engine: of many who decide at once the last one waits, and is not refused.
    connectionTimeoutMillis: 10_000,
    query_timeout: 15_000,
    keepAlive: true,
    application_name: 'instroom',
    options:
      '-c jit=off -c statement_timeout=10s -c lock_timeout=8s -c idle_in_transaction_session_timeout=15s -c TimeZone=Europe/Amsterdam',
  })
  outliveLostConnections(pool)
  return {
    db: kyselyOn(pool),
    pool,
    kind: 'postgres',
    embedded: null,
    listen: (channel, hear, watching) => listenOnPostgres(listenUrl, channel, hear, watching),
    async patiently(work) {
      const own = new pg.Pool({
        connectionString: url,
        max: 2,
        application_name: 'instroom-migrate',
        options: `-c jit=off -c statement_timeout=0 -c lock_timeout=${LONGEST_TURN} -c TimeZone=Europe/Amsterdam`,
      })
      outliveLostConnections(own)
      try {
        return await work(kyselyOn(own))
      } finally {
        await own.end()
      }
    },
    close: () => pool.end(),
  }
}

async function openOnEmbedded(url: string, image?: Blob): Promise<OpenDatabase> {
  const embedded = await openEmbedded(url, image)
  const pool = new pg.Pool({ ...embedded.pgConfig, max: 1, connectionTimeoutMillis: 10_000 })
  outliveLostConnections(pool)
  const db = kyselyOn(pool)
  return {
    db,
    pool,
    kind: url === 'memory://' ? 'memory' : 'embedded',
    embedded,
    // LISTEN goes through the pool, so that it cannot end up inside somebody else's transaction.
    async listen(channel, hear) {
      await pool.query(`listen ${pg.escapeIdentifier(channel)}`)
      const stop = embedded.engine.onNotification((name, payload) => {
        if (name === channel) hear(payload)
      })
      return async () => stop()
    },
    patiently: work => work(db),
    async close() {
      await pool.end()
      await embedded.close()
    },
  }
}

/** pg emits 'error' on checked-out clients too when the server goes away; unheard, that ends the process. */
function outliveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
}

function kyselyOn(pool: pg.Pool): Db {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [
      new CamelCasePlugin({ maintainNestedObjectKeys: true }),
      // Nothing is in an empty list: in SQL it would be a syntax error.
      new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
    ],
  })
}
