import { checkProposal } from '../../solver/check/check.ts'
import { addDays } from '../../solver/problem/days.ts'
import type {
  Policy,
  Problem,
  ProblemCase,
  ProblemWorker,
  Proposal,
  Seat,
} from '../../solver/problem/problem.ts'
import { contributions } from '../../solver/rules/criteria.ts'
import { judgeLocks } from '../../solver/rules/locks.ts'

/** Levels as one list of numbers, most important first, higher is better. */
export type Levels = number[]

/** Codes of check.ts that speak about what is shown, not about who has what. */
export const shownOnly = new Set([
  'load',
  'level',
  'loadCost',
  'pairCost',
  'points',
  'contribution',
  'lockMark',
  'hours',
  'bound',
])

interface Given {
  caseId: string
  seat: Seat
  workerId: string | null
}

function bare(problem: Problem, given: readonly Given[]): Proposal {
  return {
    format: 1,
    problemSha256: '',
    solverVersion: '',
    seed: problem.seed,
    lines: given.map(one => ({
      ...one,
      locked: false,
      hours: 0,
      points: 0,
      contributions: [],
      loadCost: 0,
      blocked: [],
    })),
    loads: [],
    levels: [],
    status: 'feasible',
    gap: 0,
    endedBy: 'proof',
    engine: 'oracle',
    bundles: 0,
    nodes: 0,
    wallMs: 0,
  }
}

function allowed(problem: Problem, given: readonly Given[]): boolean {
  return checkProposal(problem, bare(problem, given)).every(one => shownOnly.has(one.code))
}

/** The levels of an allocation, counted straight from the Problem. */
export function levelsOf(problem: Problem, given: readonly Given[]): Levels {
  const levels: Levels = []
  const placed = problem.cases.filter(one => {
    const lines = given.filter(line => line.caseId === one.id)
    return lines.every(line => line.workerId !== null)
  })
  for (const name of ['current', 'emergency', 'overdue', 'high', 'normal']) {
    const some = placed.filter(one => classOf(problem, one) === name)
    const days = some.reduce((sum, one) => sum + one.waitingDays, 0)
    if (name === 'overdue') levels.push(days, some.length)
    else levels.push(some.length, days)
  }
  const locked = new Set(judgeLocks(problem).held.map(lock => `${lock.caseId} ${lock.seat}`))
  let value = 0
  let highest = 0
  let squares = 0
  for (const worker of problem.workers) {
    const norm = Math.round(worker.normHours * 100)
    const before = Math.round(worker.hoursInUse * 100)
    let after = before
    let heavy = 0
    let proposed = false
    for (const line of given) {
      if (line.workerId !== worker.id) continue
      const theCase = problem.cases.find(one => one.id === line.caseId)!
      const minutes = theCase.municipality === null ? undefined : worker.travelMinutes[theCase.municipality]
      const extra =
        minutes !== undefined && minutes > problem.policy.travel.overMinutes ? problem.policy.travel.hours : 0
      after += Math.round(
        (line.seat === 'primary' ? theCase.hours.primary : theCase.hours.second!) * 100 + extra * 100,
      )
      heavy += isHeavy(problem.policy, theCase) ? 1 : 0
      const earlier = problem.earlier?.lines.find(one => one.caseId === line.caseId && one.seat === line.seat)
      if (earlier && earlier.workerId !== worker.id) value -= Math.round(problem.earlier!.changeCost * 100)
      const holder = theCase.current?.[line.seat]
      if (holder && holder !== worker.id) value -= Math.round((problem.policy.moveCost ?? 0) * 100)
      for (const part of contributions(problem, theCase, worker, line.seat))
        value += Math.round(part.points * 10) * 10
      if (problem.meaning === 2 ? holder !== worker.id : !locked.has(`${line.caseId} ${line.seat}`))
        proposed = true
    }
    value -= loadCost(problem.policy, norm, after) - loadCost(problem.policy, norm, before)
    value -= costOfHeavy(problem, worker, worker.heavyCases + heavy)
    value += costOfHeavy(problem, worker, worker.heavyCases)
    if (norm > 0) squares += Math.min(1_000_000, Math.ceil((after * 10000) / norm)) ** 2
    if (proposed && norm > 0) highest = Math.max(highest, Math.ceil((after * 10000) / norm))
  }
  if (problem.policy.leaving?.fewest) levels.push(0 - given.filter(line => goes(problem, line)).length)
  if (problem.policy.lowestMaximumFirst) levels.push(-highest)
  levels.push(value)
  if (problem.policy.evenLoads) levels.push(0 - squares)
  return levels
}

/** Day by day through the horizon: whether the worker is gone on one on which the case is expected to be open. */
function goes({ policy, startOn, cases, workers }: Problem, { caseId, seat, workerId }: Given): boolean {
  const theCase = cases.find(one => one.id === caseId)!
  const worker = workers.find(one => one.id === workerId)
  if (!worker || !policy.leaving || theCase.current?.[seat] === workerId) return false
  for (let k = 1; k <= policy.leaving.withinDays; k++) {
    const day = addDays(startOn, k)
    if (theCase.expectedUntil && day > theCase.expectedUntil) return false
    if (worker.employedUntil === addDays(day, -1)) return true
    for (const { from, until } of worker.away)
      if (from === day && (until === null || until >= addDays(from, policy.leaving.awayFromDays - 1)))
        return true
  }
  return false
}

