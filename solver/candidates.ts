import { seededOrder } from './canonical.ts'
import { contributions, totalUnits } from './criteria.ts'
import {
  type Curve,
  curveCost,
  curveOf,
  hundredths,
  isHeavy,
  leastRise,
  scaledCap,
  seatHours,
  seatsOf,
  shareOfNorm,
} from './load.ts'
import type { BrokenRule, Lock, Policy, Problem, ProblemCase, ProblemWorker, Seat } from './problem.ts'
import { broken, type TakenSeat } from './rules.ts'

/** A seat to fill: items are what bundles are made of. */
export interface Item {
  case: ProblemCase
  seat: Seat
  unit: number
  /** Index of the group whose primary seats go to one worker; -1 without. */
  group: number
  /** Whether it counts where heavy cases cost. */
  heavy: boolean
  emergency: boolean
  /** Of its unit. */
  rank: number
}

/** A case to place: placed when all its items are covered. */
export interface Unit {
  case: ProblemCase
  items: number[]
  /** Index into `Room.classes`. */
  rank: number
}

/** A pair that the rules allow on its own. Hours in hundredths, value in units (hundredths of a point). */
export interface Candidate {
  item: number
  hours: number
  /** Points of the pair, less what this pair costs whatever else its worker gets. */
  points: number
  /** The least by which it can raise its worker's cost, whatever else the worker gets. These bounds add up. */
  leastRise: number
  /** Counters of its worker that it uses, each by one; indexes into `RoomWorker.limits`. */
  counts: readonly number[]
  /** The worker holds this seat already. */
  stays: boolean
  /** Rows over pairs of several workers that it uses, each by one; indexes into `Room.shared`. */
  shared: readonly number[]
}

/** The counters that every worker has; a worker may have more. */
export const NEW_CASES = 0
export const HEAVY_CASES = 1

export interface RoomWorker {
  worker: ProblemWorker
  norm: number
  /** Hours in use, held locks included. */
  baseHours: number
  baseCost: number
  curve: Curve
  /** How much more of each counter this worker may get: new cases, heavy cases, then any others. */
  limits: number[]
  /** Where this worker's counters begin when those of all workers stand in one row. */
  firstCounter: number
  /** Most hours with a case that is no emergency, with emergencies only, and with nothing but what stays. */
  bandLimit: number
  hardLimit: number
  stayLimit: number
  /** Cost in units of one, two, ... heavy cases more; begins with 0. Longer lists cost as the last step does. */
  heavyRise: number[]
  candidates: Candidate[]
  /** Index into `candidates` by item; -1 where the rules forbid the pair. */
  byItem: Int32Array
}

/** A Problem as the engines see it: only what is still free, in the seed's order. */
export interface Room {
  problem: Problem
  policy: Policy
  items: Item[]
  units: Unit[]
  /** Classes of cases, placed strictly one before the next. */
  classes: string[]
  groupCount: number
  /** Counters of all workers together. */
  counterCount: number
  /** Rows over pairs of several workers: at most `limit` of the pairs that name the row. */
  shared: { limit: number }[]
  workers: RoomWorker[]
  locks: HeldLocks
}

/**
 * The rise of a worker's cost (units) with these hours in all (hundredths) and so many heavy cases of this round.
 * Any shape of load cost; `Candidate.leastRise` is what pricing may rely on.
 */
export function riseOf(worker: RoomWorker, hours: number, heavy: number): number {
  const { heavyRise } = worker
  const last = heavyRise.length - 1
  const forHeavy =
    heavy <= last
      ? heavyRise[heavy]!
      : heavyRise[last]! + (heavy - last) * (heavyRise[last]! - heavyRise[last - 1]!)
  return curveCost(worker.curve, hours) - worker.baseCost + forHeavy
}

export interface HeldLocks {
  held: Lock[]
  /** Locks that break a rule they do not set aside. Their case is not placed. */
  refused: { lock: Lock; broken: BrokenRule[] }[]
}

/** Most hours in all with this pair; a bundle keeps the lowest limit of its pairs. */
export function hoursLimit(worker: RoomWorker, item: Item, candidate: Candidate): number {
  if (candidate.stays) return worker.stayLimit
  return item.emergency ? worker.hardLimit : worker.bandLimit
}

