import { compare, sha256 } from '../problem/canonical.ts'
import { asPoints, hundredths, isHeavy, seatHours, seatsOf } from '../problem/load.ts'
import type {
  LoadChange,
  Problem,
  ProblemCase,
  ProblemWorker,
  Proposal,
  ProposalLine,
  Seat,
} from '../problem/problem.ts'
import { pairCost, workloadCost } from '../rules/costs.ts'
import { contributions, totalUnits } from '../rules/criteria.ts'
import { Judge } from '../rules/judge.ts'
import { holdsSeat, lookup, type TakenSeat } from '../rules/lookup.ts'
import { rules } from '../rules/rules.ts'
import type { Draft } from './draft.ts'
import type { Instance } from './instance.ts'

/** Rises when the same Problem may give another Proposal than before. */
export const solverVersion = '3.2.1'

type Seats = Map<string, { caseId: string; seat: Seat; workerId: string; locked: boolean }>

/** Who has which seat: the held locks and what the draft gives. */
export function seatsTaken(instance: Instance, draft: Draft): Seats {
  const seats: Seats = new Map()
  for (const { caseId, seat, workerId } of instance.locks.held) {
    seats.set(`${seat} ${caseId}`, { caseId, seat, workerId, locked: true })
  }
  draft.workerOf.forEach((worker, index) => {
    if (worker < 0) return
    const item = instance.items[index]!
    const workerId = instance.workers[worker]!.worker.id
    seats.set(`${item.seat} ${item.case.id}`, {
      caseId: item.case.id,
      seat: item.seat,
      workerId,
      locked: false,
    })
  })
  return seats
}

/** Value of everything in the proposal, held locks included, in units. */
export function totalValue(
  problem: Problem,
  lines: readonly ProposalLine[],
  loads: readonly LoadChange[],
): number {
  const { workers } = lookup(problem)
  let value = 0
  for (const line of lines) {
    if (line.workerId === null) continue
    value += hundredths(line.points) - hundredths(line.changeCost ?? 0) - hundredths(line.moveCost ?? 0)
  }
  for (const load of loads) {
    const worker = workers.get(load.workerId)!
    value -=
      workloadCost(problem.policy, worker, hundredths(load.hoursAfter), load.heavyAfter) -
      workloadCost(problem.policy, worker, hundredths(load.hoursBefore), load.heavyBefore)
  }
  return value
}

/** The lines of a proposal, by case number and seat, whatever the order of the input. */
export function makeLines(instance: Instance, draft: Draft): { lines: ProposalLine[]; loads: LoadChange[] } {
  const { problem } = instance
  const { cases } = lookup(problem)
  const seats = seatsTaken(instance, draft)
  const loads = makeLoads(problem, [...seats.values()])
  const loadOf = new Map(loads.map(load => [load.workerId, load]))
  const blocked = new Blocked(instance)
  const lines: ProposalLine[] = []
  for (const theCase of [...cases.values()].sort((a, b) => compare(a.id, b.id))) {
    for (const seat of seatsOf(theCase)) {
      const taken = seats.get(`${seat} ${theCase.id}`)
      if (!taken) {
        lines.push({
          caseId: theCase.id,
          seat,
          workerId: null,
          locked: false,
          hours: hundredths(seat === 'primary' ? theCase.hours.primary : (theCase.hours.second ?? 0)) / 100,
          points: 0,
          contributions: [],
          loadCost: 0,
          blocked: blocked.by(theCase, seat),
        })
        continue
      }
      lines.push(filledLine(problem, taken, loadOf.get(taken.workerId)!))
    }
  }
  return { lines, loads }
}

/** The line of a seat that somebody has, given the load that its worker ends with. */
export function filledLine(
  problem: Problem,
  { caseId, seat, workerId, locked }: TakenSeat & { locked: boolean },
  load: LoadChange,
): ProposalLine {
  const { policy } = problem
  const theCase = lookup(problem).cases.get(caseId)!
  const worker = lookup(problem).workers.get(workerId)!
  const hours = seatHours(policy, theCase, seat, worker)
  const after = hundredths(load.hoursAfter)
  const heavyWithout = load.heavyAfter - (isHeavy(policy, theCase) ? 1 : 0)
  const parts = contributions(problem, theCase, worker, seat)
  const { change, move } = pairCost(problem, theCase, seat, worker)
  return {
    caseId,
    seat,
    workerId,
    locked,
    hours: hours / 100,
    points: asPoints(totalUnits(parts)),
    contributions: parts,
    loadCost: asPoints(
      workloadCost(policy, worker, after, load.heavyAfter) -
        workloadCost(policy, worker, after - hours, heavyWithout),
    ),
    ...(change === 0 ? {} : { changeCost: asPoints(change) }),
    ...(move === 0 ? {} : { moveCost: asPoints(move) }),
    blocked: [],
  }
}

