import { hundredths } from '../../solver/problem/load.ts'
import type { Phase } from '../../solver/problem/problem.ts'
import { addDays, addMonths, daysBetween } from '../contract/days.ts'
import { type Numberer, travelHours, weightOf } from './case-basics.ts'
import { type DemoMeasure, inflowMix, makeWork } from './families.ts'
import { type Random, randomFrom } from './random.ts'
import type { DemoCase, DemoSeat, DemoWorker } from './rows.ts'
import { demoTeams, hasCompetences, normHoursOf } from './workers.ts'

/** Two years, and the weeks before that in which work began that was still there then. */
const WEEKS_BACK = 106
const STEP_DAYS = 7
const NEAR_DAYS = 120
/** How long work usually lasted, in days. */
const lasted: Readonly<Record<DemoMeasure, readonly [number, number]>> = {
  OTS: [150, 400],
  VOTS: [60, 95],
  VOOGDIJ: [300, 700],
  VVOOGDIJ: [80, 180],
  TVOOGDIJ: [200, 400],
  JR_GEDWONGEN: [120, 360],
  JR_VRIJWILLIG: [60, 130],
  ITB_HK: [120, 185],
  ITB_CRIEM: [60, 92],
  GBM: [200, 365],
  STP: [90, 150],
  DRANG: [40, 130],
}
/** What was closed is short work more often than what runs. */
const closedMix = { ...inflowMix, VOTS: 2600, JR_VRIJWILLIG: 3000, DRANG: 2400, OTS: 5000, VOOGDIJ: 500 }
/** What came in and was closed within half a year is short work. */
const shortMix = { ...closedMix, VOTS: 3000, JR_VRIJWILLIG: 7000, DRANG: 4500, OTS: 600, VOOGDIJ: 0 }
const SHORT_DAYS = 150
const EASED_DAYS = 190
const EASED = 0.06
/** Work goes to a colleague who stays below this share of the norm with it. */
const MOST = 1.02
/** What is closed by now did not bring anybody above this share of the norm as long as it ran. */
const MAX_ONCE = 1.13
/** Who carried more than this share of the usual norm was at work. */
const MAX_AWAY = 0.45

/**
 * Two years before today, that fit what is there today: earlier holders of older cases, families whose case was closed, and
 * the leave that people had. Going back week by week, everybody gets the closed cases that bring the load near to
 * what it was then: a little lower two years ago, with a wave through the year of each team.
 *
 * Drawn from a series of its own, so that the present stays as it is.
 */
export function makePast(
  seed: number,
  today: string,
  known: { running: readonly DemoCase[]; workers: readonly DemoWorker[]; number: Numberer },
): DemoCase[] {
  const random = randomFrom(seed)
  for (const worker of known.workers) settleIn(worker, known.running, today)
  const loads = loadsOf(known.workers, known.running, today)
  addLeave(random, today, known.workers, loads)
  for (const one of known.running) addEarlierHolder(random, one, known.workers, loads, today)
  outdate(known.running, today)
  return closedCases(random, today, known, loads)
}

/** The hours of everybody on any day, as far as they are known; what is added counts from then on. */
interface Loads {
  add(staffNumber: string, stretches: readonly Stretch[]): void
  on(worker: DemoWorker, day: string): number
}

function loadsOf(workers: readonly DemoWorker[], running: readonly DemoCase[], today: string): Loads {
  const stretches = new Map<string, Stretch[]>(workers.map(worker => [worker.staffNumber, []]))
  for (const one of running) {
    for (const seat of one.seats) stretches.get(seat.staffNumber)!.push(...stretchesOf(one, seat, today))
  }
  return {
    add: (staffNumber, added) => stretches.get(staffNumber)!.push(...added),
    on: (worker, day) =>
      stretches
        .get(worker.staffNumber)!
        .reduce((sum, one) => sum + (one.fromOn <= day && one.untilOn > day ? one.hours : 0), 0),
  }
}

/** The norm of somebody as if nobody was ever away: what colleagues count with when they divide work. */
const usualNorm = (worker: DemoWorker, day: string) => normHoursOf({ ...worker, absences: [] }, day)

