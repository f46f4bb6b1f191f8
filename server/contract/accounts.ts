import { type Static, Type } from 'typebox'
import { Id, Locale, Moment, Name, nullable, object, Role, StaffNumber, Version } from './common.ts'
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
  status: Type.Union([Type.Literal('invited'), Type.Literal('active'), Type.Literal('deactivated')]),
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
