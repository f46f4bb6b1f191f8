import type { Tx } from '../../db/database.ts'
import type { SwapEffect } from '../contract/explanations.ts'
import { namesOf } from '../draft/names.ts'
import { findRound } from '../draft/rounds.ts'
import { readState, seatsToday } from '../draft/state.ts'
import { swapEffect } from '../draft/together.ts'
import { requireSeen } from '../draft/unseen.ts'
import { type Call, notFound } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'

/** What it does when two seats change places, on today's tables. Throws 404 for a seat that the round does not have. */
export async function swapOf(
  { user, params, query, today, locale }: Omit<Call<'GET /rounds/:id/swap'>, 'db'>,
  tx: Tx,
): Promise<SwapEffect> {
  const state = await readState(tx, await findRound(tx, user, params.id), today)
  const seats = seatsToday(state)
  const seatOf = (caseNumber: string, seat: string) => {
    requireSeen(state.unseen, caseNumber)
    const found = seats.find(one => one.case.id === caseNumber && one.seat === seat)
    if (found) return found
    throw notFound({ nl: `Zaak ${caseNumber} of die plek`, en: `Case ${caseNumber} or that seat` })
  }
  const both = [seatOf(query.first, query.firstSeat), seatOf(query.second, query.secondSeat)] as const
  return swapEffect(state.now.problem, seats, both, namesOf(state), locale, await codeNames(tx))
}
