import type { Db, Tx } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import type { Locale } from '../contract/common.ts'
import type { InvitedLine, ManyInvitations } from '../contract/invitations.ts'
import { inSavepoint, inTransaction } from '../events/events.ts'
import { type BothLanguages, type Handlers, Refusal, type SignedIn, tooMuch } from '../http/call.ts'
import { refusalOf } from '../http/refusals.ts'
import { type InvitationMail, sendInvitations } from '../messages/invitation-mail.ts'
import { inviteUser } from './invite-user.ts'

/** So many new accounts may one organisation make in an hour: more than any has people, fewer than a mistake with a script. */
const MOST = 500
const HOUR_MS = 3_600_000

type ManyHandlers = Pick<Handlers, 'POST /users/invitations' | 'GET /users/workers-without-account'>
type Line = ManyInvitations['lines'][number]
interface Inviting {
  user: SignedIn
  locale: Locale
  now: Date
  roles: ManyInvitations['roles']
}
/** Thrown to take back what was only looked at. */
class OnlyLooked extends Error {}

/** Invitations for many people at once: each line stands by itself, and a look beforehand does the same and takes it back. */
export function inviteManyHandlers(config: Config): ManyHandlers {
  return {
    'GET /users/workers-without-account': ({ db, user, query, today }) =>
      db
        .selectFrom('worker as w')
        .leftJoin('userAccount as u', 'u.workerId', 'w.id')
        .select(['w.staffNumber', 'w.name'])
        .where('w.organisationId', '=', user.organisationId)
        .where('w.teamId', '=', query.team)
        .where('u.id', 'is', null)
        .where(eb => eb.or([eb('w.employedUntil', 'is', null), eb('w.employedUntil', '>=', today)]))
        .orderBy('w.name')
        .orderBy('w.staffNumber')
        .execute(),

    'POST /users/invitations': async ({ db, user, body, locale, now }) => {
      const { lines, roles, dryRun } = body
      await refuseTooMany(db, user, lines.length, now)
      const by: Inviting = { user, locale, now, roles }
      if (dryRun) return { byMail: config.mail !== null, lines: await lookAt(db, lines, by, config) }
      const invited: InvitedLine[] = []
      const mails: (InvitationMail & { at: number })[] = []
      for (const [at, line] of lines.entries()) {
        try {
          const { link, expiresAt } = await inTransaction(db, tx => inviteLine(tx, line, by, config))
          invited.push({ ...line, answer: 'invited', reason: null, link, until: expiresAt.toISOString() })
          mails.push({ at, to: line.email, name: line.name, link, until: expiresAt })
        } catch (error) {
          invited.push(refused(line, error, locale))
        }
      }
      if (config.mail === null || mails.length === 0) return { byMail: false, lines: invited }
      const sent = await sendInvitations(config.mail, mails, locale)
      for (const [index, { at }] of mails.entries()) {
        // A link that went by mail is shown to nobody else.
        if (sent[index]) invited[at] = { ...invited[at]!, answer: 'mailed', link: null }
      }
      return { byMail: true, lines: invited }
    },
  }
}

async function inviteLine(tx: Tx, line: Line, { user, locale, now, roles }: Inviting, config: Config) {
  return inviteUser({ db: tx, user, locale, now }, { ...line, roles }, config)
}

async function lookAt(db: Db, lines: readonly Line[], by: Inviting, config: Config): Promise<InvitedLine[]> {
  let looked: InvitedLine[] = []
  try {
    await inTransaction(db, async tx => {
      looked = []
      for (const line of lines) {
        try {
          await inSavepoint(tx, () => inviteLine(tx, line, by, config))
          looked.push({ ...line, answer: 'ready', reason: null, link: null, until: null })
        } catch (error) {
          looked.push(refused(line, error, by.locale))
        }
      }
      throw new OnlyLooked()
    })
  } catch (error) {
    if (!(error instanceof OnlyLooked)) throw error
  }
  return looked
}

/** What stands in the way of one line; what is nobody's mistake stops them all. */
function refused(line: Line, error: unknown, locale: Locale): InvitedLine {
  const refusal = error instanceof Refusal ? error : refusalOf(error)
  if (!refusal || refusal.status >= 500) throw error
  return { ...line, answer: 'refused', reason: refusal.text[locale], link: null, until: null }
}

async function refuseTooMany(db: Db, user: SignedIn, more: number, now: Date): Promise<void> {
  const { before } = await db
    .selectFrom('userAccount')
    .select(eb => eb.fn.countAll<number>().as('before'))
    .where('organisationId', '=', user.organisationId)
    .where('createdAt', '>', new Date(now.getTime() - HOUR_MS))
    .executeTakeFirstOrThrow()
  if (Number(before) + more > MOST) throw tooMuch(TOO_MANY, HOUR_MS / 1000)
}

const TOO_MANY: BothLanguages = {
  nl: `In een uur kunnen hoogstens ${MOST} mensen worden uitgenodigd. Er is niemand uitgenodigd. Probeer de rest later.`,
  en: `At most ${MOST} people can be invited in an hour. Nobody was invited. Try the rest later.`,
}
