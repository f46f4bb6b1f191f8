import ICAL from 'ical.js'
import { dayNumber, isoDay } from './calendar.ts'

/** A period of whole days in a calendar file. The title stays in this browser: only the days are ever sent. */
export interface FilePeriod {
  title: string
  validFrom: string
  validUntil: string
  /** Marked as out of office, or a whole day that is not marked as free. */
  likely: boolean
}

/** Of an appointment that repeats for ever: thirty years of days. */
const MOST_REPEATS = 11_000
const MOST_PERIODS = 300
const zone = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/**
 * The periods of whole days in a calendar file (iCalendar) that end on or after `from` and begin on or before `until`, in order
 * of their days. Appointments of a part of a day are left out: leave is counted in days. Throws when the text is no calendar.
 */
export function periodsIn(text: string, from: string, until: string): FilePeriod[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  if (calendar.name !== 'vcalendar') throw new Error('not a calendar')
  const found: FilePeriod[] = []
  for (const entry of calendar.getAllSubcomponents('vevent')) {
    const event = new ICAL.Event(entry)
    if (entry.getFirstPropertyValue('status') === 'CANCELLED' || event.isRecurrenceException()) continue
    const busy = String(entry.getFirstPropertyValue('x-microsoft-cdo-busystatus') ?? '').toUpperCase()
    const free = entry.getFirstPropertyValue('transp') === 'TRANSPARENT' || busy === 'FREE'
    for (const [start, end] of timesOf(event, from, until)) {
      const period = wholeDays(start, end)
      if (period === null || period.validUntil < from || period.validFrom > until) continue
      found.push({ title: event.summary ?? '', ...period, likely: busy === 'OOF' || !free })
    }
  }
  return found
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : 0))
    .slice(0, MOST_PERIODS)
}

/** Begin and end of an event, and of each time that it repeats. */
function timesOf(event: ICAL.Event, from: string, until: string): [ICAL.Time, ICAL.Time][] {
  if (!event.isRecurring()) return event.startDate && event.endDate ? [[event.startDate, event.endDate]] : []
  const times: [ICAL.Time, ICAL.Time][] = []
  const repeats = event.iterator()
  for (let count = 0; count < MOST_REPEATS; count++) {
    const next = repeats.next()
    if (!next || next.toString().slice(0, 10) > until) break
    const { startDate, endDate } = event.getOccurrenceDetails(next)
    if (endDate.toString().slice(0, 10) >= from) times.push([startDate, endDate])
  }
  return times
}

/**
 * The whole days of an appointment, the last one included; null when it takes less than a day. A date is the day itself
 * wherever it is read; a moment is the day that it is in the Netherlands.
 */
function wholeDays(start: ICAL.Time, end: ICAL.Time): { validFrom: string; validUntil: string } | null {
  if (start.isDate) {
    const from = start.toString().slice(0, 10)
    const last = dayNumber(end.toString().slice(0, 10)) - 1
    return { validFrom: from, validUntil: isoDay(Math.max(last, dayNumber(from))) }
  }
  const [from, to] = [start.toJSDate(), end.toJSDate()]
  const hours = (to.getTime() - from.getTime()) / 3_600_000
  // A night in which the clock goes forward makes a day of 23 hours.
  if (hours < 23) return null
  const validFrom = zone.format(from)
  return { validFrom, validUntil: zone.format(new Date(Math.max(from.getTime(), to.getTime() - 1))) }
}
