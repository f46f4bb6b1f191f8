import { setImmediate } from 'node:timers/promises'

/** Long work that says, with `yield`, where it can be left for a moment. */
export type Sliced<Result> = Generator<void, Result, void>

/** So long nobody else is answered. */
const SLICE_MS = 10

/** Does the work in slices: between two of them everybody else has a turn. */
export async function inSlices<Result>(work: Sliced<Result>): Promise<Result> {
  for (;;) {
    const until = performance.now() + SLICE_MS
    do {
      const step = work.next()
      if (step.done) return step.value
    } while (performance.now() < until)
    await setImmediate()
  }
}

/** Does the work in one go, where nobody waits. */
export function atOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
