import type { Lock, Policy, Problem, ProblemCase, ProblemWorker } from '../../solver/problem.ts'

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

/** A random problem in which every kind of rule occurs; `tight` leaves little room, so that cases stay unplaced. */
export function randomProblem(
  seed: number,
  size: { cases: number; workers: number; tight?: boolean; rules?: number },
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
  return aProblem({
    seed: between(0, 1000),
    policy: aPolicy({ lowestMaximumFirst: next() < 0.15 }),
    cases,
    workers,
    locks,
    exclusions: cases.filter(() => chance(0.1)).map(one => ({ caseId: one.id, workerId: pick(workers).id })),
    waiting: cases.filter(one => !locked.has(one.id) && chance(0.05)).map(one => one.id),
  })
}
