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
  'worker.read': ['intake', 'lead', 'worker', 'admin'],
  'worker.write': ['lead', 'admin'],
  'preference.writeOwn': ['worker'],
  'round.read': ['intake', 'lead'],
  'round.compose': ['intake'],
  'round.choose': ['intake', 'lead'],
  'round.settle': ['intake'],
  /** Accept load above the hard limit, each time as a decision of its own. */
  'limit.exceed': ['lead'],
  'workload.read': ['intake', 'lead'],
  'event.read': ['intake', 'lead', 'admin'],
  'rulebook.write': ['admin'],
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
