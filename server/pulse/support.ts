import type { Support } from '../contract/messages.ts'

/** Fewer answers than this are never shown. */
export const FEWEST_ANSWERS = 5

/** A round whose questions are closed, with its answers; oldest first. */
export interface ClosedPulse {
  roundId: number
  day: string
  asked: number
  answers: readonly { support: number; fairness: number }[]
}

/**
 * Points over time. A round with fewer than five answers is taken together with the rounds after it until there are five;
 * what is left at the end stays hidden. Rounds that are still open are not given here: somebody who saw the mean before and
 * after one answer would know that answer.
 */
export function supportPoints(closed: readonly ClosedPulse[]): Pick<Support, 'points' | 'hidden'> {
  const points: Support['points'] = []
  let group: ClosedPulse[] = []
  for (const pulse of closed) {
    group.push(pulse)
    const answers = group.flatMap(one => one.answers)
    if (answers.length < FEWEST_ANSWERS) continue
    points.push({
      rounds: group.map(one => one.roundId),
      from: group[0]!.day,
      until: pulse.day,
      answers: answers.length,
      asked: group.reduce((sum, one) => sum + one.asked, 0),
      support: mean(answers.map(one => one.support)),
      fairness: mean(answers.map(one => one.fairness)),
    })
    group = []
  }
  return { points, hidden: group.length }
}

const mean = (marks: readonly number[]) =>
  Math.round((marks.reduce((sum, mark) => sum + mark, 0) / marks.length) * 100) / 100
