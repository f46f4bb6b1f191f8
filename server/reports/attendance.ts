import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Executor } from '../../db/database.ts'
import type { Attendance } from '../contract/attendance.ts'
import { addDays, covers, holidaysOf, mondayOf, type Span } from '../contract/days.ts'
import { byName } from '../contract/names.ts'

/** Weeks that are shown when nothing is said: as far as the gaps of a team are planned. */
export const ATTENDANCE_WEEKS = 12
const WORKING_DAYS = 5

type Week = Attendance['workers'][number]['weeks'][number]

/** Who can be there: in service from and until, and away for a part of the working time on some days. */
export interface Attending {
  employed: Span
  absences: readonly (Span & { percentage: number })[]
}

/**
 * A week of somebody, from Monday to Friday. What overlaps adds up, to a whole at most; a holiday is a day like the others,
 * so that a week with one does not look like a week away.
 */
export function weekOf({ employed, absences }: Attending, monday: string): Week {
  const days = Array.from({ length: WORKING_DAYS }, (_, index) => addDays(monday, index))
  const inService = days.filter(day => covers(employed, day))
  const away: Week['away'] = []
  let missed = 0
  for (const day of inService) {
    const sum = absences.reduce((total, one) => total + (covers(one, day) ? one.percentage : 0), 0)
    const percentage = Math.min(100, sum)
    missed += percentage
    if (percentage === 0) continue
    const last = away.at(-1)
    if (last?.percentage === percentage && last.until === addDays(day, -1)) last.until = day
    else away.push({ from: day, until: day, percentage })
  }
  if (inService.length === 0) return { state: 'notEmployed', away }
  // Who starts or leaves in the middle of the week is there for a part of it.
  const whole = inService.length === WORKING_DAYS
  if (missed === 0 && whole) return { state: 'here', away }
  return { state: missed === 100 * inService.length ? 'away' : 'partly', away }
}

/** The weeks of everybody in these teams who is in service on some day of them. */
export async function attendanceOf(
  db: Executor,
  scope: { organisationId: number; teamIds: readonly number[]; today: string },
  from: string,
  count: number,
): Promise<Attendance> {
  const mondays = Array.from({ length: count }, (_, index) => addDays(mondayOf(from), 7 * index))
  const first = mondays[0]!
  const last = addDays(mondays.at(-1)!, WORKING_DAYS - 1)
  const rows = await db
    .selectFrom('worker as w')
    .innerJoin('team as t', 't.id', 'w.teamId')
    .where('w.organisationId', '=', scope.organisationId)
    .where('w.teamId', '=', sql<number>`any(${[...scope.teamIds]}::int[])`)
    .where('w.employedFrom', '<=', last)
    .where(eb => eb.or([eb('w.employedUntil', 'is', null), eb('w.employedUntil', '>=', first)]))
    .select(eb => [
      'w.staffNumber',
      'w.name',
      'w.teamId',
      't.name as team',
      'w.employedFrom',
      'w.employedUntil',
      jsonArrayFrom(
        eb
          .selectFrom('absence as a')
          .whereRef('a.workerId', '=', 'w.id')
          .where('a.validFrom', '<=', last)
          .where(some => some.or([some('a.validUntil', 'is', null), some('a.validUntil', '>=', first)]))
          .select(['a.percentage', 'a.validFrom as from', 'a.validUntil as until'])
          .orderBy('a.validFrom'),
      ).as('absences'),
    ])
    .orderBy('w.staffNumber')
    .execute()
  const workers = rows
    .sort((a, b) => a.team.localeCompare(b.team, 'nl') || byName(a.name, b.name))
    .map(({ employedFrom, employedUntil, absences, ...who }) => {
      const attending = {
        employed: { validFrom: employedFrom, validUntil: employedUntil },
        absences: absences.map(one => ({
          percentage: one.percentage,
          validFrom: one.from,
          validUntil: one.until,
        })),
      }
      return { ...who, weeks: mondays.map(monday => weekOf(attending, monday)) }
    })
  const numberOf = (index: number, state: Week['state']) =>
    workers.filter(one => one.weeks[index]!.state === state).length
  return {
    on: scope.today,
    weeks: mondays.map((monday, index) => ({
      from: monday,
      holidays: holidaysIn(monday),
      here: numberOf(index, 'here'),
      partly: numberOf(index, 'partly'),
      away: numberOf(index, 'away'),
    })),
    workers,
  }
}

function holidaysIn(monday: string): string[] {
  const friday = addDays(monday, WORKING_DAYS - 1)
  const years = new Set([monday, friday].map(day => Number(day.slice(0, 4))))
  return [...years].flatMap(holidaysOf).filter(day => day >= monday && day <= friday)
}
