import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { problemOfSeed, smaller } from '../support/arbitrary.ts'
import { runBlocks } from '../support/differential.ts'
import { againstBruteForce, againstHighs, againstJslp, amongEquals, type Contest } from '../support/rivals.ts'

/** The short form; `npm run test:long` goes on for tens of thousands of problems. */
test.each([
  [againstBruteForce, 300],
  [amongEquals, 100],
  [againstHighs, 25],
  [againstJslp, 60],
] as [Contest, number][])('%# the same levels as $name', { timeout: 120_000 }, async (contest, perBlock) => {
  const tally = await runBlocks({ ...contest, firstBlock: 1, blocks: 1, perBlock })
  expect(tally.agreed + tally.gaveUp).toBe(perBlock)
  expect(tally.agreed).toBeGreaterThan(perBlock * 0.8)
})

test('a problem that disagrees is shrunk to what it takes', async () => {
  const rival = againstBruteForce.rival
  const wrong: typeof rival = async problem => {
    const levels = await rival(problem)
    return problem.locks.length > 0 && levels ? [...levels.slice(0, -1), levels.at(-1)! + 1] : levels
  }
  const failing = runBlocks({
    ...againstBruteForce,
    name: 'shrinking',
    rival: wrong,
    firstBlock: 1,
    blocks: 1,
    perBlock: 50,
  })
  const message = await failing.then(
    () => '',
    (error: Error) => error.message,
  )
  expect(message).toMatch(/^shrinking, block 1, path [\d:]+, after \d+ shrinks: solver/)
  const file = message.match(/in (\S+)$/)?.[1] ?? ''
  const { cases, workers, locks } = JSON.parse(await readFile(file, 'utf8'))
  expect([cases.length, workers.length, locks.length]).toEqual([1, 1, 1])
})

test('shrinking gives only smaller, valid problems', () => {
  const problem = problemOfSeed(5, () => ({ cases: 6, workers: 6 }))
  const list = [...smaller(problem)]
  expect(list.length).toBeGreaterThan(50)
  const size = JSON.stringify(problem).length
  expect(
    list
      .filter(one => one.cases.length < 6 || one.workers.length < 6)
      .every(one => JSON.stringify(one).length < size),
  ).toBe(true)
})
