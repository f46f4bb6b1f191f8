import { expect, test } from 'vitest'
import { startThread, type ThreadResult } from '../../../server/event-loop/solver-thread.ts'
import { randomProblem } from '../../support/problems.ts'

const job = (size: { cases: number; workers: number }, timeLimitMs = 60_000) => ({
  problem: randomProblem(7, size),
  limits: { timeLimitMs },
})
const withoutTime = (answer: ThreadResult) =>
  answer.kind === 'proposal' ? { ...answer.proposal, wallMs: 0 } : answer
const SMALL = { cases: 4, workers: 6 }

test('a thread that has answered does the next job, with an answer of its own', async () => {
  const first = startThread(job(SMALL))
  const answer = await first.result
  expect(answer.kind).toBe('proposal')
  const second = startThread(job({ cases: 3, workers: 5 }))
  expect(second.id).toBe(first.id)
  // What ends the first has no hold on it any more.
  first.abandon()
  first.endWithin(0)
  const next = await second.result
  expect(next.kind === 'proposal' && new Set(next.proposal.lines.map(line => line.caseId)).size).toBe(3)
  const again = startThread(job(SMALL))
  expect(withoutTime(await again.result)).toEqual(withoutTime(answer))
})

test('two jobs at the same time have a thread each; one that was ended is not used again', async () => {
  const [one, other] = [startThread(job(SMALL)), startThread(job({ cases: 40, workers: 50 }))]
  expect(one.id).not.toBe(other.id)
  other.abandon()
  expect(await other.result).toMatchObject({ kind: 'failed', why: 'time' })
  await one.result
  const later = [startThread(job(SMALL)), startThread(job(SMALL)), startThread(job(SMALL))]
  expect(later.map(thread => thread.id)).not.toContain(other.id)
  for (const thread of later) expect((await thread.result).kind).toBe('proposal')
})

test('a job that fails says why, and the next one is answered', async () => {
  const wrong = job(SMALL)
  wrong.problem.cases[1]!.id = wrong.problem.cases[0]!.id
  expect(await startThread(wrong).result).toMatchObject({ kind: 'failed', why: 'failed' })
  expect((await startThread(job(SMALL)).result).kind).toBe('proposal')
})

test('a limit that ends before there is any answer gives the first one, not none', async () => {
  const late = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', () => setTimeout(() => parentPort.postMessage({ kind: 'early', proposal: 'late' }), 1500))`
  const url = new URL(`data:text/javascript,${encodeURIComponent(late)}`)
  expect(await startThread(job(SMALL, 1), url).result).toEqual({ kind: 'proposal', proposal: 'late' })
})
