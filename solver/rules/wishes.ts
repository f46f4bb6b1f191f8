import { isHeavy } from '../problem/load.ts'
import type { Problem, ProblemCase, ProblemWorker } from '../problem/problem.ts'

type Wish = ProblemWorker['preferences'][number]

/** Which of the worker's wishes speak about this case: its measures, phase, methods, factors, region, and whether it is heavy. */
export function matchingWishes(
  problem: Problem,
  theCase: ProblemCase,
  worker: ProblemWorker,
): readonly Wish[] {
  // Asked for every pair, and most pairs have none: no list is made for those.
  const { preferences } = worker
  return preferences.some(wish => speaksAbout(problem, wish, theCase))
    ? preferences.filter(wish => speaksAbout(problem, wish, theCase))
    : NONE
}

const NONE: readonly Wish[] = []

function speaksAbout(problem: Problem, wish: Wish, theCase: ProblemCase): boolean {
  if (wish.kind === 'measure') return theCase.measures.includes(wish.code)
  if (wish.kind === 'phase') return theCase.phase === wish.code
  if (wish.kind === 'method') return theCase.methods?.includes(wish.code) ?? false
  if (wish.kind === 'factor') return theCase.factors.includes(wish.code)
  if (wish.kind === 'region') return theCase.municipality === wish.code
  return isHeavy(problem.policy, theCase)
}

/** Whether more of the worker's wishes speak against this case than for it. */
export function isRatherNot(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): boolean {
  let balance = 0
  for (const wish of matchingWishes(problem, theCase, worker)) {
    if (wish.value === 'rather') balance++
    if (wish.value === 'rather_not') balance--
  }
  return balance < 0
}

/** Whether this case would grant the worker a wish: more speaks for it than against it, or the worker wants to learn it. */
export function grantsWish(problem: Problem, theCase: ProblemCase, worker: ProblemWorker): boolean {
  let balance = 0
  for (const wish of matchingWishes(problem, theCase, worker)) {
    if (wish.value === 'rather' || wish.value === 'learn') balance++
    if (wish.value === 'rather_not') balance--
  }
  return balance > 0
}
