import { describe, expect, test } from 'vitest'
import { type StandingChoice, seatKey, seatsOfDraft, viewDraft } from '../../../server/draft/draft-view.ts'
import { draftAsProposal, viewExplanation } from '../../../server/draft/explanation-view.ts'
import {
  constraintsOf,
  judgeDraft,
  reckonedIn,
  unanswered,
  unreckoned,
} from '../../../server/draft/judge-choices.ts'
import { changesBetween } from '../../../server/draft/stale.ts'
import { settlementOf } from '../../../server/rounds/settlement.ts'
import { explainCase } from '../../../solver/explain/explain.ts'
import type { Problem, Proposal, ProposalLine } from '../../../solver/problem/problem.ts'
import { solve } from '../../../solver/solve.ts'
import { aCase, aProblem, aWorker, randomProblem } from '../../support/problems.ts'

const noNames = { competences: {}, work: {} }

const nameOf = (staffNumber: string) => ({ staffNumber, name: `Naam ${staffNumber}` })

function choice(given: Partial<StandingChoice> & Pick<StandingChoice, 'caseId' | 'kind'>): StandingChoice {
  return {
    id: 1,
    seat: 'primary',
    workerId: null,
    reasonCode: null,
    reasonText: null,
    unregisteredReason: null,
    setAside: [],
    acceptsExcess: false,
    ...given,
  }
}

const linesBySeat = (proposal: Proposal) =>
  new Map(proposal.lines.map(line => [seatKey(line.caseId, line.seat), line]))

async function proposed(problem: Problem) {
  const proposal = await solve(problem)
  const free = new Map(
    [...linesBySeat(proposal)]
      .filter(([, line]) => !line.locked)
      .map(([key, line]): [string, ProposalLine & { proposalId: number }] => [
        key,
        { ...line, proposalId: 1 },
      ]),
  )
  return { proposal, free }
}

const two = (): Problem =>
  aProblem({
    cases: [aCase('a'), aCase('b')],
    workers: [aWorker('w1'), aWorker('w2')],
  })

