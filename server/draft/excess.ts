import type { Executor } from '../../db/database.ts'
import { limitPoints, seatHours } from '../../solver/problem/load.ts'
import type { Problem } from '../../solver/problem/problem.ts'
import type { TakenSeat } from '../../solver/rules/rules.ts'
import type { ChoiceApproval } from '../contract/choices.ts'
import type { StoredChoice } from './choice-row.ts'
import { type RoundState, seatsToday } from './state.ts'
import { takenAfter } from './together.ts'

/** A choice above the hard limit, as far as its second pair of eyes is concerned. */
export interface Excess {
  authorId: number | null
  /** The author holds the right to go above the limit; then anybody else who may settle is enough. */
  authorHasRight: boolean
  state: 'pending' | 'approved' | 'refused'
  decidedBy: number | null
  /** The share of the norm that was agreed to; null: nobody has yet, or before this was kept. */
  upTo: number | null
}

/** What was said about it, and by whom. */
export interface SaidExcess extends Excess {
  decidedByName: string | null
  decidedAt: Date | null
  reasonText: string | null
}

export type ExcessState = Excess['state'] | 'lapsed'

/** Where it stands when the worker would come to this share of the norm: who agrees, agrees up to a figure and not above. */
export function excessState(
  { state, upTo }: Pick<Excess, 'state' | 'upTo'>,
  figure: number | null,
): ExcessState {
  if (state === 'refused') return 'refused'
  return upTo !== null && figure !== null && figure > upTo ? 'lapsed' : state
}

/**
 * Above the hard limit two people decide, one of them with the right to: who chose, and who approves. Who settles a choice of
 * a colleague with that right is the second one.
 */
export function seenByTwo(excess: Excess, settlerId: number, figure: number | null): boolean {
  const state = excessState(excess, figure)
  if (state !== 'pending') return state === 'approved'
  return excess.authorHasRight && excess.authorId !== settlerId
}

/** The person whose decision the excess is. */
export function excessDecider(excess: Excess): number | null {
  return excess.authorHasRight || excess.decidedBy === null ? excess.authorId : excess.decidedBy
}

/** A share that no norm has: somebody without norm hours who would get work. */
const WITHOUT_NORM = 99_999

/**
 * The highest share of the norm that somebody comes to with these seats, on the start date and on every later day on which
 * the limit is tested; in steps of 0.01 %, null for who is not in the Problem.
 */
export function highestShare(
  problem: Problem,
  taken: readonly TakenSeat[],
  staffNumber: string,
): number | null {
  const worker = problem.workers.find(one => one.id === staffNumber)
  if (!worker) return null
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const given = taken.reduce((sum, one) => {
    const theCase = one.workerId === staffNumber ? cases.get(one.caseId) : undefined
    return theCase ? sum + seatHours(problem.policy, theCase, one.seat, worker) : sum
  }, 0)
  const shares = limitPoints(problem.policy, worker).map(({ hours, norm }) =>
    norm > 0 ? Math.round(((hours + given) * 10_000) / norm) / 10_000 : WITHOUT_NORM,
  )
  return Math.max(...shares)
}

/** By choice id; of the standing choices of a round that accept load above the limit. */
export async function excessesOf(db: Executor, roundId: number): Promise<Map<number, SaidExcess>> {
  const rows = await db
    .selectFrom('choice as h')
    .leftJoin('approval as a', 'a.choiceId', 'h.id')
    .leftJoin('userAccount as u', 'u.id', 'a.decidedBy')
    .select([
      'h.id',
      'h.createdBy as authorId',
      'a.authorHasRight',
      'a.state',
      'a.decidedBy',
      'a.decidedAt',
      'a.reasonText',
      'a.upTo',
      'u.name as decidedByName',
    ])
    .where('h.roundId', '=', roundId)
    .where('h.withdrawnAt', 'is', null)
    .where('h.acceptsExcess', '=', true)
    .execute()
  return new Map(
    rows.map(({ id, authorHasRight, state, ...row }) => [
      id,
      { ...row, authorHasRight: authorHasRight ?? true, state: state ?? 'pending' },
    ]),
  )
}

/** What was said of the choices above the limit, as the round shows it over the draft of today. */
export async function approvalsIn(
  db: Executor,
  state: RoundState,
): Promise<(choice: StoredChoice) => ChoiceApproval | null> {
  const excesses = await excessesOf(db, state.round.id)
  const taken = excesses.size === 0 ? [] : takenAfter(seatsToday(state), [])
  return ({ id, staffNumber }) => {
    const excess = excesses.get(id)
    if (!excess || staffNumber === null) return null
    const figure = highestShare(state.now.problem, taken, staffNumber)
    return {
      state: excessState(excess, figure),
      by: excess.decidedByName,
      at: excess.decidedAt?.toISOString() ?? null,
      reasonText: excess.reasonText,
      upTo: excess.upTo,
      figure,
    }
  }
}
