import { hundredths, scaledCap } from '../../solver/problem/load.ts'
import { addDays } from '../contract/days.ts'
import { startRulebook } from '../rulebook/start-values.ts'
import { type Numberer, travelHours, weightOf } from './case-basics.ts'
import { type DemoMeasure, makeWork, stockMix } from './families.ts'
import { makePast } from './past.ts'
import { type Random, randomFrom } from './random.ts'
import type { DemoCase, DemoOrganisation, DemoWorker } from './rows.ts'
import { makeWaitingCases } from './waiting.ts'
import { demoTeams, hasCompetences, makeWorkers, normHoursOf } from './workers.ts'

const FAMILIES = 300
/** Load that each place in a team works towards, as a fraction of the norm: most near it, one far above, some with room. */
const targets = [1.03, 0.94, 1.32, 0.9, 0.74, 1.0, 0.62, 0.97, 0.86, 1.08, 0.8, 0.95]

/** So many days ago the first team got its youngest supervision orders; the settled rounds are about them. */
const YOUNG = [14, 36, 100, 114, 128, 142, 156, 170]
/** So many of its older ones are with another team: it has the most room of all for the work that comes in. */
const MOVED = 8

/** Out of 27 families: the first team, whose round the demo shows, has the most room for new cases. */
const familiesPerTeam = [6, 7, 7, 7]
const teamOfFamily = demoTeams.flatMap((team, index) =>
  Array.from({ length: familiesPerTeam[index]! }, () => team),
)

/**
 * A made-up organisation in Twente: 4 teams, 48 workers, about 300 families that are served, 25 new cases that wait, and two
 * years of what went before.
 * The same seed and day give the same rows. Figures follow published statistics; all names and numbers are invented.
 */
export function makeOrganisation(seed: number, today: string): DemoOrganisation {
  const random = randomFrom(seed)
  const workers = makeWorkers(random, today)
  const number = numberer()
  const running = makeRunningCases(random, today, number)
  allocateAll(running, workers, today)
  addFormerWorkers(random, today, running, workers)
  const waiting = makeWaitingCases(random, today, { running, workers, number })
  const closed = makePast(seed + 1, today, { running, workers, number })
  return {
    name: 'Jeugdbescherming Twente (demo)',
    teams: demoTeams.map(team => team.name),
    workers,
    cases: [...running, ...waiting],
    closed,
  }
}

function numberer(): Numberer {
  const used = new Map<string, number>()
  const following = (series: string, first: number) => {
    const next = (used.get(series) ?? first - 1) + 1
    used.set(series, next)
    return String(next).padStart(4, '0')
  }
  return {
    caseNumber: receivedOn => `ZK-${receivedOn.slice(0, 4)}-${following(receivedOn.slice(0, 4), 101)}`,
    familyNumber: () => `GZ-${following('family', 1)}`,
  }
}

function makeRunningCases(random: Random, today: string, number: Numberer): DemoCase[] {
  const plans = Array.from({ length: FAMILIES }, (_, index) => {
    const measure = random.weighted(stockMix) as DemoMeasure
    return { team: teamOfFamily[index % teamOfFamily.length]!, measure, age: ageOf(random, measure) }
  }).sort((a, b) => b.age - a.age)
  const young = plans.filter(plan => plan.team === demoTeams[0] && plan.measure === 'OTS' && plan.age > 200)
  for (const plan of young.slice(YOUNG.length, YOUNG.length + MOVED)) plan.team = demoTeams[3]!
  for (const [index, age] of YOUNG.entries()) young[index]!.age = age
  const made = plans.map(({ team, measure, age }) => {
    const work = makeWork(random, today, team, measure, age)
    const receivedOn = addDays(work.measures[0]!.startOn, random.between(-1, 2))
    return {
      caseNumber: '',
      familyNumber: number.familyNumber(),
      team: team.name,
      ...work,
      urgency: measure === 'VOTS' ? ('high' as const) : ('normal' as const),
      receivedOn,
      formerWorkers: [],
      excludedWorkers: [],
      seats: [],
    }
  })
  const inOrder = [...made].sort((a, b) =>
    a.receivedOn < b.receivedOn ? -1 : a.receivedOn > b.receivedOn ? 1 : 0,
  )
  const numbers = new Map(inOrder.map(one => [one, number.caseNumber(one.receivedOn)]))
  return made.map(one => ({ ...one, caseNumber: numbers.get(one)! }))
}

