import type { Static } from 'typebox'
import type { CaseTerm } from '../contract/cases.ts'

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

const DAY = 86_400_000

/** First contact is due within this many working days after receipt. */
const FIRST_CONTACT_WORKING_DAYS = 5
/** The plan of action is due within this many days (six weeks) after receipt. */
const PLAN_DAYS = 42

/**
 * First contact: five working days after the day of receipt. `soon` from two working days before.
 * A case received on Monday is due the Monday after, when there is no holiday in between.
 */
export function firstContact(receivedOn: string, today: string): Term {
  let day = dayNumber(receivedOn)
  for (let left = FIRST_CONTACT_WORKING_DAYS; left > 0; ) {
    day++
    if (isWorkingDay(day)) left--
  }
  return termOf(day, today, 2)
}

/**
 * Plan of action: six weeks after the day of receipt, on the day itself even when that is a weekend or a holiday: the
 * careful reading. `soon` from five working days before.
 */
export function planOfAction(receivedOn: string, today: string): Term {
  return termOf(dayNumber(receivedOn) + PLAN_DAYS, today, 5)
}

/** Whole days from one ISO day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from)
}

/**
 * Days off in the Netherlands: New Year, Easter Monday, King's Day (27 April, the 26th when the 27th is a Sunday),
 * Liberation Day only every five years, Ascension Day, Whit Monday and both days of Christmas.
 * Good Friday and 5 May of other years are working days here: most offices work, and a term that is counted too early
 * harms nobody.
 */
export function holidaysOf(year: number): string[] {
  const easter = easterSunday(year)
  const kingsDay = weekday(dayNumber(`${year}-04-27`)) === 0 ? `${year}-04-26` : `${year}-04-27`
  return [
    `${year}-01-01`,
    isoDay(easter + 1),
    kingsDay,
    ...(year % 5 === 0 ? [`${year}-05-05`] : []),
    isoDay(easter + 39),
    isoDay(easter + 50),
    `${year}-12-25`,
    `${year}-12-26`,
  ]
}

function termOf(due: number, today: string, soonFrom: number): Term {
  const now = dayNumber(today)
  const workingDaysLeft = now <= due ? workingDaysAfter(now, due) : 0 - workingDaysAfter(due, now)
  const state =
    now > due ? 'overdue' : now === due ? 'today' : workingDaysLeft <= soonFrom ? 'soon' : 'onTime'
  return { dueOn: isoDay(due), workingDaysLeft, state }
}

/** Working days after one day, up to and including another that is not earlier. */
function workingDaysAfter(from: number, until: number): number {
  let count = 0
  // Whole weeks have five weekdays; the holidays that fall on one are taken off.
  const weeks = Math.floor((until - from) / 7)
  for (let day = from + weeks * 7 + 1; day <= until; day++) if (isWeekday(day)) count++
  count += weeks * 5
  for (let year = yearOf(from); year <= yearOf(until); year++) {
    for (const iso of daysOffIn(year)) {
      const day = dayNumber(iso)
      if (day > from && day <= until && isWeekday(day)) count--
    }
  }
  return count
}

const daysOff = new Map<number, Set<string>>()

function daysOffIn(year: number): Set<string> {
  let found = daysOff.get(year)
  if (!found) {
    found = new Set(holidaysOf(year))
    daysOff.set(year, found)
  }
  return found
}

function isWorkingDay(day: number): boolean {
  return isWeekday(day) && !daysOffIn(yearOf(day)).has(isoDay(day))
}

function isWeekday(day: number): boolean {
  return weekday(day) !== 0 && weekday(day) !== 6
}

function yearOf(day: number): number {
  return new Date(day * DAY).getUTCFullYear()
}

/** Anonymous Gregorian computus (Meeus/Jones/Butcher), as a day number. */
function easterSunday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const day = ((h + l - 7 * m + 114) % 31) + 1
  return Date.UTC(year, month - 1, day) / DAY
}

/** Days since 1970-01-01: whole numbers, so that summer time cannot move a term. */
function dayNumber(iso: string): number {
  return Date.parse(`${iso}T00:00:00Z`) / DAY
}

function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** 0 is Sunday. */
function weekday(day: number): number {
  return new Date(day * DAY).getUTCDay()
}
