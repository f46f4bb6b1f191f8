import type { Phase } from '../../solver/problem/problem.ts'
import { daysBetween } from '../contract/days.ts'
import { FIRST_PHASE, PHASES, perPhase } from '../contract/phase-order.ts'

/** Seats that weigh alike: the same work in the same phase, with the same first and last day. */
export interface SeatGroup {
  phase: Phase
  /** Hours in each phase as a multiple of the hours now. */
  ratio: Record<Phase, number>
  /** Null: it runs today. */
  startsOn: string | null
  endsOn: string | null
  /** The last phase that is planned begins on this day: until then nothing is left to chance. null: nothing is planned. */
  plannedOn?: string | null
  /** Sum of the hours per week, and of their squares. */
  hours: number
  squares: number
}

/** What was seen of cases that somebody had: weeks in each phase, and how often they went on to what. */
export interface Movement {
  weeks: Record<Phase, number>
  moves: { from: Phase; to: Phase | 'closed'; count: number }[]
}

/** New work per week over the weeks looked back on. */
export interface Inflow {
  /** Hours per week of the first seats that began, per week. */
  mean: number
  variance: number
  weeks: number
  ratio: Record<Phase, number>
}

export interface Expected {
  hours: number
  /** Half the width of the range that holds it four times out of five. */
  margin: number
  /** Without anything new. */
  known: number
}

/** Four out of five of a normal distribution lie within this many standard deviations. */
const FOUR_OF_FIVE = 1.2816

/**
 * The hours to be expected on each of these days, a week apart, the first a week from now.
 *
 * A case moves between phases and closes with the chances per week that were seen: P = moves / weeks in the phase. After k
 * weeks a seat of h hours in phase i weighs h · Σ_j P^k(i, j) · ratio_j, and ends with its own last day. What is planned
 * (phases, quiet times) is known and not by chance: such a seat is a group per stretch, and k counts from its last planned phase. New work comes in
 * as it came, enters in the begin phase and moves on likewise. Seats are independent, so variances add up:
 *
 *   Var = Σ h² (E[ratio²] − E[ratio]²) + v · Σ_a e_a² + (v / n) · (Σ_a e_a)²
 *
 * with v the variance of what comes in per week, e_a what is left after a weeks of an hour that came in, and n the weeks
 * that the mean rests on: it is an estimate too.
 */
export function expectedHours(
  days: readonly string[],
  groups: readonly SeatGroup[],
  movement: Movement,
  inflow: Inflow,
): Expected[] {
  const chances = weeklyChances(movement)
  const left = remains(chances, days.length)
  return days.map((day, index) => {
    const weeks = index + 1
    let known = 0
    let variance = 0
    for (const group of groups) {
      if (group.endsOn !== null && group.endsOn <= day) continue
      if (group.startsOn !== null && group.startsOn > day) continue
      const chance = left(group.phase, weeksLeftToChance(group, day, weeks))
      const mean = PHASES.reduce((sum, phase) => sum + chance[phase] * group.ratio[phase], 0)
      const square = PHASES.reduce((sum, phase) => sum + chance[phase] * group.ratio[phase] ** 2, 0)
      known += group.hours * mean
      variance += group.squares * Math.max(0, square - mean ** 2)
    }
    let sum = 0
    let squares = 0
    for (let age = 0; age < weeks; age++) {
      const chance = left(FIRST_PHASE, age)
      const stays = PHASES.reduce((total, phase) => total + chance[phase] * inflow.ratio[phase], 0)
      sum += stays
      squares += stays ** 2
    }
    const fromNew = inflow.variance * (squares + (inflow.weeks > 0 ? sum ** 2 / inflow.weeks : 0))
    return {
      hours: known + inflow.mean * sum,
      margin: FOUR_OF_FIVE * Math.sqrt(variance + fromNew),
      known,
    }
  })
}

/** Weeks in which a group may have moved by chance. */
function weeksLeftToChance({ plannedOn }: SeatGroup, day: string, weeks: number): number {
  if (!plannedOn) return weeks
  const since = Math.ceil(daysBetween(plannedOn, day) / 7)
  return Math.min(weeks, Math.max(0, since))
}

type Chances = Record<Phase, Record<Phase, number>>

/** The chance that a case in one phase is in another a week later; what is missing from one has closed. */
function weeklyChances({ weeks, moves }: Movement): Chances {
  const chance = (from: Phase, to: Phase | 'closed') =>
    weeks[from] > 0
      ? moves.filter(one => one.from === from && one.to === to).reduce((sum, one) => sum + one.count, 0) /
        weeks[from]
      : 0
  const row = (from: Phase): Record<Phase, number> => {
    const out = [...PHASES.filter(to => to !== from), 'closed' as const].map(to => chance(from, to))
    const gone = out.reduce((sum, one) => sum + one, 0)
    // More moves than weeks: seen too short to say more than that it moves at once.
    const scale = gone > 1 ? 1 / gone : 1
    const to = (phase: Phase) =>
      phase === from ? Math.max(0, 1 - gone * scale) : chance(from, phase) * scale
    return perPhase(to)
  }
  return perPhase(row)
}

/** The chances after a number of weeks, worked out once for every week up to `most`. */
function remains(chances: Chances, most: number) {
  const byWeek: Chances[] = [perPhase(only)]
  for (let week = 1; week <= most; week++) {
    const before = byWeek[week - 1]!
    const next = (from: Phase): Record<Phase, number> => {
      const to = (phase: Phase) =>
        PHASES.reduce((sum, via) => sum + before[from][via] * chances[via][phase], 0)
      return perPhase(to)
    }
    byWeek.push(perPhase(next))
  }
  return (from: Phase, weeks: number): Record<Phase, number> => byWeek[weeks]![from]
}

function only(phase: Phase): Record<Phase, number> {
  return { ...perPhase(() => 0), [phase]: 1 }
}
