import { compare, seededOrder } from '../problem/canonical.ts'
import { classesOf, classOf } from '../problem/classes.ts'
import {
  type Curve,
  curveCost,
  curveOf,
  hundredths,
  isHeavy,
  isOfKind,
  leastRise,
  mostHours,
  scaledCap,
  seatHours,
  seatsOf,
  shareOfNorm,
} from '../problem/load.ts'
import { meaningOf } from '../problem/meaning.ts'
import type {
  CaseClass,
  Lock,
  Policy,
  Problem,
  ProblemCase,
  ProblemWorker,
  Seat,
} from '../problem/problem.ts'
import { isUrgent } from '../problem/urgencies.ts'
import { heavyCost, pairCost } from '../rules/costs.ts'
import { pairUnits } from '../rules/criteria.ts'
import { Judge } from '../rules/judge.ts'
import { goesBefore, goingOf } from '../rules/leaving.ts'
import { type HeldLocks, judgeLocks } from '../rules/locks.ts'
import { holdsSeat, keepsTogether, lookup } from '../rules/lookup.ts'
import { isLearningCase } from '../rules/pair-rules.ts'
import { newCaseCaps } from '../rules/sum-rules.ts'
import { isRatherNot } from '../rules/wishes.ts'

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
  /** Index into `Instance.classes`. */
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
  /** Counters of its worker that it uses, each by one; indexes into `InstanceWorker.limits`. */
  counts: readonly number[]
  /** The worker holds this seat already. */
  stays: boolean
  /** Its worker leaves or goes away before the case is expected to end; see leaving.ts. */
  goes: boolean
  /** Rows over pairs of several workers that it uses, each by one; indexes into `Instance.shared`. */
  shared: readonly number[]
}

/** The counters that every worker has; a worker may have more. */
export const NEW_CASES = 0
export const HEAVY_CASES = 1

