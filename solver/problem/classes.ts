import type { CaseClass, Policy, Problem, ProblemCase } from './problem.ts'
import { CASE_CLASSES, urgencyOf } from './urgencies.ts'

/** The classes that occur in this problem, most important first. */
export function classesOf(problem: Problem): CaseClass[] {
  return CASE_CLASSES.filter(one => {
    if (one === 'current') return problem.cases.some(theCase => theCase.current)
    return one !== 'overdue' || problem.policy.overdueAfterDays !== undefined
  })
}

/** What decides when a case is placed. */
export function classOf(policy: Policy, theCase: ProblemCase): CaseClass {
  if (theCase.current) return 'current'
  const { overdueAfterDays } = policy
  const isOverdue = overdueAfterDays !== undefined && theCase.waitingDays > overdueAfterDays
  return isOverdue && urgencyOf[theCase.urgency].canBeOverdue ? 'overdue' : theCase.urgency
}
