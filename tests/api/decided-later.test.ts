import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProblemDetails } from '../../server/contract/common.ts'
import type { Explanation } from '../../server/contract/explanations.ts'
import type { RoundDetail } from '../../server/contract/rounds.ts'
import { type Caller, startApp, type TestApp } from '../support/app.ts'
import { aCase, anAllocation, aUser, aWorker, TODAY } from '../support/builders.ts'
import { forEachDatabase } from '../support/databases.ts'
import { aRound, calculated, NOTHING_SET_ASIDE } from '../support/rounds.ts'

const NEXT_WEEK = '2026-12-01'
const LATER = '2026-12-15'

// A full-time worker has a norm of 26.28 hours: the band ends at 28.90, the limit is 31.53.
forEachDatabase('the hard limit on days that something decided begins', engine => {
  let app: TestApp
  let intake: Caller
  let lead: Caller

  beforeAll(async () => {
    app = await startApp({ engine })
    intake = await app.as('intake')
    lead = await app.as('lead')
  })
  afterAll(() => app.close())

  const scope = () => ({ organisationId: app.organisationId, teamId: app.teamId })
  const weighing = (hours: number) =>
    aCase(app.db, {
      ...scope(),
      urgency: 'emergency',
      weightOverrideHours: hours,
      weightOverrideReason: 'proef',
    })
  const workerWith = async (hours: number) => {
    const worker = await aWorker(app.db, scope())
    await anAllocation(app.db, { caseId: (await weighing(hours)).id, workerId: worker.id, hours })
    return worker
  }
  const allocate = (
    caller: Caller,
    caseNumber: string,
    staffNumber: string,
    startOn: string,
    acceptsExcess = false,
  ) =>
    caller.post<ProblemDetails>(
      `/cases/${caseNumber}/allocations`,
      {
        ...NOTHING_SET_ASIDE,
        kind: 'emergency',
        seat: 'primary',
        staffNumber,
        startOn,
        reasonCode: 'SPOED',
        setAside: ['band', 'newPerWeek', 'heavyCases'],
        acceptsExcess,
      },
      { version: 1 },
    )

  test('what starts today is judged with what was decided for next week, and needs its own decision', async () => {
    const worker = await workerWith(20)
    const first = await weighing(6)
    expect((await allocate(intake, first.caseNumber, worker.staffNumber, NEXT_WEEK)).status).toBe(201)
    // Today 26 of 26.28 hours; from next week 32, which is 121.8 %.
    const second = await weighing(6)
    const refused = await allocate(intake, second.caseNumber, worker.staffNumber, TODAY)
    expect(refused.status, refused.text).toBe(422)
    expect(refused.body.cases).toMatchObject([{ rule: 'hardLimit', setAside: 'right' }])
    expect(refused.body.cases?.[0]?.message).toContain('vanaf 1 december 2026 op 121,8 %')
    const { body } = await intake.get<Explanation>(`/cases/${second.caseNumber}/candidates?startOn=${TODAY}`)
    const candidate = body.alternatives.find(one => one.worker.staffNumber === worker.staffNumber)
    expect(candidate?.broken.map(one => one.rule)).toEqual(['hardLimit'])
    const accepted = await allocate(lead, second.caseNumber, worker.staffNumber, TODAY, true)
    expect(accepted.status, accepted.text).toBe(201)
  })

  test('a round proposes nobody for whom that would be too much, and does not settle it either', async () => {
    const worker = await workerWith(20)
    const theCase = await weighing(6)
    const made = { teamId: app.teamId, workers: [worker.staffNumber], startOn: TODAY }
    const free = await aRound(intake, { ...made, cases: [theCase.caseNumber] })
    expect(free.lines[0]?.worker?.staffNumber).toBe(worker.staffNumber)
    const first = await weighing(6)
    expect((await allocate(intake, first.caseNumber, worker.staffNumber, NEXT_WEEK)).status).toBe(201)
    const settled = await intake.post<ProblemDetails>(
      `/rounds/${free.id}/confirmation`,
      { partial: false },
      { version: free.version },
    )
    expect(settled.status).toBe(422)
    expect(settled.body.cases).toMatchObject([{ rule: 'hardLimit' }])
    const now = await intake.get<RoundDetail>(`/rounds/${free.id}`)
    expect(JSON.stringify(now.body)).toContain('wat voor later is besloten')

    const again = await aRound(intake, { ...made, cases: [(await weighing(6)).caseNumber] })
    expect(again.lines[0]?.worker).toBeNull()
  })

  test('a second round with the same worker reckons with the draft of the first, and says so per worker', async () => {
    const worker = await workerWith(20)
    const { db, organisationId, teamId, otherTeamId } = app
    const role = 'intake'
    const both = await app.signIn(
      await aUser(db, {
        organisationId,
        roles: [
          { role, teamId },
          { role, teamId: otherTeamId },
        ],
      }),
    )
    const stranger = await app.signIn(
      await aUser(db, { organisationId, roles: [{ role, teamId: otherTeamId }] }),
    )
    const made = { teamId, workers: [worker.staffNumber], startOn: TODAY }
    const first = await aRound(intake, { ...made, cases: [(await weighing(6)).caseNumber] })
    expect(first.lines[0]?.worker?.staffNumber).toBe(worker.staffNumber)
    const composed = await both.post<{ id: number }>('/rounds', {
      teamIds: [teamId, otherTeamId],
      caseNumbers: [(await weighing(6)).caseNumber],
      staffNumbers: [worker.staffNumber],
      startOn: TODAY,
      profile: 'balanced',
    })
    expect(composed.status, composed.text).toBe(201)
    const second = await calculated(both, composed.body.id)
    // 20 hours and 6 in draft; another 6 would be above the limit.
    expect(second.lines[0]?.worker).toBeNull()
    expect(second.loads[0]?.before.hours).toBe(26)
    const name = { worker: { staffNumber: worker.staffNumber, name: first.lines[0]!.worker!.name } }
    expect(second.elsewhere).toEqual([{ ...name, hours: 6, roundId: first.id, begun: true }])
    // Who may not read the first round reads the hours, and no more.
    const read = await stranger.get<RoundDetail>(`/rounds/${second.id}`)
    expect(read.body.elsewhere).toEqual([{ ...name, hours: 6, roundId: null, begun: true }])
    // The first one waits for nobody.
    const before = (await intake.get<RoundDetail>(`/rounds/${first.id}`)).body
    expect(before).toMatchObject({ elsewhere: [], stale: [] })
    expect(before.loads[0]?.before.hours).toBe(20)
    const gone = await intake.post(`/rounds/${first.id}/cancellation`, {}, { version: before.version })
    expect(gone.status, gone.text).toBe(200)
    const after = (await both.get<RoundDetail>(`/rounds/${second.id}`)).body
    expect(after.elsewhere).toEqual([])
    expect(after.loads[0]?.before.hours).toBe(20)
    expect(after.stale.join(' ')).toContain('26 → 20')
  })

  test('the database has the last word, on every way of enlarging a seat', async () => {
    const worker = await workerWith(20)
    const first = await weighing(6)
    expect((await allocate(intake, first.caseNumber, worker.staffNumber, LATER)).status).toBe(201)
    const seat = async (hours: number, startsOn: string, endsOn: string | null) => {
      const { id: caseId } = await weighing(hours)
      const decision = await app.db
        .insertInto('decision')
        .values({
          caseId,
          seat: 'primary',
          kind: 'emergency',
          workerId: worker.id,
          reasonCode: 'SPOED',
          reasonText: null,
          unregisteredReason: null,
          salt: 'zout',
          setAside: [],
          acceptsExcess: false,
          roundId: null,
          proposalId: null,
          proposedWorkerId: null,
          decidedBy: null,
          decidedAt: new Date(),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return anAllocation(app.db, {
        caseId,
        workerId: worker.id,
        hours,
        startsOn,
        endsOn,
        origin: 'decision',
        decisionId: decision.id,
      })
    }
    const limit = { constraint: 'allocation_within_hard_limit' }
    await expect(seat(6, TODAY, null)).rejects.toMatchObject(limit)
    // Over before the other begins: that never meets.
    const short = await seat(6, TODAY, LATER)
    const extended = app.db.updateTable('allocation').set({ endsOn: null }).where('id', '=', short).execute()
    await expect(extended).rejects.toMatchObject(limit)
    await app.db.updateTable('allocation').set({ endsOn: NEXT_WEEK }).where('id', '=', short).execute()
    // Up to the day itself is not on it.
    await app.db.updateTable('allocation').set({ endsOn: LATER }).where('id', '=', short).execute()
  })

  test('days on which only a phase or a norm changes are not tested, and an excess that is there stops nothing else', async () => {
    const worker = await workerWith(20)
    const held = await app.db
      .selectFrom('allocation')
      .select('id')
      .where('workerId', '=', worker.id)
      .executeTakeFirstOrThrow()
    // Planned for later: twice the hours, and half the norm.
    await sql`update allocation_period set until_on = ${LATER} where allocation_id = ${held.id}`.execute(
      app.db,
    )
    await sql`insert into allocation_period values (${held.id}, ${LATER}, 'infinity', 40)`.execute(app.db)
    await sql`insert into reduction (worker_id, reason_code, percentage, valid_from)
      select ${worker.id}, code, 50, '2027-01-04' from reduction_reason limit 1`.execute(app.db)
    const theCase = await weighing(5)
    const given = await allocate(intake, theCase.caseNumber, worker.staffNumber, TODAY)
    expect(given.status, given.text).toBe(201)
    const seat = await app.db
      .selectFrom('allocation')
      .select('id')
      .where('caseId', '=', theCase.id)
      .executeTakeFirstOrThrow()
    const end = (endsOn: string | null) =>
      app.db.updateTable('allocation').set({ endsOn }).where('id', '=', seat.id).execute()
    await end('2026-12-20')
    await end('2026-12-10')
    await end('2026-12-14')
    await end(null)
    // And a seat of somebody above the limit on the day on which it begins is made shorter without a decision.
    await sql`insert into absence (worker_id, percentage, valid_from) values (${worker.id}, 60, ${TODAY})`.execute(
      app.db,
    )
    await end('2027-02-01')
  })

  test('with fifty later seats the limit reads what this one worker has, however many people and seats there are', async () => {
    const worker = await aWorker(app.db, scope())
    const { organisationId, teamId } = app
    /** Seats of small cases, a day apart. */
    const seats = async (workerId: number, count: number, mark: string) => {
      await sql`with made as (
          insert into case_file (organisation_id, team_id, case_number, received_on)
          select ${organisationId}, ${teamId}, ${mark} || n, ${TODAY} from generate_series(1, ${count}) n
          returning id),
        decided as (
          insert into decision (case_id, seat, kind, worker_id, reason_code, salt)
          select id, 'primary', 'emergency', ${workerId}, 'SPOED', 'zout' from made returning id, case_id)
        insert into allocation (case_id, worker_id, seat, starts_on, agreed_hours, hours, origin, decision_id)
        select case_id, ${workerId}, 'primary', ${TODAY}::date + (row_number() over (order by case_id))::int, 0.1, 0.1,
          'decision', id from decided`.execute(app.db)
    }
    const rowsRead = () =>
      app.db.transaction().execute(async tx => {
        const read = async () =>
          (
            await sql<{ rows: number }>`
              select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as rows
              from pg_stat_xact_user_tables`.execute(tx)
          ).rows[0]!.rows
        // A few hundred seats are read fastest as a whole; that there is a way not to is what counts with a hundred thousand.
        await sql`set local enable_seqscan = off`.execute(tx)
        await sql`discard plans`.execute(tx)
        const before = await read()
        const { rows } = await sql`
          select * from decided_loads(array[${worker.id}::int], ${TODAY}::date, null, array[]::int[])`.execute(
          tx,
        )
        expect(rows).toHaveLength(51)
        return (await read()) - before
      })
    await seats(worker.id, 50, 'veel-')
    await sql`analyze`.execute(app.db)
    const alone = await rowsRead()
    for (let n = 0; n < 8; n++) await seats((await aWorker(app.db, scope())).id, 60, `ander-${n}-`)
    await sql`analyze`.execute(app.db)
    const among = await rowsRead()
    // Every day looks at the seats of the worker: fifty by fifty, and a few rows of each.
    expect(among).toBeLessThan(15_000)
    expect(among).toBeLessThan(alone + 200)
  })
})