export interface InstanceWorker {
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
  /** People gave this worker a new seat, so the load counts for the highest load whatever else the round gives. */
  lockedNew: boolean
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
export interface Instance {
  problem: Problem
  policy: Policy
  items: Item[]
  units: Unit[]
  /** Classes of cases, placed strictly one before the next. */
  classes: CaseClass[]
  groupCount: number
  /** Counters of all workers together. */
  counterCount: number
  /** Rows over pairs of several workers: at most `limit` of the pairs that name the row. */
  shared: { limit: number }[]
  workers: InstanceWorker[]
  locks: HeldLocks
  /** Whether who only keeps something counts for the highest load: the first meaning. */
  countsStaying: boolean
}

/**
 * The rise of a worker's cost (units) with these hours in all (hundredths) and so many heavy cases of this round.
 * Any shape of load cost; `Candidate.leastRise` is what pricing may rely on.
 */
export function riseOf(worker: InstanceWorker, hours: number, heavy: number): number {
  const { heavyRise } = worker
  const last = heavyRise.length - 1
  const forHeavy =
    heavy <= last
      ? heavyRise[heavy]!
      : heavyRise[last]! + (heavy - last) * (heavyRise[last]! - heavyRise[last - 1]!)
  return curveCost(worker.curve, hours) - worker.baseCost + forHeavy
}

/** Most hours in all with this pair; a bundle keeps the lowest limit of its pairs. */
export function hoursLimit(worker: InstanceWorker, item: Item, candidate: Candidate): number {
  if (candidate.stays) return worker.stayLimit
  return item.emergency ? worker.hardLimit : worker.bandLimit
}

/** Makes the engines' view of a valid Problem. Cases and workers stand in the order of the seed, never of the input. */
export function buildInstance(problem: Problem): Instance {
  const { policy, seed } = problem
  const locks = judgeLocks(problem)
  const cases = inSeededOrder(problem.cases, seed, 'case ')
  const people = inSeededOrder(problem.workers, seed, 'worker ')
  const workers = buildWorkers(problem, people, locks.held)
  const judge = new Judge(problem, people, locks.held)

  // Who may take which seat, before anything else is given in this round.
  const lockedSeats = new Set(locks.held.map(lock => `${lock.seat} ${lock.caseId}`))
  const refusedCases = new Set(locks.refused.map(one => one.lock.caseId))
  const open: { theCase: ProblemCase; seats: { seat: Seat; allowed: number[] }[] }[] = []
  for (const theCase of cases) {
    if (refusedCases.has(theCase.id)) continue
    const seats = seatsOf(theCase)
      .filter(seat => !lockedSeats.has(`${seat} ${theCase.id}`))
      .map(seat => ({ seat, allowed: judge.allowed(theCase, seat) }))
    const enough =
      seats.every(one => one.allowed.length > 0) &&
      new Set(seats.flatMap(one => one.allowed)).size >= seats.length
    if (seats.length > 0 && enough) open.push({ theCase, seats })
  }

  const groupSizes = new Map<string, number>()
  const groupOf = (theCase: ProblemCase) =>
    theCase.group !== null && keepsTogether(problem, theCase) ? theCase.group : null
  for (const { theCase, seats } of open) {
    const group = groupOf(theCase)
    if (group !== null && seats[0]!.seat === 'primary')
      groupSizes.set(group, (groupSizes.get(group) ?? 0) + 1)
  }
  const groups = new Map<string, number>()
  for (const [group, size] of groupSizes) if (size > 1) groups.set(group, groups.size)

  const classes = classesOf(problem)
  const shared = new SharedRows(problem, people, locks.held)
  const going = people.map(one => goingOf(problem, one))
  const items: Item[] = []
  const units: Unit[] = []
  for (const { theCase, seats } of open) {
    const rank = classes.indexOf(classOf(policy, theCase))
    const heavy = isHeavy(policy, theCase)
    const counted = countersOf(problem, theCase, heavy)
    const unit: Unit = { case: theCase, items: [], rank }
    for (const { seat, allowed } of seats) {
      const item = items.length
      const group = seat === 'primary' ? groupOf(theCase) : null
      unit.items.push(item)
      items.push({
        case: theCase,
        seat,
        unit: units.length,
        group: group === null ? -1 : (groups.get(group) ?? -1),
        heavy,
        emergency: isUrgent(theCase),
        rank,
      })
      for (const index of allowed) {
        const one = workers[index]!
        const stays = holdsSeat(theCase, seat, one.worker.id)
        const { change, move } = pairCost(problem, theCase, seat, one.worker)
        one.candidates.push({
          item,
          hours: seatHours(policy, theCase, seat, one.worker),
          points: pairUnits(problem, theCase, one.worker, seat) - change - move,
          leastRise: 0,
          counts: stays ? NONE : counted(one.worker),
          stays,
          goes: goesBefore(problem, theCase, seat, one.worker, going[index]!) !== null,
          shared: stays ? NONE : shared.rowsOf(theCase, index),
        })
      }
    }
    units.push(unit)
  }
  for (const one of workers) {
    one.byItem = indexByItem(one.candidates, items.length)
    setLeastRises(one, items)
  }
  return {
    problem,
    policy,
    items,
    units,
    classes,
    groupCount: groups.size,
    counterCount: workers.reduce((sum, one) => sum + one.limits.length, 0),
    shared: shared.rows,
    workers,
    locks,
    countsStaying: meaningOf(problem) === 1,
  }
}

const NONE: readonly number[] = []

/** The workers without candidates: their hours and costs with the held locks, and what is left of every cap. */
function buildWorkers(
  problem: Problem,
  people: readonly ProblemWorker[],
  locks: readonly Lock[],
): InstanceWorker[] {
  const { policy } = problem
  const { cases, held } = lookup(problem)
  const byWorker = new Map<string, Lock[]>()
  for (const lock of locks) {
    const list = byWorker.get(lock.workerId)
    if (list) list.push(lock)
    else byWorker.set(lock.workerId, [lock])
  }
  let firstCounter = 0
  return people.map((worker): InstanceWorker => {
    const norm = hundredths(worker.normHours)
    const curve = curveOf(policy, norm)
    let baseHours = hundredths(worker.hoursInUse)
    let heavyLocks = 0
    const fresh: ProblemCase[] = []
    for (const lock of byWorker.get(worker.id) ?? []) {
      const theCase = cases.get(lock.caseId)!
      baseHours += seatHours(policy, theCase, lock.seat, worker)
      if (isHeavy(policy, theCase)) heavyLocks++
      if (!holdsSeat(theCase, lock.seat, worker.id)) fresh.push(theCase)
    }
    const own = (held.get(worker.id) ?? []).map(one => one.case)
    const left = (most: number, used: number, counts: (one: ProblemCase) => boolean) =>
      Math.max(
        0,
        scaledCap(most, worker.contractHours, policy.fullTimeHours) -
          used -
          own.filter(counts).length -
          fresh.filter(counts).length,
      )
    const limits = [
      Math.max(
        0,
        Math.min(...Object.values(newCaseCaps(problem, worker)).map(({ cap, used }) => cap - used)) -
          fresh.length,
      ),
      left(policy.heavyCases, worker.heavyCases, one => isHeavy(policy, one)),
      ...(policy.kindCaps ?? []).map(kind =>
        left(
          kind.most,
          worker.kinds?.find(one => one.kind === kind.kind && one.code === kind.code)?.count ?? 0,
          one => isOfKind(one, kind),
        ),
      ),
      ...(policy.ratherNotPerRound === undefined
        ? []
        : [
            Math.max(
              0,
              policy.ratherNotPerRound - fresh.filter(one => isRatherNot(problem, one, worker)).length,
            ),
          ]),
    ]
    const baseHeavy = worker.heavyCases + heavyLocks
    const most = mostHours(policy, worker)
    const last = Math.max(0, ...(policy.heavyCost ?? []).map(step => step.from)) + 1
    const heavyBefore = heavyCost(policy, worker, baseHeavy)
    firstCounter += limits.length
    return {
      worker,
      norm,
      baseHours,
      baseCost: curveCost(curve, baseHours),
      curve,
      limits,
      firstCounter: firstCounter - limits.length,
      // What was decided for later can leave less room than the band of the start date.
      bandLimit: Math.min(shareOfNorm(policy.bandHigh, norm), most),
      hardLimit: most,
      lockedNew: meaningOf(problem) === 2 && fresh.length > 0,
      stayLimit: Number.POSITIVE_INFINITY,
      heavyRise: Array.from(
        { length: last + 1 },
        (_, more) => heavyCost(policy, worker, baseHeavy + more) - heavyBefore,
      ),
      candidates: [],
      byItem: new Int32Array(0),
    }
  })
}

/** The counters that a case uses, by whether its worker would rather not have it. The order is that of the limits. */
function countersOf(
  problem: Problem,
  theCase: ProblemCase,
  heavy: boolean,
): (worker: ProblemWorker) => readonly number[] {
  const { policy } = problem
  const kinds = policy.kindCaps ?? []
  const plain = [
    NEW_CASES,
    ...(heavy ? [HEAVY_CASES] : []),
    ...kinds.flatMap((kind, index) => (isOfKind(theCase, kind) ? [HEAVY_CASES + 1 + index] : [])),
  ]
  if (policy.ratherNotPerRound === undefined) return () => plain
  const withRatherNot = [...plain, HEAVY_CASES + 1 + kinds.length]
  return worker => (isRatherNot(problem, theCase, worker) ? withRatherNot : plain)
}

/** One row per mentor: the learning cases of this round that the mentor has room for. */
class SharedRows {
  readonly rows: { limit: number }[] = []
  private readonly rowOf = new Map<string, readonly number[]>()
  private readonly problem: Problem
  private readonly people: readonly ProblemWorker[]

