import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenDatabase, openDatabase, type Tx } from '../../db/database.ts'
import { backup, restore } from '../../server/commands/backup.ts'
import { verify } from '../../server/commands/verify.ts'
import { fillDemo } from '../../server/demo/fill.ts'
import { verifyChain } from '../../server/events/chain.ts'
import type { NewEvent } from '../../server/events/event.ts'
import type { EventType } from '../../server/events/event-types.ts'
import { append, inSavepoint, inTransaction } from '../../server/events/events.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { TODAY } from '../support/builders.ts'
import { type Engine, emptyTarget, engines, forEachDatabase, freshDatabase } from '../support/databases.ts'

const NOW = new Date(`${TODAY}T10:00:00+01:00`)

function happened(index: number, type: EventType = 'demo.filled'): NewEvent {
  return {
    type,
    actor: null,
    organisationId: null,
    teamId: null,
    objectType: 'test',
    objectId: String(index),
    data: { index, share: 0.1 + index, text: 'é ✓', nothing: null, list: [1, 2] },
    at: NOW,
  }
}

async function events(open: OpenDatabase, count: number, type?: EventType): Promise<void> {
  for (let index = 0; index < count; index++) {
    await inTransaction(open.db, async tx => append(tx, happened(index, type)))
  }
}

forEachDatabase('the history', engine => {
  test('takes no change: no edit, no deletion, no emptying', async () => {
    const open = await freshDatabase(engine)
    await events(open, 2)
    for (const statement of [sql`update event set type = 'x'`, sql`delete from event`, sql`truncate event`]) {
      await expect(statement.execute(open.db)).rejects.toThrow('append-only')
    }
    await open.close()
  })

  test('is locked for others only once everything is worked out', async () => {
    const open = await freshDatabase(engine)
    const locksWhileWorking = await inTransaction(open.db, async tx => {
      append(tx, happened(0))
      const { rows } = await sql<{ locks: number }>`
        select count(*)::int as locks from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and d.datname = current_database()`.execute(tx)
      return rows[0]!.locks
    })
    expect(locksWhileWorking).toBe(0)
    expect(await open.db.selectFrom('event').select('seq').execute()).toEqual([{ seq: 1 }])
    await expect(open.db.transaction().execute(async tx => append(tx, happened(1)))).rejects.toThrow(
      'inTransaction',
    )
    await open.close()
  })

  test('records nothing of a part that failed, and all that went on beside it', async () => {
    const open = await freshDatabase(engine)
    const organisation = (tx: Tx, name: string) => tx.insertInto('organisation').values({ name }).execute()
    await inTransaction(open.db, async tx => {
      append(tx, happened(0))
      const failed = inSavepoint(tx, async () => {
        append(tx, happened(1))
        await organisation(tx, 'Mislukt')
        throw new Error('refused')
      })
      await expect(failed).rejects.toThrow('refused')
      await inSavepoint(tx, async () => {
        append(tx, happened(2))
        await organisation(tx, 'Gelukt')
      })
    })
    expect(await open.db.selectFrom('event').select(['seq', 'objectId']).orderBy('seq').execute()).toEqual([
      { seq: 1, objectId: '0' },
      { seq: 2, objectId: '2' },
    ])
    expect(await open.db.selectFrom('organisation').select('name').execute()).toEqual([{ name: 'Gelukt' }])
    await open.close()
  })

  const attacks: [string, (open: OpenDatabase) => Promise<unknown>, 'chain' | 'checkpoint'][] = [
    ['an edit', ({ db }) => sql`update event set data = '{"index":9}' where seq = 3`.execute(db), 'chain'],
    [
      'another time',
      ({ db }) => sql`update event set at = at + interval '1 day' where seq = 3`.execute(db),
      'chain',
    ],
    ['another actor', ({ db }) => sql`update event set actor_id = 1 where seq = 3`.execute(db), 'chain'],
    ['a deletion in the middle', ({ db }) => sql`delete from event where seq = 3`.execute(db), 'chain'],
    [
      'two events swapped',
      async ({ db }) => {
        await sql`update event set seq = 99 where seq = 2`.execute(db)
        await sql`update event set seq = 2 where seq = 3`.execute(db)
        await sql`update event set seq = 3 where seq = 99`.execute(db)
      },
      'chain',
    ],
    ['an end cut off', ({ db }) => sql`delete from event where seq > 3`.execute(db), 'checkpoint'],
    [
      'everything written anew',
      async open => {
        await sql`delete from event`.execute(open.db)
        // Longer than it was and without a fault in itself: only what was kept elsewhere can tell.
        await events(open, 6, 'organisation.created')
      },
      'checkpoint',
    ],
  ]
  // The chain is checked by the same code everywhere: all of them on one engine, and one on the other.
  test.each(engine === engines.at(-1) ? attacks : attacks.slice(0, 1))(
    'shows %s',
    async (name, attack, shownBy) => {
      const open = await freshDatabase(engine)
      await events(open, 5)
      const before = await verifyChain(open.db)
      expect(before).toMatchObject({ events: 5, fault: null })
      await sql`alter table event disable trigger user`.execute(open.db)
      await attack(open)
      const alone = await verifyChain(open.db)
      const withCheckpoint = await verifyChain(open.db, before.head)
      if (shownBy === 'chain') expect(alone.fault, name).not.toBeNull()
      else expect(alone.fault, name).toBeNull()
      expect(withCheckpoint.fault, name).not.toBeNull()
      expect((await verify(open, TODAY)).checks.find(check => check.name === 'guards')!.faults).toContain(
        'Trigger event_is_final is gone or off.',
      )
      await open.close()
    },
  )
})

