import type { Draft } from './draft.ts'

/** What a run may use, and how it tells the outside. Only the edge (solve.ts) makes one, so the engine owns no clock. */
export interface Deadline {
  /** True once the time is up or a person asked to stop; everything then ends with the best it has. */
  shouldStop: () => boolean
  /** Milliseconds left. */
  remaining: () => number
  /** Says that the clock ended a part of the search, so that another machine may find another answer. */
  cut: () => void
  /** What is known of a level now: the value of the best allocation, a bound on it, and that allocation. */
  report: (level: string, value: number, bound: number, best: Draft) => void
}
