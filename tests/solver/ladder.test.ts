import { expect, test } from 'vitest'
import { ladderOf } from '../../solver/problem/ladder.ts'
import { randomSource } from '../support/problems.ts'

test('a ladder leaves out only values that no choice of cases has', () => {
  const next = randomSource(5)
  for (let round = 0; round < 200; round++) {
    const days = Array.from({ length: 1 + Math.floor(next() * 6) }, () => Math.floor(next() * 12))
    const weight = days.reduce((sum, one) => sum + one, 0) + 1
    const values = new Set<number>()
    for (let chosen = 0; chosen < 2 ** days.length; chosen++) {
      let value = 0
      days.forEach((one, index) => {
        if ((chosen >> index) & 1) value += weight + one
      })
      values.add(value)
    }
    const { below, above } = ladderOf(days, weight)
    const most = Math.max(...values)
    for (let value = 0; value <= most + 3; value++) {
      const reached = Math.max(...[...values].filter(one => one <= value))
      expect(below(value)).toBeGreaterThanOrEqual(reached)
      expect(below(value + 0.9)).toBe(below(value))
      if (values.has(value)) expect(below(value)).toBe(value)
      const higher = [...values].filter(one => one > value)
      if (higher.length > 0 && values.has(value)) {
        expect(above(value)).toBeGreaterThan(value)
        expect(above(value)).toBeLessThanOrEqual(Math.min(...higher))
      }
    }
    // Half a case more is no case more.
    expect(below(weight - 1)).toBe(0)
  }
})
