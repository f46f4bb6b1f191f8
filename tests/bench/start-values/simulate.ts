import type { RulebookContent } from '../../../server/contract/rulebook.ts'
import { policyOf } from '../../../server/draft/problem-of.ts'
import { startRulebook } from '../../../server/rulebook/start-values.ts'
import { currentMeaning } from '../../../solver/problem/meaning.ts'
import type { Problem, ProblemCase, ProblemWorker } from '../../../solver/problem/problem.ts'
import { broken } from '../../../solver/rules/broken.ts'
import { contributions, totalUnits } from '../../../solver/rules/criteria.ts'
import { solve } from '../../../solver/solve.ts'
import { aFamily, aPerson, type Draw, drawFrom, type Family, poisson } from './people.ts'

/** How a week's cases are given out: by the solver under a rulebook, or to the least loaded who may have them. */
export type Way = { rulebook: RulebookContent } | 'leastLoaded'

export interface Outcome {
  /** Standard deviation of the workloads in a team, as a fraction of the norm; mean over the weeks after the first quarter. */
  spread: number
  /** Points of the criteria per seat given, by the weights of the start rulebook, whatever rulebook gave it. */
  fit: number
  /** Weeks between coming in and being given; what waits at the end counts with what it has waited. */
  waits: number[]
  /** Of who could have been granted a wish: the standard deviation between people of the share that was. */
  wishSpread: number
  /** Of weeks of people: the share above the top of the band. */
  above: number
}

export interface Setting {
  workers: number
  weeks: number
  /** Inflow as a fraction of what keeps a team at its norm. */
  inflow: number
}

const START_ON = '2026-01-05'
const yardstick = policyOf(startRulebook, 'balanced')

/** One team over the weeks. The same seed draws the same people and families, whatever the way. */
export async function simulate(way: Way, setting: Setting, seed: number): Promise<Outcome> {
  const draw = drawFrom(seed)
  // Two know everything: what nobody may have waits for ever under any rules, and would hide the rest.
  const staff = Array.from({ length: setting.workers }, (_, index) =>
    aPerson(draw, `jb-${index + 10}`, index < 2 ? 'all' : 'some'),
  )
  const ids = staff.map(one => one.id)
  const rate = (setting.inflow * sum(staff.map(one => one.normHours))) / hoursPerFamily()
  const held = new Map<string, { family: Family; worker: string }>()
  fillUp(draw, staff, held)
  let waiting: Family[] = []
  const waits: number[] = []
  const spreads: number[] = []
  const above: number[] = []
  const fits: number[] = []
  const wishes = new Map(ids.map(id => [id, { granted: 0, asked: 0 }]))
  let count = 0
  for (let week = 0; week < setting.weeks; week++) {
    for (const [id, one] of held) if (one.family.ends <= week) held.delete(id)
    waiting = waiting.filter(one => one.ends > week)
    const arrivals = poisson(draw, rate)
    for (let n = 0; n < arrivals; n++) waiting.push(aFamily(draw, `z-${1000 + ++count}`, week, ids))
    const problem = problemOf(way, week, staff, held, waiting, wishes, rate)
    const given = way === 'leastLoaded' ? leastLoaded(problem) : await solved(problem)
    countWishes(problem, given, wishes)
    for (const family of waiting) {
      const worker = given.get(family.case.id)
      if (worker === undefined) continue
      const [theCase, person] = [caseNow(family, week), problem.workers.find(one => one.id === worker)!]
      fits.push(totalUnits(contributions({ ...problem, policy: yardstick }, theCase, person)) / 100)
      waits.push(week - family.arrived)
      held.set(family.case.id, { family, worker })
    }
    waiting = waiting.filter(one => !given.has(one.case.id))
    if (week < setting.weeks / 4) continue
    const shares = loadsAt(week, staff, held).map(one => one.hours / one.norm)
    spreads.push(deviation(shares))
    above.push(shares.filter(one => one > startRulebook.bandHigh).length / shares.length)
  }
  for (const family of waiting) waits.push(setting.weeks - family.arrived)
  const granted = [...wishes.values()].filter(one => one.asked > 0).map(one => one.granted / one.asked)
  return { spread: mean(spreads), fit: mean(fits), waits, wishSpread: deviation(granted), above: mean(above) }
}

/** A team that has been at work for long: families of every age, given to whoever had the most room, up to 95 % of the norm. */
function fillUp(
  draw: Draw,
  staff: readonly ProblemWorker[],
  held: Map<string, { family: Family; worker: string }>,
) {
  const ids = staff.map(one => one.id)
  const full = 0.95 * sum(staff.map(one => one.normHours))
  for (let count = 0; sum(loadsAt(0, staff, held).map(one => one.hours)) < full; count++) {
    const family = aFamily(draw, `o-${1000 + count}`, -Math.floor(draw.next() * 150), ids)
    if (family.ends <= 0) continue
    const [most] = loadsAt(0, staff, held).sort((a, b) => a.hours / a.norm - b.hours / b.norm)
    held.set(family.case.id, { family, worker: draw.chance(0.5) ? most!.id : draw.pick(ids) })
  }
}

