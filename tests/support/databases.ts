import { mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, inject } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../db/database.ts'
import { TODAY } from './builders.ts'
import { databaseUrl } from './global-setup.ts'

export type Engine = 'PGlite' | 'PostgreSQL'

/** The engines of this run: PGlite always, PostgreSQL when there is one. */
export const engines: readonly Engine[] = inject('postgres') ? ['PGlite', 'PostgreSQL'] : ['PGlite']

/** A `describe` per engine. */
export function forEachDatabase(name: string, tests: (engine: Engine) => void): void {
  for (const engine of engines) describe(`${name} on ${engine}`, () => tests(engine))
}

let count = 0

/**
 * A migrated, empty database of its own, where what a test writes by itself changes on TODAY. Closing it removes it; on PostgreSQL `url` is there for a second connection.
 */
export async function freshDatabase(engine: Engine): Promise<OpenDatabase & { url: string }> {
  if (engine === 'PGlite') {
    const open = await openDatabase('memory://', {
      image: await openAsBlob(inject('embeddedImage')),
    })
    await sql`select set_config('instroom.today', ${TODAY}, false)`.execute(open.db)
    return { ...open, url: 'memory://' }
  }
  const server = inject('postgres')
  if (!server)
    throw new Error('There is no PostgreSQL on this machine. Set TEST_DATABASE_URL or install its binaries.')
  const name = `instroom_test_${process.pid}_${++count}_${Math.random().toString(36).slice(2, 8)}`
  await ask(server.url, `create database ${name} template ${server.template}`)
  await ask(server.url, `alter database ${name} set instroom.today = '${TODAY}'`)
  const url = databaseUrl(server.url, name)
  const open = await openDatabase(url)
  return {
    ...open,
    url,
    async close() {
      await open.close()
      await ask(server.url, `drop database if exists ${name} with (force)`)
    },
  }
}

/** Where a database can be made: nothing is there yet, no table and no file. `drop` removes what came. */
export async function emptyTarget(engine: Engine): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgres')
  if (engine === 'PGlite' || !server) {
    const directory = mkdtempSync(join(tmpdir(), 'instroom-empty-'))
    return {
      url: join(directory, 'data'),
      drop: async () => rmSync(directory, { recursive: true, force: true }),
    }
  }
  const name = `instroom_test_empty_${process.pid}_${++count}`
  await ask(server.url, `create database ${name}`)
  return {
    url: databaseUrl(server.url, name),
    drop: () => ask(server.url, `drop database if exists ${name} with (force)`),
  }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
