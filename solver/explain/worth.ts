import { classOf } from '../problem/classes.ts'
import { asPoints, hundredths, inBasisPoints, seatsOf, squareOfLoad } from '../problem/load.ts'
import { meaningOf } from '../problem/meaning.ts'
import type { CaseClass, Policy, Problem, Proposal, ProposalLine, Seat } from '../problem/problem.ts'
import { CASE_CLASSES } from '../problem/urgencies.ts'
import { isLeaver } from '../rules/leaving.ts'
import { lockFor, lookup } from '../rules/lookup.ts'
import { filledLine, frame, isPlaced, makeLoads, totalValue } from '../search/proposal.ts'

/** Who has a seat; null: nobody. */
export interface GivenSeat {
  caseId: string
  seat: Seat
  workerId: string | null
  locked?: boolean
  blocked?: ProposalLine['blocked']
}

/**
 * Any allocation in the form of a Proposal, so that it can be explained and compared: its lines, its loads, and as its value
 * the points less the costs of exactly these seats. It is no answer of the engine: nothing about it is proven.
 */
export function draftOf(problem: Problem, given: readonly GivenSeat[]): Proposal {
  const { lines, loads } = linesOf(problem, given)
  const value = totalValue(problem, lines, loads) / 100
  return {
    ...frame(problem),
    lines,
    loads,
    levels: [{ level: 'pointsMinusLoad', value, bound: value }],
    status: 'feasible',
    gap: 0,
    endedBy: 'person',
    engine: 'people',
    bundles: 0,
    nodes: 0,
    wallMs: 0,
  }
}

/** The lines and loads of any allocation: all that it takes to weigh it. */
export function linesOf(problem: Problem, given: readonly GivenSeat[]): Pick<Proposal, 'lines' | 'loads'> {
  const { cases, workers } = lookup(problem)
  const filled = given.flatMap(({ caseId, seat, workerId, locked = false }) =>
    workerId === null || !workers.has(workerId) || !cases.has(caseId)
      ? []
      : [{ caseId, seat, workerId, locked }],
  )
  const loads = makeLoads(problem, filled)
  const loadOf = new Map(loads.map(load => [load.workerId, load]))
  const seats = new Map(filled.map(one => [`${one.seat} ${one.caseId}`, one]))
  const lines = given.map(({ caseId, seat, blocked = [] }): ProposalLine => {
    const one = seats.get(`${seat} ${caseId}`)
    const load = one && loadOf.get(one.workerId)
    if (one && load) return filledLine(problem, one, load)
    const hours = cases.get(caseId)?.hours[seat] ?? 0
    return { caseId, seat, ...EMPTY, hours, blocked }
  })
  return { lines, loads }
}

const EMPTY = { workerId: null, locked: false, points: 0, contributions: [], loadCost: 0 }

/** A strict level that people weigh by; `points` are points less costs, and `evenLoads` squares of workload percentages. */
export type LevelName =
  | `placed.${CaseClass}`
  | `waitingDays.${CaseClass}`
  | 'leavers'
  | 'highestLoad'
  | 'points'
  | 'evenLoads'

/**
 * The levels of a Problem with this policy, most important first. The only list there is: prices, margins, orders and
 * comparisons all go by it, so a level that is added here counts everywhere.
 */
export function levelNames(
  policy: Pick<Policy, 'lowestMaximumFirst' | 'evenLoads'> & { leaving?: { fewest?: true } },
): LevelName[] {
  const steps = CASE_CLASSES.flatMap((name): LevelName[] =>
    name === 'overdue'
      ? ['waitingDays.overdue', 'placed.overdue']
      : [`placed.${name}`, `waitingDays.${name}`],
  )
  return [
    ...steps,
    ...(policy.leaving?.fewest ? (['leavers'] as const) : []),
    ...(policy.lowestMaximumFirst ? (['highestLoad'] as const) : []),
    'points',
    ...(policy.evenLoads ? (['evenLoads'] as const) : []),
  ]
}

