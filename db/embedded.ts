import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { LOCK_FILES, lockDirectory } from './directory-lock.ts'
import { FlushingFiles, flushTree } from './flushing-files.ts'

export interface EmbeddedDatabase {
  engine: PGlite
  pgConfig: ReturnType<typeof createPgConfig>
  /** Whether a commit is on the disk before it is answered. */
  flushed: boolean
  close(): Promise<void>
}

/**
 * PostgreSQL inside this process (PGlite): in a directory that this process then holds alone, or in `memory://`, which
 * may start as a copy of an image. Throws when another process holds the directory.
 *
 * `INSTROOM_FLUSH=0` leaves flushing to the operating system: faster, and unsafe under power loss.
 */
export async function openEmbedded(directory: string, image?: Blob): Promise<EmbeddedDatabase> {
  const options = { extensions: { btree_gist }, ...(image && { loadDataDir: image }) }
  if (directory === 'memory://') {
    const engine = await PGlite.create(directory, options)
    return opened(engine, false, () => engine.close())
  }

  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const unlock = await lockDirectory(directory)
  try {
    const files = join(directory, 'database')
    refuseForeignFiles(directory, files)
    const flushed = process.env.INSTROOM_FLUSH !== '0'
    const engine = await PGlite.create({
      ...options,
      ...(flushed ? { fs: new FlushingFiles(files) } : { dataDir: files }),
    })
    if (flushed) flushTree(directory)
    return await opened(engine, flushed, async () => {
      await engine.close()
      if (flushed) flushTree(directory)
      await unlock()
    })
  } catch (error) {
    await unlock()
    throw error
  }
}

/** A new database is made in an empty directory only: somebody may have named the wrong one, or lost a part of theirs. */
function refuseForeignFiles(directory: string, files: string): void {
  if (existsSync(join(files, 'PG_VERSION'))) return
  const there = readdirSync(directory).filter(name => !LOCK_FILES.test(name))
  if (there.length === 0) return
  throw new Error(
    `${directory} holds files (${there.slice(0, 3).join(', ')}) but no database of Instroom. Nothing was changed. Name an ` +
      'empty directory or one that Instroom made; if the making of this one was interrupted, empty it first.',
  )
}

async function opened(
  engine: PGlite,
  flushed: boolean,
  close: () => Promise<void>,
): Promise<EmbeddedDatabase> {
  await engine.exec(`set timezone = 'Europe/Amsterdam'`)
  return { engine, pgConfig: createPgConfig(engine), flushed, close }
}
