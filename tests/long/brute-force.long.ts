import { test } from 'vitest'
import { againstBruteForce } from '../support/rivals.ts'
import { runRange } from './range.ts'

test('20,000 small problems, every allocation there is', async () => {
  await runRange(againstBruteForce, { blocks: 80, perBlock: 250 })
})
