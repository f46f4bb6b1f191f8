import type { Executor } from '../../db/database.ts'
import { changeSentence } from '../../solver/explain/change-sentences.ts'
import { signed } from '../../solver/explain/resolve.ts'
import { fitOf } from '../../solver/explain/trade-off.ts'
import { highestLoad } from '../../solver/explain/worth.ts'
import { asPoints, hundredths } from '../../solver/problem/load.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { Locale } from '../contract/common.ts'
import type { FrontPoint, RunDetail, RunRow } from '../contract/scenarios.ts'
import { namesOf } from '../draft/names.ts'
import { newestProposal, newestProposalId, type Round, roundWorkers } from '../draft/rounds.ts'
import { runView } from '../draft/runs.ts'
import { notFound } from '../http/call.ts'
import { codeNames } from '../rulebook/queries.ts'
import type { RunSummary } from './answer.ts'
import { type DraftContext, draftViewOf, figuresOf, summaryOf } from './figures.ts'
import { type ListedRun, listedRuns, type StoredRun, storedRuns } from './runs.ts'

/** What the views of runs need beside the runs: names, and which proposal stands. */
export interface RunContext extends DraftContext {
  standingProposal: number | null
}

export async function runContext(db: Executor, round: Round, locale: Locale): Promise<RunContext> {
  return {
    locale,
    nameOf: namesOf({ workers: await roundWorkers(db, round.id) }),
    codes: await codeNames(db),
    standingProposal: await newestProposalId(db, round.id),
  }
}

/** The runs of a round as rows of a table, newest first; only those named when `ids` is given. */
export async function runList(
  db: Executor,
  round: Round,
  locale: Locale,
  ids?: readonly number[],
): Promise<RunRow[]> {
  const context = await runContext(db, round, locale)
  const runs = await listedRuns(db, round.id, ids && { ids })
  const lacking = runs.filter(run => run.state === 'done' && run.kind !== 'front' && run.summary === null)
  const whole =
    lacking.length > 0
      ? await storedRuns(
          db,
          round.id,
          lacking.map(run => run.id),
        )
      : []
  const workedOut = new Map(whole.map(run => [run.id, summaryOfRun(run)]))
  return runs.map(run => rowOf(run, run.summary ?? workedOut.get(run.id) ?? null, context))
}

/** One run with everything that came out. Throws 404 when it is not of this round. */
export async function runDetail(
  db: Executor,
  round: Round,
  runId: number,
  locale: Locale,
): Promise<RunDetail> {
  const context = await runContext(db, round, locale)
  const [run] = await storedRuns(db, round.id, [runId])
  if (!run) throw notFound({ nl: 'Deze berekening', en: 'This calculation' })
  const draft = proposalOf(run)
  const view = draft && draftViewOf(run.problem, draft, context)
  const standing = await newestProposal(db, round.id)
  return {
    ...rowOf(run, draft && summaryOf(run.problem, draft), context),
    changeList: run.asked?.kind === 'whatIf' ? run.asked.changes : [],
    lines: view?.lines ?? [],
    loads: view?.loads ?? [],
    front:
      run.answer?.kind === 'front'
        ? {
            points: frontView(run.problem, run.answer.front.points, locale),
            standing: standing && measuresOf(standing.result),
            complete: run.answer.front.complete,
          }
        : null,
  }
}

/** What came out of a run by itself; null: nothing, or several. */
function summaryOfRun(run: StoredRun): RunSummary | null {
  const proposal = proposalOf(run)
  return proposal && summaryOf(run.problem, proposal)
}

export function rowOf(run: ListedRun, summary: RunSummary | null, context: RunContext): RunRow {
  const { locale, nameOf, codes } = context
  return {
    ...runView(run, locale),
    kind: run.kind,
    name: run.name,
    requestedBy: run.requestedBy,
    rulebookVersion: run.rulebookVersion,
    standing: run.proposalId !== null && run.proposalId === context.standingProposal,
    changes:
      run.asked?.kind === 'whatIf'
        ? run.asked.changes.map(change => changeSentence(change, id => nameOf(id).name, codes)[locale])
        : [],
    figures: summary?.figures ?? null,
    status: summary?.status ?? null,
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

type Point = {
  highest: number
  points: number
  names: FrontPoint['names']
  proven: boolean
  proposal: Proposal
}

function frontView(problem: Problem, points: readonly Point[], locale: Locale): FrontPoint[] {
  return points.map((point, k) => {
    const before = points[k - 1]
    return {
      point: k,
      names: point.names,
      highestLoad: point.highest / 100,
      points: point.points,
      proven: point.proven,
      figures: figuresOf(problem, point.proposal),
      step: before ? stepSentence(before, point, locale) : null,
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
