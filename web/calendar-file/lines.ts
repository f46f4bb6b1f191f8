/** A line of a calendar file: `DTSTART;TZID=Europe/Amsterdam:20270104T000000` (RFC 5545, 3.1). */
export interface Property {
  name: string
  parameters: Record<string, string>
  /** As it stands in the file, still escaped. */
  value: string
}

/** An appointment as it stands in a file, without what stands inside it (alarms). */
export interface RawEvent {
  /** The line of its BEGIN, counted from 1. */
  line: number
  /** Which calendar of the file it is in. */
  calendar: number
  properties: Property[]
  /** False when the file ends, or another one begins, before its END. */
  whole: boolean
}

export interface RawCalendar {
  method: string
  /** Whose calendar it says it is: some programs write the address of the owner here. */
  name: string
}

/**
 * The appointments of a file, one by one, so that what is wrong in one touches no other. There may be several calendars in
 * one file. Lines that are no lines of a calendar (a description that was broken off) are passed over. Null when the text is
 * no calendar at all.
 */
export function eventsIn(text: string): { calendars: RawCalendar[]; events: RawEvent[] } | null {
  const calendars: RawCalendar[] = []
  const events: RawEvent[] = []
  let event: RawEvent | null = null
  /** What stands open inside an appointment. */
  let inside: string[] = []
  const close = (whole: boolean) => {
    if (event) events.push({ ...event, whole })
    event = null
    inside = []
  }
  for (const { line, at } of unfolded(text)) {
    const one = propertyOf(line)
    if (one === null) continue
    const block = one.value.trim().toUpperCase()
    if (one.name === 'BEGIN' && block === 'VCALENDAR') {
      close(false)
      calendars.push({ method: '', name: '' })
    } else if (one.name === 'BEGIN' && block === 'VEVENT') {
      close(false)
      if (calendars.length > 0)
        event = { line: at, calendar: calendars.length - 1, properties: [], whole: true }
    } else if (one.name === 'END' && block === 'VEVENT') close(true)
    else if (one.name === 'END' && block === 'VCALENDAR') close(false)
    else if (one.name === 'BEGIN') inside.push(block)
    else if (one.name === 'END') inside = inside.slice(0, Math.max(0, inside.lastIndexOf(block)))
    else if (event !== null && inside.length === 0) event.properties.push(one)
    else if (inside.length === 0) describe(calendars.at(-1), one)
  }
  close(false)
  return calendars.length === 0 ? null : { calendars, events }
}

function describe(calendar: RawCalendar | undefined, { name, value }: Property): void {
  if (!calendar) return
  if (name === 'METHOD') calendar.method = value.trim().toUpperCase()
  if (name === 'X-WR-CALNAME' || name === 'X-OWNER') calendar.name ||= value.trim()
}

/** A line that begins with a space or a tab goes on with the one before it. */
function* unfolded(text: string): Generator<{ line: string; at: number }> {
  let line = ''
  let at = 1
  let number = 0
  for (const one of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    number++
    if (/^[ \t]/.test(one)) {
      line += one.slice(1)
      continue
    }
    if (line !== '') yield { line, at }
    line = one
    at = number
  }
  if (line !== '') yield { line, at }
}

const HEAD = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s
const PARAMETER = /;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/g

function propertyOf(line: string): Property | null {
  const found = HEAD.exec(line)
  if (!found) return null
  const parameters: Record<string, string> = {}
  for (const [, name = '', value = ''] of (found[2] ?? '').matchAll(PARAMETER)) {
    parameters[name.toUpperCase()] = value.replaceAll('"', '')
  }
  return { name: found[1]!.toUpperCase(), parameters, value: found[3]! }
}

/** What people typed: `\,` is a comma and `\n` the end of a line. */
export const plainText = (value: string) =>
  value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped))
