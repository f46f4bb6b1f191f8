import { hundredths, mostHours, seatHours } from '../problem/load.ts'
import type { Lock, Problem, ProblemCase, ProblemWorker, RuleCode, Seat } from '../problem/problem.ts'
import { broken } from './broken.ts'
import { competenceLevel, type TakenSeat } from './lookup.ts'
import { requires } from './pair-rules.ts'
import type { RuleContext } from './rule-context.ts'
import { rules } from './rules.ts'

/** A set of workers by index, 32 to a word. */
type WorkerSet = Uint32Array

/**
 * Who may take which free seat when this round gives nothing but the locks that hold.
 *
 * The rules are those of rules.ts. So that millions of pairs can be asked, each is asked as seldom as it can be: a rule about a
 * worker once per worker, a rule about a case once per case, and a required competence once per worker and level.
 */
export class Judge {
  private readonly problem: Problem
  private readonly workers: readonly ProblemWorker[]
  /** What each worker has for sure, and what counts against the same mentor. */
  private readonly others: TakenSeat[][]
  private readonly indexOf: Map<string, number>
  /** By worker: hours after which nothing more fits, in hundredths. */
  private readonly roomLeft: Float64Array
  private readonly bySeat = new Map<Seat, { free: WorkerSet; first: Int32Array }>()
  private readonly able = new Map<string, WorkerSet>()

  constructor(problem: Problem, workers: readonly ProblemWorker[], held: readonly Lock[]) {
    this.problem = problem
    this.workers = workers
    this.indexOf = new Map(workers.map((one, index) => [one.id, index]))
    const own = groupBy(held, lock => lock.workerId)
    const guided = groupBy(held, lock => workers[this.indexOf.get(lock.workerId)!]!.mentor ?? '')
    this.others = workers.map(one => {
      const mine = own.get(one.id) ?? []
      const fellows = one.mentor ? (guided.get(one.mentor) ?? []) : []
      return fellows.length === 0 ? mine : [...mine, ...fellows.filter(lock => lock.workerId !== one.id)]
    })
    const cases = new Map(problem.cases.map(one => [one.id, one]))
    this.roomLeft = Float64Array.from(workers, one => {
      const hours = (own.get(one.id) ?? []).reduce(
        (sum, lock) => sum + seatHours(problem.policy, cases.get(lock.caseId)!, lock.seat, one),
        hundredths(one.hoursInUse),
      )
      return mostHours(problem.policy, one) - hours
    })
  }

  /** Indexes of the workers who may take this seat, in their order. */
  allowed(theCase: ProblemCase, seat: Seat): number[] {
    const found: number[] = []
    const holder = this.indexOf.get(theCase.current?.[seat] ?? '')
    if (holder !== undefined && this.breaches(theCase, seat, holder).length === 0) found.push(holder)
    const context = this.context(theCase, seat, 0)
    if (rules.some(rule => rule.of === 'case' && rule.test(context))) return found
    const hours = hundredths(seat === 'primary' ? theCase.hours.primary : (theCase.hours.second ?? 0))
    const set = this.candidates(theCase, seat)
    for (let word = 0; word < set.length; word++) {
      for (let rest = set[word]!; rest !== 0; rest &= rest - 1) {
        const worker = word * 32 + 31 - Math.clz32(rest & -rest)
        if (worker === holder || hours > this.roomLeft[worker]!) continue
        context.worker = this.workers[worker]!
        context.others = this.others[worker]!
        if (pairRules.every(rule => rule.test(context) === null)) found.push(worker)
      }
    }
    return found.sort((a, b) => a - b)
  }

