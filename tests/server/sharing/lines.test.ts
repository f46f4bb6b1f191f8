import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayOf, daysBetween, weekdayOf } from '../../../server/contract/days.ts'
import { excessDecider, excessState, seenByTwo } from '../../../server/draft/excess.ts'
import { obstacleOf, rulingAbout, stateOf, termEnd } from '../../../server/draft/lines.ts'
import { supportPoints } from '../../../server/pulse/support.ts'
import { nextState } from '../../../server/sharing/swaps.ts'

const now = new Date('2026-11-24T09:00:00Z')
const open = new Date('2026-11-25T09:00:00Z')
const past = new Date('2026-11-23T09:00:00Z')
const ask = (kind: 'agree' | 'discuss' | 'object' | null, answerUntil = open) => ({
  answer: kind === null ? null : { id: 7, kind },
  answerUntil,
})

describe('where a line stands with its worker', () => {
  test.each([
    ['never shown', undefined, undefined, 'unasked'],
    ['shown, the term runs', ask(null), undefined, 'waiting'],
    ['no answer after the term', ask(null, past), undefined, 'silent'],
    ['agreed', ask('agree'), undefined, 'agreed'],
    ['agreed, also after the term', ask('agree', past), undefined, 'agreed'],
    ['objected', ask('object'), undefined, 'objected'],
    ['wants to talk', ask('discuss'), undefined, 'discuss'],
    ['overruled', ask('object'), { answerId: 7 }, 'ruled'],
    ['objected again after a ruling', ask('object'), { answerId: 6 }, 'objected'],
    ['ruled on silence, then agreed', ask('agree'), { answerId: null }, 'agreed'],
    ['ruled on silence', ask(null, past), { answerId: null }, 'ruled'],
  ] as const)('%s', (_, asked, ruling, state) => {
    expect(stateOf(asked, ruling, now)).toBe(state)
  })

  test('silence is never consent, and only an objection stops a round that is settled in a meeting', () => {
    expect(obstacleOf('silent', 'shared')).toBe('silence')
    expect(obstacleOf('waiting', 'shared')).toBe('awaiting')
    expect(obstacleOf('unasked', 'shared')).toBe('unasked')
    for (const state of ['silent', 'waiting', 'unasked', 'discuss'] as const) {
      expect(obstacleOf(state, 'meeting')).toBe(null)
    }
    expect(obstacleOf('objected', 'meeting')).toBe('objection')
    for (const state of ['agreed', 'ruled'] as const) expect(obstacleOf(state, 'shared')).toBe(null)
  })

  test('while the term runs there is nothing to rule', () => {
    expect(rulingAbout('waiting')).toBe(null)
    expect(rulingAbout('agreed')).toBe(null)
  })
})

test('a term ends with its last day, never in a weekend', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 366 * 24 }), fc.integer({ min: 1, max: 30 }), (hours, days) => {
      const from = new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000)
      const end = termEnd(from, days)
      const last = dayOf(end)
      expect(weekdayOf(last)).toBeLessThan(6)
      expect(dayOf(new Date(end.getTime() + 1))).not.toBe(last)
      expect(daysBetween(dayOf(from), last)).toBeGreaterThanOrEqual(days)
    }),
  )
})

describe('two pairs of eyes', () => {
  const excess = { authorId: 1, authorHasRight: true, state: 'pending' as const, decidedBy: null, upTo: null }
  test.each([
    ['a colleague settles the choice of a lead', excess, 2, true],
    ['the lead settles the own choice', excess, 1, false],
    ['without the right, nobody approved', { ...excess, authorHasRight: false }, 2, false],
    ['approved', { ...excess, authorHasRight: false, state: 'approved' as const, decidedBy: 3 }, 1, true],
    ['refused', { ...excess, state: 'refused' as const, decidedBy: 3 }, 2, false],
  ])('%s', (_, given, settler, seen) => {
    expect(seenByTwo(given, settler, 1.25)).toBe(seen)
  })
  test('who agrees, agrees up to a figure: above it the excess is asked again, a refusal stands', () => {
    const approved = {
      ...excess,
      authorHasRight: false,
      state: 'approved' as const,
      decidedBy: 3,
      upTo: 1.25,
    }
    expect(seenByTwo(approved, 2, 1.25)).toBe(true)
    expect(seenByTwo(approved, 2, 1.2501)).toBe(false)
    expect(excessState(approved, 1.2501)).toBe('lapsed')
    // What its author agreed to does not cover more either, whoever settles it.
    expect(seenByTwo({ ...excess, upTo: 1.25 }, 2, 1.3)).toBe(false)
    expect(excessState({ ...approved, state: 'refused' }, 1.3)).toBe('refused')
    // From before figures were kept: it holds as it did.
    expect(excessState({ ...approved, upTo: null }, 9)).toBe('approved')
  })
  test('the decision is of the one with the right', () => {
    expect(excessDecider(excess)).toBe(1)
    expect(excessDecider({ ...excess, authorHasRight: false, state: 'approved', decidedBy: 3 })).toBe(3)
  })
})

test('a swap goes step by step, and nobody makes the step of the other', () => {
  expect(nextState('give', 'offered', false)).toBe('answered')
  expect(nextState('give', 'offered', true)).toBe(null)
  expect(nextState('agree', 'answered', true)).toBe('agreed')
  expect(nextState('agree', 'answered', false)).toBe(null)
  expect(nextState('agree', 'offered', true)).toBe(null)
  expect(nextState('withdraw', 'agreed', true)).toBe('withdrawn')
  expect(nextState('withdraw', 'confirmed', true)).toBe(null)
  expect(nextState('decline', 'offered', false)).toBe('refused')
})

test('no point in time holds fewer than five answers, and no answer is lost or counted twice', () => {
  const answer = fc.record({
    support: fc.integer({ min: 1, max: 5 }),
    fairness: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(fc.array(fc.array(answer, { maxLength: 8 }), { maxLength: 12 }), rounds => {
      const closed = rounds.map((answers, at) => ({
        roundId: at + 1,
        teamIds: [1],
        day: `2026-01-${String(at + 1).padStart(2, '0')}`,
        asked: 8,
        answers,
      }))
      const { points, hidden } = supportPoints(closed)
      expect(points.every(point => point.answers >= 5)).toBe(true)
      const shown = points.flatMap(point => point.rounds)
      expect(shown).toEqual(closed.slice(0, shown.length).map(one => one.roundId))
      expect(shown.length + hidden).toBe(closed.length)
    }),
  )
})

test('what closes later changes no point that was shown, and no reader sees another point than the next', () => {
  const closed = fc.array(
    fc.record({
      roundId: fc.integer({ min: 1, max: 1000 }),
      teamIds: fc.constantFrom<number[][]>([1], [2], [1, 2]),
      day: fc.constant('2026-01-01'),
      asked: fc.constant(8),
      answers: fc.array(fc.constant({ support: 3, fairness: 3 }), { maxLength: 8 }),
    }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(closed, fc.nat(12), fc.constantFrom(1, 2), (rounds, before, team) => {
      const all = supportPoints(rounds).points
      expect(all.slice(0, supportPoints(rounds.slice(0, before)).points.length)).toEqual(
        supportPoints(rounds.slice(0, before)).points,
      )
      const readable = supportPoints(rounds.filter(one => one.teamIds.includes(team))).points
      for (const point of readable) expect(all).toContainEqual(point)
    }),
  )
})
