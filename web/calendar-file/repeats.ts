import { RRuleTemporal } from 'rrule-temporal'
import { DAY_MS, isoDay, weekdayOf } from '../../server/contract/days.ts'
import { type CalendarEvent, OddEvent } from './event.ts'
import {
  type DaySpan,
  dayIn,
  HERE,
  inZone,
  later,
  minutesBetween,
  type Wall,
  wallsOf,
  wholeDays,
} from './wall.ts'

/** Steps of a rule before it is given up: three centuries of days. */
const MAX_STEPS = 120_000
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** The days between which times of a series are asked for, both included. */
export interface Window {
  from: number
  until: number
}

/** One time of a series, with the appointment that it follows. */
export interface Occurrence {
  span: DaySpan
  event: CalendarEvent
}

/**
 * Every time that an appointment happens in the window, in whole days. `changes` are the times of it that were moved or
 * dropped. What takes less than a day is counted in `parts`. Throws an `OddEvent` when its rule cannot be followed.
 */
export function occurrencesOf(
  given: CalendarEvent,
  changes: readonly CalendarEvent[],
  window: Window,
): { found: Occurrence[]; parts: number } {
  const event = onTheClockOfItsRule(given)
  const zone = event.start.zone
  const found: Occurrence[] = []
  let parts = 0
  const take = (of: CalendarEvent, start: Wall, end: Wall) => {
    const span = wholeDays(start, end, of.allDay)
    if (span === null) parts++
    else if (span.last >= window.from && span.first <= window.until) found.push({ span, event: of })
  }
  const changed = new Set<number>()
  for (const change of changes) {
    changed.add(dayIn(change.replaces!.at, zone))
    if (!change.cancelled) take(change, change.start, change.end)
  }
  const onwards = changes
    .filter(one => one.replaces!.andLater)
    .map(one => ({ from: dayIn(one.replaces!.at, zone), event: one }))
    .sort((a, b) => b.from - a.from)
  // A long appointment that began before the window, or one that is moved into it, belongs to it.
  const length = Math.ceil(minutesBetween(event.start, event.end) / 1440)
  const moved = Math.max(0, ...onwards.map(one => Math.abs(one.event.start.day - one.from)))
  for (const day of daysOf(event, window.from - length - moved - 1, window.until + moved + 1)) {
    if (changed.has(day)) continue
    const by = onwards.find(one => one.from <= day)
    if (by?.event.cancelled) continue
    const { start, end } = by?.event ?? event
    const shift = { days: day - (by?.from ?? event.start.day), minutes: 0 }
    take(by?.event ?? event, later(start, shift), later(end, shift))
  }
  return { found, parts }
}

/** The days on which it begins, by its rules and its dates, without those that were taken out. */
function daysOf(event: CalendarEvent, from: number, until: number): number[] {
  const zone = event.start.zone
  const days = new Set<number>([event.start.day, ...event.extra.map(one => dayIn(one, zone))])
  for (const rule of event.rules) for (const day of expanded(rule, event, from, until, true)) days.add(day)
  for (const rule of event.exceptRules)
    for (const day of expanded(rule, event, from, until, false)) days.delete(day)
  for (const one of event.except) days.delete(dayIn(one, zone))
  return [...days].filter(day => day >= from && day <= until).sort((a, b) => a - b)
}

function expanded(rule: string, event: CalendarEvent, from: number, until: number, first: boolean): number[] {
  const parts = partsOf(rule)
  const end = parts.get('UNTIL')
  const text = [...parts]
    .map(
      ([name, value]) =>
        `${name}=${name === 'UNTIL' ? `${compact(lastDay(end!, event.start))}T000000Z` : value}`,
    )
    .join(';')
  try {
    return new RRuleTemporal({
      rruleString: `DTSTART:${compact(event.start.day)}T000000Z\nRRULE:${text}`,
      includeDtstart: first,
      maxIterations: MAX_STEPS,
      maxCandidateEvaluations: MAX_STEPS,
    })
      .between(new Date(from * DAY_MS), new Date(until * DAY_MS), true)
      .map(one => Math.floor(one.epochMilliseconds / DAY_MS))
  } catch {
    throw new OddEvent('tooMuch')
  }
}

const compact = (day: number) => isoDay(day).replaceAll('-', '')

const within = (least: number, most: number) => (text: string) =>
  /^[+-]?\d{1,9}$/.test(text) && Math.abs(Number(text)) >= least && Math.abs(Number(text)) <= most
const positive = (most: number) => (text: string) =>
  /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most

/** What a part of a rule may hold. What is not here has nothing to do with days and is left out. */
const PARTS: Record<string, (value: string) => boolean> = {
  FREQ: value => /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value),
  INTERVAL: positive(100_000),
  COUNT: positive(999_999_999),
  UNTIL: () => true,
  WKST: value => WEEKDAYS.includes(value),
  BYDAY: value => /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.test(value),
  BYMONTH: positive(12),
  BYMONTHDAY: within(1, 31),
  BYYEARDAY: within(1, 366),
  BYWEEKNO: within(1, 53),
  BYSETPOS: within(1, 366),
}
const LEFT_OUT = /^(BYHOUR|BYMINUTE|BYSECOND|X-.*)$/

/** The parts of a rule, each checked: a library that guesses would tick days that nobody has off. */
function partsOf(rule: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of rule.toUpperCase().replace(/\s/g, '').split(';')) {
    if (part === '') continue
    const [name = '', value = ''] = part.split('=')
    if (LEFT_OUT.test(name)) continue
    const fits = PARTS[name]
    if (!fits || value === '' || !value.split(',').every(fits)) throw new OddEvent('rule')
    parts.set(name, value)
  }
  const often = parts.get('FREQ')
  const numbered = /\d/.test(parts.get('BYDAY') ?? '')
  if (!often || (numbered && often !== 'MONTHLY' && often !== 'YEARLY')) throw new OddEvent('rule')
  if (parts.get('INTERVAL') === '1') parts.delete('INTERVAL')
  return parts
}

/** The last day on which a time may begin: its end may be a day, or a moment on this clock or in UTC. */
function lastDay(text: string, start: Wall): number {
  let end: Wall
  try {
    end = wallsOf({ name: 'UNTIL', parameters: {}, value: text })[0]!
  } catch {
    throw new OddEvent('rule')
  }
  if (end.zone === 'date' || start.zone === 'date') return dayIn(end, 'date')
  const there = end.zone === 'UTC' ? inZone(end, start.zone) : end
  return there.minutes >= start.minutes ? there.day : there.day - 1
}

/**
 * Midnight here, written in UTC, is an hour of the day before; programs that write it so name the weekdays of here all the
 * same. Such an appointment is followed on the clock of here.
 */
function onTheClockOfItsRule(event: CalendarEvent): CalendarEvent {
  if (event.start.zone !== 'UTC' || event.start.minutes === 0) return event
  const start = inZone(event.start, HERE)
  const named = event.rules.flatMap(
    rule => /BYDAY=([A-Z,]+)/i.exec(rule)?.[1]?.toUpperCase().split(',') ?? [],
  )
  const nameOf = (wall: Wall) => WEEKDAYS[weekdayOf(isoDay(wall.day)) - 1]!
  if (named.includes(nameOf(event.start)) || !named.includes(nameOf(start))) return event
  return { ...event, start, end: inZone(event.end, HERE) }
}
