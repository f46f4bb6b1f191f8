import type { CaseClass, Policy, Problem, ProblemCase } from './problem.ts'

/** The classes that occur in this problem, most important first. */
export function classesOf(problem: Problem): CaseClass[] {
  return [
    ...(problem.cases.some(one => one.current) ? ['current' as const] : []),
    'emergency',
    ...(problem.policy.overdueAfterDays === undefined ? [] : ['overdue' as const]),
    'high',
    'normal',
  ]
}

/** What decides when a case is placed. */
export function classOf(policy: Policy, theCase: ProblemCase): CaseClass {
  if (theCase.current) return 'current'
  if (theCase.urgency === 'emergency') return 'emergency'
  const { overdueAfterDays } = policy
  return overdueAfterDays !== undefined && theCase.waitingDays > overdueAfterDays
    ? 'overdue'
    : theCase.urgency
}
