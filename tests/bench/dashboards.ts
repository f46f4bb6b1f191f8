/**
 * How fast the dashboards answer on a large organisation: `npm run bench:dashboards -- --database postgres://…/empty`.
 * Without a database it runs on the embedded engine. The organisation: 1,000 workers in 60 teams, about 7,500 open cases,
 * five years of seats, phases and rulebooks. Times are of the whole request, without the network; on a busy machine the
 * processor time says more than the clock.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { type Db, migrate, openDatabase } from '../../db/database.ts'
import { installStartValues } from '../../db/start-values.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { OFFICE_HOURS, startSession } from '../../server/http/session.ts'
import { dayOf } from '../../server/today.ts'

const LARGE = [
  'allocation',
  'allocation_period',
  'case_file',
  'case_period',
  'case_measure',
  'case_has_factor',
]

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'memory://' },
    runs: { type: 'string', default: '15' },
    workers: { type: 'string', default: '1000' },
    teams: { type: 'string', default: '60' },
    cases: { type: 'string', default: '33000' },
  },
})
const runs = Number(values.runs)
const sizes = { workers: Number(values.workers), teams: Number(values.teams), cases: Number(values.cases) }
const today = dayOf(new Date())

const open = await openDatabase(values.database)
await migrate(open.db)
const people = await fill(open.db)
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

/** Made by SQL from a fixed seed; gives who asks: the lead of one team, and somebody who leads all of them. */
async function fill(db: Db): Promise<[string, number][]> {
  return db
    .transaction()
    .execute(async tx => {
      await sql`set local statement_timeout = 0`.execute(tx)
      await sql`select setseed(0.42)`.execute(tx)
      const { id: organisationId } = await tx
        .insertInto('organisation')
        .values({ name: 'Bench' })
        .returning('id')
        .executeTakeFirstOrThrow()
      await installStartValues(tx, organisationId, '2019-01-01')
      for (const table of ['worker', 'case_file', 'allocation']) {
        await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx)
      }
      await sql`insert into rulebook (organisation_id, version, effective_from, content)
      select organisation_id, 1 + n, ${today}::date - 1800 + n * 300, content
      from rulebook, generate_series(1, 6) n where organisation_id = ${organisationId}`.execute(tx)
      await sql`insert into team (organisation_id, name)
      select ${organisationId}::int, 'Team ' || n from generate_series(1, ${sizes.teams}::int) n`.execute(tx)
      const firstTeam = sql`(select min(id) from team where organisation_id = ${organisationId})`
      await sql`insert into worker (organisation_id, team_id, staff_number, name, contract_hours, registration, employed_from, employed_until)
      select ${organisationId}::int, ${firstTeam} + n % ${sizes.teams}::int, 'w-' || n, 'W. de Boer ' || n, 20 + 4 * (n % 5),
        'registered', ${today}::date - (random() * 3000)::int - 90, case when n % 40 = 0 then ${today}::date + 30 end
      from generate_series(1, ${sizes.workers}::int) n`.execute(tx)
      await sql`insert into worker_period (worker_id, from_on, until_on, team_id, contract_hours, duty_hours)
      select id, '-infinity', ${today}::date - 400, team_id, least(36, contract_hours + 4), 0 from worker
      union all select id, ${today}::date - 400, 'infinity', team_id, contract_hours, 0 from worker`.execute(
        tx,
      )
      await sql`insert into reduction (worker_id, reason_code, percentage, valid_from, valid_until)
      select id, 'TAAK', 10, d, case when id % 3 > 0 then d + 200 end
      from worker, lateral (select ${today}::date - (random() * 1800)::int as d) x where id % 2 = 0`.execute(
        tx,
      )
      await sql`insert into absence (worker_id, percentage, valid_from, valid_until)
      select w.id, 100, d, d + (random() * 45)::int from worker w, generate_series(1, 10) n,
        lateral (select ${today}::date - 1800 + n * 180 + (random() * 60)::int + w.id * 0 as d) x`.execute(tx)
      await sql`insert into preference (worker_id, kind, code, value)
      select w.id, 'measure', m, 'rather' from worker w, unnest(array['OTS', 'VOOGDIJ']) m
      union all select w.id, 'heavy', 'heavy', 'rather_not' from worker w where w.id % 3 = 0`.execute(tx)
      await sql`insert into worker_competence (worker_id, competence_code, level)
      select w.id, c, 1 + w.id % 3 from worker w, unnest(array['OTS', 'VOOGDIJ', 'SCHEIDING']) c`.execute(tx)
      // A fiftieth of the newest wait; the others were allocated after five days and close at their end.
      await sql`insert into case_file (organisation_id, team_id, case_number, phase, children, urgency, received_on, closed_on)
      select ${organisationId}::int, ${firstTeam} + n % ${sizes.teams}::int, 'B-' || n,
        case when age < 95 then 'begin' when age > length - 90 then 'end' else 'middle' end, 1 + n % 3, 'normal',
        ${today}::date - age, case when age > length then ${today}::date - age + length end
      from (select n, case when n % 50 = 0 then n % 15 else 20 + (random() * 2080)::int end as age, 60 + (random() * 840)::int as length
        from generate_series(1, ${sizes.cases}::int) n) x`.execute(tx)
      await sql`insert into case_measure (case_id, measure_code, start_on, end_on)
      select id, (array['OTS', 'OTS', 'OTS', 'VOOGDIJ', 'JR_GEDWONGEN', 'VOTS'])[1 + id % 6], received_on,
        case when closed_on is not null then closed_on end from case_file`.execute(tx)
      await sql`insert into case_has_factor (case_id, factor_code) select id, 'COMPLEX_SCHEIDING' from case_file where id % 3 > 0
      union all select id, 'UHP' from case_file where id % 2 = 0`.execute(tx)
      await sql`insert into case_competence (case_id, competence_code, level, need)
      select id, 'OTS', 1, 'required' from case_file where id % 2 = 0`.execute(tx)
      await sql`insert into case_period (case_id, from_on, until_on, team_id, phase)
      select c.id, p.f, p.u, c.team_id, p.phase from case_file c cross join lateral (
        select coalesce(c.closed_on, ${today}::date + 400) as last) l
      cross join lateral (values ('begin', '-infinity'::date, c.received_on + 95),
        ('middle', c.received_on + 95, greatest(c.received_on + 96, last - 90)),
        ('end', greatest(c.received_on + 96, last - 90), 'infinity'::date)) p (phase, f, u)
      where p.f < p.u and (p.f <= ${today}::date)`.execute(tx)
      await sql`update case_period set until_on = 'infinity' where until_on > ${today}::date`.execute(tx)
      await sql`insert into allocation (case_id, worker_id, seat, starts_on, ends_on, agreed_hours, hours, origin)
      select c.id, w.id, 'primary', c.received_on + 5, case when c.closed_on is not null then greatest(c.closed_on, c.received_on + 5) end, 5, 3, 'import'
      from (select c.*, row_number() over (partition by team_id order by id) as n from case_file c where id % 50 > 0 or closed_on is not null) c
      join (select w.*, row_number() over (partition by team_id order by id) - 1 as n, count(*) over (partition by team_id) as many from worker w) w
        on w.team_id = c.team_id and w.n = c.n % w.many
      where c.received_on + 5 <= ${today}::date`.execute(tx)
      await sql`insert into allocation_period (allocation_id, from_on, until_on, hours)
      select a.id, p.from_on, p.until_on, case p.phase when 'begin' then 5 when 'middle' then 3 else 2 end
      from allocation a join case_period p on p.case_id = a.case_id`.execute(tx)
      for (const table of ['worker', 'case_file', 'allocation']) {
        await sql`alter table ${sql.table(table)} enable trigger user`.execute(tx)
      }
      const user = async (name: string, teams: ReturnType<typeof sql>) => {
        const { id } = await tx
          .insertInto('userAccount')
          .values({
            organisationId,
            email: `${name}@bench.test`,
            name,
            passwordHash: null,
            status: 'active',
            locale: 'nl',
            workerId: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await sql`insert into user_role (user_id, role, team_id) select ${id}::int, 'lead', id from team where ${teams}`.execute(
          tx,
        )
        return id
      }
      return [
        [
          'one team',
          await user('one', sql`id = (select team_id from worker where staff_number = 'w-17')`),
        ] as [string, number],
        ['organisation', await user('all', sql`true`)] as [string, number],
      ]
    })
    .then(async made => {
      await sql`analyze`.execute(db)
      return made
    })
}
