import type { Problem, ProblemCase } from '../../solver/problem/problem.ts'
import { crisisRound } from '../support/crisis.ts'
import { randomProblem, randomSource } from '../support/problems.ts'

/**
 * The rounds of the benchmark. All kinds of rules are mixed in all of them; there are no locks, so that every level
 * speaks of what the contestants themselves place.
 *
 *   mixed  few people and many rules: what can be placed is scarce
 *   near   a region: about 20 workers are allowed per case (areas of work, competences, registration, absence)
 *   all    as mixed, every pair that the rules allow
 *   crisis far more cases than there is room for: emergencies, caps of one to four new cases, scarce competences
 */
export interface Size {
  name: string
  cases: number
  workers: number
  kind: 'mixed' | 'near' | 'all' | 'crisis'
}

/** `20x25`, or with a kind of its own: `300x400:near`. Throws on anything else. */
export function sizeOf(text: string): Size {
  const match = /^(\d+)x(\d+)(?::(mixed|near|all|crisis))?$/.exec(text.trim())
  if (!match) throw new Error(`--sizes ${text}: write 20x25 or 300x400:near (mixed, near, all, crisis).`)
  const cases = Number(match[1])
  const workers = Number(match[2])
  const usual = cases * workers <= 12_000 ? 'mixed' : workers > 5 * cases ? 'all' : 'near'
  const kind = (match[3] as Size['kind'] | undefined) ?? usual
  const thousands = (count: number) => count.toLocaleString('en')
  const name = `${thousands(cases)} x ${thousands(workers)}${kind === 'crisis' ? ', crisis' : ''}`
  return { name, cases, workers, kind }
}

export function roundOf(size: Size, seed: number): Problem {
  const { cases, workers, kind } = size
  if (kind === 'crisis') return crisisRound(cases, workers, seed)
  const problem = randomProblem(seed * 977 + cases, { cases, workers, rules: kind === 'mixed' ? 1 : 0.5 })
  problem.policy.lowestMaximumFirst = false
  // Squares of loads are no linear goal: the rivals are asked for everything before them, and so is this solver.
  delete problem.policy.evenLoads
  problem.locks = []
  if (cases > 40) pairSiblings(problem.cases)
  if (kind === 'near') nearby(problem, randomSource(seed * 6007 + workers))
  return problem
}

/** The random generator knows three groups, which is many siblings in a large round: here they come in twos. */
function pairSiblings(cases: ProblemCase[]): void {
  const kin = cases.filter(one => one.group !== null)
  for (const [index, one] of kin.entries()) one.group = `G${Math.floor(index / 2)}`
}

/** Every worker works in two areas and every case needs somebody of one, such that about 20 are left per case. */
function nearby(problem: Problem, next: () => number): void {
  const { cases, workers } = problem
  // Other rules leave about half of those in the areas.
  const areas = Math.max(2, Math.round(workers.length / 20))
  const area = () => `area${Math.floor(next() * areas)}`
  for (const worker of workers) {
    for (const competence of new Set([area(), area()]))
      worker.competences.push({ competence, level: 3, expiresOn: null })
  }
  for (const one of cases) one.competences.push({ competence: area(), level: 1, need: 'required' })
}
