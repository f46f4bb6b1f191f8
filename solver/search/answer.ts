import { checkProposal } from '../check/check.ts'
import { classOf } from '../problem/classes.ts'
import type { CaseClass, ProblemCase, Proposal } from '../problem/problem.ts'
import { isUrgentClass } from '../problem/urgencies.ts'
import { isLeaver } from '../rules/leaving.ts'
import type { BoundPrices } from './bound.ts'
import type { Draft } from './draft.ts'
import type { Even } from './even.ts'
import type { Instance } from './instance.ts'
import type { Lowest } from './lowest.ts'
import type { Placement, PlacementStep } from './placement.ts'
import { frame, lockedWhole, makeLines, totalValue } from './proposal.ts'

/** What came out of the levels, for one allocation. */
export interface Found {
  draft: Draft
  /** On the value of the draft; in units. */
  bound: number
  placement: Placement
  /** The fewest seats with who leaves or goes away, where the policy asks. */
  leavers: Lowest | null
  capped: Lowest | null
  even: Even | null
  endedBy: (optimal: boolean) => Proposal['endedBy']
  engine: string
  boundPrices: BoundPrices | null
  bundles: number
  nodes: number
  started: number
}

// An instance is made from its problem for one run, which asks this of every early answer too; of a large problem it takes a fifth of a second.
const frames = new WeakMap<Instance, ReturnType<typeof frame>>()

function frameOf(instance: Instance): ReturnType<typeof frame> {
  const known = frames.get(instance) ?? frame(instance.problem)
  frames.set(instance, known)
  return known
}

/** The Proposal of an allocation. Throws when it does not pass the check. */
export function makeProposal(instance: Instance, found: Found): Proposal {
  const { problem } = instance
  const { draft, placement } = found
  const { lines, loads } = makeLines(instance, draft)
  const value = totalValue(problem, lines, loads)
  const levels = makeLevels(instance, found, value, value + found.bound - draft.value())
  const optimal = levels.every(
    level => level.value === level.bound && (level.steps ?? []).every(step => step.value === step.bound),
  )
  const last = levels.at(-1)!
  const proposal: Proposal = {
    ...frameOf(instance),
    lines,
    loads,
    levels,
    status: optimal ? 'optimal' : 'feasible',
    gap: optimal ? 0 : Math.abs(last.bound - last.value) / Math.max(1, Math.abs(last.value)),
    endedBy: found.endedBy(optimal),
    ...(found.even && { evenLoads: evenLevel(found.even, found.endedBy) }),
    engine: found.engine,
    ...(found.boundPrices ? { certificate: asWritten(found.boundPrices, placement) } : {}),
    bundles: found.bundles,
    nodes: found.nodes,
    wallMs: Math.round(performance.now() - found.started),
  }
  const wrong = checkProposal(problem, proposal)
  if (wrong.length > 0) {
    throw new Error(`The answer does not pass the check: ${wrong.map(one => one.message.en).join('; ')}`)
  }
  return proposal
}

function evenLevel({ value, bound, ended }: Even, endedBy: Found['endedBy']): Proposal['evenLoads'] {
  const status = ended === 'proof' ? 'optimal' : 'feasible'
  return { value, bound, status, endedBy: ended === 'stopped' ? endedBy(false) : ended }
}

function asWritten(
  { items, groups, shared, levels }: BoundPrices,
  { classBounds }: Placement,
): Proposal['certificate'] {
  return {
    items: [...items],
    groups: [...groups],
    shared: [...shared],
    levels: [...levels],
    ...(classBounds.length > 0
      ? { placing: classBounds.map(({ urgency, boundPrices }) => ({ urgency, ...boundPrices })) }
      : {}),
  }
}

/** Every level's value is that of the answer: where a level was not proven, the search for value may do better on it. */
function makeLevels(
  instance: Instance,
  { placement, leavers, capped, draft }: Found,
  value: number,
  bound: number,
): Proposal['levels'] {
  const weigh = (measure: PlacementStep['measure'], cases: readonly ProblemCase[]) =>
    cases.reduce((sum, one) => sum + (measure === 'placed' ? 1 : one.waitingDays), 0)
  const whole = lockedWhole(instance)
  const found = instance.units.flatMap((unit, index) => (draft.placed(index) ? [unit.case] : []))
  const steps = placement.steps.map(step => {
    const inClass = (one: ProblemCase) => classOf(instance.policy, one) === step.urgency
    const reached = weigh(step.measure, found.filter(inClass))
    const fixed = weigh(step.measure, whole.filter(inClass))
    return { ...step, value: reached + fixed, bound: Math.max(reached, step.bound) + fixed }
  })
  const highest = draft.highestLoad()
  const fixedGoing = instance.locks.held.filter(lock => isLeaver(instance.problem, lock)).length
  const going = draft.leavers() + fixedGoing
  const level = (name: Proposal['levels'][number]['level'], belongs: (one: CaseClass) => boolean) => {
    const own = steps.filter(step => belongs(step.urgency))
    const placed = own.filter(step => step.measure === 'placed')
    return {
      level: name,
      value: placed.reduce((total, step) => total + step.value, 0),
      bound: placed.reduce((total, step) => total + step.bound, 0),
      steps: own,
    }
  }
  return [
    ...(instance.classes.includes('current') ? [level('currentPlaced', one => one === 'current')] : []),
    level('urgentPlaced', isUrgentClass),
    level('placed', one => one !== 'current' && !isUrgentClass(one)),
    ...(leavers
      ? [{ level: 'leavers' as const, value: going, bound: Math.min(leavers.bound + fixedGoing, going) }]
      : []),
    ...(capped
      ? [
          {
            level: 'highestLoad' as const,
            value: highest / 10000,
            bound: Math.min(capped.bound, highest) / 10000,
          },
        ]
      : []),
    { level: 'pointsMinusLoad', value: value / 100, bound: bound / 100 },
  ]
}
