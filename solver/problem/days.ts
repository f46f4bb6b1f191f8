import {
  create,
  dayOfWeek,
  diffDays,
  type Record as PlainDate,
  addDays as plainDateAfter,
  addMonths as plainDateMonthsAfter,
  toString as textOf,
  weekOfYear,
} from 'temporal-polyfill/fns/PlainDate'

/**
 * Days are ISO text everywhere ('2026-11-24'): as text they sort and compare, and what else is asked of them is asked here. Temporal
 * reckons, the platform's where it has one; by functions and not by its classes, because of those only what is used travels to a
 * browser. Which day a moment falls on is `dayOf`, in the contract.
 */

interface Known {
  /** Days since 1970-01-01. */
  number: number
  /** 1 is Monday, 7 is Sunday. */
  weekday: number
}

/**
 * What was found out of a day is kept: a round asks for millions of the same few thousand days, and Temporal takes microseconds for
 * each. Who asks for more than a century begins again.
 */
const MAX_KEPT = 50_000
const known = new Map<string, Known>()
const texts = new Map<number, string>()
const EPOCH = create(1970, 1, 1)

function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value): Value {
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(key, value)
  return value
}

/** A day after the year 9999 is written with a sign and six digits, as `toISOString` does. */
const FORM = /^(\d{4}|[+-]\d{6})-(\d{2})-(\d{2})$/

function plainDate(iso: string): PlainDate {
  const [, year, month, day] = FORM.exec(iso) ?? []
  if (year === undefined) throw new RangeError(`no day: ${iso}`)
  return create(Number(year), Number(month), Number(day))
}

function read(iso: string): Known {
  const found = known.get(iso)
  if (found) return found
  const day = plainDate(iso)
  return keep(known, iso, { number: diffDays(EPOCH, day), weekday: dayOfWeek(day) })
}

/** Whether the text is a day of the calendar, as 2026-12-01 is and 2026-02-31 is not. */
export function isDay(text: string): boolean {
  if (text.length !== 10 || !FORM.test(text)) return false
  try {
    read(text)
    return true
  } catch {
    return false
  }
}

/** Days since 1970-01-01, for who counts with many; what is no day throws a RangeError. */
export const dayNumber = (iso: string): number => read(iso).number

/** The day of a number of days since 1970-01-01. */
export const isoDay = (number: number): string =>
  texts.get(number) ?? keep(texts, number, textOf(plainDateAfter(EPOCH, number)))

/** The day this many days later, or earlier when negative. */
export const addDays = (iso: string, days: number): string => isoDay(dayNumber(iso) + days)

/** The same date this many months later, or the last day of a month that is too short: as PostgreSQL adds months. */
export const addMonths = (iso: string, months: number): string =>
  textOf(plainDateMonthsAfter(plainDate(iso), months))

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => dayNumber(to) - dayNumber(from)

/** Whole days with both ends included. */
export const lengthInDays = (from: string, until: string): number => daysBetween(from, until) + 1

/** The days from one up to and including another, with this many days from each to the next. */
export function everySo(from: string, until: string, step: number): string[] {
  const days: string[] = []
  for (let day = dayNumber(from); day <= dayNumber(until); day += step) days.push(isoDay(day))
  return days
}

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (iso: string): number => read(iso).weekday

/** The Monday of its week. */
export const mondayOf = (iso: string): string => addDays(iso, 1 - weekdayOf(iso))

/** The first Monday after a day: the usual start of new allocations. */
export const nextMonday = (iso: string): string => addDays(mondayOf(iso), 7)

/** The ISO week of a day: weeks begin on Monday, and week 1 holds the first Thursday of the year. */
export const isoWeek = (iso: string): number => weekOfYear(plainDate(iso))!

export const firstOfMonth = (iso: string): string => `${iso.slice(0, -2)}01`

/** The weeks that the month of a day touches, each of seven days from Monday. */
export function weeksOf(iso: string): string[][] {
  const first = firstOfMonth(iso)
  const last = addDays(addMonths(first, 1), -1)
  return everySo(mondayOf(first), last, 7).map(monday => everySo(monday, addDays(monday, 6), 1))
}

export interface Span {
  validFrom: string
  /** Belongs to it; without one it goes on. */
  validUntil: string | null
}

/** Whether a day belongs to a span. */
export const covers = (span: Span, day: string): boolean =>
  span.validFrom <= day && (span.validUntil === null || span.validUntil >= day)

/** Whether two spans have a day in common. */
export const overlaps = (a: Span, b: Span): boolean =>
  (a.validUntil === null || b.validFrom <= a.validUntil) &&
  (b.validUntil === null || a.validFrom <= b.validUntil)
