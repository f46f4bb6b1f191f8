import { levelsBeforePoints, type Price } from './worth.ts'

export type Margin = 'clear' | 'narrow' | 'equal' | 'behind'

/** Points from which the choice is clear, and from which it is narrow; under that it is equal. */
const CLEAR = 15
const NARROW = 5

/**
 * How clear a choice is by what the best other one costs. A level before points is clear whatever the points say; the draft is
 * behind when the other is better. null: of a price that is not exact it is only known that it costs at least this.
 */
export function marginOfPrice(price: Price, exact = true): Margin | null {
  if (price.levels[0]?.better) return 'behind'
  const loss = 0 - price.points
  if (!decidedByPoints(price) || loss >= CLEAR) return 'clear'
  if (!exact) return null
  return loss >= NARROW ? 'narrow' : 'equal'
}

/** No level before points differs. */
export function decidedByPoints({ levels }: Price): boolean {
  return levels.every(one => !levelsBeforePoints.includes(one.level))
}
