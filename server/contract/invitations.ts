import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Email, RoleGrant } from './accounts.ts'
import { Id, Moment, Name, nullable, object, StaffNumber } from './common.ts'
import type { Endpoint } from './endpoint.ts'

/** So many at once: their mails are sent before the answer. */
export const MAX_INVITATIONS = 100

const Line = object({ name: Name, email: Email, staffNumber: nullable(StaffNumber) })

export const ManyInvitations = object({
  /** For everybody in the list. */
  roles: Type.Array(RoleGrant, { minItems: 1, maxItems: 50 }),
  lines: Type.Array(Line, { minItems: 1, maxItems: MAX_INVITATIONS }),
  /** Says what would come of it, and does nothing. */
  dryRun: Type.Boolean(),
})
export type ManyInvitations = Static<typeof ManyInvitations>

export const InvitedLine = object({
  name: Type.String(),
  email: Type.String(),
  staffNumber: nullable(Type.String()),
  /** ready: can be invited. invited: with a link to hand over. mailed: the link went by mail. */
  answer: oneOf('ready', 'invited', 'mailed', 'refused'),
  /** Why it was refused. */
  reason: nullable(Type.String()),
  /** Shown once, and only where it did not go by mail. */
  link: nullable(Type.String()),
  until: nullable(Moment),
})
export type InvitedLine = Static<typeof InvitedLine>

export const invitationEndpoints = {
  'POST /users/invitations': {
    summary:
      'Invite many people at once, each line by itself; by mail when there is a mail server, else with links',
    tag: 'accounts',
    body: ManyInvitations,
    reply: object({ byMail: Type.Boolean(), lines: Type.Array(InvitedLine) }),
    may: 'user.manage',
    ownTransaction: true,
  },
  'GET /users/workers-without-account': {
    summary: 'Workers of a team who have no account yet',
    tag: 'accounts',
    query: object({ team: Id }),
    reply: Type.Array(object({ staffNumber: StaffNumber, name: Type.String() })),
    may: 'user.manage',
  },
} as const satisfies Record<string, Endpoint>