/** When a case was in which phase, and the hours of its seats in each: the first holds from the beginning. */
export function phasesOf(one: DemoCase, today: string): { phase: Phase | null; fromOn: string | null }[] {
  const last = one.closedOn ?? today
  const first = one.measures[0]
  if (!first || one.phase === 'begin' || one.phase === null) return [{ phase: one.phase, fromOn: null }]
  const middle = addDays(first.startOn, first.measure === 'VOOGDIJ' ? 182 : 91)
  const phases: { phase: Phase; fromOn: string | null }[] = [{ phase: 'begin', fromOn: null }]
  if (middle <= last) phases.push({ phase: 'middle', fromOn: middle })
  if (one.phase === 'end') {
    const end = addDays(one.closedOn ?? first.endOn ?? today, -91)
    const from = end > middle ? end : addDays(middle, 1)
    if (from <= last) phases.push({ phase: 'end', fromOn: from })
  }
  // What the case is in now is what it ended up in.
  const newest = phases.at(-1)!
  if (newest.phase === one.phase) return phases
  if (newest.fromOn === last) phases.pop()
  return [...phases, { phase: one.phase, fromOn: last }]
}

/** The hours of a seat in a phase; `seat.hours` is what it weighs now, travel included. */
export function hoursIn(one: DemoCase, seat: DemoSeat, phase: Phase | null): number {
  const share = (weight: ReturnType<typeof weightOf>) =>
    seat.seat === 'primary' ? weight.primary : (weight.second ?? 0)
  const travel = hundredths(seat.hours) - hundredths(share(weightOf(one)))
  return Math.max(0, hundredths(share(weightOf({ ...one, phase }))) + travel) / 100
}

/** Summer and the turn of the year, and some who were away for long or studied; none of it overlaps what was there. */
function addLeave(random: Random, today: string, workers: readonly DemoWorker[], loads: Loads): void {
  const year = Number(today.slice(0, 4))
  for (const worker of workers) {
    const add = (validFrom: string, days: number, percentage = 100) => {
      const validUntil = addDays(validFrom, days - 1)
      const free = worker.absences.every(
        old => (old.validUntil !== null && old.validUntil < validFrom) || old.validFrom > validUntil,
      )
      if (free && validFrom >= worker.employedFrom && validUntil < today) {
        worker.absences.push({ percentage, validFrom, validUntil })
      }
    }
    if (random.chance(0.18)) {
      const from = addDays(today, -random.between(150, 560))
      const days = random.between(40, 110)
      // Somebody whose work of now ran then as well was not away for long: it would have gone to others.
      const carried = loads.on(worker, addDays(from, days)) / (usualNorm(worker, from) || 26)
      if (carried <= MAX_AWAY) add(from, days)
    }
    for (const summer of [year - 1, year])
      add(`${summer}-07-${10 + random.between(0, 15)}`, random.pick([14, 16, 21]))
    if (random.chance(0.6)) add(`${year - 1}-12-${22 + random.between(0, 4)}`, random.pick([10, 12, 14]))
    if (worker.reductions.length === 0 && random.chance(0.15)) {
      const validFrom = addDays(today, -random.between(300, 600))
      if (validFrom >= worker.employedFrom) {
        const validUntil = addDays(validFrom, random.between(90, 200))
        worker.reductions.push({ reason: 'OPLEIDING', percentage: 20, validFrom, validUntil })
      }
    }
    // Fewer hours since some months, for one in ten.
    const since = addDays(today, -random.between(80, 500))
    if (worker.contractHours <= 32 && since > addMonths(worker.employedFrom, 12) && random.chance(0.2)) {
      worker.earlierHours = { contractHours: 36, untilOn: since }
    }
  }
}

/** Who is new got the work of now little by little, and not on the first day. */
function settleIn(worker: DemoWorker, running: readonly DemoCase[], today: string): void {
  const latest = addDays(today, -42)
  if (worker.employedFrom < addDays(today, -420) || worker.employedFrom > addDays(latest, -60)) return
  const seats = running
    .flatMap(one => one.seats)
    .filter(seat => seat.staffNumber === worker.staffNumber && !seat.endsOn && seat.startsOn < latest)
    .sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1))
  const days = Math.min(240, daysBetween(worker.employedFrom, latest))
  seats.forEach((seat, index) => {
    const earliest = addDays(worker.employedFrom, 21 + Math.floor((index * (days - 21)) / seats.length))
    if (seat.startsOn < earliest) seat.startsOn = earliest
  })
}