describe('the draft', () => {
  test('without choices it is the proposal, line by line and load by load', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const problem = randomProblem(seed, { cases: 8, workers: 10 })
      const bare = { ...problem, locks: [], waiting: [], exclusions: [] }
      const { proposal, free } = await proposed(bare)
      const seats = seatsOfDraft(bare, free, [])
      const view = viewDraft(bare, seats, nameOf, 'nl', noNames)
      for (const line of proposal.lines) {
        const shown = view.lines.find(one => one.caseNumber === line.caseId && one.seat === line.seat)
        expect(shown?.worker?.staffNumber ?? null, `seed ${seed}`).toBe(line.workerId)
        if (line.workerId === null) continue
        expect(shown).toMatchObject({ hours: line.hours, points: line.points, loadCost: line.loadCost })
      }
      for (const load of proposal.loads) {
        const shown = view.loads.find(one => one.worker.staffNumber === load.workerId)
        expect(shown?.after.hours, `seed ${seed}`).toBe(load.hoursAfter)
        expect(shown?.newCases).toBe(load.newCases)
        expect(shown?.heavyAfter).toBe(load.heavyAfter)
      }
      expect(
        judgeDraft(bare, seats, new Set()).flatMap(one => one.open),
        `seed ${seed}`,
      ).toEqual([])
      const level = proposal.levels.find(one => one.level === 'pointsMinusLoad')
      expect(draftAsProposal(bare, seats).levels[0]?.value).toBeCloseTo(level?.value ?? Number.NaN, 6)
    }
  })

  test('around locks, what the engine proposes is judged to hold', async () => {
    for (let seed = 30; seed <= 60; seed++) {
      const problem = randomProblem(seed, { cases: 8, workers: 10 })
      const { proposal } = await proposed(problem)
      const choices = problem.locks.map((lock, index) =>
        choice({
          id: index + 1,
          caseId: lock.caseId,
          seat: lock.seat,
          kind: 'override',
          workerId: lock.workerId,
          // A lock holds above the band; people name that rule.
          setAside: [...lock.setAside, 'band'],
          acceptsExcess: lock.aboveLimit,
          unregisteredReason: lock.unregisteredException ? 'vastgelegd' : null,
        }),
      )
      const free = new Map(
        [...linesBySeat(proposal)].map(([key, line]): [string, ProposalLine & { proposalId: number }] => [
          key,
          { ...line, proposalId: 1 },
        ]),
      )
      const seats = seatsOfDraft(problem, free, choices)
      const judged = judgeDraft(problem, seats, reckonedIn(problem))
      const open = judged.filter(one => one.drafted.choice === null && one.open.length > 0)
      expect(
        open.map(one => [one.drafted.case.id, one.open]),
        `seed ${seed}`,
      ).toEqual([])
    }
  })

  test('an override takes its seat, a wait the whole case, an exclusion the worker', async () => {
    const problem = aProblem({
      cases: [aCase('a'), aCase('b', { duo: true, hours: { primary: 2, second: 1 } }), aCase('c')],
      workers: [aWorker('w1'), aWorker('w2'), aWorker('w3')],
    })
    const { free } = await proposed(problem)
    const of = (caseId: string) => free.get(`${caseId} primary`)?.workerId ?? ''
    const other = ['w1', 'w2', 'w3'].find(id => id !== of('a')) ?? ''
    const seats = seatsOfDraft(problem, free, [
      choice({ caseId: 'a', kind: 'override', workerId: other, reasonCode: 'X' }),
      choice({ id: 2, caseId: 'b', kind: 'wait' }),
      choice({ id: 3, caseId: 'c', kind: 'exclude', workerId: of('c') }),
    ])
    expect(seats.map(one => [one.case.id, one.seat, one.worker?.id ?? null])).toEqual([
      ['a', 'primary', other],
      ['b', 'primary', null],
      ['b', 'second', null],
      ['c', 'primary', null],
    ])
    const { lines, figures } = viewDraft(problem, seats, nameOf, 'nl', noNames)
    expect(lines[0]).toMatchObject({ deviates: true, locked: true })
    expect(lines.slice(1).map(one => one.messages[0]?.rule)).toEqual([
      'teamWaits',
      'teamWaits',
      'teamExclusion',
    ])
    expect(figures).toMatchObject({ placed: 1, cases: 3, deviations: 1 })
  })

  test('without a proposal people allocate by hand and see the effect', () => {
    const problem = two()
    const seats = seatsOfDraft(problem, new Map(), [
      choice({ caseId: 'a', kind: 'override', workerId: 'w1' }),
    ])
    const { lines, loads } = viewDraft(problem, seats, nameOf, 'en', noNames)
    expect(lines[0]).toMatchObject({ proposed: null, worker: nameOf('w1'), deviates: true })
    expect(lines[1]).toMatchObject({ worker: null, points: null })
    expect(loads[0]!.after.hours).toBe(loads[0]!.before.hours + lines[0]!.hours)
  })

  test('the explanation adds up and names who is chosen', async () => {
    const problem = two()
    const { free } = await proposed(problem)
    const seats = seatsOfDraft(problem, free, [])
    const draft = draftAsProposal(problem, seats)
    const view = viewExplanation(problem, draft, explainCase(problem, draft, 'a'), nameOf, 'nl')
    expect(view.contributions.reduce((sum, one) => sum + one.points, 0)).toBeCloseTo(view.points ?? 0, 8)
    expect(view.sentence).toContain(view.worker?.name)
    expect(view.sentence).not.toContain('{')
    expect(view.after!.hours - view.before!.hours).toBeCloseTo(
      view.alternatives.find(one => one.current)!.hours,
      8,
    )
  })
})

describe('what a motivation answers', () => {
  const given = { setAside: [] as string[], unregisteredReason: null, acceptsExcess: false }
  const rules = (...codes: string[]) => codes.map(rule => ({ rule: rule as 'band', facts: {} }))

  test.each([
    ['never', rules('conflict'), { ...given, setAside: ['conflict'], acceptsExcess: true }, ['conflict']],
    ['motive missing', rules('band'), given, ['band']],
    ['motive given', rules('band'), { ...given, setAside: ['band'] }, []],
    ['another motive', rules('band'), { ...given, setAside: ['together'] }, ['band']],
    ['excess missing', rules('hardLimit', 'band'), { ...given, setAside: ['band'] }, ['hardLimit']],
    ['excess covers the band', rules('hardLimit', 'band'), { ...given, acceptsExcess: true }, []],
    ['excess alone does not', rules('band'), { ...given, acceptsExcess: true }, ['band']],
    ['exception missing', rules('registration'), { ...given, setAside: ['registration'] }, ['registration']],
    ['exception given', rules('registration'), { ...given, unregisteredReason: 'tenzij' }, []],
  ])('%s', (_, breaches, motivation, open) => {
    expect(unanswered(breaches, motivation).map(one => one.rule)).toEqual(open)
  })
})

