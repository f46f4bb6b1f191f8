import { dayNumber, isDay } from '../../server/contract/days.ts'
import type { Property } from './lines.ts'

/**
 * A time as it stands on the clock of whoever wrote it down. `zone` is 'date' for a day without a clock, 'UTC', '' for a
 * clock anywhere, or the name of a zone.
 */
export interface Wall {
  /** Days since 1970-01-01. */
  day: number
  /** Since midnight; nought for a day. */
  minutes: number
  zone: string
}

/** Where people work who use this. */
export const HERE = 'Europe/Amsterdam'
const DAY = 1440
const FORM = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$/i

/** The times in a property (`DTSTART`, `EXDATE`, …). Throws on what is no time. */
export function wallsOf({ value, parameters }: Property): Wall[] {
  return value.split(',').map(one => wallOf(one.split('/')[0]!.trim(), parameters.TZID ?? ''))
}

function wallOf(text: string, zone: string): Wall {
  const [, year, month, date, hour, minute, , utc] = FORM.exec(text) ?? []
  const iso = `${year}-${month}-${date}`
  if (!isDay(iso)) throw new RangeError(`no day: ${text}`)
  const day = dayNumber(iso)
  if (hour === undefined) return { day, minutes: 0, zone: 'date' }
  const minutes = Number(hour) * 60 + Number(minute)
  if (minutes > DAY) throw new RangeError(`no time: ${text}`)
  const name = utc || /^(etc\/)?(utc|gmt|z)$/i.test(zone) ? 'UTC' : zone
  return minutes === DAY ? { day: day + 1, minutes: 0, zone: name } : { day, minutes, zone: name }
}

/** `P1W`, `P3D`, `PT24H`, `P1DT12H`, in minutes. Throws on what is no duration. */
export function durationOf(text: string): { days: number; minutes: number } {
  const found =
    /^\+?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$/i.exec(
      text.trim(),
    )
  if (!found) throw new RangeError(`no duration: ${text}`)
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map(one => Number(one ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return { days: weeks * 7 + days, minutes: hours * 60 + minutes + Math.floor(seconds / 60) }
}

/** The same clock, so much later. A day of a duration is a day, also when the night takes 23 hours. */
export function later({ day, minutes, zone }: Wall, by: { days: number; minutes: number }): Wall {
  const total = minutes + by.minutes
  return { day: day + by.days + Math.floor(total / DAY), minutes: ((total % DAY) + DAY) % DAY, zone }
}

/** Minutes from one to the other, on the clocks that they are written on. */
export const minutesBetween = (from: Wall, to: Wall) => (to.day - from.day) * DAY + to.minutes - from.minutes

const clocks = new Map<string, Intl.DateTimeFormat>()

/** The clock of a zone. Outlook's own names ("W. Europe Standard Time") and those made up by a program are taken for here. */
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (!clock) {
    const options = { dateStyle: 'short', timeStyle: 'short' } as const
    try {
      clock = new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: zone || HERE })
    } catch {
      clock = new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: HERE })
    }
    clocks.set(zone, clock)
  }
  return clock
}

/** What the clock of a zone shows at a moment that is written in UTC. */
function shown(utc: Wall, zone: string): Wall {
  const text = clockOf(zone).format(new Date((utc.day * DAY + utc.minutes) * 60_000))
  const [date = '', time = ''] = text.split(' ')
  return { day: dayNumber(date), minutes: Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)), zone }
}

/** The same moment on the clock of another zone. */
export function inZone(wall: Wall, zone: string): Wall {
  if (wall.zone === zone) return wall
  let utc = { ...wall, zone: 'UTC' }
  // What the clock shows for the guess tells how far off the guess was.
  if (wall.zone !== 'UTC') utc = later(utc, { days: 0, minutes: minutesBetween(shown(utc, wall.zone), wall) })
  return zone === 'UTC' ? utc : shown(utc, zone)
}

/**
 * The day of a moment, for an appointment that is written in `zone`. A day without a clock is that day everywhere; a moment in
 * UTC beside days without a clock is midnight here, or midnight there.
 */
export function dayIn(wall: Wall, zone: string): number {
  if (wall.zone === 'date' || wall.zone === zone) return wall.day
  if (zone === 'date') {
    const here = wall.zone === 'UTC' ? inZone(wall, HERE) : wall
    return here.minutes === 0 ? here.day : wall.day
  }
  if (zone !== 'UTC' && wall.zone !== 'UTC') return wall.day
  return inZone(wall, zone).day
}

export interface DaySpan {
  first: number
  /** Belongs to it. */
  last: number
}

/**
 * The whole days between two times; null when it takes less than a day. Midnight to midnight is what it is on the clock that it
 * was written on, also in UTC (Exchange writes days so) or when that midnight is one here. Of a time from some hour to some
 * hour the first day counts when it begins before noon, and the last when it ends after noon.
 */
export function wholeDays(from: Wall, to: Wall, allDay: boolean): DaySpan | null {
  if (from.zone === 'date')
    return {
      first: from.day,
      last: Math.max(from.day, (to.zone === 'date' ? to.day : dayIn(to, 'date')) - 1),
    }
  const inUtc = from.zone === 'UTC' && !(from.minutes === 0 && to.minutes === 0)
  const [start, end] = inUtc
    ? [inZone(from, HERE), inZone(to, HERE)]
    : [from, from.zone === 'UTC' || to.zone === 'UTC' ? inZone(to, from.zone) : to]
  if (allDay) {
    const first = Math.round((start.day * DAY + start.minutes) / DAY)
    return { first, last: Math.max(first, Math.round((end.day * DAY + end.minutes) / DAY) - 1) }
  }
  const midnights = start.minutes === 0 && end.minutes === 0
  if (midnights && end.day > start.day) return { first: start.day, last: end.day - 1 }
  // A night in which the clock goes forward makes a day of 23 hours.
  if (minutesBetween(start, end) < 23 * 60) return null
  const first = start.minutes <= 720 ? start.day : start.day + 1
  const last = end.minutes > 720 ? end.day : end.day - 1
  return first <= last ? { first, last } : null
}
