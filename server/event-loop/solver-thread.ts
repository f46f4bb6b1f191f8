import { Worker } from 'node:worker_threads'
import pLimit from 'p-limit'
import type { Proposal } from '../../solver/problem/problem.ts'
import type { Progress } from '../../solver/solve.ts'
import type { SolverMessage, ThreadJob } from '../../solver/thread/thread.ts'
import { threadFile } from './threads.ts'

/** How a thread ended: its answer, or why there is none. */
export type ThreadResult =
  | Exclude<SolverMessage, { kind: 'progress' | 'early' | 'failed' }>
  | { kind: 'failed'; why: 'time' | 'memory' | 'failed'; message: string }

export interface Thread {
  /** Of the worker; the same one may do another job later. */
  id: number
  result: Promise<ThreadResult>
  /** Ends the thread within this many milliseconds from now, if that is sooner than its own limit; what it had counts. */
  endWithin(ms: number): void
  /** Ends the thread at once; nothing it had counts. */
  abandon(): void
}

/** Of the heap of one thread. Memory outside it (wasm) is bounded by the limits on the size of a Problem. */
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 8 }
/** How long a thread may go on after its own limit before it is ended from outside. */
const GRACE_MS = 1000
/** And how much longer when it has no answer at all yet, as on a machine that is busy with other things. */
const FIRST_ANSWER_MS = 10_000
/** A thread that has answered waits so long for another job: starting one takes longer than solving most rounds. */
const IDLE_MS = 60_000
const MAX_IDLE = 2
/** After so many jobs, or one with more pairs of cases and workers, a thread has taken memory that it does not give back. */
const MAX_JOBS = 50
const MAX_PAIRS = 20_000

interface Idle {
  worker: Worker
  jobs: number
  /** Takes it out of the waiting ones. */
  take(): void
}
const idle = new Map<string, Idle[]>()

/** Without the listeners of the job before. Not all of them: Node has its own, which wake it when a message comes. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
}

function workerFor(url: URL): { worker: Worker; jobs: number } {
  const waiting = idle.get(url.href)?.at(-1)
  if (!waiting) return { worker: new Worker(url, { resourceLimits: LIMITS }), jobs: 0 }
  waiting.take()
  waiting.worker.ref()
  return waiting
}

/** Keeps a thread that did its job well for the next one; it keeps no process alive. */
function keep(url: URL, worker: Worker, jobs: number): void {
  const list = idle.get(url.href) ?? []
  idle.set(url.href, list)
  forget(worker)
  if (jobs >= MAX_JOBS || list.length >= MAX_IDLE) return void worker.terminate()
  const timer = setTimeout(() => {
    one.take()
    void worker.terminate()
  }, IDLE_MS)
  timer.unref()
  const one: Idle = {
    worker,
    jobs,
    take() {
      clearTimeout(timer)
      forget(worker)
      list.splice(list.indexOf(one), 1)
    },
  }
  worker.on('error', () => {})
  worker.on('exit', () => one.take())
  worker.unref()
  list.push(one)
}

/**
 * Runs one job in a thread that does nothing else meanwhile, so that the event loop never waits for it. Ends it from
 * outside one second after its limit, or with its first answer when it had none by then, and when it takes more memory than it may. An engine that does not look at the clock in time then
 * costs the search, not the answer: the last early proposal of the thread stands in. `hear` is called with every progress.
 */
export function startThread(
  job: ThreadJob,
  url: URL = threadFile('solver-thread'),
  hear: (progress: Progress) => void = () => {},
): Thread {
  const { worker, jobs } = workerFor(url)
  let why: 'time' | 'memory' | 'failed' = 'failed'
  let early: Proposal | null = null
  let done = false
  const end = () => {
    // What has answered may be at somebody else's job by now.
    if (done) return
    why = 'time'
    void worker.terminate()
  }
  let endsWithFirst = false
  const endWithAnswer = () => {
    if (early !== null) return end()
    endsWithFirst = true
    timer = setTimeout(end, FIRST_ANSWER_MS)
  }
  const endsAt = performance.now() + job.limits.timeLimitMs + GRACE_MS
  let timer = setTimeout(endWithAnswer, endsAt - performance.now())
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
      clearTimeout(timer)
      resolve(message.kind === 'failed' ? { ...message, why: 'failed' } : message)
      const { cases, workers } = job.problem
      if (message.kind === 'failed' || cases.length * workers.length > MAX_PAIRS) void worker.terminate()
      else keep(url, worker, jobs + 1)
      done = true
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
  worker.postMessage(job)
  return {
    id: worker.threadId,
    result,
    endWithin(ms) {
      if (done || endsWithFirst || ms >= endsAt - performance.now()) return
      clearTimeout(timer)
      timer = setTimeout(endWithAnswer, ms)
    },
    abandon() {
      early = null
      end()
    },
  }
}

// Explanations come from people who click; a few at a time leave the machine room for the rest.
const inTurn = pLimit(2)

/** As `startThread`, for a question that somebody waits for: at most two at a time, the others queue. */
export function inThread(job: ThreadJob): Promise<ThreadResult> {
  return inTurn(() => startThread(job).result)
}
