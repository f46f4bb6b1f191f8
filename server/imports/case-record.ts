import type { Phase, Urgency } from '../../solver/problem/problem.ts'
import type { NumberForms } from '../contract/numbers.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import type { StoredNeed } from '../weighing/needs.ts'

import type { OutOfSight } from './plan.ts'

/** A case as a file has it, with its current workers by staff number; the municipality is its name. */
export interface CaseRecord {
  caseNumber: string
  familyNumber: string | null
  team: string
  measures: { measure: string; startOn: string; endOn: string | null }[]
  phase: Phase | null
  children: number | null
  factors: string[]
  urgency: Urgency
  receivedOn: string
  municipality: string | null
  competences: StoredNeed[]
  duoNeeded: boolean
  formerWorkers: { staffNumber: string; untilOn: string | null }[]
  primary: string | null
  primaryFrom: string | null
  second: string | null
  secondFrom: string | null
}

/** What a file of cases is compared with. */
export interface CasesState {
  known: ReadonlyMap<string, CaseRecord>
  outOfSight: OutOfSight
  /** Case numbers that do not change any more, and those in an open round. */
  closed: ReadonlySet<string>
  inOpenRound: ReadonlySet<string>
  /** Seats by case number, ended ones too; `endsOn` is the first day that the seat is free. */
  seats: ReadonlyMap<string, readonly SeatPeriod[]>
  workers: ReadonlyMap<string, { employedFrom: string; employedUntil: string | null }>
  /** Teams by name; false: not one of the reader's. */
  teams: ReadonlyMap<string, boolean>
  measures: ReadonlyMap<string, unknown>
  /** By code: whether it is a threat, which makes a duo compulsory. */
  factors: ReadonlyMap<string, boolean>
  /** Highest level by code. */
  competences: ReadonlyMap<string, number>
  /** Code by name. */
  municipalities: ReadonlyMap<string, string>
  /** What a new case usually needs, where the file says nothing of it. */
  rules: Pick<RulebookContent, 'usualNeeds'>
  today: string
  forms: NumberForms
}

export interface SeatPeriod {
  seat: 'primary' | 'second' | 'cover'
  staffNumber: string
  startsOn: string
  endsOn: string | null
}
