import type { Problem } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { randomSource } from './problems.ts'

/**
 * The same problem pushed to where a rule just holds or just does not: dates on the start date, hours that fill a limit to the
 * hundredth, families of which some cases have a worker already, one mentor for everybody. Random problems hardly ever get there. Every
 * other problem stays as it is.
 */
export function toTheEdges(problem: Problem): Problem {
  const next = randomSource(problem.seed * 7919 + problem.cases.length)
  if (next() < 0.5) return problem
  const edged = structuredClone(problem)
  const chance = (p: number) => next() < p
  if (chance(0.6)) onTheDay(edged, next)
  if (chance(0.6)) toTheHundredth(edged, next)
  if (chance(0.6)) inFamilies(edged, next)
  if (chance(0.4)) withOneMentor(edged, next)
  if (chance(0.4)) withMoreLocks(edged, next)
  // Prices of load that have to be rounded.
  if (chance(0.5))
    for (const step of edged.policy.loadCost) step.pointsPerHour += Math.floor(next() * 100) / 100
  return 'problem' in validateProblem(edged) ? edged : problem
}

/** The same problem with people and cases that are alike but for a few, and one price for every hour: points leave much open. */
export function asEquals(problem: Problem): Problem {
  const next = randomSource(problem.seed * 6007 + problem.cases.length)
  const equal = structuredClone(problem)
  const { cases, workers, policy } = equal
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  policy.evenLoads = true
  policy.loadCost = [{ from: 0, pointsPerHour: pick([0, 1]) }]
  const norms = next() < 0.5 ? [25.2] : [25.2, 18.9]
  for (const one of workers) {
    if (one.normHours === 0) continue
    Object.assign(one, { normHours: pick(norms), hoursInUse: pick([5, 5, 7.5, 10]), preferences: [] })
    Object.assign(one, { heavyCases: 0, newThisWeek: 0, travelMinutes: { Enschede: 15 } })
  }
  const hours = pick([[3], [3, 3, 4.5], [2, 2.25, 3]])
  for (const one of cases) {
    if (one.duo) continue
    Object.assign(one, { hours: { primary: pick(hours) }, municipality: 'Enschede', competences: [] })
  }
  return 'problem' in validateProblem(equal) ? equal : problem
}

function onTheDay(problem: Problem, next: () => number): void {
  const { cases, workers, startOn, exclusions } = problem
  const day = () => (next() < 0.5 ? startOn : '2026-11-30')
  for (const one of cases) {
    if (next() < 0.4)
      exclusions.push({
        caseId: one.id,
        workerId: workers[Math.floor(next() * workers.length)]!.id,
        until: day(),
      })
  }
  for (const one of cases) {
    if (next() < 0.4) one.competences = [{ competence: 'lvb', level: 2, need: 'required' }]
  }
  for (const one of workers) {
    if (next() < 0.8) one.competences = [{ competence: 'lvb', level: 3, expiresOn: day() }]
    if (next() < 0.2) one.employedUntil = day()
    if (next() < 0.2) one.registration.until = day()
    if (next() < 0.2) one.away = [{ from: '2026-11-20', until: day() }]
  }
}

/** What a worker has and one of the cases fill the hard limit or the band exactly. */
function toTheHundredth({ cases, workers, policy }: Problem, next: () => number): void {
  for (const one of workers) {
    const { hours } = cases[Math.floor(next() * cases.length)]!
    const share = next() < 0.5 ? policy.hardLimit : policy.bandHigh
    const limit = Math.floor((Math.round(share * 10000) * Math.round(one.normHours * 100)) / 10000)
    const left = limit - Math.round(hours.primary * 100)
    if (left >= 0) one.hoursInUse = left / 100
  }
}

function inFamilies(problem: Problem, next: () => number): void {
  const { cases, workers, locks } = problem
  const somebody = () => workers[Math.floor(next() * workers.length)]!.id
  for (const one of cases) {
    if (next() < 0.7) one.group = 'G1'
    const known = locks.some(lock => lock.caseId === one.id) || problem.waiting.includes(one.id)
    if (known || one.duo) continue
    const what = next()
    if (what < 0.3) {
      one.current = { primary: somebody() }
      one.movable = next() < 0.6
    } else if (what < 0.5)
      locks.push({
        caseId: one.id,
        seat: 'primary',
        workerId: somebody(),
        unregisteredException: true,
        aboveLimit: next() < 0.5,
        setAside: next() < 0.5 ? ['together'] : [],
      })
  }
}

/** Everybody but the first wants to learn the measure of all cases, with the first as mentor. */
function withOneMentor({ cases, workers, policy }: Problem, next: () => number): void {
  const [mentor, ...others] = workers
  if (!mentor || others.length === 0) return
  policy.learningNeedsMentor = true
  mentor.mentorRoom = 1 + Math.floor(next() * 2)
  for (const one of cases) one.measures = ['ots']
  for (const one of others) {
    one.mentor = mentor.id
    if (next() < 0.8) one.preferences = [{ kind: 'measure', code: 'ots', value: 'learn' }]
  }
}

/** Locks that get in each other's way, and duos of which people gave one seat. */
function withMoreLocks({ cases, workers, locks, waiting, policy }: Problem, next: () => number): void {
  const one = workers[Math.floor(next() * workers.length)]!
  for (const theCase of cases) {
    if (next() < 0.4 || waiting.includes(theCase.id) || locks.some(lock => lock.caseId === theCase.id))
      continue
    if (next() < 0.5 && theCase.current === undefined && workers.length > 1) {
      theCase.duo = true
      theCase.hours.second ??= 2
    }
    const drawn = theCase.duo && next() < 0.5 ? 'second' : 'primary'
    const { taken } = theCase
    locks.push({
      caseId: theCase.id,
      seat: taken ? (taken.seat === 'primary' ? 'second' : 'primary') : drawn,
      workerId: next() < 0.6 ? one.id : workers[Math.floor(next() * workers.length)]!.id,
      unregisteredException: next() < 0.5,
      aboveLimit: next() < 0.2,
      setAside: next() < 0.3 ? ['newPerWeek', 'heavyCases', 'together'] : [],
    })
  }
  if (next() < 0.4) policy.secondSeatRegistered = false
}
