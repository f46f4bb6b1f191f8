import type { GeneratedAlways } from 'kysely'

type Day = string
type Id = GeneratedAlways<number>

/**
 * The tables of history. `fromOn` is the first day on which something held, `untilOn` the first on which it did not; at
 * the ends stand '-infinity' and 'infinity'. Triggers write them: nothing else does, but for a history that is made up.
 */
export interface HistoryTables {
  workerPeriod: Period & { workerId: number; teamId: number; contractHours: number; dutyHours: number }
  casePeriod: Period & {
    caseId: number
    teamId: number
    phase: 'begin' | 'middle' | 'end' | null
    weightOverrideHours: number | null
  }
  allocationPeriod: Period & { allocationId: number; hours: number }
  signalHandling: SignalHandlingTable
}

interface Period {
  fromOn: Day
  untilOn: Day
}

/** What somebody last did about a signal. `subject` and `mark` say which one: the same again next year is another. */
interface SignalHandlingTable {
  id: Id
  organisationId: number
  teamId: number
  kind: string
  subject: string
  mark: string
  assignedTo: number | null
  /** Not shown before this day. */
  hiddenUntil: Day | null
  outcome: 'assigned' | 'snoozed' | 'resolved'
  note: string | null
  /** Of the hash of the note in the event. */
  salt: string
  handledBy: number | null
  handledAt: Date
  version: number
}
