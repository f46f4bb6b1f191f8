import type { Lock, Problem } from '../../solver/problem/problem.ts'
import { aCase, aPolicy, aProblem, aWorker } from './problems.ts'

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const lockOf = (caseId: string, workerId: string): Lock => ({
  caseId,
  seat: 'primary',
  workerId,
  unregisteredException: false,
  aboveLimit: true,
  setAside: ['newPerWeek', 'heavyCases', 'together', 'teamExclusion'],
})

const free = { hoursInUse: 0, travelMinutes: {} }

/** Rounds that are allowed and mean: `placed` is what a proven answer places, where that is plain to see. */
export interface Mean {
  name: string
  problem: Problem
  placed?: number
}

export function meanProblems(): Mean[] {
  return [
    { name: 'no cases', problem: aProblem({ cases: [] }), placed: 0 },
    { name: 'no workers', problem: aProblem({ workers: [] }), placed: 0 },
    { name: 'nobody and nothing', problem: aProblem({ cases: [], workers: [] }), placed: 0 },
    {
      name: 'one worker, sixty cases',
      problem: aProblem({
        cases: many(60, k => aCase(`Z${k}`, { waitingDays: k })),
        workers: [aWorker('M1', free)],
      }),
      placed: 2,
    },
    {
      name: 'everything forbidden',
      problem: aProblem({
        cases: many(40, k => aCase(`Z${k}`, { excludedWorkers: many(40, w => `M${w}`) })),
        workers: many(40, w => aWorker(`M${w}`)),
      }),
      placed: 0,
    },
    {
      name: 'all costs equal',
      problem: aProblem({
        cases: many(60, k => aCase(`Z${k}`)),
        workers: many(45, w => aWorker(`M${w}`, { hoursInUse: 12 })),
      }),
      placed: 60,
    },
    {
      name: 'everybody short of room by a hundredth of an hour',
      problem: aProblem({
        cases: many(30, k => aCase(`Z${k}`)),
        workers: many(30, w => aWorker(`M${w}`, { hoursInUse: 24.51 })),
      }),
      placed: 0,
    },
    {
      name: 'a pair of halves that only just do not fit together',
      problem: aProblem({
        policy: aPolicy({ newPerWeek: 10 }),
        cases: many(24, k => aCase(`Z${k}`, { hours: { primary: 4.76 } })),
        workers: many(12, w => aWorker(`M${w}`, { hoursInUse: 18 })),
      }),
      placed: 12,
    },
    { name: 'huge weights', problem: hugeWeights() },
    {
      name: 'hours beyond all measure',
      problem: aProblem({
        policy: aPolicy({
          bandHigh: 10,
          hardLimit: 10,
          newPerWeek: 9,
          heavyCases: 9,
          travel: { overMinutes: 0, hours: 1000 },
        }),
        cases: many(6, k =>
          aCase(`Z${k}`, { hours: { primary: 1000 }, ...(k < 3 ? { current: { primary: 'M1' } } : {}) }),
        ),
        workers: ['M1', 'M2'].map(id =>
          aWorker(id, { contractHours: 1000, normHours: 1000, hoursInUse: 1000 }),
        ),
      }),
      placed: 6,
    },
    { name: 'a chain in which one more case moves everybody', problem: chain(120), placed: 120 },
    { name: 'sums of odd hours in large bundles', problem: oddSums() },
    {
      name: 'all locked',
      problem: aProblem({
        cases: many(80, k => aCase(`Z${k}`)),
        workers: many(8, w => aWorker(`M${w}`)),
        locks: many(80, k => lockOf(`Z${k}`, `M${k % 8}`)),
      }),
      placed: 80,
    },
    {
      name: 'all waiting',
      problem: aProblem({
        cases: many(80, k => aCase(`Z${k}`)),
        workers: many(8, w => aWorker(`M${w}`, free)),
        waiting: many(80, k => `Z${k}`),
      }),
      placed: 0,
    },
    {
      name: 'one family of fifty cases',
      problem: aProblem({
        cases: many(50, k => aCase(`Z${k}`, { group: 'G', waitingDays: k })),
        workers: many(10, w => aWorker(`M${w}`, free)),
      }),
      placed: 2,
    },
    {
      name: 'thirty duos, three people',
      problem: aProblem({
        policy: aPolicy({ newPerWeek: 20, heavyCases: 20 }),
        cases: many(30, k => aCase(`Z${k}`, { duo: true, hours: { primary: 2, second: 1 } })),
        workers: many(3, w => aWorker(`M${w}`, free)),
      }),
    },
    {
      name: 'ids that mean something to a machine',
      problem: aProblem({
        cases: ['__proto__', 'constructor', 'toString', '0', '%20', '💥'].map(id =>
          aCase(id, { municipality: '__proto__', group: id === '0' ? 'constructor' : null }),
        ),
        workers: ['__proto__', 'hasOwnProperty', '1e3', 'ß'].map(id => aWorker(id, free)),
      }),
      placed: 6,
    },
  ]
}

