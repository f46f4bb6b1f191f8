import { expect } from 'vitest'
import { runBlocks } from '../support/differential.ts'
import type { Contest } from '../support/rivals.ts'

/**
 * Runs a contest over blocks of problems and prints how far it is.
 *
 *   npm run test:long                                 everything
 *   npm run test:long -- brute-force                  one file
 *   FIRST=41 BLOCKS=10 npm run test:long -- highs     blocks 41 to 50: to resume, or to look elsewhere
 */
export async function runRange(contest: Contest, whole: { blocks: number; perBlock: number }): Promise<void> {
  const firstBlock = Number(process.env.FIRST ?? 1)
  const blocks = Number(process.env.BLOCKS ?? Math.max(0, whole.blocks - firstBlock + 1))
  const tally = await runBlocks({
    ...contest,
    firstBlock,
    blocks,
    perBlock: whole.perBlock,
    progress: line => console.log(line),
  })
  expect(tally.agreed + tally.unproven + tally.behind + tally.gaveUp).toBe(blocks * whole.perBlock)
}