  /** How many workers each rule keeps from this seat first; under 'neededElsewhere' those whom no rule does. */
  countFirst(theCase: ProblemCase, seat: Seat): Map<RuleCode, number> {
    const counts = new Map<RuleCode, number>()
    const { first } = this.forSeat(seat)
    const able = this.withNeeds(new Uint32Array(Math.ceil(first.length / 32)).fill(0xffffffff), theCase, seat)
    const context = this.context(theCase, seat, 0)
    const caseRule = rules.findIndex(rule => rule.of === 'case' && rule.test(context) !== null)
    for (let worker = 0; worker < this.workers.length; worker++) {
      const one = this.workers[worker]!
      let code: RuleCode | undefined
      if (theCase.current?.[seat] === one.id) code = this.breaches(theCase, seat, worker)[0]?.rule
      else {
        // The first breach that is known without asking; only rules about pairs that come before it are still open.
        const lacks = (able[worker >> 5]! & (1 << (worker & 31))) === 0
        let until = rules.length
        for (const index of [first[worker]!, caseRule, lacks ? competenceRule : -1]) {
          if (index >= 0 && index < until) until = index
        }
        context.worker = one
        context.others = this.others[worker]!
        const earlier = pairRules.find(
          (rule, index) => pairPlaces[index]! >= until || rule.test(context) !== null,
        )
        code = earlier && places.get(earlier.code)! < until ? earlier.code : rules[until]?.code
      }
      counts.set(code ?? 'neededElsewhere', (counts.get(code ?? 'neededElsewhere') ?? 0) + 1)
    }
    return counts
  }

  private breaches(theCase: ProblemCase, seat: Seat, worker: number) {
    return broken(this.problem, theCase, seat, this.workers[worker]!, this.others[worker]!)
  }

  private context(theCase: ProblemCase, seat: Seat, worker: number): RuleContext {
    const { problem, workers, others } = this
    return {
      problem,
      case: theCase,
      seat,
      worker: workers[worker]!,
      others: others[worker]!,
      lock: undefined,
      stays: false,
    }
  }

  /** Workers whom no rule about workers stops, with every competence that the seat requires. */
  private candidates(theCase: ProblemCase, seat: Seat): WorkerSet {
    return this.withNeeds(this.forSeat(seat).free.slice(), theCase, seat)
  }

  private withNeeds(set: WorkerSet, theCase: ProblemCase, seat: Seat): WorkerSet {
    for (const need of theCase.competences) {
      if (!requires(need, seat)) continue
      const able = this.withLevel(need.competence, need.level)
      for (let word = 0; word < set.length; word++) set[word]! &= able[word]!
    }
    return set
  }

  private withLevel(code: string, level: number): WorkerSet {
    const key = `${level} ${code}`
    let set = this.able.get(key)
    if (!set) {
      set = new Uint32Array(Math.ceil(this.workers.length / 32))
      this.workers.forEach((worker, index) => {
        if (competenceLevel(this.problem, worker, code) >= level) set![index >> 5]! |= 1 << (index & 31)
      })
      this.able.set(key, set)
    }
    return set
  }

  /** Per worker the first broken rule about workers, as an index into `rules` (-1: none), and who breaks none. */
  private forSeat(seat: Seat): { free: WorkerSet; first: Int32Array } {
    let known = this.bySeat.get(seat)
    if (!known) {
      const first = new Int32Array(this.workers.length).fill(-1)
      const free = new Uint32Array(Math.ceil(this.workers.length / 32))
      // Rules about workers do not look at the case; this one is none of the round's.
      const noCase = { ...this.problem.cases[0]!, id: '' }
      this.workers.forEach((_, index) => {
        const context = this.context(noCase, seat, index)
        first[index] = rules.findIndex(rule => rule.of === 'worker' && rule.test(context) !== null)
        if (first[index] === -1) free[index >> 5]! |= 1 << (index & 31)
      })
      known = { free, first }
      this.bySeat.set(seat, known)
    }
    return known
  }
}

/** What is left to ask about a pair; the competences are asked by level. */
const pairRules = rules.filter(rule => rule.of === 'pair' && rule.code !== 'competence')
const places = new Map(rules.map((rule, index) => [rule.code, index]))
const pairPlaces = pairRules.map(rule => places.get(rule.code)!)
const competenceRule = places.get('competence')!

function groupBy(locks: readonly Lock[], key: (lock: Lock) => string): Map<string, TakenSeat[]> {
  const groups = new Map<string, TakenSeat[]>()
  for (const lock of locks) {
    const list = groups.get(key(lock))
    if (list) list.push(lock)
    else groups.set(key(lock), [lock])
  }
  return groups
}
