import type { Bundle } from './bundles.ts'
import { Draft } from './draft.ts'
import { polish, squeezeIn } from './greedy.ts'
import type { Stage } from './price-relaxation.ts'

/** An allocation from the bundles of a fractional answer, those it takes most of first. */
export function roundColumns(
  { instance, goal }: Stage,
  bundles: readonly Bundle[],
  taken: readonly number[],
): Draft {
  const order = taken
    .flatMap((share, b) => (share > 1e-6 ? [b] : []))
    .sort((a, b) => taken[b]! - taken[a]! || a - b)
  const draft = new Draft(instance)
  for (const b of order) {
    const { worker, items } = bundles[b]!
    for (const item of items) if (draft.fits(worker, item)) draft.assign(worker, item)
  }
  squeezeIn(draft)
  draft.dropIncomplete()
  if (goal === null) polish(draft, 3)
  return draft
}

/** An allocation from bundles that may overlap: each item to the worker for whom it adds most, then fill and polish. */
export function roundBundles({ instance }: Stage, chosen: readonly (readonly number[])[]): Draft {
  const wanted = instance.items.map((): number[] => [])
  chosen.forEach((items, worker) => {
    for (const item of items) wanted[item]!.push(worker)
  })
  const draft = new Draft(instance)
  wanted.forEach((workers, item) => {
    let best = -1
    let bestGain = Number.NEGATIVE_INFINITY
    for (const worker of workers) {
      if (!draft.fits(worker, item)) continue
      const gain = draft.gain(worker, item)
      if (gain > bestGain) {
        best = worker
        bestGain = gain
      }
    }
    if (best >= 0) draft.assign(best, item)
  })
  squeezeIn(draft)
  draft.dropIncomplete()
  polish(draft, 3)
  return draft
}
