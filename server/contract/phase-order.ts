import type { Phase } from '../../solver/problem/problem.ts'

export type { Phase }

/** Everything about a phase but its names and weights: who adds one is told here what is missing. */
export interface PhaseEntry {
  /** The phase that a case goes on to; null: it closes. */
  next: Phase | null
}

/** Every phase, in the order in which a case goes through them. */
export const phaseOf: Record<Phase, PhaseEntry> = {
  begin: { next: 'middle' },
  middle: { next: 'end' },
  end: { next: null },
}

export const PHASES = Object.keys(phaseOf) as Phase[]
/** What a case is in of which nobody said the phase. */
export const FIRST_PHASE: Phase = 'begin'

/** One value for each phase. */
export function perPhase<T>(of: (phase: Phase) => T): Record<Phase, T> {
  return Object.fromEntries(PHASES.map(phase => [phase, of(phase)])) as Record<Phase, T>
}
