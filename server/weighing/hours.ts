import { sql } from 'kysely'
import type { Executor, Tx } from '../../db/database.ts'
import { hundredths } from '../../solver/problem/load.ts'
import { append } from '../events/events.ts'
import type { SignedIn } from '../http/call.ts'
import { openSeats, type SeatFilter, type SeatHours, weighSeats } from './open-seats.ts'
import { planHours } from './planned.ts'

/**
 * What every seat that has not ended on a day should count, by the case and the rulebook as they are: its share of the
 * weight, and the rulebook's extra for long travel. A seat that starts later is weighed on its start date. Cover stands in
 * for the first seat, so it weighs like that.
 */
export async function expectedSeatHours(db: Executor, filter: SeatFilter): Promise<SeatHours[]> {
  const weighed = await weighSeats(db, filter.organisationId, await openSeats(db, filter))
  return weighed.map(({ day: _, travelMinutes: __, ...seat }) => seat)
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
