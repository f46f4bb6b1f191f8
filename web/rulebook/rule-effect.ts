import type { RulebookEffect } from '../../server/contract/rulebook-versions.ts'
import { pointsBetween } from '../base/format.ts'

type Worker = RulebookEffect['workers'][number]

/** The classes of load of the picture, in percent; the last has no end. */
export const LOAD_CLASSES = [0, 50, 60, 70, 80, 90, 100, 110, 120, 130] as const

/** How many people are in each class of load, before and after. Who has no norm is in none. */
export function classesOf(workers: readonly Worker[]): { from: number; before: number; after: number }[] {
  const classOf = (workload: number | null) =>
    workload === null ? -1 : LOAD_CLASSES.findLastIndex(from => Math.round(workload * 1000) >= from * 10)
  return LOAD_CLASSES.map((from, index) => ({
    from,
    before: workers.filter(one => classOf(one.before.workload) === index).length,
    after: workers.filter(one => classOf(one.after.workload) === index).length,
  }))
}

/** The difference in percentage points, of what is shown; null where one of both has no norm. */
export const differenceOf = ({ before, after }: Worker): number | null =>
  before.workload === null || after.workload === null ? null : pointsBetween(before.workload, after.workload)

/** Sorted by name, by load after, or by how much changes (the largest change first, in either direction). */
export function sortEffect(
  workers: readonly Worker[],
  sort: string,
  byName: (a: string, b: string) => number,
) {
  const by = sort.replace(/^-/, '')
  const turned = sort.startsWith('-') ? -1 : 1
  const value = (one: Worker) => {
    if (by === 'before') return one.before.workload ?? -1
    if (by === 'after') return one.after.workload ?? -1
    return differenceOf(one) ?? 0
  }
  return [...workers].sort((a, b) => {
    const named = byName(a.name, b.name) || (a.staffNumber < b.staffNumber ? -1 : 1)
    return by === 'name' ? turned * named : turned * (value(a) - value(b)) || named
  })
}

/** Whose load becomes another, the largest change first; who gets or loses a norm before all. */
export function mostChanged(workers: readonly Worker[], byName: (a: string, b: string) => number): Worker[] {
  const size = (one: Worker) => Math.abs(differenceOf(one) ?? Number.POSITIVE_INFINITY)
  return workers
    .filter(({ before, after }) => before.workload !== after.workload)
    .sort((a, b) => (size(a) === size(b) ? byName(a.name, b.name) : size(b) - size(a)))
}
