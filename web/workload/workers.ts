import { byName } from '../../server/contract/names.ts'
import type { WorkerRow } from '../../server/contract/workers.ts'

export interface WorkerFilter {
  /** Words that all have to be in the name or the staff number. */
  search: string
  /** Team id as text; '' is every team. */
  team: string
  /** '' is every availability, load status or competence. */
  availability: string
  status: string
  competence: string
}

/** The workers that pass every filter, in the order given. */
export function filterWorkers(workers: readonly WorkerRow[], filter: WorkerFilter): WorkerRow[] {
  const words = filter.search.trim().toLocaleLowerCase('nl').split(/\s+/).filter(Boolean)
  return workers.filter(worker => {
    const text = `${worker.name} ${worker.staffNumber}`.toLocaleLowerCase('nl')
    return (
      words.every(word => text.includes(word)) &&
      (filter.team === '' || String(worker.teamId) === filter.team) &&
      (filter.availability === '' || worker.availability === filter.availability) &&
      (filter.status === '' || worker.load.status === filter.status) &&
      (filter.competence === '' || worker.competences.includes(filter.competence))
    )
  })
}

const measures: Record<string, (worker: WorkerRow) => number> = {
  /** No norm, no percentage: these come before every percentage. */
  load: worker => worker.load.workload ?? -1,
  norm: worker => worker.load.norm.normHours,
  hours: worker => worker.load.hoursInUse,
  contract: worker => worker.contractHours,
  families: worker => worker.load.families,
  children: worker => worker.load.children,
  heavy: worker => worker.load.heavyCases,
  new: worker => worker.load.newLastFourWeeks,
}

/**
 * Workers by `sort`: 'name', 'team', 'number' or one of the figures; '-' in front turns it round. Equal ones, and an
 * unknown order, go by name, so that the order is the same on every screen.
 */
export function sortWorkers(workers: readonly WorkerRow[], sort: string): WorkerRow[] {
  const descending = sort.startsWith('-')
  const by = descending ? sort.slice(1) : sort
  const measure = measures[by]
  const compare = (a: WorkerRow, b: WorkerRow) => {
    if (measure) return measure(a) - measure(b)
    if (by === 'team') return a.team.localeCompare(b.team, 'nl', { numeric: true })
    if (by === 'number') return a.staffNumber.localeCompare(b.staffNumber, 'nl', { numeric: true })
    return byName(a.name, b.name)
  }
  return [...workers].sort((a, b) => (descending ? -1 : 1) * compare(a, b) || byName(a.name, b.name))
}

/** Changes by anybody that touch what a page about workers shows. */
export const isAboutWorkers = (event: { objectType: string }) =>
  ['worker', 'allocation', 'case', 'round', 'rulebook', 'import', 'decision'].includes(event.objectType)
