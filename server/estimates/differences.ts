import type { EstimateDifferences } from '../contract/estimates.ts'

/** One estimate that has been shown, with what the table said and what the case was like. */
export interface ShownEstimate {
  estimateId: number
  caseId: number
  /** Who gave it; nobody learns who. */
  userId: number
  hours: number
  tableHours: number
  measures: readonly string[]
  phase: string | null
  factors: readonly string[]
}

/** Fewer cases say nothing about the table, and fewer people something about a person. */
export const MIN_CASES = 5
export const MIN_PEOPLE = 3
const MIN_DIFFERENCE = 0.1
const MIN_SHARE = 0.75

/**
 * Per measure, phase and factor: what people estimated beside what the table said. Rows with fewer than five cases, or
 * estimates of fewer than three people, are left out. Systematic differences come first, then the largest.
 */
export function differencesOf(shown: readonly ShownEstimate[]): EstimateDifferences {
  const groups = new Map<
    string,
    { kind: 'measure' | 'phase' | 'factor'; code: string; list: ShownEstimate[] }
  >()
  const put = (kind: 'measure' | 'phase' | 'factor', code: string, one: ShownEstimate) => {
    const key = `${kind} ${code}`
    const group = groups.get(key) ?? { kind, code, list: [] }
    group.list.push(one)
    groups.set(key, group)
  }
  for (const one of shown) {
    for (const code of new Set(one.measures)) put('measure', code, one)
    if (one.phase !== null) put('phase', one.phase, one)
    for (const code of new Set(one.factors)) put('factor', code, one)
  }
  const rows = [...groups.values()]
    .filter(
      ({ list }) =>
        new Set(list.map(one => one.caseId)).size >= MIN_CASES &&
        new Set(list.map(one => one.userId)).size >= MIN_PEOPLE,
    )
    .map(({ kind, code, list }) => {
      const estimates = list.length
      const units = (of: (one: ShownEstimate) => number) =>
        list.reduce((sum, one) => sum + Math.round(of(one) * 100), 0)
      const table = units(one => one.tableHours)
      const given = units(one => one.hours)
      const difference = table === 0 ? 0 : Math.round(((given - table) / table) * 1000) / 1000
      const higher = list.filter(one => one.hours > one.tableHours).length
      const lower = list.filter(one => one.hours < one.tableHours).length
      return {
        kind,
        code,
        cases: new Set(list.map(one => one.caseId)).size,
        people: new Set(list.map(one => one.userId)).size,
        estimates,
        tableHours: Math.round(table / estimates) / 100,
        meanHours: Math.round(given / estimates) / 100,
        difference,
        higher,
        lower,
        systematic:
          Math.abs(difference) >= MIN_DIFFERENCE &&
          (difference > 0 ? higher : lower) >= MIN_SHARE * estimates,
      }
    })
    .sort(
      (a, b) =>
        Number(b.systematic) - Number(a.systematic) ||
        Math.abs(b.difference) - Math.abs(a.difference) ||
        (`${a.kind} ${a.code}` < `${b.kind} ${b.code}` ? -1 : 1),
    )
  return {
    estimates: shown.length,
    cases: new Set(shown.map(one => one.caseId)).size,
    leastCases: MIN_CASES,
    leastPeople: MIN_PEOPLE,
    rows,
  }
}
