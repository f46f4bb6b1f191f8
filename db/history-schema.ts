import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Phase, PreferenceKind, PreferenceValue } from '../solver/problem/problem.ts'

type Day = string
type Id = GeneratedAlways<number>

/**
 * The tables of history. `fromOn` is the first day on which something held, `untilOn` the first on which it did not; at
 * the ends stand '-infinity' and 'infinity'. Days to come hold what is planned. Triggers write what changes today; plans and
 * the hours that follow from them are written by the server.
 */
export interface HistoryTables {
  workerPeriod: Period & { workerId: number; teamId: number; contractHours: number; dutyHours: number }
  casePeriod: Period & {
    caseId: number
    teamId: number
    phase: Phase | null
    weightOverrideHours: number | null
    weightOverrideSecond: ColumnType<number | null, number | null | undefined, number | null>
    children: number | null
    duoNeeded: Generated<boolean>
    /** Codes, in order. */
    factors: Generated<string[]>
  }
  allocationPeriod: Period & { allocationId: number; hours: number }
  preferencePeriod: Period & {
    workerId: number
    kind: PreferenceKind
    code: string
    value: PreferenceValue
    validUntil: Day | null
  }
  signalHandling: SignalHandlingTable
  dormancy: DormancyTable
  phaseAnswer: PhaseAnswerTable
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

/** A case that asks little work for a while. `untilOn`: the day of the review, the first on which it counts in full again. */
interface DormancyTable {
  id: Id
  caseId: number
  fromOn: Day
  untilOn: Day
  reason: DormantReason
  status: 'asked' | 'standing' | 'declined' | 'withdrawn'
  askedBy: number | null
  askedAt: ColumnType<Date, Date | undefined, never>
  decidedBy: number | null
  decidedAt: Date | null
}

export type DormantReason =
  | 'waitingForHelp'
  | 'waitingForCourt'
  | 'elsewhere'
  | 'stable'
  | 'unreachable'
  | 'other'

/** What people said about a phase that was due, other than yes. The last about a stretch of a phase counts. */
interface PhaseAnswerTable {
  id: Id
  caseId: number
  phase: Phase
  /** First day of the stretch that it is about. */
  sinceOn: Day
  outcome: 'postponed' | 'declined'
  /** Asked again from this day. */
  againOn: Day
  reason: PhaseReason
  answeredBy: number | null
  answeredAt: ColumnType<Date, Date | undefined, never>
}

export type PhaseReason = 'workNotDone' | 'newEvents' | 'courtDate' | 'dataWrong' | 'other'
