import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Db, openDatabase } from '../../db/database.ts'
import { migrations } from '../../db/migrations/index.ts'
import { dayOf } from '../../server/contract/days.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { EVENT_CHANNEL } from '../../server/events/events.ts'
import { OFFICE_HOURS, startSession } from '../../server/http/session.ts'
import { aCase, anOrganisation, aTeam, aUser, aWorker } from '../support/builders.ts'
import { freshDatabase } from '../support/databases.ts'
import { databaseUrl } from '../support/global-setup.ts'
import { hear, request, type ServerProcess, startProcess, until } from '../support/processes.ts'

const postgres = inject('postgres')

/** An organisation with an intake member who is signed in, and cases that wait. */
async function furnish(db: Db, size: { cases: number; workers: number }) {
  const organisationId = await anOrganisation(db)
  const teamId = await aTeam(db, { organisationId })
  const cases: string[] = []
  await db.transaction().execute(async tx => {
    const receivedOn = dayOf(new Date())
    for (let n = 0; n < size.workers; n++) await aWorker(tx, { organisationId, teamId })
    for (let n = 0; n < size.cases; n++) {
      const { caseNumber } = await aCase(tx, {
        organisationId,
        teamId,
        receivedOn,
        // Hours that differ make the calculation long: no two cases can stand in for each other.
        weightOverrideHours: 1 + (n % 37) / 10,
        weightOverrideReason: 'proef',
      })
      cases.push(caseNumber)
    }
  })
  const userId = await aUser(db, { organisationId, roles: [{ role: 'intake', teamId }] })
  const session = await startSession(db, userId, new Date(), OFFICE_HOURS)
  return { cookie: `sid=${session}`, teamId, cases }
}

async function compose(address: string, world: { cookie: string; teamId: number; cases: string[] }) {
  const made = await request<{ id: number }>(address, world.cookie, '/rounds', {
    method: 'POST',
    body: {
      teamIds: [world.teamId],
      caseNumbers: world.cases,
      staffNumbers: null,
      startOn: dayOf(new Date()),
      profile: 'balanced',
    },
  })
  expect(made.status, made.text).toBe(201)
  return made.body.id
}

