import type { Problem, ProposalLine, Seat } from '../problem/problem.ts'
import type { CodeNames } from '../problem/sentences.ts'
import { broken, ruleSentence } from '../rules/broken.ts'
import { lookup } from '../rules/lookup.ts'
import { setAsideOf, type TakenSeat } from '../rules/rules.ts'
import { assess, findCase } from './explain.ts'
import type { ExplainedRule, Fit } from './fit.ts'
import { SwapPrices } from './swap-prices.ts'
import type { Price } from './worth.ts'

/** A rule that breaks on a seat when another one changes hands. */
export interface Breach extends ExplainedRule {
  caseId: string
  seat: Seat
}

/** What comes of one seat in other hands, everything else as it is. */
export interface Swap {
  workerId: string
  status: Fit['status']
  /** The worker who has the seat in the draft. */
  current: boolean
  price: Price
  breaks: Breach[]
}

/** Everybody for this seat by swap alone, with what it would break on this seat and, because of it, on others. */
export function swapsFor(
  problem: Problem,
  lines: readonly ProposalLine[],
  { caseId, seat, workerId: holder }: Pick<ProposalLine, 'caseId' | 'seat' | 'workerId'>,
  codeNames?: CodeNames,
): Swap[] {
  const theCase = findCase(problem, caseId)
  const isThis = (one: TakenSeat) => one.caseId === caseId && one.seat === seat
  const given = lines.flatMap(({ workerId, ...one }): TakenSeat[] =>
    workerId === null ? [] : [{ caseId: one.caseId, seat: one.seat, workerId }],
  )
  const others = given.filter(one => !isThis(one))
  const free = {
    ...problem,
    locks: problem.locks.filter(lock => lock.caseId !== caseId || lock.seat !== seat),
  }
  const prices = new SwapPrices(problem, lines, caseId, seat)
  const around = neighbours(free, others, theCase.id, theCase.group)
  return problem.workers.map((worker): Swap => {
    const current = worker.id === holder
    const fit = assess(current ? problem : free, theCase, seat, worker, others, codeNames)
    // A hidden reason stands alone, so that what is beside it gives nothing away.
    const hidden = fit.broken.filter(one => one.rule === 'conflict')
    const own = (hidden.length > 0 ? hidden : fit.broken).map(one => ({ ...one, caseId, seat }))
    const elsewhere = () =>
      newlyBroken(
        free,
        [...around.beside, ...(around.byWorker.get(worker.id) ?? [])],
        given,
        [...others, { caseId, seat, workerId: worker.id }],
        codeNames,
      )
    return {
      workerId: worker.id,
      status: fit.status,
      current,
      price: prices.of(worker.id),
      breaks: current || hidden.length > 0 ? own : [...own, ...elsewhere()],
    }
  })
}

/** The seats that a swap can hurt: of the same case and family, and those of the worker who gets the seat. */
function neighbours(
  problem: Problem,
  others: readonly TakenSeat[],
  caseId: string,
  group: string | null,
): { beside: TakenSeat[]; byWorker: Map<string, TakenSeat[]> } {
  const { cases } = lookup(problem)
  const beside: TakenSeat[] = []
  const byWorker = new Map<string, TakenSeat[]>()
  for (const one of others) {
    if (one.caseId === caseId || (group !== null && cases.get(one.caseId)?.group === group)) {
      beside.push(one)
      continue
    }
    const mine = byWorker.get(one.workerId)
    if (mine) mine.push(one)
    else byWorker.set(one.workerId, [one])
  }
  return { beside, byWorker }
}

/** Rules that break on these seats after the swap, and did not before. */
function newlyBroken(
  problem: Problem,
  seats: readonly TakenSeat[],
  before: readonly TakenSeat[],
  after: readonly TakenSeat[],
  codeNames: CodeNames | undefined,
): Breach[] {
  const { cases, workers } = lookup(problem)
  return seats.flatMap(({ caseId, seat, workerId }) => {
    const theCase = cases.get(caseId)
    const worker = workers.get(workerId)
    if (!theCase || !worker) return []
    const was = new Set(broken(problem, theCase, seat, worker, before).map(each => each.rule))
    return broken(problem, theCase, seat, worker, after)
      .filter(each => !was.has(each.rule))
      .map(each => ({
        ...each,
        caseId,
        seat,
        sentence: ruleSentence(each, codeNames),
        setAside: setAsideOf(each.rule),
      }))
  })
}
