import type { Sentence } from '../../solver/problem/sentences.ts'

/** A kind of event: as people read it in the history, and who hears of it while it happens. */
export interface EventEntry extends Sentence {
  /**
   * Who hears of it on the stream (`server/stream/audience.ts`). nobody: it is about one person, or of no use to others;
   * readers: who reads such events in the history; workers: these, and the workers whom it is about. Left out: workers too
   * where it is about a case, a worker, a request, an estimate or a team; readers alone where it is about a round.
   */
  live?: 'nobody' | 'readers' | 'workers'
}
