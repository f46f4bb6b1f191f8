import type { Seat } from '../../solver/problem/problem.ts'
import { addDays, dayOf, nextMonday, weekdayOf } from '../contract/days.ts'
import type { LineState } from '../contract/sharing.ts'

/** A line as it was shown to its worker, with the newest answer. Numbers are those people use. */
export interface Ask {
  lineId: number
  caseNumber: string
  seat: Seat
  staffNumber: string
  answerUntil: Date
  answer: { id: number; kind: 'agree' | 'discuss' | 'object' } | null
}

/** A decision of the team about a line without agreement; `answerId` is the answer that it knew. */
export interface Ruling {
  caseNumber: string
  seat: Seat
  staffNumber: string
  about: 'objection' | 'discussion' | 'silence' | 'unasked'
  answerId: number | null
}

/**
 * Where a filled seat stands with its worker. A ruling holds until the worker answers anew; silence is never consent: after
 * the term it is only silence, about which the team decides.
 */
export function stateOf(
  ask: Pick<Ask, 'answer' | 'answerUntil'> | undefined,
  ruling: Pick<Ruling, 'answerId'> | undefined,
  now: Date,
): LineState {
  const answer = ask?.answer ?? null
  if (answer?.kind === 'agree') return 'agreed'
  if (ruling && ruling.answerId === (answer?.id ?? null)) return 'ruled'
  if (!ask) return 'unasked'
  if (answer) return answer.kind === 'object' ? 'objected' : 'discuss'
  return now < ask.answerUntil ? 'waiting' : 'silent'
}

/** What a ruling on a line in this state is about; null: there is nothing to rule, or not yet. */
export function rulingAbout(state: LineState): Ruling['about'] | null {
  switch (state) {
    case 'objected':
      return 'objection'
    case 'discuss':
      return 'discussion'
    case 'silent':
      return 'silence'
    case 'unasked':
      return 'unasked'
    default:
      return null
  }
}

/** Why a line cannot be settled yet, as far as its worker is concerned. */
export type AnswerObstacle = 'objection' | 'discussion' | 'awaiting' | 'silence' | 'unasked'

/** In a round that is settled in a meeting only an objection that somebody did make stands in the way. */
export function obstacleOf(state: LineState, way: 'meeting' | 'shared'): AnswerObstacle | null {
  if (state === 'objected') return 'objection'
  if (way === 'meeting' || state === 'agreed' || state === 'ruled') return null
  return state === 'waiting' ? 'awaiting' : rulingAbout(state)
}

export const lineKey = (line: { caseNumber: string; seat: Seat; staffNumber: string }) =>
  `${line.caseNumber} ${line.seat} ${line.staffNumber}`

/** The end of the term: when the day this many days from now is over, on the Monday after when that is in a weekend. */
export function termEnd(now: Date, days: number): Date {
  const last = addDays(dayOf(now), days)
  const day = weekdayOf(last) > 5 ? nextMonday(last) : last
  const inWinter = new Date(`${day}T22:59:59.999Z`)
  return dayOf(inWinter) === day ? inWinter : new Date(`${day}T21:59:59.999Z`)
}