/** What an allocation is worth on the strict levels. */
export interface Worth {
  /**
   * Per level, most important first, a whole number of which more is better: cases, days, the highest load in hundredths of a
   * percent below nothing, points less costs in hundredths, squares of loads below nothing.
   */
  levels: { level: LevelName; value: number }[]
  placed: number
  /** Points less costs, in hundredths of a point. */
  units: number
}

/** Counted from the lines alone, so it holds for a draft of people as well as for an answer of the engine. */
export function worthOf(problem: Problem, proposal: Pick<Proposal, 'lines' | 'loads'>): Worth {
  const { policy } = problem
  const seats = new Map<string, number>()
  for (const line of proposal.lines) {
    if (line.workerId !== null) seats.set(line.caseId, (seats.get(line.caseId) ?? 0) + 1)
  }
  const units = totalValue(problem, proposal.lines, proposal.loads)
  const values = new Map<LevelName, number>([['points', units]])
  if (policy.lowestMaximumFirst) values.set('highestLoad', 0 - highestLoad(proposal.loads))
  if (policy.evenLoads) values.set('evenLoads', 0 - evenLoadsOf(proposal.loads))
  if (policy.leaving?.fewest) {
    const goes = ({ caseId, seat, workerId }: ProposalLine) =>
      workerId !== null && isLeaver(problem, { caseId, seat, workerId })
    values.set('leavers', 0 - proposal.lines.filter(goes).length)
  }
  const add = (level: LevelName, more: number) => values.set(level, (values.get(level) ?? 0) + more)
  let placed = 0
  for (const theCase of problem.cases) {
    if ((seats.get(theCase.id) ?? 0) < seatsOf(theCase).length) continue
    const name = classOf(policy, theCase)
    add(`placed.${name}`, 1)
    add(`waitingDays.${name}`, theCase.waitingDays)
    placed++
  }
  const levels = levelNames(policy).map(level => ({ level, value: values.get(level) ?? 0 }))
  return { levels, placed, units }
}

/** The sum of squares of all loads: the less, the more even they are. */
export function evenLoadsOf(loads: Proposal['loads']): number {
  return loads.reduce(
    (sum, { normHours, hoursAfter }) => sum + squareOfLoad(hundredths(hoursAfter), hundredths(normHours)),
    0,
  )
}

/** Highest load among those who get a seat that is new to them, hundredths of a percent of the norm, rounded up; 0 when nobody does. */
export function highestLoad(loads: Proposal['loads']): number {
  return loads.reduce((most, { newCases, normHours, hoursAfter }) => {
    const norm = hundredths(normHours)
    if (newCases === 0 || norm === 0) return most
    return Math.max(most, inBasisPoints(hundredths(hoursAfter), norm))
  }, 0)
}

/** The same as the level of this Problem counts it: by the first meaning among those who have a seat that people did not fix. */
export function highestOfLevel(
  problem: Problem,
  { lines, loads }: Pick<Proposal, 'lines' | 'loads'>,
): number {
  if (meaningOf(problem) === 2) return highestLoad(loads)
  const free = new Set(
    lines
      .filter(line => lockFor(problem, line.caseId, line.seat)?.workerId !== line.workerId)
      .map(line => line.workerId),
  )
  return highestLoad(loads.map(load => ({ ...load, newCases: free.has(load.workerId) ? 1 : 0 })))
}

/** Above 0 when `a` is worth more, by the strict order of the levels. */
export function compareWorth(a: Worth, b: Worth): number {
  const first = a.levels.findIndex((one, k) => one.value !== b.levels[k]!.value)
  return first < 0 ? 0 : a.levels[first]!.value - b.levels[first]!.value
}

/**
 * Which of several allocations are best by the strict order of the levels, by their positions, and the levels that decide it:
 * on each the positions of the best among those that were as good on every level before. None is best when all are alike. Of
 * different Problems only the levels count that all of them have.
 */