describe.runIf(postgres)('two servers on one PostgreSQL', () => {
  const running: ServerProcess[] = []
  const start = async (url: string) => {
    const server = await startProcess(url)
    running.push(server)
    return server
  }
  afterEach(async () => {
    await Promise.all(running.splice(0).map(server => server.end('SIGKILL')))
  })

  test('that start at once on an empty database run every migration once', async () => {
    const name = `instroom_empty_${randomUUID().slice(0, 8)}`
    const admin = new pg.Client({ connectionString: postgres!.url })
    await admin.connect()
    await admin.query(`create database ${name}`)
    try {
      const url = databaseUrl(postgres!.url, name)
      const servers = await Promise.all([start(url), start(url)])
      for (const { address } of servers) expect((await fetch(`${address}/readyz`)).status).toBe(200)
      const open = await openDatabase(url)
      const { rows } = await open.pool.query('select name from kysely_migration order by name')
      await open.close()
      expect(rows.map(row => row.name)).toEqual(Object.keys(migrations).sort())
      expect(await Promise.all(servers.map(server => server.end('SIGTERM')))).toEqual([0, 0])
    } finally {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    }
  })

  describe('that serve together', () => {
    let database: Awaited<ReturnType<typeof freshDatabase>>
    beforeAll(async () => {
      database = await freshDatabase('PostgreSQL')
    })
    afterAll(() => database.close())

    test('solve a run once, and both tell of it', async () => {
      const world = await furnish(database.db, { cases: 3, workers: 4 })
      const [one, two] = await Promise.all([start(database.url), start(database.url)])
      const heard = await hear(two.address, world.cookie)
      await until(async () => heard.text.includes('event: ready'), 'the stream is ready')
      const id = await compose(one.address, world)
      await until(
        async () => heard.text.includes('run.finished'),
        `the other server tells of the run: ${heard.text}`,
      )
      const { body } = await request<RoundDetail>(two.address, world.cookie, `/rounds/${id}`)
      expect(body.run?.state).toBe('done')
      const { rows } = await database.pool.query(
        'select attempt, (select count(*) from proposal where run_id = run.id) as proposals from run where round_id = $1',
        [id],
      )
      expect(rows).toEqual([{ attempt: 1, proposals: 1 }])
    })

    test('take over from each other when one is killed while it solves', async () => {
      const world = await furnish(database.db, { cases: 300, workers: 120 })
      const one = await start(database.url)
      const id = await compose(one.address, world)
      await until(
        async () =>
          (await request<RoundDetail>(one.address, world.cookie, `/rounds/${id}`)).body.run?.state ===
          'running',
        'the run has started',
      )
      const two = await start(database.url)
      await one.end('SIGKILL')
      const state = await database.db
        .selectFrom('run')
        .select(['state', 'attempt'])
        .where('roundId', '=', id)
        .executeTakeFirstOrThrow()
      expect(state).toEqual({ state: 'running', attempt: 1 })
      // The lease of the dead server runs out by itself in fifteen seconds; the test does not wait for that.
      await database.pool.query(
        `update run set lease_until = now() - interval '1 second', time_limit_seconds = 3`,
      )
      await database.pool.query('select pg_notify($1, $2)', [EVENT_CHANNEL, '{"type":"run.requested"}'])
      await until(
        async () =>
          (await request<RoundDetail>(two.address, world.cookie, `/rounds/${id}`)).body.run?.state === 'done',
        'the other server has solved the run',
      )
      const { rows } = await database.pool.query(
        'select attempt, (select count(*) from proposal where run_id = run.id) as proposals from run where round_id = $1',
        [id],
      )
      expect(rows).toEqual([{ attempt: 2, proposals: 1 }])
    })

    test('are asked to end with streams open and a run under way: they do, and the run is taken up again', async () => {
      const world = await furnish(database.db, { cases: 300, workers: 120 })
      const one = await start(database.url)
      const streams = await Promise.all(Array.from({ length: 10 }, () => hear(one.address, world.cookie)))
      const id = await compose(one.address, world)
      const state = async (address: string) =>
        (await request<RoundDetail>(address, world.cookie, `/rounds/${id}`)).body.run?.state
      await until(async () => (await state(one.address)) === 'running', 'the run has started')
      expect(await one.end('SIGTERM')).toBe(0)
      for (const stream of streams) expect(stream.text).toContain('event: bye')
      const given = await database.db
        .selectFrom('run')
        .select('state')
        .where('roundId', '=', id)
        .executeTakeFirstOrThrow()
      expect(given.state).toBe('queued')
      await database.pool.query('update run set time_limit_seconds = 3 where round_id = $1', [id])
      const two = await start(database.url)
      await until(async () => (await state(two.address)) === 'done', 'the run is solved after the restart')
    })

    test('outlive the loss of every connection', async () => {
      const world = await furnish(database.db, { cases: 2, workers: 2 })
      const one = await start(database.url)
      const heard = await hear(one.address, world.cookie)
      await until(async () => heard.text.includes('event: ready'), 'the stream is ready')
      const statuses = new Map<number, number>()
      const ask = async () => {
        const { status, text } = await request(one.address, world.cookie, '/cases')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect([200, 503], text).toContain(status)
        expect(text).not.toMatch(/terminat|postgres|select |at .*\.js/i)
        return status === 200
      }
      for (let round = 0; round < 3; round++) {
        const asking = Promise.all(Array.from({ length: 40 }, ask))
        await database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and application_name like 'instroom%'`,
        )
        await asking
        await until(ask, 'it answers again')
      }
      // The listening connections come back too: the stream tells of what happened, and a run is heard of.
      const id = await compose(one.address, world)
      await until(async () => heard.text.includes('run.finished'), 'the stream goes on')
      expect(heard.text).toContain(`"objectId":"${id}"`)
      expect(heard.ended).toBe(false)
      expect(await one.end('SIGTERM')).toBe(0)
      console.log(`Connections cut three times under load: ${JSON.stringify([...statuses])}`)
    })
  })
})
