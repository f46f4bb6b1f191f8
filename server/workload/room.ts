import { hundredths, scaledCap, shareOfNorm } from '../../solver/problem/load.ts'
import { addDays, lengthInDays } from '../contract/days.ts'
import type { RulebookContent } from '../contract/rulebook.ts'
import type { HeldBy, RoomNow, Today } from '../contract/today.ts'
import type { WorkerRow } from '../contract/workers.ts'
import { leavingDaysOf } from '../rulebook/leaving-days.ts'
import { blocksStart, isLongAbsence } from '../weighing/absence.ts'

/** One worker as far as it decides whether work can be given today. */
export interface RoomFacts {
  row: WorkerRow
  newThisWeek: number
  registrationFrom: string | null
  registrationUntil: string | null
  employedUntil: string | null
  /** That run today or begin later. */
  absences: readonly { percentage: number; validFrom: string; validUntil: string | null }[]
}

type Rules = Pick<RulebookContent, 'bandHigh' | 'newPerWeek' | 'fullTimeHours' | 'leavingDays'>

/** A few days off change nothing about what can be given. */
const SHORTEST_ABSENCE_DAYS = 7
/** How far ahead an absence shorter than four weeks is worth knowing. */
const SOON_DAYS = 28

/** The room of these people today, up to the top of the band: what can be used, and what holds the rest. */
export function roomNow(people: readonly RoomFacts[], rules: Rules, today: string): RoomNow {
  const shown = people.flatMap(one => {
    const { norm, hoursInUse } = one.row.load
    const top = shareOfNorm(rules.bandHigh, hundredths(norm.normHours))
    const room = top - hundredths(hoursInUse)
    if (room <= 0) return []
    const { staffNumber, name } = one.row
    return [
      {
        worker: { staffNumber, name },
        normHours: norm.normHours,
        top: top / 100,
        hoursInUse,
        room: room / 100,
        ...heldBy(one, rules, today),
      },
    ]
  })
  const sum = (of: readonly (typeof shown)[number][]) => ({
    hours: of.reduce((total, one) => total + hundredths(one.room), 0) / 100,
    workers: of.length,
  })
  return {
    ...sum(shown.filter(one => one.why === null)),
    held: REASONS.flatMap(why => {
      const those = shown.filter(one => one.why === why)
      return those.length === 0 ? [] : [{ why, ...sum(those) }]
    }),
    people: shown,
  }
}

const REASONS: readonly HeldBy[] = ['away', 'training', 'newCases', 'leaving']

function heldBy(one: RoomFacts, rules: Rules, today: string): { why: HeldBy | null; day: string | null } {
  const { row, registrationFrom, registrationUntil } = one
  if (row.availability === 'away') return { why: 'away', day: row.awayUntil }
  const registered =
    row.registration === 'registered' &&
    (registrationFrom === null || registrationFrom <= today) &&
    (registrationUntil === null || registrationUntil >= today)
  if (!registered) return { why: 'training', day: null }
  const cap = scaledCap(rules.newPerWeek, row.contractHours, rules.fullTimeHours)
  if (one.newThisWeek >= cap) return { why: 'newCases', day: null }
  const going = firstDayWithout(one, today, leavingDaysOf(rules))
  return going === null ? { why: null, day: null } : { why: 'leaving', day: going }
}

/** When somebody leaves, or begins an absence of four weeks or more, within so many days; null: neither. */
function firstDayWithout(one: RoomFacts, today: string, withinDays: number): string | null {
  if (withinDays === 0) return null
  const days = [
    ...(one.employedUntil === null ? [] : [addDays(one.employedUntil, 1)]),
    ...one.absences
      .filter(absence => absence.validFrom > today && blocksStart(absence) && isLongAbsence(absence))
      .map(absence => absence.validFrom),
  ].filter(day => day <= addDays(today, withinDays))
  return days.sort()[0] ?? null
}

/** Who leaves or goes away soon, or is away now: a line for each time, in order of the first day without them. */
export function goingOf(
  people: readonly RoomFacts[],
  rules: Pick<Rules, 'leavingDays'>,
  today: string,
): Today['going'] {
  const far = addDays(today, leavingDaysOf(rules))
  const soon = addDays(today, SOON_DAYS)
  const lines = people.flatMap(({ row, employedUntil, absences }): Today['going'] => {
    const { staffNumber, name, load } = row
    const about = { worker: { staffNumber, name }, families: load.families }
    const left = employedUntil === null ? null : addDays(employedUntil, 1)
    return [
      ...(left !== null && left <= far
        ? [{ ...about, why: 'leaves' as const, from: left, until: null }]
        : []),
      ...absences
        .filter(
          one =>
            blocksStart(one) &&
            (one.validUntil === null ||
              lengthInDays(one.validFrom, one.validUntil) >= SHORTEST_ABSENCE_DAYS) &&
            one.validFrom <= (isLongAbsence(one) ? far : soon) &&
            (left === null || one.validFrom < left),
        )
        .map(one => ({ ...about, why: 'away' as const, from: one.validFrom, until: one.validUntil })),
    ]
  })
  return lines.sort(
    (a, b) => a.from.localeCompare(b.from) || a.worker.staffNumber.localeCompare(b.worker.staffNumber),
  )
}