export function bestByLevels(worths: readonly Worth[]): {
  best: number[]
  decides: Map<LevelName, number[]>
} {
  const decides = new Map<LevelName, number[]>()
  let left = worths.map((_, at) => at)
  for (const { level } of worths[0]?.levels ?? []) {
    const values = worths.map(one => one.levels.find(each => each.level === level)?.value)
    if (values.includes(undefined)) continue
    const most = Math.max(...left.map(at => values[at] ?? 0))
    const best = left.filter(at => values[at] === most)
    if (best.length < left.length) decides.set(level, best)
    left = best
  }
  return { best: decides.size > 0 ? left : [], decides }
}

/** Whether both place the same of every class, with as many seats for who leaves where those are a level. */
export function placesAsMuch(a: Worth, b: Worth): boolean {
  return a.levels.every(
    ({ level, value }, k) => !(isPlacing(level) || level === 'leavers') || value === b.levels[k]!.value,
  )
}

export const isPlacing = (level: LevelName): boolean =>
  level.startsWith('placed.') || level.startsWith('waitingDays.')

/** One level on which two allocations differ. */
export interface LevelDifference {
  level: LevelName
  /** More or fewer: cases, days, percentage points of the highest load, points, squares of percentages. */
  difference: number
  better: boolean
}

/** What something costs against something else, by the strict levels. */
export interface Price {
  /** Where they differ, most important first: the first one decides, whatever the others say. */
  levels: LevelDifference[]
  /** What the levels come to: more is better, but for the highest load. */
  emergencies: number
  placed: number
  /** In percentage points, where the policy puts it before points; else null. */
  highestLoad: number | null
  points: number
}

export function priceOf(worth: Worth, than: Worth): Price {
  return priceBy(
    worth.levels.map(({ level, value }, k) => ({ level, better: value - than.levels[k]!.value })),
  )
}

/** The price by how much better each level is, in whole numbers. */
export function priceBy(levels: readonly { level: LevelName; better: number }[]): Price {
  const by = (name: LevelName) => levels.find(one => one.level === name)?.better ?? 0
  const highest = levels.some(one => one.level === 'highestLoad')
  return {
    levels: levels.flatMap(({ level, better }) =>
      better === 0 ? [] : [{ level, difference: measured(level, better), better: better > 0 }],
    ),
    emergencies: by('placed.emergency'),
    placed: CASE_CLASSES.reduce((sum, name) => sum + by(`placed.${name}`), 0),
    highestLoad: highest ? measured('highestLoad', by('highestLoad')) : null,
    points: asPoints(by('points')),
  }
}

/** In what people read: points instead of hundredths, and the highest load as a rise. */
function measured(level: LevelName, better: number): number {
  if (level === 'points') return asPoints(better)
  if (level === 'leavers') return 0 - better
  if (level === 'evenLoads') return (0 - better) / 10_000
  return level === 'highestLoad' ? (0 - better) / 100 : better
}

/** Levels of which less is better. */
export const isLow = (level: LevelName): boolean =>
  level === 'highestLoad' || level === 'leavers' || level === 'evenLoads'

/** Above 0 when the first price is better, by the first level on which they are not alike. */
export function comparePrices(a: Price, b: Price): number {
  const signed = ({ level, difference }: LevelDifference) => (isLow(level) ? 0 - difference : difference)
  const of = (price: Price, level: LevelName) => {
    const found = price.levels.find(one => one.level === level)
    return found ? signed(found) : 0
  }
  for (const level of levelOrder) {
    const difference = of(a, level) - of(b, level)
    if (difference !== 0) return difference
  }
  return 0
}

const levelOrder = levelNames({
  lowestMaximumFirst: true,
  leaving: { fewest: true },
  evenLoads: true,
})

/** Nothing on these is made good by points. */
export const levelsBeforePoints = levelOrder.slice(0, levelOrder.indexOf('points'))

/** Cases whose every seat has somebody. */
export function placedCases(proposal: Pick<Proposal, 'lines'>): Set<string> {
  return new Set(proposal.lines.map(line => line.caseId).filter(id => isPlaced(proposal.lines, id)))
}
