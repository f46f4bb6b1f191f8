import { bestByLevels, isLow, type LevelName, worthOf } from '../../solver/explain/worth.ts'
import { asPoints } from '../../solver/problem/load.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { Comparison, RunFigures } from '../contract/scenarios.ts'
import type { BothLanguages } from '../http/call.ts'
import { figuresOf } from './figures.ts'

type Row = Comparison['figures'][number]

const FIGURES: [code: keyof RunFigures, label: BothLanguages, unit: Row['unit']][] = [
  ['placed', { nl: 'Verdeelde zaken', en: 'Cases allocated' }, 'count'],
  ['cases', { nl: 'Zaken in de berekening', en: 'Cases in the calculation' }, 'count'],
  ['highestLoadAfter', { nl: 'Hoogste werklast', en: 'Highest workload' }, 'percent'],
  ['lowestLoadAfter', { nl: 'Laagste werklast', en: 'Lowest workload' }, 'percent'],
  ['aboveBandAfter', { nl: 'Boven norm', en: 'Above target' }, 'count'],
  ['wishesMet', { nl: 'Wensen vervuld', en: 'Wishes granted' }, 'count'],
  ['wishesThatApply', { nl: 'Wensen die gelden', en: 'Wishes that apply' }, 'count'],
  ['continuityMet', { nl: 'Continuïteit', en: 'Continuity' }, 'count'],
  ['points', { nl: 'Punten', en: 'Points' }, 'points'],
  ['loadCost', { nl: 'Kosten van werklast', en: 'Cost of workload' }, 'points'],
  ['value', { nl: 'Punten min kosten', en: 'Points minus cost' }, 'points'],
]

/** Levels of the objective that are no figure of a round. They are shown where the runs differ on them; of days, where those decide. */
const LEVELS: Partial<Record<LevelName, [label: BothLanguages, unit: Row['unit']]>> = {
  'placed.emergency': [{ nl: 'Waarvan spoed', en: 'Of which emergencies' }, 'count'],
  'waitingDays.emergency': [{ nl: 'Wachtdagen van die spoedzaken', en: 'Days waited, emergencies' }, 'count'],
  'waitingDays.overdue': [
    { nl: 'Wachtdagen van die te lang wachtten', en: 'Days waited, waited too long' },
    'count',
  ],
  'placed.overdue': [{ nl: 'Waarvan te lang wachtend', en: 'Of which waited too long' }, 'count'],
  'placed.high': [{ nl: 'Waarvan hoge urgentie', en: 'Of which high urgency' }, 'count'],
  'waitingDays.high': [{ nl: 'Wachtdagen, hoge urgentie', en: 'Days waited, high urgency' }, 'count'],
  'placed.normal': [{ nl: 'Waarvan gewoon', en: 'Of which normal' }, 'count'],
  'waitingDays.normal': [{ nl: 'Wachtdagen, gewoon', en: 'Days waited, normal' }, 'count'],
  leavers: [{ nl: 'Plekken bij wie weggaat', en: 'Seats with people who leave' }, 'count'],
  highestLoad: [
    { nl: 'Hoogste werklast van wie een zaak krijgt', en: 'Highest workload of who gets a case' },
    'percent',
  ],
  evenLoads: [
    { nl: 'Werklast gelijk verdeeld (lager is gelijker)', en: 'Even workloads (lower is more even)' },
    'percent',
  ],
}

/**
 * What the runs come to, and which is best: by the strict levels and by nothing else. A row says "best" only where the runs
 * that are as good on every level before it differ, so that no softer figure looks like a reason to choose.
 */
export function figureRows(
  sides: readonly { problem: Problem; proposal: Proposal }[],
  locale: Locale,
): Pick<Comparison, 'figures' | 'best'> {
  const figures = sides.map(side => figuresOf(side.problem, side.proposal))
  const worths = sides.map(side => worthOf(side.problem, side.proposal))
  const { best, decides } = bestByLevels(worths)
  const valuesOf = (level: LevelName) =>
    worths.map(one => one.levels.find(each => each.level === level)?.value ?? null)
  const differ = (values: readonly (number | null)[]) => values.some(value => value !== values[0])

  const levels = worths[0]!.levels.flatMap(({ level }): Row[] => {
    const said = LEVELS[level]
    const values = valuesOf(level)
    const shown = level.startsWith('placed.') || level === 'leavers' || level === 'highestLoad'
    if (!said || !(shown ? differ(values) : decides.has(level))) return []
    const [label, unit] = said
    return [
      {
        code: level,
        label: label[locale],
        unit,
        values: values.map((value, at) => measured(level, value, sides[at]!.proposal)),
        best: decides.get(level) ?? [],
      },
    ]
  })
  const classes = levels.filter(row => row.code.startsWith('placed.'))
  const rows = FIGURES.map(([code, label, unit]): Row => {
    const values = figures.map(one => (unit === 'percent' ? percentOf(one[code]) : one[code]))
    return { code, label: label[locale], unit, values, best: [] }
  })
  for (const row of rows) {
    if (row.code === 'value') row.best = decides.get('points') ?? []
    // Where one class alone differs, the number of cases says the same.
    if (row.code === 'placed' && classes.length === 1) row.best = classes[0]!.best
  }
  return { figures: [...rows.slice(0, 1), ...levels, ...rows.slice(1)], best }
}

/** The value of a level in what people read. */
function measured(level: LevelName, value: number | null, { loads }: Proposal): number | null {
  if (value === null) return null
  const size = isLow(level) ? 0 - value : value
  if (level === 'points') return asPoints(size)
  if (level === 'highestLoad') return size / 100
  if (level !== 'evenLoads') return size
  // The square root of the mean square: as the sum of squares, and in percent of the norm.
  const counted = loads.filter(load => load.normHours > 0).length
  return counted === 0 ? null : Math.round(Math.sqrt(size / counted)) / 100
}

/** A fraction of the norm as a percentage with one decimal. */
export function percentOf(fraction: number | null): number | null {
  return fraction === null ? null : Math.round(fraction * 1000) / 10
}
