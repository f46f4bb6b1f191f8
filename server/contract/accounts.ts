import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import {
  Done,
  Id,
  Locale,
  Moment,
  Name,
  nullable,
  object,
  Role,
  StaffNumber,
  Theme,
  Version,
} from './common.ts'
import type { Endpoint } from './endpoint.ts'
import { idParams } from './params.ts'
import { secret } from './typed.ts'

export const Email = Type.String({ format: 'email', maxLength: 200 })
/** Long rather than complicated: 15 characters or more, no rules of composition. */
export const NewPassword = secret(15)
export const Token = Type.String({ minLength: 20, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' })

export const Team = object({ id: Id, name: Type.String(), active: Type.Boolean() })

export const SessionInfo = object({
  /** Only on a demo server on a loopback address. */
  demo: Type.Boolean(),
  /** Nobody has an account yet: the start prints the link for the first administrator. */
  setupNeeded: Type.Boolean(),
  organisation: nullable(Type.String()),
  /** Today on the server, the reference date of every number. */
  today: Type.String(),
  user: nullable(
    object({
      id: Id,
      name: Type.String(),
      email: Type.String(),
      locale: Locale,
      /** null: never chosen. */
      theme: nullable(Theme),
      roles: Type.Array(Role),
      /** Teams in this user's scope. */
      teams: Type.Array(Team),
      staffNumber: nullable(StaffNumber),
      /** Actions of permissions.ts. */
      may: Type.Array(Type.String()),
    }),
  ),
})
export type SessionInfo = Static<typeof SessionInfo>

export const Credentials = object({ email: Email, password: secret(1) })

export const OwnAccount = object({
  /** An account of a demo has none. */
  hasPassword: Type.Boolean(),
  sessions: Type.Array(
    object({
      number: Id,
      /** The one that asks. */
      current: Type.Boolean(),
      /** The kinds of browser and machine that it began in, as far as they are known. */
      browser: nullable(oneOf('chrome', 'edge', 'firefox', 'opera', 'safari', 'samsung')),
      system: nullable(oneOf('android', 'chromeos', 'ios', 'linux', 'macos', 'windows')),
      since: Moment,
      /** To the minute. */
      lastSeenAt: Moment,
    }),
  ),
})
export type OwnSession = Static<typeof OwnAccount>['sessions'][number]

export const DemoAccount = object({
  userId: Id,
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(Role),
  /** What this person does here, in a sentence. */
  purpose: Type.String(),
  teams: Type.Array(Type.String()),
})

export const RoleGrant = object({ role: Role, teamId: nullable(Id) })
export const User = object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  status: oneOf('invited', 'active', 'deactivated'),
  roles: Type.Array(RoleGrant),
  staffNumber: nullable(StaffNumber),
  lastSeenAt: nullable(Moment),
  version: Version,
})
export type User = Static<typeof User>

export const UserInput = object({
  email: Email,
  name: Name,
  roles: Type.Array(RoleGrant, { maxItems: 50 }),
  staffNumber: nullable(StaffNumber),
})

/** The link is shown once, to the administrator, who hands it over. */
export const InvitedUser = object({ user: User, link: Type.String(), expiresAt: Moment })

export const Invitation = object({
  firstAdministrator: Type.Boolean(),
  name: Type.String(),
  email: Type.String(),
})
export const InvitationAnswer = object({
  password: NewPassword,
  /** The first administrator also says who they are and names the organisation. */
  name: Type.Optional(Name),
  email: Type.Optional(Email),
  organisation: Type.Optional(Name),
})

export const accountEndpoints = {
  'GET /session': {
    summary: 'Who am I, and what may I do',
    tag: 'accounts',
    reply: SessionInfo,
    may: 'anyone',
  },
  'POST /session': {
    summary: 'Sign in with a local account',
    tag: 'accounts',
    body: Credentials,
    reply: SessionInfo,
    may: 'anyone',
    ownTransaction: true,
  },
  'DELETE /session': {
    summary: 'Sign out',
    tag: 'accounts',
    reply: Done,
    may: 'anyone',
    ownTransaction: true,
  },
  'PUT /session/locale': {
    summary: 'Choose the language of the interface',
    tag: 'accounts',
    body: object({ locale: Locale }),
    reply: Done,
    may: 'session.own',
  },
  'PUT /session/theme': {
    summary: 'Choose light, dark, or as the device has it',
    tag: 'accounts',
    body: object({ theme: Theme }),
    reply: Done,
    may: 'session.own',
  },
  'GET /account': {
    summary: 'My account: where I am signed in',
    tag: 'accounts',
    reply: OwnAccount,
    may: 'session.own',
  },
  'PUT /account/password': {
    summary: 'Change my password; every other session ends',
    tag: 'accounts',
    body: object({ present: secret(1), password: NewPassword }),
    reply: Done,
    may: 'session.own',
    ownTransaction: true,
  },
  'DELETE /account/sessions': {
    summary: 'End my other sessions',
    tag: 'accounts',
    reply: Done,
    may: 'session.own',
  },
  'DELETE /account/sessions/:number': {
    summary: 'End one of my sessions',
    tag: 'accounts',
    params: object({ number: Id }),
    reply: Done,
    may: 'session.own',
  },
  'GET /demo/accounts': {
    summary: 'The roles to pick from, on a demo server only',
    tag: 'accounts',
    reply: Type.Array(DemoAccount),
    may: 'anyone',
  },
  'POST /demo/session': {
    summary: 'Sign in as one of the demo accounts, on a demo server only',
    tag: 'accounts',
    body: object({ userId: Id }),
    reply: SessionInfo,
    may: 'anyone',
    ownTransaction: true,
  },
  'GET /invitations/:token': {
    summary: 'Whom a one-time link is for',
    tag: 'accounts',
    params: object({ token: Token }),
    reply: Invitation,
    may: 'anyone',
  },
  'POST /invitations/:token': {
    summary: 'Set a password with a one-time link, and sign in',
    tag: 'accounts',
    params: object({ token: Token }),
    body: InvitationAnswer,
    reply: SessionInfo,
    may: 'anyone',
    ownTransaction: true,
  },
  'GET /users': {
    summary: 'Users with their roles and teams',
    tag: 'accounts',
    reply: Type.Array(User),
    may: 'user.manage',
  },
  'POST /users': {
    summary: 'Invite a user; the one-time link is in the answer',
    tag: 'accounts',
    body: UserInput,
    reply: InvitedUser,
    may: 'user.manage',
    status: 201,
  },
  'PUT /users/:id': {
    summary: 'Change the name, roles and teams of a user',
    tag: 'accounts',
    params: idParams,
    body: UserInput,
    reply: User,
    may: 'user.manage',
    ifMatch: true,
  },
  'POST /users/:id/invitation': {
    summary: 'A new one-time link, for a user who lost the password',
    tag: 'accounts',
    params: idParams,
    reply: InvitedUser,
    may: 'user.manage',
    status: 201,
  },
  'POST /users/:id/deactivation': {
    summary: 'Deactivate a user and end every session at once',
    tag: 'accounts',
    params: idParams,
    reply: User,
    may: 'user.manage',
    once: true,
    ifMatch: true,
  },
} as const satisfies Record<string, Endpoint>
