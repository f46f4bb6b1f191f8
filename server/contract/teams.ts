import { type Static, Type } from 'typebox'
import { Team } from './accounts.ts'
import { Day, Id, Name, nullable, object, Version } from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { idParams } from './params.ts'

export const TeamRow = object({
  ...Team.properties,
  version: Version,
  /** Not `active`: since when. */
  endedOn: nullable(Day),
  /** The team that it went into. */
  mergedInto: nullable(Type.String()),
})
export type TeamRow = Static<typeof TeamRow>

/** What a team has today, and so what goes along when it merges and is in the way when it ends. */
export const TeamHoldings = object({
  team: TeamRow,
  /** Employed now or from a day to come. */
  workers: Type.Integer(),
  /** Open cases that nobody has, and those that somebody has. */
  waiting: Type.Integer(),
  running: Type.Integer(),
  /** Of these rounds nothing goes along: they are confirmed or cancelled first. */
  rounds: Type.Array(object({ id: Id, startOn: Day })),
  /** A reallocation is being calculated. */
  calculating: Type.Boolean(),
  /** Roles that people have in it. */
  roles: Type.Integer(),
})
export type TeamHoldings = Static<typeof TeamHoldings>

export const teamEndpoints = {
  'GET /teams': {
    summary: 'The teams in scope',
    tag: 'accounts',
    reply: Type.Array(TeamRow),
    may: 'session.own',
  },
  'POST /teams': {
    summary: 'Add a team',
    tag: 'accounts',
    body: object({ name: Name }),
    reply: TeamRow,
    may: 'team.manage',
    once: true,
    status: 201,
  },
  'PUT /teams/:id': {
    summary: 'Give a team another name',
    tag: 'accounts',
    params: idParams,
    body: object({ name: Name }),
    reply: TeamRow,
    may: 'team.manage',
    ifMatch: true,
  },
  'GET /teams/:id/holdings': {
    summary: 'What a team has: workers, open cases, open rounds, roles',
    tag: 'accounts',
    params: idParams,
    reply: TeamHoldings,
    may: 'team.manage',
  },
  'POST /teams/:id/merging': {
    summary: 'Let a team go into another: its workers, open cases and roles go along, from today',
    tag: 'accounts',
    params: idParams,
    body: object({ into: Id }),
    reply: TeamRow,
    may: 'team.manage',
    once: true,
    ifMatch: true,
  },
  'POST /teams/:id/ending': {
    summary: 'End a team that has no workers, no open cases and no open rounds',
    tag: 'accounts',
    params: idParams,
    reply: TeamRow,
    may: 'team.manage',
    once: true,
    ifMatch: true,
  },
} as const satisfies Record<string, Endpoint>
