import type { Executor } from '../../db/database.ts'
import { addDays, everySo } from '../contract/days.ts'
import type { Trend, WorkerTrend } from '../contract/reports.ts'
import { expectedHours } from '../forecast/forecast.ts'
import { inflowOf, MIN_MOVES, MIN_WEEKS, movementOf, type Scope, seatGroups } from '../forecast/outlook.ts'
import { turnsIn } from '../forecast/turns.ts'
import { aboveBand, loadSeries } from '../history/series.ts'
import { rulebookOn } from '../rulebook/queries.ts'
import { bandOf } from '../workload/band.ts'
import { workloadOf } from '../workload/load.ts'

export const BACK_WEEKS = 26
export const AHEAD_WEEKS = 12

/** The load of a team over the last half year, week by week as it was, and what is to be expected of the next twelve. */
export async function teamTrend(db: Executor, scope: Scope, weeks = BACK_WEEKS): Promise<Trend> {
  const { organisationId, today, teamIds } = scope
  const pastDays = everySo(addDays(today, -7 * weeks), today, 7)
  const days = [...pastDays, ...comingDays(today)]
  const above = await aboveBand(db, { organisationId, days })
  const byDay = new Map(
    days.map(day => [day, { norm: 0, begin: 0, middle: 0, end: 0, workers: 0, aboveNorm: 0 }]),
  )
  for (const load of await loadSeries(db, { organisationId, days, ...(teamIds && { teamIds }) })) {
    const sum = byDay.get(load.day)!
    sum.norm += load.norm
    sum.begin += load.begin
    sum.middle += load.middle
    sum.end += load.end
    if (load.norm > 0) sum.workers++
    if (above(load)) sum.aboveNorm++
  }
  const { coming, basis, band } = await outlook(db, scope, day => (byDay.get(day)?.norm ?? 0) / 100)
  return {
    on: today,
    band,
    past: pastDays.map(day => {
      const row = byDay.get(day)!
      const hours = { begin: row.begin / 100, middle: row.middle / 100, end: row.end / 100 }
      return {
        day,
        normHours: row.norm / 100,
        hours,
        workload: workloadOf(row.norm / 100, (row.begin + row.middle + row.end) / 100),
        workers: row.workers,
        aboveNorm: row.aboveNorm,
      }
    }),
    coming,
    turns: await turnsIn(db, scope, addDays(today, 7 * AHEAD_WEEKS)),
    basis,
  }
}

/** As `teamTrend`, for one person. What new work comes to one person nobody knows, so only what is there counts. */
export async function workerTrend(
  db: Executor,
  worker: { id: number; organisationId: number },
  today: string,
): Promise<WorkerTrend> {
  const scope: Scope = { organisationId: worker.organisationId, today, workerIds: [worker.id] }
  const pastDays = everySo(addDays(today, -7 * BACK_WEEKS), today, 7)
  const days = [...pastDays, ...comingDays(today)]
  const rows = await loadSeries(db, { organisationId: worker.organisationId, days, workerIds: [worker.id] })
  const byDay = new Map(rows.map(row => [row.day, row]))
  const { coming, basis, band } = await outlook(db, scope, day => (byDay.get(day)?.norm ?? 0) / 100, false)
  return {
    on: today,
    band,
    past: pastDays.flatMap(day => {
      const row = byDay.get(day)
      if (!row) return []
      const normHours = row.norm / 100
      const hoursInUse = (row.begin + row.middle + row.end) / 100
      return [{ day, normHours, hoursInUse, workload: workloadOf(normHours, hoursInUse) }]
    }),
    coming,
    turns: await turnsIn(db, scope, addDays(today, 7 * AHEAD_WEEKS)),
    basis,
  }
}

const comingDays = (today: string) => everySo(addDays(today, 7), addDays(today, 7 * AHEAD_WEEKS), 7)

async function outlook(
  db: Executor,
  scope: Scope,
  normOn: (day: string) => number,
  withInflow = true,
): Promise<Pick<Trend, 'coming' | 'basis' | 'band'>> {
  const { organisationId, today } = scope
  const days = comingDays(today)
  const rulebook = await rulebookOn(db, organisationId, today)
  const groups = await seatGroups(db, scope, rulebook)
  const movement = await movementOf(db, organisationId, today)
  const seen = await inflowOf(db, scope, groups, movement.historyWeeks)
  const inflow = withInflow ? seen : { ...seen, mean: 0, variance: 0 }
  const expected = expectedHours(days, groups, movement, inflow)
  const round = (hours: number) => Math.round(Math.max(0, hours) * 100) / 100
  return {
    band: bandOf(rulebook.content),
    basis: {
      weeks: movement.historyWeeks,
      moves: movement.seen,
      inflowHours: round(inflow.mean),
      inflowWeeks: inflow.weeks,
      enough: movement.enough,
      least: { weeks: MIN_WEEKS, moves: MIN_MOVES },
    },
    coming: movement.enough
      ? days.map((day, index) => {
          const normHours = normOn(day)
          const { hours, margin, known } = expected[index]!
          const load = (value: number) => workloadOf(normHours, round(value))
          return {
            day,
            normHours,
            hours: round(hours),
            workload: load(hours),
            low: load(hours - margin),
            high: load(hours + margin),
            known: load(known),
          }
        })
      : [],
  }
}
