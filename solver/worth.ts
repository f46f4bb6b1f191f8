import { classOf } from './candidates.ts'
import { asPoints, hundredths, seatsOf } from './load.ts'
import { lookup } from './lookup.ts'
import type { CaseClass, Problem, Proposal, ProposalLine, Seat } from './problem.ts'
import { filledLine, frame, isPlaced, makeLoads, totalValue } from './proposal.ts'

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
  const { lines, loads } = linesOf(problem, given)
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

/** The lines and loads of any allocation: all that it takes to weigh it. */
export function linesOf(problem: Problem, given: readonly GivenSeat[]): Pick<Proposal, 'lines' | 'loads'> {
  const { cases, workers } = lookup(problem)
  const filled = given.flatMap(({ caseId, seat, workerId, locked = false }) =>
    workerId === null || !workers.has(workerId) || !cases.has(caseId)
      ? []
      : [{ caseId, seat, workerId, locked }],
  )
  const loads = makeLoads(problem, filled)
  const loadOf = new Map(loads.map(load => [load.workerId, load]))
  const seats = new Map(filled.map(one => [`${one.seat} ${one.caseId}`, one]))
  const lines = given.map(({ caseId, seat, blocked = [] }): ProposalLine => {
    const one = seats.get(`${seat} ${caseId}`)
    const load = one && loadOf.get(one.workerId)
    if (one && load) return filledLine(problem, one, load)
    const hours = cases.get(caseId)?.hours[seat] ?? 0
    return { caseId, seat, ...EMPTY, hours, blocked }
  })
  return { lines, loads }
}

const EMPTY = { workerId: null, locked: false, points: 0, contributions: [], loadCost: 0 }

/** What an allocation is worth on the strict levels that a person weighs it by; points in hundredths. */
export interface Worth {
  /** Cases placed and the days they waited, in the order in which they decide (overdue: days first), first class first. */
  classes: [number, number][]
  emergencies: number
  placed: number
  /** Highest load among those who get something, hundredths of a percent of the norm; null where the policy does not put it first. */
  highest: number | null
  /** Points less costs, in hundredths of a point. */
  units: number
}

const classes: readonly CaseClass[] = ['current', 'emergency', 'overdue', 'high', 'normal']

/** Counted from the lines alone, so it holds for a plan of people as well as for an answer of the engine. */
export function worthOf(problem: Problem, proposal: Pick<Proposal, 'lines' | 'loads'>): Worth {
  const seats = new Map<string, number>()
  for (const line of proposal.lines) {
    if (line.workerId !== null) seats.set(line.caseId, (seats.get(line.caseId) ?? 0) + 1)
  }
  const worth: Worth = {
    classes: classes.map(() => [0, 0]),
    emergencies: 0,
    placed: 0,
    highest: problem.policy.lowestMaximumFirst ? highestLoad(proposal.loads) : null,
    units: totalValue(problem, proposal.lines, proposal.loads),
  }
  for (const theCase of problem.cases) {
    if ((seats.get(theCase.id) ?? 0) < seatsOf(theCase).length) continue
    const name = classOf(problem.policy, theCase)
    const own = worth.classes[classes.indexOf(name)]!
    own[name === 'overdue' ? 1 : 0]++
    own[name === 'overdue' ? 0 : 1] += theCase.waitingDays
    worth.placed++
    if (name === 'emergency') worth.emergencies++
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
    const [first, second] = a.classes[k]!
    if (first !== b.classes[k]![0]) return first - b.classes[k]![0]
    if (second !== b.classes[k]![1]) return second - b.classes[k]![1]
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
