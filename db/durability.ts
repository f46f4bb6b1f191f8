import { statfs } from 'node:fs/promises'
import { sql } from 'kysely'
import type { OpenDatabase } from './database.ts'

/** What a confirmed change survives: a killed process, a power cut, or neither. */
export type Durability = 'power-safe' | 'power-safe-but-checkpoint' | 'process-crash-only' | 'memory'

interface ServerSettings {
  version: number
  encoding: string
  superuser: boolean
  off: string[]
}

/**
 * What keeps PostgreSQL from being trusted with decisions: too old, another encoding than UTF-8, or settings that lose
 * confirmed changes. In production each of these stops the start; elsewhere only what cannot work at all does.
 */
export async function refuseUnsafeServer(open: OpenDatabase, production: boolean): Promise<void> {
  if (open.kind !== 'postgres') return
  const { version, encoding, superuser, off } = await settingsOf(open)
  const faults: string[] = []
  if (version < 150000)
    faults.push(`PostgreSQL is version ${Math.floor(version / 10000)}; it must be 15 or newer.`)
  if (encoding !== 'UTF8') faults.push(`The database has encoding ${encoding}; make one with encoding UTF8.`)
  if (production) {
    for (const name of off)
      faults.push(`${name} is off, so a power cut loses confirmed decisions; set it to on.`)
    if (superuser) faults.push('The database role is a superuser; use a role that only owns this database.')
  }
  if (faults.length > 0) throw new Error(`This PostgreSQL server cannot be used:\n${faults.join('\n')}`)
}

async function settingsOf(open: OpenDatabase): Promise<ServerSettings> {
  const { rows } = await sql<ServerSettings>`select
    current_setting('server_version_num')::int as version,
    current_setting('server_encoding') as encoding,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    array(select name from unnest(array['fsync', 'full_page_writes', 'synchronous_commit']) name
      where current_setting(name) = 'off') as off`.execute(open.db)
  return rows[0]!
}

export async function durabilityOf(open: OpenDatabase): Promise<Durability> {
  if (open.kind === 'memory') return 'memory'
  if (open.embedded) return open.embedded.flushed ? 'power-safe-but-checkpoint' : 'process-crash-only'
  return (await settingsOf(open)).off.length === 0 ? 'power-safe' : 'process-crash-only'
}

/** Below this the embedded database is not asked to write any more: on a full disk it hangs for ever. */
export const MIN_FREE_BYTES = 500 * 1024 * 1024

/** Free bytes where the embedded database lives; null when it has no directory. */
export async function freeBytes(directory: string | null): Promise<number | null> {
  if (directory === null) return null
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}