const cumulative = ['hardLimit', 'newPerWeek', 'heavyCases'] as const

/**
 * Splits the locks into those that hold and those that break a rule which they do not set aside.
 *
 * Rules about sums (hard limit, new per week, heavy cases) are tested one lock after the other, in order of case and
 * seat, over the locks that do not set that rule aside: each excess needs its own decision.
 */
export function judgeLocks(problem: Problem): HeldLocks {
  const cases = new Map(problem.cases.map(one => [one.id, one]))
  const workers = new Map(problem.workers.map(one => [one.id, one]))
  const refused = new Map<Lock, BrokenRule[]>()
  const sorted = [...problem.locks].sort((a, b) =>
    a.caseId === b.caseId ? compare(a.seat, b.seat) : compare(a.caseId, b.caseId),
  )
  for (const lock of sorted) {
    const breaches = broken(problem, cases.get(lock.caseId)!, lock.seat, workers.get(lock.workerId)!, [])
    if (breaches.length > 0) refused.set(lock, breaches)
  }
  for (const rule of cumulative) {
    const before = new Map<string, TakenSeat[]>()
    for (const lock of sorted) {
      if (refused.has(lock) || (rule === 'hardLimit' ? lock.aboveLimit : lock.setAside.includes(rule)))
        continue
      const taken = before.get(lock.workerId) ?? []
      const worker = workers.get(lock.workerId)!
      const breach = broken(problem, cases.get(lock.caseId)!, lock.seat, worker, taken).find(
        one => one.rule === rule,
      )
      if (breach) refused.set(lock, [breach])
      else before.set(lock.workerId, [...taken, lock])
    }
  }
  return {
    held: sorted.filter(lock => !refused.has(lock)),
    refused: [...refused].map(([lock, rulesBroken]) => ({ lock, broken: rulesBroken })),
  }
}