/** The largest weights, prices and waits that a Problem may have. */
function hugeWeights(): Problem {
  const criteria = {
    competence: 1000,
    preference: 1000,
    continuity: 1000,
    travel: 1000,
    heavySpread: 1000,
    learning: 1000,
  }
  return aProblem({
    policy: aPolicy({ criteria, loadCost: [{ from: 0, pointsPerHour: 10_000 }] }),
    cases: many(20, k =>
      aCase(`Z${k}`, {
        waitingDays: 36_500 - k,
        urgency: k % 3 === 0 ? 'emergency' : 'normal',
        formerWorkers: [`M${k % 10}`],
      }),
    ),
    workers: many(10, w => aWorker(`M${w}`, { hoursInUse: 10 + w / 100, travelMinutes: { Enschede: 1000 } })),
  })
}

/** Case k fits workers k and k + 1 only, everybody may get one, and the case that everybody has to move for comes last. */
function chain(length: number): Problem {
  const link = (k: number) => ({ competence: `link${k}`, level: 1 })
  return aProblem({
    policy: aPolicy({ newPerWeek: 1 }),
    cases: [
      ...many(length, k =>
        aCase(`Z${k}`, { waitingDays: 100, competences: [{ ...link(k), need: 'required' }] }),
      ),
      aCase('last', { waitingDays: 1, competences: [{ ...link(0), need: 'required' }] }),
    ],
    workers: many(length, w =>
      aWorker(`M${w}`, {
        ...free,
        competences: [link(w), link(w - 1)].map(one => ({ ...one, expiresOn: null })),
      }),
    ),
  })
}

/** Sums of hours that hit the limit or miss it by a little, in bundles of ten: many equal answers. */
function oddSums(): Problem {
  return aProblem({
    policy: aPolicy({ newPerWeek: 40, heavyCases: 40 }),
    cases: many(70, k =>
      aCase(`Z${k}`, { hours: { primary: 2 + ((k * 37) % 101) / 100 }, municipality: null }),
    ),
    workers: many(6, w => aWorker(`M${w}`, { hoursInUse: 1.37 * w })),
  })
}

/** Two thousand cases that differ in nothing but waiting, two hundred workers who may have them all. */
export function manyAlike(cases: number, workers: number): Problem {
  return aProblem({
    cases: many(cases, k => aCase(`Z${k}`, { waitingDays: k % 60 })),
    workers: many(workers, w => aWorker(`M${w}`, { hoursInUse: 15 + (w % 8) / 2 })),
  })
}

/** What is no Problem: the text as it may come in, and the field that has to be named. */
export function brokenProblems(): { name: string; json: unknown; path: string }[] {
  const plain = aProblem()
  const deep = many(50_000, () => '[').join('') + many(50_000, () => ']').join('')
  return [
    { name: 'nothing', json: undefined, path: '/' },
    { name: 'a word', json: 'problem', path: '/' },
    { name: 'a list', json: [], path: '/' },
    {
      name: 'NaN',
      json: aProblem({ workers: [aWorker('M1', { normHours: Number.NaN })] }),
      path: '/workers/0/normHours',
    },
    {
      name: 'infinite hours',
      json: aProblem({ workers: [aWorker('M1', { hoursInUse: Number.POSITIVE_INFINITY })] }),
      path: '/workers/0/hoursInUse',
    },
    {
      name: 'hours under nought',
      json: aProblem({ cases: [aCase('Z1', { hours: { primary: -1 } })] }),
      path: '/cases/0/hours/primary',
    },
    { name: 'a seed too large', json: aProblem({ seed: 2 ** 40 }), path: '/seed' },
    { name: 'a text for a number', json: { ...plain, seed: '1' }, path: '/seed' },
    {
      name: 'a full week of next to nothing',
      json: aProblem({ policy: aPolicy({ fullTimeHours: 0.001 }) }),
      path: '/policy/fullTimeHours',
    },
    { name: 'a day that is no day', json: aProblem({ startOn: 'tomorrow' }), path: '/startOn' },
    { name: 'a double case', json: aProblem({ cases: [aCase('Z1'), aCase('Z1')] }), path: '/cases/1/id' },
    {
      name: 'a double worker',
      json: aProblem({ workers: [aWorker('M1'), aWorker('M1')] }),
      path: '/workers/1/id',
    },
    { name: 'a lock for nobody', json: aProblem({ locks: [lockOf('Z1', 'M9')] }), path: '/locks/0/workerId' },
    { name: 'lists in lists without end', json: { ...plain, cases: JSON.parse(deep) }, path: '/cases/0' },
    { name: 'a field that nobody knows', json: { ...plain, solveFaster: true }, path: '/' },
  ]
}