describe('settling', () => {
  test('load of two seats together counts against the one chosen last', async () => {
    const problem = aProblem({
      cases: [aCase('a', { hours: { primary: 5 } }), aCase('b', { hours: { primary: 5 } })],
      workers: [
        aWorker('w1', { normHours: 20, hoursInUse: 15 }),
        aWorker('w2', { normHours: 20, hoursInUse: 0 }),
      ],
    })
    const fix = (id: number, caseId: string) => choice({ id, caseId, kind: 'override', workerId: 'w1' })
    const seats = seatsOfDraft(problem, new Map(), [fix(2, 'a'), fix(1, 'b')])
    const { accepted, refused } = settlementOf(problem, seats, new Set(), new Set())
    expect(accepted.map(one => one.case.id)).toEqual(['b'])
    expect(refused.map(one => [one.caseNumber, one.rule])).toEqual([
      ['a', 'hardLimit'],
      ['a', 'band'],
    ])
  })

  test('a case that found its worker elsewhere is refused', async () => {
    const problem = two()
    const { free } = await proposed(problem)
    const { accepted, refused } = settlementOf(
      problem,
      seatsOfDraft(problem, free, []),
      new Set(),
      new Set(['a']),
    )
    expect(accepted.map(one => one.case.id)).toEqual(['b'])
    expect(refused).toEqual([{ caseNumber: 'a', seat: 'primary', rule: 'taken', facts: {} }])
  })

  test('half a duo is never settled', () => {
    const problem = aProblem({
      cases: [aCase('a', { duo: true, hours: { primary: 2, second: 1 } })],
      workers: [aWorker('w1'), aWorker('w2')],
    })
    const seats = seatsOfDraft(problem, new Map(), [
      choice({ caseId: 'a', kind: 'override', workerId: 'w1' }),
    ])
    const { accepted, refused } = settlementOf(problem, seats, new Set(), new Set())
    expect(accepted).toEqual([])
    expect(refused.map(one => [one.seat, one.rule])).toEqual([['second', 'duoRequired']])
  })
})

describe('what the calculation did not know', () => {
  test('choices made or undone since', () => {
    const problem = { ...two(), waiting: ['b'] }
    expect(unreckoned(problem, [choice({ caseId: 'b', kind: 'wait' })])).toBe(0)
    expect(unreckoned(problem, [])).toBe(1)
    expect(unreckoned(problem, [choice({ caseId: 'a', kind: 'lock', workerId: 'w1' })])).toBe(2)
  })

  test('choices become locks, exclusions and waits', () => {
    const base = {
      caseId: 1,
      seat: 'primary' as const,
      setAside: ['band'],
      unregisteredReason: null,
      acceptsExcess: true,
    }
    expect(
      constraintsOf([
        { ...base, kind: 'override', workerId: 5 },
        { ...base, caseId: 2, kind: 'exclude', workerId: 6 },
        { ...base, caseId: 3, kind: 'wait', workerId: null },
      ]),
    ).toEqual({
      locks: [
        {
          caseId: 1,
          seat: 'primary',
          workerId: 5,
          unregisteredException: false,
          aboveLimit: true,
          setAside: ['band'],
        },
      ],
      exclusions: [{ caseId: 2, workerId: 6 }],
      waiting: [3],
    })
  })

  test('changed inputs are named, waiting days and choices are not, hidden reasons stay hidden', () => {
    const then = two()
    const say = (now: Problem) => changesBetween(then, now, id => nameOf(id).name).map(one => one.nl)
    expect(say({ ...then, locks: [], waiting: ['a'] })).toEqual([])
    expect(
      say({ ...then, cases: then.cases.map(one => ({ ...one, waitingDays: one.waitingDays + 1 })) }),
    ).toEqual([])
    expect(
      say({
        ...then,
        policy: { ...then.policy, bandHigh: 1.05 },
        cases: [{ ...then.cases[0]!, hours: { primary: 9 }, excludedWorkers: ['w2'] }, then.cases[1]!],
        workers: [{ ...then.workers[0]!, away: [{ from: '2026-01-01', until: null }] }, then.workers[1]!],
      }),
    ).toEqual([
      'De regels zijn gewijzigd.',
      'Zaak a: zwaarte, wie de zaak mag doen gewijzigd.',
      'Naam w1: afwezigheid gewijzigd.',
    ])
  })

  test('many changes are counted, not listed', () => {
    const then = aProblem({
      cases: [],
      workers: Array.from({ length: 15 }, (_, index) => aWorker(`w${index}`)),
    })
    const now = { ...then, workers: then.workers.map(one => ({ ...one, hoursInUse: one.hoursInUse + 1 })) }
    const changes = changesBetween(then, now, id => id)
    expect(changes).toHaveLength(11)
    expect(changes.at(-1)?.nl).toBe('En nog 5 wijzigingen.')
  })
})
