import type { Executor } from '../../db/database.ts'
import { inputChanges } from '../../solver/explain/input-changes.ts'
import { isPlacing, type LevelName, worthOf } from '../../solver/explain/worth.ts'
import { asPoints } from '../../solver/problem/load.ts'
import type { Problem, Proposal, Seat } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { Comparison, RunFigures } from '../contract/scenarios.ts'
import type { Round } from '../draft/rounds.ts'
import { type BothLanguages, notFound, Refusal } from '../http/call.ts'
import { workloadOf } from '../workload/load.ts'
import { figuresOf, summaryOf } from './figures.ts'
import { type StoredRun, storedRuns } from './runs.ts'
import { proposalOf, type RunContext, rowOf, runContext } from './view.ts'

interface Side {
  run: StoredRun
  point: number | null
  problem: Problem
  proposal: Proposal
}

/** '12,15:3' as runs and points. */
function asked(text: string): { id: number; point: number | null }[] {
  return text.split(',').map(part => {
    const [id, point] = part.split(':')
    return { id: Number(id), point: point === undefined ? null : Number(point) }
  })
}

/** Two to four runs of one round side by side. Throws 404 for one that is not there, 409 for one without an outcome. */
export async function compareRuns(
  db: Executor,
  round: Round,
  runs: string,
  locale: Locale,
): Promise<Comparison> {
  const wanted = asked(runs)
  const context = await runContext(db, round, locale)
  const stored = await storedRuns(
    db,
    round.id,
    wanted.map(one => one.id),
  )
  const sides = wanted.map(({ id, point }): Side => {
    const run = stored.find(one => one.id === id)
    if (!run) throw notFound({ nl: `Berekening ${id}`, en: `Calculation ${id}` })
    const proposal = proposalOf(run, point)
    if (!proposal) throw nothingToCompare(run)
    return { run, point: run.kind === 'front' ? point : null, problem: run.problem, proposal }
  })
  const first = sides[0]!
  const name = (id: string) => context.nameOf(id).name
  return {
    runs: sides.map(({ run, point, problem, proposal }) => ({
      ...rowOf(run, summaryOf(problem, proposal), context),
      point,
    })),
    figures: figureRows(sides, context),
    lines: changedLines(sides, context),
    loads: changedLoads(sides, context),
    inputs: sides.slice(1).map(side => ({
      run: side.run.id,
      changes: inputChanges(first.problem, side.problem, name).map(one => one[locale]),
    })),
  }
}

function nothingToCompare(run: StoredRun): Refusal {
  if (run.kind === 'front' && run.answer) {
    return new Refusal(409, {
      nl: `Berekening ${run.id} is een afweging. Noem een punt ervan, bijvoorbeeld ${run.id}:0.`,
      en: `Calculation ${run.id} is a trade-off. Name one of its points, for instance ${run.id}:0.`,
    })
  }
  return new Refusal(409, {
    nl: `Berekening ${run.id} heeft geen uitkomst om te vergelijken.`,
    en: `Calculation ${run.id} has no outcome to compare.`,
  })
}

type Unit = Comparison['figures'][number]['unit']

const FIGURES: [code: keyof RunFigures, label: BothLanguages, unit: Unit, better: 'more' | 'less' | null][] =
  [
    ['placed', { nl: 'Verdeelde zaken', en: 'Cases allocated' }, 'count', 'more'],
    ['cases', { nl: 'Zaken in de berekening', en: 'Cases in the calculation' }, 'count', null],
    ['highestLoadAfter', { nl: 'Hoogste werklast', en: 'Highest workload' }, 'percent', 'less'],
    ['lowestLoadAfter', { nl: 'Laagste werklast', en: 'Lowest workload' }, 'percent', 'more'],
    ['aboveBandAfter', { nl: 'Boven norm', en: 'Above target' }, 'count', 'less'],
    ['wishesMet', { nl: 'Wensen vervuld', en: 'Wishes granted' }, 'count', 'more'],
    ['wishesThatApply', { nl: 'Wensen die gelden', en: 'Wishes that apply' }, 'count', null],
    ['continuityMet', { nl: 'Continuïteit', en: 'Continuity' }, 'count', 'more'],
    ['points', { nl: 'Punten', en: 'Points' }, 'points', 'more'],
    ['loadCost', { nl: 'Kosten van werklast', en: 'Cost of workload' }, 'points', 'less'],
    ['value', { nl: 'Punten min kosten', en: 'Points minus cost' }, 'points', 'more'],
  ]

