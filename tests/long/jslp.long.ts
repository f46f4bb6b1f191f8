import { test } from 'vitest'
import { againstJslp } from '../support/rivals.ts'
import { runRange } from './range.ts'

test('1,000 problems, where javascript-lp-solver finishes', async () => {
  await runRange(againstJslp, { blocks: 20, perBlock: 50 })
})
