import type { Tx } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { User } from '../contract/accounts.ts'
import type { Locale } from '../contract/common.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import { roleOf } from '../contract/roles.ts'
import { append } from '../events/events.ts'
import { type BothLanguages, type Handlers, Refusal, type SignedIn, staleVersion } from '../http/call.ts'
import { forgetDevicesOf } from '../http/devices.ts'
import { endSessionsOf, type SessionTerms } from '../http/session.ts'
import { invitationHandlers, invite, withdrawLinks } from './invitations.ts'
import { ownAccountHandlers } from './own-account.ts'
import { userOf, users } from './queries.ts'
import { sessionHandlers } from './sessions.ts'

type UserInput = Endpoints['POST /users']['body']

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

    'POST /users': async ({ db, user, body, locale, now }) => {
      const workerId = await checked(db, user, body, locale, null)
      const { id } = await db
        .insertInto('userAccount')
        .values({
          organisationId: user.organisationId,
          email: body.email,
          name: body.name,
          passwordHash: null,
          status: 'invited',
          locale: 'nl',
          workerId,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await grant(db, id, body.roles)
      const { link, expiresAt } = await invite(db, id, config, now)
      append(db, { ...about(user, id), type: 'user.invited', data: granted(body.roles), at: now })
      return {
        user: await userOf(db, user.organisationId, id),
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

/** Teams and worker must be of this organisation, and roles must fit; gives the id of the worker. */
async function checked(
  tx: Tx,
  user: SignedIn,
  input: UserInput,
  locale: Locale,
  before: User | null,
): Promise<number | null> {
  const had = new Set(before?.roles.map(({ teamId }) => teamId))
  const wrong = (field: string, text: BothLanguages) =>
    new Refusal(422, text, { errors: [{ field, message: text[locale] }] })
  const teams = await tx
    .selectFrom('team')
    .select(['id', 'active'])
    .where('organisationId', '=', user.organisationId)
    .execute()
  // A role in a team that ended reads its past; nobody gets a new one there.
  const known = new Set(teams.filter(team => team.active || had.has(team.id)).map(team => team.id))
  for (const [index, { role, teamId }] of input.roles.entries()) {
    const needsTeam = roleOf[role].ofTeam
    if (needsTeam && teamId === null) throw wrong(`roles.${index}.teamId`, ROLE_NEEDS_TEAM)
    if (!needsTeam && teamId !== null) throw wrong(`roles.${index}.teamId`, ROLE_HAS_NO_TEAM)
    if (teamId !== null && !known.has(teamId)) throw wrong(`roles.${index}.teamId`, NO_SUCH_TEAM)
  }
  if (input.staffNumber === null) {
    if (input.roles.some(({ role }) => roleOf[role].isWorker)) throw wrong('staffNumber', WORKER_NEEDS_NUMBER)
    return null
  }
  const worker = await tx
    .selectFrom('worker')
    .select('id')
    .where('organisationId', '=', user.organisationId)
    .where('staffNumber', '=', input.staffNumber)
    .executeTakeFirst()
  if (!worker) throw wrong('staffNumber', NO_SUCH_WORKER)
  return worker.id
}

const ROLE_NEEDS_TEAM: BothLanguages = {
  nl: 'Kies een team bij deze rol.',
  en: 'Choose a team for this role.',
}
const ROLE_HAS_NO_TEAM: BothLanguages = {
  nl: 'Deze rol geldt niet voor een enkel team. Laat het team leeg.',
  en: 'This role is not for a single team. Leave the team empty.',
}
const NO_SUCH_TEAM: BothLanguages = { nl: 'Dit team bestaat niet.', en: 'This team does not exist.' }
const NO_SUCH_WORKER: BothLanguages = {
  nl: 'Er is geen medewerker met dit personeelsnummer.',
  en: 'There is no worker with this staff number.',
}
const WORKER_NEEDS_NUMBER: BothLanguages = {
  nl: 'Bij de rol jeugdbeschermer hoort een personeelsnummer.',
  en: 'The role of youth protection worker needs a staff number.',
}

async function grant(tx: Tx, userId: number, roles: UserInput['roles']): Promise<void> {
  if (roles.length === 0) return
  await tx
    .insertInto('userRole')
    .values(roles.map(({ role, teamId }) => ({ userId, role, teamId })))
    .execute()
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

function about(user: SignedIn, id: number) {
  return {
    actor: user,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'user',
    objectId: String(id),
  }
}

function granted(roles: UserInput['roles']) {
  return { roles: roles.map(({ role, teamId }) => (teamId === null ? role : `${role}:${teamId}`)) }
}
