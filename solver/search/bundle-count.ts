import { type Instance, type InstanceWorker, NEW_CASES } from './instance.ts'

/** So many bundles per worker can be looked through, when prices and room rule out most (measured, docs/performance.md). */
const countLimit = 1_000_000
/** More steps of hours than this are taken together, which counts a few bundles too many. */
const widthLimit = 400

/** Whether what one worker may get together is too much to look through, on average over those who may get anything. */
export function hasManyBundles({ workers }: Instance): boolean {
  const people = workers.filter(worker => worker.candidates.length > 0)
  const all = people.reduce((sum, worker) => sum + bundleCount(worker), 0)
  return all > countLimit * people.length
}

/** How many sets of seats fit a worker's hours and cap on new cases; what stays is taken to fit always. */
function bundleCount({ candidates, hardLimit, baseHours, limits }: InstanceWorker): number {
  const fresh = candidates.filter(one => !one.stays).map(one => one.hours)
  const stays = candidates.length - fresh.length
  const room = Math.max(
    0,
    Math.min(
      hardLimit - baseHours,
      fresh.reduce((sum, one) => sum + one, 0),
    ),
  )
  const step = Math.max(1, room / widthLimit)
  const width = Math.floor(room / step) + 1
  const slots = Math.min(limits[NEW_CASES]!, fresh.length)
  if (slots > 20) return Number.POSITIVE_INFINITY
  // By slots used and hours: in how many ways.
  const ways = new Float64Array((slots + 1) * width)
  ways[0] = 1
  for (const hours of fresh) {
    const own = Math.floor(hours / step)
    for (let slot = slots; slot >= 1; slot--) {
      for (let h = width - 1; h >= own; h--) ways[slot * width + h]! += ways[(slot - 1) * width + h - own]!
    }
  }
  return ways.reduce((sum, one) => sum + one, 0) * 2 ** stays
}
