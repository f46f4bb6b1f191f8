import type { DenseWorker } from './shape.ts'

/** By kind of option: how far a use moves up, and the layers that it can lead into, highest first. */
export interface Kind {
  up: number
  into: Int32Array
}

/** The counters of a worker as one number: a layer has a digit per counter, from 0 to its cap. */
export interface Layers {
  count: number
  kinds: Kind[]
  /** By a * count + b: 1 when no digit of a is above that of b. */
  within: Uint8Array
}

/** Adds one option to a table of "the most within these hours and counters". */
export function raise(
  table: Float64Array,
  at: number,
  width: number,
  net: number,
  hours: number,
  kind: Kind,
): void {
  for (let i = 0; i < kind.into.length; i++) {
    const to = at + kind.into[i]! * width
    const from = at + (kind.into[i]! - kind.up) * width - hours
    for (let h = width - 1; h >= hours; h--) {
      const value = table[from + h]! + net
      if (value > table[to + h]!) table[to + h] = value
    }
  }
}

/** The same on the table at 0, noting in `taken` (from `row`) where the option was worth taking. */
export function raiseAndNote(
  table: Float64Array,
  taken: Uint8Array,
  row: number,
  width: number,
  net: number,
  hours: number,
  kind: Kind,
): void {
  for (let i = 0; i < kind.into.length; i++) {
    const to = kind.into[i]! * width
    const from = (kind.into[i]! - kind.up) * width - hours
    for (let h = width - 1; h >= hours; h--) {
      const value = table[from + h]! + net
      if (value > table[to + h]!) {
        table[to + h] = value
        taken[row + to + h] = 1
      }
    }
  }
}

/** The tightest counters, as many as make no more than `limit` layers. */
export function layersOf(worker: DenseWorker, limit: number): Layers {
  const kept: number[] = []
  let count = 1
  for (const counter of [...worker.caps.keys()].sort((a, b) => worker.caps[a]! - worker.caps[b]! || a - b)) {
    if (count * (worker.caps[counter]! + 1) > limit) continue
    count *= worker.caps[counter]! + 1
    kept.push(counter)
  }
  const caps = kept.map(counter => worker.caps[counter]!)
  const strides = caps.map((_, k) => caps.slice(0, k).reduce((product, cap) => product * (cap + 1), 1))
  const digit = (layer: number, k: number) => Math.floor(layer / strides[k]!) % (caps[k]! + 1)
  const kinds = worker.kinds.map(uses => {
    const need = caps.map(() => 0)
    for (let i = 0; i < uses.length; i += 2) {
      const k = kept.indexOf(uses[i]!)
      if (k >= 0) need[k]! += uses[i + 1]!
    }
    const up = need.reduce((sum, one, k) => sum + one * strides[k]!, 0)
    const into: number[] = []
    for (let layer = count - 1; layer >= 0; layer--) {
      if (need.every((one, k) => digit(layer, k) >= one)) into.push(layer)
    }
    return { up, into: Int32Array.from(into) }
  })
  const within = new Uint8Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      within[a * count + b] = caps.every((_, k) => digit(a, k) <= digit(b, k)) ? 1 : 0
    }
  }
  return { count, kinds, within }
}
