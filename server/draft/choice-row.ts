import type { Seat } from '../../solver/problem/problem.ts'

import type { StandingChoice } from './draft-view.ts'

/** A choice as stored, with the numbers and names people use. */
export interface StoredChoice extends ChoiceRow {
  id: number
  caseNumber: string
  staffNumber: string | null
  workerName: string | null
  reasonCode: string | null
  reasonText: string | null
  lasts: 'round' | 'until' | 'always' | null
  untilOn: string | null
  reviewOn: string | null
  tasks: string[]
  by: string | null
  byId: number | null
  /** The team of the case. */
  teamId: number
  at: Date
}

/** A standing choice by row ids. */
export interface ChoiceRow extends GivenMotivation {
  caseId: number
  seat: Seat
  kind: StandingChoice['kind']
  workerId: number | null
}

/** What people gave along with a worker they chose. */
export type GivenMotivation = Pick<StandingChoice, 'setAside' | 'unregisteredReason' | 'acceptsExcess'>