/** Existing cases, emergencies, who waits too long, then by urgency: the order of placing. */
function classOf({ policy }: Problem, { current, urgency, waitingDays }: ProblemCase): string {
  if (current) return 'current'
  const late = policy.overdueAfterDays !== undefined && waitingDays > policy.overdueAfterDays
  return late && urgency !== 'emergency' ? 'overdue' : urgency
}

/** Heavy by the hours of both seats together. */
function isHeavy({ heavyFromHours }: Policy, { hours }: ProblemCase): boolean {
  return Math.round((hours.primary + (hours.second ?? 0)) * 100) >= Math.round(heavyFromHours * 100)
}

/** Hundredth of an hour by hundredth of an hour, each at the rate of the last step that lies under it. */
function loadCost({ loadCost: steps }: Policy, norm: number, hours: number): number {
  const from = steps.map(step => Math.round(step.from * norm))
  const rates = steps.map(step => Math.round(step.pointsPerHour * 100))
  let cost = 0
  let rate = 0
  let next = 0
  for (let h = 0; h < hours; h++) {
    while (next < from.length && from[next]! <= h) rate = rates[next++]!
    cost += rate
  }
  return Math.round(cost / 100)
}

/** One heavy case after the other, each at the points of the last step that lies under it. */
function costOfHeavy({ policy }: Problem, worker: ProblemWorker, count: number): number {
  let cost = 0
  for (let n = 1; n <= count; n++) {
    const passed = (policy.heavyCost ?? []).filter(
      step => Math.ceil((step.from * worker.contractHours) / policy.fullTimeHours - 1e-9) < n,
    )
    cost += Math.round((passed.at(-1)?.points ?? 0) * 100)
  }
  return cost
}

/** Points less costs, of the levels of this problem; how even the loads are comes after them. */
export function pointsOf({ policy }: Problem, levels: Levels): number {
  return levels.at(policy.evenLoads ? -2 : -1)!
}

export function compareLevels(a: Levels, b: Levels): number {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!
  return 0
}

/** The best levels over every allocation there is. Only for a handful of seats. */
export function bruteForce(
  problem: Problem,
  /** Only allocations that give this seat to this worker, by the same rules as any other. */
  asked?: { caseId: string; seat: Seat; workerId: string },
): Levels {
  const { held, refused } = judgeLocks(problem)
  const refusedCases = new Set(refused.map(one => one.lock.caseId))
  const seats: { caseId: string; seat: Seat; options: (string | null)[] }[] = []
  for (const one of problem.cases) {
    for (const seat of one.duo ? (['primary', 'second'] as const) : (['primary'] as const)) {
      if (one.taken?.seat === seat) continue
      const lock = held.find(other => other.caseId === one.id && other.seat === seat)
      if (lock) seats.push({ caseId: one.id, seat, options: [lock.workerId] })
      else if (refusedCases.has(one.id)) seats.push({ caseId: one.id, seat, options: [null] })
      else if (asked?.caseId === one.id && asked.seat === seat)
        seats.push({ caseId: one.id, seat, options: [null, asked.workerId] })
      else seats.push({ caseId: one.id, seat, options: [null, ...problem.workers.map(worker => worker.id)] })
    }
  }
  // A pair that is not allowed alone with the held locks is never allowed: leave it out early.
  for (const seat of seats) {
    if (seat.options.length === 1) continue
    seat.options = seat.options.filter(workerId => {
      if (workerId === null) return true
      const given = seats.map((other): Given => {
        if (other === seat) return { caseId: seat.caseId, seat: seat.seat, workerId }
        return {
          caseId: other.caseId,
          seat: other.seat,
          workerId: other.options.length === 1 ? other.options[0]! : null,
        }
      })
      const findings = checkProposal(problem, bare(problem, given))
      return findings.every(one => shownOnly.has(one.code) || one.code === 'halfDuo')
    })
  }
  let best: Levels | null = null
  const given: Given[] = []
  const descend = (position: number): void => {
    const seat = seats[position]
    if (!seat) {
      if (asked && !given.some(one => one.caseId === asked.caseId && one.seat === asked.seat && one.workerId))
        return
      const levels = levelsOf(problem, given)
      if ((best === null || compareLevels(levels, best) > 0) && allowed(problem, given)) best = levels
      return
    }
    for (const workerId of seat.options) {
      given.push({ caseId: seat.caseId, seat: seat.seat, workerId })
      descend(position + 1)
      given.pop()
    }
  }
  descend(0)
  if (!best) throw new Error('No allocation at all passes the check, not even an empty one.')
  return best
}

/** The levels that a proposal reaches. */
export function levelsOfProposal(problem: Problem, proposal: Proposal): Levels {
  return levelsOf(
    problem,
    proposal.lines.map(line => ({ caseId: line.caseId, seat: line.seat, workerId: line.workerId })),
  )
}
