import type { Executor } from '../../db/database.ts'
import { inputChanges } from '../../solver/explain/input-changes.ts'
import { asPoints } from '../../solver/problem/load.ts'
import type { Problem, Proposal, Seat } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { Comparison } from '../contract/scenarios.ts'
import type { Round } from '../draft/rounds.ts'
import { notFound, Refusal } from '../http/call.ts'
import { workloadOf } from '../workload/load.ts'
import { figureRows, percentOf } from './figure-rows.ts'
import { summaryOf } from './figures.ts'
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
    ...figureRows(sides, context.locale),
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
