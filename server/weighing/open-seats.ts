import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { CaseWeight } from '../contract/cases.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from './case-rows.ts'
import { type WeighableFacts, weighableFacts } from './facts.ts'
import { weigh } from './weight.ts'

export interface SeatFilter {
  organisationId: number
  on: string
  caseIds?: readonly number[]
  workerIds?: readonly number[]
}

/** A seat with the day on which it is weighed, and how far its worker travels. */
export type SeatOn = Omit<SeatHours, 'expected'> & { day: string; travelMinutes: number | null }

/** Seats that have not ended on a day; `day` is that day, or the start of one that starts later. */
export async function openSeats(db: Executor, filter: SeatFilter): Promise<SeatOn[]> {
  const { organisationId, on } = filter
  const cases = filter.caseIds ? sql`and a.case_id = any(${[...filter.caseIds]}::int[])` : sql``
  const workers = filter.workerIds ? sql`and a.worker_id = any(${[...filter.workerIds]}::int[])` : sql``
  const { rows } = await sql<SeatOn>`
    select a.id as allocation_id, a.case_id, c.case_number, c.team_id, a.worker_id, w.staff_number, a.seat, a.hours,
      greatest(a.starts_on, ${on}::date) as day, t.minutes as travel_minutes
    from held_seat a
    join case_file c on c.id = a.case_id
    join worker w on w.id = a.worker_id
    left join travel_time t on t.from_code = w.base_municipality and t.to_code = c.municipality_code
    where c.organisation_id = ${organisationId} and (a.ends_on is null or a.ends_on > ${on}::date) ${cases} ${workers}
    order by a.id`.execute(db)
  return rows
}

/** What each seat counts on its day, by the case and the rulebook as they are on that day or are planned for it. */
export async function weighSeats(
  db: Executor,
  organisationId: number,
  seats: readonly SeatOn[],
): Promise<(SeatOn & { expected: number })[]> {
  const days = [...new Set(seats.map(seat => seat.day))]
  const known = new Map<string, { facts: Map<number, WeighableFacts>; rulebook: RulebookRow }>()
  for (const day of days) {
    const caseIds = [...new Set(seats.filter(seat => seat.day === day).map(seat => seat.caseId))]
    known.set(day, {
      facts: await weighableFacts(db, caseIds, day),
      rulebook: await rulebookOn(db, organisationId, day),
    })
  }
  return seats.map(seat => {
    const { facts, rulebook } = known.get(seat.day)!
    const weight = weigh(weighableOn(facts.get(seat.caseId)!, seat.day), rulebook)
    return { ...seat, expected: seatHoursOf(weight, seat.seat, seat.travelMinutes, rulebook.content) }
  })
}

/** A seat that runs or is still to start, with the hours it has and the hours it should have. */
export interface SeatHours {
  allocationId: number
  caseId: number
  caseNumber: string
  teamId: number
  workerId: number
  staffNumber: string
  seat: 'primary' | 'second' | 'cover'
  hours: number
  expected: number
}

/** Hours per week of a seat for somebody who travels this long (one way, null: unknown, counts as near). */
export function seatHoursOf(
  weight: CaseWeight,
  seat: SeatHours['seat'],
  travelMinutes: number | null,
  content: RulebookContent,
): number {
  const { travel } = content.weight
  // A seat that stays filled after the case stopped being a duo carries no part of the weight.
  const own = seat === 'second' ? (weight.second ?? 0) : weight.primary
  const far = travelMinutes !== null && travelMinutes > travel.overMinutes
  return (hundredths(own) + (far ? hundredths(travel.hours) : 0)) / 100
}
