import { perPhase } from '../contract/phase-order.ts'
import type { RoundOutlook } from '../contract/rounds.ts'
import {
  type Expected,
  expectedHours,
  type Inflow,
  type Movement,
  type SeatGroup,
} from '../forecast/forecast.ts'
import { type Band, statusOf, workloadOf } from '../workload/load.ts'

/** After how many weeks people look, and how far the expectation has to be worked out. */
export const HORIZONS = [4, 12] as const

type Then = RoundOutlook['workers'][number]['at'][number]

const NOTHING_MOVES: Movement = { weeks: perPhase(() => 0), moves: [] }
const NOTHING_NEW: Inflow = { mean: 0, variance: 0, weeks: 1, ratio: perPhase(() => 1) }

/** One worker: the seats there are, those that the draft would add, and the norm on the days looked at. */
export interface WorkerThen {
  own: readonly SeatGroup[]
  added: readonly SeatGroup[]
  /** Norm hours at each horizon. */
  norms: readonly number[]
}

/**
 * The load of one worker at each horizon, without and with the draft. `days` are those of the coming weeks, a week apart, the
 * first a week from now. The hours are those of `expectedHours` without anything new that nobody knows of yet, so the same as
 * elsewhere. Without `movement` phases stay as they are, and there is no range. The parts add up to the hours in whole hundredths:
 *
 *   now + starting − ending + phases = before;  before + draft = after
 */
export function loadsThen(
  days: readonly string[],
  { own, added, norms }: WorkerThen,
  movement: Movement | null,
  band: Band,
): Then[] {
  const without = expectedHours(days, own, movement ?? NOTHING_MOVES, NOTHING_NEW)
  const withDraft = expectedHours(days, [...own, ...added], movement ?? NOTHING_MOVES, NOTHING_NEW)
  return HORIZONS.map((weeks, place) => {
    const day = days[weeks - 1]!
    const normHours = norms[place] ?? 0
    const before = cents(without[weeks - 1]!.known)
    const after = cents(withDraft[weeks - 1]!.known)
    const sum = (of: (group: SeatGroup) => boolean) =>
      cents(own.filter(of).reduce((total, group) => total + group.hours, 0))
    const now = sum(group => group.startsOn === null)
    const starting = sum(group => group.startsOn !== null && group.startsOn <= day && !hasEnded(group, day))
    const ending = sum(group => group.startsOn === null && hasEnded(group, day))
    const point = (units: number) => ({
      hours: units / 100,
      workload: workloadOf(normHours, units / 100),
      status: statusOf(band, normHours, units / 100),
    })
    return {
      normHours,
      before: point(before),
      after: point(after),
      ...(movement ? rangeOf(withDraft[weeks - 1]!, normHours) : { low: null, high: null }),
      parts: {
        now: now / 100,
        starting: starting / 100,
        ending: ending / 100,
        phases: (before - (now + starting - ending)) / 100,
        draft: (after - before) / 100,
      },
    }
  })
}

const hasEnded = (group: SeatGroup, day: string) => group.endsOn !== null && group.endsOn <= day
const cents = (hours: number) => Math.round(Math.max(0, hours) * 100)

/** Where the load with the draft lies four times out of five, as fractions of the norm. */
function rangeOf({ known, margin }: Expected, normHours: number): Pick<Then, 'low' | 'high'> {
  const load = (hours: number) => workloadOf(normHours, cents(hours) / 100)
  return { low: load(known - margin), high: load(known + margin) }
}