/**
 * Work that came to its present worker long after it began was somebody's before: a former worker, or the colleague with
 * the most room. Where nobody had room it came from another organisation, not long before its present worker took it on.
 */
function addEarlierHolder(
  random: Random,
  one: DemoCase,
  workers: readonly DemoWorker[],
  loads: Loads,
  today: string,
): void {
  const present = one.seats.find(seat => seat.seat === 'primary')
  if (!present) return
  const startsOn = addDays(one.receivedOn, 2 + (Number(one.caseNumber.slice(-2)) % 9))
  if (addDays(startsOn, 21) > present.startsOn) return
  const held = new Set(one.seats.map(seat => seat.staffNumber))
  const former = one.formerWorkers[0]?.staffNumber
  const seatOf = (holder: DemoWorker): DemoSeat => ({
    seat: 'primary',
    staffNumber: holder.staffNumber,
    startsOn,
    endsOn: present.startsOn,
    hours: hundredths(weightOf(one).primary + travelHours(holder, one)) / 100,
  })
  const candidates = workers
    .filter(
      worker =>
        addDays(worker.employedFrom, 60) <= startsOn &&
        !held.has(worker.staffNumber) &&
        (worker.team === one.team || worker.staffNumber === former),
    )
    .map(worker => {
      const own = stretchesOf(one, seatOf(worker), today)
      const peak = peakWith(worker, own, loads)
      // Whoever had it before comes first, if that could be.
      return { worker, own, peak: worker.staffNumber === former ? peak - 0.2 : peak + random.next() * 0.1 }
    })
    .sort((a, b) => a.peak - b.peak)
  const [best] = candidates
  if (!best || best.peak > MOST) {
    one.receivedOn = addDays(present.startsOn, -(2 + (Number(one.caseNumber.slice(-2)) % 7)))
    return
  }
  one.seats.unshift(seatOf(best.worker))
  loads.add(best.worker.staffNumber, best.own)
}

/** One case of the first team runs on while its order has ended: something to look into. */
function outdate(running: readonly DemoCase[], today: string): void {
  const one = running.find(
    other =>
      other.team === demoTeams[0]!.name &&
      other.phase === 'middle' &&
      other.measures.length === 1 &&
      other.measures[0]!.measure === 'OTS',
  )
  if (one) one.measures[0]!.endOn = addDays(today, -40)
}

function closedCases(
  random: Random,
  today: string,
  { workers, number }: { workers: readonly DemoWorker[]; number: Numberer },
  loads: Loads,
): DemoCase[] {
  const loadOn = loads.on
  const present = new Map(
    workers.map(worker => [worker, loadOn(worker, today) / (normHoursOf(worker, today) || 26)]),
  )
  const usual = new Map(workers.map(worker => [worker, usualLoad(worker, loadOn(worker, today), today)]))
  const closed: DemoCase[] = []
  for (let days = STEP_DAYS; days <= WEEKS_BACK * 7; days += STEP_DAYS) {
    const day = addDays(today, -days)
    for (const worker of workers) {
      if (addDays(worker.employedFrom, 14) > day) continue
      const team = demoTeams.findIndex(one => one.name === worker.team)
      const wave = 0.05 * Math.sin((2 * Math.PI * (days / 7)) / 52 + team * 1.4)
      const growth = -0.03 - 0.06 * (days / (WEEKS_BACK * 7))
      // The first team takes in more since half a year, and had the room for it.
      const eased = team === 0 && days < EASED_DAYS ? EASED : 0
      // Who was away for long kept about a third of the work.
      const norm = normHoursOf(worker, day) || normHoursOf({ ...worker, absences: [] }, day) * 0.35
      // Not in one step from what was usual to what is: what was closed lately was closed little by little.
      const near = Math.min(1, days / NEAR_DAYS)
      const aim =
        norm * (near * (usual.get(worker)! + wave + growth - eased) + (1 - near) * present.get(worker)!)
      for (let tries = 0; tries < 8 && loadOn(worker, day) < aim - 1.2; tries++) {
        const closedOn = addDays(day, random.between(1, STEP_DAYS))
        const mix = days < SHORT_DAYS ? shortMix : closedMix
        const one = closedCase(random, worker, closedOn < today ? closedOn : addDays(today, -1), mix)
        const seat = one.seats[0]!
        const own = stretchesOf(one, seat, today)
        if (peakWith(worker, own, loads) > MAX_ONCE) continue
        one.caseNumber = number.caseNumber(one.receivedOn)
        one.familyNumber = number.familyNumber()
        closed.push(one)
        loads.add(worker.staffNumber, own)
      }
    }
  }
  return closed
}

