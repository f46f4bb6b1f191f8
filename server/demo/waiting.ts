import { addDays } from '../contract/days.ts'
import type { Numberer } from './case-basics.ts'
import { type DemoMeasure, inflowMix, makeWork, needsOf } from './families.ts'
import type { Random } from './random.ts'
import type { DemoCase, DemoWorker } from './rows.ts'
import { demoTeams, hasCompetences, normHoursOf } from './workers.ts'

const WAITING = 25

/** What is special about a new case; everything else is drawn. */
interface Plan {
  team: string
  measure: DemoMeasure
  daysAgo: number
  urgency: DemoCase['urgency']
  change?: (one: DemoCase) => void
  /** The two siblings share a family; the other belongs to a family that already has a worker. */
  family?: 'siblings' | 'served'
}

/**
 * The new cases that wait: every situation that the product has an answer to, and for the rest the usual inflow.
 * Received in the last three weeks, most of them in the last one.
 */
export function makeWaitingCases(
  random: Random,
  today: string,
  known: { running: readonly DemoCase[]; workers: readonly DemoWorker[]; number: Numberer },
): DemoCase[] {
  const plans = specialPlans()
  while (plans.length < WAITING) {
    plans.push({
      team: demoTeams[plans.length % demoTeams.length]!.name,
      measure: random.weighted(inflowMix) as DemoMeasure,
      daysAgo: random.chance(0.7) ? random.between(0, 6) : random.between(7, 20),
      urgency: 'normal',
    })
  }
  const cases = plans
    .sort((a, b) => b.daysAgo - a.daysAgo)
    .map(plan => {
      const one = newCase(random, today, plan, known.number)
      plan.change?.(one)
      return one
    })
  linkFamilies(
    cases.filter((_, index) => plans[index]!.family === 'siblings'),
    cases.filter((_, index) => plans[index]!.family === 'served'),
    known.running,
  )
  addPeople(random, today, cases, known.running, known.workers)
  return cases
}

function specialPlans(): Plan[] {
  const plan = (
    team: string,
    measure: DemoMeasure,
    daysAgo: number,
    urgency: DemoCase['urgency'] = 'normal',
    change?: (one: DemoCase) => void,
  ): Plan => ({ team, measure, daysAgo, urgency, ...(change ? { change } : {}) })
  return [
    plan('Team Oost', 'VOTS', 1, 'emergency'),
    plan('Team West', 'VVOOGDIJ', 0, 'emergency'),
    plan('Team Oost', 'OTS', 4, 'high'),
    plan('Team Noord', 'VOTS', 3, 'high'),
    plan('Team Midden', 'OTS', 6, 'high', one => {
      one.factors = ['DREIGING', 'COMPLEX_SCHEIDING']
      one.duoNeeded = true
    }),
    plan('Team Oost', 'OTS', 8, 'normal', one => {
      one.duoNeeded = true
    }),
    { ...plan('Team Noord', 'OTS', 5), family: 'siblings' },
    { ...plan('Team Noord', 'OTS', 5), family: 'siblings' },
    { ...plan('Team Oost', 'OTS', 2), family: 'served' },
    plan('Team Midden', 'OTS', 7, 'normal', one => {
      one.measures.push({ ...one.measures[0]!, measure: 'JR_GEDWONGEN' })
    }),
    plan('Team West', 'OTS', 1, 'normal', one => {
      one.phase = null
      one.children = null
    }),
    plan('Team Midden', 'OTS', 3, 'normal', one => {
      one.municipality = null
      one.children = null
    }),
    plan('Team Oost', 'DRANG', 0, 'normal', one => {
      one.measures = []
    }),
    plan('Team West', 'OTS', 12, 'normal', one => {
      one.factors = [...new Set([...one.factors, 'TOLK'])].sort()
    }),
    plan('Team Midden', 'ITB_HK', 2, 'high'),
    plan('Team Noord', 'JR_GEDWONGEN', 20),
  ]
}

function newCase(random: Random, today: string, plan: Plan, number: Numberer): DemoCase {
  const team = demoTeams.find(one => one.name === plan.team)!
  const receivedOn = addDays(today, -plan.daysAgo)
  const work = makeWork(random, receivedOn, team, plan.measure, 0)
  const drawn = work.factors.filter(factor => factor !== 'DREIGING')
  return {
    caseNumber: number.caseNumber(receivedOn),
    familyNumber: number.familyNumber(),
    team: plan.team,
    ...work,
    measures: work.measures.slice(0, 1),
    factors: drawn,
    duoNeeded: false,
    phase: 'begin',
    urgency: plan.urgency,
    receivedOn,
    formerWorkers: [],
    excludedWorkers: [],
    seats: [],
  }
}

function linkFamilies(
  siblings: readonly DemoCase[],
  served: readonly DemoCase[],
  running: readonly DemoCase[],
): void {
  const [eldest] = siblings
  for (const one of siblings) {
    one.familyNumber = eldest!.familyNumber
    one.municipality = eldest!.municipality
  }
  for (const one of served) {
    const family = running.find(
      other => other.team === one.team && other.phase === 'middle' && other.measures[0]!.measure === 'OTS',
    )!
    one.familyNumber = family.familyNumber
    one.municipality = family.municipality
  }
}

/** What each case asks, who knew the family before, and who may not have the case. */
function addPeople(
  random: Random,
  today: string,
  cases: readonly DemoCase[],
  running: readonly DemoCase[],
  workers: readonly DemoWorker[],
): void {
  const room = roomOf(running, today)
  const known = new Set<DemoWorker>()
  for (const [index, one] of cases.entries()) {
    const measures = one.measures.map(measure => measure.measure)
    const needs = measures.flatMap((measure, place) =>
      needsOf(random, measure, place === 0 ? one.factors : []),
    )
    one.competences = needs.filter(
      (need, place) => needs.findIndex(other => other.competence === need.competence) === place,
    )
    const colleagues = workers.filter(
      worker => worker.team === one.team && worker.registration === 'registered',
    )
    const chosen = random.shuffle(colleagues)
    if (index % 4 === 1) {
      // Knew the family, can do the work, and has room: continuity is possible more often than not.
      const able = chosen.filter(worker => hasCompetences(worker, one) && !known.has(worker))
      const former = able.reduce(
        (best, other) => (room(other) > room(best) ? other : best),
        able[0] ?? chosen[0]!,
      )
      known.add(former)
      one.formerWorkers.push({
        staffNumber: former.staffNumber,
        untilOn: addDays(today, -random.between(200, 900)),
      })
    }
    if (index % 9 === 4) {
      one.excludedWorkers.push({
        staffNumber: chosen[1]!.staffNumber,
        hiddenReason: 'Kent een betrokkene uit de privésfeer.',
      })
    }
  }
  const interpreter = cases.find(one => one.team === 'Team West' && one.factors.includes('TOLK'))
  interpreter?.competences.push({ competence: 'GEBARENTAAL', level: 1, need: 'required' })
}

/** Hours that a worker has left today until the norm. */
function roomOf(running: readonly DemoCase[], today: string): (worker: DemoWorker) => number {
  const hours = new Map<string, number>()
  for (const seat of running.flatMap(one => one.seats)) {
    hours.set(seat.staffNumber, (hours.get(seat.staffNumber) ?? 0) + seat.hours)
  }
  return worker => normHoursOf(worker, today) - (hours.get(worker.staffNumber) ?? 0)
}
