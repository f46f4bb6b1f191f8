/** Reads a calendar file beside the page, so that no file can hold it up. */
import { type CalendarReading, readCalendar } from './read.ts'

export interface ReadingJob {
  text: string
  from: string
  until: string
  me: string
  /** Milliseconds after which it says what it has. */
  time: number
}
export type ReadingAnswer = { reading: CalendarReading | null }

self.onmessage = ({ data: job }: MessageEvent<ReadingJob>) => {
  const start = performance.now()
  const reading = readCalendar(job.text, { ...job, enough: () => performance.now() - start > job.time })
  self.postMessage({ reading } satisfies ReadingAnswer)
}
