import type { Support } from '../contract/messages.ts'

/** Fewer cases than this are never shown: they would tell what was thought of one case. */
export const MIN_CASES = 5

/** A settled round with how many of its cases could be compared, and in how many the team's first view was the suggestion. */
export interface LookedRound {
  roundId: number
  /** In order of id. */
  teamIds: readonly number[]
  day: string
  cases: number
  agreed: number
}

/**
 * How often the own view of a team met the suggestion, over time, oldest first. Like the support, a round with too few cases is
 * taken together with the next of the same teams, and what is left at the end stays hidden.
 */
export function lookPoints(settled: readonly LookedRound[]): Support['firstLooks'] {
  const points: Support['firstLooks'] = []
  const groups = new Map<string, LookedRound[]>()
  for (const round of settled) {
    if (round.cases === 0) continue
    const teams = round.teamIds.join(' ')
    const group = [...(groups.get(teams) ?? []), round]
    groups.set(teams, group)
    const cases = group.reduce((sum, one) => sum + one.cases, 0)
    if (cases < MIN_CASES) continue
    points.push({
      rounds: group.map(one => one.roundId),
      from: group[0]!.day,
      until: round.day,
      cases,
      agreed: group.reduce((sum, one) => sum + one.agreed, 0),
    })
    groups.delete(teams)
  }
  return points
}
