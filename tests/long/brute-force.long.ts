import { test } from 'vitest'
import { againstBruteForce, amongEquals } from '../support/rivals.ts'
import { runRange } from './range.ts'

test('20,000 small problems, every allocation there is', async () => {
  await runRange(againstBruteForce, { blocks: 80, perBlock: 250 })
})

test('4,000 small problems among equals, every allocation there is', async () => {
  await runRange(amongEquals, { blocks: 16, perBlock: 250 })
})
