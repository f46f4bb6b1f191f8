import { addDays, daysBetween, everySo, weekdayOf } from '../../solver/problem/days.ts'

export * from '../../solver/problem/days.ts'

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/** The day in the Netherlands at a moment, ISO ('2026-11-24'): what "today" means for every rule and term. */
export function dayOf(moment: Date): string {
  return day.format(moment)
}

/** A day and a night of moments: 24 hours, also when the clock goes forward. Days themselves are never counted with it. */
export const DAY_MS = 86_400_000

/**
 * Days off in the Netherlands: New Year, Easter Monday, King's Day (27 April, the 26th when the 27th is a Sunday),
 * Liberation Day only every five years, Ascension Day, Whit Monday and both days of Christmas.
 * Good Friday and 5 May of other years are working days here: most offices work, and a term that is counted too early
 * harms nobody.
 */
export function holidaysOf(year: number): string[] {
  const on = (date: string) => `${String(year).padStart(4, '0')}-${date}`
  const easter = easterSunday(year)
  return [
    on('01-01'),
    addDays(easter, 1),
    weekdayOf(on('04-27')) === 7 ? on('04-26') : on('04-27'),
    ...(year % 5 === 0 ? [on('05-05')] : []),
    addDays(easter, 39),
    addDays(easter, 50),
    on('12-25'),
    on('12-26'),
  ]
}

/** Anonymous Gregorian computus (Meeus/Jones/Butcher). */
function easterSunday(year: number): string {
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
  const date = ((h + l - 7 * m + 114) % 31) + 1
  return [String(year).padStart(4, '0'), ...[month, date].map(part => String(part).padStart(2, '0'))].join(
    '-',
  )
}

const yearOf = (iso: string) => Number(iso.slice(0, -6))
const isWeekday = (iso: string) => weekdayOf(iso) <= 5

const daysOff = new Map<number, ReadonlySet<string>>()

function daysOffIn(year: number): ReadonlySet<string> {
  let found = daysOff.get(year)
  if (!found) {
    found = new Set(holidaysOf(year))
    daysOff.set(year, found)
  }
  return found
}

const isWorkingDay = (iso: string) => isWeekday(iso) && !daysOffIn(yearOf(iso)).has(iso)

/** The day that so many working days later falls on. */
export function addWorkingDays(iso: string, days: number): string {
  let day = iso
  for (let left = days; left > 0; ) {
    day = addDays(day, 1)
    if (isWorkingDay(day)) left--
  }
  return day
}

/** Working days after one day, up to and including another; negative when `to` is earlier. */
export function workingDaysBetween(from: string, to: string): number {
  if (to < from) return 0 - workingDaysBetween(to, from)
  // Whole weeks have five weekdays; the holidays that fall on one are taken off.
  const weeks = Math.floor(daysBetween(from, to) / 7)
  const rest = everySo(addDays(from, weeks * 7 + 1), to, 1)
  let count = weeks * 5 + rest.filter(isWeekday).length
  for (let year = yearOf(from); year <= yearOf(to); year++) {
    for (const off of daysOffIn(year)) if (off > from && off <= to && isWeekday(off)) count--
  }
  return count
}