/** Makes the engines' view of a valid Problem. Cases and workers stand in the order of the seed, never of the input. */
export function furnish(problem: Problem): Room {
  const { policy, seed } = problem
  const locks = judgeLocks(problem)
  const cases = inSeededOrder(problem.cases, seed, 'case ')
  const workers = inSeededOrder(problem.workers, seed, 'worker ')
  const lockedSeats = new Set(locks.held.map(lock => `${lock.seat} ${lock.caseId}`))
  const refusedCases = new Set(locks.refused.map(one => one.lock.caseId))
  const caseOf = new Map(problem.cases.map(one => [one.id, one]))

  const held = new Map<string, Lock[]>()
  for (const lock of locks.held) held.set(lock.workerId, [...(held.get(lock.workerId) ?? []), lock])
  const roomWorkers = workers.map((worker, index): RoomWorker => {
    const mine = held.get(worker.id) ?? []
    const norm = hundredths(worker.normHours)
    let baseHours = hundredths(worker.hoursInUse)
    let heavy = 0
    for (const lock of mine) {
      const theCase = caseOf.get(lock.caseId)!
      baseHours += seatHours(policy, theCase, lock.seat, worker)
      if (isHeavy(policy, theCase)) heavy++
    }
    const cap = (full: number) => scaledCap(full, worker.contractHours, policy.fullTimeHours)
    const curve = curveOf(policy, norm)
    return {
      worker,
      norm,
      baseHours,
      baseCost: curveCost(curve, baseHours),
      curve,
      limits: [
        Math.max(0, cap(policy.newPerWeek) - worker.newThisWeek - mine.length),
        Math.max(0, cap(policy.heavyCases) - worker.heavyCases - heavy),
      ],
      firstCounter: 2 * index,
      bandLimit: shareOfNorm(policy.bandHigh, norm),
      hardLimit: shareOfNorm(policy.hardLimit, norm),
      stayLimit: Number.POSITIVE_INFINITY,
      heavyRise: [0, 0],
      candidates: [],
      byItem: new Int32Array(0),
    }
  })

  // Who may take which seat, before anything else is given in this round.
  const pairs: { theCase: ProblemCase; seats: { seat: Seat; allowed: number[] }[] }[] = []
  for (const theCase of cases) {
    if (refusedCases.has(theCase.id)) continue
    const seats = seatsOf(theCase)
      .filter(seat => !lockedSeats.has(`${seat} ${theCase.id}`))
      .map(seat => ({
        seat,
        allowed: roomWorkers.flatMap((one, index) => {
          const taken = held.get(one.worker.id) ?? []
          return broken(problem, theCase, seat, one.worker, taken).length === 0 ? [index] : []
        }),
      }))
    const people = new Set(seats.flatMap(one => one.allowed))
    if (seats.length === 0 || seats.some(one => one.allowed.length === 0) || people.size < seats.length)
      continue
    pairs.push({ theCase, seats })
  }

  const groupSizes = new Map<string, number>()
  for (const { theCase, seats } of pairs) {
    if (theCase.group !== null && seats[0]!.seat === 'primary') {
      groupSizes.set(theCase.group, (groupSizes.get(theCase.group) ?? 0) + 1)
    }
  }
  const groups = new Map<string, number>()
  for (const [group, size] of groupSizes) if (size > 1) groups.set(group, groups.size)

  const classes = ['emergency', 'high', 'normal']
  const items: Item[] = []
  const units: Unit[] = []
  for (const { theCase, seats } of pairs) {
    const points = new Map<number, number>()
    const rank = classes.indexOf(theCase.urgency)
    const heavy = isHeavy(policy, theCase)
    const counts = heavy ? [NEW_CASES, HEAVY_CASES] : [NEW_CASES]
    const unit: Unit = { case: theCase, items: [], rank }
    for (const { seat, allowed } of seats) {
      const item = items.length
      unit.items.push(item)
      items.push({
        case: theCase,
        seat,
        unit: units.length,
        group: seat === 'primary' && theCase.group !== null ? (groups.get(theCase.group) ?? -1) : -1,
        heavy,
        emergency: theCase.urgency === 'emergency',
        rank,
      })
      for (const index of allowed) {
        const one = roomWorkers[index]!
        if (!points.has(index)) points.set(index, totalUnits(contributions(problem, theCase, one.worker)))
        const hours = seatHours(policy, theCase, seat, one.worker)
        one.candidates.push({
          item,
          hours,
          points: points.get(index)!,
          leastRise: leastRise(one.curve, hours, one.baseHours, one.hardLimit - hours),
          counts,
          stays: false,
          shared: [],
        })
      }
    }
    units.push(unit)
  }
  for (const one of roomWorkers) one.byItem = indexByItem(one.candidates, items.length)
  return {
    problem,
    policy,
    items,
    units,
    classes,
    groupCount: groups.size,
    counterCount: 2 * roomWorkers.length,
    shared: [],
    workers: roomWorkers,
    locks,
  }
}

function indexByItem(candidates: readonly Candidate[], items: number): Int32Array {
  const index = new Int32Array(items).fill(-1)
  candidates.forEach((candidate, position) => {
    index[candidate.item] = position
  })
  return index
}

/** The same room in which nobody who gets a case ends above this load, in hundredths of a percent of the norm. */
export function withHighestLoad(room: Room, basisPoints: number): Room {
  const workers = room.workers.map(one => {
    const limit = Math.floor((basisPoints * one.norm) / 10000)
    const candidates = one.candidates.filter(candidate => one.baseHours + candidate.hours <= limit)
    return {
      ...one,
      bandLimit: Math.min(one.bandLimit, limit),
      hardLimit: Math.min(one.hardLimit, limit),
      stayLimit: Math.min(one.stayLimit, limit),
      candidates,
      byItem: indexByItem(candidates, room.items.length),
    }
  })
  return { ...room, workers }
}

function inSeededOrder<T extends { id: string }>(list: readonly T[], seed: number, kind: string): T[] {
  return list
    .map(one => ({ one, order: seededOrder(seed, kind + one.id) }))
    .sort((a, b) => a.order - b.order || compare(a.one.id, b.one.id))
    .map(({ one }) => one)
}

/** Order by code unit, the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
