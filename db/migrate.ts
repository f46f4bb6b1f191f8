import { Migrator, sql } from 'kysely'
import type { Db, OpenDatabase } from './database.ts'
import { migrations } from './migrations/index.ts'

/**
 * Brings the schema to head, or up to one migration; several processes may call this at once, each migration runs exactly
 * once. Gives the names of those that ran. Throws when a newer Instroom was here.
 */
export async function migrate(open: Pick<OpenDatabase, 'patiently'>, upTo?: string): Promise<string[]> {
  return open.patiently(async db => {
    await refuseNewer(db)
    const migrator = migratorOf(db)
    const { error, results } = await (upTo === undefined
      ? migrator.migrateToLatest()
      : migrator.migrateTo(upTo))
    if (error) {
      // Another process may have brought it past this version while this one waited for its turn.
      await refuseNewer(db)
      throw error
    }
    return (results ?? []).map(result => result.migrationName)
  })
}

/** Names of migrations that the schema lacks; empty at head. */
export async function migrationsMissing(db: Db): Promise<string[]> {
  const all = await migratorOf(db).getMigrations()
  return all.filter(migration => migration.executedAt === undefined).map(migration => migration.name)
}

/** Throws when the schema holds migrations that this version does not know: it cannot tell what they mean. */
export async function refuseNewer(db: Db): Promise<void> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db)
  if (!rows[0]?.there) return
  const ran = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = ran.rows.map(row => row.name).filter(name => !(name in migrations))
  if (unknown.length === 0) return
  throw new Error(
    `This database was made by a newer Instroom: it has ${unknown.join(', ')}, which this version does not know. Start that version, or restore a backup from before it; nothing was changed.`,
  )
}

const migratorOf = (db: Db) => new Migrator({ db, provider: { getMigrations: async () => migrations } })
