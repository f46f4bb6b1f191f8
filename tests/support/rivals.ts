import type { Problem } from '../../solver/problem/problem.ts'
import { ProblemArbitrary } from './arbitrary.ts'
import { compactLevels, highsEngine } from './compact.ts'
import type { Rival } from './differential.ts'
import { asEquals, toTheEdges } from './edges.ts'
import { solveWithJslp } from './jslp.ts'
import { bruteForce } from './oracle.ts'

/** Who the solver is held against: the same levels found in another way, and how large the problems for it may be. */
export interface Contest {
  name: string
  rival: Rival
  /** Small enough that every answer must be proven. */
  strict?: boolean
  arbitrary: ProblemArbitrary
}

/** Every allocation there is, judged by check.ts. */
export const againstBruteForce: Contest = {
  name: 'brute-force',
  rival: bruteForce,
  strict: true,
  arbitrary: new ProblemArbitrary(
    next => ({
      cases: 1 + Math.floor(next() * 5),
      workers: 1 + Math.floor(next() * 4),
      tight: next() < 0.5,
      rules: next() * 1.5,
    }),
    toTheEdges,
  ),
}

/** Equal people, or nearly, and equal cases: what is left for the level of even loads to decide. */
export const amongEquals: Contest = {
  name: 'brute-force-among-equals',
  rival: bruteForce,
  strict: true,
  arbitrary: new ProblemArbitrary(
    next => ({ cases: 2 + Math.floor(next() * 4), workers: 2 + Math.floor(next() * 3), rules: next() * 0.5 }),
    asEquals,
  ),
}

/** Squares of loads are no linear goal, so these rivals are asked for everything before them. */
const withoutEven = (problem: Problem): Problem => {
  const { evenLoads: _, ...policy } = problem.policy
  return { ...problem, policy }
}

/** The compact model in HiGHS, level by level. */
export const againstHighs: Contest = {
  name: 'highs',
  rival: problem => compactLevels(problem, highsEngine),
  arbitrary: new ProblemArbitrary(
    next => ({
      cases: 6 + Math.floor(next() * 13),
      workers: 6 + Math.floor(next() * 13),
      tight: next() < 0.5,
      rules: 0.5 + next(),
    }),
    withoutEven,
  ),
}

/** The compact model in javascript-lp-solver, which often does not finish: two seconds per model. */
export const againstJslp: Contest = {
  name: 'javascript-lp-solver',
  rival: problem => compactLevels(problem, model => solveWithJslp(model, 2000)),
  arbitrary: new ProblemArbitrary(
    next => ({
      cases: 2 + Math.floor(next() * 6),
      workers: 2 + Math.floor(next() * 6),
      tight: next() < 0.5,
      rules: next() * 1.5,
    }),
    withoutEven,
  ),
}
