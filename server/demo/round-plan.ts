import { addDays, nextMonday, weekdayOf } from '../contract/days.ts'
import type { DemoCase, DemoOrganisation, DemoWorker } from './rows.ts'
import { demoTeams } from './workers.ts'

/** A round that was settled, as it was to be: what the solver and the people made of it follows from the rows. */
export interface PastRound {
  team: string
  /** The day of the meeting. */
  day: string
  startOn: string
  /** Everybody of the team but who was away for long soon after. */
  staffNumbers: string[]
  caseNumbers: string[]
  /** Of these, what runs today: it may have waited for the next round. */
  mayWait: ReadonlySet<string>
  course: Course
}

/** What happened in a round beside following the proposal. */
export interface Course {
  /** Seats for which the team chose somebody else. */
  deviations: number
  /** One case was put off until something was known. */
  waits: boolean
  /** Cases that somebody took to the meeting. */
  discussed: number
  /** Everybody said what they thought before the suggestion was shown. */
  firstLook: boolean
  /** The workers were asked first, if one of them can answer. */
  sharedFirst: boolean
}

const quiet: Course = { deviations: 0, waits: false, discussed: 1, firstLook: false, sharedFirst: false }

/** Oldest first. The first team works with rounds since half a year, another has tried it twice. */
const series: readonly { team: number; lastDaysAgo: number; courses: readonly Course[] }[] = [
  {
    team: 0,
    lastDaysAgo: 10,
    courses: [
      { ...quiet, deviations: 1, discussed: 2 },
      { ...quiet, sharedFirst: true },
      { ...quiet, deviations: 1, sharedFirst: true },
      { ...quiet, deviations: 1, sharedFirst: true },
      { ...quiet, deviations: 1, discussed: 2, firstLook: true },
      { ...quiet, waits: true, firstLook: true },
      { ...quiet, deviations: 1, waits: true, firstLook: true },
      { ...quiet, deviations: 1, discussed: 2 },
    ],
  },
  { team: 2, lastDaysAgo: 40, courses: [quiet, { ...quiet, deviations: 1, discussed: 0 }] },
]

const THURSDAY = 4
const TUESDAY = 2
/** A team divides its cases every three weeks. */
const EVERY_DAYS = 21
/** What is urgent does not wait longer than this for a round. */
const URGENT_DAYS = 4
/** What was closed sooner than this after the start was not worth a round. */
const SHORTEST_DAYS = 10

/**
 * The settled rounds of the demo, oldest first, with the cases that came in before each. Which cases is drawn from what ran or
 * was closed; who gets them in the end, the rounds say, and no longer the rows.
 */
export function planRounds(demo: DemoOrganisation, today: string): PastRound[] {
  const all = [...demo.cases, ...demo.closed].filter(isNewWork)
  return series
    .flatMap(({ team, lastDaysAgo, courses }) => {
      const name = demoTeams[team]!.name
      const last = weekdayBefore(addDays(today, -lastDaysAgo), team === 0 ? THURSDAY : TUESDAY)
      return courses.map((course, index): PastRound => {
        const day = addDays(last, -EVERY_DAYS * (courses.length - 1 - index))
        const startOn = addDays(day, course.sharedFirst ? 11 : 4)
        const cases = all.filter(one => one.team === name && fits(one, day, startOn))
        // That day when it is a Monday.
        const monday = nextMonday(addDays(startOn, -1))
        return {
          team: name,
          day,
          startOn: monday,
          staffNumbers: demo.workers
            .filter(worker => worker.team === name && isThere(worker, monday, today))
            .map(worker => worker.staffNumber),
          caseNumbers: cases.map(one => one.caseNumber).sort(),
          mayWait: new Set(cases.filter(one => !one.closedOn).map(one => one.caseNumber)),
          course,
        }
      })
    })
    .filter(round => round.caseNumbers.length > 0)
    .sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** In service, and not away for four weeks or more between the start and today. */
function isThere(
  { employedFrom, employedUntil, absences }: DemoWorker,
  startOn: string,
  today: string,
): boolean {
  return (
    employedFrom <= startOn &&
    (employedUntil ?? startOn) >= startOn &&
    absences.every(
      ({ validFrom, validUntil }) =>
        validFrom > today ||
        (validUntil !== null && (validUntil < startOn || validUntil < addDays(validFrom, 27))),
    )
  )
}

/** Came in, went to somebody, and stayed there. */
function isNewWork(one: DemoCase): boolean {
  return (
    one.formerWorkers.length === 0 &&
    one.seats.some(seat => seat.seat === 'primary') &&
    one.seats.every(
      seat => seat.startsOn >= one.receivedOn && (seat.endsOn === undefined || seat.endsOn === one.closedOn),
    )
  )
}

function fits(one: DemoCase, day: string, startOn: string): boolean {
  const longest = one.urgency === 'normal' ? EVERY_DAYS : URGENT_DAYS
  return (
    one.receivedOn < day &&
    one.receivedOn >= addDays(day, -longest) &&
    (one.closedOn === undefined || one.closedOn > addDays(startOn, SHORTEST_DAYS))
  )
}

/** The last such day of the week (1 is Monday) up to and with this day. */
function weekdayBefore(day: string, weekday: number): string {
  return addDays(day, -((weekdayOf(day) - weekday + 7) % 7))
}
