import type { Deadline } from './deadline.ts'
import { Draft } from './draft.ts'
import { squeezeIn } from './greedy.ts'
import { type Instance, withHighestLoad, withLeavers } from './instance.ts'
import { canKeep, type Placement } from './placement.ts'
import { keepsSettled } from './search.ts'

/** How low a level of which less is better can be, and the instance in which nothing is above that. */
export interface Lowest {
  instance: Instance
  draft: Draft
  /** Seats, or hundredths of a percent of the norm. */
  value: number
  bound: number
  usedHighs: boolean
}

/** So many questions may stay without an answer before the search ends. */
const openQuestions = 3

interface Level {
  name: 'leavers' | 'highestLoad'
  /** So many make one of what is told. */
  unit: number
  measure: (draft: Draft) => number
  /** The same instance in which it is at most this. */
  within: (most: number) => Instance
  /** Nothing lower is possible, for certain. */
  least: number
  /** Whether the least of all is asked first; it is what there mostly is. */
  leastFirst: boolean
}

/**
 * The fewest seats with who leaves or goes away at which the settled levels can still be kept: first without any of them, then by
 * halves. `others` are allocations with no more of them.
 */
async function fewestLeavers(
  instance: Instance,
  placement: Placement,
  known: readonly Draft[],
  deadline: Deadline,
): Promise<Lowest & { others: Draft[] }> {
  const stays = withLeavers(instance, 0)
  const tried = [placement.draft, ...known].flatMap(other => {
    // Fewer than none there are not.
    if (placement.draft.leavers() === 0) return [other]
    // Without them first, then whatever has no other place.
    const part = Draft.from(stays, other.workerOf)
    squeezeIn(part, deadline.shouldStop)
    const whole = Draft.from(instance, part.workerOf)
    squeezeIn(whole, deadline.shouldStop)
    return [whole, other]
  })
  const measure = (one: Draft) => one.leavers()
  const draft = lowestOf(placement, placement.draft, tried, measure)
  const within = (most: number) => withLeavers(instance, most)
  const found = await byQuestions(
    instance,
    placement,
    draft,
    { name: 'leavers', unit: 1, measure, within, least: 0, leastFirst: true },
    deadline,
  )
  return { ...found, others: tried.filter(one => measure(one) <= found.value) }
}

/**
 * The lowest highest load (among those who get something) at which the settled levels can still be kept, by halves on a grid of
 * 0.01 % of the norm. It begins at the lowest of the placement's draft and those known besides.
 */
async function lowestMaximum(
  instance: Instance,
  placement: Placement,
  known: readonly Draft[],
  deadline: Deadline,
): Promise<Lowest> {
  // What was polished for value may have a higher load than what it came from.
  const others = known.map(one => Draft.from(instance, one.workerOf))
  const within = (most: number) => withHighestLoad(instance, most)
  const measure = (one: Draft) => one.highestLoad()
  const draft = lowestOf(placement, placement.draft, others, measure)
  // What people fixed stays, whatever else is given.
  const least = new Draft(instance).highestLoad()
  return await byQuestions(
    instance,
    placement,
    draft,
    { name: 'highestLoad', unit: 10_000, measure, within, least, leastFirst: false },
    deadline,
  )
}

/** Of those that keep what is settled the lowest, and of several the one that is worth most. */
function lowestOf(
  placement: Placement,
  start: Draft,
  others: readonly Draft[],
  measure: (draft: Draft) => number,
): Draft {
  return others.reduce((best, one) => {
    if (!keepsSettled(placement, one)) return best
    const more = measure(best) - measure(one) || one.value() - best.value()
    return more > 0 ? one : best
  }, start)
}

/** Each question is answered by an allocation or by proof that there is none. */
async function byQuestions(
  instance: Instance,
  { settled }: Placement,
  start: Draft,
  { name, unit, measure, within, least, leastFirst }: Level,
  deadline: Deadline,
): Promise<Lowest> {
  let draft = start
  let high = measure(draft)
  let low = least
  /** Under this nothing was found. */
  let tried = least
  let open = 0
  let usedHighs = false
  const each = deadline.remaining() / 5
  while (tried < high && open < openQuestions && !deadline.shouldStop()) {
    const most = leastFirst && tried === least ? least : Math.floor((tried + high) / 2)
    deadline.report(name, high / unit, low / unit, draft)
    const quick = { ...deadline, report: () => {}, remaining: () => Math.min(each, deadline.remaining()) }
    const answer = await canKeep(within(most), settled, draft, quick)
    usedHighs = true
    if (answer.draft) {
      draft = Draft.from(instance, answer.draft.workerOf)
      high = measure(draft)
    } else {
      tried = most + 1
      if (answer.certain) low = tried
      else open++
    }
  }
  const stage = within(high)
  return {
    instance: stage,
    draft: Draft.from(stage, draft.workerOf),
    value: high,
    bound: Math.min(low, high),
    usedHighs,
  }
}

export interface LowestLevels {
  leavers: Lowest | null
  capped: Lowest | null
  /** The instance in which both are kept, and what does; others may. */
  instance: Instance
  draft: Draft
  others: Draft[]
}

/** The levels of which less is better, as far as the policy asks for them. */
export async function settleLowest(
  instance: Instance,
  placement: Placement,
  known: readonly Draft[],
  deadline: Deadline,
): Promise<LowestLevels> {
  const { leaving, lowestMaximumFirst } = instance.policy
  const leavers = leaving?.fewest ? await fewestLeavers(instance, placement, known, deadline) : null
  const kept = leavers ?? { instance, draft: placement.draft, others: [] }
  const { others } = kept
  const capped = lowestMaximumFirst
    ? await lowestMaximum(kept.instance, { ...placement, draft: kept.draft }, [...known, ...others], deadline)
    : null
  return {
    leavers,
    capped,
    others,
    instance: capped?.instance ?? kept.instance,
    draft: capped?.draft ?? kept.draft,
  }
}

/** The instance in which no allocation is worse than this one on the levels of which less is better; mostly the instance of these levels. */
export function instanceAsGood(
  instance: Instance,
  { leavers, capped, instance: kept }: LowestLevels,
  draft: Draft,
): Instance {
  const fewer = leavers !== null && draft.leavers() < leavers.value
  const lower = capped !== null && draft.highestLoad() < capped.value
  if (!fewer && !lower) return kept
  const first = leavers ? withLeavers(instance, draft.leavers()) : instance
  return capped ? withHighestLoad(first, draft.highestLoad()) : first
}
