/** Fewer people would tell each other's load. */
export const LEAST_PEOPLE = 5

export interface Quarters {
  people: number
  low: number
  middle: number
  high: number
  /** 1 for the lowest loads to 4 for the highest; null without a load of one's own. */
  quarter: 1 | 2 | 3 | 4 | null
}

/**
 * Quartiles of loads (fractions of the norm), and the own place among them. A quartile is the lowest load at or below which
 * that share of the people is, so that the sentence on screen is true for every team. The ends of a quarter belong to the
 * lower one. null for fewer than five loads.
 */
export function quartersOf(loads: readonly number[], own: number | null): Quarters | null {
  if (loads.length < LEAST_PEOPLE) return null
  const sorted = [...loads].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
  const [low, middle, high] = [at(0.25), at(0.5), at(0.75)]
  const quarter = own === null ? null : own <= low ? 1 : own <= middle ? 2 : own <= high ? 3 : 4
  return { people: sorted.length, low, middle, high, quarter }
}
