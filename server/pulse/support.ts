import type { Support } from '../contract/messages.ts'

/** Fewer answers than this are never shown. */
export const MIN_ANSWERS = 5

/** A round whose questions are closed, with its answers; the first that closed comes first. */
export interface ClosedPulse {
  roundId: number
  /** The teams of the round, in order of id. */
  teamIds: readonly number[]
  day: string
  asked: number
  answers: readonly { support: number; fairness: number }[]
}

/**
 * Points over time, oldest first. A round with fewer than five answers is taken together with the rounds of the same teams that
 * closed after it until there are five; what is left at the end stays hidden. Two views of the same rounds may never differ by
 * fewer than five answers, or the difference would tell them. So rounds that are still open are not given here, the order is
 * that of closing (what is added never changes a point that was shown), and rounds of other teams stay apart (every reader sees
 * the same points, whatever teams they read).
 */
export function supportPoints(closed: readonly ClosedPulse[]): Pick<Support, 'points' | 'hidden'> {
  const points: Support['points'] = []
  const groups = new Map<string, ClosedPulse[]>()
  for (const pulse of closed) {
    const teams = pulse.teamIds.join(' ')
    const group = [...(groups.get(teams) ?? []), pulse]
    groups.set(teams, group)
    const answers = group.flatMap(one => one.answers)
    if (answers.length < MIN_ANSWERS) continue
    points.push({
      rounds: group.map(one => one.roundId),
      from: group[0]!.day,
      until: pulse.day,
      answers: answers.length,
      asked: group.reduce((sum, one) => sum + one.asked, 0),
      support: mean(answers.map(one => one.support)),
      fairness: mean(answers.map(one => one.fairness)),
    })
    groups.delete(teams)
  }
  return { points, hidden: [...groups.values()].flat().length }
}

const mean = (marks: readonly number[]) =>
  Math.round((marks.reduce((sum, mark) => sum + mark, 0) / marks.length) * 100) / 100
