/** Days are ISO days everywhere; a day number counts days since 1970-01-01, so that no night of 23 or 25 hours exists. */
const DAY = 86_400_000

export const dayNumber = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / DAY
export const isoDay = (day: number) => new Date(day * DAY).toISOString().slice(0, 10)
/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: number) => ((((day + 3) % 7) + 7) % 7) + 1

/** Whole days with both ends included. */
export const lengthInDays = (from: string, until: string) => dayNumber(until) - dayNumber(from) + 1

export const addDays = (iso: string, days: number) => isoDay(dayNumber(iso) + days)

/** '2026-12' and 1 give '2027-01'. */
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const count = year * 12 + number - 1 + months
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** The ISO week of a day: weeks begin on Monday, and week 1 holds the first Thursday of the year. */
export function isoWeek(iso: string): number {
  const day = dayNumber(iso)
  const thursday = day + 4 - weekdayOf(day)
  const year = new Date(thursday * DAY).getUTCFullYear()
  return Math.floor((thursday - dayNumber(`${year}-01-01`)) / 7) + 1
}

/** The weeks that a month touches, each of seven ISO days from Monday. */
export function weeksOf(month: string): string[][] {
  const first = dayNumber(`${month}-01`)
  const last = dayNumber(`${addMonths(month, 1)}-01`) - 1
  const weeks: string[][] = []
  for (let monday = first + 1 - weekdayOf(first); monday <= last; monday += 7) {
    weeks.push(Array.from({ length: 7 }, (_, index) => isoDay(monday + index)))
  }
  return weeks
}

export interface Span {
  validFrom: string
  validUntil: string | null
}

/** Both ends belong to a span; without an end it goes on. */
export const covers = (span: Span, day: string) =>
  span.validFrom <= day && (span.validUntil === null || span.validUntil >= day)
