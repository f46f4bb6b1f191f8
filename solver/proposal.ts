import type { Room } from './candidates.ts'
import { compare, sha256 } from './canonical.ts'
import { contributions, totalUnits } from './criteria.ts'
import type { Draft } from './draft.ts'
import { asPoints, hundredths, isHeavy, loadCost, seatHours, seatsOf } from './load.ts'
import type { LoadChange, Problem, ProblemCase, Proposal, ProposalLine, RuleCode, Seat } from './problem.ts'
import { broken, rules } from './rules.ts'

/** Rises when the same Problem may give another Proposal than before. */
export const solverVersion = '1.0.0'

type Seats = Map<string, { caseId: string; seat: Seat; workerId: string; locked: boolean }>

/** Who has which seat: the held locks and what the draft gives. */
export function seatsTaken(room: Room, draft: Draft): Seats {
  const seats: Seats = new Map()
  for (const { caseId, seat, workerId } of room.locks.held) {
    seats.set(`${seat} ${caseId}`, { caseId, seat, workerId, locked: true })
  }
  draft.workerOf.forEach((worker, index) => {
    if (worker < 0) return
    const item = room.items[index]!
    const workerId = room.workers[worker]!.worker.id
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
  let value = 0
  for (const line of lines) if (line.workerId !== null) value += hundredths(line.points)
  for (const load of loads) {
    const norm = hundredths(load.normHours)
    value -=
      loadCost(problem.policy, norm, hundredths(load.hoursAfter)) -
      loadCost(problem.policy, norm, hundredths(load.hoursBefore))
  }
  return value
}

/** The lines of a proposal, by case number and seat, whatever the order of the input. */
export function makeLines(room: Room, draft: Draft): { lines: ProposalLine[]; loads: LoadChange[] } {
  const { problem } = room
  const seats = seatsTaken(room, draft)
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const loads = problem.workers
    .map((worker): LoadChange => {
      const mine = [...seats.values()].filter(one => one.workerId === worker.id)
      const gets = mine.map(one => ({ theCase: cases.get(one.caseId)!, seat: one.seat }))
      const added = gets.reduce(
        (sum, one) => sum + seatHours(problem.policy, one.theCase, one.seat, worker),
        0,
      )
      return {
        workerId: worker.id,
        normHours: worker.normHours,
        hoursBefore: worker.hoursInUse,
        hoursAfter: (hundredths(worker.hoursInUse) + added) / 100,
        newCases: mine.length,
        heavyBefore: worker.heavyCases,
        heavyAfter: worker.heavyCases + gets.filter(one => isHeavy(problem.policy, one.theCase)).length,
      }
    })
    .sort((a, b) => compare(a.workerId, b.workerId))
  const loadOf = new Map(loads.map(load => [load.workerId, load]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const lines: ProposalLine[] = []
  for (const theCase of [...problem.cases].sort((a, b) => compare(a.id, b.id))) {
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
          blocked: blockedBy(room, theCase, seat),
        })
        continue
      }
      const worker = workers.get(taken.workerId)!
      const hours = seatHours(problem.policy, theCase, seat, worker)
      const norm = hundredths(worker.normHours)
      const after = hundredths(loadOf.get(worker.id)!.hoursAfter)
      const parts = contributions(problem, theCase, worker)
      lines.push({
        caseId: theCase.id,
        seat,
        workerId: worker.id,
        locked: taken.locked,
        hours: hours / 100,
        points: asPoints(totalUnits(parts)),
        contributions: parts,
        loadCost: asPoints(
          loadCost(problem.policy, norm, after) - loadCost(problem.policy, norm, after - hours),
        ),
        blocked: [],
      })
    }
  }
  return { lines, loads }
}

/**
 * The rules that keep a seat empty, with the number of workers each stops first; what stops most comes first. Who could
 * take the seat if this round gave nothing else counts as needed elsewhere. A refused lock blocks by the rules it breaks.
 */
function blockedBy(room: Room, theCase: ProblemCase, seat: Seat): ProposalLine['blocked'] {
  const { problem } = room
  const refused = room.locks.refused.find(one => one.lock.caseId === theCase.id && one.lock.seat === seat)
  if (refused) return refused.broken.map(one => ({ rule: one.rule, workers: 1 }))
  const counts = new Map<RuleCode, number>()
  for (const worker of problem.workers) {
    const mine = room.locks.held.filter(lock => lock.workerId === worker.id)
    const first = broken(problem, theCase, seat, worker, mine)[0]?.rule ?? 'neededElsewhere'
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  const order = [...rules.map(rule => rule.code), 'neededElsewhere' as const]
  return order
    .flatMap(rule => (counts.has(rule) ? [{ rule, workers: counts.get(rule)! }] : []))
    .sort((a, b) => b.workers - a.workers)
}

/** Whether every seat of a case has somebody. */
export function isPlaced(lines: readonly ProposalLine[], caseId: string): boolean {
  const seats = lines.filter(line => line.caseId === caseId)
  return seats.length > 0 && seats.every(line => line.workerId !== null)
}

/** Cases whose seats were all fixed by people: they count as placed on top of what the engine places. */
export function lockedWhole(room: Room): ProblemCase[] {
  const held = new Set(room.locks.held.map(lock => `${lock.seat} ${lock.caseId}`))
  const refused = new Set(room.locks.refused.map(one => one.lock.caseId))
  return room.problem.cases.filter(
    one => !refused.has(one.id) && seatsOf(one).every(seat => held.has(`${seat} ${one.id}`)),
  )
}

/** Only fields that describe the run itself are missing here. */
export function frame(
  problem: Problem,
): Pick<Proposal, 'format' | 'problemSha256' | 'solverVersion' | 'seed'> {
  return { format: 1, problemSha256: sha256(problem), solverVersion, seed: problem.seed }
}
