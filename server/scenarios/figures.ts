import { asPoints, hundredths } from '../../solver/problem/load.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { RunFigures } from '../contract/scenarios.ts'
import { type DraftSeat, type DraftView, viewDraft } from '../draft/draft-view.ts'
import type { RunSummary } from './answer.ts'

/** What the view of a draft needs beside it, for its sentences. */
export interface DraftContext {
  locale: Locale
  nameOf: (workerId: string) => WorkerName
  codes: CodeNames
}

const NAMELESS: DraftContext = {
  locale: 'en',
  nameOf: id => ({ staffNumber: id, name: id }),
  codes: { competences: {}, work: {} },
}

/** A proposal by itself, without anybody's later choices, as the review shows a draft. */
export function draftViewOf(problem: Problem, proposal: Proposal, context: DraftContext): DraftView {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const seats = proposal.lines.flatMap((line): DraftSeat[] => {
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
  const view = viewDraft(problem, seats, context.nameOf, context.locale, context.codes)
  const locked = new Set(
    proposal.lines.filter(line => line.locked).map(line => `${line.caseId} ${line.seat}`),
  )
  return {
    ...view,
    lines: view.lines.map(line => ({ ...line, locked: locked.has(`${line.caseNumber} ${line.seat}`) })),
  }
}

/** What a proposal comes to. Names play no part in it. */
export function figuresOf(problem: Problem, proposal: Proposal): RunFigures {
  const view = draftViewOf(problem, proposal, NAMELESS)
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

export function summaryOf(problem: Problem, proposal: Proposal): RunSummary {
  return { figures: figuresOf(problem, proposal), status: proposal.status }
}
