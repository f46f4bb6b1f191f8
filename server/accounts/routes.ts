import type { Tx } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { User } from '../contract/accounts.ts'
import { append } from '../events/events.ts'
import { type BothLanguages, type Handlers, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import { forgetDevicesOf } from '../http/devices.ts'
import { endSessionsOf, type SessionTerms } from '../http/session.ts'
import { invitationHandlers, invite, withdrawLinks } from './invitations.ts'
import { about, checked, grant, granted, inviteUser } from './invite-user.ts'
import { ownAccountHandlers } from './own-account.ts'
import { userOf, users } from './queries.ts'
import { sessionHandlers } from './sessions.ts'

type AccountHandlers = ReturnType<typeof sessionHandlers> &
  ReturnType<typeof ownAccountHandlers> &
  ReturnType<typeof invitationHandlers> &
  Pick<
    Handlers,
    | 'GET /users'
    | 'POST /users'
    | 'PUT /users/:id'
    | 'POST /users/:id/invitation'
    | 'POST /users/:id/deactivation'
  >

export function accountHandlers(config: Config, terms: SessionTerms): AccountHandlers {
  return {
    ...sessionHandlers(config, terms),
    ...ownAccountHandlers(terms),
    ...invitationHandlers(config, terms),

    'GET /users': ({ db, user }) => users(db, user.organisationId),

    'POST /users': async call => {
      const { id, link, expiresAt } = await inviteUser(call, call.body, config)
      return {
        user: await userOf(call.db, call.user.organisationId, id),
        link,
        expiresAt: expiresAt.toISOString(),
      }
    },

    'PUT /users/:id': async ({ db, user, params, body, expectedVersion, locale, now }) => {
      const before = await held(db, user, params.id, expectedVersion)
      const workerId = await checked(db, user, body, locale, before)
      await db
        .updateTable('userAccount')
        .set({ email: body.email, name: body.name, workerId, version: before.version + 1 })
        .where('id', '=', params.id)
        .execute()
      await db.deleteFrom('userRole').where('userId', '=', params.id).execute()
      await grant(db, params.id, body.roles)
      await keepAnAdministrator(db, user.organisationId)
      const after = await userOf(db, user.organisationId, params.id)
      const fields = (['email', 'name', 'staffNumber', 'roles'] as const).filter(
        field => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
      )
      // Other rights, other session: what was open under the old rights ends now.
      if (fields.includes('roles') || fields.includes('staffNumber')) await endSessionsOf(db, params.id)
      append(db, {
        ...about(user, params.id),
        type: 'user.changed',
        data: { fields, ...granted(body.roles) },
        at: now,
      })
      return after
    },

    'POST /users/:id/invitation': async ({ db, user, params, now }) => {
      const before = await held(db, user, params.id, null)
      if (before.status === 'deactivated') throw new Refusal(409, INACTIVE)
      const { link, expiresAt } = await invite(db, params.id, config, now)
      append(db, { ...about(user, params.id), type: 'user.linkRenewed', data: {}, at: now })
      return {
        user: before,
        link,
        expiresAt: expiresAt.toISOString(),
      }
    },

    'POST /users/:id/deactivation': async ({ db, user, params, expectedVersion, now }) => {
      const before = await held(db, user, params.id, expectedVersion)
      if (params.id === user.id) throw new Refusal(409, NOT_YOURSELF)
      if (before.status === 'deactivated') throw new Refusal(409, INACTIVE)
      await db
        .updateTable('userAccount')
        .set({ status: 'deactivated', passwordHash: null, version: before.version + 1 })
        .where('id', '=', params.id)
        .execute()
      await keepAnAdministrator(db, user.organisationId)
      await endSessionsOf(db, params.id)
      await forgetDevicesOf(db, params.id)
      await db.deleteFrom('roundAgreement').where('userId', '=', params.id).execute()
      await withdrawLinks(db, params.id)
      append(db, { ...about(user, params.id), type: 'user.deactivated', data: {}, at: now })
      return userOf(db, user.organisationId, params.id)
    },
  }
}

const INACTIVE: BothLanguages = {
  nl: 'Dit account is gedeactiveerd.',
  en: 'This account is deactivated.',
}
const NOT_YOURSELF: BothLanguages = {
  nl: 'Je kunt je eigen account niet deactiveren. Vraag een andere beheerder.',
  en: 'You cannot deactivate your own account. Ask another administrator.',
}

/**
 * The user as they are now. Changes to users of one organisation queue on its row, so that two administrators cannot
 * take away each other's right at the same moment.
 */
async function held(tx: Tx, user: SignedIn, id: number, expectedVersion: number | null): Promise<User> {
  await tx.selectFrom('organisation').select('id').where('id', '=', user.organisationId).forUpdate().execute()
  const found = await userOf(tx, user.organisationId, id)
  if (expectedVersion !== null && found.version !== expectedVersion) throw staleVersion(found.version)
  return found
}

/** Without an administrator nobody could let anybody in again. */
async function keepAnAdministrator(tx: Tx, organisationId: number): Promise<void> {
  const administrator = await tx
    .selectFrom('userAccount as u')
    .innerJoin('userRole as r', 'r.userId', 'u.id')
    .select('u.id')
    .where('u.organisationId', '=', organisationId)
    .where('u.status', '=', 'active')
    .where('r.role', '=', 'admin')
    .limit(1)
    .executeTakeFirst()
  if (administrator) return
  throw new Refusal(409, {
    nl: 'Er moet minstens een actieve beheerder overblijven. Maak eerst iemand anders beheerder.',
    en: 'At least one active administrator must remain. Make somebody else administrator first.',
  })
}
