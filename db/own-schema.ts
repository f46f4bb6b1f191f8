/** What people say about their own work: wishes, requests that somebody answers, and estimated weights. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Phase, PreferenceKind, PreferenceValue } from '../solver/problem/problem.ts'

type Id = GeneratedAlways<number>
type CreatedAt = ColumnType<Date, Date | undefined, never>
type Json<T> = ColumnType<T, string, string>
/** Filled later than the row. */
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>
type Day = string

export interface OwnTables {
  /** Every statement of wishes as it was made. */
  wishStatement: {
    id: Id
    workerId: number
    statedAt: Date
    wishes: Json<Wish[]>
    mentorId: number | null
  }
  ownRequest: OwnRequestTable
  estimate: EstimateTable
  estimateVoice: {
    estimateId: number
    userId: number
    /** null: asked, not yet given. */
    hours: number | null
    note: string | null
    givenAt: Date | null
  }

  /** A way of working that a case asks for and a wish can be about. */
  method: {
    code: string
    nameNl: string
    nameEn: string
    active: Generated<boolean>
    aboutWork: Generated<boolean>
    /** From this day on it is not `active`. */
    endsOn: Later<Day>
    version: Generated<number>
  }
  caseMethod: { caseId: number; methodCode: string }
}

/** A wish as stated: about the work, never about a client. */
export interface Wish {
  kind: PreferenceKind
  code: string
  value: PreferenceValue
  validUntil: Day | null
}

/** What a worker asks about the own record, and the answer. Which columns are filled follows from the kind. */
interface OwnRequestTable {
  id: Id
  organisationId: number
  teamId: number
  workerId: number
  kind: 'absence' | 'reduction' | 'correction' | 'weight'
  status: Generated<'open' | 'granted' | 'declined' | 'withdrawn'>
  reasonCode: string | null
  percentage: number | null
  validFrom: Day | null
  validUntil: Day | null
  /** Of leave in several periods, in order: validFrom and validUntil are the first and the last day of all. */
  periods: ColumnType<{ validFrom: Day; validUntil: Day }[] | null, string | null | undefined, never>
  subject: string | null
  caseId: number | null
  hours: number | null
  text: string | null
  salt: string | null
  answer: Later<string>
  answerSalt: Later<string>
  answeredBy: Later<number>
  answeredAt: Later<Date>
  createdAt: CreatedAt
  version: Generated<number>
}

/** A weight that several people estimate on their own first. `features` are those of the case when it began. */
interface EstimateTable {
  id: Id
  organisationId: number
  teamId: number
  caseId: number
  roundId: number | null
  requestId: number | null
  status: Generated<'open' | 'revealed' | 'agreed' | 'cancelled'>
  tableHours: number
  rulebookVersion: number
  features: Json<EstimateFeatures>
  openedBy: number | null
  createdAt: CreatedAt
  revealedAt: Later<Date>
  agreedHours: Later<number>
  agreedText: Later<string>
  salt: Later<string>
  agreedBy: Later<number>
  agreedAt: Later<Date>
  version: Generated<number>
}

export interface EstimateFeatures {
  measures: string[]
  phase: Phase | null
  factors: string[]
  children: number | null
}