  constructor(problem: Problem, people: readonly ProblemWorker[], locks: readonly Lock[]) {
    this.problem = problem
    this.people = people
    if (!problem.policy.learningNeedsMentor) return
    const { cases, workers } = lookup(problem)
    const left = new Map<string, number>()
    for (const one of people) {
      if (one.mentor) left.set(one.mentor, workers.get(one.mentor)?.mentorRoom ?? 0)
    }
    for (const lock of locks) {
      const learner = workers.get(lock.workerId)!
      const theCase = cases.get(lock.caseId)!
      if (!learner.mentor || holdsSeat(theCase, lock.seat, learner.id)) continue
      if (isLearningCase(problem, theCase, learner)) left.set(learner.mentor, left.get(learner.mentor)! - 1)
    }
    for (const [id, limit] of left) {
      this.rowOf.set(id, [this.rows.length])
      this.rows.push({ limit: Math.max(0, limit) })
    }
  }

  rowsOf(theCase: ProblemCase, worker: number): readonly number[] {
    const one = this.people[worker]!
    const rows = one.mentor ? this.rowOf.get(one.mentor) : undefined
    return rows && isLearningCase(this.problem, theCase, one) ? rows : NONE
  }
}

/** Fills in the least rises: over every load that the worker can have when the candidate comes on top. */
function setLeastRises(one: InstanceWorker, items: readonly Item[]): void {
  const staying = one.candidates.reduce((sum, candidate) => sum + (candidate.stays ? candidate.hours : 0), 0)
  const most = Math.max(one.hardLimit, one.baseHours + staying)
  const firstHeavy = one.heavyRise[1]!
  for (const candidate of one.candidates) {
    const { hours, item } = candidate
    candidate.leastRise =
      leastRise(one.curve, hours, one.baseHours, most - hours) + (items[item]!.heavy ? firstHeavy : 0)
  }
}

function indexByItem(candidates: readonly Candidate[], items: number): Int32Array {
  const index = new Int32Array(items).fill(-1)
  candidates.forEach((candidate, position) => {
    index[candidate.item] = position
  })
  return index
}

/** The same instance in which nobody who gets a case ends above this load, in hundredths of a percent of the norm. */
export function withHighestLoad(instance: Instance, basisPoints: number): Instance {
  const workers = instance.workers.map(one => {
    if (one.norm === 0) return one
    const limit = Math.floor((basisPoints * one.norm) / 10000)
    const staysCount = instance.countsStaying || one.lockedNew
    const candidates = one.candidates.filter(
      candidate => (candidate.stays && !staysCount) || one.baseHours + candidate.hours <= limit,
    )
    return {
      ...one,
      bandLimit: Math.min(one.bandLimit, limit),
      hardLimit: Math.min(one.hardLimit, limit),
      stayLimit: staysCount ? Math.min(one.stayLimit, limit) : one.stayLimit,
      candidates,
      byItem: indexByItem(candidates, instance.items.length),
    }
  })
  return { ...instance, workers }
}

/** The same instance in which at most so many seats go to people who leave or go away: a row over their pairs, or none of those. */
export function withLeavers(instance: Instance, most: number): Instance {
  if (instance.workers.every(one => one.candidates.every(({ goes }) => !goes))) return instance
  if (most === 0)
    return onlyPairs(instance, (worker, item) => {
      const { byItem, candidates } = instance.workers[worker]!
      return !candidates[byItem[item]!]!.goes
    })
  const row = instance.shared.length
  const workers = instance.workers.map(one => ({
    ...one,
    candidates: one.candidates.map(candidate =>
      candidate.goes ? { ...candidate, shared: [...candidate.shared, row] } : candidate,
    ),
  }))
  return { ...instance, workers, shared: [...instance.shared, { limit: most }] }
}

/** The same instance with the candidates of these units alone; the others cannot be placed in it. */
export function onlyUnits(instance: Instance, inside: readonly boolean[]): Instance {
  return onlyPairs(instance, (_, item) => inside[instance.items[item]!.unit]!)
}

/** The same instance with some of its candidates alone. */
export function onlyPairs(instance: Instance, keep: (worker: number, item: number) => boolean): Instance {
  const workers = instance.workers.map((one, index) => {
    const candidates = one.candidates.filter(({ item }) => keep(index, item))
    return { ...one, candidates, byItem: indexByItem(candidates, instance.items.length) }
  })
  return { ...instance, workers }
}

function inSeededOrder<T extends { id: string }>(list: readonly T[], seed: number, kind: string): T[] {
  return list
    .map(one => ({ one, order: seededOrder(seed, kind + one.id) }))
    .sort((a, b) => a.order - b.order || compare(a.one.id, b.one.id))
    .map(({ one }) => one)
}
