import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeFS } from '@electric-sql/pglite/nodefs'

const WAL_SEGMENT = /^[0-9A-F]{24}$/
/** File times move in ticks of a few milliseconds: a file that changed this recently may change again unseen. */
const TICK_MS = 50

/**
 * The files of the embedded database, flushed to the disk before a commit is answered.
 *
 * PGlite runs PostgreSQL with fsync off, which survives a killed process but not a power cut. After every statement
 * outside a transaction it asks its file system to sync, and waits: here that flushes the write-ahead log. A checkpoint
 * writes the tables themselves; when one is seen, everything is flushed. What stays: a power cut during a checkpoint
 * that PGlite makes by itself (more than 1 GB of log), and disks that lie about flushing.
 */
export class FlushingFiles extends NodeFS {
  readonly #flushedAt = new Map<string, number>()
  #checkpoint = 0

  override async syncToFs(): Promise<void> {
    if (this.pg?.isInTransaction()) return
    const checkpoint = modified(join(this.rootDir, 'global', 'pg_control'))
    if (checkpoint !== this.#checkpoint) {
      flushTree(this.rootDir)
      this.#checkpoint = checkpoint
      return
    }
    const log = join(this.rootDir, 'pg_wal')
    for (const name of readdirSync(log)) {
      if (WAL_SEGMENT.test(name)) await this.#flush(join(log, name))
    }
  }

  async #flush(file: string): Promise<void> {
    const changed = modified(file)
    const flushed = this.#flushedAt.get(file)
    if (flushed !== undefined && changed < flushed - TICK_MS) return
    const before = Date.now()
    const handle = await open(file, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (flushed === undefined) flushDirectory(join(file, '..'))
    this.#flushedAt.set(file, before)
  }
}

/** Flushes every file below a directory, and the directories that name them. */
export function flushTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) flushTree(path)
    else if (entry.isFile()) flushFile(path)
  }
  flushDirectory(directory)
}

export function flushFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A new name in a directory is only safe once the directory is flushed. Windows cannot, and does not need to. */
export function flushDirectory(directory: string): void {
  if (process.platform !== 'win32') flushFile(directory)
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
