import type { HeldCase, ProposedMove } from '../../server/contract/reallocation.ts'
import type { EffectRow } from '../round/effect.ts'

/** Whether a case may move: as its own facts advise, unless somebody said otherwise; never where it is fixed. */
export const mayMove = (one: HeldCase, exceptions: ReadonlySet<string>) =>
  !one.fixed && (one.stays === null) !== exceptions.has(one.caseNumber)

/** The exceptions with this case the other way round. */
export function switched(exceptions: ReadonlySet<string>, caseNumber: string): Set<string> {
  const next = new Set(exceptions)
  if (!next.delete(caseNumber)) next.add(caseNumber)
  return next
}

/** The exceptions that let everything move that can. */
export const everything = (cases: readonly HeldCase[]) =>
  new Set(cases.filter(one => !one.fixed && one.stays !== null).map(one => one.caseNumber))

export const hoursOf = (one: HeldCase) =>
  one.seats.reduce((sum, seat) => sum + Math.round(seat.hours * 100), 0) / 100

/** This move and what goes along with it, as far as nothing became of that yet. */
export function bundleOf(moves: readonly ProposedMove[], move: ProposedMove): ProposedMove[] {
  const along = new Set(move.together.map(one => `${one.caseNumber} ${one.seat}`))
  return moves.filter(
    one => one === move || (one.state === 'open' && along.has(`${one.caseNumber} ${one.seat}`)),
  )
}

/** Who gets or gives something by it; of others the picture says nothing new. */
export const isConcerned = ({ before, after }: Pick<EffectRow, 'before' | 'after'>) =>
  before.hours !== after.hours

/** A handover takes two weeks, unless people agree otherwise. */
export const HANDOVER_DAYS = 14
