import { broken } from '../../solver/rules/broken.ts'
import { contributions, totalUnits } from '../../solver/rules/criteria.ts'
import { standingBy } from '../../solver/rules/rules.ts'
import type { RoundMatrix } from '../contract/rounds.ts'
import { type DraftSeat, withoutLocks } from '../draft/draft-view.ts'
import { namesOf } from '../draft/names.ts'
import type { RoundState } from '../draft/state.ts'
import type { Sliced } from '../event-loop/slices.ts'

/**
 * Every seat against every worker of the round, each pair with the rest of the draft left as it is: points, and whether
 * the rules allow it. Pure, without solving or sentences: 80 seats by 60 workers take some tens of milliseconds, and of a
 * round of a region others have their turn between the rows.
 */
export function* matrixOf(state: RoundState): Sliced<RoundMatrix> {
  const { shown, seats } = state
  const nameOf = namesOf(state)
  const free = withoutLocks(shown)
  const rows: RoundMatrix['rows'] = []
  for (const seat of seats) {
    const others = takenBeside(seats, seat)
    rows.push({
      caseNumber: seat.case.id,
      seat: seat.seat,
      points: shown.workers.map(
        worker => totalUnits(contributions(shown, seat.case, worker, seat.seat)) / 100,
      ),
      standings: shown.workers.map(worker => standingBy(broken(free, seat.case, seat.seat, worker, others))),
    })
    yield
  }
  return { workers: shown.workers.map(worker => nameOf(worker.id)), rows }
}

const takenBeside = (seats: readonly DraftSeat[], seat: DraftSeat) =>
  seats.flatMap(one =>
    one.worker && one !== seat ? [{ caseId: one.case.id, seat: one.seat, workerId: one.worker.id }] : [],
  )