function loadsAt(
  week: number,
  staff: readonly ProblemWorker[],
  held: ReadonlyMap<string, { family: Family; worker: string }>,
) {
  const loads = new Map(
    staff.map(one => [one.id, { id: one.id, norm: one.normHours, hours: 0, heavy: 0, cases: 0 }]),
  )
  for (const { family, worker } of held.values()) {
    const load = loads.get(worker)!
    load.hours = Math.round((load.hours + family.hoursAt(week)) * 100) / 100
    load.heavy += family.heavyAt(week) ? 1 : 0
    load.cases++
  }
  return [...loads.values()]
}

function caseNow(family: Family, week: number): ProblemCase {
  return {
    ...family.case,
    waitingDays: 7 * (week - family.arrived),
    hours: { primary: family.hoursAt(week) },
  }
}

function problemOf(
  way: Way,
  week: number,
  staff: readonly ProblemWorker[],
  held: ReadonlyMap<string, { family: Family; worker: string }>,
  waiting: readonly Family[],
  wishes: ReadonlyMap<string, { granted: number; asked: number }>,
  rate: number,
): Problem {
  const content = way === 'leastLoaded' ? startRulebook : way.rulebook
  const loads = new Map(loadsAt(week, staff, held).map(one => [one.id, one]))
  return {
    format: 1,
    meaning: currentMeaning,
    seed: week,
    startOn: START_ON,
    policy: policyOf(content, 'balanced'),
    cases: waiting.map(one => caseNow(one, week)),
    workers: staff.map(one => {
      const { hours, heavy } = loads.get(one.id)!
      return {
        ...one,
        hoursInUse: hours,
        heavyCases: heavy,
        ...(content.criteria.wishTurn !== undefined && { wishes: { ...wishes.get(one.id)! } }),
      }
    }),
    locks: [],
    exclusions: [],
    waiting: [],
    ...(content.criteria.scarceSkill !== undefined && {
      expected: [
        { competence: 'ITB', cases: Math.round(rate * 4 * 2.2) / 100 },
        { competence: 'CRISIS', cases: Math.round(rate * 4 * 9.5) / 100 },
      ],
    }),
  }
}

async function solved(problem: Problem): Promise<Map<string, string>> {
  const { lines } = await solve(problem, { timeLimitMs: 20_000 })
  return new Map(lines.flatMap(line => (line.workerId === null ? [] : [[line.caseId, line.workerId]])))
}

const URGENCY = { emergency: 0, high: 1, normal: 2 }

function leastLoaded(problem: Problem): Map<string, string> {
  const given = new Map<string, string>()
  const taken: { caseId: string; seat: 'primary'; workerId: string }[] = []
  const hours = new Map(problem.workers.map(one => [one.id, one.hoursInUse]))
  const order = [...problem.cases].sort(
    (a, b) => URGENCY[a.urgency] - URGENCY[b.urgency] || b.waitingDays - a.waitingDays,
  )
  for (const one of order) {
    const [worker] = problem.workers
      .filter(person => broken(problem, one, 'primary', person, taken).length === 0)
      .sort((a, b) => hours.get(a.id)! / a.normHours - hours.get(b.id)! / b.normHours)
    if (!worker) continue
    given.set(one.id, worker.id)
    taken.push({ caseId: one.id, seat: 'primary', workerId: worker.id })
    hours.set(worker.id, hours.get(worker.id)! + one.hours.primary)
  }
  return given
}

/** Of each case that was given: who wished for it and might have had it, and who got it. */
function countWishes(
  problem: Problem,
  given: ReadonlyMap<string, string>,
  wishes: Map<string, { granted: number; asked: number }>,
): void {
  for (const one of problem.cases) {
    const worker = given.get(one.id)
    if (worker === undefined) continue
    for (const person of problem.workers) {
      const wish = contributions(problem, one, person).find(part => part.criterion === 'preference')
      if (!wish || wish.value <= 0 || broken(problem, one, 'primary', person, []).length > 0) continue
      const counts = wishes.get(person.id)!
      counts.asked++
      if (person.id === worker) counts.granted++
    }
  }
}

let perFamily: number | null = null
/** Hours that a family asks over all its weeks, on average: with the rate of arrival it is the load that a team ends up with. */
function hoursPerFamily(): number {
  if (perFamily !== null) return perFamily
  const draw = drawFrom(20_260_101)
  const made = 4000
  let hours = 0
  for (let n = 0; n < made; n++) {
    const family = aFamily(draw, `m-${n}`, 0, ['jb-1'])
    for (let week = 0; week < family.ends; week++) hours += family.hoursAt(week)
  }
  perFamily = hours / made
  return perFamily
}

const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0)
export const mean = (list: readonly number[]) => sum(list) / Math.max(1, list.length)
export function deviation(list: readonly number[]): number {
  const middle = mean(list)
  return Math.sqrt(mean(list.map(one => (one - middle) ** 2)))
}
