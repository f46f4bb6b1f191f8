import type { Locale, Role } from '../contract/common.ts'
import type { Action } from '../contract/permissions.ts'
import { mayDo, roleOf, rolesThatMay } from '../contract/roles.ts'
import { type BothLanguages, Refusal, type SignedIn } from './call.ts'

/** A role as it was given: intake and leads in one team, workers and administrators without a team. */
export interface Grant {
  role: Role
  teamId: number | null
}

export type Rights = Pick<SignedIn, 'roles' | 'may' | 'mayIn' | 'teamsFor'>

/**
 * What these grants allow, and where: a role given in one team says nothing about another. `everyTeam` are the teams of the
 * organisation, for the roles that hold in all of them.
 */
export function rightsFrom(grants: readonly Grant[], everyTeam: readonly number[]): Rights {
  const roles = [...new Set(grants.map(grant => grant.role))]
  const teamsFor = (action: Action): readonly number[] => {
    if (roles.some(role => roleOf[role].everyTeam && mayDo([role], action))) return everyTeam
    const teams = grants.filter(grant => mayDo([grant.role], action)).map(grant => grant.teamId)
    return [...new Set(teams.filter(teamId => teamId !== null))]
  }
  return {
    roles,
    may: action => mayDo(roles, action),
    mayIn: (action, teamId) => teamsFor(action).includes(teamId),
    teamsFor,
  }
}

const ROLE_NAMES: Record<Role, BothLanguages> = {
  intake: { nl: 'instroomteam', en: 'intake team' },
  lead: { nl: 'teamleider', en: 'team lead' },
  worker: { nl: 'jeugdbeschermer', en: 'youth protection worker' },
  admin: { nl: 'beheerder', en: 'administrator' },
}

const rolesFor = (action: Action, locale: Locale, or: string) =>
  rolesThatMay(action)
    .map(role => ROLE_NAMES[role][locale])
    .join(or)

/** 403: none of the person's roles may do this. */
export function lacksRole(action: Action): Refusal {
  return new Refusal(403, {
    nl: `Hiervoor is de rol ${rolesFor(action, 'nl', ' of ')} nodig. Vraag je beheerder als dit bij je werk hoort.`,
    en: `This needs the role of ${rolesFor(action, 'en', ' or ')}. Ask your administrator if this is part of your work.`,
  })
}

/** Throws a 403 when the person may not do this in this team, though they may see what is in it. */
export function requireIn(user: SignedIn, action: Action, teamId: number): void {
  if (user.mayIn(action, teamId)) return
  throw new Refusal(403, {
    nl: `Hiervoor is in dit team de rol ${rolesFor(action, 'nl', ' of ')} nodig. Vraag je beheerder als dit bij je werk hoort.`,
    en: `In this team this needs the role of ${rolesFor(action, 'en', ' or ')}. Ask your administrator if this is part of your work.`,
  })
}
