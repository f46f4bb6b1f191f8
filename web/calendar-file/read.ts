import { dayNumber, isoDay } from '../../server/contract/days.ts'
import { type CalendarEvent, type Doubt, eventOf, OddEvent, type Oddity, titleOf } from './event.ts'
import { eventsIn } from './lines.ts'
import { type Occurrence, occurrencesOf, type Window } from './repeats.ts'
import type { DaySpan } from './wall.ts'

export interface Days {
  validFrom: string
  /** Belongs to it. */
  validUntil: string
}

/** An appointment of whole days, or a series of them. The title stays in this browser: only days are ever sent. */
export interface FileEntry {
  title: string
  /** In order, none beside or over another. */
  periods: Days[]
  /** Why it may be no leave; null when nothing says so. */
  doubt: Doubt | null
}

export interface CalendarReading {
  entries: FileEntry[]
  /** What could not be read, by title and line. */
  odd: { title: string; line: number; why: Oddity }[]
  /** Appointments that were cancelled, and times that take a part of a day: none of them is an entry. */
  cancelled: number
  parts: number
  /** What was not read, or read and not given, because it was too much. */
  cut: { events: number; entries: number }
}

export interface ReadingLimits {
  /** The days between which whole days are wanted, both included. */
  from: string
  until: string
  /** The address of the reader, to see what was declined. */
  me: string
  /** Asked before each appointment: whether it has taken long enough. */
  enough: () => boolean
}

const MAX_EVENTS = 20_000
const MAX_ENTRIES = 300

/** The whole days in a calendar file, in order of their first day. Null when the text is no calendar. */
export function readCalendar(text: string, limits: ReadingLimits): CalendarReading | null {
  const file = eventsIn(text)
  if (file === null) return null
  const window = { from: dayNumber(limits.from), until: dayNumber(limits.until) }
  const reading: CalendarReading = {
    entries: [],
    odd: [],
    cancelled: 0,
    parts: 0,
    cut: { events: Math.max(0, file.events.length - MAX_EVENTS), entries: 0 },
  }
  const events: CalendarEvent[][] = []
  const series = new Map<string, CalendarEvent[]>()
  for (const raw of file.events.slice(0, MAX_EVENTS)) {
    try {
      const event = eventOf(raw, file.calendars[raw.calendar]!, limits.me)
      // Only within one calendar the same UID is the same appointment; without one each stands alone.
      const key = event.uid === '' ? `line ${event.line}` : `${raw.calendar} ${event.uid}`
      const known = series.get(key)
      if (known) known.push(event)
      else {
        series.set(key, [event])
        events.push(series.get(key)!)
      }
    } catch (failure) {
      name(reading, failure, { title: titleOf(raw), line: raw.line })
    }
  }
  const found = new Map<string, FileEntry>()
  for (const [index, versions] of events.entries()) {
    if (limits.enough()) {
      reading.cut.events += events.slice(index).reduce((sum, rest) => sum + rest.length, 0)
      break
    }
    for (const entry of entriesOf(versions, window, reading)) found.set(JSON.stringify(entry), entry)
  }
  const entries = [...found.values()].sort((a, b) =>
    firstOf(a) < firstOf(b) ? -1 : firstOf(a) > firstOf(b) ? 1 : 0,
  )
  reading.entries = entries.slice(0, MAX_ENTRIES)
  reading.cut.entries = entries.length - reading.entries.length
  return reading
}

const firstOf = (entry: FileEntry) => entry.periods[0]!.validFrom

function name(reading: CalendarReading, failure: unknown, which: { title: string; line: number }): void {
  if (!(failure instanceof OddEvent)) throw failure
  reading.odd.push({ title: which.title, line: which.line, why: failure.why })
}

/** What one UID of one calendar comes to. */
function entriesOf(
  versions: readonly CalendarEvent[],
  window: Window,
  reading: CalendarReading,
): FileEntry[] {
  const { masters, changes } = newest(versions)
  const happening = masters.filter(one => !one.cancelled)
  // A change without its series is an appointment by itself: somebody passed on that one time.
  const alone = happening.length === 0 ? changes.filter(one => !one.cancelled) : []
  reading.cancelled += [...masters, ...changes].filter(
    one => one.cancelled && (one.rules.length > 0 || one.end.day >= window.from),
  ).length
  const found: Occurrence[] = []
  for (const [index, event] of [...happening, ...alone].entries()) {
    try {
      const of = occurrencesOf(event, index === 0 && happening.length > 0 ? changes : [], window)
      found.push(...of.found)
      reading.parts += of.parts
    } catch (failure) {
      name(reading, failure, event)
    }
  }
  const kinds = new Map<string, Occurrence[]>()
  for (const one of found) {
    const kind = JSON.stringify([one.event.title, one.event.doubt])
    kinds.set(kind, [...(kinds.get(kind) ?? []), one])
  }
  return [...kinds.values()].map(ofKind => ({
    title: ofKind[0]!.event.title,
    periods: together(ofKind.map(one => one.span)),
    doubt: ofKind[0]!.event.doubt,
  }))
}

/** Of what was sent more than once the newest: of the whole, and of each time that was changed. */
function newest(versions: readonly CalendarEvent[]): { masters: CalendarEvent[]; changes: CalendarEvent[] } {
  const ordered = [...versions].sort(
    (a, b) => b.sequence - a.sequence || (a.stamp < b.stamp ? 1 : a.stamp > b.stamp ? -1 : 0),
  )
  const masters: CalendarEvent[] = []
  const changes = new Map<string, CalendarEvent>()
  for (const one of ordered) {
    if (one.replaces) {
      const { at } = one.replaces
      const which = `${at.day} ${at.minutes} ${at.zone}`
      if (!changes.has(which)) changes.set(which, one)
    } else if (masters.every(known => known.sequence === one.sequence && known.start.day !== one.start.day)) {
      masters.push(one)
    }
  }
  return { masters, changes: [...changes.values()] }
}

/** Days that touch or overlap become one period. */
function together(spans: readonly DaySpan[]): Days[] {
  const joined: DaySpan[] = []
  for (const { first, last } of [...spans].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1)
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last)
    else joined.push({ first, last })
  }
  return joined.map(({ first, last }) => ({ validFrom: isoDay(first), validUntil: isoDay(last) }))
}
