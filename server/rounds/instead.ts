import { priceSentence } from '../../solver/explain/resolve.ts'
import { linesOf, priceOf, worthOf } from '../../solver/explain/worth.ts'
import type { Locale } from '../contract/common.ts'
import type { Explanation } from '../contract/explanations.ts'
import type { DraftSeat } from '../draft/draft-view.ts'
import { namesOf } from '../draft/names.ts'
import type { RoundState } from '../draft/state.ts'

/**
 * What the calculation had proposed for a seat for which the team chose otherwise, and what that choice costs or brings by
 * the strict levels with the rest of the draft as it is. null: the seat is as it was proposed. A wait is about the whole case.
 */
export function insteadOf(
  { shown, seats, proposal, workers }: RoundState,
  seat: DraftSeat,
  locale: Locale,
): Explanation['instead'] {
  if (!proposal || (!seat.choice && !seat.excluded)) return null
  const chosen = seat.worker?.id ?? null
  if (seat.proposedId === chosen && seat.choice?.kind !== 'wait') return null
  const goesBack = (one: DraftSeat) =>
    one === seat || (seat.choice?.kind === 'wait' && one.case.id === seat.case.id)
  const back = seats.filter(goesBack).map(one => one.proposedId)
  // As it was proposed it had nobody either: then nothing was given up.
  if (back.every(id => id === null) && chosen === null) return null
  const known = new Set(shown.workers.map(worker => worker.id))
  const worth = (workerOf: (one: DraftSeat) => string | null) =>
    worthOf(
      shown,
      linesOf(
        shown,
        seats.map(one => ({ caseId: one.case.id, seat: one.seat, workerId: workerOf(one) })),
      ),
    )
  const now = (one: DraftSeat) => one.worker?.id ?? null
  const price = back.every(id => id === null || known.has(id))
    ? priceOf(
        worth(now),
        worth(one => (goesBack(one) ? one.proposedId : now(one))),
      )
    : null
  const nameOf = namesOf({ workers })
  return {
    proposed: seat.proposedId === null ? null : nameOf(seat.proposedId),
    price: price && priceSentence(price)[locale],
  }
}
