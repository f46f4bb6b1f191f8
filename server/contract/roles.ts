import type { Role } from './common.ts'
import type { Action } from './permissions.ts'

/** Everything about a role but its names: who adds one is told here what is missing. */
export interface RoleEntry {
  /** Given in one team, and holds there only. The same as the constraint `user_role_scope`. */
  ofTeam: boolean
  /** Whoever has it is on record as a worker, and sees what is their own. */
  isWorker: boolean
  /** What it allows, it allows in every team of the organisation. */
  everyTeam: boolean
  /** The page to start on; of several roles the first one decides. */
  home: 'today' | 'mine'
  may: readonly Action[]
}

/** Every role, in the order in which they are named. */
export const roleOf: Record<Role, RoleEntry> = {
  intake: {
    ofTeam: true,
    isWorker: false,
    everyTeam: false,
    home: 'today',
    may: [
      'session.own',
      'catalogue.read',
      'case.read',
      'case.write',
      'case.exclude',
      'case.allocate',
      'phase.answer',
      'worker.read',
      'request.read',
      'estimate.take',
      'estimate.lead',
      'round.read',
      'round.compose',
      'round.choose',
      'round.settle',
      'settling.read',
      'decision.withdraw',
      'pulse.answer',
      'support.read',
      'workload.read',
      'signal.handle',
      'event.read',
      'import.cases',
      'export.workers',
      'export.cases',
    ],
  },
  lead: {
    ofTeam: true,
    isWorker: false,
    everyTeam: false,
    home: 'today',
    may: [
      'session.own',
      'catalogue.read',
      'case.read',
      'case.write',
      'case.allocate',
      'phase.answer',
      'dormancy.decide',
      'worker.read',
      'worker.write',
      'request.read',
      'request.decide',
      'estimate.take',
      'estimate.lead',
      'round.read',
      'round.choose',
      'settling.read',
      'settling.write',
      'decision.withdraw',
      'pulse.answer',
      'support.read',
      'mail.manage',
      'limit.exceed',
      'workload.read',
      'fairness.read',
      'signal.handle',
      'signal.people',
      'event.read',
      'rulebook.preview',
      'import.workers',
      'export.workers',
      'export.cases',
    ],
  },
  worker: {
    ofTeam: false,
    isWorker: true,
    everyTeam: false,
    home: 'mine',
    may: [
      'session.own',
      'catalogue.read',
      'case.read',
      'phase.answer',
      'worker.read',
      'preference.writeOwn',
      'own.work',
      'estimate.take',
      'answer.own',
      'pulse.answer',
    ],
  },
  admin: {
    ofTeam: false,
    isWorker: false,
    everyTeam: true,
    home: 'today',
    may: [
      'session.own',
      'catalogue.read',
      'worker.read',
      'worker.write',
      'settling.read',
      'settling.write',
      'mail.manage',
      'event.read',
      'rulebook.write',
      'catalogue.write',
      'rulebook.preview',
      'user.manage',
      'team.manage',
      'import.workers',
      'import.cases',
      'export.workers',
    ],
  },
}

export const ROLES = Object.keys(roleOf) as Role[]
/** Given per team. */
export const TEAM_ROLES = ROLES.filter(role => roleOf[role].ofTeam)

export function mayDo(roles: readonly Role[], action: Action): boolean {
  return roles.some(role => roleOf[role].may.includes(action))
}

export function rolesThatMay(action: Action): Role[] {
  return ROLES.filter(role => mayDo([role], action))
}
