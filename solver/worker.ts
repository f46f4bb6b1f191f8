import { parentPort, workerData } from 'node:worker_threads'
import { explainNot, type Relaxation, smallestRelaxation, type WhyNot } from './explain-not.ts'
import type { Problem, Proposal, Seat } from './problem.ts'
import type { CodeNames } from './sentences.ts'
import { type Progress, solve } from './solve.ts'

interface Job {
  problem: Problem
  limits: { timeLimitMs: number }
}

/** What the thread is started with (`workerData`) to solve a round. */
export interface SolverJob extends Job {
  task?: 'solve'
  /** One Int32 in shared memory; anything but 0 asks to stop and use the best. The thread is too busy for messages. */
  stop?: SharedArrayBuffer
}

/** To answer what only solving again can answer. `names` by worker id and `codeNames` are for the sentences. */
export interface WhyNotJob extends Job {
  task: 'whyNot'
  proposal: Proposal
  caseId: string
  seat: Seat
  workerId: string
  names: Record<string, string>
  codeNames: CodeNames
}

export interface RelaxationJob extends Job {
  task: 'relaxation'
  proposal: Proposal
  caseId: string
  names: Record<string, string>
}

export type ThreadJob = SolverJob | WhyNotJob | RelaxationJob

/**
 * What the thread says: progress now and then, early proposals for when the thread has to be ended from outside, and one
 * answer or one failure at the end.
 */
export type SolverMessage =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'early'; proposal: Proposal }
  | { kind: 'proposal'; proposal: Proposal }
  | { kind: 'whyNot'; answer: WhyNot }
  | { kind: 'relaxation'; answer: Relaxation | null }
  | { kind: 'failed'; message: string }

const port = parentPort
if (!port) throw new Error('solver/worker.ts runs in a worker thread; call solve() from solve.ts instead.')
const say = (message: SolverMessage) => port.postMessage(message)

async function answer(job: ThreadJob): Promise<SolverMessage> {
  const { problem, limits } = job
  if (job.task === 'whyNot') {
    const { names, codeNames, proposal, caseId, workerId, seat } = job
    const name = (id: string) => names[id] ?? id
    const options = { seat, timeLimitMs: limits.timeLimitMs, name, codeNames }
    return { kind: 'whyNot', answer: await explainNot(problem, proposal, caseId, workerId, options) }
  }
  if (job.task === 'relaxation') {
    const { names, proposal, caseId } = job
    const name = (id: string) => names[id] ?? id
    const options = { tries: 3, timeLimitMs: limits.timeLimitMs / 3, name }
    return { kind: 'relaxation', answer: await smallestRelaxation(problem, proposal, caseId, options) }
  }
  const flag = job.stop ? new Int32Array(job.stop) : null
  const proposal = await solve(problem, {
    timeLimitMs: limits.timeLimitMs,
    shouldStop: () => flag !== null && Atomics.load(flag, 0) !== 0,
    onProgress: progress => say({ kind: 'progress', progress }),
    onEarly: early => say({ kind: 'early', proposal: early }),
  })
  return { kind: 'proposal', proposal }
}

try {
  say(await answer(workerData as ThreadJob))
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
}
