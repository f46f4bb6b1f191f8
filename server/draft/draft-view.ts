import { blockedSentence } from '../../solver/explain/explain.ts'
import { asPoints, hundredths, isHeavy, seatHours, seatsOf } from '../../solver/problem/load.ts'
import type {
  BrokenRule,
  Problem,
  ProblemCase,
  ProblemWorker,
  ProposalLine,
  Seat,
} from '../../solver/problem/problem.ts'
import type { CodeNames } from '../../solver/problem/sentences.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { workloadCost } from '../../solver/rules/costs.ts'
import { contributions, totalUnits } from '../../solver/rules/criteria.ts'
import { makeLoads } from '../../solver/search/proposal.ts'
import type { Locale, WorkerName } from '../contract/common.ts'
import type { DraftLine, DraftLoad, RoundDetail } from '../contract/rounds.ts'
import { statusOf, workloadOf } from '../workload/load.ts'

/** A choice that stands, in the ids of the Problem. A wait is for the whole case, whatever its seat says. */
export interface StandingChoice {
  id: number
  caseId: string
  seat: Seat
  kind: 'lock' | 'override' | 'exclude' | 'wait'
  workerId: string | null
  reasonCode: string | null
  reasonText: string | null
  unregisteredReason: string | null
  setAside: readonly string[]
  acceptsExcess: boolean
}

/** What the engine itself last gave a seat, before people fixed it; null: not placed. */
export type FreeLines = ReadonlyMap<string, ProposalLine & { proposalId: number }>

/** One seat as it stands: the proposal with the choices laid over it. */
export interface DraftSeat {
  case: ProblemCase
  seat: Seat
  worker: ProblemWorker | null
  proposedId: string | null
  /** The lock, override or wait that decides this seat. */
  choice: StandingChoice | null
  /** The team ruled out the proposed worker after the calculation. */
  excluded: boolean
  line: ProposalLine | null
}

/** Key of a seat in maps: case number and seat. */
export function seatKey(caseId: string, seat: Seat): string {
  return `${caseId} ${seat}`
}

/**
 * The draft as it stands: a lock or override decides its seat, a wait empties the whole case, an exclusion takes the seat
 * from the worker it names, and every other seat follows the proposal. Without a proposal the choices alone make the draft.
 */
export function seatsOfDraft(
  problem: Problem,
  free: FreeLines,
  choices: readonly StandingChoice[],
): DraftSeat[] {
  const workers = new Map(problem.workers.map(worker => [worker.id, worker]))
  const waits = new Map(choices.filter(one => one.kind === 'wait').map(one => [one.caseId, one]))
  const fixed = new Map(
    choices
      .filter(one => one.kind === 'lock' || one.kind === 'override')
      .map(one => [seatKey(one.caseId, one.seat), one]),
  )
  const excluded = new Set(
    choices.filter(one => one.kind === 'exclude').map(one => `${one.caseId} ${one.workerId}`),
  )
  return problem.cases.flatMap(theCase =>
    seatsOf(theCase).map((seat): DraftSeat => {
      const line = free.get(seatKey(theCase.id, seat)) ?? null
      const proposedId = line?.workerId ?? null
      const choice = waits.get(theCase.id) ?? fixed.get(seatKey(theCase.id, seat)) ?? null
      const isExcluded = choice === null && proposedId !== null && excluded.has(`${theCase.id} ${proposedId}`)
      const workerId = choice ? choice.workerId : isExcluded ? null : proposedId
      return {
        case: theCase,
        seat,
        worker: workerId === null ? null : (workers.get(workerId) ?? null),
        proposedId,
        choice,
        excluded: isExcluded,
        line,
      }
    }),
  )
}

/** The Problem without these cases: what people may not see yet plays no part in anything that is shown. */
export function withoutCases(problem: Problem, unseen: ReadonlySet<string>): Problem {
  if (unseen.size === 0) return problem
  return {
    ...problem,
    cases: problem.cases.filter(one => !unseen.has(one.id)),
    locks: problem.locks.filter(one => !unseen.has(one.caseId)),
    exclusions: problem.exclusions.filter(one => !unseen.has(one.caseId)),
    waiting: problem.waiting.filter(id => !unseen.has(id)),
    ...(problem.earlier && {
      earlier: {
        ...problem.earlier,
        lines: problem.earlier.lines.filter(one => !unseen.has(one.caseId)),
      },
    }),
  }
}

export interface DraftView {
  lines: DraftLine[]
  loads: DraftLoad[]
  figures: RoundDetail['figures']
}

/**
 * The draft in the reader's language, with what it does to everybody. Sums are in whole hundredths, so they add up. `codes`
 * are the names of what rules mention.
 */
