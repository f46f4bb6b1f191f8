import type { RoundDetail } from '../../server/contract/rounds.ts'

type Level = NonNullable<RoundDetail['solution']>['levels'][number]

/** Loads and points are sums of fractions: closer than this they are the same. */
const CLOSE = 1e-6

/** Whether nothing better exists on this level, given the levels before it; its steps are part of it. */
export function isProven({ value, bound, steps = [] }: Level): boolean {
  const scale = Math.max(1, Math.abs(value), Math.abs(bound))
  return Math.abs(bound - value) <= CLOSE * scale && steps.every(step => step.value === step.bound)
}

/**
 * What a calculation that ended without proof leaves open: the first level that could be better. `kind` is `steps` when
 * as many cases as possible have a place, but others that wait longer might have come first. Null: all is proven.
 */
export function firstOpen(levels: readonly Level[]): { level: Level; kind: 'level' | 'steps' } | null {
  const level = levels.find(one => !isProven(one))
  if (!level) return null
  return { level, kind: isProven({ ...level, steps: [] }) ? 'steps' : 'level' }
}
