import { contributions, totalUnits } from './criteria.ts'
import { asPoints, hundredths, isHeavy, loadCost, seatHours, seatsOf } from './load.ts'
import type { Problem, Proposal, ProposalLine, Seat } from './problem.ts'
import { frame, isPlaced, totalValue } from './proposal.ts'

/** Who has a seat; null: nobody. */
export interface GivenSeat {
  caseId: string
  seat: Seat
  workerId: string | null
  locked?: boolean
  blocked?: ProposalLine['blocked']
}

/**
 * Any allocation in the form of a Proposal, so that it can be explained and compared: its lines, its loads, and as its value
 * the points less the costs of exactly these seats. It is no answer of the engine: nothing about it is proven.
 */
export function planOf(problem: Problem, given: readonly GivenSeat[]): Proposal {
  const { policy } = problem
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const held = new Map<string, { hours: number; count: number; heavy: number }>()
  for (const { caseId, seat, workerId } of given) {
    const theCase = cases.get(caseId)
    const worker = workerId === null ? undefined : workers.get(workerId)
    if (!theCase || !worker) continue
    const one = held.get(worker.id) ?? { hours: 0, count: 0, heavy: 0 }
    held.set(worker.id, {
      hours: one.hours + seatHours(policy, theCase, seat, worker),
      count: one.count + 1,
      heavy: one.heavy + (isHeavy(policy, theCase) ? 1 : 0),
    })
  }
  const loads = problem.workers.map((worker): Proposal['loads'][number] => {
    const gets = held.get(worker.id) ?? { hours: 0, count: 0, heavy: 0 }
    return {
      workerId: worker.id,
      normHours: worker.normHours,
      hoursBefore: worker.hoursInUse,
      hoursAfter: (hundredths(worker.hoursInUse) + gets.hours) / 100,
      newCases: gets.count,
      heavyBefore: worker.heavyCases,
      heavyAfter: worker.heavyCases + gets.heavy,
    }
  })
  const lines = given.map(({ caseId, seat, workerId, locked = false, blocked = [] }): ProposalLine => {
    const theCase = cases.get(caseId)
    const worker = workerId === null ? undefined : workers.get(workerId)
    if (!theCase || !worker) {
      return {
        caseId,
        seat,
        workerId: null,
        locked: false,
        hours: 0,
        points: 0,
        contributions: [],
        loadCost: 0,
        blocked,
      }
    }
    const parts = contributions(problem, theCase, worker)
    const hours = seatHours(policy, theCase, seat, worker)
    const norm = hundredths(worker.normHours)
    const after = hundredths(worker.hoursInUse) + (held.get(worker.id)?.hours ?? 0)
    return {
      caseId,
      seat,
      workerId,
      locked,
      hours: hours / 100,
      points: asPoints(totalUnits(parts)),
      contributions: parts,
      loadCost: asPoints(loadCost(policy, norm, after) - loadCost(policy, norm, after - hours)),
      blocked: [],
    }
  })
  const value = totalValue(problem, lines, loads) / 100
  return {
    ...frame(problem),
    lines,
    loads,
    levels: [{ level: 'pointsMinusLoad', value, bound: value }],
    status: 'feasible',
    gap: 0,
    endedBy: 'person',
    engine: 'people',
    bundles: 0,
    nodes: 0,
    wallMs: 0,
  }
}

/** What an allocation is worth on the strict levels that a person weighs it by; points in hundredths. */
export interface Worth {
  /** Cases placed and the days they waited, first class first. */
  classes: { placed: number; days: number }[]
  emergencies: number
  placed: number
  /** Highest load among those who get something, hundredths of a percent of the norm; null where the policy does not put it first. */
  highest: number | null
  /** Points less costs, in hundredths of a point. */
  units: number
}

const classes = ['emergency', 'high', 'normal'] as const

/** Counted from the lines alone, so it holds for a plan of people as well as for an answer of the engine. */
export function worthOf(problem: Problem, proposal: Pick<Proposal, 'lines' | 'loads'>): Worth {
  const seats = new Map<string, number>()
  for (const line of proposal.lines) {
    if (line.workerId !== null) seats.set(line.caseId, (seats.get(line.caseId) ?? 0) + 1)
  }
  const worth: Worth = {
    classes: classes.map(() => ({ placed: 0, days: 0 })),
    emergencies: 0,
    placed: 0,
    highest: problem.policy.lowestMaximumFirst ? highestLoad(proposal.loads) : null,
    units: totalValue(problem, proposal.lines, proposal.loads),
  }
  for (const theCase of problem.cases) {
    if ((seats.get(theCase.id) ?? 0) < seatsOf(theCase).length) continue
    const own = worth.classes[classes.indexOf(theCase.urgency)]!
    own.placed++
    own.days += theCase.waitingDays
    worth.placed++
    if (theCase.urgency === 'emergency') worth.emergencies++
  }
  return worth
}

/** Highest load among those who get something, hundredths of a percent of the norm, rounded up; 0 when nobody does. */
export function highestLoad(loads: Proposal['loads']): number {
  return loads.reduce((most, { newCases, normHours, hoursAfter }) => {
    const norm = hundredths(normHours)
    if (newCases === 0 || norm === 0) return most
    return Math.max(most, Math.ceil((hundredths(hoursAfter) * 10000) / norm))
  }, 0)
}

/** Above 0 when `a` is worth more, by the strict order of the levels. */
export function compareWorth(a: Worth, b: Worth): number {
  for (let k = 0; k < a.classes.length; k++) {
    const placed = a.classes[k]!.placed - b.classes[k]!.placed
    if (placed !== 0) return placed
    const days = a.classes[k]!.days - b.classes[k]!.days
    if (days !== 0) return days
  }
  if (a.highest !== null && b.highest !== null && a.highest !== b.highest) return b.highest - a.highest
  return a.units - b.units
}

/** What something costs against something else. Points, not hundredths; more is better, but for the highest load. */
export interface Price {
  emergencies: number
  placed: number
  /** In percent of the norm, where the policy puts it before points; else null. */
  highestLoad: number | null
  points: number
}

export function priceOf(worth: Worth, than: Worth): Price {
  return {
    emergencies: worth.emergencies - than.emergencies,
    placed: worth.placed - than.placed,
    highestLoad:
      worth.highest === null || than.highest === null ? null : (worth.highest - than.highest) / 100,
    points: asPoints(worth.units - than.units),
  }
}

/** Cases whose every seat has somebody. */
export function placedCases(proposal: Pick<Proposal, 'lines'>): Set<string> {
  return new Set(proposal.lines.map(line => line.caseId).filter(id => isPlaced(proposal.lines, id)))
}