export function viewDraft(
  problem: Problem,
  seats: readonly DraftSeat[],
  nameOf: (workerId: string) => WorkerName,
  locale: Locale,
  codes: CodeNames,
): DraftView {
  const { policy } = problem
  const point = (worker: ProblemWorker, units: number): DraftLoad['before'] => ({
    hours: units / 100,
    workload: workloadOf(worker.normHours, units / 100),
    status: statusOf(policy, worker.normHours, units / 100),
  })
  const taken = seats.flatMap(one =>
    one.worker ? [{ caseId: one.case.id, seat: one.seat, workerId: one.worker.id }] : [],
  )

  const loadOf = new Map(makeLoads(problem, taken).map(load => [load.workerId, load]))
  const loads = problem.workers.map((worker): DraftLoad => {
    const { hoursBefore, hoursAfter, newCases, heavyBefore, heavyAfter } = loadOf.get(worker.id)!
    return {
      worker: nameOf(worker.id),
      normHours: worker.normHours,
      before: point(worker, hundredths(hoursBefore)),
      after: point(worker, hundredths(hoursAfter)),
      newCases,
      heavyBefore,
      heavyAfter,
    }
  })
  const lines = seats.map((one): DraftLine => {
    const { worker, choice } = one
    const waits = choice?.kind === 'wait'
    const common = {
      caseNumber: one.case.id,
      seat: one.seat,
      proposed: one.proposedId === null ? null : nameOf(one.proposedId),
      locked: choice?.kind === 'lock' || choice?.kind === 'override',
      deviates: choice?.kind === 'override',
      waits,
    }
    if (!worker) {
      const own = one.seat === 'primary' ? one.case.hours.primary : (one.case.hours.second ?? 0)
      return {
        ...common,
        worker: null,
        hours: own,
        points: null,
        loadCost: null,
        before: null,
        after: null,
        messages: emptyMessages(one, locale),
      }
    }
    const units = seatHours(policy, one.case, one.seat, worker)
    const load = loadOf.get(worker.id)!
    const after = hundredths(load.hoursAfter)
    const heavy = load.heavyAfter
    return {
      ...common,
      worker: nameOf(worker.id),
      hours: units / 100,
      points: asPoints(totalUnits(contributions(problem, one.case, worker, one.seat))),
      loadCost: asPoints(
        workloadCost(policy, worker, after, heavy) -
          workloadCost(policy, worker, after - units, heavy - (isHeavy(policy, one.case) ? 1 : 0)),
      ),
      before: point(worker, hundredths(load.hoursBefore)),
      after: point(worker, after),
      messages: choice
        ? broken(withoutLocks(problem), one.case, one.seat, worker, taken).map(breach => ({
            rule: breach.rule,
            message: ruleSentence(breach, codes)[locale],
          }))
        : [],
    }
  })
  return { lines, loads, figures: figuresOf(problem, seats, loads) }
}

function emptyMessages(seat: DraftSeat, locale: Locale): DraftLine['messages'] {
  if (seat.choice?.kind === 'wait') return [sentence({ rule: 'teamWaits', facts: {} }, locale)]
  if (seat.excluded) return [sentence({ rule: 'teamExclusion', facts: {} }, locale)]
  return (seat.line?.blocked ?? []).map(one => ({
    rule: one.rule,
    message: blockedSentence(one.rule, one.workers)[locale],
  }))
}

function sentence(breach: BrokenRule, locale: Locale): DraftLine['messages'][number] {
  return { rule: breach.rule, message: ruleSentence(breach)[locale] }
}

// The rules keep an index per Problem, so the bare copy is made once for each.
const bare = new WeakMap<Problem, Problem>()

/** The Problem as if nobody had fixed or parked anything: what a choice itself would break. Exclusions stay. */
export function withoutLocks(problem: Problem): Problem {
  let copy = bare.get(problem)
  if (!copy) {
    copy = { ...problem, locks: [], waiting: [] }
    bare.set(problem, copy)
  }
  return copy
}

function figuresOf(
  problem: Problem,
  seats: readonly DraftSeat[],
  loads: readonly DraftLoad[],
): RoundDetail['figures'] {
  const unplaced = new Set(seats.filter(one => one.worker === null).map(one => one.case.id))
  const highest = (key: 'before' | 'after') =>
    loads.reduce<number | null>((most, load) => {
      const { workload } = load[key]
      return workload === null ? most : Math.max(most ?? 0, workload)
    }, null)
  const above = (key: 'before' | 'after') =>
    loads.filter(load => load[key].status === 'aboveNorm' || load[key].status === 'farAboveNorm').length
  const wishes = { met: 0, apply: 0 }
  for (const { case: theCase, seat, worker } of seats) {
    if (!worker) continue
    const codes = contributions(problem, theCase, worker, seat).map(one => one.reason.code)
    if (!codes.some(code => WISHES.has(code))) continue
    wishes.apply++
    if (codes.some(code => WISHES_MET.has(code)) && !codes.includes('ratherNot')) wishes.met++
  }
  const here = new Set(problem.workers.map(worker => worker.id))
  const known = (theCase: ProblemCase) =>
    [...theCase.formerWorkers, theCase.familyWorker].filter(id => id !== null && here.has(id))
  const continuity = problem.cases.filter(theCase => known(theCase).length > 0)
  return {
    placed: problem.cases.length - unplaced.size,
    cases: problem.cases.length,
    children: problem.cases.reduce((sum, theCase) => sum + theCase.children, 0),
    highestLoadBefore: highest('before'),
    highestLoadAfter: highest('after'),
    aboveBandBefore: above('before'),
    aboveBandAfter: above('after'),
    deviations: seats.filter(one => one.choice?.kind === 'override').length,
    wishesMet: wishes.met,
    wishesThatApply: wishes.apply,
    continuityMet: continuity.filter(theCase =>
      seats.some(one => one.case.id === theCase.id && one.worker && known(theCase).includes(one.worker.id)),
    ).length,
    continuityPossible: continuity.length,
  }
}

/** Reasons of criteria.ts that mean that a wish of the worker speaks about the case, and that it is met. */
const WISHES = new Set(['rather', 'ratherNot', 'mixed', 'wantsToLearn'])
const WISHES_MET = new Set(['rather', 'wantsToLearn'])