/**
 * What the round does to everybody's load, by staff number. Before: what the worker holds on the start date, the existing cases
 * that take part included.
 */
export function makeLoads(problem: Problem, seats: readonly TakenSeat[]): LoadChange[] {
  const perWorker = new Map<string, TakenSeat[]>()
  for (const one of seats) {
    const mine = perWorker.get(one.workerId)
    if (mine) mine.push(one)
    else perWorker.set(one.workerId, [one])
  }
  return problem.workers
    .map(worker => loadOfWorker(problem, worker, perWorker.get(worker.id) ?? []))
    .sort((a, b) => compare(a.workerId, b.workerId))
}

/** What these seats do to the load of one worker. */
export function loadOfWorker(
  problem: Problem,
  worker: ProblemWorker,
  seats: readonly Pick<TakenSeat, 'caseId' | 'seat'>[],
): LoadChange {
  const { policy } = problem
  const { cases, held } = lookup(problem)
  const has = held.get(worker.id) ?? []
  const gets = seats.map(one => ({ case: cases.get(one.caseId)!, seat: one.seat }))
  const hours = (list: typeof gets) =>
    list.reduce((sum, one) => sum + seatHours(policy, one.case, one.seat, worker), 0)
  const heavy = (list: typeof gets) => list.filter(one => isHeavy(policy, one.case)).length
  const inUse = hundredths(worker.hoursInUse)
  return {
    workerId: worker.id,
    normHours: worker.normHours,
    hoursBefore: (inUse + hours(has)) / 100,
    hoursAfter: (inUse + hours(gets)) / 100,
    newCases: gets.filter(one => !holdsSeat(one.case, one.seat, worker.id)).length,
    heavyBefore: worker.heavyCases + heavy(has),
    heavyAfter: worker.heavyCases + heavy(gets),
  }
}

const shownOrder = [...rules.map(rule => rule.code), 'neededElsewhere' as const]

/**
 * The rules that keep a seat empty, with the number of workers each stops first; what stops most comes first. Who could
 * take the seat if this round gave nothing else counts as needed elsewhere. A refused lock blocks by the rules it breaks.
 */
class Blocked {
  private readonly instance: Instance
  private readonly judge: Judge

  constructor(instance: Instance) {
    this.instance = instance
    this.judge = new Judge(
      instance.problem,
      instance.workers.map(one => one.worker),
      instance.locks.held,
    )
  }

  by(theCase: ProblemCase, seat: Seat): ProposalLine['blocked'] {
    const { locks } = this.instance
    const refused = locks.refused.find(one => one.lock.caseId === theCase.id && one.lock.seat === seat)
    if (refused) return refused.broken.map(one => ({ rule: one.rule, workers: 1 }))
    const counts = this.judge.countFirst(theCase, seat)
    return shownOrder
      .flatMap(rule => (counts.has(rule) ? [{ rule, workers: counts.get(rule)! }] : []))
      .sort((a, b) => b.workers - a.workers)
  }
}

/** Whether every seat of a case has somebody. */
export function isPlaced(lines: readonly ProposalLine[], caseId: string): boolean {
  const seats = lines.filter(line => line.caseId === caseId)
  return seats.length > 0 && seats.every(line => line.workerId !== null)
}

/** Cases whose seats were all fixed by people: they count as placed on top of what the engine places. */
export function lockedWhole(instance: Instance): ProblemCase[] {
  const held = new Set(instance.locks.held.map(lock => `${lock.seat} ${lock.caseId}`))
  const refused = new Set(instance.locks.refused.map(one => one.lock.caseId))
  return instance.problem.cases.filter(
    one => !refused.has(one.id) && seatsOf(one).every(seat => held.has(`${seat} ${one.id}`)),
  )
}

/** Only fields that describe the run itself are missing here. */
export function frame(
  problem: Problem,
): Pick<Proposal, 'format' | 'problemSha256' | 'solverVersion' | 'seed'> {
  return { format: 1, problemSha256: sha256(problem), solverVersion, seed: problem.seed }
}
