/**
 * The values that a goal can have at all. A search may round its bound down to one, and need not look for what lies between its best
 * value and the next.
 */
export interface Ladder {
  /** The highest value that is no higher than this. */
  below: (bound: number) => number
  /** The lowest value that is higher than this whole one. */
  above: (value: number) => number
}

/** Values are whole. */
export const WHOLE: Ladder = { below: Math.floor, above: value => value + 1 }

/**
 * Of W n + d (see `classGoal`) with n the cases placed and d the days they waited: n cases waited no less than the n that waited least
 * and no more than the n that waited most. So where a bound leaves room for half a case more, it leaves room for none.
 */
export function ladderOf(days: readonly number[], weight: number): Ladder {
  const sorted = [...days].sort((a, b) => a - b)
  const least = sums(sorted)
  const most = sums(sorted.reverse())
  const last = sorted.length
  return {
    below: bound => {
      const whole = Math.floor(bound)
      const n = Math.min(last, Math.floor(whole / weight))
      if (n < 0) return whole
      const rest = whole - n * weight
      if (rest >= least[n]!) return n * weight + Math.min(rest, most[n]!)
      return (n - 1) * weight + (most[n - 1] ?? 0)
    },
    above: value => {
      const n = Math.floor(value / weight)
      const rest = value - n * weight
      if (n < 0 || n > last) return value + 1
      if (rest < most[n]!) return n * weight + Math.max(rest + 1, least[n]!)
      return n < last ? (n + 1) * weight + least[n + 1]! : value + 1
    },
  }
}

/** The sums of the first 0, 1, 2, ... of a list. */
function sums(list: readonly number[]): number[] {
  const result = [0]
  for (const one of list) result.push(result.at(-1)! + one)
  return result
}
