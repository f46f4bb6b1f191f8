import type { Static } from 'typebox'
import type { CaseTerm } from '../contract/cases.ts'
import { addDays, addWorkingDays, workingDaysBetween } from '../contract/days.ts'

export type Term = Static<typeof CaseTerm>

/** What of a case says which terms are watched. `termsMet`: the day on which somebody said it was done; null: before that was kept. */
export interface Watched {
  receivedOn: string
  asksTerms: boolean
  termsMet: Partial<Record<'firstContact' | 'plan', string | null>>
}

/**
 * The terms of a case that still run, whoever has it: they end when somebody says that the contact was made or the plan is
 * there, and not because the case was allocated. null: met, or not watched.
 */
export function termsOf(
  { receivedOn, asksTerms, termsMet }: Watched,
  today: string,
): { firstContact: Term | null; plan: Term | null } {
  return {
    firstContact: asksTerms && termsMet.firstContact === undefined ? firstContact(receivedOn, today) : null,
    plan: asksTerms && termsMet.plan === undefined ? planOfAction(receivedOn, today) : null,
  }
}

/** First contact is due within this many working days after receipt. */
const FIRST_CONTACT_WORKING_DAYS = 5
/** The plan of action is due within this many days (six weeks) after receipt. */
const PLAN_DAYS = 42

/**
 * First contact: five working days after the day of receipt. `soon` from two working days before.
 * A case received on Monday is due the Monday after, when there is no holiday in between.
 */
export function firstContact(receivedOn: string, today: string): Term {
  return termOf(addWorkingDays(receivedOn, FIRST_CONTACT_WORKING_DAYS), today, 2)
}

/**
 * Plan of action: six weeks after the day of receipt, on the day itself even when that is a weekend or a holiday: the
 * careful reading. `soon` from five working days before.
 */
export function planOfAction(receivedOn: string, today: string): Term {
  return termOf(addDays(receivedOn, PLAN_DAYS), today, 5)
}

function termOf(dueOn: string, today: string, soonFrom: number): Term {
  const workingDaysLeft = workingDaysBetween(today, dueOn)
  const state =
    today > dueOn ? 'overdue' : today === dueOn ? 'today' : workingDaysLeft <= soonFrom ? 'soon' : 'onTime'
  return { dueOn, workingDaysLeft, state }
}
