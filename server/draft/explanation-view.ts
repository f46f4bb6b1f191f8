import type { CaseExplanation } from '../../solver/explain/explain.ts'
import type { ExplainedContribution, Fit } from '../../solver/explain/fit.ts'
import { draftOf } from '../../solver/explain/worth.ts'
import { hundredths, seatHours } from '../../solver/problem/load.ts'
import type { Problem, ProblemWorker, Proposal, Seat } from '../../solver/problem/problem.ts'
import { named } from '../../solver/problem/sentences.ts'
import { criterionOf } from '../../solver/rules/criteria.ts'
import { standingBy } from '../../solver/rules/rules.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { Alternative, Explanation } from '../contract/explanations.ts'
import type { BothLanguages } from '../http/call.ts'
import { statusOf, workloadOf } from '../workload/load.ts'
import type { DraftSeat } from './draft-view.ts'

type LoadPoint = Alternative['before']

/** The draft as it stands in the form of a Proposal, so that the engine can explain it. It is never stored. */
export function draftAsProposal(problem: Problem, seats: readonly DraftSeat[]): Proposal {
  return draftOf(
    problem,
    seats.map(seat => ({
      caseId: seat.case.id,
      seat: seat.seat,
      workerId: seat.worker?.id ?? null,
      locked: seat.choice?.kind === 'lock' || seat.choice?.kind === 'override',
      blocked: seat.line?.blocked ?? [],
    })),
  )
}

/**
 * Everything about one seat in the reader's language. `proposal` is the draft to explain (lines are all that counts);
 * `before` is the load before the round, `after` with everything that the draft gives and this seat, as in the draft itself.
 */
export function viewExplanation(
  problem: Problem,
  proposal: Pick<Proposal, 'lines'>,
  explained: CaseExplanation,
  nameOf: (workerId: string) => WorkerName,
  locale: Locale,
  relaxation: BothLanguages | null = null,
): Explanation {
  const { proposed, alternatives } = explained
  const theCase = problem.cases.find(one => one.id === explained.caseId)
  const workers = new Map(problem.workers.map(worker => [worker.id, worker]))
  const say = (sentence: BothLanguages) =>
    proposed ? named(sentence, nameOf(proposed.workerId).name)[locale] : sentence[locale]
  const points = (fit: Fit) => loadPoints(problem, proposal, explained, workers.get(fit.workerId), fit.hours)
  const may = alternatives.filter(fit => fit.status === 'allowed').length
  const against = [...(proposed?.contributions ?? [])].sort((a, b) => a.points - b.points)[0]
  if (!theCase) throw new Error(`Case ${explained.caseId} is not in this problem.`)
  return {
    caseNumber: explained.caseId,
    seat: explained.seat,
    worker: proposed ? nameOf(proposed.workerId) : null,
    sentence: say(explained.sentence),
    drawback: against && against.points < 0 ? against.sentence[locale] : null,
    rules: explained.checklist.map(one => ({
      rule: one.rule,
      passed: one.passed,
      message: one.sentence[locale],
    })),
    contributions: (proposed?.contributions ?? []).map(part => contributionText(part, locale)),
    points: proposed?.points ?? null,
    loadCost: proposed?.loadCost ?? null,
    before: proposed ? points(proposed).before : null,
    after: proposed ? points(proposed).after : null,
    // Nobody else may: nothing could be clearer.
    margin: explained.margin === 'only' ? 'clear' : explained.margin,
    rank:
      explained.position === null
        ? null
        : { place: explained.position, of: Math.max(may, explained.position) },
    unknowns: explained.unknowns.map(one => one[locale]),
    alternatives: alternatives.map(
      (fit): Alternative => ({
        worker: nameOf(fit.workerId),
        verdict: fit.status,
        standing: standingBy(fit.broken),
        current: fit.workerId === proposed?.workerId,
        points: fit.points,
        pointsDifference: proposed ? (hundredths(fit.points) - hundredths(proposed.points)) / 100 : null,
        hours: fit.hours,
        loadCost: fit.loadCost,
        ...points(fit),
        contributions: fit.contributions.map(part => contributionText(part, locale)),
        broken: fit.broken.map(one => ({
          rule: one.rule,
          message: one.sentence[locale],
          setAside: one.setAside,
        })),
      }),
    ),
    relaxation: relaxation?.[locale] ?? null,
    instead: null,
  }
}

function contributionText(part: ExplainedContribution, locale: Locale): Explanation['contributions'][number] {
  return {
    criterion: part.criterion,
    label: criterionOf[part.criterion].label[locale],
    value: part.value,
    weight: part.weight,
    points: part.points,
    reason: part.sentence[locale],
    method: criterionOf[part.criterion].method[locale],
  }
}

function loadPoints(
  problem: Problem,
  proposal: Pick<Proposal, 'lines'>,
  { caseId, seat }: { caseId: string; seat: Seat },
  worker: ProblemWorker | undefined,
  hours: number,
): { before: LoadPoint; after: LoadPoint } {
  if (!worker) throw new Error(`A worker in the explanation of case ${caseId} is not in the problem.`)
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const inUse = hundredths(worker.hoursInUse)
  let after = inUse + hundredths(hours)
  for (const line of proposal.lines) {
    if (line.workerId !== worker.id || (line.caseId === caseId && line.seat === seat)) continue
    const theCase = cases.get(line.caseId)
    if (theCase) after += seatHours(problem.policy, theCase, line.seat, worker)
  }
  const point = (used: number): LoadPoint => ({
    hours: used / 100,
    workload: workloadOf(worker.normHours, used / 100),
    status: statusOf(problem.policy, worker.normHours, used / 100),
  })
  return { before: point(inUse), after: point(after) }
}
