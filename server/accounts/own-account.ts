import type { Db, Tx } from '../../db/database.ts'
import type { EventType } from '../events/event-types.ts'
import { append, inTransaction } from '../events/events.ts'
import { type BothLanguages, type Handlers, notFound, Refusal, type SignedIn } from '../http/call.ts'
import { DEVICE_DAYS, forgetDevicesOf, rememberDevice } from '../http/devices.ts'
import { endSessionsOf, hashOf, type SessionTerms, sessionsOf, startSession } from '../http/session.ts'
import { attemptSucceeded, beginAttempt } from './attempts.ts'
import { withdrawLinks } from './invitations.ts'
import { refuseWeak } from './new-password.ts'
import { hashPassword, passwordFits } from './passwords.ts'

type OwnAccountHandlers = Pick<
  Handlers,
  | 'GET /account'
  | 'PUT /account/password'
  | 'DELETE /account/sessions'
  | 'DELETE /account/sessions/:number'
  | 'PUT /session/locale'
  | 'PUT /session/theme'
>

/** What somebody sees and sets of their own account, whatever their role. */
export function ownAccountHandlers(terms: SessionTerms): OwnAccountHandlers {
  return {
    'GET /account': async ({ db, user, client, now }) => {
      const { passwordHash } = await accountOf(db, user)
      const sessions = await sessionsOf(db, user.id, now, terms)
      return {
        hasPassword: passwordHash !== null,
        sessions: sessions.map(one => ({
          number: one.number,
          current: isCurrent(one.idSha256, client),
          browser: one.browser,
          system: one.system,
          since: one.createdAt.toISOString(),
          lastSeenAt: one.lastSeenAt.toISOString(),
        })),
      }
    },

    'PUT /account/password': async ({ db, user, body, client, locale, now }) => {
      const account = await accountOf(db, user)
      if (account.passwordHash === null) throw new Refusal(409, NO_PASSWORD)
      const attempt = await beginAttempt(db, { ...client, email: account.email }, now)
      if (!(await passwordFits(body.present, account.passwordHash))) {
        await inTransaction(db, async tx => tell(tx, user, 'user.passwordRefused', now))
        throw new Refusal(422, WRONG, { errors: [{ field: 'present', message: WRONG[locale] }] })
      }
      await attemptSucceeded(db, attempt)
      if (body.password === body.present) {
        throw new Refusal(422, THE_SAME, { errors: [{ field: 'password', message: THE_SAME[locale] }] })
      }
      await refuseWeak(body.password, [account.email, account.name, account.organisation], locale)
      const passwordHash = await hashPassword(body.password)
      const { session, device } = await inTransaction(db, async tx => {
        // Somebody who was deactivated, or who got another password by a link, in the meantime keeps that.
        const changed = await tx
          .updateTable('userAccount')
          .set({ passwordHash })
          .where('id', '=', user.id)
          .where('passwordHash', '=', account.passwordHash)
          .returning('id')
          .executeTakeFirst()
        if (!changed) throw new Refusal(409, CHANGED_MEANWHILE)
        await endSessionsOf(tx, user.id)
        await forgetDevicesOf(tx, user.id)
        await withdrawLinks(tx, user.id)
        tell(tx, user, 'user.passwordChanged', now)
        // This one goes on under a new id, so that whoever had a copy of the old one is out as well.
        return {
          session: await startSession(tx, user.id, now, terms, client.kind),
          device: await rememberDevice(tx, user.id, client.device, now),
        }
      })
      client.setSession(session)
      client.setDevice(device, DEVICE_DAYS)
      return { done: true }
    },

    'DELETE /account/sessions': async ({ db, user, client, now }) => {
      const ended = await db
        .deleteFrom('session')
        .where('userId', '=', user.id)
        .where('idSha256', '<>', hashOf(client.sessionId ?? ''))
        .returning('number')
        .execute()
      if (ended.length > 0) tell(db, user, 'session.othersEnded', now)
      return { done: true }
    },

    'DELETE /account/sessions/:number': async ({ db, user, params, client, now }) => {
      const ended = await db
        .deleteFrom('session')
        .where('userId', '=', user.id)
        .where('number', '=', params.number)
        .returning('idSha256')
        .executeTakeFirst()
      if (!ended) throw notFound({ nl: 'Deze sessie', en: 'This session' })
      tell(db, user, isCurrent(ended.idSha256, client) ? 'session.ended' : 'session.othersEnded', now)
      return { done: true }
    },

    'PUT /session/locale': async ({ db, user, body }) => {
      await db.updateTable('userAccount').set(body).where('id', '=', user.id).execute()
      return { done: true }
    },

    'PUT /session/theme': async ({ db, user, body }) => {
      await db.updateTable('userAccount').set(body).where('id', '=', user.id).execute()
      return { done: true }
    },
  }
}

async function accountOf(db: Db, user: SignedIn) {
  return db
    .selectFrom('userAccount as u')
    .innerJoin('organisation as o', 'o.id', 'u.organisationId')
    .select(['u.email', 'u.name', 'u.passwordHash', 'o.name as organisation'])
    .where('u.id', '=', user.id)
    .executeTakeFirstOrThrow()
}

function isCurrent(idSha256: string, { sessionId }: { sessionId: string | null }): boolean {
  return sessionId !== null && idSha256 === hashOf(sessionId)
}

function tell(tx: Tx, user: SignedIn, type: EventType, at: Date): void {
  append(tx, {
    type,
    actor: user,
    organisationId: user.organisationId,
    teamId: null,
    objectType: 'user',
    objectId: String(user.id),
    data: {},
    at,
  })
}

const NO_PASSWORD: BothLanguages = {
  nl: 'Dit account heeft geen wachtwoord. Vraag je beheerder om een link.',
  en: 'This account has no password. Ask your administrator for a link.',
}
const WRONG: BothLanguages = {
  nl: 'Dit is niet je huidige wachtwoord. Er is niets gewijzigd.',
  en: 'This is not your current password. Nothing was changed.',
}
const THE_SAME: BothLanguages = {
  nl: 'Dit is je huidige wachtwoord. Kies een ander.',
  en: 'This is your current password. Choose another one.',
}
const CHANGED_MEANWHILE: BothLanguages = {
  nl: 'Je wachtwoord is intussen al gewijzigd. Meld je opnieuw aan.',
  en: 'Your password was changed in the meantime. Sign in again.',
}
