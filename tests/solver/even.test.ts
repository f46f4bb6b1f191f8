import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { priceAlternatives } from '../../solver/explain/alternatives.ts'
import { explainCase } from '../../solver/explain/explain.ts'
import type { Problem, Proposal } from '../../solver/problem/problem.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

/** One price for every hour, so that points say nothing about who is busy. */
const flat = { loadCost: [{ from: 0, pointsPerHour: 1 }] }
const even = (changes: Partial<Problem>) =>
  aProblem({ ...changes, policy: aPolicy({ ...flat, evenLoads: true, ...changes.policy }) })
const cases = (count: number, hours = 3) =>
  Array.from({ length: count }, (_, k) => aCase(`Z${k}`, { hours: { primary: hours } }))
const people = (count: number, hoursInUse = 5) =>
  Array.from({ length: count }, (_, k) => aWorker(`M${k}`, { hoursInUse }))

/** How many of the cases each gets, most first. */
function counts({ lines, loads }: Proposal): number[] {
  return loads.map(load => lines.filter(line => line.workerId === load.workerId).length).sort((a, b) => b - a)
}

async function solved(problem: Problem): Promise<Proposal> {
  const proposal = await solve(problem)
  expect(checkProposal(problem, proposal)).toEqual([])
  expect(proposal.status).toBe('optimal')
  return proposal
}

