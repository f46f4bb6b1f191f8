import type { Problem, ProblemCase, ProblemWorker } from '../../solver/problem/problem.ts'
import { aCase, aPolicy, aProblem, aWorker, randomSource } from './problems.ts'

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/**
 * A week in which far more comes in than there is room for: one in four an emergency, caps of one to four new cases, and
 * competences that a few people have. Half of the rounds find people near the top of the band, so that only some of them
 * can take anything but an emergency.
 */
export function crisisRound(cases: number, workers: number, seed: number): Problem {
  const next = randomSource(seed * 7919 + cases)
  const below = (count: number) => Math.floor(next() * count)
  const between = (least: number, most: number) => Math.round((least + next() * (most - least)) * 10) / 10
  const full = seed % 2 === 0
  const towns = ['Almelo', 'Borne', 'Enschede', 'Hengelo']
  const measures = ['ots', 'vots', 'jr']
  const scarce = ['infant', 'threat']
  const people = many(
    workers,
    (w): ProblemWorker =>
      aWorker(`M${w}`, {
        contractHours: next() < 0.7 ? 36 : 28,
        normHours: 25,
        hoursInUse: full ? between(20, 26) : between(10, 24),
        competences: scarce.flatMap(competence =>
          next() < 0.25 ? [{ competence, level: 2, expiresOn: null }] : [],
        ),
        preferences: [
          { kind: 'measure', code: measures[below(3)]!, value: next() < 0.5 ? 'rather' : 'rather_not' },
        ],
        travelMinutes: Object.fromEntries(towns.map(town => [town, below(70)])),
      }),
  )
  const waiting = many(cases, (k): ProblemCase => {
    const need = next() < 0.2 ? [scarce[below(2)]!] : []
    return aCase(`Z${k}`, {
      urgency: k % 4 === 0 ? 'emergency' : k % 4 === 1 ? 'high' : 'normal',
      waitingDays: below(60),
      hours: { primary: between(1, 6) },
      measures: [measures[below(3)]!],
      municipality: towns[below(4)]!,
      competences: need.map(competence => ({ competence, level: 1, need: 'required' as const })),
    })
  })
  return aProblem({
    seed,
    policy: aPolicy({ newPerWeek: 1 + (seed % 4), heavyFromHours: 6 }),
    cases: waiting,
    workers: people,
  })
}

/** Cases that differ in nothing but how long they wait, and people who differ in nothing. */
export function alikeRound(
  cases: number,
  workers: number,
  given: { cap: number; hours: number; inUse?: number; days?: number; policy?: Partial<Problem['policy']> },
): Problem {
  return aProblem({
    policy: aPolicy({ newPerWeek: given.cap, heavyCases: 100, heavyFromHours: 1000, ...given.policy }),
    cases: many(cases, k =>
      aCase(`Z${k}`, {
        waitingDays: 1 + (k % (given.days ?? 3)),
        hours: { primary: given.hours },
        municipality: null,
      }),
    ),
    workers: many(workers, w => aWorker(`M${w}`, { hoursInUse: given.inUse ?? 12 })),
  })
}
