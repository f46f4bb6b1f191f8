import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { sql } from 'kysely'
import { isPostgres, type OpenDatabase, openDatabase, type Tx } from '../../db/database.ts'
import { flushDirectory, flushFile } from '../../db/flushing-files.ts'
import { migrate } from '../../db/migrate.ts'
import { migrations } from '../../db/migrations/index.ts'
import { verifyChain } from '../events/chain.ts'

/**
 * One format for both engines, so that a backup of one can be restored on the other: gzip of one JSON text per line.
 * First the header, then every row as [table number, row], last the sha256 of all lines before it.
 */
interface Header {
  format: 'instroom-backup'
  version: 1
  createdAt: string
  /** Migrations that had run, in order; the rows fit the schema after these. */
  migrations: string[]
  /** In the order in which they can be filled, with the number of rows. */
  tables: { name: string; rows: number }[]
}

/** Live for a while only: people sign in again, and repeat what they sent, after a restore. */
const LEFT_OUT = ['session', 'idempotency', 'sign_in_failure', 'known_device']
const ROWS_AT_A_TIME = 500

/** Writes everything that lasts to `file`, as of one moment; complete under its name or not there at all. */
export async function backup(open: OpenDatabase, file: string, now: Date): Promise<Header> {
  const path = resolve(file)
  if (existsSync(path)) throw new Error(`${path} exists already. Name a new file.`)
  const unfinished = `${path}.unfinished`
  let header: Header | null = null
  try {
    await open.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async tx => {
        await sql`set local statement_timeout = 0`.execute(tx)
        header = await headerOf(tx, now)
        const target = createWriteStream(unfinished, { mode: 0o600 })
        await pipeline(Readable.from(withDigest(linesOf(tx, header))), createGzip(), target)
      })
    flushFile(unfinished)
    renameSync(unfinished, path)
    flushDirectory(dirname(path))
    return header!
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

async function headerOf(tx: Tx, now: Date): Promise<Header> {
  const { rows: done } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    tx,
  )
  const tables: Header['tables'] = []
  for (const name of await tablesInOrder(tx)) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
      tx,
    )
    tables.push({ name, rows: rows[0]!.count })
  }
  return {
    format: 'instroom-backup',
    version: 1,
    createdAt: now.toISOString(),
    migrations: done.map(({ name }) => name),
    tables,
  }
}

/** Every table but those left out, each after the tables that its rows point at. */
async function tablesInOrder(tx: Tx): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = current_schema() and c.relname not like 'kysely%' order by 1`.execute(
    tx,
  )
  const { rows: references } = await sql<{ from: string; to: string }>`
    select f.relname as from, t.relname as to from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and f.oid <> t.oid`.execute(tx)
  const waiting = tables.map(({ name }) => name).filter(name => !LEFT_OUT.includes(name))
  const ordered: string[] = []
  while (waiting.length > 0) {
    const ready = waiting.findIndex(
      name => !references.some(({ from, to }) => from === name && waiting.includes(to)),
    )
    if (ready === -1) throw new Error(`The tables ${waiting.join(', ')} point at each other in a circle.`)
    ordered.push(...waiting.splice(ready, 1))
  }
  return ordered
}

async function* linesOf(tx: Tx, header: Header): AsyncGenerator<string> {
  yield JSON.stringify(header)
  for (const [index, { name }] of header.tables.entries()) {
    const cursor = sql.id(`backup_${index}`)
    await sql`declare ${cursor} no scroll cursor for select row_to_json(t)::text as line from ${sql.table(name)} t`.execute(
      tx,
    )
    for (;;) {
      const { rows } = await sql<{ line: string }>`fetch ${sql.lit(ROWS_AT_A_TIME)} from ${cursor}`.execute(
        tx,
      )
      for (const { line } of rows) yield `[${index},${line}]`
      if (rows.length < ROWS_AT_A_TIME) break
    }
    await sql`close ${cursor}`.execute(tx)
  }
}

async function* withDigest(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const digest = createHash('sha256')
  for await (const line of lines) {
    digest.update(`${line}\n`)
    yield `${line}\n`
  }
  yield `${JSON.stringify({ sha256: digest.digest('hex') })}\n`
}

/**
 * Restores a backup into a new directory or an empty PostgreSQL database, never over data. All or nothing: counts and the
 * hash chain of the events must come out as they were. Gives the header of the backup.
 */
export async function restore(file: string, target: string): Promise<Header> {
  const isNew = !isPostgres(target)
  if (isNew && existsSync(target) && readdirSync(target).length > 0) {
    throw new Error(`${target} is not empty. A restore never writes over data: name a new directory.`)
  }
  const header = await checkedHeader(file)
  const open = await openDatabase(target)
  try {
    await refuseFilled(open, target)
    await migrate(open, header.migrations.at(-1))
    await open.db.transaction().execute(tx => fill(tx, file, header))
    await migrate(open)
    await open.close()
    return header
  } catch (error) {
    await open.close()
    if (isNew) rmSync(target, { recursive: true, force: true })
    throw error
  }
}

async function refuseFilled(open: OpenDatabase, target: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = current_schema() limit 3`.execute(open.db)
  if (rows.length === 0) return
  const names = rows.map(({ name }) => name).join(', ')
  throw new Error(
    `The database ${new URL(target).pathname.slice(1)} holds tables (${names}). A restore never writes over data: make an empty database.`,
  )
}