forEachDatabase('reading the history', engine => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ engine })
  })
  afterAll(() => app.close())

  test('gives sentences in the language of the reader, within their scope', async () => {
    const admin = await app.as('admin')
    await admin.post('/teams', { name: 'Team Zuid' })
    interface List {
      events: { type: string; sentence: string; seq: number }[]
      more: boolean
    }
    const all = (await admin.get<List>('/events')).body
    expect(all.events[0]).toMatchObject({ type: 'team.created', sentence: 'Team Team Zuid is toegevoegd.' })
    await admin.put('/session/locale', { locale: 'en' })
    const english = (await admin.get<List>('/events?type=team.created')).body
    expect(english.events[0]!.sentence).toBe('Team Team Zuid was added.')
    expect((await admin.get<List>(`/events?before=${all.events[0]!.seq}`)).body.events).toEqual(
      all.events.slice(1),
    )
    const lead = (await (await app.as('lead')).get<List>('/events')).body
    expect(lead.events.map(({ type }) => type)).not.toContain('team.created')
    expect((await (await app.as('worker')).get('/events')).status).toBe(403)
  })
})

describe('a backup', () => {
  const directory = mkdtempSync(join(tmpdir(), 'instroom-backup-'))
  const targets: { drop(): Promise<void> }[] = []
  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true })
    for (const target of targets) await target.drop()
  })

  /** The file of a demo on an engine: filled once, read by every test below. */
  const madeOn = new Map<Engine, Promise<string>>()
  function backupOf(engine: Engine): Promise<string> {
    const make = async () => {
      const open = await freshDatabase(engine)
      await fillDemo(open, TODAY)
      const file = join(directory, `of-${engine}.gz`)
      await backup(open, file, NOW)
      await expect(backup(open, file, NOW)).rejects.toThrow('exists already')
      await open.close()
      return file
    }
    const made = madeOn.get(engine) ?? make()
    madeOn.set(engine, made)
    return made
  }

  /** Rows without the header and the end; a database gives the rows of a table in any order. */
  const rowsIn = (file: string) =>
    gunzipSync(readFileSync(file)).toString().split('\n').slice(1, -2).sort().join('\n')

  test.each(engines.flatMap(from => engines.map(to => [from, to] as const)))(
    'of %s comes back on %s as it was, and goes on counting',
    async (from, to) => {
      const file = await backupOf(from)
      const made = await emptyTarget(to)
      targets.push(made)
      const target = made.url
      await restore(file, target)
      const restored = await openDatabase(target)
      const { checks } = await verify(restored, TODAY)
      expect(checks.flatMap(check => check.faults)).toEqual([])
      const again = `${file}-${to}.again`
      await backup(restored, again, NOW)
      expect(rowsIn(again)).toBe(rowsIn(file))
      const organisation = await restored.db.selectFrom('organisation').select('id').executeTakeFirstOrThrow()
      await restored.db
        .insertInto('team')
        .values({ organisationId: organisation.id, name: 'Nieuw' })
        .execute()
      await restored.close()
    },
  )

  test('is refused when it is damaged, cut off, or when there is data already; nothing is left behind', async () => {
    const file = await backupOf('PGlite')
    const text = gunzipSync(readFileSync(file)).toString()
    const bad: [string, string | Buffer][] = [
      ['edited', gzipSync(text.replace('Team Oost', 'Team Best'))],
      ['cut', gzipSync(text.split('\n').slice(0, -10).join('\n'))],
      ['torn', readFileSync(file).subarray(0, 5_000)],
      ['other', gzipSync('{"format":"else"}\n')],
      ['newer', gzipSync(text.replace('0001_first_round', '0999_future'))],
      ['plain', 'no backup'],
    ]
    for (const [name, content] of bad) {
      writeFileSync(join(directory, name), content)
      const target = join(directory, `from-${name}`)
      await expect(restore(join(directory, name), target), name).rejects.toThrow(join(directory, name))
      expect(existsSync(target), name).toBe(false)
    }
    const filled = join(directory, 'filled')
    await restore(file, filled)
    await expect(restore(file, filled)).rejects.toThrow('not empty')
  })
})
