import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { PATIENCE } from './patience.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A file: the migrated embedded database, to start each test file from. */
    embeddedImage: string
    /** A PostgreSQL server and its migrated template; null when this machine has none. */
    postgres: { url: string; template: string } | null
  }
}

/** Once per run: what every test database is a copy of, on each engine that this machine has. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hash = hashOfMigrations()
  project.provide('embeddedImage', await embeddedImage(hash))
  const server = await postgresServer()
  project.provide('postgres', server && { url: server.url, template: await template(server.url, hash) })
  const engines = server
    ? `PGlite and PostgreSQL (${server.origin})`
    : 'PGlite only: no PostgreSQL binaries and no TEST_DATABASE_URL'
  console.log(`Databases under test: ${engines}.`)
  return async () => server?.stop()
}

function hashOfMigrations(): string {
  const hash = createHash('sha256')
  const directory = new URL('../../db/migrations/', import.meta.url)
  for (const name of readdirSync(directory).sort())
    hash.update(name).update(readFileSync(new URL(name, directory)))
  hash.update(readFileSync(new URL('../../package-lock.json', import.meta.url)))
  return hash.digest('hex').slice(0, 16)
}

async function embeddedImage(hash: string): Promise<string> {
  const directory = join(tmpdir(), 'instroom-tests')
  const file = join(directory, `embedded-${hash}.tar`)
  if (existsSync(file)) return file
  mkdirSync(directory, { recursive: true })
  const open = await openDatabase('memory://')
  await migrate(open)
  const image = await open.embedded!.engine.dumpDataDir('none')
  await open.close()
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, new Uint8Array(await image.arrayBuffer()))
  renameSync(unfinished, file)
  return file
}

interface Server {
  url: string
  origin: string
  stop(): Promise<void>
}

async function postgresServer(): Promise<Server | null> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, origin: 'TEST_DATABASE_URL', stop: async () => {} }
  const binaries = postgresBinaries()
  return binaries === null ? null : throwawayCluster(binaries)
}

function postgresBinaries(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const places = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return (
    places.find(place => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres'))) ?? null
  )
}

/** A cluster of its own in a temporary directory. PostgreSQL refuses to run as root: then it runs as `postgres`. */
async function throwawayCluster(binaries: string): Promise<Server | null> {
  const directory = mkdtempSync(join(tmpdir(), 'instroom-postgres-'))
  const data = join(directory, 'data')
  const account = process.getuid?.() === 0 ? accountOf('postgres') : {}
  if (account === null) return null
  if ('uid' in account) spawnSync('chown', ['postgres', directory])
  const made = spawnSync(
    join(binaries, 'initdb'),
    [
      '--pgdata',
      data,
      '--username',
      'postgres',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ],
    { ...account, cwd: directory, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: directory,
    fsync: 'off',
    max_connections: 200,
  }
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, cwd: directory, stdio: 'ignore' },
  )
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await answers(url)
  return {
    url,
    origin: binaries,
    async stop() {
      const ended = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function accountOf(name: string): { uid: number; gid: number } | null {
  const number = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout)
  const uid = number('-u')
  return uid > 0 ? { uid, gid: number('-g') } : null
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + PATIENCE
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(100)
    }
  }
}

/** A migrated database to copy from; several runs may share one server. */
async function template(url: string, hash: string): Promise<string> {
  const name = `instroom_template_${hash}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7203499)')
    const there = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (there.rowCount === 0) {
      await client.query(`drop database if exists ${name} with (force)`)
      await client.query(`create database ${name}`)
      const open = await openDatabase(databaseUrl(url, name))
      await migrate(open)
      await open.close()
      await client.query(`alter database ${name} with is_template true`)
    }
  } finally {
    await client.end()
  }
  return name
}

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
