import { describe, expect, test } from 'vitest'
import { firstOpen, isProven } from '../../web/round/proof.ts'

type Level = Parameters<typeof isProven>[0]

const points: Level = { level: 'pointsMinusLoad', value: 120.5, bound: 120.5 + 1e-9 }
const placed = (value: number, bound: number, days: [number, number] = [9, 9]): Level => ({
  level: 'placed',
  value,
  bound,
  steps: [
    { urgency: 'normal', measure: 'placed', value, bound },
    { urgency: 'normal', measure: 'waitingDays', value: days[0], bound: days[1] },
  ],
})

describe('what a calculation proved', () => {
  test('is everything when each value reaches its bound, but for the rounding of sums', () => {
    expect(firstOpen([placed(4, 4), points])).toBe(null)
    expect(isProven({ ...points, bound: 120.6 })).toBe(false)
  })

  test('ends at the first level that may be better, whatever comes after it', () => {
    const open = { ...points, bound: 300 }
    expect(firstOpen([placed(4, 7), open])).toEqual({ level: placed(4, 7), kind: 'level' })
    expect(firstOpen([placed(4, 4), open])).toEqual({ level: open, kind: 'level' })
  })

  test('is not everything when those who wait longer might have come first', () => {
    expect(firstOpen([placed(4, 4, [8, 9]), points])).toMatchObject({ kind: 'steps' })
  })

  test('counts a lowest highest load, whose bound lies below', () => {
    const load: Level = { level: 'highestLoad', value: 1.1, bound: 1.05 }
    expect(firstOpen([placed(4, 4), load, points])).toEqual({ level: load, kind: 'level' })
  })
})
