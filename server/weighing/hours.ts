import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import type { CaseWeight } from '../contract/cases.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import { append } from '../events/events.ts'
import type { SignedIn } from '../http/call.ts'
import { type RulebookRow, rulebookOn } from '../rulebook/queries.ts'
import { weighableOn } from './case-rows.ts'
import { type WeighableFacts, weighableFacts } from './facts.ts'
import { planHours } from './planned.ts'
import { weigh } from './weight.ts'

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

export interface SeatFilter {
  organisationId: number
  on: string
  caseIds?: readonly number[]
  workerIds?: readonly number[]
}

/**
 * What every seat that has not ended on a day should count, by the case and the rulebook as they are: its share of the
 * weight, and the rulebook's extra for long travel. A seat that starts later is weighed on its start date. Cover stands in
 * for the first seat, so it weighs like that.
 */
export async function expectedSeatHours(db: Executor, filter: SeatFilter): Promise<SeatHours[]> {
  const weighed = await weighSeats(db, filter.organisationId, await openSeats(db, filter))
  return weighed.map(({ day: _, travelMinutes: __, ...seat }) => seat)
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

/**
 * Brings `hours` of seats in line with what they should count, and says which changed. Never refused, also above the hard
 * limit: a heavier phase or a new rulebook is shown, not stopped. `agreed_hours`, what was decided on, stays as it was. What
 * is planned for later (phases, dormancy) is worked out anew with it.
 */
export async function reweigh(tx: Tx, filter: SeatFilter): Promise<SeatHours[]> {
  const changed = (await expectedSeatHours(tx, filter)).filter(
    seat => hundredths(seat.hours) !== hundredths(seat.expected),
  )
  if (changed.length > 0) {
    const ids = changed.map(seat => seat.allocationId)
    const hours = changed.map(seat => seat.expected)
    await sql`
      update allocation set hours = new.hours
      from unnest(${ids}::int[], ${hours}::numeric[]) as new (id, hours) where allocation.id = new.id`.execute(
      tx,
    )
  }
  await planHours(tx, filter)
  return changed
}

/**
 * As `reweigh`, with an event per case whose hours changed. For a change of single cases or of one worker. The event tells the hours of
 * everybody who has a seat of the case, those that stayed the same too; cover stands in for the first seat and adds nothing to it.
 */
export async function reweighWithEvents(
  tx: Tx,
  filter: SeatFilter,
  by: { actor: SignedIn | null; now: Date },
): Promise<void> {
  const changed = await reweigh(tx, filter)
  const caseIds = [...new Set(changed.map(seat => seat.caseId))].sort((a, b) => a - b)
  if (caseIds.length === 0) return
  const { organisationId, on } = filter
  const seats = await openSeats(tx, { organisationId, on, caseIds })
  for (const caseId of caseIds) {
    const all = seats.filter(seat => seat.caseId === caseId)
    const covered = all.some(seat => seat.seat === 'primary')
    const held = all.filter(seat => seat.seat !== 'cover' || !covered)
    const ofCase = changed.filter(one => held.some(seat => seat.allocationId === one.allocationId))
    if (ofCase.length === 0) continue
    const to = held.reduce((sum, seat) => sum + hundredths(seat.hours), 0) / 100
    const risen = hundredths(totalHours(ofCase, 'expected')) - hundredths(totalHours(ofCase, 'hours'))
    append(tx, {
      type: 'case.reweighed',
      actor: by.actor,
      organisationId,
      teamId: ofCase[0]!.teamId,
      objectType: 'case',
      objectId: ofCase[0]!.caseNumber,
      data: { from: (hundredths(to) - risen) / 100, to },
      at: by.now,
    })
  }
}

/** Exact to the hundredth. */
export function totalHours(seats: readonly SeatHours[], which: 'hours' | 'expected'): number {
  return seats.reduce((sum, seat) => sum + hundredths(seat[which]), 0) / 100
}
