import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/**
 * A built thread beside the running file, or in `dist` when the sources run. A `.ts` thread cannot be loaded by every
 * supported Node, so the sources need one build first.
 */
export function threadFile(name: string): URL {
  const places = ['./', '../', '../../dist/server/']
  const urls = places.map(place => new URL(`${place}${name}.js`, import.meta.url))
  const found = urls.find(url => existsSync(url))
  if (!found) throw new Error(`There is no ${name}.js. Maybe "npm run build" has not run yet?`)
  return found
}

/** Asks a thread of its own one question, so that the event loop does not wait; it ends with its answer, or at its limit. */
export function askThread<Question, Answer>(
  name: string,
  question: Question,
  { limitMs, memoryMb }: { limitMs: number; memoryMb: number },
): Promise<Answer> {
  const worker = new Worker(threadFile(name), {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  const timer = setTimeout(() => void worker.terminate(), limitMs)
  return new Promise<Answer>((resolve, reject) => {
    worker.on('message', (answer: Answer) => resolve(answer))
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error(`The thread ${name} ended without an answer.`)))
  }).finally(() => {
    clearTimeout(timer)
    void worker.terminate()
  })
}
