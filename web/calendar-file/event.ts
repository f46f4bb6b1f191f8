import { type Property, plainText, type RawCalendar, type RawEvent } from './lines.ts'
import { durationOf, later, minutesBetween, type Wall, wallsOf } from './wall.ts'

/** Why an appointment is not leave by itself: it is shown, and people tick it when it is. */
export type Doubt = 'free' | 'elsewhere' | 'declined' | 'tentative'

/** What is wrong with an appointment that cannot be read. */
export type Oddity = 'cutOff' | 'noStart' | 'noTime' | 'ends' | 'rule' | 'tooMuch'

export class OddEvent extends Error {
  readonly why: Oddity
  constructor(why: Oddity) {
    super(why)
    this.why = why
  }
}

/** An appointment as far as leave goes. */
export interface CalendarEvent {
  uid: string
  title: string
  start: Wall
  end: Wall
  /** The program that wrote it says that it takes whole days, whatever its hours are. */
  allDay: boolean
  cancelled: boolean
  doubt: Doubt | null
  rules: string[]
  /** Of old: rules of days on which it does not happen. */
  exceptRules: string[]
  extra: Wall[]
  except: Wall[]
  /** Which time of a series this replaces. */
  replaces: { at: Wall; andLater: boolean } | null
  sequence: number
  stamp: string
  line: number
}

const MAX_TITLE = 200
const ALL_DAY = ['X-MICROSOFT-CDO-ALLDAYEVENT', 'X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT', 'X-FUNAMBOL-ALLDAY']

/** `me` is the address of whoever reads the file, to see what was declined. Throws an `OddEvent` on what cannot be read. */
export function eventOf(raw: RawEvent, calendar: RawCalendar, me: string): CalendarEvent {
  if (!raw.whole) throw new OddEvent('cutOff')
  const all = (name: string) => raw.properties.filter(one => one.name === name)
  const first = (name: string) => raw.properties.find(one => one.name === name)
  const word = (name: string) => (first(name)?.value ?? '').trim().toUpperCase()
  const start = first('DTSTART')
  if (!start) throw new OddEvent('noStart')
  const replaced = first('RECURRENCE-ID')
  try {
    const from = wallsOf(start)[0]!
    const to = endOf(from, first('DTEND'), first('DURATION'))
    if (minutesBetween(from, to) < 0 && from.zone === to.zone) throw new OddEvent('ends')
    return {
      uid: first('UID')?.value.trim() ?? '',
      title: titleOf(raw),
      start: from,
      end: to,
      allDay: ALL_DAY.some(name => word(name) === 'TRUE' || word(name) === '1'),
      cancelled: word('STATUS') === 'CANCELLED' || calendar.method === 'CANCEL',
      doubt: doubtOf(word, all('ATTENDEE'), [me, calendar.name]),
      rules: all('RRULE').map(one => one.value),
      exceptRules: all('EXRULE').map(one => one.value),
      extra: all('RDATE').flatMap(wallsOf),
      except: all('EXDATE').flatMap(wallsOf),
      replaces: replaced
        ? {
            at: wallsOf(replaced)[0]!,
            andLater: (replaced.parameters.RANGE ?? '').toUpperCase() === 'THISANDFUTURE',
          }
        : null,
      sequence: Number(first('SEQUENCE')?.value.trim()) || 0,
      stamp: (first('LAST-MODIFIED') ?? first('DTSTAMP'))?.value.trim() ?? '',
      line: raw.line,
    }
  } catch (failure) {
    if (failure instanceof OddEvent) throw failure
    throw new OddEvent('noTime')
  }
}

/** What the owner of the file knows it by. */
export function titleOf(raw: RawEvent): string {
  const text = raw.properties.find(one => one.name === 'SUMMARY')?.value ?? ''
  return plainText(text).trim().slice(0, MAX_TITLE)
}

/** A day without an end is that day; a moment without an end takes no time. */
function endOf(start: Wall, end: Property | undefined, duration: Property | undefined): Wall {
  if (end) return wallsOf(end)[0]!
  if (duration) return later(start, durationOf(duration.value))
  return start.zone === 'date' ? { ...start, day: start.day + 1 } : start
}

function doubtOf(
  word: (name: string) => string,
  attendees: readonly Property[],
  me: readonly string[],
): Doubt | null {
  const answer = answerOf(attendees, me)
  const busy = word('X-MICROSOFT-CDO-BUSYSTATUS')
  if (answer === 'DECLINED') return 'declined'
  if (busy === 'WORKINGELSEWHERE') return 'elsewhere'
  if (busy === 'OOF') return null
  if (busy === 'FREE' || word('TRANSP') === 'TRANSPARENT') return 'free'
  const asked = answer === 'TENTATIVE' || answer === 'NEEDS-ACTION'
  return asked || busy === 'TENTATIVE' || word('STATUS') === 'TENTATIVE' ? 'tentative' : null
}

/** What the reader answered to the invitation: by the address, or as the only one who was invited. */
function answerOf(attendees: readonly Property[], me: readonly string[]): string {
  const own = attendees.find(one => {
    const address = one.value
      .trim()
      .toLowerCase()
      .replace(/^mailto:/, '')
    return address !== '' && me.some(mine => mine.toLowerCase() === address)
  })
  const answered = own ?? (attendees.length === 1 ? attendees[0] : undefined)
  return (answered?.parameters.PARTSTAT ?? '').toUpperCase()
}
