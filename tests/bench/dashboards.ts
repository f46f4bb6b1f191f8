/**
 * How fast the dashboards answer on a large organisation: `npm run bench:dashboards -- --database postgres://…/empty`.
 * Without a database it runs on the embedded engine. The organisation: 1,000 workers in 60 teams, about 7,500 open cases,
 * five years of seats, phases and rulebooks. Times are of the whole request, without the network; on a busy machine the
 * processor time says more than the clock.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config/config.ts'
import { dayOf } from '../../server/contract/days.ts'
import { OFFICE_HOURS, startSession } from '../../server/http/session.ts'
import { fill, filledBefore } from './large-organisation.ts'

const LARGE = [
  'allocation',
  'allocation_period',
  'case_file',
  'case_period',
  'case_measure',
  'case_has_factor',
]

/**
 * What one team's dashboard may read in sequence, and why. Anything else makes the bench fail: somebody who looks at a dozen
 * people should not wait for the organisation.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Heavy cases per fte of the other teams are figures of the whole organisation.
  Eerlijkheid: ['case_file', 'case_measure', 'case_has_factor', 'case_period', 'allocation_period'],
  // How often cases move on is counted over the whole organisation.
  Verloop: ['case_file', 'case_period', 'allocation'],
  Medewerker: ['case_file', 'case_period', 'allocation'],
}

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'memory://' },
    runs: { type: 'string', default: '15' },
    workers: { type: 'string', default: '1000' },
    teams: { type: 'string', default: '60' },
    cases: { type: 'string', default: '33000' },
    only: { type: 'string' },
  },
})
const runs = Number(values.runs)
const sizes = { workers: Number(values.workers), teams: Number(values.teams), cases: Number(values.cases) }
const today = dayOf(new Date())

const open = await openDatabase(values.database)
await migrate(open)
const people = (await filledBefore(open.db)) ?? (await fill(open.db, sizes, today))
const app = await buildApp({
  open,
  config: {
    ...readConfig({}, { demo: false, built: new URL('.', import.meta.url) }),
    logLevel: 'silent',
    webDirectory: null,
  },
})
await app.ready()

const [counts] = (
  await sql<Record<string, number>>`select (select count(*) from worker) as workers,
    (select count(*) from case_file where closed_on is null) as open_cases, (select count(*) from allocation) as seats,
    (select count(*) from allocation_period) as stretches, (select count(*) from case_period) as phases`.execute(
    open.db,
  )
).rows
console.log(`${open.kind}: ${JSON.stringify(counts)}, ${runs} runs each, today ${today}\n`)

const paths = [
  ['Werklast', '/workers'],
  ['Verloop', '/reports/trend'],
  ['Eerlijkheid', '/reports/fairness'],
  ['Instroom en uitstroom', '/reports/flow'],
  ['Onvervulde vraag', '/reports/demand'],
  ['Signalen', '/signals'],
  ['Medewerker', '/workers/w-17/trend'],
] as const
console.log(
  '| Dashboard | Scope | processor ms | median ms | slowest ms | kB | large tables read in sequence |',
)
console.log('|---|---|---|---|---|---|---|')
for (const [name, path] of paths) {
  for (const [scope, userId] of people) {
    if (values.only !== undefined && !name.startsWith(values.only)) continue
    if (name === 'Medewerker' && scope !== 'one team') continue
    const session = await startSession(open.db, userId, new Date(), OFFICE_HOURS)
    const ask = () => app.inject({ url: `/api${path}`, headers: { cookie: `sid=${session}` } })
    const first = await ask()
    if (first.statusCode !== 200) throw new Error(`${path} answered ${first.statusCode}: ${first.payload}`)
    const scans = await sequentialReads(open.db)
    const times: number[] = []
    const used = await processorTime(open.db)
    for (let run = 0; run < runs; run++) {
      const begin = performance.now()
      await ask()
      times.push(performance.now() - begin)
    }
    const read = [...(await sequentialReads(open.db))].flatMap(([table, after]) =>
      after > (scans.get(table) ?? 0) ? [table] : [],
    )
    const spent = ((await processorTime(open.db)) - used) / runs
    times.sort((a, b) => a - b)
    const figures = [spent, times[Math.floor(runs / 2)]!, times.at(-1)!, first.payload.length / 1000].map(
      one => one.toFixed(0),
    )
    const unexpected = read.filter(table => !ALLOWED[name]?.includes(table))
    // The embedded engine plans alike, but a small organisation is read in sequence for good reason.
    if (scope === 'one team' && open.kind === 'postgres' && unexpected.length > 0) {
      console.error(`${name} of one team reads ${unexpected.join(', ')} in sequence. Look at its plan.`)
      process.exitCode = 1
    }
    console.log(`| ${name} | ${scope} | ${figures.join(' | ')} | ${read.join(', ') || 'none'} |`)
  }
}
await app.close()
await open.close()

/**
 * Milliseconds of processor that this process and the database's own used so far: what a request costs, however busy the
 * machine is. Of a database on another machine only this process is seen.
 */
async function processorTime(db: Db): Promise<number> {
  const { user, system } = process.cpuUsage()
  const own = (user + system) / 1000
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database()`.execute(db)
  const ticks = rows.map(({ pid }) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      return Number(fields[11]) + Number(fields[12])
    } catch {
      return 0
    }
  })
  // Linux counts processor time in hundredths of a second.
  return own + ticks.reduce((sum, one) => sum + one, 0) * 10
}

/** How often each large table was read in sequence so far; PostgreSQL counts with some delay. */
async function sequentialReads(db: Db): Promise<Map<string, number>> {
  await sql`select pg_stat_force_next_flush(), pg_stat_clear_snapshot()`.execute(db)
  await new Promise(resolve => setTimeout(resolve, 1100))
  const { rows } = await sql<{ table: string; scans: number }>`
    select relname as table, seq_scan as scans from pg_stat_user_tables where relname = any(${LARGE}::text[])`.execute(
    db,
  )
  return new Map(rows.map(row => [row.table, row.scans]))
}
