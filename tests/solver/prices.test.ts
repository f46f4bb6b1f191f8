import { expect, test } from 'vitest'
import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { explainCase } from '../../solver/explain/explain.ts'
import { plainLock, priceSentence, weigh, withLock } from '../../solver/explain/resolve.ts'
import { explainNot } from '../../solver/explain/why-not.ts'
import { bestByLevels, compareWorth, draftOf, worthOf } from '../../solver/explain/worth.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../support/problems.ts'

const SEEDS = Number(process.env.SOLVER_SEEDS ?? 40)

/** M2 is the only one for the case of high urgency; Z1 suits M2 far better, and Z3 fits only where Z1 is now. */
const urgentOrNice = aProblem({
  cases: [
    aCase('Z1', { hours: { primary: 6 }, formerWorkers: ['M2'] }),
    aCase('Z2', { hours: { primary: 6 }, urgency: 'high', excludedWorkers: ['M1'] }),
    aCase('Z3', { hours: { primary: 6 }, excludedWorkers: ['M2'] }),
  ],
  workers: [aWorker('M1', { hoursInUse: 19 }), aWorker('M2', { hoursInUse: 19 })],
})

test('who leaves a case of high urgency waiting is worse, however many points it brings', async () => {
  const draft = draftOf(urgentOrNice, [
    { caseId: 'Z1', seat: 'primary', workerId: 'M1' },
    { caseId: 'Z2', seat: 'primary', workerId: 'M2' },
    { caseId: 'Z3', seat: 'primary', workerId: null },
  ])
  const told = await priceAlternatives(urgentOrNice, draft, 'Z1')
  expect(told.alternatives.map(one => one.workerId)).toEqual(['M1', 'M2'])
  expect(told).toMatchObject({ margin: 'clear', marginPoints: null })
  const price = told.alternatives[1]!.solvedAgain!
  // As many cases and more points; what decides comes first.
  expect(price).toMatchObject({ placed: 0, emergencies: 0, exact: true })
  expect(price.points).toBeGreaterThan(0)
  expect(price.levels[0]).toEqual({ level: 'placed.high', difference: -1, better: false })
  expect(price.sentence.nl).toMatch(/^−1 geplaatste zaak met hoge urgentie/)
  expect(told.marginSentence!.nl).toContain('Duidelijk')
  expect(await explainNot(urgentOrNice, draft, 'Z1', 'M2')).toMatchObject({
    kind: 'neededElsewhere',
    price: { levels: [{ level: 'placed.high', difference: -1 }, { level: 'waitingDays.high' }, {}, {}, {}] },
  })
})

test('of several drafts the best is so by the first level on which those still in the running differ', () => {
  const seats = (z1: string | null, z2: string | null, z3: string | null) =>
    worthOf(
      urgentOrNice,
      draftOf(urgentOrNice, [
        { caseId: 'Z1', seat: 'primary', workerId: z1 },
        { caseId: 'Z2', seat: 'primary', workerId: z2 },
        { caseId: 'Z3', seat: 'primary', workerId: z3 },
      ]),
    )
  const [urgent, nice, alone] = [seats('M1', 'M2', null), seats('M2', null, 'M1'), seats(null, 'M2', 'M1')]
  // The most points are those of the one that leaves high urgency waiting: they decide nothing.
  expect(nice.units).toBeGreaterThan(Math.max(urgent.units, alone.units))
  const { best, decides } = bestByLevels([urgent, nice, alone])
  const high = decides.get('placed.high')
  expect([...decides.keys()][0]).toBe('placed.high')
  expect(high).toEqual([0, 2])
  // The other two tell themselves apart by points alone.
  const more = urgent.units > alone.units ? 0 : 2
  expect(decides.get('points')).toEqual(urgent.units === alone.units ? undefined : [more])
  for (const one of best) {
    for (const other of [urgent, nice, alone]) {
      expect(compareWorth([urgent, nice, alone][one]!, other)).toBeGreaterThanOrEqual(0)
    }
  }
  expect(bestByLevels([nice, nice])).toEqual({ best: [], decides: new Map() })
})

test('where the highest load comes before points, it decides the order and the margin of the quick explanation too', () => {
  const problem = aProblem({
    policy: { ...aProblem().policy, lowestMaximumFirst: true },
    cases: [aCase('Z1', { hours: { primary: 3 }, formerWorkers: ['M2'] })],
    workers: [aWorker('M1', { hoursInUse: 10 }), aWorker('M2', { hoursInUse: 20 })],
  })
  const draft = draftOf(problem, [{ caseId: 'Z1', seat: 'primary', workerId: 'M1' }])
  const told = explainCase(problem, draft, 'Z1')
  expect(told.alternatives.map(one => one.workerId)).toEqual(['M1', 'M2'])
  expect(told.alternatives[1]!.difference).toBeGreaterThan(0)
  expect(told).toMatchObject({ margin: 'clear', marginPoints: null, position: 1 })
  const chosen = draftOf(problem, [{ caseId: 'Z1', seat: 'primary', workerId: 'M2' }])
  expect(explainCase(problem, chosen, 'Z1')).toMatchObject({ margin: 'behind', position: 2 })
})

test('a price that is not proven never has the wrong sign, and costs no more than it says at least', async () => {
  const seen = { better: 0, worse: 0, unknown: 0 }
  for (let seed = 1; seed <= SEEDS; seed++) {
    const problem = randomProblem(seed + 7000, { cases: 6, workers: 4, tight: seed % 2 === 0 })
    const best = await solve(problem)
    // One draft is the best there is, one has nobody on its first seat.
    const given = best.lines.map(({ caseId, seat, workerId }) => ({ caseId, seat, workerId }))
    const poorer = draftOf(
      problem,
      given.map((one, k) => (k === 0 ? { ...one, workerId: null } : one)),
    )
    for (const line of best.lines.filter(one => !problem.waiting.includes(one.caseId)).slice(0, 3)) {
      for (const worker of problem.workers) {
        const changed = withLock(problem, plainLock(line.caseId, line.seat, worker.id))
        const truth = await solve(changed)
        const cut = await solve(changed, { shouldStop: () => true })
        for (const draft of [best, poorer]) {
          const told = weigh(problem, draft, cut)
          if (told.exact) continue
          const sign = Math.sign(compareWorth(worthOf(problem, truth), worthOf(problem, draft)))
          const where = `seed ${seed}, ${line.caseId} ${line.seat} to ${worker.id}`
          if (told.price === null || told.compared === null) {
            expect([told.price, told.compared], where).toEqual([null, null])
            seen.unknown++
            continue
          }
          expect(Math.sign(told.compared), where).toBe(sign)
          expect(told.price.levels, where).toHaveLength(1)
          seen[told.compared > 0 ? 'better' : 'worse']++
          const { nl, en } = priceSentence(told.price, false)
          expect([nl, en].join()).toMatch(
            /^minstens [\d,.]+ .*(meer|minder),at least [\d,.]+ .*(more|fewer)$|^een (minder )?gelijke.* werklast,a (more|less) even workload$/,
          )
          const { level } = told.price.levels[0]!
          const at = (of: Parameters<typeof worthOf>[1]) =>
            worthOf(problem, of).levels.find(one => one.level === level)!.value
          const gained = at(truth) - at(draft)
          // Unless an earlier level already shows that it is better still.
          const first = weigh(problem, draft, truth).price!.levels[0]!.level
          if (first === level) expect(Math.abs(gained), where).toBeGreaterThanOrEqual(Math.abs(told.compared))
        }
      }
    }
  }
  for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(10)
})
