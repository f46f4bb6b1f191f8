import { CONTESTANTS, type Contestant, LABELS, type Outcome } from './contestants.ts'
import type { Size } from './rounds.ts'

/** All that was measured at one size: per contestant one outcome per seed, null where it was not tried. */
export interface Row {
  size: Size
  pairsPerCase: number
  outcomes: Record<Contestant, (Outcome | null)[]>
}

export function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
}

export const shown = (ms: number): string =>
  ms >= 9995
    ? `${(ms / 1000).toFixed(0)} s`
    : ms >= 1000
      ? `${(ms / 1000).toFixed(1)} s`
      : `${Math.round(ms)} ms`

const percent = (gap: number) => (gap === 0 ? '0' : `${(gap * 100).toPrecision(2)} %`)

export function timesOf(row: Row, contestant: Contestant): number[] {
  return row.outcomes[contestant].flatMap(one => (one ? [one.ms] : []))
}

/**
 * How far an answer is from what can be reached at most, as a share of that: against this solver's bound. Null where
 * other cases are placed, since then the values do not compare.
 */
export function gapOf(row: Row, contestant: Contestant, index: number): number | null {
  const own = row.outcomes.own[index]
  const answer = row.outcomes[contestant][index]
  if (!own?.levels || !answer?.levels || own.bound === null) return null
  if (own.levels.slice(0, -1).join() !== answer.levels.slice(0, -1).join()) return null
  const best = own.levels.at(-1)!
  return Math.max(0, own.bound - answer.levels.at(-1)!) / Math.max(1, Math.abs(best))
}

/** The same where other cases are placed: how many fewer, as a share of what this solver places; at least one case. */
export function shortfallOf(row: Row, contestant: Contestant, index: number): number | null {
  const own = row.outcomes.own[index]
  const answer = row.outcomes[contestant][index]
  if (!own?.levels || !answer?.levels) return null
  return Math.max(1, placed(own) - placed(answer)) / Math.max(1, placed(own))
}

/** Where the numbers placed stand among the levels: existing cases, emergencies, overdue, high and normal. */
const NUMBERS = [0, 2, 5, 6, 8]

function placed({ levels }: Outcome): number {
  return NUMBERS.reduce((sum, index) => sum + (levels?.[index] ?? 0), 0)
}

function tell(row: Row, contestant: Contestant): string {
  const list = row.outcomes[contestant].filter(one => one !== null)
  if (list.length === 0) return 'not tried'
  const notes = list.flatMap(one => (one.note ? [one.note] : []))
  const differs = list.filter((one, index) => one.proven && !agrees(row, contestant, index)).length
  if (differs > 0) notes.push('differs')
  const remark =
    notes.length > 0 ? ` (${notes.length} of ${list.length} ${[...new Set(notes)].join(', ')})` : ''
  return `${shown(median(list.map(one => one.ms)))}${remark}`
}

/** Whether a proven answer does not contradict this solver's: never better than its bound, equal where both are proven. */
export function agrees(row: Row, contestant: Contestant, index: number): boolean {
  const own = row.outcomes.own[index]
  const other = row.outcomes[contestant][index]
  if (!own?.levels || !other?.levels || !own.proven || !other.proven) return true
  return own.levels.join() === other.levels.join()
}

export function ratio(row: Row, contestant: Contestant): number {
  return median(timesOf(row, contestant)) / median(timesOf(row, 'own'))
}

/** The main table, in Markdown. */
export function mainTable(rows: readonly Row[]): string[] {
  const head =
    '| cases x workers | allowed per case | this solver (least–most) | proven | largest gap | HiGHS compact | javascript-lp-solver compact | greedy | ratio to HiGHS | ratio to javascript-lp-solver | greedy: cases placed, value |'
  const lines = rows.map(row => {
    const own = row.outcomes.own.filter(one => one !== null)
    const times = timesOf(row, 'own')
    const gaps = own.map((_, index) => gapOf(row, 'own', index) ?? 0)
    const behind = own.map((one, index) => {
      const other = row.outcomes.greedy[index]
      if (!other?.levels || !one.levels) return '-'
      const fewer = placed(other) - placed(one)
      const value = Math.round((other.levels.at(-1)! - one.levels.at(-1)!) / 100)
      return `${fewer} / ${value}`
    })
    const times10 = (contestant: Contestant) => {
      const value = ratio(row, contestant)
      const cut = row.outcomes[contestant].some(one => one && one.note !== '')
      return Number.isNaN(value) ? '' : `${cut ? '> ' : ''}${value.toFixed(1)}`
    }
    const cells = [
      row.size.name,
      row.pairsPerCase.toFixed(0),
      `${shown(median(times))} (${shown(Math.min(...times))}–${shown(Math.max(...times))})`,
      `${own.filter(one => one.proven).length} of ${own.length}`,
      percent(Math.max(...gaps)),
      tell(row, 'highs'),
      tell(row, 'jslp'),
      tell(row, 'greedy'),
      times10('highs'),
      times10('jslp'),
      behind.join('; '),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [head, '|---|---|---|---|---|---|---|---|---|---|---|', ...lines]
}

/** How soon this solver is how near, and what every contestant needs in memory. */
export function progressTable(rows: readonly Row[]): string[] {
  const gaps = ['0.0001', '0.00005', '0.00001', '0']
  const head = `| cases x workers | ${['within 0.01 %', 'within 0.005 %', 'within 0.001 %', 'proven'].join(' | ')} | ${CONTESTANTS.map(one => `memory, ${LABELS[one]}`).join(' | ')} |`
  const lines = rows.map(row => {
    const own = row.outcomes.own.filter(one => one !== null)
    const moments = gaps.map(gap => {
      const list = own.flatMap(one => one.reached[Number(gap)] ?? [])
      if (list.length === 0) return '-'
      return `${shown(median(list))}${list.length < own.length ? ` (${list.length} of ${own.length})` : ''}`
    })
    const memory = CONTESTANTS.map(contestant => {
      const peak = Math.max(0, ...row.outcomes[contestant].map(one => one?.peakMb ?? 0))
      return peak > 0 ? `${peak.toFixed(0)} MB` : '-'
    })
    return `| ${[row.size.name, ...moments, ...memory].join(' | ')} |`
  })
  return [head, `|${'---|'.repeat(1 + gaps.length + CONTESTANTS.length)}`, ...lines]
}
