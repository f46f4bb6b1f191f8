import type { CaseRow } from '../../server/contract/cases.ts'
import { URGENCIES } from '../../server/contract/urgencies.ts'

/** What the address of the intake page says; every value is text, '' is "all". */
export interface IntakeFilters {
  status: string
  team: string
  maatregel: string
  spoed: string
  termijn: string
  gegevens: string
  zoek: string
}

export const NO_FILTERS: IntakeFilters = {
  status: '',
  team: '',
  maatregel: '',
  spoed: '',
  termijn: '',
  gegevens: '',
  zoek: '',
}

/** How a row looks on screen, for searching and sorting by what people read. */
export interface IntakeNames {
  municipality(code: string): string
  measure(code: string): string
}

/** The cases that the filters let through, in the order of `rows`. */
export function filterCases(
  rows: readonly CaseRow[],
  filters: IntakeFilters,
  names: Pick<IntakeNames, 'municipality'>,
): CaseRow[] {
  const wanted = filters.zoek.trim().toLocaleLowerCase('nl')
  return rows.filter(
    row =>
      isStatus(row, filters.status) &&
      (filters.team === '' || String(row.teamId) === filters.team) &&
      (filters.maatregel === '' || row.measures.includes(filters.maatregel)) &&
      isUrgency(row, filters.spoed) &&
      isTerm(row, filters.termijn) &&
      isComplete(row, filters.gegevens) &&
      (wanted === '' || searchText(row, names).includes(wanted)),
  )
}

function isStatus(row: CaseRow, wanted: string): boolean {
  if (wanted === 'review') return row.review?.due ?? false
  if (wanted === 'second_open') return row.secondOpen
  return wanted === '' || row.status === wanted
}

function isUrgency(row: CaseRow, wanted: string): boolean {
  if (wanted === '') return true
  return wanted === 'urgent' ? row.urgency !== 'normal' : row.urgency === wanted
}

function isTerm(row: CaseRow, wanted: string): boolean {
  if (wanted === '') return true
  const state = row.firstContact?.state
  return wanted === 'soon' ? state === 'soon' || state === 'today' : state === wanted
}

function isComplete(row: CaseRow, wanted: string): boolean {
  if (wanted === '') return true
  return row.missing.length > 0 === (wanted === 'missing')
}

function searchText(row: CaseRow, names: Pick<IntakeNames, 'municipality'>): string {
  const texts = [
    row.caseNumber,
    row.familyNumber ?? '',
    row.municipality ? names.municipality(row.municipality) : '',
    ...row.formerWorkers.map(worker => worker.name),
  ]
  return texts.join(' ').toLocaleLowerCase('nl')
}

export const SORTS = [
  'zaak',
  'maatregel',
  'uren',
  'urgentie',
  'termijn',
  'gemeente',
  'gegevens',
  'status',
] as const
export type IntakeSort = (typeof SORTS)[number]

const STATUSES = ['waiting', 'in_round', 'later', 'allocated', 'closed']

/**
 * Sorts by one column; `sort` is its name, with "-" in front for the other way round. Equal rows keep the order of the
 * server: most urgent first, then longest waiting. Unknown values come last both ways.
 */
export function sortCases(rows: readonly CaseRow[], sort: string, names: IntakeNames): CaseRow[] {
  const down = sort.startsWith('-')
  const column = (down ? sort.slice(1) : sort) as IntakeSort
  if (!SORTS.includes(column)) return [...rows]
  const keyed = rows.map(row => ({ row, key: sortKey(row, column, names) }))
  const collator = new Intl.Collator('nl', { numeric: true })
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1
    const order =
      typeof a.key === 'number' && typeof b.key === 'number'
        ? a.key - b.key
        : collator.compare(String(a.key), String(b.key))
    return down ? -order : order
  })
  return keyed.map(({ row }) => row)
}

function sortKey(row: CaseRow, column: IntakeSort, names: IntakeNames): string | number | null {
  switch (column) {
    case 'zaak':
      return row.caseNumber
    case 'maatregel':
      return row.measures[0] ? names.measure(row.measures[0]) : null
    case 'uren':
      return row.openHours
    case 'urgentie':
      return URGENCIES.indexOf(row.urgency)
    case 'termijn':
      return row.firstContact?.dueOn ?? null
    case 'gemeente':
      return row.municipality ? names.municipality(row.municipality) : null
    case 'gegevens':
      return -row.missing.length
    case 'status':
      return STATUSES.indexOf(row.status)
  }
}

/**
 * Families and children of the cases, both counted. A case without a family number is a family of its own, and an unknown
 * number of children counts as one, as in the weight. The hours are those that somebody still has to get.
 */
export function countCases(rows: readonly CaseRow[]) {
  const families = new Set(rows.map(row => row.familyNumber ?? `\u0000${row.caseNumber}`))
  return {
    cases: rows.length,
    families: families.size,
    children: rows.reduce((sum, row) => sum + (row.children ?? 1), 0),
    hours: rows.reduce((sum, row) => sum + Math.round(row.openHours * 100), 0) / 100,
  }
}
