import { Worker } from 'node:worker_threads'
import type { Proposal } from '../../solver/problem.ts'
import type { Progress } from '../../solver/solve.ts'
import type { SolverMessage, ThreadJob } from '../../solver/worker.ts'
import { inTurns } from '../in-turns.ts'
import { threadFile } from '../threads.ts'

/** How a thread ended: its answer, or why there is none. */
export type ThreadResult =
  | Exclude<SolverMessage, { kind: 'progress' | 'early' | 'failed' }>
  | { kind: 'failed'; why: 'time' | 'memory' | 'failed'; message: string }

export interface Thread {
  result: Promise<ThreadResult>
  /**
   * Ends the thread within this many milliseconds from now, if that is sooner than its own limit; what it had counts. While it has no answer
   * at all it gets `patience` more, and is ended with its first one.
   */
  endWithin(ms: number, patience: number): void
  /** Ends the thread at once; nothing it had counts. */
  abandon(): void
}

/** Of the heap of one thread. Memory outside it (wasm) is bounded by the limits on the size of a Problem. */
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 8 }
/** How long a thread may go on after its own limit before it is ended from outside. */
const GRACE_MS = 1000

/**
 * Runs one job in a thread of its own, so that the event loop never waits for it. Ends it from outside one second after its
 * limit, whatever it does, and when it takes more memory than it may. An engine that does not look at the clock in time then
 * costs the search, not the answer: the last early proposal of the thread stands in. `hear` is called with every progress.
 */
export function startThread(
  job: ThreadJob,
  url: URL = threadFile('solver-thread'),
  hear: (progress: Progress) => void = () => {},
): Thread {
  const worker = new Worker(url, { workerData: job, resourceLimits: LIMITS })
  let timer: NodeJS.Timeout | undefined
  let why: 'time' | 'memory' | 'failed' = 'failed'
  let early: Proposal | null = null
  const end = () => {
    why = 'time'
    void worker.terminate()
  }
  let endsWithFirst = false
  const limitMs = job.limits.timeLimitMs + GRACE_MS
  const started = performance.now()
  timer = setTimeout(end, limitMs)
  const result = new Promise<ThreadResult>(resolve => {
    worker.on('message', (message: SolverMessage) => {
      if (message.kind === 'progress') {
        hear(message.progress)
        return
      }
      if (message.kind === 'early') {
        early = message.proposal
        if (endsWithFirst) end()
        return
      }
      resolve(message.kind === 'failed' ? { ...message, why: 'failed' } : message)
      void worker.terminate()
    })
    worker.on('error', (error: Error & { code?: string }) => {
      // The exit that follows brings the answer, if there is one.
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') why = 'memory'
      else resolve({ kind: 'failed', why, message: error.message })
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      if (early !== null && why !== 'failed') resolve({ kind: 'proposal', proposal: early })
      else resolve({ kind: 'failed', why, message: `The thread ended without an answer (${why}).` })
    })
  })
  return {
    result,
    endWithin(ms, patience) {
      const left = limitMs - (performance.now() - started)
      if (ms >= left) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (early !== null) return end()
        endsWithFirst = true
        timer = setTimeout(end, Math.min(patience, left - ms))
      }, ms)
    },
    abandon() {
      early = null
      end()
    },
  }
}

// Explanations come from people who click; a few at a time leave the machine room for the rest.
const inTurn = inTurns(2)

/** As `startThread`, for a question that somebody waits for: at most two at a time, the others queue. */
export function inThread(job: ThreadJob): Promise<ThreadResult> {
  return inTurn(() => startThread(job).result)
}
