import type { Lock, Policy, Problem, ProblemCase, ProblemWorker } from '../../solver/problem/problem.ts'

/** A small, fast generator of numbers: the same seed gives the same problem on every machine (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    bandLow: 0.9,
    bandHigh: 1.1,
    hardLimit: 1.2,
    heavyFromHours: 5,
    newPerWeek: 2,
    heavyCases: 3,
    fullTimeHours: 36,
    travel: { overMinutes: 30, hours: 0.3 },
    criteria: { competence: 25, preference: 20, continuity: 20, travel: 15, heavySpread: 10, learning: 10 },
    loadCost: [
      { from: 0, pointsPerHour: 1 },
      { from: 0.8, pointsPerHour: 4 },
      { from: 0.9, pointsPerHour: 8 },
      { from: 1, pointsPerHour: 16 },
      { from: 1.1, pointsPerHour: 40 },
    ],
    lowestMaximumFirst: false,
    ...changes,
  }
}

export function aCase(id: string, changes: Partial<ProblemCase> = {}): ProblemCase {
  return {
    id,
    urgency: 'normal',
    waitingDays: 10,
    hours: { primary: 3 },
    children: 1,
    measures: ['ots'],
    phase: 'begin',
    factors: [],
    threat: false,
    duo: false,
    municipality: 'Enschede',
    competences: [],
    formerWorkers: [],
    excludedWorkers: [],
    group: null,
    familyWorker: null,
    ...changes,
  }
}

export function aWorker(id: string, changes: Partial<ProblemWorker> = {}): ProblemWorker {
  return {
    id,
    contractHours: 36,
    normHours: 25,
    hoursInUse: 18,
    heavyCases: 0,
    newThisWeek: 0,
    registration: { status: 'registered', from: '2020-01-01', until: null },
    employedFrom: '2020-01-01',
    employedUntil: null,
    away: [],
    competences: [],
    preferences: [],
    travelMinutes: { Enschede: 15 },
    ...changes,
  }
}

export function aProblem(changes: Partial<Problem> = {}): Problem {
  return {
    format: 1,
    seed: 1,
    startOn: '2026-12-01',
    policy: aPolicy(),
    cases: [aCase('Z1')],
    workers: [aWorker('M1')],
    locks: [],
    exclusions: [],
    waiting: [],
    ...changes,
  }
}

const municipalities = ['Enschede', 'Hengelo', 'Almelo', 'Borne', 'Losser']
const measures = ['ots', 'vots', 'voogdij', 'jr']
const factors = ['complexDivorce', 'threat', 'lvb']
const competences = ['divorce', 'lvb', 'jr']

/**
 * A random problem in which every kind of rule occurs; `tight` leaves little room, so that cases stay unplaced; `rules` scales
 * how often rules occur, and `extras` how often those do that a policy may leave out (1 as a rule, 0 for none).
 */
