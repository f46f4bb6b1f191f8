/** Fewer people would tell each other's load. */
export const MIN_PEOPLE = 5
/** From here up the quartiles themselves are shown, rounded; among fewer, each would nearly be somebody's own load. */
export const MIN_FOR_QUARTILES = 8
/** Quartiles are rounded to this part of the norm: exactly, each is the load of one person. */
const STEP = 0.05

export interface TeamPlace {
  people: number
  /** The own load beside the middle of the team, around: at most five percent of the norm from it. null without a load of one's own. */
  half: 'lower' | 'around' | 'higher' | null
  /** null for fewer than eight people. */
  quartiles: {
    low: number
    middle: number
    high: number
    /** 1 for the lowest loads to 4 for the highest; null without a load of one's own. */
    quarter: 1 | 2 | 3 | 4 | null
  } | null
}

/**
 * The own place among the loads of a team (fractions of the norm): above, around or below the middle from five people up, and the
 * quartiles, to the nearest five percent, from eight up. The quarter is that among the quartiles as they are shown; their ends
 * belong to the lower one. null for fewer than five loads.
 */
export function placeAmong(loads: readonly number[], own: number | null): TeamPlace | null {
  if (loads.length < MIN_PEOPLE) return null
  const sorted = [...loads].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
  const off = own === null ? null : own - at(0.5)
  const half = off === null ? null : Math.abs(off) <= STEP + 1e-9 ? 'around' : off < 0 ? 'lower' : 'higher'
  return { people: sorted.length, half, quartiles: quartilesOf(at, sorted.length, own) }
}

function quartilesOf(
  at: (share: number) => number,
  people: number,
  own: number | null,
): TeamPlace['quartiles'] {
  if (people < MIN_FOR_QUARTILES) return null
  const shown = (share: number) => Math.round(Math.round(at(share) / STEP) * STEP * 100) / 100
  const [low, middle, high] = [shown(0.25), shown(0.5), shown(0.75)]
  const quarter = own === null ? null : own <= low ? 1 : own <= middle ? 2 : own <= high ? 3 : 4
  return { low, middle, high, quarter }
}
