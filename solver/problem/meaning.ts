import type { Problem } from './problem.ts'

/**
 * What the rules of a Problem mean. A stored Problem is judged for ever by the meaning that it names, so whatever changes what
 * an existing Problem says gets the next number here.
 *
 *   1  The first; what a Problem means that names none.
 *   2  `secondSeatRegistered: false` lets somebody in training take a second seat, but nobody whose registration has not begun
 *      or has ended. A duo with one seat locked is completed, or is not placed and costs nothing. Locks that do not
 *      fit together hold by class of the case, then waiting time. The highest load is that of everybody with a norm who
 *      gets a seat that is new to them, whoever gave it.
 */
export const currentMeaning = 2

export function meaningOf({ meaning }: Pick<Problem, 'meaning'>): 1 | 2 {
  return meaning ?? 1
}