/** Where urgency is placed differently, that is said too: it comes before every other figure. */
const CLASSES: [level: LevelName, label: BothLanguages][] = [
  ['placed.emergency', { nl: 'Waarvan spoed', en: 'Of which emergencies' }],
  ['placed.overdue', { nl: 'Waarvan te lang wachtend', en: 'Of which waited too long' }],
  ['placed.high', { nl: 'Waarvan hoge urgentie', en: 'Of which high urgency' }],
  ['placed.normal', { nl: 'Waarvan gewoon', en: 'Of which normal' }],
]

function figureRows(sides: readonly Side[], { locale }: RunContext): Comparison['figures'] {
  const figures = sides.map(side => figuresOf(side.problem, side.proposal))
  const worths = sides.map(side => worthOf(side.problem, side.proposal))
  const placing = worths.map(one => one.levels.filter(({ level }) => isPlacing(level)))
  const compared = (a: number, b: number) => {
    const k = placing[a]!.findIndex((one, at) => one.value !== placing[b]![at]!.value)
    return k < 0 ? 0 : placing[a]![k]!.value - placing[b]![k]!.value
  }
  // A run that leaves a more urgent case waiting is worse, so none of its figures is the best.
  const isBestPlacing = sides.map((_, a) => sides.every((_, b) => compared(a, b) >= 0))
  const best = (values: readonly (number | null)[], better: 'more' | 'less' | null) => {
    const known = values.filter(value => value !== null)
    if (better === null || known.every(value => value === known[0])) return []
    const top = better === 'less' ? Math.min(...known) : Math.max(...known)
    return values.flatMap((value, at) => (value === top && isBestPlacing[at] ? [at] : []))
  }
  const rows = FIGURES.map(([code, label, unit, better]) => {
    const values = figures.map(one => (unit === 'percent' ? percentOf(one[code]) : one[code]))
    return { code, label: label[locale], unit, values, best: best(values, better) }
  })
  const classes = CLASSES.flatMap(([level, label]) => {
    const values = worths.map(one => one.levels.find(each => each.level === level)?.value ?? 0)
    if (values.every(value => value === values[0])) return []
    return [{ code: level, label: label[locale], unit: 'count' as const, values, best: best(values, 'more') }]
  })
  return [...rows.slice(0, 1), ...classes, ...rows.slice(1)]
}

function changedLines(sides: readonly Side[], { nameOf }: RunContext): Comparison['lines'] {
  const seats = new Map<string, { caseNumber: string; seat: Seat }>()
  const bySeat = sides.map(({ proposal }) => {
    const lines = new Map<string, Proposal['lines'][number]>()
    for (const line of proposal.lines) {
      const key = `${line.caseId} ${line.seat}`
      seats.set(key, { caseNumber: line.caseId, seat: line.seat })
      lines.set(key, line)
    }
    return lines
  })
  return [...seats].flatMap(([key, seat]) => {
    const lines = bySeat.map(one => one.get(key))
    const workers = lines.map(line => line?.workerId ?? null)
    const absent = lines.map(line => line === undefined)
    if (workers.every((id, k) => id === workers[0] && absent[k] === absent[0])) return []
    return [
      {
        ...seat,
        workers: workers.map(id => (id === null ? null : nameOf(id))),
        points: lines.map(line => (line && line.workerId !== null ? asPoints(line.points * 100) : null)),
        absent,
      },
    ]
  })
}

function changedLoads(sides: readonly Side[], { nameOf }: RunContext): Comparison['loads'] {
  const ids = new Set(sides.flatMap(({ proposal }) => proposal.loads.map(load => load.workerId)))
  return [...ids].flatMap(id => {
    const after = sides.map(({ proposal }) => {
      const load = proposal.loads.find(one => one.workerId === id)
      return load ? percentOf(workloadOf(load.normHours, load.hoursAfter)) : null
    })
    return after.every(value => value === after[0]) ? [] : [{ worker: nameOf(id), after }]
  })
}

/** A fraction of the norm as a percentage with one decimal. */
function percentOf(fraction: number | null): number | null {
  return fraction === null ? null : Math.round(fraction * 1000) / 10
}