function damaged(file: string): Error {
  return new Error(`${file} is no backup, or it is damaged or cut off. Nothing was restored.`)
}

/** The lines of a packed file; what is wrong with the file is thrown to the reader. */
async function* linesIn(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const unpacked = createGunzip().setEncoding('utf8')
  source.on('error', error => unpacked.destroy(error))
  unpacked.on('close', () => source.destroy())
  source.pipe(unpacked)
  let rest = ''
  try {
    for await (const chunk of unpacked as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    // What zlib says names neither the file nor what to think of it.
    const unreadable = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    throw unreadable ? damaged(file) : error
  }
  if (rest !== '') yield rest
}

/** Reads the whole file once before anything is touched: its checksum and counts must fit. */
async function checkedHeader(file: string): Promise<Header> {
  let header: Header | null = null
  const counts = new Map<number, number>()
  const digest = createHash('sha256')
  for await (const line of linesIn(file)) {
    const end = END.exec(line)
    if (header && end) {
      if (end[1] !== digest.digest('hex')) break
      for (const [index, { name, rows }] of header.tables.entries()) {
        const found = counts.get(index) ?? 0
        if (found !== rows)
          throw new Error(`${file} holds ${found} rows of ${name}, its header says ${rows}.`)
      }
      return header
    }
    digest.update(`${line}\n`)
    if (!header) {
      header = readHeader(file, line)
      continue
    }
    const index = Number(ROW.exec(line)?.[1] ?? Number.NaN)
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  throw damaged(file)
}

const ROW = /^\[(\d+),(.*)\]$/s
const END = /^\{"sha256":"([0-9a-f]{64})"\}$/

function readHeader(file: string, line: string): Header {
  const header = parsed(line) as Partial<Header> | null
  if (header?.format !== 'instroom-backup') throw new Error(`${file} is not a backup of Instroom.`)
  if (header.version !== 1)
    throw new Error(`${file} has version ${header.version}; this program reads version 1.`)
  const unknown = (header.migrations ?? []).filter(name => !(name in migrations))
  if (unknown.length > 0) {
    throw new Error(
      `${file} was made by a newer version (${unknown.join(', ')}). Restore it with that version.`,
    )
  }
  return header as Header
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

async function fill(tx: Tx, file: string, header: Header): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(tx)
  // What happened is restored as it was: a worker who fell ill may hold more than could be added today.
  for (const { name } of header.tables)
    await sql`alter table ${sql.table(name)} disable trigger user`.execute(tx)
  let table = -1
  let rows: string[] = []
  const flush = async () => {
    if (rows.length === 0) return
    const name = header.tables[table]!.name
    const columns = sql.join((await storedColumns(tx, name)).map(column => sql.ref(column)))
    await sql`insert into ${sql.table(name)} (${columns}) overriding system value
      select ${columns} from jsonb_populate_recordset(null::${sql.table(name)}, ${`[${rows.join(',')}]`}::jsonb)`.execute(
      tx,
    )
    rows = []
  }
  for await (const line of linesIn(file)) {
    const [, index, row] = ROW.exec(line) ?? []
    if (index === undefined || row === undefined) continue
    if (Number(index) !== table || rows.length === ROWS_AT_A_TIME) await flush()
    table = Number(index)
    rows.push(row)
  }
  await flush()
  await setSequences(tx)
  for (const { name } of header.tables)
    await sql`alter table ${sql.table(name)} enable trigger user`.execute(tx)
  const chain = await verifyChain(tx)
  if (chain.fault !== null) throw new Error(`The history in ${file} is not whole: ${chain.fault}`)
}

/** Every column that is written; what the database works out itself is worked out again. */
async function storedColumns(tx: Tx, table: string): Promise<string[]> {
  const { rows } = await sql<{ column: string }>`
    select column_name as column from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER'
    order by ordinal_position`.execute(tx)
  return rows.map(row => row.column)
}

/** New rows go on counting after the restored ones. */
async function setSequences(tx: Tx): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`.execute(tx)
  for (const { table, column } of rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), greatest(max(${sql.id(column)}), 1), max(${sql.id(column)}) is not null)
      from ${sql.table(table)}`.execute(tx)
  }
}
