import { expect, test } from 'vitest'
import { compactLevels } from '../support/compact.ts'
import { crisisRound } from '../support/crisis.ts'
import { compareWith } from '../support/differential.ts'

test('100 crisis rounds, the compact model in HiGHS level by level', async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const problem = crisisRound(16 + (seed % 5) * 6, 6 + (seed % 4), seed)
    const outcome = await compareWith(problem, compactLevels)
    expect(outcome, `seed ${seed}`).toBeTypeOf('string')
    expect(outcome, `seed ${seed}`).not.toBe('behind')
  }
})
