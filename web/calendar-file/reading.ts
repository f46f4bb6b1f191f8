import type { CalendarReading } from './read.ts'
import type { ReadingAnswer, ReadingJob } from './worker.ts'

/** What the thread gets to say what it has, and after which it is ended. */
const TIME = 5_000
const END = 20_000

/** Reads a calendar file in a thread of its own. Null when it is none; rejects when it takes too long or cannot be read. */
export function readInThread(job: Omit<ReadingJob, 'time'>): Promise<CalendarReading | null> {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  return new Promise<CalendarReading | null>((resolve, reject) => {
    const clock = setTimeout(() => reject(new Error('the file takes too long')), END)
    thread.onmessage = ({ data }: MessageEvent<ReadingAnswer>) => {
      clearTimeout(clock)
      resolve(data.reading)
    }
    thread.onerror = event => {
      clearTimeout(clock)
      reject(new Error(event.message))
    }
    thread.postMessage({ ...job, time: TIME } satisfies ReadingJob)
  }).finally(() => thread.terminate())
}
