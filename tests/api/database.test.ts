import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { type Db, openDatabase } from '../../db/database.ts'
import { migrate, migrationsMissing } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/index.ts'
import { forEachDatabase, freshDatabase } from '../support/databases.ts'
import { databaseUrl } from '../support/global-setup.ts'
import { untilSo } from '../support/patience.ts'

describe('a directory', () => {
  const directories: string[] = []
  const newDirectory = () => {
    const directory = mkdtempSync(join(tmpdir(), 'instroom-directory-'))
    directories.push(directory)
    return directory
  }
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
  })

  test('holds what was written, after it was closed and opened again', async () => {
    const directory = newDirectory()
    const first = await openDatabase(directory)
    await migrate(first)
    await first.db.insertInto('organisation').values({ name: 'Blijft' }).execute()
    await first.close()
    const second = await openDatabase(directory)
    expect(await second.db.selectFrom('organisation').select('name').execute()).toEqual([{ name: 'Blijft' }])
    expect(second.embedded?.flushed).toBe(true)
    await second.close()
  })

  test('is refused to a second opener, who hears which process holds it', async () => {
    const directory = newDirectory()
    const first = await openDatabase(directory)
    await expect(openDatabase(directory)).rejects.toThrow(`process ${process.pid}`)
    await first.close()
    await (await openDatabase(directory)).close()
  })
})

forEachDatabase('one path', engine => {
  test('numbers, days and moments are read the same way, and a list may be empty', async () => {
    const open = await freshDatabase(engine)
    const { rows } = await open.pool.query(
      `select count(*) as count, 2.50::numeric as hours, date '2026-03-29' as day, timestamptz '2026-03-29 03:00+02' as at`,
    )
    expect(rows).toEqual([{ count: 1, hours: 2.5, day: '2026-03-29', at: new Date('2026-03-29T01:00:00Z') }])
    // Nothing is in an empty list, and everything is not in one.
    await open.db.insertInto('organisation').values({ name: 'Een' }).execute()
    const among = (how: 'in' | 'not in') =>
      open.db.selectFrom('organisation').select('name').where('id', how, []).execute()
    expect(await among('in')).toEqual([])
    expect(await among('not in')).toEqual([{ name: 'Een' }])
    await open.db.deleteFrom('organisation').where('id', 'in', []).execute()
    expect(await among('not in')).toHaveLength(1)
    await open.close()
  })

  test('a database of a newer Instroom is named as such, and not touched', async () => {
    const open = await freshDatabase(engine)
    const ofLater = { name: '9999_of_later', timestamp: new Date().toISOString() }
    await sql`insert into kysely_migration values (${ofLater.name}, ${ofLater.timestamp})`.execute(open.db)
    await expect(migrate(open)).rejects.toThrow(/made by a newer Instroom: it has 9999_of_later/)
    expect(await migrationsMissing(open.db)).toEqual([])
    await sql`delete from kysely_migration where name = ${ofLater.name}`.execute(open.db)
    expect(await migrate(open)).toEqual([])
    await open.close()
  })

  test('what is said inside a transaction is heard after it, and not when it is undone', async () => {
    const open = await freshDatabase(engine)
    const heard: string[] = []
    const stop = await open.listen('test_channel', payload => heard.push(payload))
    await open.db.transaction().execute(tx => sql`select pg_notify('test_channel', 'kept')`.execute(tx))
    await expect(
      open.db.transaction().execute(async tx => {
        await sql`select pg_notify('test_channel', 'undone')`.execute(tx)
        throw new Error('undo')
      }),
    ).rejects.toThrow('undo')
    await open.db.transaction().execute(tx => sql`select pg_notify('test_channel', 'last')`.execute(tx))
    await untilSo(() => expect(heard).toEqual(['kept', 'last']))
    await stop()
    await open.close()
  })
})

describe.runIf(inject('postgres'))('PostgreSQL', () => {
  test('five servers that start at once migrate exactly once', async () => {
    const server = inject('postgres')!.url
    const name = `instroom_test_migrate_${process.pid}`
    const admin = new pg.Client({ connectionString: server })
    await admin.connect()
    await admin.query(`create database ${name}`)
    const opened = await Promise.all(Array.from({ length: 5 }, () => openDatabase(databaseUrl(server, name))))
    const applied = await Promise.all(opened.map(one => migrate(one)))
    expect(applied.flat().sort()).toEqual(Object.keys(migrations).sort())
    await Promise.all(opened.map(open => open.close()))
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  })

  test('a migration has its own time limits, a request those of requests', async () => {
    const open = await freshDatabase('PostgreSQL')
    const limits = async (db: Db) =>
      (
        await sql`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`.execute(
          db,
        )
      ).rows[0]
    expect(await open.patiently(limits)).toEqual({ statement: '0', lock: '10min' })
    expect(await limits(open.db)).toEqual({ statement: '10s', lock: '8s' })
    await open.close()
  })

  test('a connection that listens comes back after PostgreSQL cut it, and says that it missed something', async () => {
    const open = await freshDatabase('PostgreSQL')
    const heard: string[] = []
    const missed = vi.fn()
    const stop = await open.listen('test_channel', payload => heard.push(payload), { missed })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'instroom-listen' and datname = current_database()`.execute(open.db)
    await untilSo(() => expect(missed).toHaveBeenCalledOnce())
    await sql`select pg_notify('test_channel', 'again')`.execute(open.db)
    await untilSo(() => expect(heard).toEqual(['again']))
    await stop()
    await open.close()
  })
})
