import { parentPort } from 'node:worker_threads'
import { type PricedAlternatives, priceAlternatives } from '../explain/alternatives.ts'
import { type Relaxations, relaxationsFor } from '../explain/relaxations.ts'
import { type Front, type FrontOptions, tradeOff } from '../explain/trade-off.ts'
import { explainNot, type WhyNot } from '../explain/why-not.ts'
import type { Problem, Proposal, Seat } from '../problem/problem.ts'
import type { CodeNames } from '../problem/sentences.ts'
import { type Progress, solve } from '../solve.ts'

interface Job {
  problem: Problem
  limits: { timeLimitMs: number }
}

/** What the thread is asked to solve a round. One job at a time; the thread goes on to the next when it has answered. */
export interface SolverJob extends Job {
  task?: 'solve'
  /** One Int32 in shared memory; anything but 0 asks to stop and use the best. The thread is too busy for messages. */
  stop?: SharedArrayBuffer
}

/** To answer what only solving again can answer. `names` by worker id and `codeNames` are for the sentences. */
interface Question extends Job {
  draft: Pick<Proposal, 'lines' | 'loads'>
  caseId: string
  names: Record<string, string>
  codeNames: CodeNames
}

export interface WhyNotJob extends Question {
  task: 'whyNot'
  seat: Seat
  workerId: string
}

export interface AlternativesJob extends Question {
  task: 'alternatives'
  seat: Seat
}

export interface WaysJob extends Question {
  task: 'relaxations'
  onlySmallest: boolean
}

export interface FrontJob extends Job {
  task: 'front'
  stop?: SharedArrayBuffer
  options: Pick<FrontOptions, 'points' | 'highestAtMost' | 'pointsAtLeast'>
}

export type ThreadJob = SolverJob | FrontJob | WhyNotJob | AlternativesJob | WaysJob

/**
 * What the thread says: progress now and then, early proposals for when the thread has to be ended from outside, and one
 * answer or one failure at the end.
 */
export type SolverMessage =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'early'; proposal: Proposal }
  | { kind: 'proposal'; proposal: Proposal }
  | { kind: 'whyNot'; answer: WhyNot }
  | { kind: 'alternatives'; answer: PricedAlternatives }
  | { kind: 'relaxations'; answer: Relaxations }
  | { kind: 'front'; answer: Front }
  | { kind: 'failed'; message: string }

const port = parentPort
if (!port)
  throw new Error('solver/thread/thread.ts runs in a worker thread; call solve() from solve.ts instead.')
const say = (message: SolverMessage) => port.postMessage(message)

async function answer(job: ThreadJob): Promise<SolverMessage> {
  const { problem, limits } = job
  if (job.task === 'front') {
    const shouldStop = asked(job.stop)
    return {
      kind: 'front',
      answer: await tradeOff(problem, {
        ...job.options,
        timeLimitMs: limits.timeLimitMs,
        shouldStop,
        onProgress: progress => say({ kind: 'progress', progress }),
      }),
    }
  }
  if (!('draft' in job)) return solveRound(job)
  const { names, codeNames, draft, caseId } = job
  // A slow start of the thread should cost some of the search, not the answer.
  const timeLimitMs = limits.timeLimitMs * 0.8
  const options = { timeLimitMs, name: (id: string) => names[id] ?? id, codeNames }
  switch (job.task) {
    case 'whyNot': {
      const { workerId, seat } = job
      return {
        kind: 'whyNot',
        answer: await explainNot(problem, draft, caseId, workerId, { ...options, seat }),
      }
    }
    case 'alternatives': {
      const { seat } = job
      return {
        kind: 'alternatives',
        answer: await priceAlternatives(problem, draft, caseId, { ...options, seat }),
      }
    }
    case 'relaxations': {
      const { onlySmallest } = job
      return {
        kind: 'relaxations',
        answer: await relaxationsFor(problem, draft, caseId, { ...options, onlySmallest }),
      }
    }
  }
}

/** Whether somebody asked to stop. */
function asked(stop: SharedArrayBuffer | undefined): () => boolean {
  const flag = stop ? new Int32Array(stop) : null
  return () => flag !== null && Atomics.load(flag, 0) !== 0
}

async function solveRound({ problem, limits, stop }: SolverJob): Promise<SolverMessage> {
  const proposal = await solve(problem, {
    timeLimitMs: limits.timeLimitMs,
    shouldStop: asked(stop),
    onProgress: progress => say({ kind: 'progress', progress }),
    onEarly: early => say({ kind: 'early', proposal: early }),
  })
  return { kind: 'proposal', proposal }
}

port.on('message', async (job: ThreadJob) => {
  try {
    say(await answer(job))
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
})
