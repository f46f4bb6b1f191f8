import type { Db, Executor } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { Locale, Role } from '../contract/common.ts'
import type { Endpoints } from '../contract/endpoints.ts'
import { append, inTransaction } from '../events/events.ts'
import { type BothLanguages, type Client, type Handlers, notFound, Refusal } from '../http/call.ts'
import { DEVICE_DAYS, rememberDevice } from '../http/devices.ts'
import { endSession, readSession, type Session, type SessionTerms, startSession } from '../http/session.ts'
import { attemptSucceeded, beginAttempt } from './attempts.ts'
import { passwordFits } from './passwords.ts'
import { sessionInfo, users } from './queries.ts'

type SessionHandlers = Pick<
  Handlers,
  'GET /session' | 'POST /session' | 'DELETE /session' | 'GET /demo/accounts' | 'POST /demo/session'
>

/** Signing in and out. A new session replaces the one in the cookie, which ends. */
export function sessionHandlers(config: Config, terms: SessionTerms): SessionHandlers {
  return {
    'GET /session': ({ db, user, client, today }) =>
      sessionInfo(db, user.id === 0 ? null : user, { demo: isDemo(config, client), today }),

    'POST /session': async ({ db, body, client, now, today }) => {
      const attempt = await beginAttempt(db, { ...client, email: body.email }, now)
      const account = await db
        .selectFrom('userAccount')
        .select(['id', 'organisationId', 'passwordHash', 'status'])
        .where(eb => eb(eb.fn<string>('lower', ['email']), '=', body.email.toLowerCase()))
        .executeTakeFirst()
      const hash = account?.status === 'active' ? account.passwordHash : null
      if (!(await passwordFits(body.password, hash)) || !account) {
        await inTransaction(db, async tx =>
          append(tx, {
            type: 'session.refused',
            actor: null,
            organisationId: account?.organisationId ?? null,
            teamId: null,
            objectType: 'user',
            objectId: String(account?.id ?? 0),
            data: {},
            at: now,
          }),
        )
        throw new Refusal(401, {
          nl: 'E-mailadres of wachtwoord klopt niet. Vraag je beheerder om een nieuwe link als je het niet meer weet.',
          en: 'The e-mail address or password is not right. Ask your administrator for a new link if you forgot it.',
        })
      }
      await attemptSucceeded(db, attempt)
      const session = await begin(db, account.id, client, now, terms, { remembers: true })
      return sessionInfo(db, session.user, { demo: isDemo(config, client), today })
    },

    'DELETE /session': async ({ db, user, client, now }) => {
      const { sessionId } = client
      if (sessionId !== null) {
        await inTransaction(db, async tx => {
          await endSession(tx, sessionId)
          if (user.id !== 0) append(tx, { ...aboutUser(user), type: 'session.ended', at: now })
        })
      }
      client.clearSession()
      return { done: true }
    },

    'GET /demo/accounts': async ({ db, client, locale }) => {
      demoOnly(config, client)
      return demoAccounts(db, locale)
    },

    'POST /demo/session': async ({ db, body, client, now, today }) => {
      demoOnly(config, client)
      const account = await db
        .selectFrom('userAccount')
        .select('id')
        .where('id', '=', body.userId)
        .where('status', '=', 'active')
        .executeTakeFirst()
      if (!account) throw notFound({ nl: 'Dit account', en: 'This account' })
      const session = await begin(db, account.id, client, now, terms, { remembers: false })
      return sessionInfo(db, session.user, { demo: true, today })
    },
  }
}

/**
 * Starts a session for a user who proved who they are, ends the old one, and hands over the cookie. `remembers` when that was
 * with a password: then this is a place where they are known.
 */
export async function begin(
  db: Db,
  userId: number,
  client: Client,
  now: Date,
  terms: SessionTerms,
  { remembers }: { remembers: boolean },
): Promise<Session> {
  const { id, session, device } = await inTransaction(db, async tx => {
    if (client.sessionId !== null) await endSession(tx, client.sessionId)
    const id = await startSession(tx, userId, now, terms, client.kind)
    const session = await readSession(tx, id, now, terms)
    if (!session) throw notFound({ nl: 'Dit account', en: 'This account' })
    append(tx, { ...aboutUser(session.user), type: 'session.started', at: now })
    const device = remembers ? await rememberDevice(tx, userId, client.device, now) : null
    return { id, session, device }
  })
  client.setSession(id)
  if (device !== null) client.setDevice(device, DEVICE_DAYS)
  return session
}

function aboutUser(user: Session['user']) {
  return {
    actor: user,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'user',
    objectId: String(user.id),
    data: {},
  }
}

export function isDemo(config: Config, client: Client): boolean {
  return config.demo && client.thisMachine
}

/** For anybody but a visitor of a demo on this very machine these endpoints do not exist. */
function demoOnly(config: Config, client: Client): void {
  if (!isDemo(config, client)) throw notFound({ nl: 'Deze pagina', en: 'This page' })
}

const PURPOSES: Record<Role, BothLanguages> = {
  intake: {
    nl: 'Verzamelt nieuwe zaken, stelt de verdeelronde samen en stelt vast.',
    en: 'Collects new cases, composes the round and confirms it.',
  },
  lead: {
    nl: 'Bewaakt de werklast van het team en beslist boven de harde grens.',
    en: 'Monitors the team’s workload and decides above the hard limit.',
  },
  worker: {
    nl: 'Ziet eigen zaken en werklast en geeft voorkeuren op.',
    en: 'Sees their own cases and workload and states preferences.',
  },
  admin: {
    nl: 'Beheert gebruikers, teams en de regels.',
    en: 'Manages users, teams and the rules.',
  },
}

async function demoAccounts(db: Executor, locale: Locale): Promise<Endpoints['GET /demo/accounts']['reply']> {
  const organisations = await db.selectFrom('organisation').select('id').execute()
  const teams = new Map(
    (await db.selectFrom('team').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
  )
  const all = (await Promise.all(organisations.map(({ id }) => users(db, id)))).flat()
  return all
    .filter(user => user.status === 'active')
    .sort((a, b) => a.id - b.id)
    .map(user => {
      const roles = [...new Set(user.roles.map(({ role }) => role))]
      const ids = user.roles.map(({ teamId }) => teamId).filter(id => id !== null)
      return {
        userId: user.id,
        name: user.name,
        email: user.email,
        roles,
        purpose: roles.map(role => PURPOSES[role][locale]).join(' '),
        teams: [...new Set(ids)].map(id => teams.get(id) ?? ''),
      }
    })
}