/** The highest load of somebody, as a share of the norm, on the days of one more seat. */
function peakWith(worker: DemoWorker, own: readonly Stretch[], loads: Loads): number {
  let peak = 0
  for (const { fromOn, untilOn, hours } of own) {
    for (let day = fromOn; day < untilOn; day = addDays(day, 4 * STEP_DAYS)) {
      // Who was away for long kept about a third of the work.
      const norm = normHoursOf(worker, day) || usualNorm(worker, day) * 0.35 || 1
      peak = Math.max(peak, (loads.on(worker, day) + hours) / norm)
    }
  }
  return peak
}

/** What somebody usually carries: near what it is now, without the extremes of today. */
function usualLoad(worker: DemoWorker, hours: number, today: string): number {
  const norm = normHoursOf(worker, today) || normHoursOf({ ...worker, absences: [] }, today)
  const load = norm > 0 ? hours / norm : 0.9
  return Math.min(1.18, Math.max(0.8, 0.5 * load + 0.5))
}

interface Stretch {
  fromOn: string
  untilOn: string
  hours: number
}

function stretchesOf(one: DemoCase, seat: DemoSeat, today: string): Stretch[] {
  const phases = phasesOf(one, today)
  return phases.map(({ phase, fromOn }, index) => {
    const next = phases[index + 1]?.fromOn ?? '9999-12-31'
    return {
      fromOn: fromOn !== null && fromOn > seat.startsOn ? fromOn : seat.startsOn,
      untilOn: seat.endsOn && seat.endsOn < next ? seat.endsOn : next,
      hours: hoursIn(one, seat, phase),
    }
  })
}

function closedCase(
  random: Random,
  worker: DemoWorker,
  closedOn: string,
  mix: Readonly<Record<keyof typeof closedMix, number>>,
): DemoCase {
  const team = demoTeams.find(one => one.name === worker.team)!
  let made = draw()
  for (let tries = 0; tries < 6 && !hasCompetences(worker, made); tries++) made = draw()
  const urgent = made.measures[0]!.measure === 'VOTS' || made.measures[0]!.measure === 'VVOOGDIJ'
  made.urgency = urgent ? random.pick(['emergency', 'high']) : random.chance(0.08) ? 'high' : 'normal'
  const waited = urgent
    ? random.between(0, 2)
    : random.chance(0.85)
      ? random.between(1, 8)
      : random.between(9, 38)
  const startsOn = addDays(made.receivedOn, waited)
  const earliest = addDays(worker.employedFrom, 7)
  const seat: DemoSeat = {
    seat: 'primary',
    staffNumber: worker.staffNumber,
    startsOn: startsOn > earliest ? startsOn : earliest,
    endsOn: closedOn,
    hours: hundredths(weightOf(made).primary + travelHours(worker, made)) / 100,
  }
  // Taken over from somebody who is no longer here: then it was received not long before, for all that is known.
  if (seat.startsOn === earliest && startsOn < earliest) made.receivedOn = addDays(earliest, -waited)
  made.seats.push(seat)
  return made

  function draw(): DemoCase {
    const measure = random.weighted(mix) as DemoMeasure
    const [least, most] = lasted[measure]
    const work = makeWork(random, closedOn, team, measure, random.between(least, most))
    const measures = work.measures.slice(0, 1).map(one => ({ ...one, endOn: closedOn }))
    return {
      caseNumber: '',
      familyNumber: '',
      team: team.name,
      ...work,
      measures,
      phase: measures[0]!.startOn > addDays(closedOn, -91) ? 'begin' : 'end',
      duoNeeded: false,
      factors: work.factors.filter(factor => factor !== 'DREIGING'),
      competences: work.competences.filter(need => need.competence !== 'VEILIGHEID'),
      urgency: 'normal',
      receivedOn: addDays(measures[0]!.startOn, -random.between(0, 2)),
      formerWorkers: [],
      excludedWorkers: [],
      seats: [],
      closedOn,
    }
  }
}
