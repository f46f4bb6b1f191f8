import { describe, expect, test } from 'vitest'
import { type DecidedSeat, type Departure, reviewOf } from '../../../server/decisions/review.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../../support/problems.ts'

const agreed: DecidedSeat = { kind: 'agreed', proposed: true, reasonCode: null }
const other = (reasonCode: string | null): DecidedSeat => ({ kind: 'deviation', proposed: true, reasonCode })
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one)
const weights = aPolicy().criteria

const problem = aProblem({
  cases: [aCase('Z1', { municipality: 'Enschede' })],
  workers: [
    aWorker('NEAR', { travelMinutes: { Enschede: 5 }, hoursInUse: 20 }),
    aWorker('FAR', { travelMinutes: { Enschede: 50 }, hoursInUse: 10 }),
  ],
})
const toFar: Departure = { problem, caseId: 'Z1', seat: 'primary', proposed: 'NEAR', chosen: 'FAR' }
const toNear: Departure = { ...toFar, proposed: 'FAR', chosen: 'NEAR' }

describe('how decisions stand to proposals', () => {
  test('counts what was followed, changed, left waiting and filled, and why', () => {
    const decided: DecidedSeat[] = [
      agreed,
      agreed,
      other('travel'),
      other('travel'),
      other(null),
      { kind: 'waiting', proposed: true, reasonCode: null },
      { kind: 'waiting', proposed: false, reasonCode: null },
      { kind: 'deviation', proposed: false, reasonCode: 'other' },
    ]
    const rounds = [
      { minutes: 30, cases: 3 },
      { minutes: 8, cases: 4 },
      { minutes: 100, cases: 2 },
    ]
    expect(reviewOf(rounds, decided, [], weights)).toEqual({
      rounds: 3,
      seats: 6,
      followed: 2,
      otherWorker: 3,
      leftWaiting: 1,
      filled: 1,
      minutesPerCase: 10,
      remark: null,
      reasons: [
        { code: 'travel', count: 2 },
        { code: null, count: 1 },
      ],
      compared: 0,
      criteria: [],
    })
    expect(reviewOf([], [], [], weights)).toMatchObject({ seats: 0, minutesPerCase: null, remark: null })
  })

  test('remarks when nearly everything is followed within a minute per case, or everything for long', () => {
    const fast = [{ minutes: 10, cases: 20 }]
    const slow = [{ minutes: 100, cases: 20 }]
    const remark = (rounds: typeof fast, followed: number, changed: number) =>
      reviewOf(rounds, [...times(followed, agreed), ...times(changed, other(null))], [], weights).remark
    expect(remark(fast, 19, 1)).toBe('fast')
    expect(remark(fast, 18, 2)).toBe(null)
    expect(remark(fast, 19, 0)).toBe(null)
    expect(remark(slow, 20, 0)).toBe(null)
    expect(remark(slow, 40, 0)).toBe('always')
    expect(remark(slow, 38, 2)).toBe(null)
  })

  test('compares chosen with proposed people per criterion, and sees a pattern from five on', () => {
    const of = (list: Departure[]) => reviewOf([], [], list, weights)
    const line = (list: Departure[], code: string) => of(list).criteria.find(one => one.criterion === code)
    expect(line(times(4, toFar), 'travel')).toMatchObject({ higher: 0, lower: 4, pattern: null })
    expect(line(times(5, toFar), 'travel')).toMatchObject({
      weight: weights.travel,
      higher: 0,
      equal: 0,
      lower: 5,
      pattern: 'lower',
    })
    expect(line([...times(4, toFar), ...times(2, toNear)], 'travel')?.pattern).toBe('lower')
    expect(line([...times(3, toFar), ...times(2, toNear)], 'travel')?.pattern).toBe(null)
    expect(line(times(5, toFar), 'room')).toMatchObject({ weight: null, higher: 5, pattern: 'higher' })
    expect(line(times(5, toFar), 'continuity')).toMatchObject({ equal: 5, pattern: null })
  })

  test('somebody who is not in the Problem is not compared', () => {
    expect(reviewOf([], [], [{ ...toFar, chosen: 'ELSEWHERE' }], weights)).toMatchObject({
      compared: 0,
      criteria: [],
    })
  })
})
