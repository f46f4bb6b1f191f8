import type { Problem } from '../../solver/problem/problem.ts'
import { randomProblem, randomSource } from './problems.ts'

/** A team whose cases all have a holder already; moving one costs points. */
export function reallocation(seed: number, cases: number, workers: number, rules = 0): Problem {
  const problem = randomProblem(seed, { cases, workers, rules })
  const next = randomSource(seed)
  const norm = problem.workers.reduce((sum, one) => sum + Math.max(12, one.normHours), 0)
  const hours = problem.cases.reduce((sum, one) => sum + one.hours.primary, 0)
  return {
    ...problem,
    policy: { ...problem.policy, lowestMaximumFirst: false, newPerWeek: 3, moveCost: 8 },
    locks: [],
    exclusions: [],
    waiting: [],
    workers: problem.workers.map(one => ({
      ...one,
      normHours: Math.max(12, one.normHours),
      hoursInUse: 0,
      heavyCases: 0,
      newThisWeek: 0,
    })),
    cases: problem.cases.map(({ hours: own, taken: _, ...one }) => ({
      ...one,
      duo: false,
      threat: false,
      hours: { primary: Math.max(0.25, Math.round((own.primary * norm * 3.2) / hours) / 4) },
      current: { primary: problem.workers[Math.floor(next() * workers)]!.id },
      movable: next() < 0.9,
    })),
  }
}

/**
 * The same with new cases among them (every third, some for two people) in a team that has too little room: not everything
 * can be placed, and making room means moving what is there.
 */
export function overloaded(seed: number, cases: number, workers: number, rules = 0): Problem {
  const problem = reallocation(seed, cases, workers, rules)
  return {
    ...problem,
    policy: { ...problem.policy, newPerWeek: 6 },
    workers: problem.workers.map(one => ({ ...one, normHours: Math.round(one.normHours * 0.8) })),
    cases: problem.cases.map(({ current, ...one }, index) => {
      if (index % 3 !== 0) return { ...one, current, urgency: 'normal' }
      const { primary } = one.hours
      return index % 9 === 0
        ? { ...one, movable: false, duo: true, hours: { primary, second: 1 } }
        : { ...one, movable: false }
    }),
  }
}
