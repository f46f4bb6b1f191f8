import { seatsOf } from '../../solver/problem/load.ts'
import type { Lock, Problem, ProblemCase } from '../../solver/problem/problem.ts'
import { validateProblem } from '../../solver/problem/validate.ts'
import { toTheEdges } from './edges.ts'
import { randomProblem, randomSource } from './problems.ts'

/** What the parts below draw from; one source per problem, so that a seed is the whole problem. */
function drawing(seed: number) {
  const next = randomSource(seed)
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  return { next, between, pick, chance: (p: number) => next() < p }
}
type Drawing = ReturnType<typeof drawing>

/**
 * A round in which everything comes together that careful tests keep apart: existing cases next to new ones, duos, many families, locks
 * that hold and locks that do not, waits of a hundred years, people without a norm, caps and prices of all shapes, more hours
 * than fit. Too large for an oracle; what holds of every answer has to hold of these. The same seed gives the same problem.
 */
export function messyProblem(seed: number, most: { cases: number; workers: number }): Problem {
  const draw = drawing(seed * 2_654_435_761)
  const { between, pick, chance } = draw
  const size = { cases: between(8, most.cases), workers: between(2, most.workers) }
  const problem = randomProblem(seed, {
    ...size,
    tight: chance(0.5),
    rules: pick([0.2, 0.6, 1, 1.6]),
    extras: pick([0.5, 1, 2, 3.5]),
  })
  const { policy, cases, workers } = problem
  const families = Math.max(1, Math.floor(size.cases / pick([2, 4, 10])))
  for (const one of cases) one.group = chance(0.35) ? `G${between(1, families)}` : null
  if (chance(0.4)) policy.newPerWeek = between(1, 12)
  if (chance(0.4)) policy.heavyCases = between(1, 20)
  if (chance(0.3)) {
    for (const one of cases) if (chance(0.3)) one.waitingDays = pick([0, 1, 12_000, 36_499, 36_500])
  }
  if (chance(0.3)) {
    for (const one of cases)
      one.hours = { primary: between(0, 700) / 100, ...(one.duo && { second: between(0, 300) / 100 }) }
  }
  if (chance(0.3)) withDuos(problem, draw)
  if (chance(0.2)) {
    policy.loadCost = Array.from({ length: between(1, 8) }, (_, k) => ({
      from: Math.round((k * 0.2 + 0.1 * draw.next()) * 1000) / 1000,
      pointsPerHour: pick([0, between(0, 40), between(0, 4000) / 100, 5000]),
    }))
  }
  if (chance(0.3)) for (const one of workers) if (chance(0.15)) one.normHours = 0
  if (chance(0.3)) for (const one of workers) if (chance(0.2)) one.hoursInUse = pick([0, 5, 90])
  if (chance(0.4)) asTeam(problem, draw)
  if (chance(0.3)) {
    for (let left = between(1, size.cases); left > 0; left--)
      problem.exclusions.push({
        caseId: pick(cases).id,
        workerId: pick(workers).id,
        until: pick([null, '2026-11-30', '2026-12-01', '2026-12-24']),
      })
  }
  if (chance(0.3)) withLocks(problem, draw)
  const edged = chance(0.25) ? toTheEdges({ ...problem, seed: 2 * problem.seed + 1 }) : problem
  const judged = validateProblem(edged)
  if ('errors' in judged) throw new Error(`messy problem ${seed}: ${JSON.stringify(judged.errors)}`)
  return edged
}

function withDuos({ cases, workers }: Problem, { between, chance }: Drawing): void {
  for (const one of cases) {
    if (one.duo || !chance(0.3)) continue
    const other = workers.find(worker => worker.id !== one.current?.primary)
    if (one.current && !other) continue
    one.duo = true
    one.hours = { ...one.hours, second: between(25, 300) / 100 }
    if (one.current && other) one.current = { ...one.current, second: other.id }
  }
}

/** Most cases are with somebody already, and all hours together are from well under to well over the norm of the team. */
function asTeam(problem: Problem, { next, between, pick, chance }: Drawing): void {
  const { cases, workers, policy } = problem
  const share = pick([0.3, 0.66, 0.9])
  const demand = 0.6 + next() * 0.6
  for (const one of workers) if (chance(0.9)) one.hoursInUse = 0
  if (workers.length < 2) return
  const whole = ({ hours }: ProblemCase) => hours.primary + (hours.second ?? 0)
  const factor =
    (workers.reduce((sum, one) => sum + one.normHours, 0) * demand) /
    Math.max(
      1,
      cases.reduce((sum, one) => sum + whole(one), 0),
    )
  const scaled = (hours: number) => Math.min(1000, Math.round(hours * factor * 4) / 4)
  for (const one of cases) {
    one.hours = {
      primary: scaled(one.hours.primary),
      ...(one.duo && { second: scaled(one.hours.second ?? 1) }),
    }
    delete one.current
    delete one.movable
    if (!chance(share)) continue
    const first = between(0, workers.length - 1)
    const second = (first + between(1, workers.length - 1)) % workers.length
    delete one.taken
    one.current = { primary: workers[first]!.id, ...(one.duo && { second: workers[second]!.id }) }
    if (chance(0.8)) one.movable = true
  }
  policy.moveCost = between(0, 15)
  const held = new Set(cases.filter(one => one.current).map(one => one.id))
  problem.waiting = problem.waiting.filter(id => !held.has(id))
}

/** Locks of every kind, most of which break a rule. */
function withLocks(problem: Problem, { pick, chance }: Drawing): void {
  const waits = new Set(problem.waiting)
  problem.locks = problem.cases.flatMap((one): Lock[] => {
    if (waits.has(one.id)) return []
    const seats = seatsOf(one)
    return seats.flatMap(seat => {
      if (!chance(0.15)) return []
      const workerId = one.current && chance(0.3) ? one.current.primary : pick(problem.workers).id
      const setAside = [
        'newPerWeek',
        'heavyCases',
        'together',
        'teamExclusion',
        'kindCap',
        'ratherNot',
        'mentor',
        'noRuleAtAll',
      ].filter(() => chance(0.3))
      return [
        {
          caseId: one.id,
          seat,
          workerId,
          unregisteredException: chance(0.5),
          aboveLimit: chance(0.4),
          setAside,
        },
      ]
    })
  })
}

/** A handful of cases and workers in which some numbers are as small or as large as a Problem may have them. */
export function extremeProblem(seed: number): Problem {
  const { next, between, pick, chance } = drawing(seed * 77)
  const problem = randomProblem(seed, {
    cases: between(2, 5),
    workers: between(1, 4),
    tight: chance(0.5),
    extras: 2,
  })
  const rate = pick([0.02, 0.1, 0.3])
  const visit = (fields: { [key: string]: unknown }): void => {
    for (const [key, value] of Object.entries(fields)) {
      if (value !== null && typeof value === 'object') visit(value as typeof fields)
      if (typeof value !== 'number' || key === 'format' || next() > rate) continue
      const list = [0, 0.001, 0.01, 1, 2, 5, 9.99, 10, 60, 100, 999.99, 1000, 10_000, 36_500, value * 10]
      for (let attempt = 0; attempt < 6; attempt++) {
        fields[key] = pick(list)
        if ('problem' in validateProblem(problem)) break
        fields[key] = value
      }
    }
  }
  visit(problem as unknown as { [key: string]: unknown })
  return problem
}