/** Days since the work began, spread evenly over the length that the measure usually has. */
function ageOf(random: Random, measure: DemoMeasure): number {
  if (measure === 'OTS') return random.between(10, 950)
  if (measure === 'VOOGDIJ' || measure === 'TVOOGDIJ') return random.between(30, 2400)
  if (measure === 'JR_GEDWONGEN') return random.between(10, 440)
  return random.between(8, 85)
}

/** Heaviest first, each to the worker of the team who is furthest below the own target and may have it. */
function allocateAll(cases: readonly DemoCase[], workers: readonly DemoWorker[], today: string): void {
  const room = new Map<DemoWorker, number>()
  const heavy = new Map<DemoWorker, number>()
  for (const [index, worker] of workers.entries()) {
    // Long absent: the work that stood before the absence is still there.
    const norm = normHoursOf(worker, today) || normHoursOf({ ...worker, absences: [] }, today) * 0.35
    room.set(worker, norm * targets[index % targets.length]!)
  }
  const weights = new Map(cases.map(one => [one, weightOf(one)]))
  for (const one of [...cases].sort((a, b) => weights.get(b)!.total - weights.get(a)!.total)) {
    const weight = weights.get(one)!
    for (const seat of weight.second === null ? (['primary'] as const) : (['primary', 'second'] as const)) {
      const free = workers.filter(
        worker =>
          worker.team === one.team &&
          addDays(worker.employedFrom, 14) <= today &&
          one.seats.every(taken => taken.staffNumber !== worker.staffNumber),
      )
      const able = free.filter(worker => hasCompetences(worker, one))
      const suited = able.filter(worker => !weight.heavy || mayHaveHeavy(worker, heavy))
      const choice = suited.length > 0 ? suited : able.length > 0 ? able : free
      const worker = choice.reduce((best, other) => (room.get(other)! > room.get(best)! ? other : best))
      const hours = (seat === 'primary' ? weight.primary : weight.second!) + travelHours(worker, one)
      const assigned = addDays(one.receivedOn, 2 + (Number(one.caseNumber.slice(-2)) % 9))
      // Older work came to its present worker at some moment in the last two years.
      const takenOver = addDays(today, -730 + 7 * (Number(one.familyNumber.slice(-2)) % 90))
      const earliest = latest(addDays(worker.employedFrom, 14), takenOver)
      one.seats.push({
        seat,
        staffNumber: worker.staffNumber,
        startsOn: latest(assigned < today ? assigned : today, earliest),
        hours: hundredths(hours) / 100,
      })
      room.set(worker, room.get(worker)! - hours)
      if (weight.heavy) heavy.set(worker, (heavy.get(worker) ?? 0) + 1)
    }
  }
}

function mayHaveHeavy(worker: DemoWorker, heavy: ReadonlyMap<DemoWorker, number>): boolean {
  const cap = scaledCap(startRulebook.heavyCases, worker.contractHours, startRulebook.fullTimeHours)
  return worker.registration === 'registered' && (heavy.get(worker) ?? 0) < cap
}

/** One family in ten has had another worker before. */
function addFormerWorkers(
  random: Random,
  today: string,
  cases: readonly DemoCase[],
  workers: readonly DemoWorker[],
): void {
  for (const one of cases) {
    if (one.phase === 'begin' || !random.chance(0.12)) continue
    const others = workers.filter(
      worker => worker.team === one.team && one.seats.every(seat => seat.staffNumber !== worker.staffNumber),
    )
    const former = random.pick(others)
    const seat = one.seats[0]!
    const handedOver = latest(seat.startsOn, addDays(today, -random.between(60, 400)))
    seat.startsOn = handedOver < today ? handedOver : seat.startsOn
    one.formerWorkers.push({ staffNumber: former.staffNumber, untilOn: seat.startsOn })
  }
}

function latest(a: string, b: string): string {
  return a > b ? a : b
}
