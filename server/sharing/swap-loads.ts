import type { Executor } from '../../db/database.ts'
import type { MySwap } from '../contract/sharing.ts'
import { namesOf } from '../draft/names.ts'
import { roundById } from '../draft/rounds.ts'
import { type RoundState, readState, seatsToday } from '../draft/state.ts'
import { swapEffect } from '../draft/together.ts'
import type { SignedIn } from '../http/call.ts'

/** A swap with what it takes to say what it does. */
export interface Running {
  swap: MySwap
  roundId: number
}

/**
 * Adds to swaps that are not over what they do to the load of the worker who looks: in the draft as it stands, and with the swap. Never that
 * of the colleague.
 */
export async function withLoads(
  db: Executor,
  user: SignedIn,
  rows: readonly Running[],
  today: string,
): Promise<MySwap[]> {
  const states = new Map<number, RoundState | null>()
  const swaps: MySwap[] = []
  for (const { swap, roundId } of rows) {
    const runs = swap.state === 'offered' || swap.state === 'answered' || swap.state === 'agreed'
    if (!runs || !swap.give || !swap.get) {
      swaps.push(swap)
      continue
    }
    if (!states.has(roundId)) {
      const round = await roundById(db, user.organisationId, roundId)
      states.set(roundId, round?.status === 'open' ? await readState(db, round, today) : null)
    }
    const state = states.get(roundId)
    swaps.push(state ? { ...swap, load: loadOf(state, swap, user) } : swap)
  }
  return swaps
}

function loadOf(state: RoundState, { give, get }: MySwap, user: SignedIn): MySwap['load'] {
  const me = user.workerId === null ? undefined : state.now.staffNumbers.get(user.workerId)
  const seats = seatsToday(state)
  const first = seats.find(one => one.case.id === give?.caseNumber && one.worker?.id === me)
  const second = seats.find(one => one.case.id === get?.caseNumber && one.worker && one.worker.id !== me)
  if (!first || !second) return null
  const mine = swapEffect(state.now.problem, seats, [first, second], namesOf(state), 'nl', {
    competences: {},
    work: {},
  }).find(one => one.worker.staffNumber === me)
  if (!mine) return null
  return { before: mine.before, after: mine.after }
}
