import { test } from 'vitest'
import { againstHighs } from '../support/rivals.ts'
import { runRange } from './range.ts'

test('500 larger problems, the compact model level by level', async () => {
  await runRange(againstHighs, { blocks: 25, perBlock: 20 })
})