export function randomProblem(
  seed: number,
  size: { cases: number; workers: number; tight?: boolean; rules?: number; extras?: number },
): Problem {
  const next = randomSource(seed)
  const chance = (p: number) => next() < p * (size.rules ?? 1)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const some = <T>(list: readonly T[], p: number) => list.filter(() => next() < p)
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const quarter = (low: number, high: number) => Math.round((low + next() * (high - low)) * 4) / 4

  const workers = Array.from({ length: size.workers }, (_, index): ProblemWorker => {
    const contractHours = pick([18, 24, 28, 32, 36])
    const normHours = chance(0.03) ? 0 : Math.round(contractHours * 0.7 * 100) / 100
    const share = size.tight ? 0.85 + next() * 0.3 : 0.6 + next() * 0.4
    return aWorker(`M${String(index + 1).padStart(3, '0')}`, {
      contractHours,
      normHours,
      hoursInUse: Math.round(normHours * share * 4) / 4,
      heavyCases: between(0, 3),
      newThisWeek: chance(0.3) ? 1 : 0,
      registration: chance(0.08)
        ? { status: 'in_training', from: null, until: null }
        : { status: 'registered', from: '2020-01-01', until: chance(0.05) ? '2026-11-30' : null },
      away: chance(0.06) ? [{ from: '2026-11-20', until: chance(0.5) ? null : '2026-12-05' }] : [],
      employedUntil: chance(0.03) ? '2026-11-30' : null,
      competences: some(competences, 0.6).map(competence => ({
        competence,
        level: between(1, 4),
        expiresOn: chance(0.1) ? '2026-10-01' : null,
      })),
      preferences: [
        ...some(measures, 0.25).map(code => ({
          kind: 'measure' as const,
          code,
          value: pick(['rather', 'rather_not', 'learn', 'neutral'] as const),
        })),
        ...(chance(0.2)
          ? [{ kind: 'heavy' as const, code: 'heavy', value: pick(['rather', 'rather_not'] as const) }]
          : []),
      ],
      travelMinutes: Object.fromEntries(some(municipalities, 0.9).map(name => [name, between(5, 60)])),
    })
  })
  const cases = Array.from({ length: size.cases }, (_, index): ProblemCase => {
    const threat = chance(0.06)
    const duo = threat || chance(0.08)
    const primary = quarter(1.5, 7)
    return aCase(`Z${String(index + 1).padStart(3, '0')}`, {
      urgency: chance(0.2) ? 'emergency' : chance(0.3) ? 'high' : 'normal',
      waitingDays: between(0, 60),
      hours: duo ? { primary, second: quarter(1, 3) } : { primary },
      children: between(1, 4),
      measures: [pick(measures)],
      factors: some(factors, 0.3),
      threat,
      duo,
      municipality: chance(0.05) ? null : pick(municipalities),
      competences: some(competences, 0.25).map(competence => ({
        competence,
        level: between(1, 3),
        need: chance(0.4) ? ('required' as const) : ('wanted' as const),
      })),
      formerWorkers: chance(0.2) ? [pick(workers).id] : [],
      excludedWorkers: chance(0.15) ? [pick(workers).id] : [],
      group: chance(0.2) ? pick(['G1', 'G2', 'G3']) : null,
      familyWorker: chance(0.06) ? pick(workers).id : null,
    })
  })
  const locks: Lock[] = []
  for (const one of cases) {
    if (!chance(0.1)) continue
    locks.push({
      caseId: one.id,
      seat: one.duo && chance(0.5) ? 'second' : 'primary',
      workerId: pick(workers).id,
      unregisteredException: chance(0.3),
      aboveLimit: chance(0.2),
      setAside: some(['newPerWeek', 'heavyCases', 'together', 'teamExclusion'], 0.3),
    })
  }
  const locked = new Set(locks.map(lock => lock.caseId))
  const plain = aProblem({
    seed: between(0, 1000),
    policy: aPolicy({ lowestMaximumFirst: next() < 0.15 }),
    cases,
    workers,
    locks,
    exclusions: cases.filter(() => chance(0.1)).map(one => ({ caseId: one.id, workerId: pick(workers).id })),
    waiting: cases.filter(one => !locked.has(one.id) && chance(0.05)).map(one => one.id),
  })
  return withExtras(plain, seed, size.extras ?? size.rules ?? 1)
}

/**
 * The same problem with what a policy may leave out, each kind in about one of four problems: caps per month, per open case and
 * per kind, wish budgets and wishes in turn, mentors, duo seats of their own, exclusions that end, earlier answers, existing
 * cases that may move, prices of heavy cases, overdue cases, load cost that gets cheaper. Drawn from a source of its own.
 */
function withExtras(problem: Problem, seed: number, rate: number): Problem {
  const next = randomSource(seed ^ 0x5bd1e995)
  const chance = (p: number) => next() < p * rate
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const some = <T>(list: readonly T[], p: number) => list.filter(() => next() < p)
  const { cases, workers, policy } = problem
  const id = () => pick(workers).id

  if (chance(0.25)) {
    policy.newPerMonth = between(1, 4)
    for (const one of some(workers, 0.9)) one.newThisMonth = one.newThisWeek + between(0, 2)
  }
  if (chance(0.25)) {
    policy.openPerNew = between(2, 6)
    for (const one of some(workers, 0.9)) one.openCases = between(0, 12)
  }
  if (chance(0.25)) {
    policy.kindCaps = [
      { kind: 'measure', code: pick(measures), most: between(1, 3) },
      ...(chance(0.5) ? [{ kind: 'factor' as const, code: pick(factors), most: between(1, 3) }] : []),
    ]
    for (const one of some(workers, 0.6))
      one.kinds = policy.kindCaps
        .map(kind => ({ ...kind, count: between(0, 2) }))
        .map(({ kind, code, count }) => ({ kind, code, count }))
  }
  if (chance(0.25)) policy.ratherNotPerRound = between(0, 1)
  if (chance(0.15)) policy.wishBudget = 20
  if (chance(0.25)) {
    policy.learningNeedsMentor = true
    for (const one of workers) {
      const mentor = id()
      if (mentor !== one.id && chance(0.8)) one.mentor = mentor
      if (chance(0.7)) one.mentorRoom = between(0, 2)
      if (chance(0.4))
        one.preferences = [
          ...one.preferences.filter(wish => wish.code !== 'ots'),
          { kind: 'measure', code: 'ots', value: 'learn' },
        ]
    }
  }
  if (chance(0.25)) {
    policy.secondSeatRegistered = false
    for (const one of cases)
      for (const need of one.competences) if (chance(0.5)) need.seat = pick(['primary', 'second'] as const)
  }
  for (const one of problem.exclusions) if (chance(0.3)) one.until = pick(['2026-11-30', '2026-12-01', null])
  if (chance(0.25)) {
    policy.criteria.fewestPeople = 12
    for (const one of cases) if (chance(0.5)) one.workersInvolved = [...new Set([id(), id()])]
  }
  if (chance(0.25)) {
    policy.criteria.wishTurn = 15
    for (const one of some(workers, 0.8)) {
      const asked = between(0, 8)
      one.wishes = { asked, granted: between(0, asked) }
    }
  }
  if (chance(0.25)) {
    const lines = some(cases, 0.7).flatMap(one =>
      (one.duo ? (['primary', 'second'] as const) : (['primary'] as const)).map(seat => ({
        caseId: one.id,
        seat,
        workerId: id(),
      })),
    )
    problem.earlier = { changeCost: between(0, 12), lines }
  }
  if (chance(0.25))
    policy.heavyCost = [
      { from: between(0, 1), points: between(1, 5) },
      { from: between(2, 3), points: between(5, 20) },
    ]
  if (chance(0.25)) policy.overdueAfterDays = between(5, 50)
  if (chance(0.2))
    policy.loadCost = [0, 0.8, 0.95, 1.1].map(from => ({ from, pointsPerHour: between(0, 30) }))
  if (chance(0.25)) withCurrent(problem, next, rate)
  withAhead(problem, randomSource(seed ^ 0x27d4eb2f), rate)
  if (chance(0.5)) problem.meaning = 2
  if (chance(0.3)) withLeaving(problem, next)
  if (chance(0.5)) policy.evenLoads = true
  withTaken(problem, randomSource(seed ^ 0x165667b1), rate)
  return problem
}

