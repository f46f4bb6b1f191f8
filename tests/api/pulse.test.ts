import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countAnswer, startCounts } from '../../server/pulse/count.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anOrganisation, aUser, aWorker } from '../support/builders.ts'
import { type Engine, forEachDatabase, freshDatabase } from '../support/databases.ts'
import { aRound } from '../support/rounds.ts'

type Marks = { support: number; fairness: number }
const FIRST: Marks[] = [
  { support: 1, fairness: 5 },
  { support: 4, fairness: 2 },
  { support: 3, fairness: 3 },
  { support: 5, fairness: 1 },
]
const SECOND: Marks[] = [
  { support: 5, fairness: 5 },
  { support: 1, fairness: 1 },
  { support: 5, fairness: 5 },
  { support: 2, fairness: 4 },
]

/** In a new database: after each answer, where the counters are and in which order they come by themselves. */
async function placesAfter(engine: Engine, marks: readonly Marks[]): Promise<string[]> {
  const { db, close } = await freshDatabase(engine)
  try {
    const organisationId = await anOrganisation(db)
    const rulebook = await db.selectFrom('rulebook').select('id').executeTakeFirstOrThrow()
    const { id: roundId } = await db
      .insertInto('round')
      .values({
        organisationId,
        startOn: '2026-12-07',
        seed: 1,
        profile: 'balanced',
        rulebookId: rulebook.id,
        createdBy: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.transaction().execute(async tx => {
      await tx.insertInto('pulse').values({ roundId, openedAt: new Date(), closesAt: new Date() }).execute()
      await startCounts(tx, roundId)
    })
    const places: string[] = []
    for (const one of marks) {
      await db.transaction().execute(tx => countAnswer(tx, roundId, one))
      const { rows } = await sql<{
        row: string
      }>`select ctid || ' ' || support || fairness as row from pulse_count`.execute(db)
      places.push(rows.map(row => row.row).join(', '))
    }
    return places
  } finally {
    await close()
  }
}

forEachDatabase('an answer to the pulse', engine => {
  let app: TestApp
  let intake: Caller
  let people: Caller[]
  beforeAll(async () => {
    app = await startApp({ engine })
    const { db, organisationId, teamId } = app
    intake = await app.as('intake')
    people = [intake]
    for (let index = 0; index < 3; index++) {
      people.push(await app.signIn(await aUser(db, { organisationId, roles: [{ role: 'lead', teamId }] })))
    }
  })
  afterAll(() => app.close())

  async function settledRound(): Promise<number> {
    const { db, organisationId, teamId } = app
    const worker = await aWorker(db, { organisationId, teamId })
    const round = await aRound(intake, {
      teamId,
      cases: [(await aCase(db, { organisationId, teamId })).caseNumber],
      workers: [worker.staffNumber],
      startOn: '2026-12-07',
    })
    const done = await intake.post(
      `/rounds/${round.id}/confirmation`,
      { partial: false },
      { version: round.version },
    )
    expect(done.status, done.text).toBe(201)
    return round.id
  }

  /** Every table that holds what people answered. */
  async function answerTables(): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
      where table_schema = current_schema() and column_name = 'fairness'`.execute(app.db)
    return rows.map(row => row.name)
  }

  /** What the database itself tells of the rows with answers to a round: who wrote them. */
  async function traces(roundId: number) {
    const all = []
    for (const name of await answerTables()) {
      const { rows } = await sql<Marks & { xmin: string }>`
        select xmin::text as xmin, support, fairness
        from ${sql.table(name)} where round_id = ${roundId}`.execute(app.db)
      all.push(...rows)
    }
    return all
  }

  async function transactionOf(roundId: number, userId: number): Promise<string> {
    const { rows } = await sql<{ xmin: string }>`select xmin::text as xmin from pulse_invitation
      where round_id = ${roundId} and user_id = ${userId} and answered`.execute(app.db)
    return rows[0]!.xmin
  }

  test('leaves no row and no transaction number that says which it was', async () => {
    for (const marks of [FIRST, SECOND]) {
      const round = await settledRound()
      for (const [index, person] of people.entries()) {
        expect((await person.put(`/pulses/${round}`, marks[index])).status).toBe(200)
        const found = await traces(round)
        const own = await transactionOf(round, person.userId)
        // All 25 are of this transaction, so it points at none of them.
        expect(found).toHaveLength(25)
        expect(new Set(found.map(row => row.xmin))).toEqual(new Set([own]))
        for (const earlier of people.slice(0, index)) {
          const before = await transactionOf(round, earlier.userId)
          expect(found.filter(row => row.xmin === before)).toEqual([])
        }
      }
    }
  })

  test('is written in the same places whatever it was', async () => {
    const [one, other] = await Promise.all([placesAfter(engine, FIRST), placesAfter(engine, SECOND)])
    expect(other).toEqual(one)
  })

  test('counts each of those that are given at once', async () => {
    const round = await settledRound()
    const marks = { support: 4, fairness: 4 }
    const answers = await Promise.all(people.map(person => person.put(`/pulses/${round}`, marks)))
    expect(answers.map(one => one.status)).toEqual([200, 200, 200, 200])
    const { rows } = await sql<{ counted: Marks & { answers: number } }>`
      select to_jsonb(c) - 'round_id' as counted from pulse_count c where round_id = ${round} and answers > 0`.execute(
      app.db,
    )
    expect(rows.map(row => row.counted)).toEqual([{ ...marks, answers: 4 }])
  })
})
