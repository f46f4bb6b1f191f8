import type { WorkerRow, Workload } from './workers.ts'

/** How often a list of people is counted too many times when each of them is counted: all of those shown but one. */
const surplus = (shown: ReadonlySet<string>, people: readonly string[]): number =>
  Math.max(0, people.filter(one => shown.has(one)).length - 1)

const hundredths = (hours: number): number => Math.round(hours * 100)

/**
 * Sums of the rows shown. A family or a case that several of them carry counts once, however many carry it; each of them still has it in
 * the own row.
 */
export function totalsOf(rows: readonly WorkerRow[], shared: Workload['shared']): Workload['totals'] {
  const sum = (of: (row: WorkerRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  const shown = new Set(rows.map(row => row.staffNumber))
  const twice = (lists: readonly (readonly string[])[]) =>
    lists.reduce((total, people) => total + surplus(shown, people), 0)
  const norm = sum(row => hundredths(row.load.norm.normHours))
  const used = sum(row => hundredths(row.load.hoursInUse))
  const statuses = { room: 0, onNorm: 0, aboveNorm: 0, farAboveNorm: 0, noCaseload: 0 }
  for (const row of rows) statuses[row.load.status]++
  return {
    normHours: norm / 100,
    hoursInUse: used / 100,
    // Six decimals, as the load of one worker.
    workload: norm > 0 ? Math.round((used * 1_000_000) / norm) / 1_000_000 : null,
    families: sum(row => row.load.families) - twice(shared.families),
    children:
      sum(row => row.load.children) -
      shared.cases.reduce((total, one) => total + surplus(shown, one.staffNumbers) * one.children, 0),
    heavyCases:
      sum(row => row.load.heavyCases) -
      twice(shared.cases.filter(one => one.heavy).map(one => one.staffNumbers)),
    newLastFourWeeks: sum(row => row.load.newLastFourWeeks) - twice(shared.new),
    statuses,
  }
}
