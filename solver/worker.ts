import { parentPort, workerData } from 'node:worker_threads'
import type { Problem, Proposal } from './problem.ts'
import { type Progress, solve } from './solve.ts'

/** What the thread is started with (`workerData`). */
export interface SolverJob {
  problem: Problem
  limits: { timeLimitMs: number }
  /** One Int32 in shared memory; anything but 0 asks to stop and use the best. The thread is too busy for messages. */
  stop?: SharedArrayBuffer
}

/** What the thread says: progress now and then, and one answer or one failure at the end. */
export type SolverMessage =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'proposal'; proposal: Proposal }
  | { kind: 'failed'; message: string }

const port = parentPort
if (!port) throw new Error('solver/worker.ts runs in a worker thread; call solve() from solve.ts instead.')
const say = (message: SolverMessage) => port.postMessage(message)
const { problem, limits, stop } = workerData as SolverJob
const flag = stop ? new Int32Array(stop) : null

try {
  const proposal = await solve(problem, {
    timeLimitMs: limits.timeLimitMs,
    shouldStop: () => flag !== null && Atomics.load(flag, 0) !== 0,
    onProgress: progress => say({ kind: 'progress', progress }),
  })
  say({ kind: 'proposal', proposal })
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
}
