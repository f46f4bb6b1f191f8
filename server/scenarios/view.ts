import type { Executor } from '../../db/database.ts'
import { signed } from '../../solver/again.ts'
import { changeSentence } from '../../solver/change-sentences.ts'
import { asPoints, hundredths } from '../../solver/load.ts'
import type { Problem, Proposal } from '../../solver/problem.ts'
import type { CodeNames } from '../../solver/sentences.ts'
import { fitOf } from '../../solver/trade-off.ts'
import { highestLoad } from '../../solver/worth.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { FrontPoint, RunDetail, RunFigures, RunRow } from '../contract/scenarios.ts'
import { notFound } from '../http/call.ts'
import { namesOf } from '../rounds/detail.ts'
import { type PlannedSeat, type PlanView, viewPlan } from '../rounds/plan.ts'
import { newestProposal, type Round, roundWorkers } from '../rounds/queries.ts'
import { runView } from '../rounds/runs.ts'
import { codeNames } from '../rulebook/queries.ts'
import { type StoredRun, storedRuns } from './runs.ts'

/** What the views of runs need beside the runs: names, and which proposal stands. */
export interface RunContext {
  locale: Locale
  nameOf: (workerId: string) => WorkerName
  codes: CodeNames
  standingProposal: number | null
}

export async function runContext(db: Executor, round: Round, locale: Locale): Promise<RunContext> {
  const newest = await newestProposal(db, round.id)
  return {
    locale,
    nameOf: namesOf({ workers: await roundWorkers(db, round.id) }),
    codes: await codeNames(db),
    standingProposal: newest?.id ?? null,
  }
}

/** The runs of a round as rows of a table, newest first. */
export async function runList(db: Executor, round: Round, locale: Locale): Promise<RunRow[]> {
  const context = await runContext(db, round, locale)
  return (await storedRuns(db, round.id)).map(run => rowOf(run, context))
}

/** One run with everything that came out. Throws 404 when it is not of this round. */
export async function runDetail(
  db: Executor,
  round: Round,
  runId: number,
  locale: Locale,
): Promise<RunDetail> {
  const context = await runContext(db, round, locale)
  const [run] = await storedRuns(db, round.id, { ids: [runId] })
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This run' })
  const plan = proposalOf(run)
  const view = plan && planViewOf(run.problem, plan, context)
  const standing = await newestProposal(db, round.id)
  return {
    ...rowOf(run, context),
    changeList: run.asked?.kind === 'whatIf' ? run.asked.changes : [],
    lines: view?.lines ?? [],
    loads: view?.loads ?? [],
    front:
      run.answer?.kind === 'front'
        ? {
            points: frontView(run.problem, run.answer.front.points, context),
            standing: standing && measuresOf(standing.result),
            complete: run.answer.front.complete,
          }
        : null,
  }
}

export function rowOf(run: StoredRun, context: RunContext): RunRow {
  const { locale, nameOf, codes } = context
  const plan = proposalOf(run)
  return {
    ...runView(run, locale),
    kind: run.kind,
    name: run.name,
    requestedBy: run.requestedBy,
    standing: run.proposalId !== null && run.proposalId === context.standingProposal,
    changes:
      run.asked?.kind === 'whatIf'
        ? run.asked.changes.map(change => changeSentence(change, id => nameOf(id).name, codes)[locale])
        : [],
    figures: plan && figuresOf(run.problem, plan, context),
    status: plan?.status ?? null,
  }
}

/** What came out of a run, or of one point of a trade-off; null: nothing, or several. */
export function proposalOf(run: StoredRun, point: number | null = null): Proposal | null {
  if (run.result) return run.result
  if (run.answer?.kind === 'whatIf') return run.answer.proposal
  if (run.answer?.kind === 'front' && point !== null) {
    return run.answer.front.points[point]?.proposal ?? null
  }
  return null
}

/** A proposal by itself, without anybody's later choices, as the review shows a plan. */
export function planViewOf(problem: Problem, proposal: Proposal, context: RunContext): PlanView {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const seats = proposal.lines.flatMap((line): PlannedSeat[] => {
    const theCase = cases.get(line.caseId)
    if (!theCase) return []
    const worker = line.workerId === null ? null : (workers.get(line.workerId) ?? null)
    return [
      {
        case: theCase,
        seat: line.seat,
        worker,
        proposedId: line.workerId,
        choice: null,
        excluded: false,
        line,
      },
    ]
  })
  const view = viewPlan(problem, seats, context.nameOf, context.locale, context.codes)
  const locked = new Set(
    proposal.lines.filter(line => line.locked).map(line => `${line.caseId} ${line.seat}`),
  )
  return {
    ...view,
    lines: view.lines.map(line => ({ ...line, locked: locked.has(`${line.caseNumber} ${line.seat}`) })),
  }
}

export function figuresOf(problem: Problem, proposal: Proposal, context: RunContext): RunFigures {
  const view = planViewOf(problem, proposal, context)
  const points = proposal.lines.reduce((sum, line) => sum + hundredths(line.points), 0)
  const value = hundredths(proposal.levels.at(-1)?.value ?? 0)
  const after = view.loads.flatMap(load => (load.after.workload === null ? [] : [load.after.workload]))
  return {
    ...view.figures,
    lowestLoadAfter: after.length > 0 ? Math.min(...after) : null,
    points: asPoints(points),
    loadCost: asPoints(points - value),
    value: asPoints(value),
  }
}

type Point = {
  highest: number
  points: number
  names: FrontPoint['names']
  proven: boolean
  proposal: Proposal
}

function frontView(problem: Problem, points: readonly Point[], context: RunContext): FrontPoint[] {
  return points.map((point, k) => {
    const before = points[k - 1]
    return {
      point: k,
      names: point.names,
      highestLoad: point.highest / 100,
      points: point.points,
      proven: point.proven,
      figures: figuresOf(problem, point.proposal, context),
      step: before ? stepSentence(before, point, context.locale) : null,
    }
  })
}

function stepSentence(before: Point, after: Point, locale: Locale): string {
  const points = signed(hundredths(after.points - before.points) / 100, locale)
  const load = signed((after.highest - before.highest) / 100, locale)
  return locale === 'nl'
    ? `${points} punten kost ${load} procentpunt op de hoogste werklast.`
    : `${points} points cost ${load} percentage points on the highest workload.`
}

/** A proposal on the two measures of the trade-off. */
function measuresOf(proposal: Proposal): { highestLoad: number; points: number } {
  const free = new Set(proposal.lines.filter(line => !line.locked).map(line => line.workerId))
  const loads = proposal.loads.filter(load => free.has(load.workerId))
  return { highestLoad: highestLoad(loads) / 100, points: asPoints(fitOf(proposal.lines)) }
}