/** Of some duos somebody has one seat already: one of the workers, or somebody who does not take part. */
function withTaken(problem: Problem, next: () => number, rate: number): void {
  if (next() >= 0.4 * rate) return
  for (const one of problem.cases) {
    if (!one.duo || one.current || next() >= 0.6) continue
    const worker = problem.workers[Math.floor(next() * (problem.workers.length + 1))]
    one.taken = { seat: next() < 0.7 ? 'primary' : 'second', workerId: worker?.id ?? 'elsewhere' }
  }
  const taken = new Map(problem.cases.map(one => [one.id, one.taken?.seat]))
  problem.locks = problem.locks.filter(lock => taken.get(lock.caseId) !== lock.seat)
}

/** To some of the workers something was decided for later: more or fewer hours than now, by the norm of that day. */
function withAhead({ workers }: Problem, next: () => number, rate: number): void {
  if (next() >= 0.25 * rate) return
  for (const one of workers) {
    if (one.normHours === 0 || next() >= 0.5) continue
    const hours = (share: number) => Math.round(share * one.normHours * 100) / 100
    one.ahead = ['2026-12-08', '2027-01-05'].slice(next() < 0.5 ? 1 : 0).map(on => ({
      on,
      hours: hours(0.7 + next() * 0.6),
      normHours: next() < 0.3 ? hours(0.9) : one.normHours,
      ...(next() < 0.2 && { hardLimit: 1.25 }),
    }))
  }
}

/** Some of the cases are with somebody already; their hours then do not count as in use. */
function withCurrent(problem: Problem, next: () => number, rate: number): void {
  const { cases, workers, policy } = problem
  const chance = (p: number) => next() < p * rate
  policy.moveCost = Math.floor(next() * 15)
  for (const one of cases) {
    if (!chance(0.5) || (one.duo && workers.length < 2)) continue
    const first = Math.floor(next() * workers.length)
    const other = (first + 1 + Math.floor(next() * (workers.length - 1))) % workers.length
    one.current = { primary: workers[first]!.id, ...(one.duo ? { second: workers[other]!.id } : {}) }
    if (chance(0.8)) one.movable = true
    for (const [index, hours] of [
      [first, one.hours.primary],
      ...(one.duo ? [[other, one.hours.second ?? 0]] : []),
    ] as const) {
      const holder = workers[index!]!
      holder.hoursInUse = Math.max(0, Math.round((holder.hoursInUse - hours!) * 100) / 100)
    }
  }
  const held = new Set(cases.filter(one => one.current).map(one => one.id))
  problem.waiting = problem.waiting.filter(id => !held.has(id))
}

/** Some leave or go away soon, and some cases end before that. */
function withLeaving({ policy, cases, workers }: Problem, next: () => number): void {
  const day = () => `2026-12-${String(1 + Math.floor(next() * 30)).padStart(2, '0')}`
  policy.leaving = { withinDays: 5 + Math.floor(next() * 20), awayFromDays: 10, fewest: true }
  for (const one of workers) {
    const what = next()
    if (what < 0.3) one.employedUntil = day()
    else if (what < 0.5) {
      const from = day()
      one.away.push({ from, until: next() < 0.5 ? null : `2027-01-${from.slice(8)}` })
    }
  }
  for (const one of cases) if (next() < 0.4) one.expectedUntil = day()
}
