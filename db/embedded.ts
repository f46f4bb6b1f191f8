import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'

export interface EmbeddedDatabase {
  engine: PGlite
  pgConfig: ReturnType<typeof createPgConfig>
  close(): Promise<void>
}

/** PostgreSQL inside this process (PGlite): a directory, or `memory://`, which may start as a copy of an image. */
export async function openEmbedded(directory: string, image?: Blob): Promise<EmbeddedDatabase> {
  if (directory !== 'memory://') mkdirSync(directory, { recursive: true, mode: 0o700 })
  const engine = await PGlite.create(directory, {
    extensions: { btree_gist },
    ...(image && { loadDataDir: image }),
  })
  await engine.exec(`set timezone = 'Europe/Amsterdam'`)
  return { engine, pgConfig: createPgConfig(engine), close: () => engine.close() }
}
