import { squareOfLoad } from '../problem/load.ts'
import type { Draft } from './draft.ts'
import { hoursLimit, type Instance, type InstanceWorker, NEW_CASES } from './instance.ts'

/** More steps of hours than this for one worker are not looked at. */
const stepLimit = 20_000

/** So many steps of hours, each of which costs so much. */
interface Piece {
  steps: number
  cost: number
}

/**
 * No allocation that places as many cases of each class has a smaller sum of squares: the fewest hours that so many cases can take,
 * dealt out among everybody who may get any as if they could be split, always where an hour costs least. Steps of hours are their
 * greatest common divisor, so where equal cases go to equal people this is what there is.
 */
export function leastEven(draft: Draft): number {
  const { instance } = draft
  let least = instance.workers.reduce((sum, one) => sum + squareOfLoad(one.baseHours, one.norm), 0)
  const { step, pieces } = stepsOf(instance)
  if (step === 0) return least
  let left = Math.floor(hoursNeeded(draft) / step)
  for (const { steps, cost } of pieces) {
    const taken = Math.min(left, steps)
    least += taken * cost
    left -= taken
    if (left === 0) break
  }
  // Costs of a step are no whole numbers.
  return Math.ceil(least - 0.01)
}

interface Steps {
  /** Hours of one step; 0: nobody can get anything. */
  step: number
  /** Of everybody, the cheapest first. */
  pieces: Piece[]
}

// An instance never changes once it is built, and in a large one this takes a good part of a second.
const steps = new WeakMap<Instance, Steps>()

function stepsOf(instance: Instance): Steps {
  let known = steps.get(instance)
  if (!known) {
    const step = instance.workers.reduce(
      (all, one) => one.candidates.reduce((divisor, { hours }) => gcd(divisor, hours), all),
      0,
    )
    const pieces = step === 0 ? [] : instance.workers.flatMap(one => piecesOf(instance, one, step))
    known = { step, pieces: pieces.sort((a, b) => a.cost - b.cost) }
    steps.set(instance, known)
  }
  return known
}

/** The fewest hours that as many cases of each class can take as are placed. */
function hoursNeeded(draft: Draft): number {
  const { instance } = draft
  const least = new Float64Array(instance.items.length).fill(Number.POSITIVE_INFINITY)
  for (const { candidates } of instance.workers)
    for (const { item, hours } of candidates) least[item] = Math.min(least[item]!, hours)
  return instance.classes.reduce((sum, _, rank) => {
    const inClass = instance.units.flatMap((unit, index) => (unit.rank === rank ? [{ unit, index }] : []))
    const placed = inClass.filter(({ index }) => draft.placed(index)).length
    const hours = inClass
      .map(({ unit }) => unit.items.reduce((all, item) => all + least[item]!, 0))
      .sort((a, b) => a - b)
    return sum + hours.slice(0, placed).reduce((all, one) => all + one, 0)
  }, 0)
}

/** What each step of hours costs this worker at least, in order: the lower edge of the squares, which bends upwards. */
function piecesOf(instance: Instance, worker: InstanceWorker, step: number): Piece[] {
  const { baseHours, norm } = worker
  const most = Math.floor(mostMore(instance, worker) / step)
  if (most <= 0) return []
  // With so many steps only the straight line to nothing is certain.
  if (most > stepLimit) return [{ steps: most, cost: 0 }]
  const square = (k: number) => squareOfLoad(baseHours + k * step, norm)
  const edge = [0]
  for (let k = 1; k <= most; k++) {
    while (edge.length > 1 && slope(square, edge.at(-2)!, edge.at(-1)!) >= slope(square, edge.at(-1)!, k))
      edge.pop()
    edge.push(k)
  }
  return edge.slice(1).map((k, at): Piece => ({ steps: k - edge[at]!, cost: slope(square, edge[at]!, k) }))
}

function slope(square: (k: number) => number, from: number, to: number): number {
  return (square(to) - square(from)) / (to - from)
}

/** The most hours that this worker can get, one way or another. */
function mostMore({ items }: Instance, worker: InstanceWorker): number {
  const { candidates, baseHours, limits } = worker
  const hours = candidates.map(one => one.hours).sort((a, b) => b - a)
  const slots = candidates.some(one => one.stays) ? hours.length : limits[NEW_CASES]!
  const limit = candidates.reduce((most, one) => Math.max(most, hoursLimit(worker, items[one.item]!, one)), 0)
  return Math.min(
    limit - baseHours,
    hours.slice(0, slots).reduce((sum, one) => sum + one, 0),
  )
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
