import type { Role } from './common.ts'

/** What a role may do. The scope (which teams, which cases) is a second question, answered by the row. */
export const permissions = {
  'session.own': ['intake', 'lead', 'worker', 'admin'],
  'catalogue.read': ['intake', 'lead', 'worker', 'admin'],
  'case.read': ['intake', 'lead', 'worker'],
  'case.write': ['intake', 'lead'],
  /** Set and see why a worker is excluded from a case. */
  'case.exclude': ['intake'],
  /** Allocate one case outside a round. */
  'case.allocate': ['intake', 'lead'],
  /** Say how a case goes on: who has it, and for the own teams. */
  'phase.answer': ['intake', 'lead', 'worker'],
  /** Say that a case asks little work for a while. */
  'dormancy.decide': ['lead'],
  'worker.read': ['intake', 'lead', 'worker', 'admin'],
  'worker.write': ['lead', 'admin'],
  'preference.writeOwn': ['worker'],
  /** See and say what is one's own: availability, load, requests, history. */
  'own.work': ['worker'],
  'request.read': ['intake', 'lead'],
  /** Answer requests for leave, reductions and corrections. */
  'request.decide': ['lead'],
  'estimate.take': ['intake', 'lead', 'worker'],
  'estimate.lead': ['intake', 'lead'],
  'round.read': ['intake', 'lead'],
  'round.compose': ['intake'],
  'round.choose': ['intake', 'lead'],
  'round.settle': ['intake'],
  /** How a team settles its rounds. */
  'settling.read': ['intake', 'lead', 'admin'],
  'settling.write': ['lead', 'admin'],
  /** Answer proposals for oneself, and swap. */
  'answer.own': ['worker'],
  'decision.withdraw': ['intake', 'lead'],
  'pulse.answer': ['intake', 'lead', 'worker'],
  'support.read': ['intake', 'lead'],
  'mail.manage': ['lead', 'admin'],
  /** Accept load above the hard limit, each time as a decision of its own. */
  'limit.exceed': ['lead'],
  'workload.read': ['intake', 'lead'],
  /** How work and wishes are shared among the people of the own teams. */
  'fairness.read': ['lead'],
  /** See what asks attention in the own teams, and say what is done about it: what is about cases. */
  'signal.handle': ['intake', 'lead'],
  /** The same of what is about people: their load, leave and records. */
  'signal.people': ['lead'],
  'event.read': ['intake', 'lead', 'admin'],
  'rulebook.write': ['admin'],
  'catalogue.write': ['admin'],
  /** See the next rulebook as it is being written, and what it would do to the loads of the own teams. */
  'rulebook.preview': ['lead', 'admin'],
  'user.manage': ['admin'],
  'team.manage': ['admin'],
  'import.workers': ['lead', 'admin'],
  'import.cases': ['intake', 'admin'],
  'export.workers': ['intake', 'lead', 'admin'],
  'export.cases': ['intake', 'lead'],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof permissions

export function mayDo(roles: readonly Role[], action: Action): boolean {
  return roles.some(role => (permissions[action] as readonly Role[]).includes(role))
}
