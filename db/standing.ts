import { type AliasedRawBuilder, sql } from 'kysely'
import type { CaseStatus } from './schema.ts'

/** One row of case_standing(day): where a case stands on that day. */
export interface CaseStanding {
  caseId: number
  status: CaseStatus
  /** A pair whose first seat is taken and whose second is not. */
  secondOpen: boolean
  openRoundId: number | null
  primaryWorkerId: number | null
  primaryFrom: string | null
  secondWorkerId: number | null
  secondFrom: string | null
  /** Start of the first primary seat ever; until then the case waited. */
  firstStart: string | null
  /** First contact and plan are watched: the case did not come in with a worker of its own. */
  asksTerms: boolean
}

/** `case_standing` as a table to join, named `s`. The one definition; `day` comes from the caller, never from a clock. */
export function standingOn(day: string): AliasedRawBuilder<CaseStanding, 's'> {
  return sql<CaseStanding>`case_standing(${day}::date)`.as<'s'>(sql`s`)
}

/** How a case can be asked for: by its state, or as one that misses only its second worker. */
export type CaseListing = CaseStatus | 'second_open'

/** What Instroom still has to find somebody for. */
export const TO_ALLOCATE: readonly CaseListing[] = ['waiting', 'in_round', 'second_open']

/** These listings as a condition on `s`. */
export function listedAs(listings: readonly CaseListing[]) {
  return sql<boolean>`(s.status = any(${[...listings]}::text[])
    or (s.second_open and ${listings.includes('second_open')}::boolean))`
}
