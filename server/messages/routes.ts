import { sql } from 'kysely'
import type { Executor } from '../../db/database.ts'
import type { Config } from '../config/config.ts'
import { DAY_MS } from '../contract/days.ts'
import type { MailState } from '../contract/messages.ts'
import { inNumbersOfToday } from '../events/case-keys.ts'
import { append } from '../events/events.ts'
import { type Handlers, notFound, type SignedIn } from '../http/call.ts'
import { messageText } from './sentences.ts'
import { unreadOf } from './unread.ts'

const PAGE = 50

export function messageHandlers(config: Pick<Config, 'mail'>) {
  return {
    'GET /messages': async ({ db, user, query, locale }) => {
      const rows = await db
        .selectFrom('message')
        .select(['id', 'kind', 'data', 'createdAt', 'readAt'])
        .where('userId', '=', user.id)
        .$if(query.before !== undefined, older => older.where('id', '<', query.before!))
        .orderBy('id', 'desc')
        .limit(PAGE + 1)
        .execute()
      const named = await inNumbersOfToday(
        db,
        user.organisationId,
        rows.map(row => ({ at: row.createdAt, value: row.data })),
      )
      return {
        messages: rows.slice(0, PAGE).map((row, index) => ({
          id: row.id,
          kind: row.kind,
          ...messageText(row.kind, named[index]!, locale),
          at: row.createdAt.toISOString(),
          read: row.readAt !== null,
        })),
        unread: await unreadOf(db, user.id),
        more: rows.length > PAGE,
      }
    },

    'PUT /messages/read': async ({ db: tx, user, body, now }) => {
      await tx
        .updateTable('message')
        .set({ readAt: now })
        .where('userId', '=', user.id)
        .where('readAt', 'is', null)
        .$if(body.ids !== null, some => some.where('id', '=', sql<number>`any(${body.ids}::int[])`))
        .execute()
      return { unread: await unreadOf(tx, user.id) }
    },

    'GET /mail': async ({ db, user, now }) => mailState(db, user, config, now),

    'POST /mail/:id/sending': async ({ db: tx, user, params, now }) => {
      const failed = (await mailState(tx, user, config, now)).failed.find(one => one.id === params.id)
      if (!failed) throw notFound({ nl: 'Deze mislukte mail', en: 'This failed mail' })
      await tx
        .updateTable('mail')
        .set({ state: 'waiting', attempts: 0, nextAt: now, createdAt: now, error: null })
        .where('id', '=', params.id)
        .execute()
      append(tx, {
        type: 'mail.sentAgain',
        actor: user,
        organisationId: user.organisationId,
        teamId: null,
        objectType: 'mail',
        objectId: String(params.id),
        data: {},
        at: now,
      })
      return mailState(tx, user, config, now)
    },
  } satisfies Partial<Handlers>
}

/** Mail to everybody for an administrator; for a lead, mail to the people of the own teams. */
async function mailState(
  db: Executor,
  user: SignedIn,
  config: Pick<Config, 'mail'>,
  now: Date,
): Promise<MailState> {
  const teamIds = [...user.teamsFor('mail.manage')]
  const own = user.roles.includes('admin')
    ? sql<boolean>`true`
    : sql<boolean>`(exists (select 1 from user_role r where r.user_id = m.user_id and r.team_id = any(${teamIds}::int[]))
        or exists (select 1 from worker w where w.id = u.worker_id and w.team_id = any(${teamIds}::int[])))`
  const mine = db
    .selectFrom('mail as m')
    .innerJoin('userAccount as u', 'u.id', 'm.userId')
    .where('m.organisationId', '=', user.organisationId)
    .where(own)
  const { waiting, sentLastWeek } = await mine
    .select([
      sql<number>`count(*) filter (where m.state = 'waiting')::int`.as('waiting'),
      sql<number>`count(*) filter (where m.sent_at > ${new Date(now.getTime() - 7 * DAY_MS)})::int`.as(
        'sentLastWeek',
      ),
    ])
    .executeTakeFirstOrThrow()
  const failed = await mine
    .select(['m.id', 'u.name', 'u.email', 'm.attempts', 'm.error', 'm.createdAt'])
    .where('m.state', '=', 'failed')
    .orderBy('m.id', 'desc')
    .limit(200)
    .execute()
  return {
    configured: config.mail !== null,
    waiting,
    sentLastWeek,
    failed: failed.map(row => ({
      id: row.id,
      user: row.name,
      email: row.email,
      attempts: row.attempts,
      error: row.error ?? '',
      at: row.createdAt.toISOString(),
    })),
  }
}
