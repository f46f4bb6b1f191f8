import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db, openDatabase } from '../../db/database.ts'
import { addDays, everySo } from '../../server/contract/days.ts'
import { loadSeries } from '../../server/history/series.ts'
import { startRulebook } from '../../server/rulebook/start-values.ts'
import { anOrganisation, aTeam, aWorker } from '../support/builders.ts'
import { forEachDatabase, freshDatabase } from '../support/databases.ts'

/** A series asks for norms only where something begins or ends: that must give the norm of every day in between too. */
forEachDatabase('norms where something begins or ends', engine => {
  let open: Awaited<ReturnType<typeof openDatabase>>
  let db: Db
  beforeAll(async () => {
    open = await freshDatabase(engine)
    db = open.db
  })
  afterAll(() => open.close())

  test('are those of each day, with people who come and settle in, leave, absence, reductions and new rules', async () => {
    const organisationId = await anOrganisation(db, { today: '2025-01-01' })
    const teamId = await aTeam(db, { organisationId })
    const otherId = await aTeam(db, { organisationId })
    await db
      .insertInto('rulebook')
      .values([
        {
          organisationId,
          version: 2,
          effectiveFrom: '2026-02-10',
          content: { ...startRulebook, caseTimeShare: 0.6 },
        },
        {
          organisationId,
          version: 3,
          effectiveFrom: '2026-05-05',
          content: {
            ...startRulebook,
            rampUp: [
              { untilMonth: 1, share: 0.25 },
              { untilMonth: 7, share: 0.7 },
            ],
          },
        },
      ] as never)
      .execute()
    let state = 7
    const pick = (most: number) => {
      state = (state * 48271) % 2147483647
      return state % most
    }
    const first = '2025-12-20'
    const days = everySo(first, '2026-08-20', 1)
    for (let n = 0; n < 25; n++) {
      const absences = Array.from({ length: pick(4) }, (_, k) => {
        const validFrom = addDays(first, pick(70) + 75 * k - 20)
        return {
          percentage: 50 + pick(51),
          validFrom,
          validUntil: pick(5) === 0 && k === 3 ? null : addDays(validFrom, pick(60)),
        }
      })
      const from = addDays(first, pick(220) - 20)
      const reductions = [
        {
          reasonCode: 'TAAK',
          percentage: 10 + pick(30),
          validFrom: from,
          validUntil: pick(2) ? addDays(from, pick(90)) : null,
        },
      ]
      const employedFrom = pick(2) ? '2020-03-31' : addDays(first, pick(200) - 120)
      const worker = await aWorker(db, {
        organisationId,
        teamId,
        contractHours: 20 + pick(17),
        employedFrom,
        employedUntil: pick(4) === 0 ? addDays(first, 100 + pick(120)) : null,
        absences,
        reductions,
      })
      for (const day of [addDays(first, 10 + pick(60)), addDays(first, 80 + pick(60))]) {
        await db.transaction().execute(async tx => {
          await sql`select set_config('instroom.today', ${day}, true)`.execute(tx)
          await tx
            .updateTable('worker')
            .set({ contractHours: 16 + pick(21), teamId: pick(2) ? teamId : otherId })
            .where('id', '=', worker.id)
            .execute()
        })
      }
    }
    const series = await loadSeries(db, { organisationId, days })
    const { rows } = await sql<{ day: string; workerId: number; teamId: number; norm: number }>`
      select day, worker_id, team_id, round(norm_hours * 100)::int as norm from worker_norms_on(${days}::date[])
      order by worker_id, day`.execute(db)
    expect(series).toHaveLength(25 * days.length)
    expect(series.map(({ day, workerId, teamId, norm }) => ({ day, workerId, teamId, norm }))).toEqual(rows)
    const inOther = await loadSeries(db, { organisationId, days, teamIds: [otherId] })
    expect(inOther).toEqual(series.filter(one => one.teamId === otherId))
  })
})