describe('even loads', () => {
  test('two equal cases and two equal people: one each, whatever the seed; without the level both go to one', async () => {
    const shares = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const problem = even({ seed, cases: cases(2), workers: people(2) })
      const proposal = await solved(problem)
      expect(counts(proposal), `seed ${seed}`).toEqual([1, 1])
      expect(proposal.evenLoads).toMatchObject({ status: 'optimal', endedBy: 'proof' })
      shares.add(proposal.lines.map(line => line.workerId).join())
      expect(counts(await solved({ ...problem, policy: aPolicy(flat) }))).toEqual([2, 0])
    }
    // Who gets which is still for the seed to say.
    expect(shares.size).toBe(2)
  })

  test('one case goes to who has least, and never against the points', async () => {
    const busy = aWorker('busy', { hoursInUse: 7.5 })
    const idle = aWorker('idle', { hoursInUse: 0 })
    for (let seed = 0; seed < 10; seed++) {
      const { lines, evenLoads } = await solved(even({ seed, workers: [busy, idle] }))
      expect(lines[0]!.workerId).toBe('idle')
      expect(evenLoads!.value).toBe(3000 ** 2 + 1200 ** 2)
    }
    const wish = [{ kind: 'measure' as const, code: 'ots', value: 'rather' as const }]
    const wished = await solved(even({ workers: [{ ...busy, preferences: wish }, idle] }))
    expect(wished.lines[0]!.workerId).toBe('busy')
  })

  test('is proven beside a duo that is completed for its lock, when another case of its class has to wait', async () => {
    const [one, two, three] = people(3, 18).map((worker, k) => ({
      ...worker,
      ...(k === 0 ? { normHours: 16.8, hoursInUse: 12.25 } : { newThisWeek: 1 }),
    }))
    const duo = aCase('duo', {
      urgency: 'high',
      duo: true,
      hours: { primary: 2.75, second: 1.75 },
      excludedWorkers: [one!.id],
    })
    const waits = aCase('waits', { urgency: 'high', excludedWorkers: [one!.id] })
    const { evenLoads, lines } = await solved(
      even({
        meaning: 2,
        cases: [duo, waits, aCase('normal')],
        workers: [one!, two!, three!],
        locks: [
          {
            caseId: 'duo',
            seat: 'second',
            workerId: three!.id,
            unregisteredException: false,
            aboveLimit: false,
            setAside: [],
          },
        ],
      }),
    )
    expect(lines.find(line => line.caseId === 'waits')!.workerId).toBeNull()
    expect(evenLoads).toMatchObject({ status: 'optimal', endedBy: 'proof' })
  })

  test('whoever gets nothing counts as well, and who has no norm does not', async () => {
    const none = aWorker('none', { normHours: 0, hoursInUse: 4 })
    const { evenLoads } = await solved(even({ cases: cases(1), workers: [...people(2), none] }))
    expect(evenLoads!.value).toBe(2000 ** 2 + 3200 ** 2)
  })

  test('equal people never differ by more than one equal case, in small bundles and in large ones', {
    timeout: 60_000,
  }, async () => {
    const policy = aPolicy({ ...flat, newPerWeek: 20, evenLoads: true })
    for (const [many, few] of [
      [7, 4],
      [20, 6],
      [60, 10],
    ] as const) {
      const proposal = await solved(even({ policy, cases: cases(many, 1), workers: people(few) }))
      const own = counts(proposal)
      expect(own[0]! - own.at(-1)!, `${many} cases, ${few} people`).toBeLessThanOrEqual(1)
      expect(proposal.evenLoads!.status).toBe('optimal')
    }
  })

  test('is the reason where it decides, and a price of its own', async () => {
    const problem = even({ workers: [aWorker('M1', { hoursInUse: 5 }), aWorker('M2', { hoursInUse: 10 })] })
    const proposal = await solved(problem)
    const { sentence, margin, position } = explainCase(problem, proposal, 'Z1')
    expect(sentence.nl).toContain('houdt de werklast van iedereen het gelijkst')
    expect({ margin, position }).toEqual({ margin: 'equal', position: 1 })
    const { alternatives } = await priceAlternatives(problem, proposal, 'Z1')
    const other = alternatives.find(one => one.workerId === 'M2')!
    expect(other.solvedAgain).toMatchObject({ points: 0, exact: true })
    expect(other.solvedAgain!.levels).toMatchObject([{ level: 'evenLoads', better: false }])
    expect(other.solvedAgain!.sentence.nl).toContain('Een minder gelijke werklast.')
    // The same with the other one is better.
    const swapped = { ...proposal, lines: proposal.lines.map(line => ({ ...line, workerId: 'M2' })) }
    expect(explainCase(problem, swapped, 'Z1').margin).toBe('behind')
  })

  test('to leave a seat where it is moves nothing, though others might change places at no cost', async () => {
    const problem = even({ cases: cases(8), workers: people(6) })
    const draft = await solved(problem)
    for (const { caseId, workerId } of draft.lines) {
      const { alternatives } = await priceAlternatives(problem, draft, caseId)
      const current = alternatives.find(one => one.workerId === workerId)!
      expect(current.solvedAgain, caseId).toMatchObject({ levels: [], exact: true, moves: [] })
      expect(current.solvedAgain!.sentence.nl).toContain('Verder verschuift er niets.')
    }
  })

  test('a run that ends early says of this level alone that it is open', async () => {
    const early: Proposal[] = []
    const hours = [3, 4, 5, 6, 2.5]
    const problem = even({
      policy: aPolicy({ ...flat, newPerWeek: 5, evenLoads: true }),
      cases: hours.map((one, k) => aCase(`Z${k}`, { hours: { primary: one } })),
      workers: people(3),
    })
    await solve(problem, { onEarly: one => early.push(one) })
    for (const one of early) {
      expect(checkProposal(problem, one)).toEqual([])
      expect(one.evenLoads!.endedBy).toBe(one.evenLoads!.status === 'optimal' ? 'proof' : 'clock')
    }
  })

  test.each([
    ['left out', (one: Proposal) => delete one.evenLoads],
    ['another number', (one: Proposal) => Object.assign(one.evenLoads!, { value: 1, bound: 1 })],
    [
      'a bound above it',
      (one: Proposal) => Object.assign(one.evenLoads!, { bound: one.evenLoads!.value + 1 }),
    ],
    ['no proof', (one: Proposal) => Object.assign(one.evenLoads!, { endedBy: 'workLimit' })],
    ['proven without being it', (one: Proposal) => Object.assign(one.evenLoads!, { bound: 0 })],
  ])('is not sound: %s', async (_, change) => {
    const problem = even({ cases: cases(2), workers: people(2) })
    const proposal = structuredClone(await solve(problem))
    change(proposal)
    expect(checkProposal(problem, proposal)).not.toEqual([])
    const without = { ...problem, policy: aPolicy(flat) }
    const plain = await solve(without)
    expect(plain.evenLoads).toBeUndefined()
    const asked = { value: 1, bound: 1, status: 'optimal' as const, endedBy: 'proof' as const }
    expect(checkProposal(without, { ...plain, evenLoads: asked })).not.toEqual([])
  })
})
