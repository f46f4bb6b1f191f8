import { sql } from 'kysely'
import type { Db, Executor, Tx } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import { addressOf } from '../contract/addresses.ts'
import type { Locale } from '../contract/common.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import { append, inTransaction } from '../events/events.ts'
import { type BothLanguages, type Handlers, notFound, Refusal } from '../http/call.ts'
import { forgetDevicesOf } from '../http/devices.ts'
import { endSessionsOf, hashOf, newSecret, type SessionTerms } from '../http/session.ts'
import { installStartValues } from '../rulebook/start-values.ts'
import { refuseWeak } from './new-password.ts'
import { hashPassword } from './passwords.ts'
import { isEmpty, sessionInfo } from './queries.ts'
import { begin, isDemo } from './sessions.ts'

type Answer = Endpoints['POST /invitations/:token']['body']

const HOUR = 3_600_000
const FIRST_LINK_HOURS = 24
const LINK_HOURS = 72
const SET_UP_LOCK = 7203452

/** A one-time link for a user, or for the first administrator (null). Earlier links of that user stop working. */
export async function invite(
  db: Executor,
  userId: number | null,
  config: Config,
  now: Date,
): Promise<{ link: string; expiresAt: Date }> {
  const token = newSecret()
  const expiresAt = new Date(now.getTime() + (userId === null ? FIRST_LINK_HOURS : LINK_HOURS) * HOUR)
  if (userId !== null) await withdrawLinks(db, userId)
  await db
    .insertInto('invitation')
    .values({ tokenSha256: hashOf(token), userId, expiresAt, usedAt: null })
    .execute()
  return { link: new URL(addressOf('invitation', token), config.publicUrl).href, expiresAt }
}

export async function withdrawLinks(db: Executor, userId: number): Promise<void> {
  await db.deleteFrom('invitation').where('userId', '=', userId).where('usedAt', 'is', null).execute()
}

export function invitationHandlers(
  config: Config,
  terms: SessionTerms,
): Pick<Handlers, 'GET /invitations/:token' | 'POST /invitations/:token'> {
  return {
    'GET /invitations/:token': async ({ db, params, now }) => {
      const invitation = await standing(db, params.token, now)
      return {
        firstAdministrator: invitation.userId === null,
        name: invitation.name ?? '',
        email: invitation.email ?? '',
      }
    },

    'POST /invitations/:token': async ({ db, params, body, client, locale, now, today }) => {
      const invitation = await standing(db, params.token, now)
      const { email, name, organisation } = invitation
      const personal = [email, name, organisation, body.email, body.name, body.organisation]
      await refuseWeak(body.password, personal, locale)
      const passwordHash = await hashPassword(body.password)
      const userId = await inTransaction(db, async tx => {
        const used = await tx
          .updateTable('invitation')
          .set({ usedAt: now })
          .where('tokenSha256', '=', hashOf(params.token))
          .where('usedAt', 'is', null)
          .returning('userId')
          .executeTakeFirst()
        if (!used) throw spent()
        return used.userId === null
          ? setUp(tx, body, { passwordHash, locale, now, today })
          : activate(tx, used.userId, passwordHash, now)
      })
      const session = await begin(db, userId, client, now, terms, { remembers: true })
      return sessionInfo(db, session.user, { demo: isDemo(config, client), today })
    },
  }
}

function spent(): Refusal {
  return notFound({
    nl: 'Deze link is gebruikt of verlopen. De uitnodiging',
    en: 'This link was used or has expired. The invitation',
  })
}

async function standing(db: Db, token: string, now: Date) {
  const invitation = await db
    .selectFrom('invitation as i')
    .leftJoin('userAccount as u', 'u.id', 'i.userId')
    .leftJoin('organisation as o', 'o.id', 'u.organisationId')
    .select(['i.userId', 'u.name', 'u.email', 'u.status', 'o.name as organisation'])
    .where('i.tokenSha256', '=', hashOf(token))
    .where('i.usedAt', 'is', null)
    .where('i.expiresAt', '>', now)
    .executeTakeFirst()
  if (!invitation || invitation.status === 'deactivated') throw spent()
  if (invitation.userId === null && !(await isEmpty(db))) throw spent()
  return invitation
}

const REQUIRED: BothLanguages = { nl: 'Vul dit in.', en: 'Fill this in.' }

async function activate(tx: Tx, userId: number, passwordHash: string, now: Date): Promise<number> {
  const user = await tx
    .updateTable('userAccount')
    .set(eb => ({ passwordHash, status: 'active', version: eb('version', '+', 1) }))
    .where('id', '=', userId)
    .where('status', '<>', 'deactivated')
    .returning(['id', 'organisationId'])
    .executeTakeFirst()
  if (!user) throw spent()
  await endSessionsOf(tx, userId)
  await forgetDevicesOf(tx, userId)
  append(tx, {
    type: 'user.activated',
    actor: null,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'user',
    objectId: String(userId),
    data: {},
    at: now,
  })
  return userId
}

/** The first administrator: with the organisation, its catalogues and the first version of its rulebook. */
async function setUp(
  tx: Tx,
  answer: Answer,
  { passwordHash, locale, now, today }: { passwordHash: string; locale: Locale; now: Date; today: string },
): Promise<number> {
  const { name, email, organisation } = answer
  if (name === undefined || email === undefined || organisation === undefined) {
    const absent = (['name', 'email', 'organisation'] as const).filter(field => answer[field] === undefined)
    throw new Refusal(
      422,
      {
        nl: 'Vul ook je naam, je e-mailadres en de naam van de organisatie in.',
        en: 'Also give your name, your e-mail address and the name of the organisation.',
      },
      { errors: absent.map(field => ({ field, message: REQUIRED[locale] })) },
    )
  }
  await sql`select pg_advisory_xact_lock(${SET_UP_LOCK})`.execute(tx)
  if (!(await isEmpty(tx))) throw spent()
  const organisationId = await firstOrganisation(tx, organisation, today)
  const { id } = await tx
    .insertInto('userAccount')
    .values({ organisationId, email, name, passwordHash, status: 'active', locale: 'nl', workerId: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.insertInto('userRole').values({ userId: id, role: 'admin', teamId: null }).execute()
  append(tx, {
    type: 'organisation.created',
    actor: null,
    organisationId,
    teamId: null,
    objectType: 'organisation',
    objectId: String(organisationId),
    data: {},
    at: now,
  })
  return id
}

/** The organisation that an import made before anybody had an account, or else a new one under this name. */
async function firstOrganisation(tx: Tx, name: string, today: string): Promise<number> {
  const present = await tx.selectFrom('organisation').select('id').orderBy('id').executeTakeFirst()
  if (present) return present.id
  const { id } = await tx
    .insertInto('organisation')
    .values({ name })
    .returning('id')
    .executeTakeFirstOrThrow()
  await installStartValues(tx, id, today)
  return id
}
